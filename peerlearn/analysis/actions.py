"""Letting answers count. None of it commits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from peerlearn.accounts.models import Person
from peerlearn.analysis import book, flagging, observing
from peerlearn.analysis.models import Ability, AnalysisCursor, FirstAnswer, ItemFigures, ItemFlag, ItemReport
from peerlearn.analysis.observing import meaning_of
from peerlearn.core.afterwards import afterwards
from peerlearn.core.db import ask, db, start_writing
from peerlearn.core.deeds import deed
from peerlearn.core.facts import Fact
from peerlearn.core.upsert import insert_into
from peerlearn.lessons.models import Revision
from peerlearn.quizzes.models import ItemVersion, QuizItem

BATCH = 1000  # facts
ITEMS = 200


@deed
def catch_up(limit: int = BATCH) -> int:
    """Let the next facts count; how many there were, and 0 when nothing is left or somebody else is at it.

    Everything is read and worked out before the writing begins. Whoever moves the cursor on is the one whose work
    stands; who comes second leaves all as it is. Flags are judged once all facts are read, not half-way.
    """
    cursor = cursor_now()
    portion = observing.read_on(cursor, limit)
    if not portion.facts:
        return 0
    pages = book.Book(portion.observations)
    judged = pages.judged()
    known = flagging.known_flags(pages.figures)
    start_writing()
    if not _move_on(cursor, portion.last):
        return 0
    pages.write(judged)
    if portion.facts < limit:
        flagging.settle(judged, known)
    return portion.facts


def catch_up_soon() -> bool:
    """A portion of the work, for after a response; whether more is left."""
    return catch_up() == BATCH


@deed
def look_through(after: int, size: int = ITEMS) -> int | None:
    """Judge the flags of the items after this one; up to which one, None when there are no more."""
    wanted = select(ItemFigures.meaning_id).where(ItemFigures.meaning_id > after).order_by(ItemFigures.meaning_id)
    meanings: Sequence[int] = ask(wanted.limit(size)).scalars().all()
    if not meanings:
        return None
    _judge(meanings)
    return meanings[-1]


def _judge(meanings: Sequence[int]) -> None:
    judged = book.judged_of(meanings) if meanings else []
    known = flagging.known_flags(meanings)
    start_writing()
    flagging.settle(judged, known)


@deed
def note_report(item_id: int, quiz_id: int, *, by: Person) -> None:
    """Somebody reported a question as this quiz asks it; one person counts once."""
    meaning = (
        select(meaning_of(ItemVersion))
        .select_from(ItemVersion)
        .join(QuizItem, QuizItem.version_id == ItemVersion.id)
        .where(QuizItem.quiz_id == quiz_id, ItemVersion.item_id == item_id)
    )
    row = insert_into(ItemReport).values(meaning_id=meaning.scalar_subquery(), person_id=by.id)
    db.session.execute(row.on_conflict_do_nothing())
    afterwards(judge_reported)


@deed
def drop_report(item_id: int, person_id: int) -> None:
    """A curator saw it differently: the report of this question counts no more."""
    meanings = select(ItemVersion.id).where(ItemVersion.item_id == item_id)
    gone = delete(ItemReport).where(ItemReport.person_id == person_id, ItemReport.meaning_id.in_(meanings))
    db.session.execute(gone)


@deed
def doubt(item_id: int, revision_id: int) -> bool:
    """A curator agreed that a question of this revision is wrong: it rests until somebody decides about its key.

    False where nobody has answered it yet: that needs no marking again, and a new revision is enough.
    """
    meaning = (
        select(meaning_of(ItemVersion))
        .select_from(ItemVersion)
        .join(QuizItem, QuizItem.version_id == ItemVersion.id)
        .join(Revision, Revision.quiz_id == QuizItem.quiz_id)
        .where(Revision.id == revision_id, ItemVersion.item_id == item_id)
    )
    judged = book.judged_of(ask(meaning).scalars().all())
    flagging.doubt(judged)
    return bool(judged)


@deed
def judge_reported() -> bool:
    """Judge the flags of questions that were reported and have no such flag yet."""
    raised = select(ItemFlag.id).where(
        ItemFlag.meaning_id == ItemReport.meaning_id, ItemFlag.flag == "reported", ItemFlag.state == "open"
    )
    wanted = select(ItemReport.meaning_id).where(~raised.exists()).group_by(ItemReport.meaning_id)
    _judge(ask(wanted.order_by(ItemReport.meaning_id.desc()).limit(ITEMS)).scalars().all())
    return False


@deed
def forget() -> None:
    """Throw away what was worked out from facts, to work it out again. Flags and decisions stay."""
    for model in (Ability, FirstAnswer, ItemFigures):
        ask(delete(model))
    ask(update(AnalysisCursor).values(fact_id=0))


def cursor_now() -> int:
    """The last fact that counts already."""
    return int(ask(select(AnalysisCursor.fact_id)).scalar_one())


def left() -> int:
    """How many facts are not read yet."""
    return int(ask(select(func.count()).select_from(Fact).where(Fact.id > cursor_now())).scalar_one())


def _move_on(cursor: int, last: int) -> bool:
    """Whether nobody else moved on meanwhile."""
    statement = update(AnalysisCursor).where(AnalysisCursor.fact_id == cursor).values(fact_id=last)
    return bool(ask(statement).rowcount == 1)
