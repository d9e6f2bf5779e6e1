"""prepare curators

Revision: 0043
Follows: 0036

Who is asked to prepare as curator of a topic, and what they would have done with lessons that were decided before.
"""

import sqlalchemy as sa
from alembic import op

revision = '0043'
down_revision = '0036'
branch_labels = None
depends_on = None

FOREIGN = {'person_id': 'people', 'topic_id': 'topics', 'asked_by_id': 'people'}


def upgrade():
    op.create_table(
        'preparations',
        *(sa.Column(name, sa.Integer(), nullable=False) for name in FOREIGN),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [f'{table}.id'], name=op.f(f'fk_preparations_{name}_{table}'))
            for name, table in FOREIGN.items()
        ),
        sa.PrimaryKeyConstraint('person_id', 'topic_id', name=op.f('pk_preparations')),
    )
    with op.batch_alter_table('calibrations') as table:
        table.add_column(sa.Column('advice', sa.String(), nullable=True))
        table.add_column(sa.Column('topic_id', sa.Integer(), nullable=True))
        table.create_check_constraint(op.f('ck_calibrations_advice'), "advice in ('publish', 'revise', 'reject')")
        table.create_foreign_key(op.f('fk_calibrations_topic_id_topics'), 'topics', ['topic_id'], ['id'])


def downgrade():
    with op.batch_alter_table('calibrations') as table:
        table.drop_constraint(op.f('fk_calibrations_topic_id_topics'), type_='foreignkey')
        table.drop_constraint(op.f('ck_calibrations_advice'), type_='check')
        table.drop_column('topic_id')
        table.drop_column('advice')
    op.drop_table('preparations')
