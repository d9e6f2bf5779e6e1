"""Drawing the ledger again from the facts: each goes through the engine in order, and the entries must agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from peerlearn.core.events import Recorded
from peerlearn.points import engine, past, policies, rules
from peerlearn.points.engine import Entry, Held
from peerlearn.points.events import HeldPointsDecided, PointsAppealDecided, PointsReversed
from peerlearn.points.models import HeldEntry, LedgerEntry
from peerlearn.points.past import Actual, add_line, key_of, line_of
from peerlearn.points.policies import History
from peerlearn.points.rule import Account, Policy


def differences() -> list[str]:
    """What the facts, replayed, would have paid otherwise, each by the numbers that held then."""
    accounts: dict[int, Account] = {}
    found: list[str] = []
    since = date.min
    history = policies.history()
    for page in past.pages():
        past.open_accounts(accounts, page.concerned)
        past.look_up(accounts, page.keys, since)
        for record in page.records:
            if isinstance(record.event, past.DECISIONS):
                _apply_decision(accounts, record.event, page.decided_by(record.event), history)
            elif isinstance(record.event, past.CORRECTIONS):
                _apply_correction(accounts, page.corrected.get(record.fact_id or 0, ()))
            else:
                rows = page.brought(record)
                policy = history.of(rows[0].policy_version) if rows else history.at(record.at)
                found += _replay(accounts, record, rows, policy)
        since = max(since, page.last_day - past.REMEMBER)
        past.forget(accounts, since)
    return found


def _replay(accounts: dict[int, Account], record: Recorded, actual: list[Actual], policy: Policy) -> list[str]:
    places: dict[tuple[int | None, int], tuple[date, bool]] = {
        (record.fact_id, row.person_id): (row.day, row.is_workday) for row in actual
    }
    state = {row.person_id: accounts[row.person_id] for row in actual if row.person_id in accounts}
    for rule in rules.RULES:
        if isinstance(record.event, rule.event):
            state |= {person: accounts[person] for person, _ in rule.who(record) if person in accounts}
    outcomes = {key_of(_entry(item)): item for item in engine.decide([record], rules.RULES, state, policy, places)}
    found = []
    for row in actual:
        outcome = outcomes.pop(key_of(row), None)
        if row.rule_version == _version(row.rule):
            found += _difference(record, row, outcome)
        add_line(accounts, row.person_id, line_of(row))
    for person_id, rule_slug, source in outcomes:
        found.append(f"fact {record.fact_id}: rule {rule_slug} should have scored {source} for person {person_id}")
    return found


def _entry(outcome: Entry | Held) -> Entry:
    return outcome.entry if isinstance(outcome, Held) else outcome


def _version(slug: str) -> int:
    return rules.BY_SLUG[slug].version if slug in rules.BY_SLUG else 0


def _difference(record: Recorded, row: Actual, outcome: Entry | Held | None) -> list[str]:
    where = f"fact {record.fact_id}, person {row.person_id}, rule {row.rule}"
    if outcome is None:
        return [f"{where}: the books have {row.amount}, the rules give nothing"]
    if isinstance(outcome, Held) != isinstance(row, HeldEntry):
        return [f"{where}: should {'' if isinstance(outcome, Held) else 'not '}have been held"]
    expected = _entry(outcome)
    if (expected.amount, expected.track) != (row.amount, row.track):
        return [f"{where}: the books have {row.amount} {row.track}, the rules give {expected.amount} {expected.track}"]
    return []


def _apply_decision(
    accounts: dict[int, Account],
    event: PointsReversed | HeldPointsDecided | PointsAppealDecided,
    row: Actual | None,
    history: History,
) -> None:
    """Let the accounts follow a person's decision, and the cap that it made room under."""
    account = accounts.get(event.person_id)
    if account is None or row is None:
        return
    if isinstance(event, PointsAppealDecided):
        add_line(accounts, event.person_id, replace(line_of(row), amount=event.amount, entry_no=2))
        return
    if isinstance(event, PointsReversed):
        back = replace(line_of(row), amount=-row.amount, entry_no=2, is_reversal=True)
        accounts[event.person_id] = replace(account, lines=(*account.lines, back))
    else:
        amount = row.amount if event.released else 0
        lines = tuple(
            replace(line, is_held=False, amount=amount)
            if line.is_held and (line.rule, line.source) == (row.rule, row.source)
            else line
            for line in account.lines
        )
        accounts[event.person_id] = replace(account, lines=lines)
        if event.released:
            return
    account = accounts[event.person_id]
    line = engine.freed(account.lines, rules.BY_SLUG[row.rule], row.day, history.of(row.policy_version))
    if line is not None:
        # any amount above 0 takes the place: that is all a cap asks
        add_line(accounts, event.person_id, replace(line, entry_no=2, was_capped=False, amount=1))


def _apply_correction(accounts: dict[int, Account], added: Iterable[LedgerEntry]) -> None:
    for entry in added:
        add_line(accounts, entry.person_id, replace(line_of(entry), entry_no=entry.entry_no))
