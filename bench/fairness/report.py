"""What a simulated company shows: a table, and a page with plots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean, median

from bench.fairness.findings import Found, Member
from bench.fairness.plan import HONEST, TARGETS, Plan


@dataclass(frozen=True)
class Figure:
    """One figure with the target it is held to."""

    name: str
    found: float
    target: float
    at_least: bool

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.found >= self.target if self.at_least else self.found <= self.target


def figures(found: Found) -> list[Figure]:
    """Everything that has a target."""
    gains = {kind: found.gain(found.of(kind)) for kind in found.kinds}
    unfair = max(found.first.values()) / max(min(found.first.values()), 1e-9)
    return [
        Figure("rank correlation of XP with knowledge", found.knowledge, TARGETS.correlation, True),
        Figure("… of Impact for teaching with what others hold", found.teaching, TARGETS.correlation, True),
        *(Figure(f"gain of {kind}, of the honest median", gains[kind], TARGETS.gain, False) for kind in found.kinds),
        Figure("share of tricksters neutral or caught", found.neutral(found.tricksters), TARGETS.neutral, True),
        Figure("share of honest people held", found.wrongly_held, TARGETS.held, False),
        Figure("first place, best size beside worst", unfair, TARGETS.first, False),
    ]


def lines(found: Found, plan: Plan) -> Iterator[str]:
    """The table."""
    honest = found.of(HONEST)
    yield f"{len(honest)} honest people, {len(found.tricksters)} with tricks, {plan.days} days, chance {plan.chance}"
    yield f"{found.lessons} lessons handed in, {found.published} published"
    yield f"an honest person: {median(m.xp for m in honest):.0f} XP and {mean(m.ip for m in honest):.1f} Impact\n"
    yield f"{'':52}{'found':>9}{'target':>9}"
    for figure in figures(found):
        target = f"{'≥' if figure.at_least else '≤'} {figure.target:g}"
        yield f"{figure.name:52}{figure.found:>9.3f}{target:>9}  {'' if figure.is_met else 'MISSED'}"
    yield ""
    yield f"{'what tricks were paid, in the mean':36}{'people':>8}{'XP':>8}{'Impact':>8}  by rule"
    for kind in (HONEST, *found.kinds):
        group = found.of(kind)
        paid = f"{mean(m.xp for m in group):>8.1f}{mean(m.ip for m in group):>8.1f}"
        yield f"{kind:36}{len(group):>8}{paid}  {_by_rule(group)}"
    yield ""
    yield "chance of first place by size: " + ", ".join(f"{n} {p:.3f}" for n, p in found.first.items())
    yield f"differences between ledger, sums and facts: {len(found.differences)}"


def _by_rule(group: list[Member]) -> str:
    rules = sorted({rule for member in group for rule in member.by_rule})
    means = {rule: mean(member.by_rule.get(rule, 0) for member in group) for rule in rules}
    return ", ".join(f"{rule} {value:.1f}" for rule, value in means.items() if value)
