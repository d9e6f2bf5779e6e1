"""Raising flags, and letting those go whose rule holds no more. A flag pauses and asks; it never deletes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, union, update

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.analysis import resting, rules
from peerlearn.analysis.book import Judged
from peerlearn.analysis.events import ItemFlagged
from peerlearn.analysis.models import ItemFlag
from peerlearn.analysis.observing import meaning_of
from peerlearn.analysis.rules import Flag, Level
from peerlearn.core import clock
from peerlearn.core.db import ask, database, table_of
from peerlearn.core.deeds import publish
from peerlearn.core.upsert import insert_for
from peerlearn.lessons.models import Lesson, LessonTopic, Revision
from peerlearn.quizzes.models import Item, ItemVersion, QuizItem

Wanted = tuple[Judged, Flag]
PAUSING = frozenset(flag.slug for flag in rules.FLAGS if flag.pauses)


def known_flags(meanings: Collection[int]) -> dict[tuple[int, str], Any]:
    """The newest flag of each kind on these items, whatever became of it."""
    if not meanings:
        return {}
    wanted = select(ItemFlag.id, ItemFlag.meaning_id, ItemFlag.flag, ItemFlag.state, ItemFlag.answers)
    rows = ask(wanted.where(ItemFlag.meaning_id.in_(meanings)).order_by(ItemFlag.id))
    return {(row.meaning_id, row.flag): row for row in rows}


def settle(judged: Sequence[Judged], known: Mapping[tuple[int, str], Any]) -> None:
    """Raise what these items deserve and let go what they deserve no more."""
    deserved = [(each, flag) for each in judged for flag in rules.flags_of(each.summary)]
    now = {(each.figures.meaning_id, flag.slug) for each, flag in deserved}
    meanings = {each.figures.meaning_id for each in judged}
    _let_go([row for key, row in known.items() if key not in now and row.meaning_id in meanings])
    wanted = [(each, flag) for each, flag in deserved if _is_new(each, known.get((each.figures.meaning_id, flag.slug)))]
    if wanted:
        _raise(wanted)


def doubt(judged: Sequence[Judged]) -> None:
    """Let these items rest, because a curator agreed that they are wrong."""
    _raise([(each, rules.BY_SLUG[rules.UPHELD]) for each in judged])


def ask_about_old_keys(lesson_id: int, keys: Mapping[int, tuple[int, int]]) -> None:
    """Ask whether the old keys of questions were wrong; `keys` has items and how many answered, by old meanings."""
    flag = rules.BY_SLUG[rules.REKEYED]
    _store(
        [
            _new_row(flag, meaning_id=meaning_id, item_id=item_id, lesson_id=lesson_id, answers=answers)
            for meaning_id, (item_id, answers) in keys.items()
        ]
    )


def _is_new(judged: Judged, before: Any) -> bool:
    """Whether a flag is raised that was raised before, or never."""
    if before is None or before.state == "passed":
        return True
    return before.state in ("dismissed", "excused") and rules.comes_back(judged.figures.answers, before.answers)


def _let_go(rows: Iterable[Any]) -> None:
    """Close flags whose rule holds no more; one that paused its item waits for a decision."""
    over = [row.id for row in rows if row.state == "open" and row.flag not in PAUSING]
    if over:
        closed = {"state": "passed", "decided_at": clock.now(), "version": ItemFlag.version + 1}
        ask(update(ItemFlag).where(ItemFlag.id.in_(over), ItemFlag.state == "open").values(closed))


def _raise(wanted: Sequence[Wanted]) -> None:
    asked = _asked_now({each.figures.item_id for each, _ in wanted})
    _store([_row(each, flag) for each, flag in wanted if each.figures.meaning_id in asked])


def _store(rows: Sequence[dict[str, Any]]) -> None:
    """Store new flags, pause what they pause, and tell of them."""
    raised = ask(_once(database()), rows).all() if rows else []
    if not raised:
        return
    paused = {row.item_id for row in raised if row.flag in PAUSING}
    if paused:
        resting.rest(paused, "paused")
    told = concerned({row.lesson_id for row in raised if row.level == Level.RED})
    for row in raised:
        told_ids = told.get(row.lesson_id, ()) if row.level == Level.RED else ()
        is_paused = row.flag in PAUSING
        publish(ItemFlagged(row.id, row.lesson_id, row.item_id, row.flag, row.level, is_paused, told_ids), by=None)


def _row(judged: Judged, flag: Flag) -> dict[str, Any]:
    figures = judged.figures
    about = {name: getattr(figures, name) for name in ("item_id", "meaning_id", "lesson_id", "answers")}
    return _new_row(flag, **about)


def _new_row(flag: Flag, **about: int) -> dict[str, Any]:
    return about | {
        "flag": flag.slug,
        "level": str(flag.level),
        "raised_at": clock.now(),
        "state": "open",
        "reason": "",
        "version": 1,
    }


@cache
def _once(database: str) -> Any:
    """Raise flags, each once at a time."""
    columns = [table_of(ItemFlag).c[name] for name in ("id", "item_id", "lesson_id", "flag", "level")]
    return insert_for(database, ItemFlag).on_conflict_do_nothing().returning(*columns)


def _asked_now(item_ids: Collection[int]) -> set[int]:
    """What these items ask in published lessons now: a wording of before is nobody's concern any more."""
    rows = ask(
        select(meaning_of(ItemVersion))
        .select_from(ItemVersion)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(QuizItem, QuizItem.version_id == ItemVersion.id)
        .join(Revision, Revision.quiz_id == QuizItem.quiz_id)
        .join(Lesson, Lesson.published_id == Revision.id)
        .where(ItemVersion.item_id.in_(item_ids), Item.state != "retired", Lesson.state == "published")
    )
    return set(rows.scalars())


def concerned(lesson_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Who should hear of a question that may be wrong, by lesson: its owner and the curators of its topics."""
    if not lesson_ids:
        return {}
    found: dict[int, set[int]] = {}
    for lesson_id, person_id in ask(_concerned(), {"lessons": sorted(lesson_ids)}):
        found.setdefault(lesson_id, set()).add(person_id)
    return {lesson_id: tuple(sorted(people)) for lesson_id, people in found.items()}


@cache
def _concerned() -> Any:
    lessons: Any = bindparam("lessons", expanding=True)
    taught = select(LessonTopic.topic_id).where(LessonTopic.lesson_id == Lesson.id).correlate(Lesson)
    looks_after = and_(
        Grant.role == accounts.CURATOR,
        or_(
            Grant.scope_id == accounts.EVERYWHERE,
            Grant.scope_id == Lesson.topic_id,
            Grant.scope_id.in_(taught.scalar_subquery()),
        ),
    )
    curators = (
        select(Lesson.id, Grant.person_id)
        .join(Grant, looks_after)
        .join(Person, and_(Person.id == Grant.person_id, Person.is_active))
        .where(Lesson.id.in_(lessons))
    )
    return union(select(Lesson.id, Lesson.owner_id).where(Lesson.id.in_(lessons)), curators)
