"""What a day's set can be made of: what is due, what is new, and how long people took for it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask, database
from peerlearn.learn import withheld
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.rules import POLICY as READING
from peerlearn.lessons import freshness, visibility
from peerlearn.lessons.models import Lesson, LessonAuthor, Revision
from peerlearn.practice import inventory, queries, ranking, recommending, rules
from peerlearn.practice.models import DailySet, Memory, SetQuestion
from peerlearn.practice.queries import ME, TODAY, Start
from peerlearn.practice.rules import POLICY
from peerlearn.quizzes.models import Item, ItemVersion, QuizItem
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.rules import Mode, Terms


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that could be asked."""

    item_id: int
    version_id: int
    lesson_id: int
    topic_id: int
    kind: str


@dataclass(frozen=True)
class Opening:
    """Where practice stands before a set is drawn, and what comes first in it."""

    start: Start
    due: list[Candidate]


def _due_of(rank: int) -> Any:
    """The items of a rank that are due, the oldest due date first."""
    return (
        select(
            Memory.item_id,
            Memory.version_id,
            Memory.lesson_id,
            Memory.topic_id,
            Memory.rank,
            Memory.due_on,
        )
        .where(
            Memory.person_id == ME,
            Memory.rank == rank,
            Memory.due_on <= TODAY,
            Memory.answered_on < TODAY,
            queries.IS_THEIRS,
            queries.MAY_BE_TOLD,
            *((queries.IS_CHECKED,) if rank == rules.CRITICAL else ()),
        )
        .order_by(Memory.due_on, Memory.item_id)
        .limit(POLICY.most_size)
    )


def _due() -> Any:
    return union_all(*(select(_due_of(rank).subquery()) for rank in (rules.CRITICAL, rules.ORDINARY))).subquery()


@cache
def _opening() -> Any:
    started, found = queries.STARTED.cte("started"), _due()
    return (
        select(started, found, ItemVersion.kind)
        .select_from(started)
        .outerjoin(found, true())
        .outerjoin(ItemVersion, ItemVersion.id == found.c.version_id)
        .order_by(found.c.rank, found.c.due_on, found.c.item_id)
    )


def opening(person: Person, today: date) -> Opening:
    """How a day's practice begins, in one statement: critical items come first, then by how long they have been due.

    The database does not know the days off, so it brings what is due up to today by the calendar alone. What waits for
    the next workday has the newest due dates of all, and is left out here.
    """
    rows = ask(_opening(), queries.start_values(person, today)).all()
    start = queries.start_from(person, rows[0])
    until = start.due_until(today)
    return Opening(
        start,
        [
            Candidate(r.item_id, r.version_id, r.lesson_id, r.topic_id, r.kind)
            for r in rows
            if r.item_id is not None and r.due_on <= until
        ],
    )


@dataclass(frozen=True, slots=True)
class Fresh:
    """A question that is new to a person, with what tells whether it suits them."""

    candidate: Candidate
    is_spare: bool  # of a lesson that they have passed, which did not ask it
    ability: float  # of the person in its topic; 0 until answers have told
    difficulty: float | None  # of the question, where answers have told
    body: str

    @property
    def question(self) -> Question:
        """The question itself."""
        return Question.from_json(json.loads(self.body))


def _is_unasked() -> ColumnElement[bool]:
    """Whether a question of a quiz was never asked to the person, and may be in practice."""
    return and_(
        Item.state == "active",
        ItemVersion.kind.not_in(inventory.NEVER_COUNTED),
        QuizItem.version_id.not_in(withheld.versions(ME)),
        ~exists().where(Memory.person_id == ME, Memory.item_id == ItemVersion.item_id).correlate_except(Memory),
    )


def _is_learned() -> ColumnElement[bool]:
    """Whether the person has passed a lesson; a check or an exam as it is now, because a new one asks what is new."""
    is_over = or_(Attempt.mode == Mode.LEARN.value, Attempt.major == Lesson.major)
    passed = exists().where(Attempt.person_id == ME, Attempt.lesson_id == Lesson.id, Attempt.is_passed, is_over)
    return passed.correlate_except(Attempt)


def _with_spares() -> Select[Any]:
    """Some of the lessons that the person has passed and that hold a question they were never asked."""
    known = select(Memory.lesson_id).where(Memory.person_id == ME).distinct().subquery()
    has_spare = (
        exists()
        .where(QuizItem.quiz_id == Revision.quiz_id, ItemVersion.id == QuizItem.version_id)
        .where(Item.id == ItemVersion.item_id, _is_unasked())
        .correlate(Revision)
    )
    return (
        select(known.c.lesson_id)
        .join(Lesson, Lesson.id == known.c.lesson_id)
        .join(Revision, Revision.id == Lesson.published_id)
        .where(Lesson.state == "published", visibility.is_listed_for(ME), _is_learned(), has_spare)
        .order_by(known.c.lesson_id)
        .limit(bindparam("spares"))
    )


@cache
def new_questions(database: str) -> Select[Any]:
    """What `fresh` is made of; other pages ask for it among other things."""
    due = _due()
    first = select(due.c.lesson_id).order_by(due.c.rank, due.c.due_on, due.c.item_id).limit(bindparam("practised"))
    found = recommending.to_stretch(database, first, _with_spares())
    lessons = found.cte("looked_at").prefix_with("MATERIALIZED")  # once, not for each question
    *facts, extras = lessons.c
    is_mine = exists().where(LessonAuthor.lesson_id == Lesson.id, LessonAuthor.person_id == ME)
    is_asked_now = exists().where(Attempt.person_id == ME, Attempt.lesson_id == Lesson.id, Attempt.state == "open")
    return (
        select(
            *facts,
            _is_learned().label("is_learned"),
            cast(extras, String).label("said"),  # read once a lesson
            ItemVersion.item_id,
            QuizItem.version_id,
            ItemVersion.kind,
            recommending.item_difficulty_of(ItemVersion).label("hardness"),
            cast(ItemVersion.body, String).label("text"),  # most are never read: the first that suit are enough
        )
        .select_from(lessons)
        .join(Lesson, Lesson.id == lessons.c.id)
        .join(Revision, Revision.id == Lesson.published_id)
        .join(QuizItem, QuizItem.quiz_id == Revision.quiz_id)
        .join(ItemVersion, ItemVersion.id == QuizItem.version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(
            Lesson.state == "published",
            visibility.is_listed_for(ME),
            ~is_mine,
            ~is_asked_now,
            _is_unasked(),
        )
        .order_by(QuizItem.position)
    )


def looked_at(practised: int, wanted: int) -> dict[str, int]:
    """In how many lessons new questions are looked for.

    Those of the first due items; where these leave room, some that were learned and hold more; and some that suit next.
    """
    return {"practised": practised, "spares": wanted if wanted > 1 else 0, "few": wanted + POLICY.stretch_spare}


def fresh(person: Person, today: date, practised: Sequence[int], wanted: int) -> list[Fresh]:
    """Questions that this person never answered, lesson by lesson, in one statement; `wanted` is how many to find.

    The lessons of the first due items come first, given in their order: a spare question of them fits best. Then come
    others that were passed and hold questions that were not asked, because a topic is held by all its questions, and
    those that could be recommended, ranked as on the today page. Checks and exams keep their questions to themselves
    until they are passed: here their answers would be told.
    """
    lessons: dict[int, ranking.Candidate] = {}
    learned: dict[int, None] = {}
    checking: set[int] = set()
    questions: dict[int, list[Fresh]] = defaultdict(list)
    values = {
        "me": person.id,
        "team": person.team_id,
        "today": today,
        "checked_since": freshness.unverified_before(today),
    } | looked_at(len(practised), wanted)
    rows = ask(new_questions(database()), values)
    for *facts, is_learned, extras, item_id, version_id, kind, difficulty, body in rows:
        lesson_id = facts[0]
        if lesson_id in checking:
            continue
        if lesson_id not in lessons:
            terms = json.loads(extras)
            if not is_learned and Terms.of(terms).mode is not Mode.LEARN:
                checking.add(lesson_id)
                continue
            if is_learned:
                learned[lesson_id] = None
            lessons[lesson_id] = ranking.candidate((*facts, terms), today)
        lesson = lessons[lesson_id]
        item = Candidate(item_id, version_id, lesson_id, lesson.topic_id, kind)
        questions[lesson_id].append(Fresh(item, bool(is_learned), lesson.ability, difficulty, body))
    suited = dict.fromkeys(lesson.id for lesson in ranking.in_order(lessons.values()))
    order = dict.fromkeys(practised) | learned | suited
    return [question for lesson_id in order for question in questions[lesson_id]]


@dataclass(frozen=True)
class Times:
    """Response times in seconds: of each question among everybody, of each kind of question by this person."""

    by_version: dict[int, list[float]]
    by_kind: dict[str, list[float]]


_TOLD, _SAME_KIND = aliased(ItemVersion), aliased(ItemVersion)


def _newest_times(model: Any) -> Any:
    """The newest response times that everybody took for a question, where it was asked in this way.

    Those of each of its wordings that mean the same: each is looked up in an index, and there are few.
    """
    rows = (
        select(model.seconds)
        .where(model.version_id == _TOLD.id, model.seconds.is_not(None), ~model.is_rapid)
        .order_by(model.id.desc())
        .limit(READING.median_of)
        .correlate(_TOLD)
        .subquery()
    )
    return (
        select(func.aggregate_strings(queries.joined(rows, rows.c.seconds), " "))
        .where(_TOLD.item_id == ItemVersion.item_id, _TOLD.meaning == ItemVersion.meaning)
        .correlate(ItemVersion)
        .scalar_subquery()
    )


_MINE = (
    select(_SAME_KIND.kind, SetQuestion.seconds)
    .select_from(DailySet)
    .join(SetQuestion, SetQuestion.set_id == DailySet.id)
    .join(_SAME_KIND, _SAME_KIND.id == SetQuestion.version_id)
    .where(DailySet.person_id == ME, SetQuestion.seconds.is_not(None), ~SetQuestion.is_rapid, SetQuestion.is_right)
    .where(SetQuestion.hints_seen == 0)
    .order_by(DailySet.day.desc(), DailySet.number.desc(), SetQuestion.position.desc())
    .limit(POLICY.median_among)
    .subquery()
)
_TIMES = select(
    ItemVersion.id,
    _newest_times(Asked),
    _newest_times(SetQuestion),
    queries.joined(_MINE, _MINE.c.kind, _MINE.c.seconds),
).where(ItemVersion.id.in_(bindparam("versions", expanding=True)))


def times(person_id: int, versions: Iterable[int]) -> Times:
    """What a set's thresholds are made of, in one statement."""
    by_version: dict[int, list[float]] = {}
    mine = ""
    for version_id, in_quizzes, in_sets, own in ask(_TIMES, {"me": person_id, "versions": list(versions)}):
        by_version[version_id] = [float(seconds) for seconds in f"{in_quizzes or ''} {in_sets or ''}".split()]
        mine = own or ""
    by_kind: dict[str, list[float]] = defaultdict(list)
    for line in mine.split():
        kind, _colon, seconds = line.rpartition(":")
        by_kind[kind].append(float(seconds))
    return Times(by_version, by_kind)
