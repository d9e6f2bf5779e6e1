"""Which numbers of the rules an organisation may change, between which bounds, and how they make a policy.

Only rates and limits are offered. What a rule pays for, and the conditions and spans that keep it from being farmed,
are law: they change with the rules themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from peerlearn.core.words import N_
from peerlearn.points.rule import Policy

RATE, LIMIT = "rate", "limit"
MOST = {RATE: 200, LIMIT: 50}
LEAST = {RATE: 0, LIMIT: 1}
OUT_OF_BOUNDS = N_("Choose a whole number from %(least)s to %(most)s.")
NOT_MORE = N_("A later attempt pays no more than an earlier one: at most %(most)s.")
NOT_LESS = N_("A longer interval pays no less than a shorter one: at least %(least)s.")


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a policy that may be changed."""

    field: str  # of the policy
    rule: str  # where it is shown
    title: str
    kind: str = RATE
    place: int | None = None  # in a field of several numbers, from 0

    @property
    def name(self) -> str:
        """What a form and the record call it."""
        return self.field if self.place is None else f"{self.field}_{self.place + 1}"

    def of(self, policy: Policy) -> int:
        """Its value in a policy."""
        value = getattr(policy, self.field)
        return int(value if self.place is None else value[self.place])


INTERVALS = (
    N_("Interval under 7 days"),
    N_("Interval of 7 to 20 days"),
    N_("Interval of 21 to 59 days"),
    N_("Interval of 60 days and more"),
)
AGAIN = (
    N_("Once more, under 7 days"),
    N_("Once more, 7 to 20 days"),
    N_("Once more, 21 to 59 days"),
    N_("Once more, 60 days and more"),
)
PER_DAY, PER_WEEK = N_("At most, a day"), N_("At most, a week")
NUMBERS: tuple[Number, ...] = (
    Number("lesson_passed", "L1", N_("First attempt")),
    Number("second_attempt", "L1", N_("After a second attempt")),
    Number("third_attempt", "L1", N_("After a third attempt")),
    Number("lessons_per_day", "L1", PER_DAY, LIMIT),
    *(Number("recalled", "L2", title, place=place) for place, title in enumerate(INTERVALS)),
    *(Number("recalled_again", "L2", title, place=place) for place, title in enumerate(AGAIN)),
    Number("recalls_per_day", "L2", PER_DAY, LIMIT),
    Number("daily_set", "L3", N_("A day’s set")),
    Number("pretest", "L4", N_("A question before reading")),
    Number("topic_held", "L5", N_("A topic")),
    Number("weekly_goal", "L6", N_("A week’s goal")),
    Number("lesson_approved", "T1", N_("A lesson")),
    Number("approved_per_week", "T1", PER_WEEK, LIMIT),
    Number("suggestion_accepted", "T4", N_("A suggestion")),
    Number("suggestions_per_day", "T4", PER_DAY, LIMIT),
    Number("report_upheld", "T5", N_("A report")),
    Number("reports_per_day", "T5", PER_DAY, LIMIT),
    Number("review_done", "C1", N_("A review")),
    Number("reviews_per_day", "C1", PER_DAY, LIMIT),
    Number("rating_agreed", "C2", N_("A rating")),
    Number("check_in_time", "C3", N_("A check")),
    Number("checks_per_day", "C3", PER_DAY, LIMIT),
)
BY_NAME: Mapping[str, Number] = {number.name: number for number in NUMBERS}
RISING = (("recalled", 4), ("recalled_again", 4))
FALLING = ("lesson_passed", "second_attempt", "third_attempt")

Problem = tuple[str, dict[str, Any]]


def values_in(policy: Policy) -> dict[str, int]:
    """All numbers of a policy that may be changed, by name."""
    return {number.name: number.of(policy) for number in NUMBERS}


def changed(values: Mapping[str, int], policy: Policy) -> dict[str, int]:
    """Those of these values that the policy has otherwise."""
    return {name: value for name, value in values.items() if BY_NAME[name].of(policy) != value}


def applied(changes: Mapping[str, int], policy: Policy, version: int) -> Policy:
    """A policy with these numbers in it. Names that are no longer offered are left as they are by default."""
    values: dict[str, Any] = {}
    for name, value in changes.items():
        number = BY_NAME.get(name)
        if number is None:
            continue
        if number.place is None:
            values[number.field] = value
        else:
            several = list(values.get(number.field, getattr(policy, number.field)))
            several[number.place] = value
            values[number.field] = tuple(several)
    return replace(policy, version=version, **values)


def problems(values: Mapping[str, int | None]) -> dict[str, Problem]:
    """What is wrong with these values, each a sentence with its numbers, by name. Every number needs one."""
    found: dict[str, Problem] = {}
    for number in NUMBERS:
        value, least, most = values.get(number.name), LEAST[number.kind], MOST[number.kind]
        if value is None or not least <= value <= most:
            found[number.name] = OUT_OF_BOUNDS, {"least": least, "most": most}
    if found:
        return found
    whole = {name: value for name, value in values.items() if value is not None}
    for earlier, later in pairwise(FALLING):
        if whole[later] > whole[earlier]:
            found[later] = NOT_MORE, {"most": whole[earlier]}
    for field, count in RISING:
        for place in range(2, count + 1):
            if whole[f"{field}_{place}"] < whole[f"{field}_{place - 1}"]:
                found[f"{field}_{place}"] = NOT_LESS, {"least": whole[f"{field}_{place - 1}"]}
    return found
