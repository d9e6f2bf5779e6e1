"""What people hear about being a curator. Like all notices these stand in `rules.KINDS`."""

from __future__ import annotations

from typing import cast

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.events import RoleGiven, RoleLapsed
from peerlearn.core.events import Event
from peerlearn.core.words import N_
from peerlearn.inbox.kind import Kind, fields_of, person_of
from peerlearn.review.events import AskedToPrepare, CuratorIsQuiet


def _spell(event: Event) -> str:
    """A topic, and since when it is quiet there."""
    quiet = cast(CuratorIsQuiet, event)
    return f"topic:{quiet.topic_id}:since:{quiet.since}"


def _asked(event: Event) -> str:
    """A topic, and when somebody was asked."""
    asked = cast(AskedToPrepare, event)
    return f"topic:{asked.scope_id}:asked:{asked.asked_at}"


CURATING: tuple[Kind, ...] = (
    Kind(
        "asked_to_prepare",
        AskedToPrepare,
        "hand-heart",
        N_("Would you like to be curator of %(topic)s? Rate a few lessons that are decided already, and compare."),
        ("review.calibration", ()),
        person_of("person_id"),
        _asked,
        lambda event: {"topic_id": cast(AskedToPrepare, event).scope_id},
    ),
    Kind(
        "made_curator",
        RoleGiven,
        "badge-check",
        N_("You are curator of %(topic)s now. Thank you for looking after it."),
        ("review.queue", ()),
        person_of("person_id"),
        lambda event: f"grant:{cast(RoleGiven, event).grant_id}",
        lambda event: {"topic_id": cast(RoleGiven, event).scope_id},
        lambda event: cast(RoleGiven, event).role == accounts.CURATOR,
    ),
    Kind(
        "curator_quiet",
        CuratorIsQuiet,
        "clock",
        N_("It has been quiet around you as curator of %(topic)s. The role ends on %(ends_on)s unless you use it."),
        ("review.queue", ()),
        person_of("person_id"),
        _spell,
        fields_of("topic_id", "ends_on"),
        own_deeds=True,
    ),
    Kind(
        "curator_lapsed",
        RoleLapsed,
        "hand-heart",
        N_("After 90 quiet days you are no longer curator of %(topic)s. An administrator can make you one again."),
        ("review.levels_of_mine", ()),
        person_of("person_id"),
        lambda event: f"grant:{cast(RoleLapsed, event).grant_id}",
        lambda event: {"topic_id": cast(RoleLapsed, event).scope_id},
        lambda event: cast(RoleLapsed, event).role == accounts.CURATOR,
        own_deeds=True,
    ),
)
