"""The pages of checks and exams: before, question by question, overview, over, and the result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.learn.models import Asked, Attempt
from tests import factories
from tests.factories import Walk
from tests.page import Client, Page

EXPLAINED = ("Right, that comes first.", "That comes last.", "Look at the second card again.", "seems to work")


class Taking:
    """Somebody with a browser before a lesson whose cards they have read."""

    def __init__(self, client_for: Any, front: str, **values: Any) -> None:
        self.person = factories.person(**values)
        self.slug = factories.published_lesson(front=front).slug
        walk = Walk(self.person, self.slug, clock.now() - timedelta(hours=1))
        walk.read()
        self.browser: Client = client_for(self.person)

    def begin(self) -> str:
        """Start; the address of the attempt."""
        page = self.browser.post(f"/lessons/{self.slug}/quiz", token_from=f"/lessons/{self.slug}")
        return str(page.response.location)

    def send(self, url: str, position: int, **fields: str) -> Page:
        """Send the form of a question, whatever the answer must be."""
        status = int(fields.pop("status", "302"))
        return self.browser.post(f"{url}/{position}", fields, token_from=url, status=status)

    def right(self, url: str, position: int) -> dict[str, str]:
        """The fields of a right answer to the question that the page shows."""
        page = self.browser.get(url)
        if position == 3:
            return {"answer": "last step", "confidence": "certain"}
        words = "The start" if position == 1 else "True"
        label = next(label for label in page.all("label") if words in "".join(label.itertext()))
        chosen = next(e for e in page.all("input") if e.get("id") == label.get("for"))
        return {"answer": chosen.get("value"), "confidence": "fairly"}

    def asked(self, position: int) -> Asked:
        """The stored question at a place."""
        database.session.expire_all()
        rows = select(Asked).join(Attempt).where(Attempt.person_id == self.person.id, Asked.position == position)
        return database.session.scalars(rows.order_by(Asked.id.desc())).first()  # type: ignore[return-value]

    def turn_the_clock(self, span: timedelta) -> None:
        """As if the open attempt had begun that much earlier."""
        attempt = database.session.scalars(select(Attempt).where(Attempt.person_id == self.person.id)).one()
        attempt.started_at -= span
        assert attempt.due_at is not None
        attempt.due_at -= span
        database.session.commit()


@pytest.fixture
def check(db: Any, client_for: Any) -> Taking:
    """Somebody before a check without a time limit."""
    return Taking(client_for, "mode: check\n")


@pytest.fixture
def exam(db: Any, client_for: Any) -> Taking:
    """Somebody with half as much time again before an exam of ten minutes."""
    return Taking(client_for, "mode: exam\npass_mark: 100\ntime_limit: 10\n", pace=150)


def test_what_awaits_one_is_said_before_it_begins(check: Taking, exam: Taking) -> None:
    page = check.browser.get(f"/lessons/{check.slug}")
    assert f'href="/lessons/{check.slug}/quiz"' in page.text
    page = check.browser.get(f"/lessons/{check.slug}/quiz")
    assert page.heading == "Before the check"
    assert "3 questions. 3 of them must be right" in page.text
    assert "3 attempts are left within 24 hours." in page.text
    assert "minutes from the moment" not in page.text
    page = exam.browser.get(f"/lessons/{exam.slug}/quiz")
    assert page.heading == "Before the exam"
    assert "You have 15 minutes from the moment you begin." in page.text
    assert "Everybody else has 10." in page.text
    assert "There is one attempt." in page.text


def test_turning_the_last_card_begins_nobodys_time(exam: Taking) -> None:
    exam.browser.post(f"/lessons/{exam.slug}/cards/3", to=f"/lessons/{exam.slug}/quiz", token_from="/")
    assert database.session.scalars(select(Attempt)).all() == []


def test_a_quiz_to_learn_needs_no_page_before(client_for: Any) -> None:
    learner = Taking(client_for, "")
    page = learner.browser.get(f"/lessons/{learner.slug}/quiz", status=302)
    assert page.response.location == f"/lessons/{learner.slug}"


@pytest.mark.security
def test_questions_are_answered_in_any_order_and_nothing_is_given_away(check: Taking) -> None:
    url = check.begin()
    pages = [check.browser.get(url)]
    assert check.send(url, 1, to="3").response.location == url
    pages.append(check.browser.get(url))
    assert pages[-1].heading == "Question 3 of 3"
    assert check.send(url, 3, answer="wrong", confidence="guess", to="next").response.location == url
    pages.append(check.browser.get(url))
    assert pages[-1].heading == "Question 1 of 3", "the next one without an answer, from the beginning again"
    fields = check.right(url, 1)
    check.send(url, 1, **fields, to="3")
    pages.append(check.browser.get(url))
    assert 'value="wrong"' in pages[-1].text, "what was kept stands there again"
    assert 'value="guess" required checked' in pages[-1].text
    check.send(url, 3, answer="last step", confidence="certain", to="overview")
    pages.append(check.browser.get(f"{url}/overview"))
    assert "1 question has no answer yet." in pages[-1].text
    check.browser.post(f"{url}/next", {"to": "2"}, to=url, token_from=url)
    pages.append(check.browser.get(url))
    for page in pages:
        assert not any(words in page.text for words in EXPLAINED)
        assert "tag-good" not in page.text.replace("Answered", "") or page.heading == "Before you hand in"
        assert "step-good" not in page.text
    check.browser.get(f"{url}/result", status=302)


def test_an_answer_that_is_not_whole_is_sent_back_or_kept_as_it_stands(check: Taking) -> None:
    url = check.begin()
    fields = check.right(url, 1) | {"confidence": ""}
    page = check.send(url, 1, **fields, to="next", status="422")
    assert "Say how sure you are before you answer." in page.text
    check.send(url, 1, **fields, to="overview")
    assert check.asked(1).answered_at is None
    assert "Begun" in check.browser.get(f"{url}/overview").text
    check.send(url, 1, **(fields | {"confidence": "certain"}), to="overview")
    assert "Begun" not in check.browser.get(f"{url}/overview").text


@pytest.mark.parametrize("to", ["0", "4", "99999999999999999999", "²", "-1", "", "x" * 5000])
def test_a_place_that_is_not_there_is_refused(check: Taking, to: str) -> None:
    url = check.begin()
    response = check.browser.http.post(f"{url}/next", data={"to": to, "csrf_token": check.browser.token(url)})
    assert response.status_code in {302, 404}


def test_the_result_says_what_was_right_and_later_why(check: Taking) -> None:
    url = check.begin()
    check.send(url, 1, **check.right(url, 1), to="2")
    check.send(url, 2, **check.right(url, 2), to="3")
    check.send(url, 3, answer="wrong", confidence="guess", to="overview")
    check.browser.post(f"{url}/hand-in", to=f"{url}/result", token_from=f"{url}/overview")
    page = check.browser.get(f"{url}/result")
    assert page.heading.startswith("Nearly there")
    assert "What is right is shown once you have passed" in page.text
    assert not any(words in page.text for words in EXPLAINED)
    assert check.browser.get(url, status=302).response.location == f"{url}/result"
    attempt = database.session.get_one(Attempt, int(url.rsplit("/", 1)[1]))
    attempt.finished_at = clock.now() - timedelta(minutes=11)
    database.session.commit()
    assert f'href="/lessons/{check.slug}/quiz"' in check.browser.get(f"{url}/result").text
    assert "Only what you missed is asked" in check.browser.get(f"/lessons/{check.slug}/quiz").text
    second = check.begin()
    check.send(second, 1, answer="last step", confidence="certain", to="hand-in")
    for address in (url, second):
        page = check.browser.get(f"{address}/result")
        assert "seems to work" in page.text, "everything is explained once it is passed"
    page = check.browser.get(f"/lessons/{check.slug}")
    assert "Your attempts" in page.text
    assert "Your best is 3 of 3." in page.text


def test_time_over(exam: Taking) -> None:
    url = exam.begin()
    page = exam.browser.get(url)
    assert 'data-seconds="89' in page.text
    exam.send(url, 1, **exam.right(url, 1), to="2")
    exam.turn_the_clock(timedelta(minutes=16))
    for address in (url, f"{url}/overview"):
        page = exam.browser.get(address)
        assert page.heading == "The time is over"
        assert "The answer that you kept counts." in page.text
    assert "See my result" in exam.browser.get(f"/lessons/{exam.slug}").text
    late = exam.browser.post(f"{url}/2", {"answer": "x", "to": "next"}, to=f"{url}/result", token_from=url)
    assert late.status == 302
    page = exam.browser.get(f"{url}/result")
    assert "The time was over at" in page.text
    assert "1 of 3 fully right" in page.text
    assert "An exam has one attempt" in page.text
    assert any(words in page.text for words in EXPLAINED), "the last attempt explains everything"
    page = exam.browser.get(f"/lessons/{exam.slug}")
    assert "The one attempt of this exam is used." in page.text


def test_time_over_is_settled_by_looking_at_it(exam: Taking) -> None:
    url = exam.begin()
    exam.turn_the_clock(timedelta(minutes=16))
    exam.browser.post(f"{url}/hand-in", to=f"{url}/result", token_from=url)
    assert "Not answered" in exam.browser.get(f"{url}/result").text
    exam.browser.post(f"{url}/next", {"to": "1"}, to=f"{url}/result", token_from="/")
    exam.browser.post(f"{url}/hand-in", to=f"{url}/result", token_from="/")


def test_what_is_set_aside_leads_to_the_lesson(check: Taking) -> None:
    url = check.begin()
    attempt = database.session.get_one(Attempt, int(url.rsplit("/", 1)[1]))
    attempt.major, attempt.state = 9, "left"
    database.session.commit()
    for address in (url, f"{url}/overview"):
        assert check.browser.get(address, status=302).response.location == f"/lessons/{check.slug}"


def test_an_older_attempt_is_offered_first(check: Taking) -> None:
    url = check.begin()
    attempt = database.session.get_one(Attempt, int(url.rsplit("/", 1)[1]))
    attempt.major = 9
    database.session.commit()
    page = check.browser.get(f"/lessons/{check.slug}")
    assert "A newer version of this lesson is there" in page.text
    assert f'href="{url}"' in page.text


def test_a_mode_of_learning_cannot_be_handed_in_or_looked_over(client_for: Any) -> None:
    learner = Taking(client_for, "")
    url = learner.begin()
    learner.browser.post(f"{url}/hand-in", token_from=url, status=409)
    assert learner.browser.get(f"{url}/overview", status=302).response.location == url


def test_the_pages_stay_within_their_statements(check: Taking, statements: list[str]) -> None:
    url = check.begin()
    check.send(url, 1, **check.right(url, 1), to="2")
    for address in (url, f"{url}/overview", f"/lessons/{check.slug}"):
        statements.clear()
        check.browser.get(address)
        assert len(statements) <= 5, (address, statements)
    fields = check.right(url, 2) | {"csrf_token": check.browser.token(url)}
    statements.clear()
    check.browser.http.post(f"{url}/2", data=fields | {"to": "3"})
    assert len(statements) <= 6, statements
    check.browser.post(f"{url}/hand-in", token_from=url)
    statements.clear()
    check.browser.get(f"{url}/result")
    assert len(statements) <= 5, statements


def test_starting_stays_within_its_statements(check: Taking, statements: list[str]) -> None:
    token = check.browser.token(f"/lessons/{check.slug}")
    statements.clear()
    check.browser.http.post(f"/lessons/{check.slug}/quiz", data={"csrf_token": token})
    assert len(statements) <= 10, statements
    assert database.session.get_one(Person, check.person.id).pace == 100


def test_an_exam_with_another_try(db: Any, client_for: Any) -> None:
    taking = Taking(client_for, "mode: exam\ntime_limit: 10\nattempts: 2\n")
    assert "An exam: 2 attempts" in taking.browser.get(f"/lessons/{taking.slug}").text
    assert "2 attempts are left." in taking.browser.get(f"/lessons/{taking.slug}/quiz").text
    url = taking.begin()
    taking.browser.post(f"{url}/hand-in", to=f"{url}/result", token_from=f"{url}/overview")
    page = taking.browser.get(f"{url}/result")
    assert "Let it settle" in page.text
    assert not any(words in page.text for words in EXPLAINED), "there is another try"
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert "This is the last attempt." in taking.browser.get(f"/lessons/{taking.slug}/quiz").text
        again = taking.begin()
        assert again != url
        taking.browser.post(f"{again}/hand-in", to=f"{again}/result", token_from=f"{again}/overview")
        page = taking.browser.get(f"{again}/result")
        assert "All 2 attempts are used" in page.text
        assert any(words in page.text for words in EXPLAINED)
        assert "All 2 attempts of this exam are used." in taking.browser.get(f"/lessons/{taking.slug}").text
        assert any(words in taking.browser.get(f"{url}/result").text for words in EXPLAINED)
