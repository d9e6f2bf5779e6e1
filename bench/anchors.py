"""What everything is compared with: bare Flask, bare Flask with one ORM read, and a quiz submit in plain SQL.

P0 is a page of twenty rows from memory. P reads the same twenty rows through the ORM. S does what a submit cannot do
without: nine statements and one durable commit, on the same engine settings as ours, with no rule, check or event.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from flask import Flask, render_template, request
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ROWS = 20
PEOPLE = 1_000
QUESTIONS = 5
SQLITE_SETTINGS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
TEMPLATES = {
    "layout.html": """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title><link rel="stylesheet" href="/a.css"></head>
<body>
<header><a href="/">Notes</a><nav><a href="/new">New</a> <a href="/all">All</a> <a href="/me">Me</a></nav></header>
<main>{% block main %}{% endblock %}</main>
<footer><a href="/help">Help</a></footer>
</body>
</html>""",
    "notes.html": """{% extends "layout.html" %}
{% block title %}Notes{% endblock %}
{% block main %}
<h1>Notes</h1>
<ul>
{% for note in notes %}
<li><a href="/notes/{{ note.id }}">{{ note.title }}</a><p>{{ note.body }}</p></li>
{% endfor %}
</ul>
{% endblock %}""",
}
TABLES = """
CREATE TABLE anchor_people (id INTEGER PRIMARY KEY, key_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE anchor_attempts (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, lesson_id INTEGER NOT NULL,
    state TEXT NOT NULL, score FLOAT NOT NULL, done INTEGER NOT NULL, finished_at TEXT);
CREATE TABLE anchor_answers (attempt_id INTEGER NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL, answer TEXT,
    mark FLOAT, answered_at TEXT, PRIMARY KEY (attempt_id, position));
CREATE TABLE anchor_facts (id {serial}, at TEXT NOT NULL, type TEXT NOT NULL, actor_id INTEGER NOT NULL,
    data TEXT NOT NULL);
CREATE TABLE anchor_ledger (id {serial}, person_id INTEGER NOT NULL, rule TEXT NOT NULL, source TEXT NOT NULL,
    amount INTEGER NOT NULL, at TEXT NOT NULL, UNIQUE (person_id, rule, source));
CREATE TABLE anchor_sums (person_id INTEGER NOT NULL, period TEXT NOT NULL, xp INTEGER NOT NULL,
    PRIMARY KEY (person_id, period));
CREATE TABLE anchor_awards (person_id INTEGER NOT NULL, badge TEXT NOT NULL, PRIMARY KEY (person_id, badge))
"""
PERSON = text("SELECT id, name FROM anchor_people WHERE key_hash = :key")
ATTEMPT = text(
    "SELECT a.lesson_id, a.score, a.done, q.body FROM anchor_attempts a JOIN anchor_answers q ON q.attempt_id = a.id "
    "WHERE a.id = :attempt AND q.position = :position AND a.state = 'open' AND q.mark IS NULL"
)
ANSWER = text(
    "UPDATE anchor_answers SET answer = :answer, mark = :mark, answered_at = '2026-01-01 10:00:00' "
    "WHERE attempt_id = :attempt AND position = :position"
)
FINISH = text(
    "UPDATE anchor_attempts SET state = 'finished', score = :score, done = :done, finished_at = '2026-01-01 10:00:00' "
    "WHERE id = :attempt"
)
FACT = text(
    "INSERT INTO anchor_facts (at, type, actor_id, data) VALUES ('2026-01-01 10:00:00', 'passed', :person, :data)"
)
LEDGER = text("SELECT rule, source, amount, at FROM anchor_ledger WHERE person_id = :person")
ENTRY = text(
    "INSERT INTO anchor_ledger (person_id, rule, source, amount, at) "
    "VALUES (:person, 'L1', :source, 10, '2026-01-01 10:00:00') ON CONFLICT DO NOTHING"
)
SUM = text(
    "INSERT INTO anchor_sums (person_id, period, xp) VALUES (:person, 'all', 10) "
    "ON CONFLICT (person_id, period) DO UPDATE SET xp = anchor_sums.xp + excluded.xp"
)
AWARDS = text("SELECT badge FROM anchor_awards WHERE person_id = :person")


class Base(DeclarativeBase):
    """The base of the anchors' only model."""


class Note(Base):
    """A row of the page."""

    __tablename__ = "anchor_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]


db = SQLAlchemy(model_class=Base)


@dataclass(frozen=True)
class Row:
    """A row that no database holds."""

    id: int
    title: str
    body: str


def rows(count: int) -> list[Row]:
    """Rows as a small page lists them."""
    body = "What it is about, in a sentence that is about as long as a summary usually is."
    return [Row(n, f"Note number {n}", body) for n in range(1, count + 1)]


def make_anchor(url: str) -> Flask:
    """A bare Flask application with the anchors' three views."""
    app = Flask("anchor")
    app.config.update(SECRET_KEY="anchor", SQLALCHEMY_DATABASE_URI=url)
    app.jinja_loader = DictLoader(TEMPLATES)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    with app.app_context():
        settle(db.engine)
    notes = rows(ROWS)

    @app.get("/p0")
    def p0() -> str:
        return render_template("notes.html", notes=notes)

    @app.get("/p")
    def p() -> str:
        start = 1 + int(request.args.get("start", 0))
        statement = select(Note).where(Note.id >= start).order_by(Note.id).limit(ROWS)
        return render_template("notes.html", notes=db.session.scalars(statement).all())

    @app.post("/s/<int:attempt>/<int:position>")
    def s(attempt: int, position: int) -> str:
        with db.engine.begin() as connection:
            return submit(connection, attempt, position, request.form["answer"], request.cookies["key"])

    return app


def submit(connection: Connection, attempt: int, position: int, answer: str, key: str) -> str:
    """A whole submit in plain SQL: who, what, mark, store, pay, sum, badges."""
    person = connection.execute(PERSON, {"key": key}).one().id
    lesson, score, done, body = connection.execute(ATTEMPT, {"attempt": attempt, "position": position}).one()
    mark = 1.0 if body == answer else 0.0
    connection.execute(ANSWER, {"answer": answer, "mark": mark, "attempt": attempt, "position": position})
    connection.execute(FINISH, {"score": score + mark, "done": done + 1, "attempt": attempt})
    connection.execute(FACT, {"person": person, "data": f'{{"lesson_id": {lesson}, "attempt_id": {attempt}}}'})
    source = f"lesson:{lesson}:major:1:{attempt}"
    if source not in {line.source for line in connection.execute(LEDGER, {"person": person})}:
        connection.execute(ENTRY, {"person": person, "source": source})
        connection.execute(SUM, {"person": person})
    held = connection.execute(AWARDS, {"person": person}).all()
    return f"{mark} {len(held)}"


def settle(engine: Engine) -> None:
    """SQLite as ours has it: WAL, FULL, and writers that say so when they begin."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def settings(connection: object, record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        for pragma in SQLITE_SETTINGS:
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        in_request_that_writes = request and request.method == "POST"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if in_request_that_writes else "BEGIN")


def fill(url: str, attempts: int) -> None:
    """Make the anchors' tables: a thousand people with some history, and attempts that wait for their last answer."""
    engine = create_engine(url)
    serial = "INTEGER PRIMARY KEY" if engine.dialect.name == "sqlite" else "SERIAL PRIMARY KEY"
    history = [{"person": n % PEOPLE + 1, "source": f"lesson:{n}:major:1"} for n in range(10 * PEOPLE)]
    with engine.begin() as connection:
        for statement in TABLES.format(serial=serial).split(";"):
            connection.execute(text(statement))
        Base.metadata.create_all(connection)
        connection.execute(Note.__table__.insert(), [vars(row) for row in rows(PEOPLE)])  # type: ignore[attr-defined]
        people = [{"id": n, "key": f"key-{n}", "name": f"Person {n}"} for n in range(1, PEOPLE + 1)]
        connection.execute(text("INSERT INTO anchor_people VALUES (:id, :key, :name)"), people)
        connection.execute(ENTRY, history)
        connection.execute(SUM, people_of(history))
        _add_attempts(connection, attempts)
    engine.dispose()


def people_of(history: list[dict[str, object]]) -> list[dict[str, object]]:
    """Who stands in the history."""
    return [{"person": line["person"]} for line in history]


def _add_attempts(connection: Connection, count: int) -> None:
    numbers = range(1, count + 1)
    whose = [{"id": n, "person": n % PEOPLE + 1, "lesson": 1_000 + n % PEOPLE} for n in numbers]
    connection.execute(text("INSERT INTO anchor_attempts VALUES (:id, :person, :lesson, 'open', 4, 4, NULL)"), whose)
    asked = [
        {"id": n, "position": position, "mark": 1.0 if position < QUESTIONS else None}
        for n in numbers
        for position in range(1, QUESTIONS + 1)
    ]
    connection.execute(text("INSERT INTO anchor_answers VALUES (:id, :position, 'right', NULL, :mark, NULL)"), asked)


def from_environment() -> Flask:
    """The anchor application for a server process."""
    return make_anchor(os.environ["BENCH_ANCHOR_URL"])
