"""The patterns of acts that decide what becomes of a rule."""

from __future__ import annotations

from collections.abc import Iterator

from normrules.core.condition import Deadline, EventPattern, OneOf, Test
from normrules.core.program import Clause, Program


def by_bodies(pattern: EventPattern, bodies: frozenset[str]) -> EventPattern:
    """The events of a pattern that are acts of these bodies."""
    by = Test("by", OneOf(bodies), "")
    return EventPattern(pattern.types, (by, *pattern.tests), pattern.instrument)


def own_act(clause: Clause) -> EventPattern:
    """The acts of the bearer, or of any of joint bearers, or of the parties together."""
    bearer = clause.bearer
    if bearer is None or bearer.kind == "any":
        return clause.act
    bodies = bearer.bodies if bearer.kind == "jointly" else frozenset(bearer.names)
    return by_bodies(clause.act, bodies)


def joint_acts(clause: Clause, program: Program) -> tuple[EventPattern, ...]:
    """Of joint bearers, the acts of each."""
    if clause.bearer is None or clause.bearer.kind != "jointly":
        return ()
    members = (program.vocabulary.members(name) for name in clause.bearer.names)
    return tuple(by_bodies(clause.act, bodies) for bodies in members)


def deadline_setting(deadline: Deadline | None) -> EventPattern | None:
    """The events by which a body sets a deadline."""
    if deadline is None or deadline.set_by is None:
        return None
    return by_bodies(EventPattern(("set_deadline",)), deadline.set_by)


def demanded(clause: Clause, program: Program) -> Iterator[EventPattern]:
    """Every pattern that decides what becomes of a rule."""
    yield from (clause.act, own_act(clause), *joint_acts(clause, program))
    if clause.breaks is not None:
        yield clause.breaks
    setting = deadline_setting(clause.deadline)
    if setting is not None:
        yield setting


def presupposed(clause: Clause, by: frozenset[str]) -> bool:
    """Whether a finding is the bearer's own to make, so that its act makes it."""
    own = clause.bearer is not None and not by.isdisjoint(clause.bearer.bodies)
    return own and clause.implied and not clause.forbids
