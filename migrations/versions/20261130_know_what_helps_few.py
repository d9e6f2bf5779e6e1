"""know which lessons help few so far

Revision: 0065
Follows: 0064

It is worked out the next night.
"""

import sqlalchemy as sa
from alembic import op

revision = '0065'
down_revision = '0064'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('lessons', sa.Column('helps_few', sa.Boolean(), server_default=sa.false(), nullable=False))
    few = sa.text('helps_few')
    op.create_index('ix_lessons_helps_few', 'lessons', ['id'], sqlite_where=few, postgresql_where=few)


def downgrade():
    op.drop_index('ix_lessons_helps_few', table_name='lessons')
    op.drop_column('lessons', 'helps_few')
