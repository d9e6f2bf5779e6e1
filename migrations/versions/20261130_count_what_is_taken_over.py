"""count what is taken over

Revision: 0061
Follows: 0060

Which curator took a reader's small change over. What was taken over before was published without being counted.
"""

import sqlalchemy as sa
from alembic import op

revision = '0061'
down_revision = '0060'
branch_labels = None
depends_on = None

PEOPLE = 'fk_trusted_edits_accepted_by_id'


def upgrade():
    with op.batch_alter_table('trusted_edits') as table:
        table.add_column(sa.Column('accepted_by_id', sa.Integer(), nullable=True))
        table.create_foreign_key(op.f(PEOPLE), 'people', ['accepted_by_id'], ['id'])
        table.create_index('ix_trusted_edits_accepted', ['accepted_by_id', 'at'])


def downgrade():
    with op.batch_alter_table('trusted_edits') as table:
        table.drop_index('ix_trusted_edits_accepted')
        table.drop_constraint(op.f(PEOPLE), type_='foreignkey')
        table.drop_column('accepted_by_id')
