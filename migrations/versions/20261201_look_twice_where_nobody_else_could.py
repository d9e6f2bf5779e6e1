"""look twice where nobody else could

Revision: 0068
Follows: 0067

An approval is looked at again, too, where nobody who comes first could decide.
"""

from alembic import op

revision = '0068'
down_revision = '0067'
branch_labels = None
depends_on = None

BEFORE = "reason in ('haste', 'mutual', 'share', 'chance')"
NOW = "reason in ('haste', 'alone', 'mutual', 'share', 'chance')"


def upgrade():
    _allow(NOW)


def downgrade():
    op.execute("update second_looks set reason = 'chance' where reason = 'alone'")
    _allow(BEFORE)


def _allow(reasons):
    with op.batch_alter_table('second_looks') as table:
        table.drop_constraint(op.f('ck_second_looks_reason'), type_='check')
        table.create_check_constraint(op.f('ck_second_looks_reason'), reasons)
