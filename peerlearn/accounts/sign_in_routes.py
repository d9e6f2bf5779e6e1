"""Pages for coming in and going out."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import access, coming_in, current, letters, limiting, queries, rules
from peerlearn.accounts.blueprint import HOME, blueprint
from peerlearn.accounts.forms import AddressForm, FirstRunForm, JoinForm, NewPasswordForm, SignInForm, blame
from peerlearn.config import Settings
from peerlearn.core import mail
from peerlearn.core.errors import NotFound, NotValid
from peerlearn.core.gates import public, requires, slow_first

View = str | Response | tuple[str, int]


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def _device() -> str:
    return rules.device_of(request.user_agent.string)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@slow_first
def sign_in() -> View:
    """Sign in with address and password."""
    form = SignInForm()
    target = rules.own_path(form.next.data or request.args.get("next"))
    form.next.data = target or ""
    if request.method == "GET" and current.person_or_none():
        return redirect(target or HOME)
    if request.method == "GET" and queries.is_empty():
        return redirect(url_for("accounts.first_run"))
    if form.validate_on_submit():
        key = rules.email_key(str(form.email.data))
        limiting.count_sign_in(request.remote_addr, key)
        entered = coming_in.sign_in(key, str(form.password.data), device=_device(), replaces=session.get("_user_id"))
        if entered:
            limiting.forgive_account(key)
            current.start(*entered)
            return redirect(target or HOME)
        limiting.count_mistake(request.remote_addr)
        form.password.errors = [_("This address and password do not fit together.")]
    page = render_template("accounts/sign_in.html", form=form, may_register=bool(_settings().signup_domains))
    return page, 422 if form.errors else 200


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """Sign out of this browser."""
    person = current.person_or_none()
    if person:
        coming_in.sign_out(by=person)
    current.end()
    flash(_("You have signed out."), "good")
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> View:
    """Ask for a mail with a link for a new password; the answer does not tell who has an account."""
    form = AddressForm()
    if form.validate_on_submit():
        limiting.count_mail(request.remote_addr, rules.email_key(str(form.email.data)))
        letters.send_quietly(coming_in.ask_for_reset(str(form.email.data)))
        return redirect(url_for("accounts.mail_sent", about="password"))
    return render_template("accounts/forgotten.html", form=form), 422 if form.errors else 200


@blueprint.get("/mail-sent/<any(password, joining):about>")
@public
def mail_sent(about: str) -> str:
    """Look into your mail."""
    return render_template("accounts/mail_sent.html", about=about, hours=rules.POLICY.reset_hours)


@blueprint.route("/new-password/<key>", methods=["GET", "POST"])
@public
@slow_first
def new_password(key: str) -> View:
    """Choose a new password with the link from a mail."""
    access.link_to_use("reset", key)
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            coming_in.reset_password(key, str(form.password.data))
        except NotValid as error:
            blame(form, error)
        else:
            current.end()
            flash(_("Your new password is set. All your devices were signed out."), "good")
            return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/new_password.html", form=form, key=key), 422 if form.errors else 200


@blueprint.route("/invitation/<key>", methods=["GET", "POST"])
@public
@slow_first
def invitation(key: str) -> View:
    """Join with an invitation."""
    link = access.link_to_use("invitation", key)
    email, form = link.email, JoinForm()
    if form.validate_on_submit():
        try:
            entered = coming_in.accept(
                key, name=str(form.name.data), password=str(form.password.data), device=_device()
            )
        except NotValid as error:
            blame(form, error)
        else:
            current.start(*entered)
            flash(_("Welcome to PeerLearn. You can change how you appear in your settings."), "good")
            return redirect(HOME)
    page = render_template("accounts/invitation.html", form=form, key=key, email=email)
    return page, 422 if form.errors else 200


@blueprint.route("/register", methods=["GET", "POST"])
@public
def register() -> View:
    """Ask for an account oneself, with an address of the organisation; the link comes by mail."""
    domains = _settings().signup_domains
    if not domains:
        raise NotFound()
    form = AddressForm()
    if form.validate_on_submit():
        limiting.count_mail(request.remote_addr, rules.email_key(str(form.email.data)))
        try:
            letters.send_quietly(coming_in.register(str(form.email.data), domains))
        except NotValid as error:
            blame(form, error)
        else:
            return redirect(url_for("accounts.mail_sent", about="joining"))
    return render_template("accounts/register.html", form=form, domains=domains), 422 if form.errors else 200


@blueprint.route("/first-run", methods=["GET", "POST"])
@public
@slow_first
def first_run() -> View:
    """Make the first administrator of a new installation; gone as soon as there is anybody."""
    if not queries.is_empty():
        raise NotFound()
    form = FirstRunForm()
    if form.validate_on_submit():
        typed = {field: str(form.data[field]) for field in ("email", "name", "password")}
        try:
            entered = coming_in.first_run(**typed, device=_device())
        except NotValid as error:
            blame(form, error)
        else:
            current.start(*entered)
            flash(_("You are the administrator. Next: teams, topics and colleagues."), "good")
            return redirect(url_for("accounts.people"))
    return render_template("accounts/first_run.html", form=form), 422 if form.errors else 200


@blueprint.get("/outbox")
@requires("manage_people")
def outbox() -> str:
    """Mails that were not sent because no mail server is set up; only where nobody real could be harmed by it."""
    settings = _settings()
    if settings.smtp_url or not (settings.demo or settings.testing or current_app.debug):
        raise NotFound()
    return render_template("accounts/outbox.html", mails=mail.outbox())
