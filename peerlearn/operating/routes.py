"""The page of what runs by itself."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import jobs
from peerlearn.core.gates import requires
from peerlearn.operating import access, actions, queries

blueprint = Blueprint("operating", __name__, url_prefix="/operating")


@blueprint.get("/work")
@requires("operate")
def work() -> str:
    """What runs by itself: when it ran last, when it runs next, what waits and what failed."""
    return render_template(
        "operating/work.html",
        queue=queries.queue(),
        recurring=queries.recurring(),
        failed=queries.failed(request.args.get("after")),
        kinds=jobs.KINDS,
        is_left_undone=jobs.is_left_undone(),
    )


@blueprint.post("/work/<int:job_id>")
@requires("operate")
def try_again(job_id: int) -> Response:
    """Let work that has failed be tried again."""
    by = current.person()
    actions.try_again(access.job_to_try(job_id, by=by), by=by)
    flash(_("A worker tries it again soon."), "good")
    return redirect(url_for("operating.work"))
