"""A new lesson that stands mostly in a lesson by others pays nothing, unless a curator finds it one of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import alike, fileformat, prints, visibility
from peerlearn.lessons.models import FormerAuthor, Lesson, Origin, Revision
from peerlearn.points import actions as points
from peerlearn.points.rule import Policy
from peerlearn.review import actions, copies, going_live, rules
from peerlearn.review.models import Review, ReviewAct
from tests import factories
from tests.conftest import Statements
from tests.factories import JUDGEMENT
from tests.page import Client
from tests.points.deeds import entries_of
from tests.review.test_actions import THURSDAY, Desk, facts
from tests.review.test_pages import RATED, address, words

Browser = Callable[[Person], Client]
ITS_OWN = replace(JUDGEMENT, is_its_own=True)
WRITTEN_ANEW = 30  # words at the end of each card: about a third of the new text


class Copyist(Desk):
    """A desk at which a lesson was published, and somebody else hands in most of its text under another title."""

    def __init__(self) -> None:
        super().__init__()
        self.approve(self.review)
        self.copyist = factories.person("Carl Copyist")

    def handed_in(self, by: Person, of: Lesson | None = None, new: int = WRITTEN_ANEW, origin: bool = False) -> Review:
        """This person hands in the text of a lesson, with so many words of their own in each card."""
        origin_id = (of or self.lesson).id
        text = db.session.scalars(select(Revision.source).where(Revision.lesson_id == origin_id)).one()
        text = re.sub(r"^id: .*\n|(?<= )\^\w{5,12}$", "", text, flags=re.MULTILINE)
        number = next(factories._numbers)
        text = re.sub(r"^title: .*$", f"title: Quite another headline {number}", text, flags=re.MULTILINE)
        own = " ".join(f"{chr(97 + place % 26)}{number}x{place}" for place in range(new))
        text = re.sub(r"^## (Begin|Go on|Take care)$", rf"## \1\n\nNow {own}.", text, flags=re.MULTILINE)
        with clock.at(THURSDAY):
            lesson, draft = lessons.import_file(text, owner=self.me(by), by=self.me(by))
            assert draft is not None
            if origin:
                db.session.add(Origin(lesson_id=lesson.id, origin_id=origin_id))
            lessons.submit(draft, by=self.me(by))
            db.session.commit()
        return db.session.scalars(select(Review).where(Review.revision_id == draft.id)).one()

    def approve(self, review: Review, judgement: actions.Judgement = JUDGEMENT) -> dict[str, Any]:
        """A curator approves it; the fact that tells of it."""
        with clock.at(THURSDAY):
            actions.approve(self.fresh(review), judgement, by=self.me(self.tom))
            db.session.commit()
        return facts("LessonApproved")[-1]


@pytest.fixture
def desk(db: Any) -> Copyist:
    return Copyist()


def paid(person: Person) -> tuple[int, str]:
    """What publishing brought somebody last, and why no more."""
    found = [entry for entry in entries_of(person) if entry.rule == "T1"]
    assert points.verify() == []
    return found[-1].amount, found[-1].reason


def said_own() -> list[tuple[int, int]]:
    """Of which submissions somebody said so, and who."""
    acts = select(ReviewAct.review_id, ReviewAct.actor_id).where(ReviewAct.act == "own_lesson")
    return [(review_id, person_id) for review_id, person_id in db.session.execute(acts)]


def test_what_is_told_to_curators_is_what_is_paid() -> None:
    told, paid = rules.POLICY, Policy()
    assert (told.copied_much, told.similar_too_much) == (paid.copied_limit, paid.similarity_limit)


def test_most_of_a_lesson_by_somebody_else_under_another_title_pays_nothing(desk: Copyist) -> None:
    told = desk.approve(desk.handed_in(desk.copyist))
    assert 0.5 <= told["copied"] < 0.9
    assert told["similarity"] < 0.85
    assert (told["stands_in"], told["is_its_own"]) == (desk.lesson.id, False)
    amount, reason = paid(desk.copyist)
    assert amount == 0
    assert reason.startswith("Most of its text stands in")
    assert paid(desk.author) == (20, "")


def test_less_than_half_is_paid(desk: Copyist) -> None:
    told = desk.approve(desk.handed_in(desk.copyist, new=200))
    assert 0.1 < told["copied"] < 0.5
    assert paid(desk.copyist) == (20, "")


def test_a_curator_can_find_it_a_lesson_of_its_own(desk: Copyist) -> None:
    review = desk.handed_in(desk.copyist)
    told = desk.approve(review, ITS_OWN)
    assert told["copied"] >= 0.5
    assert told["is_its_own"] is True
    assert said_own() == [(review.id, desk.tom.id)]
    assert paid(desk.copyist) == (20, "")


def test_that_is_said_of_no_lesson_of_which_it_is_not_asked(desk: Copyist) -> None:
    assert desk.approve(desk.handed_in(desk.copyist, new=200), ITS_OWN)["is_its_own"] is False
    assert desk.approve(desk.handed_in(factories.person(), new=0), ITS_OWN)["is_its_own"] is False
    assert said_own() == []


def test_what_was_said_of_one_submission_holds_for_no_other(desk: Copyist) -> None:
    desk.approve(desk.handed_in(desk.copyist), ITS_OWN)
    other = factories.person()
    assert desk.approve(desk.handed_in(other))["is_its_own"] is False
    assert paid(other)[0] == 0


def test_ones_own_text_may_be_taken_up_again(desk: Copyist) -> None:
    told = desk.approve(desk.handed_in(desk.author))
    assert (told["copied"], told["stands_in"]) == (0.0, None)
    assert paid(desk.author) == (20, "")


def test_a_lesson_is_by_others_where_one_of_its_new_authors_did_not_write_it(desk: Copyist) -> None:
    review = desk.handed_in(desk.author)
    factories.write_along(desk.fresh(review).lesson, desk.me(desk.copyist))
    assert desk.approve(review)["stands_in"] == desk.lesson.id


def test_whoever_was_an_author_wrote_it_too(desk: Copyist) -> None:
    db.session.add(FormerAuthor(lesson_id=desk.lesson.id, person_id=desk.copyist.id))
    db.session.commit()
    assert desk.approve(desk.handed_in(desk.copyist))["stands_in"] is None
    assert paid(desk.copyist) == (20, "")


def test_what_names_the_lesson_it_was_begun_from_is_paid_as_before(desk: Copyist) -> None:
    told = desk.approve(desk.handed_in(desk.copyist, origin=True))
    assert (told["copied"], told["stands_in"]) == (0.0, None)
    assert 0.4 < told["similarity"] < 0.85
    assert paid(desk.copyist) == (20, "")
    sibling = factories.person()
    told = desk.approve(desk.handed_in(sibling, origin=True))
    assert told["copied"] < 0.1, "what both took over from the lesson that both name"
    assert paid(sibling) == (20, "")


def test_naming_one_lesson_excuses_no_text_of_another(desk: Copyist) -> None:
    review = desk.handed_in(desk.copyist)
    db.session.add(Origin(lesson_id=review.lesson_id, origin_id=factories.published_lesson(None, desk.topic).id))
    assert desk.approve(review)["stands_in"] == desk.lesson.id


def test_two_copies_that_wait_together_are_compared_when_they_are_published(desk: Copyist) -> None:
    lesson, twin = factories.reviewed_lesson(factories.person(), desk.topic)
    late = factories.person()
    second = desk.handed_in(late, of=lesson)
    assert second.similar_id != lesson.id
    assert second.similarity < 0.3
    desk.approve(twin)
    told = desk.approve(second)
    again = desk.fresh(second)
    assert (again.similar_id, told["stands_in"]) == (lesson.id, lesson.id)
    assert 0.4 < again.similarity == told["similarity"]
    assert paid(late)[0] == 0


def test_two_copies_that_go_live_on_one_day_are_compared(desk: Copyist) -> None:
    lesson, twin = factories.reviewed_lesson(factories.person(), desk.topic)
    second = desk.handed_in(factories.person(), of=lesson)
    for review in (twin, second):
        with clock.at(THURSDAY):
            moment = THURSDAY + timedelta(days=1)
            actions.approve(desk.fresh(review), JUDGEMENT, by=desk.me(desk.tom), goes_live_at=moment)
    with clock.at(THURSDAY + timedelta(days=1)):
        going_live.go_live_due()
        db.session.commit()
    told = {fact["lesson_id"]: fact for fact in facts("LessonApproved")[-2:]}
    copied = [fact["stands_in"] for fact in told.values() if fact["copied"] >= 0.5]
    assert set(told) == {lesson.id, second.lesson_id}
    assert len(copied) == 1
    assert copied[0] in told


def test_a_new_version_is_not_compared_again(desk: Copyist) -> None:
    review = desk.handed_in(desk.copyist)
    desk.approve(review)
    before = desk.fresh(review).similarity
    lesson = desk.fresh(review).lesson
    factories.republish(lesson, lambda text: text.replace("Then show", "Next show"))
    told = facts("LessonApproved")[-1]
    assert (told["is_first"], told["copied"], told["is_its_own"]) == (False, 0.0, False)
    assert before > 0.4


def test_looking_again_takes_as_many_statements_however_many_are_alike(desk: Copyist, statements: Statements) -> None:
    def asked() -> int:
        review = desk.fresh(desk.handed_in(factories.person()))
        statements.clear()
        copies.look_again(review)
        return len(statements)

    few = asked()
    for _ in range(4):
        desk.approve(desk.handed_in(factories.person()))
    assert asked() == few <= 3, "\n".join(statements)


def test_what_counts_is_how_much_of_the_new_text_is_taken_however_long_the_other_one_is() -> None:
    def text(numbers: range) -> str:
        return f"---\ntitle: A lesson\n---\n\n## Card\n\n{' '.join(f'word{number}' for number in numbers)}\n"

    of = {1: range(80, 300), 2: range(2_000), 3: range(5_000, 5_100)}
    rows = [SimpleNamespace(id=number, slug="", title="", source=text(words)) for number, words in of.items()]
    mine = fileformat.parse(text(range(100)))
    found = alike.holding_most(mine, rows, [])
    assert found is not None
    assert (found.lesson_id, found.score > 0.95) == (2, True)
    apart = alike.holding_most(mine, rows, [text(range(60))])
    assert apart is not None
    assert (apart.lesson_id, 0.35 < apart.score < 0.45) == (2, True)
    assert alike.holding_most(mine, rows[2:], []) is None


def test_a_curator_reads_what_stands_where_and_the_author_who_said_what(desk: Copyist, client_for: Browser) -> None:
    desk.review = desk.handed_in(desk.copyist)
    tom, carl = client_for(desk.tom), client_for(desk.copyist)
    page = words(tom.get(address(desk, "/decision")))
    assert "% of this text stands in a lesson by others" in page
    assert db.session.get_one(Lesson, desk.lesson.id).title in page
    tom.post(address(desk, "/approve"), RATED | {"is_its_own": "y"}, token_from="/review", to="/review")
    assert "Tom Curator found it a lesson of its own" in words(carl.get(f"/write/{desk.review.lesson_id}/history"))
    assert "by others" not in words(tom.get(address(desk, "/decision")))


def test_a_lesson_of_its_own_is_not_asked_about(desk: Copyist, client_for: Browser) -> None:
    _lesson, desk.review = factories.reviewed_lesson(desk.copyist, desk.topic)
    assert "by others" not in words(client_for(desk.tom).get(address(desk, "/decision")))


def test_the_receipt_names_the_other_lesson_to_whoever_may_know_of_it(desk: Copyist, client_for: Browser) -> None:
    desk.approve(desk.handed_in(desk.copyist))
    carl, other = client_for(desk.copyist), db.session.get_one(Lesson, desk.lesson.id)
    assert f"Most of its text stands in “{other.title}”, which others wrote." in words(carl.get("/points"))
    other.classification = "confidential"
    db.session.commit()
    page = words(carl.get("/points"))
    assert "Most of its text stands in “a lesson”, which others wrote." in page
    assert other.title not in page


def close(desk: Copyist, classification: str, *readers: Person) -> Lesson:
    """Let the lesson that was copied be for these people and its authors alone."""
    lesson, team = db.session.get_one(Lesson, desk.lesson.id), factories.team()
    visibility.classify(lesson, classification, [team.slug])
    if classification == "confidential":
        prints.forget(lesson.id)
    for reader in readers:
        db.session.get_one(Person, reader.id).team_id = team.id
    db.session.commit()
    return lesson


@pytest.mark.parametrize("classification", ["restricted", "confidential"])
def test_a_fork_that_is_the_same_as_a_closed_lesson_pays_nothing(desk: Copyist, classification: str) -> None:
    review = desk.handed_in(desk.copyist, new=0, origin=True)
    close(desk, classification, desk.copyist)
    told = desk.approve(review)
    assert (told["similarity"] >= 0.85, told["copied"], told["stands_in"]) == (True, 0.0, None), told["similarity"]
    assert (desk.fresh(review).similarity, desk.fresh(review).similar_id) == (0.0, None), "nobody is told of it"
    assert paid(desk.copyist) == (0, "It is nearly the same as a lesson that exists.")


@pytest.mark.parametrize("classification", ["restricted", "confidential"])
def test_a_fork_of_a_closed_lesson_that_goes_on_from_it_is_paid(desk: Copyist, classification: str) -> None:
    review = desk.handed_in(desk.copyist, origin=True)
    close(desk, classification, desk.copyist)
    assert desk.approve(review)["similarity"] < 0.85
    assert paid(desk.copyist) == (20, "")


@pytest.mark.parametrize("classification", ["restricted", "confidential"])
def test_a_copy_of_a_closed_lesson_pays_nothing_and_tells_no_curator_of_it(
    desk: Copyist, client_for: Browser, classification: str
) -> None:
    desk.review = desk.handed_in(desk.copyist)
    title = close(desk, classification, desk.copyist).title
    stranger = factories.person(roles=factories.curator_of(desk.topic.id))
    for part in ("", "/decision", "/background"):
        page = words(client_for(stranger).get(address(desk, part)))
        assert "by others" not in page
        assert "similar lesson" not in page
        assert title not in page
    told = desk.approve(desk.review, ITS_OWN)
    assert (told["copied"] >= 0.5, told["stands_in"], told["is_its_own"]) == (True, desk.lesson.id, False)
    assert said_own() == []
    amount, reason = paid(desk.copyist)
    assert amount == 0
    assert reason.startswith("Most of its text stands in")


@pytest.mark.parametrize("classification", ["restricted", "confidential"])
def test_whoever_may_not_open_a_closed_lesson_learns_nothing_of_it(desk: Copyist, classification: str) -> None:
    review = desk.handed_in(desk.copyist, new=0)
    close(desk, classification, factories.person())
    told = desk.approve(review)
    assert (told["similarity"], told["copied"], told["stands_in"]) == (0.0, 0.0, None)
    assert paid(desk.copyist) == (20, "")


@pytest.mark.parametrize("classification", ["restricted", "confidential"])
def test_ones_own_closed_lesson_is_not_paid_twice(desk: Copyist, classification: str) -> None:
    review = desk.handed_in(desk.author, new=0)
    close(desk, classification)
    told = desk.approve(review)
    assert (told["copied"], told["similarity"] >= 0.85) == (0.0, True)
    assert paid(desk.author) == (0, "It is nearly the same as a lesson that exists.")
