"""What cases show of rulebooks, what they don't, and which changes they don't notice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from normrules.drafting.coverage import Coverage
from normrules.drafting.goals import Kind
from normrules.drafting.mutation import BookScore, Outcome
from normrules.drafting.suggestions import Suggestion
from normrules.lang.writer import dumps
from normrules.show.past import counted
from normrules.show.text import render

#: Goals in words, several of them.
_KINDS: Mapping[Kind, str] = {
    "rule": "rules",
    "condition": "conditions",
    "exception": "exceptions",
    "definition": "definitions",
    "finding": "findings",
    "outcome": "outcomes",
    "deadline": "deadlines",
    "threshold": "thresholds",
    "unknown": "not known",
}


def coverage_text(found: Sequence[Coverage], width: int = 80, *, colour: bool = False) -> str:
    """The percentages of each rulebook, then what no case shows."""
    return render(Group(*_coverage(found)), width, colour=colour)


def _coverage(found: Sequence[Coverage]) -> Iterator[RenderableType]:
    for coverage in found:
        shown, whole = coverage.share()
        head = f"{percent(coverage.percent())} ({shown} of {whole}) by {counted(coverage.cases)}"
        yield Text.assemble((coverage.book, "bold"), f": {head}")
        rows = Table(box=None, padding=(0, 2, 0, 2), show_edge=False, show_header=False)
        for kind, words in _KINDS.items():
            if kind in coverage.kinds:
                part, of = coverage.share(kind)
                rows.add_row(words, f"{part} of {of}")
        yield rows
        if coverage.missing:
            yield Text("  no case shows:", "bold")
        for goal in coverage.missing:
            yield Text(f"  - {goal.owner}: {goal.says}")
        yield ""


def percent(value: float) -> str:
    """Per cent, rounded down: what is not whole is never said to be.

    >>> percent(99.97), percent(100.0)
    ('99.9 %', '100 %')
    """
    return "100 %" if value >= 100 else f"{int(value * 10) / 10:.1f} %"


def coverage_data(coverage: Coverage) -> dict[str, Any]:
    """The coverage of a rulebook as plain data."""
    return {
        "rulebook": coverage.book,
        "cases": coverage.cases,
        "percent": round(coverage.percent(), 2),
        "kinds": {
            kind: {"shown": coverage.share(kind)[0], "of": coverage.share(kind)[1]}
            for kind in coverage.kinds
        },
        "missing": [
            {"kind": g.kind, "of": g.owner, "part": g.part or None, "says": g.says}
            for g in coverage.missing
        ],
    }


# ---------------------------------------------------------------- mutation


def mutation_text(found: Sequence[BookScore], width: int = 80, *, colour: bool = False) -> str:
    """The score of each rulebook, then each change that no case noticed."""
    return render(Group(*_mutation(found)), width, colour=colour)


def _mutation(found: Sequence[BookScore]) -> Iterator[RenderableType]:
    for book in found:
        parts = [
            f"{len(book.of('killed'))} noticed",
            f"{len(book.of('survived'))} not",
            f"{len(book.of('equivalent'))} that change nothing (proved)",
        ]
        head = f"mutation score {percent(book.score)} by {counted(book.cases)}: {', '.join(parts)}"
        yield Text.assemble((book.book, "bold"), f": {head}")
        for outcome in book.of("survived"):
            yield Text(f"  - {outcome.mutant.name}: {plain_edit(outcome)}")
        yield ""


def plain_edit(outcome: Outcome) -> str:
    """A change in words, with the key at which it was made."""
    keys = [str(step) for step in outcome.mutant.edit.path if isinstance(step, str)]
    return f"{outcome.mutant.edit.says}  [{'.'.join(keys)}]"


def mutation_data(book: BookScore) -> dict[str, Any]:
    """The mutants of a rulebook as plain data."""
    return {
        "rulebook": book.book,
        "cases": book.cases,
        "score": round(book.score, 2),
        "mutants": [
            {
                "of": outcome.mutant.name,
                "part": outcome.mutant.part,
                "path": list(outcome.mutant.edit.path),
                "says": outcome.mutant.edit.says,
                "fate": outcome.fate,
                "by": outcome.by,
            }
            for outcome in book.outcomes
        ],
    }


def quality_json(
    coverage: Sequence[Coverage],
    scores: Sequence[BookScore],
    suggested: Mapping[str, Sequence[Suggestion]],
) -> str:
    """Coverage, mutants and suggestions as JSON."""
    data = {
        "kind": "quality",
        "coverage": [coverage_data(one) for one in coverage],
        "mutation": [mutation_data(one) for one in scores],
        "suggestions": {
            book: [{"shows": s.says, "test": s.data} for s in some]
            for book, some in suggested.items()
        },
    }
    return json.dumps(data, indent=2, ensure_ascii=False, default=str)


def suggestions_yaml(book: str, suggested: Sequence[Suggestion]) -> str:
    """The suggested tests of one rulebook as a cases file, to be confirmed and pasted."""
    found = [s.data for s in suggested if s.data is not None]
    none = [f"none found: {s.says}" for s in suggested if s.data is None]
    comments = [
        f"Suggested cases of {book}. What is expected is what the rulebook says now:",
        "confirm each, or mend the rule.",
        *none,
    ]
    if not found:
        return "\n".join(f"# {line}" for line in comments)
    return dumps({"cases": book, "tests": found}, comments=comments).rstrip("\n")
