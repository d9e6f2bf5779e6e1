"""Two people changed one text: nothing gets lost, and only what both changed has to be chosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerlearn.core.allowance import thread_seconds
from peerlearn.core.merging import Disputed, merge

LINES = st.lists(st.sampled_from(["", "one", "two", "three", "## Title", "four words stand here"]), max_size=12)
TEXTS = LINES.map("\n".join) | LINES.map(lambda lines: "".join(f"{line}\n" for line in lines)) | st.text(max_size=40)


@given(base=TEXTS, changed=TEXTS)
def test_what_one_side_changed_is_taken(base: str, changed: str) -> None:
    assert merge(base, changed, base).text == changed
    assert merge(base, base, changed).text == changed
    assert merge(base, changed, changed).text == changed
    assert not merge(base, changed, base).conflicts
    assert not merge(base, changed, changed).conflicts


@given(base=TEXTS, ours=TEXTS, theirs=TEXTS)
def test_it_does_not_matter_who_is_ours(base: str, ours: str, theirs: str) -> None:
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert one.conflicts == tuple(Disputed(each.base, each.theirs, each.ours) for each in other.conflicts)
    count = len(one.conflicts)
    assert one.settled(["ours"] * count) == other.settled(["theirs"] * count)


@given(base=TEXTS, ours=TEXTS, theirs=TEXTS)
def test_nothing_that_somebody_wrote_is_lost(base: str, ours: str, theirs: str) -> None:
    merged = merge(base, ours, theirs).text.split("\n")
    before = set(base.split("\n"))
    for line in (*ours.split("\n"), *theirs.split("\n")):
        assert not line or line in before or line in merged


@given(data=st.data(), count=st.integers(4, 20))
def test_edits_of_different_lines_both_survive(data: st.DataObject, count: int) -> None:
    base = [f"line {number}" for number in range(count)]
    middle = data.draw(st.integers(1, count - 2))
    ours, theirs, both = list(base), list(base), list(base)
    for number in data.draw(st.sets(st.integers(0, middle - 1))):
        ours[number] = both[number] = f"ours {number}"
    for number in data.draw(st.sets(st.integers(middle, count - 1))):
        theirs[number] = both[number] = f"theirs {number}"
    merged = merge("\n".join(base), "\n".join(ours), "\n".join(theirs))
    assert not merged.conflicts
    assert merged.text == "\n".join(both)
    again = merge("\n".join(base), "\n".join(ours), merged.text)
    assert again.text == merged.text, "whoever did not hear the answer sends the same once more"


BASE = "# Title\n\nFirst.\n\nSecond.\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (
            BASE.replace("First", "My first"),
            BASE.replace("Second", "Their second"),
            "# Title\n\nMy first.\n\nTheir second.\n",
        ),
        (BASE.replace("Second.", "My second."), BASE + "\nThird.\n", "# Title\n\nFirst.\n\nMy second.\n\nThird.\n"),
        (BASE.replace("First.\n\n", ""), BASE.replace("Title", "Name"), "# Name\n\nSecond.\n"),
        ("Before.\n" + BASE, BASE + "After.\n", "Before.\n" + BASE + "After.\n"),
        (BASE + "Alike.\n", BASE + "Alike.\n", BASE + "Alike.\n"),
        (BASE.replace("Second.\n", "Mine."), BASE + "Theirs.\n", "# Title\n\nFirst.\n\nMine.\nTheirs.\n"),
    ],
)
def test_merges(ours: str, theirs: str, expected: str) -> None:
    merged = merge(BASE, ours, theirs)
    assert not merged.conflicts
    assert merged.text == expected


@pytest.mark.parametrize(
    ("ours", "theirs", "disputed"),
    [
        ("A\nmine\nC\n", "A\ntheirs\nC\n", ("B\n", "mine\n", "theirs\n")),
        ("A\nC\n", "A\ntheirs\nC\n", ("B\n", "", "theirs\n")),
        ("A\nC\n", "A\nB\nbelow B\nC\n", ("B\n", "", "B\nbelow B\n")),
        ("A\nB\nmine\nC\n", "A\nB\ntheirs\nC\n", ("", "mine\n", "theirs\n")),
        ("A\nalike\nmine\nC\n", "A\nalike\ntheirs\nC\n", ("B\n", "mine\n", "theirs\n")),
    ],
)
def test_what_both_changed_has_to_be_chosen(ours: str, theirs: str, disputed: tuple[str, str, str]) -> None:
    merged = merge("A\nB\nC\n", ours, theirs)
    assert merged.conflicts == (Disputed(*disputed),)
    assert merged.settled(["ours"]) == ours
    assert merged.settled(["theirs"]) == theirs
    for line in (disputed[1] + disputed[2]).split("\n"):
        assert line in merged.settled(["both"])


@pytest.mark.parametrize("line", ["\n", "x\n", "x", "a b\n"])
def test_the_longest_texts_are_merged_in_a_moment(line: str) -> None:
    base = line * (100_000 // len(line))
    began = thread_seconds()
    ours = f"mine\n{base[: len(base) // 2]}mine\n{base[len(base) // 2 :]}mine\n"
    merge(base, ours, ours.replace("mine", "theirs").replace("\n", "\n\n"))
    assert thread_seconds() - began < 5
