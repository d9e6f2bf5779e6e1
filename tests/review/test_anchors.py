"""Remarks stay where they belong while the text changes around them, and say so when their place is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerlearn.review.anchors import Anchor, Anchors, take_over
from peerlearn.review.models import Remark
from peerlearn.review.rules import lines_of, quote

CONTENT = sorted((Path(__file__).parents[2] / "content" / "lessons").glob("*/*.md"))
FILES = [path.read_text(encoding="utf-8") for path in CONTENT[:40]]
SEEN = 7


def remark_on(source: str, first: int, last: int, replacement: str | None = None) -> Remark:
    lines = lines_of(source)
    return Remark(
        id=1, text_id=SEEN, line_from=first, line_to=last, quoted=quote(lines, first, last), replacement=replacement
    )


def text_of(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_it_moves_with_its_lines_when_others_change(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(FILES))
    lines = lines_of(source)
    first = data.draw(
        st.sampled_from([n for n, line in enumerate(lines, 1) if len(line) > 30 and lines.count(line) == 1])
    )
    above, below = lines[: first - 1], lines[first:]
    for part in (above, below):  # lines come, go and are changed around it
        for _ in range(data.draw(st.integers(0, 4))):
            at = data.draw(st.integers(0, len(part)))
            if data.draw(st.booleans()) or at == len(part):
                part.insert(at, f"A line that nobody wrote before, number {data.draw(st.integers(0, 999))}.")
            else:
                del part[at]
    now = text_of([*above, lines[first - 1], *below])
    remark = remark_on(source, first, first)
    assert Anchors(now, {SEEN: source}).place(remark) == Anchor(len(above) + 1, len(above) + 1)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_wherever_it_is_said_to_stand_there_is_a_line(data: st.DataObject) -> None:
    old, new = data.draw(st.sampled_from(FILES)), data.draw(st.sampled_from(FILES))
    count = len(lines_of(old))
    first = data.draw(st.integers(1, count))
    last = data.draw(st.integers(first, min(count, first + 3)))
    found = Anchors(new, {SEEN: old}).place(remark_on(old, first, last))
    if found is not None:
        assert 1 <= found.line_from <= found.line_to <= len(lines_of(new))
        assert found.is_changed == (
            quote(lines_of(new), found.line_from, found.line_to) != quote(lines_of(old), first, last)
        )
    if old == new:
        assert found == Anchor(first, last)


OLD = "## Begin\n\nPress the red key and wait for the lamp to go out.\n\nThen open the door.\n"


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (OLD, Anchor(3, 3)),
        ("## Before\n\nNew.\n\n" + OLD, Anchor(7, 7)),
        (OLD.replace("red key", "green key"), Anchor(3, 3, is_changed=True)),
        (OLD.replace("Press the red key and wait for the lamp to go out.\n\n", ""), None),
        (OLD.replace("Press the red key and wait for the lamp to go out.", "Nobody does this any more today."), None),
    ],
)
def test_a_place_moves_is_changed_or_is_gone(now: str, wanted: Anchor | None) -> None:
    assert Anchors(now, {SEEN: OLD}).place(remark_on(OLD, 3, 3)) == wanted


def test_an_old_remark_without_its_text_is_found_by_its_words() -> None:
    remark = remark_on(OLD, 3, 3)
    remark.text_id = None
    assert Anchors("New.\n\n" + OLD, {}).place(remark) == Anchor(5, 5)
    assert Anchors(OLD.replace("red", "green"), {}).place(remark) is None
    whole = Remark(id=2, quoted="")
    assert Anchors(OLD, {}).place(whole) is None
    assert Anchors(OLD, {SEEN: OLD}).places([remark_on(OLD, 3, 3), whole]) == {1: Anchor(3, 3)}


def test_a_suggestion_is_taken_over_where_its_lines_went() -> None:
    remark = remark_on(OLD, 5, 5, "Then open the door slowly.")
    now = "## Before\n\nNew.\n\n" + OLD.replace("red", "green")
    done = take_over(remark, OLD, now)
    assert done is not None
    assert done.source == now.replace("open the door.", "open the door slowly.")
    assert (done.line_from, done.line_to) == (9, 9)
    assert take_over(remark, OLD, OLD.replace("open the door", "shut the window")) is None
    gone = take_over(remark_on(OLD, 4, 5, ""), OLD, now)
    assert gone is not None
    assert "door" not in gone.source
    assert take_over(remark, None, OLD) is not None


@pytest.mark.parametrize(
    ("source", "line", "quoted", "new", "wanted"),
    [
        ("a\nb\nc\n", 2, "b", "B", "a\nB\nc\n"),
        ("a\nb\nc\n", 2, "b\nc", "B", "a\nB\n"),
        ("a\nb\nc\n", 1, "a", "x\ny\nz", "x\ny\nz\nb\nc\n"),
        ("a\nb\nc\n", 2, "b", "", "a\nc\n"),
        ("a\nb\nc\n", 2, "b", "B\n", "a\nB\nc\n"),
        ("new\na\nb\nc\n", 2, "b", "B", "new\na\nB\nc\n"),  # moved down: stands there once
        ("b\nb\nx\n", 3, "b", "B", None),  # moved, but twice
        ("b\nb\nx\n", 2, "b", "B", "b\nB\nx\n"),  # twice, but one is where it was
        ("a\nchanged\nc\n", 2, "b", "B", None),
        ("", 2, "b", "B", None),
        ("a\nb", 2, "b", "B", "a\nB\n"),
    ],
)
def test_an_old_suggestion_without_its_text_goes_where_its_lines_are(
    source: str, line: int, quoted: str, new: str, wanted: str | None
) -> None:
    remark = Remark(id=1, line_from=line, line_to=line + quoted.count("\n"), quoted=quoted, replacement=new)
    found = take_over(remark, None, source)
    assert (found.source if found else None) == wanted
