"""CSV text to rows: one mapping of column to value a line, each with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from normrules.core.problem import Problem, Span
from normrules.lang.reader import Source

#: Columns whose cells hold several values, separated by `;`.
_LISTS = ("by", "under", "vetoes", "case", "follows")
#: Columns that stay text, whatever they look like.
_TEXTS = ("id", "time", "source", "note", "case")


def csv_rows(text: str, source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a CSV with their lines, without empty cells; what is wrong goes to `source`."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        for row in reader:
            place = Span(reader.line_num, 1, reader.line_num, 2)
            if None in row:
                message = "this row has more cells than there are columns"
                source.problems.append(Problem("csv", message, span=place))
                continue
            yield reader.line_num, {k: cell(k, v) for k, v in row.items() if v not in (None, "")}
    except csv.Error as error:
        place = Span(reader.line_num or 1, 1, reader.line_num or 1, 2)
        source.problems.append(Problem("csv", f"this is no CSV: {error}", span=place))


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
    return int(text) if re.fullmatch(r"[-+]?\d{1,18}", text) else text
