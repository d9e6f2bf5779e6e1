"""What is kept of me: the page that says it, and the file that holds it."""

from __future__ import annotations

from io import SEEK_END

from flask import render_template, request
from werkzeug.wrappers import Response

from peerlearn.accounts import current, downloading, limiting
from peerlearn.accounts.blueprint import blueprint
from peerlearn.core import clock
from peerlearn.core.gates import signed_in


@blueprint.get("/me/privacy")
@signed_in
def privacy() -> str:
    """What is kept of me and who sees it, to take it along."""
    return render_template("accounts/privacy.html", me=current.person())


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
