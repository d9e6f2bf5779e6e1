"""What authors see of their lessons: one statement for a page of them, one for all their figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from peerlearn.accounts.models import Person
from peerlearn.analysis.models import ItemFlag
from peerlearn.authors import counting, rules
from peerlearn.authors.rules import Figures, Step, Waits
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.paging import PAGE, Page, page_of
from peerlearn.lessons import freshness
from peerlearn.lessons.machine import Place
from peerlearn.lessons.models import OPEN_STATES, Lesson, LessonAuthor, Revision
from peerlearn.lessons.queries import HEAVY, Authored
from peerlearn.lessons.rules import EDITABLE
from peerlearn.review.models import Remark, Report, Review
from peerlearn.suggestions.models import Suggestion
from peerlearn.verification import rules as checks

YOURS, OTHERS, SHOWN, GONE = range(4)
"""The sections of the page: what waits for its author, what waits for somebody else, what is published, the rest."""


@dataclass(frozen=True)
class Written:
    """One lesson as its author meets it."""

    authored: Authored
    section: int
    waits: Waits
    decide_by: datetime | None  # until when a curator promised to decide
    figures: Figures
    today: date
    is_owner: bool

    @property
    def lesson(self) -> Lesson:
        """The lesson itself."""
        return self.authored.lesson

    @property
    def open(self) -> Revision | None:
        """What is being written or reviewed."""
        return self.authored.open

    @property
    def title(self) -> str:
        """What its author calls it now."""
        return (self.open.title if self.open else "") or self.lesson.title

    @property
    def state(self) -> str:
        """What its author should know first."""
        return self.authored.state

    @property
    def place(self) -> Place:
        """How late its check is."""
        if self.lesson.check_on is None:
            return Place.PUBLISHED
        return freshness.freshness(self.lesson.check_on, self.today)

    @property
    def is_told(self) -> bool:
        """Whether colleagues can learn it or could, so that there is something to count."""
        return self.lesson.published_id is not None

    @property
    def step(self) -> Step:
        """What to do next."""
        return rules.next_step(self.state, self.place, self.waits, self.figures, is_owner=self.is_owner)


def lessons_of(person: Person, after: int | None = None, size: int = PAGE) -> Page[Written]:
    """A page of somebody's lessons: what waits for them first, of equals the one touched last; two statements."""
    found = _found(person).cte("found")
    section = _section(found, person).label("section")
    mine = select(found, section).cte("mine")
    statement = _whole(mine)
    if after is not None:
        last_section, touched, last_id = (
            select(column).where(mine.c.id == after).scalar_subquery()
            for column in (mine.c.section, mine.c.touched, mine.c.id)
        )
        earlier = or_(mine.c.touched < touched, and_(mine.c.touched == touched, mine.c.id < last_id))
        statement = statement.where(or_(mine.c.section > last_section, and_(mine.c.section == last_section, earlier)))
    statement = statement.order_by(mine.c.section, mine.c.touched.desc(), mine.c.id.desc()).limit(size + 1)
    rows = db.session.execute(statement).all()
    figures = counting.figures({row[0].id: row.cards or 0 for row in rows[:size] if row[0].published_id})
    return page_of([_written(row, figures, person) for row in rows], lambda one: one.lesson.id, size)


def lesson_of(lesson_id: int, person: Person) -> Written | None:
    """A lesson of one's own that was ever published, with all its figures; two statements."""
    found = _found(person).where(Lesson.id == lesson_id, Lesson.published_id.is_not(None)).cte("found")
    mine = select(found, _section(found, person).label("section")).cte("mine")
    row = db.session.execute(_whole(mine)).first()
    if row is None:
        return None
    return _written(row, counting.figures({lesson_id: row.cards or 0}, whole=True), person)


def _found(person: Person) -> Any:
    """The lessons of an author with what waits on each."""
    remarks = select(func.count()).where(
        Remark.revision_id == Revision.id,
        Remark.state == "open",
        select(Review.id).where(Review.id == Remark.review_id, Review.state != "open").exists(),
    )
    suggestions = select(func.count()).where(
        Suggestion.lesson_id == Lesson.id, Suggestion.state == "open", Suggestion.suggester_id != person.id
    )
    upheld = select(func.count()).where(
        Report.lesson_id == Lesson.id, Report.state == "upheld", Report.revision_id == Lesson.published_id
    )
    decide_by = select(func.max(Review.decide_by)).where(Review.revision_id == Revision.id, Review.state == "open")
    return (
        select(
            Lesson.id,
            Lesson.state,
            Lesson.published_id,
            Lesson.owner_id,
            Lesson.check_on,
            Revision.id.label("open_id"),
            Revision.state.label("open_state"),
            func.coalesce(Revision.saved_at, Lesson.published_at, Lesson.created_at).label("touched"),
            _number(remarks, "remarks"),
            _number(suggestions, "suggestions"),
            _number(upheld, "upheld"),
            _number(_flags("red"), "red"),
            _number(_flags("amber"), "amber"),
            _number(decide_by, "decide_by"),
        )
        .join(LessonAuthor, and_(LessonAuthor.lesson_id == Lesson.id, LessonAuthor.person_id == person.id))
        .outerjoin(Revision, and_(Revision.lesson_id == Lesson.id, Revision.state.in_(OPEN_STATES)))
    )


def _flags(level: str) -> Any:
    return select(func.count(ItemFlag.meaning_id.distinct())).where(
        ItemFlag.lesson_id == Lesson.id, ItemFlag.state == "open", ItemFlag.level == level
    )


def _number(statement: Any, name: str) -> Any:
    return statement.correlate(Lesson, Revision).scalar_subquery().label(name)


def _section(found: Any, person: Person) -> ColumnElement[int]:
    """Where a lesson stands on the page, as `rules.next_step` says it."""
    one = found.c
    check_on = checks.latest_check(_today())
    is_gone = or_(one.published_id.is_(None), one.state.in_(("quarantined", "archived")))
    return case(
        (and_(one.open_id.is_(None), is_gone), GONE),
        (or_(one.red > 0, one.suggestions > 0, one.open_state.in_(EDITABLE)), YOURS),
        (one.open_id.is_not(None), OTHERS),
        (or_(one.upheld > 0, and_(one.owner_id == person.id, one.check_on <= check_on)), YOURS),
        else_=literal(SHOWN, Integer),
    )


def _whole(mine: Any) -> Any:
    published = aliased(Revision)
    return (
        select(Lesson, Revision, mine, func.json_array_length(published.cards).label("cards"))
        .select_from(mine)
        .join(Lesson, Lesson.id == mine.c.id)
        .outerjoin(Revision, Revision.id == mine.c.open_id)
        .outerjoin(published, published.id == Lesson.published_id)
        .options(joinedload(Lesson.topic), joinedload(Lesson.owner).load_only(Person.id, Person.name), *HEAVY)
    )


def _written(row: Any, figures: dict[int, Figures], person: Person) -> Written:
    lesson, revision = row[0], row[1]
    return Written(
        authored=Authored(lesson, revision),
        section=row.section,
        waits=Waits(row.remarks, row.suggestions, row.red, row.amber, row.upheld),
        decide_by=row.decide_by,
        figures=figures.get(lesson.id, Figures()),
        today=_today(),
        is_owner=lesson.owner_id == person.id,
    )


def _today() -> date:
    return clock.today(clock.organisation_zone())
