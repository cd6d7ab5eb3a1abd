"""Features of regimes side by side: in the terminal, as Markdown, HTML, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from normrules.analysis.features import FEATURES, Entry, Features, SideBySide
from normrules.core.rulebook import Citation
from normrules.core.wording import short_source
from normrules.show.markdown import code, escaped
from normrules.show.markdown import table as markdown_table
from normrules.show.text import render

#: Columns of the terminal that a regime needs beside the others, and that the labels take.
_NEEDED, _LABELS = 30, 18
_NONE = "none"


def features_text(table: SideBySide, width: int = 80, *, colour: bool = False) -> str:
    """The table in the terminal: side by side where there is room, else feature by feature."""
    beside = _LABELS + _NEEDED * len(table.regimes) <= width
    body = _beside(table) if beside else _below(table)
    return render(Group(Text(_heading(table), style="bold"), "", body), width, colour=colour)


def _heading(table: SideBySide) -> str:
    names = ", ".join(regime.name for regime in table.regimes)
    on = f" on {', '.join(table.actions)}" if table.actions else ""
    return f"Features of {names}{on}"


def _beside(table: SideBySide) -> RenderableType:
    body = Table(box=None, padding=(0, 1, 1, 0), show_edge=False, expand=True)
    body.add_column("", width=_LABELS, style="bold")
    for regime in table.regimes:
        body.add_column(regime.name, ratio=1, overflow="fold")
    for key in _shown(table):
        body.add_row(FEATURES[key], *(_cell(regime, key) for regime in table.regimes))
    return body


def _below(table: SideBySide) -> RenderableType:
    lines: list[RenderableType] = []
    for index, key in enumerate(_shown(table)):
        lines += [""] if index else []
        lines.append(Text(FEATURES[key], style="bold underline"))
        for regime in table.regimes:
            lines += [Padding(Text(regime.name, style="bold cyan"), (0, 0, 0, 2))]
            lines += [Padding(_cell(regime, key), (0, 0, 0, 4))]
    return Group(*lines)


def _shown(table: SideBySide) -> list[str]:
    """The features that at least one regime has."""
    return [key for key in FEATURES if any(regime.cells[key] for regime in table.regimes)]


def _cell(regime: Features, key: str) -> RenderableType:
    if not regime.cells[key]:
        return Text(_NONE, style="dim")
    return Group(*(_line(entry) for entry in regime.cells[key]))


def _line(entry: Entry) -> Table:
    """A statement behind a dash, its sources behind it; lines after the first are indented."""
    line = Table(box=None, show_header=False, show_edge=False, padding=(0, 1, 0, 0))
    line.add_column(no_wrap=True)
    line.add_column(overflow="fold")
    said = Text(entry.text)
    if entry.sources:
        said.append(f" [{pinpoints(entry.sources)}]", style="dim")
    line.add_row("-", said)
    return line


def pinpoints(sources: Iterable[Citation]) -> str:
    """Where statements stand, instrument by instrument, with the basis where it is not official.

    >>> law = {"instrument": "acdeg", "basis": "official"}
    >>> pinpoints([Citation(at="art. 23(1)", **law), Citation(at="art. 25(1)", **law)])
    'acdeg art. 23(1), art. 25(1)'
    """
    grouped: dict[str, list[str]] = {}
    for source in sources:
        basis = "" if source.basis == "official" else f" ({source.basis})"
        places = grouped.setdefault(source.instrument, [])
        if f"{source.at}{basis}" not in places:
            places.append(f"{source.at}{basis}")
    return "; ".join(f"{name} {', '.join(places)}" for name, places in grouped.items())


# -------------------------------------------------------------------- Markdown, HTML


def features_markdown(table: SideBySide) -> str:
    """The table in Markdown, a column for each regime."""
    heads = ["Feature", *(code(regime.name) for regime in table.regimes)]
    rows = [
        [f"**{FEATURES[key]}**", *(_cell_markdown(regime, key) for regime in table.regimes)]
        for key in _shown(table)
    ]
    return f"# {escaped(_heading(table))}\n\n{markdown_table(heads, rows)}\n"


def _cell_markdown(regime: Features, key: str) -> str:
    said = []
    for entry in regime.cells[key]:
        where = f" *[{escaped(pinpoints(entry.sources))}]*" if entry.sources else ""
        said.append(f"{escaped(entry.text)}{where}")
    return "<br>".join(said) if said else _NONE


def features_html(table: SideBySide) -> str:
    """The table as an HTML fragment."""
    heads = "".join(f"<th scope='col'>{_regime_head(regime)}</th>" for regime in table.regimes)
    rows = "\n".join(_row_html(table, key) for key in _shown(table))
    return (
        "<div class='normrules features'>\n"
        f"<table><caption>{escape(_heading(table))}</caption>\n"
        f"<thead><tr><th scope='col'>feature</th>{heads}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table>\n</div>"
    )


def _regime_head(regime: Features) -> str:
    return f"{escape(regime.title)} <small>{escape(regime.name)}</small>"


def _row_html(table: SideBySide, key: str) -> str:
    cells = "".join(f"<td>{_cell_html(regime.cells[key])}</td>" for regime in table.regimes)
    return f"<tr><th scope='row'>{FEATURES[key]}</th>{cells}</tr>"


def _cell_html(entries: Sequence[Entry]) -> str:
    if not entries:
        return _NONE
    items = []
    for entry in entries:
        where = f" <small>[{escape(pinpoints(entry.sources))}]</small>" if entry.sources else ""
        items.append(f"<li>{escape(entry.text)}{where}</li>")
    return f"<ul>{''.join(items)}</ul>"


# -------------------------------------------------------------------- data


def features_json(table: SideBySide) -> str:
    """The table as JSON, with the counts behind each level of legalization."""
    return json.dumps(table.plain(), indent=2, ensure_ascii=False)


#: The columns of the CSV face.
COLUMNS = ("feature", "rulebook", "text", "rules", "sources")


def features_csv(table: SideBySide) -> str:
    """A row for each statement; several rules or sources are set apart by `; `."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for key in FEATURES:
        for regime in table.regimes:
            writer.writerows(_rows(key, regime))
    return out.getvalue().rstrip("\n")


def _rows(key: str, regime: Features) -> Iterator[list[str]]:
    for entry in regime.cells[key]:
        sources = "; ".join(short_source(source) for source in entry.sources)
        yield [key, regime.name, entry.text, "; ".join(entry.rules), sources]
