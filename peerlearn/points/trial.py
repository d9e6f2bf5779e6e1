"""A dry run: what the last quarter's deeds would have paid by other numbers, beside what they pay by those that hold.

Both are drawn from the same facts by the same engine, each in books of its own, so that a limit that is reached later,
or a deed that is freed under it, is followed to its end. What people decided stays decided. Nothing is written but how
far the count is and what came out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.events import Recorded
from peerlearn.core.facts import Fact
from peerlearn.points import engine, past, rules
from peerlearn.points.engine import Held
from peerlearn.points.events import HeldPointsDecided, PointsAppealDecided
from peerlearn.points.models import HeldEntry, LedgerEntry
from peerlearn.points.past import Actual, Decision, Page, line_of
from peerlearn.points.rule import IP, XP, Account, Line, Policy

DAYS = 91  # a quarter
SHOWN = 50  # people who gain, and who lose, most


@dataclass
class Books:
    """What some deeds pay by one policy, and the accounts that follow from it."""

    policy: Policy
    accounts: dict[int, Account] = field(default_factory=dict)
    paid: dict[tuple[int, str], int] = field(default_factory=dict)  # by person and track

    def score(self, record: Recorded, rows: list[Actual]) -> None:
        """Let a deed pay. On whose day it was, and whether a workday, is on record."""
        places: dict[tuple[int | None, int], tuple[date, bool]] = {
            (record.fact_id, row.person_id): (row.day, row.is_workday) for row in rows
        }
        people = {
            person for rule in rules.RULES if isinstance(record.event, rule.event) for person, _ in rule.who(record)
        }
        state = {person: self.accounts[person] for person in people if person in self.accounts}
        for outcome in engine.decide([record], rules.RULES, state, self.policy, places):
            entry = outcome.entry if isinstance(outcome, Held) else outcome
            self._add(entry.person_id, engine.line_of(outcome))

    def follow(self, event: Decision, row: Actual | None) -> None:
        """Let a person's decision be followed: what was taken back or refused pays nothing, and makes room."""
        account = self.accounts.get(event.person_id)
        if account is None or row is None or (isinstance(event, HeldPointsDecided) and event.released):
            return
        same = [line for line in account.lines if (line.rule, line.source) == (row.rule, row.source)]
        if isinstance(event, PointsAppealDecided):
            if event.amount > 0:  # what was taken from them is theirs again
                amount = -sum(line.amount for line in same if line.is_reversal)
                self._add(event.person_id, replace(line_of(row), amount=amount or event.amount, entry_no=3))
            return
        amount = sum(line.amount for line in same)
        if amount <= 0:
            return
        self._add(event.person_id, replace(same[-1], amount=-amount, entry_no=2, is_reversal=True, is_held=False))
        lines = self.accounts[event.person_id].lines
        freed = engine.freed(lines, rules.BY_SLUG[row.rule], row.day, self.policy)
        if freed is not None:
            self._add(event.person_id, replace(freed, entry_no=2, was_capped=False, amount=freed.full))

    def add(self, entry: LedgerEntry) -> None:
        """Let an entry stand as it is in the ledger, because a decision brought it."""
        self._add(entry.person_id, replace(line_of(entry), entry_no=entry.entry_no))

    def _add(self, person_id: int, line: Line) -> None:
        past.add_line(self.accounts, person_id, line)
        track = rules.BY_SLUG[line.rule].track
        self.paid[person_id, track] = self.paid.get((person_id, track), 0) + line.amount


@dataclass(frozen=True)
class Change:
    """What one person would have had more, or less where it is below zero."""

    person_id: int
    xp: int
    ip: int


@dataclass(frozen=True)
class Outcome:
    """What came out of a dry run."""

    xp: tuple[int, int]  # issued by the numbers that hold, and by those that were tried
    ip: tuple[int, int]
    gain: int  # people who would have had more …
    lose: int  # … and less, XP and Impact together
    same: int
    most: tuple[Change, ...]  # those who gain most, then those who lose most

    def as_kept(self) -> dict[str, Any]:
        """As a row keeps it."""
        people = [[each.person_id, each.xp, each.ip] for each in self.most]
        return {name: getattr(self, name) for name in ("xp", "ip", "gain", "lose", "same")} | {"most": people}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Outcome:
        """What a row has kept."""
        most = tuple(Change(*each) for each in kept["most"])
        return cls(tuple(kept["xp"]), tuple(kept["ip"]), kept["gain"], kept["lose"], kept["same"], most)


def first_day(today: date) -> date:
    """The first day of the last quarter."""
    return today - timedelta(days=DAYS - 1)


def size(since: date) -> int:
    """How many facts the engine looks at from a day on."""
    wanted = select(func.count()).select_from(Fact).where(Fact.type.in_(past.EVENTS), Fact.day >= since)
    return int(db.session.scalar(wanted) or 0)


def run(since: date, now: Policy, tried: Policy) -> Iterator[int | Outcome]:
    """Count; after each page how many facts were looked at, and at the end what came out."""
    books = (Books(now), Books(tried))
    done, oldest = 0, since - past.REMEMBER
    for page in past.pages(since):
        for each in books:
            _open(each, page, since)
            past.look_up(each.accounts, page.keys, oldest)
        for record in page.records:
            for each in books:
                _let_happen(each, page, record)
        done += len(page.records)
        oldest = max(oldest, page.last_day - past.REMEMBER)
        for each in books:
            past.forget(each.accounts, oldest)
        yield done
    yield compare(*books)


def _let_happen(books: Books, page: Page, record: Recorded) -> None:
    if isinstance(record.event, past.DECISIONS):
        books.follow(record.event, page.decided_by(record.event))
    elif isinstance(record.event, past.CORRECTIONS):
        for entry in page.corrected.get(record.fact_id or 0, ()):
            books.add(entry)
    else:
        books.score(record, page.brought(record))


def compare(now: Books, tried: Books) -> Outcome:
    """Whom the other numbers would have given more and less. Where XP rise and Impact falls, their sum decides."""
    people = {person for person, _ in (*now.paid, *tried.paid)}
    changes = [
        Change(
            person,
            *(tried.paid.get((person, track), 0) - now.paid.get((person, track), 0) for track in (XP, IP)),
        )
        for person in sorted(people)
    ]
    moved = sorted((each for each in changes if each.xp or each.ip), key=_by_difference)
    gain = [each for each in moved if each.xp + each.ip > 0]
    lose = [each for each in moved if each.xp + each.ip < 0]
    return Outcome(
        (_issued(now, XP), _issued(tried, XP)),
        (_issued(now, IP), _issued(tried, IP)),
        len(gain),
        len(lose),
        len(people) - len(gain) - len(lose),
        (*gain[:SHOWN], *reversed(lose[-SHOWN:])),
    )


def _by_difference(change: Change) -> tuple[int, int]:
    return -(change.xp + change.ip), change.person_id


def _issued(books: Books, track: str) -> int:
    return sum(amount for (_, of), amount in books.paid.items() if of == track)


def _open(books: Books, page: Page, since: date) -> None:
    """Let the accounts of those a page is about be known, with their lines from before the first day."""
    new = page.concerned - books.accounts.keys()
    past.open_accounts(books.accounts, new)
    start = datetime.combine(since, time.min, clock.zone(clock.organisation_zone()))
    models: tuple[type[Actual], ...] = (HeldEntry, LedgerEntry)
    for model in models:
        wanted = select(model).where(model.person_id.in_(new), model.day < since, model.day >= since - past.REMEMBER)
        rows: Iterable[Actual] = db.session.scalars(wanted.where(model.at < start)) if new else ()
        for row in rows:
            if isinstance(row, LedgerEntry) or row.state == "pending":
                _know(books, row)


def _know(books: Books, row: Actual) -> None:
    line = line_of(row)
    if isinstance(row, LedgerEntry):
        line = replace(line, entry_no=row.entry_no, is_reversal=row.reverses_id is not None)
    if row.person_id in books.accounts:
        past.add_line(books.accounts, row.person_id, line)
