"""A question goes through the fields of its form and comes back."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from peerlearn.lessons import questionform
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.question import Question, Reply
from peerlearn.quizzes.textform import normal
from tests.quizzes.questions import EXAMPLES


@pytest.mark.parametrize("slug", KINDS)
def test_a_form_holds_a_whole_question(slug: str) -> None:
    question, problems = questionform.question_of(questionform.of_question(EXAMPLES[slug]))
    assert problems == []
    assert question == normal(EXAMPLES[slug])


def test_what_is_said_to_single_answers_is_filled_in() -> None:
    posted = MultiDict(
        [
            ("kind", "cloze"),
            ("stem", "A {{gap}} and {{=right|wrong}}."),
            ("why", "So."),
            ("reply-1", ""),
            ("why-1", ""),
            ("reply-2", " wrong "),
            ("why-2", "It is the other."),
            ("gap-2", "2"),
            ("reply-3", "hole"),
            ("why-3", "Near."),
            ("gap-3", "x"),
        ]
    )
    question, problems = questionform.question_of(questionform.from_post(posted))
    assert problems == []
    assert question.replies == (Reply("hole", "Near.", 1), Reply("wrong", "It is the other.", 2))


def test_there_is_always_room_for_two_more() -> None:
    replies = tuple(Reply(f"wrong {n}", "No.") for n in range(7))
    fields = questionform.of_question(Question("text", "?", accepted=("a",), replies=replies))
    assert [reply["answer"] for reply in fields.replies] == [*(f"wrong {n}" for n in range(7)), "", ""]
    assert len(questionform.empty("number").replies) == questionform.REPLIES


@pytest.mark.parametrize("kind", ["single", "multiple", "hotspot"])
def test_an_answer_is_kept_at_the_end_from_the_form(kind: str) -> None:
    """Its mark stands behind an id, so those of a new question get one; the text and the form say the same."""
    posted = MultiDict([("kind", kind), ("stem", "Which of these?"), ("right", "1"), ("pinned-3", "1")])
    for n, text in enumerate(("First", "Second", "None of these"), start=1):
        posted.update({f"option-{n}": text, f"why-{n}": "So."})
        posted.update({f"left-{n}": "0", f"top-{n}": str(n * 20), f"width-{n}": "10", f"height-{n}": "10"})
    text, problems = questionform.text_of(questionform.from_post(posted))
    assert [problem.code for problem in problems] == (["one-picture"] if kind == "hotspot" else [])
    assert "^c!" in text
    question, _problems = questionform.question_of(questionform.from_post(posted))
    assert [option.pinned for option in question.options] == [False, False, True]
    assert KINDS[kind].shown(question, 5)[-1].text == "None of these"  # type: ignore[attr-defined]
    again = questionform.of_question(question)
    assert [option["pinned"] for option in again.options] == [False, False, True, *[False] * 3]
    posted.pop("pinned-3")
    assert "!" not in questionform.text_of(questionform.from_post(posted))[0]
