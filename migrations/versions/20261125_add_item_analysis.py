"""add item analysis

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('items', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(), nullable=False, server_default='active'))
        batch_op.create_check_constraint(op.f('ck_items_state'), "state in ('active', 'paused', 'retired')")

    with op.batch_alter_table('asked', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_left_out', sa.Boolean(), nullable=False, server_default=sa.false()))

    op.create_table('analysis_cursors',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fact_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_analysis_cursors'))
    )
    op.execute("INSERT INTO analysis_cursors (id, fact_id) VALUES (1, 0)")
    op.create_table('abilities',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('theta', sa.Double(), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_abilities_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'topic_id', name=op.f('pk_abilities'))
    )
    op.create_table('item_figures',
    sa.Column('meaning_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('difficulty', sa.Double(), nullable=False),
    sa.Column('rated', sa.Integer(), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.Column('pretests', sa.Integer(), nullable=False),
    sa.Column('pretests_right', sa.Integer(), nullable=False),
    sa.Column('seen', sa.Integer(), nullable=False),
    sa.Column('right', sa.Integer(), nullable=False),
    sa.Column('correlation', sa.Double(), nullable=True),
    sa.Column('median_seconds', sa.Double(), nullable=True),
    sa.Column('given', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_item_figures_item_id')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_item_figures_lesson_id')),
    sa.ForeignKeyConstraint(['meaning_id'], ['item_versions.id'], name=op.f('fk_item_figures_meaning_id')),
    sa.PrimaryKeyConstraint('meaning_id', name=op.f('pk_item_figures'))
    )
    with op.batch_alter_table('item_figures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_item_figures_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_item_figures_lesson_id'), ['lesson_id'], unique=False)

    op.create_table('first_answers',
    sa.Column('meaning_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('fact_id', sa.Integer(), nullable=False),
    sa.Column('theta', sa.Double(), nullable=False),
    sa.Column('is_right', sa.Boolean(), nullable=False),
    sa.Column('given', sa.String(), nullable=False),
    sa.Column('confidence', sa.String(), nullable=True),
    sa.Column('seconds', sa.Double(), nullable=True),
    sa.ForeignKeyConstraint(['meaning_id'], ['item_versions.id'], name=op.f('fk_first_answers_meaning_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_first_answers_person_id')),
    sa.PrimaryKeyConstraint('meaning_id', 'person_id', name=op.f('pk_first_answers'))
    )
    with op.batch_alter_table('first_answers', schema=None) as batch_op:
        batch_op.create_index('ix_first_answers_newest', ['meaning_id', 'fact_id'], unique=False)

    op.create_table('item_reports',
    sa.Column('meaning_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['meaning_id'], ['item_versions.id'], name=op.f('fk_item_reports_meaning_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_item_reports_person_id')),
    sa.PrimaryKeyConstraint('meaning_id', 'person_id', name=op.f('pk_item_reports'))
    )
    op.create_table('item_flags',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('meaning_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('flag', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("level in ('red', 'amber', 'info')", name=op.f('ck_item_flags_level')),
    sa.CheckConstraint("state in ('open', 'dismissed', 'retired', 'corrected', 'mended', 'passed')", name=op.f('ck_item_flags_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_item_flags_decided_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_item_flags_item_id')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_item_flags_lesson_id')),
    sa.ForeignKeyConstraint(['meaning_id'], ['item_versions.id'], name=op.f('fk_item_flags_meaning_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_flags'))
    )
    with op.batch_alter_table('item_flags', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_item_flags_item_id'), ['item_id'], unique=False)
        batch_op.create_index('ix_item_flags_lesson_state', ['lesson_id', 'state'], unique=False)
        batch_op.create_index('ix_item_flags_state_level', ['state', 'level'], unique=False)
        batch_op.create_index('uq_item_flags_one_open', ['meaning_id', 'flag'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))


def downgrade():
    for name in ('item_flags', 'item_reports', 'first_answers', 'item_figures', 'abilities', 'analysis_cursors'):
        op.drop_table(name)
    with op.batch_alter_table('asked', schema=None) as batch_op:
        batch_op.drop_column('is_left_out')

    with op.batch_alter_table('items', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_items_state'), type_='check')
        batch_op.drop_column('state')
