"""The page of what runs by itself, and what is told to Prometheus."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import jobs
from peerlearn.core.errors import NotFound
from peerlearn.core.gates import public, requires
from peerlearn.operating import access, actions, glance, metrics, queries

blueprint = Blueprint("operating", __name__)


@blueprint.get("/operating/status")
@requires("operate")
def status() -> str:
    """How this instance runs: what it is, what it needs, and what it answered in the last day."""
    return render_template("operating/status.html", status=glance.status())


@blueprint.get("/operating/work")
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


@blueprint.post("/operating/work/<int:job_id>")
@requires("operate")
def try_again(job_id: int) -> Response:
    """Let work that has failed be tried again."""
    by = current.person()
    actions.try_again(access.job_to_try(job_id, by=by), by=by)
    flash(_("A worker tries it again soon."), "good")
    return redirect(url_for("operating.work"))


@blueprint.get("/metrics")
@public
def look() -> Response:
    """What this instance says of itself, for whoever has the token; for everybody else there is no such page."""
    if not metrics.may_look(request.headers.get("Authorization", "")):
        raise NotFound()
    counted: metrics.Metrics = current_app.extensions[metrics.KEY]
    return Response(counted.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
