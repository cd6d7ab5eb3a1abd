"""Tests of rulebooks: what was expected, what came, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from normrules.core.evaluation import Position
from normrules.core.problem import NormrulesError, Problem
from normrules.core.time import Interval, describe
from normrules.core.vocabulary import Vocabulary
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import evaluate_regime
from normrules.lang.casebook import BookTest, read_casebook, scenario_tests
from normrules.lang.expectations import Expected
from normrules.lang.reader import read_file
from normrules.lang.shelf import find_book, is_file


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """One thing that came out otherwise than expected, and the position that shows why."""

    rule: str
    what: str
    expected: str
    came: str
    position: Position | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TestResult:
    """One test that was run."""

    test: BookTest
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether all came as expected."""
        return not self.differences


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """All tests of some files, and the problems that kept tests from running."""

    results: tuple[TestResult, ...]
    problems: tuple[Problem, ...]

    @property
    def failed(self) -> tuple[TestResult, ...]:
        """The results that are not as expected."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def clean(self) -> bool:
        """Whether something was tested, and nothing is wrong."""
        return bool(self.results) and not self.failed and not self.problems


def run_paths(
    paths: Iterable[str], watch: Callable[[Sequence[BookTest]], Iterable[BookTest]] = iter
) -> Report:
    """Run the tests that files, folders and shipped rulebooks name, seen by `watch` one by one.

    Raises NormrulesError for a path that does not exist or holds no test.
    """
    tests, problems = _read_all(paths)
    return Report(tuple(run(test) for test in watch(tests)), tuple(problems))


def read_tests(paths: Iterable[str]) -> list[BookTest]:
    """The tests of files, folders and shipped rulebooks.

    Raises NormrulesError with all problems.
    """
    tests, problems = _read_all(paths)
    if problems:
        raise NormrulesError("these tests can't be run", problems)
    return tests


def _read_all(paths: Iterable[str]) -> tuple[list[BookTest], list[Problem]]:
    tests: list[BookTest] = []
    problems: list[Problem] = []
    for path in paths:
        found, complaints = _read(path)
        tests += found
        problems += [problem for problem in complaints if problem.severity == "error"]
        if not found and not complaints:
            raise NormrulesError(f"`{path}` holds no test")
    return tests, problems


def run(test: BookTest) -> TestResult:
    """Run one test.

    A case whose file is refused as expected passes; a position named by no rule can't come up.
    """
    if test.problem is not None:
        return TestResult(test, tuple(_problem_differences(test)))
    assert test.case is not None
    assumptions = Assumptions(test.law, test.assume_bound)
    horizon = test.case.horizon if test.horizon is None else test.horizon
    answer = evaluate_regime(test.program, test.case, horizon, assumptions)
    positions = {position.key: position for position in answer.positions}
    found = [
        d
        for expected in test.expected
        for d in differences(expected, positions, test.program.vocabulary)
    ]
    return TestResult(test, tuple(found))


def _problem_differences(test: BookTest) -> Iterator[Difference]:
    codes = [problem.code for problem in test.problems]
    if test.problem not in codes:
        came = ", ".join(codes) or "no problem"
        yield Difference("", "problem", str(test.problem), came)


def differences(
    expected: Expected, positions: Mapping[str, Position], vocabulary: Vocabulary
) -> Iterator[Difference]:
    """How a position differs from what is expected of it."""
    position = positions.get(expected.rule)
    if expected.absent:
        if position is not None:
            yield Difference(expected.rule, "position", "none", position.status, position)
        return
    if position is None:
        yield Difference(expected.rule, "position", "a position for this bearer", "none")
        return
    for what, wanted, came in _compared(expected, position, vocabulary):
        if wanted != came:
            yield Difference(expected.rule, what, wanted, came, position)


def _compared(
    expected: Expected, position: Position, vocabulary: Vocabulary
) -> Iterator[tuple[str, str, str]]:
    if expected.status is not None:
        yield "status", expected.status, position.status
    if expected.modality is not None:
        yield "modality", expected.modality, position.clause.modality
    if expected.possible is not None:
        yield "possible", _listed(expected.possible), _listed(position.possible)
    for field, wanted in expected.times.items():
        came: Interval = getattr(position, field)
        inside = wanted.lo <= came.lo and came.hi <= wanted.hi
        yield field, describe(wanted), describe(wanted if inside else came)
    if expected.level is not None:
        yield "level", expected.level, _level(position, vocabulary)
    for key, said in expected.words.items():
        whole = "; ".join(getattr(position, key))
        yield key, said, said if said.lower() in whole.lower() else whole or "nothing"


def _listed(statuses: Sequence[str]) -> str:
    return ", ".join(sorted(statuses))


def _level(position: Position, vocabulary: Vocabulary) -> str:
    """The highest rung of its track that the acts of a position reached."""
    reached = [
        (vocabulary.tracks[action.track].index(action.level), action.level)
        for act in position.acts
        if (action := vocabulary.all_actions.get(act.type)) and action.track and action.level
    ]
    return max(reached)[1] if reached else "none"


# ---------------------------------------------------------------- what to run


def _read(name: str) -> tuple[list[BookTest], list[Problem]]:
    path = Path(name)
    if path.is_dir():
        tests, problems = [], []
        for file in sorted(path.rglob("*.yaml")):
            if file.name.endswith(".cases.yaml") or _is_scenario(file):
                found, complaints = _read_file(file)
                tests += found
                problems += complaints
        return tests, problems
    if not path.suffix or not is_file(path):
        path = find_book(name)
    if not path.name.endswith(".cases.yaml") and not _is_scenario(path):
        path = path.with_name(f"{path.stem}.cases.yaml")
    return _read_file(path)


def _read_file(path: Path) -> tuple[list[BookTest], list[Problem]]:
    return scenario_tests(path) if _is_scenario(path) else read_casebook(path)


def _is_scenario(path: Path) -> bool:
    if not is_file(path):
        return False
    data = read_file(path).data
    return isinstance(data, dict) and "scenario" in data and "cases" not in data
