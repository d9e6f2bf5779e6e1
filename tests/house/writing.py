"""Which deeds write what the life of a lesson is made of, read from the code: directly, or through what they call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODELS = frozenset({"Lesson", "Revision", "Review", "Remark", "RemarkReply", "LessonMerge", "LessonTeam"})
"""What a lesson's life is kept in: its state and text, who may do what with it, and what is said about it."""
COLUMNS = frozenset(
    """
    state source published_id classification check_on minutes_allowed owner_id claimed_by_id claimed_until
    first_right_id first_approved_by_id decided_by_id handed_up_at widened_at goes_live_at ended_at
    """.split()
)
STATEMENTS = frozenset({"update", "insert", "insert_into", "delete"})
NAMES = frozenset({"lesson", "revision", "review", "draft", "remark"})
HOME = ("peerlearn.lessons", "peerlearn.review", "peerlearn.verification")
DEMO = ("demo", "seed")


@dataclass
class Module:
    """A file of the product: its functions, what its names stand for, and which of its functions are deeds."""

    name: str
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # a name here, and the dotted name of what it is
    deeds: set[str] = field(default_factory=set)
    statements: set[str] = field(default_factory=set)  # that write, by the names under which they are kept


def modules() -> dict[str, Module]:
    """Every file of the product, by its dotted name."""
    found = {}
    for path in sorted((ROOT / "peerlearn").rglob("*.py")):
        if path.name.startswith(DEMO):
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name] = _read(name, ast.parse(path.read_text(encoding="utf-8")))
    return found


def _read(name: str, tree: ast.Module) -> Module:
    module = Module(name)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            module.names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    for node in tree.body:
        kept = (
            [node.target] if isinstance(node, ast.AnnAssign) else node.targets if isinstance(node, ast.Assign) else []
        )
        if kept and any(map(_makes, ast.walk(node))):
            module.statements |= {one.id for one in kept if isinstance(one, ast.Name)}
        if isinstance(node, ast.FunctionDef):
            module.functions[node.name] = node
            if any(isinstance(one, ast.Name) and one.id == "deed" for one in node.decorator_list):
                module.deeds.add(node.name)
    return module


def writes(function: ast.FunctionDef, module: Module) -> bool:
    """Whether a function itself changes one of these rows: sets a column of it, makes one, or writes a statement.

    In features that have states of their own, only names that say what they stand for count.
    """
    is_elsewhere = not module.name.startswith(HOME)
    for node in ast.walk(function):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        )
        if any(_is_column(part, is_elsewhere) for target in targets for part in ast.walk(target)):
            return True
        if isinstance(node, ast.Name) and node.id in module.statements:
            return True
        if _makes(node):
            return True
    return False


def _makes(node: ast.AST) -> bool:
    """Whether this makes such a row, or a statement that writes some."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    return node.func.id in MODELS or bool(node.func.id in STATEMENTS and node.args and _model(node.args[0]) in MODELS)


def _is_column(node: ast.AST, is_elsewhere: bool) -> bool:
    if not isinstance(node, ast.Attribute) or node.attr not in COLUMNS:
        return False
    name = node.value.id if isinstance(node.value, ast.Name) else ""
    return name in NAMES if is_elsewhere else name != "self"


def _model(node: ast.expr) -> str:
    if isinstance(node, ast.Call) and node.args:
        return _model(node.args[0])  # table_of(Lesson)
    return node.id if isinstance(node, ast.Name) else ""


def called(module: Module, function: ast.FunctionDef, known: dict[str, Module]) -> Iterator[tuple[str, str]]:
    """What a function names of the product's functions, as (module, function): it may call them."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            if node.id in module.functions:
                yield module.name, node.id
            yield from _resolved(module.names.get(node.id, ""), known)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield from _resolved(f"{module.names.get(node.value.id, '')}.{node.attr}", known)


def _resolved(dotted: str, known: dict[str, Module]) -> Iterator[tuple[str, str]]:
    place, _, name = dotted.rpartition(".")
    module = known.get(place)
    if module is None:
        return
    if name in module.functions:
        yield place, name
    elif name in module.names:  # handed on
        yield from _resolved(module.names[name], known)


def writing_deeds() -> set[str]:
    """The deeds that write it, as "feature.module.function"."""
    known = modules()
    calls = {
        (module.name, name): set(called(module, function, known))
        for module in known.values()
        for name, function in module.functions.items()
    }
    writing = {
        (module.name, name)
        for module in known.values()
        for name, one in module.functions.items()
        if writes(one, module)
    }
    while more := {one for one, reached in calls.items() if one not in writing and reached & writing}:
        writing |= more
    return {f"{module}.{name}".removeprefix("peerlearn.") for module, name in writing if name in known[module].deeds}
