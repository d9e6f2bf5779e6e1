"""The cabinet, and a page for each badge."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _

from peerlearn.accounts import current
from peerlearn.badges import access, queries, rules
from peerlearn.badges.rules import Progress
from peerlearn.core import slots
from peerlearn.core.gates import signed_in

blueprint = Blueprint("badges", __name__, url_prefix="/badges")
slots.fill("lesson_result", "badges/earned.html", queries.lesson_result)


@blueprint.app_template_filter("missing")
def missing(progress: Progress) -> str:
    """What is still to do for the next tier, in a sentence."""
    return " · ".join(str(_(sentence, **numbers)) for sentence, numbers in progress.steps)


@blueprint.get("")
@signed_in
def cabinet() -> str:
    """My badges, what is near, and what else there is."""
    person = current.person()
    every = queries.cabinet(person)
    return render_template(
        "badges/cabinet.html",
        every=every,
        near=rules.suggestions(every),
        dates={(award.badge, award.tier): award.at for award in queries.awards_of(person.id)},
        spread=queries.spread(),
        metals=rules.METALS,
    )


@blueprint.get("/<slug>")
@signed_in
def badge(slug: str) -> str:
    """One badge: its tiers, and how far I am."""
    found, person = access.badge_to_see(slug), current.person()
    return render_template(
        "badges/badge.html",
        badge=found,
        progress=queries.progress_of(person, found),
        dates={award.tier: award.at for award in queries.awards_of(person.id) if award.badge == slug},
        rarity=queries.spread().rarity(slug),
        metals=rules.METALS,
        metal_titles=rules.METAL_TITLES,
        demands=[rules.demands(found, tier) for tier in range(1, found.tiers + 1)],
    )
