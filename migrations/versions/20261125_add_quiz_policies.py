"""add quiz policies

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    pace = sa.CheckConstraint('pace in (100, 150, 200)', name=op.f('ck_people_pace'))
    op.add_column('people', sa.Column('pace', sa.Integer(), pace, server_default='100', nullable=False))
    mode = sa.CheckConstraint("mode in ('learn', 'check', 'exam')", name=op.f('ck_attempts_mode'))
    op.add_column('attempts', sa.Column('mode', sa.String(), mode, server_default='learn', nullable=False))
    op.add_column('attempts', sa.Column('due_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('attempts', sa.Column('pass_percent', sa.Integer(), server_default='75', nullable=False))
    op.add_column('asked', sa.Column('is_first', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('asked', sa.Column('typed', sa.JSON(), nullable=True))
    instead = sa.ForeignKey('item_versions.id', name=op.f('fk_asked_instead_of_id'))
    op.add_column('asked', sa.Column('instead_of_id', sa.Integer(), instead, nullable=True), inline_references=True)
    op.execute('UPDATE asked SET is_first = true WHERE attempt_id IN (SELECT id FROM attempts WHERE number = 1)')


def downgrade():
    with op.batch_alter_table('asked', schema=None) as batch_op:
        batch_op.drop_column('instead_of_id')
        batch_op.drop_column('typed')
        batch_op.drop_column('is_first')

    for column in ('pass_percent', 'due_at', 'mode'):
        op.drop_column('attempts', column)
    op.drop_column('people', 'pace')
