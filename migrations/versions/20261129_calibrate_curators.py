"""calibrate curators

Revision: 0020
Follows: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'calibrations',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('review_id', sa.Integer(), nullable=False),
        sa.Column('rubric', sa.JSON(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_calibrations_person_id_people')),
        sa.ForeignKeyConstraint(['review_id'], ['reviews.id'], name=op.f('fk_calibrations_review_id_reviews')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calibrations')),
        sa.UniqueConstraint('person_id', 'review_id', name=op.f('uq_calibrations_person_id_review_id')),
    )
    with op.batch_alter_table('reviews') as batch_op:
        batch_op.add_column(sa.Column('is_blind', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    with op.batch_alter_table('reviews') as batch_op:
        batch_op.drop_column('is_blind')
    op.drop_table('calibrations')
