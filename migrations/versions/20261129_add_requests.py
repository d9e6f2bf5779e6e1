"""add requests

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('lesson_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('title_key', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('votes', sa.Integer(), nullable=False),
    sa.Column('asker_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taker_id', sa.Integer(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lesson_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('saves', sa.Integer(), nullable=False),
    sa.CheckConstraint("state != 'answered' or lesson_id is not null", name=op.f('ck_lesson_requests_answered_by_a_lesson')),
    sa.CheckConstraint("state != 'taken' or taker_id is not null", name=op.f('ck_lesson_requests_taken_by_somebody')),
    sa.CheckConstraint("state in ('open', 'taken', 'answered', 'closed')", name=op.f('ck_lesson_requests_state')),
    sa.ForeignKeyConstraint(['asker_id'], ['people.id'], name=op.f('fk_lesson_requests_asker_id')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_requests_lesson_id')),
    sa.ForeignKeyConstraint(['taker_id'], ['people.id'], name=op.f('fk_lesson_requests_taker_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_lesson_requests_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_requests'))
    )
    with op.batch_alter_table('lesson_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lesson_requests_asker_id'), ['asker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lesson_requests_lesson_id'), ['lesson_id'], unique=False)
        batch_op.create_index('ix_lesson_requests_state_votes_id', ['state', 'votes', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lesson_requests_taker_id'), ['taker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lesson_requests_topic_id'), ['topic_id'], unique=False)
        batch_op.create_index('uq_lesson_requests_waiting_title', ['title_key'], unique=True, sqlite_where=sa.text("state IN ('open', 'taken')"), postgresql_where=sa.text("state IN ('open', 'taken')"))

    op.create_table('request_votes',
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_request_votes_person_id')),
    sa.ForeignKeyConstraint(['request_id'], ['lesson_requests.id'], name=op.f('fk_request_votes_request_id')),
    sa.PrimaryKeyConstraint('request_id', 'person_id', name=op.f('pk_request_votes'))
    )
    with op.batch_alter_table('request_votes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_request_votes_person_id'), ['person_id'], unique=False)



def downgrade():
    with op.batch_alter_table('request_votes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_request_votes_person_id'))

    op.drop_table('request_votes')
    with op.batch_alter_table('lesson_requests', schema=None) as batch_op:
        batch_op.drop_index('uq_lesson_requests_waiting_title', sqlite_where=sa.text("state IN ('open', 'taken')"), postgresql_where=sa.text("state IN ('open', 'taken')"))
        batch_op.drop_index(batch_op.f('ix_lesson_requests_topic_id'))
        batch_op.drop_index(batch_op.f('ix_lesson_requests_taker_id'))
        batch_op.drop_index('ix_lesson_requests_state_votes_id')
        batch_op.drop_index(batch_op.f('ix_lesson_requests_lesson_id'))
        batch_op.drop_index(batch_op.f('ix_lesson_requests_asker_id'))

    op.drop_table('lesson_requests')
