"""Rulebooks by name, path, edition and reading: from the shelf to a program."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
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
from normrules.lang.compiler import PlacedRule, Shelf, compile_rulebook, placed_rules
from normrules.lang.loader import load
from normrules.lang.reader import Source, read_file
from normrules.lang.registers import load_register
from normrules.lang.shelf import (
    catalogue,
    find_book,
    find_register,
    find_vocabulary,
    register_names,
)
from normrules.lang.vocabularies import check_vocabulary


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
    """Read and compile one file, with everything that is wrong with it."""
    source = read_file(path)
    book, problems = load(Rulebook, source)
    if book is None:
        return None, problems
    shelf = shelf_of(book, path.parent)
    chosen = _choose(book, readings or {})
    program, complaints = compile_rulebook(
        book,
        shelf,
        rules=patched(book, list(chosen.values())),
        version=hashlib.sha256(source.text.encode()).hexdigest(),
        readings={question: option.id for question, option in chosen.items()},
        file=str(path),
    )
    problems += [source.placed(problem) for problem in complaints]
    problems += _other_readings(book, shelf, source, chosen)
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return program, problems


def _other_readings(
    book: Rulebook, shelf: Shelf, source: Source, chosen: Mapping[str, Option]
) -> list[Problem]:
    """What is wrong with the options that are not chosen."""
    found = []
    for reading in book.readings.values():
        for option in reading.options:
            if option not in chosen.values():
                rules = patched(book, [option])
                _, problems = compile_rulebook(book, shelf, rules=rules)
                found += [source.placed(p) for p in problems if p.path[:1] == ("readings",)]
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


def patched(book: Rulebook, options: list[Option]) -> list[PlacedRule]:
    """The rules of a book under some readings, each with its place in the file."""
    rules = {rule.id: (rule, path) for rule, path in placed_rules(book)}
    repeated = placed_rules(book) if len(rules) != len(book.rules) else []
    for question, reading in book.readings.items():
        for index, option in enumerate(reading.options):
            if option in options:
                place = ("readings", question, "options", index)
                for kind in ("add", "replace"):
                    for number, rule in enumerate(getattr(option, kind)):
                        rules[rule.id] = (rule, (*place, kind, number))
                for removed in option.remove:
                    rules.pop(removed, None)
    return repeated or list(rules.values())


def check_patches(book: Rulebook) -> list[Problem]:
    """Readings that replace or remove what is not there, add what is, or have two defaults."""
    ids = {rule.id for rule in book.rules}
    found = []
    for question, reading in book.readings.items():
        place: tuple[str | int, ...] = ("readings", question)
        if sum(option.default for option in reading.options) > 1:
            found.append(Problem("reading", f"`{question}` has two defaults", place))
        for index, option in enumerate(reading.options):
            here = (*place, "options", index)
            targets = [("replace", i, rule.id) for i, rule in enumerate(option.replace)]
            targets += [("remove", i, name) for i, name in enumerate(option.remove)]
            found += [
                Problem(
                    "unknown-rule",
                    f"unknown rule `{name}`",
                    (*here, key, i),
                    did_you_mean(name, ids),
                )
                for key, i, name in targets
                if name not in ids
            ]
            found += [
                Problem("repeated-id", f"there is a rule `{rule.id}` already", (*here, "add", i))
                for i, rule in enumerate(option.add)
                if rule.id in ids
            ]
    return found


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
    timeless = Span(Interval(ALWAYS.lo, ALWAYS.lo))
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
                name: replace(law, force=timeless if name in then else law.force)
                for name, law in program.laws.items()
            }
        ),
    )


def all_programs() -> list[Program]:
    """Every rulebook on the shelves, in order of name."""
    return [load_program(name) for name in sorted(catalogue())]
