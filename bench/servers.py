"""Real servers, started as `peerlearn serve` starts them, and what the system says about their processes."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from peerlearn.serving import server_arguments

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_SECONDS = 30
REST_SECONDS = 60
IDLE_SECONDS = 0.01  # of processor time: no more is nothing


@dataclass(frozen=True)
class Request:
    """What a browser sends; a form makes it a POST."""

    path: str
    cookie: str = ""
    form: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that matter."""
        typed = {"Content-Type": "application/x-www-form-urlencoded"} if self.form else {}
        return {"Host": "localhost", **({"Cookie": self.cookie} if self.cookie else {}), **typed}


@dataclass
class Answers:
    """How some requests went: seconds of each, and what failed."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int

    def send(self, requests: Sequence[Request], answers: Answers | None = None) -> Answers:
        """Send these one after the other over one connection."""
        answers = answers or Answers()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests:
            start = time.perf_counter()
            method = "POST" if request.form else "GET"
            connection.request(method, request.path, request.form or None, request.headers)
            response = connection.getresponse()
            body = response.read()
            answers.seconds.append(time.perf_counter() - start)
            if response.status != (302 if request.form and not body.startswith(b"1.0") else 200):
                answers.failures.append(f"{request.path}: {response.status} {body[:200]!r}")
        connection.close()
        return answers

    def send_at_once(self, requests: Sequence[Request], clients: int) -> tuple[Answers, float]:
        """Send these from several clients at a time; how they went and how long it all took."""
        answers = Answers()
        start = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(lambda n: self.send(requests[n::clients], answers), range(clients)))
        return answers, time.perf_counter() - start

    def cpu(self) -> float:
        """Seconds of processor time, user and system, that all processes of the server have had."""
        return sum(_thread_seconds(pid) for pid in self.pids())

    def rest(self) -> None:
        """Wait until it works no more on what its first request left for afterwards."""
        spent, end = -1.0, time.monotonic() + REST_SECONDS
        while (now := self.cpu()) - spent > IDLE_SECONDS and time.monotonic() < end:
            spent = now
            time.sleep(4)  # longer than the pause between two rounds of such work

    def pids(self) -> list[int]:
        """The server's process and all below it, the first worker second."""
        return _family(self.process.pid)

    def memory(self) -> float:
        """MiB that the worker takes, memory it shares counted in part (PSS)."""
        rollup = Path(f"/proc/{self.pids()[1]}/smaps_rollup").read_text()
        return int(rollup.split("\nPss:")[1].split()[0]) / 1024


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in _tasks(pid):
        for child in (task / "children").read_text().split():
            found += _family(int(child))
    return found


def _tasks(pid: int) -> Iterator[Path]:
    return Path(f"/proc/{pid}/task").iterdir()


def _thread_seconds(pid: int) -> float:
    return sum(int((task / "schedstat").read_text().split()[0]) for task in _tasks(pid)) / 1e9


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(application: str, environment: Mapping[str, str], first: Request) -> Iterator[Server]:
    """A server of this application, from when it has answered its first request."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *server_arguments(HOST, port), application]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    server = Server(process, port)
    try:
        _wait(server, first)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def _wait(server: Server, first: Request) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        if server.process.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            failures = server.send([first]).failures
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
            continue
        if failures:
            raise RuntimeError(failures[0])
        return
