"""open a league

Revision: 0031
Follows: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'league_weeks',
        sa.Column('monday', sa.Date(), nullable=False),
        sa.Column('people', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('monday', name=op.f('pk_league_weeks')),
    )
    op.create_table(
        'league_groups',
        sa.Column('monday', sa.Date(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('goal', sa.Integer(), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['monday'], ['league_weeks.monday'], name=op.f('fk_league_groups_monday_league_weeks')),
        sa.PrimaryKeyConstraint('monday', 'number', name=op.f('pk_league_groups')),
    )
    op.create_index('ix_league_groups_closed', 'league_groups', ['closed_at', 'monday'])
    op.create_table(
        'league_seats',
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('monday', sa.Date(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('division', sa.Integer(), nullable=False),
        sa.Column('mean', sa.Double(), nullable=False),
        sa.Column('rank', sa.Integer(), nullable=True),
        sa.Column('points', sa.Integer(), nullable=True),
        sa.Column('outcome', sa.String(), nullable=True),
        sa.CheckConstraint('division between 0 and 4', name=op.f('ck_league_seats_division')),
        sa.CheckConstraint("outcome in ('up', 'stay', 'down')", name=op.f('ck_league_seats_outcome')),
        sa.ForeignKeyConstraint(
            ['monday', 'number'],
            ['league_groups.monday', 'league_groups.number'],
            name=op.f('fk_league_seats_monday_league_groups'),
        ),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_league_seats_person_id_people')),
        sa.PrimaryKeyConstraint('person_id', 'monday', name=op.f('pk_league_seats')),
    )
    op.create_index('ix_league_seats_group', 'league_seats', ['monday', 'number'])


def downgrade():
    op.drop_table('league_seats')
    op.drop_table('league_groups')
    op.drop_table('league_weeks')
