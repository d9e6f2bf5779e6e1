"""create the house

Revision: 0001
Follows: 
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

SQLITE_UP = (
    """CREATE VIRTUAL TABLE search_documents USING fts5(
    lesson_id UNINDEXED, title, summary, body, questions, shown_summary UNINDEXED, shown_body UNINDEXED,
    prefix='2 3 4', tokenize='unicode61 remove_diacritics 0'
)""",
    """CREATE TRIGGER ledger_no_update BEFORE update ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger is only added to'); END""",
    """CREATE TRIGGER ledger_no_delete BEFORE delete ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger is only added to'); END""",
    """CREATE TRIGGER facts_no_update BEFORE update ON facts
BEGIN SELECT RAISE(ABORT, 'facts is only added to'); END""",
    """CREATE TRIGGER facts_no_delete BEFORE delete ON facts
BEGIN SELECT RAISE(ABORT, 'facts is only added to'); END""",
)
SQLITE_DOWN = (
    """DROP TRIGGER IF EXISTS ledger_no_update""",
    """DROP TRIGGER IF EXISTS ledger_no_delete""",
    """DROP TRIGGER IF EXISTS facts_no_update""",
    """DROP TRIGGER IF EXISTS facts_no_delete""",
    """DROP TABLE search_documents""",
)
POSTGRESQL_UP = (
    """ALTER TABLE lessons ADD CONSTRAINT fk_lessons_published_id FOREIGN KEY (published_id) REFERENCES revisions (id)""",
    """CREATE TABLE search_documents (
    lesson_id INTEGER NOT NULL CONSTRAINT pk_search_documents PRIMARY KEY,
    shown_summary TEXT NOT NULL, shown_body TEXT NOT NULL, document TSVECTOR NOT NULL
)""",
    """CREATE INDEX ix_search_documents_document ON search_documents USING gin (document)""",
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER ledger_no_update BEFORE update ON ledger
FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER ledger_no_delete BEFORE delete ON ledger
FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER ledger_no_truncate BEFORE truncate ON ledger
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER facts_no_update BEFORE update ON facts
FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER facts_no_delete BEFORE delete ON facts
FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER facts_no_truncate BEFORE truncate ON facts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)
POSTGRESQL_DOWN = (
    """DROP TRIGGER IF EXISTS ledger_no_update ON ledger""",
    """DROP TRIGGER IF EXISTS ledger_no_delete ON ledger""",
    """DROP TRIGGER IF EXISTS ledger_no_truncate ON ledger""",
    """DROP TRIGGER IF EXISTS facts_no_update ON facts""",
    """DROP TRIGGER IF EXISTS facts_no_delete ON facts""",
    """DROP TRIGGER IF EXISTS facts_no_truncate ON facts""",
    """DROP FUNCTION refuse_change()""",
    """DROP TABLE search_documents""",
    """ALTER TABLE lessons DROP CONSTRAINT fk_lessons_published_id""",
)


def run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    """What each database needs beyond tables: full text, and guards of what is only added to."""
    connection = op.get_bind()
    for statement in sqlite if connection.dialect.name == "sqlite" else postgresql:
        connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement)


def upgrade() -> None:
    op.create_table('facts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_facts'))
    )
    with op.batch_alter_table('facts', schema=None) as batch_op:
        batch_op.create_index('ix_facts_actor_type_day', ['actor_id', 'type', 'day'], unique=False)
        batch_op.create_index('ix_facts_type_id', ['type', 'id'], unique=False)

    op.create_table('items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_items')),
    sa.UniqueConstraint('uid', name=op.f('uq_items_uid'))
    )
    op.create_table('quizzes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quizzes'))
    )
    op.create_table('teams',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_key', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_teams')),
    sa.UniqueConstraint('name_key', name=op.f('uq_teams_name_key')),
    sa.UniqueConstraint('slug', name=op.f('uq_teams_slug'))
    )
    op.create_table('topics',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_key', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('icon', sa.String(), nullable=False),
    sa.Column('hue', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topics')),
    sa.UniqueConstraint('name_key', name=op.f('uq_topics_name_key')),
    sa.UniqueConstraint('slug', name=op.f('uq_topics_slug'))
    )
    op.create_table('item_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('meaning', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('html', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_item_versions_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_versions')),
    sa.UniqueConstraint('item_id', 'digest', name=op.f('uq_item_versions_item_id_digest'))
    )
    op.create_table('people',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('email_key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('timezone', sa.String(), nullable=False),
    sa.Column('next_timezone', sa.String(), nullable=True),
    sa.Column('next_timezone_from', sa.Date(), nullable=True),
    sa.Column('work_days', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('board_mode', sa.String(), nullable=False),
    sa.Column('alias', sa.String(), nullable=True),
    sa.Column('alias_key', sa.String(), nullable=True),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("board_mode != 'alias' or alias is not null", name=op.f('ck_people_alias_given')),
    sa.CheckConstraint("board_mode in ('hidden', 'alias', 'named')", name=op.f('ck_people_board_mode')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_people_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('alias_key', name=op.f('uq_people_alias_key')),
    sa.UniqueConstraint('email_key', name=op.f('uq_people_email_key'))
    )
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_team_id'), ['team_id'], unique=False)

    op.create_table('awards',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('badge', sa.String(), nullable=False),
    sa.Column('tier', sa.Integer(), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fact_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('tier between 1 and 3', name=op.f('ck_awards_tier')),
    sa.ForeignKeyConstraint(['fact_id'], ['facts.id'], name=op.f('fk_awards_fact_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_awards_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_awards')),
    sa.UniqueConstraint('person_id', 'badge', 'tier', name=op.f('uq_awards_person_id_badge_tier'))
    )
    op.create_table('grants',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('scope_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("role in ('curator', 'lead', 'admin', 'auditor')", name=op.f('ck_grants_role')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_grants_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grants')),
    sa.UniqueConstraint('person_id', 'role', 'scope_id', name=op.f('uq_grants_person_id_role_scope_id'))
    )
    op.create_table('held_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('track', sa.String(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('is_workday', sa.Boolean(), nullable=False),
    sa.Column('fact_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state in ('pending', 'released', 'refused')", name=op.f('ck_held_entries_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_held_entries_decided_by_id')),
    sa.ForeignKeyConstraint(['fact_id'], ['facts.id'], name=op.f('fk_held_entries_fact_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_held_entries_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_held_entries')),
    sa.UniqueConstraint('person_id', 'rule', 'source', name=op.f('uq_held_entries_person_id_rule_source'))
    )
    with op.batch_alter_table('held_entries', schema=None) as batch_op:
        batch_op.create_index('ix_held_entries_state', ['state', 'id'], unique=False)

    op.create_table('ledger',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('track', sa.String(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('entry_no', sa.Integer(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('is_workday', sa.Boolean(), nullable=False),
    sa.Column('fact_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('reverses_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("track in ('xp', 'ip')", name=op.f('ck_ledger_track')),
    sa.CheckConstraint('(reverses_id is null) or (amount <= 0)', name=op.f('ck_ledger_reversal_takes')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_ledger_by_id')),
    sa.ForeignKeyConstraint(['fact_id'], ['facts.id'], name=op.f('fk_ledger_fact_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_ledger_person_id')),
    sa.ForeignKeyConstraint(['reverses_id'], ['ledger.id'], name=op.f('fk_ledger_reverses_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger')),
    sa.UniqueConstraint('person_id', 'rule', 'source', 'entry_no', name=op.f('uq_ledger_person_id_rule_source_entry_no'))
    )
    with op.batch_alter_table('ledger', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_person_day', ['person_id', 'day'], unique=False)

    op.create_table('lessons',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('summary', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('major', sa.Integer(), nullable=False),
    sa.Column('published_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state in ('unpublished', 'published', 'archived')", name=op.f('ck_lessons_state')),
    sa.ForeignKeyConstraint(['owner_id'], ['people.id'], name=op.f('fk_lessons_owner_id')),
    sa.ForeignKeyConstraint(['published_id'], ['revisions.id'], name='fk_lessons_published_id', use_alter=True),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_lessons_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lessons')),
    sa.UniqueConstraint('slug', name=op.f('uq_lessons_slug')),
    sa.UniqueConstraint('uid', name=op.f('uq_lessons_uid'))
    )
    with op.batch_alter_table('lessons', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lessons_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_lessons_state_published', ['state', 'published_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_lessons_topic_id'), ['topic_id'], unique=False)

    op.create_table('links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('key_hash', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose in ('reset', 'invitation')", name=op.f('ck_links_purpose')),
    sa.ForeignKeyConstraint(['created_by_id'], ['people.id'], name=op.f('fk_links_created_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_links_person_id')),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_links_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_links')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_links_key_hash'))
    )
    with op.batch_alter_table('links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_links_person_id'), ['person_id'], unique=False)

    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_notices_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('person_id', 'kind', 'source', name=op.f('uq_notices_person_id_kind_source'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index('ix_notices_person_unread', ['person_id', 'read_at', 'id'], unique=False)

    op.create_table('point_sums',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(), nullable=False),
    sa.Column('xp', sa.Integer(), nullable=False),
    sa.Column('ip', sa.Integer(), nullable=False),
    sa.Column('work_xp', sa.Integer(), nullable=False),
    sa.Column('work_ip', sa.Integer(), nullable=False),
    sa.Column('active_days', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_point_sums_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'period', name=op.f('pk_point_sums'))
    )
    with op.batch_alter_table('point_sums', schema=None) as batch_op:
        batch_op.create_index('ix_point_sums_period', ['period'], unique=False)

    op.create_table('quiz_items',
    sa.Column('quiz_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['quiz_id'], ['quizzes.id'], name=op.f('fk_quiz_items_quiz_id')),
    sa.ForeignKeyConstraint(['version_id'], ['item_versions.id'], name=op.f('fk_quiz_items_version_id')),
    sa.PrimaryKeyConstraint('quiz_id', 'position', name=op.f('pk_quiz_items'))
    )
    with op.batch_alter_table('quiz_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quiz_items_version_id'), ['version_id'], unique=False)

    op.create_table('sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key_hash', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_sessions_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_sessions_key_hash'))
    )
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sessions_person_id'), ['person_id'], unique=False)

    op.create_table('former_authors',
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_former_authors_lesson_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_former_authors_person_id')),
    sa.PrimaryKeyConstraint('lesson_id', 'person_id', name=op.f('pk_former_authors'))
    )
    op.create_table('former_slugs',
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_former_slugs_lesson_id')),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_former_slugs'))
    )
    op.create_table('lesson_authors',
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('share', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_authors_lesson_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_lesson_authors_person_id')),
    sa.PrimaryKeyConstraint('lesson_id', 'person_id', name=op.f('pk_lesson_authors'))
    )
    with op.batch_alter_table('lesson_authors', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lesson_authors_person_id'), ['person_id'], unique=False)

    op.create_table('lesson_topics',
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_topics_lesson_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_lesson_topics_topic_id')),
    sa.PrimaryKeyConstraint('lesson_id', 'topic_id', name=op.f('pk_lesson_topics'))
    )
    with op.batch_alter_table('lesson_topics', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lesson_topics_topic_id'), ['topic_id'], unique=False)

    op.create_table('pictures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_pictures_lesson_id')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['people.id'], name=op.f('fk_pictures_uploaded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pictures')),
    sa.UniqueConstraint('lesson_id', 'digest', name=op.f('uq_pictures_lesson_id_digest'))
    )
    with op.batch_alter_table('pictures', schema=None) as batch_op:
        batch_op.create_index('ix_pictures_digest', ['digest'], unique=False)

    op.create_table('revisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=True),
    sa.Column('writer_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('summary', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('minutes', sa.Double(), nullable=False),
    sa.Column('words', sa.Integer(), nullable=False),
    sa.Column('is_major', sa.Boolean(), nullable=False),
    sa.Column('cards', sa.JSON(), nullable=False),
    sa.Column('extras', sa.JSON(), nullable=False),
    sa.Column('renderer', sa.Integer(), nullable=False),
    sa.Column('quiz_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state in ('draft', 'submitted', 'changes_requested', 'rejected', 'discarded', 'published', 'superseded')", name=op.f('ck_revisions_state')),
    sa.ForeignKeyConstraint(['base_id'], ['revisions.id'], name=op.f('fk_revisions_base_id')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_revisions_lesson_id')),
    sa.ForeignKeyConstraint(['quiz_id'], ['quizzes.id'], name=op.f('fk_revisions_quiz_id')),
    sa.ForeignKeyConstraint(['writer_id'], ['people.id'], name=op.f('fk_revisions_writer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revisions')),
    sa.UniqueConstraint('lesson_id', 'number', name=op.f('uq_revisions_lesson_id_number'))
    )
    with op.batch_alter_table('revisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_revisions_writer_id'), ['writer_id'], unique=False)
        batch_op.create_index('uq_revisions_one_open', ['lesson_id'], unique=True, sqlite_where=sa.text("state in ('draft', 'submitted', 'changes_requested', 'rejected')"), postgresql_where=sa.text("state in ('draft', 'submitted', 'changes_requested', 'rejected')"))
        batch_op.create_index('uq_revisions_one_published', ['lesson_id'], unique=True, sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))

    op.create_table('attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('major', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('carried', sa.Integer(), nullable=False),
    sa.Column('right', sa.Integer(), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('is_scored', sa.Boolean(), nullable=False),
    sa.Column('is_passed', sa.Boolean(), nullable=False),
    sa.Column('saves', sa.Integer(), nullable=False),
    sa.CheckConstraint("state in ('open', 'finished', 'left')", name=op.f('ck_attempts_state')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_attempts_lesson_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_attempts_person_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_attempts_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts')),
    sa.UniqueConstraint('person_id', 'lesson_id', 'major', 'number', name=op.f('uq_attempts_person_id_lesson_id_major_number'))
    )
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.create_index('ix_attempts_finished_at', ['finished_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_attempts_lesson_id'), ['lesson_id'], unique=False)
        batch_op.create_index('uq_attempts_one_open', ['person_id', 'lesson_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.create_index('uq_attempts_one_pass', ['person_id', 'lesson_id', 'major'], unique=True, sqlite_where=sa.text('is_passed'), postgresql_where=sa.text('is_passed'))

    op.create_table('reactions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_reactions_lesson_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_reactions_person_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_reactions_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reactions')),
    sa.UniqueConstraint('lesson_id', 'person_id', 'kind', name=op.f('uq_reactions_lesson_id_person_id_kind'))
    )
    with op.batch_alter_table('reactions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reactions_person_id'), ['person_id'], unique=False)

    op.create_table('readings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('card', sa.Integer(), nullable=False),
    sa.Column('seen', sa.JSON(), nullable=False),
    sa.Column('pretest_version_id', sa.Integer(), nullable=True),
    sa.Column('pretest_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pretest_answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pretest_answer', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_readings_lesson_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_readings_person_id')),
    sa.ForeignKeyConstraint(['pretest_version_id'], ['item_versions.id'], name=op.f('fk_readings_pretest_version_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_readings_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_readings')),
    sa.UniqueConstraint('person_id', 'revision_id', name=op.f('uq_readings_person_id_revision_id'))
    )
    with op.batch_alter_table('readings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_readings_lesson_id'), ['lesson_id'], unique=False)

    op.create_table('reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('card', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('html', sa.String(), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=False),
    sa.Column('hide_name', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state in ('open', 'upheld', 'declined')", name=op.f('ck_reports_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_reports_decided_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_reports_item_id')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_reports_lesson_id')),
    sa.ForeignKeyConstraint(['reporter_id'], ['people.id'], name=op.f('fk_reports_reporter_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_reports_revision_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_reports_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports'))
    )
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_lesson_id'), ['lesson_id'], unique=False)
        batch_op.create_index('ix_reports_queue', ['state', 'topic_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reports_reporter_id'), ['reporter_id'], unique=False)

    op.create_table('reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('submitted_by_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_by_id', sa.Integer(), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_right_id', sa.Integer(), nullable=True),
    sa.Column('first_right_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('similarity', sa.Double(), nullable=False),
    sa.Column('similar_id', sa.Integer(), nullable=True),
    sa.Column('hints', sa.Integer(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('reason_text', sa.String(), nullable=False),
    sa.Column('rubric', sa.JSON(), nullable=True),
    sa.Column('checklist', sa.JSON(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state in ('open', 'withdrawn')) = (decided_by_id is null)", name=op.f('ck_reviews_decided_by_someone')),
    sa.CheckConstraint("state in ('open', 'approved', 'changes_requested', 'rejected', 'withdrawn')", name=op.f('ck_reviews_state')),
    sa.ForeignKeyConstraint(['claimed_by_id'], ['people.id'], name=op.f('fk_reviews_claimed_by_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_reviews_decided_by_id')),
    sa.ForeignKeyConstraint(['first_right_id'], ['people.id'], name=op.f('fk_reviews_first_right_id')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_reviews_lesson_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_reviews_revision_id')),
    sa.ForeignKeyConstraint(['similar_id'], ['lessons.id'], name=op.f('fk_reviews_similar_id')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['people.id'], name=op.f('fk_reviews_submitted_by_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_reviews_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews')),
    sa.UniqueConstraint('revision_id', 'round', name=op.f('uq_reviews_revision_id_round'))
    )
    with op.batch_alter_table('reviews', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reviews_lesson_id'), ['lesson_id'], unique=False)
        batch_op.create_index('ix_reviews_queue', ['state', 'due_at', 'submitted_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reviews_submitted_by_id'), ['submitted_by_id'], unique=False)
        batch_op.create_index('uq_reviews_one_open', ['revision_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('asked',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.JSON(), nullable=True),
    sa.Column('confidence', sa.String(), nullable=True),
    sa.Column('mark', sa.Double(), nullable=True),
    sa.Column('seconds', sa.Double(), nullable=True),
    sa.Column('rapid_below', sa.Double(), nullable=False),
    sa.Column('is_right', sa.Boolean(), nullable=False),
    sa.Column('is_rapid', sa.Boolean(), nullable=False),
    sa.Column('spelling_asked', sa.Boolean(), nullable=False),
    sa.Column('saves', sa.Integer(), nullable=False),
    sa.CheckConstraint('(answered_at is null) = (mark is null)', name=op.f('ck_asked_answered_with_mark')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_asked_attempt_id')),
    sa.ForeignKeyConstraint(['version_id'], ['item_versions.id'], name=op.f('fk_asked_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asked')),
    sa.UniqueConstraint('attempt_id', 'position', name=op.f('uq_asked_attempt_id_position'))
    )
    with op.batch_alter_table('asked', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_asked_version_id'), ['version_id'], unique=False)

    op.create_table('remarks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('severity', sa.String(), nullable=False),
    sa.Column('line_from', sa.Integer(), nullable=True),
    sa.Column('line_to', sa.Integer(), nullable=True),
    sa.Column('question_uid', sa.String(), nullable=True),
    sa.Column('quoted', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('html', sa.String(), nullable=False),
    sa.Column('replacement', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reply', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("severity != 'suggestion' or replacement is not null", name=op.f('ck_remarks_suggestion_replaces')),
    sa.CheckConstraint("severity in ('note', 'suggestion', 'blocking')", name=op.f('ck_remarks_severity')),
    sa.CheckConstraint("state in ('open', 'accepted', 'done')", name=op.f('ck_remarks_state')),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_remarks_author_id')),
    sa.ForeignKeyConstraint(['review_id'], ['reviews.id'], name=op.f('fk_remarks_review_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_remarks_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remarks'))
    )
    with op.batch_alter_table('remarks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_remarks_review_id'), ['review_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_remarks_revision_id'), ['revision_id'], unique=False)

    op.create_table('review_acts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(), nullable=False),
    sa.Column('remark_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['people.id'], name=op.f('fk_review_acts_actor_id')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_review_acts_lesson_id')),
    sa.ForeignKeyConstraint(['remark_id'], ['remarks.id'], name=op.f('fk_review_acts_remark_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['review_id'], ['reviews.id'], name=op.f('fk_review_acts_review_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_acts'))
    )
    with op.batch_alter_table('review_acts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_acts_lesson_id'), ['lesson_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_acts_review_id'), ['review_id'], unique=False)

    run(SQLITE_UP, POSTGRESQL_UP)


def downgrade() -> None:
    run(SQLITE_DOWN, POSTGRESQL_DOWN)
    with op.batch_alter_table('review_acts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_acts_review_id'))
        batch_op.drop_index(batch_op.f('ix_review_acts_lesson_id'))

    op.drop_table('review_acts')
    with op.batch_alter_table('remarks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_remarks_revision_id'))
        batch_op.drop_index(batch_op.f('ix_remarks_review_id'))

    op.drop_table('remarks')
    with op.batch_alter_table('asked', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_asked_version_id'))

    op.drop_table('asked')
    with op.batch_alter_table('reviews', schema=None) as batch_op:
        batch_op.drop_index('uq_reviews_one_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_reviews_submitted_by_id'))
        batch_op.drop_index('ix_reviews_queue')
        batch_op.drop_index(batch_op.f('ix_reviews_lesson_id'))

    op.drop_table('reviews')
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reports_reporter_id'))
        batch_op.drop_index('ix_reports_queue')
        batch_op.drop_index(batch_op.f('ix_reports_lesson_id'))

    op.drop_table('reports')
    with op.batch_alter_table('readings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_readings_lesson_id'))

    op.drop_table('readings')
    with op.batch_alter_table('reactions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reactions_person_id'))

    op.drop_table('reactions')
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_index('uq_attempts_one_pass', sqlite_where=sa.text('is_passed'), postgresql_where=sa.text('is_passed'))
        batch_op.drop_index('uq_attempts_one_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_attempts_lesson_id'))
        batch_op.drop_index('ix_attempts_finished_at')

    op.drop_table('attempts')
    with op.batch_alter_table('revisions', schema=None) as batch_op:
        batch_op.drop_index('uq_revisions_one_published', sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))
        batch_op.drop_index('uq_revisions_one_open', sqlite_where=sa.text("state in ('draft', 'submitted', 'changes_requested', 'rejected')"), postgresql_where=sa.text("state in ('draft', 'submitted', 'changes_requested', 'rejected')"))
        batch_op.drop_index(batch_op.f('ix_revisions_writer_id'))

    op.drop_table('revisions')
    with op.batch_alter_table('pictures', schema=None) as batch_op:
        batch_op.drop_index('ix_pictures_digest')

    op.drop_table('pictures')
    with op.batch_alter_table('lesson_topics', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lesson_topics_topic_id'))

    op.drop_table('lesson_topics')
    with op.batch_alter_table('lesson_authors', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lesson_authors_person_id'))

    op.drop_table('lesson_authors')
    op.drop_table('former_slugs')
    op.drop_table('former_authors')
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sessions_person_id'))

    op.drop_table('sessions')
    with op.batch_alter_table('quiz_items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quiz_items_version_id'))

    op.drop_table('quiz_items')
    with op.batch_alter_table('point_sums', schema=None) as batch_op:
        batch_op.drop_index('ix_point_sums_period')

    op.drop_table('point_sums')
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_index('ix_notices_person_unread')

    op.drop_table('notices')
    with op.batch_alter_table('links', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_links_person_id'))

    op.drop_table('links')
    with op.batch_alter_table('lessons', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lessons_topic_id'))
        batch_op.drop_index('ix_lessons_state_published')
        batch_op.drop_index(batch_op.f('ix_lessons_owner_id'))

    op.drop_table('lessons')
    with op.batch_alter_table('ledger', schema=None) as batch_op:
        batch_op.drop_index('ix_ledger_person_day')

    op.drop_table('ledger')
    with op.batch_alter_table('held_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_held_entries_state')

    op.drop_table('held_entries')
    op.drop_table('grants')
    op.drop_table('awards')
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_team_id'))

    op.drop_table('people')
    op.drop_table('item_versions')
    op.drop_table('topics')
    op.drop_table('teams')
    op.drop_table('quizzes')
    op.drop_table('items')
    with op.batch_alter_table('facts', schema=None) as batch_op:
        batch_op.drop_index('ix_facts_type_id')
        batch_op.drop_index('ix_facts_actor_type_day')

    op.drop_table('facts')
