"""Sources that change: whoever knows it says so, and what cites them is read again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.content_commands import content_group
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotValid
from peerlearn.inbox.models import Notice
from peerlearn.lessons import citing, showing
from peerlearn.lessons.models import Lesson
from peerlearn.review.models import StandingAct
from peerlearn.verification import changing, rules, sources
from peerlearn.verification.models import SourceChange
from tests import factories
from tests.page import Client

ClientFor = Callable[..., Client]
LINK = "https://handbook.example.org/travel"
KEY = citing.key_of(LINK)
PAGE = f"/verification/sources/{KEY}"
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)
DAY = date(2026, 2, 9)


def citing_lesson(**values: Any) -> Lesson:
    """A lesson that names the source, published a month before."""
    front = values.pop("front", "") + factories.cites(LINK)
    with clock.at(BEGIN):
        return factories.published_lesson(front=front, **values)


def secret(classification: str) -> str:
    return f"classification: {classification}\naudience: [{factories.team().slug}]\n"


def check_on(lesson: Lesson) -> date | None:
    return db.session.scalar(select(Lesson.check_on).where(Lesson.id == lesson.id))


def told() -> list[int]:
    return list(db.session.scalars(select(Notice.person_id).where(Notice.kind == "source_changed").order_by(Notice.id)))


@pytest.mark.parametrize(("days", "is_fine"), [(-1, False), (0, True), (1, True), (366, True), (367, False)])
def test_when_a_source_can_have_changed(days: int, is_fine: bool) -> None:
    today = NOW.date()
    assert (rules.change_problem(today - timedelta(days=days), today) is None) is is_fine


def test_every_lesson_that_cites_it_is_due_and_its_owner_is_told_why(app: Flask) -> None:
    first, second = citing_lesson(), citing_lesson()
    hidden = citing_lesson(front=secret("confidential"))
    with clock.at(BEGIN):
        other = factories.published_lesson()
    curator = factories.person("Cedar", roles=(("curator", 0),))
    before = check_on(other)
    with clock.at(NOW):
        assert changing.tell(LINK, DAY, "  The limit is 40 now. ", by=curator) == 3
        db.session.commit()
    assert [check_on(one) for one in (first, second, hidden)] == [NOW.date()] * 3
    assert check_on(other) == before
    assert told() == [first.owner_id, second.owner_id, hidden.owner_id]
    acts = db.session.scalars(select(StandingAct).where(StandingAct.act == "source_changed")).all()
    assert [(act.lesson_id, act.actor_id) for act in acts] == [(one.id, curator.id) for one in (first, second, hidden)]
    assert {act.reason for act in acts} == {f"{LINK} · 2026-02-09 · The limit is 40 now."}


def test_telling_it_twice_is_telling_it_once(app: Flask) -> None:
    lesson, curator = citing_lesson(), factories.person(roles=(("curator", 0),))
    with clock.at(NOW):
        changing.tell(LINK, DAY, "", by=curator)
        showing.verify(factories.reloaded_lesson(lesson.id), by=curator)
        db.session.commit()
        assert check_on(lesson) > NOW.date()
        assert changing.tell(LINK, DAY, "Again.", by=factories.person()) is None
        db.session.commit()
        assert check_on(lesson) > NOW.date()
        assert len(told()) == 1
        assert changing.tell(LINK, DAY + timedelta(days=1), "", by=curator) == 1
        db.session.commit()
        assert check_on(lesson) == NOW.date()
    assert len(told()) == 2


def test_what_is_due_already_stays_as_late_as_it_was(app: Flask) -> None:
    lesson, curator = citing_lesson(), factories.person(roles=(("curator", 0),))
    late = BEGIN + timedelta(days=200)
    due = check_on(lesson)
    with clock.at(late):
        assert changing.tell(LINK, late.date(), "", by=curator) == 1
        db.session.commit()
    assert check_on(lesson) == due < late.date()
    assert len(told()) == 1


def test_what_nobody_cites_leaves_nothing(app: Flask) -> None:
    assert (
        changing.tell("https://nowhere.example/", clock.today(clock.organisation_zone()), "", by=factories.person())
        == 0
    )
    assert db.session.scalar(select(func.count()).select_from(SourceChange)) == 0


def test_owners_do_not_hear_of_their_own_word(app: Flask) -> None:
    lesson = citing_lesson()
    with clock.at(NOW):
        changing.tell(LINK, DAY, "", by=factories.reloaded(lesson.owner_id))
        db.session.commit()
    assert told() == []


def test_who_looks_after_no_topic_tells_of_ten_a_day(app: Flask) -> None:
    lesson, curator = citing_lesson(), factories.person(roles=(("curator", 0),))
    owner = factories.reloaded(lesson.owner_id)
    with clock.at(NOW):
        for number in range(rules.POLICY.changes_a_day):
            changing.insist_on_pace(owner)
            changing.tell(LINK, DAY - timedelta(days=number), "", by=owner)
        with pytest.raises(NotValid):
            changing.insist_on_pace(owner)
        changing.insist_on_pace(curator)
    with clock.at(NOW + timedelta(days=1)):
        changing.insist_on_pace(owner)


@pytest.mark.parametrize("number", [3, 30])
def test_the_pages_cost_the_same_for_few_and_many(client_for: ClientFor, statements: list[str], number: int) -> None:
    topic = factories.topic()
    with clock.at(BEGIN):
        for each in range(number):
            factories.published_lesson(topic_=topic, front=factories.cites(LINK, f"https://x.example/{each}"))
    browser = client_for(factories.person(roles=(("curator", topic.id),)))
    for address, most in (("/verification/sources", 3), (f"/verification/sources?q=example&after={KEY}", 3), (PAGE, 4)):
        browser.get(address)
        statements.clear()
        browser.get(address)
        assert len(statements) <= most, statements
    with clock.at(NOW):
        browser = client_for(factories.person(roles=(("curator", topic.id),)))
        fields = browser.get(PAGE).fields(PAGE)
        statements.clear()
        browser.post(PAGE, fields, to=PAGE)
    assert len(statements) <= 10, statements


def test_a_curator_finds_a_source_and_says_that_it_changed(client_for: ClientFor) -> None:
    lesson = citing_lesson(title="How to book a journey")
    citing_lesson(title="How to be paid back")
    curator = factories.person("Cedar Curator", roles=(("curator", lesson.topic_id),))
    with clock.at(NOW):
        browser = client_for(curator)
        assert "Sources" in browser.get("/verification").text
        page = browser.get("/verification/sources?q=HANDBOOK").text
        assert LINK in page
        assert "2 lessons" in page
        assert "Nothing found" in browser.get("/verification/sources?q=nowhere").text
        assert "How to be paid back" in browser.get(PAGE).text
        browser.post(PAGE, {"changed_on": "2026-02-11", "note": ""}, status=422)
        browser.post(PAGE, {"changed_on": "", "note": ""}, status=422)
        browser.post(PAGE, {"changed_on": "2026-02-09", "note": "x" * 301}, status=422)
        browser.post(PAGE, {"changed_on": "2026-02-09", "note": "A new limit."}, to=PAGE)
        page = browser.get(PAGE).text
        assert "told by Cedar Curator" in page
        assert "A new limit." in page
        browser.post(PAGE, {"changed_on": "2026-02-09", "note": "A new limit."}, to=PAGE)
        assert db.session.scalar(select(func.count()).select_from(SourceChange)) == 1
        owner = client_for(factories.reloaded(lesson.owner_id))
        assert f"has changed: {LINK}." in owner.get("/inbox").text
        check = f"/verification/lessons/{lesson.id}"
        assert "A new limit." in owner.get(check).text
        assert "told that a source of it has changed" in owner.get(f"/write/{lesson.id}/history").text
    with clock.at(NOW + timedelta(minutes=1)):
        owner.post(check, owner.get(check).fields(check), to="/verification")
        assert check_on(lesson) > NOW.date()
        assert "A new limit." not in client_for(curator).get(check).text


def test_an_owner_sees_their_own_and_others_nothing(client_for: ClientFor) -> None:
    lesson = citing_lesson(title="How to book a journey")
    citing_lesson(title="How to be paid back")
    owner = client_for(factories.reloaded(lesson.owner_id))
    assert "1 lesson" in owner.get("/verification/sources").text
    assert "How to be paid back" not in owner.get(PAGE).text
    stranger = client_for(factories.person())
    assert LINK not in stranger.get("/verification/sources").text
    stranger.get(PAGE, status=404)
    stranger.post(PAGE, {"changed_on": "2026-02-09"}, status=404)


def test_what_is_not_for_all_is_counted_for_those_it_is_for(client_for: ClientFor) -> None:
    for classification in ("restricted", "confidential"):
        citing_lesson(title=f"What is {classification}", front=secret(classification))
    admin = client_for(factories.person(roles=(("admin", 0),)))
    assert LINK not in admin.get("/verification/sources").text
    admin.get(PAGE, status=404)
    curator = client_for(factories.person(roles=(("curator", 0),)))
    assert "1 lesson" in curator.get("/verification/sources").text
    page = curator.get(PAGE).text
    assert "What is restricted" in page
    assert "What is confidential" not in page


def test_a_hidden_or_archived_lesson_cites_nothing(client_for: ClientFor) -> None:
    curator = factories.person(roles=(("curator", 0),))
    showing.archive(citing_lesson(), by=curator)
    db.session.commit()
    client_for(curator).get(PAGE, status=404)
    assert sources.owners_citing(KEY) == []


def test_pages_go_on_where_the_last_one_ended(client_for: ClientFor) -> None:
    for number in range(21):
        factories.published_lesson(front=factories.cites(f"https://x.example/{number:02}"))
    browser = client_for(factories.person(roles=(("admin", 0),)))
    page = browser.get("/verification/sources?q=x.example").text
    assert "https://x.example/19" in page
    assert "https://x.example/20" not in page
    after = citing.key_of("https://x.example/19")
    page = browser.get(f"/verification/sources?q=x.example&after={after}").text
    assert "https://x.example/20" in page
    assert "https://x.example/19" not in page


def test_scripts_tell_it_too(app: Flask) -> None:
    lesson, curator = citing_lesson(), factories.person(roles=(("curator", 0),))
    run = partial(app.test_cli_runner().invoke, content_group)
    args = ["changed", "HTTPS://Handbook.example.org:443/travel#top", "--by", curator.email]
    with clock.at(NOW):
        done = run(args=[*args, "--on", "2026-02-09", "--note", "New."])
        assert (done.exit_code, done.output) == (0, f"1 published lessons cite {LINK}: they are due for a check.\n")
        assert "told before" in run(args=[*args, "--on", "2026-02-09"]).output
        assert run(args=[*args, "--on", "2026-02-11"]).exit_code == 1
        assert run(args=["changed", "travel", "--by", curator.email]).exit_code == 1
    assert check_on(lesson) == NOW.date()
