"""Why a rule did not come alive: the first condition that failed, and what came nearest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from normrules.core.case import Case
from normrules.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    Counted,
    EventPattern,
    FactHolds,
    Found,
    Later,
    Occurs,
    RuleState,
    StateIs,
    Test,
)
from normrules.core.evaluation import Position
from normrules.core.event import Event, matches, passes
from normrules.core.program import Program
from normrules.core.rulebook import english
from normrules.core.time import describe
from normrules.core.vocabulary import Vocabulary
from normrules.core.wording import bodies_words, condition_words, event_words, plain
from normrules.engine.caselaw import Assumptions
from normrules.engine.explanation import missing
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
    if position.status in ("not_in_force", "not_bound"):
        return (_unlawful(program, case, position),)
    meaning = mean(program, case, at, assumptions)
    failures = list(_failures(meaning, position.clause.when, 0))[:1]
    lines = [line for failure in failures for line in _lines(failure)]
    lines += [f"it waits until {awaited}" for awaited in position.awaits]
    lines += [f"it gives way: {_defeater(said)}" for said in position.defeated_by]
    lines += [line for line in _unsure_law(meaning, position) if line not in " ".join(lines)]
    if not lines and position.needs:
        lines.append(f"it is not known to be alive; needs: {'; '.join(position.needs)}")
    return tuple(dict.fromkeys(lines))


def _unlawful(program: Program, case: Case, position: Position) -> str:
    law = program.laws[position.clause.source.instrument]
    if position.status == "not_bound":
        return f"{case.country or 'the state'} was not in the register {law.register} at the time"
    title = english(law.instrument.title)
    until = "" if describe(law.force.end) == "never" else f" until {describe(law.force.end)}"
    return f"{title} was not in force: it holds from {describe(law.force.start)}{until}"


def _unsure_law(meaning: Meaning, position: Position) -> Iterator[str]:
    """What is not known of the law, where the status hangs on it."""
    law = meaning.program.laws[position.clause.source.instrument]
    if "not_in_force" in position.possible:
        yield f"not known: whether {law.id} was in force"
    if "not_bound" in position.possible:
        state = meaning.case.country or "the state"
        yield f"not known: whether {state} is in the register {law.register}"


def _defeater(said: str) -> str:
    return said if said.startswith("unless ") else f"the rule {said} prevails"


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
    yield Failure(f"this does not surely hold: {said}", _short_of(meaning, condition), 9)


def _short_of(meaning: Meaning, condition: Condition) -> str | None:
    """How far a condition is from holding: the count, the state's value, what is not known."""
    match condition:
        case Counted(pattern=pattern, n=n):
            have = sum(matches(event, pattern) is True for event in meaning.case.events)
            return f"surely on record: {have} of {n}"
        case StateIs(test=test):
            known = meaning.case.state.get(test.attribute)
            values = " or ".join(sorted(map(str, known))) if isinstance(known, frozenset) else known
            return f"it is {'not known' if known is None else values}"
    asked = list(missing(meaning.value(condition), meaning.horizon))
    return f"not known: {'; '.join(asked)}" if asked else None


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
    named = event_words(event, meaning.program.vocabulary, meaning.case.zone)
    if matches(event, pattern) is True:
        return Failure(says, f"{named} is not surely in time", 0)
    unmet = [t for t in pattern.tests if passes(event, t) is not True]
    asked = "; ".join(_asked(event, test, meaning.program.vocabulary) for test in unmet)
    met = ", ".join(plain(t.attribute) for t in pattern.tests if t not in unmet)
    fits = f"; what fits: {met}" if met else ""
    return Failure(says, f"nearest: {named}, but {asked or 'under another law'}{fits}", len(unmet))


def _distance(event: Event, pattern: EventPattern) -> int:
    return sum(passes(event, test) is not True for test in pattern.tests)


def _asked(event: Event, test: Test, vocabulary: Vocabulary) -> str:
    name = plain(test.attribute)
    said = test.said or "another"
    if test.attribute == "by" and event.by:
        bodies = " or ".join(vocabulary.title_of(body) for body in sorted(event.by))
        return f"it was by {bodies} (asked: {bodies_words(said, vocabulary)})"
    if passes(event, test) is None:
        return f"{name} is not known (asked: {said})"
    return f"{name} is {_value(event.raw.get(test.attribute))} (asked: {said})"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return " and ".join(f"{plain(str(k))} {_value(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return " or ".join(_value(part) for part in value)
    return plain(str(value))
