"""count hints

Revision: 0045
Follows: 0049

How many hints somebody opened before they answered. Of earlier answers nobody knows, and nothing is taken for them.
"""

import sqlalchemy as sa
from alembic import op

revision = '0045'
down_revision = '0049'
branch_labels = None
depends_on = None


def upgrade():
    for name in ('asked', 'set_questions'):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column('hints_seen', sa.Integer(), nullable=False, server_default='0'))


def downgrade():
    for name in ('set_questions', 'asked'):
        with op.batch_alter_table(name) as table:
            table.drop_column('hints_seen')
