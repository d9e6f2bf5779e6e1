"""The pages of sources: what published lessons cite, and where one says that it changed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.accounts import queries as accounts
from peerlearn.core import clock
from peerlearn.core.errors import NotValid
from peerlearn.core.gates import signed_in
from peerlearn.core.paging import key_from
from peerlearn.verification import access, changing, sources
from peerlearn.verification.blueprint import blueprint
from peerlearn.verification.forms import ChangeForm
from peerlearn.verification.rules import POLICY

View = str | Response | tuple[str, int]


@blueprint.get("/verification/sources")
@signed_in
def sources_cited() -> str:
    """What published lessons cite: all that I may see for those who look after lessons, else my own."""
    me, words = current.person(), accounts.clean_search(request.args.get("q", ""))
    return render_template(
        "verification/sources.html",
        page=sources.cited(me, words, request.args.get("after", "")[:40]),
        words=words,
        sees_all=sources.looks_after_all(me),
    )


@blueprint.get("/verification/sources/<source_key>")
@signed_in
def source(source_key: str) -> str:
    """One source: the lessons that cite it, and a form to say that it changed."""
    return _page(source_key, ChangeForm(formdata=None, changed_on=clock.today(clock.organisation_zone())))


@blueprint.post("/verification/sources/<source_key>")
@signed_in
def tell_of_change(source_key: str) -> View:
    """It changed."""
    me, form = current.person(), ChangeForm()
    link = access.source(source_key, me).rows[0].link
    day = form.changed_on.data if form.validate() else None
    if day is None:
        return _page(source_key, form), 422
    try:
        changing.insist_on_pace(me)
        count = changing.tell(link, day, form.note.data or "", by=me)
    except NotValid as problem:
        form.blame(problem)
        return _page(source_key, form), 422
    if count is None:
        flash(_("Somebody told of this change before. Nothing more had to happen."), "note")
    else:
        flash(_("Thank you. The lessons that cite it are to be read again, and their owners are told why."), "good")
    return redirect(url_for("verification.source", source_key=source_key))


def _page(key: str, form: ChangeForm) -> str:
    page = access.source(key, current.person(), key_from(request.args.get("after")))
    return render_template(
        "verification/source.html",
        key=key,
        link=page.rows[0].link,
        page=page,
        form=form,
        changes=sources.changes_of(key),
        today=clock.today(clock.organisation_zone()),
        policy=POLICY,
    )
