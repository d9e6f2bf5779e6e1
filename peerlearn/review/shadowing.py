"""The law of preparing as a curator: rate what is decided, say what you would do, and see how often that agrees.

Nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from peerlearn.core.words import N_

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of preparing."""

    lessons: int = 5  # that somebody says something about first
    agreement: float = 0.8  # the share of them in which they would have decided alike
    reason_minimum: int = 10  # letters of why somebody is appointed who is not ready
    reason_maximum: int = 300


POLICY = Policy()
DECIDED = {"approved": "publish", "changes_requested": "revise", "rejected": "reject"}
"""Which advice is what was decided, by the state in which a review ended."""
AGREES = N_("You would have decided as the curator did.")
DIFFERS = N_("The curator decided otherwise. Look once more at what you saw differently.")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody came: about how many lessons they said something, and in how many they agreed."""

    done: int = 0
    agreed: int = 0

    @property
    def percent(self) -> int:
        """The share in which they agreed, in whole percent, never more than it is; 0 before the first."""
        return 100 * self.agreed // self.done if self.done else 0

    def is_ready(self, policy: Policy = POLICY) -> bool:
        """Whether that is enough to be appointed."""
        return self.done >= policy.lessons and self.agreed >= policy.agreement * self.done


def agrees(advice: str | None, state: str) -> bool:
    """Whether somebody would have decided as it was decided."""
    return DECIDED.get(state) == advice


def word_on(advice: str | None, state: str) -> str:
    """What is said about a recommendation once it is given."""
    return AGREES if agrees(advice, state) else DIFFERS


def shown(done: int, policy: Policy = POLICY) -> int:
    """How many lessons stand in the list: those that are rated, filled up to the next five."""
    return policy.lessons * (done // policy.lessons + 1)


def counts_for(topics: frozenset[int], lesson_topics: frozenset[int], done: dict[int, int]) -> int | None:
    """For which of the topics that somebody prepares for a lesson counts: its own, else where least is done."""
    own = topics & lesson_topics or topics
    return min(own, key=lambda topic_id: (done.get(topic_id, 0), topic_id), default=None)


def reason_problem(reason: str, policy: Policy = POLICY) -> str | None:
    """What is wrong with why somebody is appointed who is not ready; None when it is fine."""
    if len(reason) < policy.reason_minimum:
        return N_("They have not prepared for this. Say in a sentence why they should be curator all the same.")
    return None if len(reason) <= policy.reason_maximum else N_("Use at most 300 characters.")


def problem(rubric_problem: str | None, advice: str) -> tuple[str, str] | None:
    """What a rating still needs: the name of the field and a sentence; None when it can be kept."""
    if rubric_problem:
        return "rubric", rubric_problem
    return None if advice in DECIDED.values() else ("advice", N_("Choose what you would do."))


def once(rows: Sequence[T], lesson_of: Callable[[T], int], keep: int) -> list[T]:
    """Each lesson once after the first `keep`: two texts of one would tell which of them came back."""
    kept = list(rows[:keep])
    seen = {lesson_of(row) for row in kept}
    for row in rows[keep:]:
        if lesson_of(row) not in seen:
            seen.add(lesson_of(row))
            kept.append(row)
    return kept


def draw(person_id: int, review_id: int) -> Any:
    """An order that differs for each person and stays: what was decided cannot be told from it."""
    return (review_id * 2_654_435_761 + person_id * 40_503) % 65_521, review_id
