"""A lesson that is made from one that is not for everybody: it stays with those the other one is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person, Team
from peerlearn.core import files
from peerlearn.core.db import db
from peerlearn.core.errors import NotFound
from peerlearn.lessons import (
    access,
    actions,
    contributing,
    fileformat,
    folders,
    importing,
    queries,
    starting,
    visibility,
)
from peerlearn.lessons.actions import NotReady
from peerlearn.lessons.classifying import classified
from peerlearn.lessons.inspection import Reach
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.review import actions as review
from peerlearn.review import queries as reviewing
from peerlearn.review.models import Review
from tests import factories
from tests.page import Client

ClientFor = Callable[[Person], Client]
DIGEST = "0b" * 32
TITLE = "How to do the secret thing my own way"


@pytest.mark.parametrize(
    ("reach", "front", "is_within"),
    [
        (Reach("internal"), "", True),
        (Reach("open"), "classification: open\n", True),
        (Reach("restricted", frozenset({"a", "b"})), "", False),
        (Reach("restricted", frozenset({"a", "b"})), "classification: open\n", False),
        (Reach("restricted", frozenset({"a", "b"})), "classification: restricted\naudience: [a]\n", True),
        (Reach("restricted", frozenset({"a", "b"})), "classification: restricted\naudience: [a, c]\n", False),
        (Reach("restricted", frozenset({"a", "b"})), "classification: confidential\naudience: [b]\n", True),
        (Reach("confidential", frozenset({"a"})), "classification: restricted\naudience: [a]\n", False),
        (Reach("confidential", frozenset({"a"})), "classification: confidential\naudience: [a]\n", True),
    ],
)
def test_what_goes_no_further(reach: Reach, front: str, is_within: bool) -> None:
    file = fileformat.parse(f"---\ntitle: A title that fits\nkind: how-to\ntopics: [a]\n{front}---\n\n## Card\n")
    assert reach.covers(file.front) is is_within


class Closed:
    """A restricted lesson with a picture, somebody of its team, and what they made from it."""

    def __init__(self) -> None:
        self.topic: Topic = factories.topic()
        self.team: Team = factories.team()
        self.owner, self.mate = (factories.person(team=self.team) for _ in range(2))
        self.outsider = factories.person()
        front = f"classification: restricted\naudience: [{self.team.slug}]\n"
        self.lesson = factories.published_lesson(self.owner, self.topic, front=front, title="How to keep it secret")
        contributing.add_picture(self.lesson, files.Picture(DIGEST, b"p", 64, 48), by=self.owner)
        db.session.commit()
        factories.republish(
            factories.reloaded_lesson(self.lesson.id),
            lambda text: text.replace("## Take care", f"![A plan](/media/{DIGEST})\n\n## Take care"),
        )
        self.fork, self.draft = self.made_from(self.lesson, self.topic)

    def made_from(self, lesson: Lesson, topic: Topic, title: str = TITLE) -> tuple[Lesson, Revision]:
        mate = factories.reloaded(self.mate)
        origin, source, with_questions = access.lesson_to_build_on(lesson.slug, by=mate)
        new = starting.from_lesson(
            origin, source, kind="how-to", title=title, topics=[topic], with_questions=with_questions, by=mate
        )
        draft = db.session.scalars(select(Revision).where(Revision.lesson_id == new.id)).one()
        quiz = factories.lesson_text(topic).partition("# Quiz")
        self.write(draft, draft.source.partition("# Quiz")[0] + quiz[1] + quiz[2])
        return new, draft

    def write(self, draft: Revision, text: str) -> None:
        actions.save_draft(draft, text, base_version=draft.version, by=factories.reloaded(self.mate))
        db.session.commit()

    def submit(self, draft: Revision | None = None) -> Review:
        draft = draft or self.draft
        actions.submit(draft, by=factories.reloaded(self.mate))
        db.session.commit()
        return db.session.scalars(select(Review).where(Review.revision_id == draft.id)).one()

    def for_whom(self, classification: str, *teams: str) -> None:
        self.write(self.draft, classified(self.draft.source, classification, teams))


@pytest.fixture
def closed(db: Any) -> Closed:
    return Closed()


def codes(problem: NotReady) -> set[str]:
    return {one.code for one in problem.problems if one.level == "error"}


def test_it_is_for_the_same_teams_and_takes_two_curators_one_of_the_owners_team(closed: Closed) -> None:
    front = fileformat.parse(closed.draft.source).front
    assert (front.classification, front.audience) == ("restricted", (closed.team.slug,))
    waiting = closed.submit()
    stranger = factories.person(roles=factories.curator_of(closed.topic.id))
    seen = reviewing.review_to_change(waiting.id, stranger)
    assert seen is not None
    review.approve(seen.review, factories.JUDGEMENT, by=stranger)
    db.session.commit()
    assert factories.reloaded_lesson(closed.fork.id).published_id is None, "one is not enough"
    factories.approve(waiting, factories.person(roles=factories.curator_of(closed.topic.id), team_id=closed.team.id))
    fork = factories.reloaded_lesson(closed.fork.id)
    assert (fork.state, fork.classification) == ("published", "restricted")
    assert visibility.is_open_to(fork, closed.mate)
    assert not visibility.is_open_to(fork, closed.outsider)
    assert access.picture_to_see(DIGEST, by=closed.mate)
    with pytest.raises(NotFound):
        access.picture_to_see(DIGEST, by=closed.outsider)


def test_what_is_for_all_begins_as_what_is_for_all(closed: Closed) -> None:
    front = "classification: open\n"
    lesson = factories.published_lesson(topic_=closed.topic, front=front, title="How to do it openly")
    _new, draft = closed.made_from(lesson, closed.topic, "How to do it openly my own way")
    assert fileformat.parse(draft.source).front.classification == "internal"


@pytest.mark.parametrize("classification", ["internal", "open"])
def test_it_is_not_handed_in_for_everybody(closed: Closed, classification: str, client_for: ClientFor) -> None:
    closed.for_whom(classification)
    with pytest.raises(NotReady) as refused:
        closed.submit()
    assert codes(refused.value) == {"further-than-origin"}
    typed = {"source": closed.draft.source}
    page = client_for(closed.mate).post(f"/write/{closed.fork.id}/preview", typed, status=200).text
    assert "made from a lesson that is not for everybody" in page


def test_it_is_not_handed_in_for_another_team_but_for_fewer_and_more_closed(closed: Closed) -> None:
    other = factories.team()
    closed.for_whom("restricted", closed.team.slug, other.slug)
    with pytest.raises(NotReady) as refused:
        closed.submit()
    assert codes(refused.value) == {"further-than-origin"}
    closed.for_whom("confidential", closed.team.slug)
    assert closed.submit().state == "open"


def test_once_the_other_lesson_is_open_it_may_be_open_too(closed: Closed) -> None:
    factories.republish(factories.reloaded_lesson(closed.lesson.id), lambda text: classified(text, "internal", []))
    closed.for_whom("internal")
    assert closed.submit().state == "open"


def test_what_is_for_all_already_goes_on_when_the_other_lesson_is_closed(closed: Closed) -> None:
    lesson = factories.published_lesson(closed.owner, closed.topic, title="How to do it for a while")
    fork, draft = closed.made_from(lesson, closed.topic, "How to do it for a while my own way")
    factories.approve(closed.submit(draft), factories.person(roles=factories.curator_of(closed.topic.id)))
    team = closed.team.slug
    factories.republish(factories.reloaded_lesson(lesson.id), lambda text: classified(text, "confidential", [team]))
    again = actions.revise(factories.reloaded_lesson(fork.id), by=factories.reloaded(closed.mate))
    closed.write(again, again.source.replace("Then show", "Next show"))
    assert closed.submit(again).state == "open"


def test_a_file_takes_it_no_further_either(closed: Closed, tmp_path: Path) -> None:
    (tmp_path / "fork.md").write_text(classified(closed.draft.source, "internal", []), "utf-8")
    found = [folders.read(path, tmp_path) for path in folders.lesson_paths(tmp_path)]
    [planned] = importing.plan(found, owner=factories.reloaded(closed.mate), hand_in=True).files
    assert planned.fate is importing.Fate.REFUSED
    assert [one.code for one in planned.problems if one.level == "error"] == ["further-than-origin"]


def test_its_picture_goes_into_no_other_lesson(closed: Closed) -> None:
    lesson = actions.start_lesson(kind="how-to", title="How to do one more", topics=[closed.topic], by=closed.mate)
    assert queries.pictures_usable(lesson.id, {DIGEST}) == frozenset()
    assert queries.pictures_usable(closed.fork.id, {DIGEST}) == {DIGEST}
    everybodys = factories.published_lesson(closed.owner, closed.topic, title="How to do it with a plan")
    contributing.add_picture(everybodys, files.Picture(DIGEST, b"p", 64, 48), by=closed.owner)
    db.session.commit()
    assert queries.pictures_usable(lesson.id, {DIGEST}) == {DIGEST}


def test_the_page_of_the_decision_names_it_to_those_who_may_see_it(closed: Closed, client_for: ClientFor) -> None:
    elsewhere = factories.topic()
    _new, draft = closed.made_from(closed.lesson, elsewhere, "How to do it in another topic")
    here, there = closed.submit(), closed.submit(draft)
    curator = factories.person(roles=factories.curator_of(closed.topic.id))
    page = client_for(curator).get(f"/review/{here.id}/decision").text
    assert "It was made from another lesson" in page
    assert closed.lesson.title in page
    assert "(Restricted)" in page
    share = re.search(r"shares (\d+) % of its words", page)
    assert share
    assert int(share[1]) > 60
    stranger = client_for(factories.person(roles=factories.curator_of(elsewhere.id)))
    for url in ("/review", f"/review/{there.id}", f"/review/{there.id}/background", f"/review/{there.id}/decision"):
        page = stranger.get(url).text
        assert closed.lesson.title not in page
        assert "It was made from another lesson" not in page
