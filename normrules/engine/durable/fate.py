"""What becomes of a rule that came alive: end, deadline, performance, breach.

Section 5 of the language, worked out on the moments that the rules fired at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from normrules.core.condition import Deadline, OneOf
from normrules.core.event import Event
from normrules.core.program import Clause
from normrules.core.time import Instant, TimeLimit
from normrules.engine.durable.chain import Act, Chain, only_value
from normrules.engine.durable.demands import deadline_setting, joint_acts, own_act
from normrules.engine.durable.knowledge import Ask, fit
from normrules.engine.durable.moments import (
    NEVER_COMES,
    Moment,
    barred,
    cut,
    first,
    last,
    moved,
    since,
)
from normrules.engine.durable.network import OutsideSubset
from normrules.engine.durable.nodes import Fate

#: A duty that comes back is followed over at most this many periods.
MAX_PERIODS = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """The times of a position, and the acts that performed it or may have."""

    ends: Moment
    due: Moment
    done: Moment
    breach: Moment
    acts: tuple[Act, ...]


def course(chain: Chain, fate: Fate, state: str | None = None) -> Course:
    """What became of a rule; with `state`, for one state of a register that bears it.

    Raises OutsideSubset for a duty that comes back too often to follow.
    """
    clause, trigger = fate.clause, chain.moment(fate.trigger)
    due = _due(chain, fate, trigger)
    ends = _ends(chain, fate, due)
    acts = tuple(_acts(chain, clause, state))
    done = _done(chain, clause, trigger, acts)
    so_far = Course(ends, due, done, NEVER_COMES, acts)
    return replace(so_far, breach=_breach(chain, fate, state, so_far))


def finished(course: Course) -> Moment:
    """When a duty was done: what is done after its end does not count."""
    return cut(course.done, course.ends)


# ---------------------------------------------------------------- end and deadline


def _ends(chain: Chain, fate: Fate, due: Moment) -> Moment:
    """`until`, or leaving the register, or (of a prohibition) its deadline."""
    left = chain.law.leaving(fate.clause, chain.alive[fate.clause.id].both)
    deadline = due if fate.clause.forbids else NEVER_COMES
    return first([left, chain.moment(fate.until), deadline])


def _due(chain: Chain, fate: Fate, trigger: Moment) -> Moment:
    """The earliest of the deadlines given, never before the trigger."""
    deadline = fate.clause.deadline
    if deadline is None:
        return NEVER_COMES
    return last([trigger, first(_deadlines(chain, fate, deadline, trigger))])


def _deadlines(chain: Chain, fate: Fate, deadline: Deadline, trigger: Moment) -> Iterator[Moment]:
    if deadline.within is not None:
        ceiling = moved(chain.moment(fate.counted_from, trigger), deadline.within)
        setting = deadline_setting(deadline)
        set_limits = [] if setting is None else chain.seen(setting)
        yield _as_set(set_limits, trigger, ceiling) if set_limits else ceiling
    if deadline.no_later_than is not None:
        yield Moment(deadline.no_later_than.hi, deadline.no_later_than.hi)
    if deadline.before is not None:
        yield chain.moment(fate.before)


def _as_set(settings: Sequence[Moment], trigger: Moment, ceiling: Moment) -> Moment:
    """The limit that a body set last, if it is known which and what, never beyond the ceiling."""
    *earlier, latest = sorted(settings, key=lambda moment: moment.lo)
    limits = [_limit_set(moment.event) for moment in settings]
    limit = _limit_set(latest.event)
    clear = latest.surely and all(other.hi < latest.lo for other in earlier)
    if clear and limit is not None:
        return first([Moment(limit, limit), ceiling])
    earliest = min(trigger.lo if limit is None else limit for limit in limits)
    return Moment(min(earliest, ceiling.lo), ceiling.hi)


def _limit_set(event: Event | None) -> Instant | None:
    until = None if event is None else only_value(event, "until")
    return until if isinstance(until, int) else None


# ---------------------------------------------------------------- performance


def _acts(chain: Chain, clause: Clause, state: str | None) -> list[Act]:
    if state is None:
        return chain.acts(clause, own_act(clause))
    return [Act(*kept) for kept in _of_state(chain.acts(clause, clause.act), state)]


def _of_state(acts: Sequence[Act], state: str) -> Iterator[tuple[Moment, Event | None]]:
    """The acts of one state; an act by nobody known may be its."""
    asked = Ask("by", OneOf(frozenset({state})))
    for act in acts:
        answer = None if act.event is None else fit(act.event, asked)
        if answer is None or answer.surely:
            yield act.moment, act.event
        elif answer.perhaps:
            yield act.moment.doubtful(), act.event


def _done(chain: Chain, clause: Clause, trigger: Moment, acts: Sequence[Act]) -> Moment:
    """The first act, or of joint bearers the last of their first acts."""
    if clause.effect is not None:
        return NEVER_COMES
    if clause.bearer is not None and clause.bearer.kind == "jointly":
        patterns = joint_acts(clause, chain.law.program)
        shares = (chain.acts(clause, pattern) for pattern in patterns)
        return last(_performed(clause, trigger, share) for share in shares)
    return _performed(clause, trigger, acts)


def _performed(clause: Clause, trigger: Moment, acts: Sequence[Act]) -> Moment:
    """An act before the trigger counts as done at the trigger, unless it must be done anew."""
    if clause.anew or clause.forbids:
        return first(since(act.moment, trigger) for act in acts)
    return last([trigger, first(act.moment for act in acts)])


# ---------------------------------------------------------------- breach


def _breach(chain: Chain, fate: Fate, state: str | None, so_far: Course) -> Moment:
    clause, trigger = fate.clause, chain.moment(fate.trigger)
    if clause.permits or clause.effect is not None:
        return NEVER_COMES
    if clause.forbids:
        return cut(so_far.done, so_far.ends)
    if clause.continuing:
        return cut(_broken_off(chain, clause, state, trigger), so_far.ends)
    if clause.every is not None:
        return first(_missed(chain, clause, trigger, so_far))
    return cut(barred(so_far.due, so_far.done), so_far.ends)


def _broken_off(chain: Chain, clause: Clause, state: str | None, trigger: Moment) -> Moment:
    """The first event from the trigger on that breaks a continuing duty."""
    if clause.breaks is None:
        return NEVER_COMES
    acts = [Act(moment, moment.event) for moment in chain.seen(clause.breaks)]
    kept = [(act.moment, act.event) for act in acts] if state is None else _of_state(acts, state)
    return first(since(moment, trigger) for moment, _ in kept)


def _missed(chain: Chain, clause: Clause, trigger: Moment, so_far: Course) -> Iterator[Moment]:
    """The periods without an act, up to the horizon; one that the end cuts short lapses."""
    assert clause.every is not None
    previous = trigger
    for number in range(1, MAX_PERIODS + 1):
        due = moved(trigger, (_times(clause.every[0], number), _times(clause.every[1], number)))
        if due.lo > chain.horizon:
            return
        if number == 1:
            done = _performed(clause, trigger, so_far.acts)
        else:
            later = (since(act.moment, previous, strictly=True) for act in so_far.acts)
            done = first(later)
        missed = cut(barred(due, done), so_far.ends)
        yield missed
        if missed.surely:
            return
        previous = due
    raise OutsideSubset(f"it comes back more than {MAX_PERIODS} times in this case")


def _times(limit: TimeLimit, number: int) -> TimeLimit:
    return TimeLimit(limit.months * number, limit.days * number, limit.seconds * number)
