"""How much of a file is looked at, and how a package is opened with suspicion.

Every bound is checked before the work it bounds: declared sizes before unpacking, real sizes while unpacking.
Names inside a package are only ever compared with each other; none becomes a path.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange.report import Refused

MAX_BYTES = 8 * 1024 * 1024
MAX_PACKAGE = 20 * 1024 * 1024
MAX_MEMBERS = 200
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 1024 * 1024
MAX_QUESTIONS = 2_000
MAX_TEXT = 20_000
TEXT_PER_QUESTION = 4_000  # on the average; one may have more

TOO_LARGE = N_("This file is larger than %(limit)s MB. Split it into smaller files.")
NOT_TEXT = N_("This is not a text file in UTF-8. Save it again as UTF-8 and choose it anew.")
NOT_PACKAGE = N_("This package is damaged. Export it again and choose the new file.")
BOMB = N_("This package unpacks to far more than it should. It was not opened.")


def decode(data: bytes) -> str:
    """The text of a file. Raises Refused when it is too large or no text."""
    insist_size(data, MAX_BYTES)
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Refused(NOT_TEXT) from None
    if "\0" in text:
        raise Refused(NOT_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def insist_size(data: bytes, limit: int) -> None:
    """Refuse a file of more than `limit` bytes."""
    if len(data) > limit:
        raise Refused(TOO_LARGE, limit=limit // (1024 * 1024))


def is_package(data: bytes) -> bool:
    """Whether the bytes begin like a zip archive."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


class Package:
    """A zip archive whose members are read one by one, within bounds."""

    def __init__(self, data: bytes, *, unpacked: int = MAX_UNPACKED) -> None:
        """Raises Refused for what is no archive, has too many members or claims too much."""
        insist_size(data, MAX_PACKAGE)
        self._left = unpacked
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError):
            raise Refused(NOT_PACKAGE) from None
        members = [member for member in self._zip.infolist() if not member.is_dir()]
        if len(members) > MAX_MEMBERS:
            raise Refused(
                N_("This package holds more than %(limit)s files. Export fewer questions at once."), limit=MAX_MEMBERS
            )
        if sum(member.file_size for member in members) > unpacked or any(map(_is_bomb, members)):
            raise Refused(BOMB)
        self._members = {member.filename.replace("\\", "/"): member for member in members}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files, as the archive spells them."""
        return tuple(self._members)

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """One file. What it really unpacks to is counted, whatever the archive declares. Raises Refused."""
        member = self._members[name]
        if member.flag_bits & 1:
            raise Refused(N_("This package is locked with a password. Save it without one."))
        allowed = min(limit, self._left)
        try:
            with self._zip.open(member) as file:
                data = file.read(allowed + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, RuntimeError):
            raise Refused(NOT_PACKAGE) from None
        if len(data) > allowed:
            raise Refused(BOMB)
        self._left -= len(data)
        return data


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * max(1, member.compress_size)
