"""A GET changes nothing, whoever asks; what a page may not do is said in its headers."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from peerlearn.core.db import db as database
from peerlearn.core.db import set_reading
from tests import factories
from tests.page import Client, Page
from tests.security.scene import Scene, changed, everything

pytestmark = pytest.mark.security
ROLES = ("guest", "employee", "author", "curator", "other", "lead", "admin", "auditor")
KEPT_BY_BROWSERS = {"ui.file", "ui.css", "home.robots", "home.manifest", "lessons.media"}
SAME_FOR_ALL = {"ui.portfolio", "ui.file", "ui.css", "home.guide_index", "home.guide_page", "home.robots"}
NEEDED = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
}


def test_no_get_changes_a_row_and_every_answer_has_its_headers(scene: Scene) -> None:
    set_reading(False)
    before = everything()
    missing = []
    for role in ROLES:
        browser = scene.browsers[role]
        for endpoint, url in scene.urls():
            if endpoint in SAME_FOR_ALL and role not in {"guest", "admin"}:
                continue
            for method in ("GET", "HEAD"):
                if method == "HEAD" and role != "admin":
                    continue
                response = browser.http.open(url, method=method)
                assert response.status_code < 500, f"{method} {url} as {role}"
                missing += [f"{url}: {problem}" for problem in unguarded(response, endpoint, signed_in=role != "guest")]
        database.session.remove()
        set_reading(False)
        assert not changed(before), f"reading as {role} changed {changed(before)}"
    assert not missing, "\n".join(missing)


def unguarded(response: object, endpoint: str, *, signed_in: bool) -> list[str]:
    """Which headers an answer lacks."""
    headers = response.headers  # type: ignore[attr-defined]
    found = [name for name, value in NEEDED.items() if value not in headers.get(name, "")]
    found += [f"{name} twice" for name in ("Cache-Control", *NEEDED) if len(headers.getlist(name)) > 1]
    cached = headers.get("Cache-Control", "")
    if endpoint in KEPT_BY_BROWSERS and response.status_code == 200:  # type: ignore[attr-defined]
        return found
    if "no-store" not in cached:
        found.append(f"Cache-Control is {cached!r}")
    html = headers.get("Content-Type", "").startswith("text/html")
    if signed_in and html and "Cookie" not in headers.get("Vary", ""):
        found.append("no Vary: Cookie")
    return found


REFUSALS = (
    ("GET", "/nowhere", 404),
    ("GET", "/people/99999999", 404),
    ("GET", "/people/" + "9" * 5000, 404),
    ("GET", "/lessons/a%00b", 404),
    ("GET", "/lessons?q=a%00b", 404),
    ("GET", "/assets/x/ui/nothing.js", 404),
    ("GET", "/assets/../../etc/passwd", 404),
    ("GET", "/assets/x/..%2f..%2fconfig.py", 404),
    ("POST", "/teams", 400),
    ("PUT", "/teams", 405),
    ("GET", "/sign-out", 302),
    ("POST", "/assets/x/ui/app.js", 405),
)


def test_refusals_have_their_headers_too(app: Flask, client_for: Any) -> None:
    browser = client_for(factories.person(roles=(("admin", 0),)))
    for method, url, status in REFUSALS:
        response = browser.http.open(url, method=method)
        assert response.status_code == status, url
        assert unguarded(response, "", signed_in=True) == [], url


def test_only_forms_are_read(scene: Scene) -> None:
    """JSON could bring numbers, lists and half signs where a check expects text."""
    before = everything()
    for _endpoint, url in scene.urls("POST"):
        for kwargs in (
            {"data": "{}", "content_type": "text/plain"},
            {"json": {"stands": "1"}},
            {"data": b"<x/>", "content_type": "application/xml"},
        ):
            assert scene.browsers["admin"].http.post(url, **kwargs).status_code == 415
    browser = scene.browsers["admin"]
    headers = {"X-CSRFToken": browser.token()}
    for sent in ({"name": ["a"]}, {"name": 5}, {"name": {"a": 1}}, {"name": "half \ud800"}, [], 5):
        assert Page(browser.http.post("/teams", json=sent, headers=headers)).status == 415
    database.session.remove()
    assert not changed(before)


def test_what_is_kept_by_browsers_holds_nothing_personal(scene: Scene) -> None:
    for endpoint, url in scene.urls():
        if endpoint in KEPT_BY_BROWSERS - {"lessons.media"}:
            mine, theirs = (Client(scene.app).http.get(url), scene.browsers["admin"].http.get(url))
            assert mine.data == theirs.data
            assert "Set-Cookie" not in theirs.headers, url
