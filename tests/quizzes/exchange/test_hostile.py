"""Hostile and broken files: a clear sentence, bounded time and memory, and never an exception."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peerlearn.core.allowance import thread_seconds
from peerlearn.quizzes.exchange import bounds
from peerlearn.quizzes.exchange.htmltext import markdown_of_html
from peerlearn.quizzes.exchange.registry import FORMATS, read, write
from peerlearn.quizzes.exchange.report import Losses, Reading
from tests.quizzes.exchange.test_foreign_files import FOREIGN
from tests.quizzes.questions import EXAMPLES

pytestmark = pytest.mark.security
SECONDS = 15.0  # of the processor


def packed(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def said(reading: Reading) -> str:
    assert reading.problem is not None
    assert not reading.fates
    return reading.problem.message


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = {
    "billion laughs": f'<!DOCTYPE quiz [<!ENTITY l0 "ha">{LAUGHS}]><quiz>&l9;</quiz>'.encode(),
    "an outside entity": b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
    "a parameter entity": b'<!DOCTYPE quiz [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><quiz/>',
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize("slug", ["moodle", "qti12", "qti21"])
def test_entities_are_refused(slug: str, data: bytes) -> None:
    assert "entities" in said(read(data, slug=slug))
    assert "entities" in said(read(packed({"imsmanifest.xml": data}), slug="qti21"))


def test_a_document_type_alone_does_no_harm() -> None:
    data = b'<!DOCTYPE questestinterop SYSTEM "file:///etc/passwd"><questestinterop><item/></questestinterop>'
    assert read(data, slug="qti12").fates[0].question is None


BROKEN = {
    "empty": (b"", "empty"),
    "spaces": (b"  \n ", "empty"),
    "zeros": (b"\0" * 5000, "none of the formats"),
    "noise": (bytes(range(256)) * 20, "none of the formats"),
    "prose": (b"Dear colleagues, here are my questions.", "none of the formats"),
    "half a file": (b"<quiz><question type='essay'>", "broken"),
    "another XML": (b"<html><body>quiz</body></html>", "none of the formats"),
    "deep": (b"<quiz>" + b"<a>" * 5000, "nested too deeply"),
    "wide": (b"<quiz>" + b"<a/>" * 400_000 + b"</quiz>", "too many parts"),
    "huge": (b"<quiz>" + b" " * bounds.MAX_BYTES + b"</quiz>", "larger than 8 MB"),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><quiz/>', "unknown encoding"),
    "wrong encoding": (b'<?xml version="1.0" encoding="UTF-8"?><quiz>\xe4\xff</quiz>', "broken"),
    "nul in XML": (b"<quiz>\0</quiz>", "broken"),
}


@pytest.mark.parametrize(("data", "words"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_said(data: bytes, words: str) -> None:
    assert words in said(read(data, "file"))


@pytest.mark.parametrize("slug", ["gift", "csv"])
def test_a_text_in_another_encoding_is_refused(slug: str) -> None:
    for data in ("Über?{=ja ~nein}".encode("latin-1"), b"a\0b", b"\xff\xfe\x00"):
        assert "UTF-8" in said(read(data, slug=slug))
    assert read("Über?{=ja ~nein ~oder}".encode("utf-16"), slug="gift").questions[0].stem == "Über?"


def test_a_package_is_opened_within_bounds() -> None:
    many = packed({f"{n}.xml": b"<a/>" for n in range(bounds.MAX_MEMBERS + 1)})
    assert "more than 200 files" in said(read(many, slug="qti21"))
    ratio = packed({"a.xml": b"<a>" + b" " * 7_000_000 + b"</a>"})
    assert "unpacks" in said(read(ratio, slug="qti21"))
    total = packed({f"{n}.xml": bytes(2_000_000) for n in range(30)}, zipfile.ZIP_STORED)
    assert "larger than 20 MB" in said(read(total, slug="qti21"))
    assert "damaged" in said(read(packed({"a.xml": b"<a/>"})[:-10], slug="qti21"))
    assert "damaged" in said(read(b"PK\x03\x04" + b"x" * 100, slug="xlsx"))


def test_one_file_of_a_package_is_read_within_bounds() -> None:
    large = packed({"a.xml": Random(1).randbytes(bounds.MAX_BYTES + 1)}, zipfile.ZIP_STORED)
    assert "unpacks" in said(read(large, slug="qti21"))


def test_a_package_that_lies_about_its_size_is_stopped() -> None:
    data = bytearray(packed({"a.xml": b"<a>" + b"b" * 3_000_000 + b"</a>"}))
    for place in (data.find(b"PK\x01\x02") + 24, data.find(b"PK\x03\x04") + 22):
        data[place : place + 4] = (1000).to_bytes(4, "little")
    assert said(read(bytes(data), slug="qti21"))


def test_names_in_a_package_are_no_paths(tmp_path: Path) -> None:
    item = write([EXAMPLES["single"]], "qti21").data
    with zipfile.ZipFile(io.BytesIO(item)) as archive:
        inside = archive.read("items/item-001.xml")
    evil = packed({"../../../evil.xml": inside, "/etc/evil.xml": inside, "C:\\evil.xml": inside})
    assert len(read(evil, slug="qti21").questions) == 3
    assert list(tmp_path.iterdir()) == []


def test_a_locked_package_is_said() -> None:
    data = bytearray(packed({"a.xml": b"<a/>"}))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.find(mark) + place] |= 1
    assert "password" in said(read(bytes(data), slug="qti21"))


def test_a_workbook_with_entities_is_refused() -> None:
    source = write([EXAMPLES["single"]], "xlsx").data
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in files if "sheet1" in name)
    files[name] = BOMBS["billion laughs"]
    assert "damaged" in said(read(packed(files), slug="xlsx"))
    files["xl/workbook.xml"] = b"<workbook/>"
    assert said(read(packed(files), slug="xlsx"))


ESSAY = b"<question type='essay'><questiontext><text>Why?</text></questiontext></question>"
MANY = {
    "gift": b"Is it so?{T}\n\n" * 10_000,
    "moodle": b"<quiz>" + ESSAY * 10_000 + b"</quiz>",
    "qti12": b"<questestinterop>" + b"<item><presentation/></item>" * 10_000 + b"</questestinterop>",
    "csv": b"question,answer 1\n" + b"Why?,so\n" * 10_000,
}


@pytest.mark.parametrize("slug", MANY)
def test_ten_thousand_questions_are_read_as_far_as_is_bearable(slug: str) -> None:
    started = thread_seconds()
    reading = read(MANY[slug], slug=slug)
    assert thread_seconds() - started < SECONDS
    assert len(reading.fates) == bounds.MAX_QUESTIONS
    assert "more than 2000 questions" in reading.remarks[0].message
    tracemalloc.start()
    assert len(read(MANY[slug], slug=slug, limit=10).fates) == 10
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150 * 1024 * 1024


def test_a_file_of_endless_texts_is_read_as_far_as_is_bearable() -> None:
    text = b"<![CDATA[" + b"<i><b>" * 3000 + b"]]>"
    question = b"<question type='essay'><questiontext format='html'><text>%s</text></questiontext></question>" % text
    started = thread_seconds()
    reading = read(b"<quiz>" + question * 400 + b"</quiz>", limit=200)
    assert "more text" in reading.remarks[0].message
    assert len(reading.fates) < 60
    assert thread_seconds() - started < SECONDS


SLOW = (
    "<b> <p> <!-- < <a & </b> <a_href=' <x_y= <![CDATA[ * <i><b> <ul><li> <? <table><tr><td> ` \\( $$ <! &# [](".split()
)
SLOW += ["<script>", '<a b="c', "data:a/b;base64,", "_", "](", "{1:SA:", "<a ", "<x y=", "<a href='"]
MARKS = ["{", "}", "{=", "~", "=", "{}\n\n", "::", "\\", "->", "{#", "%", "//", "{1:MC:", "[[1]]"]


@pytest.mark.parametrize("piece", SLOW)
def test_no_text_takes_long(piece: str) -> None:
    started = thread_seconds()
    markdown_of_html(piece * (20_000 // len(piece)), Losses())
    assert thread_seconds() - started < 2


@pytest.mark.parametrize("piece", MARKS)
@pytest.mark.parametrize("slug", ["gift", "csv"])
def test_no_heap_of_marks_takes_long(slug: str, piece: str) -> None:
    started = thread_seconds()
    read(f"question,answer 1\n{piece * (200_000 // len(piece))}".encode(), slug=slug)
    assert thread_seconds() - started < SECONDS


ALL = [(path.name, path.read_bytes()) for path in FOREIGN] + [
    (f"x{FORMATS[slug].suffix}", write(list(EXAMPLES.values()), slug).data) for slug in FORMATS
]


SPOTS = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ALL), SPOTS)
def test_a_spoilt_file_never_breaks_the_reader(file: tuple[str, bytes], spots: list[tuple[float, bytes, int]]) -> None:
    name, data = file
    for place, put, gone in spots:
        at = int(place * len(data))
        data = data[:at] + put + data[at + gone :]
    reading = read(data, name)
    assert reading.problem or reading.fates


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.text(max_size=300) | st.binary(max_size=300))
def test_noise_never_breaks_the_reader(slug: str, data: str | bytes) -> None:
    read(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"), slug=slug)


TAGS = (
    "quiz question questiontext text answer feedback item presentation response_lid response_label material mattext "
    "resprocessing respcondition conditionvar varequal setvar assessmentItem responseDeclaration correctResponse "
    "value itemBody choiceInteraction simpleChoice matchInteraction simpleMatchSet textEntryInteraction gap b "
    "hotspotInteraction hotspotChoice object orderInteraction gapMatchInteraction associateInteraction modalFeedback "
    "subquestion"
)
NAMES = "type format fraction ident respident rcardinality identifier cardinality coords shape width height"
VALUES = ["multichoice", "cloze", "1e999", "nan", "-5", "", "a", "Multiple", "numerical", "matching", "1,2,x"]
ATTRS = st.dictionaries(st.sampled_from(NAMES.split()), st.sampled_from(VALUES), max_size=3)


@st.composite
def trees(draw: st.DrawFn, depth: int = 4) -> str:
    name = draw(st.sampled_from(TAGS.split()))
    attrs = "".join(f' {key}="{value}"' for key, value in draw(ATTRS).items())
    inside = draw(st.sampled_from(["", "a", "1", "{1:SA:=a}", "&lt;b&gt;", "[[1]]", "1e400"]))
    children = draw(st.lists(trees(depth - 1), max_size=2)) if depth else []
    return f"<{name}{attrs}>{inside}{''.join(children)}</{name}>"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["quiz", "questestinterop", "assessmentItem"]), st.lists(trees(), max_size=4))
def test_senseless_xml_never_breaks_the_reader(root: str, inside: list[str]) -> None:
    data = f"<{root}>{''.join(inside)}</{root}>".encode()
    for slug in ("moodle", "qti12", "qti21"):
        read(data, slug=slug)
