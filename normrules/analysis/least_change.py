"""The least change of a case that would wake or fulfil a rule, verified by evaluating it.

Changes are counted: an attribute set, an event added or left out, the horizon moved. Fewest
first; ties in the order of the rule's conditions, the case's events and the vocabulary. Another
state, or one that has joined, is a last resort.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from math import comb
from typing import Any, Literal

from normrules.analysis.candidates import candidates
from normrules.analysis.casedata import (
    Data,
    Edit,
    Edits,
    case_data,
    edited,
    fewest,
    joined,
    merge,
    read_data,
)
from normrules.analysis.ways import Ways, new_event
from normrules.core.case import Case
from normrules.core.condition import Occurs
from normrules.core.evaluation import Position, Status
from normrules.core.program import Program
from normrules.core.time import Instant, day, iso, moment
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import evaluate_regime
from normrules.engine.evaluation import position as position_of
from normrules.engine.outcome import mean

Goal = Literal["trigger", "fulfil"]
#: How many changes are evaluated, and how many edits one may have.
MOST_TRIES = 1_000
MOST_EDITS = 4

#: What a rule is that did what it asks, or lasts unbroken.
FULFILLED: frozenset[Status] = frozenset({"fulfilled", "exercised", "observed", "standing"})


@dataclass(frozen=True, slots=True, eq=False)
class LeastChange:
    """A change, what it leads to, and the case with it. `edits` is empty if none was found.

    Of every number of edits up to `exhausted`, all candidates were tried. `last_resort`: no
    change of the events was found, only one of the state.
    """

    goal: Goal
    edits: Edits
    status: Status | None
    data: Data
    tried: int
    exhausted: int
    last_resort: bool = False

    @property
    def proven(self) -> bool:
        """Whether all candidates with fewer edits were tried."""
        return self.exhausted >= len(self.edits) - 1


def least_change(
    program: Program,
    case: Case,
    position: Position,
    assumptions: Assumptions,
    at: Instant,
    *,
    goal: Goal | None = None,
) -> LeastChange | None:
    """The least change that would wake a rule, or fulfil it.

    Without a goal: fulfil a duty that is open, breached or awaiting; wake another rule that
    sleeps. None where there is nothing to wish for.
    """
    wished = goal_of(position) if goal is None else goal
    if wished is None or _reached(position, wished):
        return None
    return _Search(program, replace(case, horizon=at), position, assumptions, wished).run()


def goal_of(position: Position) -> Goal | None:
    """What to wish for: that the rule comes alive, or is fulfilled."""
    clause = position.clause
    duty = clause.modality in ("must", "should") and not clause.continuing and not clause.every
    if not position.surely_triggered:
        return "fulfil" if duty and position.status == "awaiting" else "trigger"
    return None if clause.effect is not None or clause.every is not None else "fulfil"


def _reached(position: Position, goal: Goal) -> bool:
    if goal == "trigger":
        return position.surely_triggered
    return position.status in FULFILLED


class _Search:
    """One search: guided by the conditions, and exhaustive while the budget lasts."""

    def __init__(
        self,
        program: Program,
        case: Case,
        position: Position,
        assumptions: Assumptions,
        goal: Goal,
    ) -> None:
        self.program, self.position, self.assumptions = program, position, assumptions
        self.goal, self.clause = goal, position.clause
        self.case, self.data = case, case_data(case, program.vocabulary)
        self.ways = Ways(program, case, _times(case, position))
        self.tried, self.exhausted = 0, 0
        self.seen: set[tuple[Any, ...]] = set()

    def run(self) -> LeastChange:
        """Try changes of one edit, then of two, and so on; last, another state."""
        guided = self._guided()
        single = candidates(self.ways, self.clause)
        for size in range(1, MOST_EDITS + 1):
            found = self._first(way for way in guided if len(way) == size)
            whole = self.exhausted == size - 1 and self._affordable(len(single), size)
            if found is None and whole:
                found = self._first(_sets(single, size))
                self.exhausted = size
            if found is not None:
                return found
        elsewhere = joined([self._standings(), [(), *guided]])
        return self._first(elsewhere, last_resort=True) or self._found((), None, self.data)

    def _affordable(self, candidates: int, size: int) -> bool:
        return comb(candidates + size - 1, size) <= MOST_TRIES - self.tried

    def _guided(self) -> list[Edits]:
        woken = self.ways.woken(self.clause)
        if self.goal == "trigger":
            return woken
        if self.clause.forbids:
            return joined([woken, self.ways.false(Occurs(self.clause.act))])
        if self.clause.breaks is not None:
            return joined([woken, self.ways.false(Occurs(self.clause.breaks))])
        performed = self.ways.performed(self.clause, self._state())
        return fewest([*performed, *joined([woken, performed])])

    def _state(self) -> str | None:
        """The state that bears the position, where each of a register does."""
        return self.position.bearer if self.position.key != self.clause.id else None

    def _standings(self) -> list[Edits]:
        """The state joined, or another state that the law bound on the day."""
        law = self.program.laws[self.clause.source.instrument]
        if law.register is None:
            return []
        register = self.program.registers[law.register]
        when = self.case.opening.time
        bound = [s for s in sorted(register.rows) if register.bound(s, when) is True]
        countries: list[Edits] = [(Edit("country", "", "country", state),) for state in bound[:1]]
        if law.register == self.program.rulebook.members or self.case.country is None:
            return countries
        joins = {"country": self.case.country, "register": law.register}
        start = str(self.case.opening.raw.get("time", iso(when.lo)))
        return [(new_event("ratified", start, joins),), *countries]

    # ------------------------------------------------------------ trying

    def _first(self, ways: Iterable[Edits], *, last_resort: bool = False) -> LeastChange | None:
        for edits in ways:
            name = tuple(sorted(edit.key() for edit in edits))
            if not edits or len(edits) > MOST_EDITS or name in self.seen:
                continue
            if self.tried >= 2 * MOST_TRIES:
                return None
            self.seen.add(name)
            self.tried += 1
            data = edited(self.data, edits)
            status = self._status(data)
            if status is not None:
                return self._found(edits, status, data, last_resort=last_resort)
        return None

    def _found(
        self, edits: Edits, status: Status | None, data: Data, *, last_resort: bool = False
    ) -> LeastChange:
        return LeastChange(self.goal, edits, status, data, self.tried, self.exhausted, last_resort)

    def _status(self, data: Data) -> Status | None:
        """The status that a changed case gives the rule, if that is what was wished for."""
        case = read_data(data, self.program.vocabulary)
        if case is None:
            return None
        state = self._state()
        bodies = None if state is None else frozenset({state})
        meaning = mean(self.program, case, None, self.assumptions)
        bearer = self.position.bearer
        quick = position_of(meaning, self.clause, bearer, bodies, with_reasons=False)
        if not _reached(quick, self.goal):
            return None
        answer = evaluate_regime(self.program, case, None, self.assumptions, with_reasons=False)
        whole = next((p for p in answer.positions if p.key == self.position.key), None)
        return whole.status if whole is not None and _reached(whole, self.goal) else None


def _sets(single: Sequence[Edit], size: int) -> Iterator[Edits]:
    """All sets of so many candidates that agree; one event may be added more than once."""
    for edits in combinations_with_replacement(single, size):
        added = tuple(edit for edit in edits if edit.kind == "add")
        others: Edits | None = ()
        for edit in edits:
            if others is not None and edit.kind != "add":
                others = merge(others, (edit,))
        if others is not None and len(others) + len(added) == size:
            yield (*others, *added)


def _times(case: Case, position: Position) -> list[str]:
    """When an added event may happen, best first: at the horizon, as late as is in time, early."""
    opened = min(case.opening.time.hi, case.horizon)
    asked = (case.horizon, position.due.lo, position.triggered.hi, opened)
    known = (t for t in asked if opened <= t <= case.horizon)
    return list(dict.fromkeys(_written(case, instant) for instant in known))


def _written(case: Case, instant: Instant) -> str:
    """An instant as a scenario has it: the end of a day as the day."""
    text = f"{moment(instant).astimezone(case.zone).date()}"
    return text if day(text, case.zone).hi == instant else str(iso(instant))
