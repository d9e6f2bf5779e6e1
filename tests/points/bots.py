"""Bots at a person's pace: one that guesses, and one with a browser that sees what a person is shown, and notes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.learn import actions as learn
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.rules import Confidence
from tests.factories import Walk
from tests.page import Client, Page, plain

ACTION = re.compile(r'action="(/(?:attempts|practice/sets)/\d+/[^"]+)"')
END = re.compile(r'href="([^"]+/result)"')
STEM = re.compile(r'class="question-stem prose"[^>]*>(.*?)</div>', re.DOTALL)
CHOICE = re.compile(r'name="answer" value="(\w+)".*?question-option-text">(.*?)</span>', re.DOTALL)
RIGHT = re.compile(r'explained-right">\s*<div class="explained-text">(.*?)<span', re.DOTALL)
OPTIONS = ("in the morning", "at noon", "in the evening", "at night")
QUESTION = """
## single ^{{number}}bot{n}

{stem}

{options}

Card: 1
"""


def quiz(keys: list[int], name: str) -> str:
    """A quiz of single choices among four about something; `keys` says which one is right in each."""
    parts = []
    for n, key in enumerate(keys):
        rows = (
            f"- [{'x' if number == key else ' '}] {words.capitalize()} ^{'abcd'[number]}\n  > The card on it says why."
            for number, words in enumerate(OPTIONS)
        )
        parts.append(QUESTION.format(n=n, stem=f"When is step {n + 1} of {name} taken?", options="\n".join(rows)))
    return "# Quiz\n" + "".join(parts)


def guess(person: Person, slug: str, moment: datetime, chance: Random) -> bool:
    """Look at each card for a minute, then choose by chance; whether that passed the lesson at once."""
    walk = Walk(person, slug, moment)
    walk.read()
    sitting = walk.start()
    for _question in range(sitting.attempt.total):
        with clock.at(walk.moment):
            asked = learn.next_question(sitting.attempt, by=person)
        assert asked is not None
        walk.moment += timedelta(seconds=10)
        with clock.at(walk.moment):
            given = Answer("single", (chance.choice("abcd"),))
            learn.answer(sitting, asked.position, given, chance.choice(list(Confidence)), by=person)
    db.session.commit()
    return sitting.attempt.is_passed


class Bot:
    """Somebody who takes lessons without reading them: it clicks by chance, or on what it noted."""

    def __init__(self, browse: Callable[[Person], Client], person: Person, moment: datetime, seed: int) -> None:
        self.person, self.moment, self.seed = person, moment, seed
        self.notes: dict[str, str] = {}  # what a page called right, by question
        with clock.at(moment):
            self.browser = browse(person)

    def take(self, slug: str) -> bool:
        """Leave each card open for a minute and answer the questions after them; whether that passed the lesson."""
        place = self._post(f"/lessons/{slug}/start")
        if place.endswith("/before"):
            place = self._post(place, skip="1")
        while "/cards/" in place:
            self.moment += timedelta(minutes=1)
            place = self._post(place)
        return "<h1>Learned:" in self._answer_all(place)

    def retake(self, slug: str) -> bool:
        """Begin another attempt as soon as that may be; whether it passed the lesson."""
        self.moment += timedelta(minutes=11)
        return "<h1>Learned:" in self._answer_all(self._post(f"/lessons/{slug}/quiz"))

    def forget(self) -> None:
        """Remember each answer as another one."""
        self.notes = {
            stem: OPTIONS[OPTIONS.index(words.lower()) - 1].capitalize() for stem, words in self.notes.items()
        }

    def practise(self) -> bool:
        """Answer the questions of the day; whether there were any."""
        place = self._post("/practice/start")
        return place != "/practice" and bool(self._answer_all(place))

    def _answer_all(self, place: str) -> str:
        while True:
            with clock.at(self.moment):
                page = Page(self.browser.http.get(place, follow_redirects=True))
            assert page.status == 200
            if page.response.request.path.endswith("/result"):
                return page.text
            place = self._press(page.text)

    def _post(self, url: str, **fields: str) -> str:
        with clock.at(self.moment):
            return str(self.browser.post(url, fields).response.location)

    def _press(self, page: str) -> str:
        """Do what a page asks for: answer, or go on. Where it leads."""
        stem = plain(STEM.findall(page)[0])
        if right := RIGHT.search(page):
            self.notes[stem] = plain(right[1])
        if end := END.search(page):
            return end[1]
        action = ACTION.findall(page)[0]
        if action.endswith(("/next", "/show")):
            return self._post(action)
        shown = {plain(words): value for value, words in CHOICE.findall(page)}
        chosen = self.notes.get(stem) or Random(f"{self.seed}:{stem}").choice(sorted(shown))
        self.moment += timedelta(seconds=10)
        return self._post(action, answer=shown[chosen], confidence="fairly")
