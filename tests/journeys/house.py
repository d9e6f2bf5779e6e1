"""A PeerLearn that is served for the journeys, and what stands in it before a story begins."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import select

from peerlearn.app import create_app
from peerlearn.core.db import db, set_reading
from peerlearn.learn.models import Asked, Attempt, Reading
from peerlearn.practice.models import DailySet, SetQuestion
from tests.conftest import settings_for

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds until a server that does not answer is given up


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


SECRET = "a secret that only the journeys know, long enough"


class House:
    """A server in a process of its own. Stories furnish it from inside, then walk through it from outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = f"sqlite:///{folder / 'peerlearn.db'}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.app = create_app(settings_for(self.database, folder, base_url=self.url, secret_key=SECRET))
        self.process: subprocess.Popen[bytes] | None = None

    def open(self, *, demo: bool = False) -> None:
        """Serve, and wait until the first answer."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PEERLEARN_")}
        environment |= {
            "PEERLEARN_SECRET_KEY": SECRET,
            "PEERLEARN_DATABASE_URL": self.database,
            "PEERLEARN_INSTANCE": str(self.folder),
            "PEERLEARN_BASE_URL": self.url,
            "PEERLEARN_PROXIES": "1",
            "PEERLEARN_BLIND_PERCENT": "0",
            "PEERLEARN_SECOND_LOOK_PERCENT": "0",
            "PEERLEARN_DEMO": "1" if demo else "",
        }
        command = [sys.executable, "-m", "peerlearn", "serve", "--no-worker", "--port", str(self.port)]
        with (self.folder / "server.log").open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        latest = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > latest:
                raise RuntimeError(f"The server did not start:\n{self.log}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    @property
    def log(self) -> str:
        """What the server said."""
        return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """Stop serving."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=20)
        with self.app.app_context():
            db.engine.dispose()

    def furnish(self, make: Callable[[], T]) -> T:
        """What `make` returns, made with the real actions and committed; return plain values."""
        with self.app.app_context():
            set_reading(False)
            try:
                found = make()
                db.session.commit()
                return found
            finally:
                db.session.remove()

    def let_time_pass(self, seconds: int = 40) -> None:
        """As if everybody who reads or thinks about a question had taken this much longer."""
        self.furnish(lambda: _turn_back(timedelta(seconds=seconds)))


def _turn_back(span: timedelta) -> None:
    for reading in db.session.scalars(select(Reading)):
        reading.started_at -= span
    waiting = select(Asked).join(Attempt).where(Attempt.state == "open", Asked.answered_at.is_(None))
    for asked in db.session.scalars(waiting.where(Asked.asked_at.is_not(None))):
        assert asked.asked_at is not None
        asked.asked_at -= span
    practised = select(SetQuestion).where(SetQuestion.answered_at.is_(None), SetQuestion.asked_at.is_not(None))
    for question in db.session.scalars(practised):
        assert question.asked_at is not None
        question.asked_at -= span
    for daily_set in db.session.scalars(select(DailySet)):
        daily_set.started_at -= span
    for attempt in db.session.scalars(select(Attempt).where(Attempt.state == "open")):
        attempt.started_at -= span / 2
