"""What the today page and a profile ask: much in few statements, each the same for three rows and for thirty."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from peerlearn.accounts import queries as people
from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.analysis import queries as analysis
from peerlearn.badges.models import Award
from peerlearn.core import clock
from peerlearn.core.db import UTCDateTime, ask
from peerlearn.home import rules
from peerlearn.home.lines import NO_NUMBER, by_kind_of, is_author, line, of_lesson, together
from peerlearn.home.rules import POLICY, Task
from peerlearn.inbox import queries as inbox
from peerlearn.learn.models import Asked, Attempt, Reading
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.points.models import PointSum
from peerlearn.practice import offering, recommending
from peerlearn.practice import queries as practice
from peerlearn.practice.ranking import Candidate
from peerlearn.review import conflicts
from peerlearn.review import queries as reviews
from peerlearn.review.desks import Desk
from peerlearn.review.models import Remark, Review
from peerlearn.streaks import queries as streaks
from peerlearn.streaks.queries import Known

# The statements of the today page are large, and making them takes longer than running them. So each is made once, for
# whoever asks: the person and the time are filled in when it runs. Only curators' topics make a difference.
ME: Any = bindparam("me", type_=Integer)
NOW = bindparam("now", type_=UTCDateTime)
SINCE_BADGES = bindparam("since_badges", type_=UTCDateTime)
PICKS = bindparam("picks", expanding=True, type_=Integer)


def _asked_by(person: Person) -> dict[str, Any]:
    now = clock.now()
    return {
        "me": person.id,
        "now": now,
        "since_badges": now - timedelta(days=POLICY.fresh_badge_days),
        **conflicts.bound(now),
    }


@dataclass(frozen=True)
class Counts:
    """What stands around every page of a person."""

    xp: int = 0
    ip: int = 0
    unread: int = 0
    queue: int = 0  # reviews to take up, and questions to decide about
    due: int = 0  # questions to practise today
    room: int = 0  # for new questions in a set of today, where none is due and none was drawn


def counts(person: Person) -> Counts:
    """Points, unread notices, what waits for a curator and questions that are due, in one statement."""
    today = clock.today(person.timezone)
    values = _asked_by(person) | practice.due_values(person.id, today, today)
    xp, ip, unread, queue, due, room, days_off = ask(_counts(Desk.of(person)), values).one()
    works = accounts.Calendar.read(person.work_days, days_off).is_workday(today)
    return Counts(xp, ip, unread, queue, due if works else 0, room if works and not due else 0)


@lru_cache(maxsize=256)
def _counts(desk: Desk | None) -> Select[Any]:
    whole = and_(PointSum.person_id == ME, PointSum.period == "all")
    queue: Any = NO_NUMBER
    if desk is not None:
        queue = select(func.count()).where(*_to_review(desk)).scalar_subquery() + analysis.to_decide(desk.topics, ME)
    return select(
        func.coalesce(select(PointSum.xp).where(whole).scalar_subquery(), 0),
        func.coalesce(select(PointSum.ip).where(whole).scalar_subquery(), 0),
        inbox.unread(ME),
        queue,
        practice.waiting(),
        practice.room(),
        people.days_off(ME, practice.TODAY, practice.TODAY),
    )


def _to_review(desk: Desk) -> list[ColumnElement[bool]]:
    """Reviews that this curator could take up now."""
    return [
        Review.state == "open",
        desk.holds(),
        desk.is_free(ME, conflicts.BOUND),
        ~reviews.had_a_hand(ME, Review.lesson_id),
        or_(Review.claimed_until.is_(None), Review.claimed_until <= NOW, Review.claimed_by_id == ME),
    ]


@dataclass(frozen=True)
class FreshBadge:
    """A badge earned lately."""

    badge: str
    tier: int
    at: datetime


@dataclass(frozen=True)
class Today:
    """What waits for a person and how their week goes."""

    tasks: list[Task] = field(default_factory=list)
    badges: list[FreshBadge] = field(default_factory=list)
    days: Known = field(default_factory=Known)
    picks: list[Candidate] = field(default_factory=list)
    has_new: bool = False  # questions, of which a set can be drawn


def today(person: Person, room: int = 0) -> Today:
    """Everything on the today page that is not a standing: one statement, and one more to rank lessons anew.

    `room`: for so many new questions, where a set of today would have nothing else.
    """
    known, day = recommending.lately_recommended(person), clock.today(person.timezone)
    values = _asked_by(person) | {"picks": [lesson.id for lesson in known]}
    if room:
        values |= offering.values(person, day, room)
    found = ask(_today(Desk.of(person), room > 0), values).all()
    by_kind = by_kind_of(found)
    are_new = len(by_kind.get("pick", ())) == len(known) > 0
    return Today(
        tasks=rules.in_order(Task(*row) for row in found if row.kind in rules.KIND_OF),
        badges=[FreshBadge(row.slug, row.part, row.at) for row in by_kind.get("badge", [])],
        days=Known.read(by_kind["days"][0].title),
        picks=known if are_new else recommending.recommended_lessons(person),
        has_new=offering.any_suits([(row.slug, row.topic, row.title) for row in by_kind.get("question", ())], day),
    )


@lru_cache(maxsize=256)
def _today(desk: Desk | None, wants_new: bool) -> CompoundSelect[Any]:
    parts = [
        _open_attempts(),
        _changes_requested(),
        _readings(),
        _my_revisions("draft", "draft"),
        _badges(),
        line("days", title=streaks.known_of(ME)),
        line("pick", ident=Lesson.id).where(Lesson.id.in_(PICKS), recommending.is_new()),
    ]
    if desk is not None:
        parts.append(_reviews(desk))
    if wants_new:
        new = offering.new()
        parts.append(line("question", slug=new.c.facts, topic=new.c.said, title=new.c.text))
    return together(*parts)


def _asked(*of_which: ColumnElement[bool]) -> Any:
    """How many questions an attempt asks."""
    return select(func.count()).where(Asked.attempt_id == Attempt.id, *of_which).correlate(Attempt).scalar_subquery()


def _open_attempts() -> Select[Any]:
    return (
        of_lesson(
            "attempt",
            ident=Attempt.id,
            title=Lesson.title,
            part=_asked(Asked.answered_at.is_not(None)),
            whole=_asked(),
            at=Attempt.started_at,
        )
        .select_from(Attempt)
        .join(Lesson, Lesson.id == Attempt.lesson_id)
        .join(Topic, Topic.id == Lesson.topic_id)
        .where(Attempt.person_id == ME, Attempt.state == "open", Lesson.state == "published")
        .where(visibility.is_for(ME))
        .order_by(Attempt.started_at.desc())
        .limit(POLICY.tasks_of_a_kind)
    )


def _under_way_or_passed() -> ColumnElement[bool]:
    """Whether the lesson's quiz was begun or its major version passed."""
    return exists().where(
        Attempt.person_id == ME,
        Attempt.lesson_id == Lesson.id,
        or_(Attempt.state == "open", and_(Attempt.is_passed, Attempt.major == Lesson.major)),
    )


def _readings() -> Select[Any]:
    return (
        of_lesson(
            "reading",
            ident=Reading.id,
            title=Lesson.title,
            part=Reading.card,
            whole=func.json_array_length(Revision.cards),
            at=Reading.touched_at,
        )
        .select_from(Reading)
        .join(Lesson, and_(Lesson.id == Reading.lesson_id, Lesson.published_id == Reading.revision_id))
        .join(Revision, Revision.id == Reading.revision_id)
        .join(Topic, Topic.id == Lesson.topic_id)
        .where(Reading.person_id == ME, Lesson.state == "published", ~_under_way_or_passed())
        .where(visibility.is_for(ME))
        .order_by(Reading.touched_at.desc())
        .limit(POLICY.tasks_of_a_kind)
    )


def _my_revisions(kind: str, state: str, part: Any = NO_NUMBER) -> Select[Any]:
    return (
        of_lesson(
            kind,
            ident=Revision.lesson_id,
            title=func.coalesce(func.nullif(Revision.title, ""), Lesson.title),
            part=part,
            at=Revision.saved_at,
        )
        .select_from(Revision)
        .join(Lesson, Lesson.id == Revision.lesson_id)
        .join(Topic, Topic.id == Lesson.topic_id)
        .where(Revision.state == state, is_author(ME, Revision.lesson_id))
        .order_by(Revision.saved_at.desc())
        .limit(POLICY.tasks_of_a_kind)
    )


def _changes_requested() -> Select[Any]:
    remarks = (
        select(func.count())
        .where(Remark.revision_id == Revision.id, Remark.state == "open")
        .correlate(Revision)
        .scalar_subquery()
    )
    return _my_revisions("changes", "changes_requested", part=remarks)


def _reviews(desk: Desk) -> Select[Any]:
    return (
        of_lesson("review", ident=Review.id, title=Revision.title, at=Review.submitted_at)
        .select_from(Review)
        .join(Revision, Revision.id == Review.revision_id)
        .join(Lesson, Lesson.id == Review.lesson_id)
        .join(Topic, Topic.id == Review.topic_id)
        .where(*_to_review(desk))
        .order_by(Review.due_at, Review.id)
        .limit(POLICY.tasks_of_a_kind)
    )


def _badges() -> Select[Any]:
    return (
        line("badge", ident=Award.id, slug=Award.badge, part=Award.tier, at=Award.at)
        .select_from(Award)
        .where(Award.person_id == ME, Award.at >= SINCE_BADGES)
        .order_by(Award.at.desc(), Award.id.desc())
        .limit(POLICY.tasks_of_a_kind)
    )
