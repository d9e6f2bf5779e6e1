"""hand up reviews

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('reviews') as batch_op:
        batch_op.add_column(sa.Column('handed_up_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_reviews_decided', 'reviews', ['decided_by_id', 'decided_at'])


def downgrade():
    op.drop_index('ix_reviews_decided', table_name='reviews')
    with op.batch_alter_table('reviews') as batch_op:
        batch_op.drop_column('handed_up_at')
