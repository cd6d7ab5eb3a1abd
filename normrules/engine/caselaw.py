"""The law of a case: which instruments were in force, and whether they bound the state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from normrules.core.case import Case
from normrules.core.program import Law, Program
from normrules.core.register import UNBOUNDED_END, Membership, Register, Span
from normrules.core.time import Interval
from normrules.engine.carriers.interval import NEVER_TRUE, IntervalCarrier, When


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a user asked to suppose: the law of a day, or that every regime binds the state.

    `bound` also takes an instrument whose end is unknown for one that is still in force.
    """

    law: Interval | None = None
    bound: bool = False


NO_ASSUMPTIONS = Assumptions()


class CaseLaw:
    """The law of a program in a case. Section 7 of the language."""

    def __init__(
        self, program: Program, case: Case, carrier: IntervalCarrier, assumptions: Assumptions
    ) -> None:
        self.program, self.case = program, case
        self.carrier, self.assumptions = carrier, assumptions
        self._registers: dict[str, Register] = {}

    def in_force(self, law: Law, x: When) -> bool | None:
        """Whether an instrument was in force at a time; None where that is unknown."""
        span = law.force
        if law.end_unknown and self.assumptions.bound:
            span = Span(span.start)
        return self.carrier.in_span(self._asked_on(x), [span])

    def bound(self, law: Law, x: When) -> bool | None:
        """Whether an instrument bound the state at a time; None where that is unknown."""
        if law.register is None or self.assumptions.bound:
            return True
        register = self.register(law.register)
        return self.carrier.bound(self._asked_on(x), register, self.case.country)

    def _asked_on(self, x: When) -> When:
        return x if self.assumptions.law is None else self.carrier.fixed(self.assumptions.law)

    def register(self, name: str) -> Register:
        """A register, extended by the case's own ratifications and departures."""
        if name not in self._registers:
            register = self.program.registers[name]
            joined, left = self._changes.get(name, ((), {}))
            self._registers[name] = register.extended(joined, left) if joined or left else register
        return self._registers[name]

    @cached_property
    def _changes(self) -> Mapping[str, tuple[tuple[Membership, ...], Mapping[str, Interval]]]:
        """What the case's `ratified` and `left` events change, by register."""
        changes: dict[str, tuple[tuple[Membership, ...], dict[str, Interval]]] = {}
        for event in self.case.events:
            name, country = str(event.raw.get("register", "")), self.case.country
            if country is None or event.type not in ("ratified", "left"):
                continue
            joined, left = changes.get(name, ((), {}))
            if event.type == "left":
                left = {**left, country: event.time}
            else:
                span = Span(event.time, UNBOUNDED_END)
                joined = (*joined, Membership(country, span, "scenario", event.source or ""))
            changes[name] = (joined, left)
        return changes

    def leaving(self, law: Law, when: Interval) -> When:
        """When the state leaves the register that bound it at a time."""
        if law.register is None or self.assumptions.bound or self.assumptions.law is not None:
            return NEVER_TRUE
        return self.carrier.fixed(self.register(law.register).leaving(self.case.country, when))

    def bound_asked(self, register: Register) -> str:
        """What would settle whether the state was bound."""
        return f"whether {self.case.country or 'the state'} is in the register {register.name}"

    def members_at(self, x: When) -> int | None:
        """How many members the organisation had at a time, if that is known."""
        name = self.program.rulebook.members
        return self.register(name).count(x.interval) if name else None
