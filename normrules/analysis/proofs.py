"""Verdicts by a solver: for regimes with more situations than can be counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from normrules.analysis.diagrams import Assignment
from normrules.analysis.formulas import Formula, Formulas
from normrules.analysis.regimes import Regime
from normrules.analysis.scale import Commitments
from normrules.analysis.verdicts import RIVALS, Contrast, PairVerdict, spoken, verdict_of
from normrules.analysis.witness import MOST_TRIES, Witness, alike, dated
from normrules.core.program import Clause
from normrules.core.time import Interval, TimeLimit

Pair = tuple[Regime, Regime]


def proved_pairs(
    commitments: Commitments, regimes: Sequence[Regime], actions: Sequence[str], day: Interval
) -> Iterator[PairVerdict]:
    """How each regime compares with each later one, by a solver: no share is counted.

    The space of the commitments is made of `Formulas`. A witness is small: none of its values
    can be taken back by itself. Raises NormrulesError if the solver gives up.
    """
    rivals = [Commitments(commitments.space, rival, commitments.gates, commitments.where)
              for rival in RIVALS]  # fmt: skip
    for pair in combinations(regimes, 2):
        weaker, stricter = differences(commitments, pair, actions)
        asked = [_asked(commitments, truth) for truth in (weaker, stricter)]
        verdict = verdict_of(*(_possible(commitments, some) for some in asked))
        below, above = (_shown(commitments, pair, actions, some, day) for some in asked)
        yield PairVerdict(
            pair[0].name,
            pair[1].name,
            verdict,
            below[0],
            above[0],
            any(proved_verdict(rival, pair, actions) != verdict for rival in rivals),
            below[1],
            above[1],
        )


def proved_verdict(commitments: Commitments, pair: Pair, actions: Sequence[str]) -> str:
    """The verdict alone."""
    found = differences(commitments, pair, actions)
    return verdict_of(*(_possible(commitments, _asked(commitments, truth)) for truth in found))


def differences(
    commitments: Commitments, pair: Pair, actions: Sequence[str]
) -> tuple[Formula, Formula]:
    """Where the first is less strict than the second on some action, and where stricter."""
    d: Any = commitments.space.diagrams
    weaker: list[Formula] = []
    stricter: list[Formula] = []
    for action, forbidding in spoken(commitments, pair, actions):
        limits = commitments.limits(pair, action)
        first, second = (
            _by_value(commitments, r, action, limits, forbidding=forbidding) for r in pair
        )
        weaker += _below(d, first, second)
        stricter += _below(d, second, first)
    return d.any_of(weaker), d.any_of(stricter)


def _by_value(
    commitments: Commitments,
    regime: Regime,
    action: str,
    limits: Sequence[TimeLimit],
    *,
    forbidding: bool,
) -> dict[int, list[Formula]]:
    """The triggers of the rules that give each value."""
    space, closed = commitments.space, commitments.gates == "closed"
    found: dict[int, list[Formula]] = {}
    for clause, value in commitments.values(regime, action, limits, forbidding=forbidding):
        found.setdefault(value, []).append(space.trigger(regime, clause, closed=closed))
    return found


def _below(
    d: Formulas, low: dict[int, list[Formula]], high: dict[int, list[Formula]]
) -> Iterator[Formula]:
    """For each value of the high one: that it is reached, and by the low one nothing as great."""
    for value, reached in high.items():
        greater = [t for other, truths in low.items() if other >= value for t in truths]
        yield d.but_not(d.any_of(reached), d.any_of(greater))


def _asked(commitments: Commitments, truth: Formula) -> Any:
    d: Any = commitments.space.diagrams
    return d.asked(truth, commitments.asked)


def _possible(commitments: Commitments, asked: Any) -> bool:
    d: Any = commitments.space.diagrams
    return d.situation(asked) is not None


# ---------------------------------------------------------------- a case that shows it


def _shown(
    commitments: Commitments, pair: Pair, actions: Sequence[str], asked: Any, day: Interval
) -> tuple[Witness | None, tuple[Contrast, ...]]:
    """A small case in which what is asked holds, evaluated, with the actions it shows it on."""
    space = commitments.space
    d: Any = space.diagrams
    for _ in range(MOST_TRIES):
        found = d.situation(asked)
        if found is None:
            break
        situation, model = _smaller(d, asked, found)

        def said(regime: Regime, clause: Clause, model: Any = model) -> bool:
            return bool(d.holds(space.trigger(regime, clause), model))

        witness = dated(space, pair, situation, said, day=day, actions=actions)
        if witness is not None:
            return witness, tuple(_contrasts(commitments, pair, actions, model))
        whole = {number: situation.get(number, 0) for number in range(len(d.sizes))}
        asked.add(d.z3.Not(alike(space, whole)))
    return None, ()


def _smaller(d: Any, asked: Any, found: tuple[Assignment, Any]) -> tuple[Assignment, Any]:
    """The situation with every value taken back to the first that can be, one by one."""
    asked.push()
    for number in sorted(found[0], reverse=True):
        if number in found[0]:
            asked.push()
            asked.add(d.literal(number, [0]))
            less = d.situation(asked)
            if less is None:
                asked.pop()
                asked.add(d.literal(number, [found[0][number]]))
            else:
                found = less
    situation = found
    for _ in range(asked.num_scopes()):
        asked.pop()
    return situation


def _contrasts(
    commitments: Commitments, pair: Pair, actions: Sequence[str], model: Any
) -> Iterator[Contrast]:
    d: Any = commitments.space.diagrams
    for action, forbidding in spoken(commitments, pair, actions):
        limits = commitments.limits(pair, action)
        values = [
            max(
                (
                    value
                    for value, truths in _by_value(
                        commitments, regime, action, limits, forbidding=forbidding
                    ).items()
                    if any(d.holds(truth, model) for truth in truths)
                ),
                default=0,
            )
            for regime in pair
        ]
        if values[0] != values[1]:
            said = [commitments.words(value, limits, forbidding=forbidding) for value in values]
            yield Contrast(action, *said)
