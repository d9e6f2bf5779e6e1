"""let roles lapse

Revision: 0041
Follows: 0040

Since when people hold their roles, and of which quiet times curators were told. Roles of before count from now on, so
that nobody's lapses on the day of the upgrade.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'idle_spells',
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('scope_id', sa.Integer(), nullable=False),
        sa.Column('since', sa.Date(), nullable=False),
        sa.Column('told_on', sa.Date(), nullable=False),
        sa.Column('lapsed_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_idle_spells_person_id_people')),
        sa.PrimaryKeyConstraint('person_id', 'scope_id', 'since', name=op.f('pk_idle_spells')),
    )
    moment = sa.DateTime(timezone=True)
    op.add_column('grants', sa.Column('given_at', moment, nullable=True))
    grants = sa.table('grants', sa.column('given_at', moment))
    op.get_bind().execute(sa.update(grants).values(given_at=datetime.now(UTC)))
    with op.batch_alter_table('grants') as table:
        table.alter_column('given_at', existing_type=moment, nullable=False)


def downgrade():
    with op.batch_alter_table('grants') as table:
        table.drop_column('given_at')
    op.drop_table('idle_spells')
