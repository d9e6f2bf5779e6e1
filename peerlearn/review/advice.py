"""The law of advice: whose lessons colleagues read before a curator decides, and what advice needs.

Two colleagues who hold a lesson's topic are asked about what is to be learned from it, one where an author has proved
sound, and nobody about a small change; then a curator decides. Nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from peerlearn.core.words import N_
from peerlearn.review import matching, rules
from peerlearn.review.matching import Candidate


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of advice."""

    peers: int = 2  # who are asked at most
    asked_a_week: int = 2  # times that one person is asked at most
    answer_days: int = 1  # working days; whoever says nothing in that time makes room for another
    text_maximum: int = 2_000


POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an author: other lessons that were published, and their quality on average, 0 to 100."""

    lessons: int = 0
    quality: float = 0.0


@dataclass(frozen=True, slots=True)
class Tier:
    """How many colleagues are asked about the lessons of authors who have at least this many others, this good."""

    peers: int
    lessons: int = 0
    quality: float = 0.0

    def takes(self, record: Record) -> bool:
        """Whether an author with this record belongs here."""
        return record.lessons >= self.lessons and record.quality >= self.quality


TIERS = (Tier(peers=1, lessons=5, quality=65), Tier(peers=POLICY.peers))
"""From those who need least company to everybody (ENGINE E12)."""


def peers_for(authors: Sequence[Record]) -> int:
    """How many colleagues are asked about a lesson by these authors: the most proven of them counts."""
    return min(tier.peers for tier in TIERS for one in (authors or [Record()]) if tier.takes(one))


def answers_until(asked_at: datetime, due_at: datetime, zone: tzinfo, policy: Policy = POLICY) -> datetime:
    """How long somebody who is asked is waited for: a working day, and never beyond the promised first answer."""
    return min(due_at, rules.working_days_after(asked_at, policy.answer_days, zone))


ADVICE = {
    "publish": N_("Publish it"),
    "revise": N_("Some things should change first"),
    "reject": N_("It should not become a lesson"),
}
ADVICE_WORDS = {"publish": N_("Publish"), "revise": N_("Change first"), "reject": N_("Do not publish")}
SUMMARIES = {
    "publish": N_("They would publish it, and they are sure."),
    "revise": N_("They find that it is not good enough yet."),
    "disagreement": N_("They disagree: look where their ratings are far apart."),
    "look": N_("They are not sure: look closely."),
}
KNOWN, FEW, ASKED = "known", "few", "asked"
WAITS = N_("Colleagues who know the topic are reading this, and you see their advice soon. Publishing waits for it.")
OVER = N_("This was decided meanwhile. Thank you for reading it.")


def problem(rubric: dict[str, float], advice: str, text: str, policy: Policy = POLICY) -> tuple[str, str] | None:
    """What advice still needs: the name of the field and a sentence; None when it can be given."""
    wrong = rules.rubric_problem(rubric)
    if wrong:
        return "rubric", wrong
    if advice not in ADVICE:
        return "advice", N_("Choose what you would do.")
    if advice != "publish" and len(text.strip()) < rules.POLICY.reason_minimum:
        return "text", N_("Say in a sentence or two why, so that it helps: 20 characters or more.")
    if len(text) > policy.text_maximum:
        return "text", N_("Please keep it under 2,000 characters.")
    return None


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is asked for advice on what, and which lessons a curator decides about alone."""

    pairs: tuple[tuple[int, int], ...] = ()
    known: tuple[int, ...] = ()
    few: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    shadows: tuple[tuple[int, int], ...] = ()  # who reads along besides, and counts nowhere

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.pairs or self.known or self.few)


def plan(
    wanting: dict[int, int],
    short: dict[int, int],
    candidates: Sequence[Candidate],
    used: dict[int, int],
    policy: Policy = POLICY,
) -> Plan:
    """As many colleagues for each review as `wanting` says, and more for those that are `short`.

    Where there are not so many who could, those are asked who can. Where there is nobody, the curator decides alone.
    Whoever is on probation is none of them, but reads along where others advise.
    """
    missing = {review_id: peers for review_id, peers in wanting.items() if peers} | short
    slots = matching.Policy(slots=policy.asked_a_week)
    left, had, pairs = [one for one in candidates if not one.is_shadow], dict(used), list[tuple[int, int]]()
    for turn in range(policy.peers):
        wanted = [one for one in left if missing.get(one.review_id, 0) > turn]
        found = matching.share_out(wanted, had, slots)
        pairs += found
        for _review_id, person_id in found:
            had[person_id] = had.get(person_id, 0) + 1
        left = [one for one in left if (one.review_id, one.person_id) not in found]
    found_for = {review_id for review_id, _person in pairs}
    few = tuple(one for one, peers in wanting.items() if peers and one not in found_for)
    asked = tuple(one for one, peers in wanting.items() if peers and one not in few)
    along = [one for one in candidates if one.is_shadow and one.review_id in asked]
    return Plan(
        pairs=tuple(pairs),
        known=tuple(review_id for review_id, peers in wanting.items() if not peers),
        few=few,
        asked=asked,
        shadows=tuple(matching.share_out(along, used, slots)),
    )
