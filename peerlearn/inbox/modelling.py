"""What administrators hear about the memory model, once a month. Like all notices these stand in `rules.KINDS`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from peerlearn.core.events import Event
from peerlearn.core.words import N_
from peerlearn.inbox.kind import Kind, flag_is
from peerlearn.practice.events import MonthCalibrated

REPORT: tuple[str, tuple[str, ...]] = ("practice.memory_model", ())


def _administrators(event: Event) -> tuple[int, ...]:
    return cast(MonthCalibrated, event).told_ids


def _month(event: Event) -> str:
    """Of which month it is, so that it is told once."""
    return f"month:{cast(MonthCalibrated, event).month}"


def _begins(event: Event) -> Mapping[str, Any]:
    return {"begins_on": cast(MonthCalibrated, event).month}


MODELLING: tuple[Kind, ...] = (
    Kind(
        "month_calibrated",
        MonthCalibrated,
        "activity",
        N_("For the month from %(begins_on)s you can read how well the memory model expected what people recalled."),
        REPORT,
        _administrators,
        _month,
        _begins,
        flag_is("is_off", False),
        own_deeds=True,
    ),
    Kind(
        "month_off",
        MonthCalibrated,
        "triangle-alert",
        N_("In the month from %(begins_on)s the memory model was too far off. The report says what to do."),
        REPORT,
        _administrators,
        _month,
        _begins,
        flag_is("is_off", True),
        own_deeds=True,
    ),
)
