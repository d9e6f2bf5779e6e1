"""order lessons by what they are worth

Revision: 0044
Follows: 0043

What each is worth today is worked out the next night; until then its quality decides.
"""

import sqlalchemy as sa
from alembic import op

revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('lessons', sa.Column('worth', sa.Double(), server_default='0.8', nullable=False))
    op.execute('UPDATE lessons SET worth = 0.5 + quality / 200.0')
    op.create_index('ix_lessons_state_worth', 'lessons', ['state', 'worth', 'published_at'])


def downgrade():
    op.drop_index('ix_lessons_state_worth', table_name='lessons')
    op.drop_column('lessons', 'worth')
