"""The life of a lesson's text: the places where it can be, and which act moves it from where to where, by whom.

This table is the only one. What revisions may do (`rules.MOVES`), what may happen to a review (`review/acts.py`), what
curators and owners are offered, and the drawing in the docs are read from it. Where somebody stands who had a hand in
the text, conflicts of interest say beside it.
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


class Part(StrEnum):
    """What is kept of a lesson, in parts: an act says which of them it may change, and changes nothing else."""

    PLACE = "place"  # where this text is, and whether its lesson is shown
    WORDS = "words"  # what this text says, and how it is rendered
    SHOWN = "shown"  # what the lesson says to others: its text, its name and address, who it is for
    NEXT = "next text"  # another text of the lesson: begun, handed in, published, changed
    CLAIM = "claim"  # who holds the review, or may first
    ASKED = "who is asked"  # to review or advise, and to whom else it is open
    VERDICT = "verdict"  # what was decided, with its reasons; also of one of two
    REMARKS = "remarks"
    CHECK = "check"  # when it was read again, and when it has to be
    AUTHORS = "authors"  # and who of them owns it
    CREDIT = "credit"  # whose words are in it
    LENGTH = "length"  # that a curator allowed
    MERGE = "merge"  # which lesson it went into


AUTHOR, OWNER, CURATOR, HOUSE, PEER, READER = "author", "owner", "curator", "house", "peer", "reader"
KEEPER = "keeper"  # who looks after some topic, or after all of them
ADMIN = "administrator"
FOR_ALL, FOR_SOME = "for everybody", "for some"
_WAITING = (Place.SUBMITTED, Place.IN_REVIEW)
_OPEN = (*_WAITING, Place.APPROVED_ONCE)
_WRITTEN = (Place.DRAFT, Place.CHANGES_REQUESTED, Place.REJECTED)
SHOWN = (Place.PUBLISHED, Place.DUE, Place.STALE, Place.UNVERIFIED)
"""Where colleagues can learn it."""
_LIVE = (*SHOWN, Place.QUARANTINED, Place.ARCHIVED)
_OVER = (*_LIVE, Place.DISCARDED, Place.SUPERSEDED)
_CALM = (*_WRITTEN, *_OVER)  # no curator has it, and it waits for no day
_REVIEW = (Part.CLAIM, Part.ASKED)
_DECISION = (*_REVIEW, Part.VERDICT)
_NEW = (Part.SHOWN, Part.NEXT)
_TAKEN = (Part.WORDS, Part.CREDIT)
_LEFT = (*_WRITTEN, Place.SCHEDULED, *SHOWN, Place.QUARANTINED)  # what needs an owner who is here
_NOT_DOUBTED = tuple(place for place in _LEFT if place is not Place.PUBLISHED)  # by handing it over
_HANDED_OVER = (Part.AUTHORS, Part.CHECK)
_PUBLISHED = (*_DECISION, Part.WORDS, Part.SHOWN, Part.NEXT, Part.CHECK, Part.AUTHORS, Part.LENGTH, Part.MERGE)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done: by whom, in which places, and where it leads; None leaves the text where it is.

    `stays` are places that it does not lead away from. `changes` are the parts of the lesson that it may change besides
    the place. `only` says for whom the lessons are with which it is done, where that matters: two curators approve what
    is not for everybody. With `holds`, nobody else may hold the review while it is done.
    """

    slug: str
    who: tuple[str, ...]
    places: tuple[Place, ...]
    leads_to: Place | None = None
    stays: tuple[Place, ...] = ()
    only: str = ""
    changes: tuple[Part, ...] = ()
    holds: bool = False

    def to(self, place: Place) -> Place:
        """Where it leads a text that is there."""
        return place if self.leads_to is None or place in self.stays else self.leads_to


_ONCE = (Place.APPROVED_ONCE,)
_WRITING = (
    Act("save", (AUTHOR,), _WRITTEN, changes=(Part.WORDS,)),
    Act("submit", (AUTHOR,), _WRITTEN, Place.SUBMITTED, changes=(Part.WORDS, Part.SHOWN, *_REVIEW)),
    Act("appeal", (AUTHOR,), (Place.REJECTED,), Place.SUBMITTED, changes=_DECISION),
    Act("withdraw", (AUTHOR,), (*_OPEN, Place.SCHEDULED), Place.DRAFT, changes=_DECISION),
    Act("discard", (AUTHOR,), _WRITTEN, Place.DISCARDED),
    Act("revise", (AUTHOR,), tuple(Place), changes=(Part.NEXT,)),
    Act("restore", (AUTHOR,), _CALM, Place.DISCARDED, stays=_OVER, changes=(Part.NEXT,)),
    Act("bring_file", (AUTHOR,), _CALM, Place.DISCARDED, _CALM[1:], changes=(Part.WORDS, Part.NEXT)),
    Act("accept", (AUTHOR,), _WRITTEN, changes=(Part.WORDS, Part.REMARKS, Part.CREDIT)),
    Act("answer", (AUTHOR,), tuple(Place), changes=(Part.REMARKS,)),
    Act("settle", (AUTHOR,), tuple(Place), changes=(Part.REMARKS,)),
    Act("take_in", (AUTHOR,), (Place.DRAFT, *_LIVE, Place.SUPERSEDED), changes=(*_TAKEN, Part.NEXT)),
)
_REVIEWING = (
    Act("claim", (CURATOR,), _OPEN, Place.IN_REVIEW, _ONCE, changes=_REVIEW, holds=True),
    Act("remark", (CURATOR,), _OPEN, Place.IN_REVIEW, _ONCE, changes=(*_REVIEW, Part.REMARKS), holds=True),
    Act("unremark", (CURATOR,), _OPEN, changes=(Part.REMARKS,)),
    Act("reply", (CURATOR,), _OPEN, changes=(Part.REMARKS,)),
    Act("resolve", (CURATOR,), _OPEN, changes=(Part.REMARKS,)),
    Act("release", (CURATOR,), _OPEN, Place.SUBMITTED, _ONCE, changes=(Part.CLAIM,)),
    Act("decline", (CURATOR,), _OPEN, Place.SUBMITTED, _ONCE, changes=_REVIEW),
    Act("request_changes", (CURATOR,), _OPEN, Place.CHANGES_REQUESTED, changes=_DECISION, holds=True),
    Act("reject", (CURATOR,), _OPEN, Place.REJECTED, changes=_DECISION, holds=True),
    Act("approve", (CURATOR,), _WAITING, Place.PUBLISHED, (), FOR_ALL, _PUBLISHED, holds=True),
    Act("schedule", (CURATOR,), _WAITING, Place.SCHEDULED, (), FOR_ALL, (*_DECISION, Part.WORDS, Part.LENGTH), True),
    Act("approve_first", (CURATOR,), _WAITING, Place.APPROVED_ONCE, (), FOR_SOME, (*_DECISION, Part.LENGTH), True),
    Act("approve_second", (CURATOR,), _ONCE, Place.PUBLISHED, (), FOR_SOME, _PUBLISHED, holds=True),
    Act("schedule_second", (CURATOR,), _ONCE, Place.SCHEDULED, (), FOR_SOME, (*_DECISION, Part.WORDS), holds=True),
    Act("advise", (PEER,), _OPEN, changes=(Part.ASKED,)),
    Act("decline_advice", (PEER,), _OPEN, changes=(Part.ASKED,)),
    Act("check_answers", (PEER,), _OPEN),
    Act("hand_up", (HOUSE,), _OPEN, changes=(Part.ASKED,)),
    Act("ask_peers", (HOUSE,), _OPEN, changes=(Part.ASKED,)),
    Act("ask_curators", (HOUSE,), _OPEN, changes=(Part.ASKED,)),
    Act("escalate", (HOUSE,), _OPEN, changes=(Part.ASKED,)),
    Act("publish_edit", (HOUSE,), (Place.SUBMITTED,), Place.PUBLISHED, changes=_PUBLISHED),
    Act("publish_now", (CURATOR,), (Place.SCHEDULED,), Place.PUBLISHED, changes=_PUBLISHED),
    Act("go_live", (HOUSE,), (Place.SCHEDULED,), Place.PUBLISHED, changes=_PUBLISHED),
    Act("recall", (HOUSE,), (*_OPEN, Place.SCHEDULED), Place.DRAFT, changes=(*_DECISION, Part.WORDS, *_NEW)),
)
AFTERWARDS = (
    Act("supersede", (HOUSE,), _LIVE, Place.SUPERSEDED, changes=_PUBLISHED),
    Act("take_over", (CURATOR,), SHOWN, Place.SUPERSEDED, (), FOR_ALL, (*_NEW, *_TAKEN, Part.AUTHORS)),
    Act("hand_in_words", (CURATOR,), SHOWN, None, (), FOR_SOME, (*_NEW, *_TAKEN)),
    Act("correct", (CURATOR,), SHOWN, Place.SUPERSEDED, changes=(*_NEW, Part.WORDS)),
    Act("verify", (OWNER, CURATOR), SHOWN, Place.PUBLISHED, changes=(Part.CHECK,)),
    Act("verify_many", (OWNER, CURATOR), SHOWN[1:], Place.PUBLISHED, changes=(Part.CHECK,)),
    Act("verify_by_mail", (OWNER,), SHOWN, Place.PUBLISHED, (), FOR_ALL, (Part.CHECK,)),
    Act("doubt", (OWNER, KEEPER), SHOWN, Place.DUE, SHOWN[1:], changes=(Part.CHECK,)),
    Act("report", (READER,), SHOWN),
    Act("quarantine", (CURATOR,), SHOWN, Place.QUARANTINED),
    Act("hide_flagged", (HOUSE,), SHOWN, Place.QUARANTINED),
    Act("hide_confidential", (HOUSE,), SHOWN, Place.QUARANTINED),
    Act("show_again", (CURATOR,), (Place.QUARANTINED,), Place.PUBLISHED, changes=_HANDED_OVER),
    Act("archive", (OWNER, CURATOR), (*SHOWN, Place.QUARANTINED), Place.ARCHIVED),
    Act("expire", (HOUSE,), (Place.UNVERIFIED,), Place.ARCHIVED),
    Act("bring_back", (CURATOR,), (Place.ARCHIVED,), Place.PUBLISHED, changes=(*_HANDED_OVER, Part.MERGE)),
    Act("merge", (CURATOR,), SHOWN, Place.ARCHIVED, (), FOR_ALL, (Part.MERGE,)),
    Act("unmerge", (CURATOR,), (Place.ARCHIVED,), Place.PUBLISHED, (), FOR_ALL, (*_HANDED_OVER, Part.MERGE)),
    Act("hand_over", (HOUSE,), (*_OPEN, *_LEFT), Place.DUE, (*_OPEN, *_NOT_DOUBTED), changes=_HANDED_OVER),
    Act("name_owner", (ADMIN,), _LEFT, changes=(Part.AUTHORS,)),
)
ACTS = {act.slug: act for act in (*_WRITING, *_REVIEWING, *AFTERWARDS)}
"""Everything that is done to a lesson's text, or to what is kept beside it. What is not here cannot be done."""

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


def listing() -> str:
    """Every act with what it may change besides the place, as a Markdown table for the docs."""
    lines = ["| act | by | may change |", "|---|---|---|"]
    for act in ACTS.values():
        changes = ", ".join(dict.fromkeys(act.changes)) or "nothing"
        lines.append(f"| {act.slug} | {' or '.join(act.who)}{', ' + act.only if act.only else ''} | {changes} |")
    return "\n".join(lines) + "\n"
