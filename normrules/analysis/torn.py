"""States torn between two organisations that bind them: one demands what the other forbids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from normrules.analysis.regimes import Regime
from normrules.analysis.scale import prepared
from normrules.analysis.situations import Space
from normrules.analysis.soundness import Unsound
from normrules.analysis.witness import find_witness
from normrules.core.program import Clause, Program
from normrules.core.time import Interval
from normrules.core.vocabulary import Vocabulary

_CONCERNED = "state_concerned"


def torn(programs: Sequence[Program], law: Interval | None = None) -> list[Unsound]:
    """Every two rules of two regimes that tear a state which belongs to both, with a case.

    Only states that surely belong to both on the day count. Raises NormrulesError for different
    vocabularies.
    """
    space, regimes, day = prepared(programs, law)
    return [
        finding
        for first, second in combinations(regimes, 2)
        for finding in _between(space, first, second, day)
    ]


def _between(space: Space, first: Regime, second: Regime, day: Interval) -> Iterator[Unsound]:
    d, vocabulary = space.diagrams, space.vocabulary
    for a in first.clauses.values():
        for b in second.clauses.values():
            if not opposed(a, b, vocabulary):
                continue
            states = sorted(_torn_states((first, a), (second, b), day))
            both = d.both(space.trigger(first, a), space.trigger(second, b))
            both = d.both(both, space.valid)
            if not states or both == d.false:
                continue
            witness = find_witness(space, [first, second], both, day)
            if witness is not None:
                pair = (f"{first.name}:{a.id}", f"{second.name}:{b.id}")
                says = f"`{pair[0]}` and `{pair[1]}` demand and forbid one act of {_named(states)}"
                yield Unsound("torn-state", pair, says, witness)


def opposed(a: Clause, b: Clause, vocabulary: Vocabulary) -> bool:
    """Whether one demands what the other forbids; to do one act may be to forbear another."""
    return bool(
        _demanded(a, vocabulary) & _forbidden(b, vocabulary)
        or _demanded(b, vocabulary) & _forbidden(a, vocabulary)
    )


def _demanded(clause: Clause, vocabulary: Vocabulary) -> set[str]:
    if clause.forbids:
        return {x for x, act in vocabulary.actions.items() if act.forbears in clause.actions}
    return set() if clause.permits or clause.effect is not None else set(clause.actions)


def _forbidden(clause: Clause, vocabulary: Vocabulary) -> set[str]:
    if clause.forbids:
        return set(clause.actions)
    demanded = [vocabulary.all_actions[name] for name in _demanded(clause, vocabulary)]
    return {action.forbears for action in demanded if action.forbears is not None}


def _torn_states(
    first: tuple[Regime, Clause], second: tuple[Regime, Clause], day: Interval
) -> set[str]:
    """The states that surely bear both rules in a case in a state that both laws bind."""
    concerned = _both(*(_concerned(regime, clause, day) for regime, clause in (first, second)))
    bearers = [clause.bearer for _, clause in (first, second)]
    if all(bearer is not None and _CONCERNED in bearer.bodies for bearer in bearers):
        return concerned or set()
    each = [b.names[0] for b in bearers if b is not None and b.kind == "each"]
    if len(each) < 2 or concerned == set():
        return set()
    return _members(first[0], each[0], day) & _members(second[0], each[1], day)


def _concerned(regime: Regime, clause: Clause, day: Interval) -> set[str] | None:
    """The states whose coups a rule speaks of; None is any state."""
    program = regime.program
    name = program.laws[clause.source.instrument].register or program.rulebook.members
    return None if name is None else _members(regime, name, day)


def _both(a: set[str] | None, b: set[str] | None) -> set[str] | None:
    return b if a is None else a if b is None else a & b


def _members(regime: Regime, name: str, day: Interval) -> set[str]:
    register = regime.program.registers[name]
    return {state for state in register.rows if register.bound(state, day) is True}


def _named(states: Sequence[str]) -> str:
    few = ", ".join(states[:6])
    return few if len(states) <= 6 else f"{few} and {len(states) - 6} more states"
