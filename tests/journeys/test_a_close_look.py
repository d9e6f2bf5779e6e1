"""The visitor itself: it sees the fault of a page, also after many a page that was nearly the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from tests.journeys.visitor import Visitor

HOME = "http://peerlearn.test/"
STYLE = "button:hover {color: #ddd} button {background: white; color: black; font-size: 2rem; height: 4rem}"
MARK = "() => { const run = axe.run; axe.run = (...all) => { window.looked = true; return run(...all); } }"
PAGE = """<!doctype html><html lang=en><title>A page</title><style>{style}</style>
<main><h1>A page</h1><form><input type=hidden name=csrf_token value={token}>{more}<button>Send</button></form></main>"""


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Somebody who looks at pages of ours, without PeerLearn."""
    context = browser.new_context()
    yield Visitor(context)
    context.close()


def show(visitor: Visitor, more: str = "", token: str = "a-token-of-its-own") -> None:
    """Let the visitor come to this page."""

    def answer(route: Route) -> None:
        route.fulfill(body=PAGE.format(style=STYLE, more=more, token=token), content_type="text/html")

    visitor.page.unroute(HOME)
    visitor.page.route(HOME, answer)
    visitor.page.goto(HOME)


def looked(visitor: Visitor) -> bool:
    """Whether axe looked at the page, which now leaves a mark when it runs."""
    visitor.page.evaluate(
        "() => { const run = axe.run; axe.run = (...all) => { window.looked = true; return run(...all); } }"
    )
    visitor.settled()
    return bool(visitor.page.evaluate("() => Boolean(window.looked)"))


def test_a_page_is_looked_at_once_as_long_as_it_stands_the_same(visitor: Visitor) -> None:
    show(visitor)
    assert looked(visitor)
    show(visitor, token="another-token-of-its-own")
    assert not looked(visitor)
    visitor.page.set_viewport_size({"width": 390, "height": 800})
    assert looked(visitor)
    visitor.page.emulate_media(color_scheme="dark")
    assert looked(visitor)
    visitor.page.get_by_role("button").focus()
    assert looked(visitor)
    show(visitor, more="<p>A word</p>")
    assert looked(visitor)


def test_a_fault_is_seen_each_time(visitor: Visitor) -> None:
    show(visitor)
    visitor.settled()
    for _time in range(2):
        show(visitor, more="<input>")
        with pytest.raises(AssertionError, match="axe label"):
            visitor.settled()
    show(visitor)
    visitor.settled()
    visitor.page.get_by_role("button").hover()
    with pytest.raises(AssertionError, match="axe color-contrast"):
        visitor.settled()


PALE = "<style>.pale {{color: #ddd}} .bare + p {{color: #ddd}} form:has(:checked) p {{color: #ddd}}</style>"


@pytest.mark.parametrize(
    "more",
    [
        '<p class="pale">A word</p>',
        '<div class="pale"><p>A word</p></div>',
        '<i class="bare"></i><p>A word</p>',
        '<label><input type="checkbox" checked>Yes</label><p>A word</p>',
    ],
)
def test_colours_are_looked_at_where_anything_around_is_new(visitor: Visitor, more: str) -> None:
    style = PALE.format()
    show(visitor, more=style + '<p>A word</p><label><input type="checkbox">Yes</label><i></i><div><p>A word</p></div>')
    visitor.settled()
    show(visitor, more=style + "<p>Another word</p>")
    visitor.settled()
    show(visitor, more=style + more)
    with pytest.raises(AssertionError, match="axe color-contrast"):
        visitor.settled()
