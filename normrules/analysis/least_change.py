"""The least change of a case that would wake or fulfil a rule, verified by evaluating it.

Changes are counted: an attribute set, an event added or left out, another state. Fewest
first; ties in the order of the case's events and of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from normrules.analysis.casedata import (
    Data,
    Edit,
    Edits,
    case_data,
    edited,
    fewest,
    joined,
    read_data,
)
from normrules.analysis.cells import accepts, bodies_named, domain_values
from normrules.core.case import Case
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
from normrules.core.evaluation import Position, Status
from normrules.core.event import Event, matches, passes
from normrules.core.program import Clause, FactClause, Program
from normrules.core.time import NEVER, Instant, iso
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import evaluate_regime

Goal = Literal["wake", "fulfil"]
#: How many changes are evaluated, and how large they may be.
MOST_TRIES = 600
MOST_EDITS = 4
_DEPTH = 8

FULFILLED: frozenset[Status] = frozenset({"fulfilled", "exercised"})


@dataclass(frozen=True, slots=True, eq=False)
class LeastChange:
    """A change, what it leads to, and the case with it. `edits` is empty if none was found."""

    goal: Goal
    edits: Edits
    status: Status | None
    data: Data
    tried: int


def least_change(
    program: Program, case: Case, position: Position, assumptions: Assumptions, at: Instant
) -> LeastChange | None:
    """The least change that would wake a rule that sleeps, or fulfil one that is open.

    None where there is nothing to wish for: the rule is fulfilled, or lasts.
    """
    goal = _goal(position)
    if goal is None:
        return None
    search = _Search(program, case, position, at)
    data = {**case_data(case, program.vocabulary), "at": iso(at)}
    tried = 0
    for edits in search.ways(goal):
        if tried >= MOST_TRIES or len(edits) > MOST_EDITS:
            break
        tried += 1
        changed = edited(data, edits)
        status = _status(program, changed, position.key, assumptions, goal)
        if status is not None:
            return LeastChange(goal, edits, status, changed, tried)
    return LeastChange(goal, (), None, data, tried)


def _goal(position: Position) -> Goal | None:
    if not position.surely_triggered:
        return "wake"
    duty = position.clause.modality in ("must", "should") and not position.clause.continuing
    lasting = position.clause.every is not None or position.clause.effect is not None
    if position.status in FULFILLED or lasting or not (duty or position.clause.permits):
        return None
    return "fulfil"


def _status(
    program: Program, data: Data, key: str, assumptions: Assumptions, goal: Goal
) -> Status | None:
    """The status that a changed case gives the rule, if that is what was wished for."""
    case = read_data(data, program.vocabulary)
    if case is None:
        return None
    answer = evaluate_regime(program, case, None, assumptions, with_reasons=False)
    position = next((p for p in answer.positions if p.key == key), None)
    if position is None:
        return None
    if goal == "wake":
        return position.status if position.surely_triggered else None
    return position.status if position.status in FULFILLED else None


class _Search:
    """Ways to make conditions true or false in a case: sets of edits, fewest first."""

    def __init__(self, program: Program, case: Case, position: Position, at: Instant) -> None:
        self.program, self.case, self.position = program, case, position
        self.vocabulary = program.vocabulary
        self.events = [event for event in case.events if event.time.lo <= at]
        self.times = list(dict.fromkeys((min(case.opening.time.hi, at), at)))

    def ways(self, goal: Goal) -> Iterator[Edits]:
        """The ways to the goal, fewest edits first."""
        clause = self.position.clause
        woken = self._trigger(clause, 0)
        ways = woken if goal == "wake" else joined([woken, self._acts(clause)])
        elsewhere = joined([ways, self._countries(clause)])
        seen: set[tuple[Any, ...]] = set()
        for edits in sorted([*ways, *elsewhere], key=len):
            names = tuple(sorted(edit.key() for edit in edits))
            if edits and names not in seen:
                seen.add(names)
                yield edits

    def _trigger(self, clause: Clause, depth: int) -> list[Edits]:
        parts = [self.true(clause.when, depth + 1)]
        if clause.upon is not None:
            parts.append(self.true(clause.upon, depth + 1))
        if clause.unless is not None:
            parts.append(self.false(clause.unless, depth + 1))
        rivals = [
            self.program.clauses[r] for r in clause.overridden_by if r in self.program.clauses
        ]
        parts += [self.false(rival.when, depth + 1) for rival in rivals]
        return joined(parts)

    def _acts(self, clause: Clause) -> list[Edits]:
        """Acts that perform the demand; of joint bearers, one by each."""
        bearer = clause.bearer
        if bearer is not None and bearer.kind == "jointly":
            return joined([self._act(clause, self._single(name)) for name in bearer.names])
        return self._act(clause, None)

    def _act(self, clause: Clause, body: str | None) -> list[Edits]:
        found = self._added(clause.act, self._act_times())
        if body is None:
            return found
        return [tuple(_by(edit, body) for edit in edits) for edits in found]

    def _single(self, name: str) -> str:
        """A body, or the first of a group."""
        entry = self.vocabulary.bodies.get(name)
        return entry.any_of[0] if entry is not None and entry.any_of else name

    def _act_times(self) -> list[Instant]:
        triggered = self.position.triggered.hi
        start = [triggered] if triggered < NEVER else []
        return list(dict.fromkeys([*start, *self.times]))

    def _countries(self, clause: Clause) -> list[Edits]:
        """Another state that the law bound on the day."""
        law = self.program.laws[clause.source.instrument]
        if law.register is None:
            return []
        register = self.program.registers[law.register]
        when = self.case.opening.time
        bound = [s for s in sorted(register.rows) if register.bound(s, when) is True]
        return [(Edit("country", "", "country", state),) for state in bound[:1]]

    # ------------------------------------------------------------ conditions

    def true(self, condition: Condition, depth: int) -> list[Edits]:
        """The ways to make a condition true."""
        if depth > _DEPTH:
            return []
        match condition:
            case Always():
                return [()]
            case Occurs(pattern=pattern) | Found(pattern=pattern):
                return self._occur(pattern)
            case FactHolds(fact=fact, under=under):
                parts = self.program.facts.get(fact, ())
                return fewest(
                    way
                    for part in parts
                    if under is None or part.source.instrument == under
                    for way in self._definition(part, depth)
                )
            case AllOf(parts=parts_, barring=barring):
                ways = [self.true(part, depth + 1) for part in parts_]
                return joined([*ways, *(self.false(bar, depth + 1) for bar in barring)])
            case AnyOf(parts=parts_):
                return fewest(way for part in parts_ for way in self.true(part, depth + 1))
            case Later(part=part, limit=limit):
                later = limit[1].after(self.times[-1])
                at = [(Edit("at", "", "at", iso(later)),)]
                return joined([self.true(part, depth + 1), [(), *at]])
            case Counted(pattern=pattern, n=n):
                return self._count(pattern, n)
            case RuleState(state=state, rule=rule):
                return self._rule_state(state, rule, depth)
            case Standing():
                return [()]
            case StateIs(test=test):
                return [(Edit("state", "", test.attribute, v),) for v in self._values("", test)]

    def false(self, condition: Condition, depth: int) -> list[Edits]:
        """The ways to keep a condition from being true: leave out or change what makes it so."""
        patterns = list(_patterns(self.program, condition, depth))
        sure = [
            event
            for event in self.events
            if any(matches(event, pattern) is not False for pattern in patterns)
        ]
        if not sure:
            return [()]
        removed = tuple(
            Edit("remove", event.id, "", "") for event in sure if event is not self.case.opening
        )
        changed = [
            (Edit("attribute", event.id, test.attribute, value),)
            for event in sure
            for pattern in patterns
            for test in pattern.tests
            if test.attribute != "by" and event.type in pattern.types
            for value in self._values(event.type, test, negated=True)
        ]
        return fewest([(), removed, *changed])

    def _definition(self, part: FactClause | Clause, depth: int) -> list[Edits]:
        if isinstance(part, Clause):
            return self._trigger(part, depth + 1)
        ways = [self.true(part.when, depth + 1)]
        if part.unless is not None:
            ways.append(self.false(part.unless, depth + 1))
        return joined(ways)

    def _rule_state(self, state: str, rule: str, depth: int) -> list[Edits]:
        clause = self.program.clauses.get(rule)
        if clause is None or state == "breached":
            return [()]
        woken = self._trigger(clause, depth + 1)
        return woken if state == "triggered" else joined([woken, self._acts(clause)])

    # ------------------------------------------------------------ events

    def _occur(self, pattern: EventPattern) -> list[Edits]:
        found: list[Edits] = []
        for event in self.events:
            if event.type in pattern.types:
                found += self._fitted(event, pattern)
        return fewest([*found, *self._added(pattern, self.times)])

    def _fitted(self, event: Event, pattern: EventPattern) -> list[Edits]:
        """The ways to make an event fit: a value for each test that it fails or leaves open."""
        choices = [
            [
                (Edit("attribute", event.id, test.attribute, value),)
                for value in self._values(event.type, test)
            ]
            for test in pattern.tests
            if passes(event, test) is not True
        ]
        return joined(choices) if choices else [()]

    def _added(self, pattern: EventPattern, times: Sequence[Instant]) -> list[Edits]:
        found: list[Edits] = []
        for name in pattern.types:
            if self.vocabulary.opens(name):
                continue  # a second opening would be a second case
            values = {test.attribute: self._values(name, test) for test in pattern.tests}
            if all(values.values()):
                first = {key: options[0] for key, options in values.items()}
                found += [
                    (Edit("add", "", name, {"type": name, "time": iso(time), **first}),)
                    for time in times
                ]
        return found

    def _count(self, pattern: EventPattern, n: int) -> list[Edits]:
        have = sum(matches(event, pattern) is True for event in self.events)
        one = self._added(pattern, self.times)
        return [(one[0] * max(0, n - have))] if one else ([()] if have >= n else [])

    def _values(self, event_type: str, test: Test, *, negated: bool = False) -> list[Any]:
        """The values that a test accepts (or not), in the vocabulary's order."""
        if test.attribute == "by":
            options = bodies_named(self.vocabulary, [test])
        else:
            domains = self.vocabulary.attributes[event_type] if event_type else self.vocabulary.case
            options = domain_values(domains.get(test.attribute), [test])
        return [value for value in options if accepts(test, value) is not negated]


def _by(edit: Edit, body: str) -> Edit:
    return Edit(edit.kind, edit.place, edit.name, {**edit.value, "by": body})


def _patterns(program: Program, condition: Condition, depth: int) -> Iterator[EventPattern]:
    """The events on which a condition may come true."""
    if depth > _DEPTH:
        return
    match condition:
        case Occurs(pattern=pattern) | Found(pattern=pattern) | Counted(pattern=pattern):
            yield pattern
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _patterns(program, part, depth + 1)
        case FactHolds(fact=fact):
            for entry in program.facts.get(fact, ()):
                yield from _patterns(program, entry.when, depth + 1)
        case Later(part=part):
            yield from _patterns(program, part, depth + 1)
        case RuleState(rule=rule) if rule in program.clauses:
            yield from _patterns(program, program.clauses[rule].when, depth + 1)
