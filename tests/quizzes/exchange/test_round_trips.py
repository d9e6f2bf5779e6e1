"""What goes out comes back: equal, but for the loss that each format declares."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from peerlearn.core import markdown
from peerlearn.quizzes.exchange.registry import FORMATS, guess, read, write
from peerlearn.quizzes.exchange.report import Status
from peerlearn.quizzes.kinds.number import read_key
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.question import Question
from tests.quizzes.exchange.sound import ANY_LINE, ANY_TEXT, RICH_LINE, RICH_TEXT, listed, sound, unitless, without
from tests.quizzes.questions import EXAMPLES

MARKDOWN = settings(max_examples=150, deadline=None)
HTML = settings(max_examples=50, deadline=None)


def there_and_back(question: Question, slug: str) -> Question | None:
    """What comes back of one question, read from bytes whose format is guessed anew."""
    written = write([question], slug, "A title: of {things}")
    reading = read(written.data, f"file{FORMATS[slug].suffix}")
    if written.fates[0].question is None:
        assert written.fates[0].losses
        assert not reading.fates
        return None
    assert reading.problem is None
    assert reading.format == slug
    assert len(reading.fates) == 1, reading.fates
    assert reading.fates[0].question is not None, reading.fates[0].losses
    return reading.fates[0].question


def assert_loss_is_said(question: Question, back: Question | None, slug: str) -> None:
    """Whoever gets less back than they gave was told so."""
    if back is None or lettered(back) != lettered(question):
        same = replace(question, why="") if question.model == question.why else question
        assert write([question], slug).fates[0].losses or (back and lettered(back) == lettered(same))


def kept_by_gift(question: Question) -> Question | None:
    asked = unitless(in_one_unit(without(listed(question), hints=True, pins=True, whys=True)))
    if asked.kind == "reflection":
        return replace(asked, why="")
    if asked.kind == "cloze" and len(asked.gaps) > 1:
        return None
    if asked.kind == "text" or (asked.gaps and asked.gaps[0].accepted):
        return without_arrows(asked)
    sides = ((pair, *(side.replace("->", "→") for side in (pair.left, pair.right))) for pair in asked.pairs)
    pairs = tuple(replace(pair, left=left, right=right) for pair, left, right in sides)
    entries = tuple(replace(entry, text=entry.text.replace("->", "→")) for entry in asked.entries)
    return replace(asked, pairs=pairs, entries=entries)


def without_arrows(question: Question) -> Question:
    """GIFT cannot write an arrow beside a typed answer."""

    def turned(text: str) -> str:
        return text.replace("->", "→")

    return replace(
        question,
        accepted=tuple(map(turned, question.accepted)),
        gaps=tuple(replace(gap, accepted=tuple(map(turned, gap.accepted))) for gap in question.gaps),
        replies=tuple(replace(reply, answer=turned(reply.answer), why=turned(reply.why)) for reply in question.replies),
    )


def in_one_unit(question: Question) -> Question:
    """A number question without explanations of numbers in another unit."""
    unit = question.number.unit if question.number else ""
    keys = ((reply, read_key(reply.answer)) for reply in question.replies)
    same = tuple(reply for reply, key in keys if not question.number or (key and key.unit in ("", unit)))
    return replace(question, replies=same)


def kept_by_moodle(question: Question) -> Question:
    asked = in_one_unit(without(listed(question), whys=True))
    if any(option.pinned for option in asked.options):
        asked = replace(asked, options=tuple(replace(option, pinned=True) for option in asked.options))
    return replace(asked, why="") if asked.model and asked.model == asked.why else asked


def lettered(question: Question) -> Question:
    """Formats that keep no ids of answers give the letters anew, in the order of the answers."""
    return replace(
        question,
        options=tuple(replace(option, uid="") for option in question.options),
        entries=tuple(replace(entry, uid="") for entry in question.entries),
        pairs=tuple(replace(pair, uid="") for pair in question.pairs),
    )


@MARKDOWN
@given(sound(ANY_LINE, ANY_TEXT))
def test_gift_gives_back_everything(question: Question) -> None:
    written = write([question], "gift", "A title: of {things}")
    reading = read(written.data, "file.gift")
    assert reading.questions == (question,)
    assert [fate.status for fate in reading.fates] == [Status.KEPT]
    assert_loss_is_said(question, read(bare(written.data), "file.gift").questions[0], "gift")


@MARKDOWN
@given(sound(ANY_LINE, ANY_TEXT))
def test_others_get_from_gift_what_it_has_a_place_for(question: Question) -> None:
    back, wanted = read(bare(write([question], "gift").data), "file.gift").questions[0], kept_by_gift(question)
    if wanted is None:
        lefts = [pair.left for pair in back.pairs if pair.left]
        assert lefts == [f"[{n}]" for n in range(1, len(question.gaps) + 1)]
    else:
        assert lettered(back) == lettered(wanted)


def bare(data: bytes) -> bytes:
    """A file as systems read it that do not know our comments."""
    return b"\n".join(line for line in data.split(b"\n") if not line.startswith((b"// [peerlearn", b"// |")))


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_survives_gift_wholly_and_a_change_by_hand_counts(slug: str) -> None:
    asked = replace(EXAMPLES[slug], hints=("Think of {water}: [id:x] 1 = 1", "// | And ice"))
    written = write([asked], "gift").data
    assert read(written, slug="gift").questions == (asked,)
    changed = bare(written).replace(b"[markdown]", b"[markdown]Now\\: ", 1)
    comments = written[: written.index(b"::")]
    found = read(comments + changed[changed.index(b"::") :], slug="gift").fates[0]
    assert found.question is not None
    assert found.question.stem.startswith("Now: ")
    assert found.question.hints == asked.hints
    assert any("changed in the file" in loss.message for loss in found.losses)


@MARKDOWN
@given(sound(ANY_LINE, ANY_TEXT))
def test_moodle_xml_gives_back_all_but_single_pins_and_explanations_of_parts(question: Question) -> None:
    back = there_and_back(question, "moodle")
    assert back is not None
    assert_loss_is_said(question, back, "moodle")
    assert lettered(back) == lettered(kept_by_moodle(question))


@MARKDOWN
@given(sound(ANY_LINE, ANY_TEXT))
def test_a_table_gives_back_everything(question: Question) -> None:
    back = there_and_back(question, "csv")
    assert back is not None
    assert lettered(back) == lettered(question)


@settings(max_examples=30, deadline=None)
@given(sound(ANY_LINE, ANY_TEXT))
def test_a_workbook_gives_back_everything(question: Question) -> None:
    back = there_and_back(question, "xlsx")
    assert back is not None
    assert lettered(back) == lettered(question)


def shown(question: Question) -> Question:
    """The question with every Markdown text as it looks, because HTML does not say how it was typed."""
    return replace(
        question,
        stem=look(re.sub(r"(?<!\\)\{\{(\d)\}\}", r"GAP\1", question.stem)),
        why=look(question.why),
        model=look(question.model),
        hints=tuple(look(hint) for hint in question.hints),
        options=tuple(replace(o, text=look(o.text), why=look(o.why)) for o in question.options),
        entries=tuple(replace(e, text=look(e.text)) for e in question.entries),
        pairs=tuple(replace(p, left=look(p.left)) for p in question.pairs),
    )


def look(text: str) -> str:
    html = re.sub(r' (?:rel|id|class)="[^"]*"', "", str(markdown.render(text).html))
    html = re.sub(r"<li>\s*<p>(.*?)</p>\s*</li>", r"<li>\1</li>", html, flags=re.DOTALL)  # lists may stand closer
    return re.sub(r"\s+", " ", html).strip()


@HTML
@given(sound(RICH_LINE, RICH_TEXT))
def test_qti_2_gives_back_what_looks_the_same(question: Question) -> None:
    wanted = shown(unitless(without(listed(question), whys=True, replies=True)))
    back = there_and_back(question, "qti21")
    assert back is not None
    assert shown(back) == wanted
    again = there_and_back(question, "qti30")
    assert again == back


@HTML
@given(sound(RICH_LINE, RICH_TEXT))
def test_qti_1_gives_back_what_looks_the_same(question: Question) -> None:
    asked = unitless(without(listed(question), hints=True, pins=True, whys=True, replies=True))
    if asked.kind == "reflection":
        asked = replace(asked, why="")
    if asked.kind == "cloze" and not all(gap.choices for gap in asked.gaps):
        gaps = tuple(replace(gap, accepted=gap.accepted or gap.choices[:1], choices=()) for gap in asked.gaps)
        asked = replace(asked, gaps=gaps)
    back = there_and_back(question, "qti12")
    assert back is not None
    assert shown(lettered(back)) == shown(lettered(asked))


@pytest.mark.parametrize("slug", FORMATS)
def test_the_second_journey_loses_nothing_more(slug: str) -> None:
    first = read(write(list(EXAMPLES.values()), slug).data, slug=slug)
    again = read(write(first.questions, slug).data, slug=slug)
    assert again.questions == first.questions
    third = write(first.questions, slug)
    assert {status for fate in third.fates if (status := fate.status) is Status.SKIPPED} == set()


@pytest.mark.parametrize("slug", FORMATS)
def test_the_same_questions_make_the_same_bytes(slug: str) -> None:
    if slug != "xlsx":  # a workbook says when it was made
        assert write(list(EXAMPLES.values()), slug, "T").data == write(list(EXAMPLES.values()), slug, "T").data


@pytest.mark.parametrize("slug", FORMATS)
def test_a_format_recognises_what_it_writes(slug: str) -> None:
    found = guess(write(list(EXAMPLES.values()), slug, "T").data, "")
    assert found is not None
    assert found.slug == slug


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("slug", FORMATS)
def test_every_kind_is_mapped_and_a_loss_is_said_where_the_table_says_one(slug: str, kind: str) -> None:
    mapped = FORMATS[slug].mapping[kind]
    fate = write([EXAMPLES[kind]], slug).fates[0]
    assert mapped.becomes
    assert set(FORMATS[slug].mapping) == set(KINDS)
    if not mapped.loss:
        assert fate.question is not None
        assert all("in the file" in loss.message for loss in fate.losses), fate.losses


@pytest.mark.parametrize("slug", ["gift", "qti12"])
def test_a_change_of_kind_on_the_other_side_is_said(slug: str) -> None:
    bare = without(EXAMPLES["ordering"], whys=True)
    assert "becomes a matching question" in write([bare], slug).fates[0].losses[0].message
    assert read(write([bare], slug).data, slug=slug).questions == (bare,)


@pytest.mark.parametrize("slug", FORMATS)
def test_an_unfinished_question_is_not_sent_to_others(slug: str) -> None:
    fate = write([Question("single", "Which?")], slug).fates[0]
    assert (fate.question is None) == (slug not in ("csv", "xlsx"))
