"""Erasing somebody: the account becomes a pseudonym, and what only they needed goes.

Lessons keep their author, points their owner and sums their value, under a name that says nothing. The zone and the
days of work stay, because by them the ledger is drawn again; everything else that describes the person does not.
"""

from __future__ import annotations

import secrets

from flask_babel import gettext as _

from peerlearn.accounts import actions, events, queries, rules
from peerlearn.accounts.models import Person
from peerlearn.core import clock, privacy
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import NotValid
from peerlearn.core.text import clean_line
from peerlearn.core.words import N_

NOWHERE = "erased.invalid"  # no mail can ever go there (RFC 2606)
CONSEQUENCES = (
    N_("Name, address, password, alias, roles, devices, notices, days off and what they remember go for good."),
    N_("The account is called “Former colleague” and some letters. Nobody can sign in with it again."),
    N_("Lessons, remarks and decisions stay under that name, and others look after their lessons."),
    N_("Points stay where they are, so that all sums stay right; no board shows them."),
)


@deed
def ask(*, by: Person) -> None:
    """A person wants to be erased; administrators are told, once."""
    if by.erasure_asked_at:
        return
    with actions.storing():
        by.erasure_asked_at = clock.now()
    others = tuple(sorted(set(queries.active_administrators()) - {by.id}))
    publish(events.ErasureAsked(by.id, by.erasure_asked_at.isoformat(), others), by=by)


@deed
def take_back(*, by: Person) -> None:
    """A person does not want to be erased any more."""
    if not by.erasure_asked_at:
        return
    with actions.storing():
        by.erasure_asked_at = None
    publish(events.ErasureTakenBack(by.id), by=by)


@deed
def erase(person: Person, *, typed: str, by: Person) -> None:
    """Make a pseudonym of a person. Done again it removes what came in meanwhile, and changes nothing else.

    `typed`: their name, so that it is nobody else by mistake.
    """
    if person.erased_at is None:
        if clean_line(typed) != person.name:
            raise NotValid(None, {"typed": [N_("This is not the name. Type it as it stands above.")]})
        _close(person, by)
    privacy.erase(person.id)
    if person.erased_at is None:
        _disguise(person)
        publish(events.PersonErased(person.id), by=by)


def _close(person: Person, by: Person) -> None:
    """What happens when somebody leaves, too: their sessions end, and their lessons get other owners."""
    actions.deactivate(person, by=by)
    for grant in list(person.grants):
        actions.take_role(grant, by=by)


def _disguise(person: Person) -> None:
    address = f"{person.id}@{NOWHERE}"
    with actions.storing():
        person.name = _("Former colleague %(letters)s", letters=secrets.token_hex(2).upper())
        person.email, person.email_key = address, rules.email_key(address)
        person.password_hash = person.team_id = person.alias = person.alias_key = None
        person.next_timezone = person.next_timezone_from = person.erasure_asked_at = None
        person.board_mode, person.pace, person.language = "hidden", rules.USUAL_PACE, "en"
        person.erased_at = clock.now()
