"""Rulebooks changed one thing at a time: which changes do their cases not notice?"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from normrules.analysis.sameness import same_meaning
from normrules.core.evaluation import Position
from normrules.core.problem import NormrulesError
from normrules.core.program import Program
from normrules.core.rulebook import Definition, Instrument, Rule, Term
from normrules.drafting.mutators import (
    Edit,
    at,
    definition_edits,
    edited,
    instrument_edits,
    rule_edits,
    term_edits,
)
from normrules.drafting.testing import differences, read_tests
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import clause_positions
from normrules.engine.outcome import mean
from normrules.lang.casebook import BookTest
from normrules.lang.compiler import compile_rulebook
from normrules.lang.expectations import Expected
from normrules.lang.library import edition, shelf_of
from normrules.lang.patches import patched

Part = Literal["rules", "definitions", "terms", "instruments"]
Fate = Literal["killed", "survived", "equivalent", "invalid"]
_MODELS: Mapping[Part, type[BaseModel]] = {
    "rules": Rule,
    "definitions": Definition,
    "terms": Term,
    "instruments": Instrument,
}


#: So few mutants are judged without further processes.
FEW = 40


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rulebook with one change. `name` is the rule, definition, term or instrument changed."""

    book: str
    file: str
    part: Part
    name: str
    edit: Edit

    @property
    def says(self) -> str:
        """The change in words."""
        return f"{self.name}: {self.edit.says}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant; `by` is the note of the case that noticed it, or the reason."""

    mutant: Mutant
    fate: Fate
    by: str = ""


@dataclass(frozen=True, slots=True)
class BookScore:
    """The mutants of one rulebook and what became of them; those that do not load don't count."""

    book: str
    cases: int
    outcomes: tuple[Outcome, ...]

    def of(self, fate: Fate) -> list[Outcome]:
        """The mutants with one fate."""
        return [outcome for outcome in self.outcomes if outcome.fate == fate]

    @property
    def score(self) -> float:
        """The share of mutants noticed, in per cent; equivalent ones are none."""
        killed, survived = len(self.of("killed")), len(self.of("survived"))
        return 100 * killed / (killed + survived) if killed + survived else 100.0


# ---------------------------------------------------------------- mutants


def mutants(program: Program) -> list[Mutant]:
    """Every mutant of a rulebook; of a draft, of what it adds and replaces."""
    return [
        Mutant(program.rulebook.rulebook, program.file, part, name, edit)
        for part, name, item in _items(program)
        for edit in _edits(part, item, program)
    ]


def _items(program: Program) -> Iterator[tuple[Part, str, BaseModel]]:
    old = set() if program.base is None else set(_written(program.base))
    for item in _written(program):
        if item not in old:
            part, name, _ = item
            yield part, name, _named(program, part, name)


def _written(program: Program) -> list[tuple[Part, str, str]]:
    """Each part of a rulebook with its name and what it says."""
    book = program.rulebook
    rules = [(rule.id, rule) for rule, _ in patched(book, _chosen(program))]
    found: list[tuple[Part, str, str]] = [("rules", name, repr(rule)) for name, rule in rules]
    found += [("definitions", d.id, repr(d)) for d in book.definitions]
    found += [("terms", name, repr(term)) for name, term in book.terms.items()]
    found += [("instruments", name, repr(text)) for name, text in book.instruments.items()]
    return found


def _chosen(program: Program) -> list[Any]:
    readings = program.rulebook.readings
    return [
        option
        for question, reading in readings.items()
        for option in reading.options
        if option.id == program.readings.get(question)
    ]


def _named(program: Program, part: Part, name: str) -> BaseModel:
    book = program.rulebook
    if part == "rules":
        rules = patched(book, _chosen(program))
        return next(rule for rule, _ in rules if rule.id == name)
    if part == "definitions":
        return next(d for d in book.definitions if d.id == name)
    return book.terms[name] if part == "terms" else book.instruments[name]


def data_of(item: BaseModel) -> Any:
    """A part as it would be written."""
    return _plain(item.model_dump(mode="json", by_alias=True, exclude_unset=True))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _edits(part: Part, item: BaseModel, program: Program) -> Iterator[Edit]:
    data = data_of(item)
    match part:
        case "rules":
            return rule_edits(data, program.vocabulary)
        case "definitions":
            return definition_edits(data, program.vocabulary)
        case "terms":
            return term_edits(data)
    return instrument_edits(data)


def mutated(program: Program, mutant: Mutant) -> Program | None:
    """A program (the base, an edition or a reading) with the change; None if it does not load.

    A program that has not what is changed stays as it is.
    """
    try:
        item = _named(program, mutant.part, mutant.name)
        data = data_of(item)
        if at(data, mutant.edit.path) != mutant.edit.old:
            return program
        model = _MODELS[mutant.part]
        new = model.model_validate(edited(data, mutant.edit.path, mutant.edit.new))
    except (StopIteration, LookupError):
        return program
    except ValidationError:
        return None
    return _compiled(program, mutant, new)


def _compiled(program: Program, mutant: Mutant, new: BaseModel) -> Program | None:
    book, rules = program.rulebook, patched(program.rulebook, _chosen(program))
    if mutant.part == "rules":
        rules = [(new if rule.id == mutant.name else rule, place) for rule, place in rules]  # type: ignore[misc]
    elif mutant.part == "definitions":
        changed = tuple(new if d.id == mutant.name else d for d in book.definitions)
        book = book.model_copy(update={"definitions": changed})
    else:
        whole = {**getattr(book, mutant.part), mutant.name: new}
        book = book.model_copy(update={mutant.part: whole})
    bare, _, date = program.name.partition("@")
    found, _ = compile_rulebook(
        book, shelf_of(book, Path(program.file).parent), rules=rules, name=bare,
        readings=program.readings, file=program.file,
    )  # fmt: skip
    if found is None:
        return None
    laws = found.laws if mutant.part == "instruments" or date else program.laws
    found = replace(found, laws=laws, base=program.base)
    return edition(found, date) if date else found


# ---------------------------------------------------------------- noticing


def noticed(tests: Sequence[BookTest], mutant: Mutant) -> Outcome:
    """What becomes of a mutant: which case notices it first, or that none does."""
    variants: dict[int, Program | None] = {}
    for test in sorted(tests, key=lambda t: not _expects(t, mutant.name)):
        key = id(test.program)
        if key not in variants:
            variants[key] = mutated(test.program, mutant)
        variant = variants[key]
        if variant is None:
            return Outcome(mutant, "invalid")
        if variant is not test.program and not passes(test, variant):
            return Outcome(mutant, "killed", test.note)
    pairs = [(test.program, variants[id(test.program)]) for test in tests]
    return _unnoticed(mutant, [(old, new) for old, new in pairs if new is not None])


def _unnoticed(mutant: Mutant, pairs: Sequence[tuple[Program, Program]]) -> Outcome:
    reasons = {why for old, new in dict.fromkeys(pairs) if (why := same_meaning(old, new)) is None}
    if not reasons:
        return Outcome(mutant, "equivalent", "the same in every situation (proved)")
    return Outcome(mutant, "survived")


def _expects(test: BookTest, name: str) -> bool:
    return any(expected.rule.partition("[")[0].startswith(name) for expected in test.expected)


def passes(test: BookTest, program: Program, expected: Sequence[Expected] | None = None) -> bool:
    """Whether a program does in a test's case what it expects (or something else that is).

    Only the positions that this speaks of are evaluated.
    """
    if test.case is None:
        return True
    asked = test.expected if expected is None else expected
    horizon = test.case.horizon if test.horizon is None else test.horizon
    meaning = mean(program, test.case, horizon, Assumptions(test.law, test.assume_bound))
    wanted = {one.rule.partition("[")[0] for one in asked}
    if not wanted <= program.clauses.keys():
        return False
    positions: dict[str, Position] = {
        position.key: position
        for rule in sorted(wanted)
        for position in clause_positions(meaning, program.clauses[rule], with_reasons=True)
    }
    return not any(
        difference
        for one in asked
        for difference in differences(one, positions, program.vocabulary)
    )


# ---------------------------------------------------------------- many


def _by_file(paths: Sequence[str]) -> dict[str, list[BookTest]]:
    """The tests of some files by the rulebook's file."""
    found: dict[str, list[BookTest]] = {}
    for test in read_tests(paths):
        found.setdefault(test.program.file, []).append(test)
    return found


#: What a worker process judges by; read once when it starts.
_WORK: dict[str, list[BookTest]] = {}


def _start(paths: Sequence[str]) -> None:
    _WORK.update(_by_file(paths))


def _judged(mutant: Mutant) -> Outcome:
    return noticed(_WORK[mutant.file], mutant)


def score_paths(
    paths: Sequence[str],
    *,
    sample: int | None = None,
    seed: int = 0,
    workers: int | None = None,
    watch: Callable[[Sequence[Mutant]], Iterable[Mutant]] = iter,
) -> list[BookScore]:
    """The mutation scores of the rulebooks that some cases files test, seen by `watch`.

    With `sample`, so many mutants of each book, drawn with the seed. Raises NormrulesError if
    the cases have problems or do not pass.
    """
    by_file = _by_file(paths)
    chosen: list[Mutant] = []
    for tests in by_file.values():
        base = next((t.program for t in tests if "@" not in t.program.name), tests[0].program)
        _must_pass(tests)
        every = mutants(base)
        if sample is not None and sample < len(every):
            luck = random.Random(f"{seed} {base.name}")  # noqa: S311 - no secret
            every = sorted(luck.sample(every, sample), key=every.index)
        chosen += every
    found = (
        [noticed(by_file[mutant.file], mutant) for mutant in watch(chosen)]
        if workers == 1 or len(chosen) < FEW
        else _shared(paths, chosen, workers or os.cpu_count() or 1, watch)
    )
    return [
        BookScore(
            tests[0].program.rulebook.rulebook,
            len(tests),
            tuple(outcome for outcome in found if outcome.mutant.file == file),
        )
        for file, tests in by_file.items()
    ]


def _shared(
    paths: Sequence[str],
    chosen: Sequence[Mutant],
    workers: int,
    watch: Callable[[Sequence[Mutant]], Iterable[Mutant]],
) -> list[Outcome]:
    """The mutants judged by several processes."""
    with ProcessPoolExecutor(workers, initializer=_start, initargs=(paths,)) as pool:
        outcomes = pool.map(_judged, chosen, chunksize=8)
        return [outcome for _, outcome in zip(watch(chosen), outcomes, strict=False)]


def _must_pass(tests: Sequence[BookTest]) -> None:
    failing = [test.note for test in tests if not passes(test, test.program)]
    if failing:
        message = f"{len(failing)} cases fail without any change; the first: {failing[0]}"
        raise NormrulesError(f"{message}. Run `normrules test` first")
