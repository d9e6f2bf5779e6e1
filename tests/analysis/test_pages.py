"""The pages on questions: who sees what, and that few people are never shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.analysis import actions, words
from peerlearn.analysis.models import ItemFlag
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.lessons.models import Lesson
from peerlearn.points import actions as points
from peerlearn.quizzes.models import Item
from tests import factories
from tests.analysis.crowd import Reply, Room, caught_up, room
from tests.factories import Walk
from tests.page import Client, text_of

Browser = Callable[[Person], Client]
REASON = "I checked the manual, and it says exactly this."


@pytest.fixture
def here(db: object) -> Room:
    topic = factories.topic()
    lesson = factories.published_lesson(factories.person("Author"), topic)
    return room(lesson)


def curator_of(here: Room) -> Person:
    return factories.person("Curator", roles=(("curator", here.lesson.topic_id),))


def people_answer(here: Room, count: int, given: str, confidence: str = "certain", typed: str = "last step") -> None:
    for _ in range(count):
        here.take(factories.person(team=None), Reply(0, (given,), confidence), Reply(1, ("a",)), Reply(2, (typed,)))
    caught_up()
    database.session.commit()


def author_of(here: Room) -> Person:
    return database.session.get_one(Person, here.lesson.owner_id)


def flag_id(here: Room) -> int:
    wanted = select(ItemFlag.id).where(ItemFlag.lesson_id == here.lesson.id, ItemFlag.level == "red")
    return database.session.scalars(wanted).one()


def test_nothing_is_shown_before_five_people_have_answered(here: Room, client_for: Browser) -> None:
    people_answer(here, 4, "a")
    page = client_for(author_of(here)).get(f"/write/{here.lesson.id}/questions")
    assert "4 people have answered." in page.text
    assert "Right at first" not in page.text
    people_answer(here, 1, "b")
    page = client_for(author_of(here)).get(f"/write/{here.lesson.id}/questions")
    assert "Right at first" in page.text
    assert "provisional" in page.text


def test_the_author_sees_what_was_answered(here: Room, client_for: Browser) -> None:
    people_answer(here, 4, "a")
    people_answer(here, 6, "b")
    page = client_for(author_of(here)).get(f"/write/{here.lesson.id}/questions")
    rows = [text_of(row) for row in page.all("tr")]
    assert "The end 4 (40 %) 4" in rows
    assert "The start Key 6 (60 %) 6" in rows
    assert "The middle part 0 (0 %) 0" in rows


def test_typed_answers_of_a_few_are_nobodys_to_read(here: Room, client_for: Browser) -> None:
    people_answer(here, 6, "b", typed="x")
    here.take(factories.person(), Reply(2, ("my secret",)))
    caught_up()
    page = client_for(author_of(here)).get(f"/write/{here.lesson.id}/questions")
    assert "my secret" not in page.text
    assert any(text_of(row).startswith("x 6") for row in page.all("tr"))


def test_wrong_but_sure_answers_are_listed_with_their_explanation(here: Room, client_for: Browser) -> None:
    people_answer(here, 6, "a", "certain")
    people_answer(here, 5, "c", "guess")
    page = client_for(author_of(here)).get(f"/write/{here.lesson.id}/misconceptions")
    assert "6 people were sure of this." in page.text
    assert "That comes last." in page.text
    assert "The middle part" not in page.text


def test_a_misconception_tops_the_list(here: Room, client_for: Browser) -> None:
    for given, confidence, count in (("b", "certain", 12), ("c", "fairly", 7), ("a", "certain", 6)):
        people_answer(here, count, given, confidence)
    page = client_for(author_of(here)).get(f"/write/{here.lesson.id}/misconceptions")
    assert text_of(page.all("h2")[0]) == "The end"


def test_only_those_who_may_see_keys_come_in(here: Room, client_for: Browser, person: Person) -> None:
    people_answer(here, 6, "a")
    for address in ("questions", "misconceptions"):
        client_for(person).get(f"/write/{here.lesson.id}/{address}", status=404)
        client_for(curator_of(here)).get(f"/write/{here.lesson.id}/{address}")
    lesson = client_for(person).get(f"/lessons/{here.lesson.slug}")
    assert "How the questions work" not in lesson.text
    assert "How the questions work" in client_for(author_of(here)).get(f"/lessons/{here.lesson.slug}").text


def test_flagged_questions_wait_for_the_curator_and_the_author(here: Room, client_for: Browser) -> None:
    people_answer(here, 13, "a")
    curator = client_for(curator_of(here))
    listed = curator.get("/review/questions")
    assert "The key may be wrong" in listed.text
    assert "is asked nobody meanwhile" in listed.text
    assert "1" in text_of(next(a for a in curator.get("/review").all("a") if a.get("href") == "/review/questions"))
    assert "Answers speak against the key of a question." in client_for(author_of(here)).get("/write").text
    elsewhere = client_for(factories.person(roles=(("curator", factories.topic().id),)))
    assert "No doubtful questions" in elsewhere.get("/review/questions").text


def test_a_curator_corrects_the_key_on_the_page(here: Room, client_for: Browser) -> None:
    people_answer(here, 13, "a")
    curator, address = client_for(curator_of(here)), f"/review/questions/{flag_id(here)}"
    page = curator.get(address)
    fields = page.fields(f"{address}/foresee") | {"deed": "correct"}
    assert fields["key"] == "b"
    again = curator.post(f"{address}/foresee", fields, status=422)
    assert "This is the key as it is." in again.text
    seen = curator.post(f"{address}/foresee", fields | {"key": "a", "why-a": "Right."}, status=200)
    assert "Right from now on: The end" in seen.text
    assert "13 answers are marked again." in seen.text
    assert "The key may be wrong" in curator.get("/review/questions").text, "nothing has happened yet"
    curator.post(f"{address}/correct", seen.fields(f"{address}/correct"), to="/review/questions")
    assert "13 answers were marked again." in curator.get("/review/questions").text
    assert "The key was corrected" in curator.get(address).text
    assert "changes what is to be learned" in curator.get(f"/write/{here.lesson.id}/history").text
    assert points.verify() == []


def test_a_decision_needs_a_reason_and_happens_once(here: Room, client_for: Browser) -> None:
    people_answer(here, 13, "a")
    curator, address = client_for(curator_of(here)), f"/review/questions/{flag_id(here)}"
    page = curator.post(f"{address}/dismiss", {"good-reason": "no"}, status=422)
    assert "20 characters or more" in page.text
    curator.post(f"{address}/retire", {"retire-reason": REASON}, to="/review/questions")
    curator.post(f"{address}/dismiss", {"good-reason": REASON}, status=409)
    page = curator.get(address)
    assert REASON in page.text
    assert "Ask it again" not in page.text


def test_the_owner_decides_but_does_not_choose_the_key(here: Room, client_for: Browser) -> None:
    people_answer(here, 13, "a")
    owner, address = client_for(author_of(here)), f"/review/questions/{flag_id(here)}"
    assert "See what it changes" not in owner.get(address).text
    owner.post(f"{address}/correct", {"key": "a"}, status=403)
    for deed in ("foresee", "full-marks", "leave-out", "follow-new-key"):
        owner.post(f"{address}/{deed}", {"full-reason": REASON, "out-reason": REASON}, status=403)
    owner.post(f"{address}/dismiss", {"good-reason": REASON}, to=f"/write/{here.lesson.id}/questions")


def test_reports_of_readers_raise_a_flag(here: Room, client_for: Browser) -> None:
    people_answer(here, 10, "b")
    lesson = database.session.get_one(Lesson, here.lesson.id)
    uid = here.questions[0].question.uid
    values = {"kind": "wrong", "place": f"question-{uid}", "text": "This is not so in our office any more."}
    for _ in range(3):
        reader = client_for(factories.person())
        reader.post(f"/lessons/{lesson.slug}/report", values)
    actions.judge_reported()
    database.session.commit()
    assert "Reported by readers" in client_for(curator_of(here)).get("/review/questions").text


def test_one_report_that_a_curator_agrees_with_is_enough(here: Room, client_for: Browser) -> None:
    people_answer(here, 20, "b")
    here.take(factories.person(), Reply(0, ("a",)), Reply(1, ("a",)), Reply(2, ("last step",)))
    caught_up()
    uid, slug = here.questions[0].question.uid, here.lesson.slug
    report = {"kind": "wrong", "place": f"question-{uid}", "text": "The manual says that the end comes first."}
    client_for(factories.person()).post(f"/lessons/{slug}/report", report)
    curator = client_for(curator_of(here))
    assert "No doubtful questions" in curator.get("/review/questions").text, "one in twenty readers flags nothing"
    reported = next(a.get("href") for a in curator.get("/review/reports").all("a") if "/reports/" in a.get("href", ""))
    curator.post(f"{reported}/uphold", {"answer": "Thank you, you are right."}, to="/review/reports")
    assert "The question rests now." in curator.get("/review/reports").text
    actions.judge_reported()
    people_answer(here, 1, "b")
    assert "A reader was right about it" in curator.get("/review/questions").text
    assert database.session.get_one(Item, here.questions[0].item_id).state == "paused"
    address = f"/review/questions/{flag_id(here)}"
    fields = curator.get(address).fields(f"{address}/foresee")
    curator.post(f"{address}/correct", fields | {"key": "a", "why-a": "Right."}, to="/review/questions")
    assert "22 answers were marked again." in curator.get("/review/questions").text
    assert points.verify() == []


def test_the_pages_ask_little_for_few_and_for_many(here: Room, client_for: Browser, statements: list[str]) -> None:
    people_answer(here, 13, "a")
    author, curator = client_for(author_of(here)), client_for(curator_of(here))
    addresses = [
        (author, f"/write/{here.lesson.id}/questions"),
        (author, f"/write/{here.lesson.id}/misconceptions"),
        (author, "/write"),
        (curator, "/review/questions"),
        (curator, f"/review/questions/{flag_id(here)}"),
        (curator, "/review"),
    ]
    for browser, address in addresses:
        browser.get(address)
        statements.clear()
        browser.get(address)
        assert len(statements) <= 5, f"{address}: {len(statements)}"


def test_the_result_says_that_an_answer_was_marked_again(here: Room, client_for: Browser) -> None:
    learner = factories.person()
    walk = Walk(learner, here.lesson.slug, clock.now())
    walk.read()
    sitting = walk.quiz(False, True, True)
    with clock.at(walk.moment + timedelta(minutes=1)):
        browser, result = client_for(learner), f"/attempts/{sitting.attempt.id}/result"
        assert "had a wrong key" not in browser.get(result).text
        people_answer(here, 13, "a")
        curator, address = client_for(curator_of(here)), f"/review/questions/{flag_id(here)}"
        fields = curator.get(address).fields(f"{address}/foresee")
        curator.post(f"{address}/correct", fields | {"key": "a"})
        assert "had a wrong key" in browser.get(result).text


@pytest.mark.parametrize(
    ("found", "people", "word"),
    [
        (-0.5, 13, "too few to tell"),
        (-0.5, 29, "too few to tell"),
        (-0.5, 30, "the wrong way round"),
        (0.9, 5, "too few to tell"),
        (0.9, 30, "well"),
        (None, 40, "cannot be said yet"),
    ],
)
def test_whether_a_question_tells_who_knows_is_said_of_thirty_people(
    found: float | None, people: int, word: str
) -> None:
    assert words.discrimination_word(found, people) == word
