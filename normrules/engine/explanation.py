"""Why a position stands as it does: each condition with its time and its event."""

from __future__ import annotations

from collections.abc import Iterator

from normrules.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    FactHolds,
    Later,
    RuleState,
)
from normrules.core.evaluation import Step
from normrules.core.program import Clause, FactClause
from normrules.core.time import NEVER, Interval
from normrules.core.wording import condition_words, source_words
from normrules.engine.carriers.interval import When
from normrules.engine.meaning import Meaning
from normrules.engine.outcome import Outcome

#: How deep facts and rules are followed into what they stand on.
MAX_DEPTH = 12


def explain(meaning: Meaning, clause: Clause, outcome: Outcome) -> Step:
    """The explanation of a position: trigger, what would defeat it, deadline, end, acts."""
    trigger = meaning.trigger(clause.id)
    parts: list[Step | None] = [_condition(meaning, clause.when, "when", 0)]
    if clause.upon is not None:
        parts.append(_upon(meaning, clause, trigger.upon))
    parts += _defeaters(meaning, clause)
    if clause.deadline is not None:
        parts.append(_step(f"due {clause.deadline.said}".strip(), outcome.due, "due"))
    parts.append(_done(clause, outcome))
    if clause.until is not None:
        parts.append(_condition(meaning, clause.until, "until", 0, since=trigger.comes))
    source = source_words(clause.source, meaning.program)
    return Step(
        clause.title, trigger.comes.interval, "rule", note=source, parts=tuple(filter(None, parts))
    )


def _upon(meaning: Meaning, clause: Clause, value: When) -> Step:
    assert clause.upon is not None
    step = _condition(meaning, clause.upon, "upon", 0)
    if value.interval == step.when:
        return step
    note = "made, at the latest, by the bearer's own act"
    return Step(step.says, value.interval, "upon", tuple(_events(value)), note, step.parts)


def _defeaters(meaning: Meaning, clause: Clause) -> Iterator[Step]:
    if clause.unless is not None:
        yield _condition(meaning, clause.unless, "unless", 0)
    for rule in clause.overridden_by:
        when = meaning.trigger(rule).comes
        yield _step(f"would give way to the rule {rule}", when, "overridden")


def _done(clause: Clause, outcome: Outcome) -> Step | None:
    if clause.effect is not None:
        return None
    says = "broken by" if clause.forbids else "done by"
    note = None if outcome.done.lo < NEVER else "no act on record that fits"
    return Step(says, outcome.done.interval, "done", tuple(_events(outcome.done)), note)


def _condition(
    meaning: Meaning, condition: Condition, kind: str, depth: int, since: When | None = None
) -> Step:
    value = meaning.value(condition, since)
    says = condition_words(condition, meaning.program.vocabulary)
    parts = tuple(_parts(meaning, condition, depth, since)) if depth < MAX_DEPTH else ()
    return Step(says, value.interval, kind, tuple(_events(value)), _note(value), parts)


def _parts(
    meaning: Meaning, condition: Condition, depth: int, since: When | None
) -> Iterator[Step]:
    match condition:
        case AllOf(parts=parts, barring=barring):
            for part in parts:
                yield _condition(meaning, part, "and", depth + 1, since)
            for part in barring:
                yield _condition(meaning, part, "not", depth + 1, since)
        case AnyOf(parts=parts):
            for part in parts:
                yield _condition(meaning, part, "or", depth + 1, since)
        case Later(part=part):
            yield _condition(meaning, part, "after", depth + 1, since)
        case FactHolds(fact=fact, under=under):
            for definition in meaning.program.facts.get(fact, ()):
                if under is None or definition.source.instrument == under:
                    yield _definition(meaning, definition, depth + 1, since)
        case RuleState(rule=rule) if rule in meaning.program.clauses:
            clause = meaning.program.clauses[rule]
            yield _condition(meaning, clause.when, "when", depth + 1)


def _definition(
    meaning: Meaning, part: FactClause | Clause, depth: int, since: When | None
) -> Step:
    value = meaning.definition(part, since)
    parts = [_condition(meaning, part.when, "when", depth, since)] if depth < MAX_DEPTH else []
    if part.unless is not None and depth < MAX_DEPTH:
        parts.append(_condition(meaning, part.unless, "unless", depth, since))
    source = source_words(part.source, meaning.program)
    return Step(part.title, value.interval, "definition", (), source, tuple(parts))


def _step(says: str, value: When, kind: str) -> Step:
    return Step(says, value.interval, kind, tuple(_events(value)), _note(value))


def _note(value: When) -> str | None:
    asked = tuple(missing(value))
    return f"not known: {', '.join(asked)}" if asked and value.hi >= NEVER > value.lo else None


def _events(value: When) -> Iterator[str]:
    """The events that set the time of a value."""
    if value.lo >= NEVER:
        return
    if value.event is not None:
        yield value.event.id
        return
    match value.op:
        case "least":
            kept = [part for part in value.parts if part.hi == value.hi] or list(value.parts)
            yield from _events(kept[0])
        case "greatest" | "since":
            kept = [part for part in value.parts if part.lo == value.lo] or list(value.parts)
            yield from _events(kept[-1])
        case "later" | "but_not" | "cut":
            for part in value.parts[:1]:
                yield from _events(part)
        case "nth":
            for part in value.parts:
                if part.lo <= value.hi:
                    yield from _events(part)


def missing(value: When, horizon: int = NEVER, beyond: When | None = None) -> Iterator[str]:
    """What would sharpen a value: attributes, records, registers; else imprecise times.

    Nothing that lies after the horizon, nor inside `beyond` (already settled).
    """
    found = dict.fromkeys(_missing(value, horizon, beyond, set()))
    yield from found
    if not found:
        yield from dict.fromkeys(_imprecise(value, horizon, beyond, set()))


def _missing(value: When, horizon: int, beyond: When | None, seen: set[int]) -> Iterator[str]:
    if value is beyond or id(value) in seen or value.lo > horizon:
        return
    seen.add(id(value))
    yield from value.missing
    for part in value.parts:
        yield from _missing(part, horizon, beyond, seen)


def _imprecise(value: When, horizon: int, beyond: When | None, seen: set[int]) -> Iterator[str]:
    if value is beyond or id(value) in seen or value.lo > horizon:
        return
    seen.add(id(value))
    event = value.event
    if event is not None and not event.time.exact:
        written = event.raw.get("time", event.time)
        yield f"the exact time of {event.id} ({event.type}, {written})"
    for part in value.parts:
        yield from _imprecise(part, horizon, beyond, seen)


def describe_interval(when: Interval) -> str:
    """An interval in words."""
    return str(when)
