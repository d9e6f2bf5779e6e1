"""add suggestions

Revision: 0017
Follows: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade():
    op.create_table(
        'suggestions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('lesson_id', sa.Integer(), nullable=False),
        sa.Column('revision_id', sa.Integer(), nullable=False),
        sa.Column('place', sa.String(), nullable=False),
        sa.Column('old', sa.String(), nullable=False),
        sa.Column('new', sa.String(), nullable=False),
        sa.Column('why', sa.String(), nullable=False),
        sa.Column('suggester_id', sa.Integer(), nullable=False),
        sa.Column('is_named', sa.Boolean(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('accepted_into_id', sa.Integer(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('saves', sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'accepted', 'declined', 'withdrawn')", name=op.f('ck_suggestions_state')
        ),
        sa.CheckConstraint(
            "(state in ('accepted', 'declined')) = (decided_by_id is not null)",
            name=op.f('ck_suggestions_decided_by_someone'),
        ),
        sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_suggestions_lesson_id_lessons')),
        sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_suggestions_revision_id_revisions')),
        sa.ForeignKeyConstraint(
            ['accepted_into_id'], ['revisions.id'], name=op.f('fk_suggestions_accepted_into_id_revisions')
        ),
        sa.ForeignKeyConstraint(['suggester_id'], ['people.id'], name=op.f('fk_suggestions_suggester_id_people')),
        sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_suggestions_decided_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestions')),
    )
    op.create_index(
        'uq_suggestions_waiting', 'suggestions', ['suggester_id', 'lesson_id', 'place'],
        unique=True, sqlite_where=OPEN, postgresql_where=OPEN,
    )
    op.create_index('ix_suggestions_lesson', 'suggestions', ['lesson_id', 'state'])
    op.create_index('ix_suggestions_decided', 'suggestions', ['suggester_id', 'decided_by_id', 'decided_at'])
    op.create_table(
        'lesson_helpers',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('lesson_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('is_named', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_helpers_lesson_id_lessons')),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_lesson_helpers_person_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_helpers')),
        sa.UniqueConstraint('lesson_id', 'person_id', name=op.f('uq_lesson_helpers_lesson_id_person_id')),
    )


def downgrade():
    op.drop_table('lesson_helpers')
    op.drop_table('suggestions')
