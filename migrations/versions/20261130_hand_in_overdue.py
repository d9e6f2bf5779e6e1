"""hand in what is over

Revision: 0055
Follows: 0054

Attempts whose time is over are looked for every minute: an index that has only those with a time knows them.
"""

import sqlalchemy as sa
from alembic import op

revision = '0055'
down_revision = '0054'
branch_labels = None
depends_on = None

TIMED = sa.text("state = 'open' and due_at is not null")


def upgrade():
    op.create_index('ix_attempts_due_at', 'attempts', ['due_at'], sqlite_where=TIMED, postgresql_where=TIMED)


def downgrade():
    op.drop_index('ix_attempts_due_at', table_name='attempts')
