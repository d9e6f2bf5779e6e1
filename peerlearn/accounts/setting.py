"""Setting the numbers of an organisation."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from peerlearn.accounts import numbers
from peerlearn.accounts.events import NumbersSet
from peerlearn.accounts.models import NumberVersion, Person
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import NotValid


@deed
def choose(values: Mapping[str, int | None], *, by: Person) -> bool:
    """Let these numbers hold from now on; what was counted stays. Whether any is another than before."""
    if found := numbers.problems(values):
        raise NotValid(None, {name: [words] for name, (words, _bounds) in found.items()})
    wanted = numbers.changed((name, value) for name, value in values.items() if value is not None)
    before = db.session.scalars(select(NumberVersion).order_by(NumberVersion.version.desc()).limit(1)).first()
    old = numbers.changed(before.numbers.items()) if before else {}
    if wanted == old:
        return False
    version = before.version + 1 if before else 1  # its key: of two at once one is told that the other was quicker
    db.session.add(NumberVersion(version=version, numbers=wanted, by_id=by.id))
    db.session.flush()
    known = numbers.offered()
    steps = ((name, old.get(name, number.usual), wanted.get(name, number.usual)) for name, number in known.items())
    told = tuple(f"{name} {was} → {now}" for name, was, now in steps if was != now)
    publish(NumbersSet(version, told), by=by)
    return True
