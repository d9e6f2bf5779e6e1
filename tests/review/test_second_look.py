"""Some approvals are looked at again by another curator: those that are always read twice, and one in twenty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from peerlearn.accounts.models import Grant, Person
from peerlearn.config import Settings
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.core.paging import Page
from peerlearn.inbox.models import Notice
from peerlearn.lessons.models import FormerAuthor, Lesson, LessonAuthor, Revision
from peerlearn.review import actions, figures, going_live, looking, trust, twice
from peerlearn.review.looking import APPROVAL
from peerlearn.review.models import Assignment, Review, SecondLook
from peerlearn.review.twice import Dealings, Reason
from tests import factories
from tests.conftest import Statements
from tests.page import Client
from tests.review.test_actions import THURSDAY, Desk
from tests.review.test_pages import RATED, words

Browser = Callable[[Person], Client]
WHY = "The second step is dangerous without gloves, and nobody says so."
SECRET = "a secret that the house keeps"


# the law


LATE = timedelta(minutes=10)
CLOSE = Dealings(approvals=30, by_curator=3, in_return=3)
MUCH = Dealings(approvals=10, by_curator=5)


@pytest.mark.parametrize(
    ("seconds", "words", "expected"),
    [
        (29.9, 0, True),
        (30, 0, False),
        (30, 500, False),
        (30, 501, True),
        (59.9, 1_000, True),
        (60, 1_000, False),
        (-1, 10, True),
    ],
)
def test_nobody_reads_faster_than_a_thousand_words_a_minute(seconds: float, words: int, expected: bool) -> None:
    assert twice.is_hasty(timedelta(seconds=seconds), words) is expected


@pytest.mark.parametrize(
    ("by_curator", "in_return", "expected"), [(3, 3, True), (2, 9, False), (9, 2, False), (9, 9, True), (0, 0, False)]
)
def test_three_approvals_each_way_are_mutual(by_curator: int, in_return: int, expected: bool) -> None:
    assert twice.is_mutual(Dealings(20, by_curator, in_return)) is expected


@pytest.mark.parametrize(
    ("approvals", "by_curator", "expected"),
    [(9, 9, False), (10, 4, False), (10, 5, True), (35, 14, False), (35, 15, True), (100, 40, False), (100, 41, True)],
)
def test_more_than_two_of_five_approvals_are_a_large_share(approvals: int, by_curator: int, expected: bool) -> None:
    assert twice.is_large_share(Dealings(approvals, by_curator)) is expected


@pytest.mark.parametrize(
    ("took", "dealings", "besides", "expected"),
    [
        (LATE, [], [], None),
        (LATE, [Dealings(), Dealings(9, 9, 2)], [], None),
        (LATE, [], ["by_chance"], Reason.CHANCE),
        (LATE, [Dealings(), MUCH], ["by_chance"], Reason.SHARE),
        (LATE, [MUCH, CLOSE], ["by_chance"], Reason.MUTUAL),
        (LATE, [MUCH, CLOSE], ["alone", "by_chance"], Reason.ALONE),
        (LATE, [], ["alone"], Reason.ALONE),
        (timedelta(0), [MUCH, CLOSE], ["alone", "by_chance"], Reason.HASTE),
        (timedelta(0), [], [], Reason.HASTE),
    ],
)
def test_the_first_of_several_reasons_is_kept(
    took: timedelta, dealings: list[Dealings], besides: list[str], expected: Reason | None
) -> None:
    holds = {name: name in besides for name in ("alone", "by_chance")}
    assert twice.reason(took, 300, dealings, **holds) is expected


def test_every_reason_has_its_words() -> None:
    assert set(twice.WORDS) == set(twice.SENTENCES) == set(Reason)


def drawn(secret: str) -> set[int]:
    share = Settings().second_look_percent / 100
    return {number for number in range(20_000) if trust.is_drawn(secret, "again", number, number + 3, share=share)}


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


def approved_after(desk: Desk, seconds: float, words: int = 100) -> list[str]:
    """Why it is looked at again that Tom approved the lesson so long after taking it."""
    desk.revision.words = words
    with clock.at(THURSDAY):
        actions.claim(desk.fresh(), by=desk.me(desk.tom))
    with clock.at(THURSDAY + timedelta(seconds=seconds)):
        actions.approve(desk.fresh(), factories.JUDGEMENT, by=desk.me(desk.tom))
    db.session.commit()
    return [one.reason for one in looks()]


@pytest.mark.parametrize(("seconds", "expected"), [(71, ["haste"]), (72, [])])
def test_what_was_decided_sooner_than_it_can_be_read_is_looked_at_again(
    desk: Desk, seconds: float, expected: list[str]
) -> None:
    assert approved_after(desk, seconds, words=1_200) == expected


def test_without_taking_it_first_no_time_has_passed(desk: Desk) -> None:
    actions.approve(desk.fresh(), factories.JUDGEMENT, by=desk.me(desk.tom))
    assert [one.reason for one in looks()] == ["haste"]


def test_taking_it_again_does_not_take_the_time_away(desk: Desk) -> None:
    tom = desk.me(desk.tom)
    with clock.at(THURSDAY):
        actions.claim(desk.fresh(), by=tom)
    with clock.at(THURSDAY + timedelta(days=9)):  # the claim ended long ago
        actions.approve(desk.fresh(), factories.JUDGEMENT, by=desk.me(desk.tom))
    assert looks() == []


def test_waiting_for_its_day_is_not_reading(desk: Desk) -> None:
    with clock.at(THURSDAY):
        moment = THURSDAY + timedelta(days=2)
        actions.approve(desk.fresh(), factories.JUDGEMENT, by=desk.me(desk.tom), goes_live_at=moment)
        db.session.commit()
    with clock.at(THURSDAY + timedelta(days=3)):
        going_live.go_live_due()
    assert [one.reason for one in looks()] == ["haste"]


def approvals(author: Person, curator: Person, count: int) -> None:
    """A lesson of somebody that a curator approved so often."""
    _, review = factories.reviewed_lesson(factories.reloaded(author), factories.topic())
    same = {name: getattr(review, name) for name in ("lesson_id", "topic_id", "submitted_by_id", "revision_id")}
    when = dict.fromkeys(("due_at", "decide_by", "decided_at"), THURSDAY - timedelta(days=100))
    for number in range(count):
        row = Review(**same, **when, round=number + 2, state="approved", decided_by_id=curator.id)
        db.session.add(row)
    db.session.commit()


@pytest.mark.parametrize(
    ("by_tom", "by_uma", "in_return", "expected"),
    [
        (2, 0, 3, ["mutual"]),
        (1, 0, 3, []),
        (2, 0, 2, []),
        (4, 5, 0, ["share"]),
        (3, 6, 0, []),  # four of ten with this one
        (8, 0, 0, []),  # nine are too few to tell
        (4, 5, 3, ["mutual"]),
    ],
)
def test_who_often_approves_whom_is_looked_at_again(
    desk: Desk, by_tom: int, by_uma: int, in_return: int, expected: list[str]
) -> None:
    approvals(desk.author, desk.tom, by_tom)
    approvals(desk.author, desk.uma, by_uma)
    approvals(desk.tom, desk.author, in_return)
    assert approved_after(desk, 600) == expected


def test_every_author_counts(desk: Desk) -> None:
    other = factories.person()
    db.session.add(LessonAuthor(lesson_id=desk.lesson.id, person_id=other.id, position=1, share=0.5))
    approvals(other, desk.tom, 2)
    approvals(desk.tom, other, 3)
    assert approved_after(desk, 600) == ["mutual"]


def leads_the_author(desk: Desk) -> None:
    db.session.add(Grant(person_id=desk.uma.id, role="lead", scope_id=desk.author.team_id))


def has_left(desk: Desk) -> None:
    desk.uma.is_active = False


def wrote_it_once(desk: Desk) -> None:
    db.session.add(FormerAuthor(lesson_id=desk.lesson.id, person_id=desk.uma.id))


def is_too_close(desk: Desk) -> None:
    actions.decline(desk.fresh(), "conflict", by=desk.me(desk.uma))


def decided_often(desk: Desk) -> None:
    for _ in range(3):
        approvals(desk.author, desk.uma, 1)
    db.session.execute(update(Review).where(Review.state == "approved").values(decided_at=THURSDAY))


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        (lambda desk: None, 1),
        (has_left, 0),
        (leads_the_author, 0),
        (wrote_it_once, 0),
        (is_too_close, 0),
        (decided_often, 1),  # that passes within a month
    ],
)
def test_where_nobody_else_could_ever_look_nobody_is_asked_to(
    always: None, desk: Desk, happened: Callable[[Desk], None], expected: int
) -> None:
    happened(desk)
    db.session.commit()
    assert len(approved_after(desk, 5)) == expected


def test_an_administrator_looks_where_no_curator_does(desk: Desk) -> None:
    leads_the_author(desk)
    factories.person(roles=(("admin", 0), ("lead", desk.author.team_id or 0)))
    assert approved_after(desk, 5) == ["haste"]


def test_what_two_approved_is_not_drawn(always: None) -> None:
    lesson = factories.published_lesson(front=f"classification: restricted\naudience: [{factories.team().slug}]\n")
    assert (lesson.state, looks()) == ("published", [])


def test_what_is_not_for_all_any_more_is_not_shown_to_administrators(look: SecondLook, desk: Desk) -> None:
    admin = factories.person(roles=(("admin", 0),))
    assert [one.look.id for one in looking.to_look_at(factories.reloaded(admin)).rows] == [look.id]
    db.session.get_one(Lesson, look.lesson_id).classification = "confidential"
    db.session.commit()
    assert looking.to_look_at(factories.reloaded(admin)).rows == []
    assert [one.look.id for one in looking.to_look_at(desk.me(desk.uma)).rows] == [look.id]


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


def test_an_appeal_concerns_its_own_approval_alone(look: SecondLook, desk: Desk) -> None:
    """The last test's appeal beside an approval that no appeal brought: one is not taken for the other."""
    factories.published_lesson(desk.me(desk.author), desk.topic)
    other = looks()[-1]
    assert other.lesson_id != look.lesson_id
    test_whoever_rejected_it_before_does_not_judge_what_an_appeal_brought(other, desk)
    looking.judge(APPROVAL, look.id, "fine", "", by=desk.me(desk.uma))
    db.session.commit()
    assert looks()[0].state == "fine"


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
        return figures.reviewer_for(desk.tom.id).bias

    assert error() == 0
    with clock.at(THURSDAY + timedelta(days=5)):
        looking.judge(APPROVAL, look.id, "failed", WHY, by=desk.me(desk.uma))
    db.session.commit()
    assert error() == pytest.approx(2.5 / 6)  # 4.5 instead of 2.0, beside five of a newcomer
    advised = {"review_id": look.review_id, "person_id": factories.person().id, "rubric": factories.JUDGEMENT.rubric}
    db.session.add(Assignment(**advised, part="peer", state="done", until=THURSDAY))
    db.session.commit()
    assert figures.errors_of_advice([advised["person_id"]])[advised["person_id"]] == [
        2.5
    ]  # who advised to publish it is measured alike


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


@pytest.mark.parametrize("why", Reason)
def test_why_it_is_looked_at_is_told_only_to_those_who_may_judge_it(
    look: SecondLook, desk: Desk, client_for: Browser, why: Reason
) -> None:
    look.reason = str(why)
    db.session.add(Grant(person_id=desk.author.id, role="curator", scope_id=desk.topic.id))
    db.session.commit()
    url, said, short = f"/review/audits/approvals/{look.id}", twice.SENTENCES[why], twice.WORDS[why]
    uma = client_for(desk.uma)
    assert said in words(uma.get(url))
    assert short in words(uma.get("/review/audits"))
    for person in (desk.tom, desk.author):
        browser = client_for(person)
        assert said not in words(browser.get(url))
        assert short not in words(browser.get("/review/audits"))
    looking.judge(APPROVAL, look.id, "failed", WHY, by=desk.me(desk.uma))
    db.session.commit()
    for person in (desk.tom, desk.author):
        assert said not in words(client_for(person).get(url))
    assert said not in words(client_for(desk.author).get(f"/write/{look.lesson_id}/history"))


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
    assert [len(page.rows) for page in pages(factories.person(roles=(("admin", 0),)), 20)] == [20, 10]


def pages(person: Person, size: int) -> list[Page[looking.Seen]]:
    """All pages of what is to be looked at. Together they show all of it, once and in order."""
    found = [looking.to_look_at(person, size=size)]
    while found[-1].after:
        found.append(looking.to_look_at(person, found[-1].after, size))
    told = [(seen.look.at, seen.kind.act, seen.look.id) for page in found for seen in page.rows]
    assert told == sorted(set(told), key=lambda row: row[0])
    return found


def test_no_page_leaves_one_of_another_kind_out(desk: Desk) -> None:
    lessons = [factories.published_lesson(desk.me(desk.author), desk.topic) for _ in range(3)]
    for lesson in lessons:
        factories.small_edit(lesson, desk.author)
    for lesson in lessons:
        factories.second_look(lesson)
    admin = factories.person(roles=(("admin", 0),))
    assert [len(page.rows) for page in pages(admin, 2)] == [2, 2, 2]
    for key in ("", "x", "1", "1.2.3", "²", "9999999999999.0"):
        assert len(looking.to_look_at(admin, key).rows) == 6


def test_what_is_drawn_costs_an_approval_one_statement(
    app: Flask, desk: Desk, client_for: Browser, statements: Statements
) -> None:
    settings = app.config["SETTINGS"]
    taken = {}
    try:
        for share, authors, before in ((0, 1, 0), (100, 1, 0), (100, 3, 30)):
            app.config["SETTINGS"] = replace(settings, second_look_percent=share)
            author, topic = factories.person(), factories.topic()
            factories.published_lesson(author, topic)
            approvals(author, desk.uma, before)
            curator = factories.person(roles=(("curator", topic.id),))
            browser = client_for(curator)
            lesson, review = factories.reviewed_lesson(factories.reloaded(author), topic)
            for number in range(1, authors):
                row = LessonAuthor(lesson_id=lesson.id, person_id=factories.person().id, position=number, share=0)
                db.session.add(row)
            db.session.commit()
            with clock.at(clock.now() - timedelta(minutes=9)):
                actions.claim(desk.fresh(review), by=desk.me(curator))
            db.session.commit()
            browser.get("/review")
            db.session.expire_all()
            statements.clear()
            browser.post(f"/review/{review.id}/approve", RATED, token_from="/review", to="/review")
            wrote = len([one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))])
            asked = len([one for one in statements if "somebody_could" in one])
            taken[share, authors] = wrote, asked
    finally:
        app.config["SETTINGS"] = settings
    assert taken[100, 1] == (taken[0, 1][0] + 1, 1) == (taken[0, 1][0] + 1, taken[0, 1][1])
    assert taken[100, 3][1] == 1
