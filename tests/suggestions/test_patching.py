"""Suggestions as patches on lesson files: only their place changes, and they find it in the newest text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from peerlearn.core.errors import NotValid
from peerlearn.lessons import fileformat
from peerlearn.lessons.fileformat import Card
from peerlearn.quizzes.question import Question
from peerlearn.suggestions.patching import fit, patched, place_now, text_at
from peerlearn.suggestions.rules import Place
from tests.lessons.moved import Moved, moved, repetitive, text_of

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
    assert fit(source, source, place, new) == patched(source, place, new)


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
    assert merged is not None
    assert "One more sentence." in merged
    assert " New." in merged
    first = CARD.split("\n")[2]
    same_line = patched(LESSON, place, CARD.replace(first, "Somebody wrote this line anew."))
    assert fit(LESSON, same_line, place, CARD.replace(first, "I wrote it in another way.")) is None


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


STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
REAL = st.sampled_from([fileformat.parse(source) for source in FILES])


def place_of(file: fileformat.LessonFile, part: Card | Question) -> Place:
    if isinstance(part, Card):
        return Place("card", str(next(n for n, each in enumerate(file.cards, 1) if each.line == part.line)))
    return Place("question", part.uid)


@given(case=moved(REAL), data=st.data())
@settings(STEADY, max_examples=100)
def test_a_suggestion_goes_with_its_card_or_question(case: Moved, data: st.DataObject) -> None:
    place = place_of(fileformat.parse(case.before), case.was)
    here = place_of(fileformat.parse(case.after), case.now)
    new = case.text.replace("e", "ee", data.draw(st.integers(1, 3)))
    if place.sort == "question":
        new = case.text.replace("?", "??")
    assert place_now(case.before, case.after, place) == here
    assert fit(case.before, case.after, place, new) == patched(case.after, here, new)


@given(case=moved(repetitive(), with_edits=False))
@settings(STEADY, max_examples=200)
def test_where_words_stand_twice_it_changes_its_own_or_nothing(case: Moved) -> None:
    place = place_of(fileformat.parse(case.before), case.was)
    here = place_of(fileformat.parse(case.after), case.now)
    new = f"{case.text}\n\nSuggested." if place.sort == "card" else case.text.replace("?", "??")
    before = fileformat.parse(case.before)
    assume(sum(text_of(part) == case.text for part in (*before.cards, *before.questions)) == 1)
    found = fit(case.before, case.after, place, new)
    if found is not None:
        assert fileformat.parse(found) == fileformat.parse(patched(case.after, here, new))


def test_what_both_changed_in_a_card_that_moved_goes_together() -> None:
    file = fileformat.parse(LESSON)
    first = CARD.split("\n")[2]
    mine = replace(file.cards[1], body=file.cards[1].body + "\n\nThe author wrote this below.")
    now = fileformat.print_file(
        fileformat.LessonFile(file.front, (mine, file.cards[0], *file.cards[2:]), file.questions)
    )
    place = Place("card", "2")
    both = fileformat.print_card(mine).replace(first, "A reader said it better.")
    assert fit(LESSON, now, place, CARD.replace(first, "A reader said it better.")) == patched(
        now, Place("card", "1"), both
    )
    assert fit(LESSON, now.replace(first, "The author did."), place, CARD.replace(first, "I did.")) is None
    assert fit(LESSON, now, place, f"{CARD}\n\nA reader wrote this below.") is None


def test_a_card_that_was_cut_in_two_is_still_its_own() -> None:
    body = fileformat.parse(LESSON).cards[1].body
    last = body.split("\n\n")[-1]
    cut = LESSON.replace(last, f"## A heading of its own\n\n{last}", 1)
    found = fit(LESSON, cut, Place("card", "2"), CARD.replace(last, "The end is another one."))
    assert found == cut.replace(last, "The end is another one.", 1)


def test_of_two_cards_of_one_title_the_one_that_is_left_is_not_the_other() -> None:
    cards = [Card("Example", "Go to the door and ring the bell twice."), Card("Example", "Nobody is there on Sundays.")]
    file = fileformat.parse(LESSON)
    before, after = (fileformat.print_file(replace(file, cards=tuple(some))) for some in (cards, cards[1:]))
    assert place_now(before, after, Place("card", "1")) is None
    assert place_now(before, after, Place("card", "2")) == Place("card", "1")
