"""What a situation settles: the variables that the rules of some regimes tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from normrules.analysis.cells import Cell, Kind, cells, domain_values
from normrules.analysis.regimes import Regime
from normrules.analysis.unresolved import said
from normrules.core.condition import (
    AllOf,
    Always,
    AnyOf,
    Condition,
    Counted,
    EventPattern,
    FactHolds,
    Found,
    Later,
    Occurs,
    RuleState,
    Standing,
    StateIs,
    Test,
)
from normrules.core.program import Clause, FactClause
from normrules.core.time import TimeLimit
from normrules.core.vocabulary import Vocabulary

VariableKind = Literal[
    "opening", "attribute", "happened", "standing", "state", "elapsed", "counted", "order", "open"
]


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing that a situation settles. `samples` stands for its values, in order."""

    key: tuple[Any, ...]
    kind: VariableKind
    samples: tuple[Any, ...]
    costs: tuple[int, ...]


def under_instrument(part: FactClause | Clause, under: str | None) -> bool:
    """Whether a definition counts under the instrument asked for, if one is."""
    return under is None or part.source.instrument == under


def presupposed(clause: Clause, by: frozenset[str]) -> bool:
    """Whether a finding is the bearer's own to make, so that its act makes it."""
    own = clause.bearer is not None and bool(by & clause.bearer.bodies)
    return own and clause.implied and not clause.forbids


def of_type(pattern: EventPattern, name: str) -> EventPattern:
    """What a pattern asks of events of one type; how it was said does not matter."""
    tests = sorted({Test(t.attribute, t.accepts, "") for t in pattern.tests}, key=repr)
    return EventPattern((name,), tuple(tests))


def count_key(condition: Counted) -> tuple[Any, ...]:
    """What is counted, of which there may be more."""
    patterns = tuple(of_type(condition.pattern, name) for name in condition.pattern.types)
    return (patterns, condition.distinct, condition.n)


def elapsed_key(regime: Regime, part: Condition) -> tuple[Any, ...]:
    """Time runs from the same thing wherever the same is said."""
    return ("elapsed", said(regime, part))


def order_key(regime: Regime, barred: str, bar: Condition) -> tuple[Any, ...]:
    """Which came first: something that bars, or what it bars (in words of the language)."""
    return ("order", barred, said(regime, bar))


def clause_said(regime: Regime, clause: Clause) -> str:
    """What wakes a rule, in words of the language."""
    upon = "" if clause.upon is None else said(regime, clause.upon)
    return f"{said(regime, clause.when)} {upon}"


def override_key(regime: Regime, clause: Clause, other: Clause) -> tuple[Any, ...]:
    """Which came first: a rule, or the one that prevails over it."""
    return ("order", clause_said(regime, clause), clause_said(regime, other))


def open_key(regime: Regime, state: str, clause: Clause) -> tuple[Any, ...]:
    """Whether a duty was breached: the same wherever the same duty hangs on the same."""
    deadline = clause.deadline.said if clause.deadline else ""
    duty = (clause.modality, clause.actions, deadline)
    return ("open", state, clause_said(regime, clause), duty)


class Collector:
    """Walks the rules of regimes for all that a situation must settle."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.patterns: dict[str, list[EventPattern]] = {}
        self.tests: dict[tuple[str, str], list[Test]] = {}
        self.openings: set[str] = set()
        self.standings: set[str] = set()
        self.states: dict[str, list[Test]] = {}
        self.elapsed: dict[tuple[Any, ...], set[tuple[TimeLimit, TimeLimit]]] = {}
        self.others: dict[tuple[Any, ...], VariableKind] = {}

    def regime(self, regime: Regime) -> None:
        """Walk one regime."""
        for clause in regime.clauses.values():
            self._clause(regime, clause)
        for parts in regime.facts.values():
            for part in parts:
                if isinstance(part, FactClause):
                    self._walk(regime, part.when)
                    self._bar(regime, part.unless, said(regime, part.when))

    def _clause(self, regime: Regime, clause: Clause) -> None:
        self._walk(regime, clause.when)
        if clause.upon is not None:
            self._walk(regime, clause.upon)
            self._pattern(clause.act)
        self._bar(regime, clause.unless, clause_said(regime, clause))
        for rule in clause.overridden_by:
            other = regime.clauses.get(rule)
            if other is not None and not self._static_clause(regime, other):
                self.others[override_key(regime, clause, other)] = "order"

    def _bar(self, regime: Regime, bar: Condition | None, barred: str) -> None:
        if bar is not None:
            self._walk(regime, bar)
            if not self._static(regime, bar):
                self.others[order_key(regime, barred, bar)] = "order"

    def _walk(self, regime: Regime, condition: Condition) -> None:
        match condition:
            case Occurs(pattern=pattern) | Found(pattern=pattern):
                self._pattern(pattern)
            case AllOf(parts=parts, barring=barring):
                for part in parts:
                    self._walk(regime, part)
                for bar in barring:
                    self._bar(regime, bar, said(regime, AllOf(parts)))
            case AnyOf(parts=parts):
                for part in parts:
                    self._walk(regime, part)
            case Later(part=part, limit=limit):
                self._walk(regime, part)
                self.elapsed.setdefault(elapsed_key(regime, part), set()).add(limit)
            case Counted(pattern=pattern, n=n):
                self._pattern(pattern)
                if n > 1 and not all(map(self.vocabulary.opens, pattern.types)):
                    self.others["counted", count_key(condition)] = "counted"
            case RuleState(state=state, rule=rule) if rule in regime.clauses:
                if state == "done":
                    self._pattern(regime.clauses[rule].act)
                elif state == "breached":
                    self.others[open_key(regime, state, regime.clauses[rule])] = "open"
            case Standing(register=register):
                self.standings.add(register)
            case StateIs(test=test):
                self.states.setdefault(test.attribute, []).append(test)

    def _pattern(self, pattern: EventPattern) -> None:
        for name in pattern.types:
            if self.vocabulary.opens(name):
                self.openings.add(name)
                for test in pattern.tests:
                    self.tests.setdefault((name, test.attribute), []).append(test)
            else:
                asked = self.patterns.setdefault(name, [])
                stripped = of_type(pattern, name)
                if stripped not in asked:
                    asked.append(stripped)

    # ------------------------------------------------------------ what holds from the start

    def _static(self, regime: Regime, condition: Condition) -> bool:
        """Whether a condition holds from the start of the case, if at all."""
        match condition:
            case Always() | Standing() | StateIs():
                return True
            case Occurs(pattern=pattern):
                return all(map(self.vocabulary.opens, pattern.types))
            case FactHolds(fact=fact, under=under):
                parts = [p for p in regime.facts.get(fact, ()) if under_instrument(p, under)]
                return all(self._static_part(regime, part) for part in parts)
            case AllOf(parts=parts, barring=barring):
                return all(self._static(regime, part) for part in (*parts, *barring))
            case AnyOf(parts=parts):
                return all(self._static(regime, part) for part in parts)
            case RuleState(state="triggered", rule=rule):
                clause = regime.clauses.get(rule)
                return clause is None or self._static_clause(regime, clause)
        return False

    def _static_part(self, regime: Regime, part: FactClause | Clause) -> bool:
        if isinstance(part, Clause):
            return self._static_clause(regime, part)
        return self._static(regime, part.when) and (
            part.unless is None or self._static(regime, part.unless)
        )

    def _static_clause(self, regime: Regime, clause: Clause) -> bool:
        others = [regime.clauses[r] for r in clause.overridden_by if r in regime.clauses]
        return (
            clause.upon is None
            and self._static(regime, clause.when)
            and (clause.unless is None or self._static(regime, clause.unless))
            and all(self._static_clause(regime, other) for other in others)
        )

    # ------------------------------------------------------------ variables

    def variables(self, found: Mapping[str, tuple[Kind, ...]]) -> Iterator[Variable]:
        """All that a situation settles, in the vocabulary's order."""
        declared = [name for name in self.vocabulary.events if name in self.openings]
        spare = next((n for n in self.vocabulary.events if self.vocabulary.opens(n)), "case")
        openings = tuple(declared or [spare])
        yield Variable(("opening",), "opening", openings, (0, *[1] * (len(openings) - 1)))
        for name in openings:
            for attribute, domain in self.vocabulary.attributes.get(name, {}).items():
                tests = self.tests.get((name, attribute))
                if tests:
                    cut = cells(domain_values(domain, tests), tests)
                    yield _of_cells(("attribute", name, attribute), "attribute", cut)
        for register in sorted(self.standings):
            yield Variable(("standing", register), "standing", (False, True), (0, 1))
        for attribute, domain in self.vocabulary.case.items():
            if attribute in self.states:
                tests = self.states[attribute]
                cut = cells(domain_values(domain, tests), tests)
                yield _of_cells(("state", attribute), "state", cut)
        for name, some in found.items():
            for kind in some:
                key = ("happened", name, kind.patterns)
                yield Variable(key, "happened", (False, True), (0, 4))
        for key, limits in self.elapsed.items():
            ordered = sorted(limits, key=lambda limit: (limit[1].after(0), limit[0].after(0)))
            costs = tuple(range(0, 2 * len(ordered) + 1, 2))
            yield Variable(key, "elapsed", (None, *ordered), costs)
        for key, sort in self.others.items():
            cost = {"order": 1, "counted": 4, "open": 30}[sort]
            yield Variable(key, sort, (False, True), (0, cost))


def _of_cells(key: tuple[Any, ...], kind: VariableKind, cut: tuple[Cell, ...]) -> Variable:
    return Variable(key, kind, cut, (0, *[1] * (len(cut) - 1)))
