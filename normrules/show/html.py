"""An evaluation as an HTML fragment, for notebooks and pages."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from normrules.core.evaluation import Evaluation, Position, RegimeAnswer
from normrules.core.rulebook import english
from normrules.core.time import NEVER, Interval, describe
from normrules.core.wording import demand_words, plain

#: Ink and ground of statuses, readable in print and by the colour-blind: the word says it too.
COLOURS = {
    "breached": ("#7a1410", "#f9d7d4"),
    "fulfilled_late": ("#5c4300", "#fbe9b7"),
    "pending": ("#5c4300", "#fbe9b7"),
    "outstanding": ("#5c4300", "#fbe9b7"),
    "undetermined": ("#4a2364", "#eadcf3"),
    "fulfilled": ("#0f4a26", "#d3eedd"),
    "observed": ("#0f4a26", "#d3eedd"),
    "standing": ("#0f4a26", "#d3eedd"),
    "exercised": ("#0f4a26", "#d3eedd"),
    "open": ("#0b3a66", "#d5e6f7"),
    "in_effect": ("#0b3a66", "#d5e6f7"),
    "awaiting": ("#0b3a66", "#d5e6f7"),
}
_HIDDEN = ("not_triggered", "not_in_force", "not_bound")


def evaluation_html(evaluation: Evaluation) -> str:
    """A table for each regime; rules that did not come alive are counted below it."""
    return "\n".join(_parts(evaluation))


def _parts(evaluation: Evaluation) -> Iterator[str]:
    at = describe(Interval(evaluation.at, evaluation.at), evaluation.case.zone)
    yield "<div class='normrules'>"
    yield f"<h3>{escape(evaluation.case.title)}</h3><p>As known at {escape(at)}.</p>"
    for assumed in evaluation.assumed:
        yield f"<p><strong>Supposed:</strong> {escape(assumed)}</p>"
    for regime in evaluation.regimes:
        yield from _regime(regime)
    yield "</div>"


_HEADS = ("status", "who must, should or may do what", "due", "done", "source")


def _regime(regime: RegimeAnswer) -> Iterator[str]:
    yield f"<table><caption>{escape(english(regime.program.rulebook.title))}</caption>"
    heads = "".join(f"<th scope='col'>{head}</th>" for head in _HEADS)
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    shown = [p for p in regime.positions if p.status not in _HIDDEN]
    for position in shown:
        yield _row(position, regime)
    yield "</tbody></table>"
    rest = len(regime.positions) - len(shown)
    if rest:
        yield f"<p>{rest} more rules did not come alive.</p>"


def _row(position: Position, regime: RegimeAnswer) -> str:
    source = position.clause.source
    cells = [
        _badge(position.status),
        escape(demand_words(position.clause, regime.program.vocabulary)) + _needs(position),
        escape(describe(position.due, position.zone)) if position.due.lo < NEVER else "",
        escape(describe(position.done, position.zone)) if position.done.hi < NEVER else "",
        escape(f"{source.instrument} {source.at} ({source.basis})"),
    ]
    return "<tr>" + "".join(f"<td style='text-align:left'>{cell}</td>" for cell in cells) + "</tr>"


def _badge(status: str) -> str:
    ink, ground = COLOURS.get(status, ("#222", "#eee"))
    style = f"color:{ink};background:{ground};padding:0 .4em"
    return f"<span style='{style}'>{plain(status)}</span>"


def _needs(position: Position) -> str:
    if position.status != "undetermined":
        return ""
    possible = ", ".join(plain(status) for status in position.possible)
    return f"<br><em>may be: {escape(possible)}; needs: {escape('; '.join(position.needs))}</em>"
