"""Appeals: who was refused points, or lost some, asks once that somebody else looks again."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, database, db
from peerlearn.core.deeds import Actor, deed, publish
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.upsert import insert_for
from peerlearn.core.words import N_
from peerlearn.lessons import sharing
from peerlearn.points import appeals, correcting, engine, ledger, policies, rules, state, taking_back
from peerlearn.points.engine import Entry
from peerlearn.points.events import PointsAppealDecided, PointsAppealed
from peerlearn.points.models import HeldEntry, LedgerEntry, PointAppeal

ONCE = N_("You have appealed against this already. A decision can be appealed against once.")
DECIDED = N_("Somebody decided about this appeal a moment ago.")
NOT_ALONE = N_("Somebody can decide about this appeal on its page, so the command does not.")


@deed
def appeal(decision: LedgerEntry, words: str, *, by: Person) -> int:
    """Ask that somebody else looks at a decision about one's points again; the number of the appeal."""
    words = sharing.words(words, "text")
    if problem := rules.appeal_text_problem(words):
        raise NotValid(problem, fields={"text": [problem]})
    state.lock([by.id])
    decided_at = appeals.decided_at(decision)
    if decision.person_id != by.id or decided_at is None:
        raise NotFound()
    if not rules.is_in_time(decided_at, clock.now()):
        raise NotAllowed(rules.TOO_LATE)
    row = {"entry_id": decision.id, "person_id": by.id, "text": words, "at": clock.now()}
    once = insert_for(database(), PointAppeal).on_conflict_do_nothing(index_elements=("entry_id",))
    appeal_id: int | None = ask(
        once.returning(PointAppeal.id), [row | {"state": "open", "note": "", "version": 1}]
    ).scalar()
    if appeal_id is None:
        raise Conflict(ONCE)
    publish(PointsAppealed(appeal_id, by.id, decision.id), by=by)
    return appeal_id


@deed
def grant(waiting: PointAppeal, note: str, *, by: Person | None) -> None:
    """Find that the points count: a new line pays them. `by` is None for a command, and only where nobody may."""
    decision = _decide(waiting, note, "granted", by)
    held = appeals.held_of(decision)
    deed_of = held or db.session.get_one(LedgerEntry, decision.reverses_id)
    entry, makes_room = _what_it_pays(decision, deed_of)
    told = PointsAppealDecided(
        waiting.id, decision.person_id, decision.id, held.id if held else None, True, entry.amount
    )
    taking_back.announce(ledger.enter([entry], by_id=by.id if by else None))
    publish(told, by=by)
    if makes_room is not None:
        keys = {(decision.person_id, decision.rule, makes_room)}
        taking_back.take_back(taking_back.standing(keys), rules.GIVES_WAY, by=None)


@deed
def decline(waiting: PointAppeal, note: str, *, by: Person | None) -> None:
    """Find that the decision stays; the person reads why."""
    decision = _decide(waiting, note, "declined", by)
    held = appeals.held_of(decision)
    told = PointsAppealDecided(waiting.id, decision.person_id, decision.id, held.id if held else None, False, 0)
    publish(told, by=by)


def _decide(waiting: PointAppeal, note: str, outcome: str, by: Actor | None) -> LedgerEntry:
    """Take the decision, once; the line that the appeal is about."""
    state.lock([waiting.person_id])
    db.session.refresh(waiting)
    if waiting.state != "open":
        raise Conflict(DECIDED)
    if by is None and appeals.can_be_decided(waiting.id):
        raise NotAllowed(NOT_ALONE)
    problem = rules.note_problem(note) if note.strip() or by is None or outcome == "declined" else None
    if problem:
        raise NotValid(problem, fields={"note": [problem]})
    waiting.decided_by_id, waiting.decided_at = by.id if by else None, clock.now()
    waiting.state, waiting.note = outcome, sharing.words(note, "note")
    db.session.flush()
    return db.session.get_one(LedgerEntry, waiting.entry_id)


def _what_it_pays(decision: LedgerEntry, deed_of: LedgerEntry | HeldEntry) -> tuple[Entry, str | None]:
    """The line that an appeal brings, and the source that makes room for it under a cap."""
    key, source = taking_back.key_of(decision), decision.source
    owed, makes_room, reason = deed_of.amount - _paid_since(decision), None, rules.GRANTED
    rule = rules.BY_SLUG.get(decision.rule)
    if owed <= 0:
        owed, reason = 0, rules.GRANTED_ALREADY
    elif why := correcting.why_no_more(decision):
        owed, reason = 0, why
    elif rule is not None:
        account = state.load([decision.person_id], [source], decision.day).accounts[decision.person_id]
        policy = policies.history().of(decision.policy_version)
        room = engine.room_for(account.lines, rule, decision.day, source, owed, policy)
        makes_room = room.made_by
        if not room.is_there:
            owed, reason = 0, rules.GRANTED_PLACE
    entry = taking_back.entry_of(deed_of, owed, reason)
    number = taking_back.next_numbers({key})[key]
    return replace(entry, entry_no=number, detail=entry.detail | {"why": rules.APPEALED}), makes_room


def _paid_since(decision: LedgerEntry) -> int:
    """What the same deed brought after it was decided about: marking again may have paid it."""
    wanted = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(
        LedgerEntry.person_id == decision.person_id,
        LedgerEntry.rule == decision.rule,
        LedgerEntry.source == decision.source,
        LedgerEntry.entry_no > decision.entry_no,
    )
    return int(db.session.scalar(wanted) or 0)
