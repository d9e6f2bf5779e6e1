"""What practice asks: what is due, what is new, a set with its memories."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Integer, String, and_, bindparam, case, cast, exists, false, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person
from peerlearn.accounts.rules import Calendar
from peerlearn.core.db import ask, db, least
from peerlearn.core.facts import Fact
from peerlearn.learn import withheld
from peerlearn.learn.models import Asked, Attempt, Reading
from peerlearn.lessons import freshness, visibility
from peerlearn.lessons.models import EarlyReader, Lesson, LessonAuthor, LessonTopic, Revision, Topic
from peerlearn.practice import awaiting, numbers, rules
from peerlearn.practice.events import ItemReviewed
from peerlearn.practice.models import DailySet, Memory, PracticeChoice, SetQuestion
from peerlearn.practice.rules import POLICY, Wait
from peerlearn.quizzes.models import ItemVersion

ME: Any = bindparam("me", type_=Integer)
TODAY: Any = bindparam("today", type_=Date)
UNTIL: Any = bindparam("until", type_=Date)
SIZE: Any = bindparam("size", type_=Integer)
USUAL: Any = bindparam("usual", type_=Integer)  # questions of a day, for those who have not chosen
CHECKED: Any = bindparam("checked_since", type_=Date)
SINCE: Any = bindparam("since", type_=Date)
SET: Any = bindparam("set", type_=Integer)


IS_CHECKED = ~exists().where(Lesson.id == Memory.lesson_id, Lesson.check_on < CHECKED)
"""Whether the lesson of a memory is not long unchecked: what must be remembered must be right."""
IS_THEIRS = Memory.lesson_id.not_in(visibility.not_listed_for(ME))
"""Whether the lesson of a memory is still for the person, who may have left its team, and may be practised at all."""
MAY_BE_TOLD = Memory.version_id.not_in(withheld.versions(ME))
"""Whether the answer of a memory's question may be told: practice explains at once, and a check may still ask it."""
IS_DUE = and_(
    Memory.person_id == ME,
    or_(Memory.rank == rules.CRITICAL, Memory.rank == rules.ORDINARY),
    Memory.due_on <= UNTIL,
    Memory.answered_on < TODAY,
    or_(Memory.rank != rules.CRITICAL, IS_CHECKED),
    IS_THEIRS,
    MAY_BE_TOLD,
)


@dataclass(frozen=True)
class Start:
    """Where a person's practice of a day stands before a set is drawn."""

    size: int
    sets: int  # of that day
    open_id: int | None  # one that is not finished
    calendar: Calendar

    def due_until(self, today: date) -> date:
        """What was scheduled up to this day is due today."""
        return rules.due_until(today, self.calendar.is_workday)

    def recent_workdays(self, today: date) -> list[date]:
        """The days whose backlog is judged, the newest first."""
        return rules.recent_workdays(today, self.calendar.is_workday)


_IS_OPEN = and_(SetQuestion.answered_at.is_(None), SetQuestion.version_id.not_in(withheld.versions(ME)))
STARTED = select(
    select(PracticeChoice.size).where(PracticeChoice.person_id == ME).scalar_subquery().label("size"),
    select(func.count())
    .select_from(DailySet)
    .where(DailySet.person_id == ME, DailySet.day == TODAY)
    .scalar_subquery()
    .label("sets"),
    select(func.max(DailySet.id))
    .where(DailySet.person_id == ME, DailySet.day == TODAY, DailySet.questions.any(_IS_OPEN))
    .scalar_subquery()
    .label("open_id"),
    accounts.days_off(ME, SINCE).label("days_off"),
)


def start_of(person: Person, today: date) -> Start:
    """The size a person chose, the sets they began today and the days they work, in one statement."""
    return start_from(person, ask(STARTED, start_values(person, today)).one())


def start_values(person: Person, today: date) -> dict[str, Any]:
    """What `STARTED` is asked with."""
    return {
        "me": person.id,
        "today": today,
        "since": today - timedelta(days=POLICY.longest_pause),
        "checked_since": freshness.unverified_before(today),
    }


def start_from(person: Person, row: Any) -> Start:
    """A row of `STARTED` as a value."""
    return Start(
        row.size or numbers.policy().size, row.sets, row.open_id, Calendar.read(person.work_days, row.days_off)
    )


@dataclass(frozen=True)
class Place:
    """One question of a set with what answering it needs."""

    question: SetQuestion
    memory: Memory | None
    is_author: bool  # or was shown its keys before it was published
    awaited: tuple[tuple[int, int], ...] = ()  # passes that wait for it to be recalled: major version, attempt
    is_new: bool = False  # they never answered it before, here or in a quiz
    is_untaught: bool = False  # it is new, and they never began its lesson


@dataclass(frozen=True)
class Sitting:
    """A set and its questions, in order."""

    daily_set: DailySet
    places: list[Place]

    @property
    def questions(self) -> list[SetQuestion]:
        """The questions alone."""
        return [place.question for place in self.places]

    @property
    def is_finished(self) -> bool:
        """Whether all are answered."""
        return all(question.answered_at for question in self.questions)


_WORDING = aliased(ItemVersion)
_WROTE_IT = exists().where(LessonAuthor.lesson_id == SetQuestion.lesson_id, LessonAuthor.person_id == ME)
_SAW_KEYS = exists().where(
    EarlyReader.lesson_id == SetQuestion.lesson_id, EarlyReader.person_id == ME, EarlyReader.saw_keys
)
_WAS_ASKED = (
    exists()
    .where(Attempt.person_id == ME, Attempt.lesson_id == SetQuestion.lesson_id, Asked.attempt_id == Attempt.id)
    .where(Asked.answered_at.is_not(None), Asked.version_id == _WORDING.id, _WORDING.item_id == SetQuestion.item_id)
)
_IS_NEW = and_(SetQuestion.kind == rules.STRETCH, Memory.item_id.is_(None), ~_WAS_ASKED)
_READ_IT = (
    exists()
    .where(Revision.lesson_id == SetQuestion.lesson_id, Reading.person_id == ME, Reading.revision_id == Revision.id)
    .correlate_except(Revision, Reading)
)
_SITTING = (
    select(SetQuestion, Memory, or_(_WROTE_IT, _SAW_KEYS), case((Memory.is_missed, awaiting.PASSES)), _IS_NEW)
    .add_columns(and_(_IS_NEW, ~_READ_IT))
    .join(SetQuestion.daily_set)
    .join(SetQuestion.version)
    .join(SetQuestion.lesson)
    .join(Lesson.topic)
    .join(Lesson.topics)
    .outerjoin(Memory, and_(Memory.person_id == DailySet.person_id, Memory.item_id == SetQuestion.item_id))
    .where(DailySet.id == SET, DailySet.person_id == ME, Lesson.state != "quarantined")
    .where(visibility.is_listed_for(ME), SetQuestion.version_id.not_in(withheld.versions(ME)))
    .order_by(SetQuestion.position, LessonTopic.position)
    .options(
        contains_eager(SetQuestion.daily_set),
        contains_eager(SetQuestion.version).load_only(
            ItemVersion.item_id, ItemVersion.kind, ItemVersion.body, ItemVersion.html
        ),
        contains_eager(SetQuestion.lesson).load_only(
            Lesson.slug, Lesson.title, Lesson.major, Lesson.topic_id, Lesson.owner_id
        ),
        contains_eager(SetQuestion.lesson)
        .contains_eager(Lesson.topic)
        .load_only(Topic.name, Topic.hue, Topic.importance),
        contains_eager(SetQuestion.lesson).contains_eager(Lesson.topics).load_only(LessonTopic.topic_id),
    )
)


def sitting(set_id: int, person_id: int, *, anew: bool = False) -> Sitting | None:
    """A person's set with all that answering needs, in one statement; `anew` also what was read before.

    What is of a hidden lesson is left out, answered or not, and what a check that is not over asks.
    """
    values, options = {"set": set_id, "me": person_id}, {"populate_existing": anew}
    rows = db.session.execute(_SITTING, values, execution_options=options).unique().all()
    if not rows:
        return None
    return Sitting(rows[0][0].daily_set, [_place(*row) for row in rows])


def _place(question: SetQuestion, memory: Memory | None, is_author: bool, awaited: str | None, *new: bool) -> Place:
    passes = tuple((int(major), int(number)) for major, number in _pairs(awaited))
    return Place(question, memory, bool(is_author), passes, *map(bool, new))


def memory_of(person_id: int, item_id: int) -> Memory | None:
    """What a person remembers of one item."""
    return db.session.get(Memory, (person_id, item_id))


@dataclass(frozen=True)
class Standing:
    """How practice stands for a person today."""

    waits: tuple[Wait, ...]  # of what is due now, and of what was due and answered lately
    last_day: date | None  # of the newest set in which they answered something
    set_id: int | None  # today's own set
    answered: int
    asked: int
    memories: int
    slipped: int  # memories of what was forgotten too often to be asked

    @property
    def due(self) -> int:
        """How many items are due."""
        return sum(wait.count for wait in self.waits if not wait.answered_on)

    @property
    def overdue_since(self) -> date | None:
        """The oldest due day."""
        return min((wait.due_on for wait in self.waits if not wait.answered_on), default=None)

    @property
    def is_done(self) -> bool:
        """Whether today's set is finished."""
        return 0 < self.asked == self.answered

    def days_away(self, today: date) -> int:
        """How long nothing was practised: since the newest answer in a set, or since something came due at first."""
        since = self.last_day or self.overdue_since
        return (today - since).days if since else 0


_IS_ANSWERED = exists().where(SetQuestion.set_id == DailySet.id, SetQuestion.answered_at.is_not(None))
_OWN = and_(DailySet.person_id == ME, DailySet.day == TODAY, DailySet.number == 1)
_NEWEST_ANSWERS = (
    select(
        Fact.data["question_id"].as_integer().label("question_id"), Fact.data["guess_chance"].as_float().label("chance")
    )
    .where(Fact.actor_id == ME, Fact.type == ItemReviewed.__name__, ~Fact.data["is_rapid"].as_boolean())
    .order_by(Fact.day.desc(), Fact.id.desc())
    .limit(POLICY.judged_by)
    .subquery()
)
_HOW_NEWEST_WENT = select(SetQuestion.is_right, _NEWEST_ANSWERS.c.chance).join(
    _NEWEST_ANSWERS, SetQuestion.id == _NEWEST_ANSWERS.c.question_id
)


def newest_answers(person_id: int) -> list[tuple[bool, float]]:
    """Whether each of somebody's newest answers in practice was right, and the chance of guessing it."""
    return [(row[0], row[1]) for row in ask(_HOW_NEWEST_WENT, {"me": person_id})]


_QUESTIONS = select(func.count()).select_from(SetQuestion).join(SetQuestion.daily_set).where(_OWN)
_DUE_DAYS = select(Memory.due_on, func.count().label("items")).where(IS_DUE).group_by(Memory.due_on).subquery()
_ANSWERED_LATELY = (
    select(Fact.day, Fact.data["overdue_days"].as_integer().label("overdue"))
    .where(Fact.actor_id == ME, Fact.type == ItemReviewed.__name__, Fact.day >= SINCE)
    .where(Fact.data["was_due"].as_boolean())
    .subquery()
)


def joined(rows: Any, *columns: Any) -> Any:
    """Rows as one text, their columns with a colon between: so a statement brings lists beside other things."""
    line: Any
    line, *more = (cast(column, String) for column in columns)
    for part in more:
        line = line.concat(":").concat(part)
    return select(func.aggregate_strings(line, " ")).select_from(rows).scalar_subquery()


_STANDING = select(
    joined(_DUE_DAYS, *_DUE_DAYS.c),
    joined(_ANSWERED_LATELY, *_ANSWERED_LATELY.c),
    select(func.max(DailySet.day)).where(DailySet.person_id == ME, _IS_ANSWERED).scalar_subquery(),
    select(DailySet.id).where(_OWN).scalar_subquery(),
    _QUESTIONS.where(SetQuestion.answered_at.is_not(None)).scalar_subquery(),
    _QUESTIONS.scalar_subquery(),
    select(func.count()).where(Memory.person_id == ME).scalar_subquery(),
    select(func.count()).where(Memory.person_id == ME, Memory.rank == rules.LEECH).scalar_subquery(),
)


def waiting() -> Any:
    """How many questions wait for a person today, as a column: never more than a set, of a drawn one what is left.

    Whoever was away must not meet a mountain: what is beyond today's set waits its turn.
    """
    few = select(Memory.item_id).where(IS_DUE).limit(POLICY.most_size).subquery()  # counted no further than it matters
    due = least(select(func.count()).select_from(few).scalar_subquery(), _size())
    return case((_is_drawn(), _QUESTIONS.where(_IS_OPEN).scalar_subquery()), else_=due)


def room() -> Any:
    """How many questions a person's set of today will have, as a column: none once it is drawn."""
    return case((_is_drawn(), 0), else_=_size())


def _is_drawn() -> Any:
    return exists().where(_OWN)


def _size() -> Any:
    chosen = select(PracticeChoice.size).where(PracticeChoice.person_id == ME).scalar_subquery()
    return func.coalesce(chosen, USUAL)


def due_values(person_id: int, today: date, until: date) -> dict[str, Any]:
    """What `IS_DUE` is asked with."""
    return {
        "me": person_id,
        "today": today,
        "until": until,
        "usual": numbers.policy().size,
        "checked_since": freshness.unverified_before(today),
    }


def standing(person_id: int, today: date, until: date, since: date | None = None) -> Standing:
    """How practice stands today, in one statement; `since`: the first day whose backlog matters, without it today."""
    values = due_values(person_id, today, until) | {"since": since or today}
    due, answered, *others = ask(_STANDING, values).one()
    waits = [Wait(date.fromisoformat(day), count=int(items)) for day, items in _pairs(due)]
    for day, overdue in _pairs(answered):
        answered_on = date.fromisoformat(day)
        waits.append(Wait(answered_on - timedelta(days=int(overdue)), answered_on))
    return Standing(tuple(waits), *others)


def _pairs(text: str | None) -> list[list[str]]:
    return [line.split(":") for line in (text or "").split()]


def overdue(person_id: int, today: date, until: date) -> list[tuple[int, date]]:
    """Every item that is due, the longest due first; (item, due day)."""
    statement = select(Memory.item_id, Memory.due_on).where(IS_DUE).order_by(Memory.rank, Memory.due_on, Memory.item_id)
    return [tuple(row) for row in ask(statement, due_values(person_id, today, until))]


def leeches(person_id: int, limit: int = 10) -> Sequence[Any]:
    """Items that a person forgot again and again: their lesson, and the card that teaches each."""
    statement = (
        select(Memory.item_id, Lesson.slug, Lesson.title, ItemVersion.body, Topic.hue)
        .join(Lesson, Lesson.id == Memory.lesson_id)
        .join(Topic, Topic.id == Lesson.topic_id)
        .join(ItemVersion, ItemVersion.id == Memory.version_id)
        .where(Memory.person_id == ME, Memory.rank == rules.LEECH, visibility.is_for(ME))
        .order_by(Memory.answered_on.desc(), Memory.item_id)
        .limit(limit)
    )
    rows: Sequence[Any] = ask(statement, {"me": person_id}).all()
    return rows


def choice_of(person: Person) -> PracticeChoice | None:
    """How a person likes to practise, if they ever said."""
    return db.session.get(PracticeChoice, person.id)


def answers_of(question_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The stored answers of these questions of sets, by question."""
    statement = select(SetQuestion.id, SetQuestion.answer).where(SetQuestion.id.in_(tuple(question_ids)))
    return {row.id: row.answer for row in ask(statement) if row.answer is not None}


def zones_by_mail() -> list[str]:
    """The time zones of people who want their questions by mail."""
    wanted = select(Person.timezone).join(PracticeChoice, PracticeChoice.person_id == Person.id)
    return list(ask(wanted.where(PracticeChoice.by_mail, Person.is_active).distinct()).scalars())


def by_mail(zones: Mapping[date, Collection[str]], after: int, limit: int) -> list[int]:
    """People of these zones who want their questions by mail and have none for its date, by id, from an id on."""
    unserved = [
        and_(Person.timezone.in_(names), or_(PracticeChoice.mailed_on.is_(None), PracticeChoice.mailed_on < today))
        for today, names in zones.items()
    ]
    statement = (
        select(PracticeChoice.person_id)
        .join(Person, Person.id == PracticeChoice.person_id)
        .where(PracticeChoice.by_mail, Person.is_active, PracticeChoice.person_id > after, or_(false(), *unserved))
        .order_by(PracticeChoice.person_id)
        .limit(limit)
    )
    return list(ask(statement).scalars())
