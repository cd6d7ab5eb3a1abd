"""The carrier of one case: a value is an interval of instants that knows what it is made of.

Its form lets it see orders that the ends of intervals hide: an imprecise event is one
instant, so it is not after itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from normrules.core.case import Case
from normrules.core.condition import EventPattern, OneOf
from normrules.core.event import Event, matches, unknown_attributes
from normrules.core.register import Register, Span, covered
from normrules.core.time import EVER, NEVER, Instant, Interval, Rounding, TimeLimit
from normrules.core.vocabulary import Vocabulary

Op = Literal[
    "event",
    "unseen",
    "unknown",
    "constant",
    "least",
    "greatest",
    "but_not",
    "cut",
    "later",
    "nth",
    "since",
]


@dataclass(frozen=True, slots=True, eq=False)
class When:
    """When something becomes true: an interval, and how it came about.

    `missing` says what would sharpen it: an attribute, a record, a register.
    """

    lo: Instant
    hi: Instant
    op: Op
    parts: tuple[When, ...] = ()
    event: Event | None = None
    missing: tuple[str, ...] = ()
    forward: bool = False

    @property
    def interval(self) -> Interval:
        """The two ends."""
        return Interval(self.lo, self.hi)

    @property
    def certain(self) -> bool:
        """Whether it surely comes true."""
        return self.hi < NEVER


NEVER_TRUE = When(NEVER, NEVER, "constant")
EVER_TRUE = When(EVER, EVER, "constant")


class IntervalCarrier:
    """The operations of the meaning over one case.

    Of events after the horizon nothing is known; one that may be after it is only possible.
    """

    def __init__(self, case: Case, vocabulary: Vocabulary, horizon: Instant) -> None:
        self.case, self.vocabulary, self.horizon = case, vocabulary, horizon
        self.start = self._leaf(case.opening, sure=True)

    # ------------------------------------------------------------ leaves

    def occurrences(self, pattern: EventPattern) -> list[When]:
        """Every event that matches or may match, and the unseen ones of incomplete records."""
        found = []
        for event in self.case.events:
            answer = matches(event, pattern)
            if answer is not False and event.time.lo <= self.horizon:
                missing = unknown_attributes(event, pattern) if answer is None else ()
                found.append(self._leaf(event, missing, sure=answer is True))
        found += [
            When(
                min(self.start.lo, self.horizon),
                NEVER,
                "unseen",
                missing=(f"a complete record of {name}",),
            )
            for name in pattern.types
            if not self._recorded(name, pattern)
        ]
        return found

    def _recorded(self, event_type: str, pattern: EventPattern) -> bool:
        """Whether no event of the type that fits may have gone unrecorded."""
        if self.case.records_all(event_type, self.vocabulary):
            return True
        bearers = [t.accepts for t in pattern.tests if t.attribute == "by"]
        return any(
            isinstance(a, OneOf)
            and not a.negated
            and self.case.records_acts_of(event_type, a.values)
            for a in bearers
        )

    def possible(self, act: When) -> When:
        """The same event, as one that may not count."""
        return When(act.lo, NEVER, act.op, act.parts, act.event, act.missing, act.forward)

    def _leaf(self, event: Event, missing: tuple[str, ...] = (), *, sure: bool) -> When:
        lo, hi = event.time
        if hi > self.horizon >= lo:
            sure = False
        asked = tuple(f"{name} of {event.id} ({event.type})" for name in missing)
        return When(lo, hi if sure else NEVER, "event", event=event, missing=asked)

    def known(self, asked: str, *, answer: bool | None) -> When:
        """What holds from before every event, or never, or is not known."""
        if answer is None:
            return When(EVER, NEVER, "unknown", missing=(asked,))
        return EVER_TRUE if answer else NEVER_TRUE

    def fixed(self, when: Interval) -> When:
        """A time that is given."""
        return When(when.lo, when.hi, "constant")

    # ------------------------------------------------------------ operations

    def least(self, parts: Iterable[When]) -> When:
        """The first of them."""
        kept = tuple(dict.fromkeys(part for part in parts if part.lo < NEVER))
        if len(kept) == 1:
            return kept[0]
        if not kept:
            return NEVER_TRUE
        return When(min(p.lo for p in kept), min(p.hi for p in kept), "least", kept)

    def greatest(self, parts: Iterable[When]) -> When:
        """The last of them."""
        kept = tuple(dict.fromkeys(part for part in parts if part.hi > EVER))
        if len(kept) == 1:
            return kept[0]
        if not kept:
            return EVER_TRUE
        lo, hi = max(p.lo for p in kept), max(p.hi for p in kept)
        return NEVER_TRUE if lo >= NEVER else When(lo, hi, "greatest", kept)

    def but_not(self, a: When, b: When) -> When:
        """`a`, unless `b` held at or before that time."""
        if a.lo >= NEVER or not_after(b, a):
            return NEVER_TRUE
        return When(a.lo, NEVER if may_precede(b, a) else a.hi, "but_not", (a, b))

    def cut(self, x: When, end: When) -> When:
        """`x`, unless `end` came strictly before it."""
        if x.lo >= NEVER or end.hi < x.lo or (end.certain and after(x, end)):
            return NEVER_TRUE
        sure = end.lo >= NEVER or end.lo >= x.hi or not_after(x, end)
        return When(x.lo, x.hi if sure else NEVER, "cut", (x, end))

    def later(
        self, part: When, limit: tuple[TimeLimit, TimeLimit], rounding: Rounding | None = None
    ) -> When:
        """A time limit after `part`, both ends moved by the calendar."""
        lo, hi = limit[0].after(part.lo, rounding), limit[1].after(part.hi, rounding)
        if lo >= NEVER:
            return NEVER_TRUE
        forward = rounding == "next_month" or not limit[0].is_zero
        kept = (part,) if rounding != "month_start" else ()
        return When(lo, hi, "later", kept or (), forward=forward)

    def nth(self, n: int, groups: Sequence[When]) -> When:
        """The nth of them."""
        if n == 1:
            return self.least(groups)
        lows = sorted(g.lo for g in groups if g.lo < NEVER)
        unseen = [g.lo for g in groups if _unseen(g)]
        highs = sorted(g.hi for g in groups)
        lo = min([lows[n - 1] if len(lows) >= n else NEVER, *unseen])
        hi = highs[n - 1] if len(highs) >= n else NEVER
        return NEVER_TRUE if lo >= NEVER else When(lo, hi, "nth", tuple(groups))

    def since(self, trigger: When, x: When, *, strictly: bool = False) -> When:
        """`x`, if it comes at or after `trigger` (or strictly after)."""
        if x.lo >= NEVER or x.hi < trigger.lo or (strictly and not_after(x, trigger)):
            return NEVER_TRUE
        if x.certain and after(trigger, x):
            return NEVER_TRUE
        sure = after(x, trigger) if strictly else not_after(trigger, x)
        if sure:
            return When(max(x.lo, trigger.lo), x.hi, "since", (trigger, x))
        return When(max(x.lo, trigger.lo), NEVER, "since", (trigger, x))

    # ------------------------------------------------------------ law

    def lawful(self, x: When, asked: str, *, answer: bool | None) -> When:
        """`x` where the law applied; only possible where that is not known."""
        if answer is True:
            return x
        if answer is False:
            return NEVER_TRUE
        gate = When(EVER, NEVER, "unknown", missing=(asked,))
        return When(x.lo, NEVER, "greatest", (x, gate))

    def in_span(self, x: When, spans: Iterable[Span]) -> bool | None:
        """Whether a time lies in one of the spans, so far as it lies before the horizon."""
        return covered(spans, self._so_far(x))

    def bound(self, x: When, register: Register, state: str | None) -> bool | None:
        """Whether a state was in the register at that time, so far as before the horizon."""
        return register.bound(state, self._so_far(x))

    def _so_far(self, x: When) -> Interval:
        """What comes after the horizon has no status yet, so its law is not asked."""
        return Interval(x.lo, min(x.hi, self.horizon)) if x.lo <= self.horizon else x.interval


def _unseen(x: When) -> bool:
    """Whether it stands for any number of events that nobody recorded."""
    return x.op == "unseen" or (x.op == "since" and _unseen(x.parts[1]))


def may_precede(b: When, a: When) -> bool:
    """Whether `b` may come at or before `a`."""
    return b.lo < NEVER and not after(b, a)


def not_after(b: When, a: When) -> bool:
    """Whether `b` surely comes, at or before `a` (if `a` comes at all).

    By the ends of the intervals, or seen from the form.
    """
    if b.hi <= a.lo:
        return True
    if not b.certain:
        return False
    return b is a or _form_before(b, a) or _form_after(b, a)


def _form_before(b: When, a: When) -> bool:
    """Seen from what `b` is made of."""
    match b.op:
        case "event":
            return a.op == "event" and _same_or_followed(b.event, a.event)
        case "least":
            return any(not_after(part, a) for part in b.parts)
        case "greatest":
            return all(not_after(part, a) for part in b.parts)
        case "but_not" | "cut":  # certain, so it is its first part
            return not_after(b.parts[0], a)
        case "since":
            return not_after(b.parts[1], a)
    return False


def _form_after(b: When, a: When) -> bool:
    """Seen from what `a` is made of: nothing made from A precedes A."""
    match a.op:
        case "least":
            return all(not_after(b, part) for part in a.parts)
        case "greatest" | "since":
            return any(not_after(b, part) for part in a.parts)
        case "but_not" | "cut":
            return not_after(b, a.parts[0])
        case "later":
            return any(not_after(b, part) for part in a.parts)
    return False


def _same_or_followed(b: Event | None, a: Event | None) -> bool:
    return b is not None and a is not None and (b is a or b.id in a.follows)


def after(b: When, a: When) -> bool:
    """Whether `b`, if it comes, is surely after `a`: by its ends, or as `a` moved on."""
    if b.lo > a.hi:
        return True
    if b.op == "later" and b.forward and b.parts:
        base = b.parts[0]
        return base is a or not_after(a, base)
    if b.op in ("greatest", "since"):
        return any(after(part, a) for part in b.parts)
    if b.op in ("but_not", "cut"):
        return after(b.parts[0], a)
    return b.op == "least" and bool(b.parts) and all(after(part, a) for part in b.parts)
