"""A simulated company at a reduced size: honest people beside those who play tricks, through the real actions."""

from __future__ import annotations

import pytest
from flask import Flask

from bench.fairness import findings, report, teams
from bench.fairness.company import Company
from bench.fairness.findings import Found, Member
from bench.fairness.page import page
from bench.fairness.plan import HONEST, TEAM_SIZES, Plan
from bench.fairness.teams import Week

PLAN = Plan(8, 5, 1, rings=(2,), farmers=1, guessers=1, pairs=1, spammers=1, tricksters=1, lessons=5)


@pytest.fixture
def found(app: Flask) -> Found:
    """How a week of some people ended."""
    company = Company(app, PLAN)
    company.live()
    return findings.of(company)


def test_a_week_of_a_company_with_tricksters(found: Found) -> None:
    assert found.differences == []
    honest = found.of(HONEST)
    assert len(honest) == 8
    assert sum(member.xp for member in honest) > 0
    assert sum(member.knowledge for member in honest) > 0
    assert {"L1", "L2", "L3", "T1", "C1"} <= {rule for member in honest for rule in member.by_rule}
    assert found.wrongly_held == 0
    assert len(found.tricksters) == 8
    assert all(member.xp == 0 for member in found.of("spam authors"))
    assert sum(member.ip for member in found.of("author and curator")) <= 3 * 20 + 5 * 6, "three a month, five a day"
    for kind in ("farmers", "guessing bots", "streak tricksters"):
        assert all(member.by_rule.get("L1", 0) == 0 for member in found.of(kind)), "no pass at once for a guesser"
    table = "\n".join(report.lines(found, PLAN))
    assert all(kind in table for kind in found.kinds)
    shown = page(found, PLAN)
    assert shown.count("<svg") == 4
    assert shown.count("<circle") >= len(honest)


def member(name: str, kind: str, xp: int, **values: float) -> Member:
    return Member(name, kind, 1, xp, 0, **values)  # type: ignore[arg-type]


def test_what_is_told_of_those_who_play_tricks() -> None:
    honest = [member(f"h{n}", HONEST, 100 * n, knowledge=float(n)) for n in range(1, 6)]
    caught = member("c", "bots", 200)
    caught.was_held = True
    crowd = [*honest, member("a", "bots", 15), member("b", "bots", 16), caught]
    found = Found(crowd, [], 0, 0)
    assert found.honest_median == 300
    assert found.gain(found.of("bots")) == pytest.approx(77 / 300)
    assert [found.is_neutral(one) for one in found.of("bots")] == [True, False, True]
    assert found.neutral(found.tricksters) == pytest.approx(2 / 3)
    assert found.knowledge == pytest.approx(1)
    assert found.wrongly_held == 0
    honest[0].taken_back = 5
    assert found.wrongly_held == pytest.approx(0.2)
    honest[4].xp = 0
    assert found.knowledge == pytest.approx(0)


def test_who_comes_first_where_all_are_alike() -> None:
    same = [Week(80, True)]
    shared = teams.chances(same, 1, draws=10)
    assert all(share == pytest.approx(1 / len(TEAM_SIZES)) for share in shared.values())
    varied = [Week(points, True) for points in range(0, 120, 3)]
    chances = teams.chances(varied, 1, draws=600)
    assert sum(chances.values()) == pytest.approx(1)
    assert max(chances.values()) < 2.2 * min(chances.values())
