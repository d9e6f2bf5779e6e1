"""A lesson of more than ten minutes: its author asks with a reason, a curator allows it, and it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotValid
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import amending, importing, lengths, rules
from peerlearn.lessons.folders import Found
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lint_command import lint_files
from peerlearn.review import actions
from peerlearn.review.models import Review, ReviewAct
from tests import factories
from tests.factories import JUDGEMENT
from tests.page import Client
from tests.review.test_actions import Desk
from tests.review.test_pages import RATED, address, words
from tests.review.test_trust import LATER, SMALL, Shop

Browser = Callable[[Person], Client]
REASON = "The whole restore has to be seen once, from the copy to the first sign-in."
ASKED = f"why_longer: {REASON}\n"
LONG = "\n\nWe write it down here." * 420  # with the rest of the lesson about eleven minutes
ALLOWED = replace(JUDGEMENT, may_be_longer=True)


def source(topic: Any, front: str = ASKED, more: str = LONG) -> str:
    return factories.lesson_text(topic, front=front).replace("Then show each step.", f"Then show each step.{more}")


class LongDesk(Desk):
    """A desk on which the lesson that waits is too long, and says why."""

    def __init__(self) -> None:
        super().__init__()
        text = source(self.topic)
        with clock.at(LATER):
            self.lesson, revision = lessons.import_file(text, owner=self.author, by=self.author)
            assert revision is not None
            lessons.submit(revision, by=self.author)
            db.session.commit()
        self.review = db.session.scalars(select(Review).where(Review.revision_id == revision.id)).one()


@pytest.fixture
def desk(db: Any) -> LongDesk:
    return LongDesk()


@pytest.mark.parametrize(
    ("exact", "allowed", "expected"),
    [(10.0, 0, False), (10.01, 0, True), (12.0, 12, False), (12.01, 12, True), (9.0, 5, False), (10.5, 5, True)],
)
def test_what_is_too_long(exact: float, allowed: float, expected: bool) -> None:
    assert rules.is_too_long(exact, allowed) is expected


def test_without_a_reason_it_cannot_be_handed_in(desk: LongDesk) -> None:
    with clock.at(LATER):
        _lesson, revision = lessons.import_file(source(desk.topic, front=""), owner=desk.author, by=desk.author)
        assert revision is not None
        with pytest.raises(lessons.NotReady) as refused:
            lessons.submit(revision, by=desk.author)
    assert {problem.code for problem in refused.value.problems if problem.level == "error"} == {"too-long"}


def test_a_curator_allows_it_in_so_many_words_and_that_is_kept(desk: LongDesk) -> None:
    with pytest.raises(NotValid) as refused:
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    assert set(refused.value.fields) == {"may_be_longer"}
    db.session.rollback()
    actions.approve(desk.fresh(), ALLOWED, by=desk.me(desk.tom))
    db.session.commit()
    lesson = db.session.get_one(Lesson, desk.lesson.id)
    assert (lesson.state, lesson.minutes_allowed) == ("published", lesson.minutes)
    assert lesson.minutes > 10
    act = db.session.scalars(select(ReviewAct).where(ReviewAct.act == "allowed_longer")).one()
    assert (act.actor_id, act.lesson_id, act.note) == (desk.tom.id, lesson.id, REASON)


def test_what_is_not_longer_allows_nothing(db: Any) -> None:
    desk = Desk()
    actions.approve(desk.fresh(), ALLOWED, by=desk.me(desk.tom))
    assert lengths.allowed(desk.lesson.id) == 0
    assert not db.session.scalars(select(ReviewAct).where(ReviewAct.act == "allowed_longer")).all()


def test_once_allowed_its_next_text_needs_no_reason_unless_it_grows(desk: LongDesk) -> None:
    actions.approve(desk.fresh(), ALLOWED, by=desk.me(desk.tom))
    db.session.commit()
    author, lesson = desk.me(desk.author), db.session.get_one(Lesson, desk.lesson.id)
    published = db.session.get_one(Revision, lesson.published_id)
    same = published.source.replace(ASKED, "").replace("Then show each step.", "Then show every step.")
    levels = {problem.code: problem.level for problem in lessons.prepare(lesson, same).problems}
    assert levels.keys() & {"too-long", "asks-for-longer", "long"} == {"long"}
    grown = same.replace("Then show every step.", f"Then show every step.{' word' * 500}")
    assert "too-long" in {problem.code for problem in lessons.prepare(lesson, grown).problems}
    asked = lessons.prepare(lesson, grown.replace("---\n\n## Begin", f"{ASKED}---\n\n## Begin"))
    assert "asks-for-longer" in {problem.code for problem in asked.problems}
    with pytest.raises(NotValid):
        amending.amend(lesson, asked, writer=author, by=desk.me(desk.tom))
    plan = importing.plan([Found(Path("a.md"), "a.md", same)], owner=author, hand_in=True)
    assert [each.fate for each in plan.files] == ["update"]
    plan = importing.plan([Found(Path("a.md"), "a.md", grown)], owner=author, hand_in=True)
    assert [each.fate for each in plan.files] == ["refused"]


def test_nothing_that_is_longer_goes_live_unseen(db: Any) -> None:
    shop = Shop()
    with clock.at(LATER):
        lesson = db.session.get_one(Lesson, shop.lessons[0].id)
        draft = shop.edit(*SMALL)
        assert draft.state == "published"
        draft.minutes = 10.5
        draft.state = "submitted"
        with pytest.raises(NotValid):
            lessons.publish(draft, by=shop.tom)
        lesson.minutes_allowed = 11
        lessons.publish(draft, by=shop.tom)


def test_a_curator_reads_the_reason_and_the_author_reads_who_allowed_it(desk: LongDesk, client_for: Browser) -> None:
    tom, ada = client_for(desk.tom), client_for(desk.author)
    assert REASON in words(tom.get(address(desk, "/decision")))
    page = tom.post(address(desk, "/approve"), RATED, token_from="/review", status=422)
    assert "This takes more than ten minutes. Allow that, or ask for changes." in words(page)
    tom.post(address(desk, "/approve"), RATED | {"may_be_longer": "y"}, token_from="/review", to="/review")
    seen = words(ada.get(f"/write/{desk.lesson.id}/history"))
    assert "Tom Curator allowed a longer lesson" in seen
    assert REASON in seen
    assert "Longer than ten minutes" not in words(tom.get(address(desk, "/decision")))


def test_an_ordinary_lesson_is_not_asked_about(db: Any, client_for: Browser) -> None:
    desk = Desk()
    assert "Longer than ten minutes" not in words(client_for(desk.tom).get(address(desk, "/decision")))


@pytest.mark.parametrize(("front", "code"), [("", 1), (ASKED, 0), ("why_longer: No time.\n", 1)])
def test_the_command_line_judges_alike(app: Flask, db: Any, tmp_path: Path, front: str, code: int) -> None:
    path = tmp_path / "long.md"
    path.write_text(source(factories.topic(), front=front), "utf-8")
    result = app.test_cli_runner().invoke(lint_files, [str(path)])
    assert result.exit_code == code, result.output
