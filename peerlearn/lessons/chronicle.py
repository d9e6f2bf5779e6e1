"""The history of a lesson, a page at a time, with two of its revisions beside one another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from peerlearn.core.db import db
from peerlearn.core.paging import LARGEST_ID, PAGE, Page, page_of
from peerlearn.lessons.models import OPEN_STATES, Revision
from peerlearn.lessons.queries import HEAVY


@dataclass(frozen=True)
class Chapter:
    """Some revisions of a lesson, the newest first, and the two that are compared."""

    page: Page[Revision]
    old: Revision | None
    new: Revision | None

    @property
    def choices(self) -> list[Revision]:
        """Whatever can be compared here: what stands on the page, and the two that were chosen."""
        listed = {one.number: one for one in (*self.page.rows, self.old, self.new) if one}
        return [listed[number] for number in sorted(listed, reverse=True)]


def chapter_of(
    lesson_id: int,
    states: Collection[str],
    chosen: tuple[int | None, int | None] = (None, None),
    before: int | None = None,
    size: int = PAGE,
) -> Chapter:
    """The revisions before this number, with their writers and without their texts, in one statement.

    `chosen` are the numbers of the two to compare, the earlier one first; else they are the two of the page
    that came last: a draft that took a change in while it was written came after that one, whatever their numbers.
    """
    end = before or LARGEST_ID
    wanted = [number for number in chosen if number]
    statement = (
        select(Revision)
        .where(Revision.lesson_id == lesson_id, Revision.state.in_(states))
        .where(or_(Revision.number < end, Revision.number.in_(wanted)))
        .options(joinedload(Revision.writer), *HEAVY)
        .order_by(Revision.number.in_(wanted).desc(), Revision.number.desc())
        .limit(size + 1 + len(wanted))
    )
    found = {one.number: one for one in db.session.scalars(statement)}
    listed = [found[number] for number in sorted(found, reverse=True) if number < end]
    page = page_of(_without_gap(listed, wanted, size), lambda one: one.number, size)
    last = sorted(page.rows, key=_came)[-2:]
    old = found.get(chosen[0] or 0) or (last[0] if last else None)
    new = found.get(chosen[1] or 0) or (last[-1] if last else None)
    return Chapter(page, old, new)


def _came(revision: Revision) -> tuple[bool, datetime, int]:
    """What revisions are put in order by: when each was published or set aside; one that is still open comes last."""
    is_open = revision.state in OPEN_STATES
    return is_open, revision.published_at or revision.saved_at, revision.number


def _without_gap(listed: list[Revision], wanted: Collection[int], size: int) -> list[Revision]:
    """The next rows in their order: a chosen one that is older than all of them belongs to another page."""
    rest = [one for one in listed if one.number not in wanted][: size + 1]
    last = rest[-1].number if len(rest) > size else 0
    return [one for one in listed if one.number >= last][: size + 1]
