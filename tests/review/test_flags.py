"""Reports that hide: how much a word weighs, what hides a lesson at once, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.learn import queries as learn
from peerlearn.lessons.models import Lesson, Topic
from peerlearn.review import flags, history, queries, reporting, standing, weighing
from peerlearn.review.flags import accuracy, act_of, is_enough, weight
from peerlearn.review.levels import Level
from peerlearn.review.models import Report
from peerlearn.review.reporting import Problem
from tests import factories
from tests.page import Client

ClientFor = Callable[[Person], Client]
WHY = "It was looked at, and nothing of it is confidential."


# the law


@pytest.mark.parametrize(
    ("upheld", "decided", "share"),
    [
        (0, 0, 1.0),
        (1, 1, 4 / 3),
        (0, 1, 2 / 3),
        (1, 2, 1.0),
        (1, 4, 2 / 3),
        (0, 4, 1 / 3),
        (1, 5, 0.0),
        (3, 10, 2 / 3),
        (2, 6, 0.75),
        (9, 10, 5 / 3),
        (45, 50, 23 / 13),
        (50, 50, 51 / 26),
    ],
)
def test_how_right_a_reader_was(upheld: int, decided: int, share: float) -> None:
    assert accuracy(upheld, decided) == pytest.approx(share)


@pytest.mark.parametrize(
    ("level", "upheld", "decided", "expected"),
    [
        (Level.NEWCOMER, 0, 0, 0.0),
        (Level.CONTRIBUTOR, 0, 0, 1.0),
        (Level.NEWCOMER, 50, 50, 0.0),
        (Level.CONTRIBUTOR, 9, 10, 5 / 3),
        (Level.CONTRIBUTOR, 4, 10, 5 / 6),
        (Level.TRUSTED, 0, 0, 2.0),
        (Level.TRUSTED, 5, 10, 2.0),
        (Level.TRUSTED, 1, 10, 0.0),
        (Level.CURATOR, 4, 10, 2.5),
        (Level.LEAD, 10, 10, 22 / 3),
    ],
)
def test_a_word_weighs_level_times_accuracy(level: Level, upheld: int, decided: int, expected: float) -> None:
    assert weight(level, upheld, decided) == pytest.approx(expected)


CONTRIBUTOR = (Level.CONTRIBUTOR, 0, 0)
RIGHT = (Level.CONTRIBUTOR, 9, 10)
OFTEN_WRONG = (Level.CONTRIBUTOR, 4, 12)
MOSTLY_WRONG = (Level.CONTRIBUTOR, 2, 10)
TRUSTED = (Level.TRUSTED, 0, 0)
CURATOR = (Level.CURATOR, 0, 0)
FRESH = (Level.NEWCOMER, 0, 0)


@pytest.mark.parametrize(
    ("readers", "together", "hides"),
    [
        ([CONTRIBUTOR] * 2, 2.0, False),
        ([CONTRIBUTOR] * 3, 3.0, True),
        ([RIGHT] * 2, 10 / 3, True),
        ([RIGHT, CONTRIBUTOR], 8 / 3, False),
        ([OFTEN_WRONG] * 4, 20 / 7, False),
        ([OFTEN_WRONG] * 5, 25 / 7, True),
        ([MOSTLY_WRONG] * 30, 0.0, False),
        ([TRUSTED, CONTRIBUTOR], 3.0, True),
        ([CURATOR], 3.0, False),
        ([CURATOR, *[FRESH] * 30], 3.0, False),
        ([FRESH] * 200, 0.0, False),
        ([CONTRIBUTOR, CONTRIBUTOR, *[FRESH] * 30], 2.0, False),
    ],
)
def test_what_readers_weigh_together(readers: list[tuple[Level, int, int]], together: float, hides: bool) -> None:
    """The table of the guide: who was right weighs more, who was wrong less, and no ring of fresh accounts hides."""
    weights = [weight(*reader) for reader in readers]
    assert sum(weights) == pytest.approx(together)
    assert is_enough(sum(one > 0 for one in weights), sum(weights)) is hides


@pytest.mark.parametrize(
    ("kind", "together", "today", "seen", "act"),
    [
        ("confidential", 0, 1, False, "hide_confidential"),
        ("confidential", 0, 3, False, "hide_confidential"),
        ("confidential", 0, 4, False, None),
        ("confidential", 9, 1, True, None),
        ("wrong", 2.9, 0, False, None),
        ("wrong", 3, 0, False, "hide_flagged"),
        ("unsafe", 3, 0, False, "hide_flagged"),
        ("disrespectful", 4, 0, False, "hide_flagged"),
        ("outdated", 9, 0, False, None),
        ("unclear", 9, 0, False, None),
        ("duplicate", 9, 0, False, None),
        ("off_topic", 9, 0, False, None),
        ("style", 9, 0, False, None),
    ],
)
def test_what_hides_a_lesson(kind: str, together: float, today: int, seen: bool, act: str | None) -> None:
    assert act_of(kind, readers=2, weight=together, confidential_today=today, was_seen=seen) == act


# with a database


@dataclass
class Library:
    """A published lesson with its author, its curator and an administrator."""

    topic: Topic
    author: Person
    curator: Person
    admin: Person
    lesson_id: int

    def lesson(self) -> Lesson:
        database.session.commit()
        database.session.expire_all()
        slug = database.session.get_one(Lesson, self.lesson_id).slug
        found = learn.lesson_by_slug(slug, self.author)
        assert found is not None
        return found

    def report(self, kind: str, by: Person, card: int | None = None) -> Report:
        return reporting.report(self.lesson(), Problem(kind, card=card), by=factories.reloaded(by))

    def answer(self, report: Report, *, is_right: bool) -> None:
        database.session.commit()
        curator = factories.reloaded(self.curator)
        found = queries.report_by_id(report.id, curator)
        assert found is not None
        (reporting.uphold if is_right else reporting.decline)(found, WHY, by=curator)
        database.session.commit()

    def show_again(self) -> None:
        database.session.commit()
        curator, zone = factories.reloaded(self.curator), clock.organisation_zone()
        lesson = database.session.get_one(Lesson, self.lesson_id)
        standing.decide(lesson, "show_again", WHY, by=curator, zone_name=zone)
        database.session.commit()


@pytest.fixture
def library(db: Any) -> Library:
    topic, author = factories.topic(), factories.person("Ada Author")
    curator = factories.person("Tom Curator", roles=(("curator", topic.id),))
    admin = factories.person("Ann Admin", roles=(("admin", 0),))
    return Library(topic, author, curator, admin, factories.published_lesson(author, topic).id)


def weight_now(person: Person, library: Library) -> float:
    known = factories.reloaded(person)
    return weighing.weight_of(known, library.topic.id, weighing.reader_of(known, library.lesson()))


def contributor() -> Person:
    """Somebody who published a lesson elsewhere."""
    one = factories.person()
    factories.published_lesson(one)
    return one


def test_confidential_hides_at_once_whoever_says_it_and_a_curator_takes_it_back(library: Library) -> None:
    newcomer = factories.person()
    row = library.report("confidential", newcomer)
    lesson = library.lesson()
    assert (lesson.state, row.weight) == ("quarantined", 0)
    acts = [(act.act, act.actor_id) for act in history.standing_of(lesson.id)]
    assert acts[0] == ("hide_confidential", None)
    kinds = {(notice.person_id, notice.kind) for notice in database.session.scalars(select(Notice))}
    assert {(library.curator.id, "lesson_held_back"), (library.admin.id, "lesson_held_back_told")} <= kinds
    assert (library.author.id, "lesson_hidden") in kinds
    library.answer(row, is_right=False)
    library.show_again()
    assert library.lesson().state == "published"
    library.report("confidential", factories.person())
    assert library.lesson().state == "published", "a curator has looked at this very text"
    factories.republish(library.lesson(), lambda text: text.replace("## Go on", "## Go on now"))
    library.report("confidential", factories.person())
    assert library.lesson().state == "quarantined", "nobody has looked at this text"


def test_three_a_day_hide_and_misuse_weighs_less(library: Library) -> None:
    misuser = contributor()
    assert weight_now(misuser, library) == 1
    for number in range(flags.POLICY.confidential_a_day + 1):
        lesson_id = factories.published_lesson(library.author, library.topic).id
        other = Library(library.topic, library.author, library.curator, library.admin, lesson_id)
        row = other.report("confidential", misuser)
        is_hidden = number < flags.POLICY.confidential_a_day
        assert (other.lesson().state == "quarantined") is is_hidden
        other.answer(row, is_right=False)
    assert weight_now(misuser, library) == pytest.approx(1 / 3)


def test_only_the_newest_fifty_count(library: Library) -> None:
    reader, now = contributor(), clock.now()
    lesson = library.lesson()
    for number in range(60):
        database.session.add(
            Report(
                lesson_id=lesson.id,
                revision_id=lesson.published_id,
                topic_id=library.topic.id,
                kind="wrong",
                reporter_id=reader.id,
                state="declined" if number < 10 else "upheld",
                decided_by_id=library.curator.id,
                decided_at=now + timedelta(minutes=number),
            )
        )
    database.session.commit()
    assert weight_now(reader, library) == pytest.approx(51 / 26), "all of these were right"


def test_three_trusted_readers_hide_harm_and_newcomers_do_not(library: Library) -> None:
    for card in (1, 2, 3, None):
        library.report("wrong", factories.person(), card)
    assert library.lesson().state == "published", "newcomers' words weigh nothing yet"
    one = contributor()
    for card in (1, 2, 3):
        library.report("unsafe", one, card)
    assert library.lesson().state == "published", "one reader is one, however often"
    library.report("wrong", contributor())
    assert library.lesson().state == "published"
    library.report("disrespectful", contributor())
    assert library.lesson().state == "quarantined"
    assert history.standing_of(library.lesson_id)[0].act == "hide_flagged"
    library.show_again()
    library.report("wrong", contributor())
    assert library.lesson().state == "published", "what was reported before does not count again"


def proven(library: Library, upheld: int, declined: int) -> Person:
    """A contributor so many of whose reports on other lessons proved right, and so many wrong."""
    reader, other = contributor(), factories.published_lesson(factories.person(), factories.topic())
    for number in range(upheld + declined):
        state = "upheld" if number < upheld else "declined"
        told = {"kind": "wrong", "reporter_id": reader.id, "state": state}
        decided = {"decided_by_id": library.curator.id, "decided_at": clock.now()}
        place = {"lesson_id": other.id, "revision_id": other.published_id, "topic_id": other.topic_id}
        database.session.add(Report(**place, **told, **decided))
    database.session.commit()
    return reader


def test_two_who_proved_right_hide_what_two_others_do_not(library: Library) -> None:
    right, wrong = [proven(library, 9, 1) for _ in range(2)], [proven(library, 4, 8) for _ in range(4)]
    for reader in wrong:
        library.report("wrong", reader)
        library.report("unsafe", reader, card=1)
    assert library.lesson().state == "published", "each counts once, and for little"
    other = Library(library.topic, library.author, library.curator, library.admin, 0)
    other.lesson_id = factories.published_lesson(library.author, library.topic).id
    other.report("wrong", right[0])
    assert other.lesson().state == "published"
    other.report("wrong", right[1])
    assert other.lesson().state == "quarantined"


def test_nobody_hides_a_lesson_alone_and_no_ring_of_fresh_accounts_does(library: Library) -> None:
    library.report("wrong", library.admin)
    for _number in range(12):
        library.report("unsafe", factories.person())
    assert library.lesson().state == "published"
    assert weight_now(library.admin, library) == 4
    library.report("wrong", contributor())
    assert library.lesson().state == "quarantined"


def test_what_was_answered_does_not_count(library: Library) -> None:
    rows = [library.report("wrong", contributor()) for _ in range(2)]
    library.answer(rows[0], is_right=False)
    library.report("wrong", contributor())
    assert library.lesson().state == "published"


def test_who_reported_sees_what_became_of_it_and_the_authors_read_why(library: Library, client_for: ClientFor) -> None:
    reader = client_for(factories.person("Rita Reader"))
    slug = library.lesson().slug
    page = reader.post(f"/lessons/{slug}/report", {"kind": "confidential", "place": "", "text": "A name is in it."})
    assert page.status == 302
    assert "It is hidden now" in reader.get("/review/reports/mine").text
    reader.get(f"/lessons/{slug}", status=404)
    told = client_for(library.author).get(f"/write/{library.lesson_id}/history").text
    assert "confidential, so it was hidden" in told
    report = database.session.scalars(select(Report)).one()
    curator = client_for(library.curator)
    assert "This lesson is hidden" in curator.get(f"/review/reports/{report.id}").text
    library.answer(report, is_right=False)
    assert WHY in reader.get("/review/reports/mine").text


def test_a_report_that_is_weighed_asks_no_more_than_an_answer_may(
    library: Library, client_for: ClientFor, statements: Any
) -> None:
    reader = client_for(contributor())
    slug = library.lesson().slug
    reader.get(f"/lessons/{slug}/report")
    sent = {"kind": "wrong", "place": "", "text": "It is 3.", "csrf_token": reader.get("/inbox").csrf_token}
    statements.clear()
    reader.http.post(f"/lessons/{slug}/report", data=sent)
    assert len(statements) <= 10


def test_nothing_of_it_is_somebodys_deed(library: Library) -> None:
    library.report("confidential", factories.person())
    database.session.commit()
    held = database.session.scalars(select(Fact).where(Fact.type == "LessonHeldBack")).one()
    assert held.actor_id is None
    assert database.session.scalar(select(func.count(Fact.id)).where(Fact.type == "LessonHidden")) == 1
