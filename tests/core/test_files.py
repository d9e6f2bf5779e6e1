"""Pictures people bring, and the store that keeps them."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from peerlearn.core import files
from peerlearn.core.errors import NotFound, NotValid


def encoded(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode != "P" else 1).save(out, kind, **options)
    return out.getvalue()


def read(data: bytes, name: str = "x.png") -> files.Picture:
    return files.read_image(io.BytesIO(data), name)


def png_header(width: int, height: int) -> bytes:
    """A PNG that only claims its size: 70 bytes for any number of pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "L"),
        ("PNG", "LA"),
        ("PNG", "1"),
        ("PNG", "I;16"),
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("WEBP", "RGB"),
        ("GIF", "P"),
    ],
)
def test_common_pictures_become_webp(kind: str, mode: str) -> None:
    data = encoded(kind, mode=mode) if mode != "I;16" else _sixteen_bit()
    picture = read(data)
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.format == "WEBP"
        assert image.size == (picture.width, picture.height) == (40, 20)


def _sixteen_bit() -> bytes:
    out = io.BytesIO()
    Image.new("I;16", (40, 20), 1000).save(out, "PNG")
    return out.getvalue()


def test_only_the_first_frame_of_an_animation_is_kept() -> None:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    for kind in ("GIF", "WEBP"):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:])
        with Image.open(io.BytesIO(read(out.getvalue()).data)) as image:
            assert getattr(image, "n_frames", 1) == 1
            red, _, blue = image.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
            assert red > 200 > blue


def test_large_pictures_are_made_smaller_in_proportion() -> None:
    picture = read(encoded("JPEG", (4000, 1000)))
    assert (picture.width, picture.height) == (1600, 400)


def test_where_it_was_taken_is_removed_and_the_turn_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    for kind in ("JPEG", "PNG", "WEBP"):
        data = encoded(kind, exif=exif)
        assert b"SecretCamera" in data
        picture = read(data)
        assert (picture.width, picture.height) == (20, 40)
        assert b"SecretCamera" not in picture.data
        assert b"EXIF" not in picture.data
        with Image.open(io.BytesIO(picture.data)) as image:
            assert not image.getexif()
            assert "xmp" not in image.info
            assert "icc_profile" not in image.info


def test_transparency_stays() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(read(out.getvalue()).data)) as image:
        assert image.mode == "RGBA"


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "x.png", "empty"),
        (b"hello", "x.png", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "x.png", "SVG"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><svg/>", "x.png", "SVG"),
        (b"<!-- --><svg>", "x.jpg", "SVG"),
        (b"whatever", "x.SVG", "SVG"),
        (b"<html><script>alert(1)</script>", "x.png", "not a picture"),
        (b"GIF89a<script>alert(1)</script>", "x.gif", "not a picture"),
        (b"%PDF-1.7", "x.png", "not a picture"),
        (b"MZ\x90\x00", "x.png", "not a picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "x.png", "picture"),
        (b"\x00" * (files.MAX_BYTES + 1), "x.png", "larger than 4 MB"),
        (png_header(5000, 4001), "x.png", "20 million"),
        (png_header(40_000, 40_000), "x.png", "20 million"),
        (png_header(2_000_000_000, 2_000_000_000), "x.png", "20 million"),
        (png_header(100, 100), "x.png", "damaged"),
        (encoded("PNG", (400, 400))[:200], "x.png", "damaged"),
        (encoded("JPEG", (400, 400))[:700], "x.jpg", "damaged"),
        (encoded("BMP"), "x.bmp", "not a picture"),
        (encoded("TIFF"), "x.tif", "not a picture"),
        (encoded("PPM"), "x.ppm", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "x.eps", "not a picture"),
    ],
)
def test_what_is_no_usable_picture_is_refused_kindly(data: bytes, name: str, words: str) -> None:
    with pytest.raises(files.BadImage, match=words) as refused:
        read(data, name)
    assert isinstance(refused.value, NotValid)
    assert isinstance(refused.value, ValueError)


def test_a_damaged_picture_never_gives_another_error() -> None:
    for kind in ("PNG", "JPEG", "WEBP", "GIF"):
        data = encoded(kind, (60, 60))
        for place in range(0, len(data), max(1, len(data) // 60)):
            broken = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
            try:
                read(broken)
            except files.BadImage:
                continue


def test_the_same_picture_has_the_same_digest() -> None:
    assert read(encoded("PNG")).digest == read(encoded("PNG")).digest
    assert read(encoded("PNG")).digest != read(encoded("PNG", (41, 20))).digest


def test_the_store_gives_back_what_it_was_given(tmp_path: Path) -> None:
    store = files.Store(tmp_path / "media")
    digest = store.put(b"one")
    assert store.put(b"one") == digest
    assert store.put(b"two") != digest
    with store.open(digest) as file:
        assert file.read() == b"one"
    assert sorted(store.digests()) == sorted([digest, store.put(b"two")])
    assert not list(tmp_path.rglob(".new-*"))
    store.remove(digest)
    store.remove(digest)
    with pytest.raises(NotFound):
        store.open(digest)


def test_a_picture_is_stored_under_its_own_digest(tmp_path: Path) -> None:
    picture = read(encoded("PNG"))
    assert files.Store(tmp_path).put(picture.data) == picture.digest


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x",
        "../../etc/passwd",
        "a" * 63,
        "A" * 64,
        "a" * 65,
        "a" * 64 + "\n",
        "../" + "a" * 61,
        "a" * 62 + "/a",
        "é" * 64,
    ],
)
def test_only_digests_name_files(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        files.Store(tmp_path).path_of(name)


def test_half_a_file_is_never_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = files.Store(tmp_path)

    def full_disk(handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(files.os, "fsync", full_disk)
    with pytest.raises(OSError, match="no space"):
        store.put(b"data")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("cut", "side", "size"),
    [
        (files.WHOLE, 1_600, (400, 200)),
        (files.Cut(left=50), 1_600, (200, 200)),
        (files.Cut(10, 20, 15, 30), 1_600, (300, 100)),
        (files.Cut(right=90, bottom=90), 1_600, (40, 20)),
        (files.WHOLE, 100, (100, 50)),
        (files.Cut(top=50), 100, (100, 25)),
        (files.WHOLE, 99_999, (400, 200)),
    ],
)
def test_a_picture_is_cut_and_made_smaller(cut: files.Cut, side: int, size: tuple[int, int]) -> None:
    data = io.BytesIO()
    Image.new("RGB", (400, 200), "teal").save(data, "PNG")
    data.seek(0)
    picture = files.read_image(data, cut=cut, side=side)
    assert (picture.width, picture.height) == size


def test_the_part_that_is_left_is_the_one_that_was_seen() -> None:
    data = io.BytesIO()
    image = Image.new("RGB", (100, 50), "white")
    image.paste((255, 0, 0), (50, 0, 100, 50))
    exif = image.getexif()
    exif[0x0112] = 6  # to be turned by a quarter
    image.save(data, "JPEG", exif=exif, quality=95)
    data.seek(0)
    picture = files.read_image(data, cut=files.Cut(top=50))
    with Image.open(io.BytesIO(picture.data)) as left:
        red, green, _blue = left.convert("RGB").getpixel((25, 40))
    assert (picture.width, picture.height) == (50, 50)
    assert red > 200 > 60 > green


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (7, 1)])
def test_something_is_left_of_the_smallest_picture(size: tuple[int, int]) -> None:
    for cut in (files.Cut(45, 45, 45, 45), files.Cut(90, 0, 0, 90)):
        left, top, right, bottom = cut.box(*size)
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]


@pytest.mark.parametrize("cut", [(-1, 0, 0, 0), (50, 0, 41, 0), (0, 60, 0, 31), (0, 0, 1000, 0)])
def test_a_cut_that_leaves_too_little_is_known(cut: tuple[int, int, int, int]) -> None:
    assert not files.Cut(*cut).leaves_enough
