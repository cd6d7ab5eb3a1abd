"""Moments: when something comes true, and what the clock and defeat make of moments.

A moment has the two ends that the two passes found: `lo` from what is possible, `hi` from what
is certain. It knows what it was made of, because the ends of imprecise times hide orders: two
conditions on one event of an unknown hour came true together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from normrules.core.event import Event
from normrules.core.time import EVER, NEVER, Instant, Interval, Rounding, TimeLimit

How = Literal["given", "event", "unseen", "first", "last", "barred", "moved", "counted", "since"]


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """When something comes true: not before `lo`; surely, and not after `hi`, if `hi` is a time.

    `of` is what it was made of; what gave it its time stands first. `onward` marks a moment
    that the clock moved away from the one it was made of.
    """

    lo: Instant
    hi: Instant
    how: How = "given"
    of: tuple[Moment, ...] = ()
    event: Event | None = None
    onward: bool = False

    @property
    def span(self) -> Interval:
        """The two ends."""
        return Interval(self.lo, self.hi)

    @property
    def surely(self) -> bool:
        """Whether it surely comes."""
        return self.hi < NEVER

    @property
    def perhaps(self) -> bool:
        """Whether it may come at all."""
        return self.lo < NEVER

    def doubtful(self) -> Moment:
        """The same moment, as one that may not come."""
        return replace(self, hi=NEVER)


NEVER_COMES = Moment(NEVER, NEVER)
ALWAYS_WAS = Moment(EVER, EVER)


# ---------------------------------------------------------------- what the clock makes of moments


def first(parts: Iterable[Moment]) -> Moment:
    """The first of some moments."""
    live = tuple(dict.fromkeys(part for part in parts if part.perhaps))
    if len(live) == 1:
        return live[0]
    if not live:
        return NEVER_COMES
    return Moment(min(m.lo for m in live), min(m.hi for m in live), "first", live)


def last(parts: Iterable[Moment]) -> Moment:
    """The last of some moments; what held from before every event delays nothing."""
    live = tuple(dict.fromkeys(part for part in parts if part.hi > EVER))
    if len(live) == 1:
        return live[0]
    if not live:
        return ALWAYS_WAS
    lo, hi = max(m.lo for m in live), max(m.hi for m in live)
    return Moment(lo, hi, "last", live) if lo < NEVER else NEVER_COMES


def fired(how: How, parts: Iterable[Moment], span: Interval) -> Moment:
    """A moment whose ends the engine found; `parts` are what its rule joined or chose from."""
    idle = (lambda part: part.hi <= EVER) if how == "last" else (lambda part: not part.perhaps)
    live = tuple(dict.fromkeys(part for part in parts if not idle(part)))
    if len(live) == 1 and live[0].span == span:
        return live[0]
    if span.lo >= NEVER:
        return NEVER_COMES
    return Moment(*span, how, live)


def barred(moment: Moment, bar: Moment) -> Moment:
    """The moment, unless the bar held at or before it."""
    if not moment.perhaps or by_then(bar, moment):
        return NEVER_COMES
    hi = NEVER if perhaps_by_then(bar, moment) else moment.hi
    return Moment(moment.lo, hi, "barred", (moment, bar))


def cut(moment: Moment, end: Moment) -> Moment:
    """The moment, unless the end came strictly before it."""
    ended = end.hi < moment.lo or (end.surely and strictly_after(moment, end))
    if not moment.perhaps or ended:
        return NEVER_COMES
    in_time = not end.perhaps or moment.hi <= end.lo or by_then(moment, end)
    return Moment(moment.lo, moment.hi if in_time else NEVER, "barred", (moment, end))


def since(moment: Moment, start: Moment, *, strictly: bool = False) -> Moment:
    """The moment, if it comes at or after the start, or strictly after it."""
    if not moment.perhaps or moment.hi < start.lo:
        return NEVER_COMES
    if (strictly and by_then(moment, start)) or (moment.surely and strictly_after(start, moment)):
        return NEVER_COMES
    counts = strictly_after(moment, start) if strictly else by_then(start, moment)
    hi = moment.hi if counts else NEVER
    return Moment(max(moment.lo, start.lo), hi, "since", (moment, start))


def moved(
    moment: Moment, limit: tuple[TimeLimit, TimeLimit], rounding: Rounding | None = None
) -> Moment:
    """The moment, moved by a time limit of two ends and rounded by the calendar."""
    lo, hi = limit[0].after(moment.lo, rounding), limit[1].after(moment.hi, rounding)
    if lo >= NEVER:
        return NEVER_COMES
    if rounding == "month_start":  # the first of that month may lie before the moment itself
        return Moment(lo, hi, "moved")
    onward = rounding == "next_month" or not limit[0].is_zero
    return Moment(lo, hi, "moved", (moment,), onward=onward)


def nth(number: int, moments: Sequence[Moment]) -> Moment:
    """The nth of some moments; of unseen events there may be any number."""
    if number == 1:
        return first(moments)
    possible = sorted(m.lo for m in moments if m.perhaps)
    certain = sorted(m.hi for m in moments if m.surely)
    los = [*possible[number - 1 : number], *(m.lo for m in moments if _unseen(m))]
    if not los:
        return NEVER_COMES
    return Moment(min(los), (certain[number - 1 : number] or [NEVER])[0], "counted")


def _unseen(moment: Moment) -> bool:
    if moment.how == "since":
        return moment.perhaps and _unseen(moment.of[0])
    return moment.how == "unseen"


# ---------------------------------------------------------------- which came first


def perhaps_by_then(early: Moment, late: Moment) -> bool:
    """Whether one moment may come at or before another."""
    return early.perhaps and not strictly_after(early, late)


def by_then(early: Moment, late: Moment) -> bool:
    """Whether one moment surely comes, and not after the other (should that come at all).

    Told by the ends, or else by what the moments were made of: what is made of a moment
    never precedes it.
    """
    if early.hi <= late.lo:
        return True
    if not early.surely:
        return False
    return early is late or any(_orders(early, late))


def _orders(early: Moment, late: Moment) -> Iterator[bool]:
    match early.how:
        case "event":
            yield late.how == "event" and _together_or_followed(early, late)
        case "first":
            yield any(by_then(part, late) for part in early.of)
        case "last":
            yield all(by_then(part, late) for part in early.of)
        case "barred" | "since":  # it surely comes, so it is what it was made of
            yield by_then(early.of[0], late)
    match late.how:
        case "first":
            yield all(by_then(early, part) for part in late.of)
        case "last" | "since" | "moved":
            yield any(by_then(early, part) for part in late.of)
        case "barred":
            yield by_then(early, late.of[0])


def _together_or_followed(early: Moment, late: Moment) -> bool:
    if early.event is None or late.event is None:
        return False
    return early.event is late.event or early.event.id in late.event.follows


def strictly_after(late: Moment, early: Moment) -> bool:
    """Whether one moment, if it comes, is surely after the other: by its ends, or moved on."""
    if late.lo > early.hi:
        return True
    match late.how:
        case "moved" if late.onward:
            return any(part is early or by_then(early, part) for part in late.of)
        case "last" | "since":
            return any(strictly_after(part, early) for part in late.of)
        case "barred":
            return strictly_after(late.of[0], early)
        case "first":
            return all(strictly_after(part, early) for part in late.of)
    return False
