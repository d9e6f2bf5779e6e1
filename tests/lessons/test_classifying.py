"""Who a lesson is for: in its file, in lint, and as a choice in the editor that changes no other line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from peerlearn.accounts.models import Person, Team
from peerlearn.core.db import db as database
from peerlearn.core.errors import NotValid
from peerlearn.lessons import actions, fileformat, lint, queries, rules, visibility
from peerlearn.lessons.classifying import classified
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.quizzes.problem import Problem
from tests import factories
from tests.page import Client

TEXT = "---\ntitle: A title that fits\nkind: how-to\ntopics: [a]\n---\n\n## Card\n\nclassification: stays here\n"


@pytest.mark.parametrize(
    ("front", "codes"),
    [
        ("", set()),
        ("classification: open\n", set()),
        ("classification: internal\n", set()),
        ("classification: restricted\n", {"no-audience"}),
        ("classification: confidential\n", {"no-audience"}),
        ("classification: restricted\naudience: [sales]\n", set()),
        ("classification: confidential\naudience: sales\n", set()),
        ("audience: [sales]\n", {"audience-for-all"}),
        ("classification: open\naudience: [sales]\n", {"audience-for-all"}),
        ("classification: restricted\naudience: [nobody]\n", {"unknown-team"}),
        ("classification: restricted\naudience: [Sales]\n", {"bad-slug", "unknown-team"}),
        (f"classification: restricted\naudience: [{', '.join(f'a{n}' for n in range(21))}]\n", {"many-teams"}),
        ("classification: secret\n", {"bad-classification"}),
    ],
)
def test_what_lint_says(front: str, codes: set[str]) -> None:
    teams = frozenset({"sales", *(f"a{n}" for n in range(21))})
    file = fileformat.parse(TEXT.replace("kind:", f"{front}kind:"))
    ours = {"no-audience", "audience-for-all", "unknown-team", "many-teams", "bad-slug", "bad-classification"}
    found: tuple[Problem, ...] = lint.lint(file, lint.Known(teams=teams))
    assert {problem.code for problem in found} & ours == codes


@pytest.mark.parametrize(
    "before", ["", "classification: restricted\naudience: [a, b]\n", "audience:\n  - a\n  - b\nclassification : open\n"]
)
def test_a_choice_changes_no_other_line(before: str) -> None:
    text = TEXT.replace("kind:", f"{before}kind:")
    chosen = classified(text, "confidential", ["sales", "finance"])
    front = fileformat.parse(chosen).front
    assert (front.classification, front.audience) == ("confidential", ("sales", "finance"))
    assert classified(chosen, "internal", []) == TEXT


@pytest.mark.parametrize("text", ["", "## Card\n", "---\ntitle: No end\n", "---"])
def test_a_text_without_a_block_on_top_is_left_alone(text: str) -> None:
    with pytest.raises(NotValid):
        classified(text, "restricted", ["sales"])


def test_every_class_has_a_name_and_says_what_it_means() -> None:
    assert set(rules.CLASSIFICATION_TITLES) == set(rules.CLASSIFICATION_MEANINGS) == set(rules.Classification)


def test_the_editor_offers_a_plain_choice(client_for: Callable[[Person], Client]) -> None:
    author = factories.person("Ada Author")
    team = database.session.get_one(Team, author.team_id)
    lesson = actions.start_lesson(kind="how-to", title="A draft of mine", topics=[factories.topic()], by=author)
    database.session.commit()
    browser, place = client_for(author), f"/write/{lesson.id}/audience"
    page = browser.get(place)
    assert all(meaning in page.text for meaning in rules.CLASSIFICATION_MEANINGS.values())
    refused = browser.post(place, {"classification": "restricted"}, status=422)
    assert "Choose at least one team" in refused.text
    browser.post(place, {"classification": "restricted", "teams": team.slug}, to=f"/write/{lesson.id}")
    database.session.expire_all()
    draft = queries.open_revision(lesson.id)
    assert draft is not None
    front = fileformat.parse(draft.source).front
    assert (front.classification, front.audience) == ("restricted", (team.slug,))
    assert "Restricted" in browser.get(f"/write/{lesson.id}").text
    client_for(factories.person()).get(place, status=404)


def test_a_page_that_was_left_open_takes_nothing_back(client_for: Callable[[Person], Client]) -> None:
    """Of two who choose at once the second hears of the first, and what is chosen after that counts."""
    author = factories.person("Ada Author")
    team = database.session.get_one(Team, author.team_id)
    lesson = actions.start_lesson(kind="how-to", title="A draft of mine", topics=[factories.topic()], by=author)
    database.session.commit()
    browser, place = client_for(author), f"/write/{lesson.id}/audience"
    old = browser.get(place).fields(place)
    closed = {"classification": "confidential", "teams": team.slug}
    browser.post(place, old | closed, to=f"/write/{lesson.id}")
    page = browser.post(place, old | {"classification": "open", "teams": ""}, status=422)
    assert "Somebody changed who it is for" in page.text
    database.session.expire_all()
    draft = queries.open_revision(lesson.id)
    assert draft is not None
    assert fileformat.parse(draft.source).front.classification == "confidential"
    browser.post(place, page.fields(place) | {"classification": "open"}, to=f"/write/{lesson.id}")
    database.session.expire_all()
    draft = queries.open_revision(lesson.id)
    assert draft is not None
    assert fileformat.parse(draft.source).front.classification == "open"


def test_a_new_lesson_that_comes_in_is_classified_at_once(db: Any) -> None:
    author = factories.person()
    slug = database.session.get_one(Team, author.team_id).slug
    front = f"classification: confidential\naudience: [{slug}]\n"
    lesson, _review = factories.reviewed_lesson(author, factories.topic(), front=front)
    assert database.session.get_one(Lesson, lesson.id).classification == "confidential"
    revision = queries.newest_revision(lesson.id)
    assert isinstance(revision, Revision)
    assert revision.extras["classification"] == "confidential"


def test_the_few_that_are_not_for_all_are_found_by_an_index_of_their_own(person: Person) -> None:
    """However many lessons there are, only those that are kept from somebody are looked at."""
    session = database.session
    dialect = database.engine.dialect
    made = visibility.not_listed_for(person.id).compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    if dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))  # it would read the whole of so small a table
        plan = session.connection().exec_driver_sql(f"EXPLAIN {made}", made.params)
    else:
        values = tuple(made.params[name] for name in made.positiontup or ())
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {made}", values)
    assert "ix_lessons_for_some" in " ".join(str(row) for row in plan)
