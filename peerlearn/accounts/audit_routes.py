"""The record of what happened, and who may do what."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request
from flask_babel import gettext as _

from peerlearn.accounts import current, queries, record, rules
from peerlearn.accounts.blueprint import blueprint
from peerlearn.core import clock, paging
from peerlearn.core.gates import requires

ADMINISTRATION = "administration"


@blueprint.get("/audit")
@requires("read_audit")
def audit() -> str:
    """What happened, newest first; deeds of administration by whom, about whom and when."""
    asked = {name: request.args.get(name, "") for name in ("what", "who", "since", "until")}
    since, until = (_day(asked[name]) for name in ("since", "until"))
    wanted = queries.RecordFilter(
        administration=asked["what"] == ADMINISTRATION,
        who=queries.clean_search(asked["who"]),
        since=clock.start_of_day(since, current.person().timezone) if since else None,
        until=clock.start_of_day(until + timedelta(days=1), current.person().timezone) if until else None,
    )
    page = queries.facts(wanted, paging.key_from(request.args.get("after")))
    names = queries.names_of(record.people_in(page.rows))
    titles = record.titles_in(page.rows)
    lines = [(fact, record.sentence(fact, names, titles)) for fact in page.rows]
    shown = {name: text for name, text in (asked | {"who": wanted.who}).items() if text}
    shown |= {"what": ADMINISTRATION} if wanted.narrows else {}
    return render_template("accounts/audit.html", page=page, lines=lines, shown=shown, me=current.person())


def _day(text: str) -> date | None:
    """The day in an address; None when there is none or it is no day of this age."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 3000 else None


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
