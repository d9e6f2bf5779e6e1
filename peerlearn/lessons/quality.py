"""How good a lesson is, from 0 to 100: what learners keep of it, what they say, its review and its questions.

Each part begins at what is usual and moves as evidence comes, so a few voices or answers decide nothing (Q of ENGINE
E13).
"""

from __future__ import annotations

from dataclasses import dataclass

USUAL_GAIN, GAIN_WEIGHT = 0.40, 20
HELPFUL, VOTES = 7, 10  # what is taken to have been said already
USUAL_RATING = 3.5
AMBER = 0.34  # of a red flag


@dataclass(frozen=True)
class Signs:
    """What is known of one lesson."""

    rating: float = USUAL_RATING  # 1 to 5: what colleagues who advised come to together, else what its curators rated
    gain: float = 0.0  # how much more is known for having learned it, 0 to 1
    answers: float = 0.0  # that tell so: by weight, a week or more after the answer before
    helpful: int = 0  # of the votes
    votes: int = 0  # of people who passed it, one each
    red: int = 0  # questions with a flag of this level
    amber: int = 0
    items: int = 0


def quality(signs: Signs) -> float:
    """The quality of a lesson, 0 to 100."""
    gain = (signs.answers * signs.gain + GAIN_WEIGHT * USUAL_GAIN) / (signs.answers + GAIN_WEIGHT)
    helpful = (signs.helpful + HELPFUL) / (signs.votes + VOTES)
    reviewed = (signs.rating - 1) / 4
    flagged = min(1.0, (signs.red + AMBER * signs.amber) / signs.items) if signs.items else 0.0
    return 100 * (0.40 * gain + 0.25 * helpful + 0.20 * reviewed + 0.15 * (1 - flagged))


UNKNOWN = quality(Signs())


def in_search(relevance: float, quality: float, fresh: float) -> float:
    """What a lesson counts among those that were found: 0 to 1, from three numbers of 0 to 1, 100 and 1.

    Where nobody looks for words all are as relevant as each other, and the rest decides (see `ordering`).
    """
    return relevance * (0.5 + 0.5 * quality / 100) * fresh
