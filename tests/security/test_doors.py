"""Coming in: where one is led, under which name the house answers, what the cookie is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.accounts import limiting
from peerlearn.accounts.models import Session
from peerlearn.app import create_app
from peerlearn.config import Settings
from peerlearn.core.db import db as database
from tests import factories
from tests.conftest import settings_for
from tests.page import Client

pytestmark = pytest.mark.security

ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/\x00/evil.example",
    "http:evil.example",
    "http:/evil.example",
    "http://evil.example",
    "https:///evil.example",
    "https://localhost@evil.example",
    "//localhost@evil.example",
    "//localhost:80@evil.example/",
    "/%2fevil.example",
    "/%2Fevil.example",
    "/%5cevil.example",
    "/%252fevil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "%2f%2fevil.example",
    "/／evil.example",  # full width
    "／／evil.example",
    "//evil。example",
    "/\u2028/evil.example",
    "/\u00a0/evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "evil.example",
    "./evil.example",
    "../evil.example",
    "?next=//evil.example",
    "//",
    "http://[::1",
    "/" + "a" * 3_000,
    "/a\r\nSet-Cookie: x=1",
)


def test_signing_in_leads_to_own_paths_only(client: Client) -> None:
    person = factories.person()
    for target in ELSEWHERE:
        limiting.reset()
        data = {"email": person.email, "password": factories.PASSWORD, "next": target}
        page = client.post("/sign-in", data, token_from="/sign-in")
        assert page.response.location == "/", repr(target)
        client.post("/sign-out")
    for target in ("/lessons?q=a%20b&topic=x", "/people/1/profile", "/write/1#remark-2"):
        limiting.reset()
        data = {"email": person.email, "password": factories.PASSWORD, "next": target}
        assert client.post("/sign-in", data, token_from="/sign-in").response.location == target
        client.post("/sign-out")


def test_a_foreign_host_is_refused_in_plain_words(app: Flask, client_for: Any) -> None:
    browser = client_for(factories.person())
    app.config["TRUSTED_HOSTS"] = ["localhost"]
    try:
        for host in (
            "evil.example",
            "localhost.evil.example",
            "evil.example:80",
            "a b<script>",
            "localhost@evil.example",
        ):
            for method, url in (("GET", "/"), ("GET", "/nowhere"), ("POST", "/sign-out"), ("GET", "/boards/me")):
                response = browser.http.open(url, method=method, headers={"Host": host})
                assert response.status_code == 400
                assert response.mimetype == "text/plain"
                assert b"evil" not in response.data
                assert response.headers["Content-Security-Policy"]
        assert browser.http.get("/").status_code == 200
    finally:
        app.config["TRUSTED_HOSTS"] = None


def test_an_instance_with_https_answers_to_its_own_names() -> None:
    def hosts(**values: Any) -> Any:
        return Settings(secret_key="x" * 40, database_url="sqlite://", **values).flask_config()["TRUSTED_HOSTS"]

    assert hosts(base_url="https://learn.example.org:8443") == ["learn.example.org", "localhost", "127.0.0.1", "[::1]"]
    assert hosts(base_url="https://learn.example.org", trusted_hosts=("other.example",)) == ["other.example"]
    assert hosts() is None


def test_the_cookie_of_an_instance_with_https(base_app: Flask, tmp_path: Path) -> None:
    app = create_app(
        settings_for(base_app.config["SETTINGS"].database_url, tmp_path, base_url="https://learn.example.org")
    )
    response = app.test_client().get("/forgotten-password", base_url="https://learn.example.org")
    (cookie,) = response.headers.getlist("Set-Cookie")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("__Host-peerlearn=")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
    assert not any(part.startswith("domain") for part in parts)
    assert len(cookie) < 4096
    assert response.headers["Strict-Transport-Security"].startswith("max-age=")
    assert app.test_client().get("/", base_url="https://evil.example").status_code == 400
    with app.app_context():
        database.engine.dispose()


def cookie_of(browser: Client) -> str:
    return next(cookie.value for cookie in browser.http._cookies.values())  # type: ignore[union-attr]


def test_a_session_is_new_at_sign_in_and_dead_after_sign_out(app: Flask, client: Client) -> None:
    person = factories.person()
    token = client.token("/sign-in")
    planted = cookie_of(client)
    client.post("/sign-in", {"email": person.email, "password": factories.PASSWORD, "csrf_token": token})
    mine = cookie_of(client)
    assert mine != planted
    victim = Client(app)
    victim.http.set_cookie("peerlearn", planted)
    assert victim.http.get("/me/settings").status_code == 302, "the planted cookie is not signed in"
    assert client.http.post("/inbox/read", data={"csrf_token": token}).status_code == 400, "the old token is void"
    thief = Client(app)
    thief.http.set_cookie("peerlearn", mine)
    assert thief.http.get("/me/settings").status_code == 200
    client.post("/sign-out")
    assert thief.http.get("/me/settings").status_code == 302, "a copied cookie is worth nothing after signing out"
    assert database.session.scalar(select(func.count(Session.id)).where(Session.person_id == person.id)) == 0


def test_forged_and_foreign_cookies_are_nobody(app: Flask) -> None:
    for value in ("x", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb", "." * 3_000, "\xff" * 50, ""):
        browser = Client(app)
        response = browser.http.get("/me/settings", headers={"Cookie": f"peerlearn={value}; remember_token=1|abc"})
        assert response.status_code == 302
        assert response.location.startswith("/sign-in")
        bearer = {"Authorization": "Bearer 1", "X-Forwarded-User": "admin", "X-Original-URL": "/people"}
        assert browser.http.get("/people", headers=bearer).status_code == 302


def test_forwarded_headers_are_ignored_unless_configured(client: Client) -> None:
    factories.person()
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9"}
    response = client.http.get("/me/settings", headers=forged)
    assert response.location.startswith("/sign-in")
    assert "Strict-Transport-Security" not in response.headers
    data = {"email": "nobody@example.org", "password": "wrong", "csrf_token": client.token("/sign-in")}
    statuses = [
        client.http.post("/sign-in", data=data, headers={"X-Forwarded-For": f"9.9.9.{n}"}).status_code for n in range(9)
    ]
    assert statuses[-1] == 429, "a made-up address does not escape the limit"
