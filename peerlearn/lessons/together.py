"""Two who write one draft, or one person in two tabs: what both did is put together, and what both changed is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peerlearn.accounts.models import Person
from peerlearn.core.deeds import deed
from peerlearn.core.likeness import LINE, compared
from peerlearn.core.merging import CHOICES, MAX_LINES, Merge, merge
from peerlearn.lessons import actions, fileformat, preview, rules, standing
from peerlearn.lessons.actions import StaleDraft, clean_source
from peerlearn.lessons.catching_up import Newer
from peerlearn.lessons.models import Revision


@dataclass(frozen=True)
class Incoming:
    """What somebody else did to a draft since one's own text was begun."""

    writer_id: int
    before: str
    after: str

    @property
    def parts(self) -> list[preview.Part]:
        """The cards and questions that were changed, in order."""
        return parts_changed(self.before, self.after)


@deed
def keep(revision: Revision, typed: str, *, base: str | None, base_version: int, by: Person) -> Incoming | None:
    """Save what was typed over `base`, and put it together with what was saved meanwhile; tell what that was.

    Raises StaleDraft when both changed the same lines, or when nobody knows any more what was typed over.
    """
    typed = clean_source(typed)
    if base is None or not has_moved_on(revision, typed, base_version):
        actions.save_draft(revision, typed, base_version=base_version, by=by)
        return None
    if standing.was_typed(revision.extras, typed):
        return Incoming(revision.writer_id, typed, revision.source)
    base, theirs = clean_source(base), revision.source
    merged = merge(base, typed, theirs)
    if merged.conflicts:
        raise StaleDraft(theirs, revision.version)
    found = Incoming(revision.writer_id, base, theirs)
    actions.save_draft(revision, merged.text, base_version=revision.version, by=by)
    return found


def has_moved_on(revision: Revision, typed: str, base_version: int | None) -> bool:
    """Whether a draft that can still be changed holds more than its author has seen."""
    is_known = revision.version == base_version or revision.source == typed
    return rules.is_editable(revision.state) and not is_known


@deed
def settle(revision: Revision, merged: Merge, choices: Sequence[str], *, seen_version: int, by: Person) -> None:
    """Save a draft in which somebody chose what stays where two had changed the same lines."""
    actions.save_draft(revision, clean_source(merged.settled(choices)), base_version=seen_version, by=by)


@deed
def catch_up(revision: Revision, newer: Newer, text: str, *, seen_version: int, by: Person) -> None:
    """Save a draft that its author put together with what is published: from now on it goes on from that."""
    actions.save_draft(revision, clean_source(text), base_version=seen_version, by=by)
    revision.base_id = newer.revision_id


def are_choices(merged: Merge, choices: Sequence[str | None]) -> bool:
    """Whether something was chosen for each place."""
    return len(choices) == len(merged.conflicts) and all(choice in CHOICES for choice in choices)


def parts_changed(before: str, after: str) -> list[preview.Part]:
    """The cards and questions of a text that differ from an earlier one. What stands above them is the first part."""
    changed: list[tuple[int, int]] = []
    line = 1
    for same, _olds, news in compared(LINE.findall(before), LINE.findall(after), MAX_LINES):
        if not same:
            changed.append((line, line + max(0, len(news) - 1)))
        line += len(news)
    parts = preview.parts_of(fileformat.parse(after), ())
    head = preview.Part("head", 0, "", 1, parts[0].first - 1 if parts else preview.ENDLESS)
    return [part for part in (head, *parts) if any(_meet(part, *lines) for lines in changed)]


def _meet(part: preview.Part, first: int, last: int) -> bool:
    return part.first <= last and first <= part.last
