"""Where a language model helped, a person checks each question before the lesson is handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons import actions, checking, fileformat
from peerlearn.lessons.checking import ALL, NotChecked, mark_of
from peerlearn.lessons.models import Lesson, QuestionCheck, Revision, Topic
from peerlearn.quizzes.question import Question
from peerlearn.review.models import Review
from tests import factories
from tests.conftest import Statements
from tests.page import Client, Page, text_of

Browser = Callable[[Person], Client]
AI = "ai_assisted: true\n"
SAID = "I checked the question, its key and its explanations."

# the law: what makes a question another one


def questions(text: str) -> tuple[Question, ...]:
    return fileformat.parse(text).questions


@pytest.fixture
def topic(db: Any) -> Topic:
    return factories.topic()


@pytest.fixture
def text(topic: Topic) -> str:
    return factories.lesson_text(topic, front=AI)


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ("", "", True),
        ("Every step is shown.", "Every step is shown twice.", False),
        ("Yes, each of them.", "Yes, all of them.", False),
        ("- [x] True ^a", "- [ ] True ^a", False),
        ("True ^a", "True ^z", True),  # an id says nothing
        ("People stop when it seems to work.", "People stop too early.", False),
    ],
)
def test_a_question_that_says_something_else_is_another_one(text: str, old: str, new: str, is_same: bool) -> None:
    assert old in text
    before, after = (sorted(map(mark_of, questions(each))) for each in (text, text.replace(old, new)))
    assert (before == after) is is_same


def test_the_mark_of_a_question_needs_no_ids(text: str) -> None:
    named = questions(text)
    bare = [
        replace(one, uid="", options=tuple(replace(option, uid="") for option in one.options), line=one.line + 9)
        for one in named
    ]
    assert list(map(mark_of, named)) == list(map(mark_of, bare))
    assert len(set(map(mark_of, named))) == 3


# on a database


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person("Ada Author")


@pytest.fixture
def draft(author: Person, text: str) -> Revision:
    _lesson, revision = actions.import_file(text, owner=author, by=author)
    assert revision is not None
    db.session.commit()
    return revision


def marks(revision: Revision) -> list[str]:
    return [mark_of(question) for question in questions(revision.source)]


def kept(revision: Revision) -> dict[str, int]:
    rows = select(QuestionCheck.mark, QuestionCheck.person_id).where(QuestionCheck.revision_id == revision.id)
    return dict(db.session.execute(rows).all())


def waiting(revision: Revision, by: Person, checked: list[str]) -> list[int]:
    """The questions that are still to be checked; none when it could be handed in."""
    try:
        actions.submit(revision, by=by, checked=checked)
    except NotChecked as error:
        db.session.rollback()
        return [number for number, mark in error.asked if mark not in checked]
    db.session.commit()
    return []


def test_each_question_is_asked_for(draft: Revision, author: Person) -> None:
    first, second, third = marks(draft)
    assert waiting(draft, author, []) == [1, 2, 3]
    assert waiting(draft, author, [first, third]) == [2]
    assert waiting(draft, author, ["x", second]) == [1, 3]
    assert kept(draft) == {}
    assert waiting(draft, author, [first, second, third]) == []
    assert (draft.state, kept(draft)) == ("submitted", dict.fromkeys((first, second, third), author.id))


def test_a_lesson_of_people_is_asked_for_nothing(author: Person, topic: Topic, statements: Statements) -> None:
    _lesson, revision = actions.import_file(factories.lesson_text(topic), owner=author, by=author)
    assert revision is not None
    assert waiting(revision, author, []) == []
    assert not [one for one in statements if "question_checks" in one]


def rewrite(revision: Revision, old: str, new: str, by: Person) -> None:
    assert old in revision.source
    text = revision.source.replace(old, new)
    actions.save_draft(revision, text, base_version=revision.version, by=by)


def test_only_what_changed_is_asked_for_again(draft: Revision, author: Person) -> None:
    other = factories.person("Ben Author")
    assert waiting(draft, author, marks(draft)) == []
    actions.withdraw(draft, by=author)
    rewrite(draft, "Yes, each of them.", "Yes, all of them.", other)
    db.session.commit()
    assert waiting(draft, other, []) == [2]
    assert waiting(draft, other, marks(draft)) == []
    first, second, third = marks(draft)
    assert kept(draft) == {first: author.id, second: other.id, third: author.id}


def published(draft: Revision, author: Person) -> Lesson:
    actions.submit(draft, by=author, checked=ALL)
    db.session.commit()
    topic_id = db.session.get_one(Lesson, draft.lesson_id).topic_id
    review = db.session.scalars(select(Review).where(Review.revision_id == draft.id)).one()
    factories.approve(review, factories.person(roles=factories.curator_of(topic_id)))
    return db.session.get_one(Lesson, draft.lesson_id)


def test_the_next_revision_keeps_who_checked_what(draft: Revision, author: Person) -> None:
    lesson = published(draft, author)
    other = factories.person("Ben Author")
    again = actions.revise(lesson, by=other)
    rewrite(again, "Go on", "Go further", other)
    db.session.commit()
    assert waiting(again, other, []) == []
    assert kept(again) == dict.fromkeys(marks(again), author.id)


def test_what_a_curator_published_before_is_not_asked_for(draft: Revision, author: Person) -> None:
    lesson = published(draft, author)
    for row in db.session.scalars(select(QuestionCheck)):
        db.session.delete(row)  # as if it had been published before anybody was asked
    again = actions.revise(lesson, by=author)
    rewrite(again, "People stop when it seems to work.", "People stop too early.", author)
    db.session.commit()
    assert waiting(again, author, []) == [3]
    last = marks(again)[2]
    assert waiting(again, author, [last]) == []
    assert kept(again) == {last: author.id}


# the pages


def fields(revision: Revision, source: str | None = None) -> dict[str, Any]:
    return {"source": revision.source if source is None else source, "base_version": str(revision.version)}


def asked(page: Page, *, ticked: bool = False) -> list[str]:
    boxes = [box for box in page.all("input") if box.get("name") == "checked"]
    return [box.get("value") for box in boxes if not ticked or box.get("checked") is not None]


def test_an_author_checks_them_one_by_one(draft: Revision, author: Person, client_for: Browser) -> None:
    browser, place = client_for(author), f"/write/{draft.lesson_id}"
    page = browser.post(f"{place}/submit", fields(draft), token_from=place, status=422)
    said = text_of(page.all("main")[0])
    assert asked(page) == marks(draft)
    assert said.count(SAID) == 3
    for part in ("3 questions to check", "Every step is shown.", "Yes, each of them.", "last step"):
        assert part in said
    first, second, third = marks(draft)
    page = browser.post(f"{place}/submit", fields(draft) | {"checked": [first, third]}, token_from=place, status=422)
    assert asked(page) == [first, second, third]
    assert asked(page, ticked=True) == [first, third]
    changed = draft.source.replace("Every step is shown.", "Every step is shown twice.")
    everything = [first, second, third]
    data = fields(draft, changed) | {"checked": everything}
    page = browser.post(f"{place}/submit", data, token_from=place, status=422)
    assert set(asked(page)) - set(asked(page, ticked=True)) == {mark_of(questions(changed)[1])}
    db.session.expire_all()
    assert db.session.get_one(Revision, draft.id).state == "draft"
    browser.post(f"{place}/submit", fields(draft) | {"checked": everything}, token_from=place, to="/write")
    db.session.expire_all()
    assert db.session.get_one(Revision, draft.id).state == "submitted"


def test_questions_without_ids_are_known_again(author: Person, topic: Topic, client_for: Browser) -> None:
    """Ids are added anew each time a text is read, until it is handed in."""
    lesson = actions.start_lesson(kind="how-to", title="A lesson of its own", topics=[topic], by=author)
    db.session.commit()
    revision = db.session.scalars(select(Revision).where(Revision.lesson_id == lesson.id)).one()
    bare = factories.lesson_text(topic, uid=lesson.uid, front=AI)
    for mark in (" ^a", " ^b", " ^c"):
        bare = bare.replace(f"{mark}\n", "\n")
    bare = "\n".join(line.partition(" ^")[0] if line.startswith("## ") else line for line in bare.split("\n"))
    browser, place = client_for(author), f"/write/{lesson.id}"
    page = browser.post(f"{place}/submit", fields(revision, bare), token_from=place, status=422)
    everything = asked(page)
    assert len(everything) == 3
    browser.post(f"{place}/submit", fields(revision, bare) | {"checked": everything}, token_from=place, to="/write")


@pytest.mark.parametrize("is_blind", [False, True])
def test_the_curator_sees_who_checked_them(
    draft: Revision, author: Person, client_for: Browser, statements: Statements, is_blind: bool
) -> None:
    other = factories.person("Ben Author")
    first, *rest = marks(draft)
    db.session.add(
        QuestionCheck(lesson_id=draft.lesson_id, revision_id=draft.id, mark=first, person_id=other.id, at=clock.now())
    )
    assert waiting(draft, author, rest) == []
    elsewhere = factories.person("Cora Author")
    another, its_review = factories.reviewed_lesson(elsewhere, factories.topic())
    of_it = {"lesson_id": another.id, "revision_id": its_review.revision_id, "mark": first}
    db.session.add(QuestionCheck(**of_it, person_id=elsewhere.id, at=clock.now()))
    review = db.session.scalars(select(Review).where(Review.revision_id == draft.id)).one()
    review.is_blind = is_blind
    db.session.commit()
    curator = client_for(factories.person(roles=factories.curator_of(review.topic_id)))
    curator.get("/review")
    address = f"/review/{review.id}/decision"
    db.session.expire_all()
    statements.clear()
    said = text_of(curator.get(address).all("main")[0])
    assert len(statements) <= 5, "\n".join(statements)
    assert "A language model helped with this lesson." in said
    assert ("Ben Author" in said) is not is_blind
    assert "Cora Author" not in said, "she checked another lesson"
    assert ("checked by an author" in said) is is_blind
    if not is_blind:
        assert "Each question was checked by" in said


def test_of_a_lesson_by_people_nothing_is_said(author: Person, topic: Topic, client_for: Browser) -> None:
    _lesson, review = factories.reviewed_lesson(author, topic)
    curator = client_for(factories.person(roles=factories.curator_of(topic.id)))
    assert "language model" not in text_of(curator.get(f"/review/{review.id}/decision").all("main")[0])


def test_no_question_is_waiting_where_all_are_answered_for(draft: Revision, author: Person) -> None:
    found = checking.answered_for(fileformat.parse(draft.source), author)
    assert set(found) == set(marks(draft))
    assert {check.person_id for check in found.values()} == {author.id}
