"""Appeals against decisions about points: once, in time, decided by somebody else, and the books follow."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn import cli
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.learn.events import PassCorrected
from peerlearn.points import access, actions, appealing, correcting, evidence, rules
from peerlearn.points.models import LedgerEntry, PointAppeal
from peerlearn.practice.events import ItemReviewed, RecallCorrected
from tests import factories
from tests.points.deeds import entries_of, happen, held_of, sums_of
from tests.points.records import MONDAY, passed, pretest

REASON = "Two people shared one account that day."
WORDS = "I read these three the evening before and only answered that morning."
LATER = MONDAY + timedelta(days=2)


def known(person: Person) -> Person:
    """The person with grants loaded, as the user loader brings them."""
    database.session.refresh(person, ["grants", "team"])
    return person


@pytest.fixture
def first(db: Any) -> Person:
    return known(factories.person("Fay First", roles=(("admin", 0),)))


@pytest.fixture
def second(db: Any) -> Person:
    return known(factories.person("Sam Second", roles=(("admin", 0),)))


@pytest.fixture
def burst(person: Person) -> Person:
    for number in range(20):
        happen(pretest(number), by=person, at=MONDAY + timedelta(seconds=number))
    happen(passed(1), by=person, at=MONDAY + timedelta(seconds=31))
    return person


def refused(person: Person, by: Person) -> LedgerEntry:
    """The line of points that were not released."""
    with clock.at(LATER):
        actions.refuse(held_of(person)[0], REASON, by=by)
    return next(entry for entry in entries_of(person) if entry.reason == REASON)


def reversed_(entry: LedgerEntry, by: Person) -> LedgerEntry:
    """The line that takes another one back."""
    with clock.at(LATER):
        actions.reverse(entry, REASON, by=by)
    back = database.session.scalar(select(LedgerEntry).where(LedgerEntry.reverses_id == entry.id))
    assert back is not None
    return back


def appealed(decision: LedgerEntry, at: Any = LATER) -> PointAppeal:
    """The appeal of the person whose line it is."""
    with clock.at(at):
        appeal_id = appealing.appeal(decision, WORDS, by=database.session.get_one(Person, decision.person_id))
    database.session.commit()
    return database.session.get_one(PointAppeal, appeal_id)


def test_refused_points_are_paid_as_they_were_earned(burst: Person, first: Person, second: Person) -> None:
    waiting = appealed(refused(burst, first))
    with clock.at(LATER + timedelta(days=1)):
        appealing.grant(waiting, "", by=second)
    entry = entries_of(burst)[-1]
    held = held_of(burst)[0]
    assert (entry.amount, entry.at, entry.day, entry.entry_no, entry.by_id) == (10, held.at, held.day, 2, second.id)
    assert entry.fact_id == held.fact_id
    assert sums_of(burst)["w:2026-03-02"][0] == 50
    assert (waiting.state, waiting.decided_by_id) == ("granted", second.id)
    assert actions.verify() == []


def test_an_entry_that_was_taken_back_is_paid_again(person: Person, first: Person, second: Person) -> None:
    happen(passed(1), by=person)
    waiting = appealed(reversed_(entries_of(person)[0], first))
    assert sums_of(person)["all"][0] == 0
    with clock.at(LATER):
        appealing.grant(waiting, "It was read the evening before.", by=second)
    assert [(entry.amount, entry.entry_no) for entry in entries_of(person)] == [(10, 1), (-10, 2), (10, 3)]
    assert entries_of(person)[-1].at == MONDAY
    assert sums_of(person)["all"] == (10, 0, 10, 0, 1)
    assert actions.verify() == []


def test_what_was_paid_again_can_be_taken_back_and_that_appealed(person: Person, first: Person, second: Person) -> None:
    happen(passed(1), by=person)
    appealing.grant(appealed(reversed_(entries_of(person)[0], first)), "", by=second)
    appealing.grant(appealed(reversed_(entries_of(person)[-1], second)), "", by=first)
    assert [entry.amount for entry in entries_of(person)] == [10, -10, 10, -10, 10]
    assert sums_of(person)["all"][0] == 10
    assert actions.verify() == []


def test_a_decision_that_stays_says_why_and_moves_nothing(burst: Person, first: Person, second: Person) -> None:
    waiting = appealed(refused(burst, first))
    before = sums_of(burst)
    with pytest.raises(NotValid):
        appealing.decline(waiting, "no", by=second)
    appealing.decline(waiting, "The answers came from two places at once.", by=second)
    assert sums_of(burst) == before
    assert waiting.state == "declined"
    assert actions.verify() == []


def test_what_had_its_place_under_the_cap_goes_back(person: Person, first: Person, second: Person) -> None:
    for number in range(1, 6):
        happen(passed(number), by=person, at=MONDAY + timedelta(minutes=number))
    back = reversed_(entries_of(person)[0], first)
    assert [entry.amount for entry in entries_of(person)] == [10, 10, 10, 0, 0, -10, 10]
    with clock.at(LATER):
        appealing.grant(appealed(back), "", by=second)
    assert [entry.amount for entry in entries_of(person)] == [10, 10, 10, 0, 0, -10, 10, 10, -10]
    gone = entries_of(person)[-1]
    assert (gone.source, gone.by_id, gone.entry_no) == ("lesson:4:major:1", None, 3)
    assert sums_of(person)["all"][0] == 30
    assert actions.verify() == []


def test_a_lesson_learned_in_the_free_place_goes_back_too(person: Person, first: Person, second: Person) -> None:
    for number in range(1, 4):
        happen(passed(number), by=person, at=MONDAY + timedelta(minutes=number))
    with clock.at(MONDAY + timedelta(minutes=5)):
        actions.reverse(entries_of(person)[0], REASON, by=first)
    back = entries_of(person)[-1]
    happen(passed(4), by=person, at=MONDAY + timedelta(minutes=6))
    appealing.grant(appealed(back), "", by=second)
    assert [entry.amount for entry in entries_of(person)] == [10, 10, 10, -10, 10, 10, -10]
    assert actions.verify() == []


def recalled(item: int, interval: int) -> ItemReviewed:
    """A question that was due, answered right: 2 XP after a day, 8 after two months."""
    return ItemReviewed(
        lesson_id=1,
        item_id=item,
        version_id=item,
        question_id=item,
        topic_ids=(1,),
        is_right=True,
        mark=1.0,
        confidence="fairly",
        guess_chance=0.25,
        seconds=12.0,
        is_rapid=False,
        was_due=True,
        scheduled_days=interval,
        days_since=interval,
        tier_repeated=False,
        is_own=False,
    )


def test_nobody_loses_by_being_right(person: Person, first: Person, second: Person) -> None:
    happen(recalled(1, 1), *(recalled(item, 60) for item in range(2, 12)), by=person)
    assert [entry.amount for entry in entries_of(person)] == [2, *[8] * 9, 0]
    back = reversed_(entries_of(person)[0], first)
    assert sums_of(person)["all"][0] == 80
    appealing.grant(appealed(back), "", by=second)
    entry = entries_of(person)[-1]
    assert (entry.amount, entry.reason, entry.entry_no) == (0, rules.GRANTED_PLACE, 3)
    assert sums_of(person)["all"][0] == 80
    assert actions.verify() == []


def test_what_was_paid_meanwhile_is_not_paid_twice(person: Person, first: Person, second: Person) -> None:
    happen(passed(1), by=person)
    back = reversed_(entries_of(person)[0], first)
    happen(PassCorrected.of(person.id, True, MONDAY, MONDAY.date(), passed(1)), by=second, at=LATER)
    assert sums_of(person)["all"][0] == 10
    appealing.grant(appealed(back), "", by=second)
    assert entries_of(person)[-1].reason == rules.GRANTED_ALREADY
    assert sums_of(person)["all"][0] == 10
    assert actions.verify() == []


def test_what_is_no_pass_any_more_is_not_paid(person: Person, first: Person, second: Person) -> None:
    for number in (1, 2):
        happen(passed(number), by=person, at=MONDAY + timedelta(minutes=number))
    lines = [reversed_(entry, first) for entry in entries_of(person)]
    happen(PassCorrected.of(person.id, False, MONDAY, MONDAY.date(), passed(1)), by=second, at=LATER)
    for line in lines:
        appealing.grant(appealed(line), "", by=second)
    assert [(entry.amount, entry.source) for entry in entries_of(person)[-2:]] == [
        (0, "lesson:1:major:1"),
        (10, "lesson:2:major:1"),
    ]
    assert entries_of(person)[-2].reason == correcting.TAKEN_BACK
    assert actions.verify() == []


def test_what_is_no_recall_any_more_is_not_paid(person: Person, first: Person, second: Person) -> None:
    for item, minutes in ((5, 1), (6, 30)):
        happen(recalled(item, 1), by=person, at=MONDAY + timedelta(minutes=minutes))
    lines = [reversed_(entry, first) for entry in entries_of(person)]
    review = database.session.scalars(select(Fact.id).where(Fact.type == "ItemReviewed").order_by(Fact.id)).first()
    assert review is not None
    happen(RecallCorrected(person.id, 5, review, counts=False, tier_repeated=False), by=second, at=LATER)
    for line in lines:
        appealing.grant(appealed(line), "", by=second)
    assert [(entry.amount, entry.source) for entry in entries_of(person)[-2:]] == [
        (0, "item:5:tier:1"),
        (2, "item:6:tier:1"),
    ]
    assert entries_of(person)[-2].reason == correcting.PRACTICE_TAKEN_BACK
    assert actions.verify() == []


def test_a_decision_is_appealed_against_once(burst: Person, first: Person) -> None:
    decision = refused(burst, first)
    appealed(decision)
    with pytest.raises(Conflict):
        appealed(decision)


@pytest.mark.parametrize("words", ["", "too short", " " * 30, "x" * 501])
def test_an_appeal_needs_a_reason(burst: Person, first: Person, words: str) -> None:
    decision = refused(burst, first)
    with pytest.raises(NotValid), clock.at(LATER):
        appealing.appeal(decision, words, by=burst)


def test_an_appeal_comes_within_thirty_days_of_the_decision(burst: Person, first: Person) -> None:
    decision = refused(burst, first)
    with pytest.raises(NotAllowed):
        appealed(decision, LATER + timedelta(days=30, seconds=1))
    assert appealed(decision, LATER + timedelta(days=30)).state == "open"


def test_only_decisions_about_ones_own_points_are_appealed_against(burst: Person, first: Person) -> None:
    decision = refused(burst, first)
    with pytest.raises(NotFound), clock.at(LATER):
        appealing.appeal(decision, WORDS, by=first)
    with pytest.raises(NotFound):
        appealed(entries_of(burst)[0])  # it paid
    for stranger in (first, factories.person()):
        with pytest.raises(NotFound), clock.at(LATER):
            access.entry_to_appeal(decision.id, by=stranger)


def test_somebody_else_decides(burst: Person, first: Person, second: Person) -> None:
    waiting = appealed(refused(burst, first))
    mate = known(factories.person(team_id=burst.team_id, roles=(("admin", 0),)))
    for by in (first, mate):
        with pytest.raises(NotAllowed):
            access.appeal_to_decide(waiting.id, by=by)
    with pytest.raises(NotFound):
        access.appeal_to_decide(waiting.id, by=known(factories.person(roles=(("curator", 0),))))
    assert access.appeal_to_decide(waiting.id, by=second) is waiting


def test_an_appeal_is_decided_once(burst: Person, first: Person, second: Person) -> None:
    waiting = appealed(refused(burst, first))
    appealing.grant(waiting, "", by=second)
    for act in (appealing.grant, appealing.decline):
        with pytest.raises(Conflict):
            act(waiting, REASON, by=second)
    assert sums_of(burst)["all"][0] == 50


def test_both_are_facts_and_the_person_hears(burst: Person, first: Person, second: Person) -> None:
    waiting = appealed(refused(burst, first))
    appealing.grant(waiting, "", by=second)
    wanted = select(Fact).where(Fact.type.in_(["PointsAppealed", "PointsAppealDecided"])).order_by(Fact.id)
    facts = database.session.scalars(wanted).all()
    assert [(fact.type, fact.actor_id) for fact in facts] == [
        ("PointsAppealed", burst.id),
        ("PointsAppealDecided", second.id),
    ]
    assert facts[1].data["amount"] == 10
    kinds = database.session.scalars(select(Notice.kind).where(Notice.person_id == burst.id)).all()
    assert "appeal_granted" in kinds


def test_who_was_refused_by_mistake_proves_something_again(burst: Person, first: Person, second: Person) -> None:
    waiting = appealed(refused(burst, first))
    assert evidence._refused() == {burst.id}
    appealing.grant(waiting, "", by=second)
    assert evidence._refused() == set()


def test_a_command_decides_where_nobody_may(app: Flask, burst: Person, first: Person) -> None:
    waiting = appealed(refused(burst, first))
    run = partial(app.test_cli_runner().invoke, cli.points_group)
    assert "nobody may decide" in run(["appeals"]).output
    command = ["decide-appeal", str(waiting.id), "--pay", "--reason"]
    assert run([*command, "short"]).exit_code == 1
    assert run(["decide-appeal", "999999", "--pay", "--reason", REASON]).exit_code == 1
    result = run([*command, "It was read the evening before."])
    assert result.exit_code == 0, result.output
    assert sums_of(burst)["all"][0] == 50
    assert "appeal_granted" in database.session.scalars(select(Notice.kind).where(Notice.person_id == burst.id)).all()
    assert actions.verify() == []


def test_a_command_decides_only_where_nobody_may(app: Flask, burst: Person, first: Person, second: Person) -> None:
    waiting = appealed(refused(burst, first))
    result = app.test_cli_runner().invoke(
        cli.points_group, ["decide-appeal", str(waiting.id), "--pay", "--reason", REASON]
    )
    assert result.exit_code == 1
    assert "on its page" in result.output
    assert waiting.state == "open"
