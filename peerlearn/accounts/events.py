"""What happens to accounts. Ids only: names and addresses never enter the facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event
from peerlearn.core.words import N_


@dataclass(frozen=True)
class PersonJoined(Event):
    """A person was added, invited, imported or registered (`how`)."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s: %(person)s joined (%(how)s)")
    person_id: int
    how: str


@dataclass(frozen=True)
class PersonInvited(Event):
    """An invitation was sent."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s invited somebody")
    link_id: int
    team_id: int | None


@dataclass(frozen=True)
class PersonChanged(Event):
    """An administrator or the person changed these fields (their names, not their values)."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s changed %(fields)s of %(person)s")
    person_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class PaceChanged(Event):
    """An administrator changed how much time a person has where time is limited; neither how much nor why is said."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s changed how much time %(person)s has in timed quizzes")
    person_id: int


@dataclass(frozen=True)
class NumbersSet(Event):
    """An administrator set numbers of how people learn here; what each was and is."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s set how people learn here: %(changes)s")
    version: int
    changes: tuple[str, ...]


@dataclass(frozen=True)
class PersonDeactivated(Event):
    """A person can no longer come in; all their sessions ended."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s deactivated %(person)s")
    person_id: int


@dataclass(frozen=True)
class PersonReactivated(Event):
    """A person can come in again."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s reactivated %(person)s")
    person_id: int


@dataclass(frozen=True)
class ErasureAsked(Event):
    """A person asked to be erased; these administrators hear of it."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(person)s asked to be erased")
    person_id: int
    since: str
    told_ids: tuple[int, ...]


@dataclass(frozen=True)
class ErasureTakenBack(Event):
    """A person does not want to be erased any more."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(person)s took back the wish to be erased")
    person_id: int


@dataclass(frozen=True)
class PersonErased(Event):
    """An administrator made a pseudonym of a person; who it was stands nowhere any more."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s erased an account, now called %(person)s")
    person_id: int


@dataclass(frozen=True)
class RoleGiven(Event):
    """A person was given a role for a topic or team (scope 0: for all)."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s gave %(person)s the role %(role)s (%(scope)s)")
    person_id: int
    role: str
    scope_id: int
    grant_id: int = 0


@dataclass(frozen=True)
class AppointedUnprepared(Event):
    """Somebody was made curator who had not prepared for it; why stands in the record for good."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s made %(person)s curator (%(scope)s) who had not prepared for it: %(reason)s")
    person_id: int
    scope_id: int
    reason: str


@dataclass(frozen=True)
class RoleTaken(Event):
    """A role was taken from a person."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s took the role %(role)s (%(scope)s) from %(person)s")
    person_id: int
    role: str
    scope_id: int


@dataclass(frozen=True)
class RoleLapsed(Event):
    """A role ended by itself, because nothing was done in it for long."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(person)s has no longer the role %(role)s (%(scope)s): nothing was done in it for long")
    person_id: int
    role: str
    scope_id: int
    grant_id: int


@dataclass(frozen=True)
class TeamChanged(Event):
    """A team was added or renamed."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s added or renamed team %(team_id)s")
    team_id: int


@dataclass(frozen=True)
class PasswordChanged(Event):
    """A person set a new password; their other sessions ended."""

    told: ClassVar[str] = N_("%(person)s set a new password")
    person_id: int


@dataclass(frozen=True)
class AbsenceRecorded(Event):
    """A person said that they are away, or were."""

    personal: ClassVar[bool] = True
    absence_id: int
    person_id: int


@dataclass(frozen=True)
class AbsenceEnded(Event):
    """A person is back earlier, or does not go."""

    personal: ClassVar[bool] = True
    absence_id: int
    person_id: int


@dataclass(frozen=True)
class HolidayAdded(Event):
    """A day became a holiday of the organisation."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s made %(day)s a holiday")
    day: str


@dataclass(frozen=True)
class HolidayRemoved(Event):
    """A day is no holiday any more."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s removed the holiday on %(day)s")
    day: str
