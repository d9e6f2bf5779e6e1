"""keep recusals

Revision: 0057
Follows: 0056

Whose work somebody leaves to others for good.
"""

import sqlalchemy as sa
from alembic import op

revision = '0057'
down_revision = '0056'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'recusals',
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('about_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('person_id != about_id', name=op.f('ck_recusals_two_people')),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_recusals_person_id_people')),
        sa.ForeignKeyConstraint(['about_id'], ['people.id'], name=op.f('fk_recusals_about_id_people')),
        sa.PrimaryKeyConstraint('person_id', 'about_id', name=op.f('pk_recusals')),
    )
    op.create_index('ix_recusals_about', 'recusals', ['about_id'])


def downgrade():
    op.drop_index('ix_recusals_about', table_name='recusals')
    op.drop_table('recusals')
