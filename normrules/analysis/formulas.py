"""Truths over situations as formulas of a solver: for more situations than diagrams can hold.

The same operations as `Diagrams`, so that triggers are stated once. Needs the extra `proof`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

from normrules.analysis.diagrams import Assignment
from normrules.core.problem import NormrulesError

Formula = Any


def solver() -> ModuleType:
    """The solver z3. Raises NormrulesError if it is not installed."""
    try:
        import z3  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise NormrulesError(
            "this needs the solver z3, the extra `proof`: pip install 'normrules[proof]'"
        ) from error
    found: ModuleType = z3
    return found


def installed() -> bool:
    """Whether the solver is there."""
    try:
        solver()
    except NormrulesError:
        return False
    return True


class Formulas:
    """Formulas over variables 0, 1, ... with `sizes` values each: one truth for each value."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.z3 = solver()
        self.sizes = tuple(sizes)
        self.context = self.z3.main_ctx()
        self.true: Formula = self.z3.BoolVal(True)
        self.false: Formula = self.z3.BoolVal(False)
        # A variable of two values is one truth; of more, one for each value.
        self._bits = [
            [self.z3.Bool(f"v{number}.{value}") for value in range(size if size > 2 else 1)]
            for number, size in enumerate(self.sizes)
        ]

    def literal(self, variable: int, values: Iterable[int]) -> Formula:
        """Whether the variable has one of these values."""
        chosen, size = set(values), self.sizes[variable]
        if len(chosen) == size:
            return self.true
        if size <= 2:
            bit = self._bits[variable][0]
            return bit if chosen == {1} else self.z3.Not(bit) if chosen == {0} else self.false
        return self._or([self._bits[variable][value] for value in sorted(chosen)])

    def both(self, a: Formula, b: Formula) -> Formula:
        """Whether two truths hold."""
        if a is self.true or b is self.false:
            return b
        return a if b is self.true or a is self.false else self.z3.And(a, b)

    def either(self, a: Formula, b: Formula) -> Formula:
        """Whether one of two truths holds."""
        if a is self.false or b is self.true:
            return b
        return a if b is self.false or a is self.true else self.z3.Or(a, b)

    def but_not(self, a: Formula, b: Formula) -> Formula:
        """Whether the first holds and the second does not."""
        return a if b is self.false else self.both(a, self.z3.Not(b))

    def any_of(self, parts: Iterable[Formula]) -> Formula:
        """Whether one of some truths holds."""
        return self._or([part for part in parts if part is not self.false])

    def _or(self, parts: Sequence[Formula]) -> Formula:
        return self.false if not parts else parts[0] if len(parts) == 1 else self.z3.Or(*parts)

    # ------------------------------------------------------------ what the solver tells

    def asked(self, *truths: Formula) -> Any:
        """A solver that holds these truths, and that each variable has exactly one value."""
        found = self.z3.Solver()
        for bits in self._bits:
            if len(bits) > 1:
                found.add(self.z3.PbEq([(bit, 1) for bit in bits], 1))
        found.add(*truths)
        return found

    def situation(self, asked: Any) -> tuple[Assignment, Any] | None:
        """A situation in which all that is asked holds, and the model; None if there is none.

        Raises NormrulesError if the solver gives up.
        """
        answer = asked.check()
        if answer == self.z3.unsat:
            return None
        if answer != self.z3.sat:
            raise NormrulesError(f"the solver gave up: {asked.reason_unknown()}")
        model = asked.model()
        found = {number: self._value(bits, model) for number, bits in enumerate(self._bits)}
        return {number: value for number, value in found.items() if value}, model

    def _value(self, bits: Sequence[Formula], model: Any) -> int:
        held = [self.holds(bit, model) for bit in bits]
        return int(held[0]) if len(held) == 1 else held.index(True)

    def holds(self, truth: Formula, model: Any) -> bool:
        """Whether a truth holds in a model."""
        return bool(self.z3.is_true(model.eval(truth, model_completion=True)))
