"""What a text shows and where it leads: the same pictures and links that its markup has, at their lines."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from peerlearn.core import markdown
from peerlearn.core.addresses import safe_address, safe_picture
from peerlearn.core.complexity import TooComplex
from peerlearn.core.outline import Link, Picture

PIECES = (
    *("![", "[", "]", "](", "][", "]:", ")", "(", "!", "\\", "`", "``", "```\n", "~~~\n", "\n", "\n\n", " ", "    "),
    *(
        "> ",
        "- ",
        "# ",
        "!!! note\n",
        "*",
        "_",
        "|",
        "\n|--|\n",
        "<",
        ">",
        "'",
        '"',
        "[^1]",
        "\n[^1]: ",
        ": ",
        "\n[a]: ",
    ),
    *("/media/a.png", "pic.png", "/lessons/a", "some-lesson", "#a", "https://a.example/b", "http://a.example"),
    *("a", "b", "Ab c", "&nbsp;", "&amp;", "\u200b", "![](p.png)", "[a](/b)", "![a][a]", "\n[a]: /media/a.png 'T'\n"),
    *("\ue000", "\ue001", "\n[a]: "),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
IMAGE = re.compile(r"<img ([^>]*)>")
ANCHOR = re.compile(r"<a ([^>]*)>")


def attribute(name: str, tag: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


@given(TEXTS)
@example("- x ![][a]\n\n[a]: /media/a.png")
@example("[![a\nb](/media/a.png)](/lessons/a)")
@settings(max_examples=400, deadline=None)
def test_it_tells_the_pictures_and_links_of_the_markup(text: str) -> None:
    for inline in (False, True):
        try:
            shown = str(markdown.render_inline(text) if inline else markdown.render(text).html)
        except TooComplex:
            return
        told = markdown.outline(text, inline=inline)
        pictures = [one for one in told.pictures if safe_picture(one.address)]
        shown = shown.replace("\ue000", "\ufffd").replace("\ue001", "\ufffd")
        assert [(one.address, one.alt) for one in pictures] == [
            (attribute("src", tag), attribute("alt", tag)) for tag in IMAGE.findall(shown)
        ]
        links = [one.address.lstrip("#") for one in told.links if safe_address(one.address)]
        followed = [re.sub("^#u-", "", attribute("href", tag)) for tag in ANCHOR.findall(shown)]
        inside = [address for address in followed if address and "://" not in address]
        assert [address for address in links if address and "://" not in address] == inside
        lines = text.count("\n") + 1
        assert all(1 <= one.line <= lines for one in (*told.pictures, *told.links))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\n\n![](a.png)", Picture(3, "", "a.png")),
        ("One\n![ ][p]\n\n[p]: a.png", Picture(2, " ", "a.png")),
        ("- One\n- Two\n  ![A\n  b](\n  a.png\n  )", Picture(3, "A\n  b", "a.png")),
        ("x[^1] y\n\n[^1]: See\n    ![b](a.png)", Picture(4, "b", "a.png")),
        ("| a | b |\n|---|---|\n| c | ![d](a.png) |", Picture(3, "d", "a.png")),
        ("```\n![](no.png)\n```\n\n![b](a.png)", Picture(5, "b", "a.png")),
        ("\ue005![b\ue006](a.png)", Picture(1, "b\ufffd", "a.png")),
    ],
)
def test_a_picture_has_its_line(text: str, expected: Picture) -> None:
    assert markdown.outline(text).pictures == (expected,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\n[two](/a 'T')", Link(2, "/a")),
        ("One\n\n<https://a.example/b>", Link(3, "https://a.example/b")),
        ("One\nsee https://a.example/b.", Link(2, "https://a.example/b")),
        ("One\n\n[two]\n\n[two]: </a?b=1&amp;c=2>", Link(3, "/a?b=1&c=2")),
        ("One\n\n    !\n\n> [two](lost)", Link(5, "lost")),
    ],
)
def test_a_link_has_its_line(text: str, expected: Link) -> None:
    assert markdown.outline(text).links == (expected,)


def test_the_places_of_a_text_are_those_that_its_links_lead_to() -> None:
    text = "# Über [uns](/a)\n\n## Zwei\n\n## Zwei\n\n[x](#zwei_1)[^1]\n\n[^1]: Note"
    told, shown = markdown.outline(text).places, str(markdown.render(text).html)
    assert {"u-" + place for place in told} == set(re.findall(r'id="([^"]*)"', shown))
    assert {"uber-uns", "zwei", "zwei_1", "fn:1"} <= told


@pytest.mark.parametrize("alt", ["", " ", "\n", "\xa0", "\u200b", "\u2060 \t", "\ue000"])
def test_what_nobody_hears_is_no_description(alt: str) -> None:
    assert not Picture(1, alt, "a.png").is_described
    assert Picture(1, f"{alt}7", "a.png").is_described


def test_a_long_text_is_read_apart_and_within_its_time() -> None:
    text = "word [x](/a) " * 10 + "\n\n" + "word " * 600 + "\n\n![](a.png)"
    assert len(text) > markdown.DIRECT_CHARS
    assert markdown.outline(text).pictures == (Picture(5, "", "a.png"),)
    assert len(markdown.outline(text).links) == 10
    with pytest.raises(TooComplex):
        markdown.outline("[" * 500)
