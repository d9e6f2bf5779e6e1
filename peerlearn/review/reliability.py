"""How near a reviewer's ratings come to the final ones: bias, variance and reliability.

Everything is shrunk towards a newcomer, of whom five ratings are taken to be known. Nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PRIOR_WEIGHT = 5  # ratings that are taken to be known of a newcomer
PRIOR_VARIANCE = 0.64
PROBATION, TRUSTED = 0.35, 0.65
ENOUGH = 8  # ratings before either is said
PAY_FLOOR, PAY_CEILING = 0.5, 1.5  # by how much a review may count, of its usual pay
PROVEN_AFTER = timedelta(days=60)
USUAL_RATING = 3.5
PUBLISH_FROM, SURE, REVISE_BELOW = 4.0, 0.45, 3.0
DISAGREEMENT = 1.5
RED_FLAG_RATING = 2.0  # the final rating of a lesson against which something grave was upheld


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What earlier ratings say of whoever gave them."""

    ratings: int = 0
    bias: float = 0.0
    variance: float = PRIOR_VARIANCE

    @property
    def reliability(self) -> float:
        """From 0 to 1; a newcomer has 0.5."""
        return PRIOR_VARIANCE / (PRIOR_VARIANCE + self.variance)

    @property
    def is_on_probation(self) -> bool:
        """Whether what they rate counts nowhere for now, until it comes nearer."""
        return self.ratings >= ENOUGH and self.reliability < PROBATION

    @property
    def is_trusted(self) -> bool:
        """Whether this judgement has proven itself."""
        return self.ratings >= ENOUGH and self.reliability >= TRUSTED


NEWCOMER = Reviewer()


def reviewer(errors: Sequence[float]) -> Reviewer:
    """A reviewer as their errors tell: each is the own rating less the final one."""
    count = len(errors)
    bias = sum(errors) / (count + PRIOR_WEIGHT)
    spread = PRIOR_WEIGHT * PRIOR_VARIANCE + sum((error - bias) ** 2 for error in errors)
    return Reviewer(count, bias, spread / (count + PRIOR_WEIGHT))


def exact_ratings_left(one: Reviewer) -> int:
    """How many ratings exactly like the final ones somebody on probation needs until it ends; others need none."""
    count = one.ratings + PRIOR_WEIGHT
    total = one.bias * count  # of the errors, and of their squares
    squares = (one.variance - PRIOR_VARIANCE) * count + one.ratings * (PRIOR_VARIANCE - one.bias**2)
    squares += 2 * one.bias * total

    def after(more: int) -> Reviewer:
        bias = total / (count + more)
        spread = PRIOR_WEIGHT * PRIOR_VARIANCE + squares - 2 * bias * total + (one.ratings + more) * bias**2
        return Reviewer(one.ratings + more, bias, spread / (count + more))

    left = 0
    while after(left).is_on_probation:
        left += 1
    return left


@dataclass(frozen=True, slots=True)
class Advice:
    """What several ratings say together, each weighted by how far it can be relied on."""

    score: float
    sd: float
    gap: float = 0.0  # between the highest and the lowest rating of one point of the rubric

    @property
    def says(self) -> str:
        """What to make of it: publish, revise, disagreement or look closely."""
        if self.gap >= DISAGREEMENT:
            return "disagreement"
        if self.score < REVISE_BELOW:
            return "revise"
        return "publish" if self.score >= PUBLISH_FROM and self.sd <= SURE else "look"


def advice(ratings: Sequence[tuple[float, Reviewer]], gap: float = 0.0) -> Advice:
    """The ratings of these reviewers as one, with its standard deviation; a usual lesson is taken to be known too."""
    weights = [1 / reviewer.variance for _rating, reviewer in ratings]
    total = 1 / PRIOR_VARIANCE + sum(weights)
    mean = USUAL_RATING / PRIOR_VARIANCE
    mean += sum((rating - one.bias) * weight for (rating, one), weight in zip(ratings, weights, strict=True))
    return Advice(mean / total, total**-0.5, gap)


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, and what became of it."""

    rating: float | None  # the mean of the four, where they were given
    submitted_at: datetime
    decided_at: datetime
    due_at: datetime
    is_published: bool
    second_rating: float | None = None  # by whoever decided about an appeal against it
    advised_rating: float | None = None  # the mean of what colleagues rated, where that was hidden until the decision
    is_blind: bool = False  # without the author's name
    disproved_at: datetime | None = None  # when a report of something wrong or unsafe, or a second look, said so


def error(decided: Decided) -> float | None:
    """How far a curator's rating was from that of others; None where nobody else's is known.

    That is what somebody rated the same text on appeal; else 2.0 when within 60 days something grave was upheld against
    what was published, or a second look found that it should not have been; else what those rated who advised, where
    their advice was hidden. A rating that only its own curator gave says nothing of how near it comes.
    """
    if decided.rating is None:
        return None
    if decided.second_rating is not None:
        return decided.rating - decided.second_rating
    if decided.is_published and is_disproved(decided.decided_at, decided.disproved_at):
        return decided.rating - RED_FLAG_RATING
    return None if decided.advised_rating is None else decided.rating - decided.advised_rating


def is_disproved(decided_at: datetime, disproved_at: datetime | None) -> bool:
    """Whether something grave was upheld against a published text in time to say so."""
    return disproved_at is not None and disproved_at <= decided_at + PROVEN_AFTER


def reviewer_of(decisions: Sequence[Decided], others: Sequence[float] = ()) -> Reviewer:
    """A reviewer as their decisions tell, and other errors that are known."""
    errors = map(error, decisions)
    return reviewer([*(one for one in errors if one is not None), *others])
