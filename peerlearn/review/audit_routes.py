"""What is looked at afterwards: small edits that went live at once, and lessons that one curator approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import rewording
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import requires
from peerlearn.lessons import comparing
from peerlearn.lessons import queries as lessons
from peerlearn.review import looking, rules, trust, twice
from peerlearn.review.blueprint import blueprint
from peerlearn.review.forms import AuditForm, SecondLookForm, blame
from peerlearn.review.looking import Kind

View = str | Response | tuple[str, int]


@blueprint.get("/review/audits")
@requires("curate", "stand_in")
def audits() -> str:
    """What is to be looked at."""
    page = looking.to_look_at(current.person(), request.args.get("after"))
    return render_template("review/audits.html", page=page, kinds=looking)


@blueprint.get("/review/audits/<int:edit_id>")
@requires("curate", "stand_in")
def audit(edit_id: int) -> str:
    """One small edit: what changed."""
    return _edit_page(edit_id, AuditForm(formdata=None))


@blueprint.post("/review/audits/<int:edit_id>")
@requires("curate", "stand_in")
def judge(edit_id: int) -> View:
    """Say whether it was small and right."""
    return _judge(looking.EDIT, edit_id, AuditForm(), _edit_page)


@blueprint.get("/review/audits/approvals/<int:look_id>")
@requires("curate", "stand_in")
def second_look(look_id: int) -> str:
    """One lesson that was approved: its text, its ratings, and how long they took."""
    return _approval_page(look_id, SecondLookForm(formdata=None))


@blueprint.post("/review/audits/approvals/<int:look_id>")
@requires("curate", "stand_in")
def judge_approval(look_id: int) -> View:
    """Say whether it was right to publish it."""
    return _judge(looking.APPROVAL, look_id, SecondLookForm(), _approval_page)


def _judge(kind: Kind, look_id: int, form: AuditForm, page: Any) -> View:
    try:
        looking.judge(kind, look_id, str(form.verdict.data or ""), form.reason.data or "", by=current.person())
    except NotValid as problem:
        blame(form, problem)
        return page(look_id, form), 422
    flash(_("Thank you. It stands in the history of the lesson."), "good")
    return redirect(url_for("review.audits"))


def _edit_page(edit_id: int, form: AuditForm) -> str:
    seen = looking.to_see(looking.EDIT, edit_id, current.person())
    changes = comparing.compare(seen.look.base.source, seen.look.revision.source)
    return render_template(
        "review/audit.html",
        seen=seen,
        look=seen.look,
        changes=changes,
        action=url_for("review.judge", edit_id=edit_id),
        shortened=rewording.shortened,
        form=form,
        law=trust,
    )


def _approval_page(look_id: int, form: AuditForm) -> str:
    seen = looking.to_see(looking.APPROVAL, look_id, current.person())
    review = seen.look.review
    return render_template(
        "review/second_look.html",
        seen=seen,
        look=seen.look,
        cards=lessons.cards_of(seen.look.revision),
        action=url_for("review.judge_approval", look_id=look_id),
        took=_took(review.claimed_at, review.decided_at),
        form=form,
        law=trust,
        twice=twice,
        rules=rules,
    )


def _took(claimed_at: datetime | None, decided_at: datetime) -> str | None:
    """How long a curator held a review before the decision, in words."""
    return format_timedelta(decided_at - claimed_at, threshold=2) if claimed_at else None
