"""tell ends of sets

Sets say themselves what is left of them, a day says how many weekly goals were met before it, and a met goal is told
where it is met: no notice tells it again.

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

DAYS = sa.table(
    'active_days',
    sa.column('person_id', sa.Integer),
    sa.column('day', sa.Date),
    sa.column('before', sa.JSON),
    sa.column('meets_goal', sa.Boolean),
)
CHUNK = 500


def upgrade():
    with op.batch_alter_table('daily_sets', schema=None) as batch_op:
        batch_op.drop_column('unanswered')
    tell_days(lambda before, goals: before | {'goals': goals} if goals else before)
    op.execute("DELETE FROM notices WHERE kind = 'weekly_goal_met'")


def downgrade():
    with op.batch_alter_table('daily_sets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unanswered', sa.Integer(), nullable=False, server_default='0'))
    op.execute(
        'UPDATE daily_sets SET unanswered = (SELECT count(*) FROM set_questions '
        'WHERE set_questions.set_id = daily_sets.id AND set_questions.answered_at IS NULL)'
    )
    with op.batch_alter_table('daily_sets', schema=None) as batch_op:
        batch_op.alter_column('unanswered', server_default=None)
    tell_days(lambda before, goals: {name: value for name, value in before.items() if name != 'goals'})


def tell_days(told):
    """Write again how each day began, with the number of weekly goals that were met before it."""
    connection = op.get_bind()
    people = connection.scalars(sa.select(DAYS.c.person_id).where(DAYS.c.meets_goal).distinct()).all()
    change = (
        sa.update(DAYS)
        .where(DAYS.c.person_id == sa.bindparam('who'), DAYS.c.day == sa.bindparam('when'))
        .values(before=sa.bindparam('told', type_=sa.JSON))
    )
    for start in range(0, len(people), CHUNK):
        chosen = DAYS.c.person_id.in_(people[start:start + CHUNK])
        rows = connection.execute(sa.select(DAYS).where(chosen).order_by(DAYS.c.person_id, DAYS.c.day)).all()
        goals = dict.fromkeys(people[start:start + CHUNK], 0)
        changes = []
        for row in rows:
            new = told(row.before, goals[row.person_id])
            if new != row.before:
                changes.append({'who': row.person_id, 'when': row.day, 'told': new})
            goals[row.person_id] += row.meets_goal
        if changes:
            connection.execute(change, changes)
