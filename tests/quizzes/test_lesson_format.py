"""The examples of the grammar's page are what the page says they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from peerlearn.quizzes import textform
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.question import FLAGS

PAGE = Path(__file__).parents[2].joinpath("docs", "lesson-format.md").read_text(encoding="utf-8")
QUIZZES = re.findall(r"^```lesson-quiz\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LESSONS = re.findall(r"^````lesson\n(.*?)^````$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = QUIZZES + [lesson[lesson.index("# Quiz\n") :] for lesson in LESSONS]


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_sound_and_canonical(text: str) -> None:
    found = textform.parse(text)
    assert found.problems == ()
    assert textform.print_quiz(found.questions) == text


def test_every_kind_and_flag_is_on_the_page() -> None:
    shown = {question.kind for text in QUIZZES for question in textform.parse(text).questions}
    assert shown == set(KINDS)
    assert all(f"`{word}`" in PAGE for word in (*KINDS, *FLAGS))


def test_escapes_read_as_the_page_says() -> None:
    escapes = next(text for text in QUIZZES if "esc1a" in text)
    text, matching, cloze = textform.parse(escapes).questions
    assert text.stem.startswith("Why: is a word")
    assert text.stem.endswith("\n= not an answer")
    assert text.accepted == ("2 ^3",)
    assert text.why.endswith("\nCard: 7 is plain text as well.")
    assert [(p.left, p.right) for p in matching.pairs] == [("=>", "gives"), ("->", "points to"), ("2 ^3", "8 ^a")]
    assert [gap.accepted for gap in cloze.gaps] == [("|", "pipe"), ("==", "equals")]
