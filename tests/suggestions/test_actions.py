"""Suggesting, taking over and declining on a real database, with what follows: revisions, points, notices."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid, TooMany
from peerlearn.core.paging import PAGE, Page
from peerlearn.inbox.models import Notice
from peerlearn.learn import access as learn
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import crediting
from peerlearn.lessons.catching_up import Behind
from peerlearn.lessons.crediting import Thanks
from peerlearn.lessons.models import Lesson, LessonLink, Revision, Topic
from peerlearn.points import actions as points
from peerlearn.points.models import LedgerEntry, PointSum
from peerlearn.review.models import Review
from peerlearn.suggestions import access, actions, queries, rules
from peerlearn.suggestions.actions import Taken, Words
from peerlearn.suggestions.models import Suggestion
from tests import factories
from tests.factories import MONDAY, Walk, reloaded, suggested

OLD, NEW = "Start with what the reader wants to do.", "Begin with what the reader wants to achieve."
REASON = "The old sentence names it as people here do."


@dataclass
class Case:
    """A published lesson of an author, a curator of its topic, and a reader."""

    topic: Topic
    author: Person
    curator: Person
    reader: Person
    lesson: Lesson

    def suggest(self, new: str = NEW, by: Person | None = None, **words: Any) -> Suggestion:
        return suggested(self.lesson, by or self.reader, OLD, new, **words)

    def accept(self, suggestion: Suggestion, by: Person, by_hand: str | None = None) -> Taken:
        found = access.suggestion_to("accept", suggestion.id, reloaded(by))
        taken = actions.accept(found, by=reloaded(by), by_hand=by_hand)
        database.session.commit()
        database.session.expire_all()
        return taken

    def approve(self, taken: Taken) -> None:
        """Another curator lets go live what was handed in."""
        assert taken.revision is not None
        assert (taken.is_published, taken.is_submitted) == (False, True)
        review = database.session.scalars(select(Review).where(Review.revision_id == taken.revision.id)).one()
        factories.approve(review, factories.person(roles=(("curator", self.topic.id),)))
        database.session.commit()

    def thanks(self) -> Thanks:
        told = select(crediting.told()).select_from(Lesson).where(Lesson.id == self.lesson.id)
        return crediting.read(database.session.scalar(told))

    def published(self) -> Revision:
        database.session.expire_all()
        return database.session.get_one(Revision, database.session.get_one(Lesson, self.lesson.id).published_id)


@pytest.fixture
def case(db: Any) -> Case:
    topic = factories.topic()
    author = factories.person("Author")
    curator = factories.person("Curator", roles=(("curator", topic.id),))
    return Case(topic, author, curator, factories.person("Reader"), factories.published_lesson(author, topic))


def paid(person: Person, rule: str = "T4") -> list[int]:
    wanted = select(LedgerEntry.amount).where(LedgerEntry.person_id == person.id, LedgerEntry.rule == rule)
    return list(database.session.scalars(wanted.order_by(LedgerEntry.id)))


def told(person: Person) -> list[str]:
    wanted = select(Notice.kind).where(Notice.person_id == person.id, Notice.kind.startswith("suggestion"))
    return list(database.session.scalars(wanted.order_by(Notice.id)))


def test_a_curator_publishes_it(case: Case) -> None:
    before = case.published()
    suggestion = case.suggest(is_named=True)
    assert told(case.author) == ["suggestion_made"]
    taken = case.accept(suggestion, case.curator)
    now = case.published()
    assert taken.is_published
    assert (now.id, now.number, now.writer_id) == (
        taken.revision and taken.revision.id,
        before.number + 1,
        case.reader.id,
    )
    assert (before.state, now.state, now.is_major) == ("superseded", "published", False)
    assert now.source == before.source.replace(OLD, NEW)
    assert NEW in now.cards[0]["html"]
    assert told(case.reader) == ["suggestion_accepted"]
    assert told(case.author) == ["suggestion_made", "suggestion_published"]
    assert case.thanks() == Thanks(((case.reader.id, "Reader"),))
    assert paid(case.reader) == [4]
    assert paid(case.author) == paid(case.curator) == []
    with pytest.raises(Conflict):
        case.accept(suggestion, case.curator)
    assert not points.verify()


def test_what_a_curator_takes_over_cites_what_stands_in_it(case: Case) -> None:
    cited = "https://handbook.example.org/new"
    case.approve(case.accept(case.suggest(f"Begin with [the handbook]({cited})."), case.curator))
    links = select(LessonLink.link).where(LessonLink.lesson_id == case.lesson.id)
    assert database.session.scalars(links).all() == [cited]
    found = f"Begin with [the handbook]({cited})."
    case.approve(case.accept(suggested(case.lesson, case.reader, found, NEW), case.curator))
    assert database.session.scalars(links).all() == []


def test_what_a_curator_publishes_goes_into_the_draft_that_waits(case: Case) -> None:
    draft = lessons.revise(case.lesson, by=case.author)
    lessons.save_draft(
        draft, draft.source.replace("Yes, each of them.", "Yes."), base_version=draft.version, by=case.author
    )
    database.session.commit()
    taken = case.accept(case.suggest(), case.curator)
    database.session.refresh(draft)
    assert NEW in draft.source
    assert "> Yes.\n" in draft.source
    assert (draft.state, draft.base_id) == ("draft", taken.revision and taken.revision.id)
    lessons.submit(draft, by=case.author)  # it is still a sound text
    database.session.commit()
    with pytest.raises(Conflict):  # now a text waits for a decision, which comes first
        case.accept(suggested(case.lesson, factories.person(), NEW, "Begin."), case.curator)


def test_an_authors_draft_that_says_otherwise_stays_theirs(case: Case) -> None:
    draft = lessons.revise(case.lesson, by=case.author)
    mine = draft.source.replace(OLD, "Here I wrote another sentence.")
    lessons.save_draft(draft, mine, base_version=draft.version, by=case.author)
    database.session.commit()
    case.accept(case.suggest(), case.curator)
    database.session.refresh(draft)
    assert draft.source == mine
    with pytest.raises(Behind):  # their next text would take back what a curator found right
        lessons.submit(draft, by=case.author)
    assert draft.state == "draft"


def test_an_author_hands_it_in_with_one_click(case: Case) -> None:
    taken = case.accept(case.suggest(), case.author)
    assert taken.is_submitted
    assert taken.revision is not None
    assert NEW in taken.revision.source
    assert NEW not in case.published().source
    review = database.session.scalars(select(Review).where(Review.revision_id == taken.revision.id)).one()
    assert (review.state, review.submitted_by_id) == ("open", case.author.id)
    assert paid(case.reader) == [4]
    with pytest.raises(Conflict):  # what is in review is not written in
        case.accept(case.suggest("Begin.", by=factories.person()), case.author)


def test_an_author_takes_it_into_the_draft_that_is_there(case: Case) -> None:
    draft = lessons.revise(case.lesson, by=case.author)
    lessons.save_draft(
        draft, draft.source.replace("Yes, each of them.", "Yes."), base_version=draft.version, by=case.author
    )
    database.session.commit()
    taken = case.accept(case.suggest(), case.author)
    assert taken.revision is draft
    assert not taken.is_submitted
    assert NEW in draft.source
    assert draft.state == "draft"


def test_what_does_not_fit_is_put_together_by_hand(case: Case) -> None:
    suggestion = case.suggest()
    factories.republish(case.lesson, lambda source: source.replace(OLD, "Think of the reader first."))
    with pytest.raises(Conflict):
        case.accept(suggestion, case.curator)
    database.session.expire_all()
    _place, text = access.lesson_to_mend(case.lesson.slug, case.reader).text_at("card-1")
    both = text.replace("Think of the reader first.", "Think first of what the reader wants to achieve.")
    with pytest.raises(NotValid):
        case.accept(suggestion, case.curator, by_hand="No heading")
    taken = case.accept(suggestion, case.curator, by_hand=both)
    assert taken.revision is not None
    assert taken.revision.writer_id == case.curator.id, "what somebody puts together are their own words"
    case.approve(taken)
    assert "Think first of what the reader wants to achieve." in case.published().source
    assert paid(case.reader) == [4]


def test_a_text_that_says_so_already_thanks_and_pays_nothing(case: Case) -> None:
    suggestion = case.suggest()
    factories.republish(case.lesson, lambda source: source.replace(OLD, NEW))
    number = case.published().number
    taken = case.accept(suggestion, case.curator)
    assert taken.revision is None
    assert case.published().number == number
    assert paid(case.reader) == [0]
    assert case.thanks() == Thanks((), 1)


def test_looks_alone_pay_nothing(case: Case) -> None:
    case.accept(case.suggest(OLD.replace("reader", "**reader**")), case.curator)
    assert paid(case.reader) == [0]


def test_nobody_decides_about_their_own_words_or_when_too_close(case: Case) -> None:
    other = factories.person("Curator too", roles=(("curator", case.topic.id),))
    mine = case.suggest(by=reloaded(other))
    with pytest.raises(NotAllowed):
        access.suggestion_to("accept", mine.id, reloaded(other))
    lead = factories.person("Lead", roles=(("curator", case.topic.id), ("lead", case.author.team_id or 0)))
    for stranger in (factories.person(), factories.person(roles=(("curator", factories.topic().id),))):
        with pytest.raises(NotFound):
            access.suggestion_to_see(mine.id, reloaded(stranger))
    with pytest.raises(NotAllowed):
        access.suggestion_to("accept", mine.id, reloaded(lead))  # leads the author's team
    with pytest.raises(NotAllowed):
        access.suggestion_to("withdraw", mine.id, reloaded(case.curator))
    with pytest.raises(NotAllowed):
        case.suggest(by=case.author)
    actions.withdraw(access.suggestion_to("withdraw", mine.id, reloaded(other)), by=other)
    with pytest.raises(Conflict):
        access.suggestion_to("accept", mine.id, reloaded(case.curator))


def test_declining_says_why(case: Case) -> None:
    suggestion = case.suggest()
    found = access.suggestion_to("decline", suggestion.id, reloaded(case.curator))
    with pytest.raises(NotValid):
        actions.decline(found, "No.", by=case.curator)
    actions.decline(found, REASON, by=case.curator)
    database.session.commit()
    assert (suggestion.state, suggestion.reason) == ("declined", REASON)
    assert told(case.reader) == ["suggestion_declined"]
    assert paid(case.reader) == []
    assert not case.thanks()


def test_one_waits_at_each_place(case: Case) -> None:
    first = case.suggest()
    second = case.suggest("Begin where the reader stands.")
    assert second.id == first.id
    assert "Begin where the reader stands." in second.new
    values = {
        "lesson_id": case.lesson.id,
        "revision_id": first.revision_id,
        "place": first.place,
        "old": "",
        "new": "x",
    }
    database.session.add(Suggestion(**values, suggester_id=case.reader.id))
    with pytest.raises(IntegrityError):
        database.session.flush()
    database.session.rollback()
    assert told(case.author) == ["suggestion_made"]


def many(case: Case, count: int, **values: Any) -> list[int]:
    """So many suggestions of the reader's that were decided two by two, the ids of the newest first."""
    own = {"lesson_id": case.lesson.id, "revision_id": case.lesson.published_id, "suggester_id": case.reader.id}
    own |= {"place": "card-1", "old": "", "new": "x"}
    rows = [Suggestion(**own, **values, decided_at=MONDAY + timedelta(hours=number // 2)) for number in range(count)]
    database.session.add_all(rows)
    database.session.flush()
    return [row.id for row in reversed(rows)]


def pages(ask: Callable[[int | None], Page[Suggestion]]) -> list[list[int]]:
    found, before = list[list[int]](), None
    while True:
        page = ask(before)
        found.append([row.id for row in page.rows])
        if page.after is None:
            return found
        before = int(page.after)


@pytest.mark.parametrize("state", ["declined", "accepted"])
def test_what_one_suggested_and_what_was_taken_over_comes_in_pages(case: Case, state: str) -> None:
    """Nothing is left out however many there are, also where two were decided at the same moment."""
    ids = many(case, 45, state=state, decided_by_id=case.author.id)
    mine = pages(lambda before: queries.made_by(factories.reloaded(case.reader.id), before))
    assert [len(page) for page in mine] == [PAGE, PAGE, 5]
    assert [one for page in mine for one in page] == ids
    taken = pages(lambda before: queries.accepted_of(case.lesson.id, before))
    assert [one for page in taken for one in page] == (ids if state == "accepted" else [])


def test_a_person_is_held_to_so_many(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    for card in range(1, 4):
        suggested(case.lesson, case.reader, "##", "## New:", place=f"card-{card}")
    monkeypatch.setattr(actions, "POLICY", rules.Policy(waiting_maximum=3))
    other = factories.published_lesson(case.author, case.topic)
    with pytest.raises(TooMany):
        suggested(other, case.reader, OLD, NEW)
    database.session.rollback()
    monkeypatch.setattr(actions, "POLICY", rules.Policy(a_day=3))
    with pytest.raises(TooMany):
        suggested(other, case.reader, OLD, NEW)
    database.session.rollback()
    with clock.at(clock.now() + timedelta(days=1)):
        suggested(other, case.reader, OLD, NEW)


@pytest.mark.parametrize(("impact", "is_held"), [(99, True), (100, False)])
def test_from_guide_level_two_on_any_number_may_wait(
    case: Case, monkeypatch: pytest.MonkeyPatch, impact: int, is_held: bool
) -> None:
    for person, ip in ((case.reader, impact), (case.curator, 5_000)):
        database.session.add(PointSum(person_id=person.id, period="all", ip=ip, xp=5_000))
    database.session.add(PointSum(person_id=case.reader.id, period="w:2026-01-05", ip=5_000))
    database.session.commit()
    suggested(case.lesson, case.reader, "##", "## New:", place="card-1")
    monkeypatch.setattr(actions, "POLICY", rules.Policy(waiting_maximum=1, a_day=2))
    with pytest.raises(TooMany) if is_held else nullcontext():
        suggested(case.lesson, case.reader, "##", "## New:", place="card-2")
    with pytest.raises(TooMany):  # the bound of a day holds for all
        suggested(case.lesson, case.reader, "##", "## New:", place="card-3")


def test_what_could_not_be_published_is_refused_at_once(case: Case) -> None:
    here = access.lesson_to_mend(case.lesson.slug, case.reader)
    place, text = here.text_at("card-1")
    for wrong in (text, "No heading", f"{text}\n\n![](/media/{'0' * 64})", "## Begin\n\n" + "word " * 5_000):
        with pytest.raises(NotValid):
            actions.check(here, place, Words(wrong))
    with pytest.raises(NotValid):
        actions.check(here, place, Words(text + " More.", why="x" * 501))


def test_questions_open_when_they_were_answered(case: Case) -> None:
    def places(person: Person) -> list[str]:
        return [place.sort for place in access.lesson_to_mend(case.lesson.slug, person).places()]

    assert places(case.reader) == ["card"] * 3
    walk = Walk(case.reader, case.lesson.slug, MONDAY)
    walk.read()
    sitting = walk.start()
    with clock.at(walk.moment), pytest.raises(NotFound):
        access.lesson_to_mend(case.lesson.slug, case.reader).text_at(_second_question(case))
    for _ in sitting.attempt.asked:
        assert places(case.reader) == ["card"] * 3  # while the quiz is under way nothing shows a key
        walk.answer(sitting)
    database.session.commit()
    assert places(case.reader) == ["card"] * 3 + ["question"] * 3
    question = suggested(
        case.lesson, case.reader, "Yes, each of them.", "Yes, every one.", place=_second_question(case)
    )
    case.approve(case.accept(question, case.curator))
    assert "Yes, every one." in case.published().source
    assert case.published().is_major is False
    lesson, where = learn.lesson_to_read(case.lesson.slug, case.reader)
    assert where.passed
    assert lesson.major == 1


def _second_question(case: Case) -> str:
    here = access.lesson_to_mend(case.lesson.slug, case.reader)
    return f"question-{here.file.questions[1].uid}"


def test_the_second_between_two_people_pays_half_the_third_a_quarter(case: Case) -> None:
    """ENGINE E5: the pair factor of the 1st, 2nd, 3rd, 4th within 30 days is 1, 0.5, 0.25, 0."""
    words = [
        OLD,
        *(f"Start with what the {who} wants to do." for who in ("person", "visitor", "guest", "guide", "team")),
    ]
    with clock.at(MONDAY):
        for old, new in pairwise(words[:5]):
            case.accept(suggested(case.lesson, case.reader, old, new), case.curator)
        assert paid(case.reader) == [4, 2, 1, 0]
    with clock.at(MONDAY + timedelta(days=31)):
        case.accept(suggested(case.lesson, case.reader, words[4], words[5]), case.curator)
    assert paid(case.reader) == [4, 2, 1, 0, 4]
    receipt = database.session.scalars(
        select(LedgerEntry).where(LedgerEntry.rule == "T4", LedgerEntry.amount == 2)
    ).one()
    assert "half of the one before" in receipt.reason
    assert receipt.detail["lesson_id"] == case.lesson.id
    assert not points.verify()


def test_the_pair_counts_in_both_directions(case: Case) -> None:
    """The curator took over a reader's words; the reader, an author elsewhere, takes over the curator's."""
    theirs = factories.published_lesson(case.reader, case.topic)
    with clock.at(MONDAY):
        case.accept(case.suggest(), case.curator)
        case.accept(suggested(theirs, reloaded(case.curator), OLD, NEW), case.reader)
    assert (paid(case.reader), paid(case.curator)) == ([4], [2])


def test_five_a_day_pay(case: Case) -> None:
    with clock.at(MONDAY):
        for _ in range(6):
            lesson = factories.published_lesson(factories.person(), case.topic)
            judge = factories.person(roles=(("curator", case.topic.id),))
            case.accept(suggested(lesson, case.reader, OLD, NEW), judge)
    assert paid(case.reader) == [4, 4, 4, 4, 4, 0]


def test_a_lesson_thanks_everybody_once_and_keeps_a_name_that_was_given(case: Case) -> None:
    other = factories.person("Other")
    for person, is_named in ((case.reader, False), (other, False), (case.reader, True), (case.reader, False)):
        crediting.credit(case.lesson.id, person.id, is_named=is_named)
    database.session.commit()
    assert case.thanks() == Thanks(((case.reader.id, "Reader"),), 1)
