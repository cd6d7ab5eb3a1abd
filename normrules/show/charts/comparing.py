"""Pictures of regimes compared: who commits to what, how much of it, how far apart they are."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal

from normrules.analysis.comparison import ActionTable, Comparison
from normrules.analysis.distance import Branch, distances, grouped
from normrules.core.problem import NormrulesError
from normrules.core.vocabulary import Vocabulary
from normrules.core.wording import lowered
from normrules.show.charts.drawing import COLOURS, Picture, altair, colour_scale, heading, ink, word
from normrules.show.comparison import percent

Kind = Literal["matrix", "ladder", "map"]
#: The axes above and beside a matrix.
_TOP = {"orient": "top", "labelAngle": -35, "labelLimit": 420, "ticks": False}
_SIDE = {"labelLimit": 560, "ticks": False}
#: How many letters stand beside each other above a panel.
_HEADER = 48
#: With more situations than these the matrix shows each action once, at its strongest.
_MOST_ROWS = 60


def comparison_picture(found: Comparison, vocabulary: Vocabulary, kind: Kind) -> Picture:
    """One of the pictures of a comparison. Raises NormrulesError without the extra `charts`."""
    draw: Mapping[Kind, Callable[[Comparison, Vocabulary], Picture]] = {
        "matrix": matrix,
        "ladder": ladder,
        "map": regime_map,
    }
    if not found.actions:
        raise NormrulesError("there is nothing to draw: no regime commits to anything here")
    return draw[kind](found, vocabulary)


def _title(table: ActionTable, vocabulary: Vocabulary) -> str:
    forbidden = " (forbidden)" if table.ladder == "forbidding" else ""
    title = lowered(vocabulary.title_of(table.action))
    return f"{title[:1].upper()}{title[1:]}{forbidden}"


def _used(found: Comparison, table: ActionTable | None = None) -> list[str]:
    """The commitments of a comparison in the order of their ladders."""
    tables = found.actions if table is None else [table]
    used = {c for t in tables for row in t.rows for c in row.commitments.values()} | {"none"}
    return [c for c in COLOURS if c in used]


# ---------------------------------------------------------------- who commits to what


def matrix(found: Comparison, vocabulary: Vocabulary) -> Picture:
    """A heat map: situations of each action down, regimes across, the commitment in each cell."""
    each = sum(len(table.rows) for table in found.actions) <= _MOST_ROWS
    cells = list(_situations(found, vocabulary) if each else _strongest(found, vocabulary))
    data = [
        {
            "row": row,
            "what": what,
            "regime": regime,
            "commitment": word(c),
            "said": "" if c == "none" else word(c),
            "ink": ink(c),
        }
        for row, what, regime, c in cells
    ]
    alt = altair()
    labels = {row: what for row, what, _, _ in cells}
    names, rows = list(found.regimes), _lookup(labels)
    base = alt.Chart(alt.Data(values=data))
    if each or len(names) <= len(labels):
        base = base.encode(
            x=alt.X("regime:N", sort=names, title=None, axis=alt.Axis(**_TOP)),
            y=alt.Y("row:O", title=None, sort=None, axis=alt.Axis(labelExpr=rows, **_SIDE)),
        )
    else:  # more regimes than actions: they stand below each other
        base = base.encode(
            x=alt.X("row:O", title=None, sort=None, axis=alt.Axis(labelExpr=rows, **_TOP)),
            y=alt.Y("regime:N", sort=names, title=None, axis=alt.Axis(**_SIDE)),
        )
    squares = base.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color("commitment:N", scale=colour_scale(_used(found)),
                        legend=alt.Legend(title="Commitment", orient="bottom", columns=6)),
    )  # fmt: skip
    words = base.mark_text(fontSize=10).encode(
        text="said:N", color=alt.Color("ink:N", scale=None, legend=None)
    )
    size = {"width": alt.Step(84), "height": alt.Step(24)}
    what = "in each kind of situation" if each else "at its strongest"
    title = f"To what each regime commits, {what}"
    chart = (squares + words).properties(title=heading(title), **size)
    says = f"{title}: {', '.join(found.regimes)}; {len(labels)} rows. The table holds each cell."
    return Picture(
        chart, title, says, ("situation", "regime", "commitment"),
        tuple((what, regime, word(c)) for _, what, regime, c in cells),
    )  # fmt: skip


def _lookup(labels: Mapping[int, str]) -> str:
    """A Vega expression from a row's number to its label."""
    quoted = ", ".join("'" + label.replace("'", "’") + "'" for label in labels.values())
    return f"[{quoted}][datum.value]"


Cell = tuple[int, str, str, str]


def _situations(found: Comparison, vocabulary: Vocabulary) -> Iterator[Cell]:
    number = 0
    for table in found.actions:
        for row in table.rows:
            what = f"{_title(table, vocabulary)}, {percent(row.share)} of situations"
            for regime in found.regimes:
                yield number, what, regime, row.commitments.get(regime, "none")
            number += 1


def _strongest(found: Comparison, vocabulary: Vocabulary) -> Iterator[Cell]:
    for number, table in enumerate(found.actions):
        for regime in found.regimes:
            said = [row.commitments.get(regime, "none") for row in table.rows]
            yield number, _title(table, vocabulary), regime, max(said, key=found.scale.rung)


# ---------------------------------------------------------------- how much of it


def ladder(found: Comparison, vocabulary: Vocabulary) -> Picture:
    """Bars: of each regime, in what share of situations it stands on which rung, by action."""
    shares = [
        (_title(table, vocabulary), regime, commitment, share)
        for table in found.actions
        for regime in found.regimes
        for commitment, share in _rungs(table, regime).items()
    ]
    order = _used(found)
    data = [
        {"action": "\n".join(textwrap.wrap(action, _HEADER)), "regime": regime,
         "commitment": word(c), "share": float(share),
         "rung": order.index(c)}
        for action, regime, c, share in shares
    ]  # fmt: skip
    alt = altair()
    bars = (
        alt.Chart(alt.Data(values=data))
        .mark_bar(stroke="white")
        .encode(
            x=alt.X("share:Q", title="share of situations", scale=alt.Scale(domain=[0, 1]),
                    axis=alt.Axis(format="%", tickCount=5, grid=False)),
            y=alt.Y("regime:N", sort=list(found.regimes), title=None,
                    axis=alt.Axis(labelLimit=200, ticks=False)),
            color=alt.Color("commitment:N", scale=colour_scale(order),
                            legend=alt.Legend(title="Commitment", orient="bottom", columns=6)),
            order=alt.Order("rung:Q", sort="descending"),
        )
        .properties(width=330, height=alt.Step(18))
    )  # fmt: skip
    header = alt.Header(title=None, labelAnchor="start", labelFontWeight="bold", labelLimit=0,
                        labelExpr="split(datum.label, '\\n')")  # fmt: skip
    title = "How often each regime commits to how much"
    chart = bars.facet(facet=alt.Facet("action:N", header=header, sort=None), columns=2).properties(
        title=title
    )
    says = f"{title}: the share of situations for each commitment, action by action."
    return Picture(
        chart, title, says, ("action", "regime", "commitment", "share"),
        tuple((action, regime, word(c), percent(share)) for action, regime, c, share in shares),
    )  # fmt: skip


def _rungs(table: ActionTable, regime: str) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for row in table.rows:
        commitment = row.commitments.get(regime, "none")
        found[commitment] = found.get(commitment, Fraction(0)) + row.share
    found["none"] = 1 - sum((share for c, share in found.items() if c != "none"), Fraction(0))
    return {c: share for c, share in found.items() if share}


# ---------------------------------------------------------------- how far apart


def regime_map(found: Comparison, vocabulary: Vocabulary) -> Picture:
    """A tree: regimes that are joined far left differ in few situations."""
    del vocabulary
    apart = distances(found)
    tree = grouped(found.regimes, apart)
    places = {name: number for number, name in enumerate(tree.names)}
    lines = list(_lines(tree, places))
    alt = altair()
    data = [
        {"line": n, "step": i, "distance": x, "place": y}
        for n, line in enumerate(lines)
        for i, (x, y) in enumerate(line)
    ]
    labels = {n: name for name, n in places.items()}
    title = "How far the regimes stand apart"
    chart = (
        alt.Chart(alt.Data(values=data))
        .mark_line(color=COLOURS["must_upon"], strokeWidth=2, strokeJoin="miter")
        .encode(
            x=alt.X("distance:Q", axis=alt.Axis(format="%", tickCount=6, grid=True),
                    title="share of situations in which they differ, mean of the actions",
                    scale=alt.Scale(domainMin=0, nice=True)),
            y=alt.Y("place:Q", title=None, scale=alt.Scale(domain=[-0.5, len(labels) - 0.5],
                    reverse=True), axis=alt.Axis(values=list(labels), labelLimit=220, grid=False,
                    ticks=False, domain=False, labelExpr=_lookup(labels))),
            detail="line:N",
            order="step:Q",
        )
        .properties(title=heading(title), width=460, height=max(90, 24 * len(labels)))
    )  # fmt: skip
    says = f"{title}: {'; '.join(_joins(tree))}."
    rows = tuple((a, b, percent(value)) for (a, b), value in apart.items())
    return Picture(chart, title, says, ("regime", "regime", "situations apart"), rows)


def _lines(tree: Branch, places: Mapping[str, int]) -> Iterator[list[tuple[float, float]]]:
    """The brackets of a tree: out from one part, across, and back to the other."""
    if not tree.parts:
        return
    x = float(tree.height)
    ends = [(float(part.height), _middle(part, places)) for part in tree.parts]
    yield [ends[0], (x, ends[0][1]), (x, ends[1][1]), ends[1]]
    for part in tree.parts:
        yield from _lines(part, places)


def _middle(tree: Branch, places: Mapping[str, int]) -> float:
    if not tree.parts:
        return places[tree.names[0]]
    return sum(_middle(part, places) for part in tree.parts) / 2


def _joins(tree: Branch) -> Iterator[Any]:
    for part in tree.parts:
        yield from _joins(part)
    if tree.parts:
        sides = " and ".join(", ".join(part.names) for part in tree.parts)
        yield f"{sides} differ in {percent(tree.height)}"
