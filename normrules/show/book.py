"""A rulebook as its readers want it: what stands in it, in words, and as data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from normrules.core.problem import NormrulesError, did_you_mean
from normrules.core.problem import Path as Place
from normrules.core.program import Clause, FactClause, Law, Program
from normrules.core.register import Register
from normrules.core.rulebook import english
from normrules.core.time import NEVER, Instant, Interval, day, moment
from normrules.core.wording import limits_words
from normrules.lang.library import fingerprint
from normrules.lang.patches import patched
from normrules.lang.reader import Source, read_file
from normrules.show.rules import (
    RuleWords,
    all_rule_words,
    basis,
    definition_words,
    definitions,
    rule_words,
    sentences,
    source,
)


@dataclass(frozen=True)
class Members:
    """How many states a register holds on a day: from `least` to `most`."""

    register: str
    least: int
    most: int
    at: str

    def __str__(self) -> str:
        return f"{self.least}" if self.least == self.most else f"{self.least}-{self.most}"


def members(register: Register, at: Instant | None = None) -> Members | None:
    """The members on a day, or on the last day before it for which the register is complete.

    Without a day, the last complete one. None if the register says of no day that it is
    complete, or only of later ones.
    """
    if register.complete is None:
        return None
    last = register.complete.end.lo - 1
    if at is not None:
        last = min(at, last)
    if last >= NEVER - 1 or last < register.complete.start.lo:
        return None
    when = Interval(last, last)
    answers = [register.bound(state, when) for state in register.rows]
    sure = sum(answer is True for answer in answers)
    unsure = sum(answer is None for answer in answers)
    return Members(register.name, sure, sure + unsure, f"{moment(last).date()}")


def instruments(program: Program) -> list[Law]:
    """The instruments of a book; of an edition, those that were in force on its day."""
    _, at, date = program.name.partition("@")
    if not at:
        return list(program.laws.values())
    when = day(date)
    return [law for law in program.laws.values() if law.force.covers(when) is not False]


def dates(law: Law) -> str:
    """When an instrument held, in words."""
    text = law.instrument
    said = [f"adopted {text.adopted}"]
    if text.in_force and text.in_force != text.adopted:
        said.append(f"in force {text.in_force}")
    if text.provisional:
        said.append(f"applied provisionally from {text.provisional}")
    if text.ended == "unknown":
        known = f", known to hold until {text.known_until}" if text.known_until else ""
        said.append(f"end unknown{known}")
    elif text.ended != "never":
        said.append(f"ended {text.ended}")
    if text.replaced_by:
        said.append(f"replaced by {text.replaced_by}")
    return "; ".join(said)


def since(program: Program) -> str | None:
    """The day on which the first instrument that holds a rule came into force."""
    holding = {clause.source.instrument for clause in program.clauses.values()}
    starts = [
        (law.force.start, law.instrument.in_force or law.instrument.adopted)
        for name, law in program.laws.items()
        if name in holding
    ]
    return min(starts)[1] if starts else None


def terms(program: Program) -> Iterator[tuple[str, str, str]]:
    """Each term with what it means and its note."""
    for name, term in program.rulebook.terms.items():
        if term.between is not None:
            yield name, limits_words(term.between), term.note or ""
        elif term.exactly is not None:
            yield name, term.exactly.words(), term.note or ""


def about(program: Program) -> list[tuple[str, str]]:
    """What a book says of itself, label by label."""
    book = program.rulebook
    found = program.registers[book.members] if book.members else None
    counted = members(found) if found else None
    count = f" ({counted} on {counted.at})" if counted else ""
    said = [
        ("Name", program.name),
        ("Draft", f"amends {program.base.name}" if program.base else ""),
        ("Organisation", book.organisation or book.rulebook),
        ("Kind", book.kind),
        ("Members", f"{found.title}{count}" if found else ""),
        ("Competence", ", ".join(book.competence)),
        ("Vocabulary", book.vocabulary),
        ("Version", book.version or ""),
        ("Review", book.review or ""),
        ("Licence", book.licence or ""),
        ("Authors", ", ".join(book.authors)),
    ]
    return [(label, text) for label, text in said if text]


def silences(program: Program) -> Iterator[tuple[str, str, str]]:
    """On which actions there is no rule, where that was read, and the note."""
    held = {law.id for law in instruments(program)}
    for silence in program.rulebook.silences:
        if silence.source.instrument in held:
            on = "; ".join(program.vocabulary.title_of(action) for action in silence.on)
            where = f"{source(program, silence.source)} ({basis(silence.source)})"
            yield on, where, silence.note or ""


def find_clause(program: Program, name: str) -> Clause | FactClause:
    """A rule or definition by its id. Raises NormrulesError with near names."""
    known: dict[str, Clause | FactClause] = dict(program.clauses)
    known |= {definition.id: definition for definition in definitions(program)}
    if name not in known:
        near = did_you_mean(name, known, "there are")
        raise NormrulesError(f"`{program.name}` has no rule `{name}`: {near}")
    return known[name]


def excerpt(program: Program, name: str) -> str:
    """The text of a rule or definition in its file, without the indentation of the list.

    Raises NormrulesError if the file is another one than when it was loaded.
    """
    origin, path = written_at(program, name)
    span = origin.values[path]
    lines = origin.text.splitlines()[span.line - 1 : span.end_line]
    indent = span.column - 1
    first = lines[0][indent:]
    rest = [line[indent:] for line in lines[1:] if not line.strip() or line[:indent].isspace()]
    kept = [first, *rest]
    while len(kept) > 1 and (not kept[-1].strip() or kept[-1].startswith("#")):
        kept.pop()
    return "\n".join(kept)


def written_at(program: Program, name: str) -> tuple[Source, Place]:
    """The file in which a rule or definition is written, and its place there.

    A draft's own text, or that of its base. Raises NormrulesError if the file has changed.
    """
    origin = read_file(Path(program.file))
    if fingerprint(origin.text, program.base) != program.version:
        raise NormrulesError(f"`{program.file}` has changed since it was loaded")
    bare = name.removesuffix(".otherwise")
    path = _path(program, bare)
    if program.base is None:
        return origin, path
    own = _own_path(origin, path, bare)
    return written_at(program.base, name) if own is None else (origin, own)


def _path(program: Program, name: str) -> tuple[str | int, ...]:
    book = program.rulebook
    for index, definition in enumerate(book.definitions):
        if definition.id == name:
            return ("definitions", index)
    chosen = [
        option
        for question, reading in book.readings.items()
        for option in reading.options
        if program.readings.get(question) == option.id
    ]
    return next(path for rule, path in patched(book, chosen) if rule.id == name)


def _own_path(origin: Source, path: Place, name: str) -> Place | None:
    """Where a draft's own file has a rule or definition; None if its base has it."""
    if path[0] == "readings" and path in origin.values:
        return path
    for key in ("replace", "add", "definitions"):
        for index, item in enumerate(origin.data.get(key, [])):
            if item["id"] == name:
                return (key, index)
    return None


# -------------------------------------------------------------------- data


def book_data(program: Program) -> dict[str, Any]:
    """A rulebook in words, as data for JSON."""
    book = program.rulebook
    return {
        "kind": "rulebook",
        "name": program.name,
        "version": f"sha256:{program.version}",
        "amends": program.base.name if program.base else None,
        "title": book.title,
        "about": dict(about(program)),
        "instruments": [_instrument(law) for law in instruments(program)],
        "terms": [{"term": n, "means": m, "note": note} for n, m, note in terms(program)],
        "definitions": [definition_data(program, d) for d in definitions(program)],
        "rules": [_rule(program, rule) for rule in all_rule_words(program)],
        "readings": {q: r.model_dump(mode="json", by_alias=True, exclude_unset=True)
                     for q, r in book.readings.items()},
        "silences": [{"on": o, "source": s, "note": n} for o, s, n in silences(program)],
        "notes": list(book.notes),
    }  # fmt: skip


def _instrument(law: Law) -> dict[str, Any]:
    text = law.instrument.model_dump(mode="json", by_alias=True)
    return {"id": law.id, **text, "parties": law.register}


def _rule(program: Program, words: RuleWords) -> dict[str, Any]:
    """A rule in words, with its citation, actions and effect as they are written."""
    clause = program.clauses[words.id]
    citation = clause.source.model_dump(mode="json", by_alias=True, exclude_none=True)
    return asdict(words) | {
        "citation": citation,
        "actions": list(clause.actions),
        "effect": clause.effect,
    }


def definition_data(program: Program, definition: FactClause) -> dict[str, Any]:
    """A definition in words, as data."""
    when, unless, fact = definition_words(program, definition)
    return {
        "id": definition.id,
        "title": definition.title,
        "counts_as": definition.fact,
        "says": fact,
        "when": when,
        "unless": unless,
        "source": source(program, definition.source),
        "basis": basis(definition.source),
    }


def clause_data(program: Program, name: str) -> dict[str, Any]:
    """One rule or definition in words and as it is written, as data."""
    found = find_clause(program, name)
    text = excerpt(program, name)
    if isinstance(found, FactClause):
        said = {"kind": "definition", **definition_data(program, found)}
    else:
        words = _rule(program, rule_words(program, found))
        said = {"kind": "rule", **words, "sentences": sentences(program, found)}
    return {"rulebook": program.name, **said, "written": text}


def as_json(data: Any) -> str:
    """Data as JSON for people and programs."""
    return json.dumps(data, indent=2, ensure_ascii=False)


def title_of(program: Program) -> str:
    """The English title of a book, with the day of an edition."""
    _, at, date = program.name.partition("@")
    return english(program.rulebook.title) + (f", as of {date}" if at else "")
