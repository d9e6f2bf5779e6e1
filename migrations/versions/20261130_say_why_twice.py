"""say why twice

Revision: 0035
Follows: 0034

Why an approval is looked at again. Those that are there were chosen by chance.
"""

import sqlalchemy as sa
from alembic import op

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('second_looks') as table:
        table.add_column(sa.Column('reason', sa.String(), nullable=False, server_default='chance'))
        table.create_check_constraint(
            op.f('ck_second_looks_reason'), "reason in ('haste', 'mutual', 'share', 'chance')"
        )


def downgrade():
    with op.batch_alter_table('second_looks') as table:
        table.drop_constraint(op.f('ck_second_looks_reason'), type_='check')
        table.drop_column('reason')
