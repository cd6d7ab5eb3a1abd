"""The door for Python users: load, evaluate, explain, check, by names and paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from html import escape
from pathlib import Path
from typing import Any

from normrules.analysis.answers import Explanation, explain_position
from normrules.analysis.comparison import Comparison
from normrules.analysis.comparison import compare as compare_programs
from normrules.analysis.denominator import common_rulebook
from normrules.analysis.least_change import Goal
from normrules.analysis.readings import with_readings
from normrules.core.case import Case
from normrules.core.evaluation import Evaluation, Position
from normrules.core.problem import NormrulesError, Problem, did_you_mean
from normrules.core.program import Program
from normrules.core.time import Instant, day, read_time
from normrules.core.vocabulary import Vocabulary
from normrules.engine.agreement import Engine, evaluate_with
from normrules.engine.caselaw import Assumptions
from normrules.engine.trace import trace as tell
from normrules.lang.checks import check_paths
from normrules.lang.library import all_programs, check_questions, load_program
from normrules.lang.streams import load_many
from normrules.lang.writer import dumps
from normrules.show.charts.comparing import Kind, comparison_picture
from normrules.show.comparison import comparison_data, comparison_text
from normrules.show.comparison_html import comparison_html
from normrules.show.explanation import explanation_text
from normrules.show.html import evaluation_html
from normrules.show.plain import as_data


class Answer(Evaluation):
    """An evaluation that shows itself in a notebook and gives plain data."""

    def data(self) -> dict[str, Any]:
        """The answer as plain data, with the lowest common denominator."""
        return as_data(self)

    def position(self, rule: str) -> Position:
        """The position of `rulebook:rule` (or of a rule named only once).

        Raises NormrulesError with near names.
        """
        return find_position(self, rule)

    def _repr_html_(self) -> str:
        return evaluation_html(self)


def load(rulebook: str, readings: Mapping[str, str] | None = None) -> Program:
    """A rulebook by name, path or edition (`un-secretariat@2009-10-31`).

    Raises NormrulesError with its problems, or with near names.
    """
    program = load_program(rulebook, readings)
    check_questions([program], readings or {})
    return program


def evaluate(
    scenario: str | Path | Case,
    rulebooks: Iterable[str | Program] | None = None,
    *,
    at: str | None = None,
    law: str | None = None,
    assume_bound: bool = False,
    engine: Engine = "auto",
) -> Answer:
    """One case against some rulebooks (default: those that bind the state, and the UN's).

    `at` is the horizon, `law` the day whose law is asked, both as text. Raises NormrulesError,
    also if the scenario holds several cases: see `evaluate_all`.
    """
    answers = evaluate_all(
        scenario, rulebooks, at=at, law=law, assume_bound=assume_bound, engine=engine
    )
    if len(answers) != 1:
        names = ", ".join(answer.case.id for answer in answers)
        raise NormrulesError(f"`{scenario}` holds several cases ({names}): use evaluate_all")
    return answers[0]


def evaluate_all(
    scenarios: str | Path | Case | Sequence[str | Path | Case],
    rulebooks: Iterable[str | Program] | None = None,
    *,
    at: str | None = None,
    law: str | None = None,
    assume_bound: bool = False,
    engine: Engine = "auto",
    readings: Mapping[str, str] | None = None,
    trace: bool = False,
) -> list[Answer]:
    """Every case of some scenarios against some rulebooks. Raises NormrulesError.

    With `trace`, each regime's answer holds its firings: the events coming in, step by step.
    """
    cases = _cases(scenarios)
    named = None if rulebooks is None else [_program(name, readings) for name in rulebooks]
    if readings:
        check_questions(all_programs() if named is None else named, readings)
    assumptions = Assumptions(_law_day(law) if law else None, assume_bound)
    found = []
    for case in cases:
        books = named if named is not None else fitting(case, readings)
        horizon = _instant(at, case) if at else None
        evaluation = evaluate_with(case, books, horizon, assumptions, engine)
        marked = with_readings(evaluation, assumptions)
        found.append(_answer(_traced(marked, assumptions) if trace else marked))
    return found


def _traced(evaluation: Evaluation, assumptions: Assumptions) -> Evaluation:
    regimes = tuple(
        replace(r, firings=tell(r.program, evaluation.case, evaluation.at, assumptions))
        for r in evaluation.regimes
    )
    return replace(evaluation, regimes=regimes)


class Why(Explanation):
    """An explanation that shows itself in a notebook and gives plain data."""

    def data(self) -> dict[str, Any]:
        """The explanation as plain data."""
        return self.plain()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(explanation_text(self, 100))}</pre>"


def explain(
    scenario: str | Path | Case,
    rule: str,
    *,
    case: str | None = None,
    at: str | None = None,
    law: str | None = None,
    assume_bound: bool = False,
    readings: Mapping[str, str] | None = None,
    to: Goal | None = None,
) -> Why:
    """Why the position of `rulebook:rule` stands as it does, and the least change.

    `case` names one of several cases; `to` is what the change should do (`trigger` or
    `fulfil`; by itself, what the status calls for). Raises NormrulesError, also with near names.
    """
    name, colon, asked = rule.rpartition(":")
    if not colon:
        raise NormrulesError(f"`{rule}` names no rule: write RULEBOOK:RULE")
    program = load_program(name, readings)
    chosen = _one(_cases(scenario), case)
    assumptions = Assumptions(_law_day(law) if law else None, assume_bound)
    horizon = _instant(at, chosen) if at else chosen.horizon
    answer = evaluate_with(chosen, [program], horizon, assumptions, "meaning")
    position = find_position(answer, f"{program.name}:{asked}")
    found = explain_position(program, chosen, position, assumptions, horizon, goal=to)
    return Why(**{f.name: getattr(found, f.name) for f in fields(found)})


def _one(cases: Sequence[Case], wanted: str | None) -> Case:
    named = {case.id: case for case in cases}
    if wanted is not None:
        if wanted not in named:
            near = did_you_mean(wanted, named, "there are")
            raise NormrulesError(f"there is no case `{wanted}` here: {near}")
        return named[wanted]
    if len(cases) != 1:
        raise NormrulesError(f"there are several cases ({', '.join(named)}): name one")
    return cases[0]


def fitting(case: Case, readings: Mapping[str, str] | None = None) -> list[Program]:
    """The rulebooks that have the case's state as a member on the day, plus the UN's.

    Of a case without a country: the UN's.
    """
    return [program for program in all_programs(readings) if _fits(program, case)]


def _fits(program: Program, case: Case) -> bool:
    book = program.rulebook
    if book.kind == "universal":
        return True
    if book.kind != "membership" or book.members is None or not program.clauses:
        return False
    bound = program.registers[book.members].bound(case.country, case.opening.time)
    return case.country is not None and bound is True


def check(*paths: str | Path) -> list[Problem]:
    """Every problem of rulebooks, vocabularies, scenarios and registers at once."""
    return check_paths([Path(path) for path in paths])[0]


class Compared:
    """A comparison of regimes that shows itself in a notebook, gives plain data and pictures."""

    def __init__(self, found: Comparison, vocabulary: Vocabulary) -> None:
        self.comparison, self.vocabulary = found, vocabulary

    def data(self) -> dict[str, Any]:
        """The comparison as plain data."""
        return comparison_data(self.comparison)

    def chart(self, kind: Kind = "matrix") -> Any:
        """A chart (of Altair): `matrix`, `ladder` or `map`. Needs the extra `charts`."""
        return comparison_picture(self.comparison, self.vocabulary, kind).chart

    def __str__(self) -> str:
        return comparison_text(self.comparison, self.vocabulary)

    def _repr_html_(self) -> str:
        return comparison_html(self.comparison, self.vocabulary)


def compare(
    *rulebooks: str | Program,
    actions: Sequence[str] = (),
    law: str | None = None,
    where: Mapping[str, str] | None = None,
    with_silent: bool = False,
) -> Compared:
    """Regimes compared in every situation that their rules tell apart. Raises NormrulesError."""
    programs = [_program(name, None) for name in rulebooks]
    found = compare_programs(
        programs,
        law=_law_day(law) if law else None,
        actions=actions,
        where=where,
        with_silent=with_silent,
    )
    return Compared(found, programs[0].vocabulary)


def denominator(
    *rulebooks: str | Program,
    at_least: int | None = None,
    actions: Sequence[str] = (),
    law: str | None = None,
) -> str:
    """What regimes share, as the text of a rulebook. Raises NormrulesError."""
    programs = [_program(name, None) for name in rulebooks]
    day_ = _law_day(law) if law else None
    found = common_rulebook(programs, at_least=at_least, actions=actions, law=day_)
    return dumps(found.data, comments=found.comments)


def find_position(answer: Evaluation, rule: str) -> Position:
    """The position of `rulebook:rule`. Raises NormrulesError with near names."""
    known: dict[str, Position] = {}
    for regime in answer.regimes:
        for position in regime.positions:
            known[f"{regime.program.name}:{position.key}"] = position
            known.setdefault(position.key, position)
    if rule not in known:
        near = did_you_mean(rule, known, "there are")
        raise NormrulesError(f"there is no rule `{rule}` here: {near}")
    return known[rule]


def _cases(scenarios: str | Path | Case | Sequence[str | Path | Case]) -> list[Case]:
    given = [scenarios] if isinstance(scenarios, str | Path | Case) else scenarios
    files = [str(item) for item in given if not isinstance(item, Case)]
    return [*(load_many(files) if files else []), *(x for x in given if isinstance(x, Case))]


def _program(name: str | Program, readings: Mapping[str, str] | None) -> Program:
    return name if isinstance(name, Program) else load_program(name, readings)


def _instant(text: str, case: Case) -> Instant:
    """The end of a time, in the case's own zone."""
    try:
        return read_time(text, case.zone).hi
    except ValueError as error:
        raise NormrulesError(str(error)) from error


def _law_day(text: str) -> Any:
    try:
        return day(text)
    except ValueError as error:
        raise NormrulesError(str(error)) from error


def _answer(evaluation: Evaluation) -> Answer:
    return Answer(**{f.name: getattr(evaluation, f.name) for f in fields(evaluation)})
