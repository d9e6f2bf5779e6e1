"""keep the pace of first approvals, and count readers of a week

Revision: 0064
Follows: 0063

When the first of two curators approved is known from now on; of before it is not needed, since only a day counts.
"""

import sqlalchemy as sa
from alembic import op

revision = '0064'
down_revision = '0063'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('reviews', sa.Column('first_approved_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_reviews_first_approved', 'reviews', ['first_approved_by_id', 'first_approved_at'])
    op.create_index('ix_second_looks_decided', 'second_looks', ['decided_by_id', 'decided_at'])
    op.create_index('ix_readings_lesson', 'readings', ['lesson_id', 'started_at'])
    op.drop_index(op.f('ix_readings_lesson_id'), table_name='readings')


def downgrade():
    op.create_index(op.f('ix_readings_lesson_id'), 'readings', ['lesson_id'])
    op.drop_index('ix_readings_lesson', table_name='readings')
    op.drop_index('ix_second_looks_decided', table_name='second_looks')
    op.drop_index('ix_reviews_first_approved', table_name='reviews')
    op.drop_column('reviews', 'first_approved_at')
