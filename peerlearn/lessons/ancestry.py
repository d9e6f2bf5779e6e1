"""Which published text a file goes on from, so that what was changed on the site since is not undone by it.

A file says nothing of revisions. It goes on from the published text that it differs from in the fewest lines, and where
two are as near, in the fewest signs. If that is an older one, the file is put together with the newest line by line, as
a draft is in the editor. To take a change back that somebody made on the site, one changes it there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import select

from peerlearn.core.db import db
from peerlearn.core.merging import merge
from peerlearn.core.words import N_, Said
from peerlearn.lessons import fileformat, standing
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.folders import Found
from peerlearn.lessons.models import Revision
from peerlearn.lessons.preparing import clean_source
from peerlearn.lessons.rules import State
from peerlearn.lessons.standing import Standing
from peerlearn.quizzes.problem import Problem, error

REMEMBERED = 10  # published texts of a lesson that a file may go on from
_MAX_SIGNS = 4_000  # of the lines that differ, to be compared sign by sign
OLDER = Said(
    N_("The lesson was changed on the site after this file was written: revision %(number)s."),
    N_("Export it to have that change in your folder too. On the site both are put together."),
)
SAME_LINES = Said(
    N_("The lesson was changed on the site after this file was written: revision %(number)s, in lines of yours too."),
    N_("Export it into another folder, choose what stays in these lines, then import again."),
)


@dataclass(frozen=True, slots=True)
class Published:
    """A text that was published, with its number."""

    number: int
    source: str
    extras: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Older:
    """A file that does not know what is published now; `text` is both together, None where both changed a line."""

    number: int
    text: str | None


@dataclass(frozen=True)
class Together:
    """The files of an import with what was changed on the site in them, and what is said of those by their places."""

    found: list[Found]
    read: list[LessonFile]
    told: dict[int, Problem]
    refused: dict[int, Problem]


def together(found: Sequence[Found], read: Sequence[LessonFile], now: Mapping[str, Standing]) -> Together:
    """Put each file that is older than what is published together with it; where nobody can, it is refused."""
    places: dict[int, int] = {}
    for place, file in enumerate(read):
        stands = now.get(standing.uid_of(file))
        if file.ok and not found[place].problems and stands and not stands.says(clean_source(found[place].text)):
            places[stands.lesson_id] = place
    done = Together(list(found), list(read), {}, {})
    texts = {lesson_id: clean_source(found[place].text) for lesson_id, place in places.items()}
    for lesson_id, one in older(texts).items():
        place = places[lesson_id]
        if one.text is None:
            done.refused[place] = error(1, "older-file", SAME_LINES, number=one.number)
        else:
            done.found[place] = replace(found[place], text=one.text)
            done.read[place] = fileformat.parse(one.text)
            done.told[place] = Problem(1, "warning", "older-file", OLDER, (("number", one.number),))
    return done


def older(texts: Mapping[int, str]) -> dict[int, Older]:
    """Which of these texts, by their lessons, are older than what is published, and what becomes of them."""
    found = {lesson_id: older_than(rows, texts[lesson_id]) for lesson_id, rows in _published(list(texts)).items()}
    return {lesson_id: one for lesson_id, one in found.items() if one is not None}


def older_than(published: Sequence[Published], text: str) -> Older | None:
    """What becomes of a text beside those that were published, the newest first; None for one that goes on from it."""
    if not published:
        return None
    newest, base = published[0], ancestor(published, text)
    if base is newest:
        return None
    if base.source == text or standing.was_typed(base.extras, text):
        return Older(newest.number, newest.source)
    merged = merge(base.source, text, newest.source)
    return Older(newest.number, None if merged.conflicts else merged.text)


def ancestor(published: Sequence[Published], text: str) -> Published:
    """The published text that this one goes on from; of two that are as near the older one, so that nothing is lost."""
    for one in published:
        if standing.says(one.source, one.extras, text):
            return one
    return min(reversed(published), key=lambda one: _distance(one.source, text))


def _distance(before: str, after: str) -> tuple[int, float]:
    """How many lines differ, and how unlike these are: 0 to 1."""
    olds, news = Counter(before.split("\n")), Counter(after.split("\n"))
    gone, new = list((olds - news).elements()), list((news - olds).elements())
    signs = "\n".join(gone)[:_MAX_SIGNS], "\n".join(new)[:_MAX_SIGNS]
    return len(gone) + len(new), 1 - SequenceMatcher(None, *signs, autojunk=False).ratio()


def _published(lesson_ids: Sequence[int]) -> dict[int, list[Published]]:
    """The last published texts of these lessons, the newest first."""
    found: dict[int, list[Published]] = defaultdict(list)
    columns = (Revision.lesson_id, Revision.number, Revision.source, Revision.extras)
    for portion in standing.portions(lesson_ids):
        wanted = Revision.lesson_id.in_(portion), Revision.state.in_((State.PUBLISHED, State.SUPERSEDED))
        for row in db.session.execute(select(*columns).where(*wanted).order_by(Revision.number.desc())):
            if len(found[row.lesson_id]) < REMEMBERED:
                found[row.lesson_id].append(Published(row.number, row.source, row.extras))
    return found
