"""A folder of lesson files on its way into the library: first the fate of each file, then all of them or none.

Planning only reads, and does everything slow: lessons are checked and rendered on all processors. What is made ready
waits packed, so that ten thousand lessons fit into memory, and storing them holds up nobody longer than it must.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import files
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.core.errors import NotValid, TooBusy
from peerlearn.core.spread import spread
from peerlearn.core.text import name_key
from peerlearn.core.words import N_, Said
from peerlearn.lessons import (
    actions,
    ancestry,
    checking,
    contributing,
    fileformat,
    folders,
    lengths,
    links,
    lint,
    preparing,
    queries,
    reach,
    standing,
    stocking,
    surroundings,
    visibility,
)
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.folders import Found, TopicRow
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.lessons.preparing import Prepared
from peerlearn.lessons.rules import Classification, State
from peerlearn.lessons.standing import Standing
from peerlearn.quizzes.problem import Problem, error

Show = Callable[[int], None]
OLDER = "older-file"
PORTION = 200  # lessons whose events are handed up at once

FOREIGN = Said(standing.FOREIGN, N_("Remove the line “id:” to import it as a lesson of your own."))
FOREIGN_TITLE = Said(standing.FOREIGN_TITLE, N_("Give the file an id of its own: add a line “id: …”."))
SAME_ID = Said(N_("%(others)s has the id “%(uid)s” too."), N_("Two lessons never share an id: change one of them."))
IN_REVIEW = Said(N_("This lesson is in review now."), N_("Withdraw it first, or wait for the decision."))
SAME_MARK = Said(
    N_("The mark ^%(uid)s stands in %(others)s too."), N_("Remove it in the copy; a new one is added for you.")
)


class Fate(StrEnum):
    """What becomes of a file."""

    NEW = "new"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Planned:
    """A file and its fate. `problems` say why it is refused, and what may be better."""

    found: Found
    fate: Fate
    problems: tuple[Problem, ...] = ()
    packed: bytes = field(default=b"", repr=False)

    @property
    def is_older(self) -> bool:
        """Whether the lesson was changed on the site after the file was written."""
        return any(problem.code == OLDER for problem in self.problems)


@dataclass(frozen=True)
class Plan:
    """What an import would do: topics that are added, and the fate of each file."""

    files: tuple[Planned, ...]
    topics: tuple[TopicRow, ...] = ()
    folder: Path | None = None

    def count(self, fate: Fate) -> int:
        """How many files have this fate."""
        return sum(planned.fate is fate for planned in self.files)

    @property
    def coming(self) -> list[Planned]:
        """The files that change something."""
        return [planned for planned in self.files if planned.fate in (Fate.NEW, Fate.UPDATE)]


@dataclass(frozen=True)
class _Library:
    """What is known around the files: looked up once for all of them."""

    topics: frozenset[str]
    slugs: frozenset[str]
    uids: frozenset[str]
    teams: frozenset[str]
    titles: Mapping[str, tuple[int, str]]  # of published lessons, by what two titles are compared by


def plan(
    found: Sequence[Found],
    *,
    owner: Person,
    hand_in: bool,
    folder: Path | None = None,
    topics: Sequence[TopicRow] = (),
    on_read: Show = lambda _done: None,
    on_ready: Show = lambda _done: None,
) -> Plan:
    """The fate of each file, as drafts of this owner or handed in for review. It only reads."""
    new_topics = _missing(topics)
    texts = [each.text for each in found]
    read: list[LessonFile] = []
    for number, file in enumerate(map(fileformat.parse, texts), start=1):
        read.append(file)
        on_read(number)
    now = standing.by_uid({uid for file in read if (uid := standing.uid_of(file))})
    whole = ancestry.together(found, read, now)
    found, read = whole.found, whole.read
    refused = [_refusals(*pair) for pair in zip(found, read, strict=True)]
    for place, problem in whole.refused.items():
        refused[place].append(problem)
    _refuse_twins(found, read, refused)
    fates = [
        _fate(each, now.get(standing.uid_of(file)), file, owner, refusals)
        for each, file, refusals in zip(found, read, refused, strict=True)
    ]
    coming = [number for number, fate in enumerate(fates) if fate in (Fate.NEW, Fate.UPDATE)]
    names_teams = any(read[number].front.audience for number in coming)
    uids = {standing.uid_of(read[number]) for number in coming}
    library = _library(new_topics, uids, owner, names_teams=names_teams)
    jobs = _jobs(
        [(read[n], now.get(standing.uid_of(read[n])), found[n].text) for n in coming], library, folder, hand_in
    )
    told = [(whole.told[n],) if n in whole.told else () for n in range(len(found))]
    planned = [
        Planned(one, fate, (*why, *more)) for one, fate, why, more in zip(found, fates, refused, told, strict=True)
    ]
    done = spread(make_ready, jobs)
    for count, (number, (problems, packed)) in enumerate(zip(coming, done, strict=True), start=1):
        blocked = lint.blocks(problems)
        planned[number] = replace(
            planned[number],
            fate=Fate.REFUSED if blocked else fates[number],
            problems=(*problems, *told[number]),
            packed=packed,
        )
        on_ready(count)
    return Plan(tuple(planned), new_topics, folder)


def plan_folder(folder: Path, *, owner: Person, hand_in: bool, on_read: Show, on_ready: Show) -> Plan:
    """The fate of each file of a folder, with the topics it brings along."""
    topics, found = folders.topics_of(folder), [folders.read(path, folder) for path in folders.lesson_paths(folder)]
    return plan(found, owner=owner, hand_in=hand_in, folder=folder, topics=topics, on_read=on_read, on_ready=on_ready)


def carry_out(plan: Plan, *, hand_in: bool, by: Person, on_stored: Show = lambda _done: None) -> int:
    """Take in everything that was planned, in the transaction of the caller; how many lessons changed.

    Nothing is taken in while a file is refused. Raises NotValid.
    """
    if plan.count(Fate.REFUSED):
        raise NotValid(N_("Nothing was imported: %(count)s files are refused."), count=plan.count(Fate.REFUSED))
    add_topics(plan.topics, by=by)
    coming = plan.coming
    for start in range(0, len(coming), PORTION):
        _take_in_all(coming[start : start + PORTION], plan.folder, hand_in=hand_in, by=by)
        on_stored(min(start + PORTION, len(coming)))
    return len(coming)


@deed
def _take_in_all(portion: Sequence[Planned], folder: Path | None, *, hand_in: bool, by: Person) -> None:
    """New lessons at once, updates one by one."""
    new = [planned for planned in portion if planned.fate is Fate.NEW]
    texts = [actions.clean_source(planned.found.text) for planned in new]
    unpacked = (_unpacked(planned.packed) for planned in new)
    arrivals = [stocking.Arrival(text, *ready) for text, ready in zip(texts, unpacked, strict=True)]
    lesson_ids = stocking.store(arrivals, by=by) if arrivals else []
    for lesson_id, text in zip(lesson_ids, texts, strict=True):
        if queries.picture_digests(text):
            take_in_pictures(text, db.session.get_one(Lesson, lesson_id), folder, by=by)
    for planned in portion:
        if planned.fate is Fate.UPDATE:
            take_in(planned, folder, hand_in=hand_in, by=by)


@deed
def take_in(
    planned: Planned, folder: Path | None, *, hand_in: bool, by: Person, over: tuple[int, int] | None = None
) -> Revision | None:
    """Import one file as this person's draft, with the pictures it shows, and hand it in if asked to.

    Whoever hands in a file answers for its questions, also where a language model helped.

    `over` is the id and version of a draft that is changed and not set aside.
    """
    file, prepared = _unpacked(planned.packed)
    lesson, revision = actions.import_file(planned.found.text, owner=by, by=by, file=file, over=over)
    if revision is None:
        return None
    take_in_pictures(planned.found.text, lesson, folder, by=by)
    if hand_in:
        actions.submit(revision, by=by, prepared=prepared, checked=checking.ALL)
    return revision


@deed
def take_in_pictures(source: str, lesson: Lesson, folder: Path | None, *, by: Person) -> None:
    """Give a lesson the pictures that its text names and that lie in the folder, each kept under its digest."""
    kept = files.Store(current_app.config["SETTINGS"].media)
    for digest in sorted(queries.picture_digests(source)) if folder else ():
        picture = folders.picture(folder, digest) if folder else None
        if picture is not None:
            kept.put(picture.data)
            contributing.add_picture(lesson, picture, by=by)


@deed
def add_topics(rows: Iterable[TopicRow], *, by: Person) -> int:
    """Add those of these topics that are missing; how many were added."""
    missing = _missing(rows)
    for row in missing:
        actions.add_topic(
            slug=row.slug,
            name=row.name,
            description=row.description,
            icon=row.icon,
            hue=row.hue,
            importance=row.importance,
            by=by,
        )
    return len(missing)


# what is done apart, by a function that knows no database


@dataclass(frozen=True)
class Job:
    """A complete lesson to be checked and rendered, with what is known around it."""

    text: str
    read: LessonFile
    complete: LessonFile
    known: lint.Known
    hand_in: bool


def make_ready(job: Job) -> tuple[tuple[Problem, ...], bytes]:
    """What is wrong with a lesson, and what is stored of it."""
    try:
        found = lint.lint(job.read, job.known)
        if not job.hand_in:
            soft = tuple(replace(p, level="warning") if p.level == "error" and p.code not in KEPT else p for p in found)
            return soft, _packed((job.read, None))
        prepared = preparing.finish(job.text, job.complete, found)
    except TooBusy as trouble:
        return (error(1, "too-busy", Said(trouble.message, N_("Import it once more in a moment."))),), b""
    return prepared.problems, _packed((job.read, prepared))


KEPT = frozenset({"unknown-topic"})  # errors that keep even a draft from being imported; others can be mended in it


def _packed(ready: tuple[LessonFile, Prepared | None]) -> bytes:
    return zlib.compress(pickle.dumps(ready), 1)


def _unpacked(packed: bytes) -> tuple[LessonFile, Prepared | None]:
    found: tuple[LessonFile, Prepared | None] = pickle.loads(zlib.decompress(packed))  # noqa: S301 # nosec B301 # own
    return found


# how fates are found


def _missing(rows: Iterable[TopicRow]) -> tuple[TopicRow, ...]:
    known = set(db.session.scalars(select(Topic.slug)))
    return tuple(row for row in rows if row.slug not in known)


def _refusals(found: Found, file: LessonFile) -> list[Problem]:
    """Why a file cannot be read, if so."""
    return list(found.problems or (file.problems if not file.ok else ()))


def _refuse_twins(found: Sequence[Found], read: Sequence[LessonFile], refused: Sequence[list[Problem]]) -> None:
    """Files with one id, and questions with one mark, are refused with the name of the other file."""
    sound = [number for number, problems in enumerate(refused) if not problems]
    ids: dict[str, list[int]] = {}
    marks: dict[str, list[int]] = {}
    for number in sound:
        ids.setdefault(standing.uid_of(read[number]), []).append(number)
        for question in read[number].questions:
            marks.setdefault(question.uid, []).append(number)
    for kind, message, groups in (("same-id", SAME_ID, ids), ("same-mark", SAME_MARK, marks)):
        for uid, numbers in groups.items():
            for number in numbers if uid and len(numbers) > 1 else ():
                others = [
                    found[n].name for n in numbers if n != number and not _same_lesson(kind, read[n], read[number])
                ]
                if others:
                    refused[number].append(_twin(read[number], kind, message, uid, ", ".join(others[:3])))


def _same_lesson(kind: str, one: LessonFile, other: LessonFile) -> bool:
    """Whether the questions of two files are alike only because the files are one lesson."""
    return kind == "same-mark" and standing.uid_of(one) == standing.uid_of(other)


def _twin(file: LessonFile, kind: str, message: Said, uid: str, others: str) -> Problem:
    marked = next((question.line for question in file.questions if question.uid == uid), 1)
    return error(marked if kind == "same-mark" else file.front.line_of("id"), kind, message, uid=uid, others=others)


def _fate(found: Found, now: Standing | None, file: LessonFile, owner: Person, refusals: list[Problem]) -> Fate:
    if refusals:
        return Fate.REFUSED
    if now is None:
        return Fate.NEW
    line = file.front.line_of("id")
    if owner.id not in now.authors:
        message = FOREIGN if file.front.id else FOREIGN_TITLE
        refusals.append(error(line, "foreign-lesson", message))
    elif now.says(actions.clean_source(found.text)):
        return Fate.UNCHANGED
    elif now.state == State.SUBMITTED:
        refusals.append(error(line, "in-review", IN_REVIEW))
    return Fate.REFUSED if refusals else Fate.UPDATE


def _library(new_topics: Sequence[TopicRow], coming: Collection[str], owner: Person, *, names_teams: bool) -> _Library:
    """What this owner may know of."""
    published = surroundings.published_rows(visibility.is_for(owner.id))
    listed = [row for row in published if row.classification != Classification.CONFIDENTIAL]
    return _Library(
        topics=frozenset(topic.slug for topic in queries.active_topics()) | {row.slug for row in new_topics},
        slugs=frozenset(slug for row in published for slug in (row.slug, row.former) if slug) | frozenset(coming),
        uids=frozenset(row.uid for row in published) | frozenset(coming),
        teams=visibility.team_slugs() if names_teams else frozenset(),
        titles={name_key(row.title): (row.id, row.title) for row in listed},
    )


def _jobs(
    coming: Sequence[tuple[LessonFile, Standing | None, str]], library: _Library, folder: Path | None, hand_in: bool
) -> list[Job]:
    longer = lengths.allowed_by_uid({standing.uid_of(file) for file, now, _text in coming if now})
    marks = _owners_of_marks({question.uid for file, _now, _text in coming for question in file.questions})
    reaches = reach.reaches([now.lesson_id for _file, now, _text in coming if now])
    translates = reach.of_translations(f.front for f, *_ in coming if f.front.translation_of in library.uids)
    house, sound = surroundings.house(), dict[str, bool]()
    used, jobs = set[str](), list[Job]()
    for file, now, text in coming:
        lesson_id = now.lesson_id if now else 0
        complete = _complete(file, used) if hand_in else file
        shown = queries.picture_digests(text)
        for digest in shown if folder else ():
            if folder and digest not in sound:
                sound[digest] = folders.picture(folder, digest) is not None
        here, same = frozenset(filter(sound.get, shown)), library.titles.get(name_key(file.front.title))
        known = lint.Known(
            titles={same[0]: same[1]} if same and same[0] != lesson_id else {},
            slugs=library.slugs.intersection(links.linked_lessons(text)),
            nowhere=surroundings.leading_nowhere(text),
            house=house,
            uids=library.uids.intersection(file.front.named),
            topics=library.topics,
            teams=library.teams,
            reaches=reaches.get(lesson_id, ()),
            translates=translates.get(file.front.id, ()),
            pictures=here | queries.pictures_usable(lesson_id, shown - here),
            minutes_allowed=longer.get(standing.uid_of(file), 0),
            foreign_questions=frozenset(
                question.uid for question in file.questions if marks.get(question.uid, {lesson_id}) - {lesson_id}
            ),
        )
        jobs.append(Job(actions.clean_source(text), file, complete, known, hand_in))
    return jobs


def _complete(file: LessonFile, used: set[str]) -> LessonFile:
    """The lesson with every id it needs, none of which another file of this import was given."""
    own = {question.uid for question in file.questions}
    while True:
        complete = preparing.with_ids(file, standing.uid_of(file))
        given = {question.uid for question in complete.questions} - own
        if not given & used:
            used |= given
            return complete


def _owners_of_marks(uids: Collection[str]) -> dict[str, set[int]]:
    """The lessons in which questions with these marks stand."""
    owners: dict[str, set[int]] = {}
    for portion in standing.portions(uids):
        for uid, lesson_id in db.session.execute(queries.owners_of_questions(portion).distinct()):
            owners.setdefault(uid, set()).add(lesson_id)
    return owners
