"""What my work has earned in each topic: only I see it."""

from __future__ import annotations

from flask import render_template

from peerlearn.accounts import current
from peerlearn.core.gates import signed_in
from peerlearn.lessons.models import hue_step
from peerlearn.review import levels, preparing, weighing
from peerlearn.review.blueprint import blueprint


@blueprint.get("/me/levels")
@signed_in
def levels_of_mine() -> str:
    """How far I am trusted where, what that lets me do, and what is missing for more."""
    me = current.person()
    found = weighing.levels_of(me)
    right = round(100 * found.upheld / found.decided) if found.decided else None
    return render_template(
        "review/levels.html",
        found=found,
        right=right,
        titles=levels.TITLES,
        lets=levels.LETS,
        hue_step=hue_step,
        me_id=me.id,
        preparing=preparing.of(me.id),
    )
