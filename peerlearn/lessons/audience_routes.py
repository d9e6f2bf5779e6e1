"""Who a lesson is for, as a plain choice: it writes the same lines that can be typed above the cards."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import signed_in
from peerlearn.lessons import access, actions, classifying, fileformat, forms, visibility
from peerlearn.lessons.blueprint import blueprint


@blueprint.route("/write/<int:lesson_id>/audience", methods=["GET", "POST"])
@signed_in
def audience(lesson_id: int) -> str | Response | tuple[str, int]:
    """Choose who a lesson is for. The choice stands in the draft; it holds once curators approved it."""
    lesson, revision = access.revision_to_edit(lesson_id, by=current.person())
    front = fileformat.parse(revision.source).front
    form = forms.AudienceForm(classification=front.classification, teams=list(front.audience))
    form.offer(visibility.teams())
    is_valid = form.validate_on_submit()
    form.begin_at(" ".join((front.classification, *front.audience)))
    if is_valid and not form.errors:
        try:
            source = classifying.classified(revision.source, *form.chosen)
            actions.save_draft(revision, source, base_version=revision.version, by=current.person())
        except NotValid as error:
            forms.blame(form, error)
        else:
            flash(_("It stands in the draft now. It holds from the next time the lesson is published."), "good")
            return redirect(url_for("lessons.edit", lesson_id=lesson.id))
    page = render_template("lessons/audience.html", lesson=lesson, revision=revision, form=form)
    return (page, 422) if request.method == "POST" else page
