"""let a set know whether the answers before it were better than guesses

Revision: 0049
Follows: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = '0049'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('daily_sets', sa.Column('beats_guessing', sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade():
    op.drop_column('daily_sets', 'beats_guessing')
