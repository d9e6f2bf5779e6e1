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
    APPROVED_ONCE = "approved_once"  # submitted, and the first of two curators approved it
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
FOR_ALL, FOR_SOME = "for everybody", "for some"
_WAITING = (Place.SUBMITTED, Place.IN_REVIEW)
_OPEN = (*_WAITING, Place.APPROVED_ONCE)
_WRITTEN = (Place.DRAFT, Place.CHANGES_REQUESTED, Place.REJECTED)
SHOWN = (Place.PUBLISHED, Place.DUE, Place.STALE, Place.UNVERIFIED)
"""Where colleagues can learn it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done: by whom, in which places, and where it leads; None leaves the text where it is.

    `stays` are places that it does not lead away from. `only` says for whom the lessons are with which it is done,
    where that matters: two curators approve what is not for everybody.
    """

    slug: str
    who: tuple[str, ...]
    places: tuple[Place, ...]
    leads_to: Place | None = None
    stays: tuple[Place, ...] = ()
    only: str = ""

    def to(self, place: Place) -> Place:
        """Where it leads a text that is there."""
        return place if self.leads_to is None or place in self.stays else self.leads_to


ACTS = {
    act.slug: act
    for act in (
        Act("save", (AUTHOR,), _WRITTEN),
        Act("submit", (AUTHOR,), _WRITTEN, Place.SUBMITTED),
        Act("appeal", (AUTHOR,), (Place.REJECTED,), Place.SUBMITTED),
        Act("withdraw", (AUTHOR,), (*_OPEN, Place.SCHEDULED), Place.DRAFT),
        Act("discard", (AUTHOR,), _WRITTEN, Place.DISCARDED),
        Act("claim", (CURATOR,), _OPEN, Place.IN_REVIEW, stays=(Place.APPROVED_ONCE,)),
        Act("release", (CURATOR,), _OPEN, Place.SUBMITTED, stays=(Place.APPROVED_ONCE,)),
        Act("request_changes", (CURATOR,), _OPEN, Place.CHANGES_REQUESTED),
        Act("reject", (CURATOR,), _OPEN, Place.REJECTED),
        Act("approve", (CURATOR,), _WAITING, Place.PUBLISHED, only=FOR_ALL),
        Act("schedule", (CURATOR,), _WAITING, Place.SCHEDULED, only=FOR_ALL),
        Act("approve_first", (CURATOR,), _WAITING, Place.APPROVED_ONCE, only=FOR_SOME),
        Act("approve_second", (CURATOR,), (Place.APPROVED_ONCE,), Place.PUBLISHED, only=FOR_SOME),
        Act("schedule_second", (CURATOR,), (Place.APPROVED_ONCE,), Place.SCHEDULED, only=FOR_SOME),
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


def place_of(
    revision: str,
    lesson: str = "published",
    *,
    claimed: bool = False,
    approved_once: bool = False,
    freshness: str = "published",
) -> Place:
    """Where a text is: from what is stored of its revision, lesson and review, whether a claim holds, and dates."""
    if revision == Place.SUBMITTED and (claimed or approved_once):
        return Place.APPROVED_ONCE if approved_once else Place.IN_REVIEW
    if revision == Place.PUBLISHED:
        return Place(lesson if lesson in (Place.QUARANTINED, Place.ARCHIVED) else freshness)
    return Place(revision)


def stored(place: Place) -> str:
    """What the revision of a text that is there says."""
    if place in _OPEN:
        return str(Place.SUBMITTED)
    return str(Place.PUBLISHED) if place in (*SHOWN, Place.QUARANTINED, Place.ARCHIVED) else str(place)


def moves_of_revisions() -> dict[tuple[str, str], str]:
    """Who moves a revision from which stored state to which."""
    moves: dict[tuple[str, str], str] = {}
    for act in ACTS.values():
        for place in act.places:
            pair = stored(place), stored(act.to(place))
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
        by = " or ".join(act.who) + (f", {act.only}" if act.only else "")
        moves = ((one, act.to(one)) for one in act.places)
        lines += [f"    {old} --> {new}: {act.slug} ({by})" for old, new in moves if old != new]
    lines += [f"    {old} --> {new}: {words}" for old, new, words in BY_TIME]
    return "\n".join(lines) + "\n"
