"""Small edits that went live without a review, and that chance chose to be looked at afterwards."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import rewording
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import requires
from peerlearn.lessons import comparing
from peerlearn.review import trust, trusting
from peerlearn.review.blueprint import blueprint
from peerlearn.review.forms import AuditForm, blame

View = str | Response | tuple[str, int]


@blueprint.get("/review/audits")
@requires("curate", "stand_in")
def audits() -> str:
    """Small edits to look at."""
    return render_template("review/audits.html", found=trusting.to_look_at(current.person()), law=trust)


@blueprint.get("/review/audits/<int:edit_id>")
@requires("curate", "stand_in")
def audit(edit_id: int) -> str:
    """One small edit: what changed."""
    return _page(edit_id, AuditForm(formdata=None))


@blueprint.post("/review/audits/<int:edit_id>")
@requires("curate", "stand_in")
def judge(edit_id: int) -> View:
    """Say whether it was small and right."""
    form = AuditForm()
    try:
        trusting.judge(edit_id, str(form.verdict.data or ""), form.reason.data or "", by=current.person())
    except NotValid as problem:
        blame(form, problem)
        return _page(edit_id, form), 422
    flash(_("Thank you. It stands in the history of the lesson."), "good")
    return redirect(url_for("review.audits"))


def _page(edit_id: int, form: AuditForm) -> str:
    seen = trusting.edit_to_see(edit_id, current.person())
    return render_template(
        "review/audit.html",
        seen=seen,
        edit=seen.edit,
        changes=comparing.compare(seen.edit.base.source, seen.edit.revision.source),
        shortened=rewording.shortened,
        form=form,
        law=trust,
    )
