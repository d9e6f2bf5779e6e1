"""tell what was told

Revision: 0059
Follows: 0058

Which questions of an attempt practice had told before, and whether its pass rests on them. Of earlier attempts nobody says so.
"""

import sqlalchemy as sa
from alembic import op

revision = '0059'
down_revision = '0058'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('attempts', sa.Column('rests_on_told', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('asked', sa.Column('is_told', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    op.drop_column('asked', 'is_told')
    op.drop_column('attempts', 'rests_on_told')
