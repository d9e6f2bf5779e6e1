"""Sixteen browsers at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask

from peerlearn.core.db import db, reading, set_reading
from peerlearn.points import actions as points
from tests.page import Client, Page

AT_ONCE = 16


def prepared(app: Flask, make: Callable[[], Any]) -> Any:
    """What `make` returns, made and committed in a context of its own."""
    with app.app_context():
        set_reading(False)
        try:
            found = make()
            db.session.commit()
            return found
        finally:
            db.session.remove()


def storm(browsers: list[Client], send: Callable[[Client], Page]) -> Counter[int]:
    """Let all browsers send at the same moment; how often each status came back."""
    barrier = Barrier(len(browsers))

    def go(browser: Client) -> int:
        barrier.wait()
        return send(browser).status

    with ThreadPoolExecutor(len(browsers)) as pool:
        return Counter(pool.map(go, browsers))


def browsers_for(app: Flask, email: str) -> list[Client]:
    """Sixteen browsers in which the same person has signed in."""

    class Who:
        def __init__(self, email: str) -> None:
            self.email = email

    first = Client(app)
    first.sign_in(Who(email))  # type: ignore[arg-type]
    return [first.twin() for _ in range(AT_ONCE)]


def send(browser: Client, url: str, values: dict[str, Any], token: str) -> Page:
    """Post without insisting on an answer."""
    return Page(browser.http.post(url, data=values | {"csrf_token": token}))


def no_differences(app: Flask) -> None:
    with app.app_context(), reading():
        assert points.verify() == []
        db.session.remove()
