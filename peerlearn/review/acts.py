"""Where a review stands, and everything that can happen to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from peerlearn.core.words import N_


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

CURATOR, AUTHOR, PEER, HOUSE = "curator", "author", "peer", "house"


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


_OPEN = frozenset({State.OPEN})
_ANSWERED = frozenset(State) - _OPEN

ACTS = {
    act.slug: act
    for act in (
        Act("submitted", AUTHOR, _OPEN, State.OPEN, N_("%(name)s submitted it for review"), "send", "accent"),
        Act("withdrawn", AUTHOR, _OPEN, State.WITHDRAWN, N_("%(name)s withdrew it"), "rotate-ccw"),
        Act("claimed", CURATOR, _OPEN, None, N_("%(name)s began to review it"), "hand-heart", "accent", holds=True),
        Act("released", CURATOR, _OPEN, None, N_("%(name)s gave it back to the queue"), "inbox"),
        Act("declined", CURATOR, _OPEN, None, N_("%(name)s left it to another curator"), "inbox"),
        Act("remarked", CURATOR, _OPEN, None, N_("%(name)s made a remark"), "message-square", holds=True),
        Act("unremarked", CURATOR, _OPEN, None, N_("%(name)s took a remark back"), "trash-2"),
        Act(
            "first_approved",
            CURATOR,
            _OPEN,
            None,
            N_("%(name)s approved it as the first of two"),
            "circle-check",
            "good",
            True,
        ),
        Act("allowed_longer", CURATOR, _OPEN, None, N_("%(name)s allowed a longer lesson"), "clock", "good", True),
        Act(
            "own_lesson",
            CURATOR,
            _OPEN,
            None,
            N_("%(name)s found it a lesson of its own"),
            "circle-check",
            "good",
            True,
        ),
        Act("approved", CURATOR, _OPEN, State.APPROVED, N_("%(name)s approved it"), "circle-check", "good", holds=True),
        Act(
            "changes_requested",
            CURATOR,
            _OPEN,
            State.CHANGES_REQUESTED,
            N_("%(name)s asked for changes"),
            "pencil",
            "warn",
            holds=True,
        ),
        Act(
            "scheduled",
            CURATOR,
            _OPEN,
            State.APPROVED,
            N_("%(name)s approved it for a later day"),
            "calendar",
            "good",
            True,
        ),
        Act(
            "went_live",
            HOUSE,
            frozenset({State.APPROVED}),
            None,
            N_("It went live, as %(name)s said"),
            "circle-check",
            "good",
        ),
        Act("appealed", AUTHOR, _OPEN, None, N_("%(name)s asked another curator to look"), "scale", "accent"),
        Act(
            "handed_up",
            HOUSE,
            _OPEN,
            None,
            N_("Every curator is too close to it, so an administrator decides"),
            "scale",
        ),
        Act("peers_asked", HOUSE, _OPEN, None, N_("Colleagues who know the topic were asked for advice"), "users"),
        Act(
            "advised", PEER, _OPEN, None, N_("A colleague who knows the topic gave advice"), "message-circle", "accent"
        ),
        Act("rejected", CURATOR, _OPEN, State.REJECTED, N_("%(name)s did not accept it"), "x", "bad", holds=True),
        Act("replied", CURATOR, _OPEN, None, N_("%(name)s went on about a remark by %(other)s"), "message-circle"),
        Act("resolved", CURATOR, _OPEN, None, N_("%(name)s settled a remark by %(other)s"), "check", "good"),
        Act("accepted", AUTHOR, _ANSWERED, None, N_("%(name)s accepted a suggestion by %(other)s"), "check", "good"),
        Act("answered", AUTHOR, _ANSWERED, None, N_("%(name)s answered a remark by %(other)s"), "message-circle"),
        Act("done", AUTHOR, _ANSWERED, None, N_("%(name)s marked a remark by %(other)s as done"), "check"),
    )
}
"""Everything that happens to a review; what is not here cannot happen."""


def may_happen(act: str, state: str) -> bool:
    """Whether an act is possible while a review is in this state."""
    return State(state) in ACTS[act].states
