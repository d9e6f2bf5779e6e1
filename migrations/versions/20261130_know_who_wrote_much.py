"""know who wrote much

Revision: 0062
Follows: 0061

How much of a lesson somebody wrote whose words were taken over. Of before it is counted from what was taken over: the words of
a place that were not there, against those of the text.
"""

import re
from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = '0062'
down_revision = '0061'
branch_labels = None
depends_on = None

SUGGESTED = """
    SELECT suggestions.lesson_id, suggester_id, old, new, words
    FROM suggestions JOIN revisions ON revisions.id = suggestions.revision_id WHERE suggestions.state = 'accepted'
"""
REMARKED = """
    SELECT revisions.lesson_id, author_id, quoted, replacement, words
    FROM remarks JOIN revisions ON revisions.id = remarks.revision_id
    WHERE remarks.state = 'accepted' AND replacement IS NOT NULL
"""


def upgrade():
    parts = op.create_table(
        'written_parts',
        sa.Column('lesson_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('share', sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_written_parts_lesson_id')),
        sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_written_parts_person_id')),
        sa.PrimaryKeyConstraint('lesson_id', 'person_id', name=op.f('pk_written_parts')),
    )
    op.create_index(op.f('ix_written_parts_person_id'), 'written_parts', ['person_id'])
    found = Counter()
    for statement in (SUGGESTED, REMARKED):
        for lesson_id, person_id, old, new, words in op.get_bind().execute(sa.text(statement)):
            came = Counter(re.findall(r'\w+', new)) - Counter(re.findall(r'\w+', old))
            found[lesson_id, person_id] += min(1.0, came.total() / max(1, words))
    rows = [{'lesson_id': lesson, 'person_id': person, 'share': share} for (lesson, person), share in found.items()]
    if rows:
        op.bulk_insert(parts, rows)


def downgrade():
    op.drop_index(op.f('ix_written_parts_person_id'), table_name='written_parts')
    op.drop_table('written_parts')
