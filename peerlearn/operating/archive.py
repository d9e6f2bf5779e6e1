"""The file of a backup: a zip with the database, the pictures, and a manifest that says what there should be."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import click

from peerlearn.core.files import Store
from peerlearn.progress import Show

FORMAT = 1
MANIFEST = "manifest.json"
_PICTURE = re.compile(r"media/[0-9a-f]{2}/([0-9a-f]{64})\.webp")
_CHUNK = 1024 * 1024
_LARGEST_MANIFEST = 1024 * 1024
DAMAGED = "The backup is damaged: {}. Nothing was changed. Take another backup."


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. A picture needs no checksum here: its name is one."""

    made: str
    release: str
    database: str
    revision: str
    rows: dict[str, int]
    name: str
    checksum: str
    pictures: int
    format: int = field(default=FORMAT)


def write(file: Path, manifest: dict[str, Any], copy: Path, store: Store, digests: list[str], show: Show) -> list[str]:
    """Write a backup; which pictures are damaged on disk and were left out."""
    damaged = []
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        packed = ZIP_DEFLATED if copy.suffix == ".sqlite" else ZIP_STORED  # a dump is packed by itself
        checksum = _pack(archive, copy, packed)
        for number, digest in enumerate(digests, start=1):
            with store.open(digest) as picture:
                data = picture.read()
            if hashlib.sha256(data).hexdigest() == digest:
                archive.writestr(ZipInfo(f"media/{digest[:2]}/{digest}.webp"), data, ZIP_STORED)
            else:
                damaged.append(digest)
            show(number)
        said = Manifest(**manifest, name=copy.name, checksum=checksum, pictures=len(digests) - len(damaged))
        archive.writestr(ZipInfo(MANIFEST), json.dumps(asdict(said), indent=2))
    return damaged


def _pack(archive: ZipFile, copy: Path, packed: int) -> str:
    entry, digest = ZipInfo(copy.name), hashlib.sha256()
    entry.compress_type = packed
    with copy.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


@dataclass(frozen=True)
class Archive:
    """A backup that is open for reading."""

    file: ZipFile
    manifest: Manifest

    def unpack(self, copy: Path) -> None:
        """Write the database out; refuse one that is not what was saved."""
        digest = hashlib.sha256()
        with _sentences(), self.file.open(self.manifest.name) as source, copy.open("wb") as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
        if digest.hexdigest() != self.manifest.checksum:
            raise click.ClickException(DAMAGED.format("its database is not the one that was saved"))

    def pictures(self) -> Iterator[tuple[str, bytes]]:
        """All pictures; refuses one that is not what its name says, and a number that is not the saved one."""
        names = [found for name in self.file.namelist() if (found := _PICTURE.fullmatch(name))]
        if len(names) != self.manifest.pictures:
            raise click.ClickException(DAMAGED.format("pictures are missing"))
        for name in names:
            with _sentences():
                data = self.file.read(name[0])
            if hashlib.sha256(data).hexdigest() != name[1]:
                raise click.ClickException(DAMAGED.format("a picture is not the one that was saved"))
            yield name[1], data

    def insist_pictures(self) -> None:
        """Refuse when one is not whole."""
        for _picture in self.pictures():
            continue


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A backup to read from."""
    with ExitStack() as stack:
        with _sentences():
            file = stack.enter_context(ZipFile(path))
            manifest = _manifest(file)
        yield Archive(file, manifest)


@contextmanager
def _sentences() -> Iterator[None]:
    """Say in a sentence what is wrong with a file that is being read."""
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, KeyError, RuntimeError) as error:
        said = str(error).strip("'\".") or "it ends too early"
        raise click.ClickException(DAMAGED.format(said[:1].lower() + said[1:])) from None


def _manifest(file: ZipFile) -> Manifest:
    if MANIFEST not in file.namelist() or file.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
        raise click.ClickException("This file is not a backup made by `peerlearn backup`.")
    try:
        found = json.loads(file.read(MANIFEST))
        if found["format"] != FORMAT:
            raise click.ClickException("This backup was made by another release. Install that release to restore it.")
        return Manifest(**found)
    except (ValueError, TypeError, KeyError):
        raise click.ClickException(DAMAGED.format("its manifest cannot be read")) from None
