"""check questions

Revision: 0036
Follows: 0042

Who checked which question of a lesson that a language model helped to write.
"""

import sqlalchemy as sa
from alembic import op

revision = '0036'
down_revision = '0042'
branch_labels = None
depends_on = None

FOREIGN = {'lesson_id': 'lessons', 'revision_id': 'revisions', 'person_id': 'people'}


def upgrade():
    op.create_table(
        'question_checks',
        sa.Column('id', sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in FOREIGN),
        sa.Column('mark', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f'{table}.id'], name=op.f(f'fk_question_checks_{name}_{table}'))
            for name, table in FOREIGN.items()
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_question_checks')),
        sa.UniqueConstraint('revision_id', 'mark', name=op.f('uq_question_checks_revision_id_mark')),
    )
    op.create_index(op.f('ix_question_checks_lesson_id'), 'question_checks', ['lesson_id'])


def downgrade():
    op.drop_table('question_checks')
