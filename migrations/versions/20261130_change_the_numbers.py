"""change the numbers of the rules

Revision: 0040
Follows: 0039

What ships is version 0, which all that was paid so far was decided by.
"""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade():
    for table in ('ledger', 'held_entries'):
        op.add_column(table, sa.Column('policy_version', sa.Integer(), server_default='0', nullable=False))
    op.create_table(
        'point_policies',
        sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('numbers', sa.JSON(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_point_policies_by_id_people')),
        sa.PrimaryKeyConstraint('version', name=op.f('pk_point_policies')),
    )
    op.create_table(
        'policy_trials',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('numbers', sa.JSON(), nullable=False),
        sa.Column('against', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('since', sa.Date(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('beat_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('counted', sa.Integer(), nullable=False),
        sa.Column('whole', sa.Integer(), nullable=False),
        sa.Column('result', sa.JSON(), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'counting', 'done')", name=op.f('ck_policy_trials_state')),
        sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_policy_trials_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_trials')),
        sa.UniqueConstraint('key', name=op.f('uq_policy_trials_key')),
    )


def downgrade():
    op.drop_table('policy_trials')
    op.drop_table('point_policies')
    for table in ('held_entries', 'ledger'):
        op.drop_column(table, 'policy_version')
