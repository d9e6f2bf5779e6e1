"""queue work for later

Revision: 0066
Follows: 0065

Jobs are rows of the transactions that want them; what recurs has keys named after slots of time.
"""

import sqlalchemy as sa
from alembic import op

revision = '0066'
down_revision = '0065'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'jobs',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('key', sa.String(), nullable=True),
        sa.Column('payload', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('taken_by', sa.String(), nullable=True),
        sa.Column('error', sa.String(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('open', 'done', 'failed')", name=op.f('ck_jobs_state')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
        sa.UniqueConstraint('key', name=op.f('uq_jobs_key')),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        'ix_jobs_open', 'jobs', ['due_at', 'id'], sqlite_where=is_open, postgresql_where=is_open
    )
    has_failed = sa.text("state = 'failed'")
    op.create_index('ix_jobs_failed', 'jobs', ['id'], sqlite_where=has_failed, postgresql_where=has_failed)
    op.create_index('ix_jobs_name', 'jobs', ['name', 'id'])
    op.create_index('ix_jobs_ended_at', 'jobs', ['ended_at'])


def downgrade():
    op.drop_table('jobs')
