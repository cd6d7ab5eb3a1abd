"""The rows of the table of section 5 that the times leave open, one line of it per row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from normrules.core.evaluation import Status
from normrules.core.program import Clause
from normrules.core.time import Instant
from normrules.engine.durable.chain import Alive
from normrules.engine.durable.fate import Course
from normrules.engine.durable.moments import perhaps_by_then

Row = tuple[Status, bool]


def open_rows(clause: Clause, alive: Alive, course: Course, horizon: Instant) -> tuple[Status, ...]:
    """The statuses that a position may have; exactly one is settled."""
    if alive.merits.lo > horizon:
        return ("not_triggered",)
    asked = _Asked.of(alive, horizon)
    for status, answers in (("not_in_force", asked.in_force), ("not_bound", asked.bound)):
        if all(answer is False for answer in answers):
            return (status,)  # type: ignore[return-value]
    rows = [*_dormant(alive, asked, horizon)]
    if alive.comes.lo <= horizon and alive.both.lo <= horizon:
        rows += _kind(clause)(clause, _Ends.of(course, horizon))
    return tuple(status for status, is_open in rows if is_open)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whether the law applied, at each time at which that may count."""

    in_force: tuple[bool | None, ...]
    bound: tuple[bool | None, ...]

    @classmethod
    def of(cls, alive: Alive, horizon: Instant) -> _Asked:
        """On the merits while a finding may be awaited; with the finding once it may be made."""
        counts = (alive.upon.lo <= horizon, alive.upon.hi > horizon)
        chosen = [
            tuple(answer for answer, counted in zip(answers, counts, strict=True) if counted)
            for answers in (alive.in_force, alive.bound)
        ]
        return cls(*chosen)


def _dormant(alive: Alive, asked: _Asked, H: Instant) -> Iterator[Row]:  # noqa: N803
    g, w, u = alive.comes, alive.merits, alive.upon
    beaten = any(perhaps_by_then(moment, alive.both) for _, moment in alive.defeaters)
    yield "not_triggered", g.hi > H and w.hi > H
    yield "awaiting", g.hi > H and w.lo <= H and u.hi > H
    yield "defeated", g.hi > H and w.lo <= H and u.lo <= H and beaten
    yield "not_in_force", any(answer is not True for answer in asked.in_force)
    yield "not_bound", any(answer is not True for answer in asked.bound)


@dataclass(frozen=True, slots=True)
class _Ends:
    """The ends of a position's times, named as in the table: d due, e end, f done, b breach."""

    H: Instant
    d0: Instant
    d1: Instant
    e0: Instant
    e1: Instant
    f0: Instant
    f1: Instant
    b0: Instant
    b1: Instant

    @classmethod
    def of(cls, course: Course, horizon: Instant) -> _Ends:
        """The ends of a course."""
        times = (course.due, course.ends, course.done, course.breach)
        return cls(horizon, *(end for moment in times for end in moment.span))


def _kind(clause: Clause) -> Callable[[Clause, _Ends], Iterator[Row]]:
    if clause.effect is not None:
        return _effect
    if clause.permits:
        return _choice
    return _lasting if clause.forbids or clause.continuing or clause.every else _duty


def _duty(clause: Clause, x: _Ends) -> Iterator[Row]:
    broken = x.b1 <= x.H
    undone = "outstanding" if clause.deadline is None else "pending"
    unmet = x.f1 > x.d0 and x.f1 > min(x.H, max(x.d0, x.e0))
    yield "fulfilled", x.f0 <= min(x.d1, x.e1, x.H) and not broken
    yield "lapsed", x.e0 <= x.H and x.e0 < x.d1 and x.f1 > x.e0 and not broken
    yield undone, x.d1 > x.H and x.e1 > x.H and x.f1 > x.H and not broken  # type: ignore[misc]
    yield "breached", x.b0 <= x.H and x.d0 <= x.H and x.e1 >= x.d0 and unmet
    late = x.d0 < min(x.f1, x.e1, x.H) and x.f0 <= min(x.e1, x.H)
    yield "fulfilled_late", x.b0 <= x.H and late


def _lasting(clause: Clause, x: _Ends) -> Iterator[Row]:
    yield "breached", x.b0 <= x.H
    yield "ended", x.b1 > x.H and x.e0 <= x.H
    yield "observed" if clause.forbids else "standing", x.b1 > x.H and x.e1 > x.H


def _choice(_: Clause, x: _Ends) -> Iterator[Row]:
    yield "exercised", x.f0 <= min(x.e1, x.H)
    yield "expired", x.e0 <= x.H and x.f1 > x.e0
    yield "open", x.e1 > x.H and x.f1 > x.H


def _effect(_: Clause, x: _Ends) -> Iterator[Row]:
    yield "in_effect", x.e1 > x.H
    yield "ended", x.e0 <= x.H
