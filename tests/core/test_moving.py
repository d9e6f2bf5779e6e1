"""Which parts of a text were put somewhere else: each line is compared once, and what moved goes with its part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from peerlearn.core.following import Following
from peerlearn.core.moving import MAX_PARTS, strands

LINES = st.lists(
    st.sampled_from(["## One\n", "## Two\n", "# Rest\n", "a line\n", "another\n", "\n", "```\n"]), max_size=14
)
ONE = "## One\n\nBegin at the door.\n\nAsk.\n\n"
TWO = "## Two ^k3f9x\n\nThen go in.\n\nAsk.\n\n"
THREE = "## Three\n\nLeave by the window, not by the door.\n\nAsk.\n"


def compared(old: str, new: str) -> list[tuple[list[int], list[int]]]:
    """The lines of each strand, by their numbers from 0."""
    found = strands(old.splitlines(keepends=True), new.splitlines(keepends=True))
    return [(list(was), list(now)) for was, now in found if was or now]


def lines(first: int, end: int) -> list[int]:
    return list(range(first, end))


@given(old=LINES, new=LINES)
def test_each_line_is_in_one_strand(old: list[str], new: list[str]) -> None:
    found = list(strands(old, new))
    for side, text in enumerate((old, new)):
        assert sorted(n for strand in found for n in strand[side]) == list(range(len(text)))


def test_a_part_that_went_elsewhere_is_found_whatever_became_of_the_others() -> None:
    swapped = [(lines(0, 6), lines(6, 12)), (lines(6, 12), lines(0, 6)), (lines(12, 17), lines(12, 17))]
    assert sorted(compared(ONE + TWO + THREE, TWO + ONE + THREE)) == swapped
    other = ONE.replace("Begin at", "Start behind").replace("Ask.", "Ask twice.")
    assert sorted(compared(ONE + TWO + THREE, TWO + other + THREE)) == swapped


def test_it_is_known_by_its_mark_or_by_most_of_its_lines() -> None:
    marked = "## Quite another name ^k3f9x\n\nNothing is as it was.\n\n"
    assert (lines(6, 12), lines(0, 4)) in compared(ONE + TWO, marked + ONE)
    renamed = "## Doors\n\nBegin at the door.\n\nAsk.\n\n"
    assert (lines(0, 6), lines(12, 18)) in compared(ONE + TWO + THREE, TWO + THREE + "\n" + renamed)


def test_what_nobody_knows_is_compared_with_the_part_above_it() -> None:
    cut = ONE.replace("Ask.", "## Ask\n\nAsk.")
    assert compared(ONE + TWO, cut + TWO) == [(lines(0, 6), lines(0, 8)), (lines(6, 12), lines(8, 14))]
    assert compared(cut + TWO, ONE + TWO) == [(lines(0, 8), lines(0, 6)), (lines(8, 14), lines(6, 12))]


def test_code_holds_no_headings() -> None:
    code = "## Code\n\n```\n## no part\nx = 1\n```\n\n"
    assert (lines(12, 19), lines(6, 13)) in compared(ONE + TWO + code, ONE + code + TWO)


def test_in_a_text_of_very_many_parts_nothing_is_looked_for() -> None:
    parts = [f"## Part {number}\n" for number in range(MAX_PARTS + 1)]
    assert compared("".join(parts), "".join(parts[::-1])) == [(lines(0, len(parts)), lines(0, len(parts)))]
    assert len(compared("".join(parts[:-1]), "".join(parts[-2::-1]))) == MAX_PARTS


OLD = ONE + TWO + THREE
FIRST_ASK, SECOND_ASK = 5, 11


def test_a_place_is_followed_into_its_part() -> None:
    way = Following(OLD, TWO + ONE + THREE)
    assert way.lines(FIRST_ASK, FIRST_ASK) == (11, 11)
    assert way.lines(SECOND_ASK, SECOND_ASK) == (5, 5)
    assert way.lines(7, 11) == (1, 5)
    edited = TWO.replace("go in", "go in quietly").replace("Ask.", "New.\n\nAsk.")
    assert Following(OLD, ONE + THREE + "\n" + edited).lines(7, 11) == (13, 19)


def test_of_what_was_torn_apart_the_larger_piece_is_followed() -> None:
    new = TWO + ONE + THREE
    assert Following(OLD, new).lines(3, 7) == (9, 11)
    assert Following(OLD, new).lines(5, 9) == (1, 3)


def test_lines_that_went_into_another_part_are_found_where_only_they_stand() -> None:
    line = "Leave by the window, not by the door."
    new = (OLD.replace(line, "Stay.")).replace("Then go in.", f"Then go in.\n\n{line}")
    assert Following(OLD, new).lines(15, 15) == (11, 11)


def test_where_nothing_tells_which_they_are_they_are_nowhere() -> None:
    line = "Leave by the window, not by the door."
    new = THREE.replace(line, "Stay.") + "\n" + ONE.replace("door.", f"door.\n\n{line}") + TWO
    assert Following(THREE + "\n" + ONE + TWO, new).lines(3, 3) == (11, 11)
    twice = new.replace("go in.", f"go in.\n\n{line}")
    assert Following(THREE + "\n" + ONE + TWO, twice).lines(3, 3) is None


def test_where_the_words_stand_twice_the_surroundings_tell() -> None:
    line = "Leave by the window, not by the door."
    old = f"First.\n\nSecond.\n\n{line}\n\nThird.\n\nFourth.\n"
    new = f"{line}\n\nOf all there is.\n\nFourth.\n\nFifth.\n\nFirst.\n\nThird.\n\nSecond.\n\n{line}\n\nThird.\n"
    assert Following(old, new).lines(5, 5) == (15, 15)


def test_few_letters_are_not_known_by_themselves() -> None:
    old = "## One\n\nBegin at the door.\n\nYes.\n\nGo on.\n\n## Two\n\nThen go in.\n\nSlowly.\n"
    new = old.replace("Yes.\n\n", "") + "\nYes.\n"
    assert Following(old, new).lines(5, 5) is None
    with_its_neighbour = old.replace("Begin at the door.\n\nYes.\n\n", "") + "\nBegin at the door.\n\nYes.\n"
    assert Following(old, with_its_neighbour).lines(5, 5) == (13, 13)
    long = "Yes, if it is not too late for it."
    assert Following(old.replace("Yes.", long), new.replace("Yes.", long)).lines(5, 5) == (13, 13)
