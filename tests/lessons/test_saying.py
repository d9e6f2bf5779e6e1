"""Whatever is wrong in a file is said in two parts: what it is, and how to mend it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import peerlearn
from peerlearn.core.words import Said
from peerlearn.lessons import lint
from peerlearn.lessons.fileformat import parse
from peerlearn.lessons.inspection import RULES
from peerlearn.quizzes import textform
from peerlearn.quizzes.kinds.registry import KINDS
from tests.lessons.test_lint import CHANGES, GOOD, KNOWN

HOUSE = Path(peerlearn.__file__).parent
VERBS = {
    *(
        "add",
        "ask",
        "begin",
        "change",
        "check",
        "choose",
        "close",
        "correct",
        "decide",
        "delete",
        "draw",
        "drop",
        "end",
        "export",
    ),
    *("give", "import", "keep", "leave", "let", "link", "lower", "make", "mark", "mend", "move", "name", "put"),
    *("remove", "rename", "replace", "save", "say", "shorten", "show", "split", "take", "try", "use", "withdraw"),
    *("write", "two lessons never share an id: change", "if it is real, use"),
}
"""How a sentence begins that says what to do."""


def said() -> Iterator[tuple[str, str, str]]:
    """Every pair in the code: where it stands, and its two sentences."""
    for path in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Said":
                what, how = ("".join(_texts(part)) for part in node.args)
                yield f"{path.relative_to(HOUSE)}:{node.lineno}", what, how


def _texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


ALL = list(said())


def test_both_parts_are_said_everywhere_and_the_second_tells_what_to_do() -> None:
    assert len(ALL) > 120
    wrong = []
    for place, what, how in ALL:
        if what and not what.endswith((".", "!")):
            wrong.append(f"{place}: {what}")
        if how and not (how.endswith((".", "!")) and any(how.casefold().startswith(verb) for verb in VERBS)):
            wrong.append(f"{place}: {how}")
        if not what and not how:
            wrong.append(place)
    assert not wrong, "\n".join(wrong)


def test_nothing_is_said_of_a_file_in_another_way() -> None:
    """`error`, `hint` and `say` take both parts; a bare sentence would not be one."""
    for function in (textform.error, lint.say):
        assert str(inspect.signature(function).parameters["said"].annotation) == Said.__name__


@pytest.mark.parametrize("rule", RULES, ids=[rule.__name__ for rule in RULES])
def test_every_rule_says_how(rule: object) -> None:
    """No rule but has a pair in what it is made of: its own text, or what it calls in its module."""
    source = inspect.getsource(inspect.getmodule(rule) or lint)
    tree = ast.parse(source)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    names, seen = [getattr(rule, "__name__", "")], set[str]()
    reached: set[str] = set()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        called = (
            {node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)}
            if name in functions
            else {name}
        )
        reached |= called
        names += called & functions.keys()
    paired = {"Said", "ADVICE", "SAME_TEXT", "SHARED_TEXT", "too_complex", "UNKNOWN"}
    assert reached & paired, rule


def test_what_is_found_in_a_lesson_says_both() -> None:
    for old, new, _code, _level in CHANGES:
        for problem in lint.lint(parse(GOOD.replace(old, new, 1)), KNOWN):
            assert problem.said.what
            assert problem.said.how
            assert problem.message == f"{problem.said.what} {problem.said.how}" % dict(problem.values)


WITHOUT = {
    "single": "- [x] One\n- [ ] Two\n- [ ] Three",
    "multiple": "- [x] One\n- [x] Two\n- [ ] Three",
    "true-false": "- [x] True\n- [ ] False",
    "text": "= one",
    "number": "= 12.5 ± 0.5 kg",
    "ordering": "1. One\n2. Two\n3. Three",
    "matching": "- one => first\n- two => second\n- three => third",
    "cloze": "",
    "hotspot": "- [x] One => 10,10 20x20\n- [ ] Two => 50,50 20x20",
    "reflection": "= This.",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_without_an_explanation_is_an_error_for_every_kind_that_is_marked(kind: str) -> None:
    stem = (
        f"Where?\n\n![x](/media/{'a' * 64})" if kind == "hotspot" else "It is {{one}}." if kind == "cloze" else "What?"
    )
    whys = {
        p.code
        for p in textform.parse(f"# Quiz\n\n## {kind}\n\n{stem}\n\n{WITHOUT[kind]}\n").problems
        if "why" in p.code
    }
    assert whys == ({"no-why"} if KINDS[kind].why_required else {"no-option-why"} if kind != "reflection" else set())
    whole = GOOD.partition("## single scenario")[0] + f"## {kind}\n\n{stem}\n\n{WITHOUT[kind]}\n"
    assert {p.level for p in lint.lint(parse(whole), KNOWN) if p.code in whys} == ({"error"} if whys else set())


@pytest.mark.parametrize("rest", ["", "# Quiz\n", "# Quiz\n\n## reflection\n\nWhat?\n\n= This.\n"])
def test_a_lesson_without_a_question_that_counts_is_an_error(rest: str) -> None:
    codes = {p.code: p.level for p in lint.lint(parse(GOOD.partition("# Quiz")[0] + rest), KNOWN)}
    assert codes.get("no-questions" if "##" not in rest else "few-questions") == "error"
