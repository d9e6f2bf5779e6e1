"""What learners do: start, read, answer, finish, react. Only the server's clock counts."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import literal_column, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import Base, db, start_writing, table_of
from peerlearn.core.deeds import deed, know, publish
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.upsert import insert_into
from peerlearn.core.versioned import put, save, store
from peerlearn.core.words import N_
from peerlearn.learn import finishing, numbers, pool, queries, rules
from peerlearn.learn.drawing import Draw, Key, draw
from peerlearn.learn.events import CheckStarted, PretestAnswered, ReactionGiven, ReactionWithdrawn, ReadingStarted
from peerlearn.learn.handing_in import SAY_HOW_SURE
from peerlearn.learn.handing_in import Sheet as Sheet
from peerlearn.learn.handing_in import hand_in as hand_in
from peerlearn.learn.handing_in import hand_in_if_over as hand_in_if_over
from peerlearn.learn.handing_in import hand_in_overdue as hand_in_overdue
from peerlearn.learn.handing_in import keep as keep
from peerlearn.learn.handing_in import turn_to as turn_to
from peerlearn.learn.models import Asked, Attempt, Reaction, Reading
from peerlearn.learn.queries import Sitting, Standing
from peerlearn.learn.rules import Told
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.answering import Answer, Grade, Unreadable
from peerlearn.quizzes.hinting import opened
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.numbers import policy as quiz_policy
from peerlearn.quizzes.question import Question


def _is_author(person: Person, lesson: Lesson) -> bool:
    return any(author.person_id == person.id for author in lesson.authors)


def _insert_once(model: type[Base], values: dict[str, Any]) -> int | None:
    """Insert a row unless its unique key is taken; its id, or None."""
    statement: Any = insert_into(model).values(**values).on_conflict_do_nothing().returning(literal_column("id"))
    return cast("int | None", db.session.scalar(statement))


@deed
def start_reading(lesson: Lesson, where: Standing, *, by: Person) -> Reading:
    """Open the lesson's cards; for one person in five a question is asked first."""
    if where.reading:
        return where.reading
    assert lesson.published is not None
    now = clock.now()
    pretest = None
    if lesson.published.quiz_id and not where.attempts and rules.is_pretested(by.id, lesson.id, numbers.policy()):
        pretest = _pretest_of(lesson.published.quiz_id, lesson, by)
    values = {
        "person_id": by.id,
        "lesson_id": lesson.id,
        "revision_id": lesson.published.id,
        "started_at": now,
        "touched_at": now,
        "card": 1,
        "seen": [],
        "pretest_version_id": pretest,
        "pretest_asked_at": now if pretest else None,
    }
    if _insert_once(Reading, values):
        publish(ReadingStarted(lesson.id, lesson.published.id, pretest is not None), by=by)
    reading = queries.reading_of(by.id, lesson.published.id)
    assert reading is not None
    return reading


def _pretest_of(quiz_id: int, lesson: Lesson, by: Person) -> int | None:
    """The question that this person is asked before reading: one that a first attempt may ask, and nobody told."""
    candidates = pool.candidates_for(quiz_id, by)
    found = [one for one in candidates if one.counts and not one.is_spare and not one.told]
    return found[rules.pretest_position(by.id, lesson.id, len(found))].version_id if found else None


@deed
def answer_pretest(
    lesson: Lesson, reading: Reading, version: ItemVersion, given: Answer | Unreadable | None, *, by: Person
) -> None:
    """Store the answer to the question asked before reading; right or wrong, it is welcome. None skips it."""
    if reading.pretest_answered_at or reading.pretest_asked_at is None:
        raise Conflict(N_("This question has been answered already."))
    now = clock.now()
    seconds = (now - reading.pretest_asked_at).total_seconds()
    reading.started_at = reading.touched_at = now  # reading begins after the question
    if isinstance(given, Unreadable):
        raise NotValid(given.message)
    reading.pretest_answered_at = now
    if given is None:
        return
    reading.pretest_answer = given.to_json()
    question = Question.from_json(version.body)
    topic_ids = tuple(topic.topic_id for topic in lesson.topics)
    publish(
        PretestAnswered(
            lesson_id=lesson.id,
            major=lesson.major,
            item_id=version.item_id,
            is_right=kind_of(question).grade(question, given).right,
            is_rapid=seconds < _rapid_below([version.id])[version.id],
            is_own=_is_author(by, lesson) or finishing.curates(by, topic_ids) or queries.saw_keys(by.id, lesson.id),
            seconds=seconds,
        ),
        by=by,
    )


@deed
def see_card(reading: Reading, number: int, cards: int, *, by: Person) -> None:
    """Note that a card was read to its end and go on to the next."""
    if not 1 <= number <= cards:
        raise NotFound()
    reading.seen = sorted({*reading.seen, number})
    reading.card = min(number + 1, cards)
    reading.touched_at = clock.now()


@deed
def start_attempt(lesson: Lesson, where: Standing, *, by: Person) -> Attempt:
    """Begin the quiz, or go on with the attempt that is open; one whose time is over is handed in.

    Only what was missed before is asked again. What is still open of an older version is set aside.
    """
    if under_way := where.open:
        _hand_in_if_over(under_way, by)
        return under_way
    revision, now = lesson.published, clock.now()
    if revision is None or revision.quiz_id is None:
        raise NotFound()
    terms = numbers.terms_of(lesson)
    turn = where.turn(terms, now)
    if turn.ready_at:
        minutes = -(-int((turn.ready_at - now).total_seconds()) // 60)
        raise Conflict(N_("Give it a moment to settle: you can try again in %(minutes)s minutes."), minutes=minutes)
    if where.older and not _hand_in_if_over(where.older, by):
        store(put(where.older, state="left"))
    seed = secrets.randbelow(2**31)
    drawn, known = _drawn(lesson, revision.quiz_id, where, terms, seed, counts=turn.counts, by=by)
    limit = terms.seconds(by.pace) if turn.counts else None
    number = max((attempt.number for attempt in where.attempts), default=0) + 1
    values = {
        "person_id": by.id,
        "lesson_id": lesson.id,
        "revision_id": revision.id,
        "major": lesson.major,
        "number": number,
        "seed": seed,
        "mode": terms.mode.value if turn.counts else quizzes.Mode.LEARN.value,
        "started_at": now,
        "due_at": now + timedelta(seconds=limit) if limit else None,
        "total": drawn.total,
        "pass_percent": terms.pass_percent,
        "carried": drawn.carried,
        "state": "open",
        "is_scored": turn.counts,
        "is_last": turn.counts and where.is_last(terms, now),
    }
    attempt = _begun(values)
    if attempt is None:  # a second click was quicker
        again = queries.standing(by, lesson).open
        if again is None:
            raise Conflict()
        return again
    _ask(attempt.id, drawn, known if number == 1 else None, now)
    if attempt.mode != quizzes.Mode.LEARN.value:
        publish(CheckStarted(lesson.id, attempt.id), by=by)
    if not drawn.asked:  # what was missed is not asked any more
        _finish_at_once(attempt, by)
    return attempt


def _begun(values: dict[str, Any]) -> Attempt | None:
    """A new attempt, or None when one is open already."""
    inserted = insert_into(Attempt).values(**values).on_conflict_do_nothing().returning(*table_of(Attempt).columns)
    return db.session.scalars(select(Attempt).from_statement(inserted)).one_or_none()


def _drawn(
    lesson: Lesson, quiz_id: int, where: Standing, terms: quizzes.Terms, seed: int, *, counts: bool, by: Person
) -> tuple[Draw, frozenset[Key]]:
    """What a new attempt asks, and everything of this lesson that the person answered before."""
    candidates = pool.candidates_for(quiz_id, by)
    is_new = lesson.major == 1 and not where.attempts  # nothing was ever asked: the database need not say so
    before = pool.History() if is_new else pool.history(by, lesson)
    past = () if where.passed else before.past
    drawn = draw(candidates, past, terms.draw, seed, use_spares=counts)
    if not drawn.total:
        raise Conflict(N_("The questions of this lesson are being mended. Please come back a little later."))
    return drawn, before.known


def _ask(attempt_id: int, drawn: Draw, known: frozenset[Key] | None, now: datetime) -> None:
    """Write down what an attempt asks; the clock of its first question starts. `known` comes with a first attempt."""
    rapid_below = _rapid_below([one.version_id for one in drawn.asked])
    db.session.add_all(
        Asked(
            attempt_id=attempt_id,
            position=position,
            version_id=one.version_id,
            instead_of_id=missed.version_id if missed else None,
            is_first=known is not None and one.key not in known and not one.told,
            is_told=known is not None and one.told is Told.TOLD,
            asked_at=now if position == 1 else None,
            rapid_below=rapid_below[one.version_id],
        )
        for position, (one, missed) in enumerate(zip(drawn.asked, drawn.instead_of, strict=True), start=1)
    )
    db.session.flush()


def _rapid_below(version_ids: Sequence[int]) -> dict[int, float]:
    """The seconds under which an answer to each of these questions is too fast to have been read."""
    times = pool.response_times(version_ids)
    policy = quiz_policy()
    return {version_id: rules.rapid_below(times.get(version_id, ()), policy) for version_id in version_ids}


def _hand_in_if_over(attempt: Attempt, by: Person) -> bool:
    if not quizzes.is_over(attempt.due_at, clock.now()):
        return False
    return hand_in_if_over(_sitting(attempt), by=by)


def _finish_at_once(attempt: Attempt, by: Person) -> None:
    sitting = _sitting(attempt)
    store(finishing.close(sitting.attempt, clock.now()))
    finishing.announce(sitting, by)


def _sitting(attempt: Attempt) -> Sitting:
    found = queries.sitting(attempt.id, attempt.person_id)
    assert found is not None
    return found


@dataclass(frozen=True)
class Answered:
    """What became of a posted answer: stored, or sent back once because of its spelling."""

    grade: Grade
    stored: bool


@deed
def answer(
    sitting: Sitting, position: int, given: Answer | Unreadable, confidence: str | None, *, by: Person
) -> Answered:
    """Mark and store one answer; the last one finishes the attempt and may pass the lesson.

    One that came too fast to have been read is not marked: its question comes again after all others, once.

    Nobody waits while it is marked: only then the writing begins, and what changed meanwhile shows in `saves`.
    """
    attempt = sitting.attempt
    asked = next((row for row in attempt.asked if row.position == position), None)
    if asked is None or attempt.state != "open" or attempt.mode != quizzes.Mode.LEARN:
        raise NotFound()
    if asked.answered_at or asked.asked_at is None or asked.is_put_off:
        raise Conflict(N_("This question has been answered already. Go on to the next one."))
    question = Question.from_json(asked.version.body)
    kind = kind_of(question)
    if isinstance(given, Unreadable):
        raise NotValid(given.message)
    confidence = confidence if kind.counts else None
    if kind.counts and confidence not in set(quizzes.Confidence):
        raise NotValid(SAY_HOW_SURE)
    now = clock.now()
    seconds = (now - asked.asked_at).total_seconds()
    is_rapid = kind.counts and seconds < asked.rapid_below
    if is_rapid and asked.comes_again:  # the second time it counts as no answer
        given = Answer(given.kind, ())
    grade = kind.grade(question, given)
    start_writing(keep=True)
    if is_rapid and not asked.comes_again:  # not marked, and nothing of it is told
        save(asked, is_rapid=True, seconds=seconds)
        return Answered(grade, stored=True)
    if grade.near_miss and not asked.spelling_asked:
        asked.spelling_asked, asked.answer, asked.confidence = True, given.to_json(), confidence
        return Answered(grade, stored=False)
    told = sitting.told.get(position, Told.NOTHING)
    answered = put(
        asked,
        answer=given.to_json(),
        confidence=confidence,
        answered_at=now,
        mark=grade.mark,
        is_right=grade.right,
        seconds=seconds,
        is_rapid=is_rapid,
        is_first=asked.is_first and not told,
        is_told=asked.is_told or (attempt.number == 1 and told is Told.TOLD),
    )
    is_last = not any(map(finishing.waits, attempt.asked))
    if not is_last:
        store(answered)
        finishing.announce_answer(sitting, asked, by)
        return Answered(grade, stored=True)
    know(by, store(answered, finishing.close(attempt, now), told=finishing.told(), about={"me": by.id}))
    finishing.announce_answer(sitting, asked, by)
    finishing.announce(sitting, by)
    return Answered(grade, stored=True)


@deed
def open_hint(attempt: Attempt, asked: Asked, number: int, *, by: Person) -> None:
    """Open the next hint of a question that can still be answered; asking twice for the same one opens one."""
    is_final = asked.answered_at is not None and attempt.mode == quizzes.Mode.LEARN
    if attempt.state != "open" or asked.asked_at is None or is_final:
        return
    seen = opened(Question.from_json(asked.version.body), asked.hints_seen, number)
    if seen != asked.hints_seen:
        save(asked, hints_seen=seen)


@deed
def rate_own(attempt: Attempt, asked: Asked, said: Answer | None, *, by: Person) -> None:
    """Keep what people say of their own open answer, once they may see the model; nothing follows from it."""
    is_shown = attempt.state == "finished" or attempt.mode == quizzes.Mode.LEARN
    if asked.answered_at is None or said is None or not is_shown:
        raise NotFound()
    asked.answer = said.to_json()


@deed
def next_question(attempt: Attempt, *, by: Person) -> Asked | None:
    """Ask the first question that has no answer yet and start its clock; None when all are answered.

    What was answered too fast to have been read comes after all others.
    """
    unanswered = filter(finishing.waits, attempt.asked)
    waiting = min(unanswered, key=lambda row: (row.comes_again, row.position), default=None)
    if waiting and (waiting.asked_at is None or waiting.is_put_off):
        waiting.asked_at, waiting.seconds = clock.now(), None
    if waiting is None and attempt.state == "open":  # what was left to answer was paused meanwhile
        _finish_at_once(attempt, by)
    return waiting


@deed
def react(lesson: Lesson, where: Standing, kind: str, *, stands: bool, by: Person) -> None:
    """Let a reaction stand, or take it back; saying the same twice changes nothing."""
    if kind not in rules.REACTIONS:
        raise NotFound()
    if not rules.may_react(_is_author(by, lesson), where.has_answered):
        raise NotAllowed(N_("Take the quiz first: then your word helps others choose. Authors leave this to readers."))
    if not stands:
        _take_back(lesson, kind, by)
        return
    if other := rules.opposite(kind):
        _take_back(lesson, other, by)
    values = {
        "lesson_id": lesson.id,
        "person_id": by.id,
        "revision_id": lesson.published_id,
        "kind": kind,
        "at": clock.now(),
    }
    if _insert_once(Reaction, values):
        publish(ReactionGiven(lesson.id, kind), by=by)


def _take_back(lesson: Lesson, kind: str, by: Person) -> None:
    found = queries.reaction(by, lesson, kind)
    if found:
        db.session.delete(found)
        publish(ReactionWithdrawn(lesson.id, kind), by=by)
