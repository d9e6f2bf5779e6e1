"""keep model months

Revision: 0051
Follows: 0050

What the memory model expected of each month, and what was recalled. The months that are there already are looked at by
the application itself, as any other.
"""

import sqlalchemy as sa
from alembic import op

revision = '0051'
down_revision = '0050'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'model_months',
        sa.Column('month', sa.Date(), nullable=False),
        sa.Column('log_loss', sa.Double(), nullable=True),
        sa.Column('buckets', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('month', name=op.f('pk_model_months')),
    )


def downgrade():
    op.drop_table('model_months')
