"""Publishing on a day, hiding and archiving, and appeals: on a real database, and as pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotAllowed, NotValid
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.learn.models import Attempt
from peerlearn.lessons import actions as lessons
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.points.models import LedgerEntry
from peerlearn.review import actions, appealing, going_live, queries, standing
from peerlearn.review.models import Review, StandingAct
from tests import factories
from tests.conftest import Statements
from tests.factories import JUDGEMENT, Walk
from tests.page import Client, text_of
from tests.review.test_actions import THURSDAY, Desk
from tests.review.test_pages import RATED

Browser = Callable[[Person], Client]
REASON = "The price list behind it has changed."
FRIDAY = THURSDAY + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


def schedule(desk: Desk) -> None:
    with clock.at(THURSDAY):
        day = (THURSDAY + timedelta(days=3)).date()
        moment = going_live.moment_of(day, "UTC")
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom), goes_live_at=moment)
    db.session.commit()


def go_live(days: float) -> None:
    with clock.at(THURSDAY + timedelta(days=days)):
        assert going_live.go_live_due() is False
    db.session.commit()
    db.session.expire_all()


def state_of(desk: Desk) -> tuple[str, str]:
    return desk.revision.state, db.session.get_one(Lesson, desk.lesson.id).state


def paid(person: Person) -> int:
    wanted = select(func.sum(LedgerEntry.amount)).where(LedgerEntry.person_id == person.id, LedgerEntry.rule == "T1")
    return db.session.scalar(wanted) or 0


# a later day


def test_what_is_approved_for_a_day_goes_live_on_it_once_and_pays_then(desk: Desk) -> None:
    schedule(desk)
    assert state_of(desk) == ("scheduled", "unpublished")
    assert paid(desk.author) == 0
    go_live(2)
    assert state_of(desk) == ("scheduled", "unpublished")
    go_live(3)
    assert state_of(desk) == ("published", "published")
    assert paid(desk.author) > 0
    before = db.session.scalar(select(func.count(Fact.id)))
    go_live(4)
    assert db.session.scalar(select(func.count(Fact.id))) == before


def test_an_author_can_take_back_what_waits_for_its_day(desk: Desk) -> None:

    schedule(desk)
    lessons.withdraw(desk.revision, by=desk.me(desk.author))
    db.session.commit()
    review = desk.fresh()
    assert (review.state, review.goes_live_at, review.decided_by_id) == ("withdrawn", None, None)
    go_live(4)
    assert state_of(desk) == ("draft", "unpublished")


def test_a_lesson_that_was_hidden_meanwhile_stays_hidden(desk: Desk) -> None:
    actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    db.session.commit()
    lesson = db.session.get_one(Lesson, desk.lesson.id)

    draft = lessons.revise(lesson, by=desk.me(desk.author))
    changed = draft.source.replace("Then show", "Next show")
    lessons.save_draft(draft, changed, base_version=draft.version, by=desk.me(desk.author))
    lessons.submit(draft, by=desk.me(desk.author))
    db.session.commit()
    found = queries.latest_review(draft.id)
    assert found is not None
    actions.approve(desk.fresh(found), JUDGEMENT, by=desk.me(desk.tom), goes_live_at=THURSDAY)
    hide(desk)
    assert going_live.go_live_due() is False
    assert db.session.get_one(Revision, draft.id).state == "scheduled"
    standing.decide(lesson, "show_again", REASON, by=desk.me(desk.uma), zone_name="UTC")
    assert going_live.go_live_due() is False
    assert db.session.get_one(Revision, draft.id).state == "published"


@pytest.mark.parametrize("days", [0, -1, 366, None])
def test_a_day_has_to_lie_ahead(days: int | None) -> None:
    with clock.at(THURSDAY), pytest.raises(NotValid):
        going_live.moment_of(None if days is None else THURSDAY.date() + timedelta(days=days), "UTC")


def test_every_answer_may_look_for_what_is_due_but_seldom_does(app: Flask, client_for: Browser, desk: Desk) -> None:
    worker = app.extensions["afterwards"]
    app.extensions.pop("looked_for_due", None)
    worker.waiting.clear()
    browser = client_for(desk.author)
    browser.get("/review/reports/mine")
    assert going_live.go_live_due in worker.waiting
    worker.waiting.clear()
    browser.get("/review/reports/mine")
    assert going_live.go_live_due not in worker.waiting


def test_a_curator_approves_for_a_day_and_changes_their_mind(desk: Desk, client_for: Browser) -> None:
    tom, address = client_for(desk.tom), f"/review/{desk.review.id}"
    page = tom.post(f"{address}/schedule", RATED | {"goes_live_on": "2001-01-01"}, status=422)
    assert "Choose a day from tomorrow on" in text_of(page.all("main")[0])
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    tom.post(f"{address}/schedule", RATED | {"goes_live_on": day})
    assert state_of(desk) == ("scheduled", "unpublished")
    assert "Waits for something else" in tom.get("/review").text
    assert "It goes live later" in tom.get(f"{address}/decision").text
    assert "It goes live later" in client_for(desk.author).get(f"/write/{desk.lesson.id}").text
    tom.post(f"{address}/publish-now", {})
    assert state_of(desk) == ("published", "published")
    tom.post(f"{address}/publish-now", {}, status=409)


# shown or not


def hide(desk: Desk, act: str = "quarantine", by: Person | None = None) -> Lesson:
    db.session.commit()
    lesson = db.session.get_one(Lesson, desk.lesson.id)
    standing.decide(lesson, act, REASON, by=desk.me(by or desk.uma), zone_name="UTC")
    db.session.commit()
    return lesson


def test_a_hidden_lesson_is_gone_for_everybody_but_its_people(desk: Desk, client_for: Browser) -> None:
    lesson = factories.published_lesson(desk.author, desk.topic)
    reader = factories.person("Reader")
    walk = Walk(reader, lesson.slug, clock.now())
    walk.read()
    walk.start()
    attempt = db.session.scalars(select(Attempt.id).where(Attempt.person_id == reader.id)).one()
    browser = client_for(reader)
    assert lesson.title in browser.get("/lessons").text
    standing.decide(lesson, "quarantine", REASON, by=desk.me(desk.tom), zone_name="UTC")
    db.session.commit()
    assert lesson.title not in browser.get("/lessons").text
    browser.get(f"/lessons/{lesson.slug}", status=404)
    browser.get(f"/attempts/{attempt}", status=404)
    page = client_for(desk.uma).get(f"/review/lessons/{lesson.id}")
    assert "Hidden for now" in page.text
    assert REASON in client_for(desk.author).get(f"/write/{lesson.id}/history").text
    told = db.session.scalars(select(Notice.kind).where(Notice.person_id == desk.author.id)).all()
    assert "lesson_hidden" in told
    standing.decide(lesson, "show_again", REASON, by=desk.me(desk.uma), zone_name="UTC")
    db.session.commit()
    browser.get(f"/lessons/{lesson.slug}")
    assert lesson.title in browser.get("/lessons").text


def test_two_cannot_both_decide(desk: Desk) -> None:
    actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    lesson = hide(desk)
    with pytest.raises(Conflict):
        standing.decide(lesson, "quarantine", REASON, by=desk.me(desk.tom), zone_name="UTC")
    version = lesson.version - 1
    with pytest.raises(Conflict):
        standing.decide(lesson, "show_again", REASON, by=desk.me(desk.tom), zone_name="UTC", version=version)


def test_a_page_says_what_is_possible_and_why_it_was_refused(desk: Desk, client_for: Browser) -> None:
    lesson = factories.published_lesson(desk.author, desk.topic)
    owner, tom, address = client_for(desk.author), client_for(desk.tom), f"/review/lessons/{lesson.id}"
    assert "Archive it" in owner.get(address).text
    assert "Hide it for now" not in owner.get(address).text
    owner.post(address, {"act": "quarantine", "reason": REASON}, status=403)
    page = tom.post(address, {"act": "quarantine", "reason": "short words"}, status=422)
    assert "short words" in page.text
    assert "20 characters" in page.text
    tom.post(address, {"act": "nonsense", "reason": REASON}, status=422)
    tom.post(address, {"act": "verify", "reason": ""})
    owner.post(address, {"act": "archive", "reason": REASON})
    acts = db.session.scalars(select(StandingAct.act).order_by(StandingAct.id)).all()
    assert acts == ["verify", "archive"]
    tom.post(address, {"act": "bring_back", "reason": REASON})
    assert db.session.get_one(Lesson, lesson.id).state == "published"


def test_where_it_stands_asks_the_same_for_3_and_for_30_lines(
    desk: Desk, client_for: Browser, statements: Statements
) -> None:
    lesson = factories.published_lesson(desk.author, desk.topic)
    tom, counted = client_for(desk.tom), []
    for lines in (3, 27):
        for _ in range(lines):
            db.session.add(StandingAct(lesson_id=lesson.id, actor_id=desk.uma.id, act="verify", reason=REASON))
        db.session.commit()
        statements.clear()
        tom.get(f"/review/lessons/{lesson.id}")
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 5


# appeals


def reject(desk: Desk) -> None:
    judgement = actions.Judgement({}, {}, comment="We have a lesson about this already, I think.")
    actions.reject(desk.fresh(), "duplicate", judgement, by=desk.me(desk.tom))
    db.session.commit()


def appealed(desk: Desk) -> Review:
    reject(desk)
    made = appealing.appeal(desk.fresh(), REASON, by=desk.me(desk.author))
    db.session.commit()
    return made


def test_another_curator_decides_about_an_appeal(desk: Desk) -> None:
    again = appealed(desk)
    with pytest.raises(NotAllowed):
        actions.approve(desk.fresh(again), JUDGEMENT, by=desk.me(desk.tom))
    actions.approve(desk.fresh(again), JUDGEMENT, by=desk.me(desk.uma))
    assert state_of(desk) == ("published", "published")


def test_an_appeal_is_possible_once_and_only_about_the_same_text(desk: Desk) -> None:
    again = appealed(desk)
    judgement = actions.Judgement({}, {}, comment="I looked again, and it is the same lesson.")
    actions.reject(desk.fresh(again), "duplicate", judgement, by=desk.me(desk.uma))
    db.session.commit()
    with pytest.raises(Conflict):
        appealing.appeal(desk.fresh(again), REASON, by=desk.me(desk.author))


def test_a_changed_text_is_handed_in_not_appealed(desk: Desk) -> None:

    reject(desk)
    revision = desk.revision
    changed = revision.source.replace("Then show", "Next show")
    lessons.save_draft(revision, changed, base_version=revision.version, by=desk.me(desk.author))
    db.session.commit()
    with pytest.raises(Conflict):
        appealing.appeal(desk.fresh(), REASON, by=desk.me(desk.author))


def test_an_author_appeals_on_a_page(desk: Desk, client_for: Browser) -> None:
    reject(desk)
    ada, address = client_for(desk.author), f"/write/{desk.lesson.id}/appeal"
    assert address in ada.get(f"/write/{desk.lesson.id}").text
    page = ada.post(address, {"text": "No."}, status=422)
    assert "20 characters" in page.text
    ada.post(address, {"text": REASON})
    ada.get(address, status=404)
    again = queries.latest_review(desk.revision.id)
    assert again is not None
    assert REASON in client_for(desk.uma).get(f"/review/{again.id}").text
    assert "another curator looks at the appeal" in client_for(desk.tom).get(f"/review/{again.id}/decision").text
    client_for(desk.tom).post(f"/review/{again.id}/approve", RATED, status=403)
