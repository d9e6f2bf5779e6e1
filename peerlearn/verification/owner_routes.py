"""The pages of what people who left were writing, where an administrator names who carries it on."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import requires
from peerlearn.core.paging import key_from
from peerlearn.lessons import rules as lessons
from peerlearn.verification import access, heirs, leaving
from peerlearn.verification.blueprint import blueprint
from peerlearn.verification.forms import OwnerForm

View = str | Response | tuple[str, int]


@blueprint.get("/verification/left-behind")
@requires("manage_people")
def left_behind() -> str:
    """What waits for somebody; never the text, and no title that only its authors know."""
    page = heirs.waiting(key_from(request.args.get("after")))
    return render_template(
        "verification/left_behind.html",
        page=page,
        me=current.person(),
        states=lessons.TITLES,
        kinds=lessons.KIND_TITLES,
    )


@blueprint.get("/verification/left-behind/<int:lesson_id>")
@requires("manage_people")
def who_carries_on(lesson_id: int) -> str:
    """One of these: what it is about, who knows its topic, and a field for an address."""
    return _page(lesson_id, OwnerForm(formdata=None))


@blueprint.post("/verification/left-behind/<int:lesson_id>")
@requires("manage_people")
def name_owner(lesson_id: int) -> View:
    """This colleague carries it on."""
    form = OwnerForm()
    access.lesson_left_behind(lesson_id)
    if not form.validate():
        return _page(lesson_id, form), 422
    try:
        person = leaving.name_owner(lesson_id, form.email.data or "", by=current.person())
    except NotValid as problem:
        form.blame(problem)
        return _page(lesson_id, form), 422
    flash(_("%(name)s carries it on, and is told.", name=person.name), "good")
    return redirect(url_for("verification.left_behind"))


def _page(lesson_id: int, form: OwnerForm) -> str:
    one = access.lesson_left_behind(lesson_id)
    return render_template(
        "verification/name_owner.html",
        one=one,
        form=form,
        holders=heirs.who_holds(one.topic_id),
        states=lessons.TITLES,
        kinds=lessons.KIND_TITLES,
    )
