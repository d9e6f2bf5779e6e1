"""Pages about oneself: settings, password, devices."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import access, actions, coming_in, current, limiting, queries
from peerlearn.accounts.blueprint import blueprint
from peerlearn.accounts.forms import ChangePasswordForm, SettingsForm, blame
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import signed_in, slow_first

View = str | Response | tuple[str, int]


@blueprint.route("/me/settings", methods=["GET", "POST"])
@signed_in
def settings() -> View:
    """How I appear and when I work."""
    me = current.person()
    form = SettingsForm.of(me)
    if form.validate_on_submit():
        try:
            actions.change_settings(**form.values, by=me)
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("Your settings are saved."), "good")
            return redirect(url_for("accounts.settings"))
    return render_template("accounts/settings.html", form=form, me=me), 422 if form.errors else 200


@blueprint.route("/me/password", methods=["GET", "POST"])
@signed_in
@slow_first
def password() -> View:
    """Change my password."""
    me = current.person()
    form = ChangePasswordForm()
    if form.validate_on_submit():
        limiting.count_sign_in(request.remote_addr, me.email_key)
        try:
            coming_in.change_password(old=str(form.old.data), new=str(form.password.data), by=me)
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("Your new password is set. Your other devices were signed out."), "good")
            return redirect(url_for("accounts.settings"))
    return render_template("accounts/password.html", form=form), 422 if form.errors else 200


@blueprint.get("/me/devices")
@signed_in
def devices() -> str:
    """Where I am signed in."""
    me = current.person()
    here = current.hash_of(me.session_key or "")
    return render_template("accounts/devices.html", sessions=queries.sessions_of(me), here=here)


@blueprint.post("/me/devices/<int:session_id>/end")
@signed_in
def end_device(session_id: int) -> Response:
    """Sign out one of my devices."""
    me = current.person()
    coming_in.end_session(access.session_to_end(session_id, by=me), by=me)
    flash(_("That device is signed out."), "good")
    return redirect(url_for("accounts.devices"))


@blueprint.post("/me/devices/end-all")
@signed_in
def sign_out_everywhere() -> Response:
    """Sign out all my devices, this one too."""
    coming_in.sign_out_everywhere(by=current.person())
    current.end()
    flash(_("All your devices are signed out."), "good")
    return redirect(url_for("accounts.sign_in"))
