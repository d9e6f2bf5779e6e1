"""One approval in twenty is looked at again by another curator, and nobody can foretell which."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn.accounts.models import Grant, Person
from peerlearn.config import Settings
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.review import actions, figures, going_live, looking, trust
from peerlearn.review.looking import APPROVAL
from peerlearn.review.models import Assignment, Review, SecondLook
from tests import factories
from tests.conftest import Statements
from tests.page import Client
from tests.review.test_actions import THURSDAY, Desk
from tests.review.test_pages import RATED, words

Browser = Callable[[Person], Client]
WHY = "The second step is dangerous without gloves, and nobody says so."
SECRET = "a secret that the house keeps"


# the law


@pytest.mark.parametrize(
    ("took_two", "share", "expected"), [(False, 1.0, True), (True, 1.0, False), (False, 0.0, False), (True, 0.0, False)]
)
def test_two_who_approved_are_enough(took_two: bool, share: float, expected: bool) -> None:
    assert trust.is_looked_at_again(SECRET, 7, 9, took_two=took_two, share=share) is expected


def drawn(secret: str) -> set[int]:
    share = Settings().second_look_percent / 100
    return {
        number
        for number in range(20_000)
        if trust.is_looked_at_again(secret, number, number + 3, took_two=False, share=share)
    }


def test_chance_chooses_one_in_twenty_and_numbers_alone_tell_nothing() -> None:
    mine, theirs = drawn(SECRET), drawn("another secret")
    assert 880 < len(mine) < 1_120
    assert mine == drawn(SECRET)
    assert len(mine & theirs) < 100  # one in four hundred by chance: who knows the numbers and not the secret guesses
    audited = {n for n in range(20_000) if trust.is_drawn(SECRET, "audit", n, n + 3, share=0.05)}
    assert len(mine & audited) < 100  # and other draws tell nothing of this one


def test_the_share_is_a_setting() -> None:
    secret = {"PEERLEARN_SECRET_KEY": "x" * 40}
    assert Settings.from_env(secret).second_look_percent == 5
    assert Settings.from_env(secret | {"PEERLEARN_SECOND_LOOK_PERCENT": "0"}).second_look_percent == 0


# on a database


@pytest.fixture
def always(app: Flask) -> Iterator[None]:
    """Chance chooses every approval."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, second_look_percent=100)
    yield
    app.config["SETTINGS"] = settings


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


@pytest.fixture
def look(always: None, desk: Desk) -> SecondLook:
    """What Tom approved, to be looked at again."""
    with clock.at(THURSDAY):
        actions.claim(desk.fresh(), by=desk.me(desk.tom))
    with clock.at(THURSDAY + timedelta(minutes=25)):
        actions.approve(desk.fresh(), factories.JUDGEMENT, by=desk.me(desk.tom))
    db.session.commit()
    return looks()[0]


def looks() -> list[SecondLook]:
    return list(db.session.scalars(select(SecondLook).order_by(SecondLook.id)))


def test_what_chance_chose_is_kept_with_the_approval(look: SecondLook, desk: Desk) -> None:
    review = desk.fresh()
    assert (look.review_id, look.lesson_id, look.topic_id) == (review.id, review.lesson_id, review.topic_id)
    assert (look.revision_id, look.approved_by_id, look.state) == (review.revision_id, desk.tom.id, "live")


def test_what_chance_did_not_choose_is_not_kept(desk: Desk) -> None:
    factories.approve(desk.fresh(), desk.me(desk.tom))
    assert (desk.revision.state, looks()) == ("published", [])


def test_an_approval_for_a_day_is_drawn_when_it_goes_live(always: None, desk: Desk) -> None:
    with clock.at(THURSDAY):
        moment = THURSDAY + timedelta(days=2)
        actions.approve(desk.fresh(), factories.JUDGEMENT, by=desk.me(desk.tom), goes_live_at=moment)
        db.session.commit()
        assert looks() == []
    with clock.at(THURSDAY + timedelta(days=3)):
        going_live.go_live_due()
    assert [one.approved_by_id for one in looks()] == [desk.tom.id]


def test_what_two_approved_is_not_drawn(always: None) -> None:
    lesson = factories.published_lesson(front=f"classification: restricted\naudience: [{factories.team().slug}]\n")
    assert (lesson.state, looks()) == ("published", [])


def test_what_is_not_for_all_any_more_is_not_shown_to_administrators(look: SecondLook, desk: Desk) -> None:
    admin = factories.person(roles=(("admin", 0),))
    assert [one.look.id for one in looking.to_look_at(factories.reloaded(admin))] == [look.id]
    db.session.get_one(Lesson, look.lesson_id).classification = "confidential"
    db.session.commit()
    assert looking.to_look_at(factories.reloaded(admin)) == []
    assert [one.look.id for one in looking.to_look_at(desk.me(desk.uma))] == [look.id]


def test_nobody_judges_their_own_approval_or_their_own_work(look: SecondLook, desk: Desk) -> None:
    for person, sentence in ((desk.tom, looking.APPROVED), (desk.author, None)):
        roles = (("admin", 0),) if person is desk.tom else (("admin", 0), ("curator", desk.topic.id))
        db.session.add_all(Grant(person_id=person.id, role=role, scope_id=scope) for role, scope in roles)
        db.session.commit()
        with pytest.raises(NotAllowed) as refused:
            looking.judge(APPROVAL, look.id, "fine", "", by=desk.me(person))
        assert sentence in (None, str(refused.value))
    stranger = desk.curator("Other", factories.topic().id)
    with pytest.raises(NotFound):
        looking.judge(APPROVAL, look.id, "fine", "", by=desk.me(stranger))


def test_whoever_is_too_close_does_not_judge(look: SecondLook, desk: Desk) -> None:
    author = desk.me(desk.author)
    lead = factories.person("Lead", roles=(("curator", desk.topic.id), ("lead", author.team_id or 0)))
    with pytest.raises(NotAllowed):
        looking.judge(APPROVAL, look.id, "fine", "", by=desk.me(lead))


def test_whoever_rejected_it_before_does_not_judge_what_an_appeal_brought(look: SecondLook, desk: Desk) -> None:
    before = Review(**{name: getattr(desk.fresh(), name) for name in ("lesson_id", "topic_id", "submitted_by_id")})
    before.revision_id, before.round, before.state = look.revision_id, 9, "rejected"
    before.due_at = before.decide_by = before.decided_at = THURSDAY
    before.decided_by_id = desk.uma.id
    db.session.add(before)
    db.session.flush()
    db.session.get_one(Review, look.review_id).appeal_of_id = before.id
    db.session.commit()
    with pytest.raises(NotAllowed):
        looking.judge(APPROVAL, look.id, "fine", "", by=desk.me(desk.uma))


def test_it_is_judged_once_and_with_a_reason_where_it_failed(look: SecondLook, desk: Desk) -> None:
    uma = desk.me(desk.uma)
    for verdict, reason in (("", ""), ("live", WHY), ("failed", "No.")):
        with pytest.raises(NotValid):
            looking.judge(APPROVAL, look.id, verdict, reason, by=uma)
    looking.judge(APPROVAL, look.id, "fine", "", by=uma)
    with pytest.raises(Conflict):
        looking.judge(APPROVAL, look.id, "failed", WHY, by=factories.person(roles=(("admin", 0),)))
    assert looks()[0].state == "fine"


def test_a_failed_look_tells_whom_it_concerns_and_hides_nothing(
    look: SecondLook, desk: Desk, client_for: Browser
) -> None:
    uma = client_for(desk.uma)
    url = f"/review/audits/approvals/{look.id}"
    uma.post(url, {"verdict": "failed", "reason": "No."}, status=422)
    uma.post(url, {"verdict": "failed", "reason": WHY}, to="/review/audits")
    db.session.expire_all()
    assert db.session.get_one(Lesson, look.lesson_id).state == "published"
    assert db.session.get_one(Revision, look.revision_id).state == "published"
    told = select(Notice.kind, Notice.person_id).where(Notice.kind.startswith("second_look"))
    assert {(kind, who) for kind, who in db.session.execute(told)} == {
        ("second_look_failed", desk.tom.id),
        ("second_look_failed_told", desk.author.id),
    }
    assert len(db.session.scalars(select(Fact).where(Fact.type == "SecondLookFailed")).all()) == 1
    assert WHY in words(client_for(desk.author).get(f"/write/{look.lesson_id}/history"))
    for reader in (uma, client_for(desk.tom)):
        assert WHY in words(reader.get(url))
    tom = client_for(desk.tom)
    assert "looked again at" in words(tom.get("/inbox"))
    notice = db.session.scalars(select(Notice.id).where(Notice.kind == "second_look_failed")).one()
    tom.post(f"/inbox/{notice}/open", to=url)


def test_a_look_that_is_fine_stands_in_the_history_and_tells_nobody(
    look: SecondLook, desk: Desk, client_for: Browser
) -> None:
    looking.judge(APPROVAL, look.id, "fine", "", by=desk.me(desk.uma))
    db.session.commit()
    assert "Uma Curator read it again" in words(client_for(desk.author).get(f"/write/{look.lesson_id}/history"))
    assert not db.session.scalars(select(Notice).where(Notice.kind.startswith("second_look"))).all()


def test_a_failed_look_replaces_the_final_rating(look: SecondLook, desk: Desk) -> None:
    def error() -> float:
        return figures.reviewer_for(desk.tom.id, THURSDAY + timedelta(days=10)).bias

    assert error() == 0
    with clock.at(THURSDAY + timedelta(days=5)):
        looking.judge(APPROVAL, look.id, "failed", WHY, by=desk.me(desk.uma))
    db.session.commit()
    assert error() == pytest.approx(2.5 / 6)  # 4.5 instead of 2.0, beside five of a newcomer
    advised = {"review_id": look.review_id, "person_id": factories.person().id, "rubric": factories.JUDGEMENT.rubric}
    db.session.add(Assignment(**advised, part="peer", state="done", until=THURSDAY))
    db.session.commit()
    assert figures.errors_of_advice(advised["person_id"]) == [2.5]  # who advised to publish it is measured alike


# the pages


def test_its_page_shows_what_was_decided(
    look: SecondLook, desk: Desk, client_for: Browser, statements: Statements
) -> None:
    uma, tom = client_for(desk.uma), client_for(desk.tom)
    assert "1 lesson to look at afterwards" in words(uma.get("/review"))
    assert "to look at afterwards" not in words(tom.get("/review"))
    assert "approved by Tom Curator" in words(uma.get("/review/audits"))
    db.session.expire_all()
    statements.clear()
    page = uma.get(f"/review/audits/approvals/{look.id}")
    assert len(statements) <= 5, "\n".join(statements)
    for said in ("approved by Tom Curator", "decided 25 minutes after taking it", "4.5", "Start with what the reader"):
        assert said in words(page)
    assert "Right, that comes first." in page.text  # what each answer says
    assert looking.APPROVED in words(tom.get(f"/review/audits/approvals/{look.id}"))
    tom.post(f"/review/audits/approvals/{look.id}", {"verdict": "fine"}, token_from="/review", status=403)


def test_the_list_takes_the_same_statements_for_3_and_for_30(
    desk: Desk, client_for: Browser, statements: Statements
) -> None:
    browser = client_for(factories.person(roles=(("admin", 0),)))

    def asked(count: int) -> int:
        for _ in range(count):
            lesson = factories.published_lesson(desk.me(desk.author), desk.topic)
            factories.second_look(lesson)
            factories.small_edit(lesson, desk.author)
        db.session.expire_all()
        statements.clear()
        browser.get("/review/audits")
        return len(statements)

    few = asked(2)
    assert asked(13) == few <= 5, "\n".join(statements)


def test_what_is_drawn_costs_an_approval_one_statement(
    app: Flask, desk: Desk, client_for: Browser, statements: Statements
) -> None:
    settings = app.config["SETTINGS"]
    taken = {}
    try:
        for share in (0, 100):
            app.config["SETTINGS"] = replace(settings, second_look_percent=share)
            author, topic = factories.person(), factories.topic()
            factories.published_lesson(author, topic)
            curator = client_for(factories.person(roles=(("curator", topic.id),)))
            _lesson, review = factories.reviewed_lesson(author, topic)
            curator.get("/review")
            db.session.expire_all()
            statements.clear()
            curator.post(f"/review/{review.id}/approve", RATED, token_from="/review", to="/review")
            taken[share] = len([one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))])
    finally:
        app.config["SETTINGS"] = settings
    assert taken[100] == taken[0] + 1
