"""Remarks and suggestions stay where they belong when whole cards and questions are put somewhere else."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from peerlearn.lessons import fileformat
from peerlearn.review.anchors import Anchor, Anchors, take_over
from peerlearn.review.models import Remark
from peerlearn.review.rules import lines_of, quote
from tests.lessons.moved import Moved, moved, repetitive, text_of

CONTENT = sorted((Path(__file__).parents[2] / "content" / "lessons").glob("*/*.md"))
REAL = st.sampled_from([fileformat.parse(path.read_text(encoding="utf-8")) for path in CONTENT])
SEEN = 7
STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def remark_on(case: Moved, data: st.DataObject, replacement: str | None = None) -> Remark:
    """A remark on one or several lines of the part that is watched."""
    first = data.draw(st.sampled_from(case.lines))
    last = data.draw(st.sampled_from([line for line in case.lines if first <= line < first + 6]))
    quoted = quote(lines_of(case.before), first, last)
    return Remark(id=1, text_id=SEEN, line_from=first, line_to=last, quoted=quoted, replacement=replacement)


def truth(case: Moved, remark: Remark) -> tuple[int, int]:
    assert remark.line_from is not None
    assert remark.line_to is not None
    return case.line_now(remark.line_from), case.line_now(remark.line_to)


@given(case=moved(REAL), data=st.data())
@settings(STEADY, max_examples=150)
def test_a_remark_goes_with_its_card_or_question(case: Moved, data: st.DataObject) -> None:
    remark = remark_on(case, data)
    assert Anchors(case.after, {SEEN: case.before}).place(remark) == Anchor(*truth(case, remark))


@given(case=moved(REAL), data=st.data())
@settings(STEADY, max_examples=100)
def test_a_suggestion_changes_the_lines_it_was_made_for(case: Moved, data: st.DataObject) -> None:
    new = data.draw(st.sampled_from(["", "Quite other words.", "One line.\n\nAnd one more."]))
    remark = remark_on(case, data, new)
    first, last = truth(case, remark)
    lines = lines_of(case.after)
    lines[first - 1 : last] = new.split("\n") if new else []
    done = take_over(remark, case.before, case.after)
    assert done is not None
    assert done.source == "\n".join(lines) + "\n"
    assert (done.line_from, done.line_to) == (first, first + max(0, new.count("\n")))


def stands_alike(case: Moved, first: int, remark: Remark) -> bool:
    """Whether a line is at the place of the remark in a part that says exactly what the watched one says."""
    assert remark.line_from is not None
    file = fileformat.parse(case.after)
    parts = [part for part in (*file.cards, *file.questions) if text_of(part) == case.text]
    return any(first - part.line == remark.line_from - case.was.line for part in parts)


@given(case=moved(repetitive()), data=st.data())
@settings(STEADY, max_examples=250)
def test_where_words_stand_twice_it_is_at_its_own_or_nowhere(case: Moved, data: st.DataObject) -> None:
    before = fileformat.parse(case.before)
    assume(sum(text_of(part) == case.text for part in (*before.cards, *before.questions)) == 1)
    remark = remark_on(case, data)
    found = Anchors(case.after, {SEEN: case.before}).place(remark)
    if found is not None:
        assert stands_alike(case, found.line_from, remark)
