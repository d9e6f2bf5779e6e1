"""What ties two people to each other, each tie said once: as a list of the people whose work somebody leaves to others.

Whoever it is about may be a value or a column. However deep in a statement a list stands, its tables are its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, distinct, exists, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.lessons import crediting
from peerlearn.lessons.models import FormerAuthor, Lesson, LessonAuthor, Origin, Revision, WrittenPart
from peerlearn.review.impartiality import POLICY
from peerlearn.review.models import Assignment, Recusal, Review

_Writer, _FormerWriter, _Text = aliased(LessonAuthor), aliased(FormerAuthor), aliased(Revision)
_Author, _Former = aliased(LessonAuthor), aliased(FormerAuthor)
_HandLesson, _HandAuthor, _HandFormer = aliased(Lesson), aliased(LessonAuthor), aliased(FormerAuthor)
_HandText, _HandReview, _HandPart = aliased(Revision), aliased(Review), aliased(WrittenPart)

# whose work it is


def writers_of(work: Any) -> CompoundSelect[Any]:
    """Whose work a text is: who is an author of its lesson, who was one, and who wrote this text."""
    return union_all(
        select(_Writer.person_id).where(_Writer.lesson_id == work.lesson_id).correlate_except(_Writer),
        select(_FormerWriter.person_id)
        .where(_FormerWriter.lesson_id == work.lesson_id)
        .correlate_except(_FormerWriter),
        select(_Text.writer_id).where(_Text.id == work.revision_id).correlate_except(_Text),
    )


def is_by_one_of(people: Select[Any], work: Any, also: Any = None) -> ColumnElement[bool]:
    """Whether a text is the work of one of these people; `also` is somebody besides whose work it is."""
    (who,) = people.selected_columns
    wrote = who.in_(writers_of(work))
    return people.where(wrote if also is None else or_(wrote, who == also)).exists()


def are_by_one_of(people: Select[Any] | CompoundSelect[Any], work: Any) -> ColumnElement[bool]:
    """As `is_by_one_of` says it, for lists: the works of these people are found once, not for each row."""
    author, former, text = aliased(LessonAuthor), aliased(FormerAuthor), aliased(Revision)
    lessons = union_all(
        select(author.lesson_id).where(author.person_id.in_(people)),
        select(former.lesson_id).where(former.person_id.in_(people)),
    )
    texts = select(text.id).where(text.writer_id.in_(people))
    return or_(work.lesson_id.in_(lessons), work.revision_id.in_(texts))


def is_or_was_author(person_id: Any, lesson_id: Any) -> ColumnElement[bool]:
    """Whether somebody is an author of a lesson or was one."""
    return or_(
        exists().where(_Author.lesson_id == lesson_id, _Author.person_id == person_id).correlate_except(_Author),
        exists().where(_Former.lesson_id == lesson_id, _Former.person_id == person_id).correlate_except(_Former),
    )


def _lessons_of(me: Any) -> CompoundSelect[Any]:
    author, former = aliased(LessonAuthor), aliased(FormerAuthor)
    return union_all(
        select(author.lesson_id).where(author.person_id == me).correlate_except(author),
        select(former.lesson_id).where(former.person_id == me).correlate_except(former),
    )


def builds_on_theirs(me: Any, work: Any) -> ColumnElement[bool]:
    """Whether a text's lesson was begun from one of which this person is an author or was one."""
    begun = aliased(Origin)
    theirs = select(begun.lesson_id).where(begun.origin_id.in_(_lessons_of(me))).correlate_except(begun)
    return cast(ColumnElement[bool], work.lesson_id.in_(theirs))


# who had a hand in it


def _hands(me: Any) -> Iterator[tuple[Any, Any, tuple[ColumnElement[bool], ...]]]:
    """Everything by which somebody had a hand in a lesson: the table, the lesson, and when it is about them."""
    yield _HandLesson, _HandLesson.id, (_HandLesson.owner_id == me,)
    yield _HandAuthor, _HandAuthor.lesson_id, (_HandAuthor.person_id == me,)
    yield _HandFormer, _HandFormer.lesson_id, (_HandFormer.person_id == me,)
    yield _HandText, _HandText.lesson_id, (_HandText.writer_id == me,)
    yield _HandReview, _HandReview.lesson_id, (_HandReview.submitted_by_id == me,)
    yield _HandPart, _HandPart.lesson_id, crediting.wrote_much(me, _HandPart)


def had_a_hand(me: Any, lesson_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether this one person owns, wrote, submitted or is named as author of that lesson, now or at any time before.

    Whoever suggested as much of its words as an author has at least wrote it too.
    """
    return lesson_id.in_(union_all(*(select(known).where(*is_about) for _table, known, is_about in _hands(me))))


def hand(me: Any, lesson_id: Any) -> ColumnElement[bool]:
    """As `had_a_hand` says it, for a person who is a column."""
    return or_(
        *(exists().where(known == lesson_id, *about).correlate_except(table) for table, known, about in _hands(me))
    )


# by team and by word


def led_by(me: Any) -> Select[Any]:
    """Who is in a team that this person leads."""
    person, grant = aliased(Person), aliased(Grant)
    statement = select(person.id).join(grant, grant.scope_id == person.team_id)
    return statement.where(grant.role == accounts.LEAD, grant.person_id == me).correlate_except(person, grant)


def leads_of(me: Any) -> Select[Any]:
    """Who leads this person's team."""
    grant, mine = aliased(Grant), aliased(Person)
    statement = select(grant.person_id).join(mine, mine.team_id == grant.scope_id)
    return statement.where(grant.role == accounts.LEAD, mine.id == me).correlate_except(grant, mine)


def colleagues_of(me: Any) -> Select[Any]:
    """Who is in this person's team."""
    person, mine = aliased(Person), aliased(Person)
    statement = select(person.id).join(mine, mine.team_id == person.team_id)
    return statement.where(mine.id == me).correlate_except(person, mine)


def named_by(me: Any) -> Select[Any]:
    """Whose work this person leaves to others."""
    said = aliased(Recusal)
    return select(said.about_id).where(said.person_id == me).correlate_except(said)


def naming(me: Any, work: Any) -> Select[Any]:
    """Who said that they leave this person's work to others, before the text was handed in.

    Whoever reads what waits already goes on, so that nobody chooses a judge. What is not handed in has no date.
    """
    said = aliased(Recusal)
    is_before = said.at <= func.coalesce(work.submitted_at, said.at)
    return select(said.person_id).where(said.about_id == me, is_before).correlate_except(said)


# by what was decided and advised


def judges_of(me: Any, since: Any) -> Select[Any]:
    """Who decided lately about a lesson of this person."""
    past = aliased(Review)
    statement = select(past.decided_by_id).where(past.decided_at >= since, past.lesson_id.in_(_lessons_of(me)))
    return statement.correlate_except(past)


def advisers_of(me: Any, since: Any) -> Select[Any]:
    """Who advised lately on a lesson of this person."""
    past, asked = aliased(Review), aliased(Assignment)
    statement = select(asked.person_id).join(past, past.id == asked.review_id)
    return statement.where(_advised(asked, since), past.lesson_id.in_(_lessons_of(me))).correlate_except(past, asked)


def decided_by(me: Any, since: Any) -> Select[Any]:
    """About which lessons this person decided lately."""
    past = aliased(Review)
    return select(past.lesson_id).where(past.decided_by_id == me, past.decided_at >= since).correlate_except(past)


def judged_by(me: Any, since: Any) -> CompoundSelect[Any]:
    """About which lessons this person decided lately or on which they advised."""
    past, asked = aliased(Review), aliased(Assignment)
    advised = select(past.lesson_id).join(asked, asked.review_id == past.id)
    return union_all(
        decided_by(me, since),
        advised.where(asked.person_id == me, _advised(asked, since)).correlate_except(past, asked),
    )


def _advised(asked: Any, since: Any) -> ColumnElement[bool]:
    return and_(asked.part == "peer", asked.state == "done", asked.answered_at >= since)


def met_often(me: Any, since: Any) -> Select[Any]:
    """Of whom this person decided lately about so many lessons that one more is left to others."""
    author, former = aliased(LessonAuthor), aliased(FormerAuthor)
    judged = decided_by(me, since)
    rows = union_all(
        select(author.lesson_id, author.person_id).where(author.lesson_id.in_(judged)),
        select(former.lesson_id, former.person_id).where(former.lesson_id.in_(judged)),
    ).subquery()
    number = func.count(distinct(rows.c.lesson_id))
    return select(rows.c.person_id).group_by(rows.c.person_id).having(number >= POLICY.same_author)
