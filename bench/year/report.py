"""What a simulated year shows, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import mean, median

from bench.measure import percentile
from bench.year.world import Ended, Found, Plan
from peerlearn.practice import belief, rules

Value = Callable[[Ended], float]


def merged(parts: Sequence[Found]) -> Found:
    """The parts of a world as one."""
    whole = Found()
    for part in parts:
        whole.people += part.people
        whole.answers += part.answers
        whole.expected += part.expected
        whole.differences += part.differences
        whole.backlogs += part.backlogs
    return whole


def lines(found: Found, plan: Plan) -> Iterator[str]:
    """The whole report, line by line."""
    yield f"{2 * plan.pairs} learners in {plan.pairs} pairs, {plan.weeks} weeks, chance {plan.chance}"
    yield ""
    yield from _people(found, plan)
    yield ""
    yield from _load(found, plan)
    yield ""
    yield from _calibration(found)
    yield ""
    yield f"differences between ledger, sums and facts: {len(found.differences)}"


def _people(found: Found, plan: Plan) -> Iterator[str]:
    groups = [[p for p in found.people if p.practises is practises] for practises in (True, False)]
    rows: list[tuple[str, Value]] = [
        ("XP a week", lambda p: p.xp / plan.weeks),
        ("items met", lambda p: p.items),
        ("  held as the model has it (K)", lambda p: p.believed),
        ("  held truly", lambda p: p.held),
        ("items of lessons taken", lambda p: p.taught),
        ("  held truly", lambda p: p.taught_held),
    ]
    yield f"{'means of a person, at the end':38}{'practice':>12}{'none':>12}"
    for title, value in rows:
        yield f"{title:38}" + "".join(f"{mean(map(value, group)):>12.2f}" for group in groups)
    shares = [sum(p.taught_held for p in group) / max(1, sum(p.taught for p in group)) for group in groups]
    yield f"{'  share of them':38}" + "".join(f"{share:>12.2f}" for share in shares)


def _load(found: Found, plan: Plan) -> Iterator[str]:
    practising = [p for p in found.people if p.practises]
    days = [answers for p in practising for answers in p.answers]
    share = sum(p.due for p in practising) / max(1, sum(days))
    waiting = [p.waiting for p in practising]
    yield "load of those who practise"
    yield f"{'days with practice, of workdays':38}{len(days) / len(practising) / len(plan.days):>12.2f}"
    yield f"{'questions a day with practice':38}{mean(days):>12.2f}{f'at most {max(days)}':>15}"
    yield f"{'  of them due':38}{share:>12.2f}"
    yield f"{'questions a workday':38}{sum(days) / len(practising) / len(plan.days):>12.2f}"
    yield f"{'waiting at the end':38}{median(waiting):>12.0f}{f'p95 {percentile(waiting, 0.95):.0f}':>15}"
    weekly = [found.backlogs[day] / len(practising) for day in sorted(found.backlogs)]
    yield f"{'waiting on Fridays, mean':38}{mean(weekly):>12.2f}{f'at most {max(weekly):.1f}':>15}"


def buckets(found: Found) -> Iterator[tuple[str, dict[str, float]]]:
    """By intervals: how many due answers there were, what was predicted, found after correction for guesses, and true.

    The model rates by what it sees, so a lucky guess raises its belief; only a simulation knows the last column.
    """
    starts = (1, *rules.POLICY.tiers)
    for tier, start in enumerate(starts, start=1):
        of_tier = [row[1:] for row in found.answers if rules.tier_of(row[0]) == tier]
        true = [chance for interval, chance in found.expected if rules.tier_of(interval) == tier]
        title = f"{start} to {starts[tier] - 1} days" if tier < len(starts) else f"{start} days and more"
        yield title, dict(belief.calibration(of_tier)) | {"true": mean(true) if true else 0.0}


def _calibration(found: Found) -> Iterator[str]:
    names = ("predicted", "found", "gap", "true")
    yield f"{'due answers by interval':38}{'answers':>12}" + "".join(f"{name:>12}" for name in names)
    for title, row in buckets(found):
        yield f"{title:38}{row['count']:>12.0f}" + "".join(f"{row[name]:>12.3f}" for name in names)
