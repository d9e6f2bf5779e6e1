"""What was copied from a page comes along as Markdown, quickly and without anything that acts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerlearn.core.allowance import thread_seconds
from peerlearn.core.copied import MAX_CHARS, looks_like_html, text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h1>Fold</h1><p>Take  a\n sheet.</p><p>Fold it.", "# Fold\n\nTake a sheet.\n\nFold it."),
        ("<h2>A <b>bold</b> title</h2>", "## A **bold** title"),
        ("<p>One<br>two", "One\ntwo"),
        ("<ul><li>a<li><p>b</p><li>c</ul>", "- a\n- b\n- c"),
        ("<ol><li>a<ul><li>b</ul><li>c</ol><p>d", "1. a\n    - b\n2. c\n\nd"),
        ("<p><a href='https://example.org/x'>here</a> <a href='#top'>top</a>", "[here](https://example.org/x) top"),
        ("<a href='javascript:alert(1)'>x</a><script>alert(1)</script>", "x"),
        ("<p><em>so</em> <code>x &lt; 1</code>", "*so* `x < 1`"),
        ("<pre>a\n  <b>b</b>\n</pre><p>c", "```\na\n  b\n\n```\n\nc"),
        ("<table><tr><th>A<th>B<tr><td><p>1</p><td>2</table>", "| A | B |\n|---|---|\n| 1 | 2 |"),
        ("<b style='font-weight:normal'><p>pasted from a document</p></b>", "pasted from a document"),
        ("<p>x<b> </b>y<img src=x onerror=alert(1)>", "xy"),
        ("", ""),
    ],
)
def test_html_as_text(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize("text", ["<p>x", " <!DOCTYPE html><p>", "<h2 class=x>", "<table>"])
def test_the_source_of_a_page_is_noticed(text: str) -> None:
    assert looks_like_html(text)


@pytest.mark.parametrize("text", ["a <p> b", "<3 this", "", "# Title", "<https://example.org>"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert not looks_like_html(text)


@given(st.text(alphabet="<>/abhlipu1='\"!-&; \n", max_size=200))
def test_anything_is_read(html: str) -> None:
    assert isinstance(text_of_html(html), str)


@pytest.mark.parametrize("piece", ["<!--", "<", "<a ", "<![", "&", "<b>", "<ul><li>", "<table><tr><td>", "<b><p>"])
@pytest.mark.security
def test_hostile_pages_are_read_in_a_moment(piece: str) -> None:
    began = thread_seconds()
    text_of_html(piece * (MAX_CHARS // len(piece)))
    assert thread_seconds() - began < 4
