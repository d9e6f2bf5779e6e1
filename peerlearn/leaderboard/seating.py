"""Weeks of the league begin and close by their date: whoever looks first after midnight lets it happen.

Each may be done twice and in two processes at once: a week is begun under its key, and a group is closed by whoever
marks it first. What is closed stays: points that change later change no rank.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, update

from peerlearn.core import clock
from peerlearn.core.db import db, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.core.upsert import insert_into
from peerlearn.leaderboard import league, queries, seats
from peerlearn.leaderboard.events import LeagueMovedUp
from peerlearn.leaderboard.league import Outcome
from peerlearn.leaderboard.models import LeagueGroup, LeagueSeat, LeagueWeek
from peerlearn.leaderboard.seats import Member

AT_ONCE = 20  # groups that are closed in one transaction


def settle() -> bool:
    """Close groups whose week has ended, then begin the week that runs; whether more is left to do."""
    monday = queries.this_week().mondays[0]
    if found := seats.ended(monday, AT_ONCE):
        start_writing()
        close(*found)
        return True
    if league.is_played(monday) and seats.taking_part(monday) is None:
        start_writing()
        begin(monday)
    return False


@deed
def close(monday: date, numbers: Sequence[int]) -> int:
    """Close those of these groups of a week that are still open; how many."""
    taken = db.session.scalars(
        update(LeagueGroup)
        .where(LeagueGroup.monday == monday, LeagueGroup.number.in_(numbers), LeagueGroup.closed_at.is_(None))
        .values(closed_at=clock.now())
        .returning(LeagueGroup.number)
        .execution_options(synchronize_session=False)
    ).all()
    groups: dict[int, list[Member]] = defaultdict(list)
    for member in seats.members(monday, taken):
        groups[member.number].append(member)
    ends = [end for group in groups.values() for end in _ends(monday, group)]
    if ends:
        db.session.execute(update(LeagueSeat), ends)
    return len(taken)


def _ends(monday: date, group: list[Member]) -> list[dict[str, object]]:
    """With what each seat of a group ends; who left the boards keeps their division."""
    order = seats.results(group)
    goal = group[0].goal
    spared = goal is not None and sum(one.points for one in order) >= goal
    outcomes = league.outcomes(order, spared=spared)
    reached = {one.person_id: one for one in order}
    ends = []
    for member in group:
        person_id = member.contender.person_id
        result, outcome = reached.get(person_id), outcomes.get(person_id, Outcome.STAY)
        if outcome is Outcome.UP:
            division = league.moved(member.division, outcome)
            publish(LeagueMovedUp(person_id, monday.isoformat(), int(division)), by=None)
        ends.append(
            {
                "person_id": person_id,
                "monday": monday,
                "rank": result.rank if result else None,
                "points": result.points if result else None,
                "outcome": str(outcome),
            }
        )
    return ends


@deed
def begin(monday: date) -> None:
    """Decide who plays with whom this week, once."""
    players = seats.players(monday)
    groups = league.grouped(players)
    week = {"monday": monday, "people": sum(len(group) for group in groups)}
    added = insert_into(LeagueWeek).values(week).on_conflict_do_nothing().returning(LeagueWeek.monday)
    if db.session.scalar(added) is None or not groups:
        return
    together = league.is_together(monday)
    db.session.execute(
        insert(LeagueGroup),
        [
            {
                "monday": monday,
                "number": number,
                "goal": league.common_goal(player.mean for player in group) if together else None,
            }
            for number, group in enumerate(groups, start=1)
        ],
    )
    db.session.execute(
        insert(LeagueSeat),
        [
            {
                "monday": monday,
                "number": number,
                "person_id": player.person_id,
                "division": int(player.division),
                "mean": player.mean,
            }
            for number, group in enumerate(groups, start=1)
            for player in group
        ],
    )
