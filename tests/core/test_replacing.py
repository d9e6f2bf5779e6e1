"""Other words take the place of some lines, and what was changed in these meanwhile stays."""

from __future__ import annotations

import pytest

from peerlearn.core.replacing import replaced

NOW = "one\ntwo\nthree\nfour\n"


@pytest.mark.parametrize(
    ("place", "old", "new", "wanted"),
    [
        ((2, 3), "two\nthree", "2\n3", ("one\n2\n3\nfour\n", 2, 3)),
        ((2, 3), "two\nthree", "", ("one\nfour\n", 2, 2)),
        ((2, 2), "two", "two\nand a half\n", ("one\ntwo\nand a half\nthree\nfour\n", 2, 3)),
        ((2, 4), "two\nthree\n4", "2\nthree\n4", ("one\n2\nthree\nfour\n", 2, 4)),  # both changed another line
        ((2, 2), "zwei", "two", (NOW, 2, 2)),  # it says so already
        ((2, 2), "zwei", "2", None),
        ((2, 2), "zwei", "", None),
        ((4, 4), "four", "4", ("one\ntwo\nthree\n4\n", 4, 4)),
    ],
)
def test_what_becomes_of_the_text(
    place: tuple[int, int], old: str, new: str, wanted: tuple[str, int, int] | None
) -> None:
    done = replaced(NOW, place, old, new)
    assert (done and (done.source, done.line_from, done.line_to)) == wanted
