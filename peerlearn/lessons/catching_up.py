"""What was published while a draft was being written comes into the draft before it is handed in.

A curator's change of a published lesson must not be undone by somebody who never saw it. So a draft says from which
published text it goes on (`base_id`). Where that is not the published one any more, both are put together line by line,
as two tabs of one draft are. None of it commits.
"""

from __future__ import annotations

from dataclasses import dataclass

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict
from peerlearn.core.merging import Merge, merge
from peerlearn.core.words import N_
from peerlearn.lessons import beginning, fileformat, queries, rules
from peerlearn.lessons.models import Lesson, Revision


class Behind(Conflict):
    """A draft does not know what was published meanwhile."""

    default = N_(
        "The published lesson changed after this draft was begun. Nothing is lost: open the draft, look at what is new "
        "there, then submit it again."
    )


@dataclass(frozen=True)
class Newer:
    """The published text that a draft does not go on from yet, and the one that it was begun from."""

    revision_id: int
    base: str
    source: str

    def merged_with(self, text: str) -> Merge:
        """What becomes of the text of a draft: `ours` is the draft, `theirs` what is published."""
        return merge(self.base, text, self.source)

    def is_in(self, text: str) -> bool:
        """Whether a text holds all of it already."""
        merged = self.merged_with(text)
        return not merged.conflicts and merged.text == text


def newer_than(revision: Revision | None, lesson: Lesson) -> Newer | None:
    """What was published since a draft was begun that its authors have not seen to; None where there is nothing."""
    base_id, now_id = revision.base_id if revision else None, lesson.published_id
    if revision is None or base_id is None or now_id in (None, base_id) or not rules.is_editable(revision.state):
        return None
    sources = queries.sources_of([base_id, now_id])
    return Newer(now_id, sources[base_id], sources[now_id])


def seen_to(revision: Revision | None) -> tuple[str, str] | None:
    """What was published before and after a change that came while a draft was being written and is in it by now."""
    base = db.session.get(Revision, revision.base_id) if revision and revision.base_id else None
    if revision is None or base is None or base.base_id is None or base.number < revision.number:
        return None
    return queries.sources_of([base.base_id])[base.base_id], base.source


def take_in(revision: Revision, lesson: Lesson) -> bool:
    """Put what is published into a draft if nobody has to choose; whether the draft goes on from it now."""
    newer = newer_than(revision, lesson)
    if newer is None:
        return True
    merged = newer.merged_with(revision.source)
    if merged.conflicts:
        return False
    revision.base_id = newer.revision_id
    if revision.source != merged.text:
        revision.source, revision.saved_at = merged.text, clock.now()
        beginning.describe(revision, fileformat.parse(merged.text))
    return True


def insist(revision: Revision, lesson: Lesson) -> None:
    """Raise Behind where handing a draft in would undo what its authors have not seen."""
    newer = newer_than(revision, lesson)
    if newer is not None and not newer.is_in(revision.source):
        raise Behind()
    if newer is not None:
        revision.base_id = newer.revision_id
