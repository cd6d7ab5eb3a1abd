"""Which engine answers, and whether two agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from normrules.core.case import Case
from normrules.core.evaluation import Evaluation, Position, RegimeAnswer
from normrules.core.problem import NormrulesError
from normrules.core.program import Program
from normrules.core.time import Instant, describe
from normrules.core.wording import plain
from normrules.engine.caselaw import NO_ASSUMPTIONS, Assumptions
from normrules.engine.durable.firing import Fired, fire, installed
from normrules.engine.evaluation import evaluate, several_bases

Engine = Literal["auto", "meaning", "durable"]

NOT_INSTALLED = "durable-rules is not installed: every position was worked out by one engine only"
HOW_TO_INSTALL = (
    "durable-rules is not installed: `pip install 'normrules[durable]'` builds it from source and "
    "needs a C compiler (on Python 3.13 and later, with "
    "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject)"
)
#: How many differing positions, or reasons of refusal, one message lists.
MOST_LISTED = 20


def evaluate_with(
    case: Case,
    programs: Iterable[Program],
    horizon: Instant | None = None,
    assumptions: Assumptions = NO_ASSUMPTIONS,
    engine: Engine = "auto",
) -> Evaluation:
    """One case against several regimes, by the engine asked for.

    `meaning`: the meaning alone. `auto`: the meaning answers, and durable-rules, where it is
    installed, checks every position inside its subset. `durable`: durable-rules answers.

    Raises NormrulesError if two engines differ; with `durable` also if it is not installed or
    a rule lies outside its subset.
    """
    books = tuple(programs)
    if engine == "durable":
        return _by_durable(case, books, horizon, assumptions)
    found = evaluate(case, books, horizon, assumptions)
    if engine == "meaning":
        return found
    if not installed():
        return replace(found, notes=(*found.notes, NOT_INSTALLED))
    checked = [
        _checked(case, regime, _fired(case, regime.program, horizon, assumptions))
        for regime in found.regimes
    ]
    return replace(found, engine="meaning+durable", regimes=tuple(checked))


def _fired(
    case: Case, program: Program, horizon: Instant | None, assumptions: Assumptions
) -> Fired:
    return fire(program, case, horizon, assumptions.law, assume_bound=assumptions.bound)


# ---------------------------------------------------------------- two answers


def _checked(case: Case, regime: RegimeAnswer, fired: Fired) -> RegimeAnswer:
    """The regime's answer, marked with what was checked twice. Raises NormrulesError."""
    second = {position.key: position for position in fired.positions}
    inside = [p for p in regime.positions if p.clause.id not in fired.refused]
    differing = [p for p in inside if not agree(p, second.get(p.key))]
    unexpected = sorted(second.keys() - {position.key for position in regime.positions})
    if differing or unexpected:
        raise NormrulesError(_difference(case, regime, differing, second, unexpected))
    unchecked = {
        position.key: fired.refused[position.clause.id]
        for position in regime.positions
        if position.clause.id in fired.refused
    }
    return replace(regime, checked_twice=len(inside), unchecked=unchecked)


def agree(first: Position, second: Position | None) -> bool:
    """Whether two engines say the same of a position: its statuses and its trigger."""
    return second is not None and _compared(first) == _compared(second)


def _compared(position: Position) -> tuple[object, ...]:
    return position.status, position.possible, position.triggered


def _difference(
    case: Case,
    regime: RegimeAnswer,
    differing: Sequence[Position],
    second: Mapping[str, Position],
    unexpected: Sequence[str],
) -> str:
    lines = [
        f"`{position.key}`: the meaning says {_said(position)}; "
        f"durable-rules says {_said(second.get(position.key))}"
        for position in differing
    ]
    lines += [f"`{key}`: only durable-rules has this position" for key in unexpected]
    return (
        f"two engines differ on {len(lines)} of {len(regime.positions)} positions of "
        f"`{regime.program.name}` in the case `{case.id}`, so neither answer is given; "
        f"`--engine meaning` answers without the check. {_listed(lines)}"
    )


def _said(position: Position | None) -> str:
    if position is None:
        return "nothing"
    options = " or ".join(plain(status) for status in position.possible)
    return f"{options} (triggered: {describe(position.triggered)})"


def _listed(lines: Sequence[str]) -> str:
    more = len(lines) - MOST_LISTED
    return "; ".join([*lines[:MOST_LISTED], *([f"and {more} more"] if more > 0 else [])])


# ---------------------------------------------------------------- durable-rules alone


def _by_durable(
    case: Case, books: Sequence[Program], horizon: Instant | None, assumptions: Assumptions
) -> Evaluation:
    """The answer of durable-rules alone. Raises NormrulesError where it can't give one."""
    if not installed():
        raise NormrulesError(HOW_TO_INSTALL)
    fired = [_fired(case, program, horizon, assumptions) for program in books]
    refusals = [
        line for book, answer in zip(books, fired, strict=True) for line in _refusals(book, answer)
    ]
    if refusals:
        raise NormrulesError(
            f"durable-rules can't answer for {len(refusals)} rules; `--engine auto` checks the "
            f"others: {_listed(refusals)}"
        )
    regimes = [
        RegimeAnswer(program, answer.positions)
        for program, answer in zip(books, fired, strict=True)
    ]
    frame = evaluate(case, (), horizon, assumptions)
    return replace(frame, engine="durable", regimes=tuple(several_bases(regimes)))


def _refusals(program: Program, fired: Fired) -> Iterator[str]:
    for rule, reason in fired.refused.items():
        yield f"`{program.name}:{rule}`: {reason}"
