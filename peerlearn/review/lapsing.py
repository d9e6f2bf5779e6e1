"""Curators who do nothing for long are told, and then their role lapses: worked out by looking, once a day.

What counts is anything that a curator does in a topic. Lessons of one's own never do. Higher features say with
`count_too` what else they let curators do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import and_, exists, func, or_, select, union_all, update
from sqlalchemy.orm import aliased

from peerlearn.accounts import actions as accounts
from peerlearn.accounts import rules as roles
from peerlearn.accounts.models import Absence, Grant, Person
from peerlearn.analysis.models import ItemFlag
from peerlearn.core import clock
from peerlearn.core.db import ask, start_writing, table_of
from peerlearn.core.deeds import deed, publish
from peerlearn.core.upsert import insert_into
from peerlearn.lessons.models import Lesson, LessonTopic
from peerlearn.review import acts, conflicts, idling
from peerlearn.review.events import CuratorIsQuiet
from peerlearn.review.idling import POLICY, Quiet, Span, Step
from peerlearn.review.models import IdleSpell, Report, Review, ReviewAct, StandingAct

Acts = Callable[[datetime], Any]  # since a moment: person, lesson, moment
NOT_AS_CURATOR = ("publish_edit", "source_changed")  # what stands in a lesson's history and takes no role
AS_CURATOR = tuple(act.slug for act in acts.ACTS.values() if act.who == acts.CURATOR)
_LOOK_BACK = timedelta(days=POLICY.days + roles.POLICY.absence_days)
_MORE: list[Acts] = []


def count_too(what: Acts) -> None:
    """Let something of a higher feature count as an act of curators."""
    _MORE.append(what)


@dataclass(frozen=True)
class Seat:
    """One curator in one topic; topic 0: in all of them."""

    grant_id: int
    person_id: int
    scope_id: int
    quiet: Quiet


def tend() -> bool:
    """Look once a day in each process; what is found is done in one transaction."""
    today = clock.today(clock.organisation_zone())
    if current_app.extensions.get("looked_for_idle") == today:
        return False
    current_app.extensions["looked_for_idle"] = today
    if not due(today):
        return False
    start_writing()
    settle(today)
    return False


@deed
def settle(today: date) -> None:
    """Tell those who are quiet for long, and let lapse the roles of those who were told."""
    for seat, step in due(today):
        if step is Step.TELL:
            _tell(seat, today)
        elif accounts.let_role_lapse(seat.grant_id):
            own = IdleSpell.person_id == seat.person_id, IdleSpell.scope_id == seat.scope_id
            lapsed = update(table_of(IdleSpell)).where(*own, IdleSpell.since == seat.quiet.since)
            ask(lapsed.values(lapsed_on=today))


def _tell(seat: Seat, today: date) -> None:
    row = {"person_id": seat.person_id, "scope_id": seat.scope_id, "since": seat.quiet.since, "told_on": today}
    told = ask(insert_into(IdleSpell).values(row).on_conflict_do_nothing().returning(IdleSpell.person_id))
    if told.first():
        ends_on = idling.ends_on(seat.quiet, today).isoformat()
        publish(CuratorIsQuiet(seat.person_id, seat.scope_id, seat.quiet.since.isoformat(), ends_on), by=None)


def due(today: date) -> list[tuple[Seat, Step]]:
    """About whom something is to be done today. Where nobody is quiet, three statements."""
    seats = _seats(today)
    quiet = [seat for seat in seats if idling.is_quiet(seat.quiet.since, today, seat.quiet.days_off)]
    if not quiet:
        return []
    had_work, told = _with_work({seat.grant_id for seat in quiet}, today), _told()
    found: list[tuple[Seat, Step]] = []
    for seat in quiet:
        known = replace(
            seat.quiet,
            others=_others(seat, seats, today),
            had_work=seat.grant_id in had_work,
            told_on=told.get((seat.person_id, seat.scope_id, seat.quiet.since)),
        )
        step = idling.step(known, today)
        if step is not Step.NOTHING:
            found.append((replace(seat, quiet=known), step))
    return found


def _others(seat: Seat, seats: Sequence[Seat], today: date) -> int:
    """How many others look after the same topics, are here and not idle."""
    scopes = (seat.scope_id, roles.EVERYWHERE)
    return sum(
        other.scope_id in scopes
        and other.person_id != seat.person_id
        and not idling.is_idle(other.quiet.since, today, other.quiet.days_off)
        and not idling.is_away(today, other.quiet.days_off)
        for other in seats
    )


def _seats(today: date) -> list[Seat]:
    """Every curator in every topic that they were given, with the day since which they did nothing there."""
    zone = clock.organisation_zone()
    statement = (
        select(Grant.id, Grant.person_id, Grant.scope_id, Grant.given_at)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.role == roles.CURATOR, Person.is_active)
        .order_by(Grant.id)
    )
    grants = ask(statement).all()
    if len(grants) < 2:
        return []
    last, days_off = _last_acts(), _days_off({row.person_id for row in grants}, today)
    seats = []
    for grant_id, person_id, scope_id, given_at in grants:
        acted = last.get((person_id, scope_id), given_at)
        since = clock.day_of(max(acted, given_at), zone)
        seats.append(Seat(grant_id, person_id, scope_id, Quiet(since, days_off.get(person_id, ()))))
    return seats


def _last_acts() -> dict[tuple[int, int], datetime]:
    """When each curator last did something: by person and topic, topic 0 for any."""
    parts = union_all(*(what(clock.now() - _LOOK_BACK) for what in (*_ACTS, *_MORE))).subquery()
    person_id, lesson_id, at = parts.c
    statement = (
        select(person_id, LessonTopic.topic_id, func.max(at))
        .join(Lesson, Lesson.id == lesson_id)
        .join(LessonTopic, LessonTopic.lesson_id == lesson_id)
        .where(Lesson.owner_id != person_id)
        .group_by(person_id, LessonTopic.topic_id)
    )
    found: dict[tuple[int, int], datetime] = {}
    for person, topic_id, moment in ask(statement):
        found[person, topic_id] = moment
        found[person, roles.EVERYWHERE] = max(moment, found.get((person, roles.EVERYWHERE), moment))
    return found


def _in_reviews(since: datetime) -> Any:
    own = ReviewAct.act.in_(AS_CURATOR), ReviewAct.at >= since
    return select(ReviewAct.actor_id, ReviewAct.lesson_id, ReviewAct.at).where(*own)


def _afterwards(since: datetime) -> Any:
    own = StandingAct.actor_id.is_not(None), StandingAct.act.not_in(NOT_AS_CURATOR), StandingAct.at >= since
    return select(StandingAct.actor_id, StandingAct.lesson_id, StandingAct.at).where(*own)


def _about_reports(since: datetime) -> Any:
    answered = select(Report.decided_by_id, Report.lesson_id, Report.decided_at)
    return answered.where(Report.decided_by_id.is_not(None), Report.decided_at >= since)


def _about_questions(since: datetime) -> Any:
    decided = select(ItemFlag.decided_by_id, ItemFlag.lesson_id, ItemFlag.decided_at)
    return decided.where(ItemFlag.decided_by_id.is_not(None), ItemFlag.decided_at >= since)


_ACTS: tuple[Acts, ...] = (_in_reviews, _afterwards, _about_reports, _about_questions)


def _days_off(person_ids: Collection[int], today: date) -> dict[int, tuple[Span, ...]]:
    statement = select(Absence.person_id, Absence.first_day, Absence.last_day).where(
        Absence.person_id.in_(person_ids), Absence.last_day >= today - _LOOK_BACK, ~Absence.is_travel
    )
    found: dict[int, tuple[Span, ...]] = {}
    for person_id, first, last in ask(statement):
        found[person_id] = (*found.get(person_id, ()), (first, last))
    return found


def _with_work(grant_ids: Collection[int], today: date) -> frozenset[int]:
    """Which of these curators could have done something of late: a lesson or a report came in, or waits."""
    since = clock.now() - timedelta(days=POLICY.days)
    review, report = aliased(Review), aliased(Report)
    come = or_(review.state == "open", review.submitted_at >= since)
    told = or_(report.state == "open", report.created_at >= since)
    could = or_(exists().where(come, _is_theirs(review.lesson_id)), exists().where(told, _is_theirs(report.lesson_id)))
    return frozenset(row[0] for row in ask(select(Grant.id).where(Grant.id.in_(grant_ids), could)))


def _is_theirs(lesson_id: Any) -> Any:
    topic = aliased(LessonTopic)
    in_topic = exists().where(topic.lesson_id == lesson_id, topic.topic_id == Grant.scope_id).correlate_except(topic)
    return and_(or_(Grant.scope_id == roles.EVERYWHERE, in_topic), ~conflicts.hand(Grant.person_id, lesson_id))


def _told() -> dict[tuple[int, int, date], date]:
    keys = IdleSpell.person_id, IdleSpell.scope_id, IdleSpell.since
    return {(row[0], row[1], row[2]): row[3] for row in ask(select(*keys, IdleSpell.told_on))}


def lapsed_of(person_id: int) -> Sequence[Any]:
    """The roles of somebody that lapsed and were not given again: topic (0 for all) and day."""
    again = exists().where(
        Grant.person_id == IdleSpell.person_id, Grant.role == roles.CURATOR, Grant.scope_id == IdleSpell.scope_id
    )
    statement = (
        select(IdleSpell.scope_id, func.max(IdleSpell.lapsed_on).label("lapsed_on"))
        .where(IdleSpell.person_id == person_id, IdleSpell.lapsed_on.is_not(None), ~again)
        .group_by(IdleSpell.scope_id)
        .order_by(IdleSpell.scope_id)
    )
    rows: Sequence[Any] = ask(statement).all()
    return rows
