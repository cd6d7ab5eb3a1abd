"""What may come true in a program, and in which order it hangs together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from normrules.core.condition import AllOf, AnyOf, Condition, FactHolds, Later, RuleState
from normrules.core.program import Clause, FactClause, Program

Kind = Literal["definition", "triggered", "done", "breached"]


class Item(NamedTuple):
    """Something that may come true: a definition, or what becomes of a rule."""

    kind: Kind
    id: str


def leaves(condition: Condition | None) -> Iterator[Condition]:
    """The parts of a condition that are no `all` or `any` themselves."""
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from leaves(part)
        case None:
            return
        case _:
            yield condition


def in_order(program: Program) -> tuple[Item, ...]:
    """The definitions and rules of a program, each after what it stands on."""
    found: dict[Item, None] = {}
    for part in definitions(program):
        _add(program, item_of(part), found)
    for rule, clause in program.clauses.items():
        kinds: tuple[Kind, ...] = ("triggered", "breached")
        for kind in kinds if clause.forbids or clause.effect else ("triggered", "done", "breached"):
            _add(program, Item(kind, rule), found)
    return tuple(found)


def _add(program: Program, item: Item, found: dict[Item, None]) -> None:
    if item in found:
        return
    for needed in _needs(program, item):
        _add(program, needed, found)
    found[item] = None


def _needs(program: Program, item: Item) -> Iterator[Item]:
    if item.kind in ("done", "breached"):
        yield Item("triggered", item.id)
        return
    if item.kind == "definition":
        part: FactClause | Clause = next(d for d in definitions(program) if d.id == item.id)
        conditions: tuple[Condition, ...] = (part.when,)
    else:
        part = program.clauses[item.id]
        conditions = (part.when, *leaves(part.upon))
    for condition in conditions:
        yield from _mentioned(program, condition)


def _mentioned(program: Program, condition: Condition) -> Iterator[Item]:
    match condition:
        case FactHolds(fact=fact):
            yield from (item_of(part) for part in program.facts.get(fact, ()))
        case RuleState(state=state, rule=rule) if rule in program.clauses:
            yield Item(state, rule)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _mentioned(program, part)
        case Later(part=part):
            yield from _mentioned(program, part)


def item_of(part: FactClause | Clause) -> Item:
    """What makes a fact so: a definition, or the trigger of a rule with that effect."""
    return Item("triggered" if isinstance(part, Clause) else "definition", part.id)


def definitions(program: Program) -> Iterator[FactClause]:
    """The definitions of a program."""
    for parts in program.facts.values():
        yield from (part for part in parts if isinstance(part, FactClause))
