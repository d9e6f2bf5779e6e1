"""put some on probation

Revision: 0054
Follows: 0053

Who rates lessons that are decided already before deciding alone, and which advice is only compared. Curators who have
decided nothing yet and rated fewer than five are new, as before. Nobody is on probation: whatever changes anybody's
figures next says who is.
"""

import sqlalchemy as sa
from alembic import op

revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'trainings',
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('why', sa.String(), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.Column('lessons_left', sa.Integer(), nullable=False),
        sa.CheckConstraint("why in ('new', 'probation')", name=op.f('ck_trainings_why')),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_trainings_person_id_people')),
        sa.PrimaryKeyConstraint('person_id', name=op.f('pk_trainings')),
    )
    with op.batch_alter_table('assignments') as table:
        table.add_column(sa.Column('is_shadow', sa.Boolean(), server_default=sa.false(), nullable=False))
    rated = '(select count(*) from calibrations where calibrations.person_id = grants.person_id)'
    op.execute(
        'insert into trainings (person_id, why, since, lessons_left) '
        f"select distinct grants.person_id, 'new', CURRENT_TIMESTAMP, 5 - {rated} from grants "
        f"where grants.role = 'curator' and {rated} < 5 "
        'and not exists (select 1 from reviews where reviews.decided_by_id = grants.person_id)'
    )


def downgrade():
    with op.batch_alter_table('assignments') as table:
        table.drop_column('is_shadow')
    op.drop_table('trainings')
