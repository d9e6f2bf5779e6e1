"""The pages of accounts: seen, done and refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.accounts import limiting, record
from peerlearn.accounts.models import Grant, Link, Person, Session, Team
from peerlearn.core import mail
from peerlearn.core.errors import TooMany
from peerlearn.core.facts import Fact
from tests import factories
from tests.page import Client

ClientFor = Callable[[Person], Client]
LONG = "another long sentence"


@pytest.fixture
def admin(db: Any) -> Person:
    """An administrator."""
    return factories.person("Ada Boss", roles=(("admin", 0),))


@pytest.fixture(autouse=True)
def _empty_outbox() -> None:
    mail.clear_outbox()


def link_in_mail() -> str:
    """The path of the link in the newest mail."""
    [line] = [line for line in mail.outbox()[0].text.splitlines() if line.startswith("http")]
    return line.removeprefix("http://localhost")


def sign_in_form(person: Person, **values: str) -> dict[str, str]:
    return {"email": person.email, "password": factories.PASSWORD} | values


def test_signing_in_and_out(client: Client, db: Any, person: Person) -> None:
    client.get("/me/settings", status=302)
    client.sign_in(person)
    assert client.get("/me/settings").heading == "Settings"
    client.get("/sign-in", status=302)
    client.post("/sign-out", to="/sign-in", token_from="/me/settings")
    client.get("/me/settings", status=302)
    assert db.session.scalar(select(func.count()).select_from(Session)) == 0


@pytest.mark.security
def test_every_sign_in_is_a_new_session(client: Client, db: Any, person: Person) -> None:
    client.sign_in(person)
    first = db.session.scalar(select(Session.key_hash))
    client.post("/sign-in", sign_in_form(person), token_from="/me/settings")
    second = db.session.scalars(select(Session.key_hash)).all()
    assert len(second) == 1
    assert first not in second


@pytest.mark.security
def test_the_cookie_is_bound_to_the_host(base_app: Flask, client: Client, person: Person) -> None:
    settings = base_app.config["SETTINGS"]
    secure = type(settings)(secret_key=settings.secret_key, base_url="https://learn.example.org").flask_config()
    names = [name for name in secure if name.startswith(("SESSION_", "PREFERRED"))]
    before = {name: base_app.config[name] for name in names}
    base_app.config.update({name: secure[name] for name in names})
    try:
        form = client.http.get("/sign-in", base_url="https://learn.example.org").get_data(as_text=True)
        token = form.split('name="csrf_token" value="')[1].split('"')[0]
        answer = client.http.post(
            "/sign-in",
            data=sign_in_form(person, csrf_token=token),
            base_url="https://learn.example.org",
            headers={"Referer": "https://learn.example.org/sign-in"},
        )
    finally:
        base_app.config.update(before)
    assert answer.status_code == 302
    [cookie] = answer.headers.getlist("Set-Cookie")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("__Host-peerlearn=")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
    assert not any(part.startswith("domain") for part in parts)
    assert len(cookie) < 4096


@pytest.mark.security
def test_a_wrong_password_and_an_unknown_address_look_the_same(client: Client, person: Person) -> None:
    pages = []
    idle = factories.person(is_active=False)
    without = factories.person(password_hash=None)
    for address, password in (
        (person.email, "wrong words here"),
        ("stranger@example.org", "wrong words here"),
        (idle.email, factories.PASSWORD),
        (without.email, factories.PASSWORD),
    ):
        token = client.token("/sign-in")
        page = client.post("/sign-in", {"email": address, "password": password, "csrf_token": token}, status=422)
        assert address in page.text
        pages.append(page.text.replace(address, "ADDRESS"))
    assert len({_without_token(page) for page in pages}) == 1


def _without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)


@pytest.mark.security
def test_a_forgotten_password_looks_the_same_for_everybody(client: Client, person: Person) -> None:
    answers = [
        client.post("/forgotten-password", {"email": address}, token_from="/forgotten-password").response
        for address in (person.email, "stranger@example.org")
    ]
    assert answers[0].location == answers[1].location == "/mail-sent/password"
    assert len(mail.outbox()) == 1
    client.get("/mail-sent/password")


def test_a_new_password_by_mail(client: Client, person: Person) -> None:
    client.post("/forgotten-password", {"email": person.email.upper()}, token_from="/forgotten-password")
    link = link_in_mail()
    page = client.post(link, {"password": "short"}, token_from=link, status=422)
    assert "At least 10 characters" in page.text
    client.post(link, {"password": LONG}, token_from=link, to="/sign-in")
    client.get(link, status=404)
    client.post("/sign-in", sign_in_form(person, password=LONG), token_from="/sign-in", to="/")


@pytest.mark.security
@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example", "/%09/evil.example"])
def test_signing_in_stays_here(client: Client, person: Person, target: str) -> None:
    token = client.token("/sign-in")
    client.post("/sign-in", sign_in_form(person, next=target, csrf_token=token), to="/")


def test_signing_in_goes_on_where_one_was(client: Client, person: Person) -> None:
    page = client.get("/me/devices?a=b", status=302)
    assert page.response.location == "/sign-in?next=/me/devices?a%3Db"
    form = client.get(page.response.location).fields("/sign-in")
    client.post("/sign-in", form | sign_in_form(person), to="/me/devices?a=b")


@pytest.mark.security
def test_tries_are_limited_by_address(client: Client, person: Person) -> None:
    token = client.token("/sign-in")
    for number in range(6):
        wrong = {"email": f"p{number}@example.org", "password": "x", "csrf_token": token}
        client.post("/sign-in", wrong, status=422)
    page = client.post("/sign-in", sign_in_form(person, csrf_token=token), status=429)
    assert int(page.response.headers["Retry-After"]) > 0


@pytest.mark.security
def test_a_whole_office_comes_in_through_one_address_and_mistakes_still_count(app: Flask) -> None:
    for number in range(40):
        limiting.count_sign_in("10.0.0.1", f"p{number}@example.org")
    for _number in range(6):
        limiting.count_mistake("10.0.0.1")
    with pytest.raises(TooMany):
        limiting.count_sign_in("10.0.0.1", "right@example.org")
    limiting.count_sign_in("10.0.0.2", "right@example.org")


@pytest.mark.security
def test_even_right_tries_from_one_address_have_an_end(app: Flask) -> None:
    for number in range(60):
        limiting.count_sign_in("10.0.0.1", f"p{number}@example.org")
    with pytest.raises(TooMany):
        limiting.count_sign_in("10.0.0.1", "one-more@example.org")


@pytest.mark.security
def test_tries_are_limited_by_account_from_anywhere(client: Client, person: Person) -> None:
    token = client.token("/sign-in")
    for number in range(10):
        place = {"environ_overrides": {"REMOTE_ADDR": f"10.0.0.{number}"}}
        client.post("/sign-in", sign_in_form(person, password="x", csrf_token=token), status=422, **place)
    last = {"environ_overrides": {"REMOTE_ADDR": "10.0.0.99"}}
    client.post("/sign-in", sign_in_form(person, csrf_token=token), status=429, **last)
    other = factories.person()
    client.post("/sign-in", sign_in_form(other, csrf_token=token), **last)


def test_the_right_password_forgives_mistakes(client: Client, app: Flask, person: Person) -> None:
    for number in range(9):
        limiting.count_sign_in(f"10.0.0.{number}", person.email_key)
    client.sign_in(person)
    for number in range(10):
        limiting.count_sign_in(f"10.0.1.{number}", person.email_key)


@pytest.mark.security
def test_when_the_limits_cannot_be_asked_nobody_comes_in(
    client: Client, app: Flask, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away:
        def hit(self, *args: object) -> bool:
            raise ConnectionError

    token = client.token("/sign-in")
    monkeypatch.setattr(app.extensions["limits"], "limiter", Away())
    client.post("/sign-in", sign_in_form(person, csrf_token=token), status=503)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_visitors_are_counted_by_network(address: str | None, network: str) -> None:
    assert limiting.network_of(address) == network


@pytest.mark.security
def test_a_deactivated_person_is_out_at_once(client_for: ClientFor, admin: Person, person: Person) -> None:
    theirs, mine = client_for(person), client_for(admin)
    theirs.get("/me/settings")
    mine.get(f"/people/{person.id}/deactivate")
    mine.post(f"/people/{person.id}/deactivate", to=f"/people/{person.id}", token_from="/me/settings")
    theirs.get("/me/settings", status=302)
    assert "deactivated" in mine.get(f"/people/{person.id}").text
    mine.post(f"/people/{admin.id}/deactivate", status=403, token_from="/me/settings")


@pytest.mark.security
def test_a_taken_role_holds_at_once(client_for: ClientFor, db: Any, admin: Person) -> None:
    second = factories.person("Bo Second", roles=(("admin", 0),))
    mine = client_for(admin)
    mine.get("/people")
    grant = db.session.scalar(select(Grant.id).where(Grant.person_id == admin.id))
    theirs = client_for(second)
    theirs.post(f"/people/{second.id}/roles/{grant}/take", status=404, token_from="/me/settings")
    theirs.post(f"/people/{admin.id}/roles/{grant}/take", token_from="/me/settings")
    mine.get("/people", status=403)


def test_devices(client_for: ClientFor, db: Any, person: Person) -> None:
    here, there = client_for(person), client_for(person)
    assert here.get("/me/devices").text.count("This device") == 1
    other = db.session.scalar(select(Session.id).order_by(Session.id.desc()))
    stranger = client_for(factories.person())
    stranger.post(f"/me/devices/{other}/end", status=404, token_from="/me/settings")
    here.post(f"/me/devices/{other}/end", token_from="/me/settings")
    there.get("/me/settings", status=302)
    here.post("/me/devices/end-all", to="/sign-in", token_from="/me/settings")
    here.get("/me/settings", status=302)
    stranger.get("/me/settings")


def test_changing_ones_password_signs_out_other_devices(client_for: ClientFor, person: Person) -> None:
    here, there = client_for(person), client_for(person)
    wrong = {"old": "not my password", "password": LONG}
    assert "not your current password" in here.post("/me/password", wrong, status=422, token_from="/me/password").text
    weak = {"old": factories.PASSWORD, "password": "short"}
    here.post("/me/password", weak, status=422, token_from="/me/password")
    here.post("/me/password", weak | {"password": LONG}, to="/me/settings", token_from="/me/password")
    here.get("/me/settings")
    there.get("/me/settings", status=302)


def test_settings_keep_what_was_typed(client_for: ClientFor, person: Person) -> None:
    client = client_for(person)
    form = client.get("/me/settings").fields("/me/settings")
    assert form["timezone"] == "Europe/Berlin"
    sent = form | {"work_days": ["1", "6"], "board_mode": "alias", "alias": "Admin", "timezone": "Asia/Tokyo"}
    page = client.post("/me/settings", sent, status=422)
    assert 'value="Admin"' in page.text
    client.post("/me/settings", sent | {"alias": "Night owl"}, to="/me/settings")
    again = client.get("/me/settings")
    assert again.fields("/me/settings")["timezone"] == "Asia/Tokyo"
    assert "Until tomorrow" in again.text
    client.post("/me/settings", form, status=409)
    client.post("/me/settings", {"version": "x"}, status=422, token_from="/me/settings")


@pytest.mark.security
def test_nothing_but_the_offered_fields_can_be_set(client_for: ClientFor, db: Any, person: Person) -> None:
    client = client_for(person)
    before = _row(db, person)
    extra = {
        "id": "1", "email": "evil@example.org", "email_key": "evil@example.org", "password_hash": "x", "is_admin": "1",
        "role": "admin", "roles": "admin", "grants": "admin", "team_id": "999", "is_active": "", "is_demo": "1",
        "created_at": "2000-01-01", "alias_key": "x", "next_timezone": "UTC", "next_timezone_from": "2000-01-01",
    }  # fmt: skip
    form = client.get("/me/settings").fields("/me/settings")
    client.post("/me/settings", {**extra, **form, "work_days": list("12345"), "name": "Other Name"})
    after = _row(db, person)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"name", "version"}
    assert db.session.scalar(select(func.count()).select_from(Grant)) == 0


def _row(db: Any, person: Person) -> dict[str, Any]:
    db.session.expire_all()
    return {column.key: getattr(person, column.key) for column in Person.__table__.columns}


ADMIN_PAGES = [
    "/people", "/people/new", "/people/invitations", "/people/import", "/people/holidays", "/teams", "/audit",
    "/permissions", "/outbox",
]  # fmt: skip


def test_pages_of_administration(client_for: ClientFor, admin: Person, person: Person) -> None:
    client = client_for(admin)
    for url in [*ADMIN_PAGES, f"/people/{person.id}", f"/people/{admin.id}", f"/teams/{person.team_id}"]:
        client.get(url)
    client.get("/people?q=zzz&team=1&role=curator&state=all&after=3")
    client.get("/people?after=abc&team=x&role=root&state=x")
    client.get("/people/999999", status=404)
    client.get("/teams/999999", status=404)
    client.get("/audit?after=notanumber")


@pytest.mark.security
def test_administration_is_for_administrators(client: Client, client_for: ClientFor, person: Person) -> None:
    auditor = client_for(factories.person(roles=(("auditor", 0),)))
    employee, lead = client_for(person), client_for(factories.person(roles=(("lead", 0), ("curator", 0))))
    for url in [*ADMIN_PAGES, f"/people/{person.id}", f"/teams/{person.team_id}"]:
        client.get(url, status=302)
        employee.get(url, status=403)
        lead.get(url, status=403)
        auditor.get(url, status=200 if url in {"/audit", "/permissions"} else 403)
    for url in (f"/people/{person.id}/roles", f"/people/{person.id}", "/people/new", "/people/import/apply"):
        employee.post(url, {"role": "admin", "scope": "0"}, status=403, token_from="/me/settings")


def test_the_list_of_people_costs_the_same_for_few_and_many(
    client_for: ClientFor, admin: Person, statements: list[str]
) -> None:
    client = client_for(admin)
    counts = []
    for _ in range(2):
        statements.clear()
        client.get("/people")
        counts.append(len(statements))
        for _number in range(12):
            factories.person(roles=(("auditor", 0),))
    assert counts[0] == counts[1]


def test_an_administrator_adds_a_person_who_then_joins(client_for: ClientFor, client: Client, admin: Person) -> None:
    mine = client_for(admin)
    form = {"name": "Mara Lind", "email": "mara@example.org", "team_id": str(admin.team_id)}
    page = mine.post("/people/new", form, status=200, token_from="/people/new")
    assert "shown only now" in page.text
    page = mine.post("/people/new", form, status=422, token_from="/people/new")
    assert "already has this address" in page.text
    assert 'value="Mara Lind"' in page.text
    link = link_in_mail()
    assert "mara@example.org" in client.get(link).text
    client.post(link, {"name": "Mara Lind", "password": "x"}, status=422, token_from=link)
    client.post(link, {"name": "Mara Lind", "password": LONG}, to="/", token_from=link)
    client.get("/me/settings")
    assert "Mara Lind" in mine.get("/people").text


def test_an_administrator_corrects_a_person(client_for: ClientFor, db: Any, admin: Person, person: Person) -> None:
    client = client_for(admin)
    url = f"/people/{person.id}"
    form = client.get(url).fields(url)
    client.post(url, form | {"name": "New Name", "team_id": "0"}, to=url)
    db.session.expire_all()
    assert (person.name, person.team_id) == ("New Name", None)
    client.post(url, form, status=409)
    fresh = client.get(url).fields(url)
    page = client.post(url, fresh | {"email": admin.email}, status=422)
    assert "already has this address" in page.text


def test_more_time_is_given_without_a_reason_and_seen_by_its_person_only(
    client_for: ClientFor, db: Any, admin: Person, person: Person
) -> None:
    browser, url = client_for(admin), f"/people/{person.id}"
    browser.post(f"{url}/pace", {"pace": "200"}, to=url, token_from=url)
    browser.post(f"{url}/pace", {"pace": "200"}, to=url, token_from=url)
    db.session.expire_all()
    assert person.pace == 200
    facts = db.session.scalars(select(Fact).where(Fact.type == "PaceChanged")).all()
    assert [fact.data for fact in facts] == [{"person_id": person.id}]
    assert "changed how much time" in browser.get("/audit").text
    assert "you have twice as much" in client_for(person).get("/me/settings").text
    other = client_for(factories.person()).get(f"{url}/profile").text
    assert "twice" not in other
    assert "time in timed" not in other
    for wrong in ("", "300", "1.5", "-100", "9" * 400):
        browser.post(f"{url}/pace", {"pace": wrong}, status=422, token_from=url)


def test_roles_are_given_and_taken(client_for: ClientFor, db: Any, admin: Person, person: Person) -> None:
    client = client_for(admin)
    client.post(f"/people/{person.id}/roles", {"role": "auditor", "scope": "0"}, token_from="/teams")
    client.post(f"/people/{person.id}/roles", {"role": "lead", "scope": str(person.team_id)}, token_from="/teams")
    assert "Auditor" in client.get(f"/people/{person.id}").text
    for wrong in ({"role": "root", "scope": "0"}, {"role": "admin", "scope": "5"}, {"role": "lead", "scope": "-1"}, {}):
        client.post(f"/people/{person.id}/roles", wrong, status=422, token_from="/teams")
    grants = db.session.scalars(select(Grant.id).where(Grant.person_id == person.id)).all()
    assert len(grants) == 2
    client.post(f"/people/{person.id}/roles/{grants[0]}/take", token_from="/teams")
    own = db.session.scalar(select(Grant.id).where(Grant.person_id == admin.id))
    client.post(f"/people/{admin.id}/roles/{own}/take", status=403, token_from="/teams")


def test_invitations(client_for: ClientFor, client: Client, db: Any, admin: Person) -> None:
    mine = client_for(admin)
    form = {"addresses": "mara@example.org\njon@example.org", "team_id": "0"}
    mine.post("/people/invitations", form, status=200, token_from="/people/invitations")
    assert len(mail.outbox()) == 2
    assert mine.get("/people/invitations").text.count("works until") == 2
    bad = form | {"addresses": "mara@example.org\nnobody"}
    assert "nobody" in mine.post("/people/invitations", bad, status=422, token_from="/people/invitations").text
    link = link_in_mail()
    newest = db.session.scalar(select(Link.id).order_by(Link.id.desc()))
    mine.post(f"/people/invitations/{newest}/revoke", token_from="/people/invitations")
    mine.post(f"/people/invitations/{newest}/revoke", status=404, token_from="/people/invitations")
    client.get(link, status=404)


@pytest.mark.security
def test_registration_sends_a_link_and_tells_nobody_who_is_here(client: Client, person: Person) -> None:
    assert "example.org" in client.get("/register").text
    for address in ("new@example.org", person.email):
        client.post("/register", {"email": address}, to="/mail-sent/joining", token_from="/register")
    assert "already have an account" in mail.outbox()[0].text
    assert mail.outbox()[1].to == "new@example.org"
    client.post("/register", {"email": "new@evil.example"}, status=422, token_from="/register")
    client.get("/mail-sent/joining")


def test_the_first_run_page_works_once(client: Client, db: Any) -> None:
    client.get("/sign-in", status=302)
    assert client.get("/first-run").heading == "The first administrator"
    form = {"name": "Ada Boss", "email": "ada@example.org", "password": "short"}
    client.post("/first-run", form, status=422, token_from="/first-run")
    client.post("/first-run", form | {"password": LONG}, to="/people", token_from="/first-run")
    client.get("/people")
    client.get("/first-run", status=404)
    client.post("/first-run", form | {"password": LONG}, status=404, token_from="/teams")
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_teams(client_for: ClientFor, db: Any, admin: Person) -> None:
    client = client_for(admin)
    client.post("/teams", {"name": "Data Team"}, to="/teams", token_from="/teams")
    assert "already" in client.post("/teams", {"name": "data team"}, status=422, token_from="/teams").text
    team_id = db.session.scalar(select(Team.id).where(Team.name == "Data Team"))
    client.post(f"/teams/{team_id}", {"name": "Numbers"}, to="/teams", token_from="/teams")
    assert "Numbers" in client.get("/teams").text


def test_import_shows_each_row_and_then_applies_the_file(client_for: ClientFor, db: Any, admin: Person) -> None:
    client = client_for(admin)
    data = b'email,name,rank\nmara@example.org,"Mara ""M"" Lind",1\n'
    form = {"file": (io.BytesIO(data), "people.csv"), "csrf_token": client.token("/people/import")}
    page = client.post("/people/import", form, status=200)
    assert "rank" in page.text
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1
    applied = page.fields("/people/import/apply")
    client.post("/people/import/apply", applied, to="/people")
    assert db.session.scalar(select(Person.name).where(Person.email_key == "mara@example.org")) == 'Mara "M" Lind'
    client.post("/people/import/apply", applied, status=409)
    client.post("/people/import/apply", {}, to="/people/import", token_from="/teams")


@pytest.mark.security
@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"email,name\n", b"email,name\nx,=1+1\n", b'"', b"\xff\xfe\x00"])
def test_hostile_files_get_a_sentence(client_for: ClientFor, admin: Person, data: bytes) -> None:
    client = client_for(admin)
    form = {"file": (io.BytesIO(data), "../../x.csv"), "csrf_token": client.token("/people/import")}
    page = Client.post(client, "/people/import", form, status=200 if b"=1+1" in data else 422)
    assert "/people/import/apply" not in page.text


@pytest.mark.security
def test_a_file_that_has_a_problem_is_not_applied(client_for: ClientFor, db: Any, admin: Person) -> None:
    client = client_for(admin)
    sent = {"text": "email,name\nmara@example.org,Mara Lind\nx,Y\n", "seen": "0" * 64}
    page = client.post("/people/import/apply", sent, status=422, token_from="/people/import")
    assert "Nothing was changed" in page.text
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


@pytest.mark.security
def test_the_record_tells_what_happened_without_old_names(client_for: ClientFor, db: Any, admin: Person) -> None:
    client = client_for(admin)
    client.post("/teams", {"name": "Data Team"}, token_from="/teams")
    client.post(
        "/people/new",
        {"name": "Mara Lind", "email": "mara@example.org", "team_id": "0"},
        status=200,
        token_from="/teams",
    )
    text = client.get("/audit").text
    assert "Ada Boss: Mara Lind joined (added)" in text
    assert "mara@example.org" not in text
    assert db.session.scalar(select(func.count()).select_from(Fact)) == 3


def test_the_outbox_shows_mails_where_no_server_is_set_up(client_for: ClientFor, admin: Person) -> None:
    client = client_for(admin)
    assert "No mail yet" in client.get("/outbox").text
    client.post(
        "/people/invitations",
        {"addresses": "mara@example.org", "team_id": "0"},
        status=200,
        token_from="/people/invitations",
    )
    assert "mara@example.org" in client.get("/outbox").text


@pytest.mark.security
def test_links_in_mails_begin_with_the_configured_address(client: Client, person: Person) -> None:
    token = client.token("/forgotten-password")
    client.http.post(
        "/forgotten-password",
        data={"email": person.email, "csrf_token": token},
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "1.2.3.4"},
    )
    assert "http://localhost/new-password/" in mail.outbox()[0].text
    assert "evil" not in mail.outbox()[0].text


def test_pages_that_need_a_token_refuse_without(client: Client, person: Person) -> None:
    client.post("/sign-in", sign_in_form(person, csrf_token="wrong"), status=400)


def test_the_record_tells_an_outcome_in_words(app: Flask) -> None:
    done = Fact(type="ReviewDone", actor_id=7, data={"review_id": 3, "outcome": "changes_requested"})
    with app.test_request_context():
        assert record.sentence(done, {7: "Grace Mwangi"}) == "Grace Mwangi finished review 3: changes requested"


def test_the_record_names_what_was_published(client_for: ClientFor, db: Any, statements: list[str]) -> None:
    author, topic = factories.person("Mara Lind"), factories.topic("Security")
    shown = factories.published_lesson(author, topic, title="Spot a phishing message")
    draft, _waiting = factories.reviewed_lesson(author, topic, title="What only I know")
    auditor = client_for(factories.person(roles=(("auditor", 0),)))
    statements.clear()
    text = auditor.get("/audit").text
    assert len(statements) <= 5
    assert f"published lesson “{shown.title}”" in text
    assert f"began lesson {draft.id}" in text
    assert draft.title not in text, "a draft is nobody else's to read"
