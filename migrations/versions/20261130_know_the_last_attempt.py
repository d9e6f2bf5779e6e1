"""know the last attempt

Revision: 0053
Follows: 0052

After which attempt of a check or an exam nothing is left, so that its right answers may be told; of those that are there by the usual
numbers. Questions that mean the same are found by what they mean.
"""

import sqlalchemy as sa
from alembic import op

revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('attempts', sa.Column('is_last', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("update attempts set is_last = true where is_scored and mode = 'exam'")
    op.execute("update attempts set is_last = true where is_scored and mode = 'check' and number % 3 = 0")
    op.create_index('ix_item_versions_meaning', 'item_versions', ['meaning'])


def downgrade():
    op.drop_index('ix_item_versions_meaning', table_name='item_versions')
    op.drop_column('attempts', 'is_last')
