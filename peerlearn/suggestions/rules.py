"""The law of suggestions: who may do what with one, how many somebody may make, and what counts as a change.

The functions know no clock and no database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from peerlearn.core.words import N_


@dataclass(frozen=True, slots=True)
class Policy:
    """Numbers an organisation may change."""

    text_maximum: int = 8_000  # characters of the card or question
    why_maximum: int = 500
    reason_minimum: int = 20
    reason_maximum: int = 2_000
    a_day: int = 20  # suggestions of one person
    waiting_maximum: int = 10  # of one person at a time, until their help has proven itself
    pair_span: timedelta = timedelta(days=30)  # in which suggestions between the same two people pay less each time


POLICY = Policy()


class State(StrEnum):
    """Where a suggestion stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


STATE_TITLES = {
    State.OPEN: N_("Waiting"),
    State.ACCEPTED: N_("Taken over"),
    State.DECLINED: N_("Not taken over"),
    State.WITHDRAWN: N_("Taken back"),
}

SUGGESTER, AUTHOR, CURATOR = "suggester", "author", "curator"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is done to a suggestion: by whom, from which state, and where it leads."""

    slug: str
    who: frozenset[str]
    leads_to: State


ACTS = {
    act.slug: act
    for act in (
        Act("accept", frozenset({AUTHOR, CURATOR}), State.ACCEPTED),
        Act("decline", frozenset({AUTHOR, CURATOR}), State.DECLINED),
        Act("withdraw", frozenset({SUGGESTER}), State.WITHDRAWN),
    )
}
"""Everything that happens to an open suggestion; what is decided or taken back stays so."""

OWN_LESSON = N_("This is your lesson: you can change it yourself. A new revision goes to review.")
UNOPENED = N_("This lesson is confidential. Start to read it first, then suggest other words.")


@dataclass(frozen=True, slots=True)
class Visitor:
    """How somebody stands to a suggestion."""

    is_suggester: bool = False
    is_author: bool = False
    curates: bool = False  # a topic of the lesson
    is_close: bool = False  # too close to the lesson to decide as its curator

    @property
    def parts(self) -> frozenset[str]:
        """What they are. Nobody decides about their own words; an author decides as author, whatever else they are."""
        if self.is_suggester:
            return frozenset({SUGGESTER})
        if self.is_author:
            return frozenset({AUTHOR})
        return frozenset({CURATOR}) if self.curates and not self.is_close else frozenset()

    @property
    def may_see(self) -> bool:
        """Whether they may know of it."""
        return self.is_suggester or self.is_author or self.curates


def acts(state: str, visitor: Visitor) -> Iterator[str]:
    """What a visitor may do with a suggestion now; what is not named cannot be done."""
    if state == State.OPEN:
        yield from (act.slug for act in ACTS.values() if act.who & visitor.parts)


CARD, QUESTION = "card", "question"
_PLACE = re.compile(r"(card)-([1-9][0-9]{0,2})|(question)-([a-z0-9-]{1,40})")


@dataclass(frozen=True, slots=True)
class Place:
    """What a suggestion is about: a card by its number, or a question by its id."""

    sort: str
    key: str

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that an address names."""
        found = _PLACE.fullmatch(text)
        return cls(found[1] or found[3], found[2] or found[4]) if found else None

    def __str__(self) -> str:
        """As addresses and the database name it."""
        return f"{self.sort}-{self.key}"

    @property
    def number(self) -> int:
        """Of a card, from 1."""
        return int(self.key) if self.sort == CARD else 0


_LOOKS = str.maketrans("", "", "*_`#")


def is_content(old: str, new: str) -> bool:
    """Whether words, figures or signs changed: spaces, line ends and marks of emphasis alone are looks (ENGINE T4)."""
    return "".join(old.split()).translate(_LOOKS) != "".join(new.split()).translate(_LOOKS)


def are_too_many_waiting(waiting: int, *, is_unbounded: bool, policy: Policy = POLICY) -> bool:
    """Whether somebody waits for some answers before they suggest more (ENGINE E7)."""
    return not is_unbounded and waiting >= policy.waiting_maximum


def reason_problem(reason: str, policy: Policy = POLICY) -> str | None:
    """What is wrong with the words that decline a suggestion."""
    if len(reason.strip()) < policy.reason_minimum:
        return N_("Say in a sentence or two why, so that it helps: 20 characters or more.")
    if len(reason) > policy.reason_maximum:
        return N_("Please keep it under 2,000 characters.")
    return None
