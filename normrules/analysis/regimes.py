"""Regimes under the law of a day: the rules and definitions that hold then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from normrules.core.program import Clause, FactClause, Law, Program
from normrules.core.register import Span
from normrules.core.time import NEVER, Interval


@dataclass(frozen=True, slots=True, eq=False)
class Regime:
    """A program with the rules and definitions that the law of a day holds."""

    program: Program
    clauses: Mapping[str, Clause]
    facts: Mapping[str, tuple[FactClause | Clause, ...]]

    @property
    def name(self) -> str:
        """The name it is compared under."""
        return self.program.name


def regime_on(program: Program, law: Interval) -> Regime:
    """The regime under the law of a day; an instrument whose end is unknown counts as in force."""
    live = {name for name, entry in program.laws.items() if held(entry, law) is not False}
    clauses = {i: c for i, c in program.clauses.items() if c.source.instrument in live}
    facts = {
        fact: tuple(part for part in parts if part.source.instrument in live)
        for fact, parts in program.facts.items()
    }
    return Regime(program, clauses, facts)


def held(entry: Law, law: Interval) -> bool | None:
    """Whether an instrument is in force on a day; None where that can't be said.

    One whose end is unknown counts as in force.
    """
    force = Span(entry.force.start) if entry.end_unknown else entry.force
    return force.covers(law)


def newest_law(programs: Iterable[Program]) -> Interval:
    """The day on which the newest instrument still in force entered into force."""
    starts = [
        law.force.start.hi
        for program in programs
        for law in program.laws.values()
        if law.end_unknown or law.force.end.lo >= NEVER
    ]
    day = max(starts, default=0)
    return Interval(day, day)
