"""The history of a lesson, a page at a time, with two of its revisions beside one another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from peerlearn.core.db import db
from peerlearn.core.paging import LARGEST_ID, PAGE, Page, page_of
from peerlearn.lessons.models import Revision
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

    `chosen` are the numbers of the two to compare, the earlier one first; else they are the newest two of the page.
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
    newest = page.rows[:2]
    old = found.get(chosen[0] or 0) or (newest[-1] if newest else None)
    new = found.get(chosen[1] or 0) or (newest[0] if newest else None)
    return Chapter(page, old, new)


def _without_gap(listed: list[Revision], wanted: Collection[int], size: int) -> list[Revision]:
    """The next rows in their order: a chosen one that is older than all of them belongs to another page."""
    rest = [one for one in listed if one.number not in wanted][: size + 1]
    last = rest[-1].number if len(rest) > size else 0
    return [one for one in listed if one.number >= last][: size + 1]
