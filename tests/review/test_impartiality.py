"""Who is too close to a lesson to decide, and what happens where that holds for every curator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed, NotFound
from peerlearn.inbox.models import Notice
from peerlearn.lessons import actions as lesson_actions
from peerlearn.lessons.models import LessonAuthor
from peerlearn.review import access, actions, appealing, conflicts, impartiality, queries, rules, waiting
from peerlearn.review.actions import Judgement
from peerlearn.review.impartiality import Closeness, position
from peerlearn.review.models import Recusal, Review, ReviewAct, SecondLook
from tests import factories
from tests.conftest import Statements
from tests.factories import JUDGEMENT
from tests.page import Client, Page, text_of
from tests.review.test_actions import THURSDAY, Desk, facts

Browser = Callable[[Person], Client]
LATER = THURSDAY + timedelta(hours=3)
WORDS = "It holds what people need, and the facts are right."


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


def closeness(desk: Desk, who: Person) -> Closeness | None:
    """What keeps somebody from deciding; their queue, which finds it in another way, must agree."""
    db.session.commit()
    with clock.at(LATER):
        found = queries.standing(desk.fresh(), desk.me(who)).closeness
        listed = {row.id: row.is_free for row in waiting.queue(desk.me(who)).rows}
    assert listed[desk.review.id] == (found is None)
    return found


def lead(who: Person, team_id: int | None) -> None:
    db.session.add(Grant(person_id=who.id, role="lead", scope_id=team_id or 0))
    db.session.commit()


def decided(desk: Desk, author: Person, by: Person, days_ago: int) -> None:
    """Another lesson by this author, that this person did not accept some days ago."""
    moment = LATER - timedelta(days=days_ago)
    with clock.at(moment):
        _lesson, review = factories.reviewed_lesson(desk.me(author), desk.topic)
        actions.reject(desk.fresh(review), "other", Judgement({}, {}, WORDS), by=desk.me(by))
    db.session.commit()


# the law


@pytest.mark.parametrize(
    ("close", "looked_after", "handed_up", "may", "expected"),
    [
        (None, True, False, False, (True, False)),
        (None, False, False, True, (False, False)),
        (None, False, True, True, (True, True)),
        (None, True, True, True, (True, False)),
        (None, False, True, False, (False, False)),
        ("leads", True, False, True, (False, False)),
        ("leads", True, True, True, (True, True)),
        ("leads", True, True, False, (False, False)),
        ("led", False, True, True, (True, True)),
        ("often", False, True, True, (True, True)),
        ("in_return", False, True, True, (True, True)),
        ("appealed", False, True, True, (False, True)),
        ("declared", True, True, True, (False, False)),
    ],
)
def test_who_may_decide(
    close: str | None, looked_after: bool, handed_up: bool, may: bool, expected: tuple[bool, bool]
) -> None:
    for hand in (False, True):
        found = position(
            had_a_hand=hand, looked_after=looked_after, closeness=close, is_handed_up=handed_up, may_stand_in=may
        )
        assert (found.may_decide, found.stands_in) == (expected[0] and not hand, expected[1])


def test_every_closeness_says_a_sentence() -> None:
    assert set(impartiality.SENTENCES) == set(Closeness)
    assert set(impartiality.STEPS_IN) == set(impartiality.NOTES)
    assert set(impartiality.NOTED) == set(impartiality.NOTES.values())
    assert set(impartiality.STEPS_IN) >= impartiality.CALIBRATES


# each kind


def test_nobody_is_close_without_a_reason(desk: Desk) -> None:
    lead(desk.tom, desk.uma.team_id)
    lead(desk.uma, desk.tom.team_id)
    assert closeness(desk, desk.tom) is None


def test_whoever_leads_an_author_is_too_close(desk: Desk) -> None:
    lead(desk.tom, desk.author.team_id)
    assert closeness(desk, desk.tom) is Closeness.LEADS
    assert closeness(desk, desk.uma) is None


def test_whoever_is_led_by_an_author_is_too_close(desk: Desk) -> None:
    lead(desk.author, desk.tom.team_id)
    assert closeness(desk, desk.tom) is Closeness.LED
    assert closeness(desk, desk.uma) is None


def test_a_lead_of_a_co_author_is_too_close_too(desk: Desk) -> None:
    helper = factories.person("Helper")
    factories.write_along(desk.fresh().lesson, helper)
    lead(desk.tom, helper.team_id)
    assert closeness(desk, desk.tom) is Closeness.LEADS


@pytest.mark.parametrize(("days", "is_close"), [((29, 20, 10), True), ((31, 20, 10), False), ((20, 10), False)])
def test_three_lessons_of_one_author_in_thirty_days_are_enough(
    desk: Desk, days: tuple[int, ...], is_close: bool
) -> None:
    for ago in days:
        decided(desk, desk.author, desk.tom, ago)
    assert closeness(desk, desk.tom) is (Closeness.OFTEN if is_close else None)
    assert closeness(desk, desk.uma) is None


def test_lessons_of_different_authors_do_not_add_up(desk: Desk) -> None:
    for ago in (12, 11):
        decided(desk, desk.author, desk.tom, ago)
    decided(desk, factories.person("Bea"), desk.tom, 10)
    assert closeness(desk, desk.tom) is None


def test_rounds_of_one_lesson_count_once(desk: Desk) -> None:
    for ago in (12, 11):
        decided(desk, desk.author, desk.tom, ago)
    with clock.at(THURSDAY):
        desk.send_back()
        desk.review = desk.resubmit()
    assert closeness(desk, desk.tom) is None


@pytest.mark.parametrize(("days", "is_close"), [(13, True), (15, False)])
def test_no_review_in_return_within_two_weeks(desk: Desk, days: int, is_close: bool) -> None:
    db.session.add(Grant(person_id=desk.author.id, role="curator", scope_id=desk.topic.id))
    db.session.commit()
    decided(desk, desk.tom, desk.author, days)
    assert closeness(desk, desk.tom) is (Closeness.IN_RETURN if is_close else None)
    assert closeness(desk, desk.uma) is None


def test_saying_so_is_enough_and_lasts(desk: Desk) -> None:
    with clock.at(LATER):
        actions.decline(desk.fresh(), "conflict", by=desk.me(desk.tom))
    assert closeness(desk, desk.tom) is Closeness.DECLARED
    with clock.at(LATER), pytest.raises(NotAllowed, match="too close"):
        actions.claim(desk.fresh(), by=desk.me(desk.tom))
    assert desk.fresh().handed_up_at is None  # Uma is free


def test_no_time_is_no_closeness(desk: Desk) -> None:
    with clock.at(LATER):
        actions.decline(desk.fresh(), "busy", by=desk.me(desk.tom))
    assert closeness(desk, desk.tom) is None


def test_too_close_means_every_act_is_refused(desk: Desk) -> None:
    lead(desk.tom, desk.author.team_id)
    with clock.at(LATER):
        for act in (
            lambda: actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom)),
            lambda: actions.request_changes(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom)),
            lambda: actions.reject(desk.fresh(), "other", Judgement({}, {}, WORDS), by=desk.me(desk.tom)),
            lambda: actions.claim(desk.fresh(), by=desk.me(desk.tom)),
            lambda: desk.block(),
            lambda: access.review_to_decide(desk.review.id, desk.me(desk.tom)),
        ):
            with pytest.raises(NotAllowed, match="You lead the team"):
                act()
    assert desk.fresh().state == "open"


# nobody is free


@pytest.fixture
def alone(desk: Desk) -> tuple[Desk, Person]:
    """Both curators lead the author's team; a new lesson comes in. An administrator looks on."""
    admin = factories.person("Alma Admin", roles=(("admin", 0),))
    factories.person("Former Admin", roles=(("admin", 0),), is_active=False)
    for curator in (desk.tom, desk.uma):
        lead(curator, desk.author.team_id)
    with clock.at(LATER):
        desk.lesson, desk.review = factories.reviewed_lesson(desk.me(desk.author), desk.topic)
    return desk, admin


def test_administrators_are_asked_when_no_curator_is_free(alone: tuple[Desk, Person]) -> None:
    desk, admin = alone
    review = desk.fresh()
    assert review.handed_up_at == LATER
    (fact,) = facts("ReviewHandedUp")
    assert fact == {
        "review_id": review.id,
        "lesson_id": review.lesson_id,
        "author_ids": [desk.author.id],
        "asked_ids": [admin.id],
        "appointing_ids": [],
    }
    told = db.session.execute(select(Notice.person_id, Notice.kind).where(Notice.data.is_not(None))).all()
    assert (desk.author.id, "handed_up") in told
    assert (admin.id, "asked_to_decide") in told


def test_the_administrator_decides_and_it_is_on_record(alone: tuple[Desk, Person]) -> None:
    desk, admin = alone
    with clock.at(LATER):
        assert access.review_to_decide(desk.review.id, desk.me(admin)).id == desk.review.id
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(admin))
    db.session.commit()
    assert desk.fresh().state == "approved"
    assert facts("ReviewDone")[-1]["stood_in"] is True
    statement = select(ReviewAct.act, ReviewAct.note).where(ReviewAct.review_id == desk.review.id)
    assert ("approved", rules.STOOD_IN) in {tuple(row) for row in db.session.execute(statement)}
    assert db.session.scalars(select(SecondLook.reason)).all() == []  # nobody else could ever look


def test_what_an_administrator_decided_is_looked_at_again_where_somebody_can(alone: tuple[Desk, Person]) -> None:
    desk, admin = alone
    factories.person(roles=(("admin", 0),))
    with clock.at(LATER):
        actions.claim(desk.fresh(), by=desk.me(admin))
    with clock.at(LATER + timedelta(minutes=30)):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(admin))
    db.session.commit()
    assert db.session.scalars(select(SecondLook.reason)).all() == ["alone"]


def test_an_administrator_who_leads_the_author_may_still_stand_in(alone: tuple[Desk, Person]) -> None:
    desk, admin = alone
    lead(admin, desk.author.team_id)
    with clock.at(LATER):
        assert queries.standing(desk.fresh(), desk.me(admin)).may_decide
        (row,) = [row for row in waiting.queue(desk.me(admin)).rows if row.id == desk.review.id]
    assert row.is_free


def test_an_author_never_stands_in_for_themselves(desk: Desk) -> None:
    for curator in (desk.tom, desk.uma):
        lead(curator, desk.author.team_id)
    db.session.add(Grant(person_id=desk.author.id, role="admin", scope_id=0))
    db.session.commit()
    with clock.at(LATER):
        _lesson, review = factories.reviewed_lesson(desk.me(desk.author), desk.topic)
        with pytest.raises(NotAllowed, match="yours"):
            actions.approve(desk.fresh(review), JUDGEMENT, by=desk.me(desk.author))


def notices(*, about: int) -> set[tuple[int, str]]:
    """Who was told what of a lesson that was handed up, by the name of the notice."""
    rows = db.session.execute(select(Notice.person_id, Notice.kind, Notice.data))
    return {(person_id, kind) for person_id, kind, data in rows if data["lesson_id"] == about}


def test_who_may_never_decide_is_not_asked_to(desk: Desk) -> None:
    """An administrator who is the author, or whose work an author leaves to others, cannot stand in; another can."""
    for curator in (desk.tom, desk.uma):
        lead(curator, desk.author.team_id)
    apart, free = (factories.person(name, roles=(("admin", 0),)) for name in ("Apart", "Free"))
    lead(free, desk.author.team_id)  # which is waived
    db.session.add(Grant(person_id=desk.author.id, role="admin", scope_id=0))
    db.session.add(Recusal(person_id=desk.author.id, about_id=apart.id, at=THURSDAY))
    db.session.commit()
    with clock.at(LATER):
        lesson, _review = factories.reviewed_lesson(desk.me(desk.author), desk.topic)
    (fact,) = facts("ReviewHandedUp")
    assert (fact["asked_ids"], fact["appointing_ids"]) == ([free.id], [])
    assert notices(about=lesson.id) == {(desk.author.id, "handed_up"), (free.id, "asked_to_decide")}


@pytest.mark.parametrize("is_admin", [True, False])
def test_where_nobody_may_stand_in_nobody_is_promised(desk: Desk, client_for: Browser, is_admin: bool) -> None:
    """The only administrator is an author: they are asked to find somebody, and no author hears that one decides."""
    author, other = desk.me(desk.author), factories.person("Co-author")
    for curator in (desk.tom, desk.uma):
        lead(curator, author.team_id)
    db.session.add(Grant(person_id=author.id if is_admin else other.id, role="admin", scope_id=0))
    db.session.commit()
    with clock.at(LATER):
        lesson, revision = lesson_actions.import_file(factories.lesson_text(desk.topic), owner=author, by=author)
        assert revision is not None
        db.session.add(LessonAuthor(lesson_id=lesson.id, person_id=other.id, position=1, share=0.0))
        lesson_actions.submit(revision, by=author)
        db.session.commit()
    review = db.session.scalars(select(Review).where(Review.lesson_id == lesson.id)).one()
    admin, mate = (author, other) if is_admin else (other, author)
    assert desk.fresh(review).handed_up_at == LATER
    (fact,) = facts("ReviewHandedUp")
    assert (fact["asked_ids"], fact["appointing_ids"]) == ([], [admin.id])
    assert notices(about=lesson.id) == {(admin.id, "asked_to_appoint"), (mate.id, "nobody_decides_yet")}
    for who, wanted in ((admin, "Please make somebody else a curator"), (mate, "are asked to find somebody")):
        said = client_for(who).get("/inbox").text
        assert wanted in said
        assert "decides instead" not in said
        assert "Please decide" not in said


def test_whoever_is_too_close_to_one_lesson_is_free_for_the_next(desk: Desk) -> None:
    """The curators of a topic write in it too: their own lessons are handed up, where nobody else is, and no others."""
    topic = factories.topic()
    curator = factories.person("Only", roles=factories.curator_of(topic.id))
    with clock.at(LATER):
        _lesson, own = factories.reviewed_lesson(curator, topic)
        _lesson, other = factories.reviewed_lesson(factories.person("Bea"), topic)
        stranded = {review.id for review in conflicts.without_curator(LATER)}
    assert other.handed_up_at is None
    assert other.id not in stranded
    assert own.handed_up_at is not None or own.id in stranded


def test_without_need_an_administrator_decides_nothing(desk: Desk) -> None:
    admin = factories.person(roles=(("admin", 0),))
    assert desk.fresh().handed_up_at is None
    with pytest.raises(NotFound):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(admin))
    with pytest.raises(NotFound):
        access.review_to_read(desk.review.id, desk.me(admin))


def test_a_curator_who_is_gone_is_not_free(desk: Desk) -> None:
    lead(desk.tom, desk.author.team_id)
    desk.me(desk.uma).is_active = False
    db.session.commit()
    with clock.at(LATER):
        _lesson, review = factories.reviewed_lesson(desk.me(desk.author), desk.topic)
    assert desk.fresh(review).handed_up_at is not None


def test_when_the_last_one_says_too_close_it_is_handed_up(desk: Desk) -> None:
    lead(desk.tom, desk.author.team_id)
    with clock.at(LATER):
        actions.decline(desk.fresh(), "conflict", by=desk.me(desk.uma))
    assert desk.fresh().handed_up_at == LATER


def test_an_appeal_against_the_only_curator_is_handed_up(desk: Desk) -> None:
    lead(desk.uma, desk.author.team_id)
    with clock.at(LATER):
        actions.reject(desk.fresh(), "other", Judgement({}, {}, WORDS), by=desk.me(desk.tom))
        again = appealing.appeal(desk.fresh(), WORDS, by=desk.me(desk.author))
    assert desk.fresh(again).handed_up_at == LATER
    assert desk.fresh(desk.review).handed_up_at is None


# pages


def words(page: Page) -> str:
    return text_of(page.all("main")[0])


def test_the_queue_marks_what_one_is_too_close_to(desk: Desk, client_for: Browser) -> None:
    lead(desk.tom, desk.author.team_id)
    browser = client_for(desk.tom)
    assert "Too close" in words(browser.get("/review"))
    page = browser.get(f"/review/{desk.review.id}/decision")
    assert "You lead the team" in words(page)
    assert "Approve and publish" not in words(page)
    assert "1 lesson waits" not in words(browser.get("/review"))
    assert "Too close" not in words(client_for(desk.uma).get("/review"))


def test_a_refused_decision_says_why(desk: Desk, client_for: Browser) -> None:
    lead(desk.tom, desk.author.team_id)
    browser = client_for(desk.tom)
    page = browser.post(f"/review/{desk.review.id}/claim", {}, status=403)
    assert "You lead the team" in page.text


def test_the_administrator_finds_it_and_the_author_sees_it(alone: tuple[Desk, Person], client_for: Browser) -> None:
    desk, admin = alone
    browser = client_for(admin)
    queue = browser.get("/review")
    assert "No curator is free" in words(queue)
    page = browser.get(f"/review/{desk.review.id}/decision")
    assert "Every curator is too close to it" in words(page)
    assert "Approve and publish" in words(page)
    assert "administrators are asked" in words(client_for(desk.author).get(f"/write/{desk.lesson.id}/history"))
    assert "too close to it" in words(client_for(desk.author).get("/inbox"))


def test_an_administrator_without_need_has_an_empty_queue(desk: Desk, client_for: Browser) -> None:
    page = client_for(factories.person(roles=(("admin", 0),))).get("/review")
    assert "Nothing waits for you" in words(page)


def test_the_administrators_queue_takes_the_same_statements_for_3_and_for_30(
    alone: tuple[Desk, Person], client_for: Browser, statements: Statements
) -> None:
    desk, admin = alone
    browser = client_for(admin)
    counted = []
    for number in (2, 27):
        with clock.at(LATER):
            for _ in range(number):
                factories.reviewed_lesson(desk.me(desk.author), desk.topic)
        browser.get("/review")
        statements.clear()
        browser.get("/review")
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 5
    assert db.session.scalar(select(Review.id).where(Review.handed_up_at.is_(None), Review.state == "open")) is not None
