"""find near duplicates

Revision: 0063
Follows: 0062

By what lessons are found that say nearly the same or are called nearly so. What is published now is read once.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from itertools import combinations

import sqlalchemy as sa
from alembic import op

revision = '0063'
down_revision = '0062'
branch_labels = None
depends_on = None

AT_ONCE = 200
HOLDERS = 50
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
FENCE = re.compile(r'\s*(`{3,}|~{3,})[^`~]*$')


def upgrade():
    op.create_table(
        'lesson_prints',
        sa.Column('key', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('lesson_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_prints_lesson_id_lessons')),
        sa.PrimaryKeyConstraint('key', 'lesson_id', name=op.f('pk_lesson_prints')),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f('ix_lesson_prints_lesson_id'), 'lesson_prints', ['lesson_id'])
    op.create_index(op.f('ix_former_slugs_lesson_id'), 'former_slugs', ['lesson_id'])
    read_what_is_published()


def read_what_is_published():
    connection, last, held = op.get_bind(), 0, Counter()
    texts = sa.text(
        'select lessons.id, lessons.title, revisions.source from lessons '
        'join revisions on revisions.id = lessons.published_id '
        "where lessons.id > :last and lessons.state = 'published' and lessons.classification <> 'confidential' "
        'order by lessons.id limit :most'
    )
    adding = sa.text('insert into lesson_prints (key, lesson_id) values (:key, :lesson_id)')
    while rows := connection.execute(texts, {'last': last, 'most': AT_ONCE}).all():
        last, prints = rows[-1].id, []
        for row in rows:
            for key in sorted(of_text(cards_of(row.source)) | of_title(row.title)):
                held[key] += 1
                if held[key] <= HOLDERS:
                    prints.append({'key': key, 'lesson_id': row.id})
        connection.execute(adding, prints)


def cards_of(source):
    lines = source.split('\n')
    start = lines.index('---', 1) + 1 if lines[0] == '---' and '---' in lines[1:] else 0
    cards, fence = [], ''
    for line in lines[start:]:
        opening = FENCE.match(line)
        if fence:
            fence = '' if line.strip() == fence else fence
        elif opening:
            fence = opening[1]
        elif line.rstrip().lower() == '# quiz':
            break
        cards.append(line)
    return '\n'.join(cards)


def words_of(text):
    return WORD.findall(unicodedata.normalize('NFKC', text).casefold())


def of_text(text):
    words = words_of(text)
    runs = {' '.join(run) for run in zip(words, words[1:], words[2:], words[3:])}
    return set(sorted(numbers('text', runs))[:64])


def of_title(title):
    key = unicodedata.normalize('NFKC', unicodedata.normalize('NFKC', title).casefold())
    words = words_of(key)
    long = [word for word in words if len(word) >= 3]
    kept = sorted({word[:3] for word in (long if len(long) >= 3 else words)})[:12]
    counts = range(max(1, len(kept) - 2), len(kept) + 1)
    left = {' '.join(some) for count in counts for some in combinations(kept, count)}
    return set(numbers('title', {key, *left}))


def numbers(sort, parts):
    digests = (hashlib.blake2b(part.encode(), digest_size=8, person=sort.encode()).digest() for part in parts)
    return [int.from_bytes(digest, 'big') >> 1 for digest in digests]


def downgrade():
    op.drop_index(op.f('ix_former_slugs_lesson_id'), table_name='former_slugs')
    op.drop_table('lesson_prints')
