"""The doors to figures and flags. What is foreign and what is missing answer the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peerlearn.accounts.models import Person
from peerlearn.analysis import queries, rules
from peerlearn.analysis.models import ItemFlag
from peerlearn.analysis.queries import Raised, Report
from peerlearn.core.errors import NotAllowed, NotFound
from peerlearn.lessons import access as lessons
from peerlearn.lessons import queries as lesson_queries
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question


@dataclass(frozen=True)
class Deciding:
    """A flagged question, and what this person may decide about it.

    Curators of the topic who had no hand in the lesson decide. Its owner may say that the question is good or retire
    it; whatever marks stored answers again moves points, so it needs a second person.
    """

    row: ItemFlag
    lesson: Lesson
    flags: Sequence[Raised]
    report: Report | None  # None: the lesson does not ask it in this meaning any more
    is_judge: bool  # a curator of its topic who had no hand in it

    @property
    def is_rekeyed(self) -> bool:
        """Whether a new revision has another key, and the question is whether the old one was wrong."""
        return self.row.flag == rules.REKEYED

    @property
    def before(self) -> Question:
        """The question whose answers it is about, with the key by which they were marked."""
        if self.report is None or self.is_rekeyed:
            return Question.from_json(self.row.meaning.body)
        return self.report.question

    @property
    def takes_several(self) -> bool:
        """Whether more than one of its answers may be right, and any of them will do."""
        return self.report is not None and kind_of(self.report.question).any_will_do

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.row.state == "open"

    @property
    def may_correct(self) -> bool:
        """Whether this person may say that it is faulty and what its stored answers count."""
        return self.is_judge and self.report is not None and rules.is_correctable(self.report.question)


def lesson_to_look_at(lesson_id: int, by: Person) -> Lesson:
    """A published lesson whose keys one may see: one's own, or one of the topics that one looks after."""
    lesson = lesson_queries.lesson_by_id(lesson_id)
    if lesson is None or lesson.published_id is None:
        raise NotFound()
    if not (lessons.is_author(lesson, by) or lessons.curates(lesson, by)):
        raise NotFound()
    return lesson


def flag_to_read(flag_id: int, by: Person) -> Deciding:
    """A flag on a lesson whose keys one may see."""
    found = queries.flags_beside(flag_id, by)
    if found is None:
        raise NotFound()
    lesson = lesson_to_look_at(found.row.lesson_id, by)
    is_judge = lessons.curates(lesson, by) and not found.had_a_hand
    return Deciding(found.row, lesson, found.flags, queries.report_on(found.row, found.flags), is_judge)


def flag_to_decide(flag_id: int, by: Person) -> Deciding:
    """A flag about which one may decide; what was decided already is told by the action."""
    found = flag_to_read(flag_id, by)
    if not found.is_judge and found.lesson.owner_id != by.id:
        raise NotAllowed(rules.NOT_YOURS)
    return found


def flag_to_correct(flag_id: int, by: Person) -> Deciding:
    """A flag on a question of whose stored answers one may decide."""
    found = flag_to_read(flag_id, by)
    if not found.may_correct:
        raise NotAllowed(rules.NOT_YOURS)
    return found
