"""What ships in `content/` becomes topics and lessons, by the import of any folder. Safe to run twice."""

from __future__ import annotations

from pathlib import Path

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.lessons import folders, importing
from peerlearn.lessons.actions import NotReady
from peerlearn.lessons.importing import Fate
from peerlearn.lessons.models import Lesson, Revision


def lesson_files(content: Path) -> list[Path]:
    """The lesson files that ship, in the order of their addresses."""
    return folders.lesson_paths(content)


def topics(content: Path, *, by: Person) -> int:
    """Add the topics that are missing; how many were added."""
    return importing.add_topics(folders.topics_of(content), by=by)


@deed
def take_in(path: Path, *, by: Person, hand_in: bool = False) -> Revision | None:
    """Import one lesson file as this person's draft, with the pictures it shows; None when it is here already."""
    content = path.parents[2]
    plan = importing.plan([folders.read(path, content)], owner=by, hand_in=hand_in, folder=content)
    planned = plan.files[0]
    if planned.fate is Fate.REFUSED:
        raise NotReady(planned.problems)
    return importing.take_in(planned, content, hand_in=hand_in, by=by) if planned.fate is not Fate.UNCHANGED else None


@deed
def hand_in(path: Path, *, by: Person) -> Lesson | None:
    """Import one lesson file as this person's and hand it in for review; None when it is here already."""
    revision = take_in(path, by=by, hand_in=True)
    return db.session.get_one(Lesson, revision.lesson_id) if revision else None
