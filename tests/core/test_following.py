"""A place in a text is found again after the text was changed, or it is gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerlearn.core.following import Following, follow

WORDS = st.integers(2, 30).flatmap(
    lambda count: st.lists(st.sampled_from([" ", "\n", "\n\n"]), min_size=count, max_size=count).map(
        lambda gaps: "".join(f"w{number}{gap}" for number, gap in enumerate(gaps))
    )
)
NEW = st.lists(st.sampled_from(["new ", "newer\n", "newest\n\n", "even newer words "]), max_size=3).map("".join)


@st.composite
def placed(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text of words that stand there once, and a place of some of them."""
    text = draw(WORDS)
    starts = [at for at in range(len(text)) if text[at] == "w"]
    ends = [at for at in range(1, len(text)) if text[at].isspace() and not text[at - 1].isspace()]
    first = draw(st.integers(0, len(starts) - 1))
    last = draw(st.integers(first, len(ends) - 1))
    return text, starts[first], ends[last]


@given(placed=placed())
def test_in_the_same_text_everything_stays(placed: tuple[str, int, int]) -> None:
    text, start, end = placed
    assert follow(text, text, start, end) == (start, end)
    assert follow(text, text, start, start) == (start, start)


@given(placed=placed(), before=NEW, after=NEW, data=st.data())
def test_what_is_written_elsewhere_moves_it_exactly(
    placed: tuple[str, int, int], before: str, after: str, data: st.DataObject
) -> None:
    text, start, end = placed
    words = [at for at in range(len(text)) if text[at] == "w"]
    at = data.draw(st.sampled_from([place for place in words if place <= start]))
    late = data.draw(st.sampled_from([place for place in [*words, len(text)] if place > end] or [len(text)]))
    new = text[:at] + before + text[at:late] + after + text[late:]
    assert follow(text, new, start, end) == (start + len(before), end + len(before))


@given(placed=placed(), one=NEW, other=NEW)
def test_two_steps_lead_where_one_leads(placed: tuple[str, int, int], one: str, other: str) -> None:
    text, start, end = placed
    middle = one + text
    last = middle + other
    halfway = follow(text, middle, start, end)
    assert halfway is not None
    assert follow(middle, last, *halfway) == follow(text, last, start, end)


@given(placed=placed())
def test_what_was_deleted_is_gone(placed: tuple[str, int, int]) -> None:
    text, start, end = placed
    assert follow(text, text[:start] + text[end:], start, end) is None
    assert follow(text, text[:start] + "something else" + text[end:], start, end) is None


@given(old=st.text(max_size=60), new=st.text(max_size=60), data=st.data())
def test_it_is_always_a_place_of_the_new_text(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    found = follow(old, new, start, end)
    assert found is None or 0 <= found[0] <= found[1] <= len(new)


OLD = "The first card.\n\nWrite down what is open.\n\nName one person.\n"


@pytest.mark.parametrize(
    ("new", "place", "expected"),
    [
        (OLD.replace("what is open", "all that is open"), "what is open", "all that is open"),
        (OLD.replace("down", "down, soon,"), "Write down what is open.", "Write down, soon, what is open."),
        (OLD.replace("Write", "Type"), "Write down what is open.", "Type down what is open."),
        (OLD.replace("Name one person.\n", "") + "Name two.\n", "The first card.", "The first card."),
        ("## Title\n\n" + OLD, "one person", "one person"),
        (OLD.replace("Write down what is open.\n\n", ""), "Write down what is open.", None),
        ("Another text altogether.\n", "Name one person", None),
    ],
)
def test_places_in_sentences(new: str, place: str, expected: str | None) -> None:
    start = OLD.index(place)
    found = follow(OLD, new, start, start + len(place))
    assert (None if found is None else new[slice(*found)]) == expected


@pytest.mark.parametrize(
    ("new", "lines", "expected"),
    [
        (OLD, (1, 1), (1, 1)),
        ("New.\n\n" + OLD, (3, 5), (5, 7)),
        (OLD.replace("open.", "open.\nAnd for whom."), (3, 5), (3, 6)),
        (OLD.replace("Write down", "Note"), (3, 3), (3, 3)),
        ("The first card.\n", (3, 3), None),
        (OLD, (3, 99), None),
        ("New.\n\nBefore: " + OLD + "\nAfter.\n", (1, 1), (3, 3)),
    ],
)
def test_lines(new: str, lines: tuple[int, int], expected: tuple[int, int] | None) -> None:
    assert Following(OLD, new).lines(*lines) == expected


@pytest.mark.parametrize(
    ("old", "new", "lines", "expected"),
    [
        ("one two", "one three\n", (1, 1), (1, 1)),  # it does not end behind the last line
        ("keep it two\n\nend\n", "keep it three\n\n\nend\n", (1, 1), (1, 1)),  # nor with empty lines behind it
        ("keep it two\n\nend\n", "keep it two\n\nend\n", (1, 2), (1, 2)),
        ("one\n\n", "one\n\n", (2, 3), (2, 2)),
    ],
)
def test_lines_end_where_there_is_one(old: str, new: str, lines: tuple[int, int], expected: tuple[int, int]) -> None:
    assert Following(old, new).lines(*lines) == expected
