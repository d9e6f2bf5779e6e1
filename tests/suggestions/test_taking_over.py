"""A curator who takes a reader's words over decides: it counts, it is measured, it may be looked at, and it binds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.errors import Conflict, NotAllowed, TooMany
from peerlearn.inbox.models import Notice
from peerlearn.lessons import actions as lessons
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.review import looking, pace, queries, recusing, taking_over, trust, trusting
from peerlearn.review.models import Review, TrustedEdit
from peerlearn.suggestions import access
from tests import factories
from tests.factories import MONDAY, reloaded, suggested
from tests.page import Client
from tests.review.test_pages import words
from tests.suggestions.test_actions import NEW, OLD, Case, paid, told
from tests.suggestions.test_actions import case as case  # the fixture

Browser = Callable[[Person], Client]
BIG = "Begin with everything that a reader, a visitor or a guest could ever wish to achieve at work."
WHY = "It says something else now: the order of the steps matters."


@pytest.fixture(autouse=True)
def _later() -> Any:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def other(case: Case) -> Person:
    return factories.person("Other", roles=(("curator", case.topic.id),))


def edits() -> list[TrustedEdit]:
    return list(database.session.scalars(select(TrustedEdit).order_by(TrustedEdit.id)))


def review_of(revision: Revision | None) -> Review:
    assert revision is not None
    return database.session.scalars(select(Review).where(Review.revision_id == revision.id)).one()


def drawn(edit: TrustedEdit) -> TrustedEdit:
    """As if chance had chosen it."""
    edit.is_drawn = True
    database.session.commit()
    return edit


# what is small


def test_a_small_one_is_live_and_on_record(case: Case) -> None:
    before = case.published()
    taken = case.accept(case.suggest(), case.curator)
    (edit,) = edits()
    assert taken.is_published
    assert (edit.revision_id, edit.base_id) == (case.published().id, before.id)
    assert (edit.person_id, edit.accepted_by_id, edit.at) == (case.reader.id, case.curator.id, MONDAY)
    assert edit.is_drawn is trusting.is_drawn(edit.lesson_id, edit.revision_id)


def test_another_curator_looks_at_what_chance_chose(case: Case, other: Person, client_for: Browser) -> None:
    case.accept(case.suggest(), case.curator)
    edit = drawn(edits()[0])
    assert looking.to_see(looking.EDIT, edit.id, reloaded(case.curator)).refusal == looking.APPROVED
    desk, theirs = client_for(other), client_for(case.curator)
    assert "1 lesson to look at afterwards" in words(desk.get("/review"))
    assert "to look at afterwards" not in words(theirs.get("/review"))
    for page in ("/review/audits", f"/review/audits/{edit.id}"):
        assert "taken over by Curator" in words(desk.get(page))
    with pytest.raises(NotAllowed, match="go live"):
        looking.judge(looking.EDIT, edit.id, "fine", "", by=reloaded(case.curator))
    looking.judge(looking.EDIT, edit.id, "fine", "", by=reloaded(other))


def test_whoever_is_close_to_the_reader_does_not_look_at_it(case: Case, other: Person) -> None:
    database.session.add(Grant(person_id=other.id, role="lead", scope_id=case.reader.team_id or 0))
    case.accept(case.suggest(), case.curator)
    with pytest.raises(NotAllowed):
        looking.judge(looking.EDIT, drawn(edits()[0]).id, "fine", "", by=reloaded(other))


@pytest.mark.parametrize(("days", "is_live"), [(0, False), (89, False), (91, True)])
def test_after_a_failed_look_what_they_take_over_waits_for_a_while(
    case: Case, other: Person, days: int, is_live: bool
) -> None:
    case.accept(case.suggest(), case.curator)
    looking.judge(looking.EDIT, drawn(edits()[0]).id, "failed", WHY, by=reloaded(other))
    assert database.session.scalars(select(Notice.person_id).where(Notice.kind == "audit_failed")).all() == [
        case.curator.id
    ]
    lesson = factories.published_lesson(factories.person(), case.topic)
    with clock.at(MONDAY + timedelta(days=days)):
        assert not trusting.has_failed(case.reader.id, clock.now()), "whoever suggested it decided nothing"
        taken = case.accept(suggested(lesson, case.reader, OLD, NEW), case.curator)
        assert taken.is_published is is_live
        again = factories.published_lesson(factories.person(), case.topic)
        assert case.accept(suggested(again, case.reader, OLD, NEW), other).is_published


def test_many_small_ones_are_no_small_one(case: Case) -> None:
    """What is added in many small steps was read by nobody, whoever took it over."""
    live, text = [], OLD
    for word in ("busy", "kind", "calm", "tidy", "neat", "brave", "gentle", "patient", "modest", "proper", "friendly"):
        new = text.replace(" reader", f" {word} reader")
        live.append(case.accept(suggested(case.lesson, factories.person(), text, new), case.curator).is_published)
        if not live[-1]:
            break
        text = new
    assert live == [True] * (len(live) - 1) + [False]
    assert len(live) > 2


def test_an_author_does_not_take_it_back_unread(case: Case) -> None:
    """The author is trusted, and mended another line before a curator took something over."""
    for _ in range(2):
        factories.published_lesson(reloaded(case.author), case.topic)

    def edit(old: str, new: str) -> str:
        author = reloaded(case.author)
        draft = lessons.revise(database.session.get_one(Lesson, case.lesson.id), by=author)
        lessons.save_draft(draft, draft.source.replace(old, new, 1), base_version=draft.version, by=author)
        lessons.submit(draft, by=author)
        database.session.commit()
        return draft.state

    assert edit("Then show each step.", "Then show each single step.") == "published"
    case.accept(case.suggest(), case.curator)
    assert edit(NEW, OLD) == "submitted"


def test_what_is_put_together_by_hand_is_always_looked_at(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trusting, "is_drawn", lambda lesson_id, revision_id: False)
    _place, text = access.lesson_to_mend(case.lesson.slug, reloaded(case.reader)).text_at("card-1")
    suggestion = case.suggest()
    factories.republish(case.lesson, lambda source: source.replace(OLD, "Think of the reader."))
    taken = case.accept(suggestion, case.curator, by_hand=text.replace(OLD, "Think of the kind reader."))
    (edit,) = edits()
    assert (taken.is_published, edit.is_drawn, edit.person_id) == (True, True, case.curator.id)
    assert paid(case.reader) == [4]
    other = factories.published_lesson(factories.person(), case.topic)
    case.accept(suggested(other, case.reader, OLD, NEW), case.curator)
    assert edits()[1].is_drawn is False


# how fast


def test_taking_over_counts_in_the_pace(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "POLICY", pace.Policy(in_a_row=2, a_day=3))

    def one_more(moment: datetime) -> None:
        with clock.at(moment):
            lesson = factories.published_lesson(factories.person(), case.topic)
            case.accept(suggested(lesson, case.reader, OLD, NEW), case.curator)

    one_more(MONDAY)
    with clock.at(MONDAY):
        factories.approve(factories.reviewed_lesson(factories.person(), case.topic)[1], reloaded(case.curator))
    with pytest.raises(TooMany, match="five minutes"):
        one_more(MONDAY + timedelta(minutes=4))
    database.session.rollback()
    one_more(MONDAY + timedelta(minutes=6))
    with pytest.raises(TooMany, match="within a day"):
        one_more(MONDAY + timedelta(minutes=20))
    database.session.rollback()
    one_more(MONDAY + timedelta(days=1, minutes=1))


# what is more


def test_a_large_one_waits_like_any_text_and_keeps_its_credit(case: Case, other: Person) -> None:
    before = case.published()
    taken = case.accept(case.suggest(BIG, is_named=True), case.curator)
    assert (taken.is_published, taken.is_submitted, edits()) == (False, True, [])
    assert case.published().id == before.id
    review = review_of(taken.revision)
    assert (review.state, review.submitted_by_id) == ("open", case.reader.id)
    assert taken.revision is not None
    assert taken.revision.writer_id == case.reader.id
    assert BIG in taken.revision.source
    assert told(case.author) == ["suggestion_made", "suggestion_handed_in"]
    assert told(case.reader) == ["suggestion_accepted"]
    assert case.thanks().named == ((case.reader.id, "Reader"),)
    assert paid(case.reader) == [4]
    for person in (case.curator, other):  # whoever took it over reads it with rubric and checklist, or another does
        assert queries.standing(review, reloaded(person)).may_decide
    reader = reloaded(case.reader)
    database.session.add(Grant(person_id=reader.id, role="curator", scope_id=case.topic.id))
    database.session.commit()
    assert queries.standing(review_of(taken.revision), reloaded(case.reader)).had_a_hand
    case.approve(taken)
    assert BIG in case.published().source


def test_what_one_put_together_at_length_others_decide(case: Case, other: Person) -> None:
    _place, text = access.lesson_to_mend(case.lesson.slug, reloaded(case.reader)).text_at("card-1")
    taken = case.accept(case.suggest(), case.curator, by_hand=text.replace(OLD, BIG))
    review = review_of(taken.revision)
    assert queries.standing(review, reloaded(case.curator)).had_a_hand
    assert queries.standing(review, reloaded(other)).may_decide


def test_while_authors_write_only_what_is_small_goes_past_them(case: Case) -> None:
    draft = lessons.revise(case.lesson, by=case.author)
    database.session.commit()
    suggestion = case.suggest(BIG)
    with pytest.raises(Conflict) as refused:
        case.accept(suggestion, case.curator)
    assert refused.value.message == taking_over.BEING_WRITTEN
    database.session.rollback()
    assert case.accept(suggestion, case.author).revision is not None
    assert BIG in database.session.get_one(Revision, draft.id).source


def test_two_curators_decide_about_what_is_not_for_all(case: Case) -> None:
    front = f"classification: restricted\naudience: [{case.reader.team.slug}]\n"
    lesson = factories.published_lesson(reloaded(case.author), case.topic, front=front)
    taken = case.accept(suggested(lesson, reloaded(case.reader), OLD, NEW), case.curator)
    assert (taken.is_submitted, edits()) == (True, [])
    factories.approve(review_of(taken.revision), reloaded(case.curator))
    assert review_of(taken.revision).first_approved_by_id is not None


def test_who_is_trusted_elsewhere_publishes_nothing_here(case: Case, other: Person) -> None:
    """What waits since a curator's look failed does not go live because its writer is a trusted author of the topic."""
    for _ in range(3):
        factories.published_lesson(reloaded(case.reader), case.topic)
    assert trust.is_trusted(trusting.record_of(case.reader.id, case.topic.id, MONDAY))
    case.accept(case.suggest(), case.curator)
    looking.judge(looking.EDIT, drawn(edits()[0]).id, "failed", WHY, by=reloaded(other))
    lesson = factories.published_lesson(factories.person(), case.topic)
    taken = case.accept(suggested(lesson, reloaded(case.reader), OLD, NEW), case.curator)
    assert taken.revision is not None
    assert (taken.revision.state, len(edits())) == ("submitted", 1)


# who may not


def leads(case: Case) -> None:
    database.session.add(Grant(person_id=case.curator.id, role="lead", scope_id=case.reader.team_id or 0))


def is_led(case: Case) -> None:
    database.session.add(Grant(person_id=case.reader.id, role="lead", scope_id=case.curator.team_id or 0))


def leaves_it(case: Case) -> None:
    recusing.recuse(case.reader.email, by=case.curator)


def is_left(case: Case) -> None:
    recusing.recuse(case.curator.email, by=case.reader)


@pytest.mark.parametrize("tie", [leads, is_led, leaves_it, is_left])
@pytest.mark.parametrize("act", ["accept", "decline"])
def test_whoever_is_too_close_to_the_reader_decides_nothing(
    case: Case, other: Person, tie: Callable[[Case], None], act: str, client_for: Browser
) -> None:
    tie(case)
    suggestion = case.suggest()
    database.session.commit()
    with pytest.raises(NotAllowed):
        access.suggestion_to(act, suggestion.id, reloaded(case.curator))
    assert access.suggestion_to(act, suggestion.id, reloaded(other))
    assert "too close" in words(client_for(case.curator).get(f"/suggestions/{suggestion.id}"))
    another = case.suggest(by=factories.person())
    assert access.suggestion_to(act, another.id, reloaded(case.curator))
