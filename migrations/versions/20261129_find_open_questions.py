"""find open questions of sets by lesson

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade():
    where = sa.text('answered_at is null')
    op.drop_index(op.f('ix_set_questions_lesson_id'), table_name='set_questions')
    op.create_index(
        'ix_set_questions_open', 'set_questions', ['lesson_id'], sqlite_where=where, postgresql_where=where
    )


def downgrade():
    op.drop_index('ix_set_questions_open', table_name='set_questions')
    op.create_index(op.f('ix_set_questions_lesson_id'), 'set_questions', ['lesson_id'])
