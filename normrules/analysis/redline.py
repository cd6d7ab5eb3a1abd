"""What a draft changes in the rulebook that it amends, or one edition in another, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from normrules.core.problem import NormrulesError
from normrules.core.program import Clause, FactClause, Program
from normrules.core.rulebook import Instrument, Term

Kind = Literal["added", "removed", "changed"]
Subject = Literal["instrument", "term", "definition", "rule"]

#: The part of a rule to which each field of a clause belongs, in the words of `show`.
_PARTS: Mapping[str, str] = {
    "title": "title",
    "source": "source",
    "when": "when",
    "unless": "unless",
    "upon": "once",
    "implied": "once",
    **dict.fromkeys(
        (
            "modality", "actions", "bearer", "manner", "effect", "tracks", "for_example", "anew",
            "continuing", "breaks", "every",
        ),
        "demand",
    ),
    "deadline": "deadline",
    "decided_by": "decided by",
    "until": "until",
    "overrides": "goes before",
    "overridden_by": "gives way to",
    "weighs": "weighs",
    "note": "note",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One rule, definition, term or instrument that is added, removed or changed.

    `old` and `new` are what there was and what there will be; `parts` says which parts of it
    changed. A changed rule keeps its id.
    """

    kind: Kind
    subject: Subject
    name: str
    old: Any = None
    new: Any = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Redline:
    """All that differs between two programs, the older first; `kept` counts rules that stay."""

    old: Program
    new: Program
    changes: tuple[Change, ...]
    kept: int

    def of(self, subject: Subject, kind: Kind | None = None) -> tuple[Change, ...]:
        """The changes of one subject, of one kind or of all."""
        return tuple(
            change
            for change in self.changes
            if change.subject == subject and kind in (None, change.kind)
        )


def redline(new: Program, old: Program | None = None) -> Redline:
    """What a program changes in another one; of a draft, in the rulebook that it amends.

    Raises NormrulesError if there is no draft and nothing to compare with.
    """
    before = old if old is not None else new.base
    if before is None:
        message = f"`{new.name}` is no draft: say what to compare it with"
        raise NormrulesError(message)
    changes = (
        *_entries("instrument", _instruments(before), _instruments(new)),
        *_entries("term", _terms(before), _terms(new)),
        *_entries("definition", _definitions(before), _definitions(new)),
        *_rules(before, new),
    )
    same = len(_own(before).keys() & _own(new).keys())
    touched = sum(change.subject == "rule" and change.kind == "changed" for change in changes)
    return Redline(before, new, changes, same - touched)


def _entries(subject: Subject, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """What is gone, what is other, what is new, in the order of the texts."""
    for name, before in old.items():
        if name not in new:
            yield Change("removed", subject, name, old=before)
        elif differing := _differing(before, new[name]):
            yield Change("changed", subject, name, before, new[name], differing)
    for name, after in new.items():
        if name not in old:
            yield Change("added", subject, name, new=after)


def _differing(old: Any, new: Any) -> tuple[str, ...]:
    """The fields in which two things of one kind differ."""
    if isinstance(old, Instrument | Term):
        names = list(type(old).model_fields)
    else:
        names = [field.name for field in fields(old)]
    return tuple(name for name in names if getattr(old, name) != getattr(new, name))


def _instruments(program: Program) -> dict[str, Instrument]:
    """The instruments that a rule or definition of the program stands in."""
    held = {clause.source.instrument for clause in program.clauses.values()}
    held |= {d.source.instrument for d in _definitions(program).values()}
    return {name: law.instrument for name, law in program.laws.items() if name in held}


def _terms(program: Program) -> Mapping[str, Term]:
    return program.rulebook.terms


def _definitions(program: Program) -> dict[str, FactClause]:
    found = [p for parts in program.facts.values() for p in parts if isinstance(p, FactClause)]
    return {definition.id: definition for definition in found}


# -------------------------------------------------------------------- rules


def _own(program: Program) -> dict[str, Clause]:
    """The rules by id; a reparation is a part of its rule."""
    return {n: c for n, c in program.clauses.items() if not n.endswith(".otherwise")}


def _rules(old: Program, new: Program) -> Iterator[Change]:
    before, after = _own(old), _own(new)
    for name, clause in before.items():
        if name not in after:
            yield Change("removed", "rule", name, old=clause)
        elif changed := _changed_parts(old, new, name):
            yield Change("changed", "rule", name, clause, after[name], changed)
    for name, clause in after.items():
        if name not in before:
            yield Change("added", "rule", name, new=clause)


def _changed_parts(old: Program, new: Program, name: str) -> tuple[str, ...]:
    """The parts of a rule that differ, its reparation among them."""
    before, after = old.clauses[name], new.clauses[name]
    changed = [part for field, part in _PARTS.items() if _differs(before, after, field)]
    repair = [program.clauses.get(f"{name}.otherwise") for program in (old, new)]
    if not _alike(*repair):
        changed.append("if breached")
    return tuple(dict.fromkeys(changed))


def _differs(old: Clause, new: Clause, field: str) -> bool:
    return bool(getattr(old, field) != getattr(new, field))


def _alike(old: Clause | None, new: Clause | None) -> bool:
    if old is None or new is None:
        return old is new
    return not any(_differs(old, new, field) for field in _PARTS)
