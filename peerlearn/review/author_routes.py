"""What authors do with remarks. The pages are those of the editor; here are the buttons."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.gates import signed_in
from peerlearn.review import access, actions
from peerlearn.review.blueprint import blueprint
from peerlearn.review.forms import ReplyForm


@blueprint.post("/review/remarks/<int:remark_id>/accept")
@signed_in
def accept(remark_id: int) -> Response:
    """Take a suggestion over into my draft."""
    remark, review = access.remark_to_answer(remark_id, current.person())
    done = actions.accept_suggestion(remark, review, by=current.person())
    count = done.line_to - done.line_from + 1
    words = ngettext("Taken over into line %(line)s.", "Taken over from line %(line)s on.", count, line=done.line_from)
    flash(words, "good")
    return redirect(url_for("lessons.edit", lesson_id=review.lesson_id) + f"#remark-{remark_id}")


@blueprint.post("/review/remarks/<int:remark_id>/answer")
@signed_in
def answer(remark_id: int) -> Response:
    """Answer a remark, or mark it as done."""
    remark, review = access.remark_to_answer(remark_id, current.person())
    form = ReplyForm()
    done = bool(form.done.data)
    actions.answer_remark(remark, review, form.reply.data or "", by=current.person(), done=done)
    flash(_("Marked as done.") if done else _("Your answer is saved."), "good")
    return redirect(url_for("lessons.edit", lesson_id=review.lesson_id) + f"#remark-{remark_id}")
