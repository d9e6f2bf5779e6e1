"""Badges hear the news that can bring them, and only those are judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from peerlearn.badges import queries, rules
from peerlearn.badges.badge import Badge
from peerlearn.badges.events import BadgeEarned
from peerlearn.badges.models import Award
from peerlearn.core.db import ask, table_of
from peerlearn.core.deeds import publish
from peerlearn.core.events import Recorded, listens
from peerlearn.core.upsert import insert_into


@listens(*rules.EVENTS)
def judge(records: Sequence[Recorded]) -> None:
    """Award every tier that these deeds' people have reached, each once and for good."""
    rows: list[dict[str, Any]] = []
    unknown: dict[tuple[int, str], Recorded] = {}
    for record in records:
        told = rules.measures_told(record.event)
        for badge in rules.listening_to(record.event):
            for person_id in rules.concerned(record):
                if told is None:
                    unknown[person_id, badge.slug] = record
                else:
                    rows += _tiers(badge, badge.reached(told), 0, person_id, record)
    rows += _asked(unknown)
    if not rows:
        return
    award_of = table_of(Award).c
    is_quiet = all(record.actor_id is None for record in records)
    statement = insert_into(Award).on_conflict_do_nothing()
    for award in ask(statement.returning(award_of.person_id, award_of.badge, award_of.tier), rows):
        publish(BadgeEarned(award.person_id, award.badge, award.tier, is_quiet), by=None)


def _asked(unknown: Mapping[tuple[int, str], Recorded]) -> Iterator[dict[str, Any]]:
    """The tiers that are reached by measures which no event told: they and what is held are asked for at once."""
    if not unknown:
        return
    badges = [rules.BY_SLUG[slug] for slug in dict.fromkeys(slug for _, slug in unknown)]
    known = queries.records({person_id for person_id, _ in unknown}, badges)
    for (person_id, slug), record in unknown.items():
        if person_id in known:
            badge, person = rules.BY_SLUG[slug], known[person_id]
            yield from _tiers(badge, badge.reached(person.measures), person.held[slug], person_id, record)


def _tiers(badge: Badge, reached: int, held: int, person_id: int, record: Recorded) -> Iterator[dict[str, Any]]:
    for tier in range(held + 1, reached + 1):
        yield {
            "person_id": person_id,
            "badge": badge.slug,
            "tier": tier,
            "rule_version": badge.version,
            "at": record.at,
            "fact_id": record.fact_id,
        }
