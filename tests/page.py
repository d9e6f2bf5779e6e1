"""A browser for tests: it follows redirects only when told to, and checks each page it fetches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from html import unescape
from io import BytesIO
from itertools import count
from typing import Any
from zipfile import ZipFile

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from peerlearn.accounts.models import Person

ARCHIVE = "application/zip"
HTML = "{http://www.w3.org/1999/xhtml}"
_browsers = count(1)
VOID_ERRORS = {"unexpected-null-character"}
WORDS = re.compile(r">[^<>&]*[^<>&\s][^<>&]*<")
VALUES = re.compile(r' (value|href|src|action|content|datetime|title|alt|aria-label|data-[a-z-]+)="[^"&<>]+"')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
content: set[bytes] = set()  # how the pages stood that had no fault, by their digest


def said(response: TestResponse) -> str:
    """The text of an answer; of an archive, the names and the texts that are in it."""
    if response.mimetype != ARCHIVE:
        return response.get_data(as_text=True)
    with ZipFile(BytesIO(response.get_data())) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist())


class Page:
    """A fetched page: its response, its text and its parsed tree."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.text = said(response)
        self._tree: Any = None

    @property
    def tree(self) -> Any:
        """The parsed document."""
        if self._tree is None:
            self.parse()
        return self._tree

    def parse(self) -> list[tuple[Any, str]]:
        """Read the document; the places where it is not valid HTML, with what is wrong there."""
        parser = html5lib.HTMLParser(strict=False)
        self._tree = parser.parse(self.text)
        return [(place, code) for place, code, _ in parser.errors if code not in VOID_ERRORS]

    @property
    def stands(self) -> bytes:
        """A digest of everything that is checked below: the same page with other words in it, or
        links that lead elsewhere, has the same one."""
        return sha256(WORDS.sub(">words<", VALUES.sub(r' \1="value"', self.text)).encode()).digest()

    def all(self, tag: str) -> list[Any]:
        """All elements of this name."""
        return list(self.tree.iter(f"{HTML}{tag}"))

    @property
    def heading(self) -> str:
        """The text of the h1."""
        return text_of(self.all("h1")[0])

    @property
    def csrf_token(self) -> str:
        """The token of any form of the page."""
        found = CSRF.search(self.text)
        assert found, "the page has no form"
        return found[1]

    def fields(self, action: str | None = None) -> dict[str, str]:
        """What the page's form (the one with this action) would send if nothing were changed."""
        for form in self.all("form"):
            if action is None or form.get("action") == action:
                values = {}
                for element in form.iter():
                    name, kind = element.get("name"), element.tag.removeprefix(HTML)
                    if not name:
                        continue
                    if kind == "input" and element.get("type") in {"checkbox", "radio"}:
                        if element.get("checked") is not None:
                            values[name] = element.get("value", "on")
                    elif kind == "input" and element.get("type") not in {"submit", "file", "image"}:
                        values[name] = element.get("value", "")
                    elif kind == "textarea":
                        values[name] = text_of(element)
                    elif kind == "select":
                        options = list(element.iter(f"{HTML}option"))
                        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
                        values[name] = chosen[0].get("value", "") if chosen else ""
                return values
        raise AssertionError(f"no form with action {action}")


def plain(words: str) -> str:
    """What is read of a piece of HTML, with spaces folded."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", words)).split())


def text_of(element: Any) -> str:
    """All text inside an element, with spaces folded."""
    return " ".join("".join(element.itertext()).split())


class Client:
    """A person's browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()
        number = next(_browsers)
        self.http.environ_base["REMOTE_ADDR"] = f"127.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self._known: tuple[str, str] | None = None  # a token, and the session's cookie when it came

    def twin(self) -> Client:
        """Another browser with the same cookies: the same person in another window."""
        twin = Client(self.app)
        for cookie in self.http._cookies.values():  # type: ignore[union-attr]
            twin.http.set_cookie(cookie.key, cookie.value, domain=cookie.domain, path=cookie.path)
        return twin

    def sign_in(self, person: Person, password: str = "correct horse battery") -> Page:
        """Sign in through the form."""
        return self.post("/sign-in", {"email": person.email, "password": password}, token_from="/sign-in", status=302)

    def get(self, url: str, status: int = 200, **kwargs: Any) -> Page:
        """Fetch a page, insist on its status and check it."""
        page = Page(self.http.get(url, **kwargs))
        assert page.status == status, f"{url}: {page.status} instead of {status}\n{page.text[:2000]}"
        if page.response.mimetype == "text/html" and page.text:
            check(page, url)
            self._remember(page)
        return page

    def post(
        self,
        url: str,
        data: dict[str, Any] | None = None,
        *,
        status: int = 302,
        to: str | None = None,
        token_from: str | None = None,
        **kwargs: Any,
    ) -> Page:
        """Send a form with a valid token, insist on the status and, for a redirect, on where it leads."""
        values = dict(data or {})
        if "csrf_token" not in values:
            values["csrf_token"] = self._own_token() or self.token(token_from)
        page = Page(self.http.post(url, data=values, **kwargs))
        assert page.status == status, f"{url}: {page.status} instead of {status}\n{page.text[:3000]}"
        if to is not None:
            assert page.response.location == to, f"{url} leads to {page.response.location}, not {to}"
        if page.response.mimetype == "text/html" and page.status not in {301, 302, 303} and page.text:
            check(page, url)
        return page

    def token(self, url: str | None = None) -> str:
        """A CSRF token of this browser's session, from this page."""
        for place in (url,) if url else ("/", "/sign-in"):
            if found := self._remember(Page(self.http.get(place))):
                return found
        raise AssertionError("no page with a form")

    @property
    def _session(self) -> str:
        cookie = self.http.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return cookie.value if cookie else ""

    def _own_token(self) -> str | None:
        """A token that was on a page seen before, while the session is the same."""
        return self._known[0] if self._known and self._known[1] == self._session else None

    def _remember(self, page: Page) -> str | None:
        found = CSRF.search(page.text)
        self._known = (found[1], self._session) if found else self._known
        return found[1] if found else None


def check(page: Page, url: str) -> None:
    """What every page must keep to: valid HTML, one h1 that starts the title, labels, unique ids, nothing inline.

    A page that stands as one that was found without fault is not parsed again.
    """
    titles, headings = ([plain(words) for words in found.findall(page.text)] for found in (TITLE, HEADING))
    assert len(headings) == 1, f"{url} has {len(headings)} h1"
    assert titles[0].startswith(headings[0]), f"{url}: title {titles[0]!r} does not start with h1 {headings[0]!r}"
    stands = page.stands
    if stands not in content:
        _look_closely(page, url)
        content.add(stands)


def _look_closely(page: Page, url: str) -> None:
    errors = page.parse()
    assert not errors, (
        f"{url} is not valid HTML: {[(e, page.text.splitlines()[e[0][0] - 1][:160]) for e in errors[:3]]}"
    )
    ids = [element.get("id") for element in page.tree.iter() if isinstance(element.tag, str) and element.get("id")]
    twice = {i for i in ids if ids.count(i) > 1}
    assert not twice, f"{url} repeats ids {twice}"
    _check_labels(page, url, set(ids))
    for element in page.tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.get("style") is None, f"{url} has an inline style"
        assert not any(name.startswith("on") for name in element.keys()), f"{url} has an inline handler"  # noqa: SIM118
        if element.tag == f"{HTML}script":
            inline = element.get("src") is None and element.get("type") != "application/json"
            assert not inline, f"{url} has an inline script"
        if element.tag == f"{HTML}img":
            assert element.get("alt") is not None, f"{url} has an image without alt"
        if element.tag == f"{HTML}form":
            assert element.get("action"), f"{url} has a form without action"
        for name in ("aria-describedby", "aria-labelledby", "for"):
            for target in (element.get(name) or "").split():
                assert target in ids, f"{url}: {name} points to a missing id {target}"


def _check_labels(page: Page, url: str, ids: Iterable[str]) -> None:
    labelled = {label.get("for") for label in page.all("label")}
    wrapped = {id(e) for label in page.all("label") for e in label.iter()}
    for tag in ("input", "select", "textarea"):
        for element in page.all(tag):
            if element.get("type") in {"hidden", "submit", "button", "image"}:
                continue
            named = (
                element.get("id") in labelled
                or id(element) in wrapped
                or element.get("aria-label")
                or element.get("aria-labelledby")
            )
            assert named, f"{url}: {tag} {element.get('name')} has no label"
