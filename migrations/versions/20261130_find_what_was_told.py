"""find what was told

Revision: 0060
Follows: 0059

Whose each question of a set is stands beside it, so that what a person answered of a question is found by an index;
and in which lessons a question stands is found from its quiz.
"""

import sqlalchemy as sa
from alembic import op

revision = '0060'
down_revision = '0059'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(op.f('ix_revisions_quiz_id'), 'revisions', ['quiz_id'])
    op.add_column('set_questions', sa.Column('person_id', sa.Integer(), nullable=True))
    op.execute(
        'UPDATE set_questions SET person_id = '
        '(SELECT person_id FROM daily_sets WHERE daily_sets.id = set_questions.set_id)'
    )
    with op.batch_alter_table('set_questions') as batch:
        batch.alter_column('person_id', existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(op.f('fk_set_questions_person_id_people'), 'people', ['person_id'], ['id'])
    op.create_index('ix_set_questions_person', 'set_questions', ['person_id', 'version_id'])


def downgrade():
    op.drop_index('ix_set_questions_person', table_name='set_questions')
    with op.batch_alter_table('set_questions') as batch:
        batch.drop_column('person_id')
    op.drop_index(op.f('ix_revisions_quiz_id'), table_name='revisions')
