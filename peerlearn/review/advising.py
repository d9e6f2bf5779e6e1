"""Colleagues who hold a topic advise on its lessons; then a curator decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from statistics import mean
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import aliased, joinedload

from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import ask, db, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotFound, NotValid
from peerlearn.core.paging import LARGEST_ID, PAGE, Page, page_of
from peerlearn.core.words import N_
from peerlearn.lessons import contributing, sharing
from peerlearn.lessons.models import Lesson, LessonAuthor, Revision
from peerlearn.practice.models import Holding
from peerlearn.review import (
    advice,
    asking,
    assigning,
    conflicts,
    figures,
    history,
    matching,
    owning,
    precedence,
    reliability,
    rules,
    second,
    training,
)
from peerlearn.review.events import AdviceAsked, AdviceGiven
from peerlearn.review.models import Assignment, Review
from peerlearn.review.queries import TITLE, TOPIC

PEER = "peer"


def ask_peers(zone_name: str) -> bool:
    """Ask colleagues about what came in; whether more is left. Nothing is written for nothing."""
    if not _plan(clock.now(), zone_name):
        return False
    start_writing()
    return _ask(zone_name) == assigning.AT_ONCE


@deed
def _ask(zone_name: str) -> int:
    now = clock.now()
    assigning.let_lapse(now)
    plan = _plan(now, zone_name)
    for name in (advice.KNOWN, advice.FEW, advice.ASKED):
        chosen = update(Review).where(Review.id.in_(getattr(plan, name)), Review.peers.is_(None))
        db.session.execute(chosen.values(peers=name), execution_options={"synchronize_session": False})
    everybody = (*plan.pairs, *plan.shadows)
    rows = db.session.execute(
        select(Review.id, Review.lesson_id, Review.due_at, Review.submitted_by_id, Lesson.published_at)
        .join(Lesson, Lesson.id == Review.lesson_id)
        .where(Review.id.in_({review_id for review_id, _person in everybody}))
    ).all()
    lessons = {row.id: row.lesson_id for row in rows}
    until = {row.id: advice.answers_until(now, row.due_at, clock.zone(zone_name)) for row in rows}
    assigning.ask_people(plan.pairs, PEER, until)
    assigning.ask_people(plan.shadows, PEER, until, as_shadows=True)
    contributing.let_read([(lessons[review_id], person_id) for review_id, person_id in everybody])
    first = [(row.id, row.lesson_id, row.submitted_by_id) for row in rows if row.id in plan.asked]
    if first:
        history.note_all("peers_asked", first)
    for row in rows:
        people = tuple(person_id for review_id, person_id in everybody if review_id == row.id)
        publish(AdviceAsked(row.id, row.lesson_id, people, is_new=row.published_at is None), by=None)
    return len(plan.known) + len(plan.few) + len(plan.asked)


def _plan(now: datetime, zone_name: str) -> advice.Plan:
    wanting = {row[0]: bool(row[1]) for row in db.session.execute(_wanting(now))}
    asked = {row[0]: row[1] for row in db.session.execute(_short(now))}
    peers = _peers([*(review_id for review_id, is_first in wanting.items() if is_first), *asked])
    short = {review_id: peers[review_id] - count for review_id, count in asked.items() if count < peers[review_id]}
    ids = [*(review_id for review_id, is_first in wanting.items() if is_first), *short]
    if not ids:
        return advice.Plan(known=tuple(wanting))
    rows = ask(_candidates(), {"ids": ids, "today": clock.day_of(now, zone_name)} | conflicts.bound(now))
    candidates = [matching.Candidate(row[0], row[1], row[2], bool(row[3]), bool(row[4])) for row in rows]
    used = assigning.used(now, {one.person_id for one in candidates}, PEER)
    numbers = {review_id: peers[review_id] if is_first else 0 for review_id, is_first in wanting.items()}
    return advice.plan(numbers, short, candidates, used)


def _peers(review_ids: Sequence[int]) -> dict[int, int]:
    """How many colleagues are to advise on each of these, by what their authors have published."""
    author, other, lesson = aliased(LessonAuthor), aliased(LessonAuthor), aliased(Lesson)
    statement = (
        select(Review.id, func.count(), func.avg(lesson.quality))
        .join(author, author.lesson_id == Review.lesson_id)
        .join(other, other.person_id == author.person_id)
        .join(lesson, lesson.id == other.lesson_id)
        .where(Review.id.in_(review_ids), lesson.id != Review.lesson_id, lesson.published_at.is_not(None))
        .group_by(Review.id, author.person_id)
    )
    authors: dict[int, list[advice.Record]] = {review_id: [] for review_id in review_ids}
    for review_id, lessons, quality in db.session.execute(statement) if review_ids else ():
        authors[review_id].append(advice.Record(lessons, float(quality)))
    return {review_id: advice.peers_for(records) for review_id, records in authors.items()}


def _wanting(now: datetime) -> Any:
    """What came in and was not looked at, and whether colleagues should: what changes what is learned, at first."""
    before = aliased(Review)
    was_answered = exists().where(before.revision_id == Review.revision_id, before.decided_at.is_not(None))
    is_for_all = Revision.extras["classification"].as_string().is_(None)
    first = ~was_answered & Revision.is_major & is_for_all & (Review.due_at > now)
    return (
        select(Review.id, first)
        .join(Revision, Revision.id == Review.revision_id)
        .where(Review.state == "open", Review.peers.is_(None))
        .order_by(Review.id)
        .limit(assigning.AT_ONCE)
    )


def _short(now: datetime) -> Any:
    """What lacks advice because somebody said no, or nothing in their time, while there is time to ask another."""
    is_waited_for = and_(Assignment.state == "open", Assignment.until > now)
    asked = (
        select(func.count())
        .where(*_counting(Review.id), or_(Assignment.state == "done", is_waited_for))
        .correlate(Review)
        .scalar_subquery()
    )
    return (
        select(Review.id, asked)
        .where(Review.state == "open", Review.peers == advice.ASKED, Review.due_at > now)
        .where(asked < advice.POLICY.peers)
        .order_by(Review.id)
        .limit(assigning.AT_ONCE)
    )


@cache
def _candidates() -> Any:
    """Who holds the topic and may be asked: not too close, here, and no curator of it."""
    peer, grant = aliased(Person), aliased(Grant)
    curates = exists().where(grant.person_id == peer.id, conflicts.curates(grant, Review.topic_id, Review.lesson_id))
    return (
        select(
            Review.id,
            peer.id,
            Holding.coverage,
            precedence.is_colleague(peer.id, Review),
            training.is_on_probation(peer.id),
        )
        .join(Holding, (Holding.topic_id == Review.topic_id) & Holding.is_holder)
        .join(peer, peer.id == Holding.person_id)
        .where(
            Review.id.in_(bindparam("ids", expanding=True)),
            peer.is_active,
            ~curates,
            asking.unasked(peer.id, Review.id, PEER),
            asking.is_here_on(peer.id, owning.TODAY),
            ~conflicts.hand(peer.id, Review.lesson_id),
            conflicts.closeness(peer.id, Review, conflicts.BOUND).is_(None),
            ~conflicts.close_by_advice(peer.id, Review, conflicts.BOUND),
        )
        .order_by(Review.due_at, Review.id, peer.id)
    )


# whoever is asked


def asked_of(review_id: int, person_id: int) -> Assignment | None:
    """What somebody was asked, with the text; nothing about who wrote it or what others say."""
    statement = (
        select(Assignment)
        .where(Assignment.review_id == review_id, Assignment.person_id == person_id, Assignment.part == PEER)
        .options(
            joinedload(Assignment.review).joinedload(Review.lesson).options(TITLE),
            joinedload(Assignment.review).joinedload(Review.revision),
            joinedload(Assignment.review).joinedload(Review.topic).options(TOPIC),
        )
    )
    return db.session.scalar(statement)


def all_asked_of(person_id: int, before: int | None = None, size: int = PAGE) -> Page[Assignment]:
    """What somebody was asked and did not decline, the newest first."""
    shown = Assignment.state.in_(("open", "done"))
    statement = (
        select(Assignment)
        .where(Assignment.person_id == person_id, Assignment.part == PEER, shown)
        .where(Assignment.id < (before or LARGEST_ID))
        .options(
            joinedload(Assignment.review).joinedload(Review.revision).load_only(Revision.title, Revision.minutes),
            joinedload(Assignment.review).joinedload(Review.topic).options(TOPIC),
        )
        .order_by(Assignment.id.desc())
    )
    return page_of(db.session.scalars(statement.limit(size + 1)).all(), lambda one: one.id, size)


@dataclass(frozen=True)
class Given:
    """What a colleague fills in."""

    rubric: dict[str, float]
    advice: str
    text: str = ""


@deed
def give(asked: Assignment, given: Given, *, by: Person) -> None:
    """Advise; until the decision it can be changed."""
    _still_open(asked, by)
    words = sharing.words(given.text, "text")
    wrong = advice.problem(given.rubric, given.advice, words)
    if wrong:
        raise NotValid(wrong[1], fields={wrong[0]: [wrong[1]]})
    now, is_first = clock.now(), asked.state != "done"
    before = figures.reviewer_for(by.id)
    asked.rubric, asked.advice, asked.text = dict(given.rubric), given.advice, words
    asked.state, asked.answered_at = "done", now
    asked.bias, asked.variance = before.bias, before.variance
    asked.is_shadow = asked.is_shadow or before.is_on_probation
    if is_first:
        history.note(asked.review, "advised", by.id)
        publish(AdviceGiven(asked.review_id, asked.review.lesson_id), by=by)


@deed
def decline(asked: Assignment, *, by: Person) -> None:
    """Say no; it costs nothing, and somebody else is asked."""
    _still_open(asked, by)
    if asked.state == "done":
        raise Conflict(N_("You have advised already. Thank you."))
    asked.state, asked.answered_at = "declined", clock.now()
    contributing.let_read_no_more(asked.review.lesson_id, by.id)


@deed
def check_answers(asked: Assignment, *, by: Person) -> None:
    """Try the quiz and see the keys: from then on learning this lesson brings no points."""
    _still_open(asked, by)
    contributing.show_keys(asked.review.lesson_id, by.id)


def _still_open(asked: Assignment, by: Person) -> None:
    if asked.person_id != by.id or asked.state == "declined":
        raise NotFound()
    db.session.refresh(asked.review, ["state", "version"], with_for_update=True)
    if asked.review.state != rules.State.OPEN:
        raise Conflict(advice.OVER)


# the curator


def is_awaited(review: Review, now: datetime) -> bool:
    """Whether publishing waits for advice: somebody was asked, and there is time left."""
    waits = exists().where(*_counting(review.id), Assignment.state == "open", Assignment.until > now)
    return review.peers == advice.ASKED and bool(db.session.scalar(select(waits)))


def _counting(review_id: Any) -> tuple[ColumnElement[bool], ...]:
    """Whose advice on a review counts: colleagues' who are not on probation."""
    return Assignment.review_id == review_id, Assignment.part == PEER, ~Assignment.is_shadow


def rating_of(review: Review) -> float | None:
    """How good a lesson is by its review, 1 to 5: the advisory score where colleagues advised, else its curators' mean.

    The score is E12's: ratings that proved right before weigh more, and each is put right by how high somebody rates.
    """
    given = select(Assignment.rubric, Assignment.bias, Assignment.variance)
    given = given.where(*_counting(review.id), Assignment.state == "done")
    rows = db.session.execute(given).all() if review.peers == advice.ASKED else []
    if not rows:
        return second.rating_of(review)
    score = reliability.advice([_weighed(*row) for row in rows]).score
    return min(float(max(rules.RATINGS)), max(float(min(rules.RATINGS)), score))


def _weighed(rubric: dict[str, float], bias: float, variance: float) -> tuple[float, reliability.Reviewer]:
    return mean(rubric.values()), reliability.Reviewer(0, bias, variance)


@dataclass(frozen=True)
class Counsel:
    """The advice on a lesson as its curator sees it."""

    peers: str | None
    given: tuple[Assignment, ...]
    awaited: int
    together: reliability.Advice | None

    @property
    def summary(self) -> str | None:
        """What it comes to, in a sentence, once two have advised."""
        return advice.SUMMARIES[self.together.says] if self.together and len(self.given) > 1 else None


def counsel(review: Review, now: datetime) -> Counsel:
    """What those who were asked say; `advisers` of the review are loaded."""
    given = tuple(one for one in review.advisers if one.rubric)
    awaited = sum(one.state == "open" and one.until > now for one in review.advisers)
    if not given:
        return Counsel(review.peers, (), awaited, None)
    ratings = [_weighed(one.rubric, one.bias, one.variance) for one in given if one.rubric]
    gaps = [max(each) - min(each) for each in zip(*(_in_order(one.rubric) for one in given), strict=True)]
    return Counsel(review.peers, given, awaited, reliability.advice(ratings, max(gaps)))


def _in_order(rubric: dict[str, Any] | None) -> list[float]:
    return [float(value) for _name, value in sorted((rubric or {}).items())]
