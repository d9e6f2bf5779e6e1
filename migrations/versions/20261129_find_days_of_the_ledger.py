"""find days of the ledger

Revision: 0008
Follows: 0007
"""

from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_ledger_day', 'ledger', ['day'])


def downgrade():
    op.drop_index('ix_ledger_day', table_name='ledger')
