"""What a curator fills in on the page of a decision, with the keyboard alone."""

from __future__ import annotations

from tests.journeys.keyboard import Keyboard

WORDS = "The steps are right and in a good order, and the example is one that I met myself on the 1st of May."
RATINGS = ("Correct", "Clear", "Useful on the job", "Quality of the quiz")


def rates(keys: Keyboard) -> None:
    for words in RATINGS:
        keys.tab_to(words, "SELECT")
        keys.decides("4")
        assert keys.page.evaluate("() => document.activeElement.value") == "4.0"


def checks(keys: Keyboard) -> None:
    for _point in range(6):
        keys.tab_to("Yes", "INPUT")
        keys.decides("Space")
        assert keys.page.evaluate("() => document.activeElement.checked")
