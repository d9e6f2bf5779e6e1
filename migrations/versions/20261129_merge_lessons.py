"""merge lessons

Revision: 0028
Follows: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'lesson_merges',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('lesson_id', sa.Integer(), nullable=False),
        sa.Column('into_id', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('lesson_version', sa.Integer(), nullable=False),
        sa.Column('into_revision_id', sa.Integer(), nullable=True),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_merges_lesson_id_lessons')),
        sa.ForeignKeyConstraint(['into_id'], ['lessons.id'], name=op.f('fk_lesson_merges_into_id_lessons')),
        sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_lesson_merges_by_id_people')),
        sa.ForeignKeyConstraint(
            ['into_revision_id'], ['revisions.id'], name=op.f('fk_lesson_merges_into_revision_id_revisions')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_merges')),
    )
    op.create_index(op.f('ix_lesson_merges_into_id'), 'lesson_merges', ['into_id'])
    op.create_index(
        'uq_lesson_merges_one',
        'lesson_merges',
        ['lesson_id'],
        unique=True,
        sqlite_where=sa.text('ended_at is null'),
        postgresql_where=sa.text('ended_at is null'),
    )


def downgrade():
    op.drop_table('lesson_merges')
