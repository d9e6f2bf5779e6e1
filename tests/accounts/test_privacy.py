"""All that is kept of a person: to take along."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

from flask import Flask, current_app
from sqlalchemy import select

from peerlearn.accounts import rules
from peerlearn.accounts.models import Person
from peerlearn.core import files
from peerlearn.core.db import db
from peerlearn.lessons import contributing
from peerlearn.lessons.models import Revision
from peerlearn.suggestions.models import Suggestion
from tests import factories
from tests.factories import Walk
from tests.learn.test_checks import hand_in, keep
from tests.page import Client

ClientFor = Callable[[Person], Client]


def taken(browser: Client) -> dict[str, Any]:
    """What is in the file that somebody downloads: rows of each table, other files as bytes."""
    answer = browser.http.get("/me/privacy/download")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    return {name: json.loads(data) if name.endswith(".json") else data for name, data in found.items()}


def test_a_person_takes_along_what_is_theirs_and_nothing_of_others(client_for: ClientFor, app: Flask) -> None:
    author, other = factories.person("Ada Author"), factories.person("Otto Other")
    topic = factories.topic()
    lesson = factories.published_lesson(author, topic)
    hidden = factories.published_lesson(author, topic)
    hidden.classification = "confidential"
    digest = files.Store(current_app.config["SETTINGS"].media).put(b"a picture")
    contributing.add_picture(lesson, files.Picture(digest, b"a picture", 64, 48), by=author)
    wanted: Suggestion = factories.suggested(lesson, other, "A worked example", "One example", why="I stumbled here.")
    Walk(other, lesson.slug).read()

    source = db.session.scalar(select(Revision.source).where(Revision.id == lesson.published_id))
    browser = client_for(author)
    assert "Download my data" in browser.get("/me/privacy").text
    found = taken(browser)
    assert [row["name"] for row in found["accounts/people.json"]] == ["Ada Author"]
    assert not {"password_hash", "email_key"} & set(found["accounts/people.json"][0])
    assert "key_hash" not in found["accounts/sessions.json"][0]
    texts = [name for name in found if name.startswith("lessons/texts/")]
    assert [found[name].decode() for name in texts] == [source]
    assert hidden.title not in texts[0]
    assert found[f"lessons/pictures/{digest}.webp"] == b"a picture"
    assert {row["id"] for row in found["lessons/lessons.json"]} == {lesson.id, hidden.id}
    assert "suggestions/suggestions.json" not in found  # what was suggested to them is another's
    everything = json.dumps({name: rows for name, rows in found.items() if isinstance(rows, list)})
    for theirs in ("Otto", other.email, wanted.why):
        assert theirs not in everything

    theirs = taken(client_for(other))
    assert theirs["suggestions/suggestions.json"][0]["new"].endswith("One example stands here.")
    assert theirs["learn/readings.json"][0]["lesson_id"] == lesson.id
    assert not any(name.startswith("lessons/") for name in theirs)


def test_marks_that_a_check_does_not_tell_yet_stay_untold(client_for: ClientFor, app: Flask) -> None:
    walk = Walk(factories.person(), factories.published_lesson(front="mode: check\n").slug)
    walk.read()
    keep(walk, walk.start(), 1)
    db.session.commit()
    browser = client_for(walk.person)
    for state in ("open", "failed", "passed"):
        if state != "open":
            walk.person = factories.reloaded(walk.person)
            hand_in(walk, *(state == "passed",) * 3)
            walk.moment += timedelta(days=2)
        found = taken(browser)
        asked = [row for row in found["learn/asked.json"] if row["answered_at"]]
        assert [bool(row["answer"]) for row in asked] == [True] * (1 if state == "open" else len(asked)), state
        assert all((row["mark"] is None) == (row["is_right"] is None) == (state != "passed") for row in asked), state
        assert all("seed" not in row for row in found["learn/attempts.json"])
        assert (found["learn/attempts.json"][0]["right"] is None) == (state == "open"), state
        assert all((row["passes"] is None) == (state != "passed") for row in found.get("practice/memories.json", []))


def test_downloads_are_limited(client_for: ClientFor, app: Flask) -> None:
    browser = client_for(factories.person())
    allowed = int(rules.POLICY.download_limit.split("/")[0])
    answers = [browser.http.get("/me/privacy/download").status_code for _ in range(allowed + 1)]
    assert answers == [200] * allowed + [429]
