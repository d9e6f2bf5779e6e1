"""The pages of practice, as a learner meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Absence, Holiday
from peerlearn.analysis.models import ItemFigures
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons.models import Lesson, Topic
from peerlearn.points.models import LedgerEntry
from peerlearn.practice import actions, holding, queries
from peerlearn.practice.models import DailySet, Holding, Memory, SetQuestion
from peerlearn.practice.rules import LEECH
from tests import factories
from tests.factories import Walk
from tests.home import rows
from tests.page import Client, Page
from tests.practice import held_rows
from tests.practice.days import Practice

ClientFor = Callable[..., Client]
SURE = {"confidence": "fairly"}


def begun(browser: Client) -> str:
    """The address of a set that was started."""
    return str(browser.post("/practice/start").response.location)


def answered(page: Page, words: str) -> dict[str, str]:
    """The form of the question on a page, with the option of these words chosen."""
    typed = [field for field in page.all("input") if field.get("type") == "text" and field.get("name") == "answer"]
    if typed:
        return SURE | {"answer": words}
    found = re.search(
        rf'value="([0-9a-f]+)"[^>]*>\s*<span class="question-option-text">[^<]*{re.escape(words)}', page.text
    )
    assert found, words
    return SURE | {"answer": found[1]}


WORDS = {"single": "The start", "true-false": "True", "text": "last step"}


def answer(browser: Client, set_url: str, later: float = 12) -> Page:
    """Answer the question at hand rightly, some seconds later."""
    page = browser.get(set_url)
    action = next(form.get("action") for form in page.all("form") if "/practice/sets/" in (form.get("action") or ""))
    position = int(action.rsplit("/", 1)[1])
    asked = db.session.scalars(
        select(SetQuestion).where(SetQuestion.position == position).order_by(SetQuestion.id.desc())
    ).first()
    assert asked is not None
    kind = next(kind for kind in WORDS if f"question-{kind}" in page.text)
    with clock.at(clock.now() + timedelta(seconds=later)):
        browser.post(action, answered(page, WORDS[kind]), to=action)
        return browser.get(action)


def test_a_hasty_answer_is_told_nothing_however_often_it_comes(client_for: ClientFor) -> None:
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    told = ("Right, that comes first", "Yes, each of them", "People stop when it seems to work", "verdict")
    with clock.at(walk.moment + timedelta(days=3)):
        browser = client_for(walk.person)
        url = begun(browser)
        for number in range(1, 10):
            browser.post(f"{url}/next" if number > 1 else f"{url}/1/show", {}, token_from="/practice")
            page = answer(browser, url, later=0.5)
            assert ("comes once more at the end" if number < 7 else "comes back another day") in page.text
            assert not [words for words in told if words in page.text]
            assert "step-good" not in page.text
        result = browser.get(f"{url}/result")
        assert result.text.count("Too quick") == 3
        assert "0/3" in result.text
        assert not [words for words in told if words in result.text]


def test_somebody_new_is_told_what_practice_is(client_for: ClientFor) -> None:
    assert "just before you would forget" in client_for(factories.person()).get("/practice").text


def test_where_there_is_nothing_to_ask_the_button_says_so(client_for: ClientFor) -> None:
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    with clock.at(walk.moment):
        browser = client_for(walk.person)
        page = browser.get("/practice").text
        assert "Nothing is due today. The questions of lessons" in page
        assert "/practice/start" not in page
        assert "/practice/take-along" not in page
        browser.post("/practice/start", to="/practice")
        assert db.session.scalars(select(DailySet)).all() == []
        assert "There is nothing to ask just now" in browser.get("/practice").text


def test_the_whole_set(browser: Client, walk: Walk) -> None:
    assert "3 questions are due" in browser.get("/practice").text
    assert "Your questions of the day" in browser.get("/").text
    set_url, places = begun(browser), []
    for number in range(3):
        feedback = answer(browser, set_url)
        assert "Right" in feedback.text
        places += [
            link.get("href") for link in feedback.all("a") if f"/lessons/{walk.slug}" in (link.get("href") or "")
        ]
        assert "comes back in 12 days, on" in feedback.text, "due on a Sunday, so on the Monday after it"
        assert "19 Jan 2026" in feedback.text
        browser.post(f"{set_url}/next", status=302, to=set_url if number < 2 else f"{set_url}/result")
    assert sorted(places) == [f"/lessons/{walk.slug}"] * 2 + [f"/lessons/{walk.slug}/cards/1"]
    browser.get(f"/lessons/{walk.slug}/cards/1")
    result = browser.get(f"{set_url}/result")
    assert "3/3" in result.text
    assert "11 XP earned" in result.text
    assert "Recall a question when it is due" in result.text
    assert "in 12 days" in result.text
    assert "19 Jan 2026" in result.text
    assert "Nothing else is due" in browser.get("/practice").text


@pytest.mark.parametrize(
    ("found", "offered"),
    [("nothing", False), ("new", True), ("hopeless", False), ("exam", False), ("unchecked", False)],
)
@pytest.mark.parametrize("is_known", [True, False])
def test_a_set_is_offered_where_one_can_be_drawn_and_nowhere_else(
    walk: Walk, client_for: ClientFor, statements: list[str], found: str, offered: bool, is_known: bool
) -> None:
    """Nothing is due a day after the lesson, or to somebody who has learned nothing yet."""
    person = walk.person if is_known else factories.person()
    if not is_known:
        rows.reading(person, db.session.scalars(select(Lesson).where(Lesson.slug == walk.slug)).one())
    if found != "nothing":
        lesson = factories.published_lesson(front="mode: exam\n" if found == "exam" else "")
        for version in held_rows.versions_of(lesson) if found == "hopeless" else ():
            values = {"meaning_id": version.id, "item_id": version.item_id, "lesson_id": lesson.id, "rated": 40}
            db.session.merge(ItemFigures(**values, difficulty=4.0))
        lesson.check_on = date(2024, 1, 1) if found == "unchecked" else lesson.check_on
    db.session.commit()
    with clock.at(walk.moment + timedelta(days=1)):
        browser = client_for(person)
        statements.clear()
        page = browser.get("/").text
        assert len(statements) <= 5, statements
        assert ("Your questions of the day" in page) is offered
        assert ("Nothing is due today, so these are new to you" in page) is offered
        assert ("/practice/start" in browser.get("/practice").text) is offered
        browser.post("/practice/start")
        assert (db.session.scalars(select(DailySet)).first() is not None) is offered, "as the page said"
        if offered:
            assert "Questions for today: 2" in browser.get("/").text, "what was begun waits"


def test_a_lesson_to_read_goes_before_questions_that_are_new(walk: Walk, client_for: ClientFor) -> None:
    lesson = factories.published_lesson()
    with clock.at(walk.moment + timedelta(days=1)):
        page = client_for(walk.person).get("/").text
    assert page.index(lesson.title) < page.index("Your questions of the day") < page.index("Picked for you")


def test_on_a_day_off_nothing_new_is_offered(walk: Walk, client_for: ClientFor) -> None:
    factories.published_lesson()
    with clock.at(walk.moment + timedelta(days=5)):
        assert "Your questions of the day" not in client_for(walk.person).get("/").text


def test_a_set_that_is_done_is_offered_no_more(browser: Client) -> None:
    factories.published_lesson()
    set_url = begun(browser)
    for _ in range(5):
        answer(browser, set_url)
        browser.post(f"{set_url}/next")
    assert "5/5" in browser.get(f"{set_url}/result").text
    assert "Your questions of the day" not in browser.get("/").text


@pytest.mark.parametrize("left", ["", "absence", "leech"])
def test_the_day_on_which_a_question_returns_is_one_of_work(browser: Client, walk: Walk, left: str) -> None:
    """It is due on Sunday the 18th. Monday is a holiday; who is away until Wednesday sees it on Thursday."""
    db.session.add(Holiday(day=date(2026, 1, 19), name="A day for all"))
    if left == "absence":
        db.session.add(Absence(person_id=walk.person.id, first_day=date(2026, 1, 17), last_day=date(2026, 1, 21)))
    db.session.commit()
    set_url = begun(browser)
    page = answer(browser, set_url)
    for _ in range(2):
        browser.post(f"{set_url}/next")
        answer(browser, set_url)
    if left == "leech":
        for memory in db.session.scalars(select(Memory).where(Memory.person_id == walk.person.id)):
            memory.rank = LEECH
        db.session.commit()
        page = browser.get(f"{set_url}/1")
        assert "comes back" not in page.text, "what is set aside does not come by itself"
    expected = {"": ("in 13 days", "20 Jan 2026"), "absence": ("in 15 days", "22 Jan 2026"), "leech": ("–",)}[left]
    for words in expected:
        assert left == "leech" or words in page.text
        assert words in browser.get(f"{set_url}/result").text


def test_finishing_a_set_makes_a_holder_a_moment_later(walk: Walk, client_for: ClientFor, app: Any) -> None:
    topic = db.session.scalars(select(Topic).join(Lesson).where(Lesson.slug == walk.slug)).one()
    other = Walk(walk.person, factories.published_lesson(topic_=topic).slug, walk.moment)
    other.read()
    other.quiz()
    actions.choose(size=10, by_mail=False, by=walk.person)
    db.session.commit()
    moment = walk.moment + timedelta(days=8)
    with clock.at(moment):
        browser = client_for(walk.person)
        set_url = begun(browser)
        waiting = app.extensions["afterwards"].waiting
        for number in range(6):
            waiting.clear()
            answer(browser, set_url)
            practised = waiting.get(holding.renew, set())
            assert len(practised) == (number == 5), "what is held is added up when all are answered"
            browser.post(f"{set_url}/next")
    assert db.session.scalars(select(Holding)).all() == []
    with clock.at(moment + timedelta(seconds=15)):
        assert holding.renew(practised) is False
        db.session.commit()
        assert "You hold a whole topic now" in browser.get("/points").text
        assert "Hold a topic" in browser.get(f"{set_url}/result").text
        holding.renew(practised)
    [held] = db.session.scalars(select(Holding))
    assert (held.topic_id, held.is_holder, held.coverage) == (topic.id, True, 1.0)
    assert len(db.session.scalars(select(LedgerEntry).where(LedgerEntry.rule == "L5")).all()) == 1


def test_no_key_is_shown_before_the_answer(browser: Client) -> None:
    set_url = begun(browser)
    for _ in range(3):
        page = browser.get(set_url)
        for secret in ("Right, that comes first", "Yes, each of them", "People stop when", "last step", "final step"):
            assert secret not in page.text
        answer(browser, set_url)
        browser.post(f"{set_url}/next")


def test_a_link_shows_one_question_and_its_clock_starts_when_the_choices_show(browser: Client) -> None:
    set_url = begun(browser)
    page = browser.get(f"{set_url}/3")
    assert "Show the choices" in page.text
    assert "Answer</span>" not in page.text
    browser.post(f"{set_url}/3/show", to=f"{set_url}/3")
    assert "How sure are you" in browser.get(f"{set_url}/3").text


def test_what_cannot_be_read_is_said_beside_the_question(browser: Client) -> None:
    set_url = begun(browser)
    browser.get(set_url)
    page = browser.post(f"{set_url}/1", {"confidence": "certain"}, status=422)
    assert "first" in page.text or "Choose" in page.text
    assert 'value="certain" required checked' in page.text


def test_a_set_of_somebody_else_is_not_there(browser: Client, client_for: ClientFor) -> None:
    set_url = begun(browser)
    other = client_for(factories.person())
    for url in (set_url, f"{set_url}/1", f"{set_url}/result"):
        other.get(url, status=404)
    other.post(f"{set_url}/next", status=404)
    browser.get(f"{set_url}/99", status=404)


def test_settings(browser: Client) -> None:
    page = browser.get("/practice/settings")
    browser.post(
        "/practice/settings", page.fields("/practice/settings") | {"size": "3", "by_mail": "y"}, to="/practice"
    )
    assert len(browser.get("/practice/settings").text) > 100
    browser.post("/practice/settings", {"size": "300"}, status=422)


def test_a_fresh_start_and_a_leech(browser: Client, walk: Walk) -> None:
    item = db.session.scalars(select(Memory).where(Memory.person_id == walk.person.id)).first()
    assert item is not None
    item.rank, item.lapses = 2, 4
    db.session.commit()
    page = browser.get("/practice")
    assert "Worth another look" in page.text
    browser.post(f"/practice/items/{item.item_id}/again", to="/practice")
    assert "comes back on your next workday" in browser.get("/practice").text
    browser.post("/practice/items/999999/again", status=404)
    browser.post("/practice/afresh", to="/practice")
    assert "A fresh start" in browser.get("/practice").text


class Heap:
    """Somebody of whom so many questions came due on a Wednesday, and the practice page so many days after that."""

    def __init__(self, walk: Walk, client_for: ClientFor, due: int) -> None:
        self.wednesday, self.person, self.client_for = walk.moment + timedelta(days=2), walk.person, client_for
        for _ in range(6):
            other = Walk(walk.person, factories.published_lesson().slug, walk.moment)
            other.read()
            other.quiz()
        for number, row in enumerate(db.session.scalars(select(Memory).where(Memory.person_id == walk.person.id))):
            row.due_on = self.wednesday.date() + timedelta(days=0 if number < due else 100)
        db.session.commit()

    def told(self, days: int) -> tuple[bool, bool]:
        """Whether a fresh start is offered, and whether one is warned instead."""
        with clock.at(self.wednesday + timedelta(days=days)):
            words = self.client_for(self.person).get("/practice").text
        return "Make a fresh start" in words, "You add faster than you keep" in words

    def mailed(self, days: int) -> None:
        """The set of that day is drawn for a mail that nobody reads."""
        with clock.at(self.wednesday + timedelta(days=days)):
            actions.start_set(by=self.person)
            db.session.commit()


@pytest.mark.parametrize(
    ("due", "days", "told"),
    [(16, 14, (True, False)), (16, 13, (False, True)), (15, 14, (False, False)), (15, 13, (False, False))],
)
def test_whoever_comes_back_to_a_heap_may_begin_afresh(
    walk: Walk, client_for: ClientFor, due: int, days: int, told: tuple[bool, bool]
) -> None:
    assert Heap(walk, client_for, due).told(days) == told


def test_sets_that_nobody_answered_are_no_practice(walk: Walk, client_for: ClientFor) -> None:
    heap = Heap(walk, client_for, due=16)
    for days in (5, 12, 14):
        heap.mailed(days)
    assert heap.told(14) == (True, False)


def test_whoever_practised_lately_was_not_away(walk: Walk, client_for: ClientFor) -> None:
    heap = Heap(walk, client_for, due=18)
    practice = Practice(walk.person, heap.wednesday)
    practice.start()
    practice.answer()
    assert heap.told(13) == (False, True)
    assert heap.told(14) == (True, False)


def test_a_fresh_start_brings_back_a_set_a_day(walk: Walk, client_for: ClientFor) -> None:
    heap = Heap(walk, client_for, due=16)
    with clock.at(heap.wednesday + timedelta(days=14)):
        browser = client_for(walk.person)
        browser.post("/practice/afresh", browser.get("/practice").fields("/practice/afresh"), to="/practice")
        assert "4 questions are due" in browser.get("/practice").text
    assert heap.told(14) == (False, False)


def test_a_day_off_presses_nobody(walk: Walk, client_for: ClientFor) -> None:
    heap = Heap(walk, client_for, due=18)
    assert [heap.told(days)[1] for days in (12, 10, 9)] == [True, False, False]
    with clock.at(heap.wednesday + timedelta(days=10)):
        assert "This is a day off for you" in client_for(walk.person).get("/practice").text


def test_a_heap_of_yesterday_is_no_habit(walk: Walk, client_for: ClientFor) -> None:
    heap = Heap(walk, client_for, due=21)
    assert [heap.told(days)[1] for days in (0, 5, 8, 9, 12)] == [False, False, False, True, True], (
        "16.8 of the tenth day"
    )


def test_what_was_answered_meanwhile_had_waited(walk: Walk, client_for: ClientFor) -> None:
    """21 questions wait from a Wednesday on; from the eighth workday on some are answered, and they had waited too."""
    heap = Heap(walk, client_for, due=21)
    actions.choose(size=10, by_mail=False, by=walk.person)
    for day in (9, 12):
        practice = Practice(walk.person, heap.wednesday + timedelta(days=day))
        practice.start()
        while practice.waiting:
            practice.answer()
    with clock.at(heap.wednesday + timedelta(days=12)):
        today = clock.today(walk.person.timezone)
        start = queries.start_of(walk.person, today)
        days = start.recent_workdays(today)
        found = queries.standing(walk.person.id, today, start.due_until(today), since=min(days))
    left = [sum(wait.count for wait in found.waits if wait.is_on(day)) for day in days]
    assert left == [1, 11, 21, 21, 21, 21, 21, 21, 21, 0], "each evening, the newest first"
    assert found.due == 1
    assert heap.told(12)[1], "one is left, and 15.9 in the mean"


@pytest.mark.parametrize("count", [3, 30])
def test_pages_ask_as_much_for_many_as_for_few(
    walk: Walk, client_for: ClientFor, statements: list[str], count: int
) -> None:
    for _ in range(count):
        other = Walk(walk.person, factories.published_lesson().slug, walk.moment)
        other.read()
        other.quiz()
    with clock.at(walk.moment + timedelta(days=3)):
        browser = client_for(walk.person)
        set_url = begun(browser)
        for url in ("/practice", set_url, f"{set_url}/2", "/"):
            statements.clear()
            browser.get(url)
            assert len(statements) <= 5, (url, statements)
