"""What is known of an event, against what a pattern asks: surely so, or perhaps so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from normrules.core.condition import Between, EventPattern, OneOf, Test
from normrules.core.event import Event, Known


@dataclass(frozen=True, slots=True)
class Ask:
    """One question that patterns put to an event: what an attribute (or `under`) must be."""

    attribute: str
    accepts: OneOf | Between


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether something surely is as asked, and whether it may be."""

    surely: bool
    perhaps: bool


UNKNOWN = Fit(surely=False, perhaps=True)


def asks(pattern: EventPattern) -> tuple[Ask, ...]:
    """The questions of a pattern, apart from the event's type; each only once."""
    found = [Ask(test.attribute, test.accepts) for test in pattern.tests]
    if pattern.instrument is not None:
        found.append(Ask("under", OneOf(frozenset({pattern.instrument}))))
    return tuple(dict.fromkeys(found))


def fit(event: Event, ask: Ask) -> Fit:
    """How an event answers a question."""
    if ask.attribute == "under":  # an act that names no instrument serves all
        named = ask.accepts.values if isinstance(ask.accepts, OneOf) else frozenset()
        return _settled(event.under is None or not named.isdisjoint(event.under))
    if ask.attribute == "by":
        return _acted(event, ask.accepts)
    return fits(event.known.get(ask.attribute), ask.accepts)


def state_fits(state: Mapping[str, Known], test: Test) -> Fit:
    """How the attributes of the state concerned answer a test."""
    return fits(state.get(test.attribute), test.accepts)


def fits(known: Known | None, accepts: OneOf | Between) -> Fit:
    """How what is known of a value answers what is accepted."""
    if known is None:
        return UNKNOWN
    if isinstance(known, Between):
        return _range_fits(known, accepts)
    good = [value for value in known if _accepted(value, accepts)]
    return Fit(len(good) == len(known), bool(good))


def _acted(event: Event, accepts: OneOf | Between) -> Fit:
    """An event of several bodies is the act of each of them."""
    if not event.by:
        return UNKNOWN
    assert isinstance(accepts, OneOf)
    named = not accepts.values.isdisjoint(event.by)
    return _settled(named is not accepts.negated)


def _settled(answer: bool) -> Fit:  # noqa: FBT001 - an answer
    return Fit(answer, answer)


def _accepted(value: object, accepts: OneOf | Between) -> bool:
    if isinstance(accepts, OneOf):
        return (value in accepts.values) is not accepts.negated
    assert isinstance(value, int)
    return _inside(value, accepts)


def _inside(value: int, span: Between) -> bool:
    return (span.lo is None or span.lo <= value) and (span.hi is None or value <= span.hi)


def _range_fits(known: Between, accepts: OneOf | Between) -> Fit:
    if isinstance(accepts, Between):
        apart = _beyond(known.lo, accepts.hi) or _beyond(accepts.lo, known.hi)
        above = accepts.lo is None or (known.lo is not None and known.lo >= accepts.lo)
        below = accepts.hi is None or (known.hi is not None and known.hi <= accepts.hi)
        return Fit(above and below, not apart)
    named = sum(isinstance(v, int) and _inside(v, known) for v in accepts.values)
    all_named = named > 0 and named == _width(known)
    within = Fit(all_named, named > 0)
    return Fit(not within.perhaps, not within.surely) if accepts.negated else within


def _beyond(low: int | None, high: int | None) -> bool:
    return low is not None and high is not None and low > high


def _width(span: Between) -> int | None:
    """How many whole numbers lie in a range; None for an open one."""
    return None if span.lo is None or span.hi is None else span.hi - span.lo + 1
