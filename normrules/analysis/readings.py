"""Which answers hang on how a text is read: other readings, evaluated on the same case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from normrules.core.case import Case
from normrules.core.evaluation import Evaluation, Position, RegimeAnswer
from normrules.core.program import Program
from normrules.core.time import Instant
from normrules.core.wording import plain
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import DORMANT, evaluate_regime
from normrules.lang.library import load_program


def with_readings(evaluation: Evaluation, assumptions: Assumptions) -> Evaluation:
    """The evaluation, each position marked with the readings under which it would differ."""
    regimes, notes = [], list(evaluation.notes)
    for regime in evaluation.regimes:
        marked, said = _marked(evaluation.case, regime, evaluation.at, assumptions)
        regimes.append(marked)
        notes += said
    return replace(evaluation, regimes=tuple(regimes), notes=tuple(notes))


def _marked(
    case: Case, regime: RegimeAnswer, at: Instant, assumptions: Assumptions
) -> tuple[RegimeAnswer, list[str]]:
    differing: dict[str, list[str]] = {}
    notes = []
    positions = {position.key: position for position in regime.positions}
    for name, program in _others(regime.program):
        answer = evaluate_regime(program, case, at, assumptions, with_reasons=False)
        second = {position.key: position for position in answer.positions}
        for key, position in positions.items():
            if not _same(position, second.get(key)):
                differing.setdefault(key, []).append(_told(name, second.get(key)))
        notes += [
            f"{regime.program.name}: `{key}` stands only under {name}"
            for key in second.keys() - positions.keys()
            if second[key].status not in DORMANT
        ]
    if not differing:
        return regime, sorted(notes)
    marked = tuple(
        replace(position, differs_under=tuple(differing.get(position.key, ())))
        for position in regime.positions
    )
    return replace(regime, positions=marked), sorted(notes)


def _same(position: Position, other: Position | None) -> bool:
    return other is not None and set(position.possible) == set(other.possible)


def _told(name: str, other: Position | None) -> str:
    return f"{name} ({plain(other.status) if other else 'no such rule'})"


def _others(program: Program) -> Iterator[tuple[str, Program]]:
    """The program under each reading that was not chosen, one question at a time."""
    _, at, date = program.name.partition("@")
    if not program.file:
        return
    for question, reading in program.rulebook.readings.items():
        for option in reading.options:
            if option.id != program.readings.get(question):
                chosen = tuple(sorted({**program.readings, question: option.id}.items()))
                yield f"{question}={option.id}", _read(f"{program.file}{at}{date}", chosen)


@lru_cache(maxsize=256)
def _read(name: str, readings: tuple[tuple[str, str], ...]) -> Program:
    chosen: Mapping[str, str] = dict(readings)
    return load_program(name, chosen)
