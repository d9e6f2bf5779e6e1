"""Pages in which administrators look after topics."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import requires
from peerlearn.lessons import access, actions, queries
from peerlearn.lessons.blueprint import blueprint
from peerlearn.lessons.forms import TopicChangeForm, TopicForm, blame

View = str | Response | tuple[str, int]


@blueprint.route("/topics", methods=["GET", "POST"])
@requires("manage_topics")
def topics() -> View:
    """All topics, and a form for another one."""
    form = TopicForm()
    if form.validate_on_submit():
        try:
            actions.add_topic(
                name=str(form.name.data),
                description=form.description.data or "",
                icon=form.icon.data,
                hue=int(form.hue.data),
                importance=form.importance.data,
                by=current.person(),
            )
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("The topic is added."), "good")
            return redirect(url_for("lessons.topics"))
    page = render_template("lessons/topics.html", form=form, topics=queries.topics_with_counts())
    return page, 422 if form.errors else 200


@blueprint.route("/topics/<int:topic_id>", methods=["GET", "POST"])
@requires("manage_topics")
def topic(topic_id: int) -> View:
    """Rename, redraw or retire a topic."""
    found = access.topic_to_manage(topic_id, by=current.person())
    form = TopicChangeForm(obj=found)
    if request.method == "GET":
        form.hue.data = str(30 * found.hue_step)
    if form.validate_on_submit():
        try:
            actions.change_topic(
                found,
                name=str(form.name.data),
                description=form.description.data or "",
                icon=form.icon.data,
                hue=int(form.hue.data),
                importance=form.importance.data,
                is_active=bool(form.is_active.data),
                by=current.person(),
            )
        except NotValid as error:
            blame(form, error)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for("lessons.topics"))
    return render_template("lessons/topic.html", form=form, topic=found), 422 if form.errors else 200
