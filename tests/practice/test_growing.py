"""How much more somebody holds at the end of a week: known on any day, without anybody looking on Monday."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.lessons.models import Lesson
from peerlearn.practice import growing, memory, needing, state
from peerlearn.practice.growing import Trace
from peerlearn.practice.models import Growth, Memory
from peerlearn.practice.state import Given, Importance, State
from tests import factories
from tests.points.records import MONDAY

DAY = MONDAY.date()
NEXT = DAY + timedelta(days=7)


def learned(*answers: tuple[int, bool]) -> State:
    """A memory after answers, each so many days after a Monday."""
    found: State | None = None
    for days, is_right in answers:
        given = Given(DAY + timedelta(days=days), is_right, None, was_due=found is not None)
        found = state.after(found, given, Importance()).state
    assert found is not None
    return found


def trace(*answers: tuple[int, bool]) -> Trace:
    """The same as what is added up."""
    found = learned(*answers)
    return Trace(1, found.stability, found.answered_on, found.before_stability, found.before_answered_on)


def test_a_memory_keeps_how_it_was_when_the_week_began() -> None:
    first, again = learned((0, True)), learned((0, True), (9, True))
    assert (first.before_stability, first.before_answered_on) == (None, None)
    assert (again.before_stability, again.before_answered_on) == (first.stability, DAY)
    twice = learned((0, True), (9, True), (11, True))
    assert (twice.before_stability, twice.before_answered_on) == (first.stability, DAY)
    later = learned((0, True), (9, True), (11, True), (20, True))
    assert (later.before_stability, later.before_answered_on) == (twice.stability, DAY + timedelta(days=11))


def test_the_worked_example_of_what_is_held_at_both_ends() -> None:
    """ENGINE E4: A right on days 0 and 2, B on day 0, C wrong on day 0 and right on day 1."""
    traces = [trace((0, True), (2, True)), trace((0, True)), trace((0, False), (1, True))]
    before, after = growing.totals(traces, DAY)
    assert before == 0
    held = [(10.9643, 5), (2.3065, 7), (traces[2].stability, 6)]
    assert after == pytest.approx(sum(memory.retrievability(s, days) for s, days in held), abs=1e-4)
    then, now = growing.totals(traces, NEXT)
    assert then == pytest.approx(after)
    assert now < then
    # on day 10 they hold 2.4596: what is told there lies between the ends of that week
    assert now < 2.4596 < then


def test_an_answer_of_the_week_before_changes_nothing_about_its_beginning() -> None:
    """Added up on any day, the week begins with the same."""
    for answers in (((-10, True),), ((-10, True), (1, True)), ((-10, True), (1, True), (4, False))):
        assert trace(*answers).held_on(DAY) == pytest.approx(trace((-10, True)).held_on(DAY))
    assert trace((2, True)).held_on(DAY) == 0


@pytest.fixture
def lessons(db: Any) -> Sequence[Lesson]:
    return [factories.published_lesson(None, factories.topic()) for _ in range(2)]


def learns(person: Person, lesson: Lesson, moment: Any) -> None:
    walk = factories.Walk(factories.reloaded(person), lesson.slug, moment=moment)
    walk.read()
    walk.quiz()
    database.session.commit()


def growth_of(person: Person) -> dict[date, tuple[float, float]]:
    rows = database.session.scalars(select(Growth).where(Growth.person_id == person.id)).all()
    return {row.week: (row.before, row.after) for row in rows}


def test_a_lesson_is_growth_and_the_next_week_begins_with_it(
    db: Any, person: Person, lessons: Sequence[Lesson]
) -> None:
    learns(person, lessons[0], MONDAY)
    with clock.at(MONDAY + timedelta(hours=3)):
        growing.renew({person.id})
    db.session.commit()
    kept = db.session.scalars(select(Memory).where(Memory.person_id == person.id)).all()
    after = sum(memory.retrievability(row.stability, 7) for row in kept)
    assert growth_of(person) == {DAY: (0.0, pytest.approx(after))}
    learns(person, lessons[1], MONDAY + timedelta(days=8))
    with clock.at(MONDAY + timedelta(days=9)):
        growing.renew({person.id})
    db.session.commit()
    found = growth_of(person)
    assert found[NEXT][0] == pytest.approx(after)
    assert found[NEXT][1] > found[NEXT][0]
    assert found[DAY] == (0.0, pytest.approx(after))


def test_what_the_team_needs_counts_or_everything(db: Any, person: Person, lessons: Sequence[Lesson]) -> None:
    for lesson in lessons:
        learns(person, lesson, MONDAY)
    with clock.at(MONDAY + timedelta(hours=3)):
        growing.renew({person.id})
        everything = growth_of(person)[DAY][1]
        team = factories.reloaded(person).team
        needing.choose(team, [lessons[0].topic_id], by=factories.person())
        db.session.commit()
        growing.renew({person.id})
        db.session.expire_all()
        assert growth_of(person)[DAY][1] == pytest.approx(everything / 2)


def test_adding_up_takes_two_statements_for_three_and_for_many(
    db: Any, person: Person, lessons: Sequence[Lesson], statements: list[str]
) -> None:
    counts = []
    for lesson in lessons:
        learns(person, lesson, MONDAY)
        with clock.at(MONDAY + timedelta(hours=3)):
            statements.clear()
            growing.keep(growing.added_up([person.id]))
            counts.append(len(statements))
    assert counts == [2, 2]


def test_who_remembers_nothing_has_no_row(db: Any, person: Person) -> None:
    growing.renew({person.id})
    assert growth_of(person) == {}


def test_many_are_added_up_at_once_as_each_alone(
    db: Any, lessons: Sequence[Lesson], statements: list[str], person: Person
) -> None:
    """It takes one statement for one and for two; who is in another zone has their own Monday."""
    far = factories.person(timezone="Pacific/Auckland")
    for each in (person, far):
        learns(each, lessons[0], MONDAY - timedelta(days=3))
    sunday = MONDAY.replace(hour=20, minute=0) - timedelta(days=1)
    learns(far, lessons[1], sunday)
    found: list[Any] = []
    with clock.at(sunday + timedelta(hours=1)):
        for whom in ([person.id], [far.id], [person.id, far.id]):
            statements.clear()
            found.append((growing.added_up(whom), len(statements)))
    (one, first), (other, second), (both, third) = found
    assert first == second == third == 1
    assert sorted(both, key=lambda row: int(row["person_id"])) == [*one, *other]
    assert [row["week"] for row in both] == [DAY - timedelta(days=7), DAY]


def test_who_answers_while_it_is_worked_out_is_added_up_the_next_time(
    db: Any, person: Person, lessons: Sequence[Lesson], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was worked out from older memories never takes the place of what was worked out from newer ones."""
    other = factories.person()
    for each in (person, other):
        learns(each, lessons[0], MONDAY)
    work = growing.added_up

    def meanwhile(person_ids: Any) -> Any:
        found = work(person_ids)
        db.session.execute(update(Memory).where(Memory.person_id == person.id).values(stability=2 * Memory.stability))
        return found

    with clock.at(MONDAY + timedelta(hours=3)):
        with monkeypatch.context() as patch:
            patch.setattr(growing, "added_up", meanwhile)
            assert growing.renew({person.id, other.id}) is True
        db.session.commit()
        assert growth_of(person) == {}
        assert growth_of(other)[DAY][1] > 0
        assert growing.renew({person.id, other.id}) is False
        db.session.commit()
    assert growth_of(person)[DAY][1] > growth_of(other)[DAY][1]
