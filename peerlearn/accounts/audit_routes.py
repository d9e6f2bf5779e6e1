"""The record of what happened, and who may do what."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from peerlearn.accounts import current, queries, record, rules
from peerlearn.accounts.blueprint import blueprint
from peerlearn.core import paging
from peerlearn.core.gates import requires


@blueprint.get("/audit")
@requires("read_audit")
def audit() -> str:
    """What happened, newest first."""
    page = queries.facts(paging.key_from(request.args.get("after")))
    names = queries.names_of(record.people_in(page.rows))
    titles = record.titles_in(page.rows)
    lines = [(fact, record.sentence(fact, names, titles)) for fact in page.rows]
    return render_template("accounts/audit.html", page=page, lines=lines, me=current.person())


@blueprint.get("/permissions")
@requires("manage_roles", "read_audit")
def permissions() -> str:
    """All permissions, the roles that hold them, and what could go wrong with each."""
    risks = {mark: _(words) for mark, words in rules.RISKS.items()}
    return render_template(
        "accounts/permissions.html",
        permissions=rules.PERMISSIONS.values(),
        roles=rules.ROLE_TITLES,
        risks=risks,
        me=current.person(),
    )
