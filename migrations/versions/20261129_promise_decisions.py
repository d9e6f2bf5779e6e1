"""promise decisions

Revision: 0018
Follows: 0017
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

NEW = ('decide_by', 'responded_at', 'escalated_at', 'escalated_up_at')


def upgrade():
    with op.batch_alter_table('reviews') as batch_op:
        for name in NEW:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    reviews = sa.table(
        'reviews', sa.column('id', sa.Integer), sa.column('submitted_at', sa.DateTime(timezone=True)),
        sa.column('decide_by', sa.DateTime(timezone=True)), sa.column('responded_at', sa.DateTime(timezone=True)),
        sa.column('claimed_at', sa.DateTime(timezone=True)), sa.column('decided_at', sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    # five working days are a week
    rows = [
        {'known': row.id, 'by': row.submitted_at + timedelta(days=7)}
        for row in connection.execute(sa.select(reviews.c.id, reviews.c.submitted_at))
    ]
    if rows:
        found = reviews.c.id == sa.bindparam('known')
        connection.execute(sa.update(reviews).where(found).values(decide_by=sa.bindparam('by')), rows)
    first = sa.func.coalesce(reviews.c.claimed_at, reviews.c.decided_at)
    connection.execute(sa.update(reviews).values(responded_at=first))
    with op.batch_alter_table('reviews') as batch_op:
        batch_op.alter_column('decide_by', existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade():
    with op.batch_alter_table('reviews') as batch_op:
        for name in NEW:
            batch_op.drop_column(name)
