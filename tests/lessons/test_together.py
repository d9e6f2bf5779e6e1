"""Two who write one draft, or one person in two tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.lessons import actions, contributing, queries, together
from peerlearn.lessons.models import Lesson, Revision
from tests import factories
from tests.page import Client, text_of

JSON = {"Accept": "application/json"}


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person()


@pytest.fixture
def browser(author: Person, client_for: Callable[[Person], Client]) -> Client:
    return client_for(author)


@pytest.fixture
def draft(author: Person) -> Lesson:
    lesson, _ = actions.import_file(factories.lesson_text(factories.topic()), owner=author, by=author)
    db.session.commit()
    return lesson


def open_of(lesson: Lesson) -> Revision:
    db.session.expire_all()
    revision = queries.open_revision(lesson.id)
    assert revision is not None
    return revision


def over(lesson: Lesson, base: str, old: str, new: str) -> dict[str, Any]:
    """A text typed over `base`, long ago."""
    return {"source": base.replace(old, new), "base": base, "base_version": 0, "draft": f"{lesson.id}-tab1"}


def test_what_two_wrote_in_different_places_is_put_together(browser: Client, draft: Lesson) -> None:
    base = open_of(draft).source
    url = f"/write/{draft.id}/save"
    browser.post(url, over(draft, base, "## Begin", "## My beginning"), to=f"/write/{draft.id}", token_from="/write")
    answer = browser.post(
        url, over(draft, base, "## Go on", "## And on"), status=200, token_from="/write", headers=JSON
    ).response.json
    assert answer["text"] == open_of(draft).source
    assert "## My beginning" in answer["text"]
    assert "## And on" in answer["text"]
    assert answer["version"] == open_of(draft).version
    assert answer["told"] == "What you changed in another tab is in it too: card 1."
    nothing_new = browser.post(url, over(draft, base, "", ""), status=200, token_from="/write", headers=JSON)
    assert nothing_new.response.json["text"] == answer["text"], "whoever changed nothing hears what came in"
    assert nothing_new.response.json["version"] == answer["version"]


def test_it_is_told_who_wrote_what_meanwhile(browser: Client, draft: Lesson, author: Person) -> None:
    other = factories.person("Olga Other")
    contributing.add_author(draft, other, by=author)
    revision = open_of(draft)
    base = revision.source
    actions.save_draft(revision, base.replace("## Go on", "## Her words"), base_version=revision.version, by=other)
    db.session.commit()
    browser.post(f"/write/{draft.id}/save", over(draft, base, "## Begin", "## Mine"), token_from="/write")
    page = browser.get(f"/write/{draft.id}")
    assert "What Olga Other changed meanwhile is in it too: card 2." in page.text
    assert "## Her words" in page.text
    assert "## Mine" in page.text


def test_nobody_hands_in_what_they_have_not_seen(browser: Client, draft: Lesson) -> None:
    base = open_of(draft).source
    browser.post(f"/write/{draft.id}/save", over(draft, base, "## Begin", "## First"), token_from="/write")
    form = over(draft, base, "## Go on", "## Second")
    page = browser.post(f"/write/{draft.id}/submit", form, token_from="/write")
    assert page.response.location == f"/write/{draft.id}?kept={draft.id}-tab1"
    assert open_of(draft).state == "draft"
    assert "## First" in open_of(draft).source
    assert "Not handed in yet." in browser.get(f"/write/{draft.id}").text
    seen = {"source": open_of(draft).source, "base": open_of(draft).source, "base_version": open_of(draft).version}
    browser.post(f"/write/{draft.id}/submit", seen | {"draft": "<b>"}, to="/write", token_from="/write")
    assert open_of(draft).state == "submitted"


def test_where_both_changed_the_same_lines_somebody_chooses(browser: Client, draft: Lesson) -> None:
    base = open_of(draft).source
    theirs = base.replace("## Begin", "## Theirs").replace("## Go on", "## Elsewhere")
    browser.post(f"/write/{draft.id}/save", over(draft, base, base, theirs), token_from="/write")
    form = over(draft, base, "## Begin", "## Mine")
    page = browser.post(f"/write/{draft.id}/save", form, status=409, token_from="/write")
    assert [text_of(each).strip() for each in page.all("pre")] == ["## Mine", "## Theirs"]
    assert open_of(draft).source == theirs, "nothing is saved before somebody chose"
    version = open_of(draft).version
    for choice, seen in (("both", version - 1), ("", version), ("mine", version)):
        data = form | {"choice-1": choice, "base_version": seen}
        again = browser.post(f"/write/{draft.id}/merge", data, status=409, token_from="/write")
        assert "## Mine" in again.text
    data = form | {"choice-1": "both", "base_version": version}
    done = browser.post(f"/write/{draft.id}/merge", data, token_from="/write")
    assert done.response.location == f"/write/{draft.id}?kept={draft.id}-tab1"
    assert open_of(draft).source == theirs.replace("## Theirs", "## Mine\n## Theirs")


def test_what_cannot_be_kept_is_refused_while_choosing_too(browser: Client, draft: Lesson) -> None:
    form = {"source": "x" * 100_001, "base": "a", "base_version": "1"}
    page = browser.post(f"/write/{draft.id}/merge", form, status=422, token_from="/write")
    assert "form-errors" in page.text


def test_a_late_text_that_was_handed_in_changes_nothing(draft: Lesson, author: Person) -> None:
    revision = open_of(draft)
    typed = revision.source.replace(" ^a\n", "\n")
    actions.hand_in(revision, actions.prepare(draft, typed), base_version=revision.version, by=author)
    actions.withdraw(revision, by=author)
    before = revision.source
    found = together.keep(revision, typed, base="something old", base_version=0, by=author)
    assert found is not None
    assert found.after == revision.source == before


BEFORE = (
    "---\ntitle: A\n---\n\n## One\n\nText.\n\n## Two\n\nText.\n\n# Quiz\n\n## single\n\nWhat?\n\n- [x] A\n- [ ] B\n"
)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("title: A", "title: B", [("head", 0)]),
        ("## Two\n\nText.", "## Two\n\nMore.", [("card", 2)]),
        ("What?", "Which?", [("question", 1)]),
        ("Text.", "Other text.", [("card", 1), ("card", 2)]),
        ("Text.\n\n## Two\n\n", "", [("card", 1)]),
        ("none", "", []),
    ],
)
def test_the_parts_that_were_changed(old: str, new: str, parts: list[tuple[str, int]]) -> None:
    found = together.parts_changed(BEFORE, BEFORE.replace(old, new))
    assert [(part.sort, part.number) for part in found] == parts
