"""Rulebooks by name, path, edition and reading: from the shelf to a program."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from normrules.core.problem import NormrulesError, Problem, did_you_mean
from normrules.core.program import Program
from normrules.core.register import Register, Span
from normrules.core.rulebook import Option, Rulebook
from normrules.core.time import ALWAYS, Interval, day
from normrules.core.vocabulary import Vocabulary
from normrules.lang.books import Read, read_book
from normrules.lang.compiler import Shelf, compile_rulebook
from normrules.lang.loader import load
from normrules.lang.patches import patched
from normrules.lang.reader import read_file
from normrules.lang.registers import load_register
from normrules.lang.shelf import (
    catalogue,
    find_book,
    find_register,
    find_vocabulary,
    register_names,
)
from normrules.lang.vocabularies import check_vocabulary

#: In force from before every event: the instruments of an edition.
_TIMELESS = Span(Interval(ALWAYS.lo, ALWAYS.lo))


def load_program(name: str, readings: Mapping[str, str] | None = None) -> Program:
    """Load a rulebook by name or path; `name@DATE` is its edition of that day.

    Raises NormrulesError with every problem of the file, or near names for an unknown one.
    """
    bare, _, date = name.partition("@")
    program = _load(find_book(bare).resolve(), tuple(sorted((readings or {}).items())))
    return edition(program, date) if date else program


@lru_cache(maxsize=256)
def _load(path: Path, readings: tuple[tuple[str, str], ...]) -> Program:
    program, problems = read_program(path, dict(readings))
    if program is None:
        raise NormrulesError(f"the rulebook `{path.name}` has problems", problems)
    return program


def read_program(
    path: Path, readings: Mapping[str, str] | None = None
) -> tuple[Program | None, list[Problem]]:
    """Read and compile one file, a rulebook or a draft, with everything that is wrong with it."""
    read = read_book(path)
    if read.text is None:
        return None, read.problems
    book = read.text.book
    shelf = shelf_of(book, read.folder)
    chosen = _choose(book, readings or {})
    program, complaints = compile_rulebook(
        book,
        shelf,
        rules=patched(book, list(chosen.values())),
        version=fingerprint(read.source.text, None),
        readings={question: option.id for question, option in chosen.items()},
        file=str(path),
    )
    complaints += _other_readings(book, shelf, chosen)
    problems = [*read.problems, *(read.placed(problem) for problem in complaints)]
    if program is None or any(problem.severity == "error" for problem in problems):
        return None, problems
    return _amending(program, read, readings or {}), problems


def fingerprint(text: str, base: Program | None) -> str:
    """The version of a file's text; a draft has another one when its base has."""
    known = f"{text}\0{base.version}" if base is not None else text
    return hashlib.sha256(known.encode()).hexdigest()


def _amending(program: Program, read: Read, readings: Mapping[str, str]) -> Program:
    """A draft's program with its base; an edition's instruments hold as if they still did."""
    if read.draft is None:
        return program
    base = load_program(read.base, readings)
    laws = {
        name: replace(law, force=_TIMELESS) if name in read.timeless else law
        for name, law in program.laws.items()
    }
    return replace(
        program,
        version=fingerprint(read.source.text, base),
        laws=MappingProxyType(laws),
        base=base,
    )


def _other_readings(book: Rulebook, shelf: Shelf, chosen: Mapping[str, Option]) -> list[Problem]:
    """What is wrong with the options that are not chosen."""
    found = []
    for reading in book.readings.values():
        for option in reading.options:
            if option not in chosen.values():
                rules = patched(book, [option])
                _, problems = compile_rulebook(book, shelf, rules=rules)
                found += [p for p in problems if p.path[:1] == ("readings",)]
    return found


def _choose(book: Rulebook, readings: Mapping[str, str]) -> dict[str, Option]:
    """For each question, the option asked for, else the default, else the first."""
    chosen = {}
    for question, reading in book.readings.items():
        defaults = [option for option in reading.options if option.default]
        chosen[question] = defaults[0] if defaults else reading.options[0]
        wanted = readings.get(question)
        if wanted is not None:
            options = {option.id: option for option in reading.options}
            if wanted not in options:
                near = did_you_mean(wanted, options)
                raise NormrulesError(f"`{question}` has no reading `{wanted}`: {near}")
            chosen[question] = options[wanted]
    return chosen


def shelf_of(book: Rulebook, folder: Path) -> Shelf:
    """The vocabulary and the registers that a rulebook names."""
    vocabulary = load_vocabulary(find_vocabulary(book.vocabulary, folder))
    names = set(register_names(folder))
    return Shelf(vocabulary, _Registers(names, folder))


class _Registers(dict[str, Register]):
    """Registers by name, each read when it is first asked for."""

    def __init__(self, names: set[str], folder: Path) -> None:
        super().__init__()
        self.names, self.folder = names, folder

    def __missing__(self, name: str) -> Register:
        path = find_register(name, self.folder)
        if path is None:
            raise KeyError(name)
        self[name] = _register(path)
        return self[name]

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.names))

    def __len__(self) -> int:
        return len(self.names)


@lru_cache(maxsize=256)
def _register(path: Path) -> Register:
    return load_register(path)


@lru_cache(maxsize=32)
def load_vocabulary(path: Path) -> Vocabulary:
    """Load a vocabulary file. Raises NormrulesError with every problem of it."""
    vocabulary, problems = read_vocabulary(path)
    if vocabulary is None:
        raise NormrulesError(f"the vocabulary `{path.name}` has problems", problems)
    return vocabulary


def read_vocabulary(path: Path) -> tuple[Vocabulary | None, list[Problem]]:
    """Read a vocabulary file, with everything that is wrong with it."""
    source = read_file(path)
    vocabulary, problems = load(Vocabulary, source)
    if vocabulary is not None:
        problems += [source.placed(problem) for problem in check_vocabulary(vocabulary)]
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return vocabulary, problems


def edition(program: Program, date: str) -> Program:
    """The regime as it stood on a day: the rules in force then, as if they still were.

    Raises NormrulesError for an impossible date.
    """
    try:
        when = day(date)
    except ValueError as error:
        raise NormrulesError(f"`{program.name}@{date}`: {error}") from error
    then = {name for name, law in program.laws.items() if law.force.covers(when) is not False}
    return replace(
        program,
        name=f"{program.name}@{date}",
        clauses=MappingProxyType(
            {i: c for i, c in program.clauses.items() if c.source.instrument in then}
        ),
        facts=MappingProxyType(
            {
                fact: tuple(part for part in parts if part.source.instrument in then)
                for fact, parts in program.facts.items()
            }
        ),
        laws=MappingProxyType(
            {
                name: replace(law, force=_TIMELESS if name in then else law.force)
                for name, law in program.laws.items()
            }
        ),
    )


def check_questions(programs: Iterable[Program], readings: Mapping[str, str]) -> None:
    """Refuse a reading of a question that none of some rulebooks asks, with near ones."""
    asked = {question for program in programs for question in program.rulebook.readings}
    for question in readings:
        if question not in asked:
            near = did_you_mean(question, asked, "there are")
            raise NormrulesError(f"no rulebook here asks `{question}`: {near}")


def all_programs(readings: Mapping[str, str] | None = None) -> list[Program]:
    """Every rulebook on the shelves, in order of name; a draft is no law yet and not among them."""
    programs = [load_program(name, readings) for name in sorted(catalogue())]
    return [program for program in programs if program.base is None]
