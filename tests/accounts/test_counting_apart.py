"""Sign-in limits that a Redis server counts for all processes: what it knows, and what a dead or a silent one costs."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from peerlearn.accounts import limiting
from peerlearn.accounts.limiting import Limits
from peerlearn.core.errors import TooBusy, TooMany
from tests import factories
from tests.page import Client

MOST = 0.25  # seconds that a request may wait for a server that does not answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """The address of a server of our own that keeps nothing."""
    program, port = shutil.which("redis-server"), free_port()
    if program is None:
        pytest.skip("there is no redis-server")
    where = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path)]
    with subprocess.Popen([program, *where, "--save", "", "--daemonize", "no"], stdout=subprocess.DEVNULL) as server:
        address = f"redis://127.0.0.1:{port}/0"
        until = time.monotonic() + 10
        while not Limits(address).limiter.storage.check() and time.monotonic() < until:
            time.sleep(0.05)
        yield address
        server.terminate()


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes every connection and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


def count_with(app: Any, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setitem(app.extensions, "limits", Limits(address))


def test_processes_count_together(app: Any, monkeypatch: pytest.MonkeyPatch, redis: str) -> None:
    for _ in range(2):
        count_with(app, monkeypatch, redis)  # as another process does
        for _ in range(3):
            limiting.count_mistake("10.1.0.1")
    count_with(app, monkeypatch, redis)
    with pytest.raises(TooMany):
        limiting.count_sign_in("10.1.0.1", "somebody@example.org")
    limiting.count_sign_in("10.1.0.2", "somebody@example.org")


@pytest.mark.security
def test_a_silent_server_costs_little_and_lets_nobody_in(
    app: Any, monkeypatch: pytest.MonkeyPatch, silent: str, client: Client
) -> None:
    """Signing in is refused and says that it is for a moment; whoever is in goes on reading."""
    person = factories.person()
    reader = Client(app)
    reader.sign_in(person)
    values = {"csrf_token": client.token("/sign-in"), "email": person.email, "password": factories.PASSWORD}
    count_with(app, monkeypatch, silent)
    waits = []
    for _ in range(3):
        began = time.perf_counter()
        assert client.http.post("/sign-in", data=values).status_code == 503
        waits.append(time.perf_counter() - began)
    assert limiting.PATIENCE <= min(waits) < MOST
    reader.get("/")


@pytest.mark.security
@pytest.mark.parametrize("ask", [limiting.count_sign_in, limiting.count_mail])
def test_each_count_waits_once(app: Any, monkeypatch: pytest.MonkeyPatch, silent: str, ask: Any) -> None:
    count_with(app, monkeypatch, silent)
    waits = []
    for _ in range(3):
        began = time.perf_counter()
        with pytest.raises(TooBusy):
            ask("10.1.0.1", "somebody@example.org")
        waits.append(time.perf_counter() - began)
    assert limiting.PATIENCE <= min(waits) < 2 * limiting.PATIENCE


def test_a_dead_server_is_told_at_once(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    count_with(app, monkeypatch, f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(TooBusy):
        limiting.count_sign_in("10.1.0.1", "somebody@example.org")
    limiting.forgive_account("somebody@example.org")  # the password was right: nobody is kept out by what counts
