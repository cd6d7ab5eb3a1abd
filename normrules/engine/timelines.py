"""When each thing of a program came true in a case: by the meaning, or by durable-rules."""

from __future__ import annotations

from typing import Protocol

from normrules.core.case import Case
from normrules.core.condition import Condition
from normrules.core.program import FactClause, Program
from normrules.core.time import Instant, Interval
from normrules.engine.caselaw import Assumptions
from normrules.engine.durable.firing import Run, installed, run
from normrules.engine.durable.network import OutsideSubset
from normrules.engine.durable.nodes import Defined
from normrules.engine.outcome import mean, outcome_of


class Timeline(Protocol):
    """When conditions, definitions and rules came true, as intervals."""

    def condition(self, condition: Condition) -> Interval:
        """When a condition came true."""

    def definition(self, definition: FactClause) -> Interval:
        """When a definition made its fact so."""

    def trigger(self, rule: str) -> Interval:
        """When a rule came alive."""

    def merits(self, rule: str) -> Interval:
        """When a rule's own conditions were met, whatever it still waited for."""

    def due(self, rule: str) -> Interval:
        """By when a rule is to be done."""

    def became(self, rule: str) -> tuple[Interval, Interval]:
        """When a rule was done, and breached."""


class Meant:
    """By the meaning."""

    def __init__(
        self, program: Program, case: Case, horizon: Instant, assumptions: Assumptions
    ) -> None:
        self._program, self._meaning = program, mean(program, case, horizon, assumptions)

    def condition(self, condition: Condition) -> Interval:
        """When a condition came true."""
        return self._meaning.value(condition).interval

    def definition(self, definition: FactClause) -> Interval:
        """When a definition made its fact so."""
        return self._meaning.definition(definition).interval

    def trigger(self, rule: str) -> Interval:
        """When a rule came alive."""
        return self._meaning.trigger(rule).comes.interval

    def merits(self, rule: str) -> Interval:
        """When a rule's own conditions were met, whatever it still waited for."""
        return self._meaning.trigger(rule).merits.interval

    def due(self, rule: str) -> Interval:
        """By when a rule is to be done."""
        return outcome_of(self._meaning, self._program.clauses[rule]).due.interval

    def became(self, rule: str) -> tuple[Interval, Interval]:
        """When a rule was done, and breached."""
        outcome = outcome_of(self._meaning, self._program.clauses[rule])
        return outcome.done.interval, outcome.breach.interval


class Ran:
    """By a run of durable-rules."""

    def __init__(self, ran: Run) -> None:
        self._ran, self._network = ran, ran.program.network
        self._definitions = {
            id(node.definition): node
            for node in self._network.nodes
            if isinstance(node, Defined) and node.since is None
        }

    def condition(self, condition: Condition) -> Interval:
        """When a condition came true."""
        return self._ran.chain.moment(self._network.conditions[id(condition)]).span

    def definition(self, definition: FactClause) -> Interval:
        """When a definition made its fact so."""
        return self._ran.chain.moment(self._definitions[id(definition)]).span

    def trigger(self, rule: str) -> Interval:
        """When a rule came alive."""
        return self._ran.chain.alive[rule].comes.span

    def merits(self, rule: str) -> Interval:
        """When a rule's own conditions were met, whatever it still waited for."""
        return self._ran.chain.alive[rule].merits.span

    def due(self, rule: str) -> Interval:
        """By when a rule is to be done."""
        return self._ran.courses[rule].due.span

    def became(self, rule: str) -> tuple[Interval, Interval]:
        """When a rule was done, and breached."""
        course = self._ran.courses[rule]
        return course.done.span, course.breach.span


def timeline(program: Program, case: Case, horizon: Instant, assumptions: Assumptions) -> Timeline:
    """By durable-rules, if it is installed and carries the whole book; else by the meaning."""
    if installed():
        try:
            ran = run(program, case, horizon, assumptions.law, assume_bound=assumptions.bound)
        except OutsideSubset:
            return Meant(program, case, horizon, assumptions)
        if not ran.program.network.refused:
            return Ran(ran)
    return Meant(program, case, horizon, assumptions)
