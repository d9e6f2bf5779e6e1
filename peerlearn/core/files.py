"""Pictures people bring, made harmless and small, and the store that keeps them by their content."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from peerlearn.core.errors import NotFound, NotValid
from peerlearn.core.words import N_

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 4 * 1024 * 1024
MAX_PIXELS = 20_000_000
MAX_SIDE = 1_600
QUALITY = 82
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


class BadImage(NotValid, ValueError):
    """A file that can not be used as a picture; the message says why and what to bring instead."""


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: WebP of at most 1,600 pixels a side, without where and when it was taken."""

    digest: str
    data: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Cut:
    """What is cut off at each side of a picture, in percent of its width or height."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    @property
    def leaves_enough(self) -> bool:
        """Whether a tenth of the picture, at least, is left each way."""
        sides = (self.left, self.top, self.right, self.bottom)
        return min(sides) >= 0 and self.left + self.right <= 90 and self.top + self.bottom <= 90

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The edges of what is left of a picture of this size, at least one pixel each way."""
        left, top = width * self.left // 100, height * self.top // 100
        right, bottom = width - width * self.right // 100, height - height * self.bottom // 100
        return left, top, max(right, left + 1), max(bottom, top + 1)


WHOLE = Cut()


def read_image(stream: BinaryIO, filename: str = "", *, cut: Cut = WHOLE, side: int = MAX_SIDE) -> Picture:
    """The picture in an upload. Size and kind are judged from its first bytes, before anything is decoded.

    `filename` only makes messages clearer; it is never trusted. What is left after the cut is made at most `side`
    pixels wide and high. Raises BadImage.
    """
    from PIL import Image, UnidentifiedImageError  # large, and most servers' hours pass without a new picture

    data = stream.read(MAX_BYTES + 1)
    if not data:
        raise BadImage(N_("This file is empty. Please choose a picture."))
    if len(data) > MAX_BYTES:
        raise BadImage(N_("This picture is larger than 4 MB. Please make it smaller or save it as JPEG."))
    if _is_drawing(data, filename):
        raise BadImage(N_("SVG drawings can not be used, because they can carry programs. Please export it as PNG."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise BadImage(N_("This picture has more than 20 million pixels. Please make it smaller."))
                image.seek(0)
                return _picture(image, cut, min(side, MAX_SIDE))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadImage(N_("This picture has more than 20 million pixels. Please make it smaller.")) from None
    except UnidentifiedImageError:
        raise BadImage(N_("This is not a picture we can read. Please use PNG, JPEG, WebP or GIF.")) from None
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        MemoryError,
        OverflowError,
        IndexError,
        TypeError,
    ) as error:
        if isinstance(error, BadImage):
            raise
        raise BadImage(N_("This picture is damaged. Please open it, save it anew and try again.")) from None


def read_stored(store: Store, digest: str) -> Picture:
    """A picture as `read_image` once made it. Raises NotFound."""
    from PIL import Image  # large, and most servers' hours pass without a new picture

    with store.open(digest) as file:
        data = file.read()
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as image:
        return Picture(digest, data, image.width, image.height)


def as_kept(data: bytes, digest: str) -> Picture:
    """Bytes from elsewhere that claim to be the picture of this digest, as `read_image` makes it. Raises BadImage."""
    from PIL import Image  # large, and most servers' hours pass without a new picture

    damaged = N_("This picture is damaged. Please open it, save it anew and try again.")
    if len(data) > MAX_BYTES or hashlib.sha256(data).hexdigest() != digest:
        raise BadImage(damaged)
    try:
        with Image.open(io.BytesIO(data), formats=("WEBP",)) as image:
            if max(image.size) > MAX_SIDE:
                raise BadImage(damaged)
            image.load()
            return Picture(digest, data, image.width, image.height)
    except (
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        MemoryError,
    ) as error:
        raise BadImage(damaged) from error


class Store:
    """Files on disk, each under the digest of its content: nothing a person wrote ever becomes a path."""

    def __init__(self, folder: Path, suffix: str = ".webp") -> None:
        if not _SUFFIX.fullmatch(suffix):
            raise ValueError("a suffix is a dot and up to five small letters")
        self.folder = folder
        self.suffix = suffix

    def put(self, data: bytes) -> str:
        """Keep these bytes and give their digest. The file is there whole or not at all, also after a power cut."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path_of(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
            sync_folder(path.parent)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()
            raise
        return digest

    def path_of(self, digest: str) -> Path:
        """Where the file of this digest is or would be. Raises NotFound for anything that is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise NotFound()
        return self.folder / digest[:2] / f"{digest}{self.suffix}"

    def open(self, digest: str) -> BinaryIO:
        """The file for reading. Raises NotFound."""
        try:
            return self.path_of(digest).open("rb")
        except FileNotFoundError:
            raise NotFound() from None

    def remove(self, digest: str) -> None:
        """Forget the file, if there is one."""
        self.path_of(digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        """All that is kept, for cleaning up what nothing points to any more."""
        for path in sorted(self.folder.glob(f"??/*{self.suffix}")):
            if _DIGEST.fullmatch(path.stem):
                yield path.stem


def _is_drawing(data: bytes, filename: str) -> bool:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return filename.lower().endswith((".svg", ".svgz")) or b"<svg" in start or start.startswith(b"<?xml")


def _picture(image: Image, cut: Cut, side: int) -> Picture:
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(image)
    clear = upright.has_transparency_data
    shown = upright.convert("RGBA" if clear else "RGB").crop(cut.box(upright.width, upright.height))
    shown.thumbnail((side, side), Image.Resampling.LANCZOS)
    plain = Image.new(shown.mode, shown.size)
    plain.paste(shown)
    out = io.BytesIO()
    plain.save(out, "WEBP", quality=QUALITY, method=4)
    data = out.getvalue()
    return Picture(hashlib.sha256(data).hexdigest(), data, plain.width, plain.height)


def sync_folder(folder: Path) -> None:
    """Make the new name durable too, where the system can (not on Windows)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)
