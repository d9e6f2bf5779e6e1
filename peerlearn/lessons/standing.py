"""What stands of a lesson now: the text being written or reviewed, else the published one, else the last there was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from peerlearn.core.db import db
from peerlearn.core.text import slugify
from peerlearn.core.words import N_
from peerlearn.lessons import queries
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import OPEN_STATES, Lesson, LessonAuthor, Revision
from peerlearn.lessons.rules import State

FOREIGN = N_("The id of this file belongs to a lesson of somebody else.")
FOREIGN_TITLE = N_("Somebody else has a lesson of this title.")
PORTION = 500
T = TypeVar("T")

_RANK = case((Revision.state.in_(OPEN_STATES), 0), (Revision.state == State.PUBLISHED, 1), else_=2)
_OTHER = aliased(Revision)
_LAST = select(func.max(_OTHER.number)).where(_OTHER.lesson_id == Revision.lesson_id).scalar_subquery()
_MAY = or_(Revision.state.in_((*OPEN_STATES, State.PUBLISHED)), Revision.number == _LAST)


@dataclass(frozen=True)
class Standing:
    """A lesson with what stands of it."""

    lesson_id: int
    authors: frozenset[int]
    state: str
    source: str
    extras: Mapping[str, Any]

    def says(self, text: str) -> bool:
        """Whether this text stands there already, or is what was handed in."""
        return says(self.source, self.extras, text)


def uid_of(file: LessonFile) -> str:
    """The id a file stands for: the one it has, else its title as part of an address."""
    return file.front.id or slugify(file.front.title)


def says(source: str, extras: Mapping[str, Any], text: str) -> bool:
    """Whether a revision holds this text, or was made of it when it was handed in."""
    return source == text or was_typed(extras, text)


def was_typed(extras: Mapping[str, Any], text: str) -> bool:
    """Whether this very text was what its author handed in."""
    return bool(extras.get("submitted_from") == queries.fingerprint(text))


def revision_of(lesson_id: int) -> Revision | None:
    """The revision that stands of a lesson."""
    statement = select(Revision).where(Revision.lesson_id == lesson_id).order_by(_RANK, Revision.number.desc())
    return db.session.scalar(statement.limit(1))


def by_uid(uids: Collection[str]) -> dict[str, Standing]:
    """What stands of the lessons with these ids; two statements for each portion."""
    found: dict[str, Standing] = {}
    for portion in portions(uids):
        wanted = select(Lesson.id).where(Lesson.uid.in_(portion))
        authors: dict[int, set[int]] = defaultdict(set)
        pairs = select(LessonAuthor.lesson_id, LessonAuthor.person_id).where(LessonAuthor.lesson_id.in_(wanted))
        for lesson_id, person_id in db.session.execute(pairs):
            authors[lesson_id].add(person_id)
        columns = (Lesson.id, Lesson.uid, Revision.state, Revision.source, Revision.extras)
        statement = (
            select(*columns).join(Revision, Revision.lesson_id == Lesson.id).where(Lesson.uid.in_(portion), _MAY)
        )
        for row in db.session.execute(statement.order_by(Lesson.id, _RANK.desc(), Revision.number)):
            found[row.uid] = Standing(row.id, frozenset(authors[row.id]), row.state, row.source, row.extras)
    return found


def portions(items: Iterable[T]) -> Iterator[list[T]]:
    """Long lists in portions that a statement can name."""
    rest = iter(items)
    while portion := list(islice(rest, PORTION)):
        yield portion
