"""How many of the world's states a regime binds on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from normrules.core.program import Program
from normrules.core.register import Register
from normrules.core.time import Interval
from normrules.lang.registers import world


@dataclass(frozen=True, slots=True)
class StatesBound:
    """From how many states to how many a regime binds: more where a membership is not known.

    `of` is how many states there are in the world that day.
    """

    least: int
    most: int
    of: int

    @property
    def share(self) -> tuple[Fraction, Fraction]:
        """The same as a share of the world's states."""
        return Fraction(self.least, self.of or 1), Fraction(self.most, self.of or 1)


def states_on(day: Interval) -> list[str]:
    """The world's states on a day."""
    register = world()
    return [state for state in register.rows if register.bound(state, day) is True]


def states_bound(program: Program, day: Interval) -> StatesBound | None:
    """How many states a regime binds; None of one that has no members (a donor)."""
    states = states_on(day)
    if program.rulebook.kind == "universal":
        return StatesBound(len(states), len(states), len(states))
    name = program.rulebook.members
    return None if name is None else counted(program.registers[name], states, day)


def counted(register: Register, states: Iterable[str], day: Interval) -> StatesBound:
    """How many of some states belong to a register on a day."""
    answers = [register.bound(state, day) for state in states]
    sure = sum(answer is True for answer in answers)
    return StatesBound(sure, sure + sum(answer is None for answer in answers), len(answers))
