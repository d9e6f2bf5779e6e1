"""Points follow when answers are marked again: what was earned is paid, what was not is taken back, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import publish
from peerlearn.core.events import Recorded
from peerlearn.core.facts import Fact
from peerlearn.core.words import N_
from peerlearn.learn.events import LessonPassed, PassCorrected
from peerlearn.points import engine, ledger, policies, rules, state, taking_back
from peerlearn.points.engine import Entry
from peerlearn.points.events import HeldPointsDecided
from peerlearn.points.models import HeldEntry, LedgerEntry
from peerlearn.points.rule import LATER, Account, Line, Policy, Rule
from peerlearn.points.taking_back import Key

PAID = N_("A question of this lesson had a wrong key. With the right one you had passed, so this is paid after all.")
TAKEN_BACK = N_(
    "A question of this lesson had a wrong key, which was our mistake and not yours. "
    "With the right one this attempt does not pass, so what it had paid was taken back."
)
PROMISES = {"L1": "L1-later"}  # what pays later because this rule promised it
CORRECTED: tuple[Rule, ...] = tuple(rule for rule in rules.RULES if rule.event is LessonPassed)


@dataclass(frozen=True)
class Change:
    """What a correction does to one source: entries to add in this order, and what of it is taken back before."""

    taken_back: tuple[Key, ...] = ()
    entry: Entry | None = None


def correct(records: Sequence[Recorded]) -> None:
    """Let the ledger say what these corrections mean."""
    events = [cast(PassCorrected, record.event) for record in records]
    sources = {rule.source(event.as_passed()) for event in events for rule in CORRECTED}
    people = {event.person_id for event in events}
    accounts = state.load(people, sources, min(date.fromisoformat(event.day) for event in events)).accounts
    history = policies.history()
    changes = [
        change_of(rule, record, accounts[event.person_id], history.at(datetime.fromisoformat(event.moment)))
        for record, event in zip(records, events, strict=True)
        for rule in CORRECTED
        if event.person_id in accounts
    ]
    back = {key for change in changes for key in change.taken_back}
    _let_held_go({event.person_id for event in events if not event.passes}, sources)
    taking_back.take_back(taking_back.standing(back), TAKEN_BACK, by=None)
    entries = [change.entry for change in changes if change.entry]
    numbers = taking_back.next_numbers({taking_back.key_of(entry) for entry in entries}) if entries else {}
    numbered = [replace(entry, entry_no=numbers[taking_back.key_of(entry)]) for entry in entries]
    taking_back.announce(ledger.enter(numbered))


def change_of(rule: Rule, record: Recorded, account: Account, policy: Policy) -> Change:
    """What one rule makes of a correction, given what the source brought before."""
    event = cast(PassCorrected, record.event)
    passed = Recorded(
        event.as_passed(),
        datetime.fromisoformat(event.moment),
        date.fromisoformat(event.day),
        event.person_id,
        record.fact_id,
    )
    source = rule.source(passed.event)
    before = [line for line in account.lines if (line.rule, line.source) == (rule.slug, source)]
    wanted = engine.scored_anew(passed, rule, account, policy) if event.passes else None
    is_promise = wanted is not None and wanted.detail.get("why") == LATER
    later = PROMISES.get(rule.slug)
    unpromised = [
        line
        for line in account.lines
        if (line.rule, line.source) == (later, source) and line.amount > 0 and not is_promise
    ]
    amount = wanted.amount if wanted else 0
    paid = sum(line.amount for line in before if not line.is_held)
    too_much = [line for line in before if line.amount > 0 and not line.is_held] if amount < paid else []
    back = tuple((account.person_id, line.rule, line.source) for line in (*too_much, *unpromised))
    return Change(back, _entry(wanted, before, amount - paid, is_promise))


def _entry(wanted: Entry | None, before: Sequence[Line], more: int, is_promise: bool) -> Entry | None:
    """The entry that a correction adds: what is to be paid now, the promise of it, or that nothing follows."""
    if wanted is None or any(line.is_held for line in before):
        return None
    if more > 0:
        return replace(wanted, amount=more, reason=PAID if before else wanted.reason)
    if not before or (is_promise and not any(line.is_later for line in before)):
        return wanted
    return None


def _let_held_go(people: set[int], sources: set[str]) -> None:
    """Refuse what still waits for a decision about a pass that is none."""
    wanted = select(HeldEntry).where(
        HeldEntry.person_id.in_(people), HeldEntry.source.in_(sources), HeldEntry.state == "pending"
    )
    held = db.session.scalars(wanted.order_by(HeldEntry.id)).all() if people else ()
    for each in held:
        each.state, each.note, each.decided_at = "refused", TAKEN_BACK, clock.now()
        publish(HeldPointsDecided(each.id, each.person_id, False, each.amount), by=None)
    ledger.enter([taking_back.entry_of(each, 0, TAKEN_BACK) for each in held])


def is_no_pass(entry: LedgerEntry) -> bool:
    """Whether a corrected key has shown that what a line is about was no pass, as the newest correction says."""
    if entry.rule not in {*(rule.slug for rule in CORRECTED), *PROMISES.values()}:
        return False
    said, major = Fact.data, int(entry.source.rsplit(":", 1)[1])
    about = {"person_id": entry.person_id, "lesson_id": entry.detail["lesson_id"], "major": major}
    same = (said[name].as_integer() == value for name, value in about.items())
    wanted = select(said["passes"].as_boolean()).where(Fact.type == PassCorrected.__name__, *same)
    passes = db.session.scalar(wanted.order_by(Fact.id.desc()).limit(1))
    return passes is not None and not passes
