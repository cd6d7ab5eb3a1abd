"""Where shipped and own rulebooks, vocabularies and registers stand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from normrules.core.problem import NormrulesError, did_you_mean


def shipped() -> Path:
    """The folder of shipped rulebooks: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parents[1]
    packed, beside = package / "rulebooks", package.parent / "rulebooks"
    return packed if packed.is_dir() else beside


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have names none.

    `Path.is_file` raises OSError for one that is too long.
    """
    return os.path.isfile(path)  # noqa: PTH113


def shelves() -> list[Path]:
    """The folders searched, in order: NORMRULES_PATH, then the shipped one."""
    own = [Path(part) for part in os.environ.get("NORMRULES_PATH", "").split(os.pathsep) if part]
    return [*own, shipped()]


def _books(shelves_: tuple[Path, ...]) -> Iterator[tuple[str, Path]]:
    for shelf in shelves_:
        for path in sorted(shelf.glob("**/*.yaml")):
            inside = path.relative_to(shelf).parts
            if inside[0] in ("vocabularies", "registers", "schema", "history"):
                continue
            if "." not in path.stem:  # cases, venues and positions say what they are: NAME.cases
                yield path.stem, path


@cache
def _catalogue(shelves_: tuple[Path, ...]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for name, path in _books(shelves_):
        found.setdefault(name, path)
    return found


def catalogue() -> dict[str, Path]:
    """Every rulebook on the shelves, by name; the first shelf wins."""
    return _catalogue(tuple(shelves()))


def find_book(name: str) -> Path:
    """The file of a rulebook, given a path or a name. Raises NormrulesError with near names."""
    if name.endswith((".yaml", ".yml")) or os.sep in name:
        return Path(name)
    books = catalogue()
    if name not in books:
        raise NormrulesError(
            f"there is no rulebook `{name}`: {did_you_mean(name, books, 'there are')}"
        )
    return books[name]


def find_vocabulary(name: str, beside: Path) -> Path:
    """The file of a vocabulary: a path relative to `beside`, or a name on the shelves."""
    if name.endswith((".yaml", ".yml")):
        return beside / name
    known = vocabularies()
    if name not in known:
        raise NormrulesError(
            f"there is no vocabulary `{name}`: {did_you_mean(name, known, 'there are')}"
        )
    return known[name]


def vocabularies() -> dict[str, Path]:
    """Every vocabulary on the shelves, by name; the first shelf wins."""
    found: dict[str, Path] = {}
    for shelf in shelves():
        for path in sorted((shelf / "vocabularies").glob("*.yaml")):
            found.setdefault(path.stem, path)
    return found


def find_register(name: str, beside: Path) -> Path | None:
    """The CSV file of a register: `registers/` beside the rulebook, or on the shelves."""
    for folder in (beside / "registers", beside, *(shelf / "registers" for shelf in shelves())):
        path = folder / f"{name}.csv"
        if is_file(path):
            return path
    return None


def register_names(beside: Path) -> list[str]:
    """The names of all registers that a rulebook in this folder can use."""
    folders = (beside / "registers", *(shelf / "registers" for shelf in shelves()))
    return sorted({path.stem for folder in folders for path in folder.glob("*.csv")})
