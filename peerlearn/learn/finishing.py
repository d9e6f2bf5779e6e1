"""What the end of an attempt means: its marks, whether it passes, and what is said of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import Integer, bindparam

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.deeds import publish
from peerlearn.core.facts import early_answers
from peerlearn.core.versioned import Change, Told, put
from peerlearn.learn import missing, numbers, rules
from peerlearn.learn.events import AttemptFinished, LessonPassed, QuestionAnswered
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.queries import Sitting
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.kinds.registry import counts, kind_of
from peerlearn.quizzes.question import Question


def curates(person: Person, topic_ids: tuple[int, ...]) -> bool:
    """Whether a person looks after one of these topics, so can see the keys."""
    return any(person.holds("curator", topic_id) for topic_id in topic_ids)


def waits(asked: Asked) -> bool:
    """Whether a question is still to be answered."""
    return asked.answered_at is None and not asked.is_left_out


def marked(attempt: Attempt) -> list[Asked]:
    """The questions of an attempt that count: those of kinds that are marked, and not paused meanwhile."""
    return [row for row in attempt.asked if counts(row.version.kind) and not row.is_left_out]


def close(attempt: Attempt, now: datetime) -> Change:
    """Finish an attempt with what was answered; one whose time was over before ended then."""
    rows = marked(attempt)
    marks = [1.0] * attempt.carried + [row.mark or 0.0 for row in rows]
    own = [1.0] * attempt.carried + [0.0 if row.is_told else row.mark or 0.0 for row in rows]
    needed = quizzes.pass_mark(len(marks), attempt.pass_percent)
    return put(
        attempt,
        state="finished",
        finished_at=min(now, attempt.due_at) if attempt.due_at else now,
        total=len(marks),
        right=sum(row.is_right for row in rows),
        score=sum(marks),
        is_passed=attempt.is_scored and quizzes.is_passed(marks, needed),
        rests_on_told=quizzes.is_passed(marks, needed) and not quizzes.is_passed(own, needed),
    )


@cache
def told() -> Told:
    """What the statement that closes an attempt tells of its learner (`me`) for those who hear that it passed."""
    return tuple(early_answers(LessonPassed, bindparam("me", type_=Integer)))


def announce_answer(sitting: Sitting, asked: Asked, by: Person) -> None:
    """Say that a question was answered. What never counts is nobody's to learn from."""
    if asked.mark is None or not counts(asked.version.kind):
        return
    attempt, question = sitting.attempt, Question.from_json(asked.version.body)
    topic_ids = tuple(topic.topic_id for topic in attempt.lesson.topics)
    publish(
        QuestionAnswered(
            lesson_id=attempt.lesson_id,
            attempt_id=attempt.id,
            item_id=asked.version.item_id,
            version_id=asked.version_id,
            is_right=asked.is_right,
            mark=asked.mark,
            confidence=asked.confidence,
            guess_chance=kind_of(question).guess_chance(question),
            seconds=asked.seconds or 0.0,
            is_rapid=asked.is_rapid,
            is_first=asked.is_first,
            topic_ids=topic_ids,
            is_own=sitting.is_author or sitting.saw_keys or curates(by, topic_ids),
            is_critical="critical" in question.flags,
            counts=True,
            hinted=asked.hints_seen > 0,
        ),
        by=by,
        day=_day_of(attempt, by),
    )


def _day_of(attempt: Attempt, by: Person) -> date | None:
    """The day on which a finished attempt ended: its time may be over for long when that is noticed."""
    return clock.day_of(attempt.finished_at, by.timezone) if attempt.finished_at else None


def announce(sitting: Sitting, by: Person) -> None:
    """Say that an attempt is finished, and whether it passed the lesson."""
    attempt, rows = sitting.attempt, marked(sitting.attempt)
    is_clean, day = _is_clean(attempt), _day_of(attempt, by)
    finished = AttemptFinished(attempt.lesson_id, attempt.id, attempt.number, len(rows), attempt.right, is_clean)
    publish(finished, by=by, day=day)
    if attempt.is_passed:
        publish(pass_of(sitting, by), by=by, day=day)


def _is_clean(attempt: Attempt) -> bool:
    any_rapid_or_told = any(row.is_rapid or row.is_told for row in marked(attempt))
    return attempt.number == 1 and attempt.right == attempt.total and not any_rapid_or_told


def pass_of(sitting: Sitting, person: Person) -> LessonPassed:
    """What is said when this attempt passes; `person` is whose it is."""
    attempt, reading, rows = sitting.attempt, sitting.reading, marked(sitting.attempt)
    topic_ids = tuple(topic.topic_id for topic in attempt.lesson.topics)
    dwell = timedelta(seconds=rules.minimum_dwell(attempt.revision.words, policy=numbers.policy()))
    answered = [(row.seconds or 0, row.rapid_below) for row in rows if row.answered_at]
    return LessonPassed(
        lesson_id=attempt.lesson_id,
        revision_id=attempt.revision_id,
        major=attempt.major,
        attempt_id=attempt.id,
        attempt_number=attempt.number,
        topic_ids=topic_ids,
        dwell_met=bool(reading and attempt.started_at - reading.started_at >= dwell),
        cards_seen=bool(reading and len(reading.seen) >= sitting.cards),
        any_rapid=any(row.is_rapid for row in rows),
        impossible=rules.impossible_count(answered),
        is_own=sitting.is_author,
        is_reviewed=sitting.saw_keys or curates(person, topic_ids),
        is_clean=_is_clean(attempt),
        asked=len(rows),
        hinted=sum(row.hints_seen > 0 for row in rows),
        missed=missing.before(attempt),
        rests_on_told=attempt.rests_on_told,
    )
