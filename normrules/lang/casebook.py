"""Cases files (`<book>.cases.yaml`) to tests of a rulebook: what is given, what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from normrules.core.case import Case
from normrules.core.problem import NormrulesError, Problem, did_you_mean
from normrules.core.problem import Path as Place
from normrules.core.program import Program
from normrules.core.time import Interval
from normrules.core.written import DayText, Word, Written
from normrules.lang.expectations import Expectations, Expected, ExpectedText
from normrules.lang.library import load_program
from normrules.lang.loader import load
from normrules.lang.reader import Source, read_file
from normrules.lang.scenarios import CompleteOf, read_scenario
from normrules.lang.shelf import is_file
from normrules.lang.streams import read_cases

#: What a scenario says itself, so that a test that names one can't.
_OF_A_SCENARIO = ("kind", "complete", "country", "zone", "state")


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
    return f"{beside}{at}{date}" if is_file(beside) else name


def _repeated(tests: Sequence[TestText]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, test in enumerate(tests):
        if test.note in seen:
            message = "two tests have this note: say what this one is about"
            yield Problem("repeated-note", message, ("tests", index, "note"))
        seen.add(test.note)


class _Maker:
    """Makes one test, noting what is wrong with it."""

    def __init__(
        self, source: Source, folder: Path, book: str, text: TestText, place: Place
    ) -> None:
        self.source, self.folder, self.book = source, folder, book
        self.text, self.place = text, place
        self.reader = Expectations(source, place)
        self.problems = self.reader.problems

    def made(self) -> tuple[BookTest | None, list[Problem]]:
        text = self.text
        program = load_program(self.book, self._readings())
        time = self.reader.time
        self._check_keys()
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

    def _check_keys(self) -> None:
        """Complain of keys that would say nothing here."""
        text, complain = self.text, self.reader.complain
        if not text.expect and text.problem is None:
            complain("expect", "a test expects something: add `expect`", ())
        if text.expect and text.problem is not None:
            complain("expect", "a test expects either a `problem` or positions", ("expect",))
        if text.scenario is None:
            return
        for key in _OF_A_SCENARIO:
            if key in text.model_fields_set:
                message = f"`{key}` does not go with `scenario`, which says it itself"
                helped = "say it in the scenario, or list the events under `given`"
                complain("scenario", message, (key,), helped)

    def _readings(self) -> dict[str, str]:
        """The readings asked for, without those that the rulebook does not know."""
        asked = load_program(self.book).rulebook.readings
        kept = {}
        for question, wanted in self.text.readings.items():
            options = [option.id for option in asked[question].options] if question in asked else ()
            if wanted in options:
                kept[question] = wanted
                continue
            word, known = (wanted, options) if question in asked else (question, asked)
            path = ("readings", question)
            helped = did_you_mean(word, known)
            self.reader.complain("unknown-reading", f"unknown reading `{word}`", path, helped)
        return kept

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
        scenario = self.source.part(self.place, data)
        for spans in (scenario.keys, scenario.values):
            given = {path: span for path, span in spans.items() if path[:1] == ("given",)}
            spans.update({("events", *path[1:]): span for path, span in given.items()})
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


def scenario_tests(path: Path) -> tuple[list[BookTest], list[Problem]]:
    """What a scenario expects of rulebooks (its `expect`), as tests; maybe none."""
    source = read_file(path)
    cases, problems = read_cases(str(path))
    tests = []
    for case in cases:
        for name, wanted in case.expect.items():
            reader = Expectations(source, ("expect", name))
            made = _scenario_test(case, name, wanted, reader)
            tests += [made] if made and not reader.problems else []
            problems += reader.problems
    return tests, problems


def _scenario_test(
    case: Case, name: str, wanted: Mapping[str, Any], reader: Expectations
) -> BookTest | None:
    try:
        program = load_program(name)
    except NormrulesError as error:
        reader.complain("expect", str(error), ())
        return None
    texts = {rule: reader.read(said, (rule,)) for rule, said in wanted.items()}
    if not wanted:
        reader.complain("expect", f"this expects nothing of `{name}`: name its rules", ())
    return BookTest(
        note=f"{case.id}: {name}",
        file=case.file,
        line=reader.source.place(reader.place).line,
        program=program,
        case=case,
        expected=reader.expected({r: text for r, text in texts.items() if text}, program, ()),
    )
