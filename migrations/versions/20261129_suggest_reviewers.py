"""suggest reviewers

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

SUGGESTED = sa.text("part = 'curator' and state = 'open'")


def upgrade():
    op.create_table(
        'assignments',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('review_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('part', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("part in ('curator', 'peer')", name=op.f('ck_assignments_part')),
        sa.CheckConstraint("state in ('open', 'done', 'declined', 'lapsed')", name=op.f('ck_assignments_state')),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_assignments_person_id_people')),
        sa.ForeignKeyConstraint(['review_id'], ['reviews.id'], name=op.f('fk_assignments_review_id_reviews')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_assignments')),
        sa.UniqueConstraint('review_id', 'person_id', 'part', name=op.f('uq_assignments_review_id_person_id_part')),
    )
    op.create_index(
        'uq_assignments_one_curator', 'assignments', ['review_id'],
        unique=True, sqlite_where=SUGGESTED, postgresql_where=SUGGESTED,
    )
    op.create_index('ix_assignments_person', 'assignments', ['person_id', 'part', 'state'])


def downgrade():
    op.drop_table('assignments')
