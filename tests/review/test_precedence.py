"""Who comes second: a curator of an author's team decides only where nobody else can, and that is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from peerlearn.accounts.models import Absence, Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed
from peerlearn.lessons.models import Lesson
from peerlearn.review import actions, appealing, assigning, escalating, impartiality, owning, queries, tending, waiting
from peerlearn.review.impartiality import Closeness, Position, position
from peerlearn.review.models import ReviewAct
from tests import factories
from tests.conftest import Statements
from tests.factories import JUDGEMENT
from tests.page import Client
from tests.review.test_actions import THURSDAY, Desk, facts
from tests.review.test_assigning import asked, holds, suggest
from tests.review.test_impartiality import lead, words

Browser = Callable[[Person], Client]
LATER = THURSDAY + timedelta(hours=3)
WORDS = impartiality.NOTED[impartiality.NOTES[Closeness.COLLEAGUE]]
REASON = "It holds what people need, and the facts are right."


# the law


@pytest.mark.parametrize(
    ("close", "second", "is_let", "expected"),
    [
        (None, None, False, (True, None)),
        (None, "colleague", False, (False, None)),
        (None, "colleague", True, (True, Closeness.COLLEAGUE)),
        ("leads", "colleague", True, (False, None)),
        ("leads", None, True, (False, None)),
        (None, None, True, (True, None)),
    ],
)
def test_whoever_comes_second_decides_only_when_let(
    close: str | None, second: str | None, is_let: bool, expected: tuple[bool, Closeness | None]
) -> None:
    found = position(
        had_a_hand=False,
        looked_after=True,
        closeness=close,
        is_handed_up=False,
        may_stand_in=False,
        comes_second=second,
        is_let=is_let,
    )
    assert (found.may_decide, found.steps_in) == expected


# on a database


class Room(Desk):
    """A lesson that waits, two curators from other teams, and one from the team of its author."""

    def __init__(self) -> None:
        super().__init__()
        role = factories.curator_of(self.topic.id)
        self.near = factories.person("Nia Near", roles=role, team_id=self.author.team_id)

    def place(self, who: Person) -> Position:
        """How somebody stands to the review; the queue, which finds it in another way, must agree."""
        db.session.commit()
        found = queries.standing(self.fresh(), self.me(who))
        (row,) = [row for row in waiting.queue(self.me(who)).rows if row.id == self.review.id]
        assert bool(row.is_free) == found.may_decide
        assert bool(row.gives_way) == (found.closeness in impartiality.STEPS_IN)
        return found

    def leave(self, *people: Person, reason: str = "busy") -> None:
        for who in people:
            actions.decline(self.fresh(), reason, by=self.me(who))
        db.session.commit()

    def notes(self) -> list[str]:
        """What the history adds to decisions about the review."""
        acts = ("approved", "first_approved", "changes_requested", "rejected", "scheduled")
        wanted = select(ReviewAct.note).where(ReviewAct.review_id == self.review.id, ReviewAct.act.in_(acts))
        return list(db.session.scalars(wanted.order_by(ReviewAct.id)))


@pytest.fixture
def room(db: Any) -> Room:
    return Room()


def test_a_curator_of_the_authors_team_leaves_it_to_others(room: Room) -> None:
    with clock.at(LATER):
        assert room.place(room.near).closeness is Closeness.COLLEAGUE
        assert room.place(room.tom).may_decide
        for act in (
            lambda: actions.claim(room.fresh(), by=room.me(room.near)),
            lambda: actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.near)),
            lambda: room.block(room.near),
        ):
            with pytest.raises(NotAllowed, match="in your team"):
                act()
        assert not waiting.counts(room.me(room.near), clock.now(), clock.zone("UTC")).reviews
        assert waiting.counts(room.me(room.tom), clock.now(), clock.zone("UTC")).reviews == 1


def test_a_colleague_of_a_co_author_leaves_it_to_others_too(room: Room) -> None:
    lesson, helper = room.fresh().lesson, factories.person("Helper")
    factories.write_along(lesson, helper)
    close = factories.person(roles=factories.curator_of(room.topic.id), team_id=helper.team_id)
    with clock.at(LATER):
        assert room.place(close).closeness is Closeness.COLLEAGUE


def test_people_without_a_team_are_no_colleagues(room: Room) -> None:
    db.session.execute(update(Person).where(Person.id.in_((room.near.id, room.author.id))).values(team_id=None))
    with clock.at(LATER):
        assert room.place(room.near).may_decide


@pytest.mark.parametrize("why", ["gone", "leads", "left", "too close", "away", "none"])
def test_where_nobody_else_can_they_decide_and_it_stands_in_the_history(room: Room, why: str) -> None:
    others = room.tom, room.uma
    with clock.at(LATER):
        if why == "gone":
            db.session.execute(update(Person).where(Person.id.in_([one.id for one in others])).values(is_active=False))
        elif why == "leads":
            for one in others:
                lead(one, room.author.team_id)
        elif why in ("left", "too close"):
            room.leave(*others, reason="busy" if why == "left" else "conflict")
        elif why == "away":
            for one in others:
                day = date(2026, 1, 8)
                db.session.add(Absence(person_id=one.id, first_day=day, last_day=day))
        else:
            db.session.execute(delete(Grant).where(Grant.person_id.in_([one.id for one in others])))
        db.session.commit()
        if why not in ("left", "too close"):
            assert room.place(room.near).closeness is Closeness.COLLEAGUE  # until somebody looks
            tending.hand_up_stranded()
        assert room.place(room.near).steps_in is Closeness.COLLEAGUE
        assert room.fresh().handed_up_at is None
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.near))
        assert room.notes() == ["colleague"]
        assert facts("ReviewDone")[-1]["stood_in"] is False


def test_as_long_as_one_can_nobody_else_is_let(room: Room) -> None:
    with clock.at(LATER):
        room.leave(room.tom)
        assert not tending.hand_up_stranded()
        assert room.place(room.near).closeness is Closeness.COLLEAGUE
        assert room.fresh().widened_at is None


def test_leaving_one_lesson_to_others_says_nothing_of_the_next(room: Room) -> None:
    with clock.at(LATER):
        _lesson, other = factories.reviewed_lesson(factories.person(), room.topic)
        for one in (room.tom, room.uma):
            actions.decline(room.fresh(other), "busy", by=room.me(one))
        db.session.commit()
        tending.hand_up_stranded()
        assert room.place(room.near).closeness is Closeness.COLLEAGUE


def test_what_is_open_to_colleagues_stays_so(room: Room) -> None:
    with clock.at(LATER):
        room.leave(room.tom, room.uma)
        opened_at = room.fresh().widened_at
        factories.person(roles=factories.curator_of(room.topic.id))
        tending.hand_up_stranded()
        assert room.place(room.near).may_decide
        assert room.fresh().widened_at == opened_at == LATER


def test_a_topic_whose_only_curator_is_a_colleague_never_waits(room: Room) -> None:
    topic = factories.topic()
    only = factories.person(roles=factories.curator_of(topic.id), team_id=room.author.team_id)
    with clock.at(LATER):
        room.lesson, room.review = factories.reviewed_lesson(room.me(room.author), topic)
        assert room.place(only).steps_in is Closeness.COLLEAGUE
        assert room.fresh().handed_up_at is None


def test_where_even_colleagues_are_too_close_administrators_are_asked(room: Room) -> None:
    with clock.at(LATER):
        room.leave(room.tom, room.uma, room.near, reason="conflict")
        assert room.fresh().handed_up_at == LATER


def test_what_waits_too_long_is_open_to_colleagues_and_they_are_told(room: Room) -> None:
    late = THURSDAY + timedelta(days=5)
    with clock.at(late):
        assert room.place(room.near).closeness is Closeness.COLLEAGUE
        escalating.escalate()
        db.session.commit()
        assert room.place(room.near).steps_in is Closeness.COLLEAGUE
    (told,) = facts("ReviewOverdue")
    assert sorted(told["asked_ids"]) == sorted([room.tom.id, room.uma.id, room.near.id])


def test_whoever_has_begun_goes_on(room: Room) -> None:
    """Who changes to the author's team meanwhile keeps what they claimed, and the next round of what they sent back."""
    with clock.at(LATER):
        actions.claim(room.fresh(), by=room.me(room.tom))
        room.me(room.tom).team_id = room.author.team_id
        db.session.commit()
        assert room.place(room.tom).may_decide
        room.send_back(room.tom)
        room.review = room.resubmit()
        assert room.place(room.tom).may_decide
        assert not room.place(room.near).may_decide
        room.leave(room.tom)
        assert not room.place(room.tom).may_decide


def test_nothing_is_suggested_to_colleagues_while_others_are_there(room: Room) -> None:
    holds(room.near, room, 0.9)
    suggest(LATER)
    assert len(asked(room.review)) == 1
    assert room.near.id not in asked(room.review)
    with clock.at(LATER):
        room.leave(room.tom, room.uma)
    suggest(LATER)
    assert asked(room.review) == [room.near.id]


def for_some(room: Room) -> None:
    """A restricted lesson of the author's team waits instead."""
    front = f"classification: restricted\naudience: [{room.me(room.author).team.slug}]\n"
    room.lesson, room.review = factories.reviewed_lesson(room.me(room.author), room.topic, front=front)


def test_of_two_curators_the_one_from_the_owners_team_comes_first(room: Room) -> None:
    with clock.at(LATER):
        for_some(room)
        assert room.place(room.near) == room.place(room.tom)
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.tom))
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.near))
        assert room.notes() == ["", ""]
        assert room.fresh().state == "approved"


def test_a_second_colleague_leaves_the_other_approval_to_another_team(room: Room) -> None:
    mate = factories.person(roles=factories.curator_of(room.topic.id), team_id=room.author.team_id)
    with clock.at(LATER):
        for_some(room)
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.near))
        assert room.place(mate).closeness is Closeness.COLLEAGUE
        room.leave(room.tom, room.uma)
        assert room.place(mate).steps_in is Closeness.COLLEAGUE
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(mate))
        assert room.notes() == ["", "colleague"]


def test_an_open_lesson_that_becomes_restricted_needs_two_as_well(room: Room) -> None:
    with clock.at(LATER):
        lesson = db.session.get_one(Lesson, room.lesson.id)
        lesson.classification = "confidential"
        db.session.commit()
        assert room.place(room.near).may_decide


def test_an_appeal_comes_to_a_colleague_only_after_others(room: Room) -> None:
    with clock.at(LATER):
        actions.reject(room.fresh(), "other", actions.Judgement({}, {}, REASON), by=room.me(room.tom))
        room.review = appealing.appeal(room.fresh(), REASON, by=room.me(room.author))
        assert room.place(room.near).closeness is Closeness.COLLEAGUE
        room.leave(room.uma)
        assert room.place(room.near).may_decide
        assert room.fresh().handed_up_at is None


def test_looking_writes_nothing_for_nothing(room: Room, statements: Statements) -> None:
    with clock.at(LATER):
        assert not tending.hand_up_stranded()
        statements.clear()
        assert not tending.hand_up_stranded()
    assert len(statements) == 2
    assert all(one.lstrip().startswith("SELECT") for one in statements)


# pages


def test_the_pages_say_why_it_is_left_to_others(room: Room, client_for: Browser) -> None:
    browser = client_for(room.near)
    queue = words(browser.get("/review"))
    assert "Others first" in queue
    assert "Too close" not in queue
    page = words(browser.get(f"/review/{room.review.id}/decision"))
    assert impartiality.SENTENCES[Closeness.COLLEAGUE] in page
    assert "Approve and publish" not in page
    refused = browser.post(f"/review/{room.review.id}/claim", {}, status=403)
    assert "in your team" in refused.text
    assert "Others first" not in words(client_for(room.tom).get("/review"))


def test_whoever_steps_in_is_told_and_the_authors_read_it(room: Room, client_for: Browser) -> None:
    with clock.at(LATER):
        room.leave(room.tom, room.uma)
    browser = client_for(room.near)
    page = words(browser.get(f"/review/{room.review.id}/decision"))
    assert impartiality.STEPS_IN[Closeness.COLLEAGUE] in page
    assert "Approve and publish" in page
    assert "because nobody else can" not in words(client_for(room.tom).get(f"/review/{room.review.id}/decision"))
    with clock.at(LATER):
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.near))
        db.session.commit()
    assert WORDS in words(client_for(room.author).get(f"/write/{room.lesson.id}/history"))
    assert WORDS in words(browser.get(f"/review/{room.review.id}/decision"))


def test_without_the_name_nobody_is_told_whose_team_it_is(room: Room, client_for: Browser) -> None:
    with clock.at(LATER):
        room.leave(room.tom, room.uma)
        room.fresh().is_blind = True
        db.session.commit()
    page = words(client_for(room.near).get(f"/review/{room.review.id}/decision"))
    assert "team of an author" not in page
    assert "Approve and publish" in page


def test_of_the_team_that_owns_it_nobody_is_held_up_by_this(room: Room) -> None:
    """Whoever is awaited there for the second approval may give it."""
    with clock.at(LATER):
        for_some(room)
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.tom))
        db.session.commit()
        with pytest.raises(NotAllowed):
            owning.insist(room.fresh(), room.me(room.uma))
    with clock.at(LATER + timedelta(hours=1)):
        assigning.suggest("UTC")
    assert asked(room.review) == [room.near.id]
