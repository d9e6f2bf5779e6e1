"""New curators rate lessons that are decided already, and see how near they come: only they see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.core.errors import NotFound, NotValid
from peerlearn.core.upsert import insert_into
from peerlearn.core.words import N_
from peerlearn.lessons.models import Revision
from peerlearn.lessons.queries import of_topics
from peerlearn.review import rules
from peerlearn.review.models import Calibration, Review
from peerlearn.review.queries import TOPIC, had_a_hand


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of calibration."""

    lessons: int = 5  # that a new curator rates first
    near: float = 0.5  # from the final rating, on average


POLICY = Policy()
WORDS = {
    "near": N_("You see it as the curator did who decided. Your eye is ready."),
    "higher": N_("You rate a little higher than the curator who decided. Look where you differ: that is all it takes."),
    "lower": N_("You rate a little lower than the curator who decided. Look where you differ: that is all it takes."),
}


def words_for(mine: dict[str, Any], final: dict[str, Any], policy: Policy = POLICY) -> str:
    """What a comparison says, kindly."""
    error = mean(mine.values()) - mean(final.values())
    return WORDS["near" if abs(error) <= policy.near else "higher" if error > 0 else "lower"]


@dataclass(frozen=True)
class Known:
    """A lesson that is decided, and what one rated it oneself."""

    review: Review
    mine: dict[str, Any] | None


def is_known(review: Any, me: Any) -> tuple[ColumnElement[bool], ...]:
    """Which reviews can be compared with: published with ratings by somebody else."""
    return review.state == "approved", review.rubric.is_not(None), review.decided_by_id != me


def known_to(person: Person) -> Sequence[Known]:
    """The lessons that somebody can calibrate on: those rated already, then the newest others."""
    mine = aliased(Calibration)
    statement = (
        select(Review, mine.rubric)
        .outerjoin(mine, (mine.review_id == Review.id) & (mine.person_id == person.id))
        .where(*_open_to(person))
        .options(joinedload(Review.revision).load_only(Revision.title, Revision.minutes))
        .options(joinedload(Review.topic).options(TOPIC))
        .order_by(mine.id.is_(None), mine.id, Review.id.desc())
        .limit(POLICY.lessons)
    )
    return [Known(row[0], row[1]) for row in db.session.execute(statement)]


def _open_to(person: Person) -> tuple[ColumnElement[bool], ...]:
    theirs = of_topics(person.scopes(accounts.CURATOR), Review.topic_id, Review.lesson_id)
    return *is_known(Review, person.id), theirs, ~had_a_hand(person.id, Review.lesson_id)


def known_by_id(review_id: int, person: Person) -> Known:
    """One such lesson, with its text."""
    mine = aliased(Calibration)
    statement = (
        select(Review, mine.rubric)
        .outerjoin(mine, (mine.review_id == Review.id) & (mine.person_id == person.id))
        .where(Review.id == review_id, *_open_to(person))
        .options(joinedload(Review.revision), joinedload(Review.topic).options(TOPIC))
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound()
    return Known(row[0], row[1])


@deed
def rate(known: Known, rubric: dict[str, float], *, by: Person) -> None:
    """Keep what one rated; the first word counts."""
    problem = rules.rubric_problem(rubric)
    if problem:
        raise NotValid(problem, fields={"rubric": [problem]})
    row = {"person_id": by.id, "review_id": known.review.id, "rubric": rubric, "at": clock.now()}
    db.session.execute(insert_into(Calibration).values(row).on_conflict_do_nothing())


def should_first(person_id: Any, topic_id: Any) -> ColumnElement[bool]:
    """Whether a curator has decided nothing, and there are lessons of the topic to calibrate on first."""
    decided, known, mine, rated = aliased(Review), aliased(Review), aliased(Calibration), aliased(Calibration)
    count = select(func.count(mine.id)).where(mine.person_id == person_id).scalar_subquery()
    was_rated = exists().where(rated.person_id == person_id, rated.review_id == known.id).correlate_except(rated)
    return (
        ~exists().where(decided.decided_by_id == person_id)
        & (count < POLICY.lessons)
        & exists().where(*is_known(known, person_id), known.topic_id == topic_id, ~was_rated)
    )


def invites(topics: frozenset[int], me: Any) -> ColumnElement[bool]:
    """Whether the queue invites somebody to calibrate, as part of a statement."""
    decided, mine, rated = aliased(Review), aliased(Calibration), aliased(Calibration)
    count = select(func.count(mine.id)).where(mine.person_id == me).scalar_subquery()
    was_rated = exists().where(rated.person_id == me, rated.review_id == Review.id)
    theirs = of_topics(topics, Review.topic_id, Review.lesson_id), ~had_a_hand(me, Review.lesson_id)
    return (
        ~exists().where(decided.decided_by_id == me)
        & (count < POLICY.lessons)
        & exists().where(*is_known(Review, me), *theirs, ~was_rated).correlate(None)
    )
