"""Questions to test with: one sound example per kind, and a generator of any question that can be printed."""

from __future__ import annotations

from hypothesis import strategies as st

from peerlearn.quizzes.kinds.number import print_key
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.marks import UNSEEN
from peerlearn.quizzes.question import FLAGS, Entry, Gap, Number, Option, Pair, Question, Reply
from peerlearn.quizzes.textform import normal

CANARY = "canary73591"

EXAMPLES = {
    "single": Question(
        "single",
        "Which one?",
        uid="single1",
        options=(
            Option("Red", uid="a", why=CANARY),
            Option("Green", right=True, uid="b", why=CANARY),
            Option("Blue", uid="c", why=CANARY),
            Option("None of these", uid="d", pinned=True, why=CANARY),
        ),
        why=CANARY,
        hints=(CANARY,),
        card=2,
    ),
    "multiple": Question(
        "multiple",
        "Which ones?",
        uid="multi1",
        options=(
            Option("Two", right=True, uid="a", why=CANARY),
            Option("Three", right=True, uid="b", why=CANARY),
            Option("Four", uid="c", why=CANARY),
            Option("Six", uid="d", why=CANARY),
        ),
        hints=(CANARY,),
    ),
    "true-false": Question(
        "true-false",
        "The sea is salt.",
        uid="truef1",
        options=(Option("True", right=True, uid="a", why=CANARY), Option("False", uid="b", why=CANARY)),
        hints=(CANARY,),
    ),
    "text": Question(
        "text",
        "Which command?",
        uid="text01",
        accepted=(f"git {CANARY}", CANARY),
        replies=(Reply(CANARY, f"Right: {CANARY}"), Reply("no", f"Wrong: {CANARY}")),
        why=CANARY,
    ),
    "number": Question(
        "number",
        "How heavy?",
        uid="numb01",
        number=Number("73591.25", "0.5", "kg"),
        replies=(Reply("1 ± 2 kg", f"Wrong: {CANARY}"),),
        why=CANARY,
    ),
    "ordering": Question(
        "ordering",
        "In which order?",
        uid="order1",
        entries=tuple(
            Entry(text, uid, CANARY) for text, uid in zip(("One", "Two", "Three", "Four"), "abcd", strict=True)
        ),
        why=CANARY,
    ),
    "matching": Question(
        "matching",
        "What belongs together?",
        uid="match1",
        pairs=(
            Pair("France", "Paris", "a", CANARY),
            Pair("Italy", "Rome", "b"),
            Pair("Spain", "Madrid", "c"),
            Pair("", "Oslo", "d"),
        ),
        why=CANARY,
    ),
    "cloze": Question(
        "cloze",
        "The {{1}} runs `git {{2}}` here.",
        uid="cloze1",
        gaps=(Gap(accepted=(CANARY, f"second {CANARY}")), Gap(choices=("bisect", "blame", "log"))),
        replies=(
            Reply("x", f"Wrong: {CANARY}", 1),
            Reply("bisect", f"Right: {CANARY}", 2),
            Reply("blame", f"Wrong: {CANARY}", 2),
        ),
        why=CANARY,
    ),
    "hotspot": Question(
        "hotspot",
        f"Where is the name of the writer?\n\n![A letter](/media/{'0a' * 32})",
        uid="hotsp1",
        options=(
            Option("Foot", uid="a", why=CANARY, area="5,80 90x15"),
            Option("Head", right=True, uid="b", why=CANARY, area="40,5 55x12.5"),
            Option("Margin", uid="c", why=CANARY, area="5,5 30x12.5"),
            Option("Corner", right=True, uid="d", why=CANARY, area="60,20 35x10"),
        ),
        why=CANARY,
        hints=(CANARY,),
    ),
    "reflection": Question(
        "reflection",
        "What did you learn?",
        uid="refle1",
        model=f"One thing:\n\n* {CANARY}",
        why=CANARY,
        hints=(CANARY,),
    ),
}

SPICE = st.sampled_from(
    [
        "^",
        "^a",
        "^ab1!",
        "=>",
        "\\",
        "\\\\",
        "\\=>",
        "{{",
        "}}",
        "{{1}}",
        "\\{{",
        "|",
        "=",
        "-",
        "`",
        "```",
        "````",
        "~~~",
        "#",
        "##",
        "##",
        "single",
        "#",
        "Quiz",
        ">",
        "Why:",
        "Hint:",
        "Card:",
        "- [ ] x",
        "- [x] y ^b",
        "1. z",
        "= q",
        "!= q",
        "= [1] q",
        "!= [1]",
        "![x](/media/" + "0a" * 32 + ")",
        "- a => b",
        "card: 2",
        "\t",
        "  ",
        "é",
        "日本",
        "\xa0",
        "\u3000",
        "👩\u200d🔬",
    ]
)
CHARS = st.characters(exclude_categories=("Cs",)).filter(lambda c: not UNSEEN.search(c))
WORDS = st.lists(SPICE | st.text(CHARS, max_size=6), max_size=6)
LINE = WORDS.map(" ".join) | WORDS.map("".join)
TEXT = LINE
BLOCK = st.lists(LINE, max_size=6).map("\n".join)
OPTION_ID = st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=4)
NUMBERS = st.builds(
    Number,
    value=st.decimals(-(10**6), 10**6, places=3, allow_nan=False).map(lambda d: "0" if d == 0 else f"{d:f}"),
    tolerance=st.sampled_from(["", "0.5", "12", "0.001"]),
    unit=st.sampled_from(["", "kg", "%", "m/s", "°C", "€"]),
)
PIECES = st.text(CHARS, max_size=8).map(lambda text: text.replace("{", "").replace("}", "").replace("\\", ""))
TENTHS = st.integers(0, 1200).map(lambda n: f"{n / 10:g}")
AREAS = st.tuples(TENTHS, TENTHS, TENTHS, TENTHS).map(lambda sides: "{},{} {}x{}".format(*sides)) | TEXT
NO_GAP = st.just(0)
FORMS = st.lists(st.text(CHARS, min_size=1, max_size=6) | SPICE, min_size=1, max_size=4).map(tuple)


def replies(
    answers: st.SearchStrategy[str], gaps: st.SearchStrategy[int] = NO_GAP
) -> st.SearchStrategy[tuple[Reply, ...]]:
    """What is said to single answers, sound or not."""
    return st.lists(st.builds(Reply, answers, BLOCK, gaps), max_size=4).map(tuple)


@st.composite
def clozes(draw: st.DrawFn) -> dict[str, object]:
    """A stem with numbered gaps, and the gaps."""
    gaps = draw(st.lists(FORMS.map(lambda f: Gap(accepted=f)) | FORMS.map(lambda f: Gap(choices=f)), max_size=4))
    pieces = [draw(PIECES) for _ in range(len(gaps) + 1)]
    stem = pieces[0] + "".join(f"{{{{{n}}}}}{piece}" for n, piece in enumerate(pieces[1:], start=1))
    forms = [form for gap in gaps for form in (*gap.accepted, *gap.choices)]
    said = draw(replies(TEXT | st.sampled_from(forms or [""]), st.integers(1, 5)))
    return {"stem": f"x{stem}x", "gaps": tuple(gaps), "replies": said}


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any question in its normal form: sound or not, with every awkward text we could think of."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    area = AREAS if kind == "hotspot" else st.just("")
    options = st.lists(
        st.builds(Option, TEXT, right=st.booleans(), uid=OPTION_ID, pinned=st.booleans(), why=BLOCK, area=area),
        max_size=5,
    )
    parts: dict[str, object] = {"stem": draw(BLOCK)}
    if kind in ("single", "multiple", "true-false", "hotspot"):
        parts["options"] = tuple(draw(options))
    elif kind == "text":
        accepted = draw(st.lists(TEXT, max_size=4).map(tuple))
        parts |= {"accepted": accepted, "replies": draw(replies(TEXT | st.sampled_from(accepted or ("",))))}
    elif kind == "number":
        amounts = NUMBERS.map(print_key) | TEXT
        parts |= {"number": draw(st.none() | NUMBERS), "replies": draw(replies(amounts))}
    elif kind == "ordering":
        parts["entries"] = draw(st.lists(st.builds(Entry, TEXT, OPTION_ID, BLOCK), max_size=5).map(tuple))
    elif kind == "matching":
        parts["pairs"] = draw(st.lists(st.builds(Pair, TEXT, TEXT, OPTION_ID, BLOCK), max_size=5).map(tuple))
    elif kind == "reflection":
        parts["model"] = draw(BLOCK)
    else:
        parts |= draw(clozes())
    return normal(
        Question(
            kind=kind,
            uid=draw(st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=5, max_size=12) | st.just("")),
            flags=draw(st.frozensets(st.sampled_from(FLAGS))),
            why=draw(BLOCK),
            hints=draw(st.lists(TEXT, max_size=2).map(tuple)),
            card=draw(st.none() | st.integers(1, 99)),
            **parts,  # type: ignore[arg-type]
        )
    )
