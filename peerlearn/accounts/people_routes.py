"""Pages in which administrators look after people: list, add, change, roles, invitations, import."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import access, actions, coming_in, current, letters, queries, roster, rules, scopes
from peerlearn.accounts.blueprint import blueprint
from peerlearn.accounts.forms import (
    ApplyImportForm,
    EditPersonForm,
    ImportForm,
    InviteForm,
    PersonForm,
    RoleForm,
    blame,
)
from peerlearn.accounts.models import Person
from peerlearn.core import paging
from peerlearn.core.db import start_writing
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import reads, requires, slow_first, takes_files
from peerlearn.core.text import clean_line

View = str | Response | tuple[str, int]


@blueprint.get("/people")
@requires("manage_people")
def people() -> str:
    """Everybody, by name."""
    args = request.args
    wanted = queries.PeopleFilter(
        q=queries.clean_search(args.get("q", "")),
        state=args.get("state", "active") if args.get("state") in rules.ACCOUNT_STATES else "active",
        team_id=paging.key_from(args.get("team")),
        role=args.get("role", "") if args.get("role") in rules.GRANTED_ROLES else "",
    )
    page = queries.people(wanted, paging.key_from(args.get("after")))
    return render_template(
        "accounts/people.html",
        page=page,
        wanted=wanted,
        teams=queries.team_choices(),
        roles=rules.ROLE_TITLES,
        me=current.person(),
    )


@blueprint.route("/people/new", methods=["GET", "POST"])
@requires("manage_people")
def new_person() -> View:
    """Add a person; they choose their password with a link that comes by mail."""
    form = PersonForm()
    form.offer(queries.team_choices())
    if form.validate_on_submit():
        me = current.person()
        try:
            added = actions.add_person(email=str(form.email.data), name=str(form.name.data), team_id=form.team, by=me)
        except NotValid as error:
            blame(form, error)
        else:
            letter = coming_in.welcome(added, by=me)
            return render_template("accounts/invited.html", sent=[(letter.to, _hand_over(letter))], person=added)
    return render_template("accounts/new_person.html", form=form), 422 if form.errors else 200


def _hand_over(letter: coming_in.Letter) -> str | None:
    """Send a letter; where no mail goes out, the link that the administrator can hand over instead."""
    sent = letters.send(letter)
    return None if sent and current_app.config["SETTINGS"].smtp_url else letters.link_of(letter)


@blueprint.route("/people/<int:person_id>", methods=["GET", "POST"], endpoint="person")
@requires("manage_people")
def edit_person(person_id: int) -> View:
    """One person: what is known, roles, and whether they can come in."""
    me = current.person()
    person = access.person_to_manage(person_id, by=me)
    form, teams = EditPersonForm.of(person), queries.team_choices()
    form.offer(teams)
    if form.validate_on_submit():
        try:
            actions.change_person(person, **form.values, by=me)
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for("accounts.person", person_id=person.id))
    return _person_page(person, form, teams), 422 if form.errors else 200


def _person_page(
    person: Person, form: EditPersonForm, teams: list[tuple[int, str]], refused: RoleForm | None = None
) -> str:
    return render_template(
        "accounts/person.html",
        form=form,
        person=person,
        me=current.person(),
        scopes={role: actions.role_scopes(role, teams) for role in (rules.CURATOR, rules.LEAD)},
        roles=rules.ROLE_TITLES,
        paces=rules.PACES,
        refused=refused,
    )


@blueprint.post("/people/<int:person_id>/pace")
@requires("manage_people")
def give_pace(person_id: int) -> Response:
    """Give a person more time in timed quizzes."""
    me = current.person()
    person = access.person_to_manage(person_id, by=me)
    actions.give_pace(person, request.form.get("pace", 0, type=int), by=me)
    flash(_("Saved. It holds from now on; a quiz that is open gets the time that was added."), "good")
    return redirect(url_for("accounts.person", person_id=person.id))


@blueprint.post("/people/<int:person_id>/roles")
@requires("manage_roles")
def give_role(person_id: int) -> View:
    """Give a person a role; with a word about why, where somebody becomes curator who is not ready for it."""
    me = current.person()
    person = access.person_to_manage(person_id, by=me)
    form = RoleForm()
    if not form.validate_on_submit():
        raise NotValid(_("Choose a role and what it is for."))
    role, scope_id = str(form.role.data), int(form.scope.data or 0)
    reason = clean_line(form.reason.data or "") if role == rules.CURATOR else ""
    if role == rules.CURATOR and not person.holds(role, scope_id):
        missing, reason = scopes.judged(person.id, scope_id, reason)
        if missing:
            blame(form, NotValid(None, {"reason": [missing]}))
            known, teams = EditPersonForm.of(person), queries.team_choices()
            known.offer(teams)
            return _person_page(person, known, teams, refused=form), 422
    actions.give_role(person, role, scope_id, by=me, reason=reason)
    flash(_("The role is given. It holds at once."), "good")
    return redirect(url_for("accounts.person", person_id=person.id))


@blueprint.post("/people/<int:person_id>/roles/<int:grant_id>/take")
@requires("manage_roles")
def take_role(person_id: int, grant_id: int) -> Response:
    """Take a role from a person."""
    me = current.person()
    actions.take_role(access.grant_to_take(person_id, grant_id, by=me), by=me)
    flash(_("The role is taken. This holds at once."), "good")
    return redirect(url_for("accounts.person", person_id=person_id))


@blueprint.get("/people/<int:person_id>/deactivate")
@requires("manage_people")
def ask_deactivate(person_id: int) -> str:
    """Ask before a person is deactivated."""
    person = access.person_to_manage(person_id, by=current.person())
    return render_template(
        "ui/confirm.html",
        title=_("Deactivate %(name)s?", name=person.name),
        text=_("They are signed out everywhere at once and can no longer come in. What they wrote stays."),
        action=url_for("accounts.deactivate", person_id=person.id),
        yes=_("Deactivate"),
        back=url_for("accounts.person", person_id=person.id),
        danger=True,
    )


@blueprint.post("/people/<int:person_id>/deactivate")
@requires("manage_people")
def deactivate(person_id: int) -> Response:
    """Close a person's account."""
    me = current.person()
    actions.deactivate(access.person_to_manage(person_id, by=me), by=me)
    flash(_("The account is closed and signed out everywhere."), "good")
    return redirect(url_for("accounts.person", person_id=person_id))


@blueprint.post("/people/<int:person_id>/reactivate")
@requires("manage_people")
def reactivate(person_id: int) -> Response:
    """Open a person's account again."""
    me = current.person()
    actions.reactivate(access.person_to_manage(person_id, by=me), by=me)
    flash(_("The account is open again."), "good")
    return redirect(url_for("accounts.person", person_id=person_id))


@blueprint.route("/people/invitations", methods=["GET", "POST"])
@requires("manage_people")
def invitations() -> View:
    """Invite people, and see who has not answered yet."""
    form = InviteForm()
    form.offer(queries.team_choices())
    if form.validate_on_submit():
        try:
            written = coming_in.invite(form.listed, team_id=form.team, by=current.person())
        except NotValid as error:
            blame(form, error)
        else:
            sent = [(letter.to, _hand_over(letter)) for letter in written]
            return render_template("accounts/invited.html", sent=sent, person=None)
    page = render_template(
        "accounts/invitations.html", form=form, invitations=queries.open_invitations(), me=current.person()
    )
    return page, 422 if form.errors else 200


@blueprint.post("/people/invitations/<int:link_id>/revoke")
@requires("manage_people")
def revoke(link_id: int) -> Response:
    """Take an invitation back."""
    me = current.person()
    coming_in.revoke(access.invitation_to_revoke(link_id, by=me), by=me)
    flash(_("The invitation is taken back; its link works no more."), "good")
    return redirect(url_for("accounts.invitations"))


@blueprint.route("/people/import", methods=["GET", "POST"])
@requires("manage_people")
@reads
@takes_files("file")
def import_people() -> View:
    """Choose a file and see what would become of each row; nothing is changed."""
    form = ImportForm()
    if not form.validate_on_submit():
        return render_template("accounts/import.html", form=form, me=current.person()), 422 if form.errors else 200
    data = form.file.data.read() if form.file.data else b""
    read = roster.read_bytes(data) if data else roster.Roster(problem=_("Choose a file first."))
    if read.problem:
        blame(form, NotValid(None, {"file": [read.problem]}))
        return render_template("accounts/import.html", form=form, me=current.person()), 422
    return _dry_run(read)


def _dry_run(read: roster.Roster, message: str | None = None) -> tuple[str, int]:
    fates = queries.fates_of(read)
    page = render_template(
        "accounts/import_dry_run.html",
        roster=read,
        fates=fates,
        seal=queries.seal_of(fates),
        message=message,
        me=current.person(),
        titles=roster.STATE_TITLES,
        counts={state: sum(fate.state == state for fate in fates) for state in roster.STATE_TITLES},
    )
    return page, 422 if message else 200


@blueprint.post("/people/import/apply")
@requires("manage_people")
@slow_first
def apply_import() -> View:
    """Import the file that was looked at, all or nothing."""
    form = ApplyImportForm()
    if not form.validate_on_submit():
        return redirect(url_for("accounts.import_people"))
    read = roster.read_text(str(form.text.data))
    start_writing()
    try:
        fates = actions.import_people(read, seen=str(form.seen.data), by=current.person())
    except NotValid as error:
        return _dry_run(read, _(error.message))
    new, changed = (sum(fate.state == state for fate in fates) for state in ("new", "changed"))
    flash(_("Imported: %(new)s new, %(changed)s changed.", new=new, changed=changed), "good")
    return redirect(url_for("accounts.people"))
