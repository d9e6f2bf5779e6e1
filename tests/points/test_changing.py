"""Other numbers are tried on the last quarter, and hold from the moment on at which they are put into effect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from peerlearn.accounts.models import Person
from peerlearn.core import afterwards, clock
from peerlearn.core.db import db as database
from peerlearn.core.db import set_reading
from peerlearn.core.errors import Conflict, NotFound, NotValid
from peerlearn.learn.events import PassCorrected
from peerlearn.points import actions, appealing, changing, numbers, policies, rules, trial
from peerlearn.points.changing import Count
from peerlearn.points.models import HeldEntry, LedgerEntry, PointAppeal, PointPolicy, PolicyTrial
from peerlearn.points.trial import Change, Outcome
from tests import factories
from tests.conftest import Statements
from tests.page import Client
from tests.points.deeds import entries_of, happen, held_of, sums_of
from tests.points.records import MONDAY, approved, passed, pretest, reviewed, upheld

REASON = "Learners told us that the old numbers were too small."
DAY = timedelta(days=1)
SOON = MONDAY + 3 * DAY
HELD = numbers.values_in(rules.POLICY)


@pytest.fixture
def admin(db: Any) -> Person:
    return factories.person("Ada", roles=(("admin", 0),))


def tried(app: Flask, admin: Person, *, at: Any = SOON, **changes: int) -> PolicyTrial:
    """A trial of other numbers, counted to its end."""
    with clock.at(at):
        row = changing.try_out(numbers.values_in(policies.history().newest) | changes, by=admin)
        count(app, row)
    return row


def count(app: Flask, row: PolicyTrial) -> None:
    database.session.commit()
    afterwards.run(app, Count(row.id))
    set_reading(False)
    database.session.expire_all()


def outcome(row: PolicyTrial) -> Outcome:
    assert row.state == "done"
    return Outcome.read(row.result)


def adopted(app: Flask, admin: Person, *, at: Any = SOON, **changes: int) -> None:
    row = tried(app, admin, at=at, **changes)
    with clock.at(at):
        changing.put_into_effect(row.id, REASON, by=admin)
    database.session.commit()


@pytest.fixture
def quarter(db: Any, admin: Person) -> dict[str, Person]:
    """Some weeks in which much happens: limits, bursts, refusals, reversals, teaching and curating."""
    people = {name: factories.person(name) for name in ("Fay", "Gil", "Han")}
    fay, gil, han = people.values()
    for number in range(1, 6):  # three pay a day
        happen(passed(number), by=fay, at=MONDAY + timedelta(minutes=15 * number))
    happen(passed(6, attempt_number=2), by=fay, at=MONDAY + DAY)
    with clock.at(MONDAY + DAY):
        actions.reverse(entries_of(fay)[0], REASON, by=admin)  # the fourth pays instead
    database.session.commit()
    for number in range(20):
        happen(pretest(number), by=gil, at=MONDAY + timedelta(seconds=number))
    for number in range(1, 5):
        happen(passed(number), by=gil, at=MONDAY + timedelta(seconds=30 + number))
    first, second, _third = held_of(gil)
    with clock.at(MONDAY + DAY):
        actions.refuse(first, REASON, by=admin)  # and the fourth pays
        actions.release(second, by=admin)
    database.session.commit()
    happen(approved(1, ((han.id, 0.6), (fay.id, 0.4))), by=gil, at=MONDAY + 2 * DAY)
    for number in range(7):
        happen(reviewed(number), by=gil, at=MONDAY + 2 * DAY + timedelta(minutes=number))
    happen(upheld(1, han.id), by=gil, at=MONDAY + 2 * DAY)
    return people


def issued(track: str) -> int:
    """What the books have paid and what is held, without what was taken back."""
    entries = select(func.sum(LedgerEntry.amount)).where(LedgerEntry.track == track)
    held = sum(each.amount for each in database.session.scalars(select(HeldEntry)) if each.state == "pending")
    return (database.session.scalar(entries) or 0) + (held if track == "xp" else 0)


def test_by_the_numbers_that_hold_a_dry_run_pays_what_the_books_have(
    app: Flask, admin: Person, quarter: dict[str, Person]
) -> None:
    found = outcome(tried(app, admin, daily_set=6))  # nobody finished a set
    assert found.xp == (issued("xp"), issued("xp"))
    assert found.ip == (issued("ip"), issued("ip"))
    assert (found.gain, found.lose, found.same, found.most) == (0, 0, 3, ())


def test_a_dry_run_says_who_would_have_more_and_who_less(app: Flask, admin: Person, quarter: dict[str, Person]) -> None:
    fay, gil, han = quarter.values()
    found = outcome(tried(app, admin, lessons_per_day=4, lesson_approved=10, reviews_per_day=6))
    # Fay: 5 lessons, one taken back: 4 pay instead of 3; of the approval 4 Impact instead of 8
    # Gil: 4 lessons, one refused: 3 pay as before; 6 reviews instead of 5
    # Han: 6 Impact instead of 12
    assert found.most == (Change(fay.id, 10, -4), Change(gil.id, 0, 6), Change(han.id, 0, -6))
    assert (found.gain, found.lose, found.same) == (2, 1, 0)
    assert found.xp[1] - found.xp[0] == 10


def test_a_dry_run_follows_an_appeal_by_the_numbers_of_each(app: Flask, admin: Person) -> None:
    fay, other = factories.person("Fay"), factories.person("Other", roles=(("admin", 0),))
    happen(passed(1), by=fay)
    with clock.at(MONDAY + DAY):
        actions.reverse(entries_of(fay)[0], REASON, by=admin)
        number = appealing.appeal(entries_of(fay)[-1], "I did read it, at home the evening before.", by=fay)
        appealing.grant(database.session.get_one(PointAppeal, number), "", by=other)
    database.session.commit()
    found = outcome(tried(app, admin, lesson_passed=12))
    assert found.xp == (10, 12) == (issued("xp"), 12)


def test_a_dry_run_changes_nobodys_points(app: Flask, admin: Person, quarter: dict[str, Person]) -> None:
    before = {name: sums_of(person) for name, person in quarter.items()}
    tried(app, admin, lesson_passed=50)
    assert {name: sums_of(person) for name, person in quarter.items()} == before
    assert actions.verify() == []


def test_deeds_from_before_the_quarter_count_for_what_they_keep_from_paying(app: Flask, admin: Person) -> None:
    fay = factories.person("Fay")
    early = MONDAY - timedelta(days=trial.DAYS + 60)
    happen(passed(1), by=fay, at=early)
    happen(passed(1, attempt_id=9), by=fay, at=MONDAY)  # the same lesson pays once, for ever
    happen(passed(2), by=fay, at=MONDAY)
    found = outcome(tried(app, admin, lesson_passed=12))
    assert found.xp == (10, 12)


def test_new_numbers_pay_from_then_on_and_what_was_paid_stays(
    app: Flask, admin: Person, quarter: dict[str, Person]
) -> None:
    hal = factories.person("Hal")
    happen(passed(1), by=hal)
    adopted(app, admin, lesson_passed=12)
    happen(passed(2), by=hal, at=SOON + DAY)
    assert [(entry.amount, entry.policy_version) for entry in entries_of(hal)] == [(10, 0), (12, 1)]
    assert actions.verify() == []


def test_the_books_agree_over_several_versions_with_reversals_and_limits(app: Flask, admin: Person) -> None:
    fay = factories.person("Fay")
    for number in range(1, 6):
        happen(passed(number), by=fay, at=MONDAY + timedelta(minutes=15 * number))
    adopted(app, admin, lessons_per_day=5, lesson_passed=7)
    for number in range(11, 18):
        happen(passed(number), by=fay, at=SOON + DAY + timedelta(minutes=15 * number))
    adopted(app, admin, at=SOON + 2 * DAY, lessons_per_day=1)
    with clock.at(SOON + 3 * DAY):
        old, new = entries_of(fay)[0], entries_of(fay)[5]
        actions.reverse(old, REASON, by=admin)
        actions.reverse(new, REASON, by=admin)
    database.session.commit()
    restored = [entry for entry in entries_of(fay) if entry.entry_no == 2 and entry.reverses_id is None]
    assert [(entry.amount, entry.policy_version) for entry in restored] == [(10, 0), (7, 1)]  # each by its own numbers
    assert sums_of(fay)["all"][0] == 3 * 10 + 5 * 7
    assert actions.verify() == []


def test_who_passes_after_all_is_paid_by_the_numbers_of_the_day(app: Flask, admin: Person) -> None:
    fay = factories.person("Fay")
    adopted(app, admin, lesson_passed=12)
    when = MONDAY  # before the new numbers held
    happen(PassCorrected.of(fay.id, True, when, when.date(), passed(1)), by=admin, at=SOON + DAY)
    when = SOON + DAY  # and after
    happen(PassCorrected.of(fay.id, True, when, when.date(), passed(2)), by=admin, at=SOON + 2 * DAY)
    assert [(entry.amount, entry.policy_version) for entry in entries_of(fay)] == [(10, 0), (12, 1)]
    assert actions.verify() == []


def test_books_kept_by_other_numbers_than_those_on_record_are_noticed(app: Flask, admin: Person) -> None:
    fay = factories.person("Fay")
    adopted(app, admin, lesson_passed=12)
    happen(passed(1), by=fay, at=SOON + DAY)
    assert actions.verify() == []
    database.session.execute(update(PointPolicy).values(numbers={"lesson_passed": 13}))
    assert "the books have 12 xp, the rules give 13 xp" in "".join(actions.verify())


def test_of_two_who_tried_against_the_same_numbers_the_second_is_told(app: Flask, admin: Person) -> None:
    first, second = tried(app, admin, lesson_passed=12), tried(app, admin, lesson_passed=9)
    with clock.at(SOON):
        changing.put_into_effect(first.id, REASON, by=admin)
        with pytest.raises(Conflict, match="after you tried this"):
            changing.put_into_effect(second.id, REASON, by=admin)
    assert policies.history().newest.lesson_passed == 12


def test_what_was_tried_long_ago_is_tried_again_first(app: Flask, admin: Person) -> None:
    row = tried(app, admin, lesson_passed=12)
    with clock.at(SOON + timedelta(days=8)), pytest.raises(Conflict, match="more than a week ago"):
        changing.put_into_effect(row.id, REASON, by=admin)


def test_what_is_not_counted_yet_is_not_put_into_effect(admin: Person) -> None:
    row = changing.try_out(HELD | {"lesson_passed": 12}, by=admin)
    with pytest.raises(Conflict, match="still being counted"):
        changing.put_into_effect(row.id, REASON, by=admin)
    with pytest.raises(NotFound):
        changing.put_into_effect(row.id + 1, REASON, by=admin)


def test_a_reason_is_needed(app: Flask, admin: Person) -> None:
    row = tried(app, admin, lesson_passed=12)
    with clock.at(SOON), pytest.raises(NotValid, match="10 characters"):
        changing.put_into_effect(row.id, "better", by=admin)


def test_the_same_again_is_the_same_trial(admin: Person) -> None:
    other = factories.person("Other", roles=(("admin", 0),))
    with clock.at(SOON):
        first = changing.try_out(HELD | {"lesson_passed": 12}, by=admin)
        assert changing.try_out(HELD | {"lesson_passed": 12}, by=admin).id == first.id
        assert changing.try_out(HELD | {"lesson_passed": 13}, by=admin).id != first.id
        assert changing.try_out(HELD | {"lesson_passed": 12}, by=other).id != first.id
    with clock.at(SOON + DAY):
        assert changing.try_out(HELD | {"lesson_passed": 12}, by=admin).id != first.id


@pytest.mark.parametrize(("changes", "words"), [({}, "hold already"), ({"lesson_passed": 900}, "0 to 200")])
def test_what_cannot_be_tried(admin: Person, changes: dict[str, int], words: str) -> None:
    with pytest.raises(NotValid, match=words):
        changing.try_out(HELD | changes, by=admin)


def test_who_counts_is_left_alone_until_nothing_is_heard_of_them(
    app: Flask, admin: Person, quarter: dict[str, Person]
) -> None:
    with clock.at(SOON):
        row = changing.try_out(HELD | {"lesson_passed": 12}, by=admin)
        row.state, row.beat_at = "counting", clock.now()
        count(app, row)
        assert row.state == "counting"
    with clock.at(SOON + changing.SILENT + timedelta(seconds=1)):
        count(app, row)
    assert (row.state, row.counted) == ("done", row.whole)
    assert row.whole > 30


def test_the_pages_of_a_change(
    app: Flask, admin: Person, quarter: dict[str, Person], client_for: Callable[[Person], Client]
) -> None:
    quarter["Han"].board_mode = "hidden"
    quarter["Gil"].board_mode, quarter["Gil"].alias = "alias", "Quiet Fox"
    quarter["Fay"].board_mode = "named"
    database.session.commit()
    browser = client_for(admin)
    with clock.at(SOON):
        form = browser.get("/points/numbers")
        wrong = browser.post("/points/numbers", form.fields("/points/numbers") | {"lesson_passed": "many"}, status=422)
        assert "Choose a whole number from 0 to 200." in wrong.text
        assert 'value="many"' in wrong.text
        same = browser.post("/points/numbers", form.fields("/points/numbers"), status=422)
        assert "These are the numbers that hold already." in same.text
        wanted = form.fields("/points/numbers") | {"lessons_per_day": "4", "lesson_approved": "10"}
        at = browser.post("/points/numbers", wanted, status=302).response.headers["Location"]
        assert "Deeds looked at" in browser.get(at).text
        (row,) = database.session.scalars(select(PolicyTrial))
        count(app, row)
        shown = browser.get(at).text
        assert "Fay" in shown
        assert "Somebody who is not shown" in shown
        assert "Han" not in shown
        assert "+10" in shown
        short = browser.post(at, {"reason": "better"}, status=422)
        assert "Write at least 10 characters" in short.text
        browser.post(at, {"reason": REASON}, status=302)
        assert "changed after you tried this" in browser.post(at, {"reason": REASON}, status=422).text
        book = browser.get("/points/how").text
    assert REASON in book
    assert "Up to 4 lessons a day pay." in book
    assert "Ada" not in book.partition("What changed")[2].partition("</section>")[0]


def test_a_trial_asks_the_same_for_few_and_for_many(
    app: Flask, admin: Person, client_for: Callable[[Person], Client], statements: Statements
) -> None:
    browser, counts = client_for(admin), []
    for size in (3, 30):
        people = [factories.person(f"P{size}-{number}") for number in range(size)]
        for person in people:
            happen(passed(person.id), by=person)
        row = tried(app, admin, lesson_passed=12)
        with clock.at(SOON):
            statements.clear()
            browser.get(f"/points/numbers/{row.id}")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 5
