"""Measures: numbers about one person that badges compare. Each is one scalar subquery; they are asked all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Float, ScalarSelect, Select, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.badges import kept_measures
from peerlearn.core.db import days_between
from peerlearn.core.facts import Fact
from peerlearn.learn.events import LessonPassed, PretestAnswered, QuestionAnswered
from peerlearn.learn.models import Attempt
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonTopic
from peerlearn.points.models import LedgerEntry
from peerlearn.practice.events import DailySetFinished
from peerlearn.quizzes.rules import Confidence
from peerlearn.review.events import ReviewDone
from peerlearn.review.models import Report, Review
from peerlearn.streaks.events import WeeklyGoalMet
from peerlearn.streaks.models import ActiveDay
from peerlearn.suggestions.models import Suggestion

MEANT = {Confidence.FAIRLY: 0.70, Confidence.CERTAIN: 0.95}  # a guess means the chance of guessing right
TEACH_BACK_DAYS = 30


def _facts(event: type, *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).where(Fact.actor_id == Person.id, Fact.type == event.__name__, *conditions)


def _flag(name: str, wanted: bool = True) -> ColumnElement[bool]:
    flag: ColumnElement[bool] = Fact.data[name].as_boolean()
    return flag.is_(wanted)


def _clean_lessons() -> Select[Any]:
    lesson = Fact.data["lesson_id"].as_integer()
    rows = _facts(LessonPassed, _flag("is_clean"), _flag("is_own", False), _flag("is_reviewed", False))
    return rows.with_only_columns(func.count(func.distinct(lesson)))


def _wrote_it() -> ColumnElement[bool]:
    wrote = select(1).where(LessonAuthor.lesson_id == Attempt.lesson_id, LessonAuthor.person_id == Person.id)
    return wrote.correlate(Attempt, Person).exists()


def _topics_passed() -> Select[Any]:
    return (
        select(func.count(func.distinct(LessonTopic.topic_id)))
        .join(Attempt, Attempt.lesson_id == LessonTopic.lesson_id)
        .where(Attempt.person_id == Person.id, Attempt.is_passed, ~_wrote_it())
    )


def _first_answers() -> Select[Any]:
    confidence = Fact.data["confidence"].as_string()
    return _facts(QuestionAnswered, _flag("is_first"), _flag("is_rapid", False), confidence.is_not(None))


def _calibration_gap() -> Select[Any]:
    meant = case(MEANT, value=Fact.data["confidence"].as_string(), else_=Fact.data["guess_chance"].as_float())
    right = case((_flag("is_right"), 1.0), else_=0.0)
    gap = func.abs(func.avg(cast(meant, Float)) - func.avg(cast(right, Float)))
    return _first_answers().with_only_columns(func.coalesce(gap, 1.0))


def _lessons_approved() -> Select[Any]:
    approved = select(1).where(Review.lesson_id == Lesson.id, Review.state == "approved")
    return (
        select(func.count())
        .select_from(LessonAuthor)
        .join(Lesson, Lesson.id == LessonAuthor.lesson_id)
        .where(LessonAuthor.person_id == Person.id, Lesson.published_at.is_not(None), approved.exists())
    )


def _reports(*states: str) -> Select[Any]:
    return select(func.count()).select_from(Report).where(Report.reporter_id == Person.id, Report.state.in_(states))


def _report_precision() -> Select[Any]:
    upheld = cast(func.coalesce(func.sum(case((Report.state == "upheld", 1), else_=0)), 0), Float)
    decided = func.count()
    return _reports("upheld", "declined").with_only_columns(case((decided > 0, upheld / decided), else_=0.0))


def _newcomers_helped() -> Select[Any]:
    """Authors of lessons this person reviewed or wrote with them, for whom no lesson was published before."""
    newcomer, other, earlier = aliased(LessonAuthor), aliased(LessonAuthor), aliased(Lesson)
    before = (
        select(1)
        .select_from(other)
        .join(earlier, earlier.id == other.lesson_id)
        .where(
            other.person_id == newcomer.person_id,
            or_(
                earlier.published_at < Lesson.published_at,
                and_(earlier.published_at == Lesson.published_at, earlier.id < Lesson.id),
            ),
        )
    )
    reviewed = select(Review.lesson_id).where(Review.decided_by_id == Person.id)
    wrote = select(LessonAuthor.lesson_id).where(LessonAuthor.person_id == Person.id)
    return (
        select(func.count(func.distinct(newcomer.person_id)))
        .select_from(Lesson)
        .join(newcomer, newcomer.lesson_id == Lesson.id)
        .where(
            Lesson.published_at.is_not(None),
            newcomer.person_id != Person.id,
            or_(Lesson.id.in_(reviewed.correlate(Person)), Lesson.id.in_(wrote.correlate(Person))),
            ~before.correlate(newcomer, Lesson).exists(),
        )
    )


def _taught_back() -> Select[Any]:
    """Own published lessons in a topic of which this person had passed somebody else's lesson shortly before."""
    taught, learned = aliased(LessonTopic), aliased(LessonTopic)
    days = days_between(Attempt.finished_at, Lesson.published_at)
    return (
        select(func.count(func.distinct(Lesson.id)))
        .select_from(LessonAuthor)
        .join(Lesson, Lesson.id == LessonAuthor.lesson_id)
        .join(taught, taught.lesson_id == Lesson.id)
        .join(learned, learned.topic_id == taught.topic_id)
        .join(Attempt, and_(Attempt.lesson_id == learned.lesson_id, Attempt.person_id == LessonAuthor.person_id))
        .where(
            LessonAuthor.person_id == Person.id,
            Attempt.is_passed,
            Attempt.lesson_id != Lesson.id,
            days >= 0,
            days <= TEACH_BACK_DAYS,
        )
    )


def _longest_streak() -> Select[Any]:
    return select(func.coalesce(func.max(ActiveDay.best), 0)).where(ActiveDay.person_id == Person.id)


def _checks_in_time() -> Select[Any]:
    """Checks that paid: nothing else tells of a person's own without looking at everybody's."""
    paid = (LedgerEntry.person_id == Person.id, LedgerEntry.rule == "C3", LedgerEntry.amount > 0)
    return select(func.count()).select_from(LedgerEntry).where(*paid)


def _suggestions_accepted() -> Select[Any]:
    accepted = (Suggestion.suggester_id == Person.id, Suggestion.state == "accepted")
    return select(func.count()).select_from(Suggestion).where(*accepted)


MEASURES: Mapping[str, Callable[[], Select[Any]]] = {
    "clean_lessons": _clean_lessons,
    "topics_passed": _topics_passed,
    "sure_answers": _first_answers,
    "calibration_gap": _calibration_gap,
    "weekly_goals": lambda: _facts(WeeklyGoalMet),
    "longest_streak": _longest_streak,
    "pretests": lambda: _facts(PretestAnswered, _flag("is_rapid", False), _flag("is_own", False)),
    "lessons_approved": _lessons_approved,
    "reports_upheld": lambda: _reports("upheld"),
    "report_precision": _report_precision,
    "reviews_in_time": lambda: _facts(ReviewDone, _flag("in_time")),
    "newcomers_helped": _newcomers_helped,
    "taught_back": _taught_back,
    "checks_in_time": _checks_in_time,
    "suggestions_accepted": _suggestions_accepted,
    "recalled_items": kept_measures.recalled_items,
    "daily_sets": lambda: _facts(
        DailySetFinished, Fact.data["number"].as_integer() == 1, _flag("any_rapid", False), ~_flag("is_late")
    ),
    "long_recalls": kept_measures.long_recalls,
    "evergreen_items": kept_measures.evergreen_items,
    "questions_of_a_topic": kept_measures.questions_of_a_topic,
    "comebacks": kept_measures.comebacks,
    "good_lessons": kept_measures.good_lessons,
    "good_questions": kept_measures.good_questions,
    "gaps_filled": kept_measures.gaps_filled,
    "kept_by": kept_measures.kept_by,
    "impact": kept_measures.impact,
}


def column(name: str) -> ScalarSelect[Any]:
    """A measure as a column of a statement that selects people."""
    return MEASURES[name]().correlate(Person).scalar_subquery()
