"""What is done to people, teams and roles, on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import func, select

from peerlearn.accounts import access, actions, coming_in, current, passwords, queries, roster, scopes
from peerlearn.accounts.models import Grant, Link, Person, Session
from peerlearn.core import clock
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.facts import Fact
from tests import factories

SETTINGS = {
    "name": "Mara Lind",
    "timezone": "Europe/Berlin",
    "work_days": ["1", "2"],
    "language": "en",
    "board_mode": "hidden",
    "alias": "",
}
LONG = "another long sentence"


@pytest.fixture
def admin(db: Any) -> Person:
    """An administrator."""
    found = queries.person_by_id(factories.person("Ada Boss", roles=(("admin", 0),)).id)
    assert found
    assert found.may("manage_people")
    return found


def facts_of(db: Any) -> list[str]:
    return list(db.session.scalars(select(Fact.type).order_by(Fact.id)))


def settings(**changes: Any) -> dict[str, Any]:
    return SETTINGS | changes


def open_session(db: Any, person: Person) -> str:
    key = coming_in.new_key()
    ends = clock.now() + timedelta(days=1)
    db.session.add(Session(key_hash=current.hash_of(key), person_id=person.id, expires_at=ends))
    db.session.commit()
    return key


def test_a_person_is_added_once(db: Any, admin: Person) -> None:
    added = actions.add_person(email="Mara@Example.org", name=" Mara  Lind ", by=admin)
    assert (added.email, added.email_key, added.name) == ("Mara@example.org", "mara@example.org", "Mara Lind")
    with pytest.raises(NotValid) as refused:
        actions.add_person(email="ＭARA@example.org", name="Mara", by=admin)
    assert set(refused.value.fields) == {"email"}
    assert facts_of(db) == ["PersonJoined"]


def test_facts_hold_no_names_or_addresses(db: Any, admin: Person) -> None:
    actions.add_person(email="mara@example.org", name="Mara Lind", by=admin)
    assert not any("mara" in str(data).lower() for data in db.session.scalars(select(Fact.data)))


def test_all_problems_are_told_at_once(db: Any, admin: Person) -> None:
    with pytest.raises(NotValid) as refused:
        actions.add_person(email="nobody", name="?", password="short", by=admin)
    assert set(refused.value.fields) == {"email", "name", "password"}


def test_an_older_form_is_a_conflict(db: Any, admin: Person, person: Person) -> None:
    with pytest.raises(Conflict):
        actions.change_person(
            person, email=person.email, name="New Name", team_id=None, timezone="UTC", version=99, by=admin
        )


def test_a_new_address_ends_links_sent_to_the_old_one(db: Any, admin: Person, person: Person) -> None:
    letter = coming_in.ask_for_reset(person.email)
    assert letter
    actions.change_person(
        person,
        email="new@example.org",
        name=person.name,
        team_id=None,
        timezone="UTC",
        version=person.version,
        by=admin,
    )
    with pytest.raises(NotFound):
        coming_in.reset_password(letter.key, LONG)


def test_a_time_zone_holds_from_the_next_local_day(db: Any, person: Person) -> None:
    monday = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with clock.at(monday):
        actions.change_settings(**settings(timezone="America/New_York"), version=person.version, by=person)
        assert (person.timezone, person.next_timezone) == ("Europe/Berlin", "America/New_York")
        actions.settle_zone(person)
        assert person.timezone == "Europe/Berlin"
    with clock.at(monday + timedelta(hours=12)):  # midnight has passed in Berlin, not in New York
        actions.settle_zone(person)
        assert person.timezone == "Europe/Berlin"
    with clock.at(monday + timedelta(hours=18)):
        actions.settle_zone(person)
    assert (person.timezone, person.next_timezone) == ("America/New_York", None)


def test_a_time_zone_turned_in_memory_is_stored_all_the_same(db: Any, person: Person) -> None:
    key = open_session(db, person)
    monday = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with clock.at(monday):
        actions.change_settings(**settings(timezone="Asia/Tokyo"), version=person.version, by=person)
        db.session.commit()
    with clock.at(datetime.now(UTC)):
        me = current.load(key)
        assert me
        assert me.timezone == "Asia/Tokyo"
        actions.change_settings(**settings(timezone="Asia/Tokyo"), version=me.version, by=me)
    db.session.commit()
    assert db.session.scalar(select(Person.timezone).where(Person.id == person.id)) == "Asia/Tokyo"


def test_the_same_zone_again_takes_the_change_back(db: Any, person: Person) -> None:
    actions.change_settings(**settings(timezone="Asia/Tokyo"), version=person.version, by=person)
    actions.change_settings(**settings(), version=person.version, by=person)
    assert person.next_timezone is None


@pytest.mark.security
def test_aliases_are_one_persons_only(db: Any, person: Person) -> None:
    factories.person("Nora Night", alias="Night owl", alias_key="night owl")
    for alias in ("night OWL", "ＮＩＧＨＴ ＯＷＬ", "Night 0wl", "Night\u200b owl", "nora night", "N0ra Night", ""):
        with pytest.raises(NotValid) as refused:
            actions.change_settings(**settings(board_mode="alias", alias=alias), version=person.version, by=person)
        assert set(refused.value.fields) == {"alias"}, alias
    actions.change_settings(**settings(board_mode="alias", alias="Early bird"), version=person.version, by=person)
    assert (person.alias, person.alias_key) == ("Early bird", "early bird")


def test_settings_refuse_what_is_not_offered(db: Any, person: Person) -> None:
    wrong = settings(timezone="Mars/Base", work_days=["9"], language="xx", board_mode="loud")
    with pytest.raises(NotValid) as refused:
        actions.change_settings(**wrong, version=person.version, by=person)
    assert set(refused.value.fields) == {"timezone", "work_days", "language", "board_mode"}


@pytest.mark.security
def test_deactivating_ends_everything_at_once(db: Any, admin: Person, person: Person) -> None:
    key = open_session(db, person)
    letter = coming_in.ask_for_reset(person.email)
    assert letter
    assert current.load(key) is person
    actions.deactivate(person, by=admin)
    assert current.load(key) is None
    with pytest.raises(NotFound):
        coming_in.reset_password(letter.key, LONG)
    assert coming_in.ask_for_reset(person.email) is None
    assert coming_in.sign_in(person.email, factories.PASSWORD, device="") is None
    actions.reactivate(person, by=admin)
    assert current.load(key) is None
    assert coming_in.sign_in(person.email, factories.PASSWORD, device="")


def test_nobody_deactivates_themselves_or_the_last_administrator(db: Any, admin: Person, person: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.deactivate(admin, by=admin)
    with pytest.raises(NotAllowed):
        actions.deactivate(admin, by=person)
    second = factories.person(roles=(("admin", 0),))
    actions.deactivate(admin, by=second)
    with pytest.raises(NotAllowed):
        actions.deactivate(second, by=person)


def test_the_last_administrator_keeps_the_role(db: Any, admin: Person) -> None:
    grant = db.session.scalar(select(Grant).where(Grant.person_id == admin.id))
    with pytest.raises(NotAllowed):
        actions.take_role(grant, by=admin)
    idle = factories.person(roles=(("admin", 0),), is_active=False)
    with pytest.raises(NotAllowed):
        actions.take_role(grant, by=admin)
    idle.is_active = True
    db.session.commit()
    actions.take_role(grant, by=idle)
    assert queries.active_administrators() == [idle.id]


def test_roles_hold_for_what_they_are_given(
    db: Any, admin: Person, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scopes, "curator_scopes", lambda: [(7, "Data"), (8, "Security")])
    person = access.person_to_manage(person.id, by=admin)
    actions.give_role(person, "curator", 7, by=admin)
    actions.give_role(person, "curator", 7, by=admin)
    actions.give_role(person, "lead", person.team_id, by=admin)
    assert person.holds("curator", 7)
    assert not person.holds("curator", 8)
    assert person.may("curate")
    assert person.roles == {"employee", "curator", "lead"}
    assert facts_of(db).count("RoleGiven") == 2
    for role, scope in (("curator", 9), ("lead", 999_999), ("admin", 7), ("owner", 0), ("employee", 0)):
        with pytest.raises(NotValid):
            actions.give_role(person, role, scope, by=admin)


def test_teams_have_one_name_each(db: Any, admin: Person) -> None:
    team = actions.add_team("Data Team", by=admin)
    assert team.slug == "data-team"
    for name in ("data team", " DATA  TEAM ", "=1", "x"):
        with pytest.raises(NotValid):
            actions.add_team(name, by=admin)
    assert actions.add_team("Data-Team", by=admin).slug != "data-team"
    actions.rename_team(team, "Numbers", by=admin)
    assert (team.name, team.slug) == ("Numbers", "data-team")


def test_a_file_is_looked_at_and_then_applied(db: Any, admin: Person) -> None:
    team = factories.team("Data Team")
    known = factories.person("Jon Berg", email="jon@example.org")
    factories.person("Same", email="same@example.org", team=team)
    db.session.commit()
    text = (
        "email,name,team,time zone\n"
        "mara@example.org,Mara Lind,data team,Asia/Tokyo\n"
        "JON@example.org,Jon Bergson,Data Team,\n"
        "same@example.org,Same,,\n"
    )
    read = roster.read_text(text)
    fates = queries.fates_of(read)
    assert [fate.state for fate in fates] == ["new", "changed", "unchanged"]
    assert fates[1].changes == {"name": "Jon Bergson", "team_id": team.id}
    actions.import_people(read, seen=queries.seal_of(fates), by=admin)
    db.session.commit()
    new = db.session.scalar(select(Person).where(Person.email_key == "mara@example.org"))
    assert (new.name, new.team_id, new.timezone, new.password_hash) == ("Mara Lind", team.id, "Asia/Tokyo", None)
    assert (known.name, known.team_id, known.email) == ("Jon Bergson", team.id, "jon@example.org")
    assert facts_of(db) == ["PersonJoined", "PersonChanged"]
    assert {fate.state for fate in queries.fates_of(read)} == {"unchanged"}


def test_a_file_with_a_problem_changes_nothing(db: Any, admin: Person) -> None:
    gone = factories.person("Gone", email="gone@example.org", is_active=False)
    text = f"email,name,team\nmara@example.org,Mara Lind,\n{gone.email},Gone,\nnew@example.org,New One,No such team\n"
    read = roster.read_text(text)
    fates = queries.fates_of(read)
    assert [fate.state for fate in fates] == ["new", "problem", "problem"]
    with pytest.raises(NotValid):
        actions.import_people(read, seen=queries.seal_of(fates), by=admin)
    assert queries.id_by_email("mara@example.org") is None


def test_what_changed_since_the_dry_run_is_a_conflict(db: Any, admin: Person) -> None:
    read = roster.read_text("email,name\nmara@example.org,Mara Lind\n")
    seen = queries.seal_of(queries.fates_of(read))
    factories.person("Mara L", email="mara@example.org")
    with pytest.raises(Conflict):
        actions.import_people(read, seen=seen, by=admin)


def test_a_large_file_needs_few_statements(db: Any, admin: Person, statements: list[str]) -> None:
    read = roster.read_text("email,name\n" + "".join(f"p{n}x@example.org,Person Name\n" for n in range(300)))
    seen = queries.seal_of(queries.fates_of(read))
    statements.clear()
    actions.import_people(read, seen=seen, by=admin)
    assert len([statement for statement in statements if not statement.startswith("INSERT")]) <= 5
    assert db.session.scalar(select(func.count()).select_from(Fact)) == 300


@pytest.mark.security
def test_a_reset_link_works_once_and_ends_all_sessions(db: Any, person: Person) -> None:
    key = open_session(db, person)
    first, second = coming_in.ask_for_reset(person.email), coming_in.ask_for_reset(person.email)
    assert first
    assert second
    coming_in.reset_password(first.key, LONG)
    assert current.load(key) is None
    for used in (first, second):
        with pytest.raises(NotFound):
            coming_in.reset_password(used.key, LONG + " 2")
    assert coming_in.sign_in(person.email, LONG, device="")
    assert coming_in.sign_in(person.email, factories.PASSWORD, device="") is None


@pytest.mark.security
def test_links_grow_old_and_are_for_one_purpose(db: Any, person: Person) -> None:
    letter = coming_in.ask_for_reset(person.email)
    assert letter
    with pytest.raises(NotFound):
        coming_in.accept(letter.key, name="Mara Lind", password=LONG, device="")
    with clock.at(datetime.now(UTC) + timedelta(hours=2, minutes=1)), pytest.raises(NotFound):
        coming_in.reset_password(letter.key, LONG)
    assert letter.key not in str(db.session.execute(select(Link.key_hash, Link.email)).all())


@pytest.mark.security
def test_an_unknown_address_costs_the_same_and_leaves_no_trace_of_it(
    db: Any, person: Person, statements: list[str]
) -> None:
    address = person.email
    db.session.expire_all()
    statements.clear()
    coming_in.ask_for_reset(address)
    known = [statement.split()[0] for statement in statements]
    statements.clear()
    assert coming_in.ask_for_reset("stranger@example.org") is None
    assert [statement.split()[0] for statement in statements] == known
    assert "stranger@example.org" not in db.session.scalars(select(Link.email)).all()


def test_an_invitation_makes_an_account_for_its_address(db: Any, admin: Person) -> None:
    team = factories.team()
    [letter] = coming_in.invite(["Mara@example.org"], team_id=team.id, by=admin)
    joined, key = coming_in.accept(letter.key, name="Mara Lind", password=LONG, device="")
    assert (joined.email_key, joined.team_id) == ("mara@example.org", team.id)
    assert current.load(key) is joined
    with pytest.raises(NotFound):
        coming_in.accept(letter.key, name="Eve", password=LONG, device="")
    with pytest.raises(NotValid):
        coming_in.invite(["mara@example.org"], team_id=None, by=admin)
    assert facts_of(db) == ["PersonInvited", "PersonJoined"]


def test_a_newer_invitation_replaces_the_older_one(db: Any, admin: Person) -> None:
    [first] = coming_in.invite(["mara@example.org"], team_id=None, by=admin)
    [second] = coming_in.invite(["mara@example.org", "mara@example.org"], team_id=None, by=admin)
    with pytest.raises(NotFound):
        access.link_to_use("invitation", first.key)
    coming_in.revoke(access.link_to_use("invitation", second.key), by=admin)
    with pytest.raises(NotFound):
        access.link_to_use("invitation", second.key)


def test_somebody_added_without_a_password_chooses_one(db: Any, admin: Person) -> None:
    added = actions.add_person(email="mara@example.org", name="Mara Lind", by=admin)
    letter = coming_in.welcome(added, by=admin)
    joined, _ = coming_in.accept(letter.key, name="Mara Lindqvist", password=LONG, device="")
    assert joined.id == added.id
    assert coming_in.sign_in("mara@example.org", LONG, device="")


@pytest.mark.security
def test_registration_is_for_open_domains_and_confirmed_by_mail(db: Any, person: Person) -> None:
    letter = coming_in.register("new@example.org", ("example.org",))
    assert letter
    assert letter.about == "join"
    assert queries.id_by_email("new@example.org") is None
    for address in ("new@evil.example", "new@sub.example.org", "new"):
        with pytest.raises(NotValid):
            coming_in.register(address, ("example.org",))
    known = coming_in.register(person.email, ("example.org",))
    assert known
    assert (known.about, known.key) == ("known", "")


def test_an_outdated_hash_is_made_anew(db: Any, person: Person) -> None:
    person.password_hash = passwords.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(factories.PASSWORD)
    db.session.commit()
    old = person.password_hash
    assert coming_in.sign_in(person.email, factories.PASSWORD, device="")
    assert person.password_hash != old
    assert not passwords.is_outdated(person.password_hash)


def test_passwords_are_argon2id_and_the_same_on_every_keyboard(app: Any) -> None:
    kept = passwords.hash_password("pässwört one")
    assert kept.startswith("$argon2id$")
    assert passwords.fits("pa\u0308sswo\u0308rt one", kept)
    assert not passwords.fits("passwort one", kept)
    assert not passwords.fits("anything", None)
    assert not passwords.fits("anything", "not a hash")
    assert not passwords.fits("x" * 100_000, kept)
    assert not passwords.fits("\ud800", kept)


def test_an_unknown_address_costs_what_a_wrong_password_costs() -> None:
    hasher = passwords.PasswordHasher()
    nobodys = passwords._nobodys(hasher)
    assert not hasher.check_needs_rehash(nobodys)
    with pytest.raises(VerifyMismatchError):
        hasher.verify(nobodys, b"")


def test_the_person_of_a_request_is_one_statement(db: Any, statements: list[str]) -> None:
    person = factories.person(roles=(("curator", 3), ("lead", 1), ("auditor", 0)))
    key = open_session(db, person)
    db.session.expire_all()
    statements.clear()
    found = current.load(key)
    assert found is person
    assert (found.team is not None, found.roles) == (True, {"employee", "curator", "lead", "auditor"})
    assert len(statements) == 1


def test_sessions_end_with_time(db: Any, person: Person) -> None:
    key = open_session(db, person)
    with clock.at(datetime.now(UTC) + timedelta(days=2)):
        assert current.load(key) is None
    assert current.load("wrong") is None


def test_people_are_found_page_by_page(db: Any, admin: Person) -> None:
    names = [f"Zed Number{letter}" for letter in "abcdefghijklmnopqrstuvwxy"]
    for name in reversed(names):
        factories.person(name)
    wanted = queries.PeopleFilter(q="zed number")
    first = queries.people(wanted, None)
    second = queries.people(wanted, int(first.after or 0))
    assert [person.name for page in (first, second) for person in page.rows] == names
    assert second.after is None
    assert queries.people(queries.PeopleFilter(q="100%_"), None).rows == []
    assert [p.id for p in queries.people(queries.PeopleFilter(role="admin"), None).rows] == [admin.id]


@pytest.mark.security
def test_a_stranger_costs_the_same_hash_as_everybody(app: Any) -> None:
    _, nobody = app.extensions["passwords"]
    assert extract_parameters(nobody) == extract_parameters(passwords.hash_password(LONG))
