"""What happens to suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event
from peerlearn.core.words import N_


@dataclass(frozen=True)
class SuggestionMade(Event):
    """A reader suggested other words for a card or question."""

    told: ClassVar[str] = N_("%(actor)s suggested a change to lesson %(lesson_id)s (suggestion %(suggestion_id)s)")
    suggestion_id: int
    lesson_id: int
    author_ids: tuple[int, ...]


@dataclass(frozen=True)
class SuggestionAccepted(Event):
    """An author or a curator took a suggestion over.

    `is_published`: readers see it at once. `is_handed_in`: a curator took it over, and it waits for review.
    `is_content`: more changed than looks. `earlier` counts what was accepted between the same two people in the 30 days
    before.
    """

    told: ClassVar[str] = N_("%(actor)s accepted suggestion %(suggestion_id)s to lesson %(lesson_id)s")
    suggestion_id: int
    lesson_id: int
    suggester_id: int
    revision_id: int | None
    author_ids: tuple[int, ...]
    is_published: bool
    is_content: bool
    earlier: int
    is_handed_in: bool = False


@dataclass(frozen=True)
class SuggestionDeclined(Event):
    """An author or a curator did not take a suggestion over, and said why."""

    told: ClassVar[str] = N_("%(actor)s declined suggestion %(suggestion_id)s to lesson %(lesson_id)s")
    suggestion_id: int
    lesson_id: int
    suggester_id: int
