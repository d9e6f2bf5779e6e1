"""Who is asked to look at which submission: whoever knows the topic best, evenly, and never somebody too close.

All that waits is shared out at once, at the least cost. Nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from peerlearn.review.rules import working_days_after


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of asking."""

    slots: int = 3  # reviews that one person is asked for in a week
    week: timedelta = timedelta(days=7)
    slot_cost: float = 0.10  # of each review that somebody has already
    colleague_cost: float = 10.0  # of the team of an author: only when nobody else is there
    conflict_cost: float = 1000.0
    days: int = 2  # working days until a first answer is promised
    patience: float = 0.8  # of them, then somebody else is asked


POLICY = Policy()


def cost(coverage: float, is_colleague: bool = False, policy: Policy = POLICY) -> float:
    """What it costs that somebody who holds so much of the topic looks at it."""
    return 1 - coverage + (policy.colleague_cost if is_colleague else 0)


def match(
    costs: Sequence[Sequence[float]],
    conflicts: Collection[tuple[int, int]],
    free: Sequence[int],
    used: Sequence[int] | None = None,
    policy: Policy = POLICY,
) -> dict[int, int]:
    """For each submission (row) the person (column) who is asked; one that nobody can take is left out.

    `conflicts` are pairs that must not be, `free` how many each can still take, `used` how many each has already.
    """
    from scipy.optimize import linear_sum_assignment  # half a second, which starting need not wait for

    used = used or [0] * len(free)
    slots = [(person, used[person] + extra) for person, count in enumerate(free) for extra in range(count)]
    if not costs or not slots:
        return {}
    table = [
        [
            policy.conflict_cost if (row, person) in conflicts else line[person] + policy.slot_cost * before
            for person, before in slots
        ]
        for row, line in enumerate(costs)
    ]
    rows, columns = linear_sum_assignment(table)
    pairs = ((int(row), slots[int(column)][0]) for row, column in zip(rows, columns, strict=True))
    return {row: person for row, person in pairs if (row, person) not in conflicts}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could look at a submission."""

    review_id: int
    person_id: int
    coverage: float  # of its topic
    is_colleague: bool = False  # of one of its authors
    is_shadow: bool = False  # on probation: what they rate is compared, and counts nowhere


def share_out(
    candidates: Sequence[Candidate], used: Mapping[int, int], policy: Policy = POLICY
) -> list[tuple[int, int]]:
    """Pairs of submission and person. Whoever is no candidate for one is too close to it, or said no."""
    reviews = list(dict.fromkeys(one.review_id for one in candidates))
    people = sorted({one.person_id for one in candidates})
    known = {(one.review_id, one.person_id): cost(one.coverage, one.is_colleague, policy) for one in candidates}
    pairs = [(row, column) for row in range(len(reviews)) for column in range(len(people))]
    conflicts = {(row, column) for row, column in pairs if (reviews[row], people[column]) not in known}
    costs = [[known.get((review_id, person_id), 0.0) for person_id in people] for review_id in reviews]
    had = [used.get(person_id, 0) for person_id in people]
    free = [max(0, policy.slots - count) for count in had]
    found = match(costs, conflicts, free, had, policy)
    return [(reviews[row], people[column]) for row, column in found.items()]


def waits_until(asked_at: datetime, zone: tzinfo, policy: Policy = POLICY) -> datetime:
    """When somebody who was asked and has not answered makes room for another."""
    whole = working_days_after(asked_at, policy.days, zone) - asked_at
    return asked_at + policy.patience * whole
