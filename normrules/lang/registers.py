"""Register files (one CSV, and one YAML for its span) to registers."""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from normrules.core.problem import MOST_PROBLEMS, NormrulesError, Problem, did_you_mean
from normrules.core.problem import Span as Place
from normrules.core.register import UNBOUNDED_END, Membership, Register, Span, edge
from normrules.core.time import DAY, NEVER, Interval
from normrules.core.written import DayText, Written
from normrules.lang.loader import load
from normrules.lang.reader import read_file, read_text
from normrules.lang.shelf import shipped

COLUMNS = ("register", "member", "cow", "from", "to", "basis", "source")
_BASES = ("official", "secondary", "memory")


class _Complete(Written):
    from_: DayText = Field(alias="from")
    to: DayText | None = None


class RegisterText(Written):
    """What is said about a register: `<register>.yaml` beside the CSV."""

    name: str = Field(alias="register")
    title: str
    complete: _Complete | None = None
    licence: str | None = None
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_register(path: Path) -> tuple[Register | None, list[Problem]]:
    """Read a register and everything that is wrong with it."""
    said, problems = _read_said(path.with_suffix(".yaml"))
    text = read_text(path)
    rows: dict[str, list[Membership]] = {}
    for line, row in _rows(text, path, problems):
        membership = _membership(row, path, line, problems)
        if membership:
            _add(membership, rows, path, line, problems)
        if len(problems) > MOST_PROBLEMS:
            break
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    complete = said.complete if said else None
    return Register(
        path.stem,
        said.title if said else path.stem,
        _complete_span(complete) if complete else None,
        MappingProxyType({member: tuple(stays) for member, stays in rows.items()}),
    ), problems


def _complete_span(text: _Complete) -> Span:
    """The span of a register's completeness; the last day named is inside."""
    if text.to is None:
        return Span(edge(text.from_))
    last = edge(text.to)
    return Span(edge(text.from_), Interval(last.lo + DAY, last.hi + DAY))


def load_register(path: Path) -> Register:
    """Read a register that must be right. Raises NormrulesError with its problems."""
    register, problems = read_register(path)
    if register is None:
        raise NormrulesError(f"`{path}` can't be used", problems)
    return register


def _read_said(path: Path) -> tuple[RegisterText | None, list[Problem]]:
    if not path.is_file():
        return None, []
    return load(RegisterText, read_file(path))


def _rows(
    text: str, path: Path, problems: list[Problem]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        missing = [
            c for c in ("register", "member", "from", "to") if c not in (reader.fieldnames or ())
        ]
        if missing:
            problems.append(_problem(path, 1, f"the column `{missing[0]}` is missing"))
            return
        for row in reader:
            if None in row:
                problems.append(_problem(path, reader.line_num, "more cells than columns"))
            else:
                yield reader.line_num, {k: (v or "").strip() for k, v in row.items()}
    except csv.Error as error:
        problems.append(_problem(path, reader.line_num + 1, f"this is no CSV: {error}"))


def _membership(
    row: Mapping[str, str], path: Path, line: int, problems: list[Problem]
) -> Membership | None:
    before = len(problems)
    if row["register"] != path.stem:
        problems.append(_problem(path, line, f"`{row['register']}` is not this file's register"))
    _check_codes(row, path, line, problems)
    if row.get("basis") and row["basis"] not in _BASES:
        problems.append(_problem(path, line, f"`{row['basis']}` is no basis: {', '.join(_BASES)}"))
    try:
        span = Span(edge(row["from"]), _end(row["to"]))
    except ValueError as error:
        problems.append(_problem(path, line, str(error)))
        return None
    if span.end.hi < span.start.lo or span.end == span.start:
        problems.append(_problem(path, line, f"`to` {row['to']} is not after `from` {row['from']}"))
    if len(problems) > before:
        return None
    return Membership(row["member"], span, row.get("basis", ""), row.get("source", ""))


def _check_codes(row: Mapping[str, str], path: Path, line: int, problems: list[Problem]) -> None:
    """The state's two codes, against the table of states."""
    known = _states(path.parent)
    member, cow = row["member"], row.get("cow", "")
    if member not in known:
        helped = did_you_mean(member, known) if member else "three capitals, such as NER"
        message = f"`{member}` is no ISO 3166 alpha-3 code of a state"
        problems.append(_problem(path, line, message, helped))
    elif cow != known[member]:
        message = f"the Correlates of War code of {member} is `{known[member]}`, not `{cow}`"
        problems.append(_problem(path, line, message))


def _states(folder: Path) -> Mapping[str, str]:
    """The ISO code of each state with its Correlates of War code."""
    beside = folder / "states.csv"
    return _read_states(beside if beside.is_file() else shipped() / "registers" / "states.csv")


@cache
def _read_states(path: Path) -> Mapping[str, str]:
    rows = csv.DictReader(io.StringIO(read_text(path)))
    return {row["iso3"]: row["cow"] for row in rows}


@cache
def world() -> Register:
    """The states of the international system, each while it was one.

    Members of organisations that are no states of the system are not in it. Source: the
    Correlates of War project, State System Membership.
    """
    rows: dict[str, list[Membership]] = {}
    path = shipped() / "registers" / "states.csv"
    for row in csv.DictReader(io.StringIO(read_text(path))):
        if row["from"]:
            span = Span(edge(row["from"]), _end(row["to"]))
            rows.setdefault(row["iso3"], []).append(Membership(row["iso3"], span, "secondary", ""))
    stays = {state: tuple(found) for state, found in rows.items()}
    return Register("states", "States of the international system", None, MappingProxyType(stays))


def _end(text: str) -> Interval:
    """The end of a stay: a date, nothing (for ever), or `DATE/..`: then or later, if at all."""
    if text.endswith("/.."):
        return Interval(edge(text.removesuffix("/..")).lo, NEVER)
    return edge(text) if text else UNBOUNDED_END


def _add(
    row: Membership,
    rows: dict[str, list[Membership]],
    path: Path,
    line: int,
    problems: list[Problem],
) -> None:
    stays = rows.setdefault(row.member, [])
    place = bisect_right(stays, row.span.start.lo, key=lambda stay: stay.span.start.lo)
    for other in stays[max(0, place - 1) : place + 1]:
        if row.span.start.lo < other.span.end.lo and other.span.start.lo < row.span.end.lo:
            problems.append(_problem(path, line, f"two stays of {row.member} overlap"))
            return
    stays.insert(place, row)


def _problem(path: Path, line: int, message: str, help: str | None = None) -> Problem:
    return Problem("register", message, file=str(path), span=Place(line, 1, line, 2), help=help)
