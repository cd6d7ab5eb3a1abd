"""Whether one rulebook is sound: rules that never come alive, exceptions that never matter,
rules that say the same or contradict each other, situations that no rule answers.

Each finding has a witness, or holds for all situations that the rules tell apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from normrules.analysis.regimes import Regime, newest_law
from normrules.analysis.scale import prepared
from normrules.analysis.situations import Space
from normrules.analysis.witness import Witness, find_witness
from normrules.core.program import Clause, Program
from normrules.core.time import Interval

#: What may be meant: a book need not answer every situation.
REMARKS = ("gap",)


@dataclass(frozen=True, slots=True)
class Unsound:
    """One thing that is unsound: what kind, which rules, in words, and a case that shows it.

    Without a witness it holds in every situation (a proof by exhaustion).
    """

    code: str
    rules: tuple[str, ...]
    says: str
    witness: Witness | None = None


def soundness(program: Program, law: Interval | None = None) -> list[Unsound]:
    """All that is unsound in a rulebook under the law of a day."""
    space, regimes, day = prepared([program], law or newest_law([program]))
    regime = regimes[0]
    found = [*_dead(space, regime), *_idle_exceptions(space, regime)]
    found += _pairs(space, regime, day)
    return found + list(_gaps(space, regime, day))


def _dead(space: Space, regime: Regime) -> Iterator[Unsound]:
    d = space.diagrams
    for clause in regime.clauses.values():
        if d.both(space.trigger(regime, clause), space.valid) == d.false:
            says = f"`{clause.id}` never comes alive in any situation"
            yield Unsound("dead-rule", (clause.id,), says)


def _idle_exceptions(space: Space, regime: Regime) -> Iterator[Unsound]:
    d = space.diagrams
    for clause in regime.clauses.values():
        when = d.both(space.truth(regime, clause.when), space.valid)
        if clause.unless is not None:
            bar = space.truth(regime, clause.unless)
            if d.both(when, bar) == d.false:
                says = f"the `unless` of `{clause.id}` never holds where the rule does"
                yield Unsound("idle-exception", (clause.id,), says)
        for rule in clause.overridden_by:
            other = regime.clauses.get(rule)
            if other is not None and d.both(when, space.trigger(regime, other)) == d.false:
                says = f"`{rule}` overrides `{clause.id}`, and both are never alive together"
                yield Unsound("idle-override", (rule, clause.id), says)


def _pairs(space: Space, regime: Regime, day: Interval) -> Iterator[Unsound]:
    d = space.diagrams
    for a, b in combinations(regime.clauses.values(), 2):
        first, second = space.trigger(regime, a), space.trigger(regime, b)
        if _same_demand(a, b) and d.both(first, space.valid) == d.both(second, space.valid):
            says = f"`{a.id}` and `{b.id}` demand the same in the same situations"
            yield Unsound("duplicate-rule", (a.id, b.id), says)
        elif _contradict(a, b):
            both = d.both(d.both(first, second), space.valid)
            witness = find_witness(space, [regime], both, day) if both != d.false else None
            if witness is not None:
                says = f"`{a.id}` and `{b.id}` demand and forbid one act of one bearer"
                yield Unsound("conflict", (a.id, b.id), says, witness)


def _same_demand(a: Clause, b: Clause) -> bool:
    return _demand(a) == _demand(b)


def _demand(clause: Clause) -> tuple[object, ...]:
    manner = frozenset((test.attribute, test.accepts) for test in clause.manner)
    what = (clause.modality, clause.actions, clause.bearer, clause.effect, manner)
    when = (clause.upon, clause.until, clause.deadline, clause.every)
    return (*what, *when, clause.source.instrument)


def _contradict(a: Clause, b: Clause) -> bool:
    demanding = {"must", "should"}
    if not (set(a.actions) & set(b.actions)) or a.bearer is None or b.bearer is None:
        return False
    one_way = a.modality in demanding and b.forbids
    other_way = b.modality in demanding and a.forbids
    return (one_way or other_way) and bool(a.bearer.bodies & b.bearer.bodies)


def _gaps(space: Space, regime: Regime, day: Interval) -> Iterator[Unsound]:
    """A situation of each opening event that the book's rules speak of, and none answers."""
    d = space.diagrams
    answered = space.any(space.trigger(regime, c) for c in regime.clauses.values())
    for number, name in enumerate(space.variables[0].samples):
        here = d.both(d.literal(0, [number]), space.valid)
        if d.both(here, answered) == d.false:
            continue
        witness = find_witness(space, [regime], d.but_not(here, answered), day)
        if witness is not None:
            yield Unsound("gap", (), f"no rule answers this {name.replace('_', ' ')}", witness)
