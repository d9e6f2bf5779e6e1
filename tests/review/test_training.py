"""New curators find their eye first, and whoever rates far from what is final is on probation: one rule for both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed, NotFound
from peerlearn.review import (
    actions,
    advising,
    appealing,
    assigning,
    calibrating,
    figures,
    impartiality,
    looking,
    queries,
    reliability,
    training,
    waiting,
)
from peerlearn.review.advising import Given
from peerlearn.review.impartiality import Closeness
from peerlearn.review.models import Assignment, Calibration, Review, SecondLook, Training
from peerlearn.review.reliability import reviewer
from tests import factories
from tests.factories import JUDGEMENT
from tests.page import Client
from tests.review.test_actions import facts
from tests.review.test_advising import ask as ask_peers
from tests.review.test_assigning import asked, holds, suggest
from tests.review.test_impartiality import words
from tests.review.test_precedence import LATER, Room, for_some

Browser = Callable[[Person], Client]
EXACT: dict[str, float] = dict(JUDGEMENT.rubric)
NEAR: dict[str, float] = dict.fromkeys(EXACT, 4.0)
FAR: tuple[dict[str, float], ...] = (dict.fromkeys(EXACT, 1.0), dict.fromkeys(EXACT, 5.0))
ONLY = impartiality.NOTED["only"]


# the law


@pytest.mark.parametrize(
    "errors",
    [[-3.5, 0.5] * 4, [4, -4] * 10, [3, 0, 0, -3, 3, -3, 1, 2, -2], [2.0] * 7 + [-4.0], [0.5] * 30 + [4.0] * 9],
)
def test_as_many_exact_ratings_as_are_left_end_it(errors: list[float]) -> None:
    assert reviewer(errors).is_on_probation or len(errors) > 30
    left = reliability.exact_ratings_left(reviewer(errors))
    assert not reviewer([*errors, *[0.0] * left]).is_on_probation
    assert left == 0 or reviewer([*errors, *[0.0] * (left - 1)]).is_on_probation


@pytest.mark.parametrize("errors", [[], [4.0, -4.0] * 3, [0.5] * 20])
def test_nothing_is_left_for_whoever_is_not_on_probation(errors: list[float]) -> None:
    assert reliability.exact_ratings_left(reviewer(errors)) == 0


# on a database


@pytest.fixture
def room(db: Any) -> Room:
    return Room()


@pytest.fixture
def known(room: Room) -> list[Review]:
    """Lessons of the topic that somebody decided who is no curator any more."""
    return [decided(room) for _ in range(9)]


def decided(room: Room) -> Review:
    lesson = factories.published_lesson(topic_=room.topic)
    review = db.session.scalars(select(Review).where(Review.lesson_id == lesson.id)).one()
    db.session.execute(delete(Grant).where(Grant.person_id == review.decided_by_id))
    db.session.commit()
    return review


def appoint(room: Room, name: str = "Nell") -> Person:
    """Somebody becomes curator of the topic."""
    person = factories.person(name)
    accounts.give_role(person, "curator", room.topic.id, by=factories.person(roles=(("admin", 0),)), reason="They can.")
    db.session.commit()
    return person


def rate(room: Room, who: Person, review: Review, rubric: dict[str, float] = EXACT) -> None:
    calibrating.rate(calibrating.known_by_id(review.id, room.me(who)), rubric, "publish", by=room.me(who))
    db.session.commit()


def rate_badly(room: Room, who: Person, known: list[Review]) -> None:
    for number, review in enumerate(known[:8]):
        rate(room, who, review, FAR[number % 2])


def kept(who: Person) -> tuple[str, int] | None:
    db.session.expire_all()
    row = db.session.get(Training, who.id)
    return (row.why, row.lessons_left) if row else None


def test_a_new_curator_leaves_it_to_others_until_they_rated_five(room: Room, known: list[Review]) -> None:
    with clock.at(LATER):
        new = appoint(room)
        assert kept(new) == ("new", 5)
        for number, review in enumerate(known[:5]):
            assert room.place(new).closeness is Closeness.NEW
            with pytest.raises(NotAllowed, match="new as a curator"):
                actions.approve(room.fresh(), JUDGEMENT, by=room.me(new))
            assert not waiting.counts(room.me(new), clock.now(), clock.zone("UTC")).reviews
            rate(room, new, review, NEAR)
            assert kept(new) == (("new", 4 - number) if number < 4 else None)
        assert room.place(new).may_decide
        assert room.place(new).steps_in is None


def test_nobody_is_new_where_nothing_is_there_to_rate(room: Room) -> None:
    with clock.at(LATER):
        new = appoint(room)
        assert kept(new) == ("new", 5)
        assert room.place(new).may_decide
        only = decided(room)
        assert room.place(new).closeness is Closeness.NEW
        rate(room, new, only)
        assert room.place(new).may_decide


def test_lessons_of_foreign_topics_hold_nobody_up(room: Room) -> None:
    with clock.at(LATER):
        factories.published_lesson()
        assert room.place(appoint(room)).may_decide


def test_whoever_prepared_for_it_is_not_new(room: Room, known: list[Review]) -> None:
    with clock.at(LATER):
        role = factories.curator_of(room.topic.id)
        prepared = factories.person(roles=role)
        for review in known[:5]:
            rate(room, prepared, review, NEAR)
        training.begin([prepared.id])
        assert kept(prepared) is None


def test_where_nobody_else_can_a_new_curator_decides_and_it_is_marked(room: Room, known: list[Review]) -> None:
    with clock.at(LATER):
        new = appoint(room)
        room.leave(room.tom, room.uma)
        assert room.place(new).steps_in is Closeness.NEW
        assert room.place(room.near).may_decide
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(new))
        db.session.commit()
        assert room.notes() == ["only"]
        assert facts("ReviewDone")[-1]["stood_in"] is False
        assert kept(new) == ("new", 5)


def test_five_decisions_end_it_too(room: Room, known: list[Review]) -> None:
    with clock.at(LATER):
        new = appoint(room)
        for review in known[:4]:
            review.decided_by_id = new.id
        room.leave(room.tom, room.uma)
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(new))
        db.session.commit()
        assert kept(new) is None


def test_what_a_new_curator_claimed_before_they_finish(room: Room) -> None:
    with clock.at(LATER):
        new = appoint(room)
        actions.claim(room.fresh(), by=room.me(new))
        decided(room)
        assert room.place(new).may_decide


def test_nothing_is_suggested_to_them_while_others_are_there(room: Room, known: list[Review]) -> None:
    with clock.at(LATER):
        new = appoint(room)
        holds(new, room, 0.9)
        suggest(LATER)
        assert new.id not in asked(room.review)
        room.leave(room.tom, room.uma)
        suggest(LATER + timedelta(hours=1))
        assert new.id in asked(room.review)


def test_of_two_curators_nobody_waits_for_a_new_one_of_the_owners_team(room: Room, known: list[Review]) -> None:
    with clock.at(LATER):
        for_some(room)
        new = appoint(room)
        room.me(new).team_id = room.author.team_id
        room.leave(room.near)
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.tom))
        db.session.commit()
        assert room.place(new).closeness is Closeness.NEW
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.uma))
        assert room.fresh().state == "approved"


def test_whoever_rates_far_apart_is_on_probation_and_leaves_it_by_the_formula(room: Room, known: list[Review]) -> None:
    with clock.at(LATER):
        rate_badly(room, room.tom, known[:7])
        assert kept(room.tom) is None  # too few to say
        rate(room, room.tom, known[7], FAR[0])
        found = figures.reviewer_for(room.tom.id)
        assert found.is_on_probation
        assert kept(room.tom) == ("probation", reliability.exact_ratings_left(found))
        assert room.place(room.tom).closeness is Closeness.PROBATION
        with pytest.raises(NotAllowed, match="far apart"):
            actions.claim(room.fresh(), by=room.me(room.tom))
        while found.is_on_probation:
            before = kept(room.tom)
            rate(room, room.tom, decided(room))
            found = figures.reviewer_for(room.tom.id)
            left = reliability.exact_ratings_left(found)
            assert before
            assert left == before[1] - 1
            assert kept(room.tom) == (("probation", left) if left else None)
        assert room.place(room.tom).may_decide


def test_probation_keeps_since_when(room: Room, known: list[Review]) -> None:
    with clock.at(LATER):
        rate_badly(room, room.tom, known)
    with clock.at(LATER + timedelta(days=1)):
        rate(room, room.tom, known[8])
        assert training.on_probation_since(room.tom.id) == LATER


def test_what_only_its_own_curator_rated_ends_no_probation(room: Room, known: list[Review]) -> None:
    """However much somebody publishes, and however long it stands: that says nothing of their eye."""
    with clock.at(LATER):
        rate_badly(room, room.tom, known)
        before = kept(room.tom)
        for _each in range(reliability.exact_ratings_left(figures.reviewer_for(room.tom.id))):
            published_by(room.tom, room.author.id)
        db.session.commit()
    with clock.at(LATER + timedelta(days=61)):
        training.judge({room.tom.id})
        assert kept(room.tom) == before


def published_by(person: Person, author_id: int) -> None:
    """A text that somebody rated and published now."""
    other = factories.reviewed_lesson(db.session.get_one(Person, author_id), factories.topic())[0]
    review = db.session.scalars(select(Review).where(Review.lesson_id == other.id)).one()
    review.state, review.rubric = "approved", dict(EXACT)
    review.decided_by_id, review.decided_at = person.id, clock.now()


def test_a_new_curator_who_rates_far_apart_is_on_probation(room: Room, known: list[Review]) -> None:
    with clock.at(LATER):
        new = appoint(room)
        rate_badly(room, new, known)
        found = kept(new)
        assert found
        assert found[0] == "probation"


def test_where_nobody_else_can_whoever_is_on_probation_decides(room: Room, known: list[Review]) -> None:
    with clock.at(LATER):
        rate_badly(room, room.tom, known)
        room.leave(room.uma)
        assert room.place(room.tom).steps_in is Closeness.PROBATION
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.tom))
        assert room.notes() == ["only"]


def test_an_appeal_comes_to_them_only_after_others(room: Room, known: list[Review]) -> None:
    with clock.at(LATER):
        rate_badly(room, room.tom, known)
        reason = "It holds what people need, and the facts are right."
        actions.reject(room.fresh(), "other", actions.Judgement({}, {}, reason), by=room.me(room.uma))
        room.review = appealing.appeal(room.fresh(), reason, by=room.me(room.author))
        assert room.place(room.tom).steps_in is Closeness.PROBATION


def test_what_others_find_later_is_known_at_once(room: Room, known: list[Review]) -> None:
    """A second look that fails says something of whoever approved and of whoever advised."""
    with clock.at(LATER):
        rate_badly(room, room.tom, known[:7])
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.tom))
        look = db.session.scalars(select(SecondLook).where(SecondLook.review_id == room.review.id)).one()
        assert kept(room.tom) is None
        why = "The second step is not how it is done any more."
        looking.judge(looking.APPROVAL, look.id, "failed", why, by=room.me(room.uma))
        found = kept(room.tom)
        assert found
        assert found[0] == "probation"


# advice


@pytest.fixture
def peers(room: Room, known: list[Review]) -> list[Person]:
    """Three who hold the topic; the first of them is on probation."""
    found = [factories.person(f"Peer {number}") for number in range(3)]
    for number, peer in enumerate(found):
        holds(peer, room, 0.95 - number / 20, is_holder=True)
    for number, review in enumerate(known[:8]):
        row = Calibration(person_id=found[0].id, review_id=review.id, rubric=FAR[number % 2], advice="publish")
        db.session.add(row)
    db.session.commit()
    training.judge([found[0].id])
    return found


def of_peers(room: Room) -> dict[int, Assignment]:
    found = db.session.scalars(
        select(Assignment).where(Assignment.review_id == room.review.id, Assignment.part == "peer")
    )
    return {one.person_id: one for one in found}


def test_whoever_is_on_probation_reads_along_and_counts_nowhere(room: Room, peers: list[Person]) -> None:
    ask_peers(LATER)
    rows = of_peers(room)
    assert {person_id: row.is_shadow for person_id, row in rows.items()} == {
        peers[0].id: True,
        peers[1].id: False,
        peers[2].id: False,
    }
    with clock.at(LATER + timedelta(hours=1)):
        for who in peers[1:]:
            advising.give(rows[who.id], Given(NEAR, "publish"), by=room.me(who))
        assert not advising.is_awaited(room.fresh(), clock.now())  # nobody waits for who reads along
        alone = advising.rating_of(room.fresh())
        advising.give(rows[peers[0].id], Given(FAR[0], "revise", "The second step is wrong by now."), by=peers[0])
        db.session.commit()
        assert advising.rating_of(room.fresh()) == alone
        seen = queries.review_by_id(room.review.id, room.me(room.uma), to_decide=True)
        assert seen is not None
        counsel = advising.counsel(seen.review, clock.now())
        assert {one.person_id for one in counsel.given} == {one.id for one in peers[1:]}
        (row,) = [one for one in waiting.queue(room.me(room.uma)).rows if one.id == room.review.id]
        assert not row.is_disputed
        before = len(figures.errors_of_advice([peers[0].id])[peers[0].id])
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.uma))
        db.session.commit()
        assert len(figures.errors_of_advice([peers[0].id])[peers[0].id]) == before + 1
        assert peers[0].id in [told["reviewer_id"] for told in facts("RatingCompared")]


def test_where_one_is_left_whose_word_counts_that_one_is_asked(room: Room, peers: list[Person]) -> None:
    room.me(peers[1]).is_active = False
    ask_peers(LATER)
    assert {person_id: row.is_shadow for person_id, row in of_peers(room).items()} == {
        peers[0].id: True,
        peers[2].id: False,
    }


def test_where_none_is_left_whose_word_counts_nobody_is_asked(room: Room, peers: list[Person]) -> None:
    room.me(peers[1]).is_active = room.me(peers[2]).is_active = False
    ask_peers(LATER)
    assert of_peers(room) == {}
    assert room.fresh().peers == "few"


def test_whose_probation_begins_meanwhile_is_replaced(room: Room, peers: list[Person], known: list[Review]) -> None:
    fourth = factories.person("Fourth")
    ask_peers(LATER)
    for number, review in enumerate(known[:8]):
        rubric = FAR[number % 2]
        db.session.add(Calibration(person_id=peers[1].id, review_id=review.id, rubric=rubric, advice="publish"))
    with clock.at(LATER + timedelta(hours=1)):
        row = of_peers(room)[peers[1].id]
        advising.give(row, Given(NEAR, "publish"), by=room.me(peers[1]))
        holds(fourth, room, 0.8, is_holder=True)
    ask_peers(LATER + timedelta(hours=2))
    rows = of_peers(room)
    assert rows[peers[1].id].is_shadow
    assert not rows[fourth.id].is_shadow


# pages


def test_the_pages_say_kindly_what_to_do_next(room: Room, known: list[Review], client_for: Browser) -> None:
    with clock.at(LATER):
        new = appoint(room)
    browser = client_for(new)
    queue = words(browser.get("/review"))
    assert "Welcome as a curator" in queue
    assert "only you see it. At most" in queue
    assert "At most 5 more lessons" in queue
    assert "Others first" in queue
    page = browser.get(f"/review/{room.review.id}/decision")
    assert impartiality.SENTENCES[Closeness.NEW] in words(page)
    assert 'href="/review/calibration"' in page.text
    assert "Approve and publish" not in words(page)
    browser.post(f"/review/{room.review.id}/claim", {}, status=403)
    for review in known[:4]:
        rate(room, new, review)
    assert "One more lesson" in words(browser.get("/review/calibration"))
    rate(room, new, known[4])
    assert "Welcome as a curator" not in words(browser.get("/review"))


def test_who_decides_all_the_same_is_told_and_authors_learn_nothing(
    room: Room, known: list[Review], client_for: Browser
) -> None:
    with clock.at(LATER):
        rate_badly(room, room.tom, known)
        room.leave(room.uma)
    browser = client_for(room.tom)
    assert impartiality.STEPS_IN[Closeness.PROBATION] in words(browser.get(f"/review/{room.review.id}/decision"))
    with clock.at(LATER):
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.tom))
        db.session.commit()
    history = words(client_for(room.author).get(f"/write/{room.lesson.id}/history"))
    assert ONLY in history
    assert "probation" not in history
    assert "far apart" not in history


def test_only_who_appoints_sees_who_is_on_probation(room: Room, known: list[Review], client_for: Browser) -> None:
    with clock.at(LATER):
        rate_badly(room, room.tom, known)
    admin, told = factories.person(roles=(("admin", 0),)), "Finds their eye again"
    url = f"/people/{room.tom.id}"
    assert told in words(client_for(admin).get(url))
    for who in (room.tom, room.uma, room.author):
        client_for(room.me(who)).get(url, status=403)
    assert "Find your eye again" in words(client_for(room.tom).get("/review"))
    assert "Find your eye again" not in words(client_for(room.uma).get("/review"))


def test_who_advises_on_probation_is_told_and_can_calibrate(
    room: Room, peers: list[Person], known: list[Review], client_for: Browser
) -> None:
    ask_peers(LATER)
    browser = client_for(peers[0])
    page = words(browser.get(f"/review/advice/{room.review.id}"))
    assert "only compared with the final one" in page
    assert "Find your eye again" in page
    assert f"/review/calibration/{known[8].id}" in browser.get("/review/calibration").text
    other = words(client_for(peers[1]).get(f"/review/advice/{room.review.id}"))
    assert "only compared" not in other
    with pytest.raises(NotFound):
        calibrating.desk_of(room.me(peers[1]))
    assert assigning.used(LATER, [peers[0].id], "peer")[peers[0].id] == 1
