"""Everything that is wrong with the files of a folder, each read as what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from normrules.core.problem import NormrulesError, Problem
from normrules.core.rulebook import Rulebook
from normrules.lang.adoption import VenuesText, positions_problems
from normrules.lang.casebook import read_casebook
from normrules.lang.drafts import is_draft
from normrules.lang.history import check_history
from normrules.lang.library import read_program, read_vocabulary
from normrules.lang.loader import load
from normrules.lang.patches import check_patches
from normrules.lang.reader import Source, read_file
from normrules.lang.registers import RegisterText, read_register
from normrules.lang.scenarios import read_scenario
from normrules.lang.streams import read_cases

#: A first key that tells what a YAML file is.
KINDS = (
    "rulebook", "history", "vocabulary", "scenario", "register", "cases", "venues", "positions",
)  # fmt: skip


def check_paths(paths: list[Path]) -> tuple[list[Problem], int]:
    """The problems of files and folders, and how many files were checked.

    Raises NormrulesError for a path that does not exist.
    """
    problems: list[Problem] = []
    files = [file for path in paths for file in _files(path)]
    for file in files:
        problems += check_file(file)
    return problems, len(files)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path).parts
        hidden = any(part.startswith(".") for part in inside)
        register = file.suffix == ".csv" and file.parent.name == "registers"
        if not hidden and (register or file.suffix in (".yaml", ".yml")):
            yield file


def check_file(path: Path) -> list[Problem]:
    """The problems of one file. Raises NormrulesError if it can't be opened."""
    if path.suffix == ".csv" and path.parent.name == "registers":
        return _register(path)
    if path.suffix == ".csv" and path.parent.name == "history":
        return check_file(path.with_suffix(".yaml"))
    if path.suffix not in (".yaml", ".yml"):
        return read_cases(str(path))[1]
    try:
        source = read_file(path)
    except NormrulesError as error:
        if not path.is_file():
            raise
        return [Problem("unreadable", str(error), file=str(path))]
    if source.problems or not isinstance(source.data, dict):
        return load(Rulebook, source)[1]
    return _check_kind(path, source)


def _check_kind(path: Path, source: Source) -> list[Problem]:
    kind = next((kind for kind in KINDS if kind in source.data), None)
    try:
        match kind:
            case "rulebook":
                return _rulebook(path, source)
            case "history":
                return check_history(source)
            case "vocabulary" if "scenario" not in source.data:
                return read_vocabulary(path)[1]
            case "scenario" | "vocabulary":
                return read_scenario(source, path.parent)[1]
            case "register":
                return load(RegisterText, source)[1]
            case "venues":
                return load(VenuesText, source)[1]
            case "positions":
                return positions_problems(source)[1]
            case "cases":
                return read_casebook(path)[1]
    except NormrulesError as error:
        place: tuple[str, ...] = ("cases",) if kind == "cases" else ()
        return [source.placed(Problem("unusable", str(error), place))]
    message = "this file is no rulebook, vocabulary, scenario or register"
    helped = f"its first key tells: one of {', '.join(KINDS)}"
    return [source.placed(Problem("unknown-file", message, help=helped))]


def _rulebook(path: Path, source: Source) -> list[Problem]:
    problems = read_program(path)[1]
    if is_draft(source.data):
        return problems
    book, _ = load(Rulebook, source)
    if book is not None:
        problems += [source.placed(problem) for problem in check_patches(book)]
    return problems


def _register(path: Path) -> list[Problem]:
    if path.name == "states.csv":
        return []
    return read_register(path)[1]
