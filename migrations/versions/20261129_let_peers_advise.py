"""let peers advise

Revision: 0015
Follows: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'early_readers',
        sa.Column('lesson_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('saw_keys', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_early_readers_lesson_id_lessons')),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_early_readers_person_id_people')),
        sa.PrimaryKeyConstraint('lesson_id', 'person_id', name=op.f('pk_early_readers')),
    )
    with op.batch_alter_table('reviews') as batch_op:
        batch_op.add_column(sa.Column('peers', sa.String(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_reviews_peers'), "peers in ('known', 'few', 'asked')")
    with op.batch_alter_table('assignments') as batch_op:
        batch_op.add_column(sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('rubric', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('advice', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('text', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('bias', sa.Double(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('variance', sa.Double(), nullable=False, server_default='0'))
        batch_op.create_check_constraint(op.f('ck_assignments_advice'), "advice in ('publish', 'revise', 'reject')")


def downgrade():
    with op.batch_alter_table('assignments') as batch_op:
        batch_op.drop_constraint(op.f('ck_assignments_advice'), type_='check')
        for name in ('variance', 'bias', 'text', 'advice', 'rubric', 'answered_at'):
            batch_op.drop_column(name)
    with op.batch_alter_table('reviews') as batch_op:
        batch_op.drop_constraint(op.f('ck_reviews_peers'), type_='check')
        batch_op.drop_column('peers')
    op.drop_table('early_readers')
