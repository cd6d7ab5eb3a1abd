"""Events from YAML, CSV, JSON Lines and CloudEvents to cases; coups of the history by name."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from normrules.core.case import Case
from normrules.core.problem import NormrulesError, Problem, Span
from normrules.lang.history import names_history, read_history
from normrules.lang.reader import MAX_BYTES, Source, decoded, read, read_text
from normrules.lang.rows import csv_rows, json_rows
from normrules.lang.scenarios import must_be_read, read_scenario


def load_cases(path: str) -> list[Case]:
    """The cases of a scenario, CSV or JSON Lines file, of standard input (`-`), or of a coup.

    A coup is named as in the history (`niger-2023`); `history` is all of them. Raises
    NormrulesError with every problem.
    """
    cases, problems = read_cases(path)
    return must_be_read(cases, problems, path)


def read_cases(path: str) -> tuple[list[Case], list[Problem]]:
    """The cases of a file, with everything that is wrong with it."""
    if path == "-":
        text = decoded(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input")
        return read_text_cases(text, "standard input", Path.cwd())
    if names_history(path):
        return read_history(path)
    file = Path(path)
    return read_text_cases(read_text(file), str(file), file.parent)


def read_text_cases(text: str, file: str, folder: Path) -> tuple[list[Case], list[Problem]]:
    """The cases of a text: JSON Lines, CSV or YAML, told apart by name, then by looks."""
    kind = _kind(text, file)
    if kind == "yaml":
        return read_scenario(read(text, file), folder)
    source = Source(file, text)
    rows = list(json_rows(text, source) if kind == "jsonl" else csv_rows(text, source))
    header = {"scenario": re.sub(r"[^A-Za-z0-9_.-]", "-", Path(file).stem) or "events"}
    events: list[dict[str, Any]] = []
    for line, raw in rows:
        row = _from_cloud_event(raw) if "specversion" in raw else raw
        if "scenario" in row and "type" not in row:
            header.update(row)
        else:
            path = ("events", len(events))
            source.values[path] = Span(line, 1, line, 2)
            events.append(row)
    if not events and not source.problems:
        what = "a first line that names the columns, then a row for each event"
        helped = what if kind == "csv" else "one JSON object a line, one for each event"
        source.problems.append(Problem("empty", "there is no event in this file", help=helped))
    source.problems = [source.placed(problem) for problem in source.problems]
    if not events:
        return [], source.problems
    source.data = {**header, "events": events}
    return read_scenario(source, folder)


def _kind(text: str, file: str) -> str:
    suffix = Path(file).suffix.lower()
    if suffix in (".jsonl", ".ndjson", ".json"):
        return "jsonl"
    if suffix == ".csv":
        return "csv"
    if suffix in (".yaml", ".yml"):
        return "yaml"
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lstrip().startswith("{") and '"' in first:
        return "jsonl"
    return "csv" if re.match(r"^[a-z_]+(,[a-z_]+)+\s*$", first) else "yaml"


def _from_cloud_event(row: Mapping[str, Any]) -> dict[str, Any]:
    """A CloudEvents 1.0 object as an event: subject is the case, data the attributes.

    >>> _from_cloud_event({"specversion": "1.0", "id": "7", "type": "condemn", "subject": "x",
    ...                    "time": "2024-01-01T00:00Z", "data": {"by": "au_psc"}})["case"]
    'x'
    """
    data = row.get("data")
    event = {key: row[key] for key in ("id", "type", "time", "source") if key in row}
    event |= data if isinstance(data, dict) else {}
    if "subject" in row:
        event.setdefault("case", row["subject"])
    return event


def load_many(paths: list[str]) -> list[Case]:
    """The cases of several files, in order. Raises NormrulesError with all their problems."""
    cases: list[Case] = []
    problems: list[Problem] = []
    broken = []
    for path in paths:
        found, complaints = read_cases(path)
        cases += found
        problems += complaints
        if not found:
            broken.append(path)
    if broken or any(problem.severity == "error" for problem in problems):
        names = ", ".join(f"`{name}`" for name in broken)
        raise NormrulesError(f"{names or 'the scenario'} can't be evaluated", problems)
    return cases
