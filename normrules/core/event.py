"""What happened: one event, with what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from normrules.core.condition import Between, EventPattern, OneOf, Test, Value
from normrules.core.time import Interval


@dataclass(frozen=True, slots=True)
class Votes:
    """A recorded vote; None where a count is not recorded."""

    in_favour: int | None = None
    against: int | None = None
    abstaining: int | None = None
    present: int | None = None
    vetoes: tuple[str, ...] = ()

    @property
    def recorded(self) -> bool:
        """Whether anything of the vote is recorded."""
        return bool(self.vetoes) or self.in_favour is not None or self.against is not None


#: What is known of an attribute: one of these values, or a range of numbers.
Known = frozenset[Value] | Between


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One event. `known` holds the attributes that are known, wholly or partly.

    `follows` names the events that are surely not after this one. `raw` is the event as
    written, for showing.
    """

    id: str
    type: str
    time: Interval
    known: Mapping[str, Known] = field(default_factory=dict)
    by: frozenset[str] = frozenset()
    under: frozenset[str] | None = None
    votes: Votes = Votes()
    follows: frozenset[str] = frozenset()
    source: str | None = None
    raw: Mapping[str, object] = field(default_factory=dict)


def passes(event: Event, test: Test) -> bool | None:
    """Whether an event passes a test; None where what is known does not decide it."""
    if test.attribute == "by":
        return _bodies_pass(event.by, test.accepts)
    known = event.known.get(test.attribute)
    if known is None:
        return None
    if isinstance(known, Between):
        return _range_passes(known, test.accepts)
    answers = {_accepts(test.accepts, value) for value in known}
    return answers.pop() if len(answers) == 1 else None


def matches(event: Event, pattern: EventPattern) -> bool | None:
    """Whether an event matches a pattern; None where that is only possible."""
    if event.type not in pattern.types:
        return False
    if pattern.instrument and event.under is not None and pattern.instrument not in event.under:
        return False
    answers = {passes(event, test) for test in pattern.tests}
    if False in answers:
        return False
    return None if None in answers else True


def unknown_attributes(event: Event, pattern: EventPattern) -> tuple[str, ...]:
    """The attributes whose values would decide the match."""
    return tuple(test.attribute for test in pattern.tests if passes(event, test) is None)


def _bodies_pass(by: frozenset[str], accepts: OneOf | Between) -> bool | None:
    if not by:
        return None
    assert isinstance(accepts, OneOf)
    return bool(by & accepts.values) != accepts.negated


def _accepts(accepts: OneOf | Between, value: Value) -> bool:
    if isinstance(accepts, OneOf):
        return (value in accepts.values) != accepts.negated
    return _within(accepts, int(value))


def _within(accepts: Between, value: int) -> bool:
    above = accepts.lo is None or value >= accepts.lo
    return above and (accepts.hi is None or value <= accepts.hi)


def _range_passes(known: Between, accepts: OneOf | Between) -> bool | None:
    """Compare what is known of a number (a range) with what is accepted."""
    lo = float("-inf") if known.lo is None else known.lo
    hi = float("inf") if known.hi is None else known.hi
    if isinstance(accepts, OneOf):
        inside = [v for v in accepts.values if lo <= int(v) <= hi]
        if not inside:
            return accepts.negated
        whole = len(inside) == hi - lo + 1
        return not accepts.negated if whole else None
    least = float("-inf") if accepts.lo is None else accepts.lo
    most = float("inf") if accepts.hi is None else accepts.hi
    if least <= lo and hi <= most:
        return True
    return False if hi < least or lo > most else None
