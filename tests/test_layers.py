"""The house: imports point one way, modules stay small, and every public name says what it is."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "normrules"
MODULES = sorted(PACKAGE.rglob("*.py"))
#: Each imports only what stands before it. The door and the package itself stand beside it.
LAYERS = (
    "core", "lang", "engine", "analysis", "practice", "drafting", "discretion", "ledger", "show",
    "door", "web", "cli",
)  # fmt: skip
#: A module longer than this is several.
LONGEST = 350
SHORT_NAMES = {"utils", "helpers", "common", "base", "manager"}


def name_of(path: Path, package: Path = PACKAGE) -> str:
    parts = [package.name, *path.relative_to(package).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path) for path in MODULES}


def layer_of(module: str) -> str:
    """The first step inside the package; `door` for the package itself, `cli` for its start."""
    step = f"{module}.door".split(".")[1]
    return "cli" if step == "__main__" else step


def imports_of(tree: ast.AST, known: set[str] = NAMES) -> Iterator[str]:
    """The modules of the package that a piece of code imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (
                alias.name for alias in node.names if alias.name.split(".")[0] == "normrules"
            )
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            module = node.module or ""
            if module.split(".")[0] == "normrules":
                for alias in node.names:
                    inner = f"{module}.{alias.name}"
                    yield inner if inner in known else module


def at_import_time(tree: ast.Module) -> ast.Module:
    """The code without what only runs when called, and without what is only for type checkers."""

    class Outside(ast.NodeTransformer):
        def generic_visit(self, node):
            called = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            typed = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            return None if called or typed else super().generic_visit(node)

    return Outside().visit(tree)


def arrows_back(module: str, tree: ast.AST, known: set[str] = NAMES) -> list[str]:
    """The imports of a module that point to a later layer."""
    own = LAYERS.index(layer_of(module))
    return [name for name in imports_of(tree, known) if LAYERS.index(layer_of(name)) > own]


def circle(graph: dict[str, set[str]]) -> list[str] | None:
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return None


def nameless(tree: ast.Module) -> Iterator[str]:
    """The public modules, classes, functions and methods without a docstring."""
    if ast.get_docstring(tree) is None:
        yield "the module"
    yield from _nameless(tree, "")


def _nameless(scope: ast.AST, prefix: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.startswith("_") or _repeats(node):
            continue
        if ast.get_docstring(node) is None:
            yield f"{prefix}{node.name} (line {node.lineno})"
        if isinstance(node, ast.ClassDef):
            yield from _nameless(node, f"{node.name}.")


def _repeats(node: ast.AST) -> bool:
    """Whether a function is an overload: its last form says what it does."""
    return any("overload" in ast.unparse(mark) for mark in getattr(node, "decorator_list", ()))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path):
    module = name_of(path)
    assert layer_of(module) in LAYERS, f"{module} stands in no layer"
    assert arrows_back(module, ast.parse(path.read_text(encoding="utf-8"))) == []


def test_an_arrow_that_points_back_is_found():
    code = ast.parse("def late():\n    from normrules.engine.meaning import evaluate")
    assert arrows_back("normrules.lang.reader", code) == ["normrules.engine.meaning"]
    assert arrows_back("normrules.analysis.scale", code) == []
    assert arrows_back("normrules.show.text", ast.parse("import normrules")) == ["normrules"]


def test_only_the_command_line_and_the_web_come_in_by_the_door():
    for path in MODULES:
        module = name_of(path)
        used = set(imports_of(ast.parse(path.read_text(encoding="utf-8"))))
        if used & {"normrules", "normrules.door"}:
            assert layer_of(module) in ("door", "cli", "web"), module


def test_no_circle_of_imports():
    graph = {
        name_of(path): set(imports_of(at_import_time(ast.parse(path.read_text(encoding="utf-8")))))
        for path in MODULES
    }
    assert circle(graph) is None


def test_a_circle_of_imports_is_found():
    assert set(circle({"a": {"b"}, "b": {"a"}}) or ()) == {"a", "b"}
    lazy = ast.parse(
        "def f():\n    import normrules.core.time\nif TYPE_CHECKING:\n    import normrules"
    )
    assert list(imports_of(at_import_time(lazy))) == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_public_name_says_what_it_is(path):
    assert list(nameless(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_a_name_without_a_docstring_is_found():
    code = ast.parse(
        '"""M."""\nclass A:\n    """A."""\n    def b(self): ...\ndef _c(): ...\ndef d(): ...'
    )
    assert list(nameless(code)) == ["A.b (line 4)", "d (line 6)"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_small_and_a_noun(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST, f"{lines} lines: it is several modules"
    assert path.stem not in SHORT_NAMES
