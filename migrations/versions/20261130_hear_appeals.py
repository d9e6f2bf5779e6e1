"""hear appeals

Revision: 0039
Follows: 0037

What people say against decisions about their points, once for each decision.
"""

import sqlalchemy as sa
from alembic import op

revision = '0039'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'point_appeals',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('entry_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('open', 'granted', 'declined')", name=op.f('ck_point_appeals_state')),
        sa.CheckConstraint("(state = 'open') = (decided_at is null)", name=op.f('ck_point_appeals_decided')),
        sa.ForeignKeyConstraint(['entry_id'], ['ledger.id'], name=op.f('fk_point_appeals_entry_id')),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_point_appeals_person_id')),
        sa.ForeignKeyConstraint(['decided_by_id'], ['people.id'], name=op.f('fk_point_appeals_decided_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_point_appeals')),
        sa.UniqueConstraint('entry_id', name=op.f('uq_point_appeals_entry_id')),
    )
    op.create_index('ix_point_appeals_state', 'point_appeals', ['state', 'id'])


def downgrade():
    op.drop_table('point_appeals')
