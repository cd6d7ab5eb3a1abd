"""Regimes over time: at each date of change, whom they bind to what, and what they share.

A state stands where the strongest commitment stands that a regime which binds it has towards
an action, in some situation. Dates and memberships that are not known leave states open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from normrules.analysis.comparison import restricted
from normrules.analysis.regimes import Regime, held, regime_on
from normrules.analysis.scale import (
    Commitments,
    Gates,
    Scale,
    check_actions,
    competent,
    same_vocabulary,
)
from normrules.analysis.shares import kth, shares_of
from normrules.analysis.situations import Space
from normrules.core.problem import NormrulesError
from normrules.core.program import Program
from normrules.core.register import Register
from normrules.core.rulebook import english
from normrules.core.time import NEVER, Instant, Interval, describe
from normrules.lang.registers import world

#: The class of a state of which it is not known where it stands.
UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the world's states stand on one action on a day, and what the regimes share.

    `states` counts states by commitment; those of whom it is not known under `UNKNOWN`.
    `regimes` are those counted; `shared[k]` is what at least k of them share, in which share
    of situations.
    """

    action: str
    states: Mapping[str, int]
    regimes: tuple[str, ...]
    shared: Mapping[int, Mapping[str, Fraction]]

    @property
    def world(self) -> int:
        """How many states there are."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Moment:
    """A date on which something changed, what changed, and how things stand from then on."""

    day: Instant
    changes: tuple[str, ...]
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Evolution:
    """Regimes from a day to another; the first moment is the first day.

    `ladder` is the order of commitments, `left_out` the regimes that bind no state.
    """

    regimes: tuple[str, ...]
    left_out: tuple[str, ...]
    actions: tuple[str, ...]
    ladder: tuple[str, ...]
    start: Instant
    end: Instant
    moments: tuple[Moment, ...]


def evolution(
    programs: Sequence[Program],
    start: Instant,
    end: Instant,
    actions: Sequence[str],
    *,
    forbidding: bool = False,
    scale: Scale | None = None,
    gates: Gates = "strength",
    where: Mapping[str, str] | None = None,
    states: Register | None = None,
) -> Evolution:
    """How states stand under regimes at each date of change from a day to another.

    `states` are those of the world by default. Raises NormrulesError for regimes that bind
    nobody, unknown actions, a span turned around.
    """
    once = list({program.name: program for program in programs}.values())
    binding = [p for p in once if p.clauses and (p.rulebook.members or _universal(p))]
    _check(binding, actions, start, end)
    same_vocabulary(binding)
    there = states or world()
    history = _History(binding, there, scale or Scale(), gates, where or {}, forbidding)
    days = sorted({start, *(day for day in history.changes if start < day <= end)})
    moments = (
        Moment(
            day,
            tuple(history.changes.get(day, ())) if day != start else (),
            tuple(history.standing(action, day) for action in actions),
        )
        for day in days
    )
    return Evolution(
        tuple(p.name for p in binding),
        tuple(p.name for p in once if p not in binding),
        tuple(actions),
        history.ladder,
        start,
        end,
        tuple(moments),
    )


def _check(
    programs: Sequence[Program], actions: Sequence[str], start: Instant, end: Instant
) -> None:
    if end < start:
        raise NormrulesError(f"the last day, {_date(end)}, is before the first, {_date(start)}")
    if not programs:
        raise NormrulesError("none of these regimes has rules and binds states")
    check_actions(actions, programs[0].vocabulary)


def _universal(program: Program) -> bool:
    return program.rulebook.kind == "universal"


def _date(day: Instant) -> str:
    return describe(Interval(day, day))[:10]


class _Roll:
    """A register as a sequence of stretches in which nothing changes."""

    def __init__(self, register: Register, states: Register) -> None:
        self.register, self.states = register, states
        edges = {
            instant
            for stays in register.rows.values()
            for stay in stays
            for edge in (stay.span.start, stay.span.end)
            for instant in (edge.lo, edge.hi)
        }
        if register.complete is not None:
            edges |= {register.complete.start.hi, register.complete.end.lo}
        self.edges = sorted(edge for edge in edges if edge < NEVER)
        self._stretches: dict[int, Mapping[str, bool | None]] = {}

    def on(self, day: Instant) -> Mapping[str, bool | None]:
        """Of each state, whether it belongs on a day; None where that is unknown."""
        stretch = bisect_right(self.edges, day)
        if stretch not in self._stretches:
            when = Interval(day, day)
            self._stretches[stretch] = {s: self.register.bound(s, when) for s in self.states.rows}
        return self._stretches[stretch]


#: Registers that a state must all be in, and the rungs on which it then stands at least, at most.
_Group = tuple[Sequence[Mapping[str, bool | None]], tuple[int, int]]


@dataclass(frozen=True, eq=False)
class _History:
    """What changes when, and how things stand on any day."""

    programs: Sequence[Program]
    states: Register
    scale: Scale
    gates: Gates
    where: Mapping[str, str]
    forbidding: bool

    @property
    def ladder(self) -> tuple[str, ...]:
        return self.scale.forbidding if self.forbidding else self.scale.commanding

    @cached_property
    def rolls(self) -> Mapping[str, _Roll]:
        registers = {"": self.states}
        for program in self.programs:
            names = {program.rulebook.members, *(law.register for law in program.laws.values())}
            registers |= {name: program.registers[name] for name in names if name is not None}
        return {name: _Roll(register, self.states) for name, register in registers.items()}

    @cached_property
    def changes(self) -> Mapping[Instant, list[str]]:
        """Each date of change with what changed, in words."""
        found: dict[Instant, list[str]] = {}
        for program in self.programs:  # texts first: they move more than one state
            for law in program.laws.values():
                title = english(law.instrument.title)
                ends = Interval(NEVER, NEVER) if law.end_unknown else law.force.end
                for word, edge in (("in force", law.force.start), ("ends", ends)):
                    self._note(found, edge, f"{program.name}: {title} {word}")
        for name, roll in self.rolls.items():
            for state, stays in roll.register.rows.items():
                for stay in stays:
                    to, off = ("joins", "leaves") if name else ("becomes a state", "is none now")
                    label = f" {name}" if name else ""
                    self._note(found, stay.span.start, f"{state} {to}{label}")
                    self._note(found, stay.span.end, f"{state} {off}{label}")
            if (complete := roll.register.complete) is not None:
                self._note(found, complete.start, f"who is in {name} is known")
                self._note(found, complete.end, f"who else is in {name} is not known")
        return found

    @staticmethod
    def _note(found: dict[Instant, list[str]], edge: Interval, said: str) -> None:
        if edge.lo == edge.hi and edge.lo < NEVER:
            found.setdefault(edge.lo, []).append(said)
            return
        for instant, word in ((edge.lo, "maybe "), (edge.hi, "by now ")):
            if instant < NEVER:
                found.setdefault(instant, []).append(f"{word}{said}")

    # ------------------------------------------------------------ one day

    def standing(self, action: str, day: Instant) -> Standing:
        """How the world's states stand on an action on a day."""
        states = [state for state, there in self.rolls[""].on(day).items() if there is True]
        groups = self._groups(action, day)
        counts = Counter(self._class(state, groups) for state in states)
        order = [*reversed(self.ladder), UNKNOWN]
        regimes, shared = self._shared(action, day)
        return Standing(action, {c: counts[c] for c in order if counts[c]}, regimes, shared)

    def _class(self, state: str, groups: Sequence[_Group]) -> str:
        sure = possible = 0
        for rolls, (least, most) in groups:
            answers = {roll[state] for roll in rolls}
            if False not in answers:
                possible = max(possible, most)
                sure = sure if None in answers else max(sure, least)
        return self.ladder[sure] if sure == max(sure, possible) else UNKNOWN

    def _groups(self, action: str, day: Instant) -> Sequence[_Group]:
        """The rungs on which those surely and possibly stand who are in all of some registers.

        What binds the parties of an organisation's treaty binds members of it alone.
        """
        found: dict[frozenset[str], tuple[int, int]] = {}
        for program in self.programs:
            for instrument, rung in self._top(program, action, day):
                law = program.laws[instrument]
                sure = rung if held(law, Interval(day, day)) is True else 0
                both = (program.rulebook.members, law.register)
                names = frozenset(name for name in both if name is not None)
                least, most = found.get(names, (0, 0))
                found[names] = max(least, sure), max(most, rung)
        return [([self.rolls[n].on(day) for n in names], rungs) for names, rungs in found.items()]

    def _top(self, program: Program, action: str, day: Instant) -> Sequence[tuple[str, int]]:
        """The instruments in force with the strongest rung that a rule of theirs reaches."""
        regime = regime_on(program, Interval(day, day))
        key = (program.name, action, tuple(regime.clauses))
        if key not in self._tops:
            self._tops[key] = list(self._reached(regime, action))
        return self._tops[key]

    @cached_property
    def _tops(self) -> dict[tuple[str, str, tuple[str, ...]], Sequence[tuple[str, int]]]:
        return {}

    def _reached(self, regime: Regime, action: str) -> Iterator[tuple[str, int]]:
        """Each rule's instrument and rung, if the rule is alive in some situation asked for."""
        if not competent(regime.program, action):
            return
        commitments = self._commitments((regime,))
        d, closed = commitments.space.diagrams, self.gates == "closed"
        for clause, rung in commitments.committing(regime, action, forbidding=self.forbidding):
            alive = commitments.space.trigger(regime, clause, closed=closed)
            if d.both(alive, commitments.asked) != d.false:
                yield clause.source.instrument, rung

    def _commitments(self, regimes: Sequence[Regime]) -> Commitments:
        space = Space(tuple(regimes))
        return Commitments(space, self.scale, self.gates, restricted(space, self.where))

    # ------------------------------------------------------------ what is shared

    def _shared(
        self, action: str, day: Instant
    ) -> tuple[tuple[str, ...], Mapping[int, Mapping[str, Fraction]]]:
        regimes = [
            regime
            for program in self.programs
            if competent(program, action)
            and (regime := regime_on(program, Interval(day, day))).clauses
        ]
        key = (action, tuple((r.name, tuple(r.clauses)) for r in regimes))
        if key not in self._known:
            self._known[key] = self._counted(action, regimes)
        return tuple(r.name for r in regimes), self._known[key]

    @cached_property
    def _known(self) -> dict[object, Mapping[int, Mapping[str, Fraction]]]:
        return {}

    def _counted(self, action: str, regimes: Sequence[Regime]) -> Mapping[int, dict[str, Fraction]]:
        if not regimes:
            return {}
        commitments = self._commitments(regimes)
        space = commitments.space
        nodes = [commitments.node(r, action, forbidding=self.forbidding) for r in regimes]
        found = {
            k: shares_of(space, kth(space, nodes, k), self.ladder) for k in range(1, len(nodes) + 1)
        }
        return {k: shares for k, shares in found.items() if shares}
