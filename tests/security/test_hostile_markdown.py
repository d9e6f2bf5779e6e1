"""Hostile Markdown: what the sanitiser lets through can do nothing, and no accepted text takes a second."""

from __future__ import annotations

import time

import pytest

from peerlearn.core import markdown
from peerlearn.core.errors import NotValid
from tests.security.hostile import families, heavy
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


def seconds(text: str) -> float:
    """How long a text takes that is rendered; one that is refused takes nothing of what is asked here."""
    rendered(WARM)  # a refusal ends the child that renders; starting another is no text's own time
    start = time.perf_counter()
    is_accepted = rendered(text) is not None
    return time.perf_counter() - start if is_accepted else 0.0
