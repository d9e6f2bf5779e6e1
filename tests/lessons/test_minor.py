"""What counts as a small edit: words are mended, and nothing that anybody could learn wrongly from is touched."""

from __future__ import annotations

import pytest

from peerlearn.lessons import fileformat, minor
from peerlearn.lessons.models import Topic
from tests.factories import lesson_text

WORDS = (
    "Before you send an order, read it to the end. It does not leave the house when a line is missing, and it may cost "
    "20 minutes of work. See [the list](https://example.org/list) and the picture ![A form](/media/" + "a" * 64 + "). "
    "Type `send --all` when you have finished, and look at the screen until it says so. Nobody has to wait beside it. "
)
BASE = lesson_text(Topic(slug="orders"), title="How to send an order", uid="an-order").replace(
    "Start with what the reader wants to do.", WORDS + "Recieve the reciept.\n\n- A first point\n- A second point"
)


def is_small(old: str, new: str) -> bool:
    assert old in BASE, old
    changed = BASE.replace(old, new, 1)
    return minor.is_small(fileformat.parse(BASE), fileformat.parse(changed))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Recieve the reciept", "Receive the receipt"),
        ("look at the screen", "watch the screen"),
        ("read it to the end.", "read it to the very end."),
        ("when you have finished", "when you’ve finished"),
        ("short and sound.", "short and quite sound."),  # the summary
    ],
)
def test_mended_words_are_small(old: str, new: str) -> None:
    assert is_small(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("does not leave", "does leave"),
        ("It does not leave the house when a line is missing", "It does leave the house when a line is not missing"),
        ("beside it", "beside the red screen"),
        ("read it to the end.", "read it to the very end, please."),
        ("short and sound.", "short, plain and sound."),
        ("20 minutes", "20 hours"),
        ("20 minutes", "20 long minutes"),
        ("read it to the end", "to the end read it"),  # words that moved
        ("Before you send", "After you send"),
        ("may cost", "must cost"),
        ("20 minutes", "30 minutes"),
        ("20 minutes", "twenty minutes"),
        ("https://example.org/list", "https://example.com/list"),
        ("[the list](https://example.org/list)", "the list"),
        ("/media/aaaa", "/media/bbbb"),
        ("`send --all`", "`send --any`"),
        ("`send --all`", "send all"),
        ("- A second point", "A second point"),
        ("- A second point", "- A second point\n- A third one"),
        ("## Begin", "## Begin here"),
        ("title: How to send an order", "title: How to send orders"),
        ("kind: how-to", "kind: checklist"),
        ("[orders]", "[orders, other]"),
        ("What comes first?", "What is first?"),
        ("- [ ] The end ^a", "- [x] The end ^a"),
        ("> That comes last.", "> It comes last."),
        ("= last step\n", "= final act\n"),
        ("!!! example", "!!! mistake"),
        (WORDS, WORDS + "And here stand twelve more words than there ever stood in it. "),
        (WORDS, WORDS.replace("you", "one").replace("it", "that").replace("the", "that")),
    ],
)
def test_anything_else_is_not(old: str, new: str) -> None:
    assert not is_small(old, new)


GERMAN = BASE.replace("kind: how-to", "kind: how-to\nlanguage: de").replace(
    WORDS,
    (
        "Den roten Schalter nicht umlegen. Erst das Ventil öffnen, dann die Pumpe einschalten und zwei Stunden warten. "
        "Vor dem Ende wird alles geprüft: die Leitung, der Behälter und das Protokoll der Anlage. Danch ist Schluss. "
    ),
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("das Protokoll der Anlage", "das Protokol der Anlage", True),
        ("der Behälter", "der große Behälter", True),
        ("Schalter nicht umlegen", "Schalter immer umlegen", False),
        ("Schalter nicht umlegen", "Schalter umlegen", False),
        ("Den roten", "Den grünen", False),
        ("zwei Stunden", "drei Stunden", False),
        ("zwei Stunden", "zwei Tage", False),
        ("Vor dem Ende", "Nach dem Ende", False),
        ("einschalten", "ausschalten", False),
        ("Ventil öffnen", "Ventil schließen", False),
    ],
)
def test_german_has_its_own_words(old: str, new: str, *, expected: bool) -> None:
    assert old in GERMAN
    changed = GERMAN.replace(old, new, 1)
    assert minor.is_small(fileformat.parse(GERMAN), fileformat.parse(changed)) is expected


@pytest.mark.parametrize(("language", "expected"), [("en", True), ("en-GB", True), ("nl", True), ("pl", False)])
def test_without_a_list_of_words_nothing_is_small(language: str, *, expected: bool) -> None:
    text = BASE.replace("kind: how-to", f"kind: how-to\nlanguage: {language}")
    changed = text.replace("Recieve the reciept", "Receive the receipt")
    assert minor.is_small(fileformat.parse(text), fileformat.parse(changed)) is expected


def test_what_a_curator_put_in_stays() -> None:
    reviewed, put_in = fileformat.parse(BASE), fileformat.parse(BASE.replace("Recieve", "Always receive"))
    again = fileformat.parse(BASE.replace("Recieve", "Receive"))
    elsewhere = fileformat.parse(BASE.replace("Recieve", "Always receive").replace("Yes, each", "Yes, really each"))
    assert minor.puts_back(put_in, reviewed, again, put_in)
    assert not minor.puts_back(put_in, reviewed, elsewhere, put_in)
    assert not minor.puts_back(put_in, put_in, again, put_in)
    assert not minor.puts_back(put_in, reviewed, again, reviewed), "it stands there no more"


def test_nothing_changed_is_no_edit() -> None:
    assert not is_small("Before", "Before")


def test_a_few_words_of_a_short_text_are_not_few() -> None:
    old = "one two three four five six seven eight nine ten"
    assert minor.changed(old, old.replace("two", "deux")) == 1
    assert minor.changed(old, old + " more words") == 2
    assert minor.changed(old, "ten") == 9
