"""The engine hears every event that a rule names, and pays in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from peerlearn.core import facts
from peerlearn.core.deeds import publish
from peerlearn.core.events import Recorded, listens
from peerlearn.learn.events import LessonPassed, PretestAnswered
from peerlearn.points import correcting, engine, ledger, past, queries, rules, state, taking_back
from peerlearn.points.engine import Entry, Held
from peerlearn.points.events import PointsHeld
from peerlearn.points.ledger import Sums
from peerlearn.practice.events import DailySetFinished, ItemReviewed, MissedItemRecalled
from peerlearn.streaks.events import DayCounted, WeeklyGoalMet
from peerlearn.suggestions import limits

# What a learner does in a request pays nobody else, so their turn can be taken before anybody knows whom it pays.
OWN_DEEDS = (LessonPassed, PretestAnswered, ItemReviewed, DailySetFinished, MissedItemRecalled)
facts.ask_along("turn", OWN_DEEDS, state.turn_of)
limits.lift_for(queries.suggests_freely)


@listens(*rules.EVENTS, DayCounted)
def score(records: Sequence[Recorded]) -> None:
    """Decide what these deeds earn, write it down, and say so. Active days are added up in the same statement."""
    concerned = [(rule, record) for record in records for rule in rules.RULES if isinstance(record.event, rule.event)]
    people = {person for rule, record in concerned for person, _ in rule.who(record)}
    outcomes: list[Entry | Held] = []
    if people:
        sources = {rule.source(record.event) for rule, record in concerned}
        waited = [record.known["turn"] for record in records if "turn" in record.known]
        known = state.load(people, sources, min(record.day for record in records), waited)
        outcomes = engine.decide(records, rules.RULES, known.accounts, known.policy)
    entries = [item for item in outcomes if isinstance(item, Entry)]
    taking_back.announce(ledger.enter(entries, sums=_days(records)))
    for posted in ledger.hold([item for item in outcomes if isinstance(item, Held)]):
        entry = posted.entry
        publish(PointsHeld(entry.person_id, posted.id, entry.rule, entry.amount), by=None)


def _days(records: Sequence[Recorded]) -> Sums:
    """What these records add to the sums of active days and weekly goals."""
    sums: Sums = {}
    for event in (record.event for record in records):
        if isinstance(event, DayCounted):
            ledger.count_day(sums, event.person_id, event.day)
        elif isinstance(event, WeeklyGoalMet):
            ledger.count_goal(sums, event.person_id, date.fromisoformat(event.week))
    return sums


@listens(*past.CORRECTIONS)
def follow_corrections(records: Sequence[Recorded]) -> None:
    """Pay and take back what follows when answers were marked again."""
    correcting.correct(records)
