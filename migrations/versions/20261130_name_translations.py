"""name what a lesson is a translation of

Revision: 0067
Follows: 0066

No lesson of before says so.
"""

import sqlalchemy as sa
from alembic import op

revision = '0067'
down_revision = '0066'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('lessons', sa.Column('translation_of', sa.String(), nullable=True))
    op.create_index(op.f('ix_lessons_translation_of'), 'lessons', ['translation_of'])


def downgrade():
    op.drop_index(op.f('ix_lessons_translation_of'), table_name='lessons')
    op.drop_column('lessons', 'translation_of')
