"""Questions in a form: the form writes the same text that can be typed."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.gates import reads, signed_in
from peerlearn.lessons import access, actions, queries, questionform
from peerlearn.lessons.blueprint import blueprint
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes import textform
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.problem import Problem

View = str | Response | tuple[Any, int]


@blueprint.get("/write/<int:lesson_id>/question")
@signed_in
def question(lesson_id: int) -> str:
    """A page with the form of one kind of question."""
    lesson, _revision = access.revision_to_edit(lesson_id, by=current.person())
    return _page(lesson, questionform.empty(request.args.get("kind", "single")))


@blueprint.post("/write/<int:lesson_id>/question")
@signed_in
def add_question(lesson_id: int) -> View:
    """Put the question at the end of the draft; whatever is missing is said beside the form."""
    lesson, revision = access.revision_to_edit(lesson_id, by=current.person())
    fields = questionform.from_post(request.form)
    text, problems = questionform.text_of(fields)
    if problems:
        return _page(lesson, fields, problems), 422
    source = questionform.appended(revision.source, text)
    actions.save_draft(revision, source, base_version=revision.version, by=current.person())
    flash(_("The question stands at the end of the lesson."), "good")
    return redirect(url_for("lessons.edit", lesson_id=lesson.id))


@blueprint.post("/write/<int:lesson_id>/question/form")
@signed_in
@reads
def question_form(lesson_id: int) -> Response:
    """The fields of a kind of question, or those of a question that stands in the text. Stores nothing."""
    lesson, _revision = access.revision_to_edit(lesson_id, by=current.person())
    text = str(request.form.get("text", ""))[: textform.MAX_CHARS]
    found = textform.parse(f"{textform.TITLE}\n\n{text}").questions if text else ()
    kind = str(request.form.get("kind", "single"))
    fields = questionform.of_question(found[0]) if found else questionform.empty(kind)
    values = _values(lesson, fields) | {"problems": (), "dialog": True}
    return jsonify(form=render_template("lessons/question_fields.html", **values))


@blueprint.post("/write/<int:lesson_id>/question/text")
@signed_in
@reads
def question_text(lesson_id: int) -> Response:
    """The text that the form stands for, and what is missing in it. Stores nothing."""
    access.revision_to_edit(lesson_id, by=current.person())
    text, problems = questionform.text_of(questionform.from_post(request.form))
    return jsonify(text=text, problems=[problem.words(_) for problem in _once(problems)])


def _once(problems: list[Problem]) -> list[Problem]:
    return list({problem.message: problem for problem in problems}.values())


def _page(lesson: Lesson, fields: questionform.Fields, problems: list[Problem] | None = None) -> str:
    return render_template("lessons/question.html", **_values(lesson, fields), problems=_once(problems or []))


def _values(lesson: Lesson, fields: questionform.Fields) -> dict[str, Any]:
    """What the fields need: a hotspot offers the lesson's pictures, its own among them wherever that came from."""
    digests = [picture.digest for picture in queries.pictures_of(lesson.id)] if fields.kind == "hotspot" else []
    own = [fields.picture] if fields.picture and fields.picture not in digests else []
    return {"lesson": lesson, "fields": fields, "kinds": KINDS, "pictures": [*own, *digests]}
