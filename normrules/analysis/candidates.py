"""Every single change of a case that may bear on a rule: what can be tried one by one."""

from __future__ import annotations

from collections.abc import Iterator

from normrules.analysis.casedata import Edit
from normrules.analysis.cells import bodies_named, cells, domain_values, kinds
from normrules.analysis.ways import Ways, new_event
from normrules.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    Counted,
    EventPattern,
    FactHolds,
    Found,
    Later,
    Occurs,
    RuleState,
    StateIs,
    Test,
)
from normrules.core.event import Event
from normrules.core.program import Clause, FactClause, Program
from normrules.core.vocabulary import Attribute


class Bearing:
    """What bears on a rule: the patterns, tests of the state and delays of its conditions.

    Facts are followed into their definitions, other rules into what wakes and performs them.
    """

    def __init__(self, program: Program, clause: Clause) -> None:
        self.program = program
        self.patterns: dict[EventPattern, None] = {}
        self.state: dict[Test, None] = {}
        self.later: dict[Later, None] = {}
        self._seen: set[str] = set()
        self._clause(clause)

    def _clause(self, clause: Clause) -> None:
        if clause.id in self._seen:
            return
        self._seen.add(clause.id)
        for condition in _conditions(clause):
            self._walk(condition)
        self.patterns[clause.act] = None
        if clause.breaks is not None:
            self.patterns[clause.breaks] = None
        for rule in clause.overridden_by:
            self._rule(rule)

    def _rule(self, rule: str) -> None:
        if rule in self.program.clauses:
            self._clause(self.program.clauses[rule])

    def _walk(self, condition: Condition) -> None:
        match condition:
            case Occurs(pattern=pattern) | Found(pattern=pattern) | Counted(pattern=pattern):
                self.patterns[pattern] = None
            case AllOf(parts=parts, barring=barring):
                for part in (*parts, *barring):
                    self._walk(part)
            case AnyOf(parts=parts):
                for part in parts:
                    self._walk(part)
            case Later(part=part):
                self.later[condition] = None
                self._walk(part)
            case FactHolds(fact=fact):
                for definition in self.program.facts.get(fact, ()):
                    self._definition(definition)
            case RuleState(rule=rule):
                self._rule(rule)
            case StateIs(test=test):
                self.state[test] = None

    def _definition(self, part: FactClause | Clause) -> None:
        if isinstance(part, Clause):
            self._clause(part)
        elif part.id not in self._seen:
            self._seen.add(part.id)
            self._walk(part.when)
            if part.unless is not None:
                self._walk(part.unless)


def _conditions(clause: Clause) -> Iterator[Condition]:
    deadline = clause.deadline
    timed = (deadline.counted_from, deadline.before) if deadline is not None else ()
    for condition in (clause.when, clause.upon, clause.unless, clause.until, *timed):
        if condition is not None:
            yield condition


def candidates(ways: Ways, clause: Clause) -> tuple[Edit, ...]:
    """The single edits that bear on a rule: changed, left out, added; of values all that differ.

    First the events' attributes, then the state's, events left out, events added, later times.
    """
    bearing = Bearing(ways.program, clause)
    edits = [
        *_attributes(ways, bearing),
        *_state(ways, bearing),
        *_removed(ways, bearing),
        *_added(ways, bearing),
        *(edit for condition in bearing.later for way in ways.later(condition) for edit in way),
    ]
    return tuple({edit.key(): edit for edit in edits}.values())


def _attributes(ways: Ways, bearing: Bearing) -> Iterator[Edit]:
    for event in ways.events:
        for name, tests in _asked_of(event, bearing).items():
            if name == "by":
                values = bodies_named(ways.vocabulary, tests)
            else:
                values = domain_values(ways.vocabulary.attributes[event.type].get(name), tests)
            for cell in cells(values, tests):
                if event.known.get(name) != frozenset({cell.sample}):
                    yield Edit("attribute", event.id, name, cell.sample)


def _asked_of(event: Event, bearing: Bearing) -> dict[str, list[Test]]:
    found: dict[str, list[Test]] = {}
    for pattern in bearing.patterns:
        if event.type in pattern.types:
            for test in pattern.tests:
                found.setdefault(test.attribute, []).append(test)
    return found


def _state(ways: Ways, bearing: Bearing) -> Iterator[Edit]:
    asked: dict[str, list[Test]] = {}
    for test in bearing.state:
        asked.setdefault(test.attribute, []).append(test)
    for name, tests in asked.items():
        domain: Attribute | None = ways.vocabulary.case.get(name)
        for cell in cells(domain_values(domain, tests), tests):
            yield Edit("state", "", name, cell.sample)


def _removed(ways: Ways, bearing: Bearing) -> Iterator[Edit]:
    types = {name for pattern in bearing.patterns for name in pattern.types}
    for event in ways.events:
        if event.type in types:
            yield from (edit for way in ways.removed(event) for edit in way)


def _added(ways: Ways, bearing: Bearing) -> Iterator[Edit]:
    types = dict.fromkeys(name for pattern in bearing.patterns for name in pattern.types)
    for name in types:
        patterns = [pattern for pattern in bearing.patterns if name in pattern.types]
        if not ways.vocabulary.opens(name):
            for kind in kinds(name, patterns, ways.vocabulary):
                for time in ways.times:
                    yield new_event(name, time, dict(kind.attributes))
