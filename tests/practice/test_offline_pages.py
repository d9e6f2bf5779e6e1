"""The pages for practice without a network: what a device may keep, what it sends, and what it hears."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.practice import queries
from peerlearn.practice.models import DailySet, SetQuestion
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.models import ItemVersion, QuizItem
from peerlearn.quizzes.question import Question
from tests import factories
from tests.factories import Walk
from tests.page import Client, Page
from tests.practice.test_pages import WORDS
from tests.security.test_leaks import KEYS, SECRET, assert_opaque, canary_lesson

ClientFor = Callable[..., Client]


def forms_of(page: Page) -> dict[str, str]:
    """The kind of question by the address to which its form is sent."""
    parts = page.text.split("<form")[1:]
    actions = (re.search(r'action="(/practice/sets/[^"]+/sync)"', part) for part in parts)
    kinds = (next((kind for kind in KINDS if f"question-{kind}" in part), "") for part in parts)
    return {action[1]: kind for action, kind in zip(actions, kinds, strict=True) if action}


def answer_to(page: Page, action: str, kind: str) -> dict[str, str]:
    """A right answer to one of the forms of a page, as a device keeps it."""
    part = next(part for part in page.text.split("<form") if f'action="{action}"' in part)
    found = re.search(rf'value="([0-9a-f]+)"[^>]*>\s*<span class="question-option-text">[^<]*{WORDS[kind]}', part)
    return {"answer": found[1] if found else WORDS[kind], "confidence": "certain"}


def send(browser: Client, url: str, values: dict[str, str], status: int = 200, ago: int = 60) -> dict[str, Any]:
    """What a device sends and hears."""
    label = {"key": str(uuid.uuid4()), "ago": str(ago)} | values
    page = browser.post(url, label, status=status, headers={"Accept": "application/json"})
    found: dict[str, Any] = json.loads(page.text)
    return found


def test_the_day_is_taken_along_answered_and_comes_in(browser: Client) -> None:
    assert "Take today’s questions along" in browser.get("/practice").text
    browser.post("/practice/take-along", to="/practice/offline")
    page = browser.get("/practice/offline")
    assert page.heading == "Practice without a network"
    forms = forms_of(page)
    assert sorted(forms.values()) == ["single", "text", "true-false"]
    assert "csrf_token" not in page.text, "a page that is kept holds nothing that grows old"
    given = browser.get("/practice/offline/pass")
    assert json.loads(given.text)["token"]
    with clock.at(clock.now() + timedelta(hours=3)):
        for action, kind in forms.items():
            heard = send(browser, action, answer_to(page, action, kind))
            assert heard == {"fate": "counted", "right": True, "message": "Right"}
            assert "explained" in browser.get(action.removesuffix("/sync")).text, "its page explains, and asks no more"
        assert "No questions are kept" in browser.get("/practice/offline").text
        results = browser.get("/practice/offline/results")
        assert "3 answers have come in and count for the day you gave them." in results.text
        assert "11 XP earned" in results.text
        assert "Right, that comes first" in results.text
        set_url = next(iter(forms)).rsplit("/", 2)[0]
        assert "11 XP earned" in browser.get(f"{set_url}/result").text


def test_a_device_takes_the_day_along_by_itself(browser: Client, walk: Walk) -> None:
    """One set a day, with no clock and no key; none once it is done, and none on a day off."""

    def asks(days: int = 0) -> bool:
        with clock.at(clock.now() + timedelta(days=days)):
            answer = browser.post("/practice/offline/day", status=200, headers={"Accept": "application/json"})
        for row in SECRET.findall(answer.text):
            raise AssertionError(row)
        return bool(json.loads(answer.text)["kept"])

    assert not asks(days=3), "a Saturday"
    assert asks()
    assert asks()
    [daily_set] = db.session.scalars(select(DailySet)).all()
    assert set(db.session.scalars(select(SetQuestion.asked_at))) == {None}
    page = browser.get("/practice/offline")
    assert len(forms_of(page)) == 3
    browser.post("/practice/start", to=f"/practice/sets/{daily_set.id}")
    with clock.at(clock.now() + timedelta(minutes=3)):
        for action, kind in forms_of(page).items():
            send(browser, action, answer_to(page, action, kind))
        assert not asks(), "it is done"
    assert len(db.session.scalars(select(DailySet)).all()) == 1


def test_a_device_that_finds_nothing_to_ask_hears_so(client_for: ClientFor) -> None:
    browser = client_for(factories.person())
    answer = browser.post("/practice/offline/day", status=200, headers={"Accept": "application/json"})
    assert json.loads(answer.text) == {"kept": False}
    assert "There is nothing to ask" not in browser.get("/practice").text, "nobody had asked"


def test_what_becomes_of_an_answer_is_said(browser: Client) -> None:
    browser.post("/practice/take-along")
    page = browser.get("/practice/offline")
    (first, kind), (second, _), (third, _) = forms_of(page).items()
    with clock.at(clock.now() + timedelta(days=3)):
        late = send(browser, first, answer_to(page, first, kind), ago=49 * 3600)
        assert late["fate"] == "late"
        assert "older than 48 hours" in late["message"]
    values = answer_to(page, first, kind)
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert send(browser, first, values | {"key": str(uuid.UUID(int=1))})["fate"] == "counted"
        assert send(browser, first, values | {"key": str(uuid.UUID(int=1))})["fate"] == "counted"
    elsewhere = send(browser, first, values)
    assert not elsewhere["right"], "what another answer was is not told"
    assert elsewhere["fate"] == "elsewhere"
    assert "that answer counts" in elsewhere["message"]
    empty = send(browser, second, {"confidence": "certain"}, status=422)
    assert empty["message"]
    assert send(browser, second, {"answer": "x", "confidence": "certain"}, status=422)["message"]
    for label in ({"key": ""}, {"key": "x" * 36}, {"ago": "-1"}, {"ago": "soon"}, {"ago": "9" * 10}):
        heard = send(browser, third, {"answer": "x", "confidence": "certain"} | label, status=422)
        assert "once more" in heard["message"]


def test_a_hasty_answer_hears_nothing_of_the_right_one(browser: Client) -> None:
    browser.post("/practice/take-along")
    page = browser.get("/practice/offline")
    action, kind = next(iter(forms_of(page).items()))
    heard = send(browser, action, answer_to(page, action, kind))
    assert (heard["fate"], heard["right"]) == ("hasty", False)
    assert "this answer is not marked" in heard["message"]
    assert "Nothing has come in lately" in browser.get("/practice/offline/results").text
    shown = browser.get(action.removesuffix("/sync")).text
    assert "That was quick" in shown
    assert "verdict" not in shown
    assert len(forms_of(browser.get("/practice/offline"))) == 3, "it is asked once more"


def test_only_ones_own_and_only_signed_in(browser: Client, client: Client, client_for: ClientFor) -> None:
    browser.post("/practice/take-along")
    action = next(iter(forms_of(browser.get("/practice/offline"))))
    other = client_for(factories.person())
    assert forms_of(other.get("/practice/offline")) == {}
    assert send(other, action, {"answer": "x", "confidence": "certain"}, status=404)["message"]
    assert "Nothing has come in lately" in other.get("/practice/offline/results").text
    for url in ("/practice/offline", "/practice/offline/results"):
        client.get(url, status=302)
    client.post("/practice/offline/day", status=401, headers={"Accept": "application/json"})
    refused = client.get("/practice/offline/pass", status=401, headers={"Accept": "application/json"})
    assert "sign in again" in refused.text


def test_somebody_without_questions_hears_where_to_find_them(client_for: ClientFor) -> None:
    browser = client_for(factories.person())
    assert "No questions are kept on this device" in browser.get("/practice/offline").text
    browser.post("/practice/take-along", to="/practice")
    assert "There is nothing to ask just now" in browser.get("/practice").text


def everything_asked(person_id: int, lesson: Lesson) -> DailySet:
    """A set of all the questions of a lesson that count."""
    quiz = select(Revision.quiz_id).where(Revision.id == lesson.published_id).scalar_subquery()
    asked = select(ItemVersion).join(QuizItem, QuizItem.version_id == ItemVersion.id).where(QuizItem.quiz_id == quiz)
    versions = db.session.scalars(asked.order_by(QuizItem.position)).all()
    found = DailySet(person_id=person_id, day=clock.today("Europe/Berlin"), number=1, size=10, seed=7)
    found.questions = [
        SetQuestion(
            person_id=person_id,
            item_id=v.item_id,
            version_id=v.id,
            lesson_id=lesson.id,
            position=n,
            kind="stretch",
        )
        for n, v in enumerate(versions, start=1)
        if KINDS[v.kind].counts
    ]
    db.session.add(found)
    db.session.commit()
    return found


@pytest.mark.security
def test_no_key_of_any_kind_is_kept_on_a_device(app: Flask, client_for: ClientFor) -> None:
    lesson = canary_lesson(factories.person("Ann Author"))
    me = factories.person("Lea Learner")
    browser = client_for(me)
    drawn = everything_asked(me.id, lesson)
    page = browser.get("/practice/offline")
    assert set(forms_of(page).values()) == {kind for kind in KEYS if KINDS[kind].counts}
    kept = page.text + browser.get("/service-worker.js").text + browser.get("/practice/offline/results").text
    assert not SECRET.findall(kept)
    sitting = queries.sitting(drawn.id, me.id)
    assert sitting is not None
    for asked in sitting.questions:
        assert_opaque(page.text, Question.from_json(asked.version.body))


@pytest.mark.security
def test_the_worker_knows_the_release_and_nobody(app: Flask, browser: Client, client: Client) -> None:
    script = client.get("/service-worker.js")
    assert script.response.mimetype == "text/javascript"
    assert "worker-src 'self'" in script.response.headers["Content-Security-Policy"]
    assert script.text == browser.get("/service-worker.js").text
    release = json.loads(script.text.splitlines()[0].removeprefix("const RELEASE = ").removesuffix(";"))
    assert release["version"] == app.extensions["assets"].version
    assert release["leaving"] == ["/sign-out", "/me/devices/end-all"]
    assert {release["kept"], f"/assets/{release['version']}/ui/app.js"} <= set(release["files"])
    for url in release["files"]:
        assert client.http.get(url).status_code == 200


@pytest.mark.parametrize("count", [3, 30])
def test_pages_ask_as_much_for_many_as_for_few(
    walk: Walk, client_for: ClientFor, statements: list[str], count: int
) -> None:
    for _ in range(count):
        other = Walk(walk.person, factories.published_lesson().slug, walk.moment)
        other.read()
        other.quiz()
    with clock.at(walk.moment + timedelta(days=3)):
        browser = client_for(walk.person)
        browser.post("/practice/take-along")
        page = browser.get("/practice/offline")
        for action, kind in forms_of(page).items():
            values = answer_to(page, action, kind) | {"csrf_token": browser.token("/practice")}
            statements.clear()
            send(browser, action, values)
            assert len(statements) <= 10, statements
        for url in ("/practice/offline", "/practice/offline/results", "/practice", "/practice/offline/pass"):
            statements.clear()
            browser.get(url)
            assert len(statements) <= 5, (url, statements)
        statements.clear()
        browser.get(f"/lessons/{walk.slug}/whole")
        assert len(statements) <= 5, statements


def test_a_lesson_is_kept_whole_once_it_was_begun(walk: Walk, client_for: ClientFor) -> None:
    reader, stranger = client_for(walk.person), client_for(factories.person())
    page = reader.get(f"/lessons/{walk.slug}/whole")
    for heading in ("Begin", "Go on", "Take care"):
        assert f"<h2>{heading}</h2>" in page.text
    assert "csrf_token" not in page.text
    assert "Right, that comes first" not in page.text
    assert 'data-take-along="/lessons/' in reader.get(f"/lessons/{walk.slug}").text
    assert stranger.get(f"/lessons/{walk.slug}/whole", status=302).response.location == f"/lessons/{walk.slug}"
    assert "data-take-along" not in stranger.get(f"/lessons/{walk.slug}").text
    stranger.get("/lessons/nothing-here/whole", status=404)


def test_every_page_says_for_whom_a_device_keeps_things(walk: Walk, client: Client, client_for: ClientFor) -> None:
    for page, person_id in ((client_for(walk.person).get("/practice"), walk.person.id), (client.get("/sign-in"), 0)):
        assert f'data-module="practice/keeper" data-person="{person_id}"' in page.text
        assert '<link rel="manifest" href="/manifest.webmanifest">' in page.text


def test_a_demo_says_so_here_as_well(app: Flask, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "This is a demo." not in browser.get("/practice/offline").text
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], demo=True))
    for url in ("/practice/offline", "/practice", "/nowhere"):
        page = browser.get(url, status=404 if url == "/nowhere" else 200)
        assert "This is a demo." in page.text, url


def test_it_can_be_put_on_a_home_screen(client: Client) -> None:
    manifest = json.loads(client.get("/manifest.webmanifest").text)
    assert (manifest["display"], manifest["scope"], manifest["start_url"]) == ("standalone", "/", "/")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in manifest["icons"]:
        found = client.http.get(icon["src"])
        width = int.from_bytes(found.data[16:20], "big")
        assert found.mimetype == icon["type"] == "image/png"
        assert icon["sizes"] == f"{width}x{width}"
