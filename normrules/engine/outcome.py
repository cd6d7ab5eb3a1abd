"""What becomes of a position: end, due, done, breach, status. Section 5 of the language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from normrules.core.case import Case
from normrules.core.condition import Deadline, EventPattern, OneOf, Test
from normrules.core.evaluation import Status
from normrules.core.event import Event
from normrules.core.problem import NormrulesError
from normrules.core.program import Clause, Program
from normrules.core.time import Instant, Interval, TimeLimit
from normrules.engine.carriers.interval import NEVER_TRUE, When
from normrules.engine.caselaw import NO_ASSUMPTIONS, Assumptions
from normrules.engine.meaning import Act, Lawful, Meaning, Trigger

#: A duty that comes back is judged over at most this many periods.
MAX_PERIODS = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The four times of a position, and the acts that performed it or may have."""

    ends: When
    due: When
    done: When
    breach: When
    acts: tuple[Act, ...]


def mean(
    program: Program,
    case: Case,
    horizon: Instant | None = None,
    assumptions: Assumptions = NO_ASSUMPTIONS,
) -> Meaning:
    """The meaning of a program in a case, with what becomes of its positions."""
    return Meaning(program, case, horizon, assumptions, rule_state=_rule_state)


def _rule_state(meaning: Meaning, state: str, rule: str) -> When:
    clause = meaning.program.clauses.get(rule)
    if clause is None:  # not in this edition
        return NEVER_TRUE
    outcome = outcome_of(meaning, clause)
    if state == "breached":
        return outcome.breach
    return meaning.carrier.cut(outcome.done, outcome.ends)


def outcome_of(meaning: Meaning, clause: Clause, bodies: frozenset[str] | None = None) -> Outcome:
    """The outcome of a clause, for the bearers named (of a clause that leaves them open)."""
    trigger = meaning.trigger(clause.id).comes
    due = _due(meaning, clause, trigger)
    ends = _end(meaning, clause, trigger, due)
    acts = tuple(_acts(meaning, clause, bodies))
    done = _done(meaning, clause, trigger, acts)
    breach = _breach(meaning, clause, bodies, Outcome(ends, due, done, NEVER_TRUE, acts))
    return Outcome(ends, due, done, breach, acts)


def _acts(meaning: Meaning, clause: Clause, bodies: frozenset[str] | None) -> list[Act]:
    bearer = clause.bearer
    if bodies is None and bearer is not None and bearer.kind == "each":
        bodies = frozenset(bearer.names)
    return meaning.acts(clause, bodies)


def _end(meaning: Meaning, clause: Clause, trigger: When, due: When) -> When:
    parts = [
        meaning.law.leaving(
            meaning.program.laws[clause.source.instrument],
            meaning.trigger(clause.id).both.interval,
        )
    ]
    if clause.until is not None:
        parts.append(meaning.value(clause.until, trigger))
    if clause.forbids:
        parts.append(due)
    return meaning.carrier.least(parts)


def _due(meaning: Meaning, clause: Clause, trigger: When) -> When:
    """The earliest of the deadlines given, never before the trigger."""
    deadline = clause.deadline
    if deadline is None:
        return NEVER_TRUE
    carrier = meaning.carrier
    parts = []
    if deadline.within is not None:
        start = trigger
        if deadline.counted_from is not None:
            start = meaning.value(deadline.counted_from)
        limit = carrier.later(start, deadline.within)
        parts.append(_as_set(meaning, deadline, trigger, limit) if deadline.set_by else limit)
    if deadline.no_later_than is not None:
        last = deadline.no_later_than.hi
        parts.append(carrier.fixed(Interval(last, last)))
    if deadline.before is not None:
        parts.append(meaning.value(deadline.before))
    return carrier.greatest([trigger, carrier.least(parts)])


def _as_set(meaning: Meaning, deadline: Deadline, trigger: When, ceiling: When) -> When:
    """The limit that a body set last, never beyond the ceiling; the ceiling if it set none."""
    assert deadline.set_by is not None
    by = Test("by", OneOf(deadline.set_by), "")
    settings = meaning.carrier.occurrences(EventPattern(("set_deadline",), (by,)))
    if not settings:
        return ceiling
    settings.sort(key=lambda x: x.lo)
    last, earlier = settings[-1], settings[:-1]
    limit = _set_until(last.event)
    clear = last.certain and all(other.hi < last.lo for other in earlier)
    if limit is not None and clear:
        return meaning.carrier.least([meaning.carrier.fixed(Interval(limit, limit)), ceiling])
    limits = [_set_until(x.event) for x in settings]
    least = min((trigger.lo if limit is None else limit for limit in limits), default=trigger.lo)
    missing = tuple(dict.fromkeys(m for x in settings for m in x.missing)) or ("set_deadline",)
    return When(min(least, ceiling.lo), ceiling.hi, "unknown", missing=missing)


def _set_until(event: Event | None) -> Instant | None:
    known = event.known.get("until") if event is not None else None
    if isinstance(known, frozenset) and len(known) == 1:
        return int(next(iter(known)))
    return None


def _done(meaning: Meaning, clause: Clause, trigger: When, acts: tuple[Act, ...]) -> When:
    """The first act; one before the trigger counts as done at the trigger, unless anew."""
    carrier = meaning.carrier
    if clause.effect is not None:
        return NEVER_TRUE
    if clause.bearer is not None and clause.bearer.kind == "jointly":
        return carrier.greatest(
            _performed(meaning, clause, trigger, meaning.acts(clause, members))
            for members in _jointly(meaning, clause)
        )
    return _performed(meaning, clause, trigger, list(acts))


def _jointly(meaning: Meaning, clause: Clause) -> Iterator[frozenset[str]]:
    assert clause.bearer is not None
    for name in clause.bearer.names:
        yield meaning.program.vocabulary.members(name)


def _performed(meaning: Meaning, clause: Clause, trigger: When, acts: list[Act]) -> When:
    carrier = meaning.carrier
    if clause.anew or clause.forbids:
        return carrier.least(carrier.since(trigger, act.when) for act in acts)
    return carrier.greatest([trigger, carrier.least(act.when for act in acts)])


def _breach(
    meaning: Meaning, clause: Clause, bodies: frozenset[str] | None, outcome: Outcome
) -> When:
    carrier, trigger = meaning.carrier, meaning.trigger(clause.id).comes
    if clause.permits or clause.effect is not None:
        return NEVER_TRUE
    if clause.forbids:
        return carrier.cut(outcome.done, outcome.ends)
    if clause.continuing:
        return carrier.cut(_broken(meaning, clause, bodies, trigger), outcome.ends)
    if clause.every is not None:
        return _missed_period(meaning, clause, trigger, outcome)
    return carrier.cut(carrier.but_not(outcome.due, outcome.done), outcome.ends)


def _broken(meaning: Meaning, clause: Clause, bodies: frozenset[str] | None, trigger: When) -> When:
    if clause.breaks is None:
        return NEVER_TRUE
    tests = (Test("by", OneOf(bodies), ""),) if bodies is not None else ()
    pattern = EventPattern(clause.breaks.types, (*clause.breaks.tests, *tests))
    carrier = meaning.carrier
    return carrier.least(carrier.since(trigger, x) for x in carrier.occurrences(pattern))


def _missed_period(meaning: Meaning, clause: Clause, trigger: When, outcome: Outcome) -> When:
    """The first period without an act; a period that the end cuts short lapses."""
    assert clause.every is not None
    carrier, missed = meaning.carrier, []
    previous = trigger
    for number in range(1, MAX_PERIODS + 1):
        due = carrier.later(trigger, _times(clause.every, number))
        if due.lo > meaning.horizon:
            break
        done = _in_period(meaning, clause, previous, outcome.acts, first=number == 1)
        miss = carrier.cut(carrier.but_not(due, done), outcome.ends)
        missed.append(miss)
        if miss.certain:
            break
        previous = due
    else:
        raise NormrulesError(f"`{clause.id}` comes back more than {MAX_PERIODS} times in this case")
    return carrier.least(missed)


def _in_period(
    meaning: Meaning, clause: Clause, start: When, acts: tuple[Act, ...], *, first: bool
) -> When:
    carrier = meaning.carrier
    if first:
        return _performed(meaning, clause, start, list(acts))
    return carrier.least(carrier.since(start, act.when, strictly=True) for act in acts)


def _times(limit: tuple[TimeLimit, TimeLimit], number: int) -> tuple[TimeLimit, TimeLimit]:
    lo, hi = (TimeLimit(x.months * number, x.days * number, x.seconds * number) for x in limit)
    return lo, hi


# ---------------------------------------------------------------- status


def statuses(
    clause: Clause, trigger: Trigger, outcome: Outcome, horizon: Instant
) -> tuple[Status, ...]:
    """The rows of the table of section 5 that the intervals leave open."""
    w, both = trigger.merits, trigger.both
    if w.lo > horizon:
        return ("not_triggered",)
    unlawful = _surely_unlawful(trigger, horizon)
    if unlawful is not None:
        return (unlawful,)
    rows = list(_not_alive(trigger, horizon))
    if trigger.comes.lo <= horizon and both.lo <= horizon:
        rows += _alive(clause, outcome, horizon)
    return tuple(rows)


def _surely_unlawful(trigger: Trigger, horizon: Instant) -> Status | None:
    if all(answer is False for answer in _asked(trigger.in_force, trigger, horizon)):
        return "not_in_force"
    if all(answer is False for answer in _asked(trigger.bound, trigger, horizon)):
        return "not_bound"
    return None


def _asked(lawful: Lawful, trigger: Trigger, horizon: Instant) -> list[bool | None]:
    """The answers at the times that may count: the merits alone while findings are awaited."""
    answers = []
    if trigger.upon.hi > horizon:
        answers.append(lawful.on_merits)
    if trigger.upon.lo <= horizon:
        answers.append(lawful.at_trigger)
    return answers


def _not_alive(trigger: Trigger, horizon: Instant) -> Iterator[Status]:
    g, w, u = trigger.comes, trigger.merits, trigger.upon
    if g.hi > horizon and w.hi > horizon:
        yield "not_triggered"
    if g.hi > horizon and u.hi > horizon:
        yield "awaiting"
    if g.hi > horizon and u.lo <= horizon and trigger.may_be_defeated:
        yield "defeated"
    if any(answer is not True for answer in _asked(trigger.in_force, trigger, horizon)):
        yield "not_in_force"
    if any(answer is not True for answer in _asked(trigger.bound, trigger, horizon)):
        yield "not_bound"


def _alive(clause: Clause, outcome: Outcome, horizon: Instant) -> Iterator[Status]:
    if clause.effect is not None:
        yield from _effect(outcome, horizon)
    elif clause.permits:
        yield from _choice(outcome, horizon)
    elif clause.forbids or clause.continuing or clause.every is not None:
        yield from _lasting(clause, outcome, horizon)
    else:
        yield from _duty(clause, outcome, horizon)


def _effect(outcome: Outcome, horizon: Instant) -> Iterator[Status]:
    if outcome.ends.hi > horizon:
        yield "in_effect"
    if outcome.ends.lo <= horizon:
        yield "ended"


def _choice(outcome: Outcome, horizon: Instant) -> Iterator[Status]:
    e, f = outcome.ends, outcome.done
    if f.lo <= min(e.hi, horizon):
        yield "exercised"
    if e.lo <= horizon and f.hi > e.lo:
        yield "expired"
    if e.hi > horizon and f.hi > horizon:
        yield "open"


def _lasting(clause: Clause, outcome: Outcome, horizon: Instant) -> Iterator[Status]:
    e, b = outcome.ends, outcome.breach
    if b.lo <= horizon:
        yield "breached"
    if b.hi > horizon and e.lo <= horizon:
        yield "ended"
    if b.hi > horizon and e.hi > horizon:
        yield "observed" if clause.forbids else "standing"


def _duty(clause: Clause, outcome: Outcome, horizon: Instant) -> Iterator[Status]:
    e, d, f, b = outcome.ends, outcome.due, outcome.done, outcome.breach
    breached = b.hi <= horizon
    if f.lo <= min(d.hi, e.hi, horizon) and not breached:
        yield "fulfilled"
    if e.lo <= horizon and e.lo < d.hi and f.hi > e.lo and not breached:
        yield "lapsed"
    if min(d.hi, e.hi, f.hi) > horizon and not breached:
        yield "outstanding" if clause.deadline is None else "pending"
    if b.lo > horizon:
        return
    unmet = min(horizon, max(d.lo, e.lo))
    if d.lo <= horizon and e.hi >= d.lo and f.hi > d.lo and f.hi > unmet:
        yield "breached"
    if d.lo < min(f.hi, e.hi, horizon) and f.lo <= min(e.hi, horizon):
        yield "fulfilled_late"
