"""Words that turn a sentence round, in each language that has a list of them."""

from __future__ import annotations

import pytest

from peerlearn.lessons import turning
from peerlearn.lessons.turning import LISTS, turns


@pytest.mark.parametrize(
    ("language", "gone", "new", "expected"),
    [
        ("en", "recieve", "receive", False),
        ("en", "german", "German", False),
        ("en", "open", "opens", False),
        ("en", "look at", "watch", False),
        ("en", "", "please", False),
        ("en", "not", "", True),
        ("en", "", "Don’t", True),
        ("en", "red", "green", True),
        ("en", "", "gray", True),
        ("en", "left", "right", True),
        ("en", "open", "close", True),
        ("en", "full", "empty", True),
        ("en", "safe", "unsafe", True),
        ("en", "unlock", "lock", True),
        ("en", "upload", "download", True),
        ("en", "harmless", "harmful", True),
        ("en", "two", "three", True),
        ("en", "minutes", "hours", True),
        ("en", "kilograms", "grams", True),
        ("en", "clockwise", "anticlockwise", True),
        ("en", "may", "must", True),
        ("de", "Standart", "Standard", False),
        ("de", "Anlage", "Anlagen", False),
        ("de", "", "bitte", False),
        ("de", "nicht", "", True),
        ("de", "nicht", "immer", True),
        ("de", "", "keinesfalls", True),
        ("de", "roter", "grüner", True),
        ("de", "", "WEISSEN", True),
        ("de", "links", "rechts", True),
        ("de", "einschalten", "ausschalten", True),
        ("de", "zulässig", "unzulässig", True),
        ("de", "sicher", "unsicher", True),
        ("de", "heißes", "kaltes", True),
        ("de", "harmlos", "harmvoll", True),
        ("de", "Stunden", "Tage", True),
        ("de", "Kilogramm", "Gramm", True),
        ("de", "zwanzig", "dreißig", True),
        ("de", "darf", "muss", True),
        ("de", "vor", "nach", True),
    ],
)
def test_which_words_turn_a_sentence_round(language: str, gone: str, new: str, *, expected: bool) -> None:
    assert turns(gone.split(), new.split(), LISTS[language]) is expected


@pytest.mark.parametrize("language", LISTS)
def test_no_word_stands_on_both_sides(language: str) -> None:
    for sides in LISTS[language].opposites:
        assert len(sides) > 1
        assert sum(len(side) for side in sides) == len(frozenset[str]().union(*sides))
        assert all(word == word.lower() for side in sides for word in side)


def test_a_list_is_for_all_kinds_of_its_language() -> None:
    assert turning.list_of("de-AT") is turning.list_of("DE") is turning.GERMAN
    assert turning.list_of("fr") is None
    assert not turning.has_list("")
