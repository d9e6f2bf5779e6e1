"""The law of practice: what an answer says about memory, when an item is due, what a day's set holds.

Numbers an organisation may change are the defaults of `Policy`. The functions know no clock and no database.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from math import ceil, exp
from statistics import fmean, median
from typing import Protocol, TypeVar

from peerlearn.core.words import N_
from peerlearn.practice.memory import Recall
from peerlearn.quizzes.rules import Confidence, gc

CRITICAL, ORDINARY, LEECH, PAUSED, GONE = range(5)  # ranks of memories; the first two are asked
DUE, STRETCH, EARLY = "due", "stretch", "early"  # why a question is in a set


@dataclass(frozen=True)
class Policy:
    """The numbers of practice."""

    retention: tuple[tuple[str, float], ...] = (("critical", 0.95), ("ordinary", 0.90), ("optional", 0.85))
    critical_weight: int = 2
    new_stability: float = 2.3065  # the most that is left of a memory whose item changed
    refreshers: int = 2  # questions of a lesson that are due at once when its text changed and no question did
    quick_share: float = 1.5  # of one's own median: quicker is easy
    easy_after: int = 2  # earlier passes
    leech_lapses: int = 4
    proven_days: int = 7
    tiers: tuple[int, ...] = (7, 21, 60)  # scheduled days at which the second, third and fourth tier begin
    size: int = 5
    least_size: int = 3
    most_size: int = 10
    due_of_five: int = 4  # at most so many of five are due items, so that one can be new
    stretch_from: float = 0.60  # predicted chance of success of a stretch item
    stretch_to: float = 0.90
    chances: int = 3  # how often an item that was answered too fast is asked in one set
    least_right: float = 0.40  # of a set that pays
    judged_by: int = 20  # newest answers that tell whether somebody guesses …
    judged_from: int = 10  # … fewer than these tell nothing
    beyond_guessing: float = 0.20  # of what is asked must be known, when what guesses bring is taken away
    backlog_warned: int = 15  # due items; more are a heap
    backlog_days: int = 10  # newest workdays, two weeks of most people: the mean of their evenings is judged
    absent_days: int = 14
    longest_pause: int = 366  # days without a workday
    sync_hours: int = 48
    shown_offline: int = 50  # answers from without a network, of those that came in lately
    median_among: int = 200  # newest right answers of one's own in which those to a kind of question are looked for
    calibration_gap: float = 0.05  # between expected and recalled, from which on the model is off
    calibration_least: int = 200  # answers, fewer say nothing
    calibrated_months: int = 12  # how far the report of the memory model looks back
    fit_least: int = 1000  # reviews from which parameters may be fitted
    fit_gain: float = 0.005  # of log loss, less is not worth a change
    target: float = 0.80  # coverage that a holder has
    holder_items: int = 5
    holder_proven: float = 0.70
    forecast_days: int = 30
    curve_days: tuple[int, ...] = tuple(range(0, 61, 5))  # how far ahead one sees what fades
    team_minimum: int = 5  # people, before anybody is told what a team holds
    share_step: int = 5  # percent
    bus_target: int = 3  # holders that a topic needs so that nobody must worry
    explored_below: int = 10  # learners
    offered: int = 5  # lessons suggested, one of them an exploration
    same_topic: int = 2  # of them at most, while there are others
    candidates: int = 12  # lessons looked at for each reason
    stretch_spare: int = 2  # lessons looked at beyond the new questions wanted: some have none that suits
    few_teammates: int = 3  # fewer would say too much about one colleague
    team_days: int = 30


POLICY = Policy()


def retention_of(importance: str, policy: Policy = POLICY) -> float:
    """The chance of recall at which items of a topic come due."""
    return dict(policy.retention)[importance]


def rank_of(is_critical: bool, lapses: int = 0, policy: Policy = POLICY) -> int:
    """In which order an item is taken when it is due; one that is forgotten again and again is not asked."""
    if lapses >= policy.leech_lapses:
        return LEECH
    return CRITICAL if is_critical else ORDINARY


def weight_of(is_critical: bool, policy: Policy = POLICY) -> int:
    """How much an item counts in what is held."""
    return policy.critical_weight if is_critical else 1


def recall_of(
    is_right: bool,
    confidence: str | None,
    *,
    was_due: bool,
    is_quick: bool = False,
    passes: int = 0,
    hinted: bool = False,
    policy: Policy = POLICY,
) -> Recall:
    """What an answer says about memory (ENGINE E3). Only a due answer can be easy: others were just read.

    What was right with a hint was not recalled alone: it is hard, however sure its person is.
    """
    if not is_right:
        return Recall.AGAIN
    if hinted or confidence == Confidence.GUESS:
        return Recall.HARD
    if was_due and is_quick and confidence == Confidence.CERTAIN and passes >= policy.easy_after:
        return Recall.EASY
    return Recall.GOOD


def quick_below(seconds: Sequence[float], policy: Policy = POLICY) -> float:
    """The seconds under which an answer is quick for a person whose newest answers to such questions took these."""
    return policy.quick_share * median(seconds) if seconds else 0.0


def due_until(today: date, is_workday: Callable[[date], bool], policy: Policy = POLICY) -> date:
    """Items scheduled up to this day are due today: one that falls on a free day waits for the next workday.

    So a time off pauses practice by itself, and nothing is moved when somebody's free days change.
    """
    return next(_workdays(today, is_workday, policy), today - timedelta(days=policy.longest_pause))


def asked_again(rank: int, due_on: date, next_workday: Callable[[date], date]) -> date | None:
    """The day on which an item is asked again: its due day or the next workday; None while it is set aside."""
    return next_workday(due_on) if rank <= ORDINARY else None


def planned_days(interval: int, answered_on: date, due_on: date) -> int:
    """For how many days an answer was put off: what was scheduled, or less where it was made due before that.

    Being asked later than planned is no longer interval, and nobody is asked on the day of an answer.
    """
    return max(1, min(interval, (due_on - answered_on).days))


def recent_workdays(today: date, is_workday: Callable[[date], bool], policy: Policy = POLICY) -> list[date]:
    """The days whose backlog is judged: the newest workdays up to today, the newest first."""
    return list(islice(_workdays(today, is_workday, policy), policy.backlog_days))


def _workdays(today: date, is_workday: Callable[[date], bool], policy: Policy) -> Iterator[date]:
    return filter(is_workday, (today - timedelta(days=n) for n in range(policy.longest_pause)))


def proves(is_right: bool, days_since: int, *, hinted: bool = False, policy: Policy = POLICY) -> bool:
    """Whether an answer proves an item: right without a hint, a week or more after the one before."""
    return is_right and not hinted and days_since >= policy.proven_days


def tier_of(interval: int, policy: Policy = POLICY) -> int:
    """The tier of an interval, 1 to 4: longer intervals say more and pay more."""
    return 1 + sum(interval >= start for start in policy.tiers)


class HasTopic(Protocol):
    """Anything of a topic."""

    @property
    def topic_id(self) -> int: ...


T = TypeVar("T", bound=HasTopic)


def room_for_due(size: int, policy: Policy = POLICY) -> int:
    """How many questions of a set may be due ones: all but one in five stay free for something new."""
    return size - max(1, size // policy.size) * (policy.size - policy.due_of_five)


def fill(due: Sequence[T], stretch: Sequence[T], size: int, policy: Policy = POLICY) -> tuple[list[T], list[T]]:
    """What a set is made of: due items in their order, then at least one stretch item, then more of either."""
    first = list(due[: room_for_due(size, policy)])
    fresh = list(stretch[: size - len(first)])
    return first + list(due[len(first) : size - len(fresh)]), fresh


def interleaved(items: Sequence[T]) -> list[T]:
    """The items so that no two neighbours share a topic where that can be avoided; else in their order."""
    waiting: dict[Hashable, list[T]] = {}
    for item in items:
        waiting.setdefault(item.topic_id, []).append(item)
    order: list[T] = []
    while waiting:
        left = sum(map(len, waiting.values()))
        last = order[-1].topic_id if order else None
        others = [topic for topic in waiting if topic != last] or list(waiting)
        pressing = [topic for topic in others if 2 * len(waiting[topic]) > left]
        topic = (pressing or others)[0]
        order.append(waiting[topic].pop(0))
        if not waiting[topic]:
            del waiting[topic]
    return order


def finishes_well(asked: int, right: int, any_rapid: bool, policy: Policy = POLICY) -> bool:
    """Whether a finished set was taken in earnest."""
    return not any_rapid and right >= policy.least_right * asked


def beats_guessing(answers: Sequence[tuple[bool, float]], policy: Policy = POLICY) -> bool:
    """Whether somebody's newest answers are better than guesses; a few tell nothing.

    `answers`: whether each was right, and the chance of guessing it. What guesses bring is taken away (ENGINE E1, gc).
    """
    if len(answers) < policy.judged_from:
        return True
    right, guessed = fmean(right for right, _ in answers), fmean(chance for _, chance in answers)
    return gc(right, guessed) >= policy.beyond_guessing - 1e-9


def spread(count: int, first: date, per_day: int, next_workday: Callable[[date], date]) -> list[date]:
    """The days on which so many overdue items come back after a fresh start: a few each workday, from a first day."""
    days: list[date] = []
    day = next_workday(first)
    while len(days) < count:
        days += [day] * min(per_day, count - len(days))
        day = next_workday(day + timedelta(days=1))
    return days


@dataclass(frozen=True, slots=True)
class Wait:
    """So many items that came due on one day and were all answered on one, or still wait."""

    due_on: date
    answered_on: date | None = None
    count: int = 1

    def is_on(self, day: date) -> bool:
        """Whether they were left over in the evening of a day."""
        return self.due_on <= day and (self.answered_on is None or day < self.answered_on)


def mean_backlog(waits: Iterable[Wait], days: Sequence[date]) -> float:
    """How many items were left over in the evening of these days, in the mean; 0 without days."""
    left = sum(wait.count for wait in waits for day in days if wait.is_on(day))
    return left / len(days) if days else 0.0


def adds_faster(due: int, backlog: float, policy: Policy = POLICY) -> bool:
    """Whether somebody learns more than they keep up with: their mean backlog is a heap, and not all is done now."""
    return due > 0 and backlog > policy.backlog_warned


def offers_fresh_start(backlog: int, days_away: int, policy: Policy = POLICY) -> bool:
    """Whether somebody who was away should be offered to begin afresh."""
    return backlog > policy.backlog_warned and days_away >= policy.absent_days


def moment_offline(seconds_ago: int, now: datetime, began: datetime, policy: Policy = POLICY) -> datetime | None:
    """When an answer without a network was given that arrives now; None when that is too long ago (ENGINE E9).

    Its device says how long ago, because a clock that is wrong still measures a span. Whatever it says, nothing was
    answered before its set was drawn, nor later than now.
    """
    ago = timedelta(seconds=max(0, min(seconds_ago, policy.longest_pause * 24 * 3600)))
    at = min(now, max(began, now - ago))
    return at if now - at <= timedelta(hours=policy.sync_hours) else None


def seconds_at_most(since_drawn: timedelta, answers: int) -> float:
    """The most that each of so many answers of a set can have taken in the mean, whatever their device says."""
    return since_drawn.total_seconds() / answers


# What suits a person


def chance_of_success(ability: float, difficulty: float, guess: float) -> float:
    """The chance that a person of this ability answers an item of this difficulty rightly (ENGINE E14)."""
    return guess + (1 - guess) / (1 + exp(difficulty - ability))


def suits_as_stretch(chance: float, policy: Policy = POLICY) -> bool:
    """Whether a new item is neither dull nor hopeless."""
    return policy.stretch_from <= chance <= policy.stretch_to


def readiness(chance: float, policy: Policy = POLICY) -> float:
    """How ready a person is for a lesson whose questions they would answer with this chance, 0 to 1."""
    if chance < policy.stretch_from:
        return max(0.0, (chance - 0.35) / (policy.stretch_from - 0.35))
    return min(1.0, (1 - chance) / (1 - policy.stretch_to))


def team_need(holders: int, policy: Policy = POLICY) -> float:
    """How much a topic lacks people who hold it, 0 to 1."""
    return max(0.0, (policy.bus_target - holders) / policy.bus_target)


def lesson_score(*, goal_gap: float, ready: float, quality: float, need: float, fresh: float) -> float:
    """How well a lesson suits as the next one (ENGINE E8). `quality` is 0 to 100, all others 0 to 1."""
    return 0.35 * goal_gap + 0.20 * ready + 0.20 * quality / 100 + 0.15 * need + 0.10 * fresh


# What is held


@dataclass(frozen=True)
class Piece:
    """One item of a topic in a person's memory: its weight, the chance of recalling it, and whether it is proven."""

    weight: float
    chance: float
    is_proven: bool = False


@dataclass(frozen=True)
class Held:
    """What a person holds of a topic."""

    amount: float  # K
    coverage: float  # C
    proven: float  # share of the topic's items
    items: int  # of the topic

    def is_holder(self, policy: Policy = POLICY) -> bool:
        """Whether that makes them a holder."""
        return (
            self.coverage >= policy.target and self.items >= policy.holder_items and self.proven >= policy.holder_proven
        )


def held(pieces: Iterable[Piece], items: int, weight: float) -> Held:
    """K, coverage and proven share (ENGINE E4) of pieces remembered, in a topic of so many items of that weight."""
    listed = list(pieces)
    amount = sum(piece.weight * piece.chance for piece in listed)
    proven = sum(piece.is_proven for piece in listed)
    return Held(amount, amount / weight if weight else 0.0, proven / items if items else 0.0, items)


def risk(holders: int) -> str:
    """How near a topic is to being lost: red when one person or nobody holds it, amber for two."""
    return "red" if holders <= 1 else "amber" if holders == 2 else ""


RISK_WORDS = (N_("Nobody holds it yet"), N_("Rests on one person"), N_("Rests on two people"))  # by holders
STEPS = {  # what is missing to hold a topic; `n` questions
    "few": N_("Nobody can hold it yet: it takes %(n)s more questions"),
    "learn": N_("%(n)s more to learn"),
    "practise": N_("Practise what fades"),
    "prove": N_("%(n)s more to recall after a week"),
}


def next_step(found: Held, known: int, policy: Policy = POLICY) -> tuple[str, int]:
    """What comes first for somebody to hold a topic, and of how many questions; of its items they `known` so many."""
    if found.items < policy.holder_items:
        return "few", policy.holder_items - found.items
    if known < policy.target * found.items:
        return "learn", _share_of(found.items, policy.target) - known
    if found.coverage < policy.target:
        return "practise", 0
    return "prove", _share_of(found.items, policy.holder_proven) - round(found.proven * found.items)


def _share_of(items: int, share: float) -> int:
    return ceil(items * share - 1e-9)


def shown_share(total: float, people: int, others: int, policy: Policy = POLICY) -> int | None:
    """A team's mean coverage in percent, in steps too coarse to tell what one member adds.

    `others`: members besides its leads who remember something of the topic. None where these are few, since the mean
    of many zeros and one person is that person's.
    """
    if min(people, others) < policy.team_minimum:
        return None
    return policy.share_step * round(100 * total / people / policy.share_step)
