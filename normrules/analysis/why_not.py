"""Why a rule did not come alive: the first condition that failed, and what came nearest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from normrules.core.case import Case
from normrules.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    EventPattern,
    FactHolds,
    Found,
    Later,
    Occurs,
    RuleState,
    Test,
)
from normrules.core.evaluation import Position
from normrules.core.event import Event, matches, passes
from normrules.core.program import Program
from normrules.core.rulebook import english
from normrules.core.time import describe
from normrules.core.wording import condition_words, plain
from normrules.engine.caselaw import Assumptions
from normrules.engine.meaning import Meaning
from normrules.engine.outcome import mean


@dataclass(frozen=True, slots=True)
class Failure:
    """A condition that failed, and how far the nearest event was from meeting it."""

    says: str
    nearest: str | None
    distance: int


def why_not(
    program: Program, case: Case, position: Position, assumptions: Assumptions, at: int
) -> tuple[str, ...]:
    """Why a rule is not alive, in sentences; none where it surely is.

    Of several alternatives the one that came nearest is told.
    """
    if position.surely_triggered:
        return ()
    clause = position.clause
    instrument = program.laws[clause.source.instrument]
    match position.status:
        case "not_in_force":
            span = instrument.force
            title = english(instrument.instrument.title)
            until = "" if describe(span.end) == "never" else f" until {describe(span.end)}"
            return (f"{title} was not in force: it holds from {describe(span.start)}{until}",)
        case "not_bound":
            return (f"{case.country or 'the state'} is not in the register {instrument.register}",)
        case "defeated":
            return tuple(f"it gives way: {reason}" for reason in position.defeated_by)
        case "awaiting":
            return tuple(f"it waits until {awaited}" for awaited in position.awaits)
    meaning = mean(program, case, at, assumptions)
    failures = list(_failures(meaning, clause.when, 0))
    return tuple(line for failure in failures[:1] for line in _lines(failure))


def _lines(failure: Failure) -> Iterator[str]:
    yield failure.says
    if failure.nearest:
        yield failure.nearest


def _failures(meaning: Meaning, condition: Condition, depth: int) -> Iterator[Failure]:
    """The conditions inside one that kept it from being surely true by the horizon."""
    if meaning.value(condition).hi <= meaning.horizon or depth > 12:
        return
    program = meaning.program
    match condition:
        case Occurs(pattern=pattern) | Found(pattern=pattern):
            yield _event_failure(meaning, condition, pattern)
            return
        case AllOf(parts=parts, barring=barring):
            for part in parts:
                yield from _failures(meaning, part, depth + 1)
            for bar in barring:
                if meaning.value(bar).lo <= meaning.horizon:
                    said = condition_words(bar, program.vocabulary)
                    yield Failure(f"it is barred, since this may hold: {said}", None, 0)
            return
        case AnyOf(parts=parts):
            yield from _nearest([_first(meaning, part, depth) for part in parts])
            return
        case FactHolds(fact=fact, under=under):
            found = [
                _first(meaning, part.when, depth)
                for part in program.facts.get(fact, ())
                if under is None or part.source.instrument == under
            ]
            yield from _nearest(found)
        case Later(part=part):
            yield from _failures(meaning, part, depth + 1)
        case RuleState(rule=rule) if rule in program.clauses:
            yield from _failures(meaning, program.clauses[rule].when, depth + 1)
    said = condition_words(condition, program.vocabulary)
    yield Failure(f"this does not surely hold: {said}", None, 9)


def _first(meaning: Meaning, condition: Condition, depth: int) -> Failure | None:
    return next(_failures(meaning, condition, depth + 1), None)


def _nearest(failures: list[Failure | None]) -> Iterator[Failure]:
    found = [failure for failure in failures if failure is not None]
    if found:
        yield min(found, key=lambda failure: failure.distance)


def _event_failure(meaning: Meaning, condition: Condition, pattern: EventPattern) -> Failure:
    words = condition_words(condition, meaning.program.vocabulary)
    here = [e for e in meaning.case.events if e.type in pattern.types]
    says = f"this did not surely happen: {words}"
    if not here:
        recorded = all(
            meaning.case.records_all(name, meaning.program.vocabulary) for name in pattern.types
        )
        none = "no such event is on record" + ("" if recorded else ", and records have gaps")
        return Failure(says, none, 8)
    event = min(here, key=lambda e: _distance(e, pattern))
    if matches(event, pattern) is True:
        late = f"event {event.id} ({describe(event.time, meaning.case.zone)}) is not surely in time"
        return Failure(says, late, 0)
    unmet = [t for t in pattern.tests if passes(event, t) is not True]
    asked = "; ".join(_asked(event, test) for test in unmet)
    when = describe(event.time, meaning.case.zone)
    nearest = f"nearest: event {event.id} ({plain(event.type)}, {when}), but {asked}"
    return Failure(says, nearest, len(unmet))


def _distance(event: Event, pattern: EventPattern) -> int:
    return sum(passes(event, test) is not True for test in pattern.tests)


def _asked(event: Event, test: Test) -> str:
    name = plain(test.attribute)
    said = test.said or "another"
    known = event.raw.get(test.attribute)
    if passes(event, test) is None:
        return f"{name} is not known (asked: {said})"
    return f"{name} is {plain(str(known))} (asked: {said})"
