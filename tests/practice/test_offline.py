"""Answers from without a network: when they were given, what follows from them, and that they count once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotValid
from peerlearn.core.facts import Fact
from peerlearn.points import actions as points
from peerlearn.points.models import LedgerEntry
from peerlearn.practice import actions, arrivals, queries, rules, syncing
from peerlearn.practice.models import Memory, SetQuestion
from peerlearn.practice.syncing import Fate
from peerlearn.quizzes.answering import Unreadable
from peerlearn.streaks import actions as streaks
from peerlearn.streaks.models import ActiveDay
from tests import factories
from tests.factories import Walk
from tests.practice.days import Practice

NOW = datetime(2026, 1, 8, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("ago", "began", "found"),
    [
        (0, 3 * HOUR, 0 * HOUR),
        (3600, 3 * HOUR, HOUR),
        (48 * 3600, 60 * HOUR, 48 * HOUR),  # the last moment that counts
        (48 * 3600 + 1, 60 * HOUR, None),
        (10**9, 60 * HOUR, None),
        (5 * 3600, 3 * HOUR, 3 * HOUR),  # nothing was answered before its set was drawn
        (60 * 3600, 40 * HOUR, 40 * HOUR),
        (-3600, 3 * HOUR, 0 * HOUR),  # nor later than now
        (0, -HOUR, 0 * HOUR),
    ],
)
def test_when_an_answer_was_given(ago: int, began: timedelta, found: timedelta | None) -> None:
    moment = rules.moment_offline(ago, NOW, NOW - began)
    assert moment == (None if found is None else NOW - found)


class Train(Practice):
    """A set that was drawn in the morning and is answered where no network is."""

    def send(self, position: int, later: timedelta, ago: timedelta, key: str = "", *, right: bool = True) -> Fate:
        """Answer one question `ago` before a moment that is `later` than the drawing of the set."""
        sitting = self.again()
        asked = sitting.questions[position - 1]
        with clock.at(self.moment + later):
            fate = syncing.take_in(
                sitting,
                asked,
                self.right_answer(asked, right),
                "certain",
                key=key or str(uuid.uuid4()),
                seconds_ago=int(ago.total_seconds()),
                by=self.person,
            )
            db.session.commit()
        return fate


@pytest.fixture
def train(app: Any) -> Train:
    """Three questions of Wednesday morning, nine o'clock."""
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    train = Train(walk.person, walk.moment + timedelta(days=2))
    train.start()
    return train


def days_of(train: Train) -> dict[str, bool]:
    """The person's days, and which of them count."""
    rows = db.session.execute(select(ActiveDay.day, ActiveDay.counts).where(ActiveDay.person_id == train.person.id))
    return {row.day.isoformat(): row.counts for row in rows}


def paid(train: Train) -> list[LedgerEntry]:
    """What practice paid the person."""
    mine = select(LedgerEntry).where(LedgerEntry.person_id == train.person.id, LedgerEntry.rule.in_(("L2", "L3")))
    return list(db.session.scalars(mine.order_by(LedgerEntry.id)))


def test_answers_count_for_their_day_and_points_come_when_they_come_in(train: Train) -> None:
    next_day = timedelta(days=1)
    for position in (1, 2, 3):
        assert train.send(position, next_day + position * HOUR, next_day) is Fate.COUNTED
    assert days_of(train) == {"2026-01-05": True, "2026-01-07": True}
    memories = list(db.session.scalars(select(Memory).where(Memory.person_id == train.person.id)))
    assert {memory.answered_on.isoformat() for memory in memories} == {"2026-01-07"}
    entries = paid(train)
    assert [entry.rule for entry in entries] == ["L2", "L2", "L2", "L3"]
    assert {entry.day.isoformat() for entry in entries} == {"2026-01-07"}, "the day it counts for"
    assert {entry.at.date().isoformat() for entry in entries} == {"2026-01-08"}, "when it came in"
    assert points.verify() == []
    assert streaks.verify() == []


def test_a_day_with_later_days_is_told_again(train: Train) -> None:
    walk = Walk(train.person, factories.published_lesson().slug, train.moment + timedelta(days=1))
    walk.read()
    walk.quiz()
    assert days_of(train) == {"2026-01-05": True, "2026-01-08": True}
    for position in (1, 2, 3):
        train.send(position, timedelta(days=1, hours=3), timedelta(days=1))
    assert days_of(train) == {"2026-01-05": True, "2026-01-07": True, "2026-01-08": True}
    last = select(ActiveDay).where(ActiveDay.person_id == train.person.id).order_by(ActiveDay.day.desc()).limit(1)
    assert db.session.scalars(last.execution_options(populate_existing=True)).one().length == 3
    assert streaks.verify() == []
    assert points.verify() == []


def test_they_have_no_time_of_their_own_and_are_never_easy(train: Train) -> None:
    for memory in db.session.scalars(select(Memory).where(Memory.person_id == train.person.id)):
        memory.passes = 5
    for asked in train.again().questions:
        asked.quick_below = 10**6
    db.session.commit()
    with clock.at(train.moment):
        actions.next_question(train.again(), by=train.person)
        db.session.commit()
    train.send(1, timedelta(seconds=2), timedelta(0))
    stored = train.again().questions[0]
    assert (stored.seconds, stored.is_rapid, stored.rating) == (None, False, 3)
    data = db.session.scalars(select(Fact.data).where(Fact.type == "ItemReviewed")).one()
    assert (data["seconds"], data["is_rapid"], data["was_due"]) == (None, False, True)


def test_a_set_that_is_answered_at_once_is_hasty_and_pays_nothing(train: Train) -> None:
    keys = [str(uuid.uuid4()) for _ in range(3)]
    for position, key in enumerate(keys, start=1):
        assert train.send(position, timedelta(seconds=1), timedelta(0), key) is Fate.HASTY
        assert train.send(position, timedelta(seconds=2), timedelta(0), key) is Fate.HASTY, "said again, not marked"
    rows = train.again().questions
    assert [(row.is_rapid, row.seconds) for row in rows[:3]] == [(True, None)] * 3
    assert [row.answered_at for row in rows[3:]] == [None] * 3, "each is asked once more"
    mine = select(Memory.reviews).where(Memory.person_id == train.person.id)
    assert list(db.session.scalars(mine)) == [0, 0, 0]
    paid = select(LedgerEntry).where(LedgerEntry.person_id == train.person.id, LedgerEntry.amount > 0)
    before = train.moment - HOUR
    assert [entry.rule for entry in db.session.scalars(paid) if entry.at > before] == []
    assert arrivals.newest(train.person.id, train.moment + HOUR) == []


@pytest.mark.parametrize(("seconds", "hasty"), [(1.9, [True] * 3), (2.0, [False, True, True]), (6, [False] * 3)])
def test_answers_of_a_set_share_the_time_since_it_was_drawn(train: Train, seconds: float, hasty: list[bool]) -> None:
    fates = [train.send(position, timedelta(seconds=seconds), 10 * HOUR) for position in (1, 2, 3)]
    assert [fate is Fate.HASTY for fate in fates] == hasty


def test_the_same_answer_again_changes_nothing(train: Train) -> None:
    key = str(uuid.uuid4())
    assert train.send(1, HOUR, HOUR, key) is Fate.COUNTED
    before = train.again().questions[0].answer
    assert train.send(1, 2 * HOUR, 2 * HOUR, key, right=False) is Fate.COUNTED
    assert train.again().questions[0].answer == before
    assert len(paid(train)) == 1
    assert train.send(1, 2 * HOUR, HOUR, right=False) is Fate.ELSEWHERE
    assert len(paid(train)) == 1


def test_what_was_answered_elsewhere_meanwhile_stays(train: Train) -> None:
    train.answer()
    assert train.send(1, HOUR, HOUR, right=False) is Fate.ELSEWHERE
    assert train.again().questions[0].is_right
    assert train.again().questions[0].synced_as is None


def test_two_days_are_the_limit(train: Train) -> None:
    assert train.send(1, timedelta(days=3), timedelta(hours=48, seconds=1)) is Fate.LATE
    assert train.again().questions[0].answered_at is None
    assert train.send(1, timedelta(days=3), timedelta(hours=48)) is Fate.COUNTED


def test_nothing_was_answered_before_it_was_asked(train: Train) -> None:
    train.send(1, HOUR, 5 * HOUR)
    assert train.again().questions[0].answered_at == train.moment


def test_an_item_changes_once_a_day_also_when_a_later_day_came_first(train: Train) -> None:
    later = Train(train.person, train.moment + timedelta(days=1))
    later.start()
    later.answer()
    item = later.again().questions[0].item_id
    before = db.session.get_one(Memory, (train.person.id, item)).stability
    position = next(asked.position for asked in train.again().questions if asked.item_id == item)
    assert train.send(position, timedelta(days=1, hours=2), timedelta(days=1)) is Fate.COUNTED
    db.session.expire_all()
    assert db.session.get_one(Memory, (train.person.id, item)).stability == before
    assert train.again().questions[position - 1].rating is None


def test_an_item_changes_once_a_day_also_when_a_quiz_asked_it_meanwhile(app: Any) -> None:
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    walk.quiz(False, True, True)
    walk.moment += timedelta(days=2)
    practice = Practice(walk.person, walk.moment)
    practice.start()
    walk.quiz(True)
    item = next(asked.item_id for asked in practice.again().questions if asked.version.kind == "single")
    before = db.session.get_one(Memory, (walk.person.id, item)).stability
    practice.moment = walk.moment
    while practice.waiting:
        practice.answer(confidence="certain")
    db.session.expire_all()
    memory = db.session.get_one(Memory, (walk.person.id, item))
    assert (memory.stability, memory.reviews) == (before, 0)
    ratings = {asked.version.kind: asked.rating for asked in practice.again().questions if asked.kind == "due"}
    assert ratings == {"single": None, "true-false": 3, "text": 3}


def test_what_cannot_be_read_is_not_taken_in(train: Train) -> None:
    sitting = train.again()
    args: dict[str, Any] = {"key": str(uuid.uuid4()), "seconds_ago": 0, "by": train.person}
    with clock.at(train.moment + HOUR):
        for given, sure in (
            (Unreadable("Choose one answer."), "certain"),
            (train.right_answer(sitting.questions[0]), ""),
        ):
            with pytest.raises(NotValid):
                syncing.take_in(sitting, sitting.questions[0], given, sure, **args)
    assert train.again().questions[0].answered_at is None


def test_a_near_miss_has_no_second_try(train: Train) -> None:
    position = next(asked.position for asked in train.again().questions if asked.version.kind == "text")
    sitting = train.again()
    asked = sitting.questions[position - 1]
    given = train.right_answer(asked)
    near = type(given)(given.kind, ("last stepp",))
    with clock.at(train.moment + HOUR):
        syncing.take_in(sitting, asked, near, "fairly", key=str(uuid.uuid4()), seconds_ago=0, by=train.person)
    assert asked.answered_at is not None


def test_what_came_in_is_shown_for_two_days(train: Train) -> None:
    train.send(1, HOUR, HOUR)
    train.send(2, 2 * HOUR, HOUR)
    found = arrivals.newest(train.person.id, train.moment + 3 * HOUR)
    assert [row.position for row in found] == [2, 1]
    assert [row.position for row in arrivals.newest(train.person.id, train.moment + 49.5 * HOUR)] == [2]
    assert arrivals.newest(factories.person().id, train.moment) == []


@pytest.mark.parametrize("count", [3, 30])
def test_taking_one_in_costs_as_much_as_an_answer(train: Train, statements: list[str], count: int) -> None:
    for _ in range(count):
        other = Walk(train.person, factories.published_lesson().slug, train.moment - timedelta(days=2))
        other.read()
        other.quiz()
    for position in (1, 2):
        statements.clear()
        with clock.at(train.moment + 2 * HOUR):
            sitting = queries.sitting(train.set_id, train.person.id)
            assert sitting is not None
            asked = sitting.questions[position - 1]
            given = train.right_answer(asked)
            syncing.take_in(sitting, asked, given, "fairly", key=str(uuid.uuid4()), seconds_ago=60, by=train.person)
        assert len(statements) <= 9, statements
    assert db.session.scalar(select(SetQuestion.synced_at).where(SetQuestion.set_id == train.set_id).limit(1))


def test_a_set_is_finished_on_the_day_of_its_latest_answer(train: Train) -> None:
    train.send(1, timedelta(days=1, hours=1), timedelta(0))
    train.send(2, timedelta(days=1, hours=2), timedelta(days=1))
    train.send(3, timedelta(days=1, hours=3), timedelta(days=1))
    [finished] = db.session.scalars(select(Fact).where(Fact.type == "DailySetFinished"))
    assert finished.day.isoformat() == "2026-01-08"
    assert streaks.verify() == []
