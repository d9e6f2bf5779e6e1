"""add up requests

Revision: 0070
Follows: 0069

How many requests were answered in each five minutes, for the page that says how this instance runs.
"""

import sqlalchemy as sa
from alembic import op

revision = '0070'
down_revision = '0069'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'request_sums',
        sa.Column('begins_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('requests', sa.Integer(), nullable=False),
        sa.Column('failed', sa.Integer(), nullable=False),
        sa.Column('milliseconds', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('begins_at', name='pk_request_sums'),
    )


def downgrade():
    op.drop_table('request_sums')
