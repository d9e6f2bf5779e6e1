"""classify lessons

Revision: 0025
Follows: 0031

Who a lesson is for, and the teams that one is for that is not for all. What there is stays for all colleagues. Lessons
that are not for all wait for a second curator: who approved such a submission first is kept with the review.
"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('lessons') as table:
        table.add_column(sa.Column('classification', sa.String(), nullable=False, server_default='internal'))
        table.create_check_constraint(
            op.f('ck_lessons_classification'),
            "classification in ('open', 'internal', 'restricted', 'confidential')",
        )
    op.create_index('ix_lessons_classification', 'lessons', ['classification'])
    op.create_table(
        'lesson_teams',
        sa.Column('lesson_id', sa.Integer(), nullable=False),
        sa.Column('team_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_teams_lesson_id_lessons')),
        sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_lesson_teams_team_id_teams')),
        sa.PrimaryKeyConstraint('lesson_id', 'team_id', name=op.f('pk_lesson_teams')),
    )
    op.create_index('ix_lesson_teams_team_id', 'lesson_teams', ['team_id'])
    with op.batch_alter_table('reviews') as table:
        table.add_column(sa.Column('first_approval', sa.JSON(), nullable=True))
        table.add_column(sa.Column('first_approved_by_id', sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f('fk_reviews_first_approved_by_id_people'), 'people', ['first_approved_by_id'], ['id']
        )


def downgrade():
    with op.batch_alter_table('reviews') as table:
        table.drop_constraint(op.f('fk_reviews_first_approved_by_id_people'), type_='foreignkey')
        table.drop_column('first_approved_by_id')
        table.drop_column('first_approval')
    op.drop_table('lesson_teams')
    op.drop_index('ix_lessons_classification', 'lessons')
    with op.batch_alter_table('lessons') as table:
        table.drop_constraint(op.f('ck_lessons_classification'), type_='check')
        table.drop_column('classification')
