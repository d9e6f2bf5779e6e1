"""The controls of each kind as a browser gets them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from jinja2 import Environment

from peerlearn.core import markdown
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.question import Gap, Question
from tests.quizzes.questions import CANARY, EXAMPLES
from tests.quizzes.test_kinds import MARKS, TYPED, Form

ALL = pytest.mark.parametrize("slug", sorted(KINDS))
SHOW: dict[str, Any] = {
    "render": lambda text: markdown.render(text).html,
    "render_line": markdown.render_inline,
}


@pytest.fixture
def pages(app: Flask) -> Iterator[Environment]:
    """The templates as the application renders them."""
    with app.test_request_context():
        yield app.jinja_env


def draw(pages: Environment, macro: str, *args: Any, **kwargs: Any) -> Element:
    html = str(getattr(pages.get_template("quizzes/question.html").module, macro)(*args, **kwargs))
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(f"<!doctype html><title>t</title><form>{html}</form>")
    assert parser.errors == []
    assert CANARY not in html or macro == "explained"
    assert "style=" not in html
    assert "onclick" not in html
    ids = [e.get("id") for e in page.iter() if e.get("id")]
    assert len(set(ids)) == len(ids)
    for element in page.iter():
        for name in (element.get("aria-describedby") or "").split():
            assert name in ids
    return page


def controls(page: Element) -> list[Element]:
    return [e for e in page.iter() if e.tag in ("input", "select", "textarea")]


@ALL
def test_every_control_has_a_label_and_a_name(pages: Environment, slug: str) -> None:
    page = draw(pages, "ask", KINDS[slug].present(EXAMPLES[slug], 1, **SHOW))
    labelled = {e.get("for") for e in page.iter("label")}
    assert controls(page)
    for control in controls(page):
        assert control.get("id") in labelled or control.get("aria-label")
        assert control.get("name", "").startswith("answer")
    if slug not in TYPED:
        legend = next(iter(next(page.iter("fieldset"))))
        assert legend.tag == "legend"
        assert "".join(legend.itertext()).strip()


@ALL
def test_what_the_page_offers_can_be_answered(pages: Environment, slug: str) -> None:
    """Post what stands on the page: the first choice everywhere, or a typed word."""
    shown = KINDS[slug].present(EXAMPLES[slug], 1, **SHOW)
    form = Form()
    for place, control in enumerate(controls(draw(pages, "ask", shown)), start=1):
        offered = [o.get("value", "") for o in control.iter("option") if o.get("value")]
        if control.get("type") in ("radio", "checkbox") and form:
            continue
        value = offered[(place - 1) % len(offered)] if offered else control.get("value") or "7"
        form[control.get("name", "")] = [value]
    assert isinstance(KINDS[slug].read(EXAMPLES[slug], 1, form), Answer)


class Typed(Form):
    """A posted form whose `get` gives the first value, as the web framework's does."""

    def get(self, name: str, default: Any = None) -> Any:
        return (self.getlist(name) or [default])[0]


@ALL
def test_what_was_typed_is_kept_beside_the_message(pages: Environment, slug: str) -> None:
    shown = KINDS[slug].present(EXAMPLES[slug], 1, **SHOW)
    typed = Typed()
    for control in controls(draw(pages, "ask", shown)):
        offered = [o.get("value", "") for o in control.iter("option") if o.get("value")]
        typed.setdefault(control.get("name", ""), [offered[-1] if offered else control.get("value") or "<b>7"])
    page = draw(pages, "ask", shown, message="Something is missing.", typed=typed)
    assert any("Something is missing." in "".join(e.itertext()) for e in page.iter("p"))
    kept = Form()
    for control in controls(page):
        chosen = [o.get("value", "") for o in control.iter("option") if o.get("selected") is not None]
        if control.get("type") not in ("radio", "checkbox") or control.get("checked") is not None:
            kept[control.get("name", "")] = chosen or [control.get("value") or control.text or ""]
    assert kept == typed


@ALL
@pytest.mark.parametrize("which", [0, -1])
def test_it_is_explained_in_words(pages: Environment, slug: str, which: int) -> None:
    answer = Answer(slug, MARKS[slug][which][0])
    page = draw(pages, "explained", KINDS[slug].explain(EXAMPLES[slug], answer, 1, **SHOW))
    words = " ".join(" ".join(page.itertext()).split())
    assert ("Not right yet" in words) == (which == -1 and KINDS[slug].counts)
    assert CANARY in words


def test_users_text_is_escaped_and_rendered(pages: Environment) -> None:
    evil = Question(
        "cloze", "**Run** `git {{1}}` <script>x</script>", "evil01", gaps=(Gap(choices=("<b>a", "</select>")),)
    )
    page = draw(pages, "ask", KINDS["cloze"].present(evil, 1, **SHOW))
    assert not list(page.iter("script"))
    assert {o.text for o in page.iter("option")} == {"Choose…", "<b>a", "</select>"}
    assert [e.tag for e in next(page.iter("code"))] == ["select"]
    raw = draw(pages, "ask", KINDS["cloze"].present(evil, 1, render=partial(str)))
    assert not list(raw.iter("script"))
