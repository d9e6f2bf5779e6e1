"""Boards from the sums that the engine keeps. What grows with the number of people is added up by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Subquery, and_, bindparam, case, desc, func, or_, select

from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person, Team
from peerlearn.accounts.rules import Calendar
from peerlearn.core import clock
from peerlearn.core.db import UTCDateTime, ask, least
from peerlearn.core.kept import Kept
from peerlearn.leaderboard import rules
from peerlearn.leaderboard.rules import POLICY, Members, OwnWeek, Place, TeamGoal, TeamPlace
from peerlearn.learn.models import Attempt
from peerlearn.points import rules as points
from peerlearn.points.models import PointSum
from peerlearn.practice import holders
from peerlearn.practice.models import Growth


@dataclass(frozen=True)
class Span:
    """The weeks that a board covers, in the organisation's zone."""

    mondays: tuple[date, ...]

    @property
    def keys(self) -> list[str]:
        """The periods of the sums."""
        return [points.week_key(monday) for monday in self.mondays]

    @property
    def starts(self) -> datetime:
        """The first moment."""
        return clock.start_of_day(self.mondays[0], clock.organisation_zone())

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return clock.start_of_day(self.mondays[-1] + timedelta(days=7), clock.organisation_zone())


def this_week() -> Span:
    """The week that runs."""
    return Span((points.week_of(clock.today(clock.organisation_zone())),))


def last_week() -> Span:
    """The week that closed last Monday at 00:00."""
    return Span((this_week().mondays[0] - timedelta(days=7),))


def this_season() -> Span:
    """The ranked weeks of the season that runs."""
    return _season(points.season_of(clock.today(clock.organisation_zone())))


def last_season() -> Span:
    """The ranked weeks of the season that closed last."""
    return _season(points.season_of(clock.today(clock.organisation_zone())) - timedelta(weeks=points.SEASON_WEEKS))


def _season(first: date) -> Span:
    return Span(tuple(first + timedelta(weeks=week) for week in range(points.RANKED_WEEKS)))


def league_points() -> ColumnElement[Any]:
    """`rules.league_points` of a week's sums."""
    return least(PointSum.work_xp, POLICY.xp_cap) + least(PointSum.work_ip, POLICY.ip_cap)


# The statements of the boards are made once; the people, the weeks and the moments are filled in when they run.
ME: Any = bindparam("me", type_=Integer)
TEAM: Any = bindparam("team", type_=Integer)
PERIODS: Any = bindparam("periods", expanding=True)
STARTS: Any = bindparam("starts", type_=UTCDateTime)
ENDS: Any = bindparam("ends", type_=UTCDateTime)
FIRST, LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
DAYS = [bindparam(f"day_{day}", type_=UTCDateTime) for day in range(7)]


def _contenders() -> Subquery:
    """Everybody who chose to be shown and has points, with what decides their place."""
    right, answered = func.sum(Attempt.right), func.sum(Attempt.total)
    answers = (
        select(Attempt.person_id, right.label("right"), answered.label("answered"))
        .where(Attempt.number == 1, Attempt.finished_at >= STARTS, Attempt.finished_at < ENDS)
        .group_by(Attempt.person_id)
        .subquery()
    )
    sums = (
        select(
            PointSum.person_id,
            func.sum(league_points()).label("points"),
            func.sum(PointSum.active_days).label("active_days"),
            func.max(PointSum.last_at).label("last_at"),
        )
        .where(PointSum.period.in_(PERIODS))
        .group_by(PointSum.person_id)
        .subquery()
    )
    shrunk = (func.coalesce(answers.c.right, 0) + POLICY.accuracy_prior_right) / (
        func.coalesce(answers.c.answered, 0) + POLICY.accuracy_prior_answers
    )
    return (
        select(
            Person.id,
            case((Person.board_mode == rules.ALIAS, Person.alias), else_=Person.name).label("name"),
            sums.c.points,
            func.round(shrunk * 1000000000).label("accuracy"),
            sums.c.active_days,
            sums.c.last_at,
        )
        .join(sums, sums.c.person_id == Person.id)
        .outerjoin(answers, answers.c.person_id == Person.id)
        .where(Person.is_active, Person.board_mode != rules.HIDDEN, sums.c.points > 0)
        .subquery()
    )


@dataclass(frozen=True)
class Board:
    """A board as a viewer sees it."""

    places: list[Place]
    size: int
    mine: Place | None


def board(person: Person, span: Span, top: int = POLICY.top, around: int = POLICY.around) -> Board:
    """The first places and those around the viewer, ranked by the database; who may not be seen is left out here."""
    values = {
        "me": person.id,
        "periods": span.keys,
        "starts": span.starts,
        "ends": span.ends,
        "top": top,
        "around": around,
    }
    rows = ask(_standing(), values).all()
    size = rows[0].size if rows else 0
    places = rules.shown([_place(row, before, person) for before, row in zip([None, *rows], rows, strict=False)], size)
    return Board(places, size, next((place for place in places if place.is_me), None))


@cache
def _standing() -> Any:
    found = _contenders()
    key = (desc(found.c.points), desc(found.c.accuracy), desc(found.c.active_days), found.c.last_at)
    standing = select(
        found.c.id,
        found.c.name,
        found.c.points,
        func.rank().over(order_by=key).label("rank"),
        func.row_number().over(order_by=(*key, found.c.id)).label("row"),
        func.count().over().label("size"),
    ).cte("standing")
    mine = select(standing.c.row).where(standing.c.id == ME).scalar_subquery()
    top, around = bindparam("top", type_=Integer), bindparam("around", type_=Integer)
    near = standing.c.row.between(mine - around, mine + around)
    return select(standing).where(or_(standing.c.row <= top, near)).order_by(standing.c.row)


def _place(row: Any, before: Any, person: Person) -> Place:
    gap = row.row > (before.row if before else 0) + 1
    return Place(row.rank, row.id, row.name, row.points, is_me=row.id == person.id, gap_before=gap)


@dataclass(frozen=True)
class Own:
    """My last weeks, newest first, and on how many days I was active ever."""

    weeks: list[OwnWeek]
    active_ever: int

    @property
    def best(self) -> int:
        """The most points of these weeks."""
        return max(week.points for week in self.weeks)


_OWN_WEEKS = select(
    PointSum.period, PointSum.xp, PointSum.ip, PointSum.work_xp, PointSum.work_ip, PointSum.active_days
).where(PointSum.person_id == ME, PointSum.period.in_(PERIODS))


def own_weeks(person: Person) -> Own:
    """What only this person sees: their last weeks beside each other."""
    current = this_week().mondays[0]
    mondays = [current - timedelta(weeks=week) for week in range(POLICY.own_weeks)]
    keys = [*(points.week_key(monday) for monday in mondays), "all"]
    found = {row.period: row for row in ask(_OWN_WEEKS, {"me": person.id, "periods": keys})}
    weeks = [_own_week(monday, found.get(points.week_key(monday)), monday == current) for monday in mondays]
    return Own(weeks, found["all"].active_days if "all" in found else 0)


def _own_week(monday: date, row: Any, is_current: bool) -> OwnWeek:
    if row is None:
        return OwnWeek(monday, 0, 0, 0, 0, is_current)
    worth = rules.league_points(row.work_xp, row.work_ip)
    return OwnWeek(monday, worth, row.xp, row.ip, row.active_days, is_current)


@dataclass(frozen=True)
class TeamBoards:
    """The teams of a week by how much more they hold, and by their points."""

    growth: list[TeamPlace]
    points: list[TeamPlace]


_teams: Kept[TeamBoards] = Kept("team boards", seconds=5, most=4)


def team_boards(span: Span) -> TeamBoards:
    """All teams that are large enough, by their scores of a week, some seconds ago at most: all see the same."""
    return _teams.once(span, lambda: _team_boards(span))


def _team_boards(span: Span) -> TeamBoards:
    week = [span.mondays[0] + timedelta(days=day) for day in range(7)]
    days = {f"day_{number}": clock.start_of_day(day, clock.organisation_zone()) for number, day in enumerate(week)}
    values = {"period": span.keys[0], "ends": span.ends, "first": week[0], "last": week[-1]}
    by_team: dict[tuple[int, str], list[tuple[Members, Members]]] = {}
    for row in ask(_members(), days | values):
        team, own = (Calendar.read(row.work_days, off) for off in (row.holidays, f"{row.holidays} {row.away}"))
        share = rules.eligible_share(team, own, week[0], row.joined)
        both = [Members(share, row.people, worth, row.goals_met) for worth in (row.growth, row.points)]
        by_team.setdefault((row.id, row.name), []).append((both[0], both[1]))
    return TeamBoards(_places(by_team, 0, POLICY.report_minimum), _places(by_team, 1, POLICY.team_minimum))


def _places(
    by_team: Mapping[tuple[int, str], Sequence[tuple[Members, Members]]], which: int, minimum: int
) -> list[TeamPlace]:
    teams = (rules.team_of(*team, [members[which] for members in groups]) for team, groups in by_team.items())
    return rules.team_places(team for team in teams if team.people >= minimum)


@cache
def _members() -> Any:
    """Members added up by team, work pattern, absences, and the weekday on which they joined (0: before this week)."""
    joined = case(*((Person.created_at < moment, day) for day, moment in enumerate(DAYS)), else_=7)
    worth = least(func.coalesce(league_points(), 0), POLICY.member_cap)
    more = func.coalesce(POLICY.growth_factor * (Growth.after - Growth.before), 0.0)  # as `rules.growth_points`
    growth = least(case((more > 0, more), else_=0.0), float(POLICY.member_cap))
    met = case((func.coalesce(PointSum.goals, 0) > 0, 1), else_=0)
    away = accounts.absences_by_person(FIRST, LAST)
    return (
        select(
            Team.id,
            Team.name,
            Person.work_days,
            joined.label("joined"),
            func.coalesce(away.c.days, "").label("away"),
            accounts.holidays_of(FIRST, LAST).label("holidays"),
            func.count().label("people"),
            func.sum(worth).label("points"),
            func.sum(met).label("goals_met"),
            func.sum(growth).label("growth"),
        )
        .join(Person, Person.team_id == Team.id)
        .outerjoin(Growth, and_(Growth.person_id == Person.id, Growth.week == FIRST))
        .outerjoin(PointSum, and_(PointSum.person_id == Person.id, PointSum.period == bindparam("period")))
        .outerjoin(away, away.c.person_id == Person.id)
        .where(Person.is_active, Person.created_at < ENDS)
        .group_by(Team.id, Person.work_days, "joined", "away")
    )


@dataclass(frozen=True)
class TeamStanding:
    """My team's place this week, with what its members reached together."""

    name: str
    rank: int
    teams: int
    score: float
    people: int
    goals_met: int


def team_standing(person: Person) -> TeamStanding | None:
    """Where my team stands this week; None without a team or when it is too small to be compared."""
    if person.team_id is None:
        return None
    places = team_boards(this_week()).points
    mine = next((place for place in places if place.team.team_id == person.team_id), None)
    if mine is None:
        return None
    team = mine.team
    return TeamStanding(team.name, mine.rank, len(places), mine.score, team.people, team.goals_met)


@dataclass(frozen=True)
class TeamWeek:
    """What a team did together in a week."""

    monday: date
    people: int
    active: int
    goals_met: int
    points: int


@dataclass(frozen=True)
class TeamWeeks:
    """A team's last weeks, newest first; without weeks when a sum would tell what one person did."""

    people: int
    weeks: list[TeamWeek]


def team_weeks(team_id: int, minimum: int = POLICY.team_minimum) -> TeamWeeks:
    """What a team reached together in the last weeks, added up by the database."""
    current = this_week().mondays[0]
    keys = {
        points.week_key(monday): monday for monday in (current - timedelta(weeks=n) for n in range(POLICY.own_weeks))
    }
    found = ask(_team_weeks(), {"team": team_id, "periods": list(keys)}).all()
    people = found[0].size if found else 0
    if people < minimum:
        return TeamWeeks(people, [])
    rows = {row.period: row for row in found if row.period}
    return TeamWeeks(people, [_team_week(monday, people, rows.get(key)) for key, monday in keys.items()])


@cache
def _team_weeks() -> Any:
    size = select(func.count()).select_from(Person).where(Person.team_id == TEAM, Person.is_active).scalar_subquery()
    return (
        select(
            PointSum.period,
            func.sum(case((PointSum.active_days > 0, 1), else_=0)).label("active"),
            func.sum(case((PointSum.goals > 0, 1), else_=0)).label("goals_met"),
            func.sum(league_points()).label("points"),
            size.label("size"),
        )
        .select_from(Person)
        .outerjoin(PointSum, and_(PointSum.person_id == Person.id, PointSum.period.in_(PERIODS)))
        .where(Person.team_id == TEAM, Person.is_active)
        .group_by(PointSum.period)
    )


def _team_week(monday: date, people: int, row: Any) -> TeamWeek:
    if row is None:
        return TeamWeek(monday, people, 0, 0, 0)
    return TeamWeek(monday, people, row.active, row.goals_met, row.points)


def team_goal(person: Person) -> TeamGoal | None:
    """How far my team is towards its common goal; None without a team or when it is too small for sums."""
    if person.team_id is None:
        return None
    needs = holders.needs_of(person.team_id, viewer=person.id)
    if needs.people < POLICY.report_minimum:
        return None
    return TeamGoal(needs.people, {topic.name: topic.share for topic in needs.topics})
