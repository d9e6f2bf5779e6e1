"""Which questions an attempt asks, by table."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from peerlearn.learn.drawing import Candidate, Draw, Past, draw
from peerlearn.learn.rules import Told


def question(number: int, card: int | None = None, **values: Any) -> Candidate:
    return Candidate(number, (number, "m"), card, **values)


def past(number: int, was_right: bool, instead_of: int | None = None) -> Past:
    return Past((number, "m"), (instead_of or number, "m"), was_right)


def numbers(drawn: Draw) -> list[int]:
    return [one.version_id for one in drawn.asked]


FIVE = [question(n, card) for n, card in enumerate([1, 1, 2, 3, 3], start=1)]
SPARES = [question(6, 1, is_spare=True), question(7, 3, is_spare=True), question(8, None, is_spare=True)]


def test_a_first_attempt_asks_all_but_the_spares() -> None:
    drawn = draw(FIVE + SPARES, (), 0, seed=1, use_spares=True)
    assert (numbers(drawn), drawn.total, drawn.carried) == ([1, 2, 3, 4, 5], 5, 0)
    assert set(drawn.instead_of) == {None}


def test_a_retake_asks_what_was_missed_or_a_spare_of_its_card() -> None:
    before = [past(1, True), past(2, False), past(3, False), past(4, True), past(5, False)]
    drawn = draw(FIVE + SPARES, before, 0, seed=1, use_spares=True)
    assert numbers(drawn) == [6, 3, 7]
    assert [one and one.version_id for one in drawn.instead_of] == [2, None, 5]
    assert (drawn.total, drawn.carried) == (5, 2)


def test_what_practice_told_is_asked_last() -> None:
    told = [question(n, card, told=Told.TOLD) for n, card in ((1, 1), (2, 1), (4, 3))]
    pool = [told[0], told[1], FIVE[2], told[2], FIVE[4]]
    assert numbers(draw(pool, (), 2, seed=1, use_spares=True)) == [3, 5], "where others are left"
    assert len(numbers(draw(pool, (), 4, seed=1, use_spares=True))) == 4
    drawn = draw(pool + SPARES, (), 0, seed=1, use_spares=True)
    assert numbers(drawn) == [6, 2, 3, 7, 5], "a spare stands for its card"
    assert [one and one.version_id for one in drawn.instead_of] == [1, None, None, 4, None]
    spares = [question(6, 1, is_spare=True, told=Told.TOLD)]
    assert numbers(draw(pool + spares, (), 0, seed=1, use_spares=True)) == [1, 2, 3, 4, 5], "not one that was told too"
    assert numbers(draw(pool + SPARES, (), 0, seed=1, use_spares=False)) == [1, 2, 3, 4, 5]


def test_practice_keeps_the_spares() -> None:
    before = [past(n, False) for n in range(1, 6)]
    assert numbers(draw(FIVE + SPARES, before, 0, seed=1, use_spares=False)) == [1, 2, 3, 4, 5]


def test_a_spare_is_asked_once_and_answers_for_its_place() -> None:
    missed_again = [*[past(n, n != 2) for n in range(1, 6)], past(6, False, instead_of=2)]
    assert numbers(draw(FIVE + SPARES, missed_again, 0, seed=1, use_spares=True)) == [2]
    was_right = [*[past(n, n not in (2, 3)) for n in range(1, 6)], past(6, True, instead_of=2)]
    assert numbers(draw(FIVE + SPARES, was_right, 0, seed=1, use_spares=True)) == [3]


@pytest.mark.parametrize("seed", range(20))
def test_some_are_drawn_from_every_card_in_the_order_of_the_quiz(seed: int) -> None:
    pool = [question(n, 1 + n % 3) for n in range(12)]
    drawn = draw(pool, (), 5, seed=seed, use_spares=True)
    assert numbers(drawn) == sorted(numbers(drawn))
    assert sorted(Counter(one.card for one in drawn.asked).values()) == [1, 2, 2]
    assert drawn.total == 5
    assert drawn == draw(pool, (), 5, seed=seed, use_spares=True)


def test_every_question_of_a_pool_is_drawn_by_some_seed() -> None:
    pool = [question(n, 1 + n % 3) for n in range(12)]
    drawn = Counter(n for seed in range(400) for n in numbers(draw(pool, (), 3, seed=seed, use_spares=True)))
    assert set(drawn) == set(range(12))
    assert min(drawn.values()) > 60  # 100 expected


def test_a_retake_of_a_drawn_quiz_keeps_its_places() -> None:
    pool = [question(n, 1 + n % 2) for n in range(8)]
    first = draw(pool, (), 3, seed=5, use_spares=True)
    before = [Past(one.key, one.key, n == 0) for n, one in enumerate(first.asked)]
    again = draw(pool, before, 3, seed=6, use_spares=True)
    assert (again.total, again.carried, len(again.asked)) == (3, 1, 2)
    for one, missed in zip(again.asked, again.instead_of, strict=True):
        assert missed in first.asked
        assert one not in first.asked, "a question of the pool that was not drawn is asked instead"
        assert one.card == missed.card


def test_what_is_not_asked_any_more_leaves_its_place_to_another() -> None:
    before = [past(n, True) for n in (1, 2, 3)]
    pool = [question(n, 1) for n in (2, 3, 4)]
    drawn = draw(pool, before, 3, seed=1, use_spares=True)
    assert (numbers(drawn), drawn.total, drawn.carried) == ([4], 3, 2)
    alone = draw(pool[:2], before, 3, seed=1, use_spares=True)
    assert (numbers(alone), alone.total, alone.carried) == ([], 2, 2)


def test_what_never_counts_is_asked_once_and_counted_nowhere() -> None:
    pool = [*FIVE, question(9, 1, counts=False)]
    first = draw(pool, (), 3, seed=1, use_spares=True)
    assert 9 in numbers(first)
    assert (len(first.asked), first.total) == (4, 3)
    before = [Past(one.key, one.key, False) for one in first.asked]
    assert 9 not in numbers(draw(pool, before, 3, seed=2, use_spares=True))
