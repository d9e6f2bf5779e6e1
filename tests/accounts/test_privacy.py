"""All that is kept of a person: to take along, and to erase."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

from flask import Flask, current_app
from sqlalchemy import select, update

from peerlearn.accounts import actions, rules
from peerlearn.accounts.models import Grant, Person
from peerlearn.analysis.models import FirstAnswer, ItemFigures
from peerlearn.badges.models import Award
from peerlearn.core import files, mail
from peerlearn.core.db import Base, db, table_of
from peerlearn.core.facts import Fact
from peerlearn.learn.models import Asked, Attempt
from peerlearn.lessons import contributing
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.points import replay
from peerlearn.points.models import LedgerEntry, PointSum
from peerlearn.quizzes.models import ItemVersion
from peerlearn.requests import actions as requests
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


def everything_about(*words: str) -> set[str]:
    """The columns of the whole database in which one of these words stands."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            found |= {f"{table.name}.{name}" for name, value in row.items() if any(w in str(value) for w in words)}
    return found


def counted() -> list[Any]:
    """All lines of the ledger, all sums and what is said of questions."""
    tables = (LedgerEntry, PointSum, ItemFigures, FirstAnswer, Award)
    return [sorted(map(str, db.session.execute(select(table_of(model))))) for model in tables]


def test_whoever_is_erased_becomes_a_pseudonym_and_sums_stay(client_for: ClientFor, app: Flask) -> None:
    admin = factories.person("Adam Admin", roles=(("admin", 0),))
    topic = factories.topic()
    heir = factories.person("Hedwig Heir", roles=factories.curator_of(topic.id))
    gone = factories.person("Gundula Gone", alias="Zebrafink", alias_key="zebrafink", board_mode="alias", pace=200)
    own = factories.published_lesson(gone, topic)
    mine = factories.published_lesson(heir, topic)
    walk = Walk(gone, mine.slug)
    walk.read()
    walk.quiz()
    reader = Walk(factories.person(), own.slug)
    reader.read()
    reader.quiz()
    gone = factories.reloaded(gone)
    actions.give_role(gone, "curator", topic.id, by=admin)
    mail.post(mail.Mail(gone.email, "Hello", "Dear Gundula"))
    requests.ask(title="What Gundula needs", why="Since Gundula has to.", topic=topic, by=gone)
    db.session.commit()
    _write_freely(gone, "Gundula has her doubts.")
    before, address = counted(), gone.email
    browser, chief = client_for(gone), client_for(admin)
    browser.post("/me/privacy/erasure", {})
    browser.post("/me/privacy/erasure", {})
    assert "take it back" in browser.get("/me/privacy").text
    assert "A colleague asks to be erased" in chief.get("/inbox").text
    assert "Gundula Gone" in chief.get("/people?state=asked").text

    url = f"/people/{gone.id}/erase"
    assert "This is not the name" in chief.post(url, {"typed": "Gundula"}, status=422).text
    assert chief.post(url, {"typed": " Gundula  Gone "}).status == 302
    browser.get("/me/privacy", status=302)
    once = everything_about("Gundula Gone", "Gundula has", "Dear Gundula", "Zebrafink", "zebrafink", address)
    assert once == set()
    assert counted() == before
    assert replay.differences() == []
    db.session.expire_all()
    left = db.session.get_one(Person, gone.id)
    assert re.fullmatch(r"Former colleague [0-9A-F]{4}", left.name)
    assert (left.is_active, left.password_hash, left.team_id, left.pace) == (False, None, None, 100)
    assert not db.session.scalars(select(Grant).where(Grant.person_id == gone.id)).all()
    assert db.session.scalar(select(Lesson.owner_id).where(Lesson.id == own.id)) != gone.id
    assert left.name in chief.get(f"/lessons/{own.slug}").text

    assert chief.post(url, {"typed": "Gundula Gone"}).status == 302
    assert left.name in chief.get("/people").text  # as a message, once
    assert left.name not in chief.get("/people?state=all").text
    db.session.expire_all()
    assert db.session.get_one(Person, gone.id).name == left.name
    erased = select(Fact.data).where(Fact.type == "PersonErased")
    assert list(db.session.scalars(erased)) == [{"person_id": gone.id}]
    assert f"Adam Admin erased an account, now called {left.name}" in chief.get("/audit").text
    for path in ("", "/reactivate", "/pace", "/roles"):
        chief.post(f"/people/{gone.id}{path}", {"role": "admin", "scope": "0", "pace": "150"}, status=404)
    added = actions.add_person(email=address, name="Gundula Gone", by=admin)
    assert added.id != gone.id


def _write_freely(person: Person, words: str) -> None:
    """Let one of a person's answers be to an open question."""
    asked = db.session.scalars(select(Asked).join(Attempt).where(Attempt.person_id == person.id).limit(1)).one()
    asked.answer = {"kind": "reflection", "value": [words]}
    db.session.execute(update(ItemVersion).where(ItemVersion.id == asked.version_id).values(kind="reflection"))
    db.session.commit()


def test_nobody_erases_themselves_and_a_wish_can_be_taken_back(client_for: ClientFor, app: Flask) -> None:
    admin = factories.person("Adam Admin", roles=(("admin", 0),))
    browser = client_for(admin)
    browser.post(f"/people/{admin.id}/erase", {"typed": "Adam Admin"}, status=403)
    browser.post("/me/privacy/erasure", {})
    for _ in range(2):
        browser.post("/me/privacy/erasure/take-back", {})
    assert "Ask to be erased" in browser.get("/me/privacy").text
    facts = db.session.scalars(select(Fact.type).where(Fact.actor_id == admin.id).order_by(Fact.id))
    assert list(facts) == ["ErasureAsked", "ErasureTakenBack"]
