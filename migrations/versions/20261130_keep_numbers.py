"""keep numbers

Revision: 0056
Follows: 0055

Versions of the numbers that an organisation sets for itself.
"""

import sqlalchemy as sa
from alembic import op

revision = '0056'
down_revision = '0055'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'number_versions',
        sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('numbers', sa.JSON(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_number_versions_by_id_people')),
        sa.PrimaryKeyConstraint('version', name=op.f('pk_number_versions')),
    )


def downgrade():
    op.drop_table('number_versions')
