"""What others wait while somebody has texts rendered that make careless parsers slow (CVE-2025-69534 and its kin)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import urlencode

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from bench import company, measure
from bench.company import Bench
from bench.measure import Row
from bench.servers import Request
from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.lessons import actions
from peerlearn.lessons.models import Revision, Topic

SIZE = 20_000  # characters of each text
ATTACKERS = 2
READINGS = 200
TEXTS = (
    "<![" * (SIZE // 3),
    "[" * (SIZE // 2) + "]" * (SIZE // 2),
    "![a" * (SIZE // 6) + "](x)" * (SIZE // 8),
    "**a *b " * (SIZE // 7),
    "`a" * (SIZE // 2),
    "&#" * (SIZE // 2),
    "> " * 50 + "\n" + "> a\n" * (SIZE // 4),
    "".join("  " * n + "- a\n" for n in range(int(SIZE**0.5))),
    "| a |\n| - |\n" + "| b |\n" * (SIZE // 6),
    "[a]: /b\n\n" + "[a]" * (SIZE // 3),
    "http://" + "a." * (SIZE // 2),
    "<a@" * (SIZE // 3),
)


def hostile_texts(bench: Bench) -> Iterator[Row]:
    """How long readers of a lesson wait at most, 19 of 20 times, beside authors who preview such texts all the time."""
    reading = bench.page(f"/lessons/{bench.company.slug}", bench.company.learner_id)
    alone = measure.percentile(bench.ours.send([reading] * READINGS).seconds, 0.95)
    over = threading.Event()
    threads = [threading.Thread(target=_attack, args=(bench, over, texts)) for texts in _previews(bench)]
    for thread in threads:
        thread.start()
    beside = measure.percentile(bench.ours.send([reading] * READINGS).seconds, 0.95)
    over.set()
    for thread in threads:
        thread.join()
    name = f"p95 of readers, {ATTACKERS} hostile authors"
    yield Row(name, f"{1000 * beside:.0f} ms", f"{1000 * alone:.0f} ms", 1000 * beside, 500, "ms")


def _attack(bench: Bench, over: threading.Event, previews: list[Request]) -> None:
    for preview in cycle(previews):
        if over.is_set():
            break
        bench.ours.send([preview])


def _previews(bench: Bench) -> list[list[Request]]:
    """For each attacker what they send: each has a draft of their own."""
    token = URLSafeTimedSerializer(company.SECRET, salt="wtf-csrf-token").dumps(company.CSRF)
    sent = []
    with bench.app.app_context():
        topic = db.session.scalars(select(Topic).limit(1)).one()
        for number in range(ATTACKERS):
            author = db.session.get_one(Person, bench.company.learner_id + number)
            lesson = actions.start_lesson(kind="how-to", title=f"A slow text {number}", topics=[topic], by=author)
            db.session.commit()
            head = db.session.scalars(select(Revision.source).where(Revision.lesson_id == lesson.id)).one()
            front = head[: head.index("---", 3) + 4]
            forms = [
                {"csrf_token": token, "source": f"{front}\n## a\n\n{text}\n", "base_version": "1"} for text in TEXTS
            ]
            path = f"/write/{lesson.id}/preview"
            sent.append([Request(path, bench.cookie(author.id), urlencode(form)) for form in forms])
    return sent
