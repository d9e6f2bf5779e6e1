"""The pages of review: seen, done, refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons import actions as lessons
from peerlearn.review import actions, queries
from peerlearn.review.actions import Words
from peerlearn.review.models import Remark, Report, Review
from peerlearn.review.rules import Place
from tests import factories
from tests.conftest import Statements
from tests.page import HTML, Client, Page, text_of
from tests.review.test_actions import Desk

Browser = Callable[[Person], Client]
VIEWS = ("", "/text", "/changes", "/background", "/decision")
RATED = {
    **dict.fromkeys(("correct", "clear", "useful", "quiz"), "4.5"),
    **dict.fromkeys([f"check_{n}" for n in ("facts", "safe", "one_idea", "sources", "questions", "accessible")], "yes"),
}


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


@pytest.fixture
def tom(desk: Desk, client_for: Browser) -> Client:
    """The browser of a curator of the topic."""
    return client_for(desk.tom)


@pytest.fixture
def ada(desk: Desk, client_for: Browser) -> Client:
    """The browser of the author."""
    return client_for(desk.author)


def address(desk: Desk, rest: str = "") -> str:
    return f"/review/{desk.review.id}{rest}"


def words(page: Page) -> str:
    return text_of(page.all("main")[0])


# the queue


def test_the_queue_shows_what_a_curator_needs(desk: Desk, tom: Client) -> None:
    page = tom.get("/review")
    assert desk.revision.title in words(page)
    assert "Ada Author" in words(page)
    assert desk.topic.name in words(page)
    assert "Overdue" in words(page)


def test_overdue_comes_first_and_then_the_oldest(desk: Desk, tom: Client) -> None:
    with clock.at(clock.now()):
        _lesson, young = factories.reviewed_lesson(desk.me(desk.author), desk.topic, title="The young one")
    page = words(tom.get("/review"))
    assert page.index(desk.fresh().lesson.title) < page.index("The young one")
    db.session.execute(
        update(Review).where(Review.id == young.id).values(due_at=desk.review.due_at - timedelta(days=1))
    )
    db.session.commit()
    page = words(tom.get("/review"))
    assert page.index("The young one") < page.index(desk.fresh().lesson.title)


def test_an_empty_queue_is_kind(desk: Desk, client_for: Browser) -> None:
    other = client_for(factories.person(roles=(("curator", factories.topic().id),)))
    page = other.get("/review")
    assert "Nothing waits for you" in words(page)
    assert desk.fresh().lesson.title not in page.text


def test_the_queue_goes_on_by_key(desk: Desk, tom: Client) -> None:
    for number in range(21):
        factories.reviewed_lesson(desk.me(desk.author), desk.topic, title=f"Waiting number {number:02}")
    first = tom.get("/review")
    older = next(a.get("href") for a in first.all("a") if a.get("rel") == "next")
    second = tom.get(older)
    titles = [text_of(a) for page in (first, second) for a in page.all("a") if a.get("class") == "row-title"]
    assert len(titles) == len(set(titles)) == 22
    for hostile in ("-1", "x", "9" * 30, "999999"):
        tom.get(f"/review?after={hostile}")


@pytest.mark.parametrize("url", ["/review", "/review/reports"])
def test_queues_take_the_same_statements_for_3_and_for_30_rows(
    desk: Desk, tom: Client, statements: Statements, url: str
) -> None:
    def make(count: int) -> None:
        for _ in range(count):
            lesson = factories.published_lesson(desk.me(desk.author), desk.topic)
            factories.reviewed_lesson(desk.me(desk.author), desk.topic)
            row = Report(lesson_id=lesson.id, revision_id=lesson.published_id, topic_id=desk.topic.id, kind="wrong")
            row.reporter_id = desk.author.id
            db.session.add(row)
        db.session.commit()
        db.session.expire_all()

    def ask() -> int:
        statements.clear()
        tom.get(url)
        return len(statements)

    make(2)
    few = ask()
    make(16)
    assert ask() == few
    assert few <= 5, "\n".join(statements)


# one review


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_a_review_shows_and_keeps_to_its_statements(
    desk: Desk, tom: Client, statements: Statements, view: str
) -> None:
    desk.block(desk.uma)
    desk.suggest(4, "summary: Something else that is long enough.", desk.uma)
    actions.release(desk.fresh(), by=desk.me(desk.uma))
    url, title = address(desk, view), desk.revision.title
    db.session.expire_all()
    statements.clear()
    page = tom.get(url)
    assert len(statements) <= 5, "\n".join(statements)
    assert page.heading == title


def test_the_lesson_is_shown_as_readers_see_it(desk: Desk, tom: Client) -> None:
    page = tom.get(address(desk))
    assert "Start with what the reader wants to do." in words(page)
    assert "Right, that comes first." not in page.text
    assert "last step" not in words(page).split("Quiz")[-1]


def test_the_quiz_is_explained_at_once_and_stored_nowhere(desk: Desk, tom: Client, statements: Statements) -> None:
    page = tom.get(address(desk))
    fields = [element.get("name") for element in page.all("input") if (element.get("name") or "").startswith("q")]
    option = next(e for e in page.all("label") if "The start" in text_of(e))
    value = next(e.get("value") for e in option.iter() if e.get("value"))
    statements.clear()
    done = tom.post(address(desk, "/quiz"), {"q1": value, "q3": "final step"}, token_from=address(desk), status=200)
    assert {"q1", "q2", "q3"} <= set(fields)
    assert words(done).count("Right") >= 2
    assert "Right, that comes first." in done.text
    assert "Yes, each of them." not in done.text
    assert not [s for s in statements if s.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_hostile_answers_harm_nothing(desk: Desk, tom: Client) -> None:
    for hostile in ("\x00", "<script>", "x" * 10_000, "'"):
        data = {"q1": hostile, "q2": hostile, "q3": hostile, "q99": hostile}
        tom.post(address(desk, "/quiz"), data, token_from=address(desk), status=200)


def test_a_line_can_be_chosen_without_javascript(desk: Desk, tom: Client) -> None:
    page = tom.get(address(desk, "/text?line=5"))
    chosen = {e.get("name"): e.get("value") for e in page.all("input")}
    assert chosen["line_from"] == chosen["line_to"] == "5"
    for hostile in ("x", "-4", "99999999999999999999", "0"):
        tom.get(address(desk, f"/text?line={hostile}"))


def test_a_remark_stands_at_its_line_and_can_be_taken_back(desk: Desk, tom: Client) -> None:
    data = {"severity": "blocking", "line_from": "4", "line_to": "4", "text": "Say **what** it is."}
    made = tom.post(address(desk, "/remarks"), data, token_from=address(desk, "/text"))
    page = tom.get(address(desk, "/text"))
    line = next(e for e in page.all("li") if e.get("id") == "line-4")
    assert "Say what it is." in text_of(line)
    number = made.response.location.rsplit("-", 1)[1]
    tom.post(f"/review/remarks/{number}/remove", token_from=address(desk, "/text"))
    assert "Say what it is." not in tom.get(address(desk, "/text")).text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"severity": "note", "text": ""},
        {"severity": "note", "text": "x", "line_from": "7000", "line_to": "7001"},
        {"severity": "note", "text": "x", "line_from": "four"},
        {"severity": "note", "text": "x" * 2001},
        {"severity": "note", "text": "[" * 1900},
        {"severity": "suggestion", "replacement": "new"},
        {"severity": "suggestion", "line_from": "1", "line_to": "1", "replacement": "---"},
        {"severity": "<b>", "text": "x"},
    ],
)
def test_a_remark_that_cannot_be_made_keeps_what_was_typed(desk: Desk, tom: Client, data: dict[str, str]) -> None:
    page = tom.post(address(desk, "/remarks"), data, token_from=address(desk, "/text"), status=422)
    assert page.all("form")
    if len(data.get("text", "")) > 1000:
        assert data["text"][:1000] in page.text
    assert queries.remarks_of(desk.review.id) == []


def test_signs_that_nobody_sees_are_left_out(desk: Desk, tom: Client) -> None:
    data = {"severity": "note", "text": "nul \x00 and \x1b escape"}
    tom.post(address(desk, "/remarks"), data, token_from=address(desk, "/text"))
    assert queries.remarks_of(desk.review.id)[0].text == "nul  and  escape"


@pytest.mark.security
def test_a_script_in_a_remark_is_words(desk: Desk, tom: Client) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1))"
    data = {"severity": "suggestion", "text": hostile, "replacement": hostile, "line_from": "2", "line_to": "2"}
    tom.post(address(desk, "/remarks"), data, token_from=address(desk, "/text"))
    for view in ("/text", "/decision"):
        assert "<script>alert" not in tom.get(address(desk, view)).text


def test_claiming_and_giving_back(desk: Desk, tom: Client, client_for: Browser) -> None:
    tom.post(address(desk, "/claim"), token_from="/review", to=address(desk))
    assert "You are reviewing this" in words(tom.get(address(desk)))
    uma = client_for(desk.uma)
    assert "Tom Curator is reviewing this" in words(uma.get(address(desk)))
    refused = uma.post(address(desk, "/claim"), token_from="/review", status=409)
    assert "Tom Curator" in words(refused)
    tom.post(address(desk, "/release"), token_from="/review", to="/review")
    uma.post(address(desk, "/claim"), token_from="/review")


def test_declining_needs_a_reason(desk: Desk, tom: Client) -> None:
    tom.post(address(desk, "/decline"), {}, token_from="/review", status=422)
    tom.post(address(desk, "/decline"), {"reason": "field"}, token_from="/review", to="/review")
    assert "left it to another curator" in words(tom.get(address(desk, "/decision")))


def test_approving_publishes(desk: Desk, tom: Client, client_for: Browser) -> None:
    version = tom.get(address(desk, "/decision")).fields(address(desk, "/approve"))["version"]
    data = RATED | {"version": version, "comment": "Clear and short."}
    tom.post(address(desk, "/approve"), data, token_from="/review", to="/review")
    assert desk.fresh().state == "approved"
    page = tom.get(address(desk, "/decision"))
    assert "Clear and short." in words(page)
    assert "Tom Curator approved it" in words(page)
    for view in VIEWS:
        tom.get(address(desk, view))
    again = client_for(desk.uma).post(address(desk, "/approve"), data, token_from="/review", status=409)
    assert "Tom Curator approved this already" in words(again)


@pytest.mark.parametrize("missing", ["quiz", "check_safe"])
def test_an_approval_that_lacks_something_keeps_what_was_chosen(desk: Desk, tom: Client, missing: str) -> None:
    data = {k: v for k, v in RATED.items() if k != missing} | {"comment": "Keep these words."}
    page = tom.post(address(desk, "/approve"), data, token_from="/review", status=422)
    assert "Keep these words." in page.text
    kept = page.fields(address(desk, "/approve"))
    assert kept["clear"] == "4.5"
    assert kept["check_facts"] == "yes"
    assert desk.fresh().state == "open"


@pytest.mark.parametrize("rating", ["6", "0.5", "nan", "4,5", "\x00", "4.25", "x" * 5000])
def test_ratings_that_do_not_exist_are_left_out(desk: Desk, tom: Client, rating: str) -> None:
    tom.post(address(desk, "/approve"), RATED | {"clear": rating}, token_from="/review", status=422)


def test_asking_for_changes_and_refusing(desk: Desk, tom: Client) -> None:
    page = tom.post(address(desk, "/request-changes"), {}, token_from="/review", status=422)
    assert "blocking" in words(page)
    data = {"severity": "blocking", "text": "The example is wrong."}
    tom.post(address(desk, "/remarks"), data, token_from=address(desk, "/text"))
    tom.post(address(desk, "/request-changes"), {}, token_from="/review", to="/review")
    assert desk.fresh().state == "changes_requested"


def test_refusing_shows_the_reason(desk: Desk, tom: Client) -> None:
    tom.post(address(desk, "/reject"), {"reason": "copied", "comment": "short"}, token_from="/review", status=422)
    why = "This is the text of the handbook, word by word."
    tom.post(address(desk, "/reject"), {"reason": "copied", "comment": why}, token_from="/review", to="/review")
    assert why in words(tom.get(address(desk, "/decision")))


@pytest.mark.security
def test_a_draft_is_not_shown_to_curators_once_it_went_back(desk: Desk, tom: Client) -> None:
    desk.send_back()
    db.session.commit()
    tom.get(address(desk), status=302)
    for view in ("/text", "/changes"):
        tom.get(address(desk, view), status=404)
    tom.post(address(desk, "/quiz"), {}, token_from="/review", status=404)
    assert "Start with what the reader" not in tom.get(address(desk, "/decision")).text


def test_the_changes_since_the_published_revision(desk: Desk, tom: Client) -> None:
    actions.approve(desk.fresh(), factories.JUDGEMENT, by=desk.me(desk.tom))
    db.session.commit()
    assert "This is a new lesson" in words(tom.get(address(desk, "/changes")))
    second = revised(desk)
    page = tom.get(f"/review/{second.id}/changes")
    assert [text_of(e) for e in page.all("del")] == ["[removed: Then]"]
    assert [text_of(e) for e in page.all("ins")] == ["[added: Next]"]


def revised(desk: Desk) -> Review:
    """A new revision of the published lesson that waits."""
    author = desk.me(desk.author)
    draft = lessons.revise(desk.fresh().lesson, by=author)
    text = draft.source.replace("Then show", "Next show")
    lessons.submit(lessons.save_draft(draft, text, base_version=draft.version, by=author), by=author)
    db.session.commit()
    found = queries.latest_review(draft.id)
    assert found is not None
    return found


# who may not


@pytest.mark.security
def test_ones_own_lesson_can_be_read_and_nothing_else(desk: Desk, client_for: Browser) -> None:
    cora = desk.curator("Cora Curator")
    _lesson, review = factories.reviewed_lesson(desk.me(cora), desk.topic)
    browser = client_for(cora)
    assert "Yours" in words(browser.get("/review"))
    for view in VIEWS:
        page = browser.get(f"/review/{review.id}{view}")
        assert "This is yours: somebody else decides." in words(page)
        actions_shown = {form.get("action") for form in page.all("form")}
        assert not {a for a in actions_shown if a and a.endswith(("approve", "claim", "remarks", "reject", "decline"))}
    data = RATED | {"reason": "wrong", "severity": "note", "text": "x", "comment": "long enough to be a reason"}
    for deed in ("claim", "release", "decline", "remarks", "approve", "request-changes", "reject"):
        browser.post(f"/review/{review.id}/{deed}", data, token_from="/review", status=403)
    assert desk.fresh(review).state == "open"


POSTS = ("claim", "release", "decline", "remarks", "approve", "request-changes", "reject", "quiz")


@pytest.mark.security
def test_foreign_and_missing_reviews_answer_alike(desk: Desk, client_for: Browser) -> None:
    other = client_for(factories.person(roles=(("curator", factories.topic().id),)))
    data = RATED | {"reason": "wrong", "severity": "note", "text": "x", "comment": "long enough to be a reason"}
    for number in (desk.review.id, 999_999, 2**62):
        for view in VIEWS:
            other.get(f"/review/{number}{view}", status=404)
        for deed in POSTS:
            other.post(f"/review/{number}/{deed}", data, token_from="/review", status=404)
    assert desk.fresh().state == "open"


@pytest.mark.security
def test_administrators_meet_no_review_that_a_curator_can_decide(desk: Desk, client_for: Browser) -> None:
    browser = client_for(factories.person(roles=(("admin", 0), ("auditor", 0))))
    for url in (address(desk), address(desk, "/text"), "/review/999999"):
        browser.get(url, status=404)
    for deed in POSTS:
        browser.post(address(desk, f"/{deed}"), RATED, token_from="/me/settings", status=404)
    browser.get("/review/reports", status=403)


def test_employees_and_visitors_stay_outside(desk: Desk, client: Client, client_for: Browser) -> None:
    for person in (factories.person(), desk.author, factories.person(roles=(("auditor", 0),))):
        browser = client_for(person)
        for url in ("/review", "/review/reports", address(desk), address(desk, "/text"), "/review/999999"):
            browser.get(url, status=403)
        for deed in POSTS:
            browser.post(address(desk, f"/{deed}"), RATED, token_from="/me/settings", status=403)
    for url in ("/review", "/review/reports", address(desk), "/review/reports/mine"):
        client.get(url, status=302)


# authors


def test_remarks_of_an_earlier_round_stay_in_place(desk: Desk, tom: Client) -> None:
    source = desk.revision.source
    lines = source.split("\n")
    summary, example = (n for n, text in enumerate(lines, 1) if text.startswith("summary:") or "worked example" in text)
    gone, stays = desk.suggest(summary, "summary: Shorter."), desk.suggest(example, "    One example stands here.")
    desk.send_back()
    new = source.replace("## Begin\n", "## Begin\n\nOne more sentence first.\n")
    new = new.replace(lines[summary - 1], "summary: Quite other words, none of which anybody had used before today.")
    revision = desk.revision
    lessons.save_draft(revision, new, base_version=revision.version, by=desk.me(desk.author))
    again = desk.resubmit()
    page = tom.get(f"/review/{again.id}/text")
    places = {box.get("id"): text_of(box) for box in page.all("article") if (box.get("id") or "").startswith("remark-")}
    assert f"Line {example + 2}" in places[f"remark-{stays.id}"]
    assert "From an earlier round" in places[f"remark-{stays.id}"]
    assert "this place was changed" in places[f"remark-{gone.id}"]
    assert lines[summary - 1] in places[f"remark-{gone.id}"]
    url = f"/review/{again.id}/remarks/{stays.id}/reply"
    tom.post(url, {"reply": "Still so, I think."}, to=f"/review/{again.id}/text#remark-{stays.id}")
    assert "Still so, I think." in words(tom.get(f"/review/{again.id}/text"))
    tom.post(url, {"done": "1"}, to=f"/review/{again.id}/text#remark-{stays.id}")
    assert "remark-settled" in tom.get(f"/review/{again.id}/text").text


def card_moved_down(source: str) -> str:
    """The card “Begin” behind “Go on”, and the first question behind the second."""
    begin, go_on, care = (source.index(f"## {title}") for title in ("Begin", "Go on", "Take care"))
    new = source[:begin] + source[go_on:care] + source[begin:go_on] + source[care:]
    one, two, three = (new.index(f"## {kind}") for kind in ("single", "true-false", "text"))
    return new[:one] + new[two:three] + new[one:two] + new[three:]


def test_remarks_of_what_moved_stand_beside_it(desk: Desk, tom: Client, ada: Client) -> None:
    lines = desk.revision.source.split("\n")
    example, answer = lines.index("    A worked example stands here.") + 1, lines.index("- [x] The start ^b") + 1
    words = Words("note", Place(example - 1, example), actions.written("Is this one needed?"))
    note = actions.remark(desk.fresh(), words, by=desk.me(desk.tom))
    mend = desk.suggest(answer, "- [x] The beginning ^b")
    desk.send_back()
    revision = desk.revision
    new = card_moved_down(revision.source)
    lessons.save_draft(revision, new, base_version=revision.version, by=desk.me(desk.author))
    db.session.commit()
    editor = f"/write/{desk.lesson.id}"
    assert "this place was changed" not in ada.get(editor).text
    ada.post(f"/review/remarks/{mend.id}/accept", token_from=editor, to=f"{editor}#remark-{mend.id}")
    mended = new.replace("- [x] The start ^b", "- [x] The beginning ^b")
    assert desk.revision.source == mended
    again = desk.resubmit()
    page = tom.get(f"/review/{again.id}/text")
    for remark, line in ((note, "    A worked example stands here."), (mend, "- [x] The beginning ^b")):
        number = mended.split("\n").index(line) + 1
        row = next(row for row in page.all("li") if row.get("id") == f"line-{number}")
        assert [box.get("id") for box in row.iter(f"{HTML}article")] == [f"remark-{remark.id}"]


def test_the_author_meets_the_remarks_in_the_editor(desk: Desk, ada: Client) -> None:
    line = next(n for n, text in enumerate(desk.revision.source.split("\n"), 1) if text.startswith("summary:"))
    remark = desk.suggest(line, "summary: Shorter, and it still says what it is about.")
    db.session.commit()
    editor = f"/write/{desk.lesson.id}"
    assert "What the curator says" not in ada.get(editor).text
    desk.send_back()
    db.session.commit()
    page = ada.get(editor)
    assert "This has to change, please." in words(page)
    ada.post(f"/review/remarks/{remark.id}/accept", token_from=editor, to=f"{editor}#remark-{remark.id}")
    assert "Shorter, and it still says" in desk.revision.source
    ada.post(f"/review/remarks/{remark.id}/answer", {"reply": "Thank <b>you</b>"}, token_from=editor)
    page = ada.get(editor)
    assert "Taken over" in words(page)
    assert "Thank <b>you</b>" in words(page)
    history = words(ada.get(f"/write/{desk.lesson.id}/history"))
    assert "Ada Author accepted a suggestion by Tom Curator" in history
    assert "Tom Curator asked for changes" in history


@pytest.mark.security
def test_remarks_of_others_answer_as_missing_ones(desk: Desk, client_for: Browser, tom: Client) -> None:
    remark = desk.block()
    db.session.commit()
    stranger, ada = client_for(factories.person()), client_for(desk.author)
    for browser in (stranger, ada, tom):
        for number in (remark.id, 999_999):
            for deed in ("accept", "answer"):
                browser.post(f"/review/remarks/{number}/{deed}", {"done": "1"}, token_from="/me/settings", status=404)
    client_for(desk.uma).post(f"/review/remarks/{remark.id}/remove", token_from="/me/settings", status=404)
    assert db.session.get_one(Remark, remark.id).state == "open"


# reports


@pytest.fixture
def published(desk: Desk) -> str:
    """The address of the published lesson."""
    actions.approve(desk.fresh(), factories.JUDGEMENT, by=desk.me(desk.tom))
    db.session.commit()
    return f"/lessons/{desk.fresh().lesson.slug}"


def test_a_problem_is_reported_answered_and_seen(desk: Desk, published: str, client_for: Browser, ada: Client) -> None:
    reader = client_for(factories.person("Rita Reader"))
    assert f"{published}/report" in reader.get(published).text
    form = reader.get(f"{published}/report?place=card-2")
    assert form.fields(f"{published}/report")["place"] == "card-2"
    assert "last step" not in words(form)
    data = {"kind": "wrong", "place": "card-2", "text": "The **second** step is missing.", "hide_name": "y"}
    reader.post(f"{published}/report", data, token_from=f"{published}/report", to=published)
    report = db.session.scalars(select(Report)).one()
    assert (report.card, report.hide_name) == (2, True)

    uma = client_for(desk.uma)
    assert "Rita Reader" in words(uma.get("/review/reports"))
    page = uma.get(f"/review/reports/{report.id}")
    assert "Then show each step." in words(page)
    uma.post(f"/review/reports/{report.id}/decline", {"answer": "No"}, token_from="/review", status=422)
    uma.post(
        f"/review/reports/{report.id}/uphold", {"answer": "Thank you."}, token_from="/review", to="/review/reports"
    )

    assert "You were right" in words(reader.get("/review/reports/mine"))
    seen = ada.get(f"/review/lessons/{desk.lesson.id}/reports")
    assert "Rita Reader" not in seen.text
    assert "second step is missing" in words(seen)
    reader.get(f"/review/lessons/{desk.lesson.id}/reports", status=404)
    uma.get(f"/review/reports/{report.id}")


def test_a_report_about_a_question_shows_it(desk: Desk, published: str, client_for: Browser) -> None:
    reader = client_for(factories.person())
    form = reader.get(f"{published}/report")
    place = next(o.get("value") for o in form.all("option") if (o.get("value") or "").startswith("question-"))
    reader.post(f"{published}/report", {"kind": "unclear", "place": place}, token_from=f"{published}/report")
    report = db.session.scalars(select(Report)).one()
    assert "You want to begin." in words(client_for(desk.uma).get(f"/review/reports/{report.id}"))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "nonsense"},
        {"kind": "wrong", "place": "card-99"},
        {"kind": "wrong", "place": "card-²"},
        {"kind": "wrong", "place": "question-zzzzz"},
        {"kind": "wrong", "place": "elsewhere"},
        {"kind": "wrong", "text": "x" * 2001},
        {"kind": "wrong", "text": "[" * 1900},
    ],
)
def test_a_report_that_cannot_be_sent_keeps_what_was_typed(
    desk: Desk, published: str, client_for: Browser, data: dict[str, str]
) -> None:
    reader = client_for(factories.person())
    reader.post(f"{published}/report", data, token_from=f"{published}/report", status=422)
    assert db.session.scalars(select(Report)).all() == []


@pytest.mark.security
def test_authors_cannot_report_and_missing_lessons_are_missing(desk: Desk, published: str, ada: Client) -> None:
    ada.get(f"{published}/report", status=403)
    ada.post(f"{published}/report", {"kind": "wrong"}, token_from="/me/settings", status=403)
    ada.get("/lessons/no-such-lesson/report", status=404)
    for number in (1, 999_999):
        ada.get(f"/review/reports/{number}", status=403)


@pytest.mark.security
def test_reports_page_of_a_foreign_topic_is_missing(desk: Desk, published: str, client_for: Browser) -> None:
    reader = client_for(factories.person())
    reader.post(f"{published}/report", {"kind": "wrong"}, token_from=f"{published}/report")
    report = db.session.scalars(select(Report)).one()
    other = client_for(factories.person(roles=(("curator", factories.topic().id),)))
    for number in (report.id, 999_999):
        other.get(f"/review/reports/{number}", status=404)
        for deed in ("uphold", "decline"):
            other.post(f"/review/reports/{number}/{deed}", {"answer": "x" * 30}, token_from="/review", status=404)


def test_every_page_of_reports_keeps_to_its_statements(
    app: Flask, desk: Desk, published: str, client_for: Browser, statements: Statements
) -> None:
    reader, uma, ada = client_for(factories.person()), client_for(desk.uma), client_for(desk.author)
    reader.post(f"{published}/report", {"kind": "wrong", "place": "card-1"}, token_from=f"{published}/report")
    report = db.session.scalars(select(Report)).one()
    for browser, url in (
        (reader, f"{published}/report"),
        (reader, "/review/reports/mine"),
        (uma, f"/review/reports/{report.id}"),
        (ada, f"/review/lessons/{report.lesson_id}/reports"),
    ):
        db.session.expire_all()
        statements.clear()
        browser.get(url)
        assert len(statements) <= 5, f"{url}\n" + "\n".join(statements)
