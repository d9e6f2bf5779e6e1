"""weigh reports

Revision: 0026
Follows: 0025

How much a reader's word weighed when they reported something that may hide a lesson. Reports that are there weigh nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('reports') as table:
        table.add_column(sa.Column('weight', sa.Double(), nullable=False, server_default='0'))


def downgrade():
    with op.batch_alter_table('reports') as table:
        table.drop_column('weight')
