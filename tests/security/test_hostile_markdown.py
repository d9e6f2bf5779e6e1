"""Hostile Markdown: what the sanitiser lets through can do nothing, and no accepted text takes a second."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from peerlearn.core import markdown
from peerlearn.core.errors import NotValid, TooBusy
from peerlearn.lessons import fileformat, preparing
from tests.security.hostile import families, heavy, heavy_lesson
from tests.security.test_markup import wounds

pytestmark = pytest.mark.security
FAMILIES = families()
LONGEST = 1.0  # seconds
WARM = "```\ncode\n```"


def rendered(text: str) -> str | None:
    """The markup of a text; None when it is refused."""
    try:
        return str(markdown.render(text, prefix="t").html)
    except NotValid:
        return None


def test_there_are_enough_of_them() -> None:
    assert len(FAMILIES) >= 10
    assert sum(map(len, FAMILIES.values())) >= 500


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_rendered_can_do_nothing(family: str) -> None:
    wrong = {text: found for text in FAMILIES[family] if (found := wounds(rendered(text) or ""))}
    assert not wrong


@pytest.mark.parametrize("size", [2_000, 15_000])
@pytest.mark.parametrize("name", heavy(10))
def test_no_accepted_text_takes_a_second(name: str, size: int) -> None:
    text = heavy(size)[name]
    assert any(seconds(text) < LONGEST for _again in range(3))


@pytest.mark.parametrize("name", heavy(10))
def test_no_accepted_lesson_takes_a_second_in_all(name: str) -> None:
    """Every text of it is quick alone."""
    file = fileformat.parse(heavy_lesson(name))
    for _again in range(5):
        rendered(WARM)
        start = processor_time()
        with suppress(TooBusy):
            prepared = preparing.finish("", file, [])
            took = processor_time() - start
            assert prepared.problems or prepared.cards
            assert took < LONGEST or prepared.problems
            return
    pytest.skip("The machine is too busy to say.")


def test_a_lesson_that_is_too_heavy_as_a_whole_says_where_it_is_heaviest() -> None:
    """Without the bound it takes several times as long; the remark stands at its heaviest part, once."""
    source = heavy_lesson("headings")
    heaviest = source.index("## ordering ^q0005")
    source = source[:heaviest] + source[heaviest:].replace("Why: ", "Why: " + "`a" * 40, 1)
    file = fileformat.parse(source)
    assert len(file.questions) > 20
    for _again in range(5):
        with suppress(TooBusy):
            problems = preparing.finish("", file, []).problems
            break
    assert [problem.code for problem in problems] == ["too-slow"]
    assert "Shorten this part" in problems[0].message
    assert problems[0].line in {part.line for part in (*file.cards, *file.questions)}


def processor_time() -> float:
    """Of this process and of the children that render, where the system tells of them."""
    ticks = 0
    for child in markdown._apart._living:
        with suppress(OSError):
            told = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(told[11]) + int(told[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def seconds(text: str) -> float:
    """How long a text takes that is rendered; one that is refused takes nothing of what is asked here.

    In processor time, as the limit is: others at work on this machine make no text longer.
    """
    rendered(WARM)  # a refusal ends the child that renders; starting another is no text's own time
    start = processor_time()
    is_accepted = rendered(text) is not None
    return processor_time() - start if is_accepted else 0.0
