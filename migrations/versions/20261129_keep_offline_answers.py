"""keep offline answers

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('set_questions', sa.Column('synced_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('set_questions', sa.Column('synced_as', sa.String(), nullable=True))
    op.create_index(op.f('ix_set_questions_synced_as'), 'set_questions', ['synced_as'], unique=True)


def downgrade():
    op.drop_index(op.f('ix_set_questions_synced_as'), table_name='set_questions')
    op.drop_column('set_questions', 'synced_as')
    op.drop_column('set_questions', 'synced_at')
