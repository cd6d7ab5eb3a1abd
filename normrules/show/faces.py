"""Which face an answer shows: text, JSON, JSON Lines, Markdown or CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from normrules.core.evaluation import Evaluation
from normrules.show.plain import as_csv, as_json, as_jsonl, as_markdown
from normrules.show.text import evaluation_text

Format = Literal["text", "json", "jsonl", "markdown", "csv"]


def show(
    evaluations: Sequence[Evaluation],
    format: Format,
    width: int = 80,
    *,
    colour: bool = False,
    everything: bool = False,
) -> str:
    """Evaluations in the format asked for; `width` in columns."""
    match format:
        case "json":
            return as_json(evaluations)
        case "jsonl":
            return as_jsonl(evaluations)
        case "csv":
            return as_csv(evaluations)
        case "markdown":
            return as_markdown(evaluations)
    texts = [evaluation_text(e, width, colour=colour, everything=everything) for e in evaluations]
    return "\n\n".join(texts)
