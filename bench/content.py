"""Importing a folder of lessons beside rendering its texts, which is the least that anybody has to do.

`python -m bench.content 10000` measures a whole library in an empty instance.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from flask import Flask
from sqlalchemy import create_engine, text

from bench.company import SECRET, Bench, databases
from bench.measure import Row
from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Person
from peerlearn.app import create_app
from peerlearn.config import Settings
from peerlearn.core.db import db, reading
from peerlearn.core.revisions import upgrade
from peerlearn.lessons import fileformat, folders, importing, preparing, queries
from peerlearn.quizzes import actions as quizzes

COUNT = 1_000
EMAIL = "importer@example.org"


def imported(bench: Bench) -> Iterator[Row]:
    """A folder of lessons, read, checked, rendered, stored and handed in, beside its texts rendered one by one."""
    with TemporaryDirectory(prefix="bench-content-") as name:
        folder = written(Path(name), bench.app.config["SETTINGS"].content, COUNT)
        with databases(folder) as (url, anchor_url):
            yield from rows(url, anchor_url, folder)


def rows(url: str, anchor_url: str, folder: Path) -> Iterator[Row]:
    """The import beside the renderer alone, and beside the renderer with the least that is stored."""
    app = create_app(Settings(secret_key=SECRET, database_url=url, instance=folder, base_url="http://localhost"))
    texts = [path.read_text(encoding="utf-8") for path in folders.lesson_paths(folder)]
    with app.app_context():
        upgrade()
        accounts.add_person(email=EMAIL, name="Who Imports", password_hash="-", by=None)
        db.session.commit()
        render, floor = rendered(texts), stored(anchor_url, texts)
        ours = took_in(app, folder)
        db.session.remove()
        db.engine.dispose()
    count = len(texts)
    told, beside = f"{count / ours:.0f}/s", f"{count / render:.0f}/s"
    yield Row(f"import of {count:,} lessons", told, beside, ours / render, 2)
    least = f"{count / (render + floor):.0f}/s"
    yield Row("… beside rendering and storing", told, least, ours / (render + floor), 1.3)


def rendered(texts: list[str]) -> float:
    """Seconds to render all cards and questions, in this process."""
    read = [fileformat.parse(source) for source in texts]
    start = time.perf_counter()
    for file in read:
        for number, card in enumerate(file.cards, start=1):
            preparing.render_card(card, number)
        quizzes.render_quiz(file.questions)
    return time.perf_counter() - start


def stored(url: str, texts: list[str]) -> float:
    """Seconds to read the block at the top with a YAML library and store the text in one table, durably."""
    engine = create_engine(url)
    start = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE anchor_lessons (title TEXT, kind TEXT, source TEXT)"))
        for source in texts:
            front = yaml.safe_load(source.split("---\n", 2)[1])
            values = {"title": front["title"], "kind": front["kind"], "source": source}
            connection.execute(text("INSERT INTO anchor_lessons VALUES (:title, :kind, :source)"), values)
    seconds = time.perf_counter() - start
    engine.dispose()
    return seconds


def took_in(app: Flask, folder: Path) -> float:
    """Seconds to import the folder, from its files to the commit."""
    nothing = lambda _done: None  # noqa: E731
    owner = db.session.query(Person).filter_by(email=EMAIL).one()
    db.session.commit()
    start = time.perf_counter()
    with reading():
        plan = importing.plan_folder(folder, owner=owner, hand_in=True, on_read=nothing, on_ready=nothing)
        db.session.rollback()
    importing.carry_out(plan, hand_in=True, by=owner)
    db.session.commit()
    return time.perf_counter() - start


def written(folder: Path, content: Path, count: int) -> Path:
    """A folder of so many lessons: those that ship, many times over, each with an id, a title and marks of its own."""
    sources = [path.read_text(encoding="utf-8") for path in folders.lesson_paths(content)]
    patterns = [fileformat.parse(source) for source in sources if not queries.picture_digests(source)]
    (folder / folders.TOPICS).write_bytes((content / folders.TOPICS).read_bytes())
    for number in range(count):
        file = patterns[number % len(patterns)]
        uid, title = f"{file.front.id[:60]}-{number}", f"{file.front.title[:60]}, part {number}"
        front = replace(file.front, id=uid, title=title, prerequisites=())
        asked = tuple(replace(q, uid=f"{q.uid[:6]}{number:05}") for q in file.questions)
        place = folder / folders.LESSONS / front.topics[0] / f"{uid}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(fileformat.print_file(replace(file, front=front, questions=asked)), encoding="utf-8")
    return folder


def main() -> None:
    """Measure as many lessons as are asked for."""
    with TemporaryDirectory(prefix="bench-content-") as name, databases(Path(name)) as (url, anchor_url):
        folder = written(Path(name), Settings(secret_key=SECRET).content, int(sys.argv[1]))
        for row in rows(url, anchor_url, folder):
            print(f"{row.name:38}{row.ours:>12}{row.anchor:>12}{row.found:>8.2f} ×  (goal {row.goal:g})")


if __name__ == "__main__":
    main()
