"""let people be forgotten

Revision: 0069
Follows: 0068

When somebody asked to be erased, and when they were.
"""

import sqlalchemy as sa
from alembic import op

revision = '0069'
down_revision = '0068'
branch_labels = None
depends_on = None

COLUMNS = ('erasure_asked_at', 'erased_at')


def upgrade():
    for name in COLUMNS:
        op.add_column('people', sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade():
    for name in COLUMNS:
        op.drop_column('people', name)
