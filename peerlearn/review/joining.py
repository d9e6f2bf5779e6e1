"""Two lessons that say the same become one: a curator of both merges them, and credit stays with everybody.

The one that goes is archived, so its questions leave everybody's practice; its address leads to the other one, which
thanks its authors. Completions and points are facts and stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, func, null, select
from sqlalchemy.orm import load_only

from peerlearn.accounts.models import Person
from peerlearn.core import clock, text
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.words import N_
from peerlearn.learn.models import Attempt
from peerlearn.lessons import alike, fileformat, merging, sharing, showing, visibility
from peerlearn.lessons.alike import Similar
from peerlearn.lessons.models import OPEN_STATES, Lesson, LessonAuthor, LessonMerge, Revision
from peerlearn.lessons.rules import EDITABLE, FOR_SOME
from peerlearn.review import conflicts, impartiality, queries, rules
from peerlearn.review.conflicts import ME
from peerlearn.review.events import LessonMerged, LessonSplitAgain
from peerlearn.review.models import StandingAct

SHOWN = 5
LEAST = 0.05  # alike, to be offered
SAME = N_("Choose another lesson than this one.")
NOT_SHOWN = N_("Only lessons that colleagues can learn now can be merged.")
WAITS = N_("A new version of one of them is in review. Decide about that first.")
NOT_YOURS = N_("You do not look after that lesson's topics, so its curators decide.")
FOR_ALL_ONLY = N_("Only lessons that are for everybody can be merged: one that is not would be named to others.")
NOT_FOUND = N_("There is no lesson at this address. Paste the address of the lesson that stays.")
OTHER = N_("You had a hand in one of the two lessons, so another curator decides.")
TOLD = {
    "merge": (N_("%(name)s merged it into another lesson"), "git-merge", "plain"),
    "merge_in": (N_("%(name)s merged another lesson into this one"), "git-merge", "good"),
    "unmerge": (N_("%(name)s took the merge back"), "rotate-ccw", "good"),
}
_NEEDED = (
    Lesson.id,
    Lesson.slug,
    Lesson.title,
    Lesson.state,
    Lesson.published_id,
    Lesson.owner_id,
    Lesson.topic_id,
    Lesson.classification,
    Lesson.version,
)
_ONE: Any = SimpleNamespace(
    lesson_id=Lesson.id, revision_id=null(), appeal_of_id=null(), first_approved_by_id=null(), submitted_at=null()
)


@dataclass(frozen=True)
class Met:
    """A published lesson as a curator meets it who wants to merge it."""

    lesson: Lesson
    is_theirs: bool
    had_a_hand: bool
    closeness: str | None

    @property
    def is_free(self) -> bool:
        """Whether nothing keeps this curator from deciding about it."""
        return self.is_theirs and not self.had_a_hand and self.closeness is None


@dataclass(frozen=True)
class Choice:
    """What a curator sees before merging: the lesson, which ones say nearly the same, and who learned it."""

    met: Met
    similar: Sequence[Similar]
    passed: int

    @property
    def lesson(self) -> Lesson:
        """The lesson that would go."""
        return self.met.lesson


def choice_of(lesson_id: int, person: Person) -> Choice | None:
    """A published lesson and those that it could go into; two statements."""
    passed = select(func.count(Attempt.person_id.distinct())).where(Attempt.lesson_id == Lesson.id, Attempt.is_passed)
    statement = _met(person).add_columns(Revision.source, passed.correlate(Lesson).scalar_subquery())
    row = db.session.execute(statement.where(Lesson.id == lesson_id), conflicts.about(person)).first()
    if row is None:
        return None
    file = fileformat.parse(row[4])
    near = Lesson.id.in_(alike.maybe_similar(file, lesson_id))
    others = db.session.execute(_met(person).add_columns(Revision.source).where(near), conflicts.about(person)).all()
    free = [
        SimpleNamespace(id=other[0].id, slug=other[0].slug, title=other[0].title, source=other[4])
        for other in others
        if _of(other, person).is_free
    ]
    similar = [one for one in alike.nearest(file, free, SHOWN) if one.score >= LEAST]
    return Choice(_of(row, person), similar, row[5])


def _met(person: Person) -> Any:
    """Published lessons with how a person stands to each."""
    return (
        select(
            Lesson,
            queries.looked_after(person, Lesson.topic_id, Lesson.id),
            queries.had_a_hand(person.id, Lesson.id),
            _close(),
        )
        .join(Revision, Revision.id == Lesson.published_id)
        .where(visibility.is_for(person.id))
        .options(load_only(*_NEEDED))
        .execution_options(populate_existing=True)
    )


@cache
def _close() -> ColumnElement[str | None]:
    """What makes whoever asks too close."""
    return conflicts.closeness(ME, _ONE, conflicts.BOUND)


def _of(row: Any, person: Person) -> Met:
    return Met(row[0], bool(row[1]) and person.may("curate"), bool(row[2]), row[3])


def slug_in(address: str) -> str:
    """The part of an address that names a lesson."""
    return text.clean_line(address).split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]


@deed
def merge(lesson_id: int, into: int | str, reason: str, *, by: Person, version: int | None = None) -> LessonMerge:
    """Let a lesson go into another one, given by its id or its address. Both rows are locked and asked again."""
    into_id = into if isinstance(into, int) else _id_at(into)
    if into_id is None:
        raise NotValid(NOT_FOUND, fields={"address": [NOT_FOUND]})
    if into_id == lesson_id:
        raise NotValid(SAME, fields={"into": [SAME]})
    lesson, other = _locked((lesson_id, into_id), by)
    if version is not None and version != lesson.version:
        raise Conflict()
    _check_states(lesson, other)
    reason = sharing.words(reason, "reason")
    problem = rules.text_problem(reason)
    if problem:
        raise NotValid(problem, fields={"reason": [problem]})
    showing.archive(lesson, by=by)
    kept = merging.keep(lesson, other, by=by)
    db.session.flush()
    _note(lesson.id, "merge", by, f"{other.title}. {reason}")
    _note(other.id, "merge_in", by, f"{lesson.title}. {reason}")
    authors, learners = _authors(lesson.id), _learners(lesson.id)
    others = tuple(one for one in _authors(other.id) if one not in authors and one not in learners)
    publish(LessonMerged(kept.id, lesson.id, other.id, learners, authors, others), by=by)
    return kept


@deed
def undo(lesson_id: int, *, by: Person) -> None:
    """Make a merged lesson one of its own again, while both stand as they did."""
    kept = merging.merge_of(lesson_id)
    if kept is None:
        raise NotFound()
    lesson, other = _locked((lesson_id, kept.into_id), by)
    held = merging.merge_of(lesson_id)
    if held is None or held.id != kept.id:
        raise Conflict()
    merging.check_undoable(held)
    showing.show_again(lesson, by=by)
    _note(lesson.id, "unmerge", by, other.title)
    _note(other.id, "unmerge", by, lesson.title)
    told = dict.fromkeys((*_learners(lesson.id), *_authors(lesson.id), *_authors(other.id)))
    told.pop(lesson.owner_id, None)  # who hears that it is shown again
    publish(LessonSplitAgain(kept.id, lesson.id, other.id, tuple(told)), by=by)


def undoable(lesson_id: int) -> LessonMerge | None:
    """The merge of a lesson that can still be undone."""
    kept = merging.merge_of(lesson_id)
    return kept if kept is not None and merging.is_as_it_was(kept) else None


def _id_at(address: str) -> int | None:
    return db.session.scalar(select(Lesson.id).where(Lesson.slug == slug_in(address)))


def _locked(ids: tuple[int, int], by: Person) -> tuple[Lesson, Lesson]:
    """Both lessons, locked in the order of their ids, when this person may decide about both."""
    statement = _met(by).where(Lesson.id.in_(ids)).order_by(Lesson.id).with_for_update(of=Lesson)
    found = {row[0].id: _of(row, by) for row in db.session.execute(statement, conflicts.about(by))}
    lesson, other = found.get(ids[0]), found.get(ids[1])
    if lesson is None or not (lesson.is_theirs or lesson.had_a_hand):
        raise NotFound()
    if other is None:
        raise NotValid(NOT_FOUND, fields={"address": [NOT_FOUND]})
    if not (other.is_theirs or other.had_a_hand):
        raise NotAllowed(NOT_YOURS)
    check(lesson, other)
    return lesson.lesson, other.lesson


def check(*met: Met) -> None:
    """Raises NotAllowed when somebody is too close to one of these lessons."""
    if any(one.had_a_hand for one in met):
        raise NotAllowed(OTHER)
    close = next((one.closeness for one in met if one.closeness), None)
    if close:
        raise NotAllowed(impartiality.SENTENCES[impartiality.Closeness(close)])


def _check_states(lesson: Lesson, other: Lesson) -> None:
    if {lesson.classification, other.classification} & FOR_SOME:
        raise Conflict(FOR_ALL_ONLY)
    if lesson.state != "published" or other.state != "published":
        raise Conflict(NOT_SHOWN)
    waits = select(Revision.id).where(
        Revision.lesson_id == lesson.id, Revision.state.in_(set(OPEN_STATES) - {str(state) for state in EDITABLE})
    )
    if db.session.scalar(select(waits.exists())):
        raise Conflict(WAITS)


def _note(lesson_id: int, act: str, by: Person, reason: str) -> None:
    db.session.add(StandingAct(lesson_id=lesson_id, actor_id=by.id, act=act, reason=reason, at=clock.now()))


def _authors(lesson_id: int) -> tuple[int, ...]:
    statement = select(LessonAuthor.person_id).where(LessonAuthor.lesson_id == lesson_id)
    return tuple(db.session.scalars(statement.order_by(LessonAuthor.position)))


def _learners(lesson_id: int) -> tuple[int, ...]:
    wrote = select(1).where(LessonAuthor.lesson_id == lesson_id, LessonAuthor.person_id == Attempt.person_id)
    statement = select(Attempt.person_id).where(Attempt.lesson_id == lesson_id, Attempt.is_passed, ~wrote.exists())
    return tuple(db.session.scalars(statement.distinct().order_by(Attempt.person_id)))
