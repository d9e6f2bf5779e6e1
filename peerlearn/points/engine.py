"""The engine: facts and rules in, entries out. It reads no clock and no database, so the ledger can be drawn again.

For each deed, each rule that names it and each person who earns: has this source been scored before (then nothing),
what is it worth, does every condition hold, is there room under the cap, and is it a burst that somebody should see?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from peerlearn.core.events import Recorded
from peerlearn.points.rule import DAY, LATER, Account, Case, Line, Pay, Policy, Rule, split, values_of
from peerlearn.points.rules import BURST_REASON, CAPPED, HELD_BURST, POSTED, week_of

LINKED = ("lesson", "attempt", "review", "report", "suggestion", "topic")
Places = Mapping[tuple[int | None, int], tuple[date, bool]]


@dataclass(frozen=True)
class Entry:
    """A line for the ledger. An amount of 0 has a reason."""

    person_id: int
    track: str
    rule: str
    rule_version: int
    source: str
    amount: int
    at: datetime
    day: date
    is_workday: bool
    fact_id: int | None
    reason: str
    detail: dict[str, Any]
    entry_no: int = 1
    policy_version: int = 0  # of the numbers by which it was decided


@dataclass(frozen=True)
class Held:
    """An entry that waits for a person's decision."""

    entry: Entry


def decide(
    records: Iterable[Recorded],
    rules: Sequence[Rule],
    state: Mapping[int, Account],
    policy: Policy,
    places: Places | None = None,
) -> list[Entry | Held]:
    """What these deeds earn, in order. `places` gives the day of a (fact, person) where it is already on record."""
    lines = {person_id: account.lines for person_id, account in state.items()}
    outcome: list[Entry | Held] = []
    for record in records:
        for rule in rules:
            if not isinstance(record.event, rule.event):
                continue
            pay = rule.pay(record.event, policy)
            for person_id, amount in split(pay.amount, rule.who(record)):
                if person_id not in state:
                    continue
                day, workday = (places or {}).get((record.fact_id, person_id)) or _place(record, state[person_id])
                source = rule.source(record.event)
                if any(line.rule == rule.slug and line.source == source for line in lines[person_id]):
                    continue
                judged = _judge(
                    record, rule, person_id, replace(pay, amount=amount), day, workday, lines[person_id], policy
                )
                outcome.append(judged)
                lines[person_id] += (line_of(judged),)
    return outcome


def scored_anew(record: Recorded, rule: Rule, account: Account, policy: Policy) -> Entry | None:
    """What a deed earns its person by a rule, as if it had not been scored before; a burst is none any more."""
    source = rule.source(record.event)
    others = tuple(line for line in account.lines if (line.rule, line.source) != (rule.slug, source))
    for outcome in decide([record], [rule], {account.person_id: replace(account, lines=others)}, policy):
        return outcome.entry if isinstance(outcome, Held) else outcome
    return None


def _place(record: Recorded, account: Account) -> tuple[date, bool]:
    """The person's local day of a deed, and whether they work on it. The actor's was written down with the fact."""
    own = record.actor_id == account.person_id
    day = record.day if own else record.at.astimezone(account.zone).date()
    return day, account.calendar.is_workday(day)


def _judge(
    record: Recorded,
    rule: Rule,
    person_id: int,
    pay: Pay,
    day: date,
    workday: bool,
    lines: tuple[Line, ...],
    policy: Policy,
) -> Entry | Held:
    detail, amount, reason = detail_of(record), pay.amount, pay.reason
    case = Case(record, person_id, lines, policy, workday)
    failed = next((condition.reason for condition in rule.conditions if not condition.holds(case)), None)
    if failed:
        amount, reason = 0, failed
    elif amount and rule.cap and paid_in(lines, rule, day) >= getattr(policy, rule.cap.limit):
        detail |= {"why": CAPPED, "full": amount}
        amount, reason = 0, rule.cap.reason
    elif pay.why:
        detail["why"] = pay.why
    is_burst = amount > 0 and not rule.is_posted and _recent(lines, record.at, policy) >= policy.burst_events
    if is_burst:
        detail["why"] = HELD_BURST
        reason = BURST_REASON
    if reason:
        detail["values"] = values_of(reason, policy, record.event)
    entry = Entry(
        person_id=person_id,
        track=rule.track,
        rule=rule.slug,
        rule_version=rule.version,
        source=rule.source(record.event),
        amount=amount,
        at=record.at,
        day=day,
        is_workday=workday,
        fact_id=record.fact_id,
        reason=reason,
        detail=detail,
        policy_version=policy.version,
    )
    return Held(entry) if is_burst else entry


def detail_of(record: Recorded) -> dict[str, Any]:
    """What a receipt links to: the lesson, attempt, review or report of a deed."""
    known = vars(record.event)
    return {key: known[key] for key in (f"{name}_id" for name in LINKED) if key in known}


def line_of(outcome: Entry | Held) -> Line:
    """An outcome as the next decision sees it."""
    entry = outcome.entry if isinstance(outcome, Held) else outcome
    return Line(
        rule=entry.rule,
        source=entry.source,
        at=entry.at,
        day=entry.day,
        amount=entry.amount,
        is_workday=entry.is_workday,
        entry_no=entry.entry_no,
        is_held=isinstance(outcome, Held),
        was_capped=entry.detail.get("why") == CAPPED,
        is_later=entry.detail.get("why") == LATER,
        full=entry.detail.get("full", 0),
    )


def _within(line: Line, rule: Rule, day: date) -> bool:
    if line.rule != rule.slug or rule.cap is None:
        return False
    return line.day == day if rule.cap.span == DAY else week_of(line.day) == week_of(day)


def paid_in(lines: Iterable[Line], rule: Rule, day: date) -> int:
    """How many deeds of a rule are paid, or held to be paid, in the cap's span around a day. A reversed one is not."""
    by_source: dict[str, int] = {}
    for line in lines:
        if _within(line, rule, day):
            by_source[line.source] = by_source.get(line.source, 0) + line.amount
    return sum(amount > 0 for amount in by_source.values())


@dataclass(frozen=True)
class Room:
    """Whether the cap of a time has room for a line that is to pay after all, and which other source makes it."""

    is_there: bool
    made_by: str | None = None


def room_for(lines: Sequence[Line], rule: Rule, day: date, source: str, amount: int, policy: Policy) -> Room:
    """The room for a deed that was found good later. What the cap would have kept back had it been paid at once makes
    room: the newest other one that pays no more, so that nobody loses by being right."""
    if rule.cap is None:
        return Room(True)
    within = [line for line in lines if _within(line, rule, day) and line.source != source]
    if paid_in(within, rule, day) < getattr(policy, rule.cap.limit):
        return Room(True)
    stands: dict[str, int] = {}
    for line in within:
        stands[line.source] = stands.get(line.source, 0) + line.amount
    waits = {line.source for line in within if line.is_held}
    makes = [line for line in within if 0 < stands[line.source] <= amount and line.source not in waits]
    newest = max(makes, key=lambda line: (line.at, line.id), default=None)
    return Room(newest is not None, newest.source if newest else None)


def _recent(lines: Iterable[Line], at: datetime, policy: Policy) -> int:
    """How many deeds of the person were scored, paid or not, in the minutes before a moment."""
    start = at - timedelta(minutes=policy.burst_minutes)
    return sum(line.entry_no == 1 and start < line.at <= at and line.rule not in POSTED for line in lines)


def freed(lines: Sequence[Line], rule: Rule, day: date, policy: Policy) -> Line | None:
    """The deed that a cap kept from paying and that now has room, because another was taken back or refused."""
    if rule.cap is None or paid_in(lines, rule, day) >= getattr(policy, rule.cap.limit):
        return None
    later = {line.source for line in lines if line.entry_no > 1 and line.rule == rule.slug}
    waiting = [line for line in lines if _within(line, rule, day) and line.was_capped and line.source not in later]
    return min(waiting, key=lambda line: (line.at, line.id), default=None)
