"""What is not for everybody: no address tells of it to somebody outside, and none offers what is confidential.

The person outside knew the lesson while it was for all: they read it, took its quiz, practise it, reported, suggested,
asked for it and built on it. Then it is classified, under a title of its own. Every address is looked at, from the URL
map, for that person and for others whose work shows what others did: administrators, auditors, leads, other curators.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.accounts.models import Person, Team
from peerlearn.analysis.models import ItemFlag
from peerlearn.core import clock, files, fulltext
from peerlearn.core.db import db as database
from peerlearn.core.errors import NotAllowed, NotFound
from peerlearn.learn import access as learn
from peerlearn.learn import queries as learning
from peerlearn.learn.models import Attempt
from peerlearn.lessons import access as lesson_access
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import alike, citing, contributing, exporting, fileformat, linking, surroundings, visibility
from peerlearn.lessons import queries as lesson_queries
from peerlearn.lessons.chronicle import chapter_of
from peerlearn.lessons.models import Lesson, LessonTeam, Origin, Topic
from peerlearn.lessons.rules import State
from peerlearn.practice import mailing, recommending
from peerlearn.practice import queries as practice
from peerlearn.practice.models import DailySet, PracticeChoice, SetQuestion
from peerlearn.requests import actions as requests
from peerlearn.review import actions as review
from peerlearn.review import queries as reviewing
from peerlearn.review import reporting, second
from peerlearn.review.models import Report, Review
from peerlearn.verification import actions as checks
from peerlearn.verification import tending
from tests import factories
from tests.factories import JUDGEMENT, Walk
from tests.page import Client, said
from tests.security.test_canaries import FILES

pytestmark = pytest.mark.security

ClientFor = Callable[[Person], Client]
CLASSES = ("restricted", "confidential")
TITLE = "Qzvolcano plans of the year"
CANARY = re.compile("qzvolcano|qzpebble|qzlantern", re.IGNORECASE)
SOURCE = "https://docs.example.org/qzpebble"
LATER = timedelta(days=3)


@dataclass
class World:
    """A lesson that was for all and is not any more, with those inside and outside."""

    lesson: Lesson
    topic: Topic
    author: Person
    curator: Person
    inside: Person
    outside: Person
    ids: dict[str, Any]
    now: Any


def tightened(text: str, classification: str, team: str) -> str:
    """The text as it is once it is classified: canaries in its title, its summary, a card and a question."""
    text = re.sub(r"(?m)^title: .*$", f"title: {TITLE}", text)
    text = re.sub(r"(?m)^summary: .*$", "summary: Where the qzvolcano will be built, and what it costs.", text)
    text = text.replace("## Go on", "## Go on to the qzpebble").replace("What comes first?", "Is it the qzlantern?")
    front = f"classification: {classification}\naudience: [{team}]\n{factories.cites(SOURCE)}"
    return re.sub(r"(?m)^kind: ", f"{front}kind: ", text, count=1)


def make(classification: str) -> World:
    """Some of everything around a lesson that everybody knew."""
    topic, now = factories.topic(), clock.now()
    author, outside = factories.person("Ash Author"), factories.person("Oak Outside")
    inside = factories.person("Ina Inside")
    curator = factories.person("Cedar Curator", roles=(("curator", topic.id),))
    factories.person("Second Sorrel", roles=(("curator", topic.id),))
    lesson = factories.published_lesson(author, topic)
    walk = Walk(outside, lesson.slug, now - timedelta(hours=1))
    walk.read()
    attempt = walk.quiz().attempt
    daily_set, memory = factories.practised(outside.id, attempt, topic.id)
    memory.due_on = memory.answered_on = now.date() - timedelta(days=9)
    daily_set.questions.append(_answered(attempt))
    database.session.add_all([daily_set, PracticeChoice(person_id=outside.id, size=5, by_mail=True)])
    database.session.merge(memory)
    database.session.commit()
    set_id, item_id = daily_set.id, memory.item_id
    whole = learning.lesson_by_slug(lesson.slug, outside)
    assert whole is not None
    reporting.report(whole, reporting.Problem("wrong", card=1), by=outside)
    made = factories.suggested(lesson, outside, "A worked example", "One example", why="It is one.")
    wish, _ = requests.ask(title="Where we build", why="", topic=topic, by=outside)
    requests.end_with(wish, lesson, by=author)
    fork = lessons.start_lesson(kind="how-to", title="Another lesson of mine", topics=[topic], by=outside)
    database.session.add(Origin(lesson_id=fork.id, origin_id=lesson.id))
    database.session.commit()
    slug = _team_slug(inside)
    factories.republish(lesson, lambda text: tightened(text, classification, slug))
    database.session.expire_all()
    ids = {
        "attempt_id": attempt.id,
        "set_id": set_id,
        "report_id": database.session.scalar(select(Report.id)),
        "suggestion_id": made.id,
        "request_id": wish.id,
        "person_id": author.id,
        "item_id": item_id,
        "flag_id": database.session.scalar(select(func.max(ItemFlag.id))) or 1,
        "review_id": database.session.scalar(select(func.max(Review.id))),
        "team_id": inside.team_id,
    }
    people = (factories.reloaded(one) for one in (author, curator, inside, outside))
    found = database.session.get_one(Lesson, lesson.id)
    return World(found, topic, *people, ids, now)


def _answered(attempt: Attempt) -> SetQuestion:
    """A question of the lesson that was answered in today's set, without a network."""
    asked = max(attempt.asked, key=lambda one: one.position)
    return SetQuestion(
        person_id=attempt.person_id,
        item_id=asked.version.item_id,
        version_id=asked.version_id,
        lesson_id=attempt.lesson_id,
        position=2,
        kind="due",
        asked_at=clock.now(),
        answered_at=clock.now(),
        synced_at=clock.now(),
        answer=asked.answer,
        mark=1.0,
        is_right=True,
    )


def _team_slug(person: Person) -> str:
    return database.session.get_one(Team, person.team_id).slug


@pytest.fixture(params=CLASSES)
def world(request: pytest.FixtureRequest, app: Flask, db: Any) -> World:
    return make(request.param)


def addresses(app: Flask, world: World) -> list[str]:
    """Every address that answers a GET, and some questions that lead to the lesson."""
    revisions = chapter_of(world.lesson.id, frozenset(State)).page.rows
    values: dict[str, list[Any]] = {
        "slug": [world.lesson.slug, world.topic.slug],
        "lesson_id": [world.lesson.id],
        "revision_id": [one.id for one in revisions],
        "topic_id": [world.topic.id],
        "place": ["card-2"],
        "tab": ["around", "my-team", "teams"],
        "key": ["x"],
        "digest": ["0a" * 32],
        "about": ["password"],
        "source_key": [citing.key_of(SOURCE)],
    } | {name: [value] for name, value in world.ids.items()}
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in FILES:
            places = sorted(rule.arguments)
            for chosen in product(*(values.get(place, [1, 2]) for place in places)):
                built = rule.build(dict(zip(places, chosen, strict=True)), append_unknown=False)
                found.append(built[1] if built else rule.rule)
    words = ("qzvolcano", "plans year", "qzpebble", "qzlantern")
    places = ("/lessons", "/write/links", "/write/new/from", "/verification/sources")
    asked = [f"{place}?q={word}" for place in places for word in words]
    return [*found, *asked, f"/lessons?topic={world.topic.slug}", "/write/links"]


def told(browser: Client, found: list[str]) -> dict[str, set[str]]:
    """The addresses whose answers hold a canary; a page that repeats what was looked for says nothing by that."""
    hits = {}
    for address in found:
        answer = browser.http.get(address)
        assert answer.status_code < 500, address
        whole = said(answer) + str(answer.headers)
        spoken = {TITLE} if TITLE in whole or "qzvolcano-plans" in whole else set()
        spoken |= {word.lower() for word in CANARY.findall(whole)} - {address.partition("?q=")[2]}
        if spoken:
            hits[address] = spoken
    return hits


def test_nobody_outside_is_told_by_any_address(app: Flask, client_for: ClientFor, world: World) -> None:
    found = addresses(app, world)
    assert len(found) > 100
    assert told(client_for(world.outside), found) == {}


@pytest.mark.parametrize("role", ["admin", "auditor", "lead", "curator"])
def test_no_role_is_a_way_in(app: Flask, client_for: ClientFor, world: World, role: str) -> None:
    scope = {"lead": world.outside.team_id or 0, "curator": factories.topic().id}.get(role, 0)
    other = factories.person("Rowan", roles=((role, scope),), team_id=world.outside.team_id)
    assert told(client_for(other), addresses(app, world)) == {}


def test_those_it_is_for_open_it_and_only_what_is_restricted_is_listed(client_for: ClientFor, world: World) -> None:
    is_listed = world.lesson.classification == "restricted"
    for person in (world.inside, world.author, world.curator):
        browser = client_for(person)
        assert TITLE in browser.get(f"/lessons/{world.lesson.slug}").text
        for address in ("/lessons", "/lessons?q=qzvolcano", "/write/links?q=qzvolcano", "/write/new/from?q=qzvolcano"):
            said = browser.http.get(address).get_data(as_text=True)
            assert (TITLE in said) is is_listed, (person.name, address)
    said = client_for(world.curator).http.get("/verification/sources").get_data(as_text=True)
    assert (SOURCE in said) is is_listed


def test_its_word_about_who_may_is_the_same_in_python_and_in_sql(world: World) -> None:
    everybody = {
        person: person is not world.outside for person in (world.inside, world.author, world.curator, world.outside)
    }
    for person, may in everybody.items():
        assert visibility.is_open_to(world.lesson, person) is may
        row = select(visibility.is_for(person.id)).select_from(Lesson).where(Lesson.id == world.lesson.id)
        assert bool(database.session.scalar(row)) is may


def test_whoever_leaves_the_team_leaves_the_lesson(client_for: ClientFor, world: World) -> None:
    browser = client_for(world.inside)
    browser.get(f"/lessons/{world.lesson.slug}")
    database.session.get_one(Person, world.inside.id).team_id = world.outside.team_id
    database.session.commit()
    browser.get(f"/lessons/{world.lesson.slug}", status=404)


def test_no_picture_of_it_is_shown_outside(app: Flask, world: World) -> None:
    picture = files.Picture("0b" * 32, b"picture", 64, 48)
    contributing.add_picture(world.lesson, picture, by=world.author)
    factories.republish(
        world.lesson, lambda text: text.replace("## Take care", f"![A plan](/media/{'0b' * 32})\n\n## Take care")
    )
    assert lesson_access.picture_to_see("0b" * 32, by=world.inside)
    with pytest.raises(NotFound):
        lesson_access.picture_to_see("0b" * 32, by=world.outside)


def test_its_questions_leave_the_sets_of_those_outside(world: World) -> None:
    left = select(SetQuestion.id).join(DailySet).where(DailySet.person_id == world.outside.id)
    left = left.where(SetQuestion.lesson_id == world.lesson.id, SetQuestion.answered_at.is_(None))
    assert database.session.scalars(left).all() == []
    today = clock.today(world.outside.timezone)
    assert practice.standing(world.outside.id, today, today).due == 0


def test_what_is_not_confidential_stays_in_the_sets_of_those_it_is_for(app: Flask, db: Any) -> None:
    for classification in CLASSES:
        world = make(classification)
        walk = Walk(world.inside, world.lesson.slug, world.now)
        walk.read()
        walk.quiz()
        later = world.now.date() + timedelta(days=30)
        due = practice.standing(world.inside.id, later, later).due
        assert (due > 0) is (classification == "restricted")


def test_no_mail_tells_of_it_outside_and_none_of_what_is_confidential(app: Flask, world: World) -> None:
    with app.test_request_context(), clock.at(world.now + timedelta(days=1)):
        for person in (world.outside, world.inside):
            mail = mailing.prepare(person.id)
            assert mail is None or not CANARY.search(mail.subject + mail.text)
    with app.test_request_context(), clock.at(world.now + timedelta(days=170)):
        checks.tell()
        database.session.commit()
        mails = [tending.write(*each) for each in tending.to_mail()]
        said = " ".join(f"{mail.subject} {mail.text}" for mail in mails if mail)
        assert said, "the owner hears that it is due"
        assert bool(CANARY.search(said)) is (world.lesson.classification == "restricted")


def test_no_folder_no_index_and_no_hint_has_it(tmp_path: Path, world: World) -> None:
    exporting.write(tmp_path)
    assert not [path for path in tmp_path.rglob("*.md") if CANARY.search(path.read_text("utf-8"))]
    hits = {hit.lesson_id for hit in fulltext.search(database.session(), "qzvolcano")}
    assert hits == ({world.lesson.id} if world.lesson.classification == "restricted" else set())
    file = fileformat.parse(factories.lesson_text(world.topic, title=TITLE))
    own_id = world.lesson.published_id or 0
    own = fileformat.parse(lesson_queries.sources_of([own_id])[own_id])
    assert alike.similar_published(own, lesson_id=0) == []
    mine = lessons.start_lesson(kind="how-to", title="One more of mine", topics=[world.topic], by=world.outside)
    known = surroundings.known_around(mine.id, file)
    assert not known.titles
    assert world.lesson.slug not in (known.slugs or ())
    assert world.lesson.uid not in (known.uids or ())
    assert [each.title for each in linking.linkable("qzvolcano", world.outside)] == []
    assert [pick for pick in recommending.recommended_lessons(world.outside) if pick.id == world.lesson.id] == []


def test_nothing_confidential_is_taken_out_or_along(client_for: ClientFor, world: World) -> None:
    author = client_for(world.author)
    is_confidential = world.lesson.classification == "confidential"
    author.get(f"/write/{world.lesson.id}/questions/export", status=403 if is_confidential else 200)
    author.get(f"/write/{world.lesson.id}/questions/file", status=403 if is_confidential else 200)
    author.get(f"/lessons/{world.lesson.slug}/whole", status=404)
    assert "data-take-along" not in author.get(f"/lessons/{world.lesson.slug}").text
    client_for(world.inside).get(f"/write/new/from/{world.lesson.slug}", status=404 if is_confidential else 200)


def test_who_opened_it_is_told_to_its_authors_and_curators(client_for: ClientFor, world: World) -> None:
    """Only of what is confidential; nobody reads its text without standing there."""
    is_confidential = world.lesson.classification == "confidential"
    reader, suggest = client_for(world.inside), f"/lessons/{world.lesson.slug}/suggest/card-1"
    history = f"/write/{world.lesson.id}/history"
    lesson = reader.get(f"/lessons/{world.lesson.slug}").text
    assert ("Its authors and curators see who opened it." in lesson) is is_confidential
    assert "Ina Inside" not in main_text(client_for(world.author), history)
    reader.get(suggest, status=403 if is_confidential else 200)
    Walk(world.inside, world.lesson.slug, world.now).read()
    reader.get(suggest, status=200)
    card = main_text(reader, f"/lessons/{world.lesson.slug}/cards/1")
    assert ("Confidential. Shown to Ina Inside." in card) is is_confidential
    for person in (world.author, world.curator):
        assert ("Ina Inside" in main_text(client_for(person), history)) is is_confidential
    client_for(world.inside).get(history, status=404)


def main_text(browser: Client, address: str) -> str:
    """What a page says in its middle, so that the name of whoever looks at it does not count."""
    return re.sub(r"(?s)^.*<main|</main>.*$", "", browser.http.get(address).get_data(as_text=True))


def test_it_takes_two_curators_and_never_the_same(world: World) -> None:
    draft = lessons.revise(world.lesson, by=world.author)
    lessons.save_draft(
        draft, draft.source.replace("qzpebble", "qzpebble now"), base_version=draft.version, by=world.author
    )
    lessons.submit(draft, by=world.author)
    database.session.commit()
    waiting = database.session.scalars(select(Review).where(Review.revision_id == draft.id)).one()
    seen = reviewing.review_to_change(waiting.id, world.curator)
    assert seen is not None
    assert second.takes_two(seen.review)
    review.approve(seen.review, JUDGEMENT, by=world.curator)
    database.session.commit()
    assert (waiting.state, draft.state) == ("open", "submitted")
    with pytest.raises(NotAllowed):
        review.approve(seen.review, JUDGEMENT, by=world.curator)
    database.session.rollback()
    within = factories.person(roles=(("curator", world.topic.id),), team_id=world.author.team_id)
    factories.approve(waiting, within)
    assert (waiting.state, draft.state) == ("approved", "published")
    acts = [act.act for act in reviewing.acts_of_review(waiting.id)]
    assert "first_approved" in acts
    assert "approved" in acts


def test_a_lesson_is_opened_to_all_by_two_curators_too(client_for: ClientFor, world: World) -> None:
    factories.republish(world.lesson, lambda text: re.sub(r"(?m)^(classification|audience):.*\n", "", text))
    database.session.expire_all()
    assert world.lesson.classification == "internal"
    assert database.session.scalars(select(LessonTeam)).all() == []
    assert TITLE in client_for(world.outside).get("/lessons?q=qzvolcano").text


def test_a_foreign_attempt_is_gone_with_the_lesson(world: World) -> None:
    attempt = database.session.get_one(Attempt, world.ids["attempt_id"])
    with pytest.raises(NotFound):
        learn.sitting_of(attempt.id, world.outside)
    with pytest.raises(NotFound):
        learn.outcome_of(attempt.id, world.outside)


@pytest.mark.parametrize("rows", [3, 30])
def test_lists_ask_as_often_as_without_it(client_for: ClientFor, statements: Any, rows: int) -> None:
    topic, author = factories.topic(), factories.person()
    me = factories.person()
    team = _team_slug(me)
    front = f"classification: restricted\naudience: [{team}]\n"
    for _ in range(rows):
        factories.published_lesson(author, topic, front=front)
    browser = client_for(me)
    browser.get("/lessons")
    for address in ("/lessons", "/"):
        browser.get(address)
        statements.clear()
        browser.get(address)
        assert len(statements) <= 5
