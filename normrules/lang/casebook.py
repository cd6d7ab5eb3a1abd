"""Cases files (`<book>.cases.yaml`) to tests of a rulebook: what is given, what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field

from normrules.core.case import Case
from normrules.core.evaluation import STATUSES, Status
from normrules.core.problem import NormrulesError, Problem, did_you_mean
from normrules.core.problem import Path as Place
from normrules.core.program import Clause, Program
from normrules.core.time import NOT_EVER, Interval, read_time
from normrules.core.written import DayText, Word, Written
from normrules.lang.library import load_program
from normrules.lang.loader import load
from normrules.lang.reader import Source, read_file
from normrules.lang.scenarios import CompleteOf, read_scenario
from normrules.lang.streams import read_cases

TimeField = Literal["triggered", "due", "done", "ended", "breach"]
TIME_FIELDS: tuple[TimeField, ...] = get_args(TimeField)
WordField = Literal["awaits", "defeated_by", "needs"]
WORD_FIELDS: tuple[WordField, ...] = get_args(WordField)


class ExpectedText(Written):
    """What is expected of one position: its status, and what else matters."""

    status: str | None = None
    possible: tuple[str, ...] | None = None
    triggered: Word | None = None
    due: Word | None = None
    done: Word | None = None
    ended: Word | None = None
    breach: Word | None = None
    level: str | None = Field(default=None, description="the highest rung reached by its acts")
    awaits: str | None = Field(default=None, description="words that stand in what it awaits")
    defeated_by: str | None = Field(default=None, description="words that stand in the defeater")
    needs: str | None = Field(default=None, description="words that stand in what would settle it")


class TestText(Written):
    """One test as written: a scenario (or events), and what is expected of its positions."""

    note: str
    scenario: str | None = None
    case: str | None = None
    kind: Literal["historical", "hypothetical"] = "hypothetical"
    complete: Literal["all"] | tuple[str | CompleteOf, ...] | None = None
    country: str | None = None
    zone: str | None = None
    state: dict[str, Any] = Field(default_factory=dict)
    at: Word | None = None
    law: DayText | None = None
    assume_bound: bool = False
    readings: dict[str, str] = Field(default_factory=dict)
    given: tuple[dict[str, Any], ...] | None = None
    expect: dict[str, str | ExpectedText] = Field(default_factory=dict)
    problem: str | None = Field(default=None, description="the code of the problem expected")


class CasesText(Written):
    """A file of tests for one rulebook (or one edition of it: NAME@DATE)."""

    cases: str
    notes: tuple[str, ...] = ()
    tests: tuple[TestText, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one position. Times are intervals that must hold what came."""

    rule: str
    status: Status | None = None
    possible: tuple[str, ...] | None = None
    times: Mapping[TimeField, Interval] = field(default_factory=dict)
    level: str | None = None
    words: Mapping[WordField, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class BookTest:
    """One test, ready to run. `case` is None where a problem is expected instead."""

    note: str
    file: str
    line: int
    program: Program
    case: Case | None
    expected: tuple[Expected, ...]
    horizon: int | None = None
    law: Interval | None = None
    assume_bound: bool = False
    problem: str | None = None
    problems: tuple[Problem, ...] = ()


def read_casebook(path: Path) -> tuple[list[BookTest], list[Problem]]:
    """The tests of a cases file, with everything that is wrong with it.

    Raises NormrulesError if the file or its rulebook can't be read.
    """
    source = read_file(path)
    text, problems = load(CasesText, source)
    if text is None:
        return [], problems
    book = _book(text.cases, path.parent)
    tests = []
    for index, test in enumerate(text.tests):
        made, complaints = _Maker(source, path.parent, book, test, ("tests", index)).made()
        problems += complaints
        tests += [made] if made else []
    problems += [source.placed(problem) for problem in _repeated(text.tests)]
    return tests, problems


def _book(name: str, folder: Path) -> str:
    """The rulebook beside the cases file, else one by name; an edition keeps its date."""
    bare, at, date = name.partition("@")
    beside = folder / f"{bare}.yaml"
    return f"{beside}{at}{date}" if beside.is_file() else name


def _repeated(tests: Sequence[TestText]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, test in enumerate(tests):
        if test.note in seen:
            message = "two tests have this note: say what this one is about"
            yield Problem("repeated-note", message, ("tests", index, "note"))
        seen.add(test.note)


class _Expectations:
    """Reads what is expected of the rules of a program, noting what is wrong with it."""

    def __init__(self, source: Source, place: Place) -> None:
        self.source, self.place = source, place
        self.problems: list[Problem] = []

    def complain(self, code: str, message: str, path: Place, help: str | None = None) -> None:
        on_key = code == "unknown-rule"
        problem = Problem(code, message, (*self.place, *path), help, on_key=on_key)
        self.problems.append(self.source.placed(problem))

    def expected(
        self, written: Mapping[str, str | ExpectedText], program: Program, path: Place
    ) -> tuple[Expected, ...]:
        found = []
        for rule, said in written.items():
            clause = program.clauses.get(rule.partition("[")[0])
            if clause is None:
                helped = did_you_mean(rule, program.clauses)
                self.complain("unknown-rule", f"unknown rule `{rule}`", (*path, rule), helped)
            elif isinstance(said, str):
                status = self._status(said, clause, (*path, rule))
                found.append(Expected(rule, status))
            else:
                found.append(self._one(rule, said, clause, (*path, rule)))
        return tuple(found)

    def _one(self, rule: str, text: ExpectedText, clause: Clause, path: Place) -> Expected:
        status = self._status(text.status, clause, (*path, "status")) if text.status else None
        for index, possible in enumerate(text.possible or ()):
            self._status(possible, clause, (*path, "possible", index))
        times: dict[TimeField, Interval] = {}
        for name in TIME_FIELDS:
            said = getattr(text, name)
            when = self.time(said, (*path, name)) if said is not None else None
            if when is not None:
                times[name] = when
        words = {key: getattr(text, key) for key in WORD_FIELDS if getattr(text, key) is not None}
        return Expected(rule, status, text.possible, times, text.level, words)

    def _status(self, status: str, clause: Clause, path: Place) -> Status | None:
        if status not in STATUSES:
            helped = did_you_mean(status, STATUSES)
            self.complain("unknown-status", f"unknown status `{status}`", path, helped)
            return None
        if status not in statuses_of(clause):
            helped = "of this one: " + ", ".join(statuses_of(clause))
            message = f"a rule that says `{clause.modality}` is never `{status}`"
            self.complain("impossible-status", message, path, helped)
        return next(known for known in STATUSES if known == status)

    def time(self, text: str, path: Place) -> Interval | None:
        if text == "never":
            return NOT_EVER
        try:
            return read_time(text)
        except ValueError as error:
            self.complain("time", str(error), path)
            return None


class _Maker:
    """Makes one test, noting what is wrong with it."""

    def __init__(
        self, source: Source, folder: Path, book: str, text: TestText, place: Place
    ) -> None:
        self.source, self.folder, self.book = source, folder, book
        self.text, self.place = text, place
        self.reader = _Expectations(source, place)
        self.problems = self.reader.problems

    def made(self) -> tuple[BookTest | None, list[Problem]]:
        text = self.text
        program = load_program(self.book, text.readings)
        complain, time = self.reader.complain, self.reader.time
        if not text.expect and text.problem is None:
            complain("expect", "a test expects something: add `expect`", ())
        cases, found = self._cases()
        if text.problem is None:
            self.problems += found
        case = self._one(cases, found) if text.problem is None else None
        expected = self.reader.expected(text.expect, program, ("expect",))
        horizon = time(text.at, ("at",)) if text.at and text.scenario else None
        if any(problem.severity == "error" for problem in self.problems):
            return None, self.problems
        return BookTest(
            note=text.note,
            file=self.source.file,
            line=self.source.place(self.place).line,
            program=program,
            case=case,
            horizon=None if horizon is None else horizon.hi,
            law=time(text.law, ("law",)) if text.law else None,
            assume_bound=text.assume_bound,
            expected=expected,
            problem=text.problem,
            problems=tuple(found),
        ), self.problems

    # ------------------------------------------------------------ what is given

    def _cases(self) -> tuple[list[Case], list[Problem]]:
        text = self.text
        if (text.scenario is None) == (text.given is None):
            self.reader.complain("given", "a test has either `given` or `scenario`", ())
            return [], []
        if text.given is not None:
            return read_scenario(self._scenario(), self.folder)
        assert text.scenario is not None
        try:
            named = self.folder / text.scenario
            return read_cases(str(named) if named.suffix else text.scenario)
        except NormrulesError as error:
            self.reader.complain("scenario", str(error), ("scenario",))
            return [], []

    def _scenario(self) -> Source:
        """The test as a scenario of its own, each of whose places lies in the cases file."""
        keep = ("kind", "complete", "country", "zone", "state", "at")
        raw = self.source.data["tests"][self.place[1]]
        data = {key: raw[key] for key in keep if key in raw}
        data.setdefault("kind", "hypothetical")
        data |= {"scenario": "test", "events": raw["given"]}
        data["vocabulary"] = str(load_program(self.book).rulebook.vocabulary)
        scenario = Source(self.source.file, self.source.text, data)
        here = len(self.place)
        for spans, kept in (
            (self.source.keys, scenario.keys),
            (self.source.values, scenario.values),
        ):
            for path, span in spans.items():
                if path[:here] == self.place:
                    inner = path[here:]
                    kept[("events", *inner[1:]) if inner[:1] == ("given",) else inner] = span
        return scenario

    def _one(self, cases: Sequence[Case], found: Sequence[Problem]) -> Case | None:
        wanted = self.text.case
        named = {case.id: case for case in cases}
        if wanted is not None and named:
            if wanted in named:
                return named[wanted]
            self.reader.complain(
                "case", f"there is no case `{wanted}`", ("case",), did_you_mean(wanted, named)
            )
        elif len(cases) == 1:
            return cases[0]
        elif cases:
            helped = f"add `case:` with one of {', '.join(named)}"
            self.reader.complain("case", "the scenario holds several cases", ("scenario",), helped)
        elif not found and not self.problems:
            self.reader.complain("case", "there is no case in this", ())
        return None


_ANY: tuple[Status, ...] = (
    "not_triggered",
    "awaiting",
    "defeated",
    "not_in_force",
    "not_bound",
    "undetermined",
)


def statuses_of(clause: Clause) -> tuple[Status, ...]:
    """The statuses that a rule can have, by its modality. Section 5 of the language."""
    if clause.effect is not None:
        return ("in_effect", "ended", *_ANY)
    if clause.permits:
        return ("exercised", "expired", "open", *_ANY)
    if clause.forbids:
        return ("breached", "ended", "observed", *_ANY)
    if clause.continuing or clause.every is not None:
        return ("breached", "ended", "standing", *_ANY)
    waiting: Status = "outstanding" if clause.deadline is None else "pending"
    met: tuple[Status, ...] = ("fulfilled", "lapsed", waiting)
    return (*met, *(("breached", "fulfilled_late") if clause.deadline else ()), *_ANY)


def scenario_tests(path: Path) -> tuple[list[BookTest], list[Problem]]:
    """What a scenario expects of rulebooks (its `expect`), as tests; maybe none."""
    source = read_file(path)
    cases, problems = read_cases(str(path))
    tests = []
    for case in cases:
        for name, wanted in case.expect.items():
            reader = _Expectations(source, ("expect", name))
            made = _scenario_test(case, name, wanted, reader)
            tests += [made] if made and not reader.problems else []
            problems += reader.problems
    return tests, problems


def _scenario_test(
    case: Case, name: str, wanted: Mapping[str, Any], reader: _Expectations
) -> BookTest | None:
    try:
        program = load_program(name)
        texts = {
            rule: said if isinstance(said, str) else ExpectedText.model_validate(said)
            for rule, said in wanted.items()
        }
    except (NormrulesError, ValueError) as error:
        reader.complain("expect", str(error), ())
        return None
    return BookTest(
        note=f"{case.id}: {name}",
        file=case.file,
        line=reader.source.place(reader.place).line,
        program=program,
        case=case,
        expected=reader.expected(texts, program, ()),
    )
