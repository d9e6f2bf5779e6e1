"""The inbox page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.gates import signed_in
from peerlearn.inbox import access, actions, queries

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/inbox")
@signed_in
def notices() -> str:
    """What concerns me: unread first."""
    after = request.args.get("after")
    return render_template("inbox/notices.html", page=queries.notices(current.person(), after), is_first=not after)


@blueprint.post("/inbox/<int:notice_id>/open")
@signed_in
def open_notice(notice_id: int) -> Response:
    """Follow a notice, which marks it as read."""
    person = current.person()
    shown = access.notice_to_open(notice_id, by=person)
    actions.mark_read(shown.notice, by=person)
    endpoint, values = shown.leads
    return redirect(url_for(endpoint, **values))


@blueprint.post("/inbox/read")
@signed_in
def read_all() -> Response:
    """Mark everything as read."""
    actions.mark_all_read(by=current.person())
    flash(_("Everything is marked as read."), "good")
    return redirect(url_for("inbox.notices"))
