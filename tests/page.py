"""A browser for tests: it follows redirects only when told to, and checks each page it fetches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count
from typing import Any

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from peerlearn.accounts.models import Person

HTML = "{http://www.w3.org/1999/xhtml}"
_browsers = count(1)
VOID_ERRORS = {"unexpected-null-character"}


class Page:
    """A fetched page: its response, its text and its parsed tree."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.text = response.get_data(as_text=True)
        self._tree: Any = None

    @property
    def tree(self) -> Any:
        """The parsed document."""
        if self._tree is None:
            self._tree = html5lib.parse(self.text, treebuilder="etree")
        return self._tree

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
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.text)
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
            values["csrf_token"] = self.token(token_from)
        page = Page(self.http.post(url, data=values, **kwargs))
        assert page.status == status, f"{url}: {page.status} instead of {status}\n{page.text[:3000]}"
        if to is not None:
            assert page.response.location == to, f"{url} leads to {page.response.location}, not {to}"
        if page.response.mimetype == "text/html" and page.status not in {301, 302, 303} and page.text:
            check(page, url)
        return page

    def token(self, url: str | None = None) -> str:
        """A CSRF token of this browser's session."""
        return Page(self.http.get(url or "/help/accessibility")).csrf_token if url else self._any_token()

    def _any_token(self) -> str:
        for url in ("/", "/sign-in"):
            response = self.http.get(url)
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', response.get_data(as_text=True))
            if found:
                return found[1]
        raise AssertionError("no page with a form")


def check(page: Page, url: str) -> None:
    """What every page must keep to: valid HTML, one h1 that starts the title, labels, unique ids, nothing inline."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page.text)
    errors = [(place, code) for place, code, _ in parser.errors if code not in VOID_ERRORS]
    assert not errors, (
        f"{url} is not valid HTML: {[(e, page.text.splitlines()[e[0][0] - 1][:160]) for e in errors[:3]]}"
    )
    headings = page.all("h1")
    assert len(headings) == 1, f"{url} has {len(headings)} h1"
    title = text_of(page.all("title")[0])
    assert title.startswith(text_of(headings[0])), (
        f"{url}: title {title!r} does not start with h1 {text_of(headings[0])!r}"
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
