"""CSV and JSON Lines to rows: one mapping of names to values a line, each with its line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from normrules.core.problem import MOST_PROBLEMS, Problem, Span, add
from normrules.lang.reader import MAX_DEPTH, MAX_DIGITS, Source, half

Row = tuple[int, dict[str, Any]]
#: Columns whose cells hold several values, separated by `;`.
_LISTS = ("by", "under", "vetoes", "case", "follows")
#: Columns that stay text, whatever they look like.
_TEXTS = ("id", "time", "source", "note", "case")


def csv_rows(text: str, source: Source) -> Iterator[Row]:
    """The rows of a CSV with their lines, without empty cells; what is wrong goes to `source`."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        if not _check_header(reader.fieldnames or (), source):
            return
        for row in reader:
            line = reader.line_num
            if None in row:
                _complain(source, "csv", "this row has more cells than there are columns", line)
            else:
                yield line, {k: cell(k, v) for k, v in row.items() if v not in (None, "")}
            if len(source.problems) > MOST_PROBLEMS:
                return
    except csv.Error as error:
        _complain(source, "csv", f"this is no CSV: {error}", reader.line_num + 1)


def _check_header(columns: Sequence[str], source: Source) -> bool:
    """Whether the columns have names, each its own."""
    before = len(source.problems)
    for index, column in enumerate(columns):
        if not column.strip():
            _complain(source, "csv", f"column {index + 1} has no name", 1)
        elif column in columns[:index]:
            _complain(source, "csv", f"two columns are called `{column}`", 1)
    return len(source.problems) == before


def cell(column: str, text: str) -> Any:
    """A cell as YAML would read it; several values are separated by `;`.

    >>> cell("by", "KEN;UGA"), cell("for", "15"), cell("mass_protest", "true")
    (['KEN', 'UGA'], 15, True)
    """
    if ";" in text and column in _LISTS:
        return [part.strip() for part in text.split(";")]
    text = text.strip()
    if column in _TEXTS:
        return text
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(rf"[-+]?[0-9]{{1,{MAX_DIGITS}}}", text) else text


def json_rows(text: str, source: Source) -> Iterator[Row]:
    """The objects of JSON Lines with their lines; what is wrong goes to `source`."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = _DECODER.decode(line.strip())
            _check_value(row)
        except RecursionError:
            _complain(source, "json", f"nested more than {MAX_DEPTH} deep", number)
        except ValueError as error:
            _complain(source, "json", f"this line is no JSON: {error}", number)
        else:
            if isinstance(row, dict):
                yield number, row
            else:
                _complain(source, "json", "a line is one JSON object", number)
        if len(source.problems) > MOST_PROBLEMS:
            return


def _check_value(value: Any, depth: int = 0) -> None:
    """Refuse what YAML would not hold either. Raises ValueError, or RecursionError if too deep."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, str):
        if wrong := half(value):
            raise ValueError(wrong)
    elif isinstance(value, list):
        for item in value:
            _check_value(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_value(key, depth + 1)
            _check_value(item, depth + 1)


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _constant(text: str) -> float:
    raise ValueError(f"`{text}` is no number")


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key, value in pairs:
        if key in built:
            raise ValueError(f"`{key}` is given twice")
        built[key] = value
    return built


_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_constant, object_pairs_hook=_object)


def _complain(source: Source, code: str, message: str, line: int) -> None:
    add(source.problems, Problem(code, message, span=Span(line, 1, line, 2)))
