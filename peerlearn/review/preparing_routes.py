"""Asking people to prepare as curators: for administrators, on the page of a person."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import access, current
from peerlearn.core.gates import requires
from peerlearn.core.paging import key_from
from peerlearn.review import preparing
from peerlearn.review.blueprint import blueprint


@blueprint.post("/people/<int:person_id>/preparation")
@requires("manage_roles")
def ask_to_prepare(person_id: int) -> Response:
    """Ask a person to prepare as curator of a topic."""
    me = current.person()
    person = access.person_to_manage(person_id, by=me)
    if preparing.ask_to_prepare(person, key_from(request.form.get("topic")) or 0, by=me):
        flash(_("%(name)s is asked to prepare, and finds the lessons in the inbox.", name=person.name), "good")
    return redirect(url_for("accounts.person", person_id=person_id))


@blueprint.post("/people/<int:person_id>/preparation/<int:topic_id>/end")
@requires("manage_roles")
def end_preparation(person_id: int, topic_id: int) -> Response:
    """They need not prepare any more."""
    me = current.person()
    preparing.end(access.person_to_manage(person_id, by=me).id, topic_id, by=me)
    return redirect(url_for("accounts.person", person_id=person_id))
