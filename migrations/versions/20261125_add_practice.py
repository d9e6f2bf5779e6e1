"""add practice

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('needed_topics',
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_needed_topics_team_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_needed_topics_topic_id')),
    sa.PrimaryKeyConstraint('team_id', 'topic_id', name=op.f('pk_needed_topics'))
    )
    op.create_table('daily_sets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_daily_sets_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_daily_sets')),
    sa.UniqueConstraint('person_id', 'day', 'number', name=op.f('uq_daily_sets_person_id_day_number'))
    )
    op.create_table('holdings',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('held', sa.Double(), nullable=False),
    sa.Column('coverage', sa.Double(), nullable=False),
    sa.Column('proven', sa.Double(), nullable=False),
    sa.Column('items', sa.Integer(), nullable=False),
    sa.Column('is_holder', sa.Boolean(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_holdings_person_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_holdings_topic_id')),
    sa.PrimaryKeyConstraint('person_id', 'topic_id', name=op.f('pk_holdings'))
    )
    with op.batch_alter_table('holdings', schema=None) as batch_op:
        batch_op.create_index('ix_holdings_topic', ['topic_id', 'is_holder'], unique=False)

    op.create_table('practice_choices',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('by_mail', sa.Boolean(), nullable=False),
    sa.Column('mailed_on', sa.Date(), nullable=True),
    sa.CheckConstraint('size between 3 and 10', name=op.f('ck_practice_choices_size')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_practice_choices_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_practice_choices'))
    )
    op.create_table('memories',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('stability', sa.Double(), nullable=False),
    sa.Column('difficulty', sa.Double(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=False),
    sa.Column('interval', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('reviews', sa.Integer(), nullable=False),
    sa.Column('passes', sa.Integer(), nullable=False),
    sa.Column('lapses', sa.Integer(), nullable=False),
    sa.Column('tiers', sa.Integer(), nullable=False),
    sa.Column('is_proven', sa.Boolean(), nullable=False),
    sa.Column('is_missed', sa.Boolean(), nullable=False),
    sa.CheckConstraint('rank between 0 and 4', name=op.f('ck_memories_rank')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_memories_item_id')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_memories_lesson_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_memories_person_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_memories_topic_id')),
    sa.ForeignKeyConstraint(['version_id'], ['item_versions.id'], name=op.f('fk_memories_version_id')),
    sa.PrimaryKeyConstraint('person_id', 'item_id', name=op.f('pk_memories')),
    sqlite_with_rowid=False,
    )
    with op.batch_alter_table('memories', schema=None) as batch_op:
        batch_op.create_index('ix_memories_due', ['person_id', 'rank', 'due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_memories_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_memories_lesson_id'), ['lesson_id'], unique=False)
        batch_op.create_index('ix_memories_topic', ['topic_id', 'person_id'], unique=False)

    op.create_table('set_questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('set_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.JSON(), nullable=True),
    sa.Column('confidence', sa.String(), nullable=True),
    sa.Column('mark', sa.Double(), nullable=True),
    sa.Column('seconds', sa.Double(), nullable=True),
    sa.Column('rapid_below', sa.Double(), nullable=False),
    sa.Column('quick_below', sa.Double(), nullable=False),
    sa.Column('is_right', sa.Boolean(), nullable=False),
    sa.Column('is_rapid', sa.Boolean(), nullable=False),
    sa.Column('spelling_asked', sa.Boolean(), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=True),
    sa.Column('predicted', sa.Double(), nullable=True),
    sa.Column('days_since', sa.Integer(), nullable=False),
    sa.Column('interval', sa.Integer(), nullable=False),
    sa.Column('saves', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind in ('due', 'stretch', 'early')", name=op.f('ck_set_questions_kind')),
    sa.CheckConstraint('(answered_at is null) = (mark is null)', name=op.f('ck_set_questions_answered_with_mark')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_set_questions_item_id')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_set_questions_lesson_id')),
    sa.ForeignKeyConstraint(['set_id'], ['daily_sets.id'], name=op.f('fk_set_questions_set_id')),
    sa.ForeignKeyConstraint(['version_id'], ['item_versions.id'], name=op.f('fk_set_questions_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_set_questions')),
    sa.UniqueConstraint('set_id', 'position', name=op.f('uq_set_questions_set_id_position'))
    )
    with op.batch_alter_table('set_questions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_set_questions_lesson_id'), ['lesson_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_set_questions_version_id'), ['version_id'], unique=False)

    with op.batch_alter_table('topics', schema=None) as batch_op:
        batch_op.add_column(sa.Column('importance', sa.String(), nullable=False, server_default='ordinary'))
        batch_op.create_check_constraint(op.f('ck_topics_importance'), "importance in ('critical', 'ordinary', 'optional')")


def downgrade():
    with op.batch_alter_table('topics', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_topics_importance'), type_='check')
        batch_op.drop_column('importance')

    with op.batch_alter_table('set_questions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_set_questions_version_id'))
        batch_op.drop_index(batch_op.f('ix_set_questions_lesson_id'))

    op.drop_table('set_questions')
    with op.batch_alter_table('memories', schema=None) as batch_op:
        batch_op.drop_index('ix_memories_topic')
        batch_op.drop_index(batch_op.f('ix_memories_lesson_id'))
        batch_op.drop_index(batch_op.f('ix_memories_item_id'))
        batch_op.drop_index('ix_memories_due')

    op.drop_table('memories')
    op.drop_table('practice_choices')
    with op.batch_alter_table('holdings', schema=None) as batch_op:
        batch_op.drop_index('ix_holdings_topic')

    op.drop_table('holdings')
    op.drop_table('daily_sets')
    op.drop_table('needed_topics')
