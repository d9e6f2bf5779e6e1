"""What waits for a curator: the queue, and how much there is of what. The statements are made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from math import log
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    distinct,
    exists,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.analysis import queries as analysis
from peerlearn.core import clock
from peerlearn.core.db import UTCDateTime, ask, days_between, least
from peerlearn.core.paging import PAGE, Page, page_of
from peerlearn.learn.models import Reading
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.lessons.queries import of_topics
from peerlearn.requests.models import LessonRequest
from peerlearn.review import looking, precedence, rules, staffing, training
from peerlearn.review.asking import suggested_to
from peerlearn.review.conflicts import BOUND, ME, bound
from peerlearn.review.desks import Desk
from peerlearn.review.flags import GRAVE
from peerlearn.review.models import Assignment, Report, Review
from peerlearn.review.queries import had_a_hand
from peerlearn.review.reliability import DISAGREEMENT

NOW: Any = bindparam("now", type_=UTCDateTime)
LATELY: Any = bindparam("lately", type_=UTCDateTime)


def queue(person: Person, after: int | None = None, size: int = PAGE) -> Page[Any]:
    """Open reviews of the person's topics as plain rows, the most urgent first.

    `is_mine` says that the curator had a hand in the lesson, `is_free` that nothing keeps them from deciding,
    `gives_way` that others come first.
    """
    statement = _queue(_desk(person), after is not None)
    now = clock.now()
    values = {"me": person.id, "size": size + 1, "now": now, "lately": now - rules.READ_LATELY} | bound(now)
    found = ask(statement, values | ({"after": after} if after is not None else {}))
    return page_of(found.all(), lambda row: row.id, size)


def _desk(person: Person) -> Desk:
    return Desk.of(person) or Desk(frozenset(), stands_in=False)


@lru_cache(maxsize=256)
def _queue(desk: Desk, goes_on: bool) -> Any:
    """The queue of a desk, from its start or from a review on: what is shown is asked for only of those that are."""
    first = _first(desk, goes_on)
    similar, claimant = aliased(Lesson), aliased(Person)
    return (
        select(
            Review.id,
            Review.submitted_at,
            Review.due_at,
            Review.round,
            Review.is_blind,
            Review.hints,
            Review.claimed_by_id,
            Review.claimed_until,
            Review.similarity,
            Revision.title,
            Revision.minutes,
            Lesson.slug,
            Topic.name.label("topic"),
            Topic.hue,
            Person.name.label("owner"),
            claimant.name.label("claimant"),
            similar.title.label("similar"),
            had_a_hand(ME, Review.lesson_id).label("is_mine"),
            desk.is_free(ME, BOUND).label("is_free"),
            precedence.gives_way_in_list(ME, Review).label("gives_way"),
            Review.decide_by,
            Review.responded_at,
            _votes(Review).label("votes"),
            _readers(Review).label("readers"),
            Review.handed_up_at,
            suggested_to(ME, Review.id).label("is_suggested"),
            (first.c.urgency >= rules.DISPUTED).label("is_disputed"),
        )
        .join(first, first.c.id == Review.id)
        .join(Lesson, Lesson.id == Review.lesson_id)
        .join(Person, Person.id == Lesson.owner_id)
        .join(Revision, Revision.id == Review.revision_id)
        .join(Topic, Topic.id == Review.topic_id)
        .outerjoin(claimant, claimant.id == Review.claimed_by_id)
        .outerjoin(similar, and_(similar.id == Review.similar_id, visibility.is_for_all(similar)))
        .order_by(first.c.urgency.desc(), Review.due_at, Review.id)
    )


def _first(desk: Desk, goes_on: bool) -> Subquery:
    """Which reviews come first on a desk, with their urgency."""
    urgency = _urgency(Review)
    statement = select(Review.id, urgency.label("urgency")).where(Review.state == "open", desk.holds())
    if goes_on:
        last = aliased(Review)
        seen = last.id == bindparam("after", type_=Integer)
        before, due, number = (
            select(one).where(seen).scalar_subquery() for one in (_urgency(last), last.due_at, last.id)
        )
        later = tuple_(Review.due_at, Review.id) > tuple_(due, number)
        statement = statement.where(or_(urgency < before, and_(urgency == before, later)))
    return statement.order_by(urgency.desc(), Review.due_at, Review.id).limit(bindparam("size")).subquery()


def _votes(review: Any) -> ColumnElement[int]:
    """How many colleagues wait for a lesson: they voted for the request that it is written for."""
    wanted = LessonRequest.lesson_id == review.lesson_id, LessonRequest.state == "taken"
    return select(func.coalesce(func.sum(LessonRequest.votes), 0)).where(*wanted).scalar_subquery()


def _readers(review: Any) -> ColumnElement[int]:
    """How many colleagues began to read what is published of a lesson in the last days."""
    lately = Reading.lesson_id == review.lesson_id, Reading.started_at >= LATELY
    return select(func.count()).select_from(Reading).where(*lately).scalar_subquery()


def _urgency(review: Any) -> ColumnElement[float]:
    """As `rules.priority` says it."""
    due = case((review.responded_at.is_(None), review.due_at), else_=review.decide_by)
    promised = days_between(review.submitted_at, due)
    age = days_between(review.submitted_at, NOW)
    ratio = case((promised <= 0, 2.0), else_=least(age / promised, 2.0))
    grave = exists().where(Report.lesson_id == review.lesson_id, Report.kind.in_(GRAVE), Report.state == "open")
    urgency = ratio + 0.25 * func.ln(1 + _votes(review) + _readers(review)) / log(2) + case((grave, 1.0), else_=0.0)
    return urgency + case((_is_disputed(review), rules.DISPUTED), else_=0.0)


def _is_disputed(review: Any) -> ColumnElement[bool]:
    """Whether two who advised are far apart in one point; nobody is shown that of what is decided without a name."""
    one, other = aliased(Assignment), aliased(Assignment)
    gaps = (one.rubric[point].as_float() - other.rubric[point].as_float() for point in rules.RUBRIC)
    both = (each.review_id == review.id for each in (one, other))
    given = (and_(each.part == "peer", each.state == "done", ~each.is_shadow) for each in (one, other))
    far = exists().where(*both, *given, or_(*(gap >= DISAGREEMENT for gap in gaps)))
    return and_(review.peers == "asked", ~review.is_blind, far)


AGES = (1, 2, 5)  # working days
APART = 20  # how many lessons beside the queue are shown


def set_apart(person: Person) -> Sequence[Any]:
    """What waits for something else in the person's topics, as plain rows: approved for a day, or hidden for now."""
    return list(ask(_set_apart(person.scopes(accounts.CURATOR))).all())


@lru_cache(maxsize=256)
def _set_apart(topics: frozenset[int]) -> Any:
    hidden = select(Lesson.id).where(Lesson.state == "quarantined")
    approved = select(Review.lesson_id).where(Review.goes_live_at.is_not(None))
    shown = (Lesson.id.label("lesson_id"), Lesson.title, Review.id.label("review_id"), Review.goes_live_at)
    return (
        select(*shown)
        .outerjoin(Review, (Review.lesson_id == Lesson.id) & Review.goes_live_at.is_not(None))
        .where(Lesson.id.in_(union_all(hidden, approved)), of_topics(topics, Lesson.topic_id, Lesson.id))
        .order_by(Review.goes_live_at, Lesson.id)
        .limit(APART)
    )


@dataclass(frozen=True)
class Counts:
    """How much waits for a curator."""

    reviews: int
    overdue: int
    reports: int
    questions: int
    audits: int  # small edits and approvals to look at afterwards
    why_first: str | None  # they rate known lessons before deciding alone …
    lessons_left: int  # … and how many more
    under_a_day: int  # of the reviews: since how many working days they wait
    under_two: int
    under_five: int
    came_in: int  # in the weeks over which staffing counts
    curators: int  # who look after these topics

    @property
    def ages(self) -> tuple[int, int, int, int]:
        """How many wait since less than one, two and five working days, and longer."""
        known = self.under_a_day, self.under_two, self.under_five
        return *known, self.reviews - sum(known)

    @property
    def eye(self) -> training.Eye | None:
        """What the queue says to whoever rates known lessons before deciding alone."""
        return training.as_read(self.why_first, self.lessons_left)

    @property
    def utilisation(self) -> int | None:
        """How much of the curators' time this takes, in percent."""
        return staffing.utilisation(self.came_in / staffing.POLICY.weeks, self.curators)

    @property
    def needed(self) -> int:
        """How many curators it needs."""
        return staffing.needed(self.came_in / staffing.POLICY.weeks)

    @property
    def is_busy(self) -> bool:
        """Whether what waits will wait ever longer."""
        return (self.utilisation or 0) > staffing.BUSY


def counts(person: Person, now: datetime, zone: tzinfo) -> Counts:
    """How much of the person's topics waits, leaving out what the person may not decide."""
    since = now - timedelta(weeks=staffing.POLICY.weeks)
    bounds = {f"before_{days}": rules.working_days_before(now, days, zone) for days in AGES}
    values = {"me": person.id, "now": now, "counted_since": since} | bounds | bound(now)
    return Counts(*ask(_counts(_desk(person)), values).one())


def _ages() -> list[ColumnElement[int]]:
    """How many wait since less than one working day, since one to two, and since two to five."""
    bounds = [bindparam(f"before_{days}", type_=UTCDateTime) for days in AGES]
    at = Review.submitted_at
    spans = [at > bounds[0], *(and_(at > older, at <= newer) for newer, older in pairwise(bounds))]
    return [func.coalesce(func.sum(case((span, 1), else_=0)), 0) for span in spans]


@lru_cache(maxsize=256)
def _counts(desk: Desk) -> Select[Any]:
    answer_late = and_(Review.responded_at.is_(None), Review.due_at < NOW)
    overdue = case((or_(answer_late, Review.decide_by < NOW), 1), else_=0)
    reports = select(func.count(Report.id)).where(
        Report.state == "open",
        of_topics(desk.topics, Report.topic_id, Report.lesson_id),
        ~had_a_hand(ME, Report.lesson_id),
        Report.reporter_id != ME,
    )
    questions = analysis.to_decide(desk.topics, ME)
    came_in = select(func.count(Review.id)).where(
        Review.submitted_at >= bindparam("counted_since", type_=UTCDateTime), desk.holds()
    )
    together = [] if accounts.EVERYWHERE in desk.topics else [Grant.scope_id.in_({accounts.EVERYWHERE, *desk.topics})]
    curators = (
        select(func.count(distinct(Grant.person_id)))
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.role == accounts.CURATOR, Person.is_active, *together)
    )
    return select(
        func.count(Review.id),
        func.coalesce(func.sum(overdue), 0),
        reports.scalar_subquery(),
        questions,
        looking.waiting(desk.topics, desk.stands_in, ME),
        *training.columns(ME),
        *_ages(),
        came_in.scalar_subquery(),
        curators.scalar_subquery(),
    ).where(
        Review.state == "open",
        desk.holds(),
        ~had_a_hand(ME, Review.lesson_id),
        desk.is_free(ME, BOUND),
    )
