"""Where a review stands, and what its history says of everything that is done to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from peerlearn.core.words import N_
from peerlearn.lessons import machine
from peerlearn.lessons.machine import Place


class State(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


STATE_TITLES = {
    State.OPEN: N_("Waiting"),
    State.APPROVED: N_("Approved"),
    State.CHANGES_REQUESTED: N_("Changes requested"),
    State.REJECTED: N_("Not accepted"),
    State.WITHDRAWN: N_("Withdrawn"),
}

DECIDED = {
    State.APPROVED: N_("%(name)s approved this already. Nothing more is needed."),
    State.CHANGES_REQUESTED: N_("%(name)s asked for changes already. It comes back when the author is done."),
    State.REJECTED: N_("%(name)s decided already not to accept this."),
    State.WITHDRAWN: N_("The author has withdrawn this. It comes back when it is submitted again."),
}
"""What somebody is told who comes after that."""

CURATOR, AUTHOR, PEER, HOUSE = machine.CURATOR, machine.AUTHOR, machine.PEER, machine.HOUSE


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a review: by whom, in which states, and where that leads. `words` is its line in the history.

    With `holds`, nobody else may hold the review while it is done, and doing it claims a review that nobody holds.
    """

    slug: str
    who: str
    states: frozenset[State]
    leads_to: State | None
    words: str
    icon: str
    look: str = "plain"
    holds: bool = False


_ANSWERED = frozenset(State) - {State.OPEN}
_BEGIN = frozenset({"submit", "appeal"})  # what a review begins with
_TO_ANSWERS = frozenset({"accept", "answer", "settle"})  # done to remarks of a review that has its answer


def _state(place: Place) -> State:
    """Where the review of a text is that is there."""
    stored = machine.stored(place)
    if stored in (Place.CHANGES_REQUESTED, Place.REJECTED):
        return State(stored)
    if stored in (Place.DRAFT, Place.DISCARDED):
        return State.WITHDRAWN
    return State.OPEN if stored == Place.SUBMITTED else State.APPROVED


def _line(slug: str, of: str, words: str, icon: str, look: str = "plain", *, is_beside: bool = False) -> Act:
    """A line of the history about an act of `lessons.machine`, which says all but the words.

    `is_beside`: it is said together with another line, which leads on.
    """
    act = machine.ACTS[of]
    states = _ANSWERED if of in _TO_ANSWERS else frozenset(_state(place) for place in act.places)
    states = frozenset({State.OPEN}) if of in _BEGIN else states
    leads_to = None if act.leads_to is None or is_beside else _state(act.leads_to)
    if leads_to in states and slug != "submitted":
        leads_to = None
    return Act(slug, act.who[0], states, leads_to, words, icon, look, act.holds)


ACTS = {
    act.slug: act
    for act in (
        _line("submitted", "submit", N_("%(name)s submitted it for review"), "send", "accent"),
        _line("withdrawn", "withdraw", N_("%(name)s withdrew it"), "rotate-ccw"),
        _line("claimed", "claim", N_("%(name)s began to review it"), "hand-heart", "accent"),
        _line("released", "release", N_("%(name)s gave it back to the queue"), "inbox"),
        _line("declined", "decline", N_("%(name)s left it to another curator"), "inbox"),
        _line("remarked", "remark", N_("%(name)s made a remark"), "message-square"),
        _line("unremarked", "unremark", N_("%(name)s took a remark back"), "trash-2"),
        _line(
            "first_approved", "approve_first", N_("%(name)s approved it as the first of two"), "circle-check", "good"
        ),
        _line("allowed_longer", "approve", N_("%(name)s allowed a longer lesson"), "clock", "good", is_beside=True),
        _line(
            "own_lesson",
            "approve",
            N_("%(name)s found it a lesson of its own"),
            "circle-check",
            "good",
            is_beside=True,
        ),
        _line("approved", "approve", N_("%(name)s approved it"), "circle-check", "good"),
        _line("changes_requested", "request_changes", N_("%(name)s asked for changes"), "pencil", "warn"),
        _line("scheduled", "schedule", N_("%(name)s approved it for a later day"), "calendar", "good"),
        _line("went_live", "go_live", N_("It went live, as %(name)s said"), "circle-check", "good"),
        _line("appealed", "appeal", N_("%(name)s asked another curator to look"), "scale", "accent", is_beside=True),
        _line("handed_up", "hand_up", N_("Every curator is too close to it, so administrators are asked"), "scale"),
        _line("peers_asked", "ask_peers", N_("Colleagues who know the topic were asked for advice"), "users"),
        _line("advised", "advise", N_("A colleague who knows the topic gave advice"), "message-circle", "accent"),
        _line("rejected", "reject", N_("%(name)s did not accept it"), "x", "bad"),
        _line("replied", "reply", N_("%(name)s went on about a remark by %(other)s"), "message-circle"),
        _line("resolved", "resolve", N_("%(name)s settled a remark by %(other)s"), "check", "good"),
        _line("accepted", "accept", N_("%(name)s accepted a suggestion by %(other)s"), "check", "good"),
        _line("answered", "answer", N_("%(name)s answered a remark by %(other)s"), "message-circle"),
        _line("done", "settle", N_("%(name)s marked a remark by %(other)s as done"), "check"),
    )
}
"""Everything that happens to a review; what is not here cannot happen. Who may do it and where is said once, below."""


def may_happen(act: str, state: str) -> bool:
    """Whether an act is possible while a review is in this state."""
    return State(state) in ACTS[act].states
