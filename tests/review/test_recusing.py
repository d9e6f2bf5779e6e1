"""Whose work somebody leaves to others for good: it binds both, and only whoever said it knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed, NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.review import access, actions, advising, appealing, impartiality, looking, recusing
from peerlearn.review.impartiality import Closeness
from peerlearn.review.models import Assignment, Recusal, SecondLook
from tests import factories
from tests.factories import JUDGEMENT
from tests.page import Client
from tests.review.test_actions import THURSDAY
from tests.review.test_advising import ask as ask_peers
from tests.review.test_assigning import asked, holds, suggest
from tests.review.test_impartiality import words
from tests.review.test_precedence import LATER, REASON, Room

Browser = Callable[[Person], Client]
EARLIER = THURSDAY - timedelta(days=1)  # before the lesson was handed in
NEUTRAL = impartiality.SENTENCES[Closeness.APART]


@pytest.fixture
def room(db: Any) -> Room:
    return Room()


def say(room: Room, who: Person, about: Person) -> None:
    recusing.recuse(room.me(about).email, by=room.me(who))
    db.session.commit()


def test_it_binds_both_whoever_said_it(room: Room) -> None:
    with clock.at(EARLIER):
        say(room, room.author, room.uma)
    with clock.at(LATER):
        say(room, room.tom, room.author)
        assert room.place(room.tom).closeness is Closeness.RECUSED
        assert room.place(room.uma).closeness is Closeness.APART
        for who, told in ((room.tom, "You leave the work"), (room.uma, "Somebody else decides about this lesson")):
            with pytest.raises(NotAllowed, match=told):
                actions.approve(room.fresh(), JUDGEMENT, by=room.me(who))
        recusing.take_back(room.author.id, by=room.me(room.tom))
        assert room.place(room.tom).may_decide


def test_if_both_said_it_both_take_it_back(room: Room) -> None:
    with clock.at(EARLIER):
        say(room, room.author, room.tom)
    with clock.at(LATER):
        say(room, room.tom, room.author)
        say(room, room.tom, room.author)
        recusing.take_back(room.author.id, by=room.me(room.tom))
        assert room.place(room.tom).closeness is Closeness.APART
        recusing.take_back(room.tom.id, by=room.me(room.author))
        recusing.take_back(room.tom.id, by=room.me(room.author))
        assert room.place(room.tom).may_decide


def test_it_says_nothing_of_the_work_of_others(room: Room) -> None:
    with clock.at(LATER):
        say(room, room.tom, room.uma)
        say(room, room.author, factories.person())
        assert room.place(room.tom).may_decide


def test_nobody_names_themselves_or_nobody_or_everybody(room: Room) -> None:
    with pytest.raises(NotValid, match="That is you"):
        recusing.recuse(room.tom.email, by=room.me(room.tom))
    with pytest.raises(NotValid, match="Nobody here"):
        recusing.recuse("nobody@example.org", by=room.me(room.tom))
    for _ in range(recusing.POLICY.people):
        say(room, room.tom, factories.person())
    with pytest.raises(NotValid, match="named five"):
        recusing.recuse(room.uma.email, by=room.me(room.tom))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Recusal)) == recusing.POLICY.people


def test_they_are_suggested_nothing_and_what_was_asked_goes_to_another(room: Room) -> None:
    with clock.at(LATER):
        suggest(LATER)
        (first,) = asked(room.review)
        say(room, room.author, factories.reloaded(first))
        suggest(LATER + timedelta(minutes=1))
        assert asked(room.review) == [first], "what waits already stays with whoever was asked"
        say(room, factories.reloaded(first), room.author)
        suggest(LATER + timedelta(minutes=2))
        other = room.uma if first == room.tom.id else room.tom
        assert asked(room.review) == [other.id]


@pytest.mark.parametrize("has_remark", [False, True])
def test_what_a_curator_took_goes_back_to_the_queue_when_they_say_it(room: Room, has_remark: bool) -> None:
    with clock.at(LATER):
        actions.claim(room.fresh(), by=room.me(room.tom))
        if has_remark:
            room.block(room.tom)
        version = room.fresh().version
        say(room, room.tom, room.author)
        review = room.fresh()
        assert (review.claimed_by_id, review.claimed_at, review.claimed_until) == (None, None, None)
        assert review.responded_at == (LATER if has_remark else None), "an answer is promised until there is one"
        assert review.version == version + 1
        actions.claim(review, by=room.me(room.uma))
        say(room, room.near, room.author)
        assert room.fresh().claimed_by_id == room.uma.id, "of others nothing changes"


def test_an_author_chooses_no_judge(room: Room) -> None:
    """Said while it is read, it holds for what is handed in later: the next round, and an appeal."""
    with clock.at(LATER):
        room.block(room.tom)
        before = room.fresh()
        held = (before.claimed_by_id, before.claimed_until, before.responded_at, before.version)
        assert held[0] == room.tom.id
        say(room, room.author, room.tom)
        review = room.fresh()
        assert (review.claimed_by_id, review.claimed_until, review.responded_at, review.version) == held
        assert room.place(room.tom).may_decide
        actions.request_changes(room.fresh(), actions.Judgement({}, {}), by=room.me(room.tom))
    with clock.at(LATER + timedelta(hours=1)):
        room.review = room.resubmit()
        assert room.place(room.tom).closeness is Closeness.APART


def test_colleagues_who_advise_are_bound_too(room: Room) -> None:
    peers = [factories.person(f"Peer {number}") for number in range(3)]
    for peer in peers:
        holds(peer, room, 0.9, is_holder=True)
    with clock.at(LATER):
        say(room, peers[0], room.author)
    ask_peers(LATER)
    rows = {one.person_id: one for one in db.session.scalars(select(Assignment).where(Assignment.part == "peer")).all()}
    assert set(rows) == {peers[1].id, peers[2].id}
    with clock.at(LATER + timedelta(hours=1)):
        say(room, room.author, peers[1])
        assert access.advice_to_give(room.review.id, room.me(peers[1])), "asked before it was said"
        say(room, peers[1], room.author)
        db.session.expire_all()
        with pytest.raises(NotFound):
            access.advice_to_give(room.review.id, room.me(peers[1]))
        assert advising.asked_of(room.review.id, peers[2].id)


def test_second_looks_and_appeals_are_left_to_others_too(room: Room) -> None:
    with clock.at(EARLIER):
        say(room, room.author, room.uma)
    with clock.at(LATER):
        actions.approve(room.fresh(), JUDGEMENT, by=room.me(room.tom))
        look = db.session.scalars(select(SecondLook).where(SecondLook.review_id == room.review.id)).one()
        assert looking.to_see(looking.APPROVAL, look.id, room.me(room.uma)).refusal == NEUTRAL
        admin = factories.person(roles=(("admin", 0),))
        assert looking.to_see(looking.APPROVAL, look.id, room.me(admin)).refusal is None
        say(room, admin, room.author)
        assert looking.to_see(looking.APPROVAL, look.id, room.me(admin)).refusal


def test_an_appeal_goes_to_somebody_else(room: Room) -> None:
    with clock.at(LATER):
        actions.reject(room.fresh(), "other", actions.Judgement({}, {}, REASON), by=room.me(room.tom))
        say(room, room.uma, room.author)
        room.review = appealing.appeal(room.fresh(), REASON, by=room.me(room.author))
        assert room.place(room.uma).closeness is Closeness.RECUSED
        assert room.fresh().widened_at == LATER  # nobody who comes first is left


def test_an_administrator_is_let_past_it_by_nothing(room: Room) -> None:
    admin = factories.person(roles=(("admin", 0),))
    with clock.at(LATER):
        say(room, admin, room.author)
        room.leave(room.tom, room.uma)
        room.leave(room.near, reason="conflict")
        room.leave(room.tom, room.uma, reason="conflict")
        assert room.fresh().handed_up_at == LATER
        assert room.place(admin).closeness is Closeness.RECUSED


def test_only_whoever_said_it_sees_it(room: Room, client_for: Browser) -> None:
    facts = db.session.scalar(select(func.count()).select_from(Fact))
    tom = client_for(room.tom)
    assert "/me/recusals" in tom.get("/me/settings").text
    tom.post("/me/recusals", {"email": "nobody@example.org"}, status=422)
    tom.post("/me/recusals", {"email": room.author.email})
    assert room.author.name in words(tom.get("/me/recusals"))
    author = client_for(room.author)
    assert room.tom.name not in words(author.get("/me/recusals"))
    author.post("/me/recusals", {"email": room.uma.email})
    db.session.execute(update(Recusal).where(Recusal.about_id == room.uma.id).values(at=EARLIER))
    db.session.commit()
    page = words(client_for(room.uma).get(f"/review/{room.review.id}/decision"))
    assert NEUTRAL in page
    assert "leave the work" not in page
    assert db.session.scalar(select(func.count()).select_from(Fact)) == facts
    assert not db.session.scalar(select(func.count()).select_from(Notice).where(Notice.person_id == room.uma.id))
    author.post(f"/me/recusals/{room.tom.id}/end")  # what is somebody else's stays
    assert room.author.name in words(tom.get("/me/recusals"))
    tom.post(f"/me/recusals/{room.author.id}/end")
    assert room.author.name not in words(tom.get("/me/recusals"))
