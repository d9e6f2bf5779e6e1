"""allow longer

Revision: 0050
Follows: 0045

How many minutes a curator allowed a lesson to take. No lesson was longer than all may be, so none was allowed more.
"""

import sqlalchemy as sa
from alembic import op

revision = '0050'
down_revision = '0045'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('lessons', sa.Column('minutes_allowed', sa.Integer(), nullable=False, server_default='0'))


def downgrade():
    op.drop_column('lessons', 'minutes_allowed')
