"""The law of learning a lesson: reading time, pretests, attempts, what is asked again, reactions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from statistics import median

from peerlearn.core.words import N_
from peerlearn.quizzes import rules as quizzes

REACTIONS = {
    "used": N_("Used it at work"),
    "useful": N_("Useful"),
    "clear": N_("Clear"),
    "unhelpful": N_("Did not help me"),
}
HELPED, HELPED_NOT = VOTES = "useful", "unhelpful"  # who says the one takes the other back
SHOWN = tuple(kind for kind in REACTIONS if kind != HELPED_NOT)  # whose count everybody sees


class Missed(StrEnum):
    """How it stands with what earlier attempts missed when a later one passes."""

    WAITS = "waits"  # one of the questions has its first review still to come
    RECALLED = "recalled"  # one was right at its first review since
    GONE = "gone"  # neither can be any more


class Told(IntEnum):
    """What a person was told of a question before: in practice, or when they got it wrong in an attempt."""

    NOTHING = 0
    TOLD = 1  # its right answer
    RECALLED = 2  # its right answer, and they knew it when it was due after that


def is_unproven(attempt_number: int, rests_on_told: bool) -> bool:
    """Whether a pass proves little until something of it is recalled after days.

    It took another attempt, after the answers of the first were told, or it rests on answers that were told before.
    """
    return attempt_number > 1 or rests_on_told


def opposite(kind: str) -> str | None:
    """The reaction that this one takes the place of."""
    return {HELPED: HELPED_NOT, HELPED_NOT: HELPED}.get(kind)


@dataclass(frozen=True)
class Policy:
    """Numbers an organisation may change."""

    votes_told: int = 10  # fewer voices say nothing yet
    words_per_minute: int = 238  # silent reading of English (Brysbaert 2019)
    least_dwell_seconds: float = 20
    dwell_share: float = 0.35
    pretest_share: float = 0.20
    median_of: int = 101  # newest answers that the median response time looks at
    impossible_share: float = 0.5  # of the rapid threshold


POLICY = Policy()


def helpful_share(helpful: int, votes: int, policy: Policy = POLICY) -> float | None:
    """The share of voters whom a lesson helped that can be told: the lower end of what is likely; None of too few."""
    return quizzes.wilson(helpful, votes)[0] if votes >= policy.votes_told else None


def is_unhelpful(helpful: int, votes: int, policy: Policy = POLICY) -> bool:
    """Whether a lesson most likely helps fewer than half: the upper end of what is likely is below that."""
    return votes >= policy.votes_told and quizzes.wilson(helpful, votes, z=1.645)[1] < 0.5


def minimum_dwell(words: int, video_seconds: float = 0, policy: Policy = POLICY) -> float:
    """The seconds under which a lesson cannot have been read (ENGINE E1)."""
    reading = words / policy.words_per_minute * 60 + video_seconds
    return max(policy.least_dwell_seconds, policy.dwell_share * reading)


def is_pretested(person_id: int, lesson_id: int, policy: Policy = POLICY) -> bool:
    """Whether this person is asked one question before this lesson: the same answer each time, for one in five."""
    return _share(f"pretest:{person_id}:{lesson_id}") < policy.pretest_share


def pretest_position(person_id: int, lesson_id: int, questions: int) -> int:
    """Which of a lesson's questions (counted from 0) is asked before it."""
    return int(_share(f"which:{person_id}:{lesson_id}") * questions)


def _share(text: str) -> float:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big") / 2**48


def rapid_below(seconds: Sequence[float], policy: quizzes.Policy = quizzes.DEFAULT) -> float:
    """The threshold of an item whose newest response times these are."""
    return quizzes.rapid_threshold(median(seconds) if seconds else None, len(seconds), policy)


def impossible_count(answers: Iterable[tuple[float, float]], policy: Policy = POLICY) -> int:
    """How many answers, given as (seconds, rapid threshold), came faster than anyone can read."""
    return sum(seconds < policy.impossible_share * threshold for seconds, threshold in answers)


def may_react(is_author: bool, has_answered: bool) -> bool:
    """Whether a person's word on a lesson counts: not its authors', and only after its quiz."""
    return has_answered and not is_author
