"""regrade faulty questions

Revision: 0058
Follows: 0057

What was decided about the answers to a faulty question, and three more decisions about a flag. Answers that were marked
again by a corrected key were given before their wording was there.
"""

import sqlalchemy as sa
from alembic import op

revision = '0058'
down_revision = '0057'
branch_labels = None
depends_on = None

STATES = "'open', 'dismissed', 'retired', 'corrected', 'mended', 'passed'"
MORE = "'left_out', 'excused', 'excused_retired'"


def upgrade():
    with op.batch_alter_table('asked') as table:
        table.add_column(sa.Column('ruling', sa.String(), nullable=True))
        table.create_check_constraint(op.f('ck_asked_ruling'), "ruling in ('key', 'full', 'left_out')")
    with op.batch_alter_table('set_questions') as table:
        table.add_column(sa.Column('ruling', sa.String(), nullable=True))
        table.create_check_constraint(op.f('ck_set_questions_ruling'), "ruling in ('key', 'full')")
    for table_name in ('asked', 'set_questions'):
        op.execute(
            f"update {table_name} set ruling = 'key' where answered_at < "
            f"(select created_at from item_versions where item_versions.id = {table_name}.version_id)"
        )
    with op.batch_alter_table('item_flags') as table:
        table.drop_constraint(op.f('ck_item_flags_state'), type_='check')
        table.create_check_constraint(op.f('ck_item_flags_state'), f"state in ({STATES}, {MORE})")


def downgrade():
    op.execute("update item_flags set state = 'retired' where state in ('left_out', 'excused_retired')")
    op.execute("update item_flags set state = 'dismissed' where state = 'excused'")
    op.execute("delete from item_flags where flag = 'rekeyed'")
    with op.batch_alter_table('item_flags') as table:
        table.drop_constraint(op.f('ck_item_flags_state'), type_='check')
        table.create_check_constraint(op.f('ck_item_flags_state'), f"state in ({STATES})")
    with op.batch_alter_table('set_questions') as table:
        table.drop_constraint(op.f('ck_set_questions_ruling'), type_='check')
        table.drop_column('ruling')
    with op.batch_alter_table('asked') as table:
        table.drop_constraint(op.f('ck_asked_ruling'), type_='check')
        table.drop_column('ruling')
