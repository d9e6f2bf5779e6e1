"""What learners have shown of lessons, read from the facts: person by person, in pages, so that memory stays small.

Only leads and teams are read as they are now. What a posting made of all this stands in its own fact, so the ledger can
be drawn again when teams have changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, and_, bindparam, func, or_, select

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.core.db import ask
from peerlearn.core.facts import Fact
from peerlearn.learn.events import AnswerCorrected, LessonPassed, PassCorrected, PretestAnswered
from peerlearn.lessons import freshness
from peerlearn.lessons.events import LessonPublished
from peerlearn.lessons.models import Lesson
from peerlearn.points import retention
from peerlearn.points.events import HeldPointsDecided, LessonRetained, PointsAppealDecided
from peerlearn.points.retention import Evidence
from peerlearn.points.rules import POLICY
from peerlearn.practice.events import ItemReviewed, PracticeCorrected
from peerlearn.review.events import ReviewDone

PEOPLE = 250  # of a page

Shares = tuple[tuple[int, float], ...]


@dataclass
class Taught:
    """A published lesson: how its authors share now, and whose answers about it do not count."""

    shares: Shares = ()
    had_a_hand: set[int] = field(default_factory=set)
    teams: set[int] = field(default_factory=set)  # that one of the authors leads
    evidence: Evidence = field(default_factory=Evidence)


@dataclass(frozen=True)
class Corrections:
    """What was found to be wrong later: passes of people, and keys of items up to a fact."""

    passes: dict[int, list[dict[str, Any]]]
    items: dict[int, int]


def gather(before: date) -> dict[int, Taught]:
    """All lessons with what their learners had shown before a day."""
    lessons, corrections = _lessons(), _corrections()
    refused = _refused()
    for people in _pages():
        teams = {row.id: row.team_id for row in people}
        for person_id, rows in _by_person(people[0].id, people[-1].id, before):
            if person_id not in refused:
                _add(lessons, corrections, person_id, teams.get(person_id), rows)
    return lessons


def credited() -> dict[int, int]:
    """What earlier postings made of each lesson at the most."""
    lesson_id, credit = Fact.data["lesson_id"].as_integer(), Fact.data["credit"].as_integer()
    wanted = select(lesson_id, func.max(credit)).where(Fact.type == LessonRetained.__name__).group_by(lesson_id)
    return {row[0]: row[1] for row in ask(wanted)}


def posted(month: str) -> set[int]:
    """The lessons for which a month has been posted."""
    wanted = select(Fact.data["lesson_id"].as_integer()).where(
        Fact.type == LessonRetained.__name__, Fact.data["month"].as_string() == month
    )
    return {row[0] for row in ask(wanted)}


def unchecked(today: date) -> set[int]:
    """The lessons that nobody checked for long."""
    return set(ask(select(Lesson.id).where(Lesson.check_on < freshness.unverified_before(today))).scalars())


def _lessons() -> dict[int, Taught]:
    found: dict[int, Taught] = defaultdict(Taught)
    wanted = select(Fact.type, Fact.actor_id, Fact.data).order_by(Fact.id)
    for row in ask(wanted.where(Fact.type.in_([LessonPublished.__name__, ReviewDone.__name__]))):
        lesson = found[row.data["lesson_id"]]
        if row.type == ReviewDone.__name__:
            lesson.had_a_hand.add(row.actor_id)
        else:
            lesson.shares = tuple((person, share) for person, share in row.data["shares"])
            lesson.had_a_hand |= {person for person, _ in lesson.shares}
    lead_of: dict[int, set[int]] = defaultdict(set)
    for grant in ask(select(Grant.person_id, Grant.scope_id).where(Grant.role == accounts.LEAD)):
        lead_of[grant.person_id].add(grant.scope_id)
    for lesson in found.values():
        lesson.teams = {team for person, _ in lesson.shares for team in lead_of.get(person, ())}
    return {lesson_id: lesson for lesson_id, lesson in found.items() if lesson.shares}


def _corrections() -> Corrections:
    passes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in ask(select(Fact.data).where(Fact.type == PassCorrected.__name__).order_by(Fact.id)):
        passes[row.data["person_id"]].append(row.data)
    item_id = Fact.data["item_id"].as_integer()
    marked_again = AnswerCorrected.__name__, PracticeCorrected.__name__
    items = select(item_id, func.max(Fact.id)).where(Fact.type.in_(marked_again)).group_by(item_id)
    return Corrections(passes, {row[0]: row[1] for row in ask(items)})


def _refused() -> set[int]:
    """People some of whose points somebody has looked at and refused, and it stayed so: their answers prove nothing."""
    decisions = HeldPointsDecided.__name__, PointsAppealDecided.__name__
    wanted = select(Fact.type, Fact.actor_id, Fact.data).where(Fact.type.in_(decisions))
    refused, granted = {}, set()
    for row in ask(wanted):
        said = row.data
        if row.type == PointsAppealDecided.__name__:
            granted |= {said["held_id"]} if said["granted"] else set()
        elif row.actor_id is not None and not said["released"]:
            refused[said["held_id"]] = said["person_id"]
    return {person_id for held_id, person_id in refused.items() if held_id not in granted}


_PEOPLE = select(Person.id, Person.team_id).where(Person.id > bindparam("after")).order_by(Person.id).limit(PEOPLE)


def _pages() -> Iterator[Any]:
    page = ask(_PEOPLE, {"after": 0}).all()
    while page:
        yield page
        page = ask(_PEOPLE, {"after": page[-1].id}).all()


_SHOWN = (
    select(Fact.actor_id, Fact.id, Fact.type, Fact.day, Fact.data)
    .where(
        Fact.actor_id.between(bindparam("first", type_=Integer), bindparam("last", type_=Integer)),
        Fact.day < bindparam("before", type_=Date),
        or_(
            Fact.type.in_([LessonPassed.__name__, PretestAnswered.__name__]),
            and_(Fact.type == ItemReviewed.__name__, Fact.data["days_since"].as_integer() >= POLICY.retention_gap),
        ),
    )
    .order_by(Fact.actor_id, Fact.id)
)


def _by_person(first: int, last: int, before: date) -> Iterator[tuple[int, list[Any]]]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in ask(_SHOWN, {"first": first, "last": last, "before": before}):
        rows[row.actor_id].append(row)
    yield from sorted(rows.items())


def _add(
    lessons: dict[int, Taught], corrections: Corrections, person_id: int, team_id: int | None, rows: Collection[Any]
) -> None:
    """Count what one person has shown of each lesson."""
    passed = _passed(rows, corrections.passes.get(person_id, ()))
    shown: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        said = row.data
        lesson = lessons.get(said["lesson_id"])
        if row.type == LessonPassed.__name__ or lesson is None or said["is_rapid"] or said["is_own"]:
            continue
        if person_id in lesson.had_a_hand or row.id < corrections.items.get(said["item_id"], 0):
            continue
        if row.type == PretestAnswered.__name__:
            lesson.evidence.pretests += 1
            lesson.evidence.pretests_right += said["is_right"]
        elif retention.counts(row.day, said["days_since"], passed.get(said["lesson_id"], []), POLICY):
            shown[said["lesson_id"]].append(said)
    for lesson_id, answers in shown.items():
        is_report = bool(lessons[lesson_id].teams & {team_id, accounts.EVERYWHERE})
        lessons[lesson_id].evidence.add(
            POLICY.report_weight if is_report else 1.0,
            len(answers),
            sum(said["is_right"] for said in answers),
            sum(said["guess_chance"] for said in answers),
        )


def _passed(rows: Iterable[Any], corrected: Iterable[dict[str, Any]]) -> dict[int, list[date]]:
    """On which days a person passed each lesson, by the keys that are right now."""
    days: dict[tuple[int, int], date] = {
        (row.data["lesson_id"], row.data["major"]): row.day for row in rows if row.type == LessonPassed.__name__
    }
    for said in corrected:
        key = said["lesson_id"], said["major"]
        if said["passes"]:
            days[key] = date.fromisoformat(said["day"])
        else:
            days.pop(key, None)
    found: dict[int, list[date]] = defaultdict(list)
    for (lesson_id, _major), day in days.items():
        found[lesson_id].append(day)
    return found
