"""The numbers of the engine's specification."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from peerlearn.core.words import N_
from peerlearn.points import rules
from peerlearn.points.rule import Shares, split, values_of


@pytest.mark.parametrize(
    ("level", "points"),
    [(1, 0), (2, 100), (3, 300), (4, 600), (5, 1000), (6, 1500), (8, 2800), (10, 4500), (15, 10500), (20, 19000)],
)
def test_thresholds(level: int, points: int) -> None:
    assert rules.threshold(level) == points
    assert rules.level(points) == level
    assert rules.level(points - 1) == max(1, level - 1)


@pytest.mark.parametrize(
    ("points", "level"), [(0, 1), (99, 1), (100, 2), (299, 2), (300, 3), (4499, 9), (4500, 10), (5500, 11)]
)
def test_levels(points: int, level: int) -> None:
    assert rules.level(points) == level


def test_a_standing_shows_the_way_to_the_next_level() -> None:
    standing = rules.standing(200)
    assert (standing.level, standing.start, standing.next, standing.percent) == (2, 100, 300, 50)


@pytest.mark.parametrize(
    ("shares", "parts"),
    [
        (((1, 1.0),), ((1, 20),)),
        (((1, 0.7), (2, 0.3)), ((1, 14), (2, 6))),
        (((1, 1 / 3), (2, 1 / 3), (3, 1 / 3)), ((1, 8), (2, 6), (3, 6))),
        (((1, 0.55), (2, 0.45)), ((1, 11), (2, 9))),
        (((1, 0.1), (2, 0.9)), ((1, 2), (2, 18))),
        ((), ()),
    ],
)
def test_shares_are_rounded_down_and_the_first_author_gets_the_rest(shares: Shares, parts: object) -> None:
    assert split(20, shares) == parts


@pytest.mark.parametrize(
    ("day", "season", "number"),
    [
        (date(2025, 1, 6), date(2025, 1, 6), 1),
        (date(2025, 4, 6), date(2025, 1, 6), 1),
        (date(2025, 4, 7), date(2025, 4, 7), 2),
        (date(2025, 1, 5), date(2024, 10, 7), 0),
        (date(2026, 3, 4), date(2026, 1, 5), 5),
    ],
)
def test_seasons_are_thirteen_weeks(day: date, season: date, number: int) -> None:
    assert rules.season_of(day) == season
    assert rules.season_number(day) == number


def test_a_week_begins_on_monday() -> None:
    assert rules.week_of(date(2026, 3, 1)) == date(2026, 2, 23)
    assert rules.week_of(date(2026, 3, 2)) == date(2026, 3, 2)
    assert rules.periods_of(date(2026, 3, 8)) == ("all", "w:2026-03-02", "s:2026-01-05")


def test_every_sentence_names_only_numbers_of_the_policy_and_a_reason_also_what_its_event_says() -> None:
    texts = [rule.sentence for rule in rules.RULES] + [rules.BURST_REASON, rules.RESTORED_REASON]
    for rule in rules.RULES:
        texts += [condition.demand for condition in rule.conditions]
        said = {each.name: 1 for each in fields(rule.event)}
        for condition in rule.conditions:
            assert "%(" not in N_(condition.reason) % (said | values_of(condition.reason, rules.POLICY))
        texts += [rule.cap.demand, rule.cap.reason] if rule.cap else []
    for text in texts:
        assert "%(" not in N_(text) % values_of(text, rules.POLICY)


def test_rule_slugs_are_unique_and_caps_name_a_number() -> None:
    assert len(rules.BY_SLUG) == len(rules.RULES)
    for rule in rules.RULES:
        assert rule.cap is None or getattr(rules.POLICY, rule.cap.limit) > 0


def test_nobody_decides_about_their_own_points_or_their_teams() -> None:
    assert rules.decision_problem((1, 1), (1, 1))
    assert rules.decision_problem((1, None), (1, None))
    assert rules.decision_problem((1, 1), (2, 1))
    assert rules.decision_problem((1, 1), (2, 2)) is None
    assert rules.decision_problem((1, None), (2, None)) is None


def test_a_decision_needs_a_reason() -> None:
    assert rules.note_problem(" too short ")
    assert rules.note_problem("x" * 501)
    assert rules.note_problem("Two accounts, one person.") is None
