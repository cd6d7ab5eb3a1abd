"""Cases near a case: what a drafter would try next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import Any

from normrules.analysis.casedata import Edit, case_data, edited, read_data
from normrules.core.case import Case
from normrules.core.condition import Between, EventPattern, OneOf
from normrules.core.program import Clause, FactClause, Program
from normrules.core.register import Register
from normrules.core.time import DAY, NEVER, SECOND, Instant, iso, moment
from normrules.core.vocabulary import Attribute, Vocabulary
from normrules.drafting.goals import conditions, patterns
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import clause_positions
from normrules.engine.outcome import mean
from normrules.lang.casebook import BookTest

HOUR = 3600 * SECOND
#: Events are put so long after what they follow.
_STEP = 2 * DAY


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A case near another one, as a test and as the data of its file."""

    test: BookTest
    data: Mapping[str, Any]


def variants(test: BookTest, program: Program, owner: Clause | FactClause) -> Iterator[Variant]:
    """Cases near a test's, the least changed first, that may matter to a rule or definition."""
    assert test.case is not None
    data = case_data(test.case, program.vocabulary)
    edits = chain(
        _horizons(test, program, owner),
        _events(test.case, program.vocabulary),
        _unknowns(test.case, program.vocabulary),
        _doers(test.case, program),
        _acts(test.case, program, owner),
        _shifts(test.case, program, owner),
        _countries(test.case, program),
    )
    for some in edits:
        made = _made(test, edited(data, some), program.vocabulary)
        if made is not None:
            yield made


def pairs(test: BookTest, program: Program, owner: Clause | FactClause) -> Iterator[Variant]:
    """Cases with an act added, and then the horizon or an attribute: two steps away."""
    assert test.case is not None
    data = case_data(test.case, program.vocabulary)
    for act in _acts(test.case, program, owner):
        variant = _made(test, edited(data, act), program.vocabulary)
        if variant is None or (case := variant.test.case) is None:
            continue
        steps = (_horizons(variant.test, program, owner), _events(case, program.vocabulary))
        for some in chain(*steps):
            made = _made(variant.test, edited(dict(variant.data), some), program.vocabulary)
            if made is not None:
                yield made


def _made(test: BookTest, data: Mapping[str, Any], vocabulary: Vocabulary) -> Variant | None:
    try:
        case = read_data(data, vocabulary)
    except ValueError:
        return None
    if case is None:
        return None
    return Variant(replace(test, case=case, horizon=None), data)


# ---------------------------------------------------------------- edits


Edits = tuple[Edit, ...]


def _horizons(test: BookTest, program: Program, owner: Clause | FactClause) -> Iterator[Edits]:
    """Right after each event, and on both sides of the deadline."""
    case = test.case
    assert case is not None
    times = {event.time.hi + HOUR for event in case.events if event.time.hi < NEVER}
    if isinstance(owner, Clause):
        assumptions = Assumptions(test.law, test.assume_bound)
        meaning = mean(program, case, None, assumptions)
        for position in clause_positions(meaning, owner, with_reasons=False):
            due = position.due
            times |= {when for when in (due.lo - HOUR, due.hi + HOUR) if abs(when) < NEVER // 2}
    first = case.opening.time.hi
    for time in sorted(time for time in times if time >= first):
        yield (Edit("at", "", "", iso(time)),)


def _events(case: Case, vocabulary: Vocabulary) -> Iterator[Edits]:
    """Each event left out; each attribute with each other value, and not known."""
    for event in case.events:
        if event is not case.opening:
            yield (Edit("remove", event.id, "", None),)
        for name, kind in vocabulary.attributes.get(event.type, {}).items():
            for value in _values(kind, event.raw.get(name)):
                yield (Edit("attribute", event.id, name, value),)
    for name, kind in vocabulary.case.items():
        for value in kind.values or ():
            yield (Edit("state", "", name, value),)


def _unknowns(case: Case, vocabulary: Vocabulary) -> Iterator[Edits]:
    """Each attribute not known, nothing recorded completely, the state not known, a vague time."""
    for event in case.events:
        for name in vocabulary.attributes.get(event.type, {}):
            if name in event.raw:
                yield (Edit("attribute", event.id, name, None),)
    yield (Edit("complete", "", "", []),)
    if case.country is not None:
        yield (Edit("country", "", "", None),)
    for event in case.events:
        yield (Edit("attribute", event.id, "time", str(event.raw.get("time", ""))[:7]),)


def _doers(case: Case, program: Program) -> Iterator[Edits]:
    """Each act by another body: one of the organisation's own, and one of another's."""
    foreign = sorted(set(program.vocabulary.bodies) - program.own_bodies)[:1]
    for event in case.events:
        if "by" in event.raw:
            for body in [*sorted(program.own_bodies), *foreign]:
                if body != event.raw["by"]:
                    yield (Edit("attribute", event.id, "by", body),)


def _values(kind: Attribute, now: Any) -> list[Any]:
    if kind.values is not None:
        return [value for value in kind.values if value != now]
    if kind.integer is not None and isinstance(now, int) and not isinstance(now, bool):
        return [now - 1, now + 1]
    return []


def _acts(case: Case, program: Program, owner: Clause | FactClause) -> Iterator[Edits]:
    """Each event that the rule speaks of added, soon after the last and much later."""
    last = max((e.time.hi for e in case.events if e.time.hi < NEVER), default=0)
    asked = [p for condition in conditions(owner).values() for p in patterns(condition)]
    if isinstance(owner, Clause):
        asked += [owner.act, *([owner.breaks] if owner.breaks is not None else [])]
    for pattern in asked:
        for event in _example(pattern, program):
            for later in (_STEP, 400 * DAY):
                at = last + later
                added = {**event, "time": _written(at)}
                moved = Edit("at", "", "", iso(max(case.horizon, at + DAY)))
                yield (Edit("add", "", "", added), moved)


def _written(at: Instant) -> str:
    """A time as a drafter would write it: the end of a day as the day."""
    text = str(iso(at))
    return text[:10] if text.endswith("T23:59:59.999999Z") else text


def _example(pattern: EventPattern, program: Program) -> Iterator[dict[str, Any]]:
    """Events that a pattern accepts: one of each type, by one of the bodies it names."""
    for name in pattern.types:
        event: dict[str, Any] = {"type": name}
        for test in pattern.tests:
            kind = program.vocabulary.attributes.get(name, {}).get(test.attribute)
            value = _accepted(test.accepts, kind, program)
            if value is not None:
                event[test.attribute] = value
        yield event


def _accepted(accepts: OneOf | Between, kind: Attribute | None, program: Program) -> Any:
    if isinstance(accepts, Between):
        return accepts.lo if accepts.lo is not None else accepts.hi
    if not accepts.negated:
        ladder = list(kind.values or ()) if kind is not None else []
        inside = [value for value in ladder if value in accepts.values]
        return inside[0] if inside else min(accepts.values, key=str, default=None)
    known = kind.values if kind is not None else sorted(program.own_bodies)
    return next((value for value in known or () if value not in accepts.values), None)


def _shifts(case: Case, program: Program, owner: Clause | FactClause) -> Iterator[Edits]:
    """The whole case moved to the first day of the rule's instrument, and to its last."""
    law = program.laws[owner.source.instrument]
    for edge in (law.force.start.lo, law.force.end.lo):
        for day in (edge - DAY, edge):
            shift = _whole_days(day - case.opening.time.lo)
            if abs(edge) < NEVER // 2 and shift:
                yield tuple(_moved(case, shift))


def _whole_days(span: Instant) -> Instant:
    return -(-span // DAY) * DAY


def _moved(case: Case, shift: Instant) -> Iterator[Edit]:
    for event in case.events:
        written = str(event.raw.get("time", ""))
        yield Edit("attribute", event.id, "time", _later(written, event.time.lo, shift))
    yield Edit("at", "", "", iso(case.horizon + shift))


def _later(written: str, start: Instant, shift: Instant) -> str:
    """A time as written, moved by whole days; a day stays a day."""
    if len(written) == 10:
        return (moment(start) + timedelta(microseconds=shift)).date().isoformat()
    return str(iso(start + shift))


def _countries(case: Case, program: Program) -> Iterator[Edits]:
    """A state that does not belong, and one that does."""
    for name in {law.register for law in program.laws.values() if law.register is not None}:
        for wanted in (False, True):
            state = _state(program.registers[name], case, wanted=wanted)
            if state is not None and state != case.country:
                yield (Edit("country", "", "", state),)


def _state(register: Register, case: Case, *, wanted: bool) -> str | None:
    candidates: Sequence[str] = [*sorted(register.rows), "FRA", "THA", "NER", "HND"]
    when = case.opening.time
    return next((s for s in candidates if register.bound(s, when) is wanted), None)
