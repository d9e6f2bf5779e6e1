"""Two texts compared by words: both can be read out of what is told, and what is told reads well."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerlearn.core.allowance import thread_seconds
from peerlearn.core.rewording import GONE, NEW, SAME, Part, is_changed, new_of, old_of, reworded, shortened

WORDS = st.text("ab \n*#`.'é\r\t\u200b", max_size=60)


@given(WORDS, WORDS)
@settings(max_examples=300, deadline=None)
def test_both_texts_can_be_rebuilt(old: str, new: str) -> None:
    parts = reworded(old, new)
    assert (old_of(parts), new_of(parts)) == (old, new)
    assert is_changed(parts) == (old != new)
    assert all(part.text for part in parts)
    assert all(one.sort != other.sort for one, other in pairwise(parts))


def told(old: str, new: str) -> str:
    """What is told, in one line: gone in brackets, new in braces."""
    marks = {SAME: "%s", GONE: "[%s]", NEW: "{%s}"}
    return "".join(marks[part.sort] % part.text for part in reworded(old, new))


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("Press the red key.", "Press the green key.", "Press the [red]{green} key."),
        ("Call it now.", "Call them very soon now.", "Call [it]{them very soon} now."),
        ("a b c d e f g", "a x y d e f g", "a [b c]{x y} d e f g"),  # no hole at the space between
        ("See https://a.example/b?c=1 today.", "See https://a.example/d today.",
         "See [https://a.example/b?c=1]{https://a.example/d} today."),
        ("It takes **two** days.", "It takes *two* days.", "It takes [**]{*}two[**]{*} days."),
        ("one\ntwo\nthree\n", "one\nthree\n", "one\n[two\n]three\n"),
        ("Everything is another text.", "Nobody wrote this before, yet here it stands!",
         "[Everything is another text.]{Nobody wrote this before, yet here it stands!}"),
        ("", "New", "{New}"),
        ("same", "same", "same"),
    ],
)  # fmt: skip
def test_it_reads_well(old: str, new: str, wanted: str) -> None:
    assert told(old, new) == wanted


def test_what_stayed_is_shortened_around_the_changes() -> None:
    old = "".join(f"line {n}\n" for n in range(20))
    parts = shortened(reworded(old, old.replace("line 10", "row 10")), around=2)
    assert [part and part.text for part in parts] == [
        None, "line 8\nline 9\n", "line", "row", " 10\nline 11\n", None,
    ]  # fmt: skip
    assert shortened((Part(SAME, "a\n"), Part(NEW, "b")), around=2) == (Part(SAME, "a\n"), Part(NEW, "b"))


def test_long_texts_take_no_time() -> None:
    old, new = "a b " * 40_000, "b a " * 40_000
    start = thread_seconds()
    assert (old_of(parts := reworded(old, new)), new_of(parts)) == (old, new)
    lines = "".join(f"{n % 7} words here\n" for n in range(3_000))
    other = "".join(f"{n % 5} words there\n" for n in range(3_000))
    assert new_of(reworded(lines, other)) == other
    assert thread_seconds() - start < 5
