"""keep citations

Revision: 0037
Follows: 0035

Which addresses published lessons cite, and which of these were said to have changed. What is published now is read once.
"""

import hashlib
import re
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0035'
branch_labels = None
depends_on = None

AT_ONCE = 200
PORTS = {'http': 80, 'https': 443}
FENCE = re.compile(r'\s*(`{3,}|~{3,})[^`~]*$')
CODE = re.compile(r'`[^`\n]*`')
FOUND = re.compile(r'https?://[^\s\x00-\x1f\x7f<>"`\\|\[\]{}]{1,2000}', re.IGNORECASE)


def upgrade():
    op.create_table(
        'lesson_links',
        sa.Column('lesson_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('link', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_links_lesson_id_lessons')),
        sa.PrimaryKeyConstraint('lesson_id', 'key', name=op.f('pk_lesson_links')),
    )
    op.create_index(op.f('ix_lesson_links_key'), 'lesson_links', ['key'])
    op.create_table(
        'source_changes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('changed_on', sa.Date(), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_source_changes_by_id_people')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_source_changes')),
        sa.UniqueConstraint('key', 'changed_on', name=op.f('uq_source_changes_key_changed_on')),
    )
    read_what_is_published()


def read_what_is_published():
    connection, last = op.get_bind(), 0
    texts = sa.text(
        'select lessons.id, revisions.source from lessons join revisions on revisions.id = lessons.published_id '
        'where lessons.id > :last order by lessons.id limit :most'
    )
    adding = sa.text('insert into lesson_links (lesson_id, key, link) values (:lesson_id, :key, :link)')
    while rows := connection.execute(texts, {'last': last, 'most': AT_ONCE}).all():
        last = rows[-1].id
        links = [(row.id, link) for row in rows for link in cited(row.source)]
        if links:
            connection.execute(adding, [{'lesson_id': one, 'key': key_of(link), 'link': link} for one, link in links])


def cited(source):
    found = (
        normal(without_end(one[0]))
        for line in outside_fences(source.split('\n'))
        for one in FOUND.finditer(CODE.sub('', line))
    )
    return list(dict.fromkeys(filter(None, found)))[:100]


def outside_fences(lines):
    fence = ''
    for line in lines:
        opening = FENCE.match(line)
        if fence:
            fence = '' if line.strip() == fence else fence
        elif opening:
            fence = opening[1]
        else:
            yield line


def without_end(address):
    while True:
        shorter = address.rstrip(".,;:!?'*_~")
        if shorter.endswith(')') and shorter.count(')') > shorter.count('('):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter


def normal(address):
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or '').rstrip('.'), parts.port
    except ValueError:
        return ''
    if parts.scheme not in PORTS or not host:
        return ''
    host = f'[{host}]' if ':' in host else host
    host = host if port in (None, PORTS[parts.scheme]) else f'{host}:{port}'
    query = f'?{parts.query}' if parts.query else ''
    whole = f"{parts.scheme}://{host}{parts.path or '/'}{query}"
    return whole if len(whole) <= 1000 and whole.isprintable() and ' ' not in whole else ''


def key_of(link):
    return hashlib.blake2b(link.encode('utf-8', 'replace'), digest_size=12).hexdigest()


def downgrade():
    op.drop_table('source_changes')
    op.drop_table('lesson_links')
