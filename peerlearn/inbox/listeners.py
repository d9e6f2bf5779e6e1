"""The inbox hears what concerns people and writes it down, in the same transaction as the deed."""

from __future__ import annotations

from collections.abc import Sequence

from peerlearn.core.db import db
from peerlearn.core.events import Recorded, listens
from peerlearn.core.upsert import insert_into
from peerlearn.inbox import rules
from peerlearn.inbox.models import Notice

KEY = ("person_id", "kind", "source")


@listens(*rules.EVENTS)
def tell(records: Sequence[Recorded]) -> None:
    """Write every notice of a deed in one statement; what was told before is not told again."""
    rows = [
        {
            "person_id": telling.person_id,
            "kind": telling.kind,
            "source": telling.source,
            "data": dict(telling.data),
            "at": record.at,
        }
        for record, telling in rules.tellings(records)
    ]
    if rows:
        db.session.execute(insert_into(Notice).values(rows).on_conflict_do_nothing(index_elements=KEY))
