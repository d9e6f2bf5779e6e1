"""A trusted author's small edits go live at once; one in ten is looked at, and a failed look takes the trust away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import amending, fileformat, minor
from peerlearn.lessons import queries as queries_of_lessons
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.points.models import LedgerEntry
from peerlearn.review import actions, looking, queries, trust, trusting
from peerlearn.review.models import Report, Review, TrustedEdit
from peerlearn.review.trust import Record, is_drawn, is_trusted
from tests import factories
from tests.factories import MONDAY
from tests.page import Client
from tests.review.test_pages import words

Browser = Callable[[Person], Client]
KNOWN = Record(lessons=3, rounds=(1, 1, 2), ratings=(4.0, 3.0, 4.5))
WHY = "It says something else now: the order of the steps matters."
LATER = MONDAY + timedelta(days=30)


# the law


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (KNOWN, True),
        (replace(KNOWN, lessons=2), False),
        (replace(KNOWN, rounds=(1, 2, 2)), False),
        (replace(KNOWN, ratings=(3.0, 3.5)), False),
        (replace(KNOWN, ratings=()), False),
        (replace(KNOWN, was_blamed=True), False),
        (replace(KNOWN, failed_audit=True), False),
        (Record(), False),
    ],
)
def test_who_is_trusted(record: Record, expected: bool) -> None:
    assert is_trusted(record) is expected


def test_chance_chooses_one_in_ten_and_depends_on_the_secret() -> None:
    def drawn(secret: str) -> list[int]:
        return [number for number in range(5_000) if is_drawn(secret, "audit", 7, number, share=trust.POLICY.audited)]

    mine, theirs = drawn("a secret"), drawn("another secret")
    assert 430 < len(mine) < 570
    assert mine == drawn("a secret")
    assert len(set(mine) & set(theirs)) < 100  # knowing one tells nothing of the other


# on a database


class Shop:
    """An author with three published lessons in one topic, and two curators of it."""

    def __init__(self) -> None:
        self.topic = factories.topic()
        self.author = factories.person("Ada Author")
        self.tom, self.uma = (factories.person(name, roles=(("curator", self.topic.id),)) for name in ("Tom", "Uma"))
        with clock.at(MONDAY):
            self.lessons = [factories.published_lesson(self.author, self.topic) for _ in range(3)]

    def edit(self, old: str = "Then show each step.", new: str = "Then show every step.", lesson: int = 0) -> Revision:
        author = factories.reloaded(self.author)
        draft = lessons.revise(db.session.get_one(Lesson, self.lessons[lesson].id), by=author)
        lessons.save_draft(draft, draft.source.replace(old, new, 1), base_version=draft.version, by=author)
        lessons.submit(draft, by=author)
        db.session.commit()
        return draft

    def audited(self) -> TrustedEdit:
        """A small edit that chance chose."""
        self.edit("Then show each step.", "Then show each single step.")
        edit = db.session.scalars(select(TrustedEdit).order_by(TrustedEdit.id.desc())).first()
        assert edit is not None
        edit.is_drawn = True
        db.session.commit()
        return edit


@pytest.fixture
def shop(db: Any) -> Shop:
    return Shop()


@pytest.fixture(autouse=True)
def _later() -> Any:
    with clock.at(LATER):
        yield


def history(shop: Shop, client_for: Browser) -> str:
    return words(client_for(shop.author).get(f"/write/{shop.lessons[0].id}/history"))


SMALL = ("Then show each step.", "Then show each single step.")


def test_a_small_edit_is_live_at_once_and_stands_in_the_history(shop: Shop, client_for: Browser) -> None:
    lesson = shop.lessons[0]
    before, points = lesson.published_id, db.session.scalars(select(LedgerEntry.id)).all()
    draft = shop.edit(*SMALL)
    db.session.refresh(lesson)
    assert (draft.state, lesson.published_id, lesson.major) == ("published", draft.id, 1)
    assert before is not None
    assert db.session.get_one(Revision, before).state == "superseded"
    assert draft.extras["rating"] == 4.5
    assert lesson.verified_at == MONDAY  # nobody read the whole again
    assert db.session.scalar(select(Review).where(Review.revision_id == draft.id)) is None
    assert db.session.scalars(select(LedgerEntry.id)).all() == points
    assert len(db.session.scalars(select(Fact).where(Fact.type == "SmallEditWentLive")).all()) == 1
    assert "Ada Author mended a detail, and it was live at once" in history(shop, client_for)


@pytest.mark.parametrize("why", ["large", "new here", "blamed", "hidden", "sent back"])
def test_everything_else_waits_for_a_curator(shop: Shop, why: str) -> None:
    change = SMALL
    if why == "large":
        change = ("What comes first?", "What is it that comes first?")
    elif why == "new here":
        shop.author = factories.person("Somebody")
        shop.lessons[0] = factories.published_lesson(shop.author, shop.topic)
    elif why == "blamed":
        lesson = shop.lessons[1]
        where = {"lesson_id": lesson.id, "revision_id": lesson.published_id, "topic_id": shop.topic.id}
        who = {"reporter_id": shop.tom.id, "decided_by_id": shop.uma.id, "decided_at": LATER - timedelta(days=179)}
        db.session.add(Report(**where, **who, kind="wrong", state="upheld"))
    elif why == "hidden":
        shop.lessons[0].state = "quarantined"
    draft = shop.edit(*change)
    if why == "sent back":
        assert draft.state == "published"
        draft = shop.edit("What comes first?", "What is it that comes first?")
    assert (draft.state, queries.latest_review(draft.id) is not None) == ("submitted", True)


def test_what_was_sent_back_is_reviewed_again_however_small(shop: Shop) -> None:
    draft = shop.edit("What comes first?", "What is it that comes first?")
    review = queries.latest_review(draft.id)
    assert review is not None
    tom, author = factories.reloaded(shop.tom), factories.reloaded(shop.author)
    seen = queries.review_to_change(review.id, tom)
    assert seen is not None
    actions.remark(
        seen.review, actions.Words("blocking", actions.Place(), actions.written("As it was, please.")), by=tom
    )
    actions.request_changes(seen.review, actions.Judgement({}, {}), by=tom)
    text = draft.source.replace("What is it that comes first?", "What comes first?").replace(*SMALL)
    lessons.save_draft(draft, text, base_version=draft.version, by=author)
    lessons.submit(draft, by=author)
    assert draft.state == "submitted"


def test_many_small_edits_are_no_small_one(shop: Shop) -> None:
    """What is measured is how far a text is from the last one that a curator read."""
    text = "Then show each step."
    states = []
    for word in (
        "plain",
        "calm",
        "steady",
        "patient",
        "tidy",
        "gentle",
        "modest",
        "kindly",
        "friendly",
        "proper",
        "neat",
    ):
        longer = text.replace(" step.", f" {word} step.")
        draft = shop.edit(text, longer)
        states.append(draft.state)
        if draft.state != "published":
            break
        text = longer
    assert states == ["published"] * (len(states) - 1) + ["submitted"]
    assert 2 <= len(states) <= minor.POLICY.words + 1
    waiting = queries.latest_review(draft.id)
    assert waiting is not None
    factories.approve(waiting, factories.reloaded(shop.tom))
    assert shop.edit(longer, longer.replace(" step.", " handsome step.")).state == "published", "it was read again"


@pytest.mark.parametrize(("verdict", "state"), [("fine", "published"), ("", "submitted")])
def test_what_was_looked_at_counts_as_read(shop: Shop, verdict: str, state: str) -> None:
    source = db.session.get_one(Revision, shop.lessons[0].published_id).source
    most = int(minor.POLICY.share * len(queries_of_lessons.card_text(fileformat.parse(source)).split()))
    more = "gentle " * (most // 2 + 1)  # twice as many are too many
    assert shop.edit("Then show each step.", f"Then show each {more}step.").state == "published"
    edit = db.session.scalars(select(TrustedEdit)).one()
    edit.is_drawn = True
    db.session.commit()
    if verdict:
        looking.judge(looking.EDIT, edit.id, verdict, "", by=factories.reloaded(shop.tom))
        db.session.commit()
    assert shop.edit("example stands here.", f"example {more}stands here.").state == state


def test_what_a_curator_put_in_is_not_taken_back_unread(shop: Shop) -> None:
    lesson = queries_of_lessons.lesson_by_id(shop.lessons[0].id)
    assert lesson is not None
    source = db.session.get_one(Revision, lesson.published_id).source
    better = source.replace("Then show each step.", "Then show each careful step.")
    amending.amend(lesson, lessons.prepare(lesson, better), writer=factories.person(), by=factories.reloaded(shop.tom))
    db.session.commit()
    assert shop.edit("Then show each careful step.", "Then show each step.").state == "submitted"
    assert shop.edit("Then show each step.", "Then show each single step.", lesson=1).state == "published"


def test_only_what_chance_chose_is_looked_at(shop: Shop, client_for: Browser) -> None:
    shop.edit(*SMALL)
    edit = db.session.scalars(select(TrustedEdit)).one()
    assert edit.is_drawn is trusting.is_drawn(edit.lesson_id, edit.revision_id)
    edit.is_drawn = False
    db.session.commit()
    tom = factories.reloaded(shop.tom)
    assert looking.to_look_at(tom).rows == []
    client_for(shop.tom).get(f"/review/audits/{edit.id}", status=404)


def test_a_curator_finds_it_right(shop: Shop, client_for: Browser) -> None:
    edit, tom = shop.audited(), client_for(shop.tom)
    assert "1 lesson to look at afterwards" in words(tom.get("/review"))
    assert shop.lessons[0].title in words(tom.get("/review/audits"))
    assert "[added: single ]" in words(tom.get(f"/review/audits/{edit.id}"))
    tom.post(f"/review/audits/{edit.id}", {"verdict": "fine"}, to="/review/audits")
    assert "to look at afterwards" not in words(tom.get("/review"))
    assert "found it right" in history(shop, client_for)
    assert shop.edit("Then show each single step.", "Then show each and every single step.").state == "submitted"
    assert shop.edit("Take care", "Take care", lesson=1).state != "published"
    assert shop.edit(*SMALL, lesson=2).state == "published"


def test_a_failed_look_takes_the_trust_away_for_a_while(shop: Shop, client_for: Browser) -> None:
    edit, tom = shop.audited(), client_for(shop.tom)
    tom.post(f"/review/audits/{edit.id}", {"verdict": "failed", "reason": "No."}, status=422)
    tom.post(f"/review/audits/{edit.id}", {"verdict": "failed", "reason": WHY})
    assert WHY in history(shop, client_for)
    assert db.session.scalars(select(Notice.person_id).where(Notice.kind == "audit_failed")).all() == [shop.author.id]
    assert shop.edit(*SMALL, lesson=1).state == "submitted"
    with clock.at(LATER + timedelta(days=89)):
        assert not is_trusted(trusting.record_of(shop.author.id, shop.topic.id, clock.now()))
    with clock.at(LATER + timedelta(days=91)):
        assert is_trusted(trusting.record_of(shop.author.id, shop.topic.id, clock.now()))
        assert shop.edit(*SMALL, lesson=2).state == "published"


def test_who_may_look_at_it(shop: Shop) -> None:
    edit = shop.audited()
    other = factories.person("Other", roles=(("curator", factories.topic().id),))
    with pytest.raises(NotFound):
        looking.judge(looking.EDIT, edit.id, "fine", "", by=factories.reloaded(other))
    writing = factories.person("Writing", roles=(("curator", shop.topic.id),))
    db.session.get_one(Revision, edit.base_id).writer_id = writing.id
    db.session.flush()
    with pytest.raises(NotAllowed):
        looking.judge(looking.EDIT, edit.id, "fine", "", by=factories.reloaded(writing))
    admin = factories.person("Admin", roles=(("admin", 0),))
    with pytest.raises(NotValid):
        looking.judge(looking.EDIT, edit.id, "", "", by=factories.reloaded(admin))
    looking.judge(looking.EDIT, edit.id, "fine", "", by=factories.reloaded(admin))
    with pytest.raises(Conflict):
        looking.judge(looking.EDIT, edit.id, "failed", WHY, by=factories.reloaded(shop.tom))


def test_every_verdict_has_its_line() -> None:
    verdicts = {f"{kind.act}_{verdict}" for kind in looking.KINDS for verdict in kind.verdicts}
    assert set(trust.TOLD) == {"publish_edit", *verdicts}
