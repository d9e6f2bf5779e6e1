"""One decision in ten is made without the author's name; new curators find their eye on known lessons first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.config import Settings
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotFound, NotValid
from peerlearn.lessons import showing
from peerlearn.review import access, actions, assigning, calibrating, figures, training
from peerlearn.review.models import Remark, Review
from tests import factories
from tests.conftest import Statements
from tests.factories import JUDGEMENT
from tests.page import Client
from tests.review.test_actions import THURSDAY, Desk
from tests.review.test_advising import ask, give
from tests.review.test_assigning import asked, holds
from tests.review.test_pages import words

Browser = Callable[[Person], Client]
FAIR: dict[str, float] = {"correct": 3.0, "clear": 3.5, "useful": 3.0, "quiz": 3.5}


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


@pytest.fixture
def blind(desk: Desk) -> Desk:
    desk.fresh().is_blind = True
    db.session.commit()
    return desk


def pages(desk: Desk) -> list[str]:
    base = f"/review/{desk.review.id}"
    return ["/", "/review", base, f"{base}/text", f"{base}/changes", f"{base}/background", f"{base}/decision"]


# without the name


def test_one_decision_in_ten_is_made_without_a_name_unless_somebody_says_otherwise() -> None:
    secret = {"PEERLEARN_SECRET_KEY": "x" * 40}
    assert Settings.from_env(secret).blind_percent == 10
    assert Settings.from_env(secret | {"PEERLEARN_BLIND_PERCENT": "25"}).blind_percent == 25


def test_the_draw_follows_the_setting(app: Flask, desk: Desk) -> None:
    settings = app.config["SETTINGS"]
    assert not desk.review.is_blind
    try:
        app.config["SETTINGS"] = replace(settings, blind_percent=100)
        with clock.at(THURSDAY):
            _lesson, review = factories.reviewed_lesson(desk.me(desk.author), desk.topic)
    finally:
        app.config["SETTINGS"] = settings
    assert review.is_blind


def test_no_page_of_a_blind_review_names_the_author(blind: Desk, client_for: Browser) -> None:
    with clock.at(THURSDAY):
        blind.send_back()
        again = blind.resubmit()
        again.is_blind = True
        db.session.commit()
        blind.review = again
        tom = client_for(blind.tom)
        for url in pages(blind):
            assert blind.author.name not in tom.get(url).text, url
        assert "The author submitted it" in words(tom.get(pages(blind)[-1]))
        assert blind.author.name in words(client_for(blind.author).get(f"/write/{blind.lesson.id}/history"))


def test_an_authors_answer_to_an_earlier_remark_stands_in_a_blind_review_without_a_name(
    blind: Desk, client_for: Browser
) -> None:
    with clock.at(THURSDAY):
        blind.send_back()
        remark = db.session.scalars(select(Remark)).one()
        found, review = access.remark_to_answer(remark.id, blind.me(blind.author))
        actions.answer_remark(found, review, "I did so, please look.", by=blind.me(blind.author))
        db.session.commit()
        again = blind.resubmit()
        again.is_blind = True
        db.session.commit()
        tom = client_for(blind.tom)
        tom.post(f"/review/{again.id}/remarks/{remark.id}/reply", {"reply": "Thank you, I see it."})
        page = words(tom.get(f"/review/{again.id}/text"))
        assert "The author: I did so, please look." in page
        assert f"{blind.tom.name}: Thank you, I see it." in page
        assert blind.author.name not in page
        actions.approve(blind.fresh(again), JUDGEMENT, by=blind.me(blind.tom))
        db.session.commit()
        assert f"{blind.author.name}: I did so" in words(tom.get(f"/review/{again.id}/text"))


def test_after_the_decision_the_name_is_shown(blind: Desk, client_for: Browser) -> None:
    with clock.at(THURSDAY):
        actions.approve(blind.fresh(), JUDGEMENT, by=blind.me(blind.tom))
        db.session.commit()
        assert blind.author.name in client_for(blind.tom).get(pages(blind)[-1]).text


def test_a_blind_decision_is_made_before_advice_is_seen(blind: Desk, client_for: Browser) -> None:
    peers = [factories.person(f"Peer {number}") for number in range(2)]
    for peer in peers:
        holds(peer, blind, 0.9, is_holder=True)
    ask()
    for peer in peers:
        give(blind, peer, "revise")
    with clock.at(THURSDAY + timedelta(hours=2)):
        page = words(client_for(blind.tom).get(pages(blind)[-1]))
        assert "Change first" not in page
        assert "Peer 0" not in page
        actions.approve(blind.fresh(), JUDGEMENT, by=blind.me(blind.tom))
        db.session.commit()
        assert "Peer 0" in words(client_for(blind.tom).get(pages(blind)[-1]))


def test_own_figures_compare_with_and_without(blind: Desk, client_for: Browser) -> None:
    with clock.at(THURSDAY):
        actions.approve(blind.fresh(), JUDGEMENT, by=blind.me(blind.tom))
        _lesson, other = factories.reviewed_lesson(factories.person("Bea"), blind.topic)
        actions.approve(blind.fresh(other), replace(JUDGEMENT, rubric=FAIR), by=blind.me(blind.tom))
        db.session.commit()
        found = figures.figures(figures.decisions_of(blind.tom.id), clock.now(), "UTC")
        assert (found.blind, found.seen) == (figures.Side(1, 4.5, 1), figures.Side(1, 3.25, 1))
        assert "hidden14.501shown13.251" in words(client_for(blind.tom).get("/review/mine"))


# known lessons


def test_what_a_comparison_says_is_kind() -> None:
    final = dict.fromkeys(FAIR, 3.5)
    assert calibrating.words_for(dict.fromkeys(FAIR, 4.0), final) == calibrating.WORDS["near"]
    assert calibrating.words_for(dict.fromkeys(FAIR, 4.5), final) == calibrating.WORDS["higher"]
    assert calibrating.words_for(dict.fromkeys(FAIR, 1.0), final) == calibrating.WORDS["lower"]


@pytest.fixture
def known(desk: Desk) -> Review:
    """A lesson that Uma decided about; Tom has just become a curator."""
    with clock.at(THURSDAY):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.uma))
        training.begin([desk.tom.id])
    db.session.commit()
    return desk.review


def test_a_new_curator_rates_a_known_lesson_and_sees_how_near_they_come(
    desk: Desk, known: Review, client_for: Browser
) -> None:
    tom, url = client_for(desk.tom), f"/review/calibration/{known.id}"
    data = {name: str(value) for name, value in FAIR.items()} | {"advice": "revise"}
    assert "Welcome as a curator" in words(tom.get("/review"))
    before = words(tom.get(url))
    assert "4.5" not in before.split("How good is it?")[0]
    tom.post(url, {"correct": "3.0"}, status=422)
    tom.post(url, data | {"advice": "perhaps"}, status=422)
    tom.post(url, data)
    after = words(tom.get(url))
    assert "You rate a little lower" in after
    assert "You: Change first. Decided: Publish." in after
    assert "Correct34.5" in after
    tom.post(url, data | {"correct": "5.0"})  # the first word counts
    assert "Correct34.5" in words(tom.get(url))
    assert figures.other_errors([desk.tom.id])[desk.tom.id] == [3.25 - 4.5]
    assert "Welcome as a curator" not in words(tom.get("/review"))
    assert desk.revision.title not in words(client_for(desk.uma).get("/review/calibration"))


def test_nobody_calibrates_on_what_is_theirs_or_foreign(desk: Desk, known: Review) -> None:
    other = factories.person("Other", roles=(("curator", factories.topic().id),))
    writing = factories.person("Writing", roles=(("curator", desk.topic.id),))
    desk.fresh().revision.writer_id = writing.id
    db.session.flush()
    for who in (other, writing, desk.uma):
        with pytest.raises(NotFound):
            calibrating.known_by_id(known.id, desk.me(who))
    with pytest.raises(NotValid):
        calibrating.rate(calibrating.known_by_id(known.id, desk.me(desk.tom)), {}, "publish", by=desk.me(desk.tom))


def test_nothing_is_suggested_before_that(desk: Desk, known: Review) -> None:
    with clock.at(THURSDAY):
        _lesson, review = factories.reviewed_lesson(factories.person("Bea"), desk.topic)
        holds(desk.tom, desk, 0.9)
        assigning.suggest("UTC")
        assert asked(review) == [desk.uma.id]
        calibrating.rate(calibrating.known_by_id(known.id, desk.me(desk.tom)), FAIR, "publish", by=desk.me(desk.tom))
        _lesson, review = factories.reviewed_lesson(factories.person("Ben"), desk.topic)
        assigning.suggest("UTC")
        assert asked(review) == [desk.tom.id]


def test_what_another_rated_keeps_nothing_from_a_new_curator(desk: Desk, known: Review) -> None:
    """Each is to rate it themselves before lessons are suggested to them."""
    mae = factories.person("Mae", roles=factories.curator_of(desk.topic.id))
    training.begin([mae.id])
    calibrating.rate(calibrating.known_by_id(known.id, desk.me(mae)), FAIR, "publish", by=desk.me(mae))
    with clock.at(THURSDAY):
        factories.reviewed_lesson(factories.person("Bea"), desk.topic)
    due = select(Person.id).where(training.is_new(Person.id))
    found = set(db.session.scalars(due))
    assert desk.tom.id in found
    assert not found & {mae.id, desk.uma.id}


def test_nobody_waits_for_what_they_cannot_meet(desk: Desk, known: Review, client_for: Browser) -> None:
    """An archived lesson is not there to be rated, so it keeps nothing from a new curator."""
    assert "Welcome as a curator" in words(client_for(desk.tom).get("/review"))
    showing.archive(factories.reloaded_lesson(desk.lesson.id), by=desk.me(desk.uma))
    db.session.commit()
    with clock.at(THURSDAY):
        _lesson, review = factories.reviewed_lesson(factories.person("Bea"), desk.topic)
        holds(desk.tom, desk, 0.9)
        assigning.suggest("UTC")
        assert asked(review) == [desk.tom.id]
    tom = client_for(desk.tom)
    assert "Welcome as a curator" not in words(tom.get("/review"))
    tom.get(f"/review/calibration/{known.id}", status=404)


def test_its_pages_keep_to_their_statements(
    desk: Desk, known: Review, client_for: Browser, statements: Statements
) -> None:
    tom = client_for(desk.tom)
    for url in ("/review/calibration", f"/review/calibration/{known.id}", "/review", "/review/mine"):
        db.session.expire_all()
        statements.clear()
        tom.get(url)
        assert len(statements) <= 5, f"{url}\n" + "\n".join(statements)
