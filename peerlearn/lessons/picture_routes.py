"""Pictures: brought by authors, shown to whoever may see the lesson."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from flask import Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from peerlearn.accounts import current
from peerlearn.core import files
from peerlearn.core.db import start_writing
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import signed_in, slow_first, takes_files
from peerlearn.core.text import clean_line
from peerlearn.core.web import wants_json
from peerlearn.lessons import access, contributing, forms, queries
from peerlearn.lessons.blueprint import blueprint

View = str | BaseResponse | tuple[Any, int]
KEPT = "private, max-age=31536000, immutable"


def store() -> files.Store:
    """Where pictures lie."""
    return files.Store(current_app.config["SETTINGS"].media)


@blueprint.get("/write/<int:lesson_id>/pictures")
@signed_in
def pictures(lesson_id: int) -> str:
    """The pictures of a lesson, each with the line that shows it."""
    editing = access.lesson_to_edit(lesson_id, by=current.person())
    return render_template(
        "lessons/pictures.html",
        lesson=editing.lesson,
        pictures=queries.pictures_of(lesson_id),
        form=forms.PictureForm(formdata=None),
        sizes=forms.SIZES,
    )


@blueprint.post("/write/<int:lesson_id>/pictures")
@signed_in
@slow_first
@takes_files("picture")
def add_picture(lesson_id: int) -> View:
    """Take in a picture: made small and harmless first, kept second."""
    lesson = access.lesson_to_edit(lesson_id, by=current.person()).lesson
    form = forms.PictureForm()
    picture = None
    if form.validate_on_submit():
        try:
            upload = request.files.get("picture")
            picture = _read(form, upload) if upload else None
            if picture is None:
                form.picture.errors = [_("Choose a picture first.")]
        except NotValid as error:
            form.picture.errors = [_(error.message, **error.values)]
    if picture is None:
        return _refused(lesson_id, form)
    store().put(picture.data)
    start_writing()
    lesson = access.lesson_to_edit(lesson_id, by=current.person()).lesson
    contributing.add_picture(lesson, picture, by=current.person())
    line = contributing.picture_line(picture.digest, clean_line(str(form.alt.data)))
    if wants_json():
        return jsonify(markdown=line)
    flash(_("Added. Put this line where the picture belongs: %(line)s", line=line), "good")
    return redirect(url_for("lessons.pictures", lesson_id=lesson_id))


def _read(form: forms.PictureForm, upload: FileStorage) -> files.Picture:
    stream = cast(BinaryIO, upload.stream)
    return files.read_image(stream, upload.filename or "", cut=form.cut, side=int(form.side.data))


def _refused(lesson_id: int, form: forms.PictureForm) -> View:
    if wants_json():
        words = [message for messages in form.errors.values() for message in messages]
        return jsonify(message=" ".join(str(word) for word in words)), 422
    lesson = access.lesson_to_edit(lesson_id, by=current.person()).lesson
    listed = queries.pictures_of(lesson_id)
    return render_template("lessons/pictures.html", lesson=lesson, pictures=listed, form=form, sizes=forms.SIZES), 422


@blueprint.get("/media/<digest>")
@signed_in
def media(digest: str) -> BaseResponse:
    """One picture. Its address names its content, so a browser may keep it."""
    picture = access.picture_to_see(digest, by=current.person())
    with store().open(picture.digest) as file:
        response = Response(file.read(), mimetype="image/webp")
    response.set_etag(picture.digest)
    response.headers["Cache-Control"] = KEPT
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response.make_conditional(request)
