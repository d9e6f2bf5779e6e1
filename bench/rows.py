"""The rows of the report and their goals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from bench import data, measure
from bench.advice import advice
from bench.company import ANCHOR, FIRST_OF_ANCHOR, FIRST_OF_OURS, OURS, Bench
from bench.content import imported
from bench.hostile import hostile_texts
from bench.measure import Row, Take, each, same
from bench.practice import added_up, drawn_sets, held_page, practice_answers
from bench.servers import Request, serving
from peerlearn.core import fulltext
from peerlearn.core.db import db
from peerlearn.review.models import Review

WRITERS = 8
WRITES = 400
QUEUE = 20_100
PAGE = 20
P0, P = same(Request("/p0")), same(Request("/p"))
RARE = ("retrospective", "agenda", "phishing", "pivot", "changelog", "rollback")
COMMON = ("the", "you", "and", "what", "is", "a")
MIDDLING = ("customer", "password", "meeting", "test", "team", "first question", "one step")


def pages(bench: Bench) -> Iterator[Row]:
    """Pages beside a page of Flask alone."""
    learner, curator = bench.company.learner_id, bench.company.curator_id
    rows: list[tuple[str, Request, Take, float]] = [
        ("today, signed out", Request("/"), P0, 2),
        ("today, signed in", bench.page("/", learner), P, 3),
        ("lesson", bench.page(f"/lessons/{bench.company.slug}", learner), P, 2),
        ("catalogue", bench.page("/lessons", learner), P, 2.5),
        ("team board", bench.page("/boards/teams", learner), P, 2.5),
        ("curator queue", bench.page("/review", curator), P, 2.5),
    ]
    for name, request, anchor, goal in rows:
        yield bench.beside(name, same(request), anchor, goal)


def submits(bench: Bench) -> Iterator[Row]:
    """Answers, each stored, marked and durable; the last of a quiz also passes the lesson and is paid."""
    last = each(bench.submit(submit) for submit in bench.company.last_answers)
    first = each(bench.submit(submit) for submit in bench.company.first_answers)
    anchor = bench.plain_submits
    yield bench.beside("answer that passes a lesson", last, anchor, 2.5)
    yield bench.beside("answer in between", first, anchor, 2.5)
    theirs, their_seconds = bench.anchor.send_at_once(anchor(WRITES), WRITERS)
    ours, our_seconds = bench.ours.send_at_once(last(WRITES), WRITERS)
    for failure in ours.failures[:3]:
        print(failure)
    yield Row(
        f"p99 of {WRITERS} writers",
        f"{WRITES / our_seconds:.0f}/s",
        f"{WRITES / their_seconds:.0f}/s",
        1000 * measure.percentile(ours.seconds, 0.99),
        50,
        "ms",
    )
    yield Row(
        f"failed, {WRITERS} writers", str(len(ours.failures)), str(len(theirs.failures)), len(ours.failures), 0, ""
    )


def search(bench: Bench) -> Iterator[Row]:
    """Searches beside their bare query and two pages."""
    words = [*RARE, *MIDDLING, *COMMON]
    asked = {word: bench.page(f"/lessons?q={quote(word)}", bench.company.learner_id) for word in words}
    count = measure.statements(bench.app, same(asked["customer"]))
    page = measure.quickest(partial(bench.anchor.send, P(1)))
    ours = {word: measure.quickest(partial(bench.ours.send, [request])) for word, request in asked.items()}
    with bench.app.app_context():
        raw = {word: measure.quickest(partial(_raw_search, word)) for word in words}
    ours95, raw95 = (measure.percentile(list(times.values()), 0.95) for times in (ours, raw))
    common = max(ours[word] for word in COMMON)
    goal = raw95 + 2 * page
    yield Row("search, p95", f"{ours95:.2f} ms", f"{raw95:.2f} ms", ours95, round(goal, 2), "ms", count)
    limit = 20 if db_name(bench) == "sqlite" else 40
    yield Row("search, common words", f"{common:.2f} ms", "", common, limit, "ms")


def db_name(bench: Bench) -> str:
    """Which database it is."""
    with bench.app.app_context():
        return db.engine.dialect.name


def _raw_search(words: str) -> Any:
    """The bare query through the driver."""
    match = fulltext._fts5_query(fulltext.query_words(words), True)
    sql = fulltext._SQLITE_SEARCH
    if db.engine.dialect.name != "sqlite":
        match, sql = fulltext._tsquery(fulltext.query_words(words), True), fulltext._POSTGRESQL_SEARCH
    with db.engine.connect() as connection:
        values = {"match": match, "candidates": fulltext.MAX_CANDIDATES, "limit": 100}
        return connection.exec_driver_sql(sql, values).all()


def starts(bench: Bench) -> Iterator[Row]:
    """A worker from nothing to its first answer, and its memory after a thousand."""
    pairs = []
    for _ in range(3):
        pairs.append([_start(bench, OURS, FIRST_OF_OURS), _start(bench, ANCHOR, FIRST_OF_ANCHOR)])
    mine, theirs = zip(*pairs, strict=True)
    ratio = median(a / b for a, b in pairs)
    yield Row("cold start", f"{median(mine):.2f} s", f"{median(theirs):.2f} s", ratio, 1.6)
    people = range(1, 1 + 250)
    asked = [bench.page(path, p) for p in people for path in ("/", "/lessons", f"/lessons/lesson-{p}", "/boards/teams")]
    with (
        serving(OURS, bench.environment, FIRST_OF_OURS) as ours,
        serving(ANCHOR, bench.environment, FIRST_OF_ANCHOR) as anchor,
    ):
        ours.send_at_once(asked, 4)
        anchor.send_at_once(P(len(asked)), 4)
        mine_mib, their_mib = ours.memory(), anchor.memory()
    yield Row("memory of a worker", f"{mine_mib:.0f} MiB", f"{their_mib:.0f} MiB", mine_mib / their_mib, 1.5)


def _start(bench: Bench, application: str, first: Request) -> float:
    with serving(application, bench.environment, first) as server:
        return server.cpu()


def deep_queue(bench: Bench) -> Iterator[Row]:
    """The thousandth page of a long queue beside its first."""
    data.deepen_queue(bench.app, QUEUE)
    with bench.app.app_context():
        order = select(Review.id).where(Review.state == "open").order_by(Review.due_at, Review.id)
        key = db.session.scalar(order.offset(999 * PAGE - 1).limit(1))
        db.session.remove()
    chief = bench.company.chief_id
    first, thousandth = (bench.page(path, chief) for path in ("/review", f"/review?after={key}"))
    count = measure.statements(bench.app, same(thousandth))
    found = measure.compare((bench.ours, same(thousandth)), (bench.ours, same(first)), count=10, rounds=5)
    ours, anchor = f"{found.ours:.2f} ms", f"{found.anchor:.2f} ms"
    yield Row("queue, page 1,000 beside page 1", ours, anchor, found.ratio, 1.2, statements=count)


ALL: tuple[Callable[[Bench], Iterator[Row]], ...] = (
    pages,
    submits,
    drawn_sets,
    practice_answers,
    held_page,
    added_up,
    search,
    starts,
    imported,
    deep_queue,
    advice,
    hostile_texts,
)
