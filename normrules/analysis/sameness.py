"""Whether two texts of one rulebook mean the same, as far as that can be proved."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from normrules.analysis.regimes import Regime
from normrules.analysis.situations import Space
from normrules.core.condition import Always
from normrules.core.program import Clause, FactClause, Program

Proof = Literal["as written", "in every situation"]


def same_meaning(old: Program, new: Program) -> Proof | None:
    """How it is proved that two texts mean the same; None if it is not.

    Either they compile to the same, or they differ only in the conditions of rules and
    definitions, and these hold in the same situations: whatever has happened in whatever order,
    with every set of instruments that were in force together. Since a situation may end
    anywhere, they also begin to hold at the same time. Rules that count events anew, or events
    beyond the second, are not proved.
    """
    if _compiled(old) == _compiled(new):
        return "as written"
    if _compiled(old, bare=True) != _compiled(new, bare=True):
        return None
    if any(clause.anew for clause in old.clauses.values()):
        return None
    return "in every situation" if all(map(_alike, *_regimes(old, new))) else None


def _compiled(program: Program, *, bare: bool = False) -> list[str]:
    """What a program was compiled to; `bare`: without the conditions of triggers."""
    clauses = [_bare(c) if bare else c for c in program.clauses.values()]
    facts = [
        (fact, part.id, None if bare else part)
        for fact, parts in program.facts.items()
        for part in parts
    ]
    return [*map(repr, clauses), *map(repr, facts), repr(dict(program.laws))]


def _bare(clause: Clause) -> Clause:
    return replace(clause, when=Always(), unless=None, upon=None, overridden_by=(), overrides=())


def _regimes(old: Program, new: Program) -> tuple[list[Regime], list[Regime]]:
    """Both texts with every set of instruments that were in force together."""
    edges = sorted({law.force.start.lo for law in old.laws.values()})
    edges += [law.force.end.lo for law in old.laws.values()]
    sets = {_in_force(old, edge) for edge in edges} | {frozenset(old.laws)}
    ordered = sorted(sets, key=sorted)
    return [_held(old, some, "old") for some in ordered], [
        _held(new, some, "new") for some in ordered
    ]


def _in_force(program: Program, edge: int) -> frozenset[str]:
    return frozenset(
        name
        for name, law in program.laws.items()
        if law.force.start.lo <= edge and (law.end_unknown or edge < law.force.end.hi)
    )


def _held(program: Program, live: frozenset[str], name: str) -> Regime:
    clauses = {i: c for i, c in program.clauses.items() if c.source.instrument in live}
    facts: dict[str, tuple[FactClause | Clause, ...]] = {
        fact: tuple(part for part in parts if part.source.instrument in live)
        for fact, parts in program.facts.items()
    }
    return Regime(replace(program, name=name), clauses, facts)


def _alike(old: Regime, new: Regime) -> bool:
    """Whether every rule is alive, and every fact so, in the same situations of both."""
    space = Space([old, new])
    rules = all(
        _same_trigger(space, (old, clause), (new, new.clauses[rule]))
        for rule, clause in old.clauses.items()
    )
    return rules and all(_fact(space, old, fact) == _fact(space, new, fact) for fact in old.facts)


def _same_trigger(space: Space, one: tuple[Regime, Clause], two: tuple[Regime, Clause]) -> bool:
    """Whether a rule is alive in the same situations, as a whole or part by part.

    What came first is asked of the very words of a condition; so of a rule whose words changed
    it is the parts that can be compared.
    """
    d = space.diagrams
    whole = all(
        d.both(space.trigger(*one, closed=closed), space.valid)
        == d.both(space.trigger(*two, closed=closed), space.valid)
        for closed in (False, True)
    )
    return whole or (
        one[1].overridden_by == two[1].overridden_by
        and all(_truth(space, one, key) == _truth(space, two, key) for key in _CONDITIONS)
    )


_CONDITIONS: tuple[Literal["when", "upon", "unless"], ...] = ("when", "upon", "unless")


def _truth(
    space: Space, rule: tuple[Regime, Clause], key: Literal["when", "upon", "unless"]
) -> int | None:
    condition = getattr(rule[1], key)
    if condition is None:
        return None
    return space.diagrams.both(space.truth(rule[0], condition), space.valid)


def _fact(space: Space, regime: Regime, fact: str) -> int:
    held = space.any(space.definition(regime, part) for part in regime.facts[fact])
    return space.diagrams.both(held, space.valid)
