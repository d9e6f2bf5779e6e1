"""count down sets

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('daily_sets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unanswered', sa.Integer(), nullable=False, server_default='0'))
    op.execute(
        'UPDATE daily_sets SET unanswered = (SELECT count(*) FROM set_questions '
        'WHERE set_questions.set_id = daily_sets.id AND set_questions.answered_at IS NULL)'
    )
    with op.batch_alter_table('daily_sets', schema=None) as batch_op:
        batch_op.alter_column('unanswered', server_default=None)


def downgrade():
    with op.batch_alter_table('daily_sets', schema=None) as batch_op:
        batch_op.drop_column('unanswered')
