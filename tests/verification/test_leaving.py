"""People leave: what they were writing goes on with a co-author or waits; nothing is shown with nobody behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Grant, Person, Team
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotValid
from peerlearn.inbox.models import Notice
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import showing
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonTeam, Revision, Topic
from peerlearn.practice.models import Holding
from peerlearn.review import actions as review
from peerlearn.review import going_live
from peerlearn.review import queries as reviewing
from peerlearn.review.models import Review
from peerlearn.review.rules import Place as Line
from peerlearn.verification import heirs, leaving, tending
from tests import factories
from tests.page import Client

pytestmark = pytest.mark.usefixtures("db")
ClientFor = Callable[[Person], Client]


class House:
    """Somebody who leaves, a topic with its curator, and an administrator."""

    def __init__(self) -> None:
        self.topic: Topic = factories.topic()
        self.author = factories.person("Olga Owner")
        self.admin = factories.person("Ada Admin", roles=(("admin", 0),))
        self.curator = factories.person("Cleo Curator", roles=factories.curator_of(self.topic.id))

    def draft(self, front: str = "") -> Lesson:
        """A lesson that its owner is writing."""
        text = factories.lesson_text(self.topic, front=front)
        lesson, _ = lessons.import_file(text, owner=self.author, by=self.author)
        db.session.commit()
        return lesson

    def leaves(self, person: Person | None = None) -> None:
        accounts.deactivate(factories.reloaded(person or self.author), by=factories.reloaded(self.admin))
        db.session.commit()

    def holder(self) -> Person:
        """Somebody who holds the topic."""
        person = factories.person()
        how_much = {"is_holder": True, "coverage": 0.9, "held": 5, "proven": 1, "items": 5}
        db.session.add(Holding(topic_id=self.topic.id, person_id=person.id, day=clock.now().date(), **how_much))
        db.session.commit()
        return person

    def decides(self, waiting: Review, **how: Any) -> None:
        """The curator approves."""
        curator = factories.reloaded(self.curator)
        seen = reviewing.review_to_change(waiting.id, curator)
        assert seen is not None
        review.approve(seen.review, factories.JUDGEMENT, by=curator, **how)
        db.session.commit()


@pytest.fixture
def house() -> House:
    return House()


def owner_of(lesson: Lesson) -> int:
    return factories.reloaded_lesson(lesson.id).owner_id


def told(kind: str) -> list[int]:
    return sorted(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind)))


def waiting() -> list[int]:
    return [one.id for one in heirs.waiting().rows]


# what is still written


@pytest.mark.parametrize("is_handed_in", [False, True])
def test_what_is_still_written_goes_to_a_co_author(house: House, *, is_handed_in: bool) -> None:
    lesson, mate = house.draft(), factories.person()
    factories.write_along(lesson, mate)
    house.holder()
    text = db.session.scalars(select(Revision).where(Revision.lesson_id == lesson.id)).one()
    before = text.source
    if is_handed_in:
        lessons.submit(text, by=house.author)
        before = text.source
        db.session.commit()
    house.leaves()
    assert owner_of(lesson) == mate.id
    authors = select(LessonAuthor.person_id).where(LessonAuthor.lesson_id == lesson.id)
    assert list(db.session.scalars(authors.order_by(LessonAuthor.position))) == [mate.id, house.author.id]
    assert (told("text_handed_over"), told("lessons_left_behind"), told("lesson_handed_over")) == ([mate.id], [], [])
    assert db.session.get_one(Revision, text.id, populate_existing=True).source == before
    assert waiting() == []


def test_what_somebody_wrote_alone_waits_for_an_administrator_and_stays_private(
    house: House, client_for: ClientFor
) -> None:
    lesson, holder = house.draft(), house.holder()
    house.leaves()
    assert (owner_of(lesson), waiting()) == (house.author.id, [lesson.id])
    assert told("lessons_left_behind") == [house.admin.id]
    browser = client_for(factories.reloaded(house.admin))
    for address in ("/verification/left-behind", f"/verification/left-behind/{lesson.id}"):
        page = browser.get(address).text
        assert house.author.name in page
        assert lesson.title not in page, "the title of a draft is known to its authors alone"
        assert "Start with what the reader wants" not in page
    assert holder.email in browser.get(f"/verification/left-behind/{lesson.id}").text
    for person in (holder, house.curator, house.admin):
        client_for(factories.reloaded(person)).get(f"/write/{lesson.id}", status=404)


def test_a_draft_that_was_set_aside_is_no_task(house: House) -> None:
    lesson = house.draft()
    text = db.session.scalars(select(Revision).where(Revision.lesson_id == lesson.id)).one()
    lessons.discard(text, by=house.author)
    db.session.commit()
    house.leaves()
    assert (waiting(), told("lessons_left_behind")) == ([], [])


def test_nothing_waits_when_the_owner_is_back(house: House) -> None:
    house.draft()
    house.leaves()
    accounts.reactivate(factories.reloaded(house.author), by=factories.reloaded(house.admin))
    db.session.commit()
    assert waiting() == []


def test_what_was_given_back_to_nobody_waits_with_its_title(house: House, client_for: ClientFor) -> None:
    lesson, found = factories.reviewed_lesson(house.author, house.topic)
    house.leaves()
    assert (owner_of(lesson), waiting(), told("lessons_left_behind")) == (house.author.id, [], [])
    reason = "There is a lesson on this already, which is newer."
    curator = factories.reloaded(house.curator)
    seen = reviewing.review_to_change(found.id, curator)
    assert seen is not None
    review.reject(seen.review, "duplicate", review.Judgement({}, {}, reason), by=curator)
    db.session.commit()
    assert waiting() == [lesson.id]
    assert lesson.title in client_for(factories.reloaded(house.admin)).get("/verification/left-behind").text


@pytest.mark.parametrize("is_here", [True, False])
def test_administrators_are_told_when_changes_are_asked_of_somebody_who_left(house: House, *, is_here: bool) -> None:
    lesson, found = factories.reviewed_lesson(house.author, house.topic)
    if not is_here:
        house.leaves()
    curator = factories.reloaded(house.curator)
    seen = reviewing.review_to_change(found.id, curator)
    assert seen is not None
    words = review.Words("blocking", Line(), review.written("Say what comes first."))
    review.remark(seen.review, words, by=curator)
    review.request_changes(seen.review, review.Judgement({}, {}), by=curator)
    db.session.commit()
    assert waiting() == ([] if is_here else [lesson.id])
    assert told("lessons_left_behind") == ([] if is_here else [house.admin.id])


# naming somebody


def test_whom_an_administrator_names_goes_on_writing(house: House, client_for: ClientFor) -> None:
    lesson, heir = house.draft(), factories.person()
    house.leaves()
    browser, here = client_for(factories.reloaded(house.admin)), f"/verification/left-behind/{lesson.id}"
    browser.post(here, {"email": ""}, status=422, token_from=here)
    browser.post(here, {"email": "nobody@example.org"}, status=422, token_from=here)
    browser.post(here, {"email": heir.email}, to="/verification/left-behind", token_from=here)
    assert (owner_of(lesson), waiting(), told("text_handed_over")) == (heir.id, [], [heir.id])
    assert lesson.title in client_for(factories.reloaded(heir)).get(f"/write/{lesson.id}").text
    browser.get(here, status=404)
    with pytest.raises(Conflict):
        leaving.name_owner(lesson.id, heir.email, by=factories.reloaded(house.admin))


@pytest.mark.parametrize("classification", ["restricted", "confidential"])
def test_what_is_for_one_team_goes_to_none_but_these(house: House, classification: str) -> None:
    team: Team = factories.team()
    lesson = house.draft(front=f"classification: {classification}\naudience: [{team.slug}]\n")
    inside, outside = factories.person(team=team), factories.person()
    house.leaves()
    admin = factories.reloaded(house.admin)
    with pytest.raises(NotValid):
        leaving.name_owner(lesson.id, outside.email, by=admin)
    leaving.name_owner(lesson.id, inside.email, by=admin)
    assert owner_of(lesson) == inside.id


# what is shown


def test_what_is_published_after_its_owner_left_has_an_owner(house: House) -> None:
    lesson, found = factories.reviewed_lesson(house.author, house.topic)
    house.leaves()
    holder = house.holder()
    house.decides(found)
    assert factories.reloaded_lesson(lesson.id).state == "published"
    assert (owner_of(lesson), told("lesson_handed_over")) == (holder.id, [holder.id])


def test_what_is_archived_finds_an_owner_when_it_is_shown_again(house: House) -> None:
    lesson = factories.published_lesson(house.author, house.topic)
    showing.archive(lesson, by=house.author)
    db.session.commit()
    house.leaves()
    assert (owner_of(lesson), waiting()) == (house.author.id, [])
    holder = house.holder()
    showing.show_again(factories.reloaded_lesson(lesson.id), by=factories.reloaded(house.curator))
    db.session.commit()
    assert owner_of(lesson) == holder.id


def test_what_waits_for_its_day_finds_an_owner_at_once(house: House) -> None:
    lesson, found = factories.reviewed_lesson(house.author, house.topic)
    house.decides(found, goes_live_at=clock.now() + timedelta(days=2))
    holder = house.holder()
    house.leaves()
    assert owner_of(lesson) == holder.id


def closed_to(team: Team, house: House, **how: Any) -> Lesson:
    """A lesson for one team whose owner left, when nobody else who may see it was here; it is approved."""
    front = f"classification: restricted\naudience: [{team.slug}]\n"
    lesson, found = factories.reviewed_lesson(house.author, house.topic, front=front)
    found.first_approved_by_id = factories.person(roles=factories.curator_of(house.topic.id), team=team).id
    db.session.commit()
    house.decides(found, **how)
    for person in db.session.scalars(select(Person).join(Grant).where(Grant.role == "curator")):
        person.is_active = False
    db.session.commit()
    house.leaves()
    return lesson


def test_what_nobody_may_see_does_not_go_live_until_somebody_is_there(house: House) -> None:
    team, now = factories.team(), clock.now()
    lesson = closed_to(team, house, goes_live_at=now + timedelta(days=1))
    with clock.at(now + timedelta(days=2)):
        going_live.go_live_due()
        tending.find_owners()
        assert (owner_of(lesson), factories.reloaded_lesson(lesson.id).state) == (house.author.id, "unpublished")
        assert waiting() == [lesson.id]
        mate = factories.person(team=team)
        tending.find_owners()
        db.session.commit()
        going_live.go_live_due()
        assert (owner_of(lesson), factories.reloaded_lesson(lesson.id).state) == (mate.id, "published")


def test_what_nobody_could_look_after_is_not_shown_again(house: House) -> None:
    team = factories.team()
    lesson = closed_to(team, house)
    lesson = factories.reloaded_lesson(lesson.id)
    lesson.state = "archived"
    db.session.commit()
    somebody = factories.person(team=team)
    db.session.query(LessonTeam).filter_by(lesson_id=lesson.id).delete()
    db.session.commit()
    with pytest.raises(Conflict):
        showing.show_again(lesson, by=somebody)


def test_lessons_left_without_an_owner_find_one_by_themselves_once(house: House) -> None:
    lesson = factories.published_lesson(house.author, house.topic)
    house.author.is_active = False
    db.session.commit()
    tending.find_owners()
    db.session.commit()
    new, version = owner_of(lesson), factories.reloaded_lesson(lesson.id).version
    assert new != house.author.id
    tending.find_owners()
    db.session.commit()
    assert (owner_of(lesson), factories.reloaded_lesson(lesson.id).version) == (new, version)


def test_leaving_asks_as_much_for_many_lessons_as_for_few(house: House, statements: list[str]) -> None:
    def asked(pairs: int) -> int:
        house.author = factories.person()
        for _number in range(pairs):
            house.draft()
            factories.published_lesson(house.author, house.topic)
        statements.clear()
        house.leaves()
        return len(statements)

    assert asked(1) == asked(4)
