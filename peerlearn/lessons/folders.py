"""A folder of lessons on disk: `topics.toml`, `lessons/<topic>/<id>.md` and `pictures/`. It is read with distrust.

Somebody else may have filled the folder. So links are not followed, sizes are looked at before anything is read, and
whatever cannot be used is a problem of one file with how to mend it.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peerlearn.core import files
from peerlearn.core.errors import NotFound, NotValid
from peerlearn.core.words import N_, Said
from peerlearn.lessons import fileformat, rules
from peerlearn.lessons.forms import ICONS
from peerlearn.lessons.frontmatter import SLUG, plain_line
from peerlearn.quizzes.problem import Problem, error

LESSONS, PICTURES, TOPICS = "lessons", "pictures", "topics.toml"
SUFFIX = ".md"
MAX_BYTES = 4 * rules.POLICY.source_maximum  # a character takes up to four
MAX_TOPICS_BYTES = 1_000_000

NO_FOLDER = N_("There is no folder %(name)s. Check the spelling.")
NOT_A_FOLDER = N_("%(name)s is a file. Name the folder that it lies in.")
LINKED = N_("%(name)s is a link to another place. Name the folder that it leads to.")
CLOSED = N_("%(name)s cannot be opened: %(reason)s.")
BAD_TOPICS = N_("%(name)s cannot be read: %(reason)s.")


@dataclass(frozen=True)
class Found:
    """A lesson file as it lies in its folder; `problems` say why it has no text."""

    path: Path
    name: str
    text: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic as `topics.toml` has it."""

    slug: str
    name: str
    description: str = ""
    icon: str = "book-open"
    hue: int = 0
    importance: str = "ordinary"


def insist(folder: Path) -> Path:
    """The folder, if it is one. Raises NotValid."""
    try:
        found = folder.stat()
    except FileNotFoundError:
        raise NotValid(NO_FOLDER, name=shown(folder)) from None
    except (OSError, ValueError) as trouble:
        raise NotValid(CLOSED, name=shown(folder), reason=reason_of(trouble)) from None
    if not stat.S_ISDIR(found.st_mode):
        raise NotValid(NOT_A_FOLDER, name=shown(folder))
    return folder


def lesson_paths(folder: Path) -> list[Path]:
    """The lesson files of a folder, in the order of their names: below `lessons/`, or all where there is none.

    Hidden folders and files called README are passed over. Links are listed, to be refused when they are read.
    """
    root = folder / LESSONS if (folder / LESSONS).is_dir() else folder
    if root != folder and root.is_symlink():
        raise NotValid(LINKED, name=shown(root))
    return sorted(_below(root))


def _below(root: Path) -> Iterator[Path]:
    def stop(trouble: OSError) -> None:
        raise NotValid(CLOSED, name=shown(Path(trouble.filename)), reason=reason_of(trouble))

    for place, folders, names in os.walk(root, onerror=stop):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        linked = [name for name in folders if Path(place, name).is_symlink()]
        wanted = [n for n in names if n.lower().endswith(SUFFIX) and not n.startswith(".") and n.lower() != "readme.md"]
        yield from (Path(place, name) for name in (*wanted, *linked))


def read(path: Path, folder: Path | None = None) -> Found:
    """The text of a lesson file, or why there is none."""
    name = shown(path.relative_to(folder) if folder else path)
    text, problem = _text_of(path, name)
    return Found(path, name, text, (problem,) if problem else ())


def _text_of(path: Path, name: str) -> tuple[str, Problem | None]:
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            return "", error(1, "link", Said(N_("This is a link to another place."), N_("Put the file itself here.")))
        if not stat.S_ISREG(found.st_mode):
            return "", error(
                1, "no-file", Said(N_("This is no file."), N_("Put a text file in its place: lessons are text files."))
            )
        data = b"" if found.st_size > MAX_BYTES else _bytes_of(path, MAX_BYTES)
    except (OSError, ValueError) as trouble:
        return "", error(
            1,
            "closed",
            Said(CLOSED, N_("Let whoever runs this read it, then try again.")),
            name=name,
            reason=reason_of(trouble),
        )
    if found.st_size > MAX_BYTES:
        return "", error(1, "too-big", fileformat.TOO_BIG, limit=fileformat.MAX_CHARS)
    text = fileformat.decode(data)
    if text is None:
        return "", error(1, "encoding", Said(N_("This file is not UTF-8 text."), N_("Save it as UTF-8.")))
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        return "", error(
            line, "nul", Said(N_("This file holds NUL signs, so it is no text."), N_("Save it as UTF-8 text."))
        )
    return text, None


def _bytes_of(path: Path, limit: int) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
        return file.read(limit + 1)


def topics_of(folder: Path) -> tuple[TopicRow, ...]:
    """The topics that a folder brings along, in its order. Raises NotValid."""
    path = folder / TOPICS
    if not path.exists():
        return ()
    name = shown(path)
    try:
        if path.stat().st_size > MAX_TOPICS_BYTES:
            raise NotValid(BAD_TOPICS, name=name, reason="it is larger than 1 MB")
        rows = tomllib.loads(_bytes_of(path, MAX_TOPICS_BYTES).decode("utf-8")).get("topic", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as trouble:
        raise NotValid(BAD_TOPICS, name=name, reason=reason_of(trouble)) from None
    if not isinstance(rows, list):
        raise NotValid(BAD_TOPICS, name=name, reason="topics stand under [[topic]]")
    listed = tuple(_topic(row, number, name) for number, row in enumerate(rows, start=1))
    if len({row.slug for row in listed}) < len(listed):
        raise NotValid(BAD_TOPICS, name=name, reason="two topics have the same slug")
    return listed


def _topic(row: object, number: int, name: str) -> TopicRow:
    wrong = _wrong_topic(row) if isinstance(row, dict) else "it is no table"
    if wrong or not isinstance(row, dict):
        raise NotValid(BAD_TOPICS, name=name, reason=f"topic {number}: {wrong}")
    return TopicRow(**row)


def _wrong_topic(row: Mapping[str, Any]) -> str:
    """What is wrong with a topic, in a few words; "" when it is fine."""
    texts = {key: row.get(key, "") for key in ("slug", "name", "description", "icon", "importance")}
    hue = row.get("hue", 0)
    checks = {  # each with what it says when it does not hold
        f"unknown is {', '.join(sorted(set(row) - set(TopicRow.__slots__)))[:80]}": set(row) <= set(TopicRow.__slots__),
        "texts stand in double quotes": all(isinstance(text, str) for text in texts.values()),
        "the slug has small letters, digits and hyphens only": bool(SLUG.fullmatch(str(texts["slug"]))),
        "it needs a name": bool(plain_line(str(texts["name"]))),
        f"icon is one of {', '.join(ICONS)}": "icon" not in row or texts["icon"] in ICONS,
        "importance is critical, ordinary or optional": "importance" not in row
        or texts["importance"] in rules.IMPORTANCE_TITLES,
        "hue is a whole number from 0 to 359": type(hue) is int and 0 <= hue < 360,
    }
    return next((wrong for wrong, fine in checks.items() if not fine), "")


def picture(folder: Path, digest: str) -> files.Picture | None:
    """A picture that lies in the folder and is what its name says; None when there is none."""
    store = files.Store(folder / PICTURES)
    try:
        with store.open(digest) as file:
            data = file.read(files.MAX_BYTES + 1)
        return files.as_kept(data, digest)
    except (NotFound, OSError, files.BadImage):
        return None


def shown(path: Path) -> str:
    """A name as it can be printed: nothing in it that a terminal obeys, and bytes that are no text as �."""
    return plain_line(os.fsencode(path).decode("utf-8", "replace"))


def reason_of(trouble: Exception) -> str:
    """Why something failed, in a few words."""
    if isinstance(trouble, UnicodeDecodeError):
        return "it is not UTF-8 text"
    if isinstance(trouble, RecursionError):
        return "it is nested too deeply"
    words = trouble.strerror if isinstance(trouble, OSError) and trouble.strerror else str(trouble)
    return words[:1].lower() + words[1:]
