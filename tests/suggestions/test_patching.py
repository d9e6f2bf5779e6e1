"""Suggestions as patches on lesson files: only their place changes, and they find it in the newest text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerlearn.core.errors import NotValid
from peerlearn.lessons import fileformat
from peerlearn.suggestions.patching import fit, patched, place_now, text_at
from peerlearn.suggestions.rules import Place

CONTENT = sorted((Path(__file__).parents[2] / "content" / "lessons").glob("*/*.md"))
FILES = [path.read_text(encoding="utf-8") for path in CONTENT[:40]]


def places_of(source: str) -> list[Place]:
    file = fileformat.parse(source)
    cards = [Place("card", str(n)) for n in range(1, len(file.cards) + 1)]
    return [*cards, *(Place("question", one.uid) for one in file.questions)]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_patch_changes_its_place_and_nothing_else(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(FILES))
    places = places_of(source)
    place = data.draw(st.sampled_from(places))
    before = {each: text_at(fileformat.parse(source), each) for each in places}
    text = before[place]
    assert text is not None
    assert patched(source, place, text) == source  # the same words are the same file
    new = text.replace("e", "ee", data.draw(st.integers(1, 3))) if place.sort == "card" else text.replace("?", "??")
    after = fileformat.parse(patched(source, place, new))
    assert {each: text_at(after, each) for each in places} == before | {place: new}
    whole = fit(source, source, place, new)
    assert whole.is_clean
    assert whole.text == patched(source, place, new)


LESSON = FILES[0]
CARD = text_at(fileformat.parse(LESSON), Place("card", "2")) or ""


@pytest.mark.parametrize(
    "text",
    ["", "No heading at all", f"{CARD}\n\n## Another\n\nText", f"Before\n\n{CARD}", f"{CARD}\n\n# Quiz\n\n## single"],
)
def test_what_is_no_single_card_is_refused(text: str) -> None:
    with pytest.raises(NotValid):
        patched(LESSON, Place("card", "2"), text)


def test_what_is_no_single_question_is_refused() -> None:
    question = fileformat.parse(LESSON).questions[0]
    place = Place("question", question.uid)
    text = text_at(fileformat.parse(LESSON), place) or ""
    for wrong in ("", "Just words", f"{text}\n\n{text}", text.replace(f"^{question.uid}", "^other12")):
        with pytest.raises(NotValid):
            patched(LESSON, place, wrong)
    assert patched(LESSON, place, text.replace(f" ^{question.uid}", "")) == LESSON  # its id is no one's to change


def test_it_fits_when_other_places_changed_and_not_when_its_lines_did() -> None:
    place = Place("card", "2")
    new = f"{CARD}\n\nOne more sentence."
    elsewhere = patched(
        LESSON, Place("card", "1"), (text_at(fileformat.parse(LESSON), Place("card", "1")) or "") + " New."
    )
    merged = fit(LESSON, elsewhere, place, new)
    assert merged.is_clean
    assert "One more sentence." in merged.text
    assert " New." in merged.text
    first = CARD.split("\n")[2]
    same_line = patched(LESSON, place, CARD.replace(first, "Somebody wrote this line anew."))
    assert not fit(LESSON, same_line, place, CARD.replace(first, "I wrote it in another way.")).is_clean


def test_a_place_is_found_where_it_went() -> None:
    file = fileformat.parse(LESSON)
    place = Place("card", "2")
    moved = fileformat.print_file(
        fileformat.LessonFile(file.front, (file.cards[1], file.cards[0], *file.cards[2:]), file.questions)
    )
    assert place_now(LESSON, moved, place) == Place("card", "1")
    renamed = patched(LESSON, place, CARD.replace(file.cards[1].title, "Quite another title", 1))
    assert place_now(LESSON, renamed, place) == place
    gone = fileformat.print_file(fileformat.LessonFile(file.front, (file.cards[0], *file.cards[2:]), file.questions))
    assert place_now(LESSON, gone, place) is None
    asked = Place("question", file.questions[0].uid)
    assert place_now(LESSON, moved, asked) == asked
    without = fileformat.print_file(fileformat.LessonFile(file.front, file.cards, file.questions[1:]))
    assert place_now(LESSON, without, asked) is None
