"""Who hears of what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from peerlearn.analysis.events import FlagDismissed, FullMarksGiven, ItemFlagged, ItemLeftOut, ItemRetired, KeyCorrected
from peerlearn.badges.events import BadgeEarned
from peerlearn.core.events import Event, Recorded
from peerlearn.inbox import rules
from peerlearn.learn.events import AnswerCorrected
from peerlearn.points.events import HeldPointsDecided, PointsAppealDecided, PointsReversed
from peerlearn.practice.events import MonthCalibrated, PracticeCorrected
from peerlearn.review.events import ChangesRequested, LessonApproved, LessonRejected, ReportDeclined, ReportUpheld

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CURATOR, AUTHOR, CO_AUTHOR, READER = 1, 2, 3, 4


def record(event: Event, by: int | None = CURATOR) -> Recorded:
    return Recorded(event, NOON, NOON.date(), by)


def approved(*, first: bool = True) -> LessonApproved:
    shares = ((AUTHOR, 0.6), (CO_AUTHOR, 0.4))
    return LessonApproved(9, 5, 7, 1, first, 0.0, (1,), shares, ())


def marked(is_right: bool, pass_now: str, ruling: str = "key") -> AnswerCorrected:
    return AnswerCorrected(READER, 5, 6, 8, 9, is_right, pass_now, ruling)


def flagged(level: str, told_ids: tuple[int, ...], *, paused: bool, flag: str = "miskey") -> ItemFlagged:
    return ItemFlagged(4, 5, 6, flag, level, paused, told_ids)


def told(*records: Recorded) -> set[tuple[int, str, str]]:
    return {(one.person_id, one.kind, one.source) for _, one in rules.tellings(records)}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (approved(), {(AUTHOR, "lesson_approved", "review:9"), (CO_AUTHOR, "lesson_approved", "review:9")}),
        (
            approved(first=False),
            {(AUTHOR, "revision_approved", "review:9"), (CO_AUTHOR, "revision_approved", "review:9")},
        ),
        (ChangesRequested(9, 5, (AUTHOR,)), {(AUTHOR, "changes_requested", "review:9")}),
        (LessonRejected(9, 5, (AUTHOR,)), {(AUTHOR, "lesson_rejected", "review:9")}),
        (ReportUpheld(3, 5, READER, True), {(READER, "report_upheld", "report:3")}),
        (ReportDeclined(3, 5, READER), {(READER, "report_declined", "report:3")}),
        (HeldPointsDecided(8, READER, True, 10), {(READER, "points_released", "held:8")}),
        (HeldPointsDecided(8, READER, False, 10), {(READER, "points_refused", "held:8")}),
        (PointsReversed(READER, 11, 10), {(READER, "points_reversed", "entry:11")}),
        (PointsAppealDecided(4, READER, 12, None, True, 10), {(READER, "appeal_granted", "appeal:4")}),
        (PointsAppealDecided(4, READER, 12, None, False, 0), {(READER, "appeal_declined", "appeal:4")}),
        (MonthCalibrated("2026-01-01", False, (READER,)), {(READER, "month_calibrated", "month:2026-01-01")}),
        (MonthCalibrated("2026-01-01", True, (READER,)), {(READER, "month_off", "month:2026-01-01")}),
        (FlagDismissed(4, 5, 6, AUTHOR), {(AUTHOR, "question_good", "flag:4")}),
        (FlagDismissed(4, 5, 6, AUTHOR, of_old_key=True), {(AUTHOR, "old_key_was_right", "flag:4")}),
        (ItemRetired(5, 6, AUTHOR), {(AUTHOR, "question_retired", "item:6")}),
        (ItemLeftOut(5, 6, AUTHOR, 13, 1), {(AUTHOR, "question_left_out", "item:6")}),
        (FullMarksGiven(4, 5, 6, AUTHOR, False, 13, 1), {(AUTHOR, "full_marks_given", "flag:4")}),
        (KeyCorrected(5, 7, 6, AUTHOR, 13, 11, 2), {(AUTHOR, "key_corrected", "revision:7")}),
        (marked(True, "gained"), {(READER, "passed_after_all", "item:6:version:8")}),
        (marked(True, "same"), {(READER, "right_after_all", "item:6:version:8")}),
        (marked(False, "same"), {(READER, "key_was_wrong", "item:6:version:8")}),
        (marked(False, "lost"), {(READER, "pass_withdrawn", "item:6:version:8")}),
        (PracticeCorrected(READER, 5, 6, 8, True, False), {(READER, "recalled_after_all", "item:6:version:8")}),
        (PracticeCorrected(READER, 5, 6, 8, False, False), {(READER, "practice_key_was_wrong", "item:6:version:8")}),
        (PracticeCorrected(READER, 5, 6, 8, True, True), set()),
        (marked(True, "same", "full"), {(READER, "full_marks", "item:6:version:8:full")}),
        (marked(True, "gained", "full"), {(READER, "full_marks_passed", "item:6:version:8:full")}),
        (marked(False, "same", "left_out"), {(READER, "left_out", "item:6:version:8:left_out")}),
        (marked(False, "gained", "left_out"), {(READER, "left_out_passed", "item:6:version:8:left_out")}),
        (
            PracticeCorrected(READER, 5, 6, 8, True, False, "full"),
            {(READER, "full_marks_in_practice", "item:6:version:8:full")},
        ),
        (PracticeCorrected(READER, 5, 6, 8, True, True, "full"), set()),
    ],
)
def test_those_whom_it_concerns_hear_of_it(event: Event, expected: set[tuple[int, str, str]]) -> None:
    assert told(record(event)) == expected


def test_what_answers_show_is_told_though_nobody_did_it() -> None:
    """Answers are counted after the response, so nobody is the actor of a flag."""
    paused = record(flagged("red", (AUTHOR, CURATOR), paused=True), None)
    assert told(paused) == {(AUTHOR, "question_paused", "flag:4"), (CURATOR, "question_paused", "flag:4")}
    for flag, kind in (("drift", "question_drifts"), ("rekeyed", "question_rekeyed")):
        event = flagged("red", (AUTHOR,), paused=False, flag=flag)
        assert told(record(event, None)) == {(AUTHOR, kind, "flag:4")}
    assert told(record(flagged("amber", (), paused=False), None)) == set()


def test_nobody_hears_of_their_own_decision() -> None:
    assert told(record(ReportUpheld(3, 5, CURATOR, True), by=CURATOR)) == set()


def test_a_badge_from_anothers_deed_is_told_and_one_from_ones_own_is_not() -> None:
    badges = [record(BadgeEarned(AUTHOR, "first-lesson", 1), None), record(BadgeEarned(CURATOR, "reviewer", 1), None)]
    assert (AUTHOR, "badge_earned", "badge:first-lesson:1") in told(record(approved()), *badges)
    assert not any(person == CURATOR for person, _, _ in told(record(approved()), *badges))
    assert told(record(BadgeEarned(READER, "explorer", 1), None)) == set()


def test_the_same_matter_is_told_once_in_a_deed() -> None:
    assert len(rules.tellings([record(approved()), record(approved())])) == 2


def test_every_kind_names_only_what_it_keeps_or_looks_up() -> None:
    for kind in rules.KINDS:
        assert kind.sentence % {
            "lesson": "L",
            "topic": "T",
            "badge": "B",
            "amount": 1,
            "days": 1,
            "link": "A",
            "begins_on": "D",
            "ends_on": "D",
        }


def test_slugs_are_unique() -> None:
    assert len(rules.BY_SLUG) == len(rules.KINDS)
