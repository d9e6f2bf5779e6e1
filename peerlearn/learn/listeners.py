"""Attempts hear of what changes for the people who take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from peerlearn.accounts.events import PaceChanged
from peerlearn.core.events import Recorded, listens
from peerlearn.learn import lengthening


@listens(PaceChanged)
def lengthen(records: Sequence[Recorded]) -> None:
    """Whoever is given more time has it in the quiz that is open before them."""
    lengthening.follow_pace({cast(PaceChanged, record.event).person_id for record in records})
