"""Somebody at a browser who notices when a page has a fault."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.factories import PASSWORD

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": list(RULES)},
    "preload": False,  # of style sheets and films, which none of these rules needs here
}
BUT_COLOURS = AXE | {"rules": {"color-contrast": {"enabled": False}}}
AXE_SCRIPT = Axe().axe_script
STANDS = """() => {
  const states = [":hover", ":focus", ":focus-visible", ":checked", ":indeterminate", ":invalid", ":user-invalid",
    ":placeholder-shown", ":popover-open", ":modal", ":autofill"];
  const stateOf = (each) => states.map((state) => each.matches(state));
  const all = [...document.querySelectorAll("body *")];  // a pointer stands on the body itself or not, as chance has it
  const home = (words) => words?.replaceAll(location.origin, "");
  const token = document.querySelector("[name=csrf_token]")?.value;  // new on each page, and nobody sees it
  const html = document.documentElement.outerHTML;
  return JSON.stringify([
    home(token ? html.replaceAll(token, "") : html),
    all.flatMap((each, place) => each.matches(states.join()) ? [[place, stateOf(each)]] : []),
    all.flatMap((each, place) => each.scrollTop || each.scrollLeft ? [[place, each.scrollTop, each.scrollLeft]] : []),
    [...document.styleSheets].map((sheet) => [home(sheet.href), sheet.disabled, sheet.cssRules.length]),
    document.getAnimations().map((each) => [each.playState, each.animationName, each.transitionProperty]),
    [innerWidth, innerHeight, scrollX, scrollY, devicePixelRatio, matchMedia("(pointer: coarse)").matches],
    ["prefers-color-scheme: dark", "prefers-reduced-motion: reduce", "prefers-contrast: more", "forced-colors: active"]
      .map((query) => matchMedia(`(${query})`).matches),
  ]);
}"""
LOOKS = """() => {
  // What decides on the colours of an element: its tag, classes, attributes and states, those of what is around it and
  // in front of it, and the window. Numbers and addresses in attributes decide nothing.
  const states = [":hover", ":focus-within", ":focus-visible", ":checked", ":indeterminate", ":user-invalid",
    ":placeholder-shown", ":popover-open", ":modal", ":autofill", ":disabled", ":nth-child(even)"];
  const ignored = new Set(["id", "href", "src", "srcset", "value", "name", "for", "action", "title", "alt", "content"]);
  const window_ = [innerWidth, matchMedia("(pointer: coarse)").matches, ...["prefers-color-scheme: dark",
    "prefers-reduced-motion: reduce", "prefers-contrast: more", "forced-colors: active"]
    .map((query) => matchMedia(`(${query})`).matches)].join();
  const own = (each) => [each.tagName,
    ...[...each.attributes].filter((one) => !ignored.has(one.name)).map((one) => one.name + "=" +
      (one.name === "class" ? one.value : one.value.length < 30 ? one.value.replace(/[0-9]+/g, "#") : "")).sort(),
    each.matches("body *") ? states.map((state) => each.matches(state) ? 1 : 0).join("") : "",
    each.querySelector(":checked, :user-invalid") ? 1 : 0].join(" ");
  const hash = (words) => {
    let [high, low] = [0xdeadbeef, 0x41c6ce57];
    for (let at = 0; at < words.length; at += 1) {
      high = Math.imul(high ^ words.charCodeAt(at), 2654435761);
      low = Math.imul(low ^ words.charCodeAt(at), 1597334677);
    }
    return `${high >>> 0}.${low >>> 0}`;
  };
  const around = new Map(), found = new Set();
  for (const each of document.querySelectorAll("*")) {
    const before = each.previousElementSibling ? own(each.previousElementSibling) : "";
    const look = hash([around.get(each.parentElement) ?? window_, before, own(each)].join(" > "));
    around.set(each, look);
    found.add(look);
  }
  return [...found];
}"""
readable: set[str] = set()  # the looks of elements whose colours axe was content with
content: set[bytes] = set()  # how the pages stood that axe was content with, by their digest
ASSETS = {"script", "stylesheet", "image", "font"}
Words = str | re.Pattern[str]


class Visitor:
    """A person's window. What they do is named as they would: `follow` a link, `press` a button, `fill` a field."""

    def __init__(self, context: BrowserContext, *, scripts: bool = True) -> None:
        self.context, self.scripts = context, scripts
        context.add_init_script(AXE_SCRIPT)  # the browser keeps it; sent to each page it costs three times as much
        self.faults: list[str] = []
        self.page = self._watch(context.new_page())

    def _watch(self, page: Page) -> Page:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("response", self._received)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource")  # judged by its status in _received
        if message.type in {"error", "warning"} and not refused:
            self.faults.append(f"console: {message.text}")

    def _received(self, response: Response) -> None:
        asset = response.request.resource_type in ASSETS
        if response.status >= 500 or (asset and response.status >= 400):
            self.faults.append(f"{response.status}: {response.url}")

    def opens_a_new_tab(self) -> None:
        """Go on in a new tab, the old one is closed."""
        self.page = self._watch(self.context.new_page())

    def another_tab(self) -> Visitor:
        """The same person in a second tab of the same browser."""
        other = object.__new__(Visitor)
        other.context, other.scripts, other.faults = self.context, self.scripts, []
        other.page = other._watch(self.context.new_page())
        return other

    def goes_to(self, path: str) -> Page:
        """Type an address."""
        self.page.goto(path)
        return self.settled()

    def settled(self) -> Page:
        """The page as it stands, after it was looked at closely."""
        page = self.page
        page.wait_for_load_state("load")
        if not self.scripts:  # then nothing can run in the page to look at it
            assert not self.faults, f"{page.url}\n" + "\n".join(self.faults)
            return page
        page.wait_for_function("() => document.readyState === 'complete' && document.fonts.status === 'loaded'")
        faults = self.faults + [_told(violation) for violation in self._violations()] + self._too_wide()
        self.faults = []
        assert not faults, f"{page.url}\n" + "\n".join(faults)
        return page

    def _violations(self) -> list[dict[str, Any]]:
        """What axe finds; a page that stands exactly as one that it was content with is not looked at again."""
        stands = sha256(self.page.evaluate(STANDS).encode()).digest()
        if stands in content:
            return []
        looks = set(self.page.evaluate(LOOKS))
        options = BUT_COLOURS if looks <= readable else AXE  # colours take more time than all the rest
        run = "async (options) => (await axe.run(options)).violations"
        found: list[dict[str, Any]] = self.page.evaluate(run, options)
        if not found:
            content.add(stands)
            readable.update(looks)
        return found

    def _too_wide(self) -> list[str]:
        script = """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          return [...document.querySelectorAll("body *")]
            .filter((each) => each.getBoundingClientRect().right > wide + 1)
            .slice(0, 5)
            .map((each) => `wider than the screen: ${each.cloneNode().outerHTML}`);
        }"""
        found: list[str] = self.page.evaluate(script)
        return found

    def signs_in(self, email: str, password: str = PASSWORD) -> Page:
        """Come in with an address and a password."""
        self.goes_to("/sign-in")
        self.fill("Mail address", email)
        self.fill("Password", password)
        self.press("Sign in", within="main")
        expect(self.page.get_by_role("button", name="Sign in")).to_have_count(0)
        return self.page

    def signs_out(self) -> Page:
        """Leave through the account menu."""
        self.page.locator(".account-button").click()
        return self.press("Sign out")

    def button(self, words: Words, within: str = "body") -> Locator:
        """A button by its words."""
        return self.page.locator(within).get_by_role("button", name=words, exact=isinstance(words, str)).first

    def press(self, words: Words, within: str = "body") -> Page:
        """Press a button and look at what it leads to."""
        with self.page.expect_navigation():
            self.button(words, within).click()
        return self.settled()

    def link(self, words: Words, within: str = "body") -> Locator:
        """A link by its words."""
        return self.page.locator(within).get_by_role("link", name=words, exact=isinstance(words, str)).first

    def follow(self, words: Words, within: str = "body") -> Page:
        """Follow a link and look at where it leads."""
        with self.page.expect_navigation():
            self.link(words, within).click()
        return self.settled()

    def field(self, label: Words, within: str = "body") -> Locator:
        """A field by its label."""
        return self.page.locator(within).get_by_label(label)

    def fill(self, label: Words, text: str, within: str = "body") -> None:
        """Write into a field."""
        self.field(label, within).first.fill(text)

    def sees(self, words: Words, within: str = "body") -> None:
        """The words stand on the page, to be seen."""
        expect(self.page.locator(within).get_by_text(words).locator("visible=true").first).to_be_visible()

    def misses(self, words: Words, within: str = "body") -> None:
        """The words stand nowhere on the page."""
        expect(self.page.locator(within).get_by_text(words)).to_have_count(0)

    def heading(self, words: Words) -> None:
        """The page is about this."""
        expect(self.page.locator("h1")).to_have_text(words)


def _told(violation: dict[str, Any]) -> str:
    places = "; ".join(f"{node['html'][:160]} ({node['failureSummary']})" for node in violation["nodes"][:3])
    return f"axe {violation['id']}: {violation['help']}: {places}"
