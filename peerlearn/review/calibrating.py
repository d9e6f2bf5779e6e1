"""Rating lessons that are decided already, and seeing how near one comes: for new curators, and before one is one.

Only they see how near they come; of those who prepare, administrators see how many lessons and how often they agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from sqlalchemy import ColumnElement, and_, distinct, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, db
from peerlearn.core.deeds import deed
from peerlearn.core.errors import NotFound, NotValid
from peerlearn.core.upsert import insert_into
from peerlearn.core.words import N_
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, LessonTopic, Revision
from peerlearn.lessons.queries import of_topics
from peerlearn.practice.models import Holding
from peerlearn.review import conflicts, preparing, rules, shadowing, training
from peerlearn.review.models import Calibration, Preparation, Remark, Review, ReviewedText
from peerlearn.review.preparing import Preparing
from peerlearn.review.queries import TOPIC, had_a_hand


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of calibration."""

    near: float = 0.5  # from the final rating, on average
    drawn_from: int = 60  # of the newest lessons


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
    """A lesson that is decided, and what one rated it oneself. `text`: as it was read, where it has changed since."""

    review: Review
    mine: dict[str, Any] | None
    advice: str | None = None  # what one would have done
    is_own_topic: bool = True  # and not one that helps out
    text: str | None = None


@dataclass(frozen=True)
class Desk:
    """What somebody calibrates on: lessons of their topics; and of all others while these are few."""

    topics: frozenset[int]
    preparing: Sequence[Preparing]
    few: Sequence[str] = ()  # the topics with fewer decided lessons than it takes

    def is_own(self) -> ColumnElement[bool]:
        """Whether a review is of one of their topics."""
        return of_topics(self.topics, Review.topic_id, Review.lesson_id)


def desk_of(person: Person) -> Desk:
    """A person's desk; NotFound for whoever has none."""
    rows = ask(preparing.under_way(person.id).add_columns(_decided_there(person))).all()
    found = [preparing.read(row) for row in rows]
    topics = person.scopes(accounts.CURATOR) | {one.topic_id for one in found} or _held_on_probation(person)
    if not topics:
        raise NotFound()
    few = [one.topic for one, row in zip(found, rows, strict=True) if row[-1] < shadowing.POLICY.lessons]
    return Desk(topics, found, few)


def _held_on_probation(person: Person) -> frozenset[int]:
    """What somebody who advises and is on probation holds: colleagues who do not curate can calibrate too then."""
    held = select(Holding.topic_id).where(Holding.person_id == person.id, Holding.is_holder)
    return frozenset(ask(held.where(training.is_on_probation(person.id))).scalars())


def _decided_there(person: Person) -> Any:
    """How many lessons of the topic that somebody prepares for they could rate."""
    also = aliased(LessonTopic)
    taught = (
        exists().where(also.lesson_id == Review.lesson_id, also.topic_id == Preparation.topic_id).correlate_except(also)
    )
    counted = (
        select(func.count(distinct(Review.lesson_id))).select_from(Review).join(Lesson, Lesson.id == Review.lesson_id)
    )
    own = or_(Review.topic_id == Preparation.topic_id, taught)
    return counted.where(own, *_open_to(person)).correlate(Preparation).scalar_subquery()


def _open_to(person: Person) -> tuple[ColumnElement[bool], ...]:
    """What somebody may read for this: decided by others, published by now, listed for them, and not near to them."""
    approved = and_(*training.is_known(Review, person.id), ~training.was_wrong(Review))
    known = or_(approved, and_(_came_back(), Review.decided_by_id != person.id))
    near = or_(had_a_hand(person.id, Review.lesson_id), conflicts.is_near(person.id, Review))
    return known, Lesson.state == "published", visibility.is_listed_for(person.id), ~near


def _came_back() -> ColumnElement[bool]:
    """Whether a text went back to its authors, as it was read is kept, and it was published in the end.

    What is given back and not published stays between its authors and curators.
    """
    later, appeal = aliased(Review), aliased(Review)
    went_live = exists().where(later.lesson_id == Review.lesson_id, later.id > Review.id, later.state == "approved")
    overturned = exists().where(appeal.appeal_of_id == Review.id, appeal.state == "approved")
    return and_(Review.state.in_(("changes_requested", "rejected")), _text_id().is_not(None), went_live, ~overturned)


def _text_id() -> Any:
    newest = select(func.max(Remark.text_id)).where(Remark.review_id == Review.id)
    return newest.correlate_except(Remark).scalar_subquery()  # however deep in a statement it stands


def known_to(person: Person, desk: Desk) -> Sequence[Known]:
    """The lessons that somebody can calibrate on: those rated already, then others in an order that tells nothing."""
    mine, own = aliased(Calibration), desk.is_own()
    statement = (
        select(Review, mine.rubric, mine.advice, own)
        .join(Lesson, Lesson.id == Review.lesson_id)
        .outerjoin(mine, (mine.review_id == Review.id) & (mine.person_id == person.id))
        .where(*_open_to(person), *(() if desk.few else (own,)))
        .options(joinedload(Review.revision).load_only(Revision.title, Revision.minutes))
        .options(joinedload(Review.topic).options(TOPIC))
        .order_by(mine.id.is_(None), mine.id, own.desc(), Review.id.desc())
        .limit(POLICY.drawn_from)
    )
    rows = [Known(row[0], row[1], row[2], bool(row[3])) for row in db.session.execute(statement)]
    rated, others = [row for row in rows if row.mine], [row for row in rows if not row.mine]
    others.sort(key=lambda row: (not row.is_own_topic, shadowing.draw(person.id, row.review.id)))
    fresh = shadowing.once([*rated, *others], lambda row: row.review.lesson_id, keep=len(rated))
    return fresh[: shadowing.shown(len(rated))]


def known_by_id(review_id: int, person: Person) -> Known:
    """One such lesson, with its text."""
    mine, desk = aliased(Calibration), desk_of(person)
    text = select(ReviewedText.source).where(ReviewedText.id == _text_id(), Review.state != "approved")
    statement = (
        select(Review, mine.rubric, mine.advice, desk.is_own(), text.scalar_subquery())
        .join(Lesson, Lesson.id == Review.lesson_id)
        .outerjoin(mine, (mine.review_id == Review.id) & (mine.person_id == person.id))
        .where(Review.id == review_id, *_open_to(person), *(() if desk.few else (desk.is_own(),)))
        .options(joinedload(Review.revision), joinedload(Review.topic).options(TOPIC))
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound()
    return Known(row[0], row[1], row[2], bool(row[3]), row[4])


@deed
def rate(known: Known, rubric: dict[str, float], advice: str, *, by: Person) -> None:
    """Keep what one rated and would have done; the first word counts."""
    problem = shadowing.problem(rules.rubric_problem(rubric), advice)
    if problem:
        raise NotValid(problem[1], fields={problem[0]: [problem[1]]})
    row = {"person_id": by.id, "review_id": known.review.id, "rubric": rubric, "advice": advice, "at": clock.now()}
    row["topic_id"] = _counts_for(known.review, by)
    db.session.execute(insert_into(Calibration).values(row).on_conflict_do_nothing())
    training.judge([by.id])


def _counts_for(review: Review, person: Person) -> int | None:
    """For which topic that they prepare for this counts; None for curators."""
    under_way = preparing.of(person.id)
    if not under_way:
        return None
    taught = select(LessonTopic.topic_id).where(LessonTopic.lesson_id == review.lesson_id)
    done = {one.topic_id: one.progress.done for one in under_way}
    return shadowing.counts_for(frozenset(done), frozenset(db.session.scalars(taught)), done)
