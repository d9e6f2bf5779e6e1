"""The author's pages, as a browser sees them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from PIL import Image

from peerlearn.accounts.models import Person
from peerlearn.core import markdown
from peerlearn.core.db import db
from peerlearn.lessons import actions, queries
from peerlearn.lessons.models import FormerSlug, Lesson, Picture, Revision, Topic
from peerlearn.quizzes import textform
from peerlearn.quizzes.kinds.registry import KINDS
from tests import factories
from tests.page import Client, Page, text_of
from tests.quizzes.questions import EXAMPLES

JSON = {"Accept": "application/json"}
ClientFor = Callable[[Person], Client]


def png(colour: str = "red", size: tuple[int, int] = (40, 30)) -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, "PNG")
    data.seek(0)
    return data


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


def sent(lesson: Lesson, source: str, base: int | None = None) -> dict[str, Any]:
    return {"source": source, "base_version": base if base is not None else open_of(lesson).version}


# my lessons and starting


def test_an_empty_desk_teaches(browser: Client) -> None:
    page = browser.get("/write")
    assert page.heading == "My lessons"
    assert "/write/new" in page.text


def test_a_lesson_starts_from_the_template_of_its_kind(browser: Client, topic: Topic) -> None:
    form = {"title": "Read a train timetable", "topic": topic.id, "kind": "checklist"}
    page = browser.post("/write/new", form, token_from="/write/new")
    lesson = db.session.query(Lesson).one()
    assert page.response.location == f"/write/{lesson.id}"
    assert lesson.uid == "read-a-train-timetable"
    assert "## The list" in open_of(lesson).source
    assert browser.get(f"/write/{lesson.id}").heading == "Read a train timetable"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": "short"}, "8 to 80"),
        ({"title": "x" * 200}, "8 to 80"),
        ({"title": ""}, "fill this in"),
        ({"topic": "999999"}, "Not a valid choice"),
        ({"topic": "x"}, "Invalid Choice"),
        ({"kind": "poem"}, "Not a valid choice"),
    ],
)
def test_a_start_that_cannot_be_keeps_what_was_typed(
    browser: Client, topic: Topic, change: dict[str, str], message: str
) -> None:
    form = {"title": "Read a train timetable", "topic": str(topic.id), "kind": "how-to"} | change
    page = browser.post("/write/new", form, status=422, token_from="/write/new")
    assert message in page.text
    assert form["title"] in page.text
    assert db.session.query(Lesson).count() == 0


def test_without_topics_the_start_page_says_whom_to_ask(browser: Client) -> None:
    assert "Ask an administrator" in browser.get("/write/new").text


# the editor


def test_the_editor_holds_the_text_exactly(browser: Client, draft: Lesson) -> None:
    page = browser.get(f"/write/{draft.id}")
    areas = [area for area in page.all("textarea") if area.get("name") == "source"]
    assert "".join(areas[0].itertext()) == open_of(draft).source


def test_saving_without_a_script_keeps_text_verbatim(browser: Client, draft: Lesson) -> None:
    odd = "---\ntitle:   Odd \n---\r\n\r\n\n\n  text  \n<b>\u202e"
    browser.post(f"/write/{draft.id}/save", sent(draft, odd), to=f"/write/{draft.id}", token_from="/write")
    assert open_of(draft).source == odd.replace("\r\n", "\n")


def test_saving_by_script_answers_with_the_version(browser: Client, draft: Lesson) -> None:
    before = open_of(draft).version
    page = browser.post(f"/write/{draft.id}/save", sent(draft, "one"), status=200, token_from="/write", headers=JSON)
    assert page.response.json == {"version": before + 1}
    again = browser.post(
        f"/write/{draft.id}/save", sent(draft, "one", 1), status=200, token_from="/write", headers=JSON
    )
    assert again.response.json == {"version": before + 1}, "the same text is no conflict"


def test_a_stale_version_is_a_conflict_that_carries_the_other_text(browser: Client, draft: Lesson) -> None:
    base = open_of(draft).version
    browser.post(f"/write/{draft.id}/save", sent(draft, "first tab"), token_from="/write")
    page = browser.post(
        f"/write/{draft.id}/save", sent(draft, "second tab", base), status=409, token_from="/write", headers=JSON
    )
    assert page.response.json["theirs"] == "first tab"
    plain = browser.post(f"/write/{draft.id}/save", sent(draft, "second tab", base), status=409, token_from="/write")
    assert "first tab" in plain.text
    assert "second tab" in plain.text
    assert open_of(draft).source == "first tab"
    browser.post(
        f"/write/{draft.id}/save", sent(draft, "second tab", page.response.json["version"]), token_from="/write"
    )
    assert open_of(draft).source == "second tab"


def test_the_preview_shows_cards_questions_and_advice_and_stores_nothing(browser: Client, draft: Lesson) -> None:
    source = open_of(draft).source.replace("## Begin", "## A new beginning")
    page = browser.post(f"/write/{draft.id}/preview", sent(draft, source), status=200, token_from="/write")
    assert "A new beginning" in page.text
    assert "Ready to submit" in page.text
    assert "A new beginning" not in open_of(draft).source
    answer = browser.post(
        f"/write/{draft.id}/preview", sent(draft, source), status=200, token_from="/write", headers=JSON
    ).response.json
    assert set(answer) == {"sight", "outline", "problems", "minutes", "words", "errors"}
    assert answer["errors"] == 0
    assert "You want to begin." in answer["sight"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '![x](x" onerror="alert(1))',
        "<img src=x onerror=alert(1)>",
        "\u202ereversed",
        "[" * 5000,
        "&" * 100,
        "---\na: &a [x]\nb: *a\n---\n",
        "---\n" + "a: [" * 50 + "\n---\n",
        "---\n!!python/object/apply:os.system ['id']\n---\n",
        "# Quiz\n\n" + "## single\n\nq\n\n" + "- [ ] a\n" * 10_000,
        "## a\n" * 5000,
        "```\n" * 3001,
        "{{ 7*7 }} {% raw %}",
    ],
)
def test_hostile_text_is_shown_harmlessly_and_quickly(browser: Client, draft: Lesson, hostile: str) -> None:
    source = open_of(draft).source.replace("## Go on\n", f"## Go on\n\n{hostile}\n")
    for text in (hostile, source):
        page = browser.post(f"/write/{draft.id}/preview", sent(draft, text), status=200, token_from="/write")
        assert "<script>alert" not in page.text
        assert "javascript:alert" not in page.text.replace(hostile, "").replace("[x](javascript:alert(1))", "")
        assert "49 " not in page.text or "7*7" not in hostile
        browser.post(f"/write/{draft.id}/save", sent(draft, text), token_from="/write")
        browser.get(f"/write/{draft.id}")
        browser.get("/write")


def test_a_picture_comes_in_cut_and_small(browser: Client, draft: Lesson) -> None:
    url = f"/write/{draft.id}/pictures"
    form = {"alt": "A square", "left": "50", "side": "400"}
    browser.post(url, form | {"picture": (png(size=(1_000, 500)), "x.png")}, to=url, token_from="/write")
    kept = db.session.query(Picture).one()
    assert (kept.width, kept.height) == (400, 400)
    for wrong in ({"right": "41"}, {"top": "-1"}, {"side": "99999"}, {"left": "many"}):
        picture = {"picture": (png("blue"), "x.png")}
        browser.post(url, form | wrong | picture, status=422, token_from="/write")
    assert db.session.query(Picture).count() == 1


@pytest.mark.parametrize("text", ["x" * 100_001, "a\x00b", "half \ud800 sign".encode("utf-8", "surrogatepass")])
def test_text_that_cannot_be_kept_says_why_and_keeps_it_in_the_page(
    browser: Client, draft: Lesson, text: str | bytes
) -> None:
    before = open_of(draft).source
    page = browser.post(
        f"/write/{draft.id}/save", sent(draft, text), status=422 if isinstance(text, str) else 302, token_from="/write"
    )  # type: ignore[arg-type]
    if isinstance(text, str):
        assert open_of(draft).source == before
        assert "form-errors" in page.text
        answer = browser.post(
            f"/write/{draft.id}/preview", sent(draft, text), status=422, token_from="/write", headers=JSON
        )
        assert answer.response.json["message"]


def test_a_megabyte_is_refused_kindly(browser: Client, draft: Lesson) -> None:
    page = browser.post(
        f"/write/{draft.id}/save", {"source": "x" * 1_000_000, "base_version": "1"}, status=422, token_from="/write"
    )
    assert page.heading


@pytest.mark.parametrize("base", ["", "x", "-1", "99999999999999999999999"])
def test_a_base_version_that_is_no_number_is_a_conflict_not_an_error(browser: Client, draft: Lesson, base: str) -> None:
    browser.post(f"/write/{draft.id}/save", {"source": "x", "base_version": base}, status=409, token_from="/write")


def test_submitting_brings_the_text_into_its_form_once(browser: Client, draft: Lesson) -> None:
    form = sent(draft, open_of(draft).source.replace(" ^a\n", "\n"))
    browser.post(f"/write/{draft.id}/submit", form, to="/write", token_from="/write")
    assert open_of(draft).state == "submitted"
    version = open_of(draft).version
    assert " ^a\n" in open_of(draft).source
    browser.post(f"/write/{draft.id}/submit", form, to="/write", token_from="/write")
    assert open_of(draft).version == version
    page = browser.get(f"/write/{draft.id}")
    assert "Withdraw" in page.text
    browser.post(f"/write/{draft.id}/save", sent(draft, "late"), status=409, token_from="/write")


def test_a_flood_stays_in_drafts_and_what_was_typed_stays(browser: Client, author: Person, topic: Topic) -> None:
    """Three lessons a day in the first week (SAFETY A9); the same lesson again is none more."""
    drafts = [actions.import_file(factories.lesson_text(topic), owner=author, by=author)[0] for _ in range(4)]
    db.session.commit()
    *first, last = drafts
    for lesson in (*first, first[0]):
        if open_of(lesson).state == "submitted":
            browser.post(f"/write/{lesson.id}/withdraw", to=f"/write/{lesson.id}", token_from="/write")
        browser.post(
            f"/write/{lesson.id}/submit", sent(lesson, open_of(lesson).source), to="/write", token_from="/write"
        )
    typed = open_of(last).source.replace("Then show each step.", "Then show every step.")
    page = browser.post(f"/write/{last.id}/submit", sent(last, typed), status=422, token_from="/write")
    assert "In your first week you hand in up to three lessons a day." in page.text
    assert "Then show every step." in page.text
    assert open_of(last).state == "draft"
    factories.reloaded(author.id).created_at -= timedelta(days=8)
    db.session.commit()
    browser.post(f"/write/{last.id}/submit", sent(last, typed), to="/write", token_from="/write")


def test_a_lesson_that_is_not_ready_lists_what_to_mend(browser: Client, draft: Lesson) -> None:
    source = open_of(draft).source.replace("  > That comes last.\n", "")
    page = browser.post(f"/write/{draft.id}/submit", sent(draft, source), status=422, token_from="/write")
    assert "This answer has no explanation." in page.text
    assert open_of(draft).state == "draft"


def test_a_lesson_that_takes_too_long_as_a_whole_stays_as_it_was_typed(browser: Client, draft: Lesson) -> None:
    """Every text of it is quick; all of them are not, and the page says which part to shorten."""
    before = open_of(draft).source
    cards = [f"## Screen {number}\n\n{'`a' * 200}\n" for number in range(7)]
    source = before[: before.index("## ")] + "\n".join(cards) + "\n" + before[before.index("# Quiz") :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "RENDER_SECONDS", 0.01)
        page = browser.post(f"/write/{draft.id}/submit", sent(draft, source), status=422, token_from="/write")
    assert "All texts of this lesson take too long to show together." in page.text
    assert "Shorten this part, which takes the longest" in page.text
    assert "## Screen 6" in page.text
    assert (open_of(draft).state, open_of(draft).source) == ("draft", before)


def test_withdraw_discard_and_bring_back(browser: Client, draft: Lesson, author: Person) -> None:
    actions.submit(open_of(draft), by=author)
    db.session.commit()
    browser.post(f"/write/{draft.id}/withdraw", to=f"/write/{draft.id}", token_from="/write")
    assert open_of(draft).state == "draft"
    revision_id = open_of(draft).id
    assert "Set this draft aside?" in browser.get(f"/write/{draft.id}/discard").text
    browser.post(f"/write/{draft.id}/discard", to="/write", token_from="/write")
    assert queries.open_revision(draft.id) is None
    assert "Set aside" in browser.get("/write").text
    browser.post(f"/write/{draft.id}/history/{revision_id}/restore", to=f"/write/{draft.id}", token_from="/write")
    assert open_of(draft).number == 2


def test_a_published_lesson_is_revised_and_compared(browser: Client, author: Person, topic: Topic) -> None:
    lesson = factories.published_lesson(author, topic)
    assert "Begin a new revision" in browser.get(f"/write/{lesson.id}").text
    browser.post(f"/write/{lesson.id}/revise", to=f"/write/{lesson.id}", token_from="/write")
    revision = open_of(lesson)
    text = revision.source.replace("Then show each step.", "Then show every step.")
    browser.post(f"/write/{lesson.id}/save", sent(lesson, text), token_from="/write")
    page = browser.get(f"/write/{lesson.id}/history")
    assert [text_of(found) for found in page.all("del")] == ["[removed: each]"]
    assert [text_of(found) for found in page.all("ins")] == ["[added: every]"]
    assert "These two are the same" in browser.get(f"/write/{lesson.id}/history?from=1&to=1").text
    browser.get(f"/write/{lesson.id}/history?from=x&to=99999999999999999999")


def test_the_file_is_exported_byte_for_byte(browser: Client, draft: Lesson) -> None:
    response = browser.get(f"/write/{draft.id}/file").response
    assert response.data == open_of(draft).source.encode()
    assert "attachment" in response.headers["Content-Disposition"]


# questions in a form


@pytest.mark.parametrize("kind", [*KINDS, "poem"])
def test_every_kind_of_question_has_a_form(browser: Client, draft: Lesson, kind: str) -> None:
    browser.get(f"/write/{draft.id}/question?kind={kind}")
    browser.post(f"/write/{draft.id}/question/form", {"kind": kind}, status=200, token_from="/write", headers=JSON)


FILLED: dict[str, dict[str, Any]] = {
    "single": {
        "stem": "Which one?",
        "option-1": "This",
        "why-1": "Right.",
        "option-2": "That",
        "why-2": "No.",
        "option-3": "Other",
        "why-3": "Not.",
        "right": "1",
        "flag": "scenario",
        "level": "hard",
        "hint-1": "Look",
        "card": "2",
    },
    "true-false": {"stem": "It is so.", "why-1": "Yes.", "why-2": "No.", "right": "2"},
    "text": {"stem": "Name it", "accepted": "one\ntwo", "why": "Because."},
    "number": {"stem": "How many?", "number": "12.5 ± 0.5 kg", "why": "Because."},
    "ordering": {"stem": "Order", "step-1": "a", "step-2": "b", "step-3": "c", "why-2": "After a.", "why": "Because."},
    "matching": {
        "stem": "Match",
        "left-1": "a",
        "partner-1": "1",
        "left-2": "b",
        "partner-2": "2",
        "left-3": "c",
        "partner-3": "3",
        "why-3": "Both are third.",
        "partner-4": "4",
        "why": "Because.",
    },
    "cloze": {"stem": "A {{gap}} and {{=this|that}}.", "why": "Because."},
    "multiple": {
        "stem": "Which?",
        "option-1": "A",
        "why-1": "Yes.",
        "option-2": "B",
        "why-2": "No.",
        "option-3": "C",
        "why-3": "Yes.",
        "right": ["1", "3"],
        "why": "Two of three.",
    },
    "hotspot": {
        "stem": "Where?",
        "picture": "0a" * 32,
        "alt": "A [red] field",
        "right": ["2"],
        **{f"option-{n}": name for n, name in enumerate(("Top", "Middle", "Bottom"), start=1)},
        **{f"why-{n}": "Because." for n in (1, 2, 3)},
        **{f"left-{n}": "10" for n in (1, 2, 3)},
        **{f"width-{n}": "80,25" for n in (1, 2, 3)},
        **{f"height-{n}": "20" for n in (1, 2, 3)},
        **{f"top-{n}": str(n * 25) for n in (1, 2, 3)},
        "why": "It is in the middle.",
    },
    "reflection": {"stem": "What now?", "model": "I will write:\n\n```\nWhy: so\n```\n\n= every day"},
}


def controls(form: str) -> dict[str, list[str]]:
    """What a browser would send if nothing in this form were changed."""
    sent_: dict[str, list[str]] = {}
    for element in html5lib.parseFragment(form, namespaceHTMLElements=False).iter():
        name, ticks = element.get("name"), element.get("type") in {"checkbox", "radio"}
        if not name or (ticks and element.get("checked") is None):
            continue
        chosen = [o.get("value", "") for o in element.iter("option") if o.get("selected") is not None]
        text = (element.text or "").removeprefix("\n") if element.tag == "textarea" else element.get("value", "")
        sent_.setdefault(name, []).append(chosen[0] if chosen else text)
    return sent_


@pytest.mark.parametrize("kind", FILLED)
def test_a_filled_form_becomes_the_text_and_comes_back(browser: Client, draft: Lesson, kind: str) -> None:
    url = f"/write/{draft.id}/question"
    form = {"kind": kind} | FILLED[kind]
    said = browser.post(f"{url}/text", form, status=200, token_from="/write").response.json
    assert said["problems"] == []
    assert said["text"].startswith(f"## {kind}")
    fields = browser.post(f"{url}/form", {"text": said["text"]}, status=200, token_from="/write", headers=JSON)
    again = browser.post(f"{url}/text", controls(fields.response.json["form"]), status=200, token_from="/write")
    assert again.response.json == said
    browser.post(url, form, to=f"/write/{draft.id}", token_from="/write")
    assert said["text"] in open_of(draft).source


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_question_goes_through_its_form_unharmed(browser: Client, draft: Lesson, kind: str) -> None:
    """Ids, explanations, pinned answers and pictures are still there after a look at the form."""
    url, text = f"/write/{draft.id}/question", textform.print_question(EXAMPLES[kind])
    fields = browser.post(f"{url}/form", {"text": text}, status=200, token_from="/write", headers=JSON)
    form = controls(fields.response.json["form"])
    if kind in ("single", "hotspot"):
        assert fields.response.json["form"].count("Keep it at the end when answers are shuffled") >= 5
    assert browser.post(f"{url}/text", form, status=200, token_from="/write").response.json["text"] == text


def test_an_unfinished_question_says_what_is_missing_and_keeps_the_rest(browser: Client, draft: Lesson) -> None:
    before = open_of(draft).source
    form = {"kind": "single", "stem": "Which one is it?", "option-1": "Kept text"}
    page = browser.post(f"/write/{draft.id}/question", form, status=422, token_from="/write")
    assert "Kept text" in page.text
    assert open_of(draft).source == before


# pictures


def test_a_picture_is_kept_shown_and_cached(browser: Client, draft: Lesson, client_for: ClientFor) -> None:
    form = {"picture": (png(), "a.png"), "alt": "A [red] field"}
    page = browser.post(f"/write/{draft.id}/pictures", form, status=200, token_from="/write", headers=JSON)
    line = page.response.json["markdown"]
    assert line.startswith("![A red field](/media/")
    address = line.split("(")[1].rstrip(")")
    shown = browser.http.get(address)
    assert shown.mimetype == "image/webp"
    assert "private" in shown.headers["Cache-Control"]
    assert "immutable" in shown.headers["Cache-Control"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    client_for(factories.person()).get(address, status=404)
    browser.get(f"/write/{draft.id}/pictures")


def test_a_picture_of_a_published_lesson_is_for_everyone(
    browser: Client, draft: Lesson, author: Person, topic: Topic, client_for: ClientFor
) -> None:
    form = {"picture": (png("blue"), "a.png"), "alt": "A blue field"}
    page = browser.post(f"/write/{draft.id}/pictures", form, status=200, token_from="/write", headers=JSON)
    line = page.response.json["markdown"]
    address = line.split("(")[1].rstrip(")")
    curator = factories.person(roles=(("curator", topic.id),))
    stranger = client_for(factories.person())
    client_for(curator).get(address, status=404)
    revision = open_of(draft)
    actions.save_draft(
        revision,
        revision.source.replace("## Go on\n", f"## Go on\n\n{line}\n"),
        base_version=revision.version,
        by=author,
    )
    actions.submit(revision, by=author)
    db.session.commit()
    assert client_for(curator).http.get(address).status_code == 200
    stranger.get(address, status=404)
    actions.publish(revision, by=curator)
    db.session.commit()
    assert stranger.http.get(address).status_code == 200
    etag = stranger.http.get(address).headers["ETag"]
    assert stranger.http.get(address, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.png", b"not a picture"),
        ("a.png", b""),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50),
        ("a.html", b"<script>alert(1)</script>"),
    ],
)
def test_what_is_no_picture_is_refused_beside_the_field(browser: Client, draft: Lesson, name: str, data: bytes) -> None:
    for headers in ({}, JSON):
        form = {"picture": (io.BytesIO(data), name), "alt": "Something"}
        page = browser.post(f"/write/{draft.id}/pictures", form, status=422, token_from="/write", headers=headers)
        assert page.text
    assert db.session.query(Picture).count() == 0


def test_a_picture_needs_words(browser: Client, draft: Lesson) -> None:
    form = {"picture": (png(), "a.png"), "alt": ""}
    page = browser.post(f"/write/{draft.id}/pictures", form, status=422, token_from="/write")
    assert "what the picture shows" in page.text


@pytest.mark.parametrize("digest", ["x", "0" * 64, "../../etc/passwd", "A" * 64, "0" * 63 + "'"])
def test_an_unknown_picture_is_missing(browser: Client, digest: str) -> None:
    browser.get(f"/media/{digest}", status=404)


# authors


def test_a_co_author_writes_along_and_is_taken_off(
    browser: Client, draft: Lesson, author: Person, client_for: ClientFor
) -> None:
    colleague = factories.person()
    page = browser.post(f"/write/{draft.id}/authors", {"email": "nobody@example.org"}, status=422, token_from="/write")
    assert "Nobody here has this address" in page.text
    browser.post(f"/write/{draft.id}/authors", {"email": colleague.email.upper()}, token_from="/write")
    assert "10 % of the credit" in browser.get(f"/write/{draft.id}/authors").text
    theirs = client_for(colleague)
    theirs.get(f"/write/{draft.id}")
    theirs.get(f"/write/{draft.id}/authors", status=403)
    browser.post(f"/write/{draft.id}/authors/{colleague.id}/remove", token_from="/write")
    theirs.get(f"/write/{draft.id}", status=404)
    browser.post(f"/write/{draft.id}/authors/{author.id}/remove", status=422, token_from="/write")


# who may


def test_authors_stay_while_curators_have_the_text(client_for: ClientFor, author: Person) -> None:
    lesson, _waiting = factories.reviewed_lesson(author, factories.topic())
    browser, colleague = client_for(author), factories.person()
    page = browser.get(f"/write/{lesson.id}/authors")
    assert "nobody joins or leaves" in page.text
    assert 'name="email"' not in page.text
    said = browser.post(f"/write/{lesson.id}/authors", {"email": colleague.email}, status=409, token_from="/write")
    assert "Take it back first" in said.text


GETS = ["", "/history", "/pictures", "/question", "/file", "/authors", "/discard"]
POSTS = ["/save", "/preview", "/submit", "/withdraw", "/discard", "/revise", "/pictures", "/question", "/authors"]


@pytest.mark.parametrize("roles", [(), (("admin", 0),), (("curator", 0),), (("auditor", 0),), (("lead", 0),)])
def test_somebody_elses_draft_is_missing(
    draft: Lesson, client_for: ClientFor, roles: tuple[tuple[str, int], ...]
) -> None:
    other = client_for(factories.person(roles=roles))
    for path in GETS:
        readable = path == "/history" and roles == (("curator", 0),)
        other.get(f"/write/{draft.id}{path}", status=200 if readable else 404)
    for path in POSTS:
        other.post(f"/write/{draft.id}{path}", {"source": "x"}, status=404, token_from="/write")
    assert open_of(draft).state == "draft"


def test_a_missing_lesson_is_missing_alike(browser: Client) -> None:
    for path in GETS:
        browser.get(f"/write/999999{path}", status=404)
    for path in POSTS:
        browser.post(f"/write/999999{path}", {"source": "x"}, status=404, token_from="/write")


def test_a_curator_sees_what_was_handed_in_never_a_draft(
    draft: Lesson, author: Person, topic: Topic, client_for: ClientFor
) -> None:
    curator = client_for(factories.person(roles=(("curator", topic.id),)))
    stranger = client_for(factories.person(roles=(("curator", factories.topic().id),)))
    assert "Revision 1" not in curator.get(f"/write/{draft.id}/history").text
    actions.submit(open_of(draft), by=author)
    db.session.commit()
    assert "Revision 1" in curator.get(f"/write/{draft.id}/history").text
    stranger.get(f"/write/{draft.id}/history", status=404)
    curator.post(f"/write/{draft.id}/history/{open_of(draft).id}/restore", status=404, token_from="/write")


def test_visitors_are_sent_to_sign_in(client: Client, draft: Lesson) -> None:
    for path in ("/write", "/write/new", f"/write/{draft.id}", "/topics", "/media/" + "0" * 64):
        assert client.get(path, status=302).response.location.startswith("/sign-in")


# topics


def test_topics_are_added_changed_and_retired(client_for: ClientFor, topic: Topic) -> None:
    admin = client_for(factories.person(roles=(("admin", 0),)))
    form = {"name": "Über Züge", "description": "All about trains", "icon": "rocket", "hue": "210"}
    admin.post("/topics", form, to="/topics", token_from="/topics")
    added = db.session.query(Topic).filter_by(slug="uber-zuge").one()
    page = admin.post("/topics", form, status=422, token_from="/topics")
    assert "There is a topic of this name already" in page.text
    changed = form | {"name": "Trains"}
    admin.post(f"/topics/{added.id}", changed, to="/topics", token_from="/topics")
    db.session.expire_all()
    assert (added.name, added.slug, added.is_active) == ("Trains", "uber-zuge", False)
    assert "Retired" in admin.get("/topics").text
    admin.post(f"/topics/{topic.id}", changed, status=422, token_from="/topics")
    admin.get("/topics/999999", status=404)


@pytest.mark.parametrize("hue", ["-30", "360", "45", "blue", ""])
def test_a_colour_that_is_not_offered_is_refused(client_for: ClientFor, hue: str, db: Any) -> None:
    admin = client_for(factories.person(roles=(("admin", 0),)))
    form = {"name": "Trains", "description": "", "icon": "rocket", "hue": hue}
    assert "Choose a colour." in admin.post("/topics", form, status=422, token_from="/topics").text


def test_a_topic_opens_with_the_colour_it_is_shown_in(client_for: ClientFor, topic: Topic) -> None:
    topic.hue = 47
    db.session.commit()
    page = client_for(factories.person(roles=(("admin", 0),))).get(f"/topics/{topic.id}")
    chosen = [one.get("value") for one in page.all("input") if one.get("name") == "hue" and "checked" in one.attrib]
    assert chosen == ["60"]


def test_only_administrators_look_after_topics(client_for: ClientFor, topic: Topic) -> None:
    for roles in ((), (("curator", 0),), (("auditor", 0),)):
        other = client_for(factories.person(roles=roles))
        other.get("/topics", status=403)
        other.post("/topics", {"name": "x"}, status=403, token_from="/write")
        other.get(f"/topics/{topic.id}", status=403)


def test_the_editor_stays_within_its_statements(browser: Client, draft: Lesson, statements: list[str]) -> None:
    statements.clear()
    browser.get(f"/write/{draft.id}")
    assert len(statements) <= 6


def previewed(browser: Client, draft: Lesson, source: str) -> Page:
    """The editor with its advice for this text."""
    return browser.post(f"/write/{draft.id}/preview", sent(draft, source), status=200, token_from="/write")


def test_the_nearest_lesson_is_shown_with_its_share_and_a_link(
    browser: Client, draft: Lesson, author: Person, topic: Topic
) -> None:
    other = factories.published_lesson(author, topic)
    newest = queries.newest_revision(other.id)
    assert newest
    page = previewed(browser, draft, newest.source.replace(other.title, "A quite different name"))
    assert f"100 % of the text also stands in “{other.title}”" in page.text
    assert f"/lessons/{other.slug}" in [link.get("href") for link in page.all("a")]


def test_links_to_lessons_are_looked_up(browser: Client, draft: Lesson, author: Person, topic: Topic) -> None:
    other = factories.published_lesson(author, topic)
    db.session.add(FormerSlug(slug="its-old-address", lesson_id=other.id))
    db.session.commit()
    source = open_of(draft).source
    for address, told in (
        ("/lessons/its-old-address", None),
        (f"/lessons/{other.slug}/cards/1", None),
        (f"/lessons/{other.slug}/cards/99", "has only"),
        ("/lessons/never-there", "There is no published lesson at"),
    ):
        page = previewed(browser, draft, source.replace("\n# Quiz", f"\n[see]({address})\n\n# Quiz"))
        said = [words for words in ("has only", "There is no published lesson at") if words in page.text]
        assert said == ([told] if told else [])


def test_findings_lead_to_the_text_without_a_script_and_are_told(browser: Client, draft: Lesson) -> None:
    source = open_of(draft).source.replace("\n# Quiz", "\npassword: " + "Xk29fjQ81mzPq7\n\n# Quiz")
    page = previewed(browser, draft, source)
    line = source[: source.index("password: ")].count("\n") + 1
    links = [each for each in page.all("a") if each.get("class") == "edit-problem-button"]
    assert {each.get("href") for each in links} == {"#source"}
    assert str(line) in [each.get("data-line") for each in links]
    assert [each.get("role") for each in page.all("p") if "data-problems-said" in each.attrib] == ["status"]


def test_advice_takes_as_few_statements_for_many_lessons(
    browser: Client, draft: Lesson, author: Person, topic: Topic, statements: list[str]
) -> None:
    counts = []
    other = factories.published_lesson(author, topic)
    for wanted in (3, 30):
        while db.session.query(Lesson).filter_by(state="published").count() < wanted:
            factories.published_lesson(author, topic)
        links = f"[see](/lessons/{other.slug}/cards/1) [x](/lessons/no)"
        source = open_of(draft).source.replace("\n# Quiz", f"\n{links}\n\n# Quiz")
        form = sent(draft, source) | {"csrf_token": browser.token("/write")}
        statements.clear()
        browser.post(f"/write/{draft.id}/preview", form, status=200, headers=JSON)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10
