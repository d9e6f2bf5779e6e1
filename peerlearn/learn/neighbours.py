"""What stands around a lesson: what to learn before, what to go on with, and the same in other languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError
from sqlalchemy import Integer, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask
from peerlearn.learn.models import Attempt
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson

SHOWN = 60  # five to learn before, five related, and translations


@dataclass(frozen=True)
class Neighbours:
    """The lessons around one, as a reader may meet them in a list."""

    before: tuple[Any, ...]  # not passed yet
    related: tuple[Any, ...]
    translations: tuple[Any, ...]  # by the names of their languages


def around(lesson: Lesson, extras: dict[str, Any], person: Person) -> Neighbours:
    """What stands around a published lesson, as far as this person meets it in lists.

    It is one statement, and none where the lesson names no other and is named by none as what it translates.
    """
    before, related = extras.get("prerequisites") or [], extras.get("related") or []
    if not (before or related or lesson.translation_of or lesson.is_translated is not False):
        return Neighbours((), (), ())
    told = {lesson.uid, lesson.translation_of or lesson.uid}  # what the others may name as what they translate
    values = {"me": person.id, "lesson": lesson.id, "named": [*before, *related, *told], "told": sorted(told)}
    found = {row.uid: row for row in ask(_AROUND, values)}
    same = [row for row in found.values() if row.translation_of in told or row.uid == lesson.translation_of]
    return Neighbours(
        before=tuple(found[uid] for uid in before if uid in found and not found[uid].is_passed),
        related=tuple(found[uid] for uid in related if uid in found),
        translations=tuple(
            sorted((row for row in same if row.language != lesson.language), key=lambda row: own_name(row.language))
        ),
    )


def own_name(language: str) -> str:
    """What a language calls itself, as far as it is known."""
    try:
        name = Locale.parse(language, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        name = None
    return name or language


_TRANSLATION = aliased(Lesson)
IS_TRANSLATED = exists().where(_TRANSLATION.translation_of == Lesson.uid).correlate(Lesson)
_ME: Any = bindparam("me", type_=Integer)
_AROUND = (
    select(
        Lesson.uid,
        Lesson.slug,
        Lesson.title,
        Lesson.language,
        Lesson.translation_of,
        exists()
        .where(Attempt.lesson_id == Lesson.id, Attempt.person_id == _ME, Attempt.is_passed)
        .correlate(Lesson)
        .label("is_passed"),
    )
    .where(
        or_(
            Lesson.uid.in_(bindparam("named", expanding=True)),
            Lesson.translation_of.in_(bindparam("told", expanding=True)),
        ),
        Lesson.id != bindparam("lesson", type_=Integer),
        Lesson.state == "published",
        visibility.is_listed_for(_ME),
    )
    .order_by(Lesson.id)
    .limit(SHOWN)
)
