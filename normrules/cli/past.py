"""What `normrules diff` says of cases: the comparison case by case, and a draft's impact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from normrules.cli.comparing import Asked
from normrules.cli.output import progress

if TYPE_CHECKING:
    from normrules.analysis.impact import Impact
    from normrules.analysis.past import Past
    from normrules.core.program import Program
    from normrules.core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class PastAnswers:
    """The answers over cases that were asked for; none if no events were named."""

    past: Past | None = None
    impact: Impact | None = None

    def text(self, words: Vocabulary, width: int, *, colour: bool) -> Iterator[str]:
        """The answers for a terminal."""
        from normrules.show.impact import impact_text
        from normrules.show.past import past_text

        if self.past is not None:
            yield past_text(self.past, words, width, colour=colour)
        if self.impact is not None:
            yield impact_text(self.impact, words, width, colour=colour)

    def markdown(self, words: Vocabulary) -> Iterator[str]:
        """The answers as parts of a page."""
        from normrules.show.impact import impact_markdown
        from normrules.show.past import past_markdown

        if self.past is not None:
            yield past_markdown(self.past, words)
        if self.impact is not None:
            yield impact_markdown(self.impact, words)

    def html(self, words: Vocabulary) -> Iterator[str]:
        """The answers as pieces of a page."""
        from normrules.show.impact import impact_html
        from normrules.show.past import past_html

        if self.past is not None:
            yield from past_html(self.past, words)
        if self.impact is not None:
            yield from impact_html(self.impact, words)

    def data(self) -> dict[str, Any]:
        """The answers as plain data, by name."""
        from normrules.show.impact import impact_data
        from normrules.show.past import past_data

        found = {} if self.past is None else {"over_cases": past_data(self.past)}
        return found | ({} if self.impact is None else {"impact": impact_data(self.impact)})

    def csv(self) -> str:
        """The commitments case by case as a table; nothing if no events were named."""
        from normrules.show.past import past_csv

        return "" if self.past is None else past_csv(self.past)


def past_answers(
    programs: Sequence[Program],
    events: Sequence[str],
    asked: Asked,
    among: Sequence[str] | None,
    *,
    by_case: bool,
    bound: bool,
) -> PastAnswers:
    """Compare over the cases of some files; of a draft and its base, or two editions, the impact.

    Raises NormrulesError for files that hold no case.
    """
    from normrules.analysis.impact import impact, related
    from normrules.analysis.past import compare_past
    from normrules.core.problem import NormrulesError
    from normrules.lang.library import all_programs, load_program
    from normrules.lang.streams import load_many

    if not events:
        if by_case or bound or among:
            raise NormrulesError("`--law case`, `--bound` and `--among` ask of cases: add --events")
        return PastAnswers()
    cases = load_many(list(events))
    wanted = asked.plain() | {"law": "case" if by_case else asked.law, "bound": bound}
    past = compare_past(programs, cases, **wanted, watch=lambda some: progress(some, "comparing"))
    if len(programs) != 2 or not related(programs[0], programs[1]):
        return PastAnswers(past)
    beside = all_programs() if among is None else [load_program(name) for name in among]
    found = impact(
        programs[0],
        programs[1],
        cases,
        beside,
        **wanted,
        watch=lambda some: progress(some, "impact"),
    )
    return PastAnswers(past, found)
