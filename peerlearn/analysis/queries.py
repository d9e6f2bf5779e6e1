"""What authors and curators see of their questions: figures, what was answered, flags, and wrong but sure answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, load_only

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.analysis import rules
from peerlearn.analysis.models import ItemFigures, ItemFlag
from peerlearn.analysis.observing import meaning_of, parts_of
from peerlearn.analysis.rules import POLICY, Flag, Level
from peerlearn.core.db import db
from peerlearn.core.paging import PAGE, Page, key_from
from peerlearn.lessons import crediting
from peerlearn.lessons import queries as lessons
from peerlearn.lessons.models import FormerAuthor, Lesson, LessonAuthor, Revision, Topic, WrittenPart
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.models import Item, ItemVersion, QuizItem
from peerlearn.quizzes.question import Question, sight
from peerlearn.quizzes.rendered import renderers

Counted = Sequence[int]  # people, the abler half of them, those who were sure, those who were certain
RANK: Any = case({Level.RED: 1, Level.AMBER: 2}, value=ItemFlag.level, else_=3)
_WAITS = (ItemFlag.state == "open", Lesson.state == "published")
NAME = load_only(Person.id, Person.name)


@dataclass(frozen=True)
class Line:
    """One answer to a question: in words, whether it belongs to the key, by how many it was given, and why not."""

    words: Any
    is_key: bool
    people: int
    sure: int
    certain: int
    why: Any = ""


@dataclass(frozen=True)
class Raised:
    """A flag with what it means."""

    row: ItemFlag
    flag: Flag


@dataclass(frozen=True)
class Report:
    """A question with what first answers say about it."""

    number: int
    version: ItemVersion
    state: str
    figures: ItemFigures | None
    flags: Sequence[Raised] = ()

    @cached_property
    def question(self) -> Question:
        """The question itself."""
        return Question.from_json(self.version.body)

    @property
    def people(self) -> int:
        """How many the figures look at."""
        return self.figures.seen if self.figures else 0

    @property
    def is_shown(self) -> bool:
        """Whether so many have answered that nobody can be recognised."""
        return self.people >= POLICY.shown_from

    @property
    def share(self) -> float:
        """The share of right answers."""
        return self.figures.right / self.people if self.figures and self.people else 0.0

    @property
    def range(self) -> tuple[float, float]:
        """Where that share lies if everybody answered."""
        return quizzes.wilson(self.figures.right if self.figures else 0, self.people)

    @property
    def known(self) -> float:
        """The share that was known, not guessed."""
        return quizzes.gc(self.share, kind_of(self.question).guess_chance(self.question))

    @property
    def is_provisional(self) -> bool:
        """Whether the difficulty may still move."""
        return rules.is_provisional(self.figures.rated if self.figures else 0)

    @cached_property
    def stem(self) -> Any:
        """What is asked, as it is shown."""
        block, line = renderers(self.version)
        return kind_of(self.question).present(self.question, 0, render=block, render_line=line).stem

    @cached_property
    def lines(self) -> list[Line]:
        """What was answered, by how many: every option, or the most frequent answers."""
        given = self.figures.given if self.figures else {}
        return _option_lines(self, given) if self.question.options else _answer_lines(self, given)

    @property
    def misconceptions(self) -> list[Line]:
        """Wrong answers that several people were sure of, the most certain first."""
        wrong = [line for line in self.lines if not line.is_key and line.sure >= POLICY.shown_from]
        return sorted(wrong, key=lambda line: (-line.certain, -line.sure))


def _option_lines(report: Report, given: Mapping[str, Counted]) -> list[Line]:
    block, line = renderers(report.version)
    found = []
    for option in report.question.options:
        people, _abler, sure, certain = _together(n for text, n in given.items() if option.uid in parts_of(text))
        why = block(option.why) if option.why else ""
        found.append(Line(line(option.text), option.right, people, sure, certain, why))
    return found


def _answer_lines(report: Report, given: Mapping[str, Counted]) -> list[Line]:
    """The key, and every other answer that so many gave that it says nothing about one of them."""
    kind, question = kind_of(report.question), report.question
    block, _line = renderers(report.version)
    answers = {text: Answer(question.kind, parts_of(text)) for text in given if text}
    right = {text for text, answer in answers.items() if kind.grade(question, answer).right}
    people, _abler, sure, certain = _together(given[text] for text in right)
    correct = kind.explain(question, Answer(question.kind, ()), 0).correct
    lines = [Line(correct, True, people, sure, certain)]
    for text, answer in answers.items():
        people, _abler, sure, certain = given[text]
        if text not in right and people >= POLICY.shown_from:
            said = kind.explain(question, answer, 0, render=block).said
            lines.append(Line(kind.describe(question, answer), False, people, sure, certain, said))
    return lines


def _together(counted: Iterable[Counted]) -> Counted:
    """Added up: people, the abler half of them, the sure and the certain ones."""
    return [sum(column) for column in zip([0, 0, 0, 0], *counted, strict=True)]


# one lesson


def reports_of(lesson: Lesson) -> list[Report]:
    """The questions of a published lesson with their figures and open flags, in two statements."""
    raised: dict[int, list[Raised]] = {}
    for each in _open_flags(ItemFlag.lesson_id == lesson.id):
        raised.setdefault(each.row.meaning_id, []).append(each)
    return [
        Report(row.position, row[1], row.state, row[4], raised.get(row.meaning_id, ()))
        for row in db.session.execute(_asked().where(Revision.id == lesson.published_id))
    ]


def _asked() -> Select[Any]:
    """The questions of published lessons with their figures."""
    meaning = meaning_of(ItemVersion)
    return (
        select(QuizItem.position, ItemVersion, Item.state, meaning, ItemFigures)
        .select_from(Revision)
        .join(QuizItem, QuizItem.quiz_id == Revision.quiz_id)
        .join(ItemVersion, ItemVersion.id == QuizItem.version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .outerjoin(ItemFigures, ItemFigures.meaning_id == meaning)
        .order_by(QuizItem.position)
    )


def _open_flags(condition: ColumnElement[bool]) -> list[Raised]:
    statement = select(ItemFlag).where(ItemFlag.state == "open", condition).order_by(RANK, ItemFlag.id)
    rows = db.session.scalars(statement)
    return [Raised(row, rules.BY_SLUG[row.flag]) for row in rows if row.flag in rules.BY_SLUG]


def _is_first() -> ColumnElement[bool]:
    """Whether a flag is the one that stands for its item: the gravest that is open, the earliest of equals."""
    other = aliased(ItemFlag)
    rank: Any = case({Level.RED: 1, Level.AMBER: 2}, value=other.level, else_=3)
    graver = or_(rank < RANK, and_(rank == RANK, other.id < ItemFlag.id))
    return ~select(other.id).where(other.meaning_id == ItemFlag.meaning_id, other.state == "open", graver).exists()


# what waits for a curator


@dataclass(frozen=True)
class Waiting:
    """A flagged question as a curator meets it in the list."""

    raised: Raised
    lesson: Lesson
    stem: Any
    state: str
    is_mine: bool  # the curator wrote the lesson


def flagged(person: Person, after: str | None = None, size: int = PAGE) -> Page[Waiting]:
    """Flagged questions of the topics that this person looks after: the gravest first, the oldest of equals."""
    statement = (
        select(ItemFlag, RANK, _wrote(person.id))
        .join(ItemFlag.lesson)
        .where(*_WAITS, ItemFlag.level != Level.INFO, _looked_after(person), _is_first())
        .options(
            contains_eager(ItemFlag.lesson).load_only(Lesson.id, Lesson.slug, Lesson.title),
            joinedload(ItemFlag.lesson, Lesson.topic).load_only(Topic.slug, Topic.name, Topic.hue),
            joinedload(ItemFlag.meaning).load_only(ItemVersion.body, ItemVersion.html),
            joinedload(ItemFlag.item).load_only(Item.state),
        )
        .order_by(RANK, ItemFlag.id)
        .limit(size + 1)
    )
    rank, last = key_from((after or "")[:1]), key_from((after or "")[1:])
    if rank is not None and last is not None:
        statement = statement.where(or_(rank < RANK, and_(rank == RANK, ItemFlag.id > last)))
    rows = db.session.execute(statement).all()
    shown = [_waiting(row[0], row[2]) for row in rows[:size] if row[0].flag in rules.BY_SLUG]
    return Page(shown, f"{rows[size - 1][1]}{rows[size - 1][0].id}" if len(rows) > size else None)


def _waiting(row: ItemFlag, is_mine: bool) -> Waiting:
    question = Question.from_json(row.meaning.body)
    block, line = renderers(row.meaning)
    stem = kind_of(question).present(question, 0, render=block, render_line=line).stem
    return Waiting(Raised(row, rules.BY_SLUG[row.flag]), row.lesson, stem, row.item.state, bool(is_mine))


def to_decide(topics: frozenset[int], me: Any) -> ScalarSelect[int]:
    """How many questions wait for the decision of a curator of these topics, to be asked within another statement."""
    theirs = exists().where(
        Lesson.id == ItemFlag.lesson_id,
        Lesson.state == "published",
        lessons.of_topics(topics, Lesson.topic_id, Lesson.id),
    )
    red = (ItemFlag.state == "open", ItemFlag.level == Level.RED)
    return select(func.count(ItemFlag.meaning_id.distinct())).where(*red, theirs, ~_wrote(me)).scalar_subquery()


def _looked_after(person: Person) -> ColumnElement[bool]:
    return lessons.of_topics(person.scopes(accounts.CURATOR), Lesson.topic_id, Lesson.id)


def _wrote(me: Any) -> ColumnElement[bool]:
    author = select(LessonAuthor.lesson_id).where(LessonAuthor.person_id == me)
    former = select(FormerAuthor.lesson_id).where(FormerAuthor.person_id == me)
    much = select(WrittenPart.lesson_id).where(*crediting.wrote_much(me, WrittenPart))
    return or_(*(ItemFlag.lesson_id.in_(theirs) for theirs in (author, former, much)))


# one flag


@dataclass(frozen=True)
class Beside:
    """A flag, the open flags of the same question, and whether this person ever had a hand in the lesson."""

    row: ItemFlag
    flags: Sequence[Raised]
    had_a_hand: bool


def flags_beside(flag_id: int, person: Person) -> Beside | None:
    """A flag with all that is open on the same question; one statement."""
    meaning = select(ItemFlag.meaning_id).where(ItemFlag.id == flag_id).scalar_subquery()
    statement = (
        select(ItemFlag, _wrote(person.id))
        .where(ItemFlag.meaning_id == meaning, or_(ItemFlag.id == flag_id, ItemFlag.state == "open"))
        .options(joinedload(ItemFlag.decided_by).options(NAME), joinedload(ItemFlag.meaning))
        .order_by(RANK, ItemFlag.id)
    )
    rows = db.session.execute(statement).all()
    found = next((row for row in rows if row[0].id == flag_id and row[0].flag in rules.BY_SLUG), None)
    if found is None:
        return None
    raised = [Raised(row[0], rules.BY_SLUG[row[0].flag]) for row in rows if row[0].flag in rules.BY_SLUG]
    shown = [each for each in raised if each.row.state == "open" or each.row is found[0]]
    return Beside(found[0], shown, bool(found[1]))


def report_on(row: ItemFlag, flags: Sequence[Raised]) -> Report | None:
    """The flagged question as its lesson asks it now; None when it asks it in that meaning no more.

    Where its key is another one now, the flag is about the old one, and the question must look as it did.
    """
    statement = _asked().join(Lesson, Lesson.published_id == Revision.id)
    found = db.session.execute(statement.where(Lesson.id == row.lesson_id, ItemVersion.item_id == row.item_id)).first()
    if found is None:
        return None
    report = Report(found.position, found[1], found.state, found[4], flags)
    if row.flag == rules.REKEYED and found.meaning_id != row.meaning_id:
        return report if sight(report.question) == sight(Question.from_json(row.meaning.body)) else None
    return report if found.meaning_id == row.meaning_id else None
