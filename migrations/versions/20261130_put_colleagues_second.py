"""put colleagues second

Revision: 0052
Follows: 0051

Since when a submission is open to curators who come second. What waits today stays open to all who could take it.
"""

import sqlalchemy as sa
from alembic import op

revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('reviews') as table:
        table.add_column(sa.Column('widened_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("update reviews set widened_at = submitted_at where state = 'open'")


def downgrade():
    with op.batch_alter_table('reviews') as table:
        table.drop_column('widened_at')
