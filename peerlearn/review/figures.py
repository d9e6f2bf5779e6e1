"""A curator's own figures: how ratings stood, how much was decided and how quickly. Only they see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from statistics import mean, median
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons.models import Revision
from peerlearn.review import rules
from peerlearn.review.flags import GRAVE
from peerlearn.review.models import Assignment, Calibration, Report, Review, SecondLook
from peerlearn.review.reliability import RED_FLAG_RATING, Decided, Reviewer, is_disproved, reviewer_of

NEWEST = 500  # decisions that are looked at
WEEKS = 8
THESE: Any = bindparam("people", expanding=True)
FAILED = (SecondLook.review_id == Review.id) & (SecondLook.state == "failed")


def decisions_of(person_id: int) -> list[Decided]:
    """What this person decided, the newest first, with what became of it."""
    return decisions_by([person_id])[person_id]


def decisions_by(person_ids: Collection[int]) -> dict[int, list[Decided]]:
    """The same for several people."""
    found: dict[int, list[Decided]] = {person_id: [] for person_id in person_ids}
    for row in db.session.execute(_decisions(), {"people": [*person_ids]}):
        found[row.decided_by_id].append(_decided(row))
    return found


@cache
def _decisions() -> Any:
    again = aliased(Review)
    columns = (Review.rubric, Review.submitted_at, Review.decided_at, Review.due_at, Review.state, Review.is_blind)
    newest = _newest(Review.decided_by_id, Review.decided_at, Review.id)
    mine = select(Review.id, newest).where(Review.decided_by_id.in_(THESE), Review.decided_at.is_not(None)).cte()
    return (
        select(
            Review.decided_by_id,
            *columns,
            again.rubric.label("again"),
            _advised().label("advised"),
            _disproved().label("disproved_at"),
            SecondLook.decided_at.label("failed_at"),
        )
        .join(mine, mine.c.id == Review.id)
        .outerjoin(again, (again.appeal_of_id == Review.id) & again.decided_at.is_not(None))
        .outerjoin(SecondLook, FAILED)
        .where(mine.c.place <= NEWEST)
        .order_by(Review.decided_at.desc(), Review.id.desc())
    )


def _advised() -> ColumnElement[float | None]:
    """The mean of what colleagues rated who advised on a review that was decided without seeing it."""
    points = [Assignment.rubric[point].as_float() for point in rules.RUBRIC]
    given = Assignment.part == "peer", Assignment.state == "done", ~Assignment.is_shadow
    mean_of = select(func.avg(sum(points[1:], points[0]) / len(points))).correlate(Review)
    return mean_of.where(Assignment.review_id == Review.id, Review.is_blind, *given).scalar_subquery()


def _disproved() -> ColumnElement[datetime | None]:
    """When something grave was first upheld against what a review let out, or a text that goes on from it."""
    approved, shown = aliased(Revision), aliased(Revision)
    stands = or_(shown.id == approved.id, and_(shown.published_at >= approved.published_at, ~_is_new(approved, shown)))
    grave = Report.lesson_id == Review.lesson_id, Report.kind.in_(GRAVE), Report.state == "upheld"
    first = select(func.min(Report.decided_at)).select_from(Report, approved, shown).correlate(Review)
    return first.where(
        approved.id == Review.revision_id, shown.id == Report.revision_id, stands, *grave
    ).scalar_subquery()


def _is_new(approved: Any, shown: Any) -> ColumnElement[bool]:
    """Whether a text that came later says something else than an approved one, or somebody reviewed it since."""
    between, again = aliased(Revision), aliased(Review)
    reviewed = exists().where(again.revision_id == between.id, again.state == "approved").correlate_except(again)
    is_since = between.published_at >= approved.published_at, between.published_at <= shown.published_at
    is_other = between.lesson_id == approved.lesson_id, between.id != approved.id
    return exists().where(*is_other, *is_since, or_(between.is_major, reviewed)).correlate_except(between)


def _newest(person_id: Any, *order: Any) -> Any:
    """Which of a person's rows is the first, second and so on, the newest first."""
    return func.row_number().over(partition_by=person_id, order_by=[one.desc() for one in order]).label("place")


def _decided(row: Any) -> Decided:
    return Decided(
        rating=mean(row.rubric.values()) if row.rubric else None,
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        due_at=row.due_at,
        is_published=row.state == "approved",
        is_blind=row.is_blind,
        second_rating=mean(row.again.values()) if row.again else None,
        advised_rating=row.advised,
        disproved_at=_first_of(row.disproved_at, row.failed_at),
    )


def _first_of(*moments: datetime | None) -> datetime | None:
    """The first of the moments that came."""
    return min(filter(None, moments), default=None)


def errors_of_advice(person_ids: Collection[int]) -> dict[int, list[float]]:
    """How far these people's advice was from the final rating, where it is known; so is the first of two approvals."""
    found: dict[int, list[float]] = {person_id: [] for person_id in person_ids}
    for row in db.session.execute(_advice(), {"people": [*person_ids]}):
        if row.rubric and row.final:
            is_wrong = is_disproved(row.decided_at, _first_of(row.disproved_at, row.failed_at))
            final = RED_FLAG_RATING if is_wrong else mean(row.final.values())
            found[row.person_id].append(mean(row.rubric.values()) - final)
    return found


@cache
def _advice() -> Any:
    def rated(person_id: Any, rubric: Any) -> Any:
        return select(
            person_id.label("person_id"),
            rubric.label("rubric"),
            Review.rubric.label("final"),
            Review.decided_at,
            _disproved().label("disproved_at"),
            SecondLook.decided_at.label("failed_at"),
            _newest(person_id, Review.decided_at, Review.id),
        )

    advised = (
        rated(Assignment.person_id, Assignment.rubric)
        .join(Review, Review.id == Assignment.review_id)
        .outerjoin(SecondLook, FAILED)
        .where(Assignment.person_id.in_(THESE), Assignment.part == "peer", Assignment.state == "done")
        .where(Review.decided_at.is_not(None))
    )
    first = (
        rated(Review.first_approved_by_id, Review.first_approval["rubric"])
        .outerjoin(SecondLook, FAILED)
        .where(Review.first_approved_by_id.in_(THESE), Review.decided_at.is_not(None))
        .where(Review.decided_by_id != Review.first_approved_by_id)
    )
    given = union_all(advised, first).subquery()
    return select(given).where(given.c.place <= NEWEST).order_by(given.c.place)


def other_errors(person_ids: Collection[int]) -> dict[int, list[float]]:
    """How far these people's advice and their ratings of known lessons were from the final ones."""
    statement = (
        select(Calibration.person_id, Calibration.rubric, Review.rubric.label("final"))
        .join(Review, Review.id == Calibration.review_id)
        .where(Calibration.person_id.in_(person_ids))
        .order_by(Calibration.id)
    )
    found = errors_of_advice(person_ids)
    for row in db.session.execute(statement):
        if row.final:
            found[row.person_id].append(mean(row.rubric.values()) - mean(row.final.values()))
    return found


def reviewers(person_ids: Collection[int]) -> dict[int, Reviewer]:
    """What earlier ratings say of these people, in decisions, in advice and of known lessons. Three statements."""
    decisions, others = decisions_by(person_ids), other_errors(person_ids)
    return {person_id: reviewer_of(decisions[person_id], others[person_id]) for person_id in person_ids}


def reviewer_for(person_id: int) -> Reviewer:
    """The same of one person."""
    return reviewers([person_id])[person_id]


def reliability_of(person_id: int) -> float:
    """How far a person's ratings can be relied on, as far as is known now."""
    return round(reviewer_for(person_id).reliability, 4)


@dataclass(frozen=True)
class Week:
    """What was decided in one week."""

    monday: date
    decided: int
    in_time: int


@dataclass(frozen=True)
class Side:
    """Decisions of one kind: how many, how they were rated, and how many were published."""

    decided: int
    rating: float | None
    published: int


def side(decisions: Sequence[Decided], *, is_blind: bool) -> Side:
    """The decisions that were made without the author's name, or with it."""
    chosen = [one for one in decisions if one.is_blind is is_blind]
    ratings = [one.rating for one in chosen if one.rating is not None]
    return Side(len(chosen), mean(ratings) if ratings else None, sum(one.is_published for one in chosen))


@dataclass(frozen=True)
class Figures:
    """What a curator sees of their own work."""

    reviewer: Reviewer
    decided: int
    in_time: int
    median_hours: float | None
    weeks: tuple[Week, ...]  # the oldest first
    blind: Side
    seen: Side


def figures(decisions: Sequence[Decided], now: datetime, zone_name: str, errors: Sequence[float] = ()) -> Figures:
    """The figures of these decisions and errors of advice: agreement over all, load and speed over the last weeks."""
    this_week = _monday(clock.day_of(now, zone_name))
    mondays = [this_week - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    weeks, recent = [], []
    for monday in mondays:
        mine = [one for one in decisions if _monday(clock.day_of(one.decided_at, zone_name)) == monday]
        recent += mine
        weeks.append(Week(monday, len(mine), sum(one.decided_at <= one.due_at for one in mine)))
    hours = [(one.decided_at - one.submitted_at) / timedelta(hours=1) for one in recent]
    return Figures(
        reviewer=reviewer_of(decisions, errors),
        decided=len(recent),
        in_time=sum(week.in_time for week in weeks),
        median_hours=median(hours) if hours else None,
        weeks=tuple(weeks),
        blind=side(decisions, is_blind=True),
        seen=side(decisions, is_blind=False),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
