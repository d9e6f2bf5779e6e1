"""Colleagues who hold the topic advise on a lesson; then a curator decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import mean
from typing import Any

import pytest
from sqlalchemy import select, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotFound, NotValid
from peerlearn.inbox.models import Notice
from peerlearn.lessons import actions as lessons
from peerlearn.lessons.models import EarlyReader, Lesson
from peerlearn.lessons.quality import Signs, quality
from peerlearn.points import actions as points
from peerlearn.points.models import LedgerEntry
from peerlearn.review import access, actions, advice, advising, appealing, assigning, figures, waiting
from peerlearn.review.advice import Record
from peerlearn.review.advising import Given
from peerlearn.review.matching import Candidate
from peerlearn.review.models import Assignment, Review
from peerlearn.review.reliability import NEWCOMER, reviewer
from peerlearn.review.reliability import advice as together
from tests import factories
from tests.conftest import Statements
from tests.factories import JUDGEMENT, Walk
from tests.page import Client
from tests.review.test_actions import THURSDAY, Desk, acts, facts
from tests.review.test_assigning import holds
from tests.review.test_impartiality import lead
from tests.review.test_pages import words

Browser = Callable[[Person], Client]
FRIDAY = THURSDAY + timedelta(days=1)
GOOD: dict[str, float] = {"correct": 4.0, "clear": 4.5, "useful": 4.0, "quiz": 3.5}
WHY = "The second step is not how it is done any more."


# the law


def test_the_worked_example_of_the_advisory_score() -> None:
    known = reviewer([1, 0.5, 1, 0, 0.5, 1, 0.5, 0.5])
    assert (known.bias, known.variance, known.reliability) == pytest.approx((0.3846, 0.3490, 0.6471), abs=1e-4)
    two = together([(4.5, known), (3.5, NEWCOMER)])
    assert (two.score, two.sd) == pytest.approx((3.7943, 0.4086), abs=1e-4)
    three = together([(4.5, known), (3.5, NEWCOMER), (3.0, NEWCOMER)])
    assert (three.score, three.sd) == pytest.approx((3.6300, 0.3639), abs=1e-4)


@pytest.mark.parametrize(
    ("ratings", "gap", "says"),
    [
        ((5.0, 5.0), 0.5, "publish"),
        ((3.5, 4.0), 1.0, "look"),
        ((1.0, 2.0), 1.0, "revise"),
        ((5.0, 5.0), 1.5, "disagreement"),
    ],
)
def test_what_advice_comes_to(ratings: tuple[float, ...], gap: float, says: str) -> None:
    assert together([(rating, reviewer([0.0] * 20)) for rating in ratings], gap).says == says


def test_two_different_colleagues_are_asked_for_each_or_one_or_nobody() -> None:
    people = [Candidate(review, person, 0.9) for review in (1, 2) for person in (7, 8, 9)]
    found = advice.plan({1: 2, 2: 0}, {}, people, {})
    assert (len(found.pairs), len({person for _one, person in found.pairs})) == (2, 2)
    assert (found.known, found.few, found.asked) == ((2,), (), (1,))
    alone = advice.plan({1: 2}, {}, [Candidate(1, 7, 0.9)], {})
    assert (alone.pairs, alone.few, alone.asked) == (((1, 7),), (), (1,))
    busy = advice.plan({1: 2}, {}, people, {7: 2, 8: 2})
    assert (busy.pairs, busy.few, busy.asked) == (((1, 9),), (), (1,))
    nobody = advice.plan({1: 2}, {}, people, {7: 2, 8: 2, 9: 2})
    assert (nobody.pairs, nobody.few, nobody.asked) == ((), (1,), ())
    again = advice.plan({}, {1: 1}, people, {7: 2})
    assert [person for _one, person in again.pairs] in ([8], [9])


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ([], 2),
        ([Record()], 2),
        ([Record(3, 90)], 2),
        ([Record(4, 100)], 2),
        ([Record(5, 64.9)], 2),
        ([Record(5, 65)], 1),
        ([Record(50, 99)], 1),
        ([Record(), Record(5, 65)], 1),  # the most proven of several counts
    ],
)
def test_how_many_colleagues_a_lesson_needs(authors: list[Record], expected: int) -> None:
    assert advice.peers_for(authors) == expected


def test_one_is_enough_where_one_is_wanted_and_nobody_waits_where_there_is_none() -> None:
    only = [Candidate(1, 7, 0.9)]
    assert (advice.plan({1: 1}, {}, only, {}).pairs, advice.plan({1: 1}, {}, only, {}).asked) == (((1, 7),), (1,))
    assert advice.plan({1: 1}, {}, [], {}).few == (1,)


@pytest.mark.parametrize(
    ("rubric", "what", "text", "wrong"),
    [
        (GOOD, "publish", "", None),
        (GOOD, "revise", WHY, None),
        (GOOD, "revise", "No.", "text"),
        (GOOD, "", "", "advice"),
        ({"correct": 4.0}, "publish", "", "rubric"),
        (GOOD, "publish", "x" * 2_001, "text"),
    ],
)
def test_what_advice_needs(rubric: dict[str, float], what: str, text: str, wrong: str | None) -> None:
    found = advice.problem(rubric, what, text)
    assert (found and found[0]) == wrong


# on a database


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


@pytest.fixture
def peers(desk: Desk) -> list[Person]:
    found = [factories.person(f"Peer {number}") for number in range(3)]
    for number, peer in enumerate(found):
        holds(peer, desk, 0.95 - number / 20, is_holder=True)
    return found


def ask(moment: datetime = THURSDAY) -> None:
    db.session.commit()
    with clock.at(moment):
        advising.ask_peers("UTC")
    db.session.commit()


def asked(desk: Desk, state: str = "open") -> set[int]:
    wanted = Assignment.review_id == desk.review.id, Assignment.part == "peer", Assignment.state == state
    return set(db.session.scalars(select(Assignment.person_id).where(*wanted)))


def peers_of(desk: Desk) -> str | None:
    return desk.fresh().peers


def give(desk: Desk, peer: Person, what: str = "publish", **changes: float) -> None:
    with clock.at(THURSDAY + timedelta(hours=1)):
        one = access.advice_to_give(desk.review.id, desk.me(peer))
        advising.give(one, Given(GOOD | changes, what, WHY), by=desk.me(peer))
    db.session.commit()


def test_two_who_hold_the_topic_are_asked_once_and_hear_of_it(desk: Desk, peers: list[Person]) -> None:
    ask()
    ask()
    assert (asked(desk), peers_of(desk)) == ({peers[0].id, peers[1].id}, "asked")
    assert acts(desk.review) == ["submitted", "peers_asked"]
    told = db.session.execute(select(Notice.person_id, Notice.kind).where(Notice.kind == "advice_asked")).all()
    assert {row.person_id for row in told} == asked(desk)


def advised(peer: Person, lesson: Lesson, days_ago: int) -> None:
    """Somebody advised about a lesson so many days before."""
    review = db.session.scalars(select(Review).where(Review.lesson_id == lesson.id)).one()
    at = THURSDAY - timedelta(days=days_ago)
    values = {"part": "peer", "state": "done", "asked_at": at, "until": at, "answered_at": at}
    db.session.add(Assignment(review_id=review.id, person_id=peer.id, rubric=GOOD, advice="publish", **values))
    db.session.commit()


def test_what_one_was_asked_comes_in_pages(desk: Desk, peers: list[Person]) -> None:
    """The newest first, nothing left out."""
    for days_ago in (30, 20, 10):
        advised(peers[0], factories.reviewed_lesson(desk.author, desk.topic)[0], days_ago)
    first = advising.all_asked_of(peers[0].id, size=2)
    rest = advising.all_asked_of(peers[0].id, int(first.after or 0), size=2)
    ids = [one.id for one in (*first.rows, *rest.rows)]
    assert (len(first.rows), len(rest.rows), rest.after) == (2, 1, None)
    assert ids == sorted(ids, reverse=True)


@pytest.mark.parametrize(("days", "is_asked"), [((29, 20, 10), False), ((31, 20, 10), True), ((20, 10), True)])
def test_three_lessons_of_one_author_in_thirty_days_are_enough_for_an_adviser(
    desk: Desk, peers: list[Person], days: tuple[int, ...], is_asked: bool
) -> None:
    for ago in days:
        advised(peers[0], factories.published_lesson(desk.me(desk.author)), ago)
        advised(peers[1], factories.published_lesson(), ago)
    ask()
    assert asked(desk) == {peers[1].id, peers[0].id if is_asked else peers[2].id}


@pytest.mark.parametrize(
    ("advised_ago", "decided_ago", "is_asked"),
    [((20, 10), (12,), False), ((20,), (15, 12), False), ((20, 10), (31,), True), ((31, 10), (12,), True)],
)
def test_what_an_adviser_decided_and_advised_on_adds_up(
    desk: Desk, peers: list[Person], advised_ago: tuple[int, ...], decided_ago: tuple[int, ...], is_asked: bool
) -> None:
    for ago in advised_ago:
        advised(peers[0], factories.published_lesson(desk.me(desk.author)), ago)
    for ago in decided_ago:
        lesson = factories.published_lesson(desk.me(desk.author))
        at = {"decided_by_id": peers[0].id, "decided_at": THURSDAY - timedelta(days=ago)}
        db.session.execute(update(Review).where(Review.lesson_id == lesson.id).values(at))
        db.session.commit()
    ask()
    assert asked(desk) == {peers[1].id, peers[0].id if is_asked else peers[2].id}


def test_deciding_about_a_lesson_and_advising_on_it_is_one(desk: Desk, peers: list[Person]) -> None:
    for ago in (20, 10):
        lesson = factories.published_lesson(desk.me(desk.author))
        advised(peers[0], lesson, ago)
        at = {"decided_by_id": peers[0].id, "decided_at": THURSDAY - timedelta(days=ago)}
        db.session.execute(update(Review).where(Review.lesson_id == lesson.id).values(at))
    ask()
    assert asked(desk) == {peers[0].id, peers[1].id}


@pytest.mark.parametrize(("days_ago", "is_asked"), [(13, False), (15, True)])
def test_nobody_advises_who_was_just_advised_by_the_author(
    desk: Desk, peers: list[Person], days_ago: int, is_asked: bool
) -> None:
    advised(desk.author, factories.published_lesson(desk.me(peers[0])), days_ago)
    ask()
    assert asked(desk) == {peers[1].id, peers[0].id if is_asked else peers[2].id}


def test_one_who_holds_the_topic_alone_is_asked_alone(desk: Desk) -> None:
    only = factories.person("Only")
    holds(only, desk, 0.9, is_holder=True)
    ask()
    assert (asked(desk), peers_of(desk)) == ({only.id}, "asked")
    second = factories.person("Second")
    holds(second, desk, 0.85, is_holder=True)
    ask()
    assert asked(desk) == {only.id, second.id}, "whoever holds it meanwhile joins"


def test_who_says_nothing_makes_room_for_the_next_and_is_never_asked_again(desk: Desk, peers: list[Person]) -> None:
    ask()
    give(desk, peers[1])
    ask(FRIDAY - timedelta(minutes=1))
    assert (asked(desk), asked(desk, "done")) == ({peers[0].id}, {peers[1].id})
    ask(FRIDAY)
    assert (asked(desk), asked(desk, "lapsed")) == ({peers[2].id}, {peers[0].id})
    ask(desk.review.due_at - timedelta(minutes=1))
    assert (asked(desk), asked(desk, "done")) == ({peers[2].id}, {peers[1].id}), "nobody twice"
    ask(desk.review.due_at)
    assert asked(desk) == {peers[2].id}, "after the promised time nobody more is asked"


def test_who_said_nothing_pays_nothing_for_it_and_may_still_advise(desk: Desk, peers: list[Person]) -> None:
    ask()
    ask(FRIDAY)
    assert peers[0].id in asked(desk, "lapsed")
    with clock.at(FRIDAY):
        assert assigning.used(FRIDAY, [peers[0].id], "peer")[peers[0].id] == 0
        assert figures.reviewer_for(peers[0].id) == NEWCOMER
        one = access.advice_to_give(desk.review.id, desk.me(peers[0]))
        advising.give(one, Given(GOOD, "publish", WHY), by=desk.me(peers[0]))
    assert peers[0].id in asked(desk, "done")


def test_who_said_no_is_not_asked_when_another_says_nothing(desk: Desk, peers: list[Person]) -> None:
    ask()
    with clock.at(THURSDAY):
        advising.decline(access.advice_to_give(desk.review.id, desk.me(peers[0])), by=desk.me(peers[0]))
    ask()
    fourth = factories.person("Fourth")
    holds(fourth, desk, 0.81, is_holder=True)
    ask(FRIDAY)
    assert (asked(desk), asked(desk, "declined")) == ({fourth.id}, {peers[0].id})


def test_the_notice_says_why_one_is_asked(desk: Desk, peers: list[Person], client_for: Browser) -> None:
    ask()
    assert "is new, and you know its topic" in client_for(peers[0]).get("/inbox").text
    lesson = factories.published_lesson(desk.me(desk.author), desk.topic)
    draft = lessons.revise(lesson, by=desk.me(desk.author))
    text = draft.source.replace("- [x] True", "- [ ] True").replace("- [ ] False", "- [x] False")
    lessons.save_draft(draft, text, base_version=draft.version, by=desk.me(desk.author))
    with clock.at(THURSDAY):
        lessons.submit(draft, by=desk.me(desk.author))
    assert draft.is_major
    ask()
    told = select(Notice.person_id).where(Notice.kind == "advice_asked_again")
    assert len(set(db.session.scalars(told))) == 2


def test_nobody_leaves_it_to_the_curator_and_the_page_says_so(desk: Desk, client_for: Browser) -> None:
    holds(factories.person("Knows little"), desk, 0.5)
    holds(desk.uma, desk, 0.9, is_holder=True)  # a curator decides and does not advise
    ask()
    assert (asked(desk), peers_of(desk)) == (set(), "few")
    with clock.at(THURSDAY):
        assert "You decide alone" in words(client_for(desk.tom).get(f"/review/{desk.review.id}/decision"))


@pytest.mark.parametrize("why", ["minor", "again", "late"])
def test_what_needs_no_advice(desk: Desk, peers: list[Person], why: str) -> None:
    if why == "minor":
        desk.fresh().revision.is_major = False
    elif why == "again":
        with clock.at(THURSDAY):
            desk.send_back()
            desk.review = desk.resubmit()
    ask(desk.review.due_at + timedelta(hours=1) if why == "late" else THURSDAY)
    assert (asked(desk), peers_of(desk)) == (set(), "known")


@pytest.mark.parametrize(
    ("lessons_before", "quality_of_each", "number"), [(0, 0, 2), (3, 90, 2), (4, 90, 2), (5, 64.9, 2), (5, 65, 1)]
)
def test_how_many_are_asked_follows_what_an_author_has_published(
    desk: Desk, peers: list[Person], lessons_before: int, quality_of_each: float, number: int
) -> None:
    for _number in range(lessons_before):
        factories.published_lesson(desk.me(desk.author), factories.topic()).quality = quality_of_each
    ask()
    ask()  # one who was asked is enough where one is wanted
    assert (len(asked(desk)), peers_of(desk)) == (number, "asked")


def test_one_who_is_wanted_and_says_no_makes_room_for_one(desk: Desk, peers: list[Person]) -> None:
    for _number in range(5):
        factories.published_lesson(desk.me(desk.author), factories.topic()).quality = 80
    ask()
    (first,) = asked(desk)
    with clock.at(THURSDAY):
        advising.decline(
            access.advice_to_give(desk.review.id, db.session.get_one(Person, first)),
            by=db.session.get_one(Person, first),
        )
    ask()
    assert len(asked(desk)) == 1
    assert asked(desk) != {first}


def test_taking_it_back_and_handing_it_in_again_is_no_way_around_advice(desk: Desk, peers: list[Person]) -> None:
    with clock.at(THURSDAY):
        lessons.withdraw(desk.revision, by=desk.me(desk.author))
        desk.review = desk.resubmit()
    ask()
    assert (len(asked(desk)), peers_of(desk)) == (2, "asked")


def test_nobody_too_close_is_asked(desk: Desk, peers: list[Person]) -> None:
    lead(peers[0], desk.author.team_id)
    ask()
    assert asked(desk) == {peers[1].id, peers[2].id}


def test_who_says_no_makes_room_for_another(desk: Desk, peers: list[Person]) -> None:
    ask()
    with clock.at(THURSDAY):
        advising.decline(access.advice_to_give(desk.review.id, desk.me(peers[0])), by=desk.me(peers[0]))
    ask()
    assert (asked(desk), asked(desk, "declined")) == ({peers[1].id, peers[2].id}, {peers[0].id})
    assert set(db.session.scalars(select(EarlyReader.person_id))) == asked(desk)
    with pytest.raises(NotFound):
        access.advice_to_give(desk.review.id, desk.me(peers[0]))


def test_publishing_waits_for_advice_and_nothing_else_does(desk: Desk, peers: list[Person]) -> None:
    ask()
    with clock.at(THURSDAY), pytest.raises(Conflict):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    with clock.at(THURSDAY):
        actions.reject(desk.fresh(), "other", actions.Judgement({}, {}, WHY), by=desk.me(desk.tom))


def test_when_both_have_advised_the_curator_decides(desk: Desk, peers: list[Person], client_for: Browser) -> None:
    ask()
    give(desk, peers[0])
    give(desk, peers[1], "revise", correct=2.0)
    with clock.at(THURSDAY + timedelta(hours=2)):
        page = words(client_for(desk.tom).get(f"/review/{desk.review.id}/decision"))
        for part in (peers[0].name, peers[1].name, "Change first", WHY, "They disagree"):
            assert part in page
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    assert acts(desk.review).count("advised") == 2
    assert len(facts("AdviceGiven")) == 2
    assert figures.errors_of_advice([peers[1].id])[peers[1].id] == pytest.approx([3.5 - 4.5])


def in_queue(desk: Desk, moment: datetime) -> list[tuple[int, bool]]:
    with clock.at(moment):
        return [(row.id, bool(row.is_disputed)) for row in waiting.queue(desk.me(desk.tom)).rows]


@pytest.mark.parametrize(("ratings", "first"), [({"correct": 2.5}, True), ({"correct": 3.0}, False)])
def test_what_colleagues_disagree_about_comes_first(
    desk: Desk, peers: list[Person], client_for: Browser, ratings: dict[str, float], first: bool
) -> None:
    ask()
    with clock.at(THURSDAY - timedelta(days=30)):
        _lesson, old = factories.reviewed_lesson(factories.person(), desk.topic)
    later = THURSDAY + timedelta(hours=2)
    give(desk, peers[0])
    assert in_queue(desk, later) == [(old.id, False), (desk.review.id, False)], "one alone disagrees with nobody"
    give(desk, peers[1], "revise", **ratings)
    mine = (desk.review.id, first)
    assert in_queue(desk, later) == ([mine, (old.id, False)] if first else [(old.id, False), mine])
    with clock.at(later):
        assert ("Colleagues disagree" in words(client_for(desk.tom).get("/review"))) is first
    desk.fresh().is_blind = True
    db.session.commit()
    assert in_queue(desk, later)[0] == (old.id, False), "what others advise is hidden"


def test_after_two_working_days_nobody_waits_any_more(desk: Desk, peers: list[Person], client_for: Browser) -> None:
    ask()
    later = desk.review.due_at + timedelta(minutes=1)
    with clock.at(later):
        assert "Nobody who was asked could advise in time" in words(
            client_for(desk.tom).get(f"/review/{desk.review.id}/decision")
        )
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))


def test_whoever_advises_sees_what_they_need_and_no_more(desk: Desk, peers: list[Person], client_for: Browser) -> None:
    ask()
    give(desk, peers[1])
    desk.block()
    peer = client_for(peers[0])
    with clock.at(THURSDAY):
        page = peer.get(f"/review/advice/{desk.review.id}")
        assert "Start with what the reader wants to do." in words(page)
        for hidden in (desk.author.name, desk.tom.name, peers[1].name, WHY, "This has to change", "Right, that comes"):
            assert hidden not in page.text
        for url in (f"/review/{desk.review.id}", f"/review/{desk.review.id}/text", "/review"):
            peer.get(url, status=403)
        client_for(peers[2]).get(f"/review/advice/{desk.review.id}", status=404)
        assert desk.revision.title in words(peer.get("/review/advice"))


def test_the_author_reads_that_somebody_advised_and_not_who(
    desk: Desk, peers: list[Person], client_for: Browser
) -> None:
    ask()
    give(desk, peers[0])
    page = words(client_for(desk.author).get(f"/write/{desk.lesson.id}/history"))
    assert "A colleague who knows the topic gave advice" in page
    assert peers[0].name not in page
    assert WHY not in page


def test_advice_is_given_on_its_page_and_can_be_changed(desk: Desk, peers: list[Person], client_for: Browser) -> None:
    ask()
    peer, url = client_for(peers[0]), f"/review/advice/{desk.review.id}"
    data = {name: str(value) for name, value in GOOD.items()} | {"advice": "revise", "text": "No."}
    with clock.at(THURSDAY):
        peer.post(url, data, status=422)
        peer.post(url, data | {"text": WHY})
        assert WHY in peer.get(url).text
        peer.post(url, data | {"advice": "publish"})
    one = db.session.scalars(select(Assignment).where(Assignment.state == "done")).one()
    assert (one.advice, one.rubric, one.variance) == ("publish", GOOD, NEWCOMER.variance)
    assert len(facts("AdviceGiven")) == 1
    with clock.at(THURSDAY):
        peer.post(f"{url}/decline", status=409)


def test_after_the_decision_it_is_over(desk: Desk, peers: list[Person], client_for: Browser) -> None:
    ask()
    with clock.at(THURSDAY):
        actions.reject(desk.fresh(), "other", actions.Judgement({}, {}, WHY), by=desk.me(desk.tom))
    db.session.commit()
    peer, url = client_for(peers[0]), f"/review/advice/{desk.review.id}"
    page = peer.get(url)
    assert "It needs no more advice" in words(page)
    assert "Start with what the reader wants" not in page.text
    peer.post(f"{url}/quiz", status=409)
    with pytest.raises(Conflict):
        advising.give(
            access.advice_to_give(desk.review.id, desk.me(peers[0])), Given(GOOD, "publish"), by=desk.me(peers[0])
        )


def test_who_saw_the_keys_earns_nothing_from_the_lesson(desk: Desk, peers: list[Person], client_for: Browser) -> None:
    ask()
    with clock.at(THURSDAY):
        client_for(peers[0]).post(f"/review/advice/{desk.review.id}/quiz", status=200)
    for peer in peers[:2]:
        give(desk, peer)
    with clock.at(THURSDAY):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    db.session.commit()
    for peer in peers[:2]:
        walk = Walk(desk.me(peer), desk.lesson.slug, THURSDAY + timedelta(days=1))
        walk.read()
        walk.quiz()
    assert [fact["is_reviewed"] for fact in facts("LessonPassed")] == [True, False]
    assert {fact["is_own"] for fact in facts("QuestionAnswered")[:3]} == {True}


def test_many_are_asked_in_as_many_statements_as_few(desk: Desk, peers: list[Person], statements: Statements) -> None:
    def count(moment: datetime) -> int:
        statements.clear()
        ask(moment)
        return len([one for one in statements if "INTO facts" not in one and "INTO notices" not in one])

    few = count(THURSDAY)
    for number in range(9):
        with clock.at(THURSDAY):
            factories.reviewed_lesson(factories.person(f"Author {number}"), desk.topic)
        for extra in range(2):
            holds(factories.person(f"Holder {number} {extra}"), desk, 0.9, is_holder=True)
    assert count(THURSDAY) <= few
    assert set(db.session.scalars(select(Review.peers))) == {"asked"}


# what it pays


def paid(person: Person) -> list[tuple[str, int]]:
    wanted = select(LedgerEntry.source, LedgerEntry.amount).where(LedgerEntry.person_id == person.id)
    return [(row.source, row.amount) for row in db.session.execute(wanted.where(LedgerEntry.rule == "C2"))]


@pytest.mark.parametrize("act", ["publish", "revise", "reject"])
def test_advice_near_the_final_rating_pays_whatever_the_decision(
    desk: Desk, peers: list[Person], client_for: Browser, act: str
) -> None:
    ask()
    give(desk, peers[0])  # a mean of 4.0
    give(desk, peers[1], "revise", correct=3.5)  # of 3.875, more than half a point from 4.5
    assert paid(peers[0]) == []
    with clock.at(THURSDAY + timedelta(hours=2)):
        if act == "publish":
            actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
        elif act == "revise":
            desk.block()
            actions.request_changes(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
        else:
            judgement = actions.Judgement(JUDGEMENT.rubric, {}, WHY)
            actions.reject(desk.fresh(), "other", judgement, by=desk.me(desk.tom))
    db.session.commit()
    source = f"review:{desk.review.id}"
    assert [paid(peer) for peer in peers] == [[(source, 3)], [(source, 0)], []]
    assert paid(desk.tom) == []
    assert [row["error"] for row in facts("RatingCompared")] == [-0.5, -0.625]
    assert "proved right" in words(client_for(peers[0]).get("/points"))
    assert "more than 0.5 away" in words(client_for(peers[1]).get("/points"))
    assert points.verify() == []


def test_without_a_final_rating_nothing_is_compared(desk: Desk, peers: list[Person]) -> None:
    ask()
    give(desk, peers[0])
    with clock.at(THURSDAY + timedelta(hours=2)):
        actions.reject(desk.fresh(), "other", actions.Judgement({}, {}, WHY), by=desk.me(desk.tom))
    assert facts("RatingCompared") == []


def test_a_key_in_an_appeal_is_refused(desk: Desk) -> None:
    with clock.at(THURSDAY):
        actions.reject(desk.fresh(), "other", actions.Judgement(JUDGEMENT.rubric, {}, WHY), by=desk.me(desk.tom))
        with pytest.raises(NotValid, match="Others would read it"):
            appealing.appeal(desk.fresh(), "Look at ghp_k7Rw2Zq9Xc4Vb1Nm6Ty3Ui8Op5As0Df2Gh4J", by=desk.me(desk.author))


def test_a_decision_is_compared_with_the_one_on_appeal(desk: Desk) -> None:
    low = dict.fromkeys(JUDGEMENT.rubric, 2.5)
    with clock.at(THURSDAY):
        actions.reject(desk.fresh(), "other", actions.Judgement(low, {}, WHY), by=desk.me(desk.tom))
        again = appealing.appeal(desk.fresh(), WHY, by=desk.me(desk.author))
        near = actions.Judgement(low | {"quiz": 3.0}, {}, WHY)
        actions.reject(desk.fresh(again), "other", near, by=desk.me(desk.uma))
    db.session.commit()
    assert (paid(desk.tom), paid(desk.uma)) == ([(f"review:{desk.review.id}", 3)], [])


def published_rating(desk: Desk) -> float:
    with clock.at(THURSDAY + timedelta(hours=2)):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    db.session.commit()
    return float(desk.revision.extras["rating"])


def test_quality_takes_the_advisory_score_where_colleagues_advised(desk: Desk, peers: list[Person]) -> None:
    ask()
    give(desk, peers[0], correct=3.0)
    give(desk, peers[1])
    given = [mean((GOOD | {"correct": 3.0}).values()), mean(GOOD.values())]
    expected = together([(rating, NEWCOMER) for rating in given]).score
    rating = published_rating(desk)
    assert rating == pytest.approx(expected)
    assert rating != pytest.approx(mean(JUDGEMENT.rubric.values()))
    lesson = db.session.get_one(Lesson, desk.lesson.id)
    assert lesson.quality == pytest.approx(quality(Signs(rating=expected)))


def test_quality_takes_the_curators_ratings_where_nobody_advised(desk: Desk) -> None:
    ask()
    assert published_rating(desk) == pytest.approx(mean(JUDGEMENT.rubric.values()))


@pytest.mark.parametrize(("bias", "bound"), [(-4.0, 5.0), (4.0, 1.0)])
def test_an_advisory_score_stays_within_the_scale(desk: Desk, peers: list[Person], bias: float, bound: float) -> None:
    ask()
    for peer in peers[:2]:
        give(desk, peer)
    for one in db.session.scalars(select(Assignment).where(Assignment.part == "peer", Assignment.state == "done")):
        one.bias, one.variance = bias, 0.01
    db.session.commit()
    assert published_rating(desk) == bound
