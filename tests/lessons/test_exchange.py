"""Questions brought into a draft and taken out of it, as a browser sees it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.errors import NotValid
from peerlearn.lessons import actions, fileformat, queries, taking
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.quizzes import textform
from peerlearn.quizzes.exchange.registry import FORMATS, read, write
from peerlearn.quizzes.question import Question
from tests import factories
from tests.page import Client, Page
from tests.quizzes.questions import EXAMPLES

ClientFor = Callable[[Person], Client]
FILES = Path(__file__).parents[1] / "quizzes" / "exchange" / "files"
GIFT = (FILES / "by-hand.gift").read_bytes()
ONE = b"::One::Which one?{=this#Yes ~that#No ~other#No ####So.}"


@pytest.fixture
def topic(db: Any) -> Topic:
    return factories.topic()


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person()


@pytest.fixture
def browser(author: Person, client_for: ClientFor) -> Client:
    return client_for(author)


@pytest.fixture
def draft(author: Person, topic: Topic) -> Lesson:
    lesson, _ = actions.import_file(factories.lesson_text(topic), owner=author, by=author)
    db.session.commit()
    return lesson


def open_of(lesson: Lesson) -> Revision:
    db.session.expire_all()
    revision = queries.open_revision(lesson.id)
    assert revision is not None
    return revision


def questions_of(lesson: Lesson) -> tuple[Question, ...]:
    return fileformat.parse(open_of(lesson).source).questions


def looked_at(browser: Client, lesson: Lesson, data: bytes, name: str = "q.gift", status: int = 200) -> Page:
    url = f"/write/{lesson.id}/questions/import"
    return browser.post(url, {"file": (io.BytesIO(data), name)}, status=status, token_from="/write")


def ticked(page: Page) -> dict[str, Any]:
    """What the page would send if nothing were changed."""
    sent = {e.get("name"): e.get("value", "") for e in page.all("input") if e.get("type") == "hidden"}
    boxes = [e for e in page.all("input") if e.get("type") == "checkbox"]
    return sent | {"take": [e.get("value") for e in boxes if e.get("checked") is not None], "where": "end"}


def take(browser: Client, lesson: Lesson, sent: dict[str, Any], status: int = 302, to: str | None = None) -> Page:
    return browser.post(f"/write/{lesson.id}/questions/take", sent, status=status, to=to, token_from="/write")


# bringing in


def test_the_editor_leads_to_import_and_export(browser: Client, draft: Lesson) -> None:
    page = browser.get(f"/write/{draft.id}")
    assert f"/write/{draft.id}/questions/import" in page.text
    assert f"/write/{draft.id}/questions/export" in page.text
    assert "Moodle XML" in browser.get(f"/write/{draft.id}/questions/import").text


def test_every_fate_is_seen_before_anything_changes(browser: Client, draft: Lesson) -> None:
    before = open_of(draft).source
    page = looked_at(browser, draft, GIFT)
    assert page.heading == "What would come along"
    assert "Read as GIFT" in page.text
    assert "Its answer part is not closed with }" in page.text
    assert "Part marks are not known here" in page.text
    assert "This answer has no explanation." in page.text
    assert open_of(draft).source == before


def test_what_is_ticked_stands_at_the_end_and_the_rest_is_untouched(browser: Client, draft: Lesson) -> None:
    before = open_of(draft).source
    sent = ticked(looked_at(browser, draft, ONE))
    take(browser, draft, sent, to=f"/write/{draft.id}")
    after = open_of(draft).source
    assert after.startswith(before.rstrip("\n"))
    assert questions_of(draft)[-1].stem == "Which one?"
    assert questions_of(draft)[-1].options[0].why == "Yes"
    take(browser, draft, sent)  # a double click
    assert open_of(draft).source == after


def test_only_what_is_ticked_comes_along(browser: Client, draft: Lesson) -> None:
    count = len(questions_of(draft))
    sent = ticked(looked_at(browser, draft, GIFT)) | {"take": ["3", "7"]}
    take(browser, draft, sent)
    assert [q.kind for q in questions_of(draft)[count:]] == ["true-false", "number"]
    take(browser, draft, sent | {"take": []}, to=f"/write/{draft.id}/questions/import")
    take(browser, draft, {"take": ["1"], "text-1": "no question"}, to=f"/write/{draft.id}/questions/import")
    assert len(questions_of(draft)) == count + 2


def test_questions_that_are_here_are_not_ticked(browser: Client, draft: Lesson) -> None:
    data = write(questions_of(draft), "csv").data
    page = looked_at(browser, draft, data, "q.csv")
    assert page.text.count("Here already") == len(questions_of(draft))
    assert ticked(page)["take"] == []


def test_a_changed_table_takes_the_place_of_the_questions_and_they_keep_their_marks(
    browser: Client, draft: Lesson, author: Person
) -> None:
    revision = open_of(draft)
    before, quiz = fileformat.split_quiz(revision.source)
    named = textform.with_ids(textform.parse(quiz).questions, (), Random(1))
    actions.save_draft(revision, before + "\n" + textform.print_quiz(named), base_version=revision.version, by=author)
    db.session.commit()
    old = questions_of(draft)
    data = write(old, "xlsx").data
    sent = ticked(looked_at(browser, draft, data, "q.xlsx")) | {"where": "instead", "take": ["1", "2"]}
    take(browser, draft, sent)
    assert questions_of(draft) == old[:2]
    assert [q.uid for q in questions_of(draft)] == [q.uid for q in old[:2]]
    again = f"/write/{draft.id}/questions/import"
    take(browser, draft, sent, to=again)  # the draft has moved on meanwhile
    assert "The draft was changed meanwhile" in browser.get(again).text
    assert questions_of(draft) == old[:2]


def test_marks_of_other_lessons_do_not_come_along(browser: Client, draft: Lesson) -> None:
    sent = ticked(looked_at(browser, draft, b"// [id:foreign1]\n" + ONE))
    take(browser, draft, sent)
    assert questions_of(draft)[-1].uid == ""


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "q.gift", "empty"),
        (b"Dear colleagues", "q.txt", "none of the formats"),
        (b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', "q.xml", "entities"),
        (b"PK\x03\x04nonsense", "q.xlsx", "none of the formats"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_beside_the_field(
    browser: Client, draft: Lesson, data: bytes, name: str, words: str
) -> None:
    page = looked_at(browser, draft, data, name, status=422)
    assert words in page.text
    assert page.heading == "Import questions"


def test_a_large_file_is_read_as_far_as_a_page_can_show(
    browser: Client, draft: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = looked_at(browser, draft, b"Is it so?{T}\n\n" * 900)
    assert "more than 200 questions" in page.text
    room = textform.MAX_QUESTIONS - len(questions_of(draft))
    assert len(ticked(page)["take"]) == room
    monkeypatch.setattr(taking, "MAX_CHARS", 1_000)
    page = looked_at(browser, draft, b"Is it so?{T}\n\n" * 100)
    assert "more than fits on this page" in page.text
    assert 0 < len(ticked(page)["take"]) < room


def test_a_lesson_in_review_takes_nothing_in(browser: Client, draft: Lesson, author: Person) -> None:
    actions.submit(open_of(draft), by=author)
    db.session.commit()
    before, where = questions_of(draft), f"/write/{draft.id}"
    asked = browser.get(f"{where}/questions/import", follow_redirects=True)
    take(browser, draft, {"take": ["1"], "text-1": "## text\n\nWhat?\n\n= x"}, to=where)
    for page in (asked, browser.get(where)):
        assert "This is in review now. Withdraw it first" in page.text
        assert f"{where}/withdraw" in page.text
        assert "/questions/import" not in page.text
    assert questions_of(draft) == before


# taking out


@pytest.mark.parametrize("slug", FORMATS)
def test_a_file_holds_the_questions_and_the_page_says_what_it_does_not(
    browser: Client, draft: Lesson, slug: str
) -> None:
    page = browser.get(f"/write/{draft.id}/questions/export?format={slug}")
    assert f"Download as {FORMATS[slug].title}" in page.text
    response = browser.http.get(f"/write/{draft.id}/questions/file?format={slug}")
    assert response.mimetype == FORMATS[slug].mimetype
    assert f'{FORMATS[slug].suffix}"' in response.headers["Content-Disposition"]
    assert len(read(response.data, slug=slug).questions) == len(questions_of(draft))


def test_without_questions_there_is_nothing_to_take(browser: Client, draft: Lesson, author: Person) -> None:
    revision = open_of(draft)
    actions.save_draft(revision, "## A\n\nb\n", base_version=revision.version, by=author)
    db.session.commit()
    assert "No questions yet" in browser.get(f"/write/{draft.id}/questions/export").text


@pytest.mark.security
def test_keys_leave_with_authors_and_curators_only(
    draft: Lesson, author: Person, topic: Topic, client_for: ClientFor
) -> None:
    other = factories.topic()
    curator = client_for(factories.person(roles=(("curator", topic.id),)))
    strangers = [factories.person(), factories.person(roles=(("admin", 0),))]
    strangers.append(factories.person(roles=(("curator", other.id),)))
    urls = [f"/write/{draft.id}/questions/{page}" for page in ("export", "file")]
    for url in urls:
        curator.get(url, status=404)  # a draft that was never handed in is its authors' alone
    actions.submit(open_of(draft), by=author)
    db.session.commit()
    for url in urls:
        assert curator.http.get(url).status_code == 200
        for stranger in strangers:
            client_for(stranger).get(url, status=404)
    assert curator.get(f"/write/{draft.id}/history").text.count("/questions/export") == 1
    curator.get(f"/write/{draft.id}/questions/import", status=404)


def test_pages_ask_little_for_three_questions_and_for_thirty(
    browser: Client, draft: Lesson, author: Person, statements: list[str]
) -> None:
    counts = []
    for many in (3, 30):
        revision = open_of(draft)
        before, _ = fileformat.split_quiz(revision.source)
        quiz = "\n\n".join(f"## text\n\nQuestion {n}?\n\n= x\n\nWhy: y" for n in range(many))
        actions.save_draft(revision, f"{before}\n# Quiz\n\n{quiz}\n", base_version=revision.version, by=author)
        db.session.commit()
        data = b"\n\n".join(b"Is it %d?{T}" % n for n in range(many))
        for fetch in (
            lambda: browser.get(f"/write/{draft.id}/questions/export"),
            lambda: browser.http.get(f"/write/{draft.id}/questions/file"),
            lambda: browser.get(f"/write/{draft.id}/questions/import"),
        ):
            statements.clear()
            fetch()
            counts.append(len(statements))
        token = browser.token("/write")
        statements.clear()
        page = browser.post(
            f"/write/{draft.id}/questions/import",
            {"file": (io.BytesIO(data), "q.gift"), "csrf_token": token},
            status=200,
        )
        counts.append(len(statements))
        sent = ticked(page)
        statements.clear()
        browser.post(f"/write/{draft.id}/questions/take", sent)
        counts.append(len(statements))
    assert counts[:5] == counts[5:]
    assert max(counts[:4]) <= 5
    assert counts[4] <= 10


# the text


def test_the_text_grows_only_at_its_end() -> None:
    questions = (EXAMPLES["text"], EXAMPLES["number"])
    source = "## A card\n\n```\n# Quiz\n```\n"
    added = taking.with_questions(source, questions, instead=False)
    assert added.startswith(source.rstrip("\n"))
    assert [q.kind for q in fileformat.parse(added).questions] == ["text", "number"]
    assert taking.with_questions(added, questions, instead=False) == added
    replaced = taking.with_questions(added, questions[1:], instead=True)
    assert [q.kind for q in fileformat.parse(replaced).questions] == ["number"]


def test_a_full_lesson_says_how_much_room_there_is() -> None:
    source = taking.with_questions("", [EXAMPLES["text"]] * 59, instead=False)
    with pytest.raises(NotValid) as refused:
        taking.with_questions(source, [EXAMPLES["number"]] * 2, instead=False)
    assert refused.value.values["room"] == 1
