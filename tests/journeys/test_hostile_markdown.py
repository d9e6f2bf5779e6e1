"""Hostile Markdown in a real browser: the sanitiser alone holds, and so does the content security policy alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from itertools import islice

import markdown as unguarded
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Route

from peerlearn.core import markdown
from peerlearn.core.errors import NotValid
from peerlearn.core.web import CONTENT_SECURITY_POLICY
from tests.security.hostile import families

pytestmark = pytest.mark.journey
FAMILIES = families()
HOME = "http://peerlearn.test"
CRY = "a script ran"
WATCH = f"window.xss = () => console.log('{CRY}');"
TOUCH = """(view) => {
  view.addEventListener("submit", event => event.preventDefault(), true);
  view.addEventListener("click", event => {
    const link = event.target.closest("a[href]");
    if (link && link.protocol !== "javascript:") event.preventDefault();
  }, true);
  for (const element of view.document.querySelectorAll("body *")) {
    for (const name of ["mouseover", "focus", "toggle", "error", "load", "animationstart"])
      element.dispatchEvent(new view.Event(name));
    element.dispatchEvent(new view.MouseEvent("click", {bubbles: true, cancelable: true}));
  }
}"""
FRAMES = f"""async (pages) => {{
  const touch = {TOUCH};
  await Promise.all(pages.map((page) => new Promise((done) => {{
    const frame = document.createElement("iframe");
    frame.style.cssText = "position: absolute; inset: 0; width: 100vw; height: 100vh";  // whatever is lazy, is seen
    frame.srcdoc = page;
    frame.onload = done;
    document.body.append(frame);
  }})));
  for (const frame of [...document.querySelectorAll("body > iframe")])
    if (frame.contentDocument) touch(frame.contentWindow);  // it has none when the page leads away
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));  // the focus is given
}}"""
PAGE = "<!doctype html><meta charset=utf-8><title>t</title><body>"
MANY = 20  # pages beside one another


@dataclass
class Site:
    """A site of one page, and what this page did besides: calls abroad, scripts."""

    page: Page
    body: str = ""
    policy: str | None = None
    asked: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        """The page itself; anything else is written down and missing."""
        request = route.request
        if request.url == f"{HOME}/":
            headers = {"Content-Security-Policy": self.policy} if self.policy else {}
            route.fulfill(body=PAGE + self.body, content_type="text/html; charset=utf-8", headers=headers)
            return
        if not request.is_navigation_request() and not request.url.startswith(HOME):
            self.asked.append(request.url)
        if request.is_navigation_request():
            route.abort()
        else:
            route.fulfill(status=404, body="")

    def suffers(self, body: str, policy: str | None = None) -> bool:
        """Whether this markup runs a script or calls abroad when it is shown and touched everywhere."""
        self.body, self.policy = body, policy
        self.asked.clear()
        with suppress(Error):  # a page that leads away is ended while it is looked at
            self.page.goto(f"{HOME}/", wait_until="load")
            self.page.evaluate(f"() => ({TOUCH})(window)")
            self.page.evaluate("() => new Promise(done => setTimeout(done))")
        return bool(self.asked)

    def one_suffers(self, bodies: list[str], policy: str | None = None) -> bool:
        """Whether one of these pages does, shown in frames beside one another; a frame has the policy of its page."""
        self.body, self.policy = "", policy
        self.asked.clear()
        self.page.goto(f"{HOME}/", wait_until="load")
        self.page.evaluate(FRAMES, [PAGE + body for body in bodies])
        return bool(self.asked)

    def hears(self, message: ConsoleMessage) -> None:
        """A script that ran says so, wherever the page is meanwhile."""
        if message.text == CRY:
            self.asked.append(CRY)


@pytest.fixture(scope="module")
def site(browser: Browser) -> Iterator[Site]:
    """A browser without PeerLearn: only its renderer or its policy stands between the text and the reader."""
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: dialog.dismiss())
    found = Site(page)
    page.on("console", found.hears)
    page.route("**/*", found.answer)
    yield found
    page.close()


def sanitised(text: str) -> str:
    """What PeerLearn makes of a text; what it refuses shows as text."""
    try:
        return str(markdown.render(text, prefix="t").html)
    except NotValid:
        return escape(text)


def raw(text: str) -> str:
    """What the Markdown library makes of a text when nobody looks after it."""
    return unguarded.markdown(text, extensions=["extra", "admonition"])


def test_without_any_guard_they_are_harmful(site: Site) -> None:
    """The probe itself: it sees scripts run and calls abroad where nothing stops them, in a page and in a frame."""
    harmful = {name: list(islice(filter(site.suffers, map(raw, cases[:12])), 3)) for name, cases in FAMILIES.items()}
    assert {"scripts", "handlers", "embeds", "styles", "mutations", "confusions", "trackers"} <= {
        name for name, found in harmful.items() if len(found) == 3
    }, harmful
    for found in harmful.values():
        assert [body for body in found if not site.one_suffers(["<p>Nothing.</p>", body, "<p>Nothing.</p>"])] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_the_sanitiser_alone_holds(site: Site, family: str) -> None:
    if site.suffers("\n".join(map(sanitised, FAMILIES[family]))):
        pytest.fail("\n".join(text for text in FAMILIES[family] if site.suffers(sanitised(text))))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_policy_alone_holds(site: Site, family: str) -> None:
    cases, through = FAMILIES[family], []
    for some in (cases[first : first + MANY] for first in range(0, len(cases), MANY)):
        if site.one_suffers([raw(text) for text in some], CONTENT_SECURITY_POLICY):
            alone = [text for text in some if site.one_suffers([raw(text)], CONTENT_SECURITY_POLICY)]
            through += alone or some
    assert not through, "\n".join(through)
