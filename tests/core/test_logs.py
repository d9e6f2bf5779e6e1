"""The log: a line for each event, with the number of its request, and nothing in it about anybody."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text, update
from sqlalchemy.exc import OperationalError

from peerlearn.accounts.models import Person
from peerlearn.app import create_app
from peerlearn.config import Settings, SettingsError
from peerlearn.core import jobs, logs, mail, statements, trail
from peerlearn.core.afterwards import Worker
from peerlearn.core.db import db, table_of
from peerlearn.core.gates import public
from peerlearn.core.working import Runner
from tests import factories
from tests.conftest import fresh_database, settings_for
from tests.page import Client

SECRET = "hunter2-and-then-some"
NUMBER = "abcdef0123456789"


@pytest.fixture
def told(tmp_path: Path, migrated: str) -> Iterator[Flask]:
    """An application as it serves people, behind a proxy, that writes everything down."""
    for url in fresh_database(tmp_path, "logs", like=migrated):
        settings = settings_for(
            url, tmp_path, testing=False, log_format="json", log_level="info", proxies=1, slow_query_ms=0
        )
        app = create_app(settings)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    logs.write("text", "warning")


def lines_of(written: str) -> list[dict[str, Any]]:
    """Each line, read as JSON."""
    return [json.loads(line) for line in written.splitlines()]


def breaks(app: Flask, endpoint: str, view: Callable[[], Any]) -> None:
    """Let a page of the application do something else."""
    app.view_functions[endpoint] = public(view)


def _come_in(app: Flask, admin: Person, somebody: Person) -> set[str]:
    """A wrong and a right password, a forgotten one, an invitation; what of it nobody else may know."""
    secrets = {SECRET, factories.PASSWORD, somebody.email, admin.email, somebody.name, "mara@example.net"}
    visitor, inviter = Client(app), Client(app)
    visitor.post("/sign-in", {"email": somebody.email, "password": SECRET}, token_from="/sign-in", status=422)
    secrets.add(visitor.token("/sign-in"))
    visitor.post("/forgotten-password", {"email": somebody.email}, token_from="/forgotten-password")
    inviter.sign_in(admin)
    form = inviter.get("/people/invitations").fields("/people/invitations") | {"addresses": "mara@example.net"}
    inviter.post("/people/invitations", form, status=200)
    links = [found[1] for each in mail.outbox() for found in re.finditer(r"http://localhost(/\S+)", each.text)]
    keys = {max(link.split("/"), key=len) for link in links}
    assert len(keys) >= 2
    for link in links:
        visitor.http.get(link, query_string={"email": somebody.email})
    for browser in (visitor, inviter):
        secrets |= {cookie.value for cookie in browser.http._cookies.values()}  # type: ignore[union-attr]
    return secrets | keys


def _go_wrong(app: Flask, somebody: Person) -> None:
    """Errors whose words, parameters and variables hold what nobody else may know."""

    def unforeseen() -> Any:
        password = f"{SECRET} of {somebody.email}"
        try:
            raise KeyError(password)
        except KeyError as error:
            raise RuntimeError(f"the password {password} is wrong") from error

    def statement() -> Any:
        db.session.execute(text("SELECT * FROM no_such_table WHERE email = :email"), {"email": somebody.email})

    def twice() -> Any:
        people = table_of(Person)
        db.session.execute(update(people).values(email=somebody.email, email_key=somebody.email))

    for endpoint, view, path, status in (
        ("home.robots", unforeseen, "/robots.txt", 500),
        ("home.favicon", statement, "/favicon.ico", 503),
        ("home.manifest", twice, "/manifest.webmanifest", 409),
    ):
        breaks(app, endpoint, view)
        answer = app.test_client().get(f"{path}?email={somebody.email}&token={SECRET}")
        assert answer.status_code == status, path
        assert (answer.headers["X-Request-ID"] in answer.text) is (status >= 500), path


@pytest.mark.own_database
@pytest.mark.security
def test_no_line_holds_what_nobody_else_may_know(told: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    mail.clear_outbox()
    with told.app_context():
        admin, somebody = factories.person(roles=(("admin", 0),)), factories.person("Zacharias Quux")
        db.session.commit()
    capsys.readouterr()
    secrets = _come_in(told, admin, somebody) | {told.config["SECRET_KEY"]}
    _go_wrong(told, somebody)
    written = capsys.readouterr().err
    found = [secret for secret in secrets if secret and secret.casefold() in written.casefold()]
    assert not found
    lines = lines_of(written)
    answered = [line for line in lines if line["message"] == "request"]
    assert {(line["endpoint"], line["status"]) for line in answered} >= {
        ("accounts.sign_in", 422), ("accounts.sign_in", 302), ("home.robots", 500), ("home.favicon", 503),
    }  # fmt: skip
    assert all(line["request_id"] and line["ms"] >= 0 and line["statements"] >= 0 for line in answered)
    assert any(line["statements"] > 1 for line in answered)
    [unforeseen] = [line for line in lines if line["message"] == "unforeseen error"]
    assert unforeseen["error"][0] == "RuntimeError"
    assert "KeyError" in unforeseen["error"]
    assert any(each.endswith("in unforeseen") for each in unforeseen["error"])
    assert unforeseen["request_id"] == next(line for line in answered if line["status"] == 500)["request_id"]


@pytest.mark.own_database
def test_a_request_keeps_its_number(told: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    browser = told.test_client()

    def number(brought: str) -> str:
        return browser.get("/healthz", headers={"X-Request-ID": brought}).headers["X-Request-ID"]

    assert number(NUMBER) == NUMBER
    for unsafe in ("", "short", "x" * 65, "12345678 9", "12345678<b>", "12345678\u00e9", "12345678\t{}"):
        assert re.fullmatch("[0-9a-f]{16}", number(unsafe)), unsafe
    capsys.readouterr()
    seen = {}

    @jobs.kind("noted", "Noted")
    def noted(payload: Any) -> None:
        seen.update(payload, wanted_by=trail.request_id())
        logging.getLogger("peerlearn").info("at it")

    def wanting() -> Any:
        jobs.enqueue("noted", {"a": 1})
        db.session.commit()
        return "ok"

    breaks(told, "home.healthz", wanting)
    number(NUMBER)
    Runner(told).work_off()
    del jobs.KINDS["noted"]
    assert seen == {"a": 1, "wanted_by": NUMBER}
    [line] = [line for line in lines_of(capsys.readouterr().err) if line["message"] == "at it"]
    assert (line["request_id"], line["job"]) == (NUMBER, "noted")
    assert trail.current() is None


def test_without_a_proxy_nobody_brings_a_number(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": NUMBER}).response.headers["X-Request-ID"] != NUMBER


def test_what_is_done_afterwards_knows_who_wanted_it(app: Flask) -> None:
    worker, seen = Worker(app, pause=0), []

    def job() -> bool:
        seen.append((trail.request_id(), getattr(trail.current(), "job", "")))
        return False

    trail.begin(NUMBER, "home.today")
    worker.take({job: ()})
    trail.end()
    worker.start()
    assert worker._thread is None or not worker._thread.join(5)  # type: ignore[func-returns-value]
    assert seen == [(NUMBER, "job")]


@pytest.mark.security
@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Error handling request /in/reset?token=abc&x=1", "Error handling request /in/reset?…"),
        ("/reset/Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg is gone", "/reset/[hidden] is gone"),
        ("mail to Ada.L+x@example.org failed", "mail to [address] failed"),
        ("to ada%40example.org", "to [address]"),
        ("postgresql://me:pw@db/name", "postgresql://[hidden]@db/name"),
        ("Cookie: session=abc; other=1", "Cookie: [hidden]"),
        ("Authorization: Basic abc", "Authorization: [hidden]"),
        ("password=hunter2 user=x", "password=[hidden] user=x"),
        ("{'csrf_token': 'abc'}", "{'csrf_token': [hidden]"),
        ("Invalid request from ip=203.0.113.7: bad", "Invalid request from [ip]: bad"),
        ("Invalid request from ip=2001:db8::7: bad", "Invalid request from [ip]: bad"),
        ("peer 203.0.113.7:4711 left", "peer [ip]:4711 left"),
        ("sent Bearer abc", "sent Bearer [hidden]"),
        ("one\nERROR peerlearn: two\r\u2028\x1b[31m", "one\\x0aERROR peerlearn: two\\x0d\\x2028\\x1b[31m"),
        ("revision 0068_a_word is newer", "revision 0068_a_word is newer"),
    ],
)
@pytest.mark.parametrize("form", logs.FORMATS)
def test_what_others_write_is_cleaned_and_stays_one_line(form: str, said: str, written: str) -> None:
    record = logging.LogRecord("gunicorn.error", logging.ERROR, __file__, 1, "%s", (said,), None)
    line = logs.Lines(form).format(record)
    assert "\n" not in line
    assert (json.loads(line)["message"] if form == "json" else line.split("gunicorn.error: ")[1]) == written


def test_a_long_line_costs_no_time_and_is_cut() -> None:
    for long in ("x" * 10**6, "a@" * 10**5, "/" * 10**5 + "?", "token" * 10**5, "://" * 10**5, "a1-" * 10**5):
        assert len(logs.clean(long)) <= 3 * logs.LONGEST


@pytest.mark.parametrize(
    ("variable", "value"), [("LOG_FORMAT", "xml"), ("LOG_LEVEL", "loud"), ("SLOW_QUERY_MS", "1.5")]
)
def test_a_setting_that_is_no_choice_is_refused(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        Settings.from_env({"PEERLEARN_DEMO": "1", f"PEERLEARN_{variable}": value})
    assert Settings.from_env({"PEERLEARN_DEMO": "1", "PEERLEARN_LOG_FORMAT": "json"}).log_level == "info"


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("SELECT a\n  FROM b WHERE c IN (?, ?, ?)", "SELECT a FROM b WHERE c IN (…)"),
        ("SELECT 1 WHERE c IN (%(c_1)s::INTEGER, %(c_2)s::INTEGER)", "SELECT 1 WHERE c IN (…)"),
        ("SELECT 1 WHERE state = 'open' AND name = 'Ada ''L'", "SELECT 1 WHERE state = 'open' AND name = '…'"),
        ("INSERT INTO a (b, c) VALUES (?, ?)", "INSERT INTO a (b, c) VALUES (…)"),
    ],
)
def test_statements_of_a_kind_read_alike(sent: str, written: str) -> None:
    assert statements.normalised(sent) == written


@pytest.mark.own_database
def test_a_statement_that_takes_long_is_written_down_without_what_it_was_about(
    tmp_path: Path, migrated: str, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most)"
        " SELECT max(i) FROM n WHERE i <> :secret"
    )
    for url in fresh_database(tmp_path, "slow", like=migrated):
        app = create_app(settings_for(url, tmp_path, log_format="json", slow_query_ms=20))

        def slowly(app: Flask = app) -> Any:
            db.session.execute(text(slow), {"most": 400_000, "secret": 987654})
            return "ok"

        breaks(app, "home.healthz", slowly)
        app.test_client().get("/readyz")
        answer = app.test_client().get("/healthz?name=Ada")
        with app.app_context():
            db.engine.dispose()
    logs.write("text", "warning")
    [line] = lines_of(capsys.readouterr().err)
    assert line["statement"].startswith("WITH RECURSIVE n(i)")
    assert "987654" not in json.dumps(line)
    assert line["ms"] > 20
    assert (line["endpoint"], line["request_id"]) == ("home.healthz", answer.headers["X-Request-ID"])


def test_a_statement_that_fails_after_long_is_written_down_too(capsys: pytest.CaptureFixture[str]) -> None:
    def late() -> None:
        time.sleep(0.02)
        raise ValueError

    engine = create_engine("sqlite://")
    statements.watch(engine, 10)
    logs.write("json", "warning")
    with engine.connect() as connection:
        connection.connection.create_function("late", 0, late)  # type: ignore[attr-defined]
        trail.begin(NUMBER, "home.today")
        connection.execute(text("SELECT 1"))
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT late(), 'Ada'"))
        now = trail.current()
        trail.end()
    engine.dispose()
    logs.write("text", "warning")
    [line] = lines_of(capsys.readouterr().err)
    assert (line["statement"], line["request_id"]) == ("SELECT late(), '…'", NUMBER)
    assert now is not None
    assert now.statements == 2
