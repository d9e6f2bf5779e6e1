"""Questions brought in from other systems and taken out to them."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from peerlearn.accounts import current
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import reads, signed_in, takes_files
from peerlearn.core.words import N_
from peerlearn.lessons import access, actions, fileformat, forms, rules, taking
from peerlearn.lessons.blueprint import blueprint
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.quizzes.exchange import registry
from peerlearn.quizzes.exchange.formats import Format
from peerlearn.quizzes.exchange.report import STATUS_TITLES, Reading, count
from peerlearn.quizzes.kinds.registry import KINDS

View = str | BaseResponse | tuple[Any, int]
KIND_TITLES = {slug: kind.title for slug, kind in KINDS.items()}
IN_REVIEW = N_("This is in review now. Withdraw it first, then import questions.")
MOVED_ON = N_("The draft was changed meanwhile. Import the file again to see what would be replaced.")


def _handed_in(lesson: Lesson) -> BaseResponse:
    """Back to a text of one's own that curators have now, where it can be withdrawn."""
    flash(_(IN_REVIEW), "warn")
    return redirect(url_for("lessons.edit", lesson_id=lesson.id))


@blueprint.route("/write/<int:lesson_id>/questions/import", methods=["GET", "POST"])
@signed_in
@reads
@takes_files("file")
def import_questions(lesson_id: int) -> View:
    """Choose a file and see what would become of each question; nothing is changed."""
    lesson, revision = access.revision_to_edit(lesson_id, by=current.person())
    if not rules.is_editable(revision.state):
        return _handed_in(lesson)
    form = forms.QuestionsForm()
    if not form.validate_on_submit():
        return _choose(lesson, form)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        form.file.errors = [_("Choose a file first.")]
        return _choose(lesson, form)
    with upload.stream as stream:
        data = stream.read()
    reading = registry.read(data, upload.filename, limit=taking.MAX_OFFERED)
    if reading.problem:
        form.file.errors = [reading.problem.words(_)]
        return _choose(lesson, form)
    return _offer(lesson, revision, reading)


def _choose(lesson: Lesson, form: forms.QuestionsForm) -> tuple[str, int]:
    page = render_template("lessons/import_questions.html", lesson=lesson, form=form, formats=registry.FORMATS.values())
    return page, 422 if form.errors else 200


def _offer(lesson: Lesson, revision: Revision, reading: Reading) -> str:
    offers = taking.offers_of(reading, revision.source)
    return render_template(
        "lessons/offered_questions.html",
        lesson=lesson,
        revision=revision,
        reading=reading,
        offers=offers,
        shortened=len(offers) < len(reading.fates),
        format=registry.FORMATS[reading.format],
        present=len(fileformat.parse(revision.source).questions),
        titles=STATUS_TITLES,
        kind_titles=KIND_TITLES,
        counts={status: count(reading.fates, status) for status in STATUS_TITLES},
    )


@blueprint.post("/write/<int:lesson_id>/questions/take")
@signed_in
def take_questions(lesson_id: int) -> View:
    """Take the ticked questions into the draft, at its end or instead of those it has."""
    lesson, revision = access.revision_to_edit(lesson_id, by=current.person())
    if not rules.is_editable(revision.state):
        return _handed_in(lesson)
    instead = request.form.get("where") == "instead"
    if instead and request.form.get("version") != str(revision.version):
        flash(_(MOVED_ON), "warn")
        return redirect(url_for("lessons.import_questions", lesson_id=lesson.id))
    try:
        questions = taking.questions_from(
            request.form.get(f"text-{number}", "") for number in request.form.getlist("take")
        )
        source = taking.with_questions(revision.source, questions, instead=instead)
        actions.save_draft(revision, source, base_version=revision.version, by=current.person())
    except NotValid as error:
        flash(_(error.message, **error.values), "bad")
        return redirect(url_for("lessons.import_questions", lesson_id=lesson.id))
    taken = ngettext(
        "%(num)d question stands in the lesson now.", "%(num)d questions stand in the lesson now.", len(questions)
    )
    flash(f"{taken} {_('Look at what is still to be written.')}", "good")
    return redirect(url_for("lessons.edit", lesson_id=lesson.id))


@blueprint.get("/write/<int:lesson_id>/questions/export")
@signed_in
def export_questions(lesson_id: int) -> str:
    """What would become of each question in a format, before it is downloaded."""
    lesson, revision = access.quiz_to_export(lesson_id, by=current.person())
    format_ = _wanted()
    questions = fileformat.parse(revision.source).questions
    fates = registry.write(questions, format_.slug, lesson.title).fates
    return render_template(
        "lessons/export_questions.html",
        lesson=lesson,
        revision=revision,
        format=format_,
        formats=registry.FORMATS.values(),
        fates=fates,
        is_author=access.is_author(lesson, current.person()),
        titles=STATUS_TITLES,
        kind_titles=KIND_TITLES,
        counts={status: count(fates, status) for status in STATUS_TITLES},
    )


@blueprint.get("/write/<int:lesson_id>/questions/file")
@signed_in
def questions_file(lesson_id: int) -> Response:
    """The questions of a lesson, keys and all, as a file for another system."""
    lesson, revision = access.quiz_to_export(lesson_id, by=current.person())
    format_ = _wanted()
    written = registry.write(fileformat.parse(revision.source).questions, format_.slug, lesson.title)
    response = Response(written.data, mimetype=format_.mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{lesson.slug}{format_.suffix}"'
    return response


def _wanted() -> Format:
    """The format that the address names, or the first."""
    return registry.FORMATS.get(request.args.get("format", "")) or next(iter(registry.FORMATS.values()))
