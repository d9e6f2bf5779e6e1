"""The law of review, by table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from peerlearn.review import rules
from peerlearn.review.rules import ACTS, Place, Refusal, State

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-01-05 09:00", 2, "2026-01-07 09:00"),  # Monday
        ("2026-01-08 16:30", 2, "2026-01-12 16:30"),  # Thursday over a weekend
        ("2026-01-09 15:00", 2, "2026-01-13 15:00"),  # Friday
        ("2026-01-09 23:59", 1, "2026-01-12 23:59"),
        ("2026-01-10 15:00", 2, "2026-01-14 00:00"),  # Saturday counts from Monday
        ("2026-01-11 23:59", 1, "2026-01-13 00:00"),  # Sunday
        ("2026-03-27 12:00", 2, "2026-03-31 12:00"),  # the clocks go forward in between
        ("2026-10-23 12:00", 2, "2026-10-27 12:00"),  # and back
        ("2026-01-05 09:00", 0, "2026-01-05 09:00"),
        ("2026-01-05 09:00", 10, "2026-01-19 09:00"),
    ],
)
def test_working_days_leave_weekends_out(start: str, days: int, end: str) -> None:
    found = rules.working_days_after(at(start), days, BERLIN)
    assert found == at(end)
    assert found.utcoffset() == timedelta(0)


def test_a_weekend_is_that_of_the_organisation() -> None:
    sunday_evening_in_utc = datetime(2026, 1, 11, 23, 30, tzinfo=UTC)  # Monday in Berlin
    found = rules.working_days_after(sunday_evening_in_utc, 1, BERLIN)
    assert found == sunday_evening_in_utc + timedelta(days=1)


def test_a_submission_never_overtakes_an_earlier_one() -> None:
    moments = [at("2026-01-05 00:00") + timedelta(minutes=17 * n) for n in range(1000)]
    due = [rules.working_days_after(moment, 2, BERLIN) for moment in moments]
    assert due == sorted(due)


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("state", list(State))
def test_only_what_the_table_holds_can_happen(act: str, state: State) -> None:
    assert rules.may_happen(act, state) == (state in ACTS[act].states)
    if ACTS[act].who == rules.CURATOR:
        assert rules.may_happen(act, state) == (state is State.OPEN)


def test_decisions_lead_out_of_open_and_nothing_leads_back() -> None:
    for act in ACTS.values():
        if act.leads_to not in (None, State.OPEN):
            waits_for_its_day = {State.APPROVED} if act.slug == "withdrawn" else set()
            assert act.states == {State.OPEN} | waits_for_its_day
        assert act.slug == "submitted" or act.leads_to is not State.OPEN


CURATORS_ACTS = sorted(act.slug for act in ACTS.values() if act.who == rules.CURATOR)


@pytest.mark.security
@pytest.mark.parametrize("act", CURATORS_ACTS)
@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("held_by_other", [False, True])
def test_nobody_acts_on_their_own_work_whatever_else_holds(act: str, state: State, held_by_other: bool) -> None:
    found = rules.refusal(act, state, is_theirs=True, had_a_hand=True, held_by_other=held_by_other)
    assert found is Refusal.OWN


@pytest.mark.security
@pytest.mark.parametrize("act", CURATORS_ACTS)
@pytest.mark.parametrize("had_a_hand", [False, True])
def test_a_foreign_topic_is_missing(act: str, had_a_hand: bool) -> None:
    found = rules.refusal(act, "open", is_theirs=False, had_a_hand=had_a_hand, held_by_other=False)
    assert found is Refusal.NOT_THEIRS


@pytest.mark.parametrize(
    ("act", "state", "held", "wanted"),
    [
        ("approved", "open", False, None),
        ("approved", "open", True, Refusal.HELD),
        ("approved", "approved", False, Refusal.TOO_LATE),
        ("approved", "withdrawn", False, Refusal.TOO_LATE),
        ("rejected", "changes_requested", True, Refusal.TOO_LATE),
        ("claimed", "open", True, Refusal.HELD),
        ("declined", "open", True, None),
        ("remarked", "open", True, Refusal.HELD),
        ("remarked", "rejected", False, Refusal.TOO_LATE),
    ],
)
def test_who_comes_second_is_told(act: str, state: str, held: bool, wanted: Refusal | None) -> None:
    assert rules.refusal(act, state, is_theirs=True, had_a_hand=False, held_by_other=held) is wanted


NOW = at("2026-01-05 12:00")
LATER, EARLIER = NOW + timedelta(hours=1), NOW - timedelta(hours=1)


@pytest.mark.parametrize(
    ("claimed_by", "until", "first", "first_until", "holder"),
    [
        (None, None, None, None, None),
        (1, LATER, None, None, 1),
        (1, EARLIER, None, None, None),
        (1, NOW, None, None, None),
        (None, None, 2, LATER, 2),
        (None, None, 2, EARLIER, None),
        (1, LATER, 2, LATER, 1),
        (1, EARLIER, 2, LATER, 2),
    ],
)
def test_a_claim_and_a_first_right_end_by_their_dates(
    claimed_by: int | None, until: datetime | None, first: int | None, first_until: datetime | None, holder: int | None
) -> None:
    assert rules.who_holds(claimed_by, until, first, first_until, NOW) == holder


FULL = dict.fromkeys(rules.RUBRIC, 4.5)
CHECKED = dict.fromkeys(rules.CHECKLIST, "yes")


@pytest.mark.parametrize(
    "rubric",
    [
        {},
        {"correct": 4.0},
        FULL | {"clear": 0.5},
        FULL | {"clear": 5.5},
        FULL | {"clear": 4.25},
        FULL | {"more": 4.0},
        FULL | {"clear": float("nan")},
    ],
)
def test_a_rubric_is_whole_and_in_halves(rubric: dict[str, float]) -> None:
    assert rules.rubric_problem(rubric)


def test_every_half_from_one_to_five_is_a_rating() -> None:
    assert rules.RATINGS == (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
    assert rules.rubric_problem(FULL) is None


def test_a_checklist_has_six_answers_and_no_no_when_approved() -> None:
    assert len(rules.CHECKLIST) == 6
    assert rules.checklist_problem(CHECKED) is None
    assert rules.checklist_problem({}) is not None
    assert rules.checklist_problem(CHECKED | {"safe": "perhaps"}) is not None
    assert rules.approval_problem(CHECKED | {"safe": "unsure"}) is None
    assert rules.approval_problem(CHECKED | {"safe": "no"}) is not None


@pytest.mark.parametrize(
    ("text", "fine"),
    [("", False), ("x" * 19, False), (" " * 30, False), ("x" * 20, True), ("x" * 2000, True), ("x" * 2001, False)],
)
def test_a_refusal_needs_words(text: str, fine: bool) -> None:
    assert (rules.text_problem(text) is None) == fine
    assert (rules.reason_problem("wrong", text) is None) == fine
    assert rules.reason_problem("no such reason", text) is not None


@pytest.mark.parametrize(
    ("texts", "paid"), [([], False), (["x" * 79], False), (["", "x" * 80], True), ([" " * 90], False)]
)
def test_a_comment_counts_from_eighty_characters(texts: list[str], paid: bool) -> None:
    assert rules.has_paid_comment(texts) == paid


LINES = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("severity", "place", "text", "replacement", "field"),
    [
        ("note", Place(), "good", None, None),
        ("note", Place(), "", None, "text"),
        ("note", Place(), "x" * 2001, None, "text"),
        ("loud", Place(), "good", None, "severity"),
        ("note", Place(1, 4), "good", None, None),
        ("note", Place(0, 1), "good", None, "line_from"),
        ("note", Place(3, 2), "good", None, "line_from"),
        ("note", Place(1, 5), "good", None, "line_from"),
        ("note", Place(-5, 2), "good", None, "line_from"),
        ("note", Place(10**18, 10**18), "good", None, "line_from"),
        ("note", Place(1, None), "good", None, "line_from"),
        ("blocking", Place(question="abcde"), "wrong key", None, None),
        ("suggestion", Place(2, 3), "", "new", None),
        ("suggestion", Place(2, 3), "", "", None),
        ("suggestion", Place(2, 3), "", None, "replacement"),
        ("suggestion", Place(2, 3), "", "b\nc", "replacement"),
        ("suggestion", Place(2, 3), "", "x" * 8001, "replacement"),
        ("suggestion", Place(), "", "new", "line_from"),
    ],
)
def test_what_a_remark_needs(
    severity: str, place: Place, text: str, replacement: str | None, field: str | None
) -> None:
    found = rules.remark_problem(severity, place, text, replacement, LINES)
    assert (found and found[0]) == field


def test_a_remark_stands_at_few_lines() -> None:
    many = ["x"] * 500
    assert rules.place_problem(Place(1, 200), len(many)) is None
    assert rules.place_problem(Place(1, 201), len(many)) is not None


@pytest.mark.parametrize(
    ("kind", "card", "text", "field"),
    [
        ("wrong", None, "", None),
        ("wrong", 3, "x" * 2000, None),
        ("wrong", 4, "", "place"),
        ("wrong", 0, "", "place"),
        ("bad", None, "", "kind"),
        ("", None, "", "kind"),
        ("unsafe", None, "x" * 2001, "text"),
    ],
)
def test_what_a_report_needs(kind: str, card: int | None, text: str, field: str | None) -> None:
    found = rules.report_problem(kind, card, 3, text)
    assert (found and found[0]) == field


@pytest.mark.security
def test_nobody_answers_their_own_report_or_one_about_their_own_lesson() -> None:
    assert rules.report_refusal(had_a_hand=False, is_reporter=False) is None
    assert rules.report_refusal(had_a_hand=True, is_reporter=False)
    assert rules.report_refusal(had_a_hand=False, is_reporter=True)


def test_text_is_shown_while_it_waits_and_when_it_is_published() -> None:
    assert [state for state in State if rules.shows_text(state)] == [State.OPEN, State.APPROVED]
