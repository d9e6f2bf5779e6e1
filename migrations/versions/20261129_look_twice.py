"""look twice

Revision: 0033
Follows: 0032

The approvals that chance chose to be looked at again by another curator.
"""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None

FOREIGN = {
    'review_id': 'reviews', 'lesson_id': 'lessons', 'topic_id': 'topics', 'revision_id': 'revisions',
    'approved_by_id': 'people', 'decided_by_id': 'people',
}


def upgrade():
    op.create_table(
        'second_looks',
        sa.Column('id', sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name == 'decided_by_id') for name in FOREIGN),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('live', 'fine', 'failed')", name=op.f('ck_second_looks_state')),
        sa.CheckConstraint(
            "(state = 'live') = (decided_by_id is null)", name=op.f('ck_second_looks_decided_by_someone')
        ),
        *(
            sa.ForeignKeyConstraint([name], [f'{table}.id'], name=op.f(f'fk_second_looks_{name}_{table}'))
            for name, table in FOREIGN.items()
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_second_looks')),
        sa.UniqueConstraint('review_id', name=op.f('uq_second_looks_review_id')),
    )
    op.create_index('ix_second_looks_waiting', 'second_looks', ['state'])


def downgrade():
    op.drop_table('second_looks')
