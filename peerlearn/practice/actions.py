"""What people do in practice: draw a set, answer, go on, begin afresh. Only the server's clock counts."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Integer, bindparam, func, insert, literal_column, select, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, db, start_writing, table_of
from peerlearn.core.deeds import deed, know, publish
from peerlearn.core.errors import Conflict, NotFound, NotValid
from peerlearn.core.facts import early_answers
from peerlearn.core.upsert import insert_into
from peerlearn.core.versioned import Told, put, save, store
from peerlearn.core.words import N_
from peerlearn.learn import rules as learning
from peerlearn.practice import drawing, finishing, following, material, queries, remembering, rules, state
from peerlearn.practice.events import ItemForgotten, ItemReviewed, MissedItemRecalled
from peerlearn.practice.models import DailySet, Memory, PracticeChoice, SetQuestion
from peerlearn.practice.outcome import Outcome
from peerlearn.practice.queries import Place, Sitting
from peerlearn.practice.rules import POLICY
from peerlearn.practice.state import Learned, State
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.answering import Answer, Grade, Unreadable
from peerlearn.quizzes.hinting import opened
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.numbers import policy as quiz_policy
from peerlearn.quizzes.question import Question

NOTHING_TO_ASK = N_(
    "There is nothing to ask just now. The questions of lessons you learn come back here when it is time."
)
NEW = {
    "hints_seen": 0,
    "is_right": False,
    "is_rapid": False,
    "spelling_asked": False,
    "days_since": 0,
    "interval": 0,
    "saves": 1,
}
ANSWERED = N_("This question has been answered already. Go on to the next one.")


@deed
def start_set(*, by: Person, asks: bool = True) -> int:
    """Draw today's set, or extra practice once it is finished; the id of the set to go on with.

    `asks`: the clock of its first question starts now, because it is about to be shown.
    """
    today = clock.today(by.timezone)
    opening = material.opening(by, today)
    start = opening.start
    if start.open_id:
        return start.open_id
    drawn = drawing.draw(by, today, opening.due, start.size)
    if not drawn:
        raise Conflict(NOTHING_TO_ASK)
    now = clock.now()
    values = {
        "person_id": by.id,
        "day": today,
        "number": start.sets + 1,
        "size": start.size,
        "seed": secrets.randbelow(2**31),
        "started_at": now,
        "beats_guessing": rules.beats_guessing(queries.newest_answers(by.id)),
    }
    statement = insert_into(DailySet).values(**values).on_conflict_do_nothing().returning(table_of(DailySet).c.id)
    set_id = ask(statement).scalar()
    if set_id is None:  # a second click was quicker
        return start_set(by=by, asks=asks)
    _ask_these(int(set_id), drawn, now if asks else None, by)
    return int(set_id)


@deed
def keep_set(*, by: Person) -> int | None:
    """Draw the day's set for a device that keeps it by itself: its id while something is left of it.

    Nobody asked for it just now. So no clock starts, a set that is done asks for no other, and a day off for none.
    """
    today = clock.today(by.timezone)
    start = queries.start_of(by, today)
    if start.open_id or start.sets or not start.calendar.is_workday(today):
        return start.open_id
    try:
        return start_set(by=by, asks=False)
    except Conflict:
        return None


def _ask_these(set_id: int, drawn: list[drawing.Drawn], first_at: datetime | None, by: Person) -> None:
    candidates = [item.candidate for item in drawn]
    times = material.times(by.id, [candidate.version_id for candidate in candidates])
    rows = [
        {
            "set_id": set_id,
            "person_id": by.id,
            "position": position,
            "item_id": item.candidate.item_id,
            "version_id": item.candidate.version_id,
            "lesson_id": item.candidate.lesson_id,
            "kind": item.kind,
            "asked_at": first_at if position == 1 else None,
            "rapid_below": learning.rapid_below(times.by_version.get(item.candidate.version_id, ()), quiz_policy()),
            "quick_below": rules.quick_below(times.by_kind.get(item.candidate.kind, ())),
        }
        for position, item in enumerate(drawn, start=1)
    ]
    ask(insert(table_of(SetQuestion)), [NEW | row for row in rows])


@dataclass(frozen=True)
class Offline:
    """That an answer was given without a network: when, what its device calls it, and how long it took at most."""

    at: datetime
    key: str
    at_most: float  # seconds


@dataclass(frozen=True)
class Answered:
    """What became of a posted answer: stored, or sent back once because of its spelling."""

    grade: Grade
    stored: bool


@deed
def answer(
    sitting: Sitting,
    position: int,
    given: Answer | Unreadable,
    confidence: str | None,
    *,
    by: Person,
    offline: Offline | None = None,
) -> Answered:
    """Mark and store one answer and what it says about memory.

    What was given offline counts on its own day, has no response time, and comes in once.
    """
    place = next((found for found in sitting.places if found.question.position == position), None)
    if place is None:
        raise NotFound()
    asked = place.question
    if asked.answered_at or (asked.asked_at is None and not offline):
        raise Conflict(ANSWERED)
    question = Question.from_json(asked.version.body)
    if isinstance(given, Unreadable):
        raise NotValid(given.message)
    if confidence not in set(quizzes.Confidence):
        raise NotValid(N_("Say how sure you are before you answer."))
    grade = kind_of(question).grade(question, given)
    start_writing(keep=True)
    if grade.near_miss and not asked.spelling_asked and not offline:
        save(asked, spelling_asked=True, answer=given.to_json(), confidence=confidence)
        return Answered(grade, stored=False)
    now = clock.now()
    at = offline.at if offline else now
    seconds = None if offline or asked.asked_at is None else (at - asked.asked_at).total_seconds()
    took = offline.at_most if offline else seconds
    outcome = Outcome(place, question, grade, str(confidence), seconds, took, clock.day_of(at, by.timezone))
    learned = outcome.learned()
    if learned:
        _remember(by.id, place, learned.state)
    else:
        remembering.wait_turn(asked.set_id)
    answered = put(
        asked,
        answer=given.to_json(),
        answered_at=at,
        rating=int(learned.recall) if learned else None,
        synced_at=now if offline else None,
        synced_as=offline.key if offline else None,
        **outcome.columns(),
    )
    told = store(answered, told=_told(), about={"me": by.id})
    know(by, told)
    comes_again = outcome.is_rapid and _ask_again(sitting, asked)
    _announce(outcome, learned, sitting.daily_set.beats_guessing, by)
    if not comes_again and not told["unanswered"]:
        _announce_end(sitting, by)
    return Answered(grade, stored=True)


_OTHER = table_of(SetQuestion).alias()
_OTHERS_UNANSWERED = (
    select(func.count())
    .select_from(_OTHER)
    .where(
        _OTHER.c.set_id == literal_column("set_questions.set_id", Integer),
        _OTHER.c.id != literal_column("set_questions.id", Integer),
        _OTHER.c.answered_at.is_(None),
    )
    .scalar_subquery()
    .label("unanswered")
)


@cache
def _told() -> Told:
    return (_OTHERS_UNANSWERED, *early_answers(ItemReviewed, bindparam("me", type_=Integer)))


_NEXT_POSITION = select(func.max(_OTHER.c.position) + 1)  # also after questions of a lesson that nobody may see now


def _ask_again(sitting: Sitting, asked: SetQuestion) -> bool:
    """Put an item that was answered too fast at the end of its set, a few times at most; whether it comes again."""
    if sum(question.item_id == asked.item_id for question in sitting.questions) >= POLICY.chances:
        return False
    again = SetQuestion(
        set_id=asked.set_id,
        person_id=asked.person_id,
        position=_NEXT_POSITION.where(_OTHER.c.set_id == asked.set_id).scalar_subquery(),
        item_id=asked.item_id,
        version_id=asked.version_id,
        lesson_id=asked.lesson_id,
        kind=asked.kind,
        rapid_below=asked.rapid_below,
        quick_below=asked.quick_below,
        hints_seen=asked.hints_seen,
    )
    db.session.add(again)
    sitting.places.append(Place(again, None, is_author=False))
    return True


def _remember(person_id: int, place: Place, learned: State) -> None:
    asked = place.question
    version_id = place.memory.version_id if place.memory else asked.version_id
    where = {"item_id": asked.item_id, "version_id": version_id, "lesson_id": asked.lesson_id}
    remembering.keep(person_id, asked.set_id, learned, where | {"topic_id": asked.lesson.topic_id})


def _announce(outcome: Outcome, learned: Learned | None, beats_guessing: bool, by: Person) -> None:
    asked, place = outcome.place.question, outcome.place
    topic_ids = tuple(topic.topic_id for topic in asked.lesson.topics)
    is_own = place.is_author or any(by.holds("curator", topic_id) for topic_id in topic_ids)
    old = outcome.before
    publish(
        ItemReviewed(
            lesson_id=asked.lesson_id,
            item_id=asked.item_id,
            version_id=asked.version_id,
            question_id=asked.id,
            topic_ids=topic_ids,
            is_right=outcome.grade.right,
            mark=outcome.grade.mark,
            confidence=outcome.confidence,
            guess_chance=kind_of(outcome.question).guess_chance(outcome.question),
            seconds=outcome.seconds,
            is_rapid=outcome.is_rapid,
            was_due=outcome.was_due,
            scheduled_days=outcome.interval,
            days_since=outcome.days_since,
            tier_repeated=old is not None and outcome.was_due and state.tier_repeated(old),
            is_own=is_own,
            beats_guessing=beats_guessing,
            hinted=asked.hints_seen > 0,
            overdue_days=outcome.overdue_days,
            is_first=place.is_new and not outcome.is_rapid,
            is_pretest=place.is_untaught and not outcome.is_rapid,
        ),
        by=by,
        day=outcome.day,
    )
    for major, number in place.awaited if learned and state.recalls_missed(old, outcome.given) else ():
        where = (asked.lesson_id, major, number, asked.item_id)
        recalled = MissedItemRecalled(*where, beats_guessing, hinted=asked.hints_seen > 0)
        publish(recalled, by=by, day=outcome.day)
    if learned and learned.state.rank == rules.LEECH:
        publish(ItemForgotten(asked.lesson_id, asked.item_id, asked.lesson.owner_id), by=by, day=outcome.day)


def _announce_end(sitting: Sitting, by: Person) -> None:
    """Say that a set is finished. When another answer came at the same moment, the last one speaks for all."""
    if not sitting.is_finished:
        sitting = queries.sitting(sitting.daily_set.id, by.id, anew=True) or sitting
    finishing.announce(sitting.daily_set, sitting.questions, by=by)


@deed
def next_question(sitting: Sitting, *, by: Person) -> SetQuestion | None:
    """Ask the first question that has no answer yet and start its clock; None when all are answered."""
    waiting = next((question for question in sitting.questions if question.answered_at is None), None)
    if waiting:
        ask_question(waiting, by=by)
    return waiting


@deed
def open_hint(asked: SetQuestion, number: int, *, by: Person) -> None:
    """Open the next hint of a question that is not answered; asking twice for the same one opens one."""
    if asked.asked_at is None or asked.answered_at is not None:
        return
    seen = opened(Question.from_json(asked.version.body), asked.hints_seen, number)
    if seen != asked.hints_seen:
        save(asked, hints_seen=seen)


@deed
def ask_question(asked: SetQuestion, *, by: Person) -> None:
    """Start a question's clock, once; one that was answered without a network needs none."""
    if asked.asked_at is None and asked.answered_at is None:
        asked.asked_at = clock.now()


@deed
def choose(*, size: int, by_mail: bool, by: Person) -> None:
    """Keep how a person likes to practise."""
    if not POLICY.least_size <= size <= POLICY.most_size:
        raise NotValid(N_("Choose a number from 3 to 10."), {"size": [N_("Choose a number from 3 to 10.")]})
    values = {"person_id": by.id, "size": size, "by_mail": by_mail}
    statement = insert_into(PracticeChoice).values(**values)
    ask(statement.on_conflict_do_update(index_elements=("person_id",), set_={"size": size, "by_mail": by_mail}))


_MOVE = (
    update(table_of(Memory))
    .where(Memory.person_id == bindparam("who"), Memory.item_id == bindparam("what"))
    .values(due_on=bindparam("when"))
)


@deed
def begin_afresh(*, by: Person) -> int:
    """Spread what is overdue over the coming workdays, the oldest first; how many items that were."""
    today = clock.today(by.timezone)
    start = queries.start_of(by, today)
    waiting = queries.overdue(by.id, today, start.due_until(today))
    days = rules.spread(len(waiting), today, rules.room_for_due(start.size), start.calendar.next_workday)
    moved = [{"who": by.id, "what": item, "when": day} for (item, _), day in zip(waiting, days, strict=True)]
    if moved:
        ask(_MOVE, moved)
    return len(moved)


@deed
def take_up_again(item_id: int, *, by: Person) -> None:
    """Ask an item again that was forgotten too often, from the next day on: its card has been read once more."""
    found = queries.memory_of(by.id, item_id)
    if found is None:
        raise NotFound()
    if found.rank != rules.LEECH:
        return
    found.rank = rules.CRITICAL if found.weight > 1 else rules.ORDINARY
    found.lapses, found.due_on = 0, clock.today(by.timezone) + timedelta(days=1)


@deed
def pause_items(item_ids: Collection[int]) -> None:
    """Ask nobody these items while somebody finds out whether they are wrong."""
    following.pause(item_ids, clock.today("UTC"))


@deed
def resume_items(item_ids: Collection[int]) -> None:
    """Ask items again that were paused."""
    following.resume(item_ids)
