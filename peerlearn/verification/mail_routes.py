"""The page to which the mail about a check leads: what is asked, and one button. Looking at it changes nothing."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from peerlearn.accounts import current
from peerlearn.core import clock
from peerlearn.core.gates import public
from peerlearn.review import standing
from peerlearn.verification import access, rules, sources
from peerlearn.verification.blueprint import blueprint


@blueprint.get("/verification/mail/<check_key>")
@public
def in_mail(check_key: str) -> str | Response:
    """What the mail asks. Programs that look through mails open this too, so it only shows."""
    found = access.check_in_mail(check_key, current.person_or_none())
    if found.state == rules.FOR_SOME_ONLY:
        return redirect(url_for("verification.check", lesson_id=found.asked.lesson_id))
    if found.state != rules.OPEN or found.standing is None:
        heading, words = rules.MAIL_CLOSED[found.state]
        still_waits = found.state in rules.STILL_WAITS
        return render_template(
            "verification/mail_closed.html",
            heading=_(heading),
            words=_(words),
            found=found,
            still_waits=still_waits,
        )
    return render_template(
        "verification/in_mail.html",
        key=check_key,
        lesson=found.standing.lesson,
        person=found.person,
        due_on=found.standing.due_on,
        is_doubted=bool(sources.reasons_to_check(found.standing.lesson)),
    )


@blueprint.post("/verification/mail/<check_key>")
@public
def verify_in_mail(check_key: str) -> Response:
    """It is still right, says whom the mail was written to. The text was not open here, which pays nothing."""
    found = access.check_in_mail(check_key, current.person_or_none())
    if found.state == rules.OPEN and found.standing is not None and found.person is not None:
        lesson = found.standing.lesson
        zone = clock.organisation_zone()
        standing.decide(lesson, "verify", "", by=found.person, zone_name=zone, version=lesson.version)
        flash(_("Thank you: “%(title)s” is checked.", title=lesson.title), "good")
    return redirect(url_for("verification.in_mail", check_key=check_key))
