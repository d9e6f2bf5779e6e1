"""The law of judging questions: how able people and how hard items are, and which signs say that an item may be bad.

Ability (*theta*) and difficulty stand on one scale: who is as able as an item is hard knows it every other time. Both
move after each answer, much at first and less with every further one (Elo). Flags look at first answers only, one of
each person, because who has seen a key answers by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, fsum, sqrt
from statistics import median

from peerlearn.core.words import N_
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.rules import Confidence


@dataclass(frozen=True)
class Policy:
    """Numbers an organisation may change."""

    step_slowing: float = 0.05  # how fast one answer comes to matter less than the first did
    easy: float = -1.0  # where the difficulty of an item begins, by its author's guess
    medium: float = 0.0
    hard: float = 1.0
    provisional_below: int = 30  # answers
    shown_from: int = 5  # people, before anything about their answers is shown
    window: int = 200  # newest first answers that flags and figures look at
    kinds_of_answer: int = 40  # most frequent answers that are counted apart
    miskey_share: float = 0.40
    negative: float = -0.10
    low: float = 0.15
    low_between: tuple[float, float] = (0.20, 0.90)
    too_hard: float = 0.30
    too_easy: float = 0.95
    known_before: float = 0.70
    pretests: int = 8
    dead_option: float = 0.05
    reporters: int = 3
    reporting_share: float = 0.10
    drift_recent: int = 30
    drift_before: int = 50
    drift_drop: float = 0.15
    drift_z: float = 2.58
    too_quick: float = 3.0  # seconds
    too_slow: float = 90.0
    reason_minimum: int = 20  # characters
    reason_maximum: int = 1000


POLICY = Policy()


# Ability and difficulty


def expected(theta: float, difficulty: float, chance: float) -> float:
    """The chance that a person of this ability is right; `chance` is that of a blind guess."""
    return chance + (1 - chance) / (1 + exp(difficulty - theta))


def step(answers: int, policy: Policy = POLICY) -> float:
    """How far one more answer moves what is believed after so many."""
    return 1 / (1 + policy.step_slowing * answers)


def update(
    theta: float, difficulty: float, chance: float, is_right: bool, *, person: int, item: int
) -> tuple[float, float]:
    """Ability and difficulty after an answer; `person` and `item` are how many answers each was judged by before."""
    surprise = is_right - expected(theta, difficulty, chance)
    return theta + step(person) * surprise, difficulty - step(item) * surprise


def first_difficulty(marks: frozenset[str], policy: Policy = POLICY) -> float:
    """Where the difficulty of an item begins: at its author's guess."""
    if "easy" in marks:
        return policy.easy
    return policy.hard if "hard" in marks else policy.medium


def is_provisional(answers: int, policy: Policy = POLICY) -> bool:
    """Whether so few answers say little about how hard an item is."""
    return answers < policy.provisional_below


# What the first answers to an item say


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """One person's first answer; `theta` is what was known of their ability before it, `given` what they answered."""

    theta: float
    is_right: bool
    given: str = ""
    confidence: str | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """How many gave one answer: all, those of the abler half, those who did not guess, those who were certain."""

    people: int
    abler: int
    sure: int
    certain: int


@dataclass(frozen=True)
class ItemSummary:
    """All that flags look at: the newest first answers, and what is known besides."""

    answers: int
    right: int
    correlation: float | None = None  # of being right with theta; None where one of them never varies
    abler_right: int = 0  # in the upper half by theta
    abler_other: int = 0  # the most who gave one and the same wrong answer there
    option_shares: tuple[float, ...] = ()  # how many chose each option, where there are options
    median_seconds: float | None = None
    recent: tuple[int, int] = (0, 0)  # right and all of the newest answers
    before: tuple[int, int] = (0, 0)  # right and all of those before them
    pretests: int = 0
    pretests_right: int = 0
    reporters: int = 0
    learners: int = 0

    @property
    def share(self) -> float:
        """The share of right answers."""
        return self.right / self.answers if self.answers else 0.0


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """How closely two rows of numbers move together, -1 to 1; None when one of them never varies."""
    if len(xs) < 2:
        return None
    mean_x, mean_y = fsum(xs) / len(xs), fsum(ys) / len(ys)
    dx, dy = [x - mean_x for x in xs], [y - mean_y for y in ys]
    spread = sqrt(sum(x * x for x in dx) * sum(y * y for y in dy))
    return sum(x * y for x, y in zip(dx, dy, strict=True)) / spread if spread else None


def drift_z(before: tuple[int, int], recent: tuple[int, int]) -> float:
    """How surprising it is that the share of right answers fell; each is right and all. Above 2.58 it is no chance."""
    (right_before, all_before), (right_recent, all_recent) = before, recent
    share = (right_before + right_recent) / (all_before + all_recent)
    spread = sqrt(share * (1 - share) * (1 / all_before + 1 / all_recent))
    return (right_before / all_before - right_recent / all_recent) / spread if spread else 0.0


def abler_half(answers: Sequence[FirstAnswer]) -> list[FirstAnswer]:
    """The answers of those at or above the median ability: nobody is left out who is as able as the one before."""
    middle = median(answer.theta for answer in answers) if answers else 0.0
    return [answer for answer in answers if answer.theta >= middle]


def count_given(answers: Sequence[FirstAnswer], policy: Policy = POLICY) -> dict[str, Given]:
    """What was answered, by how many; the most frequent answers first."""
    people = Counter([answer.given for answer in answers])
    abler = Counter([answer.given for answer in abler_half(answers)])
    certain = Counter([answer.given for answer in answers if answer.confidence == Confidence.CERTAIN])
    sure = certain + Counter([answer.given for answer in answers if answer.confidence == Confidence.FAIRLY])
    most = sorted(people, key=lambda given: (-people[given], given))[: policy.kinds_of_answer]
    return {given: Given(people[given], abler[given], sure[given], certain[given]) for given in most}


def summarise(
    answers: Sequence[FirstAnswer],
    option_shares: Sequence[float] = (),
    *,
    pretests: tuple[int, int] = (0, 0),
    reporters: int = 0,
    learners: int = 0,
    policy: Policy = POLICY,
) -> ItemSummary:
    """What some first answers, the oldest first, say together. `pretests` are all and right ones."""
    rights = [answer.is_right for answer in answers]
    upper = abler_half(answers)
    others = Counter(answer.given for answer in upper if not answer.is_right)
    seconds = [answer.seconds for answer in answers if answer.seconds is not None]
    recent, before = rights[-policy.drift_recent :], rights[: -policy.drift_recent]
    return ItemSummary(
        answers=len(answers),
        right=sum(rights),
        correlation=correlation(rights, [answer.theta for answer in answers]),
        abler_right=sum(answer.is_right for answer in upper),
        abler_other=max(others.values(), default=0),
        option_shares=tuple(option_shares),
        median_seconds=median(seconds) if seconds else None,
        recent=(sum(recent), len(recent)),
        before=(sum(before), len(before)),
        pretests=pretests[0],
        pretests_right=pretests[1],
        reporters=reporters,
        learners=learners,
    )


# Flags


class Level(StrEnum):
    """How urgent a flag is."""

    RED = "red"
    AMBER = "amber"
    INFO = "info"


@dataclass(frozen=True)
class Flag:
    """A sign that an item may be bad: when it shows, what it means, and what to do about it."""

    slug: str
    level: Level
    minimum: int  # first answers before the rule is asked
    holds: Callable[[ItemSummary, Policy], bool]
    title: str
    means: str
    advice: str
    pauses: bool = False  # the item is asked no more until somebody has decided


def _miskey(item: ItemSummary, policy: Policy) -> bool:
    return item.share < policy.miskey_share and item.abler_other > item.abler_right


def _negative(item: ItemSummary, policy: Policy) -> bool:
    return item.correlation is not None and item.correlation < policy.negative


def _low(item: ItemSummary, policy: Policy) -> bool:
    least, most = policy.low_between
    return item.correlation is not None and item.correlation < policy.low and least < item.share < most


def _too_hard(item: ItemSummary, policy: Policy) -> bool:
    return item.share < policy.too_hard


def _too_easy(item: ItemSummary, policy: Policy) -> bool:
    asked_enough = item.pretests >= policy.pretests
    return item.share > policy.too_easy and asked_enough and item.pretests_right / item.pretests > policy.known_before


def _dead_option(item: ItemSummary, policy: Policy) -> bool:
    return any(share < policy.dead_option for share in item.option_shares)


def _reported(item: ItemSummary, policy: Policy) -> bool:
    share = item.reporters / item.learners if item.learners else 0.0
    return item.reporters >= policy.reporters or share >= policy.reporting_share


def _never(item: ItemSummary, policy: Policy) -> bool:
    """No figures show it: somebody says so."""
    return False


def _drift(item: ItemSummary, policy: Policy) -> bool:
    (right_before, all_before), (right_recent, all_recent) = item.before, item.recent
    if all_recent < policy.drift_recent or all_before < policy.drift_before:
        return False
    drop = right_before / all_before - right_recent / all_recent
    return round(drop, 9) >= policy.drift_drop and drift_z(item.before, item.recent) > policy.drift_z


def _speed(item: ItemSummary, policy: Policy) -> bool:
    seconds = item.median_seconds
    return seconds is not None and (seconds < policy.too_quick or seconds > policy.too_slow)


UPHELD, REKEYED = "upheld", "rekeyed"
FLAGS: tuple[Flag, ...] = (
    Flag(
        "miskey",
        Level.RED,
        12,
        _miskey,
        N_("The key may be wrong"),
        N_("Few are right, and those who know the topic best chose another answer more often than the key."),
        N_("Check the key first. If it is wrong, choose the right one: stored answers are then marked again."),
        pauses=True,
    ),
    Flag(
        "neg_disc",
        Level.RED,
        30,
        _negative,
        N_("Who knows more gets it wrong"),
        N_("People who know the topic well are right less often than the others."),
        N_("Look for a wrong key, a trap in the wording, or an answer that is right as well."),
        pauses=True,
    ),
    Flag(
        UPHELD,
        Level.RED,
        0,
        _never,
        N_("A reader was right about it"),
        N_("A reader reported that it is wrong, and a curator agreed."),
        N_("If its key is wrong, choose the right one: stored answers are then marked again."),
        pauses=True,
    ),
    Flag(
        REKEYED,
        Level.RED,
        0,
        _never,
        N_("A new revision has another key"),
        N_("The question stayed as it was, and another answer is right now. Answers from before keep the old marks."),
        N_("If the old key was wrong, have them marked again. If it was right at that time, leave them."),
    ),
    Flag(
        "drift",
        Level.RED,
        80,
        _drift,
        N_("It used to go better"),
        N_("Of the newest 30 people far fewer are right than before. Perhaps the world has changed."),
        N_("Read the lesson again. Say that it is still right, or begin a new revision."),
    ),
    Flag(
        "low_disc",
        Level.AMBER,
        50,
        _low,
        N_("It says little about who knows"),
        N_("People who know the topic well are right hardly more often than the others."),
        N_("Make the question clearer, and ask for what the lesson is really about."),
    ),
    Flag(
        "too_hard",
        Level.AMBER,
        20,
        _too_hard,
        N_("Very hard"),
        N_("Fewer than three in ten are right."),
        N_("See which answer they give instead, and let a card speak about it."),
    ),
    Flag(
        "too_easy",
        Level.AMBER,
        30,
        _too_easy,
        N_("It teaches nothing new"),
        N_("Nearly everybody is right, and most were before they had read the lesson."),
        N_("Ask for a decision at work instead of a fact that everybody knows."),
    ),
    Flag(
        "reported",
        Level.AMBER,
        0,
        _reported,
        N_("Reported by readers"),
        N_("Several readers reported a problem with this question."),
        N_("Read what they wrote, and mend what they are right about."),
    ),
    Flag(
        "dead_option",
        Level.INFO,
        50,
        _dead_option,
        N_("An answer that nobody takes"),
        N_("One of the answers is chosen by fewer than one in twenty."),
        N_("Replace it by a mistake that people really make."),
    ),
    Flag(
        "speed",
        Level.INFO,
        20,
        _speed,
        N_("Very quick or very slow"),
        N_("Half of the people need less than 3 seconds, or more than 90."),
        N_("Very quick: it may give its answer away. Very slow: cut words, or make two questions of it."),
    ),
)
BY_SLUG: Mapping[str, Flag] = {flag.slug: flag for flag in FLAGS}
SAID_BY = {"low_disc": "neg_disc", "too_hard": "miskey"}  # what a graver flag says as well


def flags_of(item: ItemSummary, policy: Policy = POLICY) -> list[Flag]:
    """The flags that an item deserves now, the gravest first."""
    found = [flag for flag in FLAGS if item.answers >= flag.minimum and flag.holds(item, policy)]
    slugs = {flag.slug for flag in found}
    return [flag for flag in found if SAID_BY.get(flag.slug) not in slugs]


def comes_back(answers: int, dismissed_at: int) -> bool:
    """Whether a flag that somebody dismissed may be raised again: when twice as many have answered."""
    return answers >= 2 * dismissed_at


NOT_YOURS = N_("A curator of the topic who had no hand in this lesson decides about this.")
HAS_ANOTHER_KEY = N_("A new revision has another key already. Say whether the old one was wrong.")
KEY_UNCHANGED = N_("This is the key as it is. Choose another one, or say that the key is right.")


def is_correctable(question: Question) -> bool:
    """Whether the question has a key: a reflection has none."""
    return not question.model


def reason_problem(reason: str, policy: Policy = POLICY) -> str | None:
    """What is wrong with the reason of a decision; authors and curators read it."""
    if len(reason) < policy.reason_minimum:
        return N_("Please give the reason in 20 characters or more: others will read it.")
    if len(reason) > policy.reason_maximum:
        return N_("Please keep it under 1,000 characters.")
    return None
