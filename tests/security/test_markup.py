"""Sixty polyglots in every writable field: no page lets one of them become markup, nor does any file or mail."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn.accounts.models import Person, Session, Team
from peerlearn.core import clock, mail, markdown
from peerlearn.core.db import db as database
from peerlearn.core.errors import NotValid
from peerlearn.lessons.models import Lesson, LessonTopic, Revision, Topic
from peerlearn.review.models import Remark, Report
from tests.page import HTML
from tests.security.scene import Scene
from tests.security.test_fields import valid

pytestmark = pytest.mark.security

POLYGLOTS = (
    "<script>xss()</script>",
    "<ScRiPt/src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=xss()>",
    "<img src=//evil.example/p.png>",
    '"><svg onload=xss()>',
    "'><svg/onload=xss()>",
    "</title><script>xss()</script>",
    "</textarea><script>xss()</script>",
    "</script><script>xss()</script>",
    "--><script>xss()</script>",
    "]]><script>xss()</script>",
    '" onmouseover="xss()" x="',
    "' onfocus='xss()' autofocus='",
    "` onclick=`xss()`",
    "javascript:xss()",
    "[x](javascript:xss())",
    "[x](JaVaScRiPt&colon;xss())",
    "[x](&#106;avascript:xss())",
    "[x](java\tscript:xss())",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:xss())",
    "[x](//evil.example)",
    "![x](javascript:xss())",
    "![x](https://evil.example/p.png)",
    "![x](//evil.example/p.png)",
    "![x](data:image/svg+xml,<svg/onload=xss()>)",
    '![x](/media/x" onerror="xss())',
    '[x](https://ok.example "title\\" onclick=xss() x=\\"")',
    "<javascript:xss()>",
    "<a href=javascript:xss()>x</a>",
    '<a href="javascript&#58;xss()">x</a>',
    "<iframe src=javascript:xss()></iframe>",
    "<iframe srcdoc='<script>xss()</script>'></iframe>",
    "<object data=javascript:xss()></object>",
    "<embed src=//evil.example/x.swf>",
    "<form action=//evil.example><button>x</button></form>",
    "<button formaction=javascript:xss()>x</button>",
    "<input autofocus onfocus=xss()>",
    "<details open ontoggle=xss()>",
    "<video><source onerror=xss()></video>",
    "<body onload=xss()>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=javascript:xss()'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<p style='background:url(//evil.example)'>x</p>",
    "<math><mi xlink:href='javascript:xss()'>x</mi></math>",
    "<svg><script>xss()</script></svg>",
    "<svg><a xlink:href='javascript:xss()'><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=xss()></style></svg>",
    "<noscript><p title='</noscript><img src=x onerror=xss()>'>",
    "<template><script>xss()</script></template>",
    "<table><td background=javascript:xss()>x</table>",
    "<isindex action=javascript:xss() type=image>",
    "<xss id=x tabindex=1 onfocus=xss()></xss>",
    "&lt;script&gt;xss()&lt;/script&gt;",
    "\u003cscript\u003exss()\u003c/script\u003e",
    "＜script＞xss()＜/script＞",
    "{{constructor.constructor('xss()')()}}",
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=xss() )//%0D%0A//"
    "</stYle/</titLe/</scRipt/--!>\\x3csVg/<sVg/oNloAd=xss()//>",
)
ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "srcset", "poster", "data", "background", "srcdoc")
FOREIGN = {"iframe", "object", "embed", "base", "style", "math", "isindex", "xss", "template", "noscript", "video"}


def wounds(markup: str) -> list[str]:
    """What in a page would act: scripts, handlers, styles, addresses that run or call abroad."""
    found = []
    for element in html5lib.parse(markup, treebuilder="etree").iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.rpartition("}")[2].lower()
        source = element.get("src") or ""
        if tag == "script" and not source.startswith("/assets/") and element.get("type") != "application/json":
            found.append("script")
        if tag in FOREIGN or (tag == "meta" and element.get("http-equiv")):
            found.append(tag)
        link = (element.get("rel"), element.get("href") or "")
        if tag == "link" and not link[1].startswith("/assets/") and link != ("manifest", "/manifest.webmanifest"):
            found.append("link")
        for name, value in element.items():
            name = str(name).rpartition("}")[2].lower()
            plain = re.sub(r"[\x00-\x20\u200b]", "", value or "").lower()
            if name.startswith("on") or name in {"style", "srcdoc"}:
                found.append(f"{tag} {name}")
            if name in ADDRESSES and re.match(r"(javascript|vbscript|data:text|data:image/svg)", plain):
                found.append(f"{tag} {name}={plain[:40]}")
            if name in {"src", "srcset", "action", "formaction"} and re.match(r"(https?:)?//", plain):
                found.append(f"{tag} {name}={plain[:40]}")
            if name == "href" and plain.startswith("//"):
                found.append(f"{tag} href={plain[:40]}")
    return found


def test_the_probe_sees_what_it_looks_for() -> None:
    harmless = ("javascript:", "[", "![", "&lt;", "＜", "{{", "` on", "' on", '" on', "<javascript")
    blind = [p for p in POLYGLOTS if not p.startswith(harmless) and not wounds(f"<title>t</title><p>{p}")]
    assert len(POLYGLOTS) >= 60
    assert [p for p in blind if not p.startswith(("</", "--", "]]", "<form", "<button", "<table"))] == []


def test_every_polyglot_through_the_renderer() -> None:
    for polyglot in POLYGLOTS:
        for text in (polyglot, f"> {polyglot}", f"- {polyglot}", f"| a |\n| --- |\n| {polyglot} |", f"`{polyglot}`"):
            with suppress(NotValid):
                assert not wounds(str(markdown.render(text, prefix="t").html)), text
        assert not wounds(f"<p>{markdown.render_inline(polyglot)}</p>"), polyglot
        assert not wounds(str(markdown.render(f'!!! note "{polyglot}"\n    {polyglot}', prefix="t").html)), polyglot


def poison(scene: Scene, polyglots: tuple[str, ...]) -> None:
    """Polyglots where they would stand if every check of the forms had failed: in the rows themselves."""
    text = " ".join(polyglots)
    for who in database.session.scalars(select(Person)):
        who.name = f"{who.name} {text}"
        who.alias, who.alias_key, who.board_mode = f"{text} {who.id}", f"{text} {who.id}", "alias"
    for team in database.session.scalars(select(Team)):
        team.name = f"{text} {team.id}"
    for session in database.session.scalars(select(Session)):
        session.device = text
    for topic in database.session.scalars(select(Topic)):
        topic.name, topic.description = f"{text} {topic.id}", text
    for lesson in database.session.scalars(select(Lesson)):
        lesson.title = lesson.summary = text
    for revision in database.session.scalars(select(Revision).where(Revision.state != "published")):
        revision.title, revision.source = text, revision.source + "\n" + "\n".join(polyglots)
    for remark in database.session.scalars(select(Remark)):
        remark.text, remark.reply = text, text
        remark.replacement = remark.replacement and text
    for report in database.session.scalars(select(Report)):
        report.text, report.answer, report.state = text, text, "upheld"
        report.decided_by_id, report.decided_at = scene.people["curator"].id, clock.now()
    assert database.session.scalar(select(LessonTopic)) is not None
    database.session.commit()


def test_no_page_lets_poisoned_rows_act(scene: Scene) -> None:
    poison(scene, POLYGLOTS)
    wrong = []
    theirs = {"lessons": ("author",), "review": ("curator", "author"), "accounts": ("admin", "auditor")}
    theirs |= {"points": ("admin", "employee"), "ui": (), "learn": ("employee",)}
    for endpoint, url in scene.urls():
        for role in theirs.get(endpoint.split(".")[0], ("employee", "lead")):
            response = scene.browsers[role].http.get(url)
            assert response.status_code < 500, url
            if response.mimetype == "text/html" and b"xss()" in response.data:
                wrong += [f"{url} as {role}: {wound}" for wound in set(wounds(response.get_data(as_text=True)))]
    for tab in ("around", "my-team", "season", "hall"):
        page = scene.browsers["employee"].http.get(f"/boards/{tab}")
        wrong += [f"{tab}: {wound}" for wound in wounds(page.get_data(as_text=True))]
    assert not wrong, "\n".join(wrong)


def test_no_form_reflects_what_it_refuses(scene: Scene) -> None:
    forms, wrong = valid(scene), []
    everything = " ".join(POLYGLOTS)
    for endpoint, url in scene.urls("POST"):
        first = endpoint.split(".")[0]
        role = {"lessons": "author", "review": "curator", "learn": "employee"}.get(first, "admin")
        if endpoint.startswith("lessons.topic"):
            role = "admin"
        browser = scene.browsers[role]
        if endpoint not in forms or endpoint in {"accounts.sign_in", "accounts.password"}:
            continue
        data: dict[str, Any] = dict.fromkeys(forms[endpoint], everything) | {
            "csrf_token": browser.token("/me/settings")
        }
        for headers in ({}, {"Accept": "application/json"}) if endpoint in {"lessons.show", "lessons.save"} else ({},):
            response = browser.twin().http.post(url, data=data, headers=headers)
            text = response.get_data(as_text=True)
            if response.mimetype == "text/html":
                wrong += [f"{endpoint}: {wound}" for wound in wounds(text)]
            elif response.is_json:
                for value in (response.json or {}).values():
                    if isinstance(value, str) and value.lstrip().startswith("<"):
                        wrong += [f"{endpoint} json: {wound}" for wound in wounds(value)]
    for query in ("/lessons?q=", "/lessons?topic=", "/lessons?kind=", "/sign-in?next=", "/people?q=", "/inbox?after="):
        for polyglot in POLYGLOTS[:12]:
            page = scene.browsers["admin"].http.get(
                query.split("?")[0], query_string={query[:-1].split("?")[1]: polyglot}
            )
            wrong += [f"{query}: {wound}" for wound in wounds(page.get_data(as_text=True))]
    assert not wrong, "\n".join(wrong)


def test_mails_stay_text_with_one_recipient(app: Flask, scene: Scene) -> None:
    mail._outbox.clear()
    for address in (
        '"><script>xss()</script>@example.org',
        "a@example.org\nBcc: b@example.org",
        "a@example.org, b@x.org",
    ):
        scene.browsers["guest"].post("/register", {"email": address}, status=422, token_from="/register")
    assert [letter for letter in mail.outbox() if "script" in letter.to or "\n" in letter.to] == []


def test_names_that_people_chose_are_never_taken_for_phrases(scene: Scene) -> None:
    """A phrase of the catalogue may hold markup and per cent signs; a name that passes through `_()` could act."""
    topic = database.session.get_one(Topic, scene.values["topic_id"])
    topic.name = "50% <img src=x onerror=xss()> %(name)s"
    for team in database.session.scalars(select(Team)):
        team.name = f"100% <svg onload=xss()> {team.id}"
    curator_id = scene.people["curator"].id
    database.session.commit()
    page = scene.browsers["admin"].get(f"/people/{curator_id}")
    assert not wounds(page.text)
    assert "50% &lt;img" in page.text
    assert "100% &lt;svg" in page.text


def test_a_menu_of_tags_is_drawn_as_text(scene: Scene) -> None:
    who = scene.people["employee"]
    who.name = "<b>Bold</b> & Co"
    database.session.commit()
    page = scene.browsers["admin"].get(f"/people/{who.id}/profile")
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in page.text
    assert [e for e in page.all("b") if e.text == "Bold"] == []
    assert page.tree.tag == f"{HTML}html"
