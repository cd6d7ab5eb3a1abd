"""Evaluations as JSON, JSON Lines, CSV and Markdown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from normrules.analysis.commitment import denominator
from normrules.core.evaluation import Evaluation, Position, times
from normrules.core.rulebook import english
from normrules.core.time import NEVER, describe
from normrules.core.wording import demand_words, plain
from normrules.show.trace import trace_markdown


def as_data(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation with its lowest common denominator, as data."""
    return evaluation.plain() | {"denominator": denominator(evaluation.regimes).plain()}


def as_json(evaluations: Sequence[Evaluation]) -> str:
    """One evaluation, or several as the cases of one object."""
    data: Any = [as_data(evaluation) for evaluation in evaluations]
    data = data[0] if len(data) == 1 else {"kind": "evaluations", "cases": data}
    return json.dumps(data, indent=2, ensure_ascii=False)


def as_jsonl(evaluations: Sequence[Evaluation]) -> str:
    """One evaluation a line."""
    return "\n".join(json.dumps(as_data(e), ensure_ascii=False) for e in evaluations)


COLUMNS = (
    "case", "rulebook", "rule", "bearer", "modality", "action", "status", "possible",
    "triggered_from", "triggered_to", "due_from", "due_to", "done_from", "done_to",
    "instrument", "at", "basis", "needs",
)  # fmt: skip


def as_csv(evaluations: Sequence[Evaluation]) -> str:
    """A row for each position; times in ISO 8601 UTC, never is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for evaluation in evaluations:
        for regime in evaluation.regimes:
            for position in regime.positions:
                writer.writerow(_row(evaluation, position))
    return out.getvalue().rstrip("\n")


def _row(evaluation: Evaluation, position: Position) -> list[str]:
    clause = position.clause
    ends = [*times(position.triggered), *times(position.due), *times(position.done)]
    return [
        evaluation.case.id,
        position.rulebook,
        position.key,
        position.bearer or "",
        clause.modality,
        ";".join(clause.actions) or str(clause.effect),
        position.status,
        ";".join(position.possible),
        *(end or "" for end in ends),
        clause.source.instrument,
        clause.source.at,
        clause.source.basis,
        "; ".join(position.needs),
    ]


def as_markdown(evaluations: Sequence[Evaluation]) -> str:
    """A section for each case, a table for each regime."""
    return "\n\n".join("\n\n".join(_sections(evaluation)) for evaluation in evaluations)


def _sections(evaluation: Evaluation) -> Iterator[str]:
    case = evaluation.case
    yield f"## {case.title}"
    supposed = f" Supposed: {'; '.join(evaluation.assumed)}." if evaluation.assumed else ""
    yield f"Case `{case.id}`. Engine: {evaluation.engine}.{supposed}"
    for regime in evaluation.regimes:
        yield f"### {english(regime.program.rulebook.title)}"
        rows = ["| status | rule | who, what | due | done | source |", "|---|---|---|---|---|---|"]
        for p in regime.positions:
            words = demand_words(p.clause, regime.program.vocabulary)
            source = f"{p.clause.source.instrument} {p.clause.source.at} ({p.clause.source.basis})"
            due = describe(p.due, p.zone) if p.due.lo < NEVER else ""
            done = describe(p.done, p.zone) if p.done.hi < NEVER else ""
            cells = (plain(p.status), f"`{p.key}`", words, due, done, source)
            rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        yield "\n".join(rows)
        if regime.firings:
            yield "\n".join(trace_markdown(regime.firings, case.zone))
