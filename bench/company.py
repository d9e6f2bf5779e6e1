"""What a run needs: the data, our application and the anchors', each served by a server of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bench import anchors, data, measure, memories
from bench.data import Company, Submit
from bench.measure import Row, Take
from bench.memories import Answer, Practised
from bench.servers import Request, Server, serving
from peerlearn.app import create_app
from peerlearn.config import Settings
from peerlearn.core.revisions import upgrade

SECRET = "a secret that only the benchmark knows, long enough"
CSRF = "c" * 40
ANCHOR = "bench.anchors:from_environment()"
OURS = "wsgi:app"
FIRST_OF_OURS, FIRST_OF_ANCHOR = Request("/sign-in"), Request("/p")


@dataclass
class Bench:
    """A run: applications, servers, and the requests of the company's people."""

    app: Flask
    company: Company
    practised: Practised
    ours: Server
    anchor: Server
    plain_submits: Take  # of the anchor, each once
    environment: dict[str, str]
    size: str

    def cookie(self, person_id: int) -> str:
        """The cookie of a person who has signed in."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        values = {"_user_id": data.key_of(person_id), "_fresh": True, "_permanent": True, "csrf_token": CSRF}
        return f"{self.app.config['SESSION_COOKIE_NAME']}={serializer.dumps(values)}"

    def page(self, path: str, person_id: int) -> Request:
        """A page that a person asks for."""
        return Request(path, self.cookie(person_id))

    def submit(self, submit: Submit | Answer) -> Request:
        """A form that a person sends."""
        token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(CSRF)
        form = {"csrf_token": token, "answer": submit.answer, "confidence": "certain"}
        return Request(submit.path, self.cookie(submit.person_id), urlencode(form))

    def beside(self, name: str, ours: Take, anchor: Take, goal: float) -> Row:
        """What our server takes for some requests beside what the anchors' server takes for theirs."""
        count = measure.statements(self.app, ours)
        found = measure.compare((self.ours, ours), (self.anchor, anchor))
        return Row(name, f"{found.ours:.2f} ms", f"{found.anchor:.2f} ms", found.ratio, goal, statements=count)


def anchor_submits() -> Iterator[Request]:
    """The anchors' forms, each once."""
    for number in range(1, 1 + ANCHOR_ATTEMPTS):
        path = f"/s/{number}/{anchors.QUESTIONS}"
        yield Request(path, f"key=key-{number % anchors.PEOPLE + 1}", "answer=right")


ANCHOR_ATTEMPTS = 4_000


@contextmanager
def running(folder: Path) -> Iterator[Bench]:
    """Everything made and started; stopped and removed afterwards."""
    with ExitStack() as stack:
        url, anchor_url = stack.enter_context(databases(folder))
        app = create_app(Settings(secret_key=SECRET, database_url=url, instance=folder, base_url="http://localhost"))
        with app.app_context():
            upgrade()
        company, practised = data.make_company(app), memories.remember(app)
        anchors.fill(anchor_url, ANCHOR_ATTEMPTS)
        environment = {
            "PEERLEARN_SECRET_KEY": SECRET,
            "PEERLEARN_DATABASE_URL": url,
            "PEERLEARN_INSTANCE": str(folder),
            "PEERLEARN_BASE_URL": "http://localhost",
            "BENCH_ANCHOR_URL": anchor_url,
            "PYTHONDONTWRITEBYTECODE": "",  # an installed package is compiled once, not at each start
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        }
        ours = stack.enter_context(serving(OURS, environment, FIRST_OF_OURS))
        anchor = stack.enter_context(serving(ANCHOR, environment, FIRST_OF_ANCHOR))
        ours.rest()
        where = make_url(url).get_backend_name()
        size = f"{data.PEOPLE} people, {data.LESSONS} lessons, {where}, {os.cpu_count()} processors"
        yield Bench(app, company, practised, ours, anchor, measure.each(anchor_submits()), environment, size)


@contextmanager
def databases(folder: Path) -> Iterator[tuple[str, str]]:
    """Addresses of two empty databases, ours and the anchors': files, or on the PostgreSQL that the tests use."""
    server = os.environ.get("PEERLEARN_TEST_DATABASE_URL", "")
    if not server:
        yield f"sqlite:///{folder / 'ours.db'}", f"sqlite:///{folder / 'anchor.db'}"
        return
    base = make_url(server).set(drivername="postgresql+psycopg")
    names = [f"peerlearn_bench_{who}_{os.getpid()}" for who in ("ours", "anchor")]
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in names:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    ours, anchor = (base.set(database=name).render_as_string(hide_password=False) for name in names)
    try:
        yield ours, anchor
    finally:
        with admin.connect() as connection:
            for name in names:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        admin.dispose()
