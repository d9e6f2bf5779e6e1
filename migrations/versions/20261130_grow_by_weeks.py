"""grow by weeks

Revision: 0042
Follows: 0041

A memory keeps how it was when the week of its newest answer began, so that what was held on Monday is known on any day of
the week; and what each person held at the beginning and the end of a week. What was answered before is no growth.
The table of memories has no row ids on SQLite, so its columns are added in place.
"""

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('memories', sa.Column('before_stability', sa.Double(), nullable=True))
    op.add_column('memories', sa.Column('before_answered_on', sa.Date(), nullable=True))
    op.execute('update memories set before_stability = stability, before_answered_on = answered_on')
    op.create_table(
        'growths',
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('week', sa.Date(), nullable=False),
        sa.Column('before', sa.Double(), nullable=False),
        sa.Column('after', sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_growths_person_id')),
        sa.PrimaryKeyConstraint('person_id', 'week', name=op.f('pk_growths')),
    )
    op.create_index('ix_growths_week', 'growths', ['week'])


def downgrade():
    op.drop_table('growths')
    op.drop_column('memories', 'before_answered_on')
    op.drop_column('memories', 'before_stability')
