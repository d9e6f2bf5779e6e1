"""What is kept of me: the page that says it, the file that holds it, and how to be erased."""

from __future__ import annotations

from io import SEEK_END

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import access, current, downloading, erasing, limiting
from peerlearn.accounts.blueprint import blueprint
from peerlearn.accounts.forms import EraseForm, blame
from peerlearn.core import clock
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import requires, signed_in

View = str | Response | tuple[str, int]


@blueprint.get("/me/privacy")
@signed_in
def privacy() -> str:
    """What is kept of me and who sees it, to take it along."""
    return render_template("accounts/privacy.html", me=current.person())


@blueprint.post("/me/privacy/erasure")
@signed_in
def ask_to_be_erased() -> Response:
    """Ask administrators to erase me."""
    erasing.ask(by=current.person())
    flash(_("Administrators were told. Until one of them does it you can take it back."), "good")
    return redirect(url_for("accounts.privacy"))


@blueprint.post("/me/privacy/erasure/take-back")
@signed_in
def keep_me() -> Response:
    """Do not want to be erased any more."""
    erasing.take_back(by=current.person())
    flash(_("You stay. Nothing was erased."), "good")
    return redirect(url_for("accounts.privacy"))


@blueprint.route("/people/<int:person_id>/erase", methods=["GET", "POST"])
@requires("manage_people")
def erase(person_id: int) -> View:
    """Make a pseudonym of a person, once their name was typed."""
    me = current.person()
    person = access.person_to_erase(person_id, by=me)
    form = EraseForm()
    if form.validate_on_submit():
        try:
            erasing.erase(person, typed=str(form.typed.data), by=me)
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("Erased. The account is called %(name)s from now on.", name=person.name), "good")
            return redirect(url_for("accounts.people"))
    page = render_template(
        "ui/confirm.html",
        title=_("Erase %(name)s?", name=person.name),
        text=_("Nobody can undo this."),
        consequences=[_(words) for words in erasing.CONSEQUENCES],
        action=url_for("accounts.erase", person_id=person.id),
        yes=_("Erase for good"),
        back=url_for("accounts.people"),
        danger=True,
        form=form,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/me/privacy/download")
@signed_in
def download() -> Response:
    """All that is kept of me, as one file."""
    me = current.person()
    limiting.count_download(me.id)
    if request.method == "HEAD":
        return Response(mimetype="application/zip")  # nobody reads it, so nothing is made
    file = downloading.file_about(me)
    response = Response(downloading.pieces(file), mimetype="application/zip")
    response.content_length = file.seek(0, SEEK_END)
    name = f"peerlearn-{clock.today(me.timezone):%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.call_on_close(file.close)
    return response
