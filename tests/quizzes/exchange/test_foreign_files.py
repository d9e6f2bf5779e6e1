"""Files that other systems wrote. What each of them holds is written beside it, as a person would read it."""

from __future__ import annotations

from itertools import compress
from pathlib import Path

import pytest

from peerlearn.quizzes.exchange.registry import read, write
from peerlearn.quizzes.exchange.report import Reading
from peerlearn.quizzes.textform import print_question

FILES = Path(__file__).parent / "files"
FOREIGN = sorted(path for path in FILES.iterdir() if path.suffix in (".xml", ".zip", ".gift", ".csv", ".xlsx"))
NAMES = [path.name for path in FOREIGN]


def told(reading: Reading) -> str:
    """The report of a file and its questions, as text."""
    parts = [f"read as {reading.format}", *(f"! {remark.message}" for remark in reading.remarks)]
    for fate in reading.fates:
        parts.append("\n".join([f"# {fate.number} {fate.status}", *(f"! {loss.message}" for loss in fate.losses)]))
        parts.append(print_question(fate.question) if fate.question else fate.title)
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("path", FOREIGN, ids=NAMES)
def test_a_file_of_another_system_is_read_as_a_person_reads_it(path: Path) -> None:
    reading = read(path.read_bytes(), path.name)
    assert reading.problem is None
    assert told(reading) == path.with_name(f"{path.name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FOREIGN, ids=NAMES)
def test_what_came_in_goes_out_and_comes_in_the_same(path: Path) -> None:
    first = read(path.read_bytes(), path.name)
    written = write(first.questions, first.format)
    sent = [fate.question is not None for fate in written.fates]
    again = read(written.data, slug=first.format)
    thrice = read(write(again.questions, first.format).data, slug=first.format)
    assert len(again.questions) == sum(sent)
    assert thrice.questions == again.questions
    for before, after in zip(compress(first.questions, sent), again.questions, strict=True):
        assert after.kind == before.kind or before.kind == "hotspot"


def test_every_file_is_told_about() -> None:
    readme = (FILES / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in readme] == []
    assert {path.name for path in FILES.iterdir()} == {*NAMES, *(f"{name}.md" for name in NAMES), "README.md"}
