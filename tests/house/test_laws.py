"""The laws of the house, read from the code itself."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from peerlearn.accounts.rules import PERMISSIONS
from peerlearn.app import FEATURES
from peerlearn.core.gates import gate_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "peerlearn"
FOLDERS = sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists())
SOURCES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
PRIVATE = {"routes", "forms", "listeners"}
MAY_COMMIT = {
    "core/afterwards.py",
    "core/working.py",
    "core/db.py",
    "core/web.py",
    "demo.py",
    "demo_figures.py",
}  # db: ends reading
MAY_COMMIT |= {"core/working.py", "cli.py", "content_commands.py", "exchange_commands.py"}
MAY_MARK_UP = {"core/markdown.py", "core/slots.py", "core/templating.py"}  # templating: texts of the catalogue


def short(path: Path) -> str:
    """A file's path inside the package."""
    return str(path.relative_to(PACKAGE))


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """Every source file with its syntax tree."""
    for path in SOURCES:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """Each import of the package itself: the module and the names taken from it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("peerlearn"):
            yield node.module, [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("peerlearn"):
                    yield alias.name, []


def test_every_folder_stands_on_the_staircase() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    steps = {part.strip().removeprefix("peerlearn.") for line in contracts[0]["layers"] for part in line.split("|")}
    assert set(FOLDERS) == {*FEATURES, "core"}
    assert set(FOLDERS) <= steps
    order = [line.removeprefix("peerlearn.") for line in contracts[0]["layers"] if "|" not in line]
    assert [step for step in reversed(order) if step in FEATURES] == list(FEATURES)


def test_init_files_hold_a_docstring_only() -> None:
    for folder in FOLDERS:
        tree = ast.parse((PACKAGE / folder / "__init__.py").read_text())
        assert ast.get_docstring(tree), f"{folder} does not say what it is"
        assert len(tree.body) == 1, f"{folder}/__init__.py holds code"


def test_private_files_are_not_imported_by_other_features() -> None:
    for path, tree in trees():
        own = short(path).split("/")[0]
        for module, names in imports(tree):
            parts = module.split(".")
            if len(parts) > 1 and parts[1] in FEATURES and parts[1] != own:
                taken = set(parts[2:3]) | (set(names) if len(parts) == 2 else set())
                assert not taken & PRIVATE, f"{short(path)} imports {module} {names}"


def test_nothing_of_the_package_is_imported_inside_functions() -> None:
    for path, tree in trees():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                assert not list(imports(function)), f"{short(path)}: {function.name} imports while it runs"


def test_only_the_request_and_commands_commit() -> None:
    for path in SOURCES:
        if short(path) not in MAY_COMMIT:
            assert "session.commit(" not in path.read_text(), f"{short(path)} commits"


def test_routes_do_not_touch_the_database() -> None:
    for path, tree in trees():
        if path.stem == "routes" or path.stem.endswith("_routes"):
            taken = [(m, n) for m, n in imports(tree) if m == "peerlearn.core.db" and "db" in n]
            assert not taken, f"{short(path)} touches the database"


def test_markup_is_made_in_one_place() -> None:
    for path in SOURCES:
        if short(path) not in MAY_MARK_UP and not short(path).startswith("ui/"):
            assert not re.search(r"\bMarkup\([^)]", path.read_text()), f"{short(path)} makes markup"
    for path in TEMPLATES:
        assert not re.search(r"\|\s*safe\b", path.read_text()), f"{short(path)} trusts text"


def test_names_say_what_a_file_is_about() -> None:
    for path in PACKAGE.rglob("*"):
        assert path.stem not in {"util", "utils", "helpers", "common", "misc", "manager"}, path


def test_nothing_is_left_for_later() -> None:
    for path in [*SOURCES, *TEMPLATES, *PACKAGE.rglob("static/*.js"), *PACKAGE.rglob("static/*.css")]:
        found = re.search(r"TODO|FIXME|XXX|HACK|NotImplementedError", path.read_text(encoding="utf-8"))
        assert not found, f"{short(path)} leaves {found[0]}"


def test_every_public_function_says_what_it_means() -> None:
    for path, tree in trees():
        assert ast.get_docstring(tree) or short(path) == "__init__.py", f"{short(path)} has no docstring"
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{short(path)}: {node.name} has no docstring"


def test_no_file_is_a_landfill() -> None:
    for path in SOURCES:
        lines = len(path.read_text().splitlines())
        assert lines <= 420, f"{short(path)} has {lines} lines"


def test_functions_are_short() -> None:
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60, f"{short(path)}: {node.name} has {length} lines"


@pytest.mark.security
def test_every_route_declares_its_gate_and_every_permission_is_used(base_app: Flask) -> None:
    used: set[str] = set()
    for endpoint, view in base_app.view_functions.items():
        gate = gate_of(view)
        assert gate is not None, f"{endpoint} declares no gate"
        used |= set(gate.permissions)
    assert used == set(PERMISSIONS)


def test_nothing_of_a_request_is_a_coroutine() -> None:
    """Flask is told so, and would hand on what nobody awaits."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
    awaited = [path for path, tree in trees.items() if any(isinstance(n, ast.AsyncFunctionDef) for n in ast.walk(tree))]
    assert awaited == []


def test_addresses_are_kebab_case_and_typed(base_app: Flask) -> None:
    for rule in base_app.url_map.iter_rules():
        bare = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", bare), f"{rule.rule} is not kebab-case"
        for converter, name in re.findall(r"<(?:([a-z_()=,0-9 ]+):)?([a-z_]+)>", rule.rule):
            assert converter or not name.endswith("_id"), f"{rule.rule}: {name} has no type"


@pytest.mark.security
def test_an_undeclared_route_stops_the_start(base_app: Flask) -> None:
    from peerlearn.core.gates import check_gates

    app = Flask("bare")
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(RuntimeError, match="open"):
        check_gates(app)


def test_pages_have_a_title_and_use_what_they_import() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        if '{% extends "ui/layout.html" %}' in text:
            assert "{% block title %}" in text, f"{short(path)} has no title"
        body = re.sub(r"{#.*?#}", "", text, flags=re.DOTALL)
        for names in re.findall(r"{%-? from [^%]+ import ([^%]+?) (?:with context )?-?%}", body):
            for name in names.split(","):
                used = name.split(" as ")[-1].strip()
                assert len(re.findall(rf"\b{used}\b", body)) > 1, f"{short(path)} imports {used} and does not use it"


def test_no_query_hides_in_a_template() -> None:
    for path in TEMPLATES:
        assert "db.session" not in path.read_text(), f"{short(path)} asks the database"
