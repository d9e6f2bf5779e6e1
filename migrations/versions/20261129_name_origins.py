"""name origins

Revision: 0019
Follows: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'lesson_origins',
        sa.Column('lesson_id', sa.Integer(), nullable=False),
        sa.Column('origin_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_origins_lesson_id_lessons')),
        sa.ForeignKeyConstraint(['origin_id'], ['lessons.id'], name=op.f('fk_lesson_origins_origin_id_lessons')),
        sa.PrimaryKeyConstraint('lesson_id', name=op.f('pk_lesson_origins')),
    )
    op.create_index(op.f('ix_lesson_origins_origin_id'), 'lesson_origins', ['origin_id'])


def downgrade():
    op.drop_table('lesson_origins')
