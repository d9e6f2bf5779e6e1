"""remind of checks

Revision: 0022
Follows: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'check_reminders',
        sa.Column('lesson_id', sa.Integer(), nullable=False),
        sa.Column('check_on', sa.Date(), nullable=False),
        sa.Column('stage', sa.Integer(), nullable=False),
        sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_check_reminders_lesson_id_lessons')),
        sa.PrimaryKeyConstraint('lesson_id', 'check_on', 'stage', name=op.f('pk_check_reminders')),
    )
    op.create_index(op.f('ix_check_reminders_mailed_at'), 'check_reminders', ['mailed_at'])
    op.create_index(op.f('ix_readings_started_at'), 'readings', ['started_at'])
    with op.batch_alter_table('standing_acts') as batch:
        batch.alter_column('actor_id', existing_type=sa.Integer(), nullable=True)


def downgrade():
    op.execute('delete from standing_acts where actor_id is null')
    with op.batch_alter_table('standing_acts') as batch:
        batch.alter_column('actor_id', existing_type=sa.Integer(), nullable=False)
    op.drop_index(op.f('ix_readings_started_at'), table_name='readings')
    op.drop_index(op.f('ix_check_reminders_mailed_at'), table_name='check_reminders')
    op.drop_table('check_reminders')
