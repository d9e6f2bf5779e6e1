"""rate lessons

Revision: 0023
Follows: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

UNKNOWN = '61'


def upgrade():
    op.add_column('lessons', sa.Column('quality', sa.Double(), nullable=False, server_default=UNKNOWN))


def downgrade():
    op.drop_column('lessons', 'quality')
