"""Two texts of a lesson compared: both can be rebuilt, and what is told is what was changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerlearn.core.allowance import thread_seconds
from peerlearn.core.rewording import new_of, old_of
from peerlearn.lessons import fileformat
from peerlearn.lessons.comparing import CHANGED, GONE, NEW, SAME, Comparison, Picture, compare
from peerlearn.lessons.fileformat import Card, LessonFile
from tests.quizzes.questions import EXAMPLES

CONTENT = sorted((Path(__file__).parents[2] / "content" / "lessons").glob("*/*.md"))
FILES = [path.read_text(encoding="utf-8") for path in CONTENT[:40]]


def rebuilt(found: Comparison, is_old: bool) -> list[tuple[str, str]]:
    """The cards of one side, read out of what is told."""
    side, number = (old_of, "old_number") if is_old else (new_of, "number")
    cards = [card for card in found.cards if getattr(card, number)]
    return [(side(card.title), side(card.body)) for card in sorted(cards, key=lambda card: int(getattr(card, number)))]


def cards_of(file: LessonFile) -> list[tuple[str, str]]:
    return [(card.title, card.body) for card in file.cards]


@st.composite
def edited(draw: st.DrawFn) -> tuple[LessonFile, LessonFile]:
    """A real lesson and what somebody made of it: cards moved, gone, new, rewritten; questions too."""
    old = fileformat.parse(draw(st.sampled_from(FILES)))
    cards = draw(st.permutations(old.cards)) if draw(st.booleans()) else list(old.cards)
    kept = [card for card in cards if draw(st.integers(0, 4))]
    kept = [replace(card, body=card.body.replace("e", "ee", 2)) if draw(st.booleans()) else card for card in kept]
    kept = [replace(card, title=card.title + " too") if not draw(st.integers(0, 3)) else card for card in kept]
    if draw(st.booleans()):
        kept.insert(draw(st.integers(0, len(kept))), Card("Something new", "It was not there before."))
    questions = [one for one in draw(st.permutations(old.questions)) if draw(st.integers(0, 4))]
    questions = [replace(one, stem=one.stem + " Really?") if draw(st.booleans()) else one for one in questions]
    return old, replace(old, cards=tuple(kept), questions=tuple(questions))


@given(edited())
@settings(max_examples=60, deadline=None)
def test_both_texts_can_be_rebuilt(pair: tuple[LessonFile, LessonFile]) -> None:
    old, new = pair
    texts = fileformat.print_file(old), fileformat.print_file(new)
    new = fileformat.parse(texts[1])  # as it is read: the code in it is closed
    found = compare(*texts)
    assert rebuilt(found, is_old=True) == cards_of(old)
    assert rebuilt(found, is_old=False) == cards_of(new)
    assert sorted(one.old_number for one in found.questions if one.old_number) == list(range(1, len(old.questions) + 1))
    for one in found.questions:
        if one.number and new.questions[one.number - 1].kind != "cloze":
            assert new_of(one.stem).rstrip("\n") == new.questions[one.number - 1].stem
            options = [option for option in one.options if option.is_right is not None]
            assert [option.is_right for option in options] == [o.right for o in new.questions[one.number - 1].options]
        if one.old_number and old.questions[one.old_number - 1].kind != "cloze":
            assert old_of(one.stem).rstrip("\n") == old.questions[one.old_number - 1].stem
    assert found.is_same == (texts[0] == texts[1] or (cards_of(old) == cards_of(new) and _same_questions(old, new)))


def _same_questions(old: LessonFile, new: LessonFile) -> bool:
    """Whether the quiz is the same but for the order of its questions."""
    return {one.uid: one for one in old.questions} == {one.uid: one for one in new.questions}


LESSON = """---
id: a-lesson
title: How to compare two texts
summary: A lesson that is compared with another text of itself, to see what is told.
kind: how-to
topics: [writing]
---

## Begin

Start with the reader.

![A red door](/media/{red})

## Go on

Then show each step, one below the other.

## Take care

Read it aloud.

# Quiz

## single ^aaaaa

What comes first?

- [ ] The end ^a
  > That comes last.
- [x] The start ^b
  > Right.

## text ^bbbbb

What is forgotten?

= last step

Why: People stop too early.
""".format(red="1" * 64)


def test_a_change_of_words_key_and_picture() -> None:
    new = LESSON.replace("the reader", "your reader").replace("1" * 64, "2" * 64).replace("A red door", "A blue door")
    new = new.replace("- [ ] The end", "- [x] The end").replace("- [x] The start", "- [ ] The start")
    new = new.replace("= last step", "= the last step").replace("title: How to", "title: Ways to")
    found = compare(LESSON, new)
    assert [card.state for card in found.cards] == [CHANGED, SAME, SAME]
    assert found.cards[0].pictures_gone == (Picture("1" * 64, "A red door"),)
    assert found.cards[0].pictures_new == (Picture("2" * 64, "A blue door"),)
    first, second = found.questions
    assert first.is_key_changed
    assert [(one.was_right, one.is_right) for one in first.options] == [(False, True), (True, False)]
    assert second.is_key_changed
    assert not any(one.text for one in second.stem if one.sort != SAME)
    assert [part.text for part in found.front if part.sort != SAME] == ["How", "Ways"]
    assert not found.is_same


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("![A red door]", "![]"),
        ("![A red door](/media/{0})", "![A red door][door]\n\n[door]: </media/{1}> 'Door'"),
        ("![A red door](/media/{0})", "![A red\ndoor](\n/media/{1}\n)"),
    ],
)
def test_pictures_are_told_however_they_are_written(old: str, new: str) -> None:
    one, other = "1" * 64, "2" * 64
    found = compare(LESSON, LESSON.replace(old.format(one), new.format(one, other))).cards[0]
    assert found.pictures_gone == (Picture(one, "A red door"),)
    assert found.pictures_new == (Picture(one, "") if new == "![]" else Picture(other, "A red door"),)


def test_pictures_of_explanations_hints_and_answers_are_told_and_those_in_code_are_not() -> None:
    other = "2" * 64
    for old in ("Why: People", "Hint:", "  > Right.", "The start"):
        text = f"{LESSON}\nHint: Look.\n"
        found = compare(text, text.replace(old, f"{old} ![Steps](/media/{other})", 1))
        change = next(one for one in found.questions if one.state == CHANGED)
        assert (change.pictures_gone, change.pictures_new) == ((), (Picture(other, "Steps"),)), old
    coded = compare(LESSON, LESSON.replace("Then show", f"`![x](/media/{other})` Then show")).cards[1]
    assert (coded.state, coded.pictures_new) == (CHANGED, ())


def test_cards_that_moved_came_and_went() -> None:
    head, begin, on, care = LESSON[: LESSON.index("## Begin")], "## Begin", "## Go on", "## Take care"
    quiz = LESSON[LESSON.index("# Quiz") :]
    moved = head + f"{care}\n\nRead it aloud.\n\n{begin}\n\nStart with the reader.\n\n{on} now\n\n"
    moved += "Then show each step, one below the other.\n\n## Also new\n\nNobody knew this.\n\n" + quiz
    found = compare(LESSON, moved)
    told = [(card.old_number, card.number, card.state, card.has_moved) for card in found.cards]
    assert told == [(3, 1, SAME, True), (1, 2, CHANGED, False), (2, 3, CHANGED, False), (None, 4, NEW, False)]
    found = compare(LESSON, head + f"{care}\n\nRead it aloud.\n\n" + quiz)
    assert [(card.old_number, card.state) for card in found.cards] == [(1, GONE), (2, GONE), (3, SAME)]
    assert compare(LESSON, LESSON).is_same


def test_what_cannot_be_read_is_compared_as_a_whole() -> None:
    broken = LESSON.replace("kind: how-to", "kind: [")
    found = compare(LESSON, broken)
    assert old_of(found.whole) == LESSON
    assert new_of(found.whole) == broken
    many = LESSON.replace("## Take care", "## \n" * 20_000 + "## Take care")
    start = thread_seconds()
    assert compare(LESSON, many).whole
    assert thread_seconds() - start < 3


@pytest.mark.parametrize("slug", ["text", "number", "cloze", "ordering", "matching"])
def test_another_explanation_of_a_single_answer_is_no_other_key(slug: str) -> None:
    old = replace(fileformat.parse(FILES[0]), questions=(EXAMPLES[slug],))
    parts = {name: getattr(EXAMPLES[slug], name) for name in ("replies", "entries", "pairs")}
    told = {name: tuple(replace(part, why="Told anew.") for part in found) for name, found in parts.items()}
    new = replace(old, questions=(replace(EXAMPLES[slug], **told),))
    change = compare(fileformat.print_file(old), fileformat.print_file(new)).questions[0]
    assert (change.state, change.is_key_changed) == (CHANGED, False)
    assert "Told anew." in new_of(change.why)
    assert "Told anew." not in new_of(change.answer)
