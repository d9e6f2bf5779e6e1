"""The life of a lesson's text: the places where it can be, and which act moves it from where to where, by whom.

This table is the only one. What revisions may do (`rules.MOVES`), what curators and owners are offered, and the drawing
in the docs are read from it. Where somebody stands who had a hand in the text, conflicts of interest say beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from peerlearn.core.words import N_


class Place(StrEnum):
    """Where a text is. Those after published follow from its lesson and from dates: no revision stores them."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"  # submitted, while a curator's claim holds
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    SCHEDULED = "scheduled"
    DISCARDED = "discarded"
    SUPERSEDED = "superseded"
    PUBLISHED = "published"
    DUE = "due"
    STALE = "stale"
    UNVERIFIED = "unverified"
    QUARANTINED = "quarantined"
    ARCHIVED = "archived"


AUTHOR, OWNER, CURATOR, HOUSE = "author", "owner", "curator", "house"
_WAITING = (Place.SUBMITTED, Place.IN_REVIEW)
_WRITTEN = (Place.DRAFT, Place.CHANGES_REQUESTED, Place.REJECTED)
SHOWN = (Place.PUBLISHED, Place.DUE, Place.STALE, Place.UNVERIFIED)
"""Where colleagues can learn it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done: by whom, in which places, and where it leads; None leaves the text where it is."""

    slug: str
    who: tuple[str, ...]
    places: tuple[Place, ...]
    leads_to: Place | None = None


ACTS = {
    act.slug: act
    for act in (
        Act("save", (AUTHOR,), _WRITTEN),
        Act("submit", (AUTHOR,), _WRITTEN, Place.SUBMITTED),
        Act("appeal", (AUTHOR,), (Place.REJECTED,), Place.SUBMITTED),
        Act("withdraw", (AUTHOR,), (*_WAITING, Place.SCHEDULED), Place.DRAFT),
        Act("discard", (AUTHOR,), _WRITTEN, Place.DISCARDED),
        Act("claim", (CURATOR,), _WAITING, Place.IN_REVIEW),
        Act("release", (CURATOR,), _WAITING, Place.SUBMITTED),
        Act("request_changes", (CURATOR,), _WAITING, Place.CHANGES_REQUESTED),
        Act("reject", (CURATOR,), _WAITING, Place.REJECTED),
        Act("approve", (CURATOR,), _WAITING, Place.PUBLISHED),
        Act("schedule", (CURATOR,), _WAITING, Place.SCHEDULED),
        Act("publish_edit", (HOUSE,), (Place.SUBMITTED,), Place.PUBLISHED),
        Act("publish_now", (CURATOR,), (Place.SCHEDULED,), Place.PUBLISHED),
        Act("go_live", (HOUSE,), (Place.SCHEDULED,), Place.PUBLISHED),
        Act("supersede", (HOUSE,), (*SHOWN, Place.QUARANTINED, Place.ARCHIVED), Place.SUPERSEDED),
        Act("verify", (OWNER, CURATOR), SHOWN, Place.PUBLISHED),
        Act("quarantine", (CURATOR,), SHOWN, Place.QUARANTINED),
        Act("hide_flagged", (HOUSE,), SHOWN, Place.QUARANTINED),
        Act("hide_confidential", (HOUSE,), SHOWN, Place.QUARANTINED),
        Act("show_again", (CURATOR,), (Place.QUARANTINED,), Place.PUBLISHED),
        Act("archive", (OWNER, CURATOR), (*SHOWN, Place.QUARANTINED), Place.ARCHIVED),
        Act("expire", (HOUSE,), (Place.UNVERIFIED,), Place.ARCHIVED),
        Act("bring_back", (CURATOR,), (Place.ARCHIVED,), Place.PUBLISHED),
    )
}
BY_TIME = (
    (Place.IN_REVIEW, Place.SUBMITTED, N_("two working days after the claim")),
    (Place.PUBLISHED, Place.DUE, N_("14 days before the next check")),
    (Place.DUE, Place.STALE, N_("when the check is late")),
    (Place.STALE, Place.UNVERIFIED, N_("31 days late")),
)
"""What follows from the calendar alone, without anybody doing or storing anything."""


def may(act: str, place: str, who: str) -> bool:
    """Whether `who` (author, owner, curator, house) may do this to a text that is there."""
    one = ACTS[act]
    return who in one.who and Place(place) in one.places


def place_of(revision: str, lesson: str = "published", *, claimed: bool = False, freshness: str = "published") -> Place:
    """Where a text is, from what is stored of its revision and lesson, whether a claim holds, and what dates say."""
    if revision == Place.SUBMITTED and claimed:
        return Place.IN_REVIEW
    if revision == Place.PUBLISHED:
        return Place(lesson if lesson in (Place.QUARANTINED, Place.ARCHIVED) else freshness)
    return Place(revision)


def stored(place: Place) -> str:
    """What the revision of a text that is there says."""
    if place is Place.IN_REVIEW:
        return str(Place.SUBMITTED)
    return str(Place.PUBLISHED) if place in (*SHOWN, Place.QUARANTINED, Place.ARCHIVED) else str(place)


def moves_of_revisions() -> dict[tuple[str, str], str]:
    """Who moves a revision from which stored state to which."""
    moves: dict[tuple[str, str], str] = {}
    for act in ACTS.values():
        for place in act.places:
            pair = stored(place), stored(act.leads_to or place)
            if pair[0] != pair[1]:
                moves.setdefault(pair, act.who[0])
    return moves


def offered(place: str, who: tuple[str, ...]) -> list[str]:
    """What somebody who is all of these may do to a text that is there."""
    return [act.slug for act in ACTS.values() if Place(place) in act.places and set(who) & set(act.who)]


def drawing() -> str:
    """The machine as a Mermaid diagram, for the docs."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    for act in ACTS.values():
        if act.leads_to is not None:
            by = " or ".join(act.who)
            lines += [f"    {one} --> {act.leads_to}: {act.slug} ({by})" for one in act.places if one != act.leads_to]
    lines += [f"    {old} --> {new}: {words}" for old, new, words in BY_TIME]
    return "\n".join(lines) + "\n"
