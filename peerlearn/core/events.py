"""What happened: typed facts that features announce and higher features listen to.

An event is a frozen dataclass in the past tense holding ids and plain values only, never personal data. Arrows point
up the staircase: a feature listens to those below it. `peerlearn events` prints the whole map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """Something that happened. `kept` events are stored as facts; others leave a record of their own.

    `personal` ones say how somebody learns; they are no one else's to read in the record of what happened.
    `administrative` ones change what people may do, or what holds for all; the record is searched for these.
    """

    kept: ClassVar[bool] = True
    personal: ClassVar[bool] = False
    administrative: ClassVar[bool] = False
    told: ClassVar[str] = ""  # the sentence in the record of what happened; see accounts/record.py for its names


def sentences() -> dict[str, str]:
    """How each kind of event is told, by its name."""
    return {kind.__name__: kind.told for kind in Event.__subclasses__() if kind.told}


def personal_names() -> frozenset[str]:
    """The names of all events that are only the actor's own to read."""
    return frozenset(kind.__name__ for kind in Event.__subclasses__() if kind.personal)


def administrative_names() -> frozenset[str]:
    """The names of all events by which somebody administrates."""
    return frozenset(kind.__name__ for kind in Event.__subclasses__() if kind.administrative)


@dataclass(frozen=True)
class Recorded:
    """An event with when, by whom and on which local date of that person; `fact_id` is None when it is not kept.

    `known` is what listeners asked about that person in a statement of the deed; see `facts.ask_along`.
    """

    event: Event
    at: datetime
    day: date
    actor_id: int | None
    fact_id: int | None = None
    known: Mapping[str, Any] = field(default_factory=dict, compare=False)


Listener = Callable[[Sequence[Recorded]], None]
Ahead = Callable[[Recorded], bool]


def always(record: Recorded) -> bool:
    """For listeners that never look at the stored fact."""
    return True


def never(record: Recorded) -> bool:
    """For listeners that keep the fact's id or want what its statement tells."""
    return False


@dataclass(frozen=True)
class Subscription:
    """One listener and the events it hears, in the order in which features were loaded.

    What it can hear `ahead` it gets before facts are stored, so that what it announces is stored together with them.
    """

    listener: Listener
    types: tuple[type[Event], ...]
    ahead: Ahead = never


SUBSCRIPTIONS: list[Subscription] = []


def listens(*types: type[Event], ahead: Ahead = never) -> Callable[[Listener], Listener]:
    """Mark a function of a `listeners.py` as hearing these events. It gets all of a deed's events at once, in order."""

    def mark(listener: Listener) -> Listener:
        SUBSCRIPTIONS.append(Subscription(listener, types, ahead))
        return listener

    return mark


def listener_map() -> list[tuple[str, list[str]]]:
    """Each event's name with its listeners in the order in which they run."""
    rows: dict[str, list[str]] = {}
    for subscription in SUBSCRIPTIONS:
        for kind in subscription.types:
            name = f"{kind.__module__.split('.')[1]}.{kind.__name__}"
            target = subscription.listener
            rows.setdefault(name, []).append(f"{target.__module__.split('.')[1]}.{target.__name__}")
    return sorted(rows.items())
