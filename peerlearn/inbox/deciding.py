"""What people hear of decisions about their points. Like all notices these stand in `rules.KINDS`."""

from __future__ import annotations

from typing import cast

from peerlearn.core.words import N_
from peerlearn.inbox.kind import Kind, fields_of, flag_is, person_of, source_by
from peerlearn.points.events import HeldPointsDecided, PointsAppealDecided, PointsReversed

RECEIPTS: tuple[str, tuple[str, ...]] = ("points.receipts", ())

DECIDING: tuple[Kind, ...] = (
    Kind(
        "points_released",
        HeldPointsDecided,
        "sparkles",
        N_("The %(amount)s points that were pending are yours now."),
        RECEIPTS,
        person_of("person_id"),
        source_by("held_id"),
        fields_of("held_id", "amount"),
        flag_is("released", True),
    ),
    Kind(
        "points_refused",
        HeldPointsDecided,
        "scale",
        N_("%(amount)s pending points were not released."),
        RECEIPTS,
        person_of("person_id"),
        source_by("held_id"),
        fields_of("held_id", "amount"),
        flag_is("released", False),
    ),
    Kind(
        "points_reversed",
        PointsReversed,
        "scale",
        N_("%(amount)s points were taken back. The reason stands beside the entry."),
        RECEIPTS,
        person_of("person_id"),
        source_by("entry_id"),
        lambda event: {
            "entry_id": cast(PointsReversed, event).entry_id,
            "amount": abs(cast(PointsReversed, event).amount),
        },
    ),
    Kind(
        "appeal_granted",
        PointsAppealDecided,
        "sparkles",
        N_("Somebody else looked at your appeal: you were right. It brought %(amount)s points."),
        RECEIPTS,
        person_of("person_id"),
        source_by("appeal_id"),
        fields_of("appeal_id", "amount"),
        flag_is("granted", True),
        own_deeds=True,  # a command may have decided
    ),
    Kind(
        "appeal_declined",
        PointsAppealDecided,
        "scale",
        N_("Somebody else looked at your appeal, and the decision about your points stays."),
        RECEIPTS,
        person_of("person_id"),
        source_by("appeal_id"),
        fields_of("appeal_id"),
        flag_is("granted", False),
        own_deeds=True,
    ),
)
