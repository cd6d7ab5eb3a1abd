"""Write the page on how well the shipped cases try the shipped rulebooks.

`python -m normrules.show.quality docs/quality.md`
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from normrules.core.problem import NormrulesError
from normrules.drafting.coverage import Coverage, cover_paths
from normrules.drafting.mutation import BookScore, score_paths
from normrules.lang.shelf import shipped
from normrules.show.coverage import percent, plain_edit

#: Why something is not shown or noticed: the first pattern that fits.
REASONS = (
    (r"\[between\]", "an end of a vague term: a case expects a deadline where it is exact"),
    (r"(begins|ends) a day later", "no case lies on the first (or last) day of this text"),
    (r"found by any body", "in no case does another body of the organisation find this"),
    (r"decides by being false", "every case is opened by one of these events"),
    (r"a fact under any instrument", "in no case is it so under another instrument alone"),
    (r"is (pending|open|lapsed|expired)$", "the records of the cases go on past this stage"),
)
_ELSE = "no case tries this value"


def quality_page(covered: Sequence[Coverage], scores: Sequence[BookScore]) -> str:
    """The page in Markdown: percentages of each book, then what is left, with the reason."""
    return "\n".join(_page(covered, scores)) + "\n"


def _page(covered: Sequence[Coverage], scores: Sequence[BookScore]) -> Iterator[str]:
    by_book = {score.book: score for score in scores}
    yield "# How well the cases try the rulebooks\n"
    yield (
        "Written by `make docs` from `normrules test rulebooks --coverage --mutate`; what the words"
        " mean: [normrules test](commands/test.md).\n"
    )
    yield "| rulebook | cases | rules shown | all shown | changes | noticed | changing nothing |"
    yield "|---|---|---|---|---|---|---|"
    for one in covered:
        score = by_book[one.book]
        counted = len(score.of("killed")) + len(score.of("survived"))
        cells = (
            f"`{one.book}`",
            str(one.cases),
            percent(one.percent("rule")),
            percent(one.percent()),
            str(counted),
            percent(score.score),
            str(len(score.of("equivalent"))),
        )
        yield f"| {' | '.join(cells)} |"
    yield "\n## What is left, and why\n"
    for one in covered:
        left = [*_left(one, by_book[one.book])]
        if left:
            yield f"`{one.book}`\n"
            yield from (f"- {said}: {reason_for(said)}" for said in left)
            yield ""


def _left(covered: Coverage, score: BookScore) -> Iterator[str]:
    for goal in covered.missing:
        yield f"{goal.owner}: {goal.says}"
    for outcome in score.of("survived"):
        yield f"{outcome.mutant.name}: {plain_edit(outcome)}"


def reason_for(said: str) -> str:
    """Why something is left.

    >>> reason_for("charter: begins a day later  [adopted]")
    'no case lies on the first (or last) day of this text'
    """
    return next((why for pattern, why in REASONS if re.search(pattern, said)), _ELSE)


def shipped_quality() -> str:
    """The page on the shipped rulebooks."""
    folder = str(shipped())
    return quality_page(cover_paths([folder]), score_paths([folder]))


def main(arguments: Sequence[str]) -> int:
    """Write the page to the file named. Gives 0, or 2 if that could not be done."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m normrules.show.quality FILE\n")
        return 2
    try:
        Path(arguments[0]).write_text(shipped_quality(), encoding="utf-8", newline="\n")
    except (NormrulesError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
