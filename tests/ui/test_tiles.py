"""Pictures made from words: always the same for one word, different for another."""

import pytest

from peerlearn.ui import tiles


def test_a_word_keeps_its_picture() -> None:
    first = tiles.tile_paths("spot-a-phishing-mail")
    tiles.tile_paths.cache_clear()
    assert tiles.tile_paths("spot-a-phishing-mail") == first


def test_words_have_pictures_of_their_own() -> None:
    assert len({tiles.tile_paths(f"lesson-{number}") for number in range(200)}) > 190


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (2, 2), (6, 2), (5, 4)])
def test_every_cell_holds_one_form(columns: int, rows: int) -> None:
    one, other = tiles.tile_paths("x", columns, rows)
    assert one.count("M") + other.count("M") == columns * rows


@pytest.mark.parametrize(("angle", "step"), [(0, 0), (29, 0), (30, 1), (359, 11), (360, 0), (-1, 11)])
def test_an_angle_has_its_step(angle: int, step: int) -> None:
    assert tiles.hue_of(angle) == step


def test_a_word_has_a_step() -> None:
    assert {tiles.hue_of(f"name {number}") for number in range(300)} == set(range(12))


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Mara Lind", "ML"), ("Jo", "J"), ("Anna de la Cruz", "AC"), ("", ""), ("  élan vital ", "ÉV")],
)
def test_initials(name: str, letters: str) -> None:
    assert tiles.initials_of(name) == letters
