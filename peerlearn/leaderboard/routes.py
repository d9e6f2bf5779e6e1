"""One page with a tab for each board."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from peerlearn.accounts import access, current
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.errors import NotFound
from peerlearn.core.gates import requires, signed_in
from peerlearn.leaderboard import league, queries, rules, seating, seats
from peerlearn.points import rules as points
from peerlearn.review import tending
from peerlearn.streaks import queries as streaks

blueprint = Blueprint("leaderboard", __name__, url_prefix="/boards")
tending.also(seating.settle)


@blueprint.get("", defaults={"tab": "me"})
@blueprint.get("/<tab>")
@signed_in
def boards(tab: str) -> str:
    """A board; my own last weeks come first."""
    if tab not in rules.TABS:
        raise NotFound()
    person = current.person()
    return render_template(
        f"leaderboard/{tab.replace('-', '_')}.html",
        tab=tab,
        tabs=rules.TABS,
        person=person,
        policy=rules.POLICY,
        tie_rule=rules.TIE_RULE,
        **_CONTENT[tab](person),
    )


@blueprint.get("/teams/<int:team_id>")
@requires("see_team")
def team(team_id: int) -> str:
    """How a team takes part, for its lead: sums only, and none of a few people."""
    found = access.team_to_see(team_id, by=current.person())
    minimum = rules.POLICY.report_minimum
    weeks = queries.team_weeks(team_id, minimum)
    return render_template("leaderboard/team.html", found=found, team=weeks, minimum=minimum)


def _me(person: Person) -> dict[str, Any]:
    own = queries.own_weeks(person)
    asks = person.board_mode == rules.HIDDEN and own.active_ever >= rules.POLICY.prompt_after_days
    goal = streaks.standing(person.id, clock.today(person.timezone)).goal
    return {"own": own, "goal": goal, "asks": asks}


def _around(person: Person) -> dict[str, Any]:
    return {"board": queries.board(person, queries.this_week())}


def _league(person: Person) -> dict[str, Any]:
    monday = queries.this_week().mondays[0]
    is_played = league.is_played(monday)
    mine = seats.standing(person, monday) if is_played else None
    return {
        "mine": mine,
        "last": seats.last_week(person),
        "people": seats.taking_part(monday) if is_played and mine is None else None,
        "is_played": is_played,
        "week": monday,
        "league": league,
    }


def _my_team(person: Person) -> dict[str, Any]:
    return {
        "team": queries.team_weeks(person.team_id) if person.team_id else None,
        "minimum": rules.POLICY.team_minimum,
    }


def _teams(person: Person) -> dict[str, Any]:
    return {"now": queries.team_boards(queries.this_week()), "before": queries.team_boards(queries.last_week())}


def _season(person: Person) -> dict[str, Any]:
    span = queries.this_season()
    return {
        "board": queries.board(person, span),
        "team_goal": queries.team_goal(person),
        "span": span,
        "number": points.season_number(span.mondays[0]),
    }


def _hall(person: Person) -> dict[str, Any]:
    span = queries.last_season()
    found = queries.board(person, span, top=rules.POLICY.hall, around=0)
    return {"board": found, "span": span, "number": points.season_number(span.mondays[0])}


_CONTENT = {
    "me": _me,
    "league": _league,
    "around": _around,
    "my-team": _my_team,
    "teams": _teams,
    "season": _season,
    "hall": _hall,
}
