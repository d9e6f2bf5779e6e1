"""Preparing as a curator, on a real database and in a browser: asked, rating, compared, appointed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.lessons import actions as lessons
from peerlearn.lessons.models import Lesson, Topic
from peerlearn.review import actions as review
from peerlearn.review import calibrating, preparing
from peerlearn.review import queries as reviewing
from peerlearn.review import rules as review_rules
from peerlearn.review.models import Calibration, IdleSpell, Preparation, Review
from peerlearn.review.shadowing import Progress
from tests import factories
from tests.page import Client

ClientFor = Callable[..., Client]
FAIR = dict.fromkeys(review_rules.RUBRIC, 3.0)
SENT = dict.fromkeys(review_rules.RUBRIC, "3.0")


@dataclass
class Desk:
    """A topic, somebody who may become its curator, and who asks them."""

    topic: Topic
    nova: Person
    admin: Person


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(factories.topic("Tea"), factories.person("Nova New"), factories.person("Al", roles=(("admin", 0),)))


def me(person: Person) -> Person:
    return factories.reloaded(person)


def asked(desk: Desk, topic: Topic | None = None) -> None:
    preparing.ask_to_prepare(me(desk.nova), (topic or desk.topic).id, by=desk.admin)
    db.session.commit()


def decided(lesson: Lesson) -> Review:
    """The newest review of a lesson."""
    return db.session.scalars(select(Review).where(Review.lesson_id == lesson.id).order_by(Review.id.desc())).first()  # type: ignore[return-value]


def sent_back(topic: Topic, *, again: bool = True, outcome: str = "changes", **values: Any) -> tuple[Lesson, Review]:
    """A lesson that a curator gave back with a remark; `again`: and that was published then, with another text."""
    author, curator = factories.person("Ada Author"), factories.person("Cy", roles=factories.curator_of(topic.id))
    lesson, waiting = factories.reviewed_lesson(author, topic, **values)
    seen = reviewing.review_to_change(waiting.id, curator)
    assert seen is not None
    place = review_rules.Place(line_from=2, line_to=2)
    words = review.Words("blocking", place, review.written("Please begin with what the reader wants."))
    review.remark(seen.review, words, by=curator)
    if outcome == "changes":
        review.request_changes(seen.review, factories.JUDGEMENT, by=curator)
    else:
        review.reject(seen.review, "duplicate", review.Judgement({}, {}, comment="We have one like it."), by=curator)
    db.session.commit()
    if again:
        draft = db.session.get(type(seen.review.revision), waiting.revision_id)
        assert draft is not None
        text = draft.source.replace("Then show each step.", "Now show each step.")
        lessons.save_draft(draft, text, base_version=draft.version, by=author)
        lessons.submit(draft, by=author)
        db.session.commit()
        factories.approve(decided(lesson), curator)
    return lesson, db.session.get_one(Review, waiting.id)


def rate(desk: Desk, found: Review, advice: str) -> None:
    calibrating.rate(calibrating.known_by_id(found.id, me(desk.nova)), FAIR, advice, by=me(desk.nova))
    db.session.commit()


def offered(desk: Desk) -> list[int]:
    person = me(desk.nova)
    return [one.review.id for one in calibrating.known_to(person, calibrating.desk_of(person))]


def told(kind: str) -> list[int]:
    return list(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind)))


def test_somebody_is_asked_once_and_told(desk: Desk) -> None:
    asked(desk)
    assert not preparing.ask_to_prepare(me(desk.nova), desk.topic.id, by=desk.admin)
    db.session.commit()
    assert told("asked_to_prepare") == [desk.nova.id]
    preparing.end(desk.nova.id, desk.topic.id, by=desk.admin)
    preparing.end(desk.nova.id, desk.topic.id, by=desk.admin)
    db.session.commit()
    assert preparing.of(desk.nova.id) == []
    facts = db.session.scalars(select(Fact.type).where(Fact.type.in_(("AskedToPrepare", "PreparationEnded")))).all()
    assert facts == ["AskedToPrepare", "PreparationEnded"]
    asked(desk)
    assert len(preparing.of(desk.nova.id)) == 1
    assert told("asked_to_prepare") == [desk.nova.id] * 2


def test_nobody_is_asked_for_what_they_are_or_what_there_is_not(desk: Desk) -> None:
    curator = factories.person(roles=factories.curator_of(desk.topic.id))
    for person, topic_id in ((curator, desk.topic.id), (desk.nova, 0), (desk.nova, 999_999)):
        with pytest.raises(NotValid):
            preparing.ask_to_prepare(me(person), topic_id, by=desk.admin)


def test_agreement_is_the_share_of_recommendations_that_were_decided(desk: Desk) -> None:
    asked(desk)
    good = [decided(factories.published_lesson(topic_=desk.topic)) for _ in range(3)]
    back, refused = sent_back(desk.topic)[1], sent_back(desk.topic, outcome="reject")[1]
    for found, advice, progress in (
        (good[0], "publish", (1, 1)),
        (good[1], "revise", (2, 1)),
        (back, "revise", (3, 2)),
        (back, "publish", (3, 2)),  # the first word counts
        (refused, "reject", (4, 3)),
    ):
        rate(desk, found, advice)
        assert preparing.of(desk.nova.id)[0].progress == Progress(*progress)
    assert not preparing.is_ready(desk.nova.id, desk.topic.id)
    rate(desk, good[2], "publish")
    assert preparing.of(desk.nova.id)[0].progress == Progress(5, 4)
    assert preparing.is_ready(desk.nova.id, desk.topic.id)
    assert not preparing.is_ready(desk.nova.id, factories.topic().id)
    assert not preparing.is_ready(desk.nova.id, 0)


def test_what_is_met_is_decided_by_now_and_never_more_than_one_may_see(desk: Desk) -> None:
    asked(desk)
    fine, back = decided(factories.published_lesson(topic_=desk.topic)), sent_back(desk.topic)
    secret = f"classification: restricted\naudience: [{factories.team().slug}]\n"
    hidden = [
        decided(factories.published_lesson(me(desk.nova), desk.topic)),  # one's own
        sent_back(desk.topic, again=False)[1],  # not published yet: between its authors and curators
        sent_back(desk.topic, again=False, outcome="reject")[1],
        decided(factories.published_lesson(topic_=desk.topic, front=secret)),
        decided(factories.published_lesson(topic_=desk.topic, front=secret.replace("restricted", "confidential"))),
        factories.reviewed_lesson(factories.person(), desk.topic)[1],
    ]
    failed = factories.published_lesson(topic_=desk.topic)
    look = factories.second_look(failed)
    look.state, look.decided_by_id, look.decided_at = "failed", desk.admin.id, clock.now()
    author = factories.person()
    led = factories.published_lesson(author, desk.topic)
    db.session.add(Grant(person_id=desk.nova.id, role="lead", scope_id=author.team_id))
    db.session.commit()
    hidden += [decided(failed), decided(led)]
    for one in (fine, back[1], decided(back[0])):
        calibrating.known_by_id(one.id, me(desk.nova))
    assert len(offered(desk)) == 2  # each lesson once: two texts of one would tell which came back
    assert fine.id in offered(desk)
    for one in hidden:
        with pytest.raises(NotFound):
            calibrating.known_by_id(one.id, me(desk.nova))


def test_a_new_version_that_is_still_being_rewritten_is_nobody_elses(desk: Desk) -> None:
    """Its lesson is out in an older version; the text that went back is not."""
    asked(desk)
    lesson = factories.published_lesson(topic_=desk.topic)
    author, curator = (
        me(factories.reloaded(lesson.owner_id)),
        factories.person(roles=factories.curator_of(desk.topic.id)),
    )
    draft = lessons.revise(factories.reloaded_lesson(lesson.id), by=author)
    text = draft.source.replace("Then show each step.", "Now show each step.")
    lessons.save_draft(draft, text, base_version=draft.version, by=author)
    lessons.submit(draft, by=author)
    db.session.commit()
    waiting = decided(lesson)
    seen = reviewing.review_to_change(waiting.id, curator)
    assert seen is not None
    review.remark(seen.review, review.Words("blocking", review_rules.Place(), review.written("Why?")), by=curator)
    review.request_changes(seen.review, factories.JUDGEMENT, by=curator)
    db.session.commit()
    assert waiting.id not in offered(desk)
    with pytest.raises(NotFound):
        calibrating.known_by_id(waiting.id, me(desk.nova))


def test_a_text_is_read_as_it_was_and_looks_like_the_others(desk: Desk, client_for: ClientFor) -> None:
    asked(desk)
    _lesson, back = sent_back(desk.topic, title="How to brew tea")
    url = f"/review/calibration/{back.id}"
    nova = client_for(me(desk.nova))
    page = nova.get(url).text
    assert "Then show each step." in page
    assert "Now show each step." not in page
    assert "You want to begin. What comes first?" in page
    assert "Ada Author" not in page
    assert "Please begin with what the reader wants" not in page
    tried = nova.post(f"{url}/quiz", {"q3": "final step"}, token_from=url, status=200).text
    assert "People stop when it seems to work." in tried
    nova.post(url, SENT, status=422)
    nova.post(url, SENT | {"advice": "publish"}, to=url)
    page = nova.get(url).text
    assert "You: Publish. Decided: Change first." in page
    assert "The curator decided otherwise." in page


def test_each_text_that_came_back_is_read_as_its_own(desk: Desk) -> None:
    asked(desk)
    first, then = (sent_back(desk.topic, title=title)[1] for title in ("How to brew tea", "How to grind coffee"))
    texts = [calibrating.known_by_id(one.id, me(desk.nova)).text for one in (first, then)]
    assert ["title: How to brew tea" in (text or "") for text in texts] == [True, False]
    assert ["title: How to grind coffee" in (text or "") for text in texts] == [False, True]


def test_the_decision_cannot_be_told_from_the_list(desk: Desk, client_for: ClientFor) -> None:
    asked(desk)
    for _ in range(3):
        factories.published_lesson(topic_=desk.topic)
        sent_back(desk.topic, outcome="reject")
    page = client_for(me(desk.nova)).get("/review/calibration").text
    assert "reject" not in page.casefold()
    assert len(offered(desk)) == 5


def test_where_a_topic_has_few_lessons_others_help_out(desk: Desk, client_for: ClientFor) -> None:
    asked(desk)
    elsewhere = [decided(factories.published_lesson()) for _ in range(6)]
    own = decided(factories.published_lesson(topic_=desk.topic))
    page = client_for(me(desk.nova)).get("/review/calibration").text
    assert "<strong>Tea</strong>: 0 of 5" in page
    assert "Fewer than 5 lessons are decided there yet" in page
    assert offered(desk)[0] == own.id
    assert len(offered(desk)) == 5
    rate(desk, elsewhere[0], "publish")
    assert preparing.of(desk.nova.id)[0].progress == Progress(1, 1)
    for _ in range(4):
        factories.published_lesson(topic_=desk.topic)
    assert "Fewer than 5" not in client_for(me(desk.nova)).get("/review/calibration").text
    with pytest.raises(NotFound):
        calibrating.known_by_id(elsewhere[1].id, me(desk.nova))


def test_who_neither_curates_nor_prepares_finds_no_such_page(desk: Desk, client_for: ClientFor) -> None:
    known = decided(factories.published_lesson(topic_=desk.topic))
    nova = client_for(me(desk.nova))
    nova.get("/review/calibration", status=404)
    nova.get(f"/review/calibration/{known.id}", status=404)
    asked(desk)
    nova.get(f"/review/calibration/{known.id}")
    nova.get("/review", status=403)
    nova.get(f"/review/{known.id}", status=403)


def test_an_administrator_asks_sees_and_appoints(desk: Desk, client_for: ClientFor) -> None:
    admin, url = client_for(me(desk.admin)), f"/people/{desk.nova.id}"
    admin.post(f"{url}/preparation", {"topic": str(desk.topic.id)}, to=url)
    assert "Prepares for “Tea”" in admin.get(url).text
    assert "0 of 5" in admin.get(url).text
    nova = client_for(me(desk.nova))
    assert "Would you like to be curator of Tea?" in nova.get("/inbox").text
    assert "You prepare as curator of “Tea”" in nova.get("/me/levels").text
    for number in range(4):
        found = decided(factories.published_lesson(topic_=desk.topic))
        rate(desk, found, "publish" if number else "revise")
    page = admin.get(url).text
    assert "4 of 5, 75 % agreement" in page
    assert "Make curator" not in page
    rate(desk, decided(factories.published_lesson(topic_=desk.topic)), "publish")
    page = admin.get(url).text
    assert "5 of 5, 80 % agreement" in page
    assert "Ready" in page
    admin.post(f"{url}/roles", {"role": "curator", "scope": str(desk.topic.id)}, to=url)
    assert "Prepares for" not in admin.get(url).text
    assert "You are curator of Tea now." in nova.get("/inbox").text
    assert not db.session.scalars(select(Fact).where(Fact.type == "AppointedUnprepared")).all()


def test_who_is_not_ready_is_appointed_with_a_reason_that_stands_in_the_record(
    desk: Desk, client_for: ClientFor
) -> None:
    admin, url = client_for(me(desk.admin)), f"/people/{desk.nova.id}"
    role = {"role": "curator", "scope": str(desk.topic.id)}
    refused = admin.post(f"{url}/roles", role, status=422).text
    assert "They have not prepared for this." in refused
    assert not me(desk.nova).grants
    admin.post(f"{url}/roles", role | {"reason": "She wrote the book on tea."}, to=url)
    admin.post(f"{url}/roles", role | {"reason": "She wrote the book on tea."}, to=url)
    assert [grant.scope_id for grant in me(desk.nova).grants] == [desk.topic.id]
    assert admin.get("/audit").text.count("She wrote the book on tea.") == 1
    admin.post(f"{url}/roles", {"role": "auditor", "scope": "0"}, to=url)  # no other role asks for one


def test_commands_and_imports_need_no_reason(desk: Desk) -> None:
    accounts.give_role(me(desk.nova), "curator", desk.topic.id, by=None)
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Grant).where(Grant.person_id == desk.nova.id)) == 1


def test_who_was_curator_before_is_ready(desk: Desk) -> None:
    today = clock.today("UTC")
    spell = {"person_id": desk.nova.id, "since": today, "told_on": today}
    db.session.add(IdleSpell(**spell, scope_id=desk.topic.id, lapsed_on=today))
    db.session.add(IdleSpell(**spell, scope_id=0))  # was told, and then did something
    db.session.commit()
    assert preparing.judged(desk.nova.id, desk.topic.id, "") == (None, "")
    assert preparing.judged(desk.nova.id, 0, "")[0]


def test_an_appointment_for_all_topics_ends_every_preparation(desk: Desk) -> None:
    asked(desk)
    asked(desk, factories.topic())
    accounts.give_role(me(desk.nova), "curator", desk.topic.id, by=desk.admin)
    assert [one.topic_id for one in preparing.of(desk.nova.id)] != [desk.topic.id]
    assert len(preparing.of(desk.nova.id)) == 1
    accounts.give_role(me(desk.nova), "curator", 0, by=desk.admin)
    assert preparing.of(desk.nova.id) == []
    assert db.session.scalar(select(func.count()).select_from(Preparation)) == 2


@pytest.mark.parametrize("number", [3, 30])
def test_its_pages_cost_the_same_for_few_and_many(
    desk: Desk, client_for: ClientFor, statements: list[str], number: int
) -> None:
    asked(desk)
    found = [decided(factories.published_lesson(topic_=desk.topic)) for _ in range(number)]
    back = sent_back(desk.topic)[1]
    for one in found[: number // 2]:
        rate(desk, one, "publish")
    nova, admin = client_for(me(desk.nova)), client_for(me(desk.admin))
    places = ("/review/calibration", f"/review/calibration/{found[-1].id}", f"/review/calibration/{back.id}")
    for browser, url, most in (*((nova, place, 5) for place in places), (admin, f"/people/{desk.nova.id}", 8)):
        browser.get(url)
        db.session.expire_all()
        statements.clear()
        browser.get(url)
        assert len(statements) <= most, f"{url}\n" + "\n".join(statements)
    statements.clear()
    nova.post(places[1], SENT | {"advice": "publish"})
    assert len(statements) <= 10, statements
    assert db.session.scalar(select(func.count()).select_from(Calibration)) == number // 2 + 1
