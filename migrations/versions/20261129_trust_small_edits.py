"""trust small edits

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

FOREIGN = {
    'lesson_id': 'lessons', 'topic_id': 'topics', 'revision_id': 'revisions', 'base_id': 'revisions',
    'person_id': 'people', 'decided_by_id': 'people',
}


def upgrade():
    op.create_table(
        'trusted_edits',
        sa.Column('id', sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name == 'decided_by_id') for name in FOREIGN),
        sa.Column('is_drawn', sa.Boolean(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('live', 'fine', 'failed')", name=op.f('ck_trusted_edits_state')),
        sa.CheckConstraint(
            "(state = 'live') = (decided_by_id is null)", name=op.f('ck_trusted_edits_decided_by_someone')
        ),
        *(
            sa.ForeignKeyConstraint([name], [f'{table}.id'], name=op.f(f'fk_trusted_edits_{name}_{table}'))
            for name, table in FOREIGN.items()
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_trusted_edits')),
        sa.UniqueConstraint('revision_id', name=op.f('uq_trusted_edits_revision_id')),
    )
    op.create_index('ix_trusted_edits_waiting', 'trusted_edits', ['is_drawn', 'state'])
    op.create_index('ix_trusted_edits_person', 'trusted_edits', ['person_id', 'state', 'decided_at'])


def downgrade():
    op.drop_table('trusted_edits')
