"""The situations that rules tell apart, and each rule as a function of the situation.

A situation says how the case was opened (which event, in which cell of its attributes), what
else has happened (events of each kind that a rule tells apart), how the state stands, which
time limits have run, and, where an exception hangs on it, what came first. These are finitely
many; each condition is a decision diagram over them. Section 9 of the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any, Literal

from normrules.analysis.atoms import (
    Collector,
    clause_said,
    count_key,
    elapsed_key,
    of_type,
    open_key,
    order_key,
    override_key,
    presupposed,
    under_instrument,
)
from normrules.analysis.cells import Kind, accepts, kinds
from normrules.analysis.diagrams import Diagrams, Node
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
from normrules.core.vocabulary import Vocabulary

VariableKind = Literal[
    "opening", "attribute", "happened", "standing", "state", "elapsed", "counted", "order", "open"
]


class Space:
    """The situations that the rules of some regimes tell apart.

    Cases with one opening event; of other events any number may have happened. Truths are made
    of decision diagrams, or of another algebra with their operations.
    """

    def __init__(
        self, regimes: Sequence[Regime], algebra: Callable[[Sequence[int]], Any] = Diagrams
    ) -> None:
        self.regimes = tuple(regimes)
        self.vocabulary: Vocabulary = regimes[0].program.vocabulary
        found = Collector(self.vocabulary)
        for regime in regimes:
            found.regime(regime)
        self.kinds: dict[str, tuple[Kind, ...]] = {
            name: kinds(name, patterns, self.vocabulary)
            for name, patterns in sorted(found.patterns.items())
        }
        self.patterns = found.patterns
        self.variables = tuple(found.variables(self.kinds))
        self.index = {variable.key: i for i, variable in enumerate(self.variables)}
        sizes = [len(variable.samples) for variable in self.variables]
        self.diagrams: Diagrams = algebra(sizes)
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
                parts = [p for p in regime.facts.get(fact, ()) if under_instrument(p, under)]
                return self.any(self.definition(regime, part) for part in parts)
            case AllOf(parts=parts, barring=barring):
                whole = self.all(self.truth(regime, part) for part in parts)
                for bar in barring:
                    early = self._early(order_key(regime, said(regime, AllOf(parts)), bar))
                    whole = d.but_not(whole, d.both(self.truth(regime, bar), early))
                return whole
            case AnyOf(parts=parts):
                return self.any(self.truth(regime, part) for part in parts)
            case Later(part=part, limit=limit):
                number = self.index[elapsed_key(regime, part)]
                passed = self.variables[number].samples.index(limit)
                size = len(self.variables[number].samples)
                run = d.literal(number, range(passed, size))
                return d.both(self.truth(regime, part), run)
            case Counted(pattern=pattern, n=n):
                happened = self.occurs(pattern)
                if n == 1:
                    return happened
                key = ("counted", count_key(condition))
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
            early = self._early(order_key(regime, said(regime, part.when), part.unless))
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
        place = self.patterns[name].index(of_type(pattern, name))
        return self.any(
            d.literal(self.index["happened", name, kind.patterns], [1])
            for kind in self.kinds[name]
            if place in kind.patterns
        )

    def _accepted(self, number: int, test: Test) -> list[int]:
        samples = self.variables[number].samples
        return [i for i, cell in enumerate(samples) if accepts(test, cell.sample)]

    def _early(self, key: tuple[Any, ...]) -> Node:
        """Where something that bars, if it happened, did so no later than what it bars."""
        number = self.index.get(key)
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
        number = self.index[open_key(regime, state, clause)]
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
            early = self._early(order_key(regime, clause_said(regime, clause), clause.unless))
            node = d.but_not(node, d.both(self.truth(regime, clause.unless), early))
        for rule in clause.overridden_by:
            other = regime.clauses.get(rule)
            if other is not None:
                early = self._early(override_key(regime, clause, other))
                over = d.both(self.trigger(regime, other, closed=True), early)
                node = d.but_not(node, over)
        return node

    def _found(self, regime: Regime, clause: Clause, condition: Condition) -> Node:
        """Where the findings are made; the bearer's own, at the latest, by the bearer's act."""
        match condition:
            case Found(by=by) if presupposed(clause, by):
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
