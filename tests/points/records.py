"""Deeds for tests: a usual one of each kind, changed where the test needs it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from peerlearn.core.events import Event, Recorded
from peerlearn.learn.events import LessonPassed, PretestAnswered
from peerlearn.review.events import LessonApproved, ReportDeclined, ReportUpheld, ReviewDone

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def recorded(event: Event, *, by: int | None = 1, at: datetime = MONDAY, fact_id: int | None = 1) -> Recorded:
    return Recorded(event, at, at.astimezone(BERLIN).date(), by, fact_id)


def passed(lesson_id: int = 1, **changes: Any) -> LessonPassed:
    usual: dict[str, Any] = {
        "lesson_id": lesson_id,
        "revision_id": lesson_id,
        "major": 1,
        "attempt_id": lesson_id,
        "attempt_number": 1,
        "topic_ids": (1,),
        "dwell_met": True,
        "cards_seen": True,
        "any_rapid": False,
        "impossible": 0,
        "is_own": False,
        "is_reviewed": False,
        "is_clean": True,
    }
    return LessonPassed(**(usual | changes))


def pretest(lesson_id: int = 1, **changes: Any) -> PretestAnswered:
    usual: dict[str, Any] = {
        "lesson_id": lesson_id,
        "major": 1,
        "item_id": 1,
        "is_right": False,
        "is_rapid": False,
        "is_own": False,
        "seconds": 9.0,
    }
    return PretestAnswered(**(usual | changes))


def approved(lesson_id: int = 1, shares: tuple[tuple[int, float], ...] = ((1, 1.0),), **changes: Any) -> LessonApproved:
    usual: dict[str, Any] = {
        "review_id": lesson_id,
        "lesson_id": lesson_id,
        "revision_id": lesson_id,
        "major": 1,
        "is_first": True,
        "similarity": 0.1,
        "topic_ids": (1,),
        "shares": shares,
        "newcomer_ids": (),
    }
    return LessonApproved(**(usual | changes))


def reviewed(review_id: int = 1, **changes: Any) -> ReviewDone:
    usual: dict[str, Any] = {
        "review_id": review_id,
        "lesson_id": review_id,
        "outcome": "approved",
        "has_rubric": True,
        "has_comment": True,
        "in_time": True,
    }
    return ReviewDone(**(usual | changes))


def upheld(report_id: int = 1, reporter_id: int = 1, **changes: Any) -> ReportUpheld:
    usual: dict[str, Any] = {"report_id": report_id, "lesson_id": 1, "reporter_id": reporter_id, "is_first": True}
    return ReportUpheld(**(usual | changes))


def declined(report_id: int = 1, reporter_id: int = 1) -> ReportDeclined:
    return ReportDeclined(report_id, 1, reporter_id)
