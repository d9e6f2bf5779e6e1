"""date the next check of lessons

Revision: 0021
Follows: 0020
"""

import json
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

USUAL_DAYS = 180


def upgrade():
    op.add_column('lessons', sa.Column('check_on', sa.Date(), nullable=True))
    op.create_index('ix_lessons_state_check', 'lessons', ['state', 'check_on'])
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            'select lessons.id, coalesce(verified_at, lessons.published_at, lessons.created_at) as at, '
            'cast(revisions.extras as varchar) as extras '
            'from lessons join revisions on revisions.id = lessons.published_id'
        )
    ).all()
    checks = [{'lesson': row.id, 'day': _due(row.at, row.extras)} for row in rows]
    if checks:
        connection.execute(
            sa.text('update lessons set check_on = :day where id = :lesson').bindparams(sa.bindparam('day', type_=sa.Date())),
            checks,
        )


def _due(at, extras):
    days = int(json.loads(extras or '{}').get('review_every') or USUAL_DAYS)
    return date.fromisoformat(str(at)[:10]) + timedelta(days=days)


def downgrade():
    op.drop_index('ix_lessons_state_check', table_name='lessons')
    op.drop_column('lessons', 'check_on')
