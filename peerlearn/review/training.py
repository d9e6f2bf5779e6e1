"""Who rates lessons that are decided already before deciding alone: whoever is new as a curator, or on probation.

On probation is who rates far from what is final: it begins and ends by the formula alone, whenever something changes
what is known of their ratings. Time alone changes nothing.
Whoever is new begins with the role, and ends with five lessons, rated or decided.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select, union, update
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Grant
from peerlearn.core import clock
from peerlearn.core.db import ask, db, table_of
from peerlearn.core.upsert import insert_into
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson
from peerlearn.review import conflicts, figures, reliability, shadowing
from peerlearn.review.impartiality import Closeness
from peerlearn.review.models import Assignment, Calibration, Report, Review, SecondLook, Training

ENOUGH = shadowing.POLICY.lessons


# who it is


def is_on_probation(me: Any) -> ColumnElement[bool]:
    """Whether what somebody rates counts nowhere for now."""
    return _is(me, Closeness.PROBATION)


def is_new(me: Any) -> ColumnElement[bool]:
    """Whether somebody is new as a curator, and there is a lesson of their topics to rate."""
    return and_(_is(me, Closeness.NEW), _has_something_to_rate(me))


def why(me: Any) -> ColumnElement[str | None]:
    """Why somebody does not decide alone yet, by its slug; null for everybody else."""
    return case(
        (is_on_probation(me), str(Closeness.PROBATION)),
        (is_new(me), str(Closeness.NEW)),
        else_=None,
    )


def _is(me: Any, reason: Closeness) -> ColumnElement[bool]:
    known = aliased(Training)
    return exists().where(known.person_id == me, known.why == str(reason)).correlate_except(known)


@dataclass(frozen=True, slots=True)
class Eye:
    """Why somebody rates lessons that are decided already before deciding alone, and how many more."""

    why: Closeness
    lessons_left: int


def columns(me: Any) -> tuple[ColumnElement[Any], ...]:
    """What `as_read` reads."""
    known = aliased(Training)
    left = select(known.lessons_left).where(known.person_id == me).correlate_except(known).scalar_subquery()
    return why(me), left


def as_read(why: str | None, lessons_left: int) -> Eye | None:
    """What `columns` told; None for whoever decides alone."""
    return Eye(Closeness(why), lessons_left) if why else None


def eye_of(person_id: int) -> Eye | None:
    """Whether somebody rates known lessons before deciding alone, and how many more."""
    return as_read(*ask(_eye(), {"me": person_id}).one())


@cache
def _eye() -> Any:
    return select(*columns(conflicts.ME))


def on_probation_since(person_id: int) -> datetime | None:
    """Since when somebody is on probation; None for everybody else."""
    theirs = Training.person_id == person_id, Training.why == str(Closeness.PROBATION)
    moment: datetime | None = ask(select(Training.since).where(*theirs)).scalar()
    return moment


# what there is to rate


def is_known(review: Any, me: Any) -> tuple[ColumnElement[bool], ...]:
    """Which reviews can be compared with: published with ratings by somebody else."""
    return review.state == "approved", review.rubric.is_not(None), review.decided_by_id != me


def was_wrong(review: Any) -> ColumnElement[bool]:
    """Whether a second look found that something should not have been published as it was."""
    look = aliased(SecondLook)
    return exists().where(look.review_id == review.id, look.state == "failed").correlate_except(look)


def _has_something_to_rate(me: Any) -> ColumnElement[bool]:
    """Whether a lesson of their topics is there that everybody may be shown and that they have not rated."""
    known, grant = aliased(Review), aliased(Grant)
    near = or_(conflicts.hand(me, known.lesson_id), conflicts.is_near(me, known))
    return (
        exists()
        .where(
            grant.person_id == me,
            conflicts.curates(grant, known.topic_id, known.lesson_id),
            *is_known(known, me),
            ~_was_rated(me, known.lesson_id),
            _can_be_met(known),
            ~near,
        )
        .correlate_except(known, grant)
    )


def _was_rated(me: Any, lesson_id: Any) -> ColumnElement[bool]:
    """Whether somebody rated a text of a lesson; another one of it is not offered to them."""
    mine, text = aliased(Calibration), aliased(Review)
    return (
        exists()
        .where(mine.person_id == me, text.id == mine.review_id, text.lesson_id == lesson_id)
        .correlate_except(mine, text)
    )


def _can_be_met(review: Any) -> ColumnElement[bool]:
    """Whether an approved text is one that everybody may be shown: what is waited for must be there."""
    lesson = aliased(Lesson)
    is_out = lesson.state == "published", visibility.is_for_all(lesson)
    return and_(exists().where(lesson.id == review.lesson_id, *is_out).correlate_except(lesson), ~was_wrong(review))


# when it begins and ends


def begin(person_ids: Collection[int]) -> None:
    """These became curators: whoever has neither rated nor decided about enough lessons yet is new."""
    found = _practice(person_ids)
    rows = [
        {"person_id": person_id, "why": str(Closeness.NEW), "since": clock.now(), "lessons_left": ENOUGH - rated}
        for person_id, (rated, decided) in sorted(found.items())
        if max(rated, decided) < ENOUGH
    ]
    if rows:
        ask(insert_into(Training).values(rows).on_conflict_do_nothing())


def judge(person_ids: Collection[int]) -> None:
    """Put whoever rates too far from what is final on probation, and let it end for everybody else."""
    if not person_ids:
        return
    now = clock.now()
    found = figures.reviewers(person_ids)
    rows = [
        {"person_id": person_id, "why": str(Closeness.PROBATION), "since": now}
        | {"lessons_left": reliability.exact_ratings_left(one)}
        for person_id, one in sorted(found.items())
        if one.is_on_probation
    ]
    if rows:
        keeping = insert_into(Training).values(rows)
        is_other = Training.why != keeping.excluded.why
        kept = {"why": keeping.excluded.why, "lessons_left": keeping.excluded.lessons_left}
        since = case((is_other, keeping.excluded.since), else_=Training.since)
        ask(keeping.on_conflict_do_update(index_elements=["person_id"], set_=kept | {"since": since}))
    _end(found.keys() - {row["person_id"] for row in rows})


def _end(person_ids: Collection[int]) -> None:
    """None of these is on probation; whoever is new goes on until it is enough."""
    known = select(Training.person_id, Training.why).where(Training.person_id.in_(person_ids))
    reasons = {row.person_id: row.why for row in ask(known)} if person_ids else {}
    practice = _practice([one for one, reason in reasons.items() if reason == Closeness.NEW])
    new = {
        person_id: ENOUGH - rated for person_id, (rated, decided) in practice.items() if max(rated, decided) < ENOUGH
    }
    over = reasons.keys() - new.keys()
    if over:
        ask(delete(table_of(Training)).where(Training.person_id.in_(over)))
    if new:
        left = case(*((Training.person_id == person_id, count) for person_id, count in new.items()))
        ask(update(table_of(Training)).where(Training.person_id.in_(new)).values(lessons_left=left))


def _practice(person_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """About how many lessons these people rated that were decided already, and decided themselves."""
    if not person_ids:
        return {}
    rated = select(Calibration.person_id, func.count()).where(Calibration.person_id.in_(person_ids))
    decided = select(Review.decided_by_id, func.count()).where(Review.decided_by_id.in_(person_ids))
    counts = [
        {row[0]: row[1] for row in ask(one)}
        for one in (rated.group_by(Calibration.person_id), decided.group_by(Review.decided_by_id))
    ]
    return {person_id: (counts[0].get(person_id, 0), counts[1].get(person_id, 0)) for person_id in person_ids}


def raters_of(review_ids: Collection[int]) -> set[int]:
    """Who rated these texts: whoever decided, whoever approved first, and whoever advised."""
    deciders = (Review.decided_by_id, Review.first_approved_by_id)
    decided = [select(one).where(Review.id.in_(review_ids), one.is_not(None)) for one in deciders]
    advised = select(Assignment.person_id).where(
        Assignment.review_id.in_(review_ids), Assignment.part == "peer", Assignment.state == "done"
    )
    return set(db.session.scalars(union(*decided, advised)))


def reviews_of(report_ids: Collection[int]) -> set[int]:
    """The reviews of the texts that these reports are about."""
    about = select(Review.id).join(Report, Report.revision_id == Review.revision_id)
    return set(db.session.scalars(about.where(Report.id.in_(report_ids))))
