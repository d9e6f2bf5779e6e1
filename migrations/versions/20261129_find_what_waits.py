"""find what waits for curators without looking through all there ever was

Revision: 0030
Follows: 0024
"""

from alembic import op

revision = '0030'
down_revision = '0024'
branch_labels = None
depends_on = None

def upgrade():
    op.create_index('ix_reviews_submitted_at', 'reviews', ['submitted_at'])
    op.create_index('ix_former_authors_person_id', 'former_authors', ['person_id'])


def downgrade():
    op.drop_index('ix_former_authors_person_id', 'former_authors')
    op.drop_index('ix_reviews_submitted_at', 'reviews')
