"""Notices are written once, with the deed, and read once."""

from __future__ import annotations

from typing import Any

from peerlearn.accounts.models import Person
from peerlearn.badges.events import BadgeEarned
from peerlearn.core.deeds import deed, publish
from peerlearn.core.events import Event
from peerlearn.inbox import actions, queries
from peerlearn.inbox.models import Notice
from peerlearn.review.events import ChangesRequested
from tests import factories
from tests.conftest import Statements
from tests.home import rows


@deed
def happen(*events: Event, by: Person) -> None:
    """Let these events happen in one deed."""
    for event in events:
        publish(event, by=by)


def test_all_notices_of_a_deed_are_one_statement(db: Any, statements: Statements) -> None:
    authors = [factories.person() for _ in range(5)]
    curator = factories.person()
    lesson = rows.lesson(authors[0], rows.topic())
    statements.clear()
    happen(ChangesRequested(1, lesson.id, tuple(author.id for author in authors)), by=curator)
    assert len([one for one in statements if "INSERT INTO notices" in one]) == 1
    assert [queries.unread_count(author) for author in authors] == [1] * 5


def test_the_same_matter_is_told_once_ever(db: Any) -> None:
    author, curator = factories.person(), factories.person()
    lesson = rows.lesson(author, rows.topic())
    for _ in range(2):
        happen(ChangesRequested(1, lesson.id, (author.id,)), by=curator)
    happen(ChangesRequested(2, lesson.id, (author.id,)), by=curator)
    assert queries.unread_count(author) == 2


def test_a_notice_keeps_ids_and_shows_the_name_of_today(db: Any) -> None:
    author, curator = factories.person(), factories.person()
    lesson = rows.lesson(author, rows.topic(), title="Old name")
    happen(ChangesRequested(1, lesson.id, (author.id,)), by=curator)
    db.session.commit()
    assert "Old name" not in str(db.session.query(Notice).one().data)
    lesson.title = "New name"
    db.session.commit()
    shown = queries.notices(author).rows[0]
    assert "New name" in shown.sentence % shown.values
    assert shown.leads == ("lessons.edit", {"lesson_id": lesson.id})


def test_reading_one_and_all(db: Any) -> None:
    author, curator = factories.person(), factories.person()
    lesson = rows.lesson(author, rows.topic())
    for number in range(3):
        happen(ChangesRequested(number, lesson.id, (author.id,)), by=curator)
    first = queries.notices(author).rows[0].notice
    actions.mark_read(first, by=author)
    assert queries.unread_count(author) == 2
    assert queries.notices(author).rows[-1].notice.id == first.id
    actions.mark_read(queries.notices(author).rows[0].notice, by=curator)
    assert queries.unread_count(author) == 2
    actions.mark_all_read(by=author)
    assert queries.unread_count(author) == 0


def test_pages_go_on_from_unread_to_read_without_repeating(db: Any) -> None:
    author, curator = factories.person(), factories.person()
    lesson = rows.lesson(author, rows.topic())
    for number in range(7):
        happen(ChangesRequested(number, lesson.id, (author.id,)), by=curator)
    for shown in queries.notices(author).rows[::2]:
        actions.mark_read(shown.notice, by=author)
    seen, after = [], None
    while True:
        page = queries.notices(author, after, size=2)
        seen += [shown.notice for shown in page.rows]
        after = page.after
        if after is None:
            break
    assert len({notice.id for notice in seen}) == len(seen) == 7
    assert [notice.read_at is not None for notice in seen] == [False] * 3 + [True] * 4


def test_a_badge_that_is_no_longer_known_still_shows(db: Any) -> None:
    author, curator = factories.person(), factories.person()
    lesson = rows.lesson(author, rows.topic())
    happen(ChangesRequested(1, lesson.id, (curator.id,)), BadgeEarned(author.id, "gone", 1), by=curator)
    assert [shown.notice.kind for shown in queries.notices(author).rows] == ["badge_earned"]
