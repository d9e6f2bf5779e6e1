"""Badges hear the news that can bring them, and only those are judged."""

from __future__ import annotations

from collections.abc import Sequence

from peerlearn.badges import queries, rules
from peerlearn.badges.events import BadgeEarned
from peerlearn.badges.models import Award
from peerlearn.core.db import ask, table_of
from peerlearn.core.deeds import publish
from peerlearn.core.events import Recorded, listens
from peerlearn.core.upsert import insert_into


@listens(*rules.EVENTS)
def judge(records: Sequence[Recorded]) -> None:
    """Award every tier that these deeds' people have reached, each once and for good."""
    listening: dict[str, rules.Badge] = {}
    candidates: dict[tuple[int, str], Recorded] = {}
    for record in records:
        for badge in rules.listening_to(record.event):
            listening[badge.slug] = badge
            candidates |= {(person_id, badge.slug): record for person_id in rules.concerned(record)}
    known = queries.records({person_id for person_id, _ in candidates}, listening.values())
    rows = []
    for (person_id, slug), record in candidates.items():
        if person_id not in known:
            continue
        badge, person = listening[slug], known[person_id]
        rows += [
            {
                "person_id": person_id,
                "badge": slug,
                "tier": tier,
                "rule_version": badge.version,
                "at": record.at,
                "fact_id": record.fact_id,
            }
            for tier in range(person.held[slug] + 1, badge.reached(person.measures) + 1)
        ]
    if not rows:
        return
    award_of = table_of(Award).c
    statement = insert_into(Award).on_conflict_do_nothing()
    for award in ask(statement.returning(award_of.person_id, award_of.badge, award_of.tier), rows):
        publish(BadgeEarned(award.person_id, award.badge, award.tier), by=None)
