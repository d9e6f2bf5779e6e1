"""A double click: the same form sent twice in a row has its effect once and is answered kindly."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from peerlearn.core.db import db as database
from peerlearn.core.db import set_reading
from tests.page import Client, Page
from tests.security.scene import Scene, counted
from tests.security.test_fields import senders, undone, valid

pytestmark = pytest.mark.security

KIND = {200, 302, 303, 400, 403, 404, 409, 422}
AGAIN = {
    "accounts.sign_in",  # answers a wrong password twice
    "accounts.forgotten",  # writes two letters; a limit counts them
    "accounts.register",
    "accounts.import_people",
    "accounts.apply_import",
    "accounts.invitations",  # the second letter's link replaces the first one's
    "accounts.sign_out",
    "accounts.sign_out_everywhere",
}


def rows() -> Counter[str]:
    """How many rows each table has."""
    database.session.remove()
    set_reading(False)
    return Counter(counted())


def test_every_form_sent_twice_counts_once(scene: Scene) -> None:
    forms = valid(scene)
    tokens = {role: browser.token() for role, browser in scene.browsers.items()}
    wrong = []
    for endpoint, url in scene.urls("POST"):
        if endpoint in AGAIN:
            continue
        for role in senders(endpoint):
            data = forms.get(endpoint, {}) | {"csrf_token": tokens[role]}
            with undone(scene.app):
                before = rows()
                browser = scene.browsers[role].twin()
                first = browser.http.post(url, data=data).status_code
                if first in {403, 404}:
                    continue
                once = rows()
                second = browser.http.post(url, data=data).status_code
                twice = rows()
                if first < 400 and once != twice:
                    wrong.append(f"{endpoint} as {role}: {once - before} and again {twice - once} ({second})")
                if second not in KIND:
                    wrong.append(f"{endpoint} as {role}: {first} then {second}")
    assert not wrong, "\n".join(wrong)


def test_a_question_added_twice_stands_once(scene: Scene) -> None:
    browser, lesson = scene.browsers["author"], scene.special["lessons.add_question"]["lesson_id"]
    question = valid(scene)["lessons.add_question"] | {"stem": "Asked only once?"}
    for _ in range(2):
        browser.post(f"/write/{lesson}/question", question)
    assert browser.get(f"/write/{lesson}/file").text.count("Asked only once?") == 1


def test_an_old_form_is_a_conflict(scene: Scene) -> None:
    forms = valid(scene)
    old: dict[str, tuple[str, dict[str, Any]]] = {
        "accounts.settings": ("employee", {"version": "0"}),
        "accounts.person": ("admin", {"version": "0"}),
        "lessons.save": ("author", {"base_version": "0"}),
        "lessons.submit": ("author", {"base_version": "0"}),
    }
    for endpoint, url in scene.urls("POST"):
        if endpoint in old:
            role, stale = old[endpoint]
            page: Page = scene.browsers[role].post(url, forms[endpoint] | stale, status=409)
            assert "Something broke" not in page.text
            if endpoint.startswith("lessons"):
                assert "Start" in page.text, "what was typed is still there"


def test_two_tabs_answer_the_same_question(scene: Scene) -> None:
    browser: Client = scene.browsers["employee"]
    attempt = scene.values["attempt_id"]
    browser.post(f"/attempts/{attempt}/next")
    page = browser.get(f"/attempts/{attempt}")
    choice = next(e for e in page.all("input") if e.get("type") == "radio" and e.get("name") == "answer")
    data = {"answer": choice.get("value"), "confidence": "certain", "csrf_token": page.csrf_token}
    assert browser.http.post(f"/attempts/{attempt}/1", data=data).status_code == 302
    again = Page(browser.twin().http.post(f"/attempts/{attempt}/1", data=data))
    assert again.status == 409
    assert "answered already" in again.text
    assert browser.http.post(f"/attempts/{attempt}/2", data=data).status_code in {404, 409, 422}
