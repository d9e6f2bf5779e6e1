"""What stands around a lesson on its page: what to learn first, what to go on with, and its translations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.learn import neighbours
from peerlearn.lessons import fileformat, reach
from peerlearn.lessons.actions import NotReady
from peerlearn.lessons.frontmatter import Front
from peerlearn.lessons.inspection import Reach
from peerlearn.lessons.models import Lesson, Revision, Topic
from tests import factories
from tests.conftest import Statements
from tests.page import Client, text_of

Browser = Callable[[Person], Client]


@pytest.fixture
def topic(db: Any) -> Topic:
    return factories.topic()


def named(topic: Topic, title: str, front: str = "", owner: Person | None = None) -> Lesson:
    found = factories.published_lesson(owner, topic, title=title, front=front)
    db.session.commit()
    return found


def page(browser: Client, lesson: Lesson) -> str:
    return text_of(browser.get(f"/lessons/{lesson.slug}").all("main")[0])


def test_a_page_leads_to_what_comes_before_and_after(topic: Topic, client_for: Browser) -> None:
    first, after = named(topic, "How to begin with it"), named(topic, "How to go on with it")
    lesson = named(topic, "How to do it well", f"prerequisites: [{first.uid}]\nrelated: [{after.uid}]\n")
    reader = factories.person()
    told = page(client_for(reader), lesson)
    assert "Learn first: How to begin with it" in told
    assert "Related lessons How to go on with it" in told.replace("lessonsHow", "lessons How")
    walk = factories.Walk(factories.reloaded(reader), first.slug)
    walk.read()
    walk.quiz(True, True, True)
    db.session.commit()
    told = page(client_for(reader), lesson)
    assert "Learn first" not in told
    assert "How to go on with it" in told


def test_translations_lead_to_one_another(topic: Topic, client_for: Browser) -> None:
    english = named(topic, "How to say it in English")
    german = named(topic, "Wie man es sagt", f"language: de\ntranslation_of: {english.uid}\n")
    french = named(topic, "Comment le dire", f"language: fr\ntranslation_of: {english.uid}\n")
    browser = client_for(factories.person())
    assert "Also in Deutsch, français" in page(browser, english)
    assert "Also in English, français" in page(browser, german)
    assert "Also in Deutsch, English" in page(browser, french)
    line = f"translation_of: {english.uid}\n"
    factories.republish(factories.reloaded_lesson(german.id), lambda text: text.replace(line, ""))
    db.session.commit()
    assert "Also in" not in page(browser, factories.reloaded_lesson(german.id))
    assert "Also in français" in page(browser, english)


def test_nobody_learns_of_a_lesson_that_they_may_not_see(topic: Topic, client_for: Browser) -> None:
    team = factories.team()
    owner, mate, outsider = factories.person(team=team), factories.person(team=team), factories.person()
    closed = named(topic, "How to keep it among us", f"classification: restricted\naudience: [{team.slug}]\n", owner)
    secret = named(
        topic, "How to tell nobody at all", f"classification: confidential\naudience: [{team.slug}]\n", owner
    )
    front = f"related: [{closed.uid}, {secret.uid}]\nprerequisites: [{closed.uid}]\n"
    lesson = named(topic, "How to tell everybody", front, owner)
    for person, is_told in ((mate, True), (owner, True), (outsider, False)):
        told = page(client_for(factories.reloaded(person)), lesson)
        assert ("among us" in told) is is_told
        assert ("Related lessons" in told) is is_told
        assert ("Learn first" in told) is is_told
        assert "nobody at all" not in told, "what is confidential stands in no list"


def test_a_translation_goes_no_further_than_its_source(topic: Topic) -> None:
    team = factories.team()
    owner = factories.person(team=team)
    closed = named(topic, "How to keep it among us", f"classification: restricted\naudience: [{team.slug}]\n", owner)
    german = f"language: de\ntranslation_of: {closed.uid}\n"
    with pytest.raises(NotReady) as refused:
        named(topic, "Wie man es für sich behält", german, owner)
    assert [one.code for one in refused.value.problems if one.level == "error"] == ["further-than-origin"]
    db.session.rollback()
    inside = f"{german}classification: restricted\naudience: [{team.slug}]\n"
    assert named(topic, "Wie man es für sich behält", inside, factories.reloaded(owner)).translation_of == closed.uid


def test_what_is_out_already_stays_though_its_source_is_closed(topic: Topic) -> None:
    source, translation = named(topic, "How to say it"), named(topic, "Wie man es sagt")
    source.classification = "restricted"
    db.session.commit()
    said = {translation.uid: source.uid, "new": source.uid, "lost": "nowhere", "none": ""}
    bounds = reach.of_translations(Front(id=uid, translation_of=other) for uid, other in said.items())
    closed = Reach("restricted")
    assert bounds == {translation.uid: (closed, Reach("internal")), "new": (closed,)}


def test_the_text_of_somebody_names_only_what_they_may_see(topic: Topic) -> None:
    team = factories.team()
    closed = named(
        topic,
        "How to keep it among us",
        f"classification: restricted\naudience: [{team.slug}]\n",
        factories.person(team=team),
    )
    for field, code in (("related", "unknown-related"), ("translation_of", "unknown-translation")):
        with pytest.raises(NotReady) as refused:
            named(topic, "How to ask about it", f"{field}: {closed.uid}\n")
        problems = {one.code: one.said.what for one in refused.value.problems if one.level == "error"}
        with pytest.raises(NotReady) as unknown:
            named(topic, "How to ask about it", f"{field}: nowhere\n")
        assert list(problems) == [code]
        assert problems == {one.code: one.said.what for one in unknown.value.problems if one.level == "error"}
        db.session.rollback()


def test_what_surrounds_a_lesson_is_asked_in_one_statement(topic: Topic, statements: Statements) -> None:
    others = [named(topic, f"How to take step {number}") for number in range(4)]
    lesson = named(topic, "How to take all steps", f"related: [{', '.join(one.uid for one in others)}]\n")
    extras = db.session.get_one(Revision, lesson.published_id).extras
    reader = factories.person()
    db.session.commit()
    db.session.refresh(reader)
    db.session.refresh(lesson)
    statements.clear()
    found = neighbours.around(lesson, extras, reader)
    assert len(statements) == 1
    assert [row.uid for row in found.related] == [one.uid for one in others]
    assert (found.before, found.translations) == ((), ())


@pytest.mark.parametrize(
    ("code", "name"),
    [("de", "Deutsch"), ("fr", "français"), ("pt-BR", "português (Brasil)"), ("xx", "xx"), ("zz-!", "zz-!")],
)
def test_languages_are_called_as_they_call_themselves(code: str, name: str) -> None:
    assert neighbours.own_name(code) == name


def test_names_of_others_are_printed_in_one_way() -> None:
    head = "---\ntitle: A title that fits\nsummary: A summary that fits here.\nkind: how-to\ntopics: a\n"
    front = fileformat.parse(f"{head}related: x-y\ntranslation_of: a-b\nlanguage: de\n---\n").front
    assert (front.related, front.translation_of, front.named) == (("x-y",), "a-b", {"x-y", "a-b"})
    printed = fileformat.print_file(fileformat.parse(f"{head}related: x-y\ntranslation_of: a-b\nlanguage: de\n---\n"))
    assert "language: de\ntranslation_of: a-b\nrelated:\n  - x-y\n" in printed
    assert fileformat.print_file(fileformat.parse(printed)) == printed
