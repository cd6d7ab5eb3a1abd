"""What a draft changes in past cases and in what regimes share, in every face."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from fractions import Fraction
from html import escape
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from normrules.analysis.impact import Impact, PositionChange
from normrules.core.vocabulary import Vocabulary
from normrules.core.wording import lowered, plain
from normrules.show.comparison import shares_words
from normrules.show.past import counted, named
from normrules.show.text import render
from normrules.show.webpage import table

_WAYS = {"appears": "new positions", "vanishes": "gone", "changes": "others than before"}


def impact_text(
    found: Impact, vocabulary: Vocabulary, width: int = 80, *, colour: bool = False
) -> str:
    """The positions that appear, vanish and change, then how what is shared moves."""
    return render(Group(*_parts(found, vocabulary)), width, colour=colour)


def _parts(found: Impact, vocabulary: Vocabulary) -> Iterator[RenderableType]:
    yield Text.assemble(("Impact: ", "bold"), impact_sentence(found))
    if found.changes:
        yield ""
        yield _changes(found)
    if found.movements:
        yield ""
        yield _movements(found, vocabulary)


def impact_sentence(found: Impact) -> str:
    """The impact in one sentence."""
    pair = f"{found.draft} against {found.base}"
    if found.none:
        over = f" in {counted(len(found.cases))}" if found.cases else ""
        return f"{pair} changes nothing{over}, and nothing in what regimes share."
    touched = {case for change in found.changes for case in change.cases}
    shared = "moves" if found.movements else "does not move"
    others = f"{len(found.among)} other regimes" if len(found.among) != 1 else found.among[0]
    beside = f"; it {shared} what is shared with {others}" if found.among else ""
    return f"{pair} changes positions in {len(touched)} of {counted(len(found.cases))}{beside}."


def _changes(found: Impact) -> Table:
    rows = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    rows.add_column("Rule", ratio=5, overflow="fold")
    rows.add_column("Before -> with the draft", ratio=5, overflow="fold")
    rows.add_column("Cases", ratio=5, overflow="fold")
    way = None
    for change in sorted(found.changes, key=lambda c: (list(_WAYS).index(c.change), c.rule)):
        if change.change != way:
            way = change.change
            rows.add_row(Text(_WAYS[way].capitalize(), "bold"), "", "")
        rows.add_row(
            f"  {change.rule}", _turn(change), f"{len(change.cases)}: {named(change.cases)}"
        )
    return rows


def _turn(change: PositionChange) -> str:
    before, after = (plain(side) for side in (change.before, change.after))
    return f"{before} -> {after}" if before and after else before or after


def _movements(found: Impact, vocabulary: Vocabulary) -> Table:
    rows = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    rows.add_column("Shared by at least", ratio=3)
    rows.add_column("Before", ratio=4)
    rows.add_column("With the draft", ratio=4)
    action = None
    for move in found.movements:
        if (move.action, move.ladder) != action:
            action = move.action, move.ladder
            forbidden = " (forbidden)" if move.ladder == "forbidding" else ""
            title = f"{lowered(vocabulary.title_of(move.action))}{forbidden}"
            rows.add_row(Text(title, "bold"), "", "")
        rows.add_row(f"  {move.count}", _shares(move.before), _shares(move.after))
    return rows


def _shares(shares: Mapping[str, Fraction]) -> str:
    return shares_words(shares) or "nothing"


# ---------------------------------------------------------------- other faces


def impact_data(found: Impact) -> dict[str, Any]:
    """The impact as plain data; shares as exact fractions."""
    return {
        "kind": "impact",
        "base": found.base,
        "draft": found.draft,
        "cases": list(found.cases),
        "changes": [asdict(change) | {"cases": list(change.cases)} for change in found.changes],
        "among": list(found.among),
        "movements": [
            {
                "action": move.action,
                "ladder": move.ladder,
                "at_least": move.count,
                "before": {c: str(s) for c, s in move.before.items()},
                "after": {c: str(s) for c, s in move.after.items()},
            }
            for move in found.movements
        ],
    }


def impact_html(found: Impact, vocabulary: Vocabulary) -> Iterator[str]:
    """The impact as pieces of a page."""
    yield f"<h2>Impact</h2><p>{escape(impact_sentence(found))}</p>"
    if found.changes:
        rows = (
            (c.rule, c.change, plain(c.before), plain(c.after), ", ".join(c.cases))
            for c in found.changes
        )
        yield table(("rule", "", "before", "with the draft", "cases"), rows)
    if found.movements:
        moved = (
            (vocabulary.title_of(m.action), str(m.count), _shares(m.before), _shares(m.after))
            for m in found.movements
        )
        yield table(("action", "shared by at least", "before", "with the draft"), moved)


def impact_markdown(found: Impact, vocabulary: Vocabulary) -> str:
    """The impact as part of a page."""
    return "\n".join(_markdown(found, vocabulary))


def _markdown(found: Impact, vocabulary: Vocabulary) -> Iterator[str]:
    yield f"## Impact\n\n{impact_sentence(found)}\n"
    if found.changes:
        yield "| rule | | before | with the draft | cases |\n|---|---|---|---|---|"
        for c in found.changes:
            before, after = plain(c.before), plain(c.after)
            yield f"| {c.rule} | {c.change} | {before} | {after} | {', '.join(c.cases)} |"
        yield ""
    if found.movements:
        yield "| action | shared by at least | before | with the draft |\n|---|---|---|---|"
        for move in found.movements:
            title = vocabulary.title_of(move.action)
            yield f"| {title} | {move.count} | {_shares(move.before)} | {_shares(move.after)} |"
