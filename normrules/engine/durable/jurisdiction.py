"""Which law applied in a case: instruments in force, states bound, votes that carry."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from normrules.core.case import Case
from normrules.core.event import Event, Votes
from normrules.core.program import Clause, Law, Program
from normrules.core.register import UNBOUNDED_END, Membership, Register, Span, covered
from normrules.core.rulebook import Decision
from normrules.core.time import Instant, Interval
from normrules.engine.durable.moments import NEVER_COMES, Moment


class Jurisdiction:
    """The law of a program in a case.

    `day` asks what the law of another day would have said; `assume_bound` supposes that every
    regime binds the state, and that instruments whose end is unknown are in force.
    """

    def __init__(
        self,
        program: Program,
        case: Case,
        horizon: Instant,
        day: Interval | None,
        *,
        assume_bound: bool,
    ) -> None:
        self.program, self.case, self.horizon = program, case, horizon
        self.day, self.assume_bound = day, assume_bound
        self._registers: dict[str, Register] = {}

    def law_of(self, instrument: str) -> Law:
        """An instrument with its dates and parties."""
        return self.program.laws[instrument]

    def in_force(self, law: Law, moment: Moment) -> bool | None:
        """Whether an instrument was in force at a moment; None where that is unknown."""
        force = Span(law.force.start) if law.end_unknown and self.assume_bound else law.force
        return covered([force], self.day or self._so_far(moment))

    def bound(self, law: Law, moment: Moment) -> bool | None:
        """Whether an instrument bound the state at a moment; None where that is unknown."""
        if law.register is None or self.assume_bound:
            return True
        return self.register(law.register).bound(
            self.case.country, self.day or self._so_far(moment)
        )

    def _so_far(self, moment: Moment) -> Interval:
        """The part of a moment up to the horizon, if any of it lies there."""
        lo, hi = moment.span
        return Interval(lo, min(hi, self.horizon)) if lo <= self.horizon else moment.span

    def leaving(self, clause: Clause, moment: Moment) -> Moment:
        """When the state leaves the register that bound it at a moment."""
        law = self.law_of(clause.source.instrument)
        if law.register is None or self.assume_bound or self.day is not None:
            return NEVER_COMES
        return Moment(*self.register(law.register).leaving(self.case.country, moment.span))

    def register(self, name: str) -> Register:
        """A register, with what the case itself says of ratifications and departures."""
        if name not in self._registers:
            self._registers[name] = self._with_changes(self.program.registers[name])
        return self._registers[name]

    def _with_changes(self, register: Register) -> Register:
        country = self.case.country
        changes = [
            event
            for event in self.case.events
            if event.type in ("ratified", "left") and event.raw.get("register") == register.name
        ]
        if country is None or not changes:
            return register
        joined = [
            Membership(country, Span(e.time, UNBOUNDED_END), "scenario", e.source or "")
            for e in changes
            if e.type == "ratified"
        ]
        departures = [event.time for event in changes if event.type == "left"]
        return register.extended(joined, {country: departures[-1]} if departures else {})

    def acting_states(self, clause: Clause) -> list[str]:
        """Of a rule for each state of a register, the states that an event names."""
        if clause.bearer is None or clause.bearer.kind != "each":
            return []
        register = self.register(clause.bearer.names[0])
        types = {*clause.act.types, *(clause.breaks.types if clause.breaks else ())}
        spared = self.case.country if clause.bearer.except_concerned else None
        return sorted(
            {
                state
                for event in self.case.events
                if event.type in types
                for state in event.by
                if state in register.rows
                and state != spared
                and register.bound(state, event.time) is not False
            }
        )

    def carried(self, clause: Clause, event: Event, span: Interval) -> bool | None:
        """Whether an act's votes carried; None where they do not say. Without votes: presumed."""
        if clause.decided_by is None or not event.votes.recorded:
            return True
        members = self.program.rulebook.members
        number = None if members is None else self.register(members).count(span)
        return carries(clause.decided_by, event.votes, number)


# ---------------------------------------------------------------- votes


def carries(decision: Decision, votes: Votes, members: int | None) -> bool | None:
    """Whether votes meet a decision rule, or else its fall-back; None where they do not say.

    >>> carries(Decision(share="2/3"), Votes(in_favour=2, against=1), None)
    True
    """
    if members is not None and decision.without is not None:
        members -= 1
    vetoed = decision.veto is not None and bool(votes.vetoes)
    needed = [_enough(decision, votes, members), _quorum(decision, votes, members), not vetoed]
    answer = _every(needed)
    if decision.else_ is None or answer is True:
        return answer
    full = members if members is None or decision.without is None else members + 1
    fallback = carries(decision.else_, votes, full)
    if answer is False or fallback is True:
        return fallback
    return None


def _every(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    if False in found:
        return False
    return None if None in found else True


def _enough(decision: Decision, votes: Votes, members: int | None) -> bool | None:
    match decision.rule:
        case "executive":
            return True
        case "consensus":
            return None if votes.against is None else votes.against == 0
        case "unanimity":
            silent = [votes.against, votes.abstaining]
            return _every(None if number is None else number == 0 for number in silent)
    if votes.in_favour is None:
        return None
    if decision.at_least is not None:
        return votes.in_favour >= decision.at_least
    whole = _whole(decision, votes, members)
    if whole is None:
        return None
    if decision.rule == "majority":
        return votes.in_favour > Fraction(whole, 2)
    return decision.share is not None and votes.in_favour >= math.ceil(decision.share * whole)


def _whole(decision: Decision, votes: Votes, members: int | None) -> int | None:
    """Of how many a majority or share is asked."""
    match decision.of:
        case "members":
            return members
        case "present":
            return votes.present
    if votes.in_favour is None or votes.against is None:
        return None
    return votes.in_favour + votes.against


def _quorum(decision: Decision, votes: Votes, members: int | None) -> bool | None:
    """Whether enough were present; so it is where nobody recorded how many were."""
    if decision.quorum is None or votes.present is None:
        return True
    if not isinstance(decision.quorum, Fraction):
        return votes.present >= decision.quorum
    return None if members is None else votes.present >= math.ceil(decision.quorum * members)
