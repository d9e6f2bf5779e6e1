"""Points follow when answers are marked again: what was earned is paid, what was not is taken back, with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import product

from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import publish
from peerlearn.core.events import Event, Recorded
from peerlearn.core.facts import Fact
from peerlearn.core.words import N_
from peerlearn.learn.events import LessonPassed, PassCorrected
from peerlearn.learn.remarking import Ruling
from peerlearn.points import engine, ledger, past, policies, rules, state, taking_back
from peerlearn.points.engine import Entry
from peerlearn.points.events import HeldPointsDecided
from peerlearn.points.models import HeldEntry, LedgerEntry
from peerlearn.points.rule import LATER, Account, Line, Policy, Rule
from peerlearn.points.taking_back import Key
from peerlearn.practice.events import (
    DailySetFinished,
    ItemReviewed,
    MissedItemRecalled,
    MissedRecallCorrected,
    RecallCorrected,
    SetCorrected,
)

PAID = N_("A question of this lesson had a wrong key. With the right one you had passed, so this is paid after all.")
TAKEN_BACK = N_(
    "A question of this lesson had a wrong key, which was our mistake and not yours. "
    "With the right one this attempt does not pass, so what it had paid was taken back."
)
PRACTICE_PAID = N_("A question here had a wrong key. With the right one this pays, so it is paid after all.")
PRACTICE_TAKEN_BACK = N_(
    "A question here had a wrong key, which was our mistake and not yours. "
    "With the right one this pays no more, so it was taken back."
)
FULL_PAID = N_("A question was faulty, and everybody has full marks for it now. With them this is paid after all.")
LEFT_OUT_PAID = N_("A question of this lesson was faulty. Without it you had passed, so this is paid after all.")
PAID_EARLIER = N_(
    "A question was faulty, which was our mistake and not yours. "
    "An earlier answer or attempt counts now and is paid for this, so what had been paid later was taken back."
)
SAID_TO = {  # by what was decided, of a lesson and of practice: why something is paid, why something is taken back
    (Ruling.KEY, True): (PAID, TAKEN_BACK),
    (Ruling.KEY, False): (PRACTICE_PAID, PRACTICE_TAKEN_BACK),
    (Ruling.FULL, True): (FULL_PAID, PAID_EARLIER),
    (Ruling.FULL, False): (FULL_PAID, PAID_EARLIER),
    (Ruling.LEFT_OUT, True): (LEFT_OUT_PAID, PAID_EARLIER),
}
PROMISES = {"L1": "L1-later"}  # what pays later because this rule promised it
MADE = (LessonPassed, ItemReviewed, DailySetFinished, MissedItemRecalled)
CORRECTED: tuple[Rule, ...] = tuple(rule for rule in rules.RULES if rule.event in MADE)


@dataclass(frozen=True)
class Deed:
    """A deed as it is by what was decided, on the day of then, and whether it counts."""

    made: Recorded
    person_id: int
    counts: bool
    ruling: Ruling = Ruling.KEY

    @property
    def of_lesson(self) -> bool:
        """Whether it is a lesson's pass, not something in practice."""
        return isinstance(self.made.event, LessonPassed)

    @property
    def paid(self) -> str:
        """Why it is paid after all."""
        return SAID_TO[self.ruling, self.of_lesson][0]

    @property
    def taken_back(self) -> str:
        """Why what it had paid is taken back."""
        return SAID_TO[self.ruling, self.of_lesson][1]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that name it."""
        return tuple(rule for rule in CORRECTED if isinstance(self.made.event, rule.event))

    def sources(self) -> set[str]:
        """What it is paid for."""
        return {rule.source(self.made.event) for rule in self.rules}


@dataclass(frozen=True)
class Change:
    """What a correction does to one source: entries to add in this order, and what of it is taken back before."""

    taken_back: tuple[Key, ...] = ()
    entry: Entry | None = None


def correct(records: Sequence[Recorded]) -> None:
    """Let the ledger say what these corrections mean: first of passes, since what practice pays may rest on them."""
    deeds = _deeds(records)
    for of_lesson, ruling in product((True, False), Ruling):
        _follow([deed for deed in deeds if (deed.of_lesson, deed.ruling) == (of_lesson, ruling)])


def _deeds(records: Sequence[Recorded]) -> list[Deed]:
    """What was corrected, in the order in which it had happened."""
    said = _said({_told_by(record.event) for record in records} - {0})
    found = [deed for record in records if (deed := _deed(record, said)) is not None]
    return sorted(found, key=lambda deed: deed.made.at)


def _told_by(event: Event) -> int:
    """The fact that told of the deed when it happened; 0 where the correction itself says everything."""
    if isinstance(event, RecallCorrected | MissedRecallCorrected):
        return event.review_id
    return event.finish_id if isinstance(event, SetCorrected) else 0


def _said(fact_ids: set[int]) -> dict[int, Recorded]:
    facts = db.session.scalars(select(Fact).where(Fact.id.in_(fact_ids))) if fact_ids else ()
    return {fact.id: past.read(fact) for fact in facts}


def _deed(record: Recorded, said: Mapping[int, Recorded]) -> Deed | None:
    """The deed that a correction is about, as an entry of the correction's fact will tell it."""
    event = record.event
    if isinstance(event, PassCorrected):
        at, day = datetime.fromisoformat(event.moment), date.fromisoformat(event.day)
        made = Recorded(event.as_passed(), at, day, event.person_id, record.fact_id)
        return Deed(made, event.person_id, event.passes, Ruling(event.ruling))
    then = said.get(_told_by(event))
    if then is None:
        return None
    then = replace(then, fact_id=record.fact_id)
    if isinstance(event, RecallCorrected) and isinstance(then.event, ItemReviewed):
        recalled = replace(then.event, is_right=True, mark=1.0, tier_repeated=event.tier_repeated)
        return Deed(replace(then, event=recalled), event.person_id, event.counts, Ruling(event.ruling))
    if isinstance(event, SetCorrected) and isinstance(then.event, DailySetFinished):
        finished = replace(then.event, right=event.right)
        return Deed(replace(then, event=finished), event.person_id, event.counts, Ruling(event.ruling))
    if isinstance(event, MissedRecallCorrected) and isinstance(then.event, ItemReviewed):
        where = (event.lesson_id, event.major, event.attempt_number, event.item_id)
        missed = MissedItemRecalled(*where, hinted=then.event.hinted)
        return Deed(replace(then, event=missed), event.person_id, True, Ruling(event.ruling))
    return None


def _follow(deeds: Sequence[Deed]) -> None:
    """Pay and take back what follows from some deeds of one kind and ruling, by the numbers of then."""
    if not deeds:
        return
    reason = deeds[0].taken_back
    people = {deed.person_id for deed in deeds}
    sources = set().union(*(deed.sources() for deed in deeds))
    accounts = state.load(people, sources, min(deed.made.day for deed in deeds)).accounts
    history = policies.history()
    changes = []
    for deed in deeds:
        account = accounts.get(deed.person_id)
        for rule in deed.rules if account else ():
            assert account is not None
            change = change_of(rule, deed, account, history.at(deed.made.at))
            changes.append(change)
            if change.entry:
                account = replace(account, lines=(*account.lines, engine.line_of(change.entry)))
                accounts[deed.person_id] = account
    refused = [deed for deed in deeds if not deed.counts]
    _let_held_go({deed.person_id for deed in refused}, set().union(*(deed.sources() for deed in refused)), reason)
    back = {key for change in changes for key in change.taken_back}
    taking_back.take_back(taking_back.standing(back), reason, by=None)
    entries = [change.entry for change in changes if change.entry]
    numbers = taking_back.next_numbers({taking_back.key_of(entry) for entry in entries}) if entries else {}
    numbered = [replace(entry, entry_no=numbers[taking_back.key_of(entry)]) for entry in entries]
    taking_back.announce(ledger.enter(numbered))


def change_of(rule: Rule, deed: Deed, account: Account, policy: Policy) -> Change:
    """What one rule makes of a correction, given what the source brought before."""
    source = rule.source(deed.made.event)
    before = [line for line in account.lines if (line.rule, line.source) == (rule.slug, source)]
    wanted = engine.scored_anew(deed.made, rule, _of_then(deed, account, policy), policy) if deed.counts else None
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
    entry = _entry(wanted, before, amount - paid, is_promise, deed.paid)
    return Change(back, entry if deed.of_lesson else _of_practice(entry, deed.paid))


def _of_then(deed: Deed, account: Account, policy: Policy) -> Account:
    """The account without what came so long after a deed that it had no bearing on it."""
    at, day = deed.made.at + timedelta(days=policy.again_days), deed.made.day
    return replace(account, lines=tuple(line for line in account.lines if line.at < at or line.day <= day))


def _entry(wanted: Entry | None, before: Sequence[Line], more: int, is_promise: bool, reason: str) -> Entry | None:
    """The entry that a correction adds: what is to be paid now, the promise of it, or that nothing follows."""
    if wanted is None or any(line.is_held for line in before):
        return None
    if more > 0:
        return replace(wanted, amount=more, reason=reason if before else wanted.reason)
    if not before or (is_promise and not any(line.is_later for line in before)):
        return wanted
    return None


def _of_practice(entry: Entry | None, reason: str) -> Entry | None:
    """The entry for something in practice: with its reason, and none for what pays nothing, unless a cap says so."""
    if entry is None or entry.amount > 0:
        return entry and replace(entry, reason=reason)
    return entry if entry.detail.get("why") == rules.CAPPED else None


def _let_held_go(people: set[int], sources: set[str], reason: str) -> None:
    """Refuse what still waits for a decision about something that counts no more."""
    wanted = select(HeldEntry).where(
        HeldEntry.person_id.in_(people), HeldEntry.source.in_(sources), HeldEntry.state == "pending"
    )
    held = db.session.scalars(wanted.order_by(HeldEntry.id)).all() if people else ()
    for each in held:
        each.state, each.note, each.decided_at = "refused", reason, clock.now()
        publish(HeldPointsDecided(each.id, each.person_id, False, each.amount), by=None)
    ledger.enter([taking_back.entry_of(each, 0, reason) for each in held])


def why_no_more(entry: LedgerEntry) -> str:
    """Why what a line is about counts no more, where the newest correction of it says so; else nothing."""
    slug = next((first for first, later in PROMISES.items() if later == entry.rule), entry.rule)
    rule = rules.BY_SLUG.get(slug)
    if rule not in CORRECTED:
        return ""
    kinds = [kind.__name__ for kind in past.CORRECTIONS]
    theirs = Fact.data["person_id"].as_integer() == entry.person_id
    facts = db.session.scalars(select(Fact).where(Fact.type.in_(kinds), theirs).order_by(Fact.id)).all()
    about = [
        deed
        for deed in _deeds([past.read(fact) for fact in facts])
        if rule in deed.rules and rule.source(deed.made.event) == entry.source
    ]
    newest = max(about, key=lambda deed: deed.made.fact_id or 0, default=None)
    if newest is None or newest.counts:
        return ""
    return newest.taken_back
