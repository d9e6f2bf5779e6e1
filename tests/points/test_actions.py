"""Deciding about held points, taking entries back, and proving the books."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.lessons import actions as lessons
from peerlearn.points import access, actions
from peerlearn.points.models import LedgerEntry, PointSum
from peerlearn.review.models import Review
from tests import factories
from tests.points.deeds import entries_of, happen, held_of, sums_of
from tests.points.records import MONDAY, approved, passed, pretest, reviewed

REASON = "Two people shared one account that day."
LATER = MONDAY + timedelta(days=2)


def known(person: Person) -> Person:
    """The person with grants loaded, as the user loader brings them."""
    database.session.refresh(person, ["grants", "team"])
    return person


@pytest.fixture
def admin(db: Any) -> Person:
    return factories.person(roles=(("admin", 0),))


@pytest.fixture
def burst(db: Any, person: Person) -> Person:
    for number in range(20):
        happen(pretest(number), by=person, at=MONDAY + timedelta(seconds=number))
    for number in range(1, 5):
        happen(passed(number), by=person, at=MONDAY + timedelta(seconds=30 + number))
    assert [held.amount for held in held_of(person)] == [10, 10, 10]
    assert entries_of(person)[-1].detail["why"] == "cap"
    return person


def test_released_points_enter_the_ledger_as_they_were_earned(burst: Person, admin: Person) -> None:
    held = held_of(burst)[0]
    with clock.at(LATER):
        actions.release(held, by=admin)
    entry = entries_of(burst)[-1]
    assert (entry.amount, entry.at, entry.by_id, entry.reason) == (10, held.at, admin.id, "")
    assert sums_of(burst)["all"] == (50, 0, 50, 0, 1)
    assert actions.verify() == []


def test_refused_points_leave_a_reason_and_their_place(burst: Person, admin: Person) -> None:
    with clock.at(LATER):
        actions.refuse(held_of(burst)[0], REASON, by=admin)
    refused, restored = entries_of(burst)[-2:]
    assert (refused.amount, refused.reason) == (0, REASON)
    assert (restored.amount, restored.entry_no, restored.source) == (10, 2, "lesson:4:major:1")
    assert sums_of(burst)["all"][0] == 50
    assert actions.verify() == []


def test_held_points_are_decided_once(burst: Person, admin: Person) -> None:
    held = held_of(burst)[0]
    actions.release(held, by=admin)
    with pytest.raises(Conflict):
        actions.release(held, by=admin)
    with pytest.raises(Conflict):
        actions.refuse(held, REASON, by=admin)
    assert sums_of(burst)["all"][0] == 50


def test_refusing_needs_a_reason(burst: Person, admin: Person) -> None:
    with pytest.raises(NotValid):
        actions.refuse(held_of(burst)[0], "no", by=admin)


def test_somebody_outside_the_team_decides(burst: Person) -> None:
    held = held_of(burst)[0]
    mate = known(factories.person(team_id=burst.team_id, roles=(("admin", 0),)))
    with pytest.raises(NotAllowed):
        access.held_to_decide(held.id, by=mate)
    with pytest.raises(NotAllowed):
        access.entry_to_reverse(entries_of(burst)[0].id, by=mate)
    curator = known(factories.person(roles=(("curator", 0),)))
    with pytest.raises(NotFound):
        access.held_to_decide(held.id, by=curator)


def test_a_reversal_is_a_new_line_with_its_reason(person: Person, admin: Person) -> None:
    happen(passed(1), by=person)
    (entry,) = entries_of(person)
    with clock.at(LATER):
        actions.reverse(entry, REASON, by=admin)
    first, back = entries_of(person)
    assert first.amount == 10
    assert (back.amount, back.entry_no, back.reverses_id, back.reason) == (-10, 2, first.id, REASON)
    assert (back.day, back.by_id, back.at) == (first.day, admin.id, LATER)
    assert sums_of(person)["w:2026-03-02"] == (0, 0, 0, 0, 1)
    assert actions.verify() == []


def test_a_key_in_the_reason_of_a_reversal_is_refused(person: Person, admin: Person) -> None:
    happen(passed(1), by=person)
    with pytest.raises(NotValid, match="Others would read it"):
        actions.reverse(entries_of(person)[0], "Given for ghp_k7Rw2Zq9Xc4Vb1Nm6Ty3Ui8Op5As0Df2Gh4J", by=admin)


def test_an_entry_is_taken_back_once_and_never_paid_again(person: Person, admin: Person) -> None:
    happen(passed(1), by=person)
    entry = entries_of(person)[0]
    actions.reverse(entry, REASON, by=admin)
    with pytest.raises(Conflict):
        actions.reverse(entry, REASON, by=admin)
    with pytest.raises(NotAllowed):
        actions.reverse(entries_of(person)[1], REASON, by=admin)
    happen(passed(1), by=person, at=LATER)
    assert sums_of(person)["all"][0] == 0


def test_a_reversed_lesson_gives_its_place_to_the_one_the_cap_kept_back(person: Person, admin: Person) -> None:
    for number in range(1, 6):
        happen(passed(number), by=person, at=MONDAY + timedelta(minutes=number))
    with clock.at(LATER):
        actions.reverse(entries_of(person)[0], REASON, by=admin)
    assert [entry.amount for entry in entries_of(person)] == [10, 10, 10, 0, 0, -10, 10]
    assert entries_of(person)[-1].source == "lesson:4:major:1"
    assert sums_of(person)["all"] == (30, 0, 30, 0, 1)
    assert actions.verify() == []


def test_a_reversal_on_the_same_day_makes_room_for_the_next_lesson(person: Person, admin: Person) -> None:
    for number in range(1, 4):
        happen(passed(number), by=person, at=MONDAY + timedelta(minutes=number))
    with clock.at(MONDAY + timedelta(minutes=5)):
        actions.reverse(entries_of(person)[0], REASON, by=admin)
    happen(passed(4), by=person, at=MONDAY + timedelta(minutes=6))
    assert [entry.amount for entry in entries_of(person)] == [10, 10, 10, -10, 10]
    assert actions.verify() == []


def test_verify_sees_a_changed_sum_and_rebuild_mends_it(db: Any, person: Person) -> None:
    happen(passed(1), reviewed(1), by=person)
    before = sums_of(person)
    db.session.execute(update(PointSum).where(PointSum.period == "all").values(xp=PointSum.xp + 5))
    db.session.execute(insert(PointSum).values(person_id=person.id, period="w:2020-01-06", xp=3))
    found = actions.verify()
    assert len(found) == 2
    assert f"person {person.id}, all: xp is kept as 15, the ledger says 10" in found
    assert actions.rebuild() == 3
    assert actions.verify() == []
    assert sums_of(person) == before


def test_verify_sees_an_entry_without_a_fact_and_one_the_rules_do_not_give(db: Any, person: Person) -> None:
    happen(passed(1), by=person)
    entry = entries_of(person)[0]
    copied = {c.key: getattr(entry, c.key) for c in LedgerEntry.__table__.columns if c.key != "id"}
    db.session.execute(insert(LedgerEntry).values(**(copied | {"source": "gift", "fact_id": None})))
    db.session.execute(insert(LedgerEntry).values(**(copied | {"source": "present", "entry_no": 1})))
    actions.rebuild()
    found = actions.verify()
    assert any("has no fact" in line for line in found)
    assert any("the books have 10, the rules give nothing" in line for line in found)


def test_verify_sees_a_fact_that_was_not_paid(db: Any, person: Person) -> None:
    happen(passed(1), by=person)
    fact = db.session.scalar(select(Fact))
    copied = {c.key: getattr(fact, c.key) for c in Fact.__table__.columns if c.key != "id"}
    db.session.execute(insert(Fact).values(**(copied | {"data": fact.data | {"lesson_id": 2}})))
    assert [line for line in actions.verify() if "should have scored lesson:2:major:1" in line]


@pytest.mark.parametrize(("is_short", "amount"), [(True, 0), (False, 20)])
def test_a_short_lesson_is_published_and_pays_nothing(db: Any, is_short: bool, amount: int) -> None:
    author, topic = factories.person(), factories.topic()
    text = factories.lesson_text(topic)
    if is_short:
        text = re.sub(r"(?m)^(?:[A-Z][a-z]+(?: [a-z]+){7}\. )+", "", text)
    _lesson, draft = lessons.import_file(text, owner=author, by=author)
    assert draft is not None
    lessons.submit(draft, by=author)
    database.session.commit()
    assert (draft.words < 150) is is_short
    review = database.session.scalars(select(Review).where(Review.revision_id == draft.id)).one()
    factories.approve(review, factories.person(roles=factories.curator_of(topic.id)))
    (entry,) = [entry for entry in entries_of(author) if entry.rule == "T1"]
    assert entry.amount == amount
    assert entry.reason.startswith("It is short") is is_short
    assert actions.verify() == []


def test_facts_from_before_length_and_copies_were_noted_are_read(db: Any, person: Person) -> None:
    data = asdict(approved(7, ((person.id, 1.0),)))
    new = "words", "questions", "copied", "stands_in", "is_its_own"
    old = {name: value for name, value in data.items() if name not in new}
    database.session.execute(insert(Fact).values(at=MONDAY, day=MONDAY.date(), type="LessonApproved", data=old))
    assert [line for line in actions.verify() if "should have scored lesson:7" in line]
