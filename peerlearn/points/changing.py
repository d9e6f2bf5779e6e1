"""Changing the numbers of the rules: tried on the last quarter first, then put into effect from now on, with a reason.

A trial counts after the response, in this process; whoever looks at it meanwhile sees how far it is. When the process
ends before it is done, the next look begins it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.afterwards import afterwards, store
from peerlearn.core.db import ask, db, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotFound, NotValid
from peerlearn.core.upsert import insert_into
from peerlearn.core.words import N_
from peerlearn.lessons import sharing
from peerlearn.points import numbers, policies, rules, trial
from peerlearn.points.events import NumbersChanged
from peerlearn.points.models import PointPolicy, PolicyTrial
from peerlearn.points.rule import Policy
from peerlearn.points.trial import Outcome

DAYS = trial.DAYS
SILENT = timedelta(minutes=2)  # after which a count that was not seen to go on is begun again
FRESH = timedelta(days=7)  # how long what a trial showed can be put into effect
SAME = N_("These are the numbers that hold already. Change at least one of them.")
NOT_COUNTED = N_("The last quarter is still being counted. Look at what comes out first.")
OLD = N_("This was tried more than a week ago, and much has happened since. Try it again.")
OVERTAKEN = N_("The numbers were changed after you tried this. Try it again on those that hold now.")


@deed
def try_out(values: Mapping[str, int | None], *, by: Person) -> PolicyTrial:
    """Ask what other numbers would have paid in the last quarter. The same again on one day is the same trial."""
    for problem, bounds in numbers.problems(values).values():
        raise NotValid(problem, None, **bounds)
    held = policies.history().newest
    wanted = {name: value for name, value in values.items() if value is not None}
    if not numbers.changed(wanted, held):
        raise NotValid(SAME)
    changes = numbers.changed(wanted, rules.POLICY)
    since = trial.first_day(clock.today(clock.organisation_zone()))
    key = sha256(repr((by.id, held.version, since, sorted(changes.items()))).encode()).hexdigest()
    row_of: dict[str, Any] = {"key": key, "numbers": changes, "against": held.version, "by_id": by.id}
    once = insert_into(PolicyTrial).values(
        at=clock.now(), since=since, state="waiting", counted=0, whole=0, result={}, **row_of
    )
    db.session.execute(once.on_conflict_do_nothing())
    row = db.session.scalars(select(PolicyTrial).where(PolicyTrial.key == key)).one()
    afterwards(Count(row.id))
    return row


@dataclass(frozen=True)
class Count:
    """The job that counts a trial. Of two at once one counts."""

    trial_id: int

    def __call__(self) -> bool:
        """Count to the end, storing how far it is after each page; nothing is left then."""
        if not self._take():
            return False
        row = db.session.get_one(PolicyTrial, self.trial_id)
        since, history = row.since, policies.history()
        held = history.of(row.against)
        tried = numbers.applied(row.numbers, rules.POLICY, len(history.versions))
        self._tell(whole=trial.size(since))
        for found in trial.run(since, held, tried):
            if isinstance(found, Outcome):
                self._tell(state="done", result=found.as_kept())
            else:
                self._tell(counted=found)
        return False

    def _take(self) -> bool:
        """Begin, unless it is done or somebody counts already."""
        free = or_(PolicyTrial.beat_at.is_(None), PolicyTrial.beat_at < clock.now() - SILENT)
        return self._store([PolicyTrial.state != "done", free], state="counting", counted=0)

    def _tell(self, **values: object) -> None:
        self._store([], **values)

    def _store(self, conditions: list[ColumnElement[bool]], **values: object) -> bool:
        """Write in a transaction of its own: nobody waits while it counts."""
        start_writing()
        wanted = update(PolicyTrial).where(PolicyTrial.id == self.trial_id, *conditions)
        changed = ask(wanted.values(beat_at=clock.now(), **values)).rowcount
        store()
        return bool(changed == 1)


@dataclass(frozen=True)
class Difference:
    """One number that is tried."""

    number: numbers.Number
    before: int
    after: int


@dataclass(frozen=True)
class Moved:
    """Somebody for whom other numbers would have made a difference, under the name that boards show."""

    name: str | None
    change: trial.Change


@dataclass(frozen=True)
class Tried:
    """A trial as it is looked at."""

    row: PolicyTrial
    differences: tuple[Difference, ...]
    outcome: Outcome | None
    people: tuple[Moved, ...]
    obstacle: str | None  # what keeps it from being put into effect

    @property
    def percent(self) -> int:
        """How far the count is."""
        return 100 * self.row.counted // self.row.whole if self.row.whole else 0


def look(trial_id: int) -> Tried:
    """A trial, with what came out as far as it is counted. One that stands still is begun again after the response."""
    row = db.session.get(PolicyTrial, trial_id)
    if row is None:
        raise NotFound()
    history = policies.history()
    if row.state != "done":
        afterwards(Count(row.id))
    outcome = Outcome.read(row.result) if row.state == "done" else None
    held = history.of(row.against)
    differences = differences_between(held, numbers.applied(row.numbers, rules.POLICY, held.version + 1))
    return Tried(row, differences, outcome, _people(outcome), _obstacle(row, history.newest.version, clock.now()))


def differences_between(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """The numbers that two policies have otherwise, in the order of the rules."""
    pairs = ((number, number.of(before), number.of(after)) for number in numbers.NUMBERS)
    return tuple(Difference(number, old, new) for number, old, new in pairs if old != new)


def _people(outcome: Outcome | None) -> tuple[Moved, ...]:
    """Under the names that boards show: who is hidden there is hidden here."""
    changes = outcome.most if outcome else ()
    name = case((Person.board_mode == "alias", Person.alias), else_=Person.name)
    shown = select(Person.id, name).where(Person.id.in_({each.person_id for each in changes}))
    names = {row[0]: row[1] for row in db.session.execute(shown.where(Person.board_mode != "hidden"))}
    return tuple(Moved(names.get(each.person_id), each) for each in changes)


def _obstacle(row: PolicyTrial, newest: int, now: datetime) -> str | None:
    if row.state != "done":
        return NOT_COUNTED
    if row.against != newest:
        return OVERTAKEN
    return OLD if row.at < now - FRESH else None


@deed
def put_into_effect(trial_id: int, reason: str, *, by: Person) -> None:
    """Let the numbers of a trial hold from now on. What was paid stays as it is."""
    if problem := rules.note_problem(reason):
        raise NotValid(problem, fields={"reason": [problem]})
    row = db.session.get(PolicyTrial, trial_id)
    if row is None:
        raise NotFound()
    newest = policies.history().newest.version
    if obstacle := _obstacle(row, newest, clock.now()):
        raise Conflict(obstacle)
    version = newest + 1  # its key: of two at once one is told that the other was quicker
    db.session.add(
        PointPolicy(
            version=version, numbers=row.numbers, reason=sharing.words(reason, "reason"), by_id=by.id, at=clock.now()
        )
    )
    db.session.flush()
    publish(NumbersChanged(version), by=by)


@dataclass(frozen=True)
class Step:
    """A version of the numbers as the rule book tells it."""

    version: int
    at: datetime
    reason: str
    differences: tuple[Difference, ...]


def steps(history: policies.History, most: int = 20) -> Sequence[Step]:
    """The last changes of the numbers, the newest first; nobody is named."""
    newer = select(PointPolicy).order_by(PointPolicy.version.desc()).limit(most)
    return [
        Step(row.version, row.at, row.reason, _of(history, row.version))
        for row in (db.session.scalars(newer) if len(history.versions) > 1 else ())
    ]


def _of(history: policies.History, version: int) -> tuple[Difference, ...]:
    return differences_between(history.of(version - 1), history.of(version))
