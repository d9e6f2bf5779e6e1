"""What is held, who holds a topic, and which lesson comes next: the numbers of ENGINE E4 and E8."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from peerlearn.practice import rules
from peerlearn.practice.memory import Recall, Trace, begin, go_on, retrievability
from peerlearn.practice.rules import Held, Piece

FIRST = date(2025, 1, 6)


def close(value: float) -> object:
    return pytest.approx(value, abs=1e-4)


def example() -> dict[str, list[Trace]]:
    """The answers of the example: A good on days 0 and 2, B good on day 0, C again on day 0 and good on day 1."""
    second, third = FIRST + timedelta(days=1), FIRST + timedelta(days=2)
    first = {
        name: begin(recall, FIRST, 0.90)
        for name, recall in (("A", Recall.GOOD), ("B", Recall.GOOD), ("C", Recall.AGAIN))
    }
    return {
        "A": [first["A"], go_on(first["A"], Recall.GOOD, third, 0.90)],
        "B": [first["B"]],
        "C": [first["C"], go_on(first["C"], Recall.GOOD, second, 0.90)],
    }


TABLE = [
    (2, (1.0000, 0.9095, 0.9375), 2.8470, 0.7118),
    (10, (0.9202, 0.7744, 0.7651), 2.4596, 0.6149),
    (30, (0.8242, 0.6675, 0.6517), 2.1434, 0.5359),
    (60, (0.7550, 0.6033, 0.5870), 1.9453, 0.4863),
]


@pytest.mark.parametrize(("day", "chances", "amount", "coverage"), TABLE)
def test_what_is_held_of_four_items_of_which_one_was_never_seen(
    day: int, chances: tuple[float, ...], amount: float, coverage: float
) -> None:
    now = FIRST + timedelta(days=day)
    newest = [traces[-1] for traces in example().values()]
    found = [retrievability(trace.stability, (now - trace.day).days) for trace in newest]
    assert found == [close(chance) for chance in chances]
    held = rules.held([Piece(1, chance) for chance in found], items=4, weight=4)
    assert (held.amount, held.coverage) == (close(amount), close(coverage))


def test_a_critical_item_counts_twice() -> None:
    pieces = [Piece(rules.weight_of(True), 0.9), Piece(rules.weight_of(False), 0.6)]
    assert rules.held(pieces, items=3, weight=4).coverage == close((2 * 0.9 + 0.6) / 4)


def test_of_an_empty_topic_nothing_is_held() -> None:
    assert rules.held([], items=0, weight=0) == Held(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("coverage", "items", "proven", "is_holder"),
    [
        (0.80, 5, 0.70, True),
        (0.79, 50, 1.0, False),
        (1.0, 4, 1.0, False),
        (1.0, 50, 0.69, False),
    ],
)
def test_a_holder_has_most_of_enough_items_and_has_proven_them(
    coverage: float, items: int, proven: float, is_holder: bool
) -> None:
    assert Held(coverage * items, coverage, proven, items).is_holder() is is_holder


def test_an_item_is_proven_a_week_after_its_previous_answer() -> None:
    assert rules.proves(True, 7)
    assert not rules.proves(True, 6)
    assert not rules.proves(False, 30)


@pytest.mark.parametrize(("holders", "risk"), [(0, "red"), (1, "red"), (2, "amber"), (3, ""), (40, "")])
def test_how_near_a_topic_is_to_being_lost(holders: int, risk: str) -> None:
    assert rules.risk(holders) == risk


@pytest.mark.parametrize(
    ("chance", "ready"), [(0.35, 0), (0.45, 0.4), (0.60, 1), (0.72, 1), (0.90, 1), (0.95, 0.5), (1.0, 0), (0.2, 0)]
)
def test_how_ready_somebody_is(chance: float, ready: float) -> None:
    assert rules.readiness(chance) == close(ready)


@pytest.mark.parametrize(("holders", "need"), [(0, 1), (1, 2 / 3), (2, 1 / 3), (3, 0), (9, 0)])
def test_how_much_a_topic_lacks_holders(holders: int, need: float) -> None:
    assert rules.team_need(holders) == close(need)


@pytest.mark.parametrize(
    ("gap", "chance", "quality", "need", "fresh", "score"),
    [(0.8, 0.72, 71.73, 0.5, 1, 0.7985), (0.9, 0.45, 80, 0, 0.7937, 0.6344)],
)
def test_which_lesson_comes_next(
    gap: float, chance: float, quality: float, need: float, fresh: float, score: float
) -> None:
    ready = rules.readiness(chance)
    assert rules.lesson_score(goal_gap=gap, ready=ready, quality=quality, need=need, fresh=fresh) == close(score)
