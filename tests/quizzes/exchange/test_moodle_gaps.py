"""Gaps of Moodle that take a number: what is said to a number is said to whoever types it."""

from __future__ import annotations

import pytest

from peerlearn.quizzes.exchange.registry import read
from peerlearn.quizzes.exchange.report import Fate
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.question import Reply


def gap(text: str) -> Fate:
    """The fate of a text with this gap."""
    stem = f"<questiontext format='plain_text'><text>It weighs {text} kg.</text></questiontext>"
    page = f"<quiz><question type='cloze'>{stem}</question></quiz>"
    return read(page.encode(), "t.xml").fates[0]


@pytest.mark.parametrize(
    ("text", "forms", "replies", "why", "exact"),
    [
        ("{2:NM:=23.8:2#Right}", ("23.8",), [], "Right", ["23.8"]),
        ("{2:NUMERICAL:=23.8:0#Right}", ("23.8",), [], "Right", []),
        ("{2:NM:=7~%0%9:1#Too many~%0%5:0.0#Too few}", ("7",), ["9", "5"], "", ["9"]),
        ("{2:NM:=7~=8:0.5#Yes}", ("7", "8"), [], "Yes", ["8"]),
        ("{2:SHORTANSWER:=10:30#Yes~at ten#Say it in digits}", ("10:30",), ["at ten"], "Yes", []),
    ],
)
def test_a_tolerance_is_no_part_of_what_is_typed(
    text: str, forms: tuple[str, ...], replies: list[str], why: str, exact: list[str]
) -> None:
    fate = gap(text)
    question = fate.question
    assert question is not None
    assert (question.gaps[0].accepted, question.why) == (forms, why)
    assert [reply.answer for reply in question.replies] == replies
    assert not any(KINDS["cloze"].counts_as_right(question, Reply(answer, "", 1)) for answer in replies)
    said = [loss.message for loss in fate.losses if "without a tolerance" in loss.message]
    assert [any(number in sentence for sentence in said) for number in exact] == [True] * len(said)
