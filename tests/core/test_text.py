"""Words as people type them."""

from __future__ import annotations

import pytest

from peerlearn.core import text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("Ada\tLovelace\r\nx", "Ada Lovelace x"),
        ("ad\u200bmin", "admin"),
        ("\u202enimda", "nimda"),
        ("a\u2028b\u2029c", "a b c"),
        ("a\x00b\x07", "ab"),
        ("\ufeffx\u00ad", "x"),
        ("Ａｄａ ﬁ", "Ada fi"),
        ("a\u00a0b\u3000c", "a b c"),
        ("e\u0301", "é"),
        ("👩\u200d💻 hi", "👩\u200d💻 hi"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200db\u200d", "ab"),
        ("\u200d", ""),
        ("\u3164", ""),
        ("x\ud800y", "xy"),
        ("", ""),
    ],
)
def test_a_line_holds_nothing_invisible(typed: str, kept: str) -> None:
    assert text.clean_line(typed) == kept
    assert text.clean_line(kept) == kept


def test_a_block_keeps_what_was_typed_with_plain_line_ends() -> None:
    assert text.clean_block("\ufeffa\r\nb\rc\n  d \u202e") == "a\nb\nc\n  d \u202e"


@pytest.mark.parametrize("typed", ["a\x00b", "a\ud800b"])
def test_a_block_refuses_what_no_database_takes(typed: str) -> None:
    with pytest.raises(text.NotText, match="can not be stored"):
        text.clean_block(typed)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Über uns!", "uber-uns"),
        ("Straße nach Łódź", "strasse-nach-lodz"),
        ("C++ & C#", "c-c"),
        ("  --a--b--  ", "a-b"),
        ("don't panic", "dont-panic"),
        ("日本", ""),
        ("", ""),
        ("a" * 100, "a" * 60),
        ("wordy " * 20, "-".join(["wordy"] * 10)),
    ],
)
def test_slugs(typed: str, slug: str) -> None:
    assert text.slugify(typed) == slug


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ada", "aDA ", True),
        ("Straße", "STRASSE", True),
        ("ａda", "Ada", True),
        ("a\u200bda", "ada", True),
        ("é", "e\u0301", True),
        ("Ada", "Ade", False),
        ("a b", "ab", False),
    ],
)
def test_names_that_count_as_one(one: str, other: str, same: bool) -> None:
    assert (text.name_key(one) == text.name_key(other)) is same


@pytest.mark.parametrize(
    "name",
    [
        "аdmin",
        "admіn",
        "Αdmin",
        "pаypal",
        "ѕystem",
        "аdminіstrator",
        "Tοm",
        "Anna Кim1a",
        "ꓮdmin",
        "Ꭺdmin",
        "ɑdminа",
    ],
)
def test_look_alikes_are_seen(name: str) -> None:
    assert text.is_mixed_script(name)


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Anna Müller",
        "Анна",
        "Анна Smith",
        "李小龙 Bruce",
        "東京タワー",
        "JR東日本",
        "김철수",
        "Νίκος",
        "O'Brien-2",
        "محمد",
        "",
        "ＡＢＣ abc",
        "x²",
        "1a2b",
        "नमस्ते",
        "ﾊﾝｶｸ",
    ],
)
def test_honest_names_are_not(name: str) -> None:
    assert not text.is_mixed_script(name)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("ada", "A"),
        ("Ana María de la Cruz", "AC"),
        ("o'neill", "O"),
        ("", "?"),
        ("(x) 李", "李"),
        ("a.b", "AB"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert text.initials(name) == letters


def test_an_excerpt_ends_after_a_whole_word() -> None:
    assert text.excerpt("short\n text") == "short text"
    assert text.excerpt("one two three four", 12) == "one two…"
    assert text.excerpt("one, two, three four", 11) == "one, two…"
    assert text.excerpt("x" * 50, 10) == "x" * 9 + "…"
    assert all(len(text.excerpt("ab cd " * 50, limit)) <= limit for limit in range(10, 60))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a b c d", "A, b; c d!", 1.0),
        ("a b c d", "a b c e", 1 / 3),
        ("one two three", "four five six", 0.0),
        ("", "", 0.0),
        ("…", "!", 0.0),
        ("hi", "hi", 1.0),
        ("hi", "hello there you", 0.0),
    ],
)
def test_texts_share_runs_of_three_words(one: str, other: str, expected: float) -> None:
    assert text.shared(text.shingles(one), text.shingles(other)) == pytest.approx(expected)


def test_titles_are_compared_whatever_the_order_of_words() -> None:
    assert text.title_similarity("Write a bug report", "A bug report: write!") == 1.0
    assert text.title_similarity("Write a bug report", "Write better bug reports") > 0.7
    assert text.title_similarity("Write a bug report", "Plan a holiday") < 0.6
