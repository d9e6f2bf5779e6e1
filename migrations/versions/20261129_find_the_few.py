"""find the few

Revision: 0034
Follows: 0033

The lessons that are not for all are few: an index of only them takes the place of one of all lessons.
"""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None

FOR_SOME = sa.text("classification in ('confidential', 'restricted')")


def upgrade():
    op.drop_index('ix_lessons_classification', 'lessons')
    op.create_index('ix_lessons_for_some', 'lessons', ['id'], sqlite_where=FOR_SOME, postgresql_where=FOR_SOME)


def downgrade():
    op.drop_index('ix_lessons_for_some', 'lessons')
    op.create_index('ix_lessons_classification', 'lessons', ['classification'])
