"""What `normrules test` says of cases themselves: coverage, mutants, and cases to add."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from normrules.cli.output import colour_on, progress, width, write

if TYPE_CHECKING:
    from normrules.drafting.coverage import Coverage
    from normrules.drafting.mutation import BookScore
    from normrules.drafting.suggestions import Suggestion


def judge(
    paths: Sequence[str],
    *,
    coverage: bool,
    mutate: bool,
    suggest: bool,
    fail_under: float | None,
    sample: int | None,
    seed: int,
    format: str,
    output: Path | None,
) -> int:
    """Say what cases show and notice of their rulebooks; 1 if one stays under `fail_under`."""
    import sys

    from normrules.drafting.coverage import cover_paths
    from normrules.drafting.mutation import score_paths
    from normrules.show.coverage import (
        coverage_text,
        mutation_text,
        quality_json,
        suggestions_yaml,
    )

    covered = cover_paths(paths, lambda some: progress(some, "Covering")) if coverage else []
    scores = (
        score_paths(paths, sample=sample, seed=seed, watch=lambda some: progress(some, "Changing"))
        if mutate
        else []
    )
    suggested = _suggested(paths, covered, scores) if suggest else {}
    if format == "json":
        write(quality_json(covered, scores, suggested), output)
    elif suggest:
        parts = [suggestions_yaml(book, some) for book, some in suggested.items() if some]
        write("\n---\n".join(parts) or "# nothing to suggest", output)
    else:
        colour = output is None and colour_on(sys.stdout)
        said = [coverage_text(covered, width(), colour=colour)] if covered else []
        said += [mutation_text(scores, width(), colour=colour)] if scores else []
        write("\n\n".join(part.strip("\n") for part in said), output)
    reached = [one.percent() for one in covered] + [one.score for one in scores]
    return int(fail_under is not None and min(reached, default=100.0) < fail_under)


def _suggested(
    paths: Sequence[str], covered: Sequence[Coverage], scores: Sequence[BookScore]
) -> dict[str, list[Suggestion]]:
    from normrules.drafting.suggestions import killers, suggestions
    from normrules.drafting.testing import read_tests

    tests = read_tests(paths)
    found: dict[str, list[Suggestion]] = {}
    for one in covered:
        own = [test for test in tests if test.program.file == one.file]
        shown = suggestions(one, own, lambda some: progress(some, "Looking for cases"))
        found.setdefault(one.book, []).extend(shown)
    for score in scores:
        survivors = [outcome.mutant for outcome in score.of("survived")]
        own = [t for t in tests if survivors and t.program.file == survivors[0].file]
        if own:
            shown = killers(survivors, own, lambda some: progress(some, "Looking for cases"))
            found.setdefault(score.book, []).extend(shown)
    return found
