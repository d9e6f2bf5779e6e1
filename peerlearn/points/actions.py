"""What people do with points: decide about held ones, take an entry back; and what keeps the books honest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import delete, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotAllowed, NotValid
from peerlearn.core.facts import Fact
from peerlearn.core.words import N_
from peerlearn.lessons import sharing
from peerlearn.points import books, evidence, ledger, replay, retention, rules, state, taking_back
from peerlearn.points.events import HeldPointsDecided, LessonRetained
from peerlearn.points.evidence import Taught
from peerlearn.points.models import HeldEntry, LedgerEntry, PointSum

_PORTION = 200  # lessons of one transaction
ALREADY_DECIDED = N_("Somebody decided about these points a moment ago.")


@deed
def release(held: HeldEntry, note: str = "", *, by: Person) -> None:
    """Let held points enter the ledger as they were earned."""
    _open_decision(held, note, "released", by)
    taking_back.announce(ledger.enter([taking_back.entry_of(held, held.amount, "")], by_id=by.id))
    publish(HeldPointsDecided(held.id, held.person_id, True, held.amount), by=by)


@deed
def refuse(held: HeldEntry, note: str, *, by: Person) -> None:
    """Let held points go; the ledger gets an entry of 0 with the reason, and the place they took is free again."""
    if problem := rules.note_problem(note):
        raise NotValid(problem, fields={"note": [problem]})
    _open_decision(held, note, "refused", by)
    ledger.enter([taking_back.entry_of(held, 0, note.strip())], by_id=by.id)
    publish(HeldPointsDecided(held.id, held.person_id, False, held.amount), by=by)
    db.session.flush()
    taking_back.pay_freed([held])


@deed
def reverse(entry: LedgerEntry, reason: str, *, by: Person) -> None:
    """Take an entry back. The person sees the reversal with its reason; what a cap had kept back may pay instead."""
    if problem := rules.note_problem(reason):
        raise NotValid(problem, fields={"reason": [problem]})
    reason = sharing.words(reason, "reason")
    state.lock([entry.person_id])
    if entry.reverses_id is not None or entry.amount <= 0:
        raise NotAllowed(N_("Only an entry that paid something can be taken back."))
    if db.session.scalar(select(LedgerEntry.id).where(LedgerEntry.reverses_id == entry.id)):
        raise Conflict(N_("This entry has been taken back already."))
    taking_back.take_back([entry], reason, by=by)


def post_retention(taught: Mapping[int, Taught], today: date) -> Iterator[int]:
    """Credit authors for what was known of their lessons when last month ended; tells after each portion how many grew.

    The caller commits after each. What is on record for the month is left as it is: it can run again, and go on where
    it stopped. A lesson that nobody checked for long waits: what it earned meanwhile comes once somebody has (E13).
    """
    unchecked = evidence.unchecked(today)
    lessons = sorted((lesson_id, lesson) for lesson_id, lesson in taught.items() if lesson_id not in unchecked)
    for start in range(0, len(lessons), _PORTION):
        yield _post_portion(retention.month_before(today), lessons[start : start + _PORTION])


@deed
def _post_portion(month: str, lessons: Sequence[tuple[int, Taught]]) -> int:
    start_writing()
    state.lock({person for _, lesson in lessons for person, _ in lesson.shares})  # of two runs at once one waits here
    before, done, grown = evidence.credited(), evidence.posted(month), 0
    for lesson_id, lesson in lessons:
        shown, credited = lesson.evidence, before.get(lesson_id, 0)
        credit = retention.credit(shown, rules.POLICY)
        if credit > credited and lesson_id not in done:
            grown += 1
            publish(
                LessonRetained(lesson_id, month, **vars(shown), credited=credited, credit=credit, shares=lesson.shares),
                by=None,
            )
    return grown


def _open_decision(held: HeldEntry, note: str, outcome: str, by: Person) -> None:
    """Take the decision, once."""
    state.lock([held.person_id])
    db.session.refresh(held)
    if held.state != "pending":
        raise Conflict(ALREADY_DECIDED)
    held.state, held.note = outcome, sharing.words(note, "note")
    held.decided_by_id, held.decided_at = by.id, clock.now()


def verify() -> list[str]:
    """Compare ledger, sums and facts; each difference as a sentence. Reads everything, holds little in memory."""
    return [*books.differences(), *_entries_without_fact(), *replay.differences()]


def rebuild() -> int:
    """Add the ledger up again and write the sums; how many were written."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(Person.id).order_by(Person.id).with_for_update(key_share=True)).all()
    db.session.execute(delete(PointSum))
    written = 0
    for sums in books.sums_by_person():
        ledger.add_sums(sums)
        written += len(sums)
    return written


def _entries_without_fact() -> list[str]:
    orphans = (
        select(LedgerEntry.id)
        .outerjoin(Fact, Fact.id == LedgerEntry.fact_id)
        .where(Fact.id.is_(None))
        .order_by(LedgerEntry.id)
    )
    return [f"ledger entry {entry_id} has no fact" for entry_id in db.session.scalars(orphans)]
