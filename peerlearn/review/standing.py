"""Whether a published lesson is shown: curators verify, hide, archive and bring back, owners archive; with reasons."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload, with_expression

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, db, table_of
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.words import N_
from peerlearn.lessons import freshness, machine, sharing
from peerlearn.lessons import queries as lesson_queries
from peerlearn.lessons import showing as lessons
from peerlearn.lessons.machine import Place
from peerlearn.lessons.models import Lesson, LessonAuthor, Revision
from peerlearn.review import flags, joining, queries, rules, trust
from peerlearn.review.events import LessonVerified
from peerlearn.review.models import StandingAct

WORDS = {
    "verify": N_("It is still right"),
    "quarantine": N_("Hide it for now"),
    "show_again": N_("Show it again"),
    "archive": N_("Archive it"),
    "bring_back": N_("Bring it back"),
}
TOLD = {
    "verify": (N_("%(name)s read it again and found it right"), "badge-check", "good"),
    "quarantine": (N_("%(name)s hid it for now"), "eye-off", "bad"),
    "show_again": (N_("%(name)s showed it again"), "eye", "good"),
    "archive": (N_("%(name)s archived it"), "archive", "plain"),
    "bring_back": (N_("%(name)s brought it back"), "rotate-ccw", "good"),
    "source_changed": (N_("%(name)s told that a source of it has changed"), "link", "warn"),
    "expire": (N_("Nobody checked it for months and hardly anybody read it, so it was archived"), "archive", "plain"),
}
TOLD |= trust.TOLD | flags.TOLD | joining.TOLD
DEEDS: dict[str, Callable[..., None]] = {
    "verify": lessons.verify,
    "quarantine": lessons.quarantine,
    "show_again": lessons.show_again,
    "archive": lessons.archive,
    "bring_back": lessons.show_again,
}
_SHOWN = (Revision.id, Revision.number, Revision.extras)
NEEDS_NO_REASON = frozenset({"verify"})
MOVED = N_("Somebody decided about this lesson a moment ago. Look at where it stands now.")


@dataclass(frozen=True)
class Standing:
    """A published lesson as one person meets it: where it is, when it is to be checked, and what they may do."""

    lesson: Lesson
    place: Place
    due_on: date
    offered: tuple[str, ...]
    had_a_hand: bool
    is_curator: bool = False  # of its topics, and without a hand in it


def standing_of(lesson_id: int, person: Person, zone_name: str, *, lock: bool = False) -> Standing | None:
    """Where a lesson that was ever published stands; None to whom it is no concern. `lock`: it stays so."""
    statement = (
        select(
            Lesson,
            queries.had_a_hand(person.id, Lesson.id),
            queries.looked_after(person, Lesson.topic_id, Lesson.id),
            LessonAuthor.person_id == person.id,
        )
        .outerjoin(LessonAuthor, (LessonAuthor.lesson_id == Lesson.id) & (LessonAuthor.person_id == person.id))
        .where(Lesson.id == lesson_id, Lesson.published_id.is_not(None))
        .options(
            joinedload(Lesson.topic),
            joinedload(Lesson.published).load_only(*_SHOWN),
            with_expression(Lesson.is_critical, lesson_queries.teaches_critical()),
        )
    )
    if lock:
        statement = statement.with_for_update(of=Lesson).execution_options(populate_existing=True)
    row = db.session.execute(statement).first()
    if row is None:
        return None
    lesson, had_a_hand, is_theirs, is_author = row
    is_curator = bool(is_theirs) and person.may("curate")
    if not (is_curator or is_author):
        return None
    who = (*_owner(lesson, person), *((machine.CURATOR,) if is_curator and not had_a_hand else ()))
    place, due = place_of(lesson, zone_name)
    offered = tuple(slug for slug in machine.offered(place, who) if slug in DEEDS)
    return Standing(lesson, place, due, offered, bool(had_a_hand), machine.CURATOR in who)


def place_of(lesson: Lesson, zone_name: str) -> tuple[Place, date]:
    """Where a published lesson is today, and by when it has to be read again."""
    today = clock.today(zone_name)
    due = lesson.check_on or today
    return machine.place_of("published", lesson.state, freshness=freshness.freshness(due, today)), due


def _owner(lesson: Lesson, person: Person) -> tuple[str, ...]:
    return (machine.OWNER,) if lesson.owner_id == person.id else ()


@deed
def decide(
    lesson: Lesson,
    act: str,
    reason: str,
    *,
    by: Person,
    zone_name: str,
    version: int | None = None,
    was_read: bool = False,
) -> None:
    """Do one of these to a published lesson. The row is locked and asked again: two cannot both decide."""
    found = standing_of(lesson.id, by, zone_name, lock=True)
    if found is None:
        raise NotFound()
    if act not in DEEDS:
        raise NotValid(N_("Choose what should happen."))
    if act not in found.offered:
        places = machine.ACTS[act].places
        raise Conflict(MOVED) if found.place not in places else NotAllowed(rules.OWN)
    if version is not None and version != lesson.version:
        raise Conflict(MOVED)
    reason = sharing.words(reason, "reason")
    problem = None if act in NEEDS_NO_REASON and not reason else rules.text_problem(reason)
    if problem:
        raise NotValid(problem, fields={"reason": [problem]})
    due = found.due_on
    DEEDS[act](lesson, by=by)
    if act == "verify":
        _announce_verified(lesson.id, lesson.owner_id, due, was_read, by)
    db.session.add(StandingAct(lesson_id=lesson.id, actor_id=by.id, act=act, reason=reason, at=clock.now()))


@deed
def expire(lesson: Lesson) -> None:
    """Archive a lesson that nobody checked for months and hardly anybody reads."""
    lessons.archive(lesson, by=None)
    db.session.add(StandingAct(lesson_id=lesson.id, actor_id=None, act="expire", at=clock.now()))


@deed
def note_verified(found: Collection[tuple[int, int, date]], *, was_read: bool, by: Person) -> None:
    """Write down that lessons were verified: each with its owner, and when its check was due."""
    note_all("verify", [lesson_id for lesson_id, _, _ in found], "", by=by)
    for lesson_id, owner_id, due in found:
        _announce_verified(lesson_id, owner_id, due, was_read, by)


@deed
def note_all(act: str, lesson_ids: Collection[int], reason: str, *, by: Person) -> None:
    """Write the same into the history of many lessons, in one statement."""
    row = {"actor_id": by.id, "act": act, "reason": reason, "at": clock.now()}
    if lesson_ids:
        ask(insert(table_of(StandingAct)), [{"lesson_id": lesson_id} | row for lesson_id in lesson_ids])


def _announce_verified(lesson_id: int, owner_id: int, due: date, was_read: bool, by: Person) -> None:
    in_time = freshness.is_in_time(due, clock.today(clock.organisation_zone()))
    publish(LessonVerified(lesson_id, owner_id, due.isoformat(), owner_id == by.id, in_time, was_read), by=by)
