"""The shipped history of coups and responses: any coup of the table by its name, as a case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from normrules.core.case import Case
from normrules.core.problem import NormrulesError, Problem, Span, did_you_mean
from normrules.core.time import Instant, TimeLimit, day
from normrules.core.vocabulary import Vocabulary
from normrules.core.written import DayText, Written
from normrules.lang.library import load_vocabulary
from normrules.lang.loader import load
from normrules.lang.reader import Source, read_file, read_text
from normrules.lang.rows import csv_rows
from normrules.lang.scenarios import must_be_read, read_scenario
from normrules.lang.shelf import find_vocabulary, is_file, shipped

#: The name of the whole table, where a coup's name is expected.
ALL = "history"
#: The id of the opening event in its case; responses follow it.
OPENING = "coup"
#: What a case is judged over at least: see `_horizon`.
WINDOW = TimeLimit.parse("P1Y")

Basis = Literal["official", "secondary", "memory"]
Row = tuple[int, dict[str, Any]]


class TableText(Written):
    """What is said about a table of the history: `<table>.yaml` beside the CSV."""

    name: Literal["coups", "responses"] = Field(alias="history")
    title: str
    vocabulary: str = "anti-coup"
    until: DayText
    licence: str
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class CompleteText(Written):
    """The types of event that the record of one case holds completely."""

    case: str
    types: tuple[str, ...] = Field(min_length=1)
    basis: Basis
    source: str


class SilenceText(Written):
    """What a body is known not to have done in a case; `forms` narrows what is meant."""

    case: str
    by: str
    no: tuple[str, ...] = Field(min_length=1)
    forms: tuple[str, ...] = ()
    basis: Basis
    source: str
    note: str | None = None


class CompletenessText(Written):
    """`completeness.yaml`: what is recorded completely, and the silences that are recorded."""

    name: Literal["completeness"] = Field(alias="history")
    title: str
    licence: str
    notes: tuple[str, ...] = ()
    complete: tuple[CompleteText, ...] = ()
    silences: tuple[SilenceText, ...] = ()


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of the history with their lines, and what is said about them."""

    folder: Path
    vocabulary: Vocabulary
    until: Instant
    coups: Mapping[str, Row]
    responses: Mapping[str, tuple[Row, ...]]
    completeness: CompletenessText


def history_case(id: str) -> Case:
    """The case of one coup. Raises NormrulesError, with near names for an unknown one.

    >>> history_case("niger-2023").country
    'NER'
    """
    return history_cases([id])[0]


def history_cases(ids: Iterable[str] | None = None) -> list[Case]:
    """The cases of some coups, or of all, in order of time. Raises NormrulesError."""
    cases: list[Case] = []
    for name in history_names() if ids is None else ids:
        found, problems = read_history(name)
        cases += must_be_read(found, problems, name)
    return cases


def history_names() -> list[str]:
    """The names of all coups in the history, in order of time."""
    return list(load_tables().coups)


def silences(case: str | None = None) -> tuple[SilenceText, ...]:
    """What bodies are recorded not to have done, in one case or in all."""
    found = load_tables().completeness.silences
    return tuple(silence for silence in found if case in (None, silence.case))


def names_history(name: str) -> bool:
    """Whether a name is meant as a coup of the history: no suffix, no folder, no such file."""
    return re.fullmatch(r"[a-z0-9-]*[a-z0-9]", name) is not None and not is_file(Path(name))


def read_history(name: str = ALL) -> tuple[list[Case], list[Problem]]:
    """One coup's case, or all of them, with everything that is wrong with their rows.

    Raises NormrulesError for an unknown name.
    """
    tables = load_tables()
    if name != ALL and name not in tables.coups:
        near = did_you_mean(name, [*tables.coups, ALL], "there are")
        raise NormrulesError(f"there is no file `{name}`, and no coup of that name: {near}")
    cases: list[Case] = []
    problems: list[Problem] = []
    for coup in tables.coups if name == ALL else [name]:
        found, complaints = _read_case(tables, coup)
        cases += found
        problems += complaints
    return cases, problems


@lru_cache(maxsize=1)
def load_tables() -> Tables:
    """The tables of the history. Raises NormrulesError with every problem of their shape."""
    folder = shipped() / ALL
    problems: list[Problem] = []
    said = _said(TableText, folder / "coups.yaml", problems)
    _said(TableText, folder / "responses.yaml", problems)
    completeness = _said(CompletenessText, folder / "completeness.yaml", problems)
    coups = _coups(folder / "coups.csv", problems)
    responses = _responses(folder / "responses.csv", coups, problems)
    if problems or said is None or completeness is None:
        raise NormrulesError("the history can't be read", problems)
    vocabulary = load_vocabulary(find_vocabulary(said.vocabulary, folder))
    return Tables(folder, vocabulary, day(said.until).hi, coups, responses, completeness)


def check_history(source: Source) -> list[Problem]:
    """Every problem of a YAML file of the history; under `coups`, of the tables too."""
    name = source.data.get(ALL)
    model = CompletenessText if name == "completeness" else TableText
    problems = load(model, source)[1]
    if name != "coups" or problems:
        return problems
    try:
        return read_history()[1]
    except NormrulesError as error:
        return list(error.problems) or [source.placed(Problem(ALL, str(error)))]


# ------------------------------------------------------------ reading


def _said(model: type[Any], path: Path, problems: list[Problem]) -> Any:
    text, complaints = load(model, read_file(path))
    problems += complaints
    return text


def _coups(path: Path, problems: list[Problem]) -> dict[str, Row]:
    coups: dict[str, Row] = {}
    for line, row in _rows(path, ("id", "country", "type", "time", "basis", "source"), problems):
        if row["id"] in coups:
            problems.append(_problem(path, line, f"there are two coups `{row['id']}`"))
        coups[row["id"]] = line, row
    return coups


def _responses(
    path: Path, coups: Mapping[str, Row], problems: list[Problem]
) -> dict[str, tuple[Row, ...]]:
    dealt: dict[str, list[Row]] = {name: [] for name in coups}
    for line, row in _rows(path, ("case", "id", "type", "time", "basis", "source"), problems):
        if row["case"] not in dealt:
            near = did_you_mean(row["case"], dealt)
            problems.append(_problem(path, line, f"there is no coup `{row['case']}`", near))
        else:
            dealt[row["case"]].append((line, row))
    return {name: tuple(rows) for name, rows in dealt.items()}


def _rows(path: Path, needed: tuple[str, ...], problems: list[Problem]) -> Iterator[Row]:
    """The rows in which nothing needed is missing."""
    source = Source(str(path), read_text(path))
    for line, row in csv_rows(source.text, source):
        missing = [column for column in needed if column not in row]
        if missing:
            problems.append(_problem(path, line, f"`{missing[0]}` is missing"))
        elif row["basis"] not in ("official", "secondary", "memory"):
            problems.append(_problem(path, line, f"`{row['basis']}` is no basis"))
        else:
            yield line, row
    problems += [source.placed(problem) for problem in source.problems]


def _problem(path: Path, line: int, message: str, help: str | None = None) -> Problem:
    return Problem(ALL, message, file=str(path), span=Span(line, 1, line, 2), help=help)


# ------------------------------------------------------------ cases


def _read_case(tables: Tables, name: str) -> tuple[list[Case], list[Problem]]:
    """One case, read as a scenario would be: the rows are its events."""
    line, coup = tables.coups[name]
    rows = ((line, _opening(coup, tables.vocabulary)), *map(_response, tables.responses[name]))
    source = Source(str(tables.folder / "responses.csv"), "")
    source.data = _scenario(tables, name, coup, [row for _, row in rows])
    for index, (at_line, _) in enumerate(rows):
        source.values["events", index] = Span(at_line, 1, at_line, 2)
    cases, problems = read_scenario(source, tables.folder)
    placed = [_at_home(problem, tables.folder) for problem in problems]
    return [replace(case, horizon=_horizon(tables, name, case)) for case in cases], placed


def _opening(coup: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    kept = {k: v for k, v in coup.items() if k not in vocabulary.case and k not in _OF_THE_CASE}
    return {**kept, "id": OPENING}


_OF_THE_CASE = ("id", "title", "cow", "zone", "basis", "note", "country")


def _response(row: Row) -> Row:
    line, cells = row
    return line, {key: value for key, value in cells.items() if key != "basis"}


def _scenario(
    tables: Tables, name: str, coup: Mapping[str, Any], events: list[dict[str, Any]]
) -> dict[str, Any]:
    completeness = tables.completeness
    notes = [coup["note"]] if "note" in coup else []
    notes += [
        _sentence(silence, tables.vocabulary)
        for silence in completeness.silences
        if silence.case == name
    ]
    header = {
        "scenario": name,
        "title": coup.get("title", name),
        "vocabulary": tables.vocabulary.vocabulary,
        "country": coup["country"],
        "state": {key: coup[key] for key in tables.vocabulary.case if key in coup},
        "complete": [
            t for entry in completeness.complete if entry.case == name for t in entry.types
        ],
        "notes": notes,
        "events": events,
    }
    return header | ({"zone": coup["zone"]} if "zone" in coup else {})


def _sentence(silence: SilenceText, vocabulary: Vocabulary) -> str:
    """A recorded silence, in words."""
    titles = [vocabulary.all_actions[name].title for name in silence.no]
    acts = "; ".join(title[:1].lower() + title[1:] for title in titles)
    forms = " or ".join(form.replace("_", " ") for form in silence.forms)
    body = vocabulary.bodies[silence.by].title
    note = f" {silence.note}" if silence.note else ""
    by_form = f", by {forms}" if forms else ""
    return f"{body} did not{by_form}: {acts}.{note} ({silence.basis}: {silence.source})"


def _horizon(tables: Tables, name: str, case: Case) -> Instant:
    """The end of the last event, or of the year after the coup if that is later.

    A coup that nobody answered, judged on its own day, would say nothing; a year covers every
    deadline of the regimes here that runs from the coup. The year stops where the country's
    next case opens, and at the day until which the tables were gathered.
    """
    opens = case.opening.time
    country = tables.coups[name][1]["country"]
    later = [
        day(str(row["time"])).lo
        for _, row in tables.coups.values()
        if row["country"] == country and day(str(row["time"])).lo > opens.hi
    ]
    year = min([WINDOW.after(opens.hi), tables.until, *(start - 1 for start in later)])
    return max(case.horizon, year)


def _at_home(problem: Problem, folder: Path) -> Problem:
    """A problem of the opening event stands in the other table."""
    at_opening = problem.path[:2] == ("events", 0)
    return replace(problem, file=str(folder / "coups.csv")) if at_opening else problem
