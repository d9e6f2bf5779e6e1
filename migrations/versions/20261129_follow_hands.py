"""follow hands

Revision: 0032
Follows: 0026

Whose the words of a draft are, where several people write it, and whether the shares of its authors were chosen. Whoever
shares the credit for a lesson today keeps the shares that they see today.
"""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('revisions', sa.Column('hands', sa.JSON(), nullable=True))
    op.add_column('lesson_authors', sa.Column('is_chosen', sa.Boolean(), nullable=False, server_default=sa.false()))
    authors = sa.table('lesson_authors', sa.column('lesson_id', sa.Integer()), sa.column('is_chosen', sa.Boolean()))
    shared = sa.select(authors.c.lesson_id).group_by(authors.c.lesson_id).having(sa.func.count() > 1)
    op.execute(sa.update(authors).where(authors.c.lesson_id.in_(shared)).values(is_chosen=True))


def downgrade():
    op.drop_column('lesson_authors', 'is_chosen')
    op.drop_column('revisions', 'hands')
