"""The situations that rules tell apart, and each rule as a function of the situation.

A situation says how the case was opened (which event, in which cell of its attributes), what
else has happened (events of each kind that a rule tells apart), how the state stands, which
time limits have run, and, where an exception hangs on it, what came first. These are finitely
many; each condition is a decision diagram over them. Section 9 of the language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

from normrules.analysis.cells import Cell, Kind, accepts, cells, domain_values, kinds
from normrules.analysis.diagrams import Diagrams, Node
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
from normrules.core.program import Clause, FactClause, Law, Program
from normrules.core.register import Span
from normrules.core.time import NEVER, Interval, TimeLimit
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
    live = {name for name, entry in program.laws.items() if _holds(entry, law)}
    clauses = {i: c for i, c in program.clauses.items() if c.source.instrument in live}
    facts = {
        fact: tuple(part for part in parts if part.source.instrument in live)
        for fact, parts in program.facts.items()
    }
    return Regime(program, clauses, facts)


def _holds(entry: Law, law: Interval) -> bool:
    force = Span(entry.force.start) if entry.end_unknown else entry.force
    return force.covers(law) is not False


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


class Space:
    """The situations that the rules of some regimes tell apart.

    Cases with one opening event; of other events any number may have happened.
    """

    def __init__(self, regimes: Sequence[Regime]) -> None:
        self.regimes = tuple(regimes)
        self.vocabulary: Vocabulary = regimes[0].program.vocabulary
        found = _Collector(self.vocabulary)
        for regime in regimes:
            found.regime(regime)
        self.kinds: dict[str, tuple[Kind, ...]] = {
            name: kinds(name, patterns, self.vocabulary)
            for name, patterns in sorted(found.patterns.items())
        }
        self.patterns = found.patterns
        self.variables = tuple(found.variables(self.kinds))
        self.index = {variable.key: i for i, variable in enumerate(self.variables)}
        self.diagrams = Diagrams([len(variable.samples) for variable in self.variables])
        self._truths: dict[tuple[str, int], Node] = {}
        self._triggers: dict[tuple[str, str, bool], Node] = {}
        self.valid = self._valid()

    @property
    def costs(self) -> list[tuple[int, ...]]:
        """What each value of each variable costs a witness."""
        return [variable.costs for variable in self.variables]

    def _valid(self) -> Node:
        """No attribute of an opening event that did not open the case is anything but first."""
        d, node = self.diagrams, self.diagrams.true
        openings = self.variables[0].samples
        for number, variable in enumerate(self.variables):
            if variable.kind == "attribute":
                mine = d.literal(0, [openings.index(variable.key[1])])
                node = d.both(node, d.either(mine, d.literal(number, [0])))
        return node

    # ------------------------------------------------------------ conditions

    def truth(self, regime: Regime, condition: Condition) -> Node:
        """Where a condition holds."""
        key = (regime.name, id(condition))
        if key not in self._truths:
            self._truths[key] = self._truth(regime, condition)
        return self._truths[key]

    def _truth(self, regime: Regime, condition: Condition) -> Node:
        d = self.diagrams
        match condition:
            case Always():
                return d.true
            case Occurs(pattern=pattern) | Found(pattern=pattern):
                return self.occurs(pattern)
            case FactHolds(fact=fact, under=under):
                parts = [p for p in regime.facts.get(fact, ()) if _under(p, under)]
                return self.any(self.definition(regime, part) for part in parts)
            case AllOf(parts=parts, barring=barring):
                whole = self.all(self.truth(regime, part) for part in parts)
                for bar in barring:
                    early = self._early(regime, ("all", id(condition), id(bar)))
                    whole = d.but_not(whole, d.both(self.truth(regime, bar), early))
                return whole
            case AnyOf(parts=parts):
                return self.any(self.truth(regime, part) for part in parts)
            case Later(part=part, limit=limit):
                number = self.index[_elapsed_key(regime, part)]
                passed = self.variables[number].samples.index(limit)
                size = len(self.variables[number].samples)
                run = d.literal(number, range(passed, size))
                return d.both(self.truth(regime, part), run)
            case Counted(pattern=pattern, n=n):
                happened = self.occurs(pattern)
                if n == 1:
                    return happened
                key = ("counted", _count_key(condition))
                again = d.literal(self.index[key], [1]) if key in self.index else d.false
                return d.both(happened, again)
            case RuleState(state=state, rule=rule):
                return self._rule_state(regime, state, rule)
            case Standing(register=register):
                return d.literal(self.index["standing", register], [1])
            case StateIs(test=test):
                number = self.index["state", test.attribute]
                return d.literal(number, self._accepted(number, test))

    def definition(self, regime: Regime, part: FactClause | Clause) -> Node:
        """Where a definition (or a rule with the fact as its effect) holds."""
        if isinstance(part, Clause):
            return self.trigger(regime, part, closed=True)
        node = self.truth(regime, part.when)
        if part.unless is not None:
            early = self._early(regime, ("unless", part.id))
            bar = self.diagrams.both(self.truth(regime, part.unless), early)
            node = self.diagrams.but_not(node, bar)
        return node

    def occurs(self, pattern: EventPattern) -> Node:
        """Where an event of a pattern has happened."""
        return self.any(self._occurs(name, pattern) for name in pattern.types)

    def _occurs(self, name: str, pattern: EventPattern) -> Node:
        d = self.diagrams
        if self.vocabulary.opens(name):
            openings = self.variables[0].samples
            if name not in openings:
                return d.false
            node = d.literal(0, [openings.index(name)])
            for test in pattern.tests:
                number = self.index["attribute", name, test.attribute]
                node = d.both(node, d.literal(number, self._accepted(number, test)))
            return node
        place = self.patterns[name].index(_of_type(pattern, name))
        return self.any(
            d.literal(self.index["happened", name, kind.patterns], [1])
            for kind in self.kinds[name]
            if place in kind.patterns
        )

    def _accepted(self, number: int, test: Test) -> list[int]:
        samples = self.variables[number].samples
        return [i for i, cell in enumerate(samples) if accepts(test, cell.sample)]

    def _early(self, regime: Regime, place: tuple[Any, ...]) -> Node:
        """Where something that bars, if it happened, did so no later than what it bars."""
        number = self.index.get(("order", regime.name, *place))
        return self.diagrams.true if number is None else self.diagrams.literal(number, [1])

    def _rule_state(self, regime: Regime, state: str, rule: str) -> Node:
        clause = regime.clauses.get(rule)
        if clause is None:
            return self.diagrams.false
        alive = self.trigger(regime, clause, closed=True)
        if state == "triggered":
            return alive
        if state == "done":
            return self.diagrams.both(alive, self.occurs(clause.act))
        number = self.index["open", regime.name, state, rule]
        return self.diagrams.both(alive, self.diagrams.literal(number, [1]))

    # ------------------------------------------------------------ rules

    def trigger(self, regime: Regime, clause: Clause, *, closed: bool = False) -> Node:
        """Where a rule is alive on the merits; `closed`: only with the findings it waits for."""
        key = (regime.name, clause.id, closed)
        if key not in self._triggers:
            self._triggers[key] = self._trigger(regime, clause, closed=closed)
        return self._triggers[key]

    def _trigger(self, regime: Regime, clause: Clause, *, closed: bool) -> Node:
        d = self.diagrams
        node = self.truth(regime, clause.when)
        if closed and clause.upon is not None:
            node = d.both(node, self._found(regime, clause, clause.upon))
        if clause.unless is not None:
            early = self._early(regime, ("unless", clause.id))
            node = d.but_not(node, d.both(self.truth(regime, clause.unless), early))
        for rule in clause.overridden_by:
            other = regime.clauses.get(rule)
            if other is not None:
                early = self._early(regime, ("override", clause.id, rule))
                over = d.both(self.trigger(regime, other, closed=True), early)
                node = d.but_not(node, over)
        return node

    def _found(self, regime: Regime, clause: Clause, condition: Condition) -> Node:
        """Where the findings are made; the bearer's own, at the latest, by the bearer's act."""
        match condition:
            case Found(by=by) if _presupposed(clause, by):
                return self.diagrams.either(self.truth(regime, condition), self.occurs(clause.act))
            case AnyOf(parts=parts):
                return self.any(self._found(regime, clause, part) for part in parts)
            case AllOf(parts=parts, barring=()):
                return self.all(self._found(regime, clause, part) for part in parts)
        return self.truth(regime, condition)

    def any(self, nodes: Iterable[Node]) -> Node:
        """Where one of some truths holds."""
        return reduce(self.diagrams.either, nodes, self.diagrams.false)

    def all(self, nodes: Iterable[Node]) -> Node:
        """Where all of some truths hold."""
        return reduce(self.diagrams.both, nodes, self.diagrams.true)


def _under(part: FactClause | Clause, under: str | None) -> bool:
    return under is None or part.source.instrument == under


def _presupposed(clause: Clause, by: frozenset[str]) -> bool:
    own = clause.bearer is not None and bool(by & clause.bearer.bodies)
    return own and clause.implied and not clause.forbids


def _of_type(pattern: EventPattern, name: str) -> EventPattern:
    """What a pattern asks of events of one type; how it was said does not matter."""
    tests = sorted({Test(t.attribute, t.accepts, "") for t in pattern.tests}, key=repr)
    return EventPattern((name,), tuple(tests))


def _count_key(condition: Counted) -> tuple[Any, ...]:
    patterns = tuple(_of_type(condition.pattern, name) for name in condition.pattern.types)
    return (patterns, condition.distinct, condition.n)


def _elapsed_key(regime: Regime, part: Condition) -> tuple[Any, ...]:
    """Time runs from the same thing for all regimes, unless it is a label of one of them."""
    return ("elapsed", regime.name if _labelled(part) else "", part)


def _labelled(condition: Condition) -> bool:
    match condition:
        case FactHolds() | RuleState():
            return True
        case AllOf(parts=parts, barring=barring):
            return any(map(_labelled, (*parts, *barring)))
        case AnyOf(parts=parts):
            return any(map(_labelled, parts))
        case Later(part=part):
            return _labelled(part)
    return False


class _Collector:
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
        for clause in regime.clauses.values():
            self._clause(regime, clause)
        for parts in regime.facts.values():
            for part in parts:
                if isinstance(part, FactClause):
                    self._walk(regime, part.when)
                    self._bar(regime, part.unless, ("unless", part.id))

    def _clause(self, regime: Regime, clause: Clause) -> None:
        self._walk(regime, clause.when)
        if clause.upon is not None:
            self._walk(regime, clause.upon)
            self._pattern(clause.act)
        self._bar(regime, clause.unless, ("unless", clause.id))
        for rule in clause.overridden_by:
            other = regime.clauses.get(rule)
            if other is not None and not self._static_clause(regime, other):
                self.others["order", regime.name, "override", clause.id, rule] = "order"

    def _bar(self, regime: Regime, bar: Condition | None, place: tuple[Any, ...]) -> None:
        if bar is not None:
            self._walk(regime, bar)
            if not self._static(regime, bar):
                self.others["order", regime.name, *place] = "order"

    def _walk(self, regime: Regime, condition: Condition) -> None:
        match condition:
            case Occurs(pattern=pattern) | Found(pattern=pattern):
                self._pattern(pattern)
            case AllOf(parts=parts, barring=barring):
                for part in parts:
                    self._walk(regime, part)
                for bar in barring:
                    self._bar(regime, bar, ("all", id(condition), id(bar)))
            case AnyOf(parts=parts):
                for part in parts:
                    self._walk(regime, part)
            case Later(part=part, limit=limit):
                self._walk(regime, part)
                self.elapsed.setdefault(_elapsed_key(regime, part), set()).add(limit)
            case Counted(pattern=pattern, n=n):
                self._pattern(pattern)
                if n > 1 and not all(map(self.vocabulary.opens, pattern.types)):
                    self.others["counted", _count_key(condition)] = "counted"
            case RuleState(state=state, rule=rule) if rule in regime.clauses:
                if state == "done":
                    self._pattern(regime.clauses[rule].act)
                elif state == "breached":
                    self.others["open", regime.name, state, rule] = "open"
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
                stripped = _of_type(pattern, name)
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
                parts = [p for p in regime.facts.get(fact, ()) if _under(p, under)]
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
