"""add streaks

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('holidays',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holidays')),
    sa.UniqueConstraint('day', name=op.f('uq_holidays_day'))
    )
    op.create_table('absences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('is_travel', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('last_day >= first_day', name=op.f('ck_absences_in_order')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_absences_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absences'))
    )
    with op.batch_alter_table('absences', schema=None) as batch_op:
        batch_op.create_index('ix_absences_person_last', ['person_id', 'last_day'], unique=False)
    op.create_table('active_days',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('work_days', sa.String(), nullable=False),
    sa.Column('is_workday', sa.Boolean(), nullable=False),
    sa.Column('counts', sa.Boolean(), nullable=False),
    sa.Column('sets', sa.Integer(), nullable=False),
    sa.Column('extra_sets', sa.Integer(), nullable=False),
    sa.Column('lessons', sa.Integer(), nullable=False),
    sa.Column('reviews', sa.Integer(), nullable=False),
    sa.Column('due_reviews', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('best', sa.Integer(), nullable=False),
    sa.Column('meets_goal', sa.Boolean(), nullable=False),
    sa.Column('saves', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_active_days_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'day', name=op.f('pk_active_days'))
    )
    with op.batch_alter_table('point_sums', schema=None) as batch_op:
        batch_op.add_column(sa.Column('goals', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('point_sums', schema=None) as batch_op:
        batch_op.alter_column('goals', server_default=None)


def downgrade():
    with op.batch_alter_table('point_sums', schema=None) as batch_op:
        batch_op.drop_column('goals')
    op.drop_table('active_days')
    op.drop_table('absences')
    op.drop_table('holidays')
