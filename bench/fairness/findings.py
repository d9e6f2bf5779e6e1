"""How a simulated company ended: what everybody was paid, what they know, and how that fits together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from math import fsum
from statistics import mean, median

from scipy.stats import spearmanr
from sqlalchemy import select

from bench.fairness import teams
from bench.fairness.company import Company, team_ids
from bench.fairness.plan import FIRST, HONEST, TARGETS
from bench.fairness.teams import Week
from bench.year.mind import KNOWN_BEFORE
from peerlearn.core.db import db
from peerlearn.leaderboard.rules import league_points
from peerlearn.points import actions as points
from peerlearn.points import rules
from peerlearn.points.models import HeldEntry, LedgerEntry, PointSum


@dataclass
class Member:
    """One person at the end."""

    name: str
    kind: str
    team_id: int
    xp: int
    ip: int
    is_author: bool = False
    knowledge: float = 0.0  # items they hold truly, beyond what they knew before
    taught: float = 0.0  # items that others hold truly of their lessons, beyond what those knew before
    was_held: bool = False
    taken_back: int = 0
    weeks: list[Week] = field(default_factory=list)
    by_rule: dict[str, int] = field(default_factory=dict)

    @property
    def points(self) -> int:
        """XP and Impact together."""
        return self.xp + self.ip

    @property
    def teaching(self) -> int:
        """Impact for lessons, without what curating paid."""
        return sum(self.by_rule.get(rule, 0) for rule in ("T1", "T2"))


@dataclass
class Found:
    """Everybody at the end, and whether the books agree."""

    members: list[Member]
    differences: list[str]
    lessons: int
    published: int
    chance: int = 1

    def of(self, kind: str) -> list[Member]:
        """Those who are of a kind."""
        return [member for member in self.members if member.kind == kind]

    @property
    def kinds(self) -> list[str]:
        """The kinds of tricks there were."""
        return list(dict.fromkeys(member.kind for member in self.members if member.kind != HONEST))

    @property
    def tricksters(self) -> list[Member]:
        """All who played tricks."""
        return [member for member in self.members if member.kind != HONEST]

    @property
    def honest_median(self) -> float:
        """What an honest person was paid."""
        return median(member.points for member in self.of(HONEST))

    @property
    def knowledge(self) -> float:
        """Rank correlation of XP with what honest people truly know."""
        return _rank_correlation(self.of(HONEST), lambda m: m.xp, lambda m: m.knowledge)

    @property
    def teaching(self) -> float:
        """Rank correlation of Impact for teaching with what others truly hold of it, among honest authors."""
        authors = [member for member in self.of(HONEST) if member.is_author]
        return _rank_correlation(authors, lambda m: m.teaching, lambda m: m.taught)

    @cached_property
    def first(self) -> dict[int, float]:
        """Chances of first place by the size of a team, from the weeks of honest people."""
        return teams.chances([week for member in self.of(HONEST) for week in member.weeks], self.chance)

    def gain(self, members: Iterable[Member]) -> float:
        """What they were paid in the mean, beside the honest median."""
        return mean(member.points for member in members) / self.honest_median

    def is_neutral(self, member: Member) -> bool:
        """Whether a trick brought next to nothing, or was caught."""
        return member.points <= TARGETS.gain * self.honest_median or member.was_held

    def neutral(self, members: Sequence[Member]) -> float:
        """The share of them whose trick brought next to nothing or was caught."""
        return sum(map(self.is_neutral, members)) / len(members)

    @property
    def wrongly_held(self) -> float:
        """The share of honest people some of whose points were held or taken back."""
        honest = self.of(HONEST)
        return sum(member.was_held or member.taken_back > 0 for member in honest) / len(honest)


def _rank_correlation(
    members: Sequence[Member], one: Callable[[Member], float], other: Callable[[Member], float]
) -> float:
    """Spearman's; 0 where one side is the same for all, so that nothing can be said."""
    sides = [[value(m) for m in members] for value in (one, other)]
    return float(spearmanr(*sides).statistic) if all(len(set(side)) > 1 for side in sides) else 0.0


def of(company: Company) -> Found:
    """What became of everybody, from the books and from true memories."""
    kinds = {life.login: HONEST for life in company.colleagues} | {trick.name: trick.kind for trick in company.tricks}
    sums = {row.person_id: row for row in db.session.scalars(select(PointSum).where(PointSum.period == "all"))}
    teams, held, back = team_ids(), set(db.session.scalars(select(HeldEntry.person_id))), _taken_back()
    members = {
        name: Member(
            name,
            kind,
            teams[company.ids[name]],
            *_paid(sums.get(company.ids[name])),
            was_held=company.ids[name] in held,
            taken_back=back.get(company.ids[name], 0),
        )
        for name, kind in kinds.items()
    }
    _remember(company, members)
    _weeks(company, members)
    _by_rule(company, members)
    return Found(
        list(members.values()), points.verify(), len(company.written), len(company.by_slug), company.plan.chance
    )


def _paid(row: PointSum | None) -> tuple[int, int]:
    return (row.xp, row.ip) if row else (0, 0)


def _taken_back() -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    wanted = select(LedgerEntry.person_id, LedgerEntry.amount).where(LedgerEntry.reverses_id.is_not(None))
    for person_id, amount in db.session.execute(wanted):
        found[person_id] -= amount
    return found


def _remember(company: Company, members: dict[str, Member]) -> None:
    last = company.plan.workdays[-1] + timedelta(days=1)
    author_of = {item: company.written[lesson].author for lesson, items in company.items.items() for item in items}
    for written in company.by_slug.values():
        if written.author in members:
            members[written.author].is_author = True
    for life in company.colleagues:
        gained = {item: life.mind.recalls(item, last) - KNOWN_BEFORE for item in life.mind.traces}
        members[life.login].knowledge = fsum(gained.values())
        for item, value in gained.items():
            if author_of.get(item) in members and author_of[item] != life.login:
                members[author_of[item]].taught += value


def _weeks(company: Company, members: dict[str, Member]) -> None:
    mondays = [FIRST + timedelta(weeks=n) for n in range(-(-company.plan.days // 7))]
    wanted = select(PointSum).where(PointSum.period.in_([rules.week_key(monday) for monday in mondays]))
    rows = {(row.person_id, row.period): row for row in db.session.scalars(wanted)}
    for name, member in members.items():
        for monday in mondays:
            row = rows.get((company.ids[name], rules.week_key(monday)))
            counted = league_points(row.work_xp, row.work_ip) if row else 0
            member.weeks.append(Week(counted, bool(row and row.goals)))


def _by_rule(company: Company, members: dict[str, Member]) -> None:
    names = {company.ids[name]: member for name, member in members.items()}
    for person_id, rule, amount in db.session.execute(
        select(LedgerEntry.person_id, LedgerEntry.rule, LedgerEntry.amount)
    ):
        if person_id in names:
            names[person_id].by_rule[rule] = names[person_id].by_rule.get(rule, 0) + amount
