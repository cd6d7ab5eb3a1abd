"""A program to a network: its nodes in order of dependency, and what lies outside the subset."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from normrules.core.condition import (
    AllOf,
    Always,
    AnyOf,
    Condition,
    Counted,
    Deadline,
    EventPattern,
    FactHolds,
    Found,
    Later,
    Occurs,
    RuleState,
    Standing,
    StateIs,
)
from normrules.core.program import Clause, FactClause, Program
from normrules.engine.durable.demands import demanded, own_act, presupposed
from normrules.engine.durable.knowledge import asks
from normrules.engine.durable.nodes import (
    Barred,
    Became,
    Defined,
    Delayed,
    Either,
    Fate,
    Given,
    Implied,
    Joined,
    Node,
    Nothing,
    Opening,
    Seen,
    Since,
    Tally,
    Trigger,
)

Made = TypeVar("Made", bound=Node)

#: The most questions that one pattern may put to an event, and all patterns to one type.
MAX_ASKS, MAX_ASKS_OF_TYPE = 16, 150
#: The most nodes that a program may have.
MAX_NODES = 6_000


class OutsideSubset(Exception):  # noqa: N818 - it is no error of the user's
    """Something that the proven-safe part of durable-rules can't carry; the message says what."""


@dataclass(frozen=True, eq=False)
class Network:
    """The nodes of a program, each after what it stands on.

    `fates` are the rules inside the subset, `refused` the others with the reason. `patterns`
    are all patterns on events, `conditions` the node of each condition (by its identity) that
    is judged without regard to a trigger, `awaited` that of each condition
    of an `upon`, by rule: what the bearer's act implies differs from rule to rule.
    """

    nodes: tuple[Node, ...]
    patterns: tuple[EventPattern, ...]
    fates: Mapping[str, Fate]
    refused: Mapping[str, str]
    conditions: Mapping[int, Node]
    awaited: Mapping[tuple[str, int], Node]


def network_of(program: Program) -> Network:
    """The network of a program."""
    builder = _Builder(program)
    fates = {}
    for rule in program.clauses:
        with suppress(OutsideSubset):  # the builder keeps the reason
            fates[rule] = builder.fate(rule)
    for fact in program.facts:  # also one on which no rule stands, for the trace
        with suppress(OutsideSubset):
            builder.fact(fact)
    nodes, patterns = tuple(builder.nodes), tuple(builder.patterns)
    judged = builder.judged()
    return Network(nodes, patterns, fates, builder.failed, judged, builder.awaited())


class _Builder:
    """Builds each node once. A condition is known by its place: two mentions are two nodes."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.nodes: list[Node] = []
        self.built: dict[tuple[object, ...], Node] = {}
        self.patterns: dict[EventPattern, int] = {}
        self.asked: dict[str, set[object]] = {}
        self.failed: dict[str, str] = {}
        self.numbers = count(1)
        self.opening = self.add(Opening("opening"))

    def add(self, node: Made) -> Made:
        """A new node, at the end of the order."""
        if len(self.nodes) >= MAX_NODES:
            raise OutsideSubset(f"the rulebook makes more than {MAX_NODES} nodes")
        self.nodes.append(node)
        return node

    def kind(self) -> str:
        """A new kind of fact."""
        return f"n{next(self.numbers)}"

    def once(self, key: tuple[object, ...], make: Callable[[], Node]) -> Node:
        """The node of a key, made if it is new."""
        if key not in self.built:
            self.built[key] = make()
        return self.built[key]

    def judged(self) -> dict[int, Node]:
        """The nodes of the conditions judged without a trigger, by the condition's identity."""
        return {
            key[1]: node
            for key, node in self.built.items()
            if key[0] == "condition" and isinstance(key[1], int) and key[2] is None
        }

    def awaited(self) -> dict[tuple[str, int], Node]:
        """The nodes of the findings awaited, by rule and the condition's identity."""
        return {
            (str(key[1]), key[2]): node
            for key, node in self.built.items()
            if key[0] == "upon" and isinstance(key[2], int)
        }

    # ------------------------------------------------------------ conditions

    def condition(self, condition: Condition, since: Trigger | None = None) -> Node:
        """The node of a condition; with `since`, of events at or after that trigger only."""
        key = ("condition", id(condition), since and since.kind)
        return self.once(key, lambda: self._condition(condition, since))

    def _condition(self, condition: Condition, since: Trigger | None) -> Node:
        match condition:
            case Always():
                return self.opening
            case Occurs(pattern=pattern) | Found(pattern=pattern):
                return self._seen(pattern, since)
            case Counted(pattern=pattern):
                self.watch(pattern)
                return self.add(Tally(self.kind(), condition, since))
            case FactHolds(fact=fact, under=under):
                return self.fact(fact, under, since)
            case AllOf(parts=parts, barring=barring):
                whole = self.joined([self.condition(part, since) for part in parts])
                return self.barred(whole, [self.condition(bar, since) for bar in barring])
            case AnyOf(parts=parts):
                return self.either([self.condition(part, since) for part in parts])
            case Later(part=part, limit=limit, rounding=rounding):
                base = self.condition(part, since)
                return self.add(Delayed(self.kind(), base, limit, rounding))
            case RuleState(state=state, rule=rule):
                return self._after(self._state(state, rule), since)
            case Standing() | StateIs():
                return self.add(Given(self.kind(), condition))

    def _seen(self, pattern: EventPattern, since: Trigger | None) -> Node:
        number = self.watch(pattern)
        kind = f"s{number}" if since is None else self.kind()
        return self.add(Seen(kind, pattern, since))

    def watch(self, pattern: EventPattern) -> int:
        """Have durable-rules look out for a pattern. Raises OutsideSubset for a wide one."""
        questions = asks(pattern)
        for name in pattern.types:
            if len(questions) > MAX_ASKS:
                raise OutsideSubset(
                    f"a pattern on `{name}` has {len(questions)} tests, and at most {MAX_ASKS} "
                    "are safe in one rule"
                )
            whole = self.asked.get(name, set()).union(questions)
            if len(whole) > MAX_ASKS_OF_TYPE:
                raise OutsideSubset(
                    f"the rulebook tests events of the type `{name}` in more than "
                    f"{MAX_ASKS_OF_TYPE} ways"
                )
            self.asked[name] = whole
        return self.patterns.setdefault(pattern, len(self.patterns))

    def joined(self, parts: list[Node]) -> Node:
        """All of some nodes."""
        return parts[0] if len(parts) == 1 else self.add(Joined(self.kind(), tuple(parts)))

    def either(self, parts: list[Node]) -> Node:
        """Any of some nodes."""
        return parts[0] if len(parts) == 1 else self.add(Either(self.kind(), tuple(parts)))

    def barred(self, part: Node, bars: list[Node]) -> Node:
        """A node, but not if a bar held by then."""
        return self.add(Barred(self.kind(), part, self.either(bars))) if bars else part

    def _after(self, part: Node, since: Trigger | None) -> Node:
        return part if since is None else self.add(Since(self.kind(), part, since))

    # ------------------------------------------------------------ facts

    def fact(self, fact: str, under: str | None = None, since: Trigger | None = None) -> Node:
        """The node of a fact, under one instrument or any."""
        key = ("fact", fact, under, since and since.kind)
        return self.once(key, lambda: self._defined(fact, under, since))

    def _defined(self, fact: str, under: str | None, since: Trigger | None) -> Node:
        parts = [
            self._definition(part, since)
            for part in self.program.facts.get(fact, ())
            if under is None or part.source.instrument == under
        ]
        return self.either(parts) if parts else self.add(Nothing(self.kind()))

    def _definition(self, part: FactClause | Clause, since: Trigger | None) -> Node:
        if isinstance(part, Clause):
            return self._after(self.trigger(part.id), since)
        bars = [] if part.unless is None else [self.condition(part.unless, since)]
        when = self.condition(part.when, since)
        return self.add(Defined(self.kind(), part, when, self.barred(when, bars), since))

    # ------------------------------------------------------------ rules

    def _state(self, state: str, rule: str) -> Node:
        if rule not in self.program.clauses:
            return self.once(("nothing",), lambda: self.add(Nothing(self.kind())))
        if state == "triggered":
            return self.trigger(rule)
        breached = state == "breached"
        fate = self.fate(rule)
        return self.once((state, rule), lambda: self.add(Became(self.kind(), fate, breached)))

    def trigger(self, rule: str) -> Trigger:
        """The node of a rule coming alive."""
        return self._of_rule("trigger", rule, self._trigger)

    def fate(self, rule: str) -> Fate:
        """The node of what becomes of a rule."""
        return self._of_rule("fate", rule, self._fate)

    def _of_rule(self, what: str, rule: str, make: Callable[[Clause], Made]) -> Made:
        """A node of a rule. Raises OutsideSubset, again at every later mention."""
        if rule in self.failed:
            raise OutsideSubset(f"it stands on the rule `{rule}`: {self.failed[rule]}")
        try:
            node = self.once((what, rule), lambda: make(self.program.clauses[rule]))
        except OutsideSubset as reason:
            self.failed[rule] = str(reason)
            raise
        return node  # type: ignore[return-value]

    def _trigger(self, clause: Clause) -> Trigger:
        merits = self.joined([self.condition(clause.when), self.opening])
        upon = None if clause.upon is None else self._upon(clause, clause.upon)
        both = merits if upon is None else self.joined([merits, upon])
        defeaters = tuple(self._defeaters(clause))
        return self.add(Trigger(self.kind(), clause, merits, upon, both, defeaters))

    def _defeaters(self, clause: Clause) -> Iterator[tuple[str, Node]]:
        if clause.unless is not None:
            yield "unless", self.condition(clause.unless)
        for rule in clause.overridden_by:
            yield rule, self.trigger(rule)

    def _upon(self, clause: Clause, condition: Condition) -> Node:
        """The findings awaited; the bearer's own may be made by the bearer's act."""
        return self.once(
            ("upon", clause.id, id(condition)), lambda: self._awaited(clause, condition)
        )

    def _awaited(self, clause: Clause, condition: Condition) -> Node:
        match condition:
            case Found(by=by) if presupposed(clause, by):
                self.watch(own_act(clause))
                return self.add(Implied(self.kind(), self.condition(condition), clause))
            case AnyOf(parts=parts):
                return self.either([self._upon(clause, part) for part in parts])
            case AllOf(parts=parts, barring=barring):
                whole = self.joined([self._upon(clause, part) for part in parts])
                return self.barred(whole, [self.condition(bar) for bar in barring])
        return self.condition(condition)

    def _fate(self, clause: Clause) -> Fate:
        trigger = self.trigger(clause.id)
        deadline = clause.deadline or Deadline()
        for pattern in demanded(clause, self.program):
            self.watch(pattern)
        until = None if clause.until is None else self.condition(clause.until, trigger)
        start, before = (
            None if condition is None else self.condition(condition)
            for condition in (deadline.counted_from, deadline.before)
        )
        return self.add(Fate(self.kind(), trigger, until, start, before))
