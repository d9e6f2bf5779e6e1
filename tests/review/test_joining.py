"""Two lessons become one: credit stays, addresses lead on, questions leave practice, and it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, DomainError, NotAllowed, NotFound, NotValid
from peerlearn.inbox.models import Notice
from peerlearn.learn.models import Attempt
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import crediting, fileformat, merging
from peerlearn.lessons import queries as lesson_queries
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonMerge, Topic
from peerlearn.points.models import LedgerEntry
from peerlearn.practice.models import Memory, SetQuestion
from peerlearn.practice.rules import GONE
from peerlearn.review import joining, standing
from peerlearn.review import queries as reviewing
from peerlearn.review.models import ReviewAct, StandingAct
from tests import factories
from tests.factories import Walk
from tests.page import Client

ClientFor = Callable[..., Client]
REASON = "Both teach the same thing, and this one is shorter."


@dataclass
class Two:
    """Two published lessons of one topic, who wrote them, who passed one of them, and a curator."""

    topic: Topic
    goes: Lesson
    stays: Lesson
    curator: Person
    learner: Person
    attempt: Attempt

    def merge(self, **given: Any) -> LessonMerge:
        by = given.pop("by", self.curator)
        kept = joining.merge(self.goes.id, self.stays.id, REASON, by=factories.reloaded(by), **given)
        db.session.commit()
        return kept

    def undo(self, by: Person | None = None) -> None:
        joining.undo(self.goes.id, by=factories.reloaded(by or self.curator))
        db.session.commit()

    def lesson(self, which: Lesson) -> Lesson:
        db.session.expire_all()
        found = lesson_queries.lesson_by_id(which.id)
        assert found is not None
        return found


@pytest.fixture
def two(app: Any) -> Two:
    topic = factories.topic()
    goes = factories.published_lesson(factories.person("Ada Goes"), topic, title="How to say goodbye well")
    stays = factories.published_lesson(factories.person("Ben Stays"), topic, title="How to part as friends")
    curator = factories.person("Cora Merges", roles=(("curator", topic.id),))
    learner = factories.person("Lee Learns")
    walk = Walk(learner, goes.slug, clock.now())
    walk.read()
    attempt = walk.quiz().attempt
    daily_set, memory = factories.practised(learner.id, attempt, topic.id)
    if db.session.get(Memory, (memory.person_id, memory.item_id)) is None:
        db.session.add(memory)
    db.session.add(daily_set)
    db.session.commit()
    return Two(topic, goes, stays, curator, learner, attempt)


def notices() -> set[tuple[int, str]]:
    return {
        (row.person_id, row.kind)
        for row in db.session.scalars(select(Notice))
        if row.kind.startswith(("merged", "split"))
    }


def entries() -> list[tuple[int, str, int]]:
    rows = db.session.execute(
        select(LedgerEntry.person_id, LedgerEntry.rule, LedgerEntry.amount).order_by(LedgerEntry.id)
    )
    return [tuple(row) for row in rows]


def test_credit_stays_with_everybody(two: Two) -> None:
    before = entries()
    assert before, "something was earned"
    two.merge()
    assert two.lesson(two.goes).state == "archived"
    assert entries() == before
    assert db.session.scalar(select(Attempt.is_passed).where(Attempt.id == two.attempt.id)) is True
    assert notices() == {
        (two.learner.id, "merged_learned"),
        (two.goes.owner_id, "merged_written"),
        (two.stays.owner_id, "merged_into"),
    }
    acts = dict(db.session.execute(select(StandingAct.lesson_id, StandingAct.act)).all())
    assert acts == {two.goes.id: "merge", two.stays.id: "merge_in"}


def test_its_questions_leave_practice_and_come_back(two: Two) -> None:
    open_questions = select(func.count()).where(SetQuestion.lesson_id == two.goes.id, SetQuestion.answered_at.is_(None))
    ranks = select(Memory.rank).where(Memory.lesson_id == two.goes.id)
    assert db.session.scalar(open_questions) == 1
    two.merge()
    assert db.session.scalar(open_questions) == 0
    assert set(db.session.scalars(ranks)) == {GONE}
    two.undo()
    assert GONE not in set(db.session.scalars(ranks))


def test_the_address_leads_on_and_thanks_stand_there(two: Two, client_for: ClientFor) -> None:
    two.merge()
    db.session.expunge_all()
    stranger = client_for(factories.person())
    page = stranger.get(f"/lessons/{two.goes.slug}", status=302)
    target = page.response.headers["Location"]
    assert target == f"/lessons/{two.stays.slug}?merged={two.goes.slug}"
    shown = stranger.get(target)
    assert "is part of this lesson now" in shown.text
    assert "You passed it" not in shown.text
    assert "Ada Goes" in shown.text
    stranger.get(f"/lessons/{two.goes.slug}?learned=1", status=404)
    learner = client_for(two.learner)
    shown = learner.get(target)
    assert "You passed it. That stays" in shown.text
    assert "How to say goodbye well" in learner.get(f"/lessons/{two.goes.slug}?learned=1").text
    assert "is part of this lesson now" not in learner.get(f"/lessons/{two.stays.slug}?merged=something-else").text


def test_thanks_go_along_when_the_other_lesson_goes_too(two: Two) -> None:
    third = factories.published_lesson(factories.person("Cid Third"), two.topic)
    two.merge()
    joining.merge(two.stays.id, third.id, REASON, by=factories.reloaded(two.curator))
    db.session.add(LessonAuthor(lesson_id=two.goes.id, person_id=third.owner_id, position=1, share=0.0))
    db.session.commit()
    text = db.session.scalar(select(crediting.told()).select_from(Lesson).where(Lesson.id == third.id))
    assert [name for _id, name in crediting.read(text, [third.owner_id]).named] == ["Ada Goes", "Ben Stays"]
    with pytest.raises(Conflict):
        two.undo()


def test_it_can_be_taken_back_while_nothing_changed(two: Two, client_for: ClientFor) -> None:
    two.merge()
    two.undo()
    assert two.lesson(two.goes).state == "published"
    assert merging.leads_to(two.goes.id) is None
    assert (two.learner.id, "split_again") in notices()
    with pytest.raises(NotFound):
        two.undo()
    address = f"/lessons/{two.stays.slug}"
    db.session.expunge_all()
    assert "Ada Goes" not in client_for(factories.person()).get(address).text


def test_what_was_taken_back_can_be_merged_again(two: Two) -> None:
    two.merge()
    two.undo()
    two.merge()
    assert two.lesson(two.goes).state == "archived"
    holds = [merge.ended_at is None for merge in db.session.scalars(select(LessonMerge).order_by(LessonMerge.id))]
    assert holds == [False, True]


def change_the_other(two: Two) -> None:
    factories.republish(two.lesson(two.stays), lambda text: text.replace("Then show each step.", "Show all steps."))


def change_this(two: Two) -> None:
    lesson = two.lesson(two.goes)
    lesson.kind = "demo"
    db.session.commit()


def hide_the_other(two: Two) -> None:
    lessons.archive(two.lesson(two.stays), by=two.curator)
    db.session.commit()


@pytest.mark.parametrize("change", [change_the_other, change_this, hide_the_other])
def test_what_changed_is_not_taken_back(two: Two, change: Callable[[Two], None]) -> None:
    two.merge()
    change(two)
    with pytest.raises(Conflict):
        two.undo()
    assert joining.undoable(two.goes.id) is None


def test_bringing_it_back_or_a_new_version_ends_the_merge(two: Two) -> None:
    two.merge()
    lesson = two.lesson(two.goes)
    standing.decide(lesson, "bring_back", REASON, by=factories.reloaded(two.curator), zone_name="UTC")
    db.session.commit()
    assert merging.leads_to(two.goes.id) is None
    two.merge()
    factories.republish(two.lesson(two.goes), lambda text: text.replace("Then show each step.", "Show all steps."))
    assert two.lesson(two.goes).state == "published"
    assert merging.leads_to(two.goes.id) is None


def is_author(two: Two) -> Person:
    person = factories.person(roles=(("curator", two.topic.id),))
    db.session.add(LessonAuthor(lesson_id=two.stays.id, person_id=person.id, position=1, share=0.0))
    db.session.commit()
    return person


def leads_the_team(two: Two) -> Person:
    owner = factories.reloaded(two.goes.owner_id)
    return factories.person(roles=(("curator", two.topic.id), ("lead", owner.team_id or 0)))


def said_so(two: Two) -> Person:
    person = factories.person(roles=(("curator", two.topic.id),))
    review = db.session.scalar(select(reviewing.Review).where(reviewing.Review.lesson_id == two.stays.id))
    assert review is not None
    where = {"review_id": review.id, "lesson_id": two.stays.id, "actor_id": person.id}
    db.session.add(ReviewAct(**where, act="declined", note="conflict", at=clock.now()))
    db.session.commit()
    return person


def of_another_topic(two: Two) -> Person:
    return factories.person(roles=(("curator", factories.topic().id),))


def without_a_role(two: Two) -> Person:
    return factories.person()


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (is_author, NotAllowed),
        (leads_the_team, NotAllowed),
        (said_so, NotAllowed),
        (of_another_topic, NotFound),
        (without_a_role, NotFound),
    ],
)
def test_whoever_is_too_close_does_not_decide(
    two: Two, who: Callable[[Two], Person], refusal: type[DomainError]
) -> None:
    person = who(two)
    with pytest.raises(refusal):
        two.merge(by=person)
    db.session.rollback()
    assert two.lesson(two.goes).state == "published"
    two.merge()
    with pytest.raises(refusal):
        two.undo(person)


def test_a_lesson_of_other_curators_stays_theirs(two: Two) -> None:
    other = factories.published_lesson()
    with pytest.raises(NotAllowed):
        joining.merge(two.goes.id, other.id, REASON, by=factories.reloaded(two.curator))


def test_what_cannot_be_merged(two: Two) -> None:
    by = factories.reloaded(two.curator)
    for into in (two.goes.id, "no-such-lesson", "", 999_999):
        with pytest.raises(NotValid):
            joining.merge(two.goes.id, into, REASON, by=by)
    with pytest.raises(NotValid):
        joining.merge(two.goes.id, two.stays.id, "Short.", by=by)
    with pytest.raises(Conflict):
        joining.merge(two.goes.id, two.stays.id, REASON, by=by, version=two.goes.version + 5)
    draft = lessons.revise(two.goes, by=factories.reloaded(two.goes.owner_id))
    text = draft.source.replace("Then show each step.", "Then show all of it, step by step and slowly.")
    lessons.save_draft(draft, text, base_version=draft.version, by=factories.reloaded(two.goes.owner_id))
    lessons.submit(draft, by=factories.reloaded(two.goes.owner_id))
    db.session.commit()
    with pytest.raises(Conflict):
        joining.merge(two.goes.id, two.stays.id, REASON, by=by)
    lessons.withdraw(draft, by=factories.reloaded(two.goes.owner_id))
    lessons.archive(two.stays, by=by)
    db.session.commit()
    with pytest.raises(Conflict):
        joining.merge(two.goes.id, two.stays.id, REASON, by=by)


@pytest.mark.parametrize(
    "address",
    ["{slug}", "http://localhost/lessons/{slug}", "https://learn.example/lessons/{slug}/?a=1#b", " /lessons/{slug} "],
)
def test_an_address_is_read_as_people_paste_it(address: str) -> None:
    assert joining.slug_in(address.format(slug="how-to-part")) == "how-to-part"


def test_a_curator_merges_on_a_page_and_takes_it_back(two: Two, client_for: ClientFor, statements: list[str]) -> None:
    source = lesson_queries.sources_of([two.stays.published_id or 0])[two.stays.published_id or 0]
    cards = fileformat.parse(source).cards
    twin = factories.published_lesson(None, two.topic, title="How to say goodbye and part well")
    factories.republish(twin, lambda text: text.replace(fileformat.parse(text).cards[0].body, cards[0].body, 1))
    browser = client_for(two.curator)
    url = f"/review/lessons/{two.stays.id}"
    assert f"{url}/merge" in browser.get(url).text
    statements.clear()
    page = browser.get(f"{url}/merge")
    assert len(statements) <= 5, statements
    assert "How to say goodbye and part well" in page.text
    form = page.fields(f"{url}/merge")
    assert (
        "Say in a sentence or two why" in browser.post(f"{url}/merge", form | {"into": str(twin.id)}, status=422).text
    )
    wrong = browser.post(f"{url}/merge", form | {"address": "nowhere", "reason": REASON}, status=422)
    assert "There is no lesson at this address" in wrong.text
    statements.clear()
    browser.post(f"{url}/merge", form | {"into": str(twin.id), "reason": REASON}, to=url)
    page = browser.get(url)
    assert "It went into “How to say goodbye and part well”" in page.text
    assert "merged it into another lesson" in page.text
    browser.get(f"{url}/merge", status=409)
    browser.post(f"{url}/unmerge", page.fields(f"{url}/unmerge"), to=url)
    assert "took the merge back" in browser.get(url).text
    assert two.lesson(two.stays).state == "published"


def test_no_page_for_others(two: Two, client_for: ClientFor) -> None:
    url = f"/review/lessons/{two.goes.id}/merge"
    client_for(factories.person()).get(url, status=403)
    client_for(of_another_topic(two)).get(url, status=404)
    client_for(leads_the_team(two)).get(url, status=403)
    browser = client_for(two.curator)
    late = clock.now() + timedelta(days=1)
    with clock.at(late):
        browser.get("/review/lessons/999999/merge", status=404)
