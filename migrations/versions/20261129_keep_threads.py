"""keep threads of remarks

Revision: 0024
Follows: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

KEEP = sa.text(
    "insert into remark_replies (remark_id, author_id, text, created_at) "
    "select r.id, coalesce((select max(a.actor_id) from review_acts a where a.remark_id = r.id and a.act = 'answered'), "
    "v.writer_id), r.reply, r.created_at from remarks r join revisions v on v.id = r.revision_id where r.reply != ''"
)


def upgrade():
    op.create_table(
        'reviewed_texts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('revision_id', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('source', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_reviewed_texts_revision_id_revisions')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reviewed_texts')),
        sa.UniqueConstraint('revision_id', 'digest', name=op.f('uq_reviewed_texts_revision_id_digest')),
    )
    op.create_table(
        'remark_replies',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('remark_id', sa.Integer(), nullable=False),
        sa.Column('review_id', sa.Integer(), nullable=True),
        sa.Column('author_id', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['remark_id'], ['remarks.id'], name=op.f('fk_remark_replies_remark_id_remarks'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['review_id'], ['reviews.id'], name=op.f('fk_remark_replies_review_id_reviews')),
        sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_remark_replies_author_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_remark_replies')),
    )
    op.create_index(op.f('ix_remark_replies_remark_id'), 'remark_replies', ['remark_id'])
    op.execute(KEEP)
    with op.batch_alter_table('remarks') as batch:
        batch.add_column(sa.Column('text_id', sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f('fk_remarks_text_id_reviewed_texts'), 'reviewed_texts', ['text_id'], ['id'])
        batch.drop_column('reply')


def downgrade():
    with op.batch_alter_table('remarks') as batch:
        batch.add_column(sa.Column('reply', sa.String(), nullable=False, server_default=''))
        batch.drop_constraint(op.f('fk_remarks_text_id_reviewed_texts'), type_='foreignkey')
        batch.drop_column('text_id')
    op.drop_table('remark_replies')
    op.drop_table('reviewed_texts')
