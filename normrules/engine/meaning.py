"""The meaning of conditions and triggers: section 4 of the language, and the trigger of section 5.

Stated once, over the operations of a carrier: least, greatest, but-not, later, nth, since.
The answer to every condition is when it becomes true, as an interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
from normrules.core.event import Event, passes
from normrules.core.program import Clause, FactClause, Law, Program
from normrules.core.time import Instant
from normrules.engine.carriers.interval import (
    EVER_TRUE,
    NEVER_TRUE,
    IntervalCarrier,
    When,
    may_precede,
)
from normrules.engine.caselaw import NO_ASSUMPTIONS, Assumptions, CaseLaw
from normrules.engine.votes import verdict


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """How a rule came alive: merits, findings awaited, defeaters, law, and the trigger itself."""

    merits: When
    upon: When
    both: When
    defeaters: tuple[tuple[str, When], ...]
    undefeated: When
    in_force: Lawful
    bound: Lawful
    comes: When

    @property
    def may_be_defeated(self) -> bool:
        """Whether a defeater may come at or before the later of merits and findings."""
        return any(may_precede(when, self.both) for _, when in self.defeaters)


@dataclass(frozen=True, slots=True)
class Lawful:
    """Whether the law applied at a time: surely so, surely not, or unknown (None).

    `on_merits` asks while a finding is still awaited.
    """

    at_trigger: bool | None
    on_merits: bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Act:
    """An event that performs a demand, or may: when, and whether its votes were recorded."""

    when: When
    event: Event | None
    presumed: bool = False


#: When another rule was done or breached: the outcome's part of the meaning.
RuleStates = Callable[["Meaning", str, str], When]


class Meaning:
    """The meaning of one program in one case; every part is computed once."""

    def __init__(
        self,
        program: Program,
        case: Case,
        horizon: Instant | None = None,
        assumptions: Assumptions = NO_ASSUMPTIONS,
        *,
        rule_state: RuleStates,
    ) -> None:
        self.rule_state = rule_state
        self.program, self.case, self.assumptions = program, case, assumptions
        self.horizon = case.horizon if horizon is None else horizon
        self.carrier = IntervalCarrier(case, program.vocabulary, self.horizon)
        self._values: dict[tuple[int, int], When] = {}
        self._facts: dict[tuple[str, str | None, int], When] = {}
        self._triggers: dict[str, Trigger] = {}
        self._states: dict[tuple[str, str], When] = {}
        self.law = CaseLaw(program, case, self.carrier, assumptions)

    # ------------------------------------------------------------ conditions

    def value(self, condition: Condition, since: When | None = None) -> When:
        """When a condition becomes true; with `since`, of events at or after that time only."""
        key = (id(condition), id(since))
        if key not in self._values:
            self._values[key] = self._value(condition, since)
        return self._values[key]

    def _value(self, condition: Condition, since: When | None) -> When:
        carrier = self.carrier
        match condition:
            case Always():
                return carrier.start
            case Occurs(pattern=pattern) | Found(pattern=pattern):
                return carrier.least(self._occurrences(pattern, since))
            case FactHolds(fact=fact, under=under):
                return self._fact(fact, under, since)
            case AllOf(parts=parts, barring=barring):
                whole = carrier.greatest([self.value(part, since) for part in parts])
                if not barring:
                    return whole
                return carrier.but_not(
                    whole, carrier.least([self.value(part, since) for part in barring])
                )
            case AnyOf(parts=parts):
                return carrier.least([self.value(part, since) for part in parts])
            case Later(part=part, limit=limit, rounding=rounding):
                return carrier.later(self.value(part, since), limit, rounding)
            case Counted():
                return self._counted(condition, since)
            case RuleState(state=state, rule=rule):
                return self._since(since, self._state(state, rule))
            case Standing():
                return self._standing(condition)
            case StateIs(test=test):
                return self._state_is(test)

    def _occurrences(self, pattern: EventPattern, since: When | None) -> list[When]:
        return [self._since(since, x) for x in self.carrier.occurrences(pattern)]

    def _since(self, since: When | None, x: When) -> When:
        return x if since is None else self.carrier.since(since, x)

    def _counted(self, condition: Counted, since: When | None) -> When:
        found = self._occurrences(condition.pattern, since)
        if condition.distinct is None:
            return self.carrier.nth(condition.n, found)
        return self.carrier.nth(condition.n, self._distinct(found, condition.distinct, condition.n))

    def _distinct(self, found: list[When], attribute: str, n: int) -> list[When]:
        """One time per value; a missing value may be a new one, and surely is at n = 1."""
        values: dict[object, list[When]] = {}
        groups = []
        for x in found:
            value = _single_value(_event_of(x), attribute)
            if value is None:
                groups.append(x if n == 1 else self.carrier.possible(x))
            else:
                values.setdefault(value, []).append(x)
        return groups + [self.carrier.least(times) for times in values.values()]

    def _fact(self, fact: str, under: str | None, since: When | None) -> When:
        key = (fact, under, id(since))
        if key not in self._facts:
            parts = self.program.facts.get(fact, ())
            self._facts[key] = self.carrier.least(
                self.definition(part, since)
                for part in parts
                if under is None or part.source.instrument == under
            )
        return self._facts[key]

    def definition(self, part: FactClause | Clause, since: When | None = None) -> When:
        """When one definition (or one rule with the fact as its effect) makes a fact so.

        A definition counts while its instrument is in force.
        """
        if isinstance(part, Clause):
            return self._since(since, self.trigger(part.id).comes)
        value = self.value(part.when, since)
        asked_on = self.carrier.greatest([value, self.carrier.start])
        if part.unless is not None:
            value = self.carrier.but_not(value, self.value(part.unless, since))
        law = self.program.laws[part.source.instrument]
        return self.carrier.lawful(
            value, _force_asked(law), answer=self.law.in_force(law, asked_on)
        )

    def _standing(self, condition: Standing) -> When:
        register = self.law.register(condition.register)
        answer = register.bound(self.case.country, self.case.opening.time)
        return self.carrier.known(self.law.bound_asked(register), answer=answer)

    def _state_is(self, test: Test) -> When:
        state = Event("state", "state", self.case.opening.time, self.case.state)
        return self.carrier.known(f"{test.attribute} of the state", answer=passes(state, test))

    def _state(self, state: str, rule: str) -> When:
        if state == "triggered":
            return self.trigger(rule).comes
        key = (state, rule)
        if key not in self._states:
            self._states[key] = self.rule_state(self, state, rule)
        return self._states[key]

    # ------------------------------------------------------------ triggers

    def trigger(self, rule: str) -> Trigger:
        """How a rule comes alive."""
        if rule not in self._triggers:
            clause = self.program.clauses.get(rule)
            self._triggers[rule] = self._trigger(clause) if clause else _never()
        return self._triggers[rule]

    def _trigger(self, clause: Clause) -> Trigger:
        carrier = self.carrier
        merits = carrier.greatest([self.value(clause.when), carrier.start])
        upon = self.upon(clause)
        both = carrier.greatest([merits, upon])
        defeaters = tuple(self._defeaters(clause))
        undefeated = carrier.but_not(both, carrier.least(when for _, when in defeaters))
        law = self.program.laws[clause.source.instrument]
        in_force = Lawful(self.law.in_force(law, both), self.law.in_force(law, merits))
        bound = Lawful(self.law.bound(law, both), self.law.bound(law, merits))
        comes = carrier.lawful(undefeated, _force_asked(law), answer=in_force.at_trigger)
        if law.register is not None:
            asked = self.law.bound_asked(self.law.register(law.register))
            comes = carrier.lawful(comes, asked, answer=bound.at_trigger)
        return Trigger(merits, upon, both, defeaters, undefeated, in_force, bound, comes)

    def upon(self, clause: Clause, condition: Condition | None = None) -> When:
        """When the findings that the rule waits for are made.

        The bearer's own findings are made, at the latest, by the bearer's own act.
        """
        condition = condition or clause.upon
        if condition is None:
            return EVER_TRUE
        carrier = self.carrier
        match condition:
            case Found(by=by) if self._presupposed(clause, by):
                acts = [act.when for act in self.acts(clause)]
                return carrier.least([self.value(condition), *acts])
            case AnyOf(parts=parts):
                return carrier.least([self.upon(clause, part) for part in parts])
            case AllOf(parts=parts, barring=barring):
                whole = carrier.greatest([self.upon(clause, part) for part in parts])
                if not barring:
                    return whole
                return carrier.but_not(whole, carrier.least(map(self.value, barring)))
        return self.value(condition)

    def _presupposed(self, clause: Clause, by: frozenset[str]) -> bool:
        own = clause.bearer is not None and bool(by & clause.bearer.bodies)
        return own and clause.implied and not clause.forbids

    def _defeaters(self, clause: Clause) -> Iterator[tuple[str, When]]:
        if clause.unless is not None:
            yield "unless", self.value(clause.unless)
        for rule in clause.overridden_by:
            yield rule, self.trigger(rule).comes

    # ------------------------------------------------------------ acts

    def acts(self, clause: Clause, bodies: frozenset[str] | None = None) -> list[Act]:
        """The acts that perform a demand, or may: bearer, manner and votes fit.

        `bodies` names the bearers where the clause leaves them open (jointly, each).
        """
        pattern = clause.act
        if bodies is None and clause.bearer is not None and clause.bearer.kind == "jointly":
            bodies = clause.bearer.bodies
        if bodies is not None:
            by = Test("by", OneOf(bodies), "")
            pattern = EventPattern(pattern.types, (by, *pattern.tests), pattern.instrument)
        found = []
        for x in self.carrier.occurrences(pattern):
            if x.event is None or clause.decided_by is None:
                found.append(Act(x, x.event))
                continue
            valid = verdict(clause.decided_by, x.event, self.law.members_at(x))
            if valid == "presumed":
                found.append(Act(x, x.event, presumed=True))
            elif valid != "failed":
                found.append(Act(x if valid == "valid" else self.carrier.possible(x), x.event))
        return found

    def attempts(self, clause: Clause) -> list[Event]:
        """The acts that their recorded votes show to have failed."""
        if clause.decided_by is None:
            return []
        return [
            x.event
            for x in self.carrier.occurrences(clause.act)
            if x.event is not None
            and verdict(clause.decided_by, x.event, self.law.members_at(x)) == "failed"
        ]


def _never() -> Trigger:
    nothing = Lawful(True, True)
    return Trigger(NEVER_TRUE, NEVER_TRUE, NEVER_TRUE, (), NEVER_TRUE, nothing, nothing, NEVER_TRUE)


def _force_asked(law: Law) -> str:
    return f"whether {law.id} was in force"


def _event_of(x: When) -> Event | None:
    return _event_of(x.parts[-1]) if x.op == "since" else x.event


def _single_value(event: Event | None, attribute: str) -> object:
    if event is None:
        return None
    if attribute == "by":
        return event.by or None
    known = event.known.get(attribute)
    return next(iter(known)) if isinstance(known, frozenset) and len(known) == 1 else None
