"""The door to profiles."""

from __future__ import annotations

from peerlearn.core.errors import NotFound
from peerlearn.home import profiles
from peerlearn.home.profiles import Profile


def profile_to_see(person_id: int) -> Profile:
    """What a colleague may see of somebody."""
    found = profiles.profile(person_id)
    if found is None:
        raise NotFound()
    return found
