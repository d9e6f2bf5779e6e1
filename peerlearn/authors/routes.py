"""The author's pages: my lessons with what to do next, and what is known of one of them."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from peerlearn.accounts import current
from peerlearn.authors import access, queries, rules
from peerlearn.core.gates import signed_in
from peerlearn.core.paging import key_from
from peerlearn.learn import rules as learning
from peerlearn.lessons import freshness
from peerlearn.lessons import rules as lesson_rules

blueprint = Blueprint("authors", __name__)


@blueprint.get("/write")
@signed_in
def lessons() -> str:
    """My lessons: what waits for me, what waits for others, what is published."""
    me = current.person()
    after = key_from(request.args.get("after"))
    return render_template(
        "authors/lessons.html",
        page=queries.lessons_of(me, after),
        is_first_page=after is None,
        me=me,
        sections=(_("Your turn"), _("In review"), _("Published"), _("No longer shown")),
        titles=lesson_rules.TITLES,
        kinds=lesson_rules.KIND_TITLES,
        policy=rules.POLICY,
    )


@blueprint.get("/write/<int:lesson_id>/figures")
@signed_in
def lesson(lesson_id: int) -> str:
    """How one of my lessons does: readers, quiz, what is remembered."""
    found = access.lesson_to_look_at(lesson_id, current.person())
    teams, elsewhere = rules.tell_teams(found.figures.teams)
    return render_template(
        "authors/lesson.html",
        found=found,
        figures=found.figures,
        teams=teams,
        elsewhere=elsewhere,
        titles=lesson_rules.TITLES,
        checks=freshness.TITLES,
        reactions=[(kind, words) for kind, words in learning.REACTIONS.items() if kind in learning.SHOWN],
        helpful=rules.helpful(found.figures.reactions, learning.HELPED, learning.HELPED_NOT),
        policy=rules.POLICY,
    )
