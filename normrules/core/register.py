"""Dated membership, ratification and standing of states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from normrules.core.time import DAY, NEVER, Interval, day

#: From before every event, for ever: the span of what has no dates.
UNBOUNDED_END = Interval(NEVER, NEVER)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, half open: from some instant of `start` to some instant of `end`."""

    start: Interval
    end: Interval = UNBOUNDED_END

    def covers(self, when: Interval) -> bool | None:
        """Whether a time lies inside; None where that can't be said.

        A time that may never come is judged as if it came.
        """
        after_start = self.start.hi <= when.lo
        before_end = self.end.lo >= NEVER or when.hi < self.end.lo
        if after_start and before_end:
            return True
        if when.hi < self.start.lo or when.lo >= self.end.hi:
            return False
        return None


def edge(text: str) -> Interval:
    """The first instant of a day, or of some day of a month or year. Raises ValueError.

    The edge of a span of law: an instrument in force from 2012-02 began at the first
    instant of one of that month's days.

    >>> str(edge("2012-02-15")), edge("2012-02").exact
    ('2012-02-15', False)
    """
    lo, hi = day(text)
    return Interval(lo, hi + 1 - DAY)


def covered(spans: Iterable[Span], when: Interval) -> bool | None:
    """Whether a time lies in one of the spans; None where that can't be said."""
    answers = {span.covers(when) for span in spans}
    if True in answers:
        return True
    return None if None in answers else False


@dataclass(frozen=True, slots=True)
class Membership:
    """One row: a state's stay in the register."""

    member: str
    span: Span
    basis: str
    source: str


@dataclass(frozen=True)
class Register:
    """Who belonged, when; inside `complete` a state without a row did not belong."""

    name: str
    title: str
    complete: Span | None
    rows: Mapping[str, tuple[Membership, ...]]

    def bound(self, state: str | None, when: Interval) -> bool | None:
        """Whether the state belongs at that time; None where that is unknown."""
        if state is None:
            return None
        inside = covered((row.span for row in self.rows.get(state, ())), when)
        if inside is not False:
            return inside
        return False if self.complete and self.complete.covers(when) else None

    def leaving(self, state: str | None, when: Interval) -> Interval:
        """When the stay that may contain `when` ends."""
        ends = [
            row.span.end
            for row in self.rows.get(state or "", ())
            if row.span.covers(when) is not False
        ]
        return Interval(min(e.lo for e in ends), max(e.hi for e in ends)) if ends else UNBOUNDED_END

    def count(self, when: Interval) -> int | None:
        """How many states belong at that time; None where that is unknown."""
        if not (self.complete and self.complete.covers(when)):
            return None
        answers = [covered((row.span for row in rows), when) for rows in self.rows.values()]
        return None if None in answers else sum(answer is True for answer in answers)

    def extended(self, more: Iterable[Membership], left: Mapping[str, Interval]) -> Register:
        """The register with a case's own ratifications, and stays cut where a state left."""
        rows = {
            state: [_cut(row, left.get(state)) for row in old] for state, old in self.rows.items()
        }
        for row in more:
            rows.setdefault(row.member, []).append(_cut(row, left.get(row.member)))
        frozen = {state: tuple(stays) for state, stays in rows.items()}
        return Register(self.name, self.title, self.complete, MappingProxyType(frozen))


def _cut(row: Membership, left: Interval | None) -> Membership:
    if left is None or row.span.covers(left) is False:
        return row
    return Membership(row.member, Span(row.span.start, left), row.basis, row.source)
