"""The event stream firing the rules, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from normrules.core.evaluation import Firing
from normrules.core.time import Interval, describe


def trace_table(firings: Sequence[Firing], zone: tzinfo) -> Table:
    """The firings as a table: when, how sure, what came in and, under it, what fired.

    What did not fire by the event just above says by what.
    """
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    table.add_column("#", width=3, justify="right")
    table.add_column("Time", width=17)
    table.add_column("Pass", width=8)
    table.add_column("What came in, and what it fired", ratio=1)
    above: str | None = None
    for firing in firings:
        when = describe(Interval(firing.time, firing.time), zone)
        style = "dim" if firing.certainty == "possible" else ""
        said = (when, firing.certainty, _told(firing, above, style))
        table.add_row(Text(str(firing.step), style=style), *said, style=style)
        above = firing.came if firing.fired is None else above
    return table


def _told(firing: Firing, above: str | None, style: str) -> RenderableType:
    if firing.fired is None:
        return Text(firing.came, style=f"bold {style}".strip())
    concluded = f": {firing.concluded}" if firing.concluded else ""
    cause = "" if firing.came == above else f" ({firing.came})"
    return Padding(Text(f"{firing.fired}{concluded}{cause}", style=style), (0, 0, 0, 2))


def trace_markdown(firings: Sequence[Firing], zone: tzinfo) -> Iterator[str]:
    """The firings as a Markdown table."""
    yield "| step | pass | time | came in | fired | concluded |"
    yield "|---|---|---|---|---|---|"
    for f in firings:
        when = describe(Interval(f.time, f.time), zone)
        cells = (str(f.step), f.certainty, when, f.came, f.fired or "", f.concluded or "")
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
