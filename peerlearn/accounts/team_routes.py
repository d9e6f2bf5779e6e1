"""Pages in which administrators look after teams."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import access, actions, current, queries
from peerlearn.accounts.blueprint import blueprint
from peerlearn.accounts.forms import TeamForm, blame
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import requires

View = str | Response | tuple[str, int]


@blueprint.route("/teams", methods=["GET", "POST"])
@requires("manage_teams")
def teams() -> View:
    """All teams, and a form for another one."""
    form = TeamForm()
    if form.validate_on_submit():
        try:
            actions.add_team(str(form.name.data), by=current.person())
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("The team is added."), "good")
            return redirect(url_for("accounts.teams"))
    page = render_template("accounts/teams.html", form=form, teams=queries.teams_with_sizes(), me=current.person())
    return page, 422 if form.errors else 200


@blueprint.route("/teams/<int:team_id>", methods=["GET", "POST"], endpoint="team")
@requires("manage_teams")
def rename_team(team_id: int) -> View:
    """Give a team another name."""
    me = current.person()
    team = access.team_to_manage(team_id, by=me)
    form = TeamForm(obj=team)
    if form.validate_on_submit():
        try:
            actions.rename_team(team, str(form.name.data), by=me)
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for("accounts.teams"))
    return render_template("accounts/team.html", form=form, team=team), 422 if form.errors else 200
