"""What sets the rules of a regime off, and what keeps them out, down to the events themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from normrules.core.condition import (
    AllOf,
    Always,
    AnyOf,
    Condition,
    Counted,
    EventPattern,
    FactHolds,
    Later,
    Occurs,
    OneOf,
    Standing,
    StateIs,
)
from normrules.core.program import Clause, FactClause, Program
from normrules.core.rulebook import Citation
from normrules.core.vocabulary import EventType
from normrules.core.wording import condition_words, fact_words, plain


@dataclass(frozen=True, slots=True)
class Trigger:
    """One event (or `always`) that a rule or a definition waits for, and where that stands.

    `name` is the rule or definition; `fact` is what the definition makes of the event; `is_act`
    says that a body does it.
    """

    name: str
    text: str
    source: Citation
    pattern: EventPattern | None
    fact: str | None = None
    is_act: bool = False


def triggers(program: Program, rules: Sequence[Clause]) -> Iterator[Trigger]:
    """The triggers of some rules: through each fact to its definitions; each once."""
    seen: set[tuple[str, str]] = set()
    for clause in rules:
        for trigger in _of(program, clause.when, clause.id, clause.source, None):
            if (trigger.name, trigger.text) not in seen:
                seen.add((trigger.name, trigger.text))
                yield trigger


def _of(
    program: Program, condition: Condition, name: str, source: Citation, fact: str | None
) -> Iterator[Trigger]:
    match condition:
        case FactHolds(fact=held, under=under):
            for definition in _definitions(program, held, under):
                label = fact or held
                yield from _of(program, definition.when, definition.id, definition.source, label)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _of(program, part, name, source, fact)
        case Later(part=part):
            yield from _of(program, part, name, source, fact)
        case Occurs(pattern=pattern) | Counted(pattern=pattern):
            acts = all(kind in program.vocabulary.all_actions for kind in pattern.types)
            said = condition_words(condition, program.vocabulary)
            yield Trigger(name, _labelled(program, said, fact), source, pattern, fact, acts)
        case Always():
            yield Trigger(name, _labelled(program, "in every case", fact), source, None, fact)


def _labelled(program: Program, said: str, fact: str | None) -> str:
    return f"{said}: {fact_words(fact, program.vocabulary)}" if fact else said


def _definitions(program: Program, fact: str, under: str | None) -> list[FactClause | Clause]:
    """The definitions of a fact, or the rules that have it as an effect."""
    found = program.facts.get(fact, ())
    return [part for part in found if under is None or part.source.instrument == under]


def covered(program: Program, trigger: Trigger, attribute: str) -> str | None:
    """Which values of an attribute a trigger covers, in words; None if it has no such attribute."""
    if trigger.pattern is None:
        named = any(attribute in kind.attributes for kind in _opening(program))
        return "any" if named else None
    domains = [program.vocabulary.attributes.get(kind, {}) for kind in trigger.pattern.types]
    domain = next((d[attribute] for d in domains if attribute in d), None)
    if domain is None or domain.values is None or trigger.is_act:
        return None
    tests = [test.accepts for test in trigger.pattern.tests if test.attribute == attribute]
    chosen = [value for value in domain.values if all(_takes(test, value) for test in tests)]
    if len(chosen) == len(domain.values):
        return "any"
    return ", ".join(plain(str(value)) for value in chosen)


def _opening(program: Program) -> Iterator[EventType]:
    return (kind for kind in program.vocabulary.events.values() if kind.opens_case)


def _takes(accepts: object, value: object) -> bool:
    return not isinstance(accepts, OneOf) or ((value in accepts.values) != accepts.negated)


def exceptions(program: Program, rules: Sequence[Clause]) -> Iterator[tuple[str, str, Citation]]:
    """What keeps rules out: their own exceptions, those of definitions, and stronger rules."""
    for clause in rules:
        yield from _kept_out(program, clause)
        for other in clause.overridden_by:
            yield f"gives way to the rule {other}", clause.id, program.clauses[other].source
        for definition in _used(program, clause.when):
            yield from _kept_out(program, definition)


def _kept_out(program: Program, clause: Clause | FactClause) -> Iterator[tuple[str, str, Citation]]:
    barring = [clause.unless] if clause.unless is not None else []
    for condition in [*barring, *_barring(clause.when)]:
        yield condition_words(condition, program.vocabulary), clause.id, clause.source


def _barring(condition: Condition) -> Iterator[Condition]:
    match condition:
        case AllOf(parts=parts, barring=barring):
            yield from barring
            for part in parts:
                yield from _barring(part)
        case AnyOf(parts=parts):
            for part in parts:
                yield from _barring(part)
        case Later(part=part):
            yield from _barring(part)


def _used(program: Program, condition: Condition) -> Iterator[FactClause]:
    """The definitions that a condition hangs on."""
    match condition:
        case FactHolds(fact=fact, under=under):
            for definition in _definitions(program, fact, under):
                if isinstance(definition, FactClause):
                    yield definition
                yield from _used(program, definition.when)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _used(program, part)
        case Later(part=part):
            yield from _used(program, part)


def standings(program: Program, rules: Sequence[Clause]) -> Iterator[tuple[str, str, Citation]]:
    """What rules and their definitions ask of the state concerned itself."""
    for clause in rules:
        holders: list[Clause | FactClause] = [clause, *_used(program, clause.when)]
        for part in holders:
            for condition in _standing(part.when):
                yield condition_words(condition, program.vocabulary), part.id, part.source


def _standing(condition: Condition) -> Iterator[Condition]:
    match condition:
        case Standing() | StateIs():
            yield condition
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _standing(part)
        case Later(part=part):
            yield from _standing(part)
