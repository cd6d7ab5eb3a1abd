"""The event stream firing the rules, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from rich.table import Table
from rich.text import Text

from normrules.core.evaluation import Firing
from normrules.core.time import Interval, describe


def trace_table(firings: Sequence[Firing], zone: tzinfo) -> Table:
    """The firings as a table: when, what came in, what fired, what it concluded."""
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    table.add_column("#", width=3, justify="right")
    table.add_column("Time", width=17)
    table.add_column("Came in", ratio=4)
    table.add_column("Fired: concluded", ratio=5)
    for firing in firings:
        style = "dim" if firing.certainty == "possible" else ""
        when = describe(Interval(firing.time, firing.time), zone)
        came = Text(f"{firing.came} ({firing.certainty})", style=style)
        table.add_row(str(firing.step), when, came, Text(_fired(firing), style=style))
    return table


def _fired(firing: Firing) -> str:
    if firing.fired is None:
        return ""
    return f"{firing.fired}: {firing.concluded}" if firing.concluded else firing.fired


def trace_markdown(firings: Sequence[Firing], zone: tzinfo) -> Iterator[str]:
    """The firings as a Markdown table."""
    yield "| step | pass | time | came in | fired | concluded |"
    yield "|---|---|---|---|---|---|"
    for f in firings:
        when = describe(Interval(f.time, f.time), zone)
        cells = (str(f.step), f.certainty, when, f.came, f.fired or "", f.concluded or "")
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
