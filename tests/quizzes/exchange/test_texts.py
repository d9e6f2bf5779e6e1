"""Texts of others as Markdown: what is seen stays the same, what cannot come along is said."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerlearn.core import markdown
from peerlearn.quizzes.exchange import foreigntext
from peerlearn.quizzes.exchange.foreigntext import HTML, LOOSE, MARKDOWN, PLAIN, Foreign
from peerlearn.quizzes.exchange.htmltext import code_span, markdown_of_html
from peerlearn.quizzes.exchange.plaintext import escaped, escaped_block
from peerlearn.quizzes.exchange.report import Losses, title_of
from peerlearn.quizzes.exchange.xmlwriting import tag, xhtml

SIGNS = [
    *"*_`\\[]()<>#&;=~:|!-+.1{}^ /@",
    "http://a.b",
    "&lt;",
    "**",
    "__",
    "](",
    "[^1]",
    " * ",
    "- ",
    "1. ",
    "a",
    "&#/;",
]
CATEGORIES = ("Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn")
LETTERS = st.text(st.characters(exclude_categories=CATEGORIES), max_size=3)
LINES = (
    st.lists(st.sampled_from(SIGNS) | LETTERS, max_size=12).map("".join).map(lambda t: " ".join(t.split())).filter(bool)
)


def seen(markup: str) -> str:
    """What a person sees of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_a_plain_line_is_seen_as_it_was(line: str) -> None:
    assert seen(markdown.render_inline(escaped(line))) == line
    assert seen(markdown.render_inline(f"x {escaped(line, whole=False)} x")) == f"x {line} x"


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_a_plain_paragraph_is_seen_as_it_was(line: str) -> None:
    shown = str(markdown.render(escaped_block(line)).html)
    assert seen(shown) == line
    assert shown.startswith("<p>")
    assert shown.count("<p>") == 1


@settings(max_examples=100, deadline=None)
@given(LINES.filter(lambda line: "&" not in line))
def test_code_is_seen_as_it_was(code: str) -> None:
    assert f"<code>{html.escape(code, quote=False)}</code>" in markdown.render_inline(code_span(code))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case and -5 and +1", "snake_case and -5 and +1"),
        ("*really*", "\\*really\\*"),
        ("# 1", "\\# 1"),
        ("3. May", "3\\. May"),
        ("a < b & c", "a < b & c"),
        ("one\ntwo", "one\n\ntwo"),
    ],
)
def test_plain_text_gets_no_more_backslashes_than_it_needs(text: str, wanted: str) -> None:
    assert escaped_block(text) == wanted


@pytest.mark.parametrize(
    ("markup", "wanted", "lost"),
    [
        ("<p>a <b>b</b> <i> c </i>d</p>", "a **b** *c* d", ""),
        ("<b><p>block</p></b>", "block", ""),
        ("a<br>b", "a\n\nb", ""),
        ("<h3>Head</h3>text", "**Head**\n\ntext", ""),
        ("<ul><li>a<li>b</ul><ol><li>c</ol>", "- a\n- b\n\n1. c", ""),
        ("<pre><code class='language-python'>a = `1`</code></pre>", "```python\na = `1`\n```", ""),
        ("<code>a`b</code>", "``a`b``", ""),
        ("x<sup>2</sup> H<sub>2</sub>O", "x² H₂O", ""),
        ('<a href="https://x.y/(z)">w</a>', "[w](https://x.y/%28z%29)", ""),
        ('<a href="javascript:alert(1)">w</a>', "w", "leads nowhere"),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "| a | b |\n| --- | --- |\n| 1 | 2 |", ""),
        ("<blockquote>q</blockquote>", "> q", ""),
        ('<p>k<img alt="A cat" src="x"></p>', "k", "A picture was left out: A cat."),
        ("<script>alert(1)</script>k<style>p{}</style>", "k", ""),
        ("<u>k</u>", "k", "Underlined"),
        ("<video src=x></video>k", "k", "video"),
        ("\\(x^2\\)", "\\\\(x^2\\\\)", "formula"),
        ('<img class="equation_image" data-equation-content="x^2">', "`x^2`", "formula"),
        ('<img src="data:image/png;base64,' + "A" * 30_000 + '"> k', "k", "picture"),
        ("<p>1. no list</p>", "1\\. no list", ""),
        ("<!-- secret -->k<![CDATA[c]]>", "kc", ""),
        ("k</p></b>&nbsp;&amp;", "k &", ""),
    ],
)
def test_html_becomes_markdown(markup: str, wanted: str, lost: str) -> None:
    losses = Losses()
    assert markdown_of_html(markup, losses).strip() == wanted
    said = " ".join(loss.message for loss in losses.all())
    assert lost in said if lost else not said


@pytest.mark.parametrize(
    ("foreign", "block", "line", "words"),
    [
        (Foreign("*a*\nb", MARKDOWN), "*a*\nb", "*a* b", "*a* b"),
        (Foreign("*a*\nb", PLAIN), "\\*a\\*\n\nb", "\\*a\\* b", "*a* b"),
        (Foreign("<b>a</b>\nb", HTML), "**a** b", "**a** b", "a b"),
        (Foreign("<b>a</b>\nb", LOOSE), "**a**\n\nb", "**a** b", "a b"),
        (Foreign("a < b\nb", LOOSE), "a < b\n\nb", "a < b b", "a < b b"),
    ],
)
def test_a_text_is_read_in_the_form_it_says(foreign: Foreign, block: str, line: str, words: str) -> None:
    found = [read(foreign, Losses()) for read in (foreigntext.block, foreigntext.line, foreigntext.words)]
    assert found == [block, line, words]


def test_markdown_goes_out_as_xhtml_without_what_others_do_not_know() -> None:
    losses = Losses()
    text = xhtml("a **b** [l](https://x.y) ![cat](/media/1.png)\n\n```python\nx<1\n```", losses).text
    assert "<strong>b</strong>" in text
    assert '<a href="https://x.y">l</a>' in text
    assert "x&lt;1" in text
    assert "class=" not in text
    assert "img" not in text
    assert "cat" in losses.all()[0].message


def test_xml_is_escaped_whatever_is_in_it() -> None:
    assert (
        tag("a", 'x<&>"\x01', b_='"<&\n', c__d=True).text
        == '<a b="&quot;&lt;&amp;&#10;" c:d="true">x&lt;&amp;&gt;"</a>'
    )


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("A **bold** and *soft* `code` word", "A bold and soft code word"),
        ("2 * 3 \\* 4", "2 * 3 * 4"),
        ("![A cat](/media/1)\n\nWhat is [this](https://x.y)?", "What is this?"),
        ("The {{1}} runs \\{{2}}.", "The ___ runs {{2}}."),
        ("> quoted\n\n- a list", "quoted a list"),
        ("x" * 200, "x" * 79 + "…"),
    ],
)
def test_a_title_is_plain(stem: str, title: str) -> None:
    assert title_of(stem) == title
