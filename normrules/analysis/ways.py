"""The ways to make a condition true in a case, or to keep it from being: sets of edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from normrules.analysis.atoms import under_instrument
from normrules.analysis.casedata import Edit, Edits, fewest, joined
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
    OneOf,
    RuleState,
    Standing,
    StateIs,
    Test,
)
from normrules.core.event import Event, matches, passes
from normrules.core.program import Clause, FactClause, Program
from normrules.core.time import iso

#: How deep facts and rules are followed into what they stand on.
_DEPTH = 10


class Ways:
    """The ways in one case. `times` are those at which an added event may happen, best first.

    A way is a candidate: the order of events may still spoil it, so that it must be tried.
    """

    def __init__(self, program: Program, case: Case, times: Sequence[str]) -> None:
        self.program, self.case, self.times = program, case, times
        self.vocabulary = program.vocabulary
        self.events = [event for event in case.events if event.time.lo <= case.horizon]

    # ------------------------------------------------------------ rules

    def woken(self, clause: Clause, depth: int = 0) -> list[Edits]:
        """The ways to make a rule come alive."""
        parts = [self.true(clause.when, depth + 1)]
        if clause.upon is not None:
            parts.append(self.true(clause.upon, depth + 1))
        if clause.unless is not None:
            parts.append(self.false(clause.unless, depth + 1))
        parts += [self.asleep(rival, depth + 1) for rival in self._rivals(clause)]
        return joined(parts)

    def asleep(self, clause: Clause, depth: int = 0) -> list[Edits]:
        """The ways to keep a rule from coming alive."""
        ways = self.false(clause.when, depth + 1)
        if clause.upon is not None:
            ways += self.false(clause.upon, depth + 1)
        if clause.unless is not None:
            ways += self.true(clause.unless, depth + 1)
        return fewest(ways)

    def _rivals(self, clause: Clause) -> Iterator[Clause]:
        yield from (
            self.program.clauses[r] for r in clause.overridden_by if r in self.program.clauses
        )

    def performed(self, clause: Clause, body: str | None = None) -> list[Edits]:
        """The ways to add acts that perform a demand; of joint bearers, one by each."""
        bearer = clause.bearer
        if bearer is not None and bearer.kind == "jointly":
            return joined([self.occurs(_by(clause.act, self._some(n))) for n in bearer.names])
        if body is not None or (bearer is not None and bearer.kind == "each"):
            register = bearer.names[0] if bearer is not None else ""
            return self.occurs(_by(clause.act, body or register))
        return self.occurs(clause.act)

    def _some(self, name: str) -> str:
        """A body, or the first of a group."""
        entry = self.vocabulary.bodies.get(name)
        return entry.any_of[0] if entry is not None and entry.any_of else name

    # ------------------------------------------------------------ conditions

    def true(self, condition: Condition, depth: int = 0) -> list[Edits]:
        """The ways to make a condition true."""
        if depth > _DEPTH:
            return []
        match condition:
            case Always() | Standing():
                return [()]
            case Occurs(pattern=pattern):
                return self.occurs(pattern)
            case Found(pattern=pattern):  # another finding, rather than one that was not made
                return fewest([*self.added(pattern), *self.occurs(pattern)])
            case FactHolds():
                parts = self._definitions(condition)
                return fewest(way for part in parts for way in self._defined(part, depth))
            case AllOf(parts=parts_, barring=barring):
                ways = [self.true(part, depth + 1) for part in parts_]
                return joined([*ways, *(self.false(bar, depth + 1) for bar in barring)])
            case AnyOf(parts=parts_):
                return fewest(way for part in parts_ for way in self.true(part, depth + 1))
            case Later(part=part):
                return joined([self.true(part, depth + 1), [(), *self.later(condition)]])
            case Counted():
                return self._counted(condition)
            case RuleState(state=state, rule=rule):
                return self._became(state, rule, depth)
            case StateIs(test=test):
                return [(Edit("state", "", test.attribute, v),) for v in self.values("", test)]

    def false(self, condition: Condition, depth: int = 0) -> list[Edits]:
        """The ways to keep a condition from being true: leave out or change what makes it so."""
        if depth > _DEPTH:
            return []
        match condition:
            case Occurs(pattern=pattern) | Found(pattern=pattern) | Counted(pattern=pattern):
                return joined([self._spoiled(event, pattern) for event in self.events])
            case FactHolds():
                parts = self._definitions(condition)
                return joined([self._undefined(part, depth) for part in parts])
            case AllOf(parts=parts_, barring=barring):
                ways = [way for part in parts_ for way in self.false(part, depth + 1)]
                return fewest([*ways, *(w for bar in barring for w in self.true(bar, depth + 1))])
            case AnyOf(parts=parts_):
                return joined([self.false(part, depth + 1) for part in parts_])
            case Later(part=part):
                return self.false(part, depth + 1)
            case RuleState(rule=rule) if rule in self.program.clauses:
                clause = self.program.clauses[rule]
                return fewest([*self.asleep(clause, depth + 1), *self.false(Occurs(clause.act))])
            case StateIs(test=test):
                values = self.values("", test, negated=True)
                return [(Edit("state", "", test.attribute, v),) for v in values]
            case _:
                return [()]

    def _definitions(self, holds: FactHolds) -> Iterator[FactClause | Clause]:
        for part in self.program.facts.get(holds.fact, ()):
            if under_instrument(part, holds.under):
                yield part

    def _defined(self, part: FactClause | Clause, depth: int) -> list[Edits]:
        if isinstance(part, Clause):
            return self.woken(part, depth + 1)
        ways = [self.true(part.when, depth + 1)]
        if part.unless is not None:
            ways.append(self.false(part.unless, depth + 1))
        return joined(ways)

    def _undefined(self, part: FactClause | Clause, depth: int) -> list[Edits]:
        if isinstance(part, Clause):
            return self.asleep(part, depth + 1)
        ways = self.false(part.when, depth + 1)
        if part.unless is not None:
            ways += self.true(part.unless, depth + 1)
        return fewest(ways)

    def _became(self, state: str, rule: str, depth: int) -> list[Edits]:
        clause = self.program.clauses.get(rule)
        if clause is None:
            return []
        woken = self.woken(clause, depth + 1)
        if state == "done":
            return joined([woken, self.performed(clause)])
        if state == "breached" and clause.forbids:
            return joined([woken, self.occurs(clause.act)])
        if state == "breached":
            return joined([woken, self.false(Occurs(clause.act))])
        return woken

    def later(self, condition: Later) -> list[Edits]:
        """The horizon moved by the time limit: what comes later comes true by then."""
        moved = iso(condition.limit[1].after(self.case.horizon, condition.rounding))
        return [(Edit("at", "", "at", moved),)] if moved is not None else []

    # ------------------------------------------------------------ events

    def occurs(self, pattern: EventPattern) -> list[Edits]:
        """The ways to have an event that matches: make one fit, add one, or give one to another."""
        fitted = [way for event in self.events for way in self._fitted(event, pattern)]
        same = [way for way in fitted if not any(edit.name == "by" for edit in way)]
        return fewest([*same, *self.added(pattern), *fitted])

    def _fitted(self, event: Event, pattern: EventPattern) -> list[Edits]:
        """A value for each test that an event fails or leaves open."""
        if event.type not in pattern.types:
            return []
        choices = [
            self._set(event, test, self.values(event.type, test))
            for test in pattern.tests
            if passes(event, test) is not True
        ]
        return joined(choices) if choices else [()]

    def _spoiled(self, event: Event, pattern: EventPattern) -> list[Edits]:
        """An event left as it is, left out, or given a value that a test does not accept."""
        if matches(event, pattern) is False:
            return [()]
        values = (
            way
            for test in pattern.tests
            for way in self._set(event, test, self.values(event.type, test, negated=True))
        )
        return [(), *self.removed(event), *values]

    def _set(self, event: Event, test: Test, values: Iterable[Any]) -> list[Edits]:
        return [(Edit("attribute", event.id, test.attribute, value),) for value in values]

    def removed(self, event: Event) -> list[Edits]:
        """The event left out; a case without its opening event would be none."""
        return [] if event is self.case.opening else [(Edit("remove", event.id, "", ""),)]

    def added(self, pattern: EventPattern) -> list[Edits]:
        """A new event that matches, at each of the times."""
        found: list[Edits] = []
        for name in pattern.types:
            values = {test.attribute: self.values(name, test) for test in pattern.tests}
            # A second opening event would be a second case.
            if not self.vocabulary.opens(name) and all(values.values()):
                first = {key: options[0] for key, options in values.items()}
                found += [(new_event(name, time, first),) for time in self.times]
        return found

    def _counted(self, condition: Counted) -> list[Edits]:
        pattern, distinct = condition.pattern, condition.distinct
        have = sum(matches(event, pattern) is True for event in self.events)
        wanted = max(0, condition.n - have)
        if not wanted:
            return [(), *self.occurs(pattern)]
        return fewest(
            way
            for fewer in (wanted - 1, wanted)
            for added in self.added(pattern)
            for way in joined([self._misfits(pattern, wanted - fewer), [added * fewer]])
        ) + ([] if distinct is None else self._different(condition, wanted))

    def _misfits(self, pattern: EventPattern, number: int) -> list[Edits]:
        """The ways to make one event fit that does not."""
        if number == 0:
            return [()]
        return [way for event in self.events for way in self._fitted(event, pattern) if way]

    def _different(self, condition: Counted, wanted: int) -> list[Edits]:
        """New events, each with another value of the attribute that must differ."""
        name = condition.distinct or ""
        asked = [test for test in condition.pattern.tests if test.attribute == name]
        test = asked[0] if asked else Test(name, OneOf(frozenset(), negated=True), "")
        found = []
        for added in self.added(condition.pattern):
            values = self.values(added[0].name, test)[:wanted]
            edits = (replace(added[0], value={**added[0].value, name: v}) for v in values)
            found.append(tuple(edits))
        return found

    def values(self, event_type: str, test: Test, *, negated: bool = False) -> list[Any]:
        """The values that a test accepts (or not), in the vocabulary's order."""
        if test.attribute == "by":
            options = bodies_named(self.vocabulary, [test])
        else:
            domains = self.vocabulary.attributes[event_type] if event_type else self.vocabulary.case
            options = domain_values(domains.get(test.attribute), [test])
        return [value for value in options if accepts(test, value) is not negated]


def new_event(name: str, time: str, values: dict[str, Any]) -> Edit:
    """The edit that adds an event."""
    return Edit("add", "", name, {"type": name, "time": time, **values})


def _by(pattern: EventPattern, body: str) -> EventPattern:
    tests = [test for test in pattern.tests if test.attribute != "by"]
    by = Test("by", OneOf(frozenset({body})), body)
    return EventPattern(pattern.types, (by, *tests), pattern.instrument)
