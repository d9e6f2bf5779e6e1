"""Not a byte before the answer follows from a key: two houses that differ in nothing but their keys look the same.

The same scene is built twice, at the same moment and with the same chance. In the second one something else is right,
for other reasons, in other words. Whoever may not know a key must be answered alike in both, at each address of the URL
map, headers included; and no key may stand in any answer. `test_leaks` and `test_canaries` follow what happens when
questions are answered one after the other.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, product
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from peerlearn.accounts import limiting
from peerlearn.accounts.models import Absence
from peerlearn.core import clock, mail
from peerlearn.core.db import Base
from peerlearn.core.db import db as database
from peerlearn.learn.models import Asked
from peerlearn.practice import mailing
from peerlearn.practice.models import Memory, PracticeChoice, SetQuestion
from peerlearn.quizzes import textform
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.question import Gap, Number, Question
from tests import factories
from tests.page import said
from tests.security.scene import LEAVES, Scene, build
from tests.security.test_leaks import KEYS, PICTURE, QUIZ

pytestmark = pytest.mark.security

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # a Wednesday
WHYS = ("kkwhystep", "kkwhypair")
SOUGHT = ("kkacceptedone", "734519", "kkgapone", "kkmodelanswer", "kkwhytext", "kkwhyplaceright")
WORDS = sorted({word for words in KEYS.values() for word in words} | set(WHYS))
SUNG = re.compile("|".join(sorted(WORDS, reverse=True)))
NOISE = re.compile(r'(name="csrf_token"[^>]*value="|name="csrf-token" content="|nonce=")[^"]*|(?<="token":")[^"]*')
STEM = 'class="question-stem'
OWN = {"Set-Cookie", "X-Request-ID"}  # headers that are new each time


def whole(question: Question) -> Question:
    """A question with a reason at each step and pair, and a gap to choose for."""
    return replace(
        question,
        entries=tuple(replace(entry, why="kkwhystep") for entry in question.entries),
        pairs=tuple(replace(pair, why="kkwhypair") for pair in question.pairs),
        gaps=(*question.gaps[:1], Gap(choices=("among", "before", "after"))) if question.gaps else (),
        hints=("Think of what comes first.",),
    )


def other(question: Question) -> Question:
    """The same question, but something else is right, for other reasons in fewer or more words.

    The sides of a matching stay: which of them stands where is what is asked (see `test_partners_of_a_matching`).
    """
    marks = [option.right for option in question.options]
    marks = [not mark for mark in marks] if question.kind == "multiple" else [*marks[1:], *marks[:1]]
    return replace(
        question,
        options=tuple(replace(o, right=mark, why="So it is.") for o, mark in zip(question.options, marks, strict=True)),
        entries=tuple(replace(entry, why="") for entry in reversed(question.entries)),
        pairs=tuple(replace(pair, why="They belong together, as the card has shown.") for pair in question.pairs),
        accepted=("another word",) if question.accepted else (),
        number=question.number and Number("12"),
        gaps=(Gap(accepted=("nothing",)), Gap(choices=("after", "among", "before"))) if question.gaps else (),
        model=question.model and "Something else altogether.",
        why=question.why and "There is a longer reason for that, and it takes more than a few words to tell it.",
    )


QUESTIONS = tuple(map(whole, textform.parse(QUIZ.strip()).questions))
ONE, OTHER = (textform.print_quiz(quiz).replace("^kk", "^{number}kk") for quiz in (QUESTIONS, map(other, QUESTIONS)))


OTHERS = ("employee", "other", "lead", "admin", "auditor", "guest")  # "other" looks after another topic
MAY_KNOW: dict[str, str] = {
    "author": "wrote the questions of all the lessons of the scene",
    "curator": "looks after their topic, decides about them and finds out whether a key is wrong",
}
MAY_KNOW_THERE: dict[tuple[str, str], str] = {
    ("admin", "review.second_look"): "looks a second time at a lesson that was approved, with all of its text",
}
ALIKE = {"ui.portfolio", "ui.file", "ui.css", "home.guide", "home.guide_page"}  # about no lesson
FINDABLE = {  # the searches of the house, each with a word by which it finds something
    "/lessons?q=": "thing",
    "/write/new/from?q=": "thing",
    "/write/links?q=": "thing",
    "/verification/sources?q=": "example",
}


@dataclass
class House:
    """What everybody was told: (role, endpoint or method, address) to status, headers and text; and the mails."""

    told: dict[tuple[str, str, str], tuple[int, dict[str, str], str]] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)

    def hear(self, role: str, what: str, url: str, response: Any) -> None:
        """Keep an answer without what is new each time."""
        headers = {name: value for name, value in response.headers if name not in OWN}
        self.told[role, what, url] = response.status_code, headers, NOISE.sub(r"\1", said(response))


@contextmanager
def standing(app: Flask, monkeypatch: pytest.MonkeyPatch, quiz: str) -> Iterator[Scene]:
    """A house that is gone afterwards, with all its numbers and chances as in the other one."""
    connection = database._app_engines[app][None]
    point = connection.begin_nested()
    chance = Random(20260304)
    monkeypatch.setattr(secrets, "randbelow", chance.randrange)
    monkeypatch.setattr(secrets, "token_hex", lambda size=8: chance.randbytes(size).hex())
    monkeypatch.setattr(factories, "_numbers", count(1))
    limiting.reset()
    mail.clear_outbox()
    begin_to_count_anew(connection)
    with clock.at(NOW):
        yield build(app, quiz=quiz, picture=PICTURE)
    database.session.remove()
    point.rollback()


def begin_to_count_anew(connection: Any) -> None:
    """PostgreSQL does not take back the numbers of rows that are gone."""
    if connection.dialect.name == "postgresql":
        for table in Base.metadata.sorted_tables:
            if "id" in table.c:
                place = f"pg_get_serial_sequence('{table.name}', 'id')"
                connection.exec_driver_sql(f"SELECT setval({place}, coalesce(max(id), 0) + 1, false) FROM {table.name}")


def visited(scene: Scene, before: House | None = None) -> House:
    """What is told to these people, wherever they look and whatever the learner does short of answering.

    With what was told `before` in another house, nobody looks a second time at what is everybody's own anyway: pages
    that the learner sees too and that are about no lesson, set or person.
    """
    found, positions = House(), everything_is_asked(scene)
    for role, (endpoint, url) in product(OTHERS, scene.urls()):
        if endpoint in LEAVES | ALIKE:
            continue
        is_about = any(rule.arguments for rule in scene.app.url_map.iter_rules(endpoint))
        if before is None or is_about or role == "employee" or before.told["employee", endpoint, url][0] >= 400:
            found.hear(role, endpoint, url, scene.browsers[role].http.get(url))
    found.mails = mails_of(scene)
    learner = scene.browsers["employee"]
    for url in positions:
        found.hear("employee", "GET", url, learner.http.get(url))
    token = {"csrf_token": learner.token("/me/settings")}
    for url, values in short_of_answering(scene, positions):
        found.hear("employee", "POST", url, learner.http.post(url, data=values | token))
    return found


def everything_is_asked(scene: Scene) -> list[str]:
    """Let each question be on the screen, in the attempt and in a set; where the set shows them."""
    attempt_id, set_id, now = scene.values["attempt_id"], scene.values["set_id"], clock.now()
    database.session.execute(update(Asked).values(asked_at=now))
    first = database.session.scalars(select(SetQuestion).where(SetQuestion.set_id == set_id)).one()
    asked = select(Asked.version_id).where(Asked.attempt_id == attempt_id, Asked.version_id != first.version_id)
    versions = database.session.scalars(select(ItemVersion).where(ItemVersion.id.in_(asked)).order_by(ItemVersion.id))
    for position, version in enumerate(versions.all(), start=2):
        place = {
            "set_id": set_id,
            "person_id": first.person_id,
            "position": position,
            "kind": "stretch",
            "asked_at": now,
        }
        where = {"item_id": version.item_id, "version_id": version.id, "lesson_id": first.lesson_id}
        database.session.add(SetQuestion(**place, **where))
    database.session.add(PracticeChoice(person_id=scene.people["employee"].id, size=5, by_mail=True))
    database.session.commit()
    return [f"/practice/sets/{set_id}/{position}" for position in range(1, len(KEYS) + 1)]


def short_of_answering(scene: Scene, positions: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """What a learner may send to see more: empty answers, the next question, the end."""
    attempt, daily_set = f"/attempts/{scene.values['attempt_id']}", f"/practice/sets/{scene.values['set_id']}"
    for number, place in enumerate(positions, start=1):
        for url in (place, f"{attempt}/{number}"):
            yield url, {"confidence": "certain", "answer": ""}
        yield f"{place}/show", {}
        yield f"{place}/sync", {"key": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "ago": "1", "confidence": "certain"}
    for url in (f"{attempt}/next", f"{attempt}/hand-in", f"{daily_set}/next", "/practice/start"):
        yield url, {}
    yield f"/lessons/{scene.values['slug']}/start", {}


def mails_of(scene: Scene) -> list[str]:
    """The day's questions by mail, and whatever else was sent."""
    database.session.execute(delete(Absence))  # who is away gets no mail
    database.session.execute(update(Memory).values(answered_on=clock.now().date() - timedelta(days=1)))
    database.session.commit()
    with scene.app.test_request_context():
        daily = mailing.prepare(scene.people["employee"].id)
    assert daily is not None
    return [f"{one.subject}\n{one.text}\n{one.html}" for one in (daily, *mail.outbox())]


def searched(scene: Scene) -> dict[str, set[str]]:
    """The words of keys by which a search finds anything that it does not find by any word."""
    found: dict[str, set[str]] = {}
    for address, known in FINDABLE.items():
        browser = scene.browsers["other"].http

        def answer(word: str, address: str = address, browser: Any = browser) -> str:
            response = browser.get(address + word)
            assert response.status_code == 200, address
            return NOISE.sub(r"\1", said(response)).replace(word, "WORD")

        nothing = answer("xqzvwyj")
        assert answer(known) != nothing, f"{address} finds nothing at all"
        if words := {word for word in SOUGHT if answer(word) != nothing}:
            found[address] = words
    return found


def test_nothing_follows_from_a_key_before_the_answer(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing(app, monkeypatch, ONE) as scene:
        one = visited(scene)
        assert searched(scene) == {}, "a search knows the keys"
        assert set(scene.browsers) == {*OTHERS, *MAY_KNOW}
    sings = {key for key, (_status, headers, text) in one.told.items() if SUNG.search(f"{headers}{text}")}
    assert {key[:2] for key in sings} == set(MAY_KNOW_THERE), sings
    assert not [letter for letter in one.mails if SUNG.search(letter)]
    asked = [key[1:] for key, (status, _headers, text) in one.told.items() if status in {200, 422} and STEM in text]
    for what, place in (("GET", "practice/sets"), ("POST", "practice/sets"), ("POST", "attempts")):
        assert len([url for method, url in asked if method == what and url.startswith(f"/{place}")]) == len(KEYS)
    with standing(app, monkeypatch, OTHER) as scene:
        two = visited(scene, one)
    assert two.mails == one.mails
    after = {key: answer for key, answer in two.told.items() if key[:2] not in MAY_KNOW_THERE}
    assert len(after) > 500
    assert [key for key, answer in after.items() if answer != one.told[key]] == []
