"""What pages of review ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload, load_only
from sqlalchemy.sql.base import ExecutableOption

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.paging import PAGE, Page, page_of
from peerlearn.lessons import checking, visibility
from peerlearn.lessons import queries as lessons
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonTopic, Origin, Revision, Topic
from peerlearn.quizzes.models import Item, ItemVersion, QuizItem
from peerlearn.review import asking, conflicts, impartiality, owning, precedence
from peerlearn.review.conflicts import ME
from peerlearn.review.impartiality import Position
from peerlearn.review.models import Assignment, Remark, RemarkReply, Report, Review, ReviewAct
from peerlearn.review.owning import Within
from peerlearn.review.ties import had_a_hand as had_a_hand

SETS = 64  # of topics, of which statements are kept: finding a statement takes less than making it
REVIEW: Any = bindparam("review_id", type_=Integer)
NAME = load_only(Person.id, Person.name)
TITLE = load_only(
    Lesson.id, Lesson.slug, Lesson.title, Lesson.state, Lesson.published_id, Lesson.owner_id, Lesson.classification
)
TOPIC = load_only(Topic.id, Topic.slug, Topic.name, Topic.hue)


def looked_after(
    person: Person, topic_id: InstrumentedAttribute[int], lesson_id: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Whether this person curates a topic of that lesson."""
    return lessons.of_topics(person.scopes(accounts.CURATOR), topic_id, lesson_id)


@dataclass(frozen=True)
class Seen:
    """A review as one person meets it."""

    review: Review
    position: Position
    is_suggested: bool = False  # they are asked to look at it, and may say no
    within: Within | None = None  # who of two curators is from the team that owns it, where that was asked
    is_made_from_another: bool = False  # of the lesson, where that was asked
    checked_by: str | None = None  # who checked its questions one by one, where a language model helped

    @property
    def had_a_hand(self) -> bool:
        """Whether it is their own work, at least in part."""
        return self.position.had_a_hand

    @property
    def is_theirs(self) -> bool:
        """Whether it is theirs to look after."""
        return self.position.is_theirs


def review_by_id(review_id: int, person: Person, *, whole: bool = False, to_decide: bool = False) -> Seen | None:
    """A review with what its pages show: `whole` with its text, `to_decide` with what a decision needs."""
    return _seen(_shown(person.scopes(accounts.CURATOR), whole, to_decide), review_id, person)


@lru_cache(maxsize=SETS)
def _shown(topics: frozenset[int], whole: bool, to_decide: bool) -> Select[Any]:
    revision: list[Any] = [Revision.id, Revision.number, Revision.title, Revision.minutes, Revision.extras]
    if to_decide:
        revision.append(Revision.source)
    return (
        select(Review, *_standing(topics))
        .add_columns(*(_for_decisions() if to_decide else ()))
        .where(Review.id == REVIEW)
        .options(
            joinedload(Review.lesson).options(TITLE),
            joinedload(Review.lesson).joinedload(Lesson.owner).options(NAME),
            joinedload(Review.revision).options(*(() if whole else (load_only(*revision),))),
            joinedload(Review.topic).options(TOPIC),
            joinedload(Review.similar.and_(visibility.is_for_all())).options(TITLE),
            joinedload(Review.claimed_by).options(NAME),
            joinedload(Review.submitted_by).options(NAME),
            joinedload(Review.decided_by).options(NAME),
            joinedload(Review.advisers).joinedload(Assignment.person).options(NAME),
        )
    )


def review_to_change(review_id: int, person: Person) -> Seen | None:
    """A review with lesson, authors, topics and the whole revision, as actions need them."""
    return _seen(_to_change(person.scopes(accounts.CURATOR)), review_id, person)


@lru_cache(maxsize=SETS)
def _to_change(topics: frozenset[int]) -> Select[Any]:
    return select(Review, *_standing(topics)).where(Review.id == REVIEW).options(*for_actions())


def for_actions() -> list[ExecutableOption]:
    """What actions need of a review."""
    lesson = joinedload(Review.lesson)
    return [
        lesson.joinedload(Lesson.authors),
        lesson.joinedload(Lesson.topics),
        joinedload(Review.revision),
    ]


STANDING = 7  # columns that say how somebody stands to a review


def _standing(topics: frozenset[int]) -> tuple[ColumnElement[Any], ...]:
    """How a curator of these topics stands to a review."""
    hand, *others = _whoever_it_is()
    return hand, lessons.of_topics(topics, Review.topic_id, Review.lesson_id), *others


@cache
def _whoever_it_is() -> tuple[ColumnElement[Any], ...]:
    """What is asked of all curators alike, made once: making it takes longer than asking it."""
    return (
        had_a_hand(ME, Review.lesson_id),
        conflicts.closeness(ME, Review, conflicts.BOUND),
        Review.handed_up_at.is_not(None),
        precedence.comes_second(ME, Review),
        precedence.is_let(ME, Review),
        asking.suggested_to(ME, Review.id),
    )


def _position(row: Sequence[Any], person: Person) -> Position:
    """How somebody stands to a review, as the columns of `_standing` say it."""
    hand, theirs, close, is_handed_up, second, is_let, _suggested = row
    return impartiality.position(
        had_a_hand=bool(hand),
        looked_after=bool(theirs),
        closeness=close,
        is_handed_up=bool(is_handed_up),
        may_stand_in=person.may("stand_in"),
        comes_second=second,
        is_let=bool(is_let),
    )


def _seen(statement: Select[Any], review_id: int, person: Person) -> Seen | None:
    values = conflicts.about(person) | owning.values(person) | {"review_id": review_id}
    row = db.session.execute(statement, values).unique().first()
    if row is None:
        return None
    review, *columns = row
    stands, more = columns[:STANDING], columns[STANDING:]
    seen = Seen(review, _position(stands, person), is_suggested=bool(stands[-1]))
    if not more:
        return seen
    *within, checked_by, is_made_from = more
    return replace(
        seen, within=owning.as_read(review, within), checked_by=checked_by, is_made_from_another=bool(is_made_from)
    )


@cache
def _for_decisions() -> tuple[ColumnElement[Any], ...]:
    is_made_from = exists().where(Origin.lesson_id == Review.lesson_id).correlate_except(Origin)
    return *owning.columns(), checking.by_whom(Review.revision_id), is_made_from


def standing(review: Review, person: Person) -> Position:
    """How this person stands to a review."""
    statement = _how_one_stands(person.scopes(accounts.CURATOR))
    return _position(db.session.execute(statement, conflicts.about(person) | {"review_id": review.id}).one(), person)


@lru_cache(maxsize=SETS)
def _how_one_stands(topics: frozenset[int]) -> Select[Any]:
    return select(*_standing(topics)).where(Review.id == REVIEW)


def waiting_review_of(revision_id: int) -> Sequence[Review]:
    """The review of a revision that waits for a curator, or for its day."""
    waits = or_(Review.state == "open", Review.goes_live_at.is_not(None))
    return db.session.scalars(select(Review).where(Review.revision_id == revision_id, waits)).all()


def earlier_reviews(revision_ids: Sequence[int]) -> dict[int, list[Review]]:
    """All reviews of these revisions, the newest last."""
    statement = select(Review).where(Review.revision_id.in_(revision_ids)).order_by(Review.round)
    found: dict[int, list[Review]] = {revision_id: [] for revision_id in revision_ids}
    for review in db.session.scalars(statement):
        found[review.revision_id].append(review)
    return found


REMARK = (
    joinedload(Remark.author).options(NAME),
    joinedload(Remark.replies).joinedload(RemarkReply.author).options(NAME),
    joinedload(Remark.replies).joinedload(RemarkReply.review).load_only(Review.id, Review.state),
)


def remarks_on(revision_id: int) -> Sequence[Remark]:
    """All remarks on a revision, of every round, by line; those on the whole come first."""
    return (
        db.session.scalars(
            select(Remark)
            .where(Remark.revision_id == revision_id)
            .options(*REMARK)
            .order_by(Remark.review_id.desc(), func.coalesce(Remark.line_from, 0), Remark.id)
        )
        .unique()
        .all()
    )


def remarks_of(review_id: int) -> Sequence[Remark]:
    """The remarks made in one review."""
    return db.session.scalars(select(Remark).where(Remark.review_id == review_id).order_by(Remark.id)).all()


def latest_review(revision_id: int) -> Review | None:
    """The newest review of a revision, with who decided it."""
    return db.session.scalar(
        select(Review)
        .where(Review.revision_id == revision_id)
        .options(joinedload(Review.decided_by).options(NAME), joinedload(Review.claimed_by).options(NAME))
        .order_by(Review.round.desc())
        .limit(1)
    )


def rejection_of(lesson_id: int) -> Review | None:
    """The last review of a lesson's rejected revision, with what an appeal needs."""
    statement = (
        select(Review)
        .join(Revision, Revision.id == Review.revision_id)
        .where(Review.lesson_id == lesson_id, Review.state == "rejected", Revision.state == "rejected")
        .options(*for_actions())
        .order_by(Review.round.desc())
    )
    return db.session.scalars(statement).unique().first()


def remark_with_review(remark_id: int) -> tuple[Remark, Review] | None:
    """A remark with its author and its review, lesson, authors and revision."""
    row = db.session.execute(
        select(Remark, Review)
        .join(Review, Review.id == Remark.review_id)
        .where(Remark.id == remark_id)
        .options(joinedload(Remark.author).options(NAME), *for_actions())
    )
    found = row.unique().first()
    return (found[0], found[1]) if found else None


def acts_of_lesson(lesson_id: int, limit: int = 200) -> Sequence[ReviewAct]:
    """What happened in the reviews of a lesson, the newest first."""
    return db.session.scalars(_acts().where(ReviewAct.lesson_id == lesson_id).limit(limit)).all()


def acts_of_review(review_id: int, limit: int = 200) -> Sequence[ReviewAct]:
    """What happened in one review, the newest first."""
    return db.session.scalars(_acts().where(ReviewAct.review_id == review_id).limit(limit)).all()


def _acts() -> Select[ReviewAct]:
    return (
        select(ReviewAct)
        .options(joinedload(ReviewAct.actor).options(NAME))
        .options(
            joinedload(ReviewAct.remark).load_only(Remark.id, Remark.author_id).joinedload(Remark.author).options(NAME)
        )
        .order_by(ReviewAct.id.desc())
    )


def name_of(person_id: int | None) -> str:
    """A person's name."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""


def source_of(revision_id: int | None) -> str | None:
    """The text of a revision."""
    return db.session.scalar(select(Revision.source).where(Revision.id == revision_id)) if revision_id else None


def newcomers(lesson_id: int, author_ids: Sequence[int], besides: int | None = None) -> list[int]:
    """Those of these authors who had no lesson published before, this one included; one review may be left aside."""
    published = select(LessonAuthor.person_id).join(Lesson, Lesson.id == LessonAuthor.lesson_id)
    had = select(Person.id).where(
        Person.id.in_(author_ids),
        or_(
            Person.id.in_(published.where(Lesson.id != lesson_id, Lesson.published_at.is_not(None))),
            exists(
                select(Review.id).where(
                    Review.lesson_id == lesson_id, Review.state == "approved", Review.id != (besides or 0)
                )
            ),
        ),
    )
    known = set(db.session.scalars(had))
    return [author_id for author_id in author_ids if author_id not in known]


def topic_ids_of(lesson_id: int) -> Sequence[int]:
    """The topics of a lesson as they stand now, the first one first."""
    statement = select(LessonTopic.topic_id).where(LessonTopic.lesson_id == lesson_id)
    return db.session.scalars(statement.order_by(LessonTopic.position)).all()


@dataclass(frozen=True)
class Reported:
    """One report as a curator meets it."""

    report: Report
    had_a_hand: bool
    is_theirs: bool


_REPORT = (
    joinedload(Report.lesson).options(TITLE),
    joinedload(Report.topic).options(TOPIC),
    joinedload(Report.item).load_only(Item.id, Item.uid),
    joinedload(Report.reporter).options(NAME),
    joinedload(Report.decided_by).options(NAME),
)


def reports(person: Person, after: int | None = None, size: int = PAGE) -> Page[Reported]:
    """Open reports on lessons of the person's topics, the oldest first."""
    theirs = looked_after(person, Report.topic_id, Report.lesson_id)
    statement = (
        select(Report, had_a_hand(person.id, Report.lesson_id))
        .where(Report.state == "open", theirs, Report.id > (after or 0))
        .options(*_REPORT)
        .order_by(Report.id)
        .limit(size + 1)
    )
    rows = [Reported(report, bool(hand), True) for report, hand in db.session.execute(statement)]
    return page_of(rows, lambda row: row.report.id, size)


def report_by_id(report_id: int, person: Person) -> Reported | None:
    """A report with lesson, place, people and the revision it is about."""
    theirs = looked_after(person, Report.topic_id, Report.lesson_id)
    statement = (
        select(Report, had_a_hand(person.id, Report.lesson_id), theirs)
        .where(Report.id == report_id)
        .options(*_REPORT, joinedload(Report.revision).load_only(Revision.id, Revision.number, Revision.cards))
    )
    row = db.session.execute(statement).first()
    return Reported(row[0], bool(row[1]), bool(row[2])) if row else None


def _reports() -> Select[Report]:
    return select(Report).options(*_REPORT)


def reports_by(person: Person, after: int | None = None, size: int = PAGE) -> Page[Report]:
    """What this person reported, the newest first, on lessons that are still for them."""
    theirs = aliased(Lesson)
    statement = _reports().where(Report.reporter_id == person.id, visibility.is_for(person.id, theirs))
    statement = statement.join(theirs, theirs.id == Report.lesson_id)
    if after is not None:
        statement = statement.where(Report.id < after)
    found = db.session.scalars(statement.order_by(Report.id.desc()).limit(size + 1)).all()
    return page_of(found, lambda report: report.id, size)


def reports_on(lesson_id: int, after: int | None = None, size: int = PAGE) -> Page[Report]:
    """What readers reported about a lesson, the newest first."""
    statement = _reports().where(Report.lesson_id == lesson_id)
    if after is not None:
        statement = statement.where(Report.id < after)
    found = db.session.scalars(statement.order_by(Report.id.desc()).limit(size + 1)).all()
    return page_of(found, lambda report: report.id, size)


def lesson_of_author(lesson_id: int, person: Person) -> Lesson | None:
    """A lesson that this person owns or is an author of."""
    author = exists().where(LessonAuthor.lesson_id == lesson_id, LessonAuthor.person_id == person.id)
    mine = select(Lesson).where(Lesson.id == lesson_id, or_(Lesson.owner_id == person.id, author))
    return db.session.scalar(mine.options(TITLE))


def same_reports(report: Report) -> Select[Report]:
    """Reports of the same kind at the same place of the same revision."""
    return select(Report).where(
        Report.revision_id == report.revision_id,
        Report.card.is_not_distinct_from(report.card),
        Report.item_id.is_not_distinct_from(report.item_id),
        Report.kind == report.kind,
    )


def is_first(report: Report) -> bool:
    """Whether nobody had reported the same before."""
    earlier = same_reports(report).where(Report.id < report.id).exists()
    return not db.session.scalar(select(earlier))


def open_twin(report: Report) -> Report | None:
    """The same report by the same person that still waits."""
    statement = same_reports(report).where(Report.reporter_id == report.reporter_id, Report.state == "open")
    return db.session.scalar(statement.limit(1))


def item_id_of(quiz_id: int | None, uid: str) -> int | None:
    """The question with this stable id in a quiz."""
    return db.session.scalar(
        select(ItemVersion.item_id)
        .join(QuizItem, QuizItem.version_id == ItemVersion.id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(QuizItem.quiz_id == quiz_id, Item.uid == uid)
    )
