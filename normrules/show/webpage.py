"""A page of HTML that stands alone: no script, nothing fetched, readable without its style."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from normrules.core.problem import NormrulesError

if TYPE_CHECKING:
    from normrules.show.charts.drawing import Picture

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 Verdana, "DejaVu Sans", sans-serif; max-width: 76rem; margin: 2rem auto;
       padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; display: block; overflow-x: auto; }
caption { text-align: left; font-weight: bold; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0;
         border-bottom: 1px solid #8886; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
td ul { margin: 0; padding-left: 1.1rem; }
figure { margin: 1rem 0 2rem; }
figure svg { max-width: 100%; height: auto; background: #fff; }
details { margin: .3rem 0 1rem; }
del { background: #8b1a1a33; } ins { background: #0f4a2633; text-decoration: none;
      font-weight: bold; }
@media print { body { max-width: none; font-size: 11px; } details { display: none; }
               table { display: table; } figure { break-inside: avoid; } }
"""


def page(title: str, parts: Iterable[str]) -> str:
    """A whole page of these parts, each a piece of HTML."""
    body = "\n".join(parts)
    return (
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """A table of texts; line ends within a cell stay."""
    heads = "".join(f"<th scope='col'>{escape(column)}</th>" for column in columns)
    lines = ("".join(f"<td>{_cell(cell)}</td>" for cell in row) for row in rows)
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f"<table>{said}<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table>"
    )  # fmt: skip


def _cell(text: str) -> str:
    """A cell's text; a date, or a number and its unit, stays on one line."""
    kept = re.sub(r"(?<=\d) %", "\u00a0%", escape(text))
    kept = re.sub(r"^(\d{4})-(\d\d)-(\d\d)$", "\\1\u2011\\2\u2011\\3", kept)
    return "<br>".join(kept.split("\n"))


def figure(draw: Callable[[], Picture]) -> str:
    """A picture with its data as a table behind it; without the extra `charts`, one line."""
    try:
        from normrules.show.charts.drawing import svg  # noqa: PLC0415 - an extra

        picture = draw()
        drawn = svg(picture)
    except NormrulesError as error:
        return f"<p>No picture here: {escape(str(error))}</p>"
    data = table(picture.columns, picture.rows)
    return (
        f"<figure>\n{drawn}<figcaption>{escape(picture.says)}</figcaption>\n</figure>\n"
        f"<details><summary>The same as a table</summary>\n{data}\n</details>"
    )
