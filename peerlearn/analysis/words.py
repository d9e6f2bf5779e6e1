"""Figures and states in words."""

from __future__ import annotations

from peerlearn.analysis.rules import POLICY, Policy
from peerlearn.core.words import N_

STATES = {
    "open": N_("Nobody has decided yet"),
    "dismissed": N_("Found good, and asked again"),
    "retired": N_("Retired: it is asked no more"),
    "left_out": N_("Found faulty: it is asked no more, and results leave it out"),
    "excused": N_("Everybody got full marks, and it is asked again"),
    "excused_retired": N_("Everybody got full marks, and it is asked no more"),
    "corrected": N_("The key was corrected"),
    "mended": N_("A new revision mended it"),
    "passed": N_("It went away by itself: newer answers look well"),
}


def difficulty_word(difficulty: float, policy: Policy = POLICY) -> str:
    """How hard an item is, in a word."""
    if difficulty <= policy.easy:
        return N_("easy")
    return N_("hard") if difficulty >= policy.hard else N_("medium")


def discrimination_word(found: float | None, people: int, policy: Policy = POLICY) -> str:
    """How well an item tells who knows, in a word or two; of few people it is chance."""
    if found is None:
        return N_("cannot be said yet")
    if people < policy.provisional_below:
        return N_("too few to tell")
    if found < policy.negative:
        return N_("the wrong way round")
    if found < policy.low:
        return N_("hardly")
    return N_("well") if found >= 2 * policy.low else N_("a little")
