"""Who sits where in the league. A group is small, so its order is made by the rules; all else is the database's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, case, func, select
from sqlalchemy.orm import aliased

from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person
from peerlearn.accounts.rules import Calendar
from peerlearn.core.db import ask, db
from peerlearn.leaderboard import league, queries, rules
from peerlearn.leaderboard.league import Division, Outcome, Player, Result
from peerlearn.leaderboard.models import LeagueGroup, LeagueSeat, LeagueWeek
from peerlearn.leaderboard.queries import ENDS, FIRST, LAST, ME, STARTS, Span
from peerlearn.leaderboard.rules import Contender, Place
from peerlearn.learn.models import Attempt
from peerlearn.points import rules as points
from peerlearn.points.models import PointSum

MONDAY: Any = bindparam("monday", type_=Date)
PERIOD: Any = bindparam("period")
NUMBERS: Any = bindparam("numbers", expanding=True)


@dataclass(frozen=True)
class Member:
    """Somebody's seat in a week, with what decides their place; `shown` is False for who left the boards meanwhile."""

    number: int
    contender: Contender
    division: Division
    mean: float
    goal: int | None
    away_days: int
    shown: bool

    def result(self, rank: int) -> Result:
        """What they reached."""
        return Result(self.contender.person_id, self.division, rank, self.contender.points, self.away_days)


def members(monday: date, numbers: Sequence[int]) -> list[Member]:
    """Everybody in some groups of a week; one statement."""
    return [_member(row, monday) for row in ask(_members(), _values(monday) | {"numbers": list(numbers)})]


def results(group: Sequence[Member]) -> list[Result]:
    """The standing of a group: those who are still on the boards, with their ranks."""
    by_id = {member.contender.person_id: member for member in group if member.shown}
    order = rules.ranked(member.contender for member in by_id.values())
    return [by_id[contender.person_id].result(rank) for rank, contender in order]


def _values(monday: date) -> dict[str, Any]:
    span = Span((monday,))
    return {
        "monday": monday,
        "period": span.keys[0],
        "starts": span.starts,
        "ends": span.ends,
        "first": monday,
        "last": monday + timedelta(days=6),
    }


def _member(row: Any, monday: date) -> Member:
    contender = Contender(row.person_id, row.name, row.reached, row.accuracy / 1e9, row.active_days or 0, row.last_at)
    week = monday, monday + timedelta(days=6)
    usual, own = (Calendar.read(row.work_days, off) for off in (row.holidays, f"{row.holidays} {row.away}"))
    away_days = len(usual.workdays(*week)) - len(own.workdays(*week))
    return Member(
        row.number,
        contender,
        Division(row.division),
        row.mean,
        row.goal,
        away_days,
        row.shown,
    )


@cache
def _members() -> Any:
    return _seated(and_(LeagueSeat.monday == MONDAY, LeagueSeat.number.in_(NUMBERS)))


@cache
def _mine() -> Any:
    own = aliased(LeagueSeat)
    number = select(own.number).where(own.person_id == ME, own.monday == MONDAY).scalar_subquery()
    return _seated(and_(LeagueSeat.monday == MONDAY, LeagueSeat.number == number))


def _seated(wanted: ColumnElement[bool]) -> Any:
    """Seats with the points of their week, and what decides between equals."""
    right, answered = func.sum(Attempt.right), func.sum(Attempt.total)
    answers = (
        select(Attempt.person_id, right.label("right"), answered.label("answered"))
        .join(LeagueSeat, LeagueSeat.person_id == Attempt.person_id)
        .where(wanted, Attempt.number == 1, Attempt.finished_at >= STARTS, Attempt.finished_at < ENDS)
        .group_by(Attempt.person_id)
        .subquery()
    )
    away = accounts.absences_by_person(FIRST, LAST)
    prior = rules.POLICY
    shrunk = (func.coalesce(answers.c.right, 0) + prior.accuracy_prior_right) / (
        func.coalesce(answers.c.answered, 0) + prior.accuracy_prior_answers
    )
    return (
        select(
            LeagueSeat.person_id,
            LeagueSeat.number,
            LeagueSeat.division,
            LeagueSeat.mean,
            LeagueGroup.goal,
            case((Person.board_mode == rules.ALIAS, Person.alias), else_=Person.name).label("name"),
            and_(Person.is_active, Person.board_mode != rules.HIDDEN).label("shown"),
            func.coalesce(queries.league_points(), 0).label("reached"),
            func.round(shrunk * 1000000000).label("accuracy"),
            PointSum.active_days,
            PointSum.last_at,
            Person.work_days,
            func.coalesce(away.c.days, "").label("away"),
            accounts.holidays_of(FIRST, LAST).label("holidays"),
        )
        .join(Person, Person.id == LeagueSeat.person_id)
        .join(LeagueGroup, and_(LeagueGroup.monday == LeagueSeat.monday, LeagueGroup.number == LeagueSeat.number))
        .outerjoin(PointSum, and_(PointSum.person_id == LeagueSeat.person_id, PointSum.period == PERIOD))
        .outerjoin(answers, answers.c.person_id == LeagueSeat.person_id)
        .outerjoin(away, away.c.person_id == LeagueSeat.person_id)
        .where(wanted)
    )


# what the rules are asked about


def ended(before: date, most: int) -> tuple[date, list[int]] | None:
    """The oldest week before this Monday that is not closed, with some of its open groups."""
    open_group = and_(LeagueGroup.closed_at.is_(None), LeagueGroup.monday < before)
    oldest = select(func.min(LeagueGroup.monday)).where(open_group).scalar_subquery()
    statement = (
        select(LeagueGroup.monday, LeagueGroup.number)
        .where(open_group, LeagueGroup.monday == oldest)
        .order_by(LeagueGroup.number)
        .limit(most)
    )
    rows = ask(statement).all()
    return (rows[0].monday, [row.number for row in rows]) if rows else None


def taking_part(monday: date) -> int | None:
    """How many play in a week; None while it is not begun."""
    return db.session.scalar(select(LeagueWeek.people).where(LeagueWeek.monday == monday))


def players(monday: date, policy: league.Policy = league.POLICY) -> list[Player]:
    """Who takes part from this Monday on: people on the boards who had points lately. Everybody else keeps their seat.

    What came before the Monday decides, so it does not matter when in the week this is asked.
    """
    weeks = [points.week_key(monday - timedelta(weeks=back)) for back in range(1, policy.mean_weeks + 1)]
    worth = func.sum(queries.league_points())
    lately = func.sum(case((PointSum.period.in_(weeks[: policy.seen_weeks]), queries.league_points()), else_=0))
    sums = (
        select(PointSum.person_id, worth.label("worth"))
        .where(PointSum.period.in_(weeks))
        .group_by(PointSum.person_id)
        .having(lately > 0)
        .subquery()
    )
    seat, last = aliased(LeagueSeat), aliased(LeagueSeat)
    latest = select(func.max(seat.monday)).where(seat.person_id == Person.id).scalar_subquery()
    statement = (
        select(Person.id, sums.c.worth, last.division, last.outcome, last.monday)
        .join(sums, sums.c.person_id == Person.id)
        .outerjoin(last, and_(last.person_id == Person.id, last.monday == latest))
        .where(Person.is_active, Person.board_mode != rules.HIDDEN)
    )
    return [Player(row.id, _division(row, monday), row.worth / policy.mean_weeks) for row in ask(statement)]


def _division(row: Any, monday: date) -> Division:
    if row.division is None:
        return Division.BRONZE
    after = league.moved(Division(row.division), Outcome(row.outcome or Outcome.STAY))
    return league.division_now(after, row.monday, monday)


# what people see


@dataclass(frozen=True)
class Last:
    """How somebody's last closed week ended."""

    monday: date
    rank: int | None
    points: int | None
    division: Division  # played in
    leads_to: Division
    outcome: Outcome

    def is_fresh(self, monday: date) -> bool:
        """Whether it was the week before this one."""
        return monday - self.monday == timedelta(weeks=1)


@dataclass(frozen=True)
class Standing:
    """A group as one of its members sees it."""

    places: list[Place]
    size: int
    divisions: list[Division]  # of the group, highest first: small ones play together
    mine: Result
    up: int  # how many go up
    missing: int | None  # points to go up; 0 for whoever is there
    goal: int | None  # of the group together
    reached: int  # by the group together


def standing(person: Person, monday: date) -> Standing | None:
    """My group this week, as far as I may see it; None without a seat."""
    found = [_member(row, monday) for row in ask(_mine(), _values(monday) | {"me": person.id})]
    order = results(found)
    mine = next((one for one in order if one.person_id == person.id), None)
    if mine is None:
        return None
    names = {member.contender.person_id: member.contender.name for member in found}
    at = next(row for row, one in enumerate(order) if one.person_id == person.id)
    near, top = rules.POLICY.around, rules.POLICY.top
    rows = [row for row in range(len(order)) if row < top or abs(row - at) <= near]
    places = [
        Place(
            order[row].rank,
            order[row].person_id,
            names[order[row].person_id],
            order[row].points,
            is_me=row == at,
            gap_before=row > 0 and row - 1 not in rows,
        )
        for row in rows
    ]
    up, _down = league.lines(len(order))
    return Standing(
        rules.shown(places, len(order)),
        len(order),
        sorted({one.division for one in order}, reverse=True),
        mine,
        up,
        league.points_to_line(order, mine),
        next((member.goal for member in found), None),
        sum(one.points for one in order),
    )


@cache
def _last() -> Any:
    return (
        select(LeagueSeat.monday, LeagueSeat.rank, LeagueSeat.points, LeagueSeat.division, LeagueSeat.outcome)
        .where(LeagueSeat.person_id == ME, LeagueSeat.outcome.is_not(None))
        .order_by(LeagueSeat.monday.desc())
        .limit(1)
    )


def last_week(person: Person) -> Last | None:
    """How my last week in the league ended; None before the first one has."""
    row = ask(_last(), {"me": person.id}).one_or_none()
    if row is None:
        return None
    division, outcome = Division(row.division), Outcome(row.outcome)
    return Last(row.monday, row.rank, row.points, division, league.moved(division, outcome), outcome)
