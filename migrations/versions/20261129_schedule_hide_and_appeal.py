"""schedule hide and appeal

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

BEFORE = "'draft', 'submitted', 'changes_requested', 'rejected'"
LESSONS = "state in ('unpublished', 'published', 'quarantined', 'archived')"
LESSONS_BEFORE = "state in ('unpublished', 'published', 'archived')"


def set_states(table, states):
    """Let a table know other states."""
    name = f'ck_{table}_state'
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(name), type_='check')
        batch_op.create_check_constraint(op.f(name), states)


def set_open(states):
    where = sa.text(f"state in ({states})")
    op.drop_index('uq_revisions_one_open', table_name='revisions')
    op.create_index(
        'uq_revisions_one_open', 'revisions', ['lesson_id'], unique=True, sqlite_where=where, postgresql_where=where
    )


def upgrade():
    set_states('lessons', LESSONS)
    set_states('revisions', f"state in ({BEFORE}, 'discarded', 'scheduled', 'published', 'superseded')")
    set_open(f"{BEFORE}, 'scheduled'")
    with op.batch_alter_table('reviews') as batch_op:
        batch_op.add_column(sa.Column('goes_live_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('appeal_of_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('appeal_text', sa.String(), nullable=False, server_default=''))
        batch_op.create_foreign_key(op.f('fk_reviews_appeal_of_id'), 'reviews', ['appeal_of_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_reviews_goes_live_at'), ['goes_live_at'], unique=False)
    appeal = sa.text('appeal_of_id is not null')
    op.create_index(
        'uq_reviews_one_appeal', 'reviews', ['revision_id'], unique=True, sqlite_where=appeal, postgresql_where=appeal
    )
    op.create_table('standing_acts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['people.id'], name=op.f('fk_standing_acts_actor_id')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_standing_acts_lesson_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_acts'))
    )
    op.create_index(op.f('ix_standing_acts_lesson_id'), 'standing_acts', ['lesson_id'], unique=False)


def downgrade():
    op.execute("UPDATE lessons SET state = 'archived' WHERE state = 'quarantined'")
    op.execute("UPDATE revisions SET state = 'discarded' WHERE state = 'scheduled'")
    op.drop_index(op.f('ix_standing_acts_lesson_id'), table_name='standing_acts')
    op.drop_table('standing_acts')
    op.drop_index('uq_reviews_one_appeal', table_name='reviews')
    with op.batch_alter_table('reviews') as batch_op:
        batch_op.drop_index(batch_op.f('ix_reviews_goes_live_at'))
        batch_op.drop_constraint(op.f('fk_reviews_appeal_of_id'), type_='foreignkey')
        batch_op.drop_column('appeal_text')
        batch_op.drop_column('appeal_of_id')
        batch_op.drop_column('goes_live_at')
    set_open(BEFORE)
    set_states('revisions', f"state in ({BEFORE}, 'discarded', 'published', 'superseded')")
    set_states('lessons', LESSONS_BEFORE)
