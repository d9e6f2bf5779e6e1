"""Forms take the fields they show and nothing else, whatever is in them, and refuse without breaking."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import encode_multipart

from peerlearn.accounts import limiting
from peerlearn.accounts.numbers import offered
from peerlearn.core import clock
from peerlearn.core.db import Base, set_reading
from peerlearn.core.db import db as database
from peerlearn.lessons.models import Revision
from peerlearn.points.numbers import values_in
from peerlearn.points.rules import POLICY
from peerlearn.review import rules as review_rules
from tests import factories
from tests.page import Client, Page
from tests.security.scene import LEAVES, Scene, changed, everything, snapshot

pytestmark = pytest.mark.security

TEMPTING = {"role": "admin", "is_admin": "1", "is_active": "1", "points": "9999", "state": "published"}
RANDOM = frozenset("seed key_hash uid slug source password_hash cards meaning body data".split())
MARK = "Zebra crossing words"
LONG = "A sentence that says enough for whoever reads it, and that is longer than eighty characters in all."
JUDGEMENT = dict.fromkeys(review_rules.RUBRIC, "4.5") | {f"check_{name}": "yes" for name in review_rules.CHECKLIST}


def junk(me: int) -> dict[str, str]:
    """Every column of every table, with what an attacker would like to stand there."""
    names = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    ids = {name: str(me) for name in names if name.endswith("_id")}
    return dict.fromkeys(names | {"roles", "permissions", "grants", "by"}, "1") | ids | TEMPTING


def valid(scene: Scene) -> dict[str, dict[str, str]]:
    """What a browser would send to the forms, with all fields that the pages show."""
    values, lead = scene.values, scene.people["lead"]
    person = scene.people["employee"]
    draft = scene.special["lessons.edit"]["lesson_id"]
    text = database.session.query(Revision).filter_by(lesson_id=draft).order_by(Revision.number.desc()).first()
    assert text is not None
    written = {"source": text.source.replace("Begin", "Start", 1), "base_version": str(text.version)}
    people = {"name": "Nina New", "email": "nina@example.org", "team_id": str(values["team_id"])}
    question = {
        "kind": "single",
        "flag": "scenario",
        "level": "hard",
        "stem": "What?",
        "option-1": "This",
        "why-1": "Yes",
        "right": "1",
    }
    question |= {"option-2": "That", "why-2": "No", "option-3": "Those", "why-3": "No"}
    settings = {"name": "New Name", "timezone": "Europe/Berlin", "work_days": "1", "language": "en"}
    report = {"kind": "wrong", "place": "", "text": LONG, "hide_name": "1"}
    decision = JUDGEMENT | {"comment": LONG, "reason": "duplicate", "version": ""}
    remark = {"severity": "note", "text": LONG, "line_from": "", "line_to": "", "question": "", "replacement": ""}
    return {
        "lessons.audience": {"classification": "internal"},
        "accounts.settings": settings | {"board_mode": "named", "alias": "", "version": "1"},
        "accounts.sign_in": {"email": lead.email, "password": "wrong", "next": ""},
        "accounts.new_person": people,
        "accounts.person": people | {"timezone": "Europe/Berlin", "version": str(person.version)},
        "accounts.invitation": {"name": "Ivo Invited", "password": "a long enough one"},
        "accounts.new_password": {"password": "a long enough one"},
        "accounts.password": {"old": factories.PASSWORD, "password": "a long enough one"},
        "accounts.erase": {"typed": person.name},
        "accounts.give_role": {"role": "auditor", "scope": "0"},
        "accounts.teams": {"name": "Team Zebra"},
        "accounts.team": {"name": "Team Zebra"},
        "accounts.invitations": {"addresses": "one@example.org", "team_id": "0"},
        "accounts.forgotten": {"email": lead.email},
        "accounts.register": {"email": "reg@example.org"},
        "lessons.topics": {
            "name": "Zebras",
            "description": "",
            "icon": "book-open",
            "hue": "30",
            "importance": "critical",
        },
        "lessons.topic": {
            "name": "Zebras",
            "description": "",
            "icon": "book-open",
            "hue": "30",
            "importance": "optional",
            "is_active": "1",
        },
        "lessons.start": {"title": "How to see a zebra", "topic": str(values["topic_id"]), "kind": "how-to"},
        "lessons.start_from_notes": {
            "title": "How to see a zebra",
            "topic": str(values["topic_id"]),
            "kind": "how-to",
            "notes": "# Look\n\nIt has stripes.",
        },
        "lessons.start_from_lesson": {"title": "How to see two", "topic": str(values["topic_id"]), "kind": "how-to"},
        "lessons.text_of_notes": {"html": "<h1>Look</h1>"},
        "lessons.save": written,
        "lessons.submit": written,
        "lessons.show": written,
        "lessons.settle": written | {"base": text.source, "draft": f"{draft}-tab1"},
        "lessons.authors": {"email": lead.email},
        "lessons.add_question": question,
        "lessons.question_text": question,
        "lessons.question_form": {"kind": "single", "text": ""},
        "learn.answer": {"answer": "x", "confidence": "certain"},
        "learn.react": {"stands": "1"},
        "verification.tell_of_change": {"changed_on": clock.now().date().isoformat(), "note": "New limits."},
        "verification.name_owner": {"email": lead.email},
        "review.recuse": {"email": lead.email},
        "review.ask_to_prepare": {"topic": str(values["topic_id"])},
        "review.rate_known": JUDGEMENT | {"advice": "publish"},
        "review.send_report": report,
        "review.remark": remark,
        **{f"review.{name}": decision for name in ("approve", "reject", "request_changes")},
        "review.decline": {"reason": "busy"},
        **{f"review.{name}": {"verdict": "failed", "reason": LONG} for name in ("judge", "judge_approval")},
        "review.answer": {"reply": "Thank you, done.", "done": ""},
        "review.uphold": {"answer": LONG},
        "review.decline_report": {"answer": LONG},
        "points.decide": {"decision": "release", "note": LONG},
        "points.reverse": {"reason": LONG},
        "points.appeal": {"text": LONG},
        "points.decide_appeal": {"decision": "grant", "note": LONG},
        "points.numbers": {name: str(value) for name, value in values_in(POLICY).items()} | {"pretest": "3"},
        "points.tried": {"reason": LONG},
        "accounts.set_numbers": {name: str(each.usual) for name, each in offered().items()} | {"pass_percent": "80"},
    }


def senders(endpoint: str) -> tuple[str, ...]:
    """Who sends a form: an employee and an administrator everything, the others what is theirs."""
    first = endpoint.split(".")[0]
    return {"lessons": ("author", "admin"), "review": ("curator", "author")}.get(first, ("employee", "admin"))


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """Whatever is committed inside is gone afterwards."""
    database.session.remove()
    limiting.reset()
    savepoint = database._app_engines[app][None].begin_nested()  # type: ignore[union-attr]
    try:
        yield
    finally:
        database.session.remove()
        savepoint.rollback()
        set_reading(False)


def outcome(
    scene: Scene, browser: Client, url: str, data: dict[str, Any], before: Mapping[Any, Any]
) -> tuple[int, set[Any]]:
    """What a form did to the rows that were there before, and how it was answered."""
    with undone(scene.app):
        status = browser.twin().http.post(url, data=data).status_code
        database.session.remove()
        set_reading(False)
        after = snapshot()
        done = set()
        for key in before.keys() | after.keys():
            old, new = before.get(key, {}), after.get(key, {})
            if old == new:
                continue
            for column in old.keys() | new.keys():
                if column not in RANDOM and repr(old.get(column)) != repr(new.get(column)):
                    name = (key[0], *key[1]) if old else (key[0], "new")
                    done.add((*name, column, repr(known(before, *key, column, new.get(column)))))
        return status, done


def known(before: dict[Any, Any], table: str, key: Any, column: str, value: Any) -> Any:
    """A value, or that it is the number of a row which the form made: sequences go on after a rollback."""
    targets = {foreign.column.table.name for foreign in Base.metadata.tables[table].columns[column].foreign_keys}
    targets |= {"people"} if column == "actor_id" else {table} if column == "id" else set()
    is_new = value is not None and any((target, (value,)) not in before for target in targets)
    return "a new row" if is_new else value


def test_extra_fields_make_no_difference(scene: Scene) -> None:
    forms = valid(scene)
    wrong = []
    sends = {role: browser.token() for role, browser in scene.browsers.items()}
    ids = {role: who.id for role, who in scene.people.items()}
    before = snapshot()
    for endpoint, url in scene.urls("POST"):
        if endpoint in LEAVES or endpoint in {"accounts.import_people", "accounts.apply_import", "accounts.erase"}:
            continue  # the last one draws another pseudonym each time
        for role in senders(endpoint):
            browser, data = scene.browsers[role], forms.get(endpoint, {}) | {"csrf_token": sends[role]}
            with clock.at(clock.now()):
                plain = outcome(scene, browser, url, data, before)
                if plain[0] in {403, 404}:
                    continue
                hidden = {name: text for name, text in junk(ids[role]).items() if name not in data}
                attacked = outcome(scene, browser, url, hidden | data, before)
            if plain != attacked:
                wrong.append(f"{endpoint} as {role}: {plain[0]} → {attacked[0]}, {sorted(plain[1] ^ attacked[1])[:6]}")
    assert not wrong, "\n".join(wrong)


HOSTILE: dict[str, str] = {
    "nul": "ab\0cd efgh",
    "bidi": "\u202eevil\u2066 text\u2069\ufeff",
    "template": "{{7919*7907}}${7919*7907}#{7919*7907}%(x)s%n{0.__class__}",
    "sql": "'; DROP TABLE people; --\" OR 1=1 /*",
    "huge": "9" * 4299,
    "negative": "-1",
    "float": "1e999",
    "large": "2147483648",
    "larger": "9223372036854775808",
    "digits": "٣٤",
    "percent": "100% %s %(name)s %%",
    "emoji": "👩‍👩‍👧‍👦" * 50,
    "long": "word " * 30_000,
    "breaks": "a\r\nSet-Cookie: x=1\r\n\r\nb\u2028c\u0085d",
    "path": "../../../../etc/passwd",
    "none": "",
    "spaces": " \u00a0\u3164\u200b",
}


def test_hostile_words_never_break_a_form(scene: Scene) -> None:
    forms = valid(scene)
    tokens = {role: browser.token() for role, browser in scene.browsers.items()}
    wrong = []
    for endpoint, url in scene.urls("POST"):
        if endpoint in LEAVES:
            continue
        data = forms.get(endpoint, {})
        role = senders(endpoint)[-1 if endpoint.startswith(("accounts", "points")) else 0]
        if endpoint.startswith("lessons.topic"):
            role = "admin"
        browser, base = scene.browsers[role], {"csrf_token": tokens[role]}
        for name, value in HOSTILE.items():
            if endpoint not in forms and name not in {"nul", "huge", "long"}:
                continue
            with undone(scene.app):
                response = browser.twin().http.post(url, data=dict.fromkeys(data or ("text", "kind"), value) | base)
                if response.status_code >= 500 or "Set-Cookie: x" in str(response.headers):
                    wrong.append(f"{endpoint}: {name} → {response.status_code}")
                if name == "template" and b"62615533" in response.data:
                    wrong.append(f"{endpoint}: a template was run")
    assert not wrong, "\n".join(wrong)


SPOILED = {"nul": "\0", "bidi": "\u202e", "huge": "9" * 4299, "negative": "-5", "list": ["1", "2", "x"], "sql": "'--"}


def test_one_hostile_field_among_good_ones(scene: Scene) -> None:
    """Refused as a whole or taken as a whole; what is refused leaves every table as it was."""
    forms = valid(scene)
    tokens = {role: browser.token() for role, browser in scene.browsers.items()}
    before = everything()
    main = "accounts.settings accounts.person lessons.start lessons.save review.send_report review.remark".split()
    wrong = []
    for endpoint, url in scene.urls("POST"):
        if endpoint not in main:
            continue
        role = {"accounts.settings": "employee", "review.send_report": "employee", "accounts.person": "admin"}.get(
            endpoint, senders(endpoint)[0]
        )
        for field in forms[endpoint]:
            for name, value in SPOILED.items():
                with undone(scene.app):
                    data = forms[endpoint] | {field: value, "csrf_token": tokens[role]}
                    response = scene.browsers[role].twin().http.post(url, data=data)
                    database.session.remove()
                    if response.status_code >= 500:
                        wrong.append(f"{endpoint} {field}={name}: {response.status_code}")
                    set_reading(False)
                    if response.status_code >= 400 and changed(before):
                        wrong.append(f"{endpoint} {field}={name}: refused and yet {changed(before)}")
    assert not wrong, "\n".join(wrong)


KEEPS = {
    "accounts.settings": ("employee", {"name": "x", "alias": MARK}),
    "accounts.new_person": ("admin", {"name": MARK, "email": "none"}),
    "accounts.erase": ("admin", {"typed": MARK}),
    "accounts.invitations": ("admin", {"addresses": MARK}),
    "lessons.topics": ("admin", {"name": MARK, "hue": "many"}),
    "lessons.start": ("author", {"title": MARK, "topic": "999999"}),
    "lessons.save": ("author", {"source": MARK + "\n" + "x" * 400_000}),
    "lessons.add_question": ("author", {"stem": MARK, "option-1": ""}),
    "review.send_report": ("employee", {"kind": "nonsense", "text": MARK}),
    "verification.name_owner": ("admin", {"email": MARK}),
    "review.recuse": ("employee", {"email": MARK}),
    "review.remark": ("curator", {"severity": "nonsense", "text": MARK}),
    "review.approve": ("curator", {"comment": MARK, "correct": "nonsense"}),
    "points.reverse": ("admin", {"reason": MARK + " x" * 400}),
    "points.appeal": ("employee", {"text": MARK + " x" * 400}),
    "points.decide_appeal": ("admin", {"note": MARK + " x" * 400}),
    "points.numbers": ("admin", {"pretest": MARK}),
    "accounts.set_numbers": ("admin", {"pass_percent": MARK}),
    "points.tried": ("admin", {"reason": MARK + " x" * 400}),
}


def test_what_was_typed_stays_in_a_form_that_is_refused(scene: Scene) -> None:
    forms = valid(scene)
    for endpoint, url in scene.urls("POST"):
        if endpoint in KEEPS:
            role, spoiled = KEEPS[endpoint]
            browser = scene.browsers[role]
            with undone(scene.app):
                page = browser.post(url, forms[endpoint] | spoiled, status=422)
            assert MARK in page.text, f"{endpoint} loses what was typed"


def upload(browser: Client, url: str, **fields: Any) -> Page:
    """Send a form with files, the body made in memory."""
    fields["csrf_token"] = browser.token()
    files = {name: (io.BytesIO(value[0]), value[1]) for name, value in fields.items() if isinstance(value, tuple)}
    boundary, body = encode_multipart(fields | files)
    return Page(browser.http.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}"))


def png(width: int, height: int) -> bytes:
    data = io.BytesIO()
    Image.new("1", (width, height)).save(data, "PNG")
    return data.getvalue()


def test_files_where_text_is_meant_and_files_that_are_none(scene: Scene) -> None:
    forms = valid(scene)
    tokens = {role: browser.token() for role, browser in scene.browsers.items()}
    before = everything()
    for endpoint, url in scene.urls("POST"):
        role = senders(endpoint)[-1 if endpoint.startswith(("accounts", "points")) else 0]
        for field in forms.get(endpoint, {"text": ""}):
            data = {field: (io.BytesIO(b"x"), "x.txt"), "csrf_token": tokens[role]}
            status = scene.browsers[role].http.post(url, data=data).status_code
            assert status == 400, f"{endpoint} takes a file as {field}: {status}"
            break
    lesson = scene.special["lessons.edit"]["lesson_id"]
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    pictures = {
        "drawing.svg": svg,
        "drawing.png": svg,
        "page.png": b"<!doctype html><script>alert(1)</script>",
        "empty.png": b"",
        "cut.png": png(900, 900)[:60],
        "bomb.png": png(9_000, 9_000),
        "big.png": b"\x89PNG\r\n\x1a\n" + b"\0" * (4 * 1024 * 1024 + 10),
        "fake.gif": b"GIF89a" + b"\xff" * 400,
        "fake.webp": b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 60,
    }
    for name, data in pictures.items():
        page = upload(scene.browsers["author"], f"/write/{lesson}/pictures", picture=(data, name), alt=MARK)
        assert page.status == 422, name
        assert MARK in page.text, name
    tables = [b"\xff\xfe\x00\xd8", b"\0\0", b'email,name\n"open', b"a;b\n" * 9, "é".encode("latin-1"), b"x" * 900_000]
    for data in tables:
        assert upload(scene.browsers["admin"], "/people/import", file=(data, "p.csv")).status == 422, data[:9]
    database.session.remove()
    set_reading(False)
    assert not changed(before)


def test_broken_bodies_are_refused(client_for: Any, app: Flask) -> None:
    browser = client_for(factories.person(roles=(("admin", 0),)))
    headers = {"X-CSRFToken": browser.token()}
    bodies = [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"anything", "multipart/form-data"),
        (b"", "multipart/form-data; boundary=x"),
        (b"name=%00%e2%80%ae&name=b&name[]=c&=d&&", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"name=" + b"x" * 3_200_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=1" % n for n in range(20_000)), "application/x-www-form-urlencoded"),
    ]
    before = everything()
    for body, content_type in bodies:
        response = browser.http.post("/teams", data=body, content_type=content_type, headers=headers)
        assert response.status_code in {400, 413, 422}, (content_type, body[:20], response.status_code)
    parts = {"csrf_token": browser.token()} | {f"field-{n}": "x" for n in range(3_000)}
    assert browser.http.post("/teams", data=parts, content_type="multipart/form-data").status_code == 413
    database.session.remove()
    set_reading(False)
    assert not changed(before)


BOMBS = {
    "aliases": "a: &a [x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b]",
    "object": "title: !!python/object/apply:os.system ['true']",
    "deep": "title: " + "[" * 500,
    "long": "title: " + "x" * 9_000,
    "twice": "title: One title here\ntitle: Another title",
    "number": "title: 12\nkind: [1, 2]\ntopics: {a: b}",
    "nul": "title: ab\0cd",
    "open": "title: 'open",
}


def test_hostile_lesson_files_are_shown_as_they_are(scene: Scene) -> None:
    browser, lesson = scene.browsers["author"], scene.special["lessons.edit"]["lesson_id"]
    url = f"/write/{lesson}"
    good = valid(scene)["lessons.save"]
    body = good["source"].split("---", 2)[2]
    texts = [f"---\n{front}\n---\n{body}" for front in BOMBS.values()]
    options = "\n".join(f"- [ ] Option {n} ^{n}\n  > Why {n}" for n in range(4_000))
    texts += [
        good["source"] + f"\n## single ^zzzzzz\n\nMany?\n\n{options}\n",
        good["source"] + "\n" + "## single ^aaaaa\n\n" * 2_000,
        "---\n" * 5_000,
        "# Quiz\n" * 5_000,
        "![[]()" * 3_000,
        "> " * 9_000,
        "{{" * 9_000 + "|" * 9_000,
        "## cloze ^qqqqq\n\n" + "{{a}} " * 5_000,
    ]
    before = everything()
    for text in texts:
        for tail in ("/preview", "/submit"):
            data = {"source": text, "base_version": good["base_version"]}
            page = Page(browser.http.post(url + tail, data=data | {"csrf_token": browser.token("/write/new")}))
            assert page.status in {200, 422}, (tail, text[:60], page.status)
            assert text.replace("\0", "")[:40].split("\n")[0].strip()[:10] in page.text.replace("&gt;", ">").replace(
                "&#39;", "'"
            )
    database.session.remove()
    set_reading(False)
    assert not changed(before)
