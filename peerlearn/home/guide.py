"""The guide: Markdown files of `docs/guide` as pages, rendered like everything else that is Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from peerlearn.core import markdown
from peerlearn.core.markdown import Heading

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "guide"
_NAME = re.compile(r"(?:\d+-)?([a-z0-9-]+)", re.ASCII)
_TITLE = re.compile(r"\A\s*# +(.+?)\s*$", re.MULTILINE)
_LINK = re.compile(r"\]\((?:\./)?(?:\d+-)?([a-z0-9-]+)\.md(#[\w-]*)?\)")


@dataclass(frozen=True)
class Entry:
    """One page of the guide in its list."""

    slug: str
    title: str
    summary: str
    path: Path


@dataclass(frozen=True)
class GuidePage:
    """One page of the guide, ready to be shown."""

    title: str
    html: Markup
    headings: tuple[Heading, ...]


def entries(folder: Path = FOLDER) -> list[Entry]:
    """All pages in the order of their files' names."""
    paths = sorted(folder.glob("*.md")) if folder.is_dir() else []
    return [_entry(path, path.stat().st_mtime) for path in paths if _NAME.fullmatch(path.stem)]


@lru_cache(maxsize=200)
def _entry(path: Path, changed: float) -> Entry:
    text = path.read_text(encoding="utf-8")
    name, title = _NAME.fullmatch(path.stem), _TITLE.search(text)
    slug = name[1] if name else path.stem
    paragraphs = (part.strip() for part in text[title.end() if title else 0 :].split("\n\n"))
    first = next((part for part in paragraphs if part and part[0].isalnum()), "")
    return Entry(slug, title[1] if title else slug, " ".join(re.sub(r"[*_`]|\]\([^)]*\)|\[", "", first).split()), path)


def page(slug: str, folder: Path = FOLDER) -> GuidePage | None:
    """The page of this name; None when there is none."""
    found = next((entry for entry in entries(folder) if entry.slug == slug), None)
    return _rendered(found.path, found.title, found.path.stat().st_mtime) if found else None


@lru_cache(maxsize=200)
def _rendered(path: Path, title: str, changed: float) -> GuidePage:
    """The page as HTML; links between files become links between pages."""
    text = _TITLE.sub("", path.read_text(encoding="utf-8"), count=1)
    rendered = markdown.render(_LINK.sub(r"](/help/\1\2)", text))
    return GuidePage(title, rendered.html, rendered.headings)
