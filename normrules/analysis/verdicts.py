"""Which of two regimes is the stricter, with the smallest case for each way they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from normrules.analysis.diagrams import Node
from normrules.analysis.regimes import Regime
from normrules.analysis.scale import ORDER, Commitments, Scale, competent
from normrules.analysis.witness import Witness, find_witness
from normrules.core.time import Interval

Verdict = Literal["equal", "at least as strict", "less strict", "incomparable"]


@dataclass(frozen=True, slots=True)
class Contrast:
    """To what two regimes commit in one situation, on an action on which they differ."""

    action: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class PairVerdict:
    """How one regime compares with another, with a witness for each way they differ.

    In the witness the first is less strict (or stricter) on the actions named beside it.
    """

    first: str
    second: str
    verdict: Verdict
    weaker: Witness | None
    stricter: Witness | None
    hangs_on_order: bool
    weaker_on: tuple[Contrast, ...] = ()
    stricter_on: tuple[Contrast, ...] = ()


#: Orders in which some place the words otherwise: a verdict that flips under one is marked.
RIVALS = (
    Scale(("none", "may", "discretion", *ORDER[3:])),
    Scale(("none", "discretion", "may", "should_upon", "must_upon", "should", "must")),
)


def _verdict_hangs(
    commitments: Sequence[Commitments],
    a: Regime,
    b: Regime,
    actions: Sequence[str],
    verdict: Verdict,
) -> bool:
    """Whether the verdict would be another under another order of commitments."""
    for rival in commitments:
        weaker, stricter = _differences(rival, a, b, actions)
        false = rival.space.diagrams.false
        if verdict_of(weaker != false, stricter != false) != verdict:
            return True
    return False


def _differences(
    commitments: Commitments, a: Regime, b: Regime, actions: Sequence[str]
) -> tuple[Node, Node]:
    """Where the first is less strict than the second on some action, and where stricter."""
    d = commitments.space.diagrams
    weaker = stricter = d.false
    for action, forbidding in spoken(commitments, (a, b), actions):
        limits = commitments.limits((a, b), action)
        first = commitments.node(a, action, forbidding=forbidding, limits=limits)
        second = commitments.node(b, action, forbidding=forbidding, limits=limits)
        weaker = d.either(weaker, d.below(first, second))
        stricter = d.either(stricter, d.below(second, first))
    return weaker, stricter


def spoken(
    commitments: Commitments, pair: tuple[Regime, Regime], actions: Sequence[str]
) -> Iterator[tuple[str, bool]]:
    """The actions, commanded or forbidden, for which both are competent and one has a rule."""
    for action in actions:
        for forbidding in (False, True):
            ruled = (commitments.committing(r, action, forbidding=forbidding) for r in pair)
            if any(ruled) and all(competent(regime.program, action) for regime in pair):
                yield action, forbidding


def compared_pairs(
    commitments: Commitments, regimes: Sequence[Regime], actions: Sequence[str], day: Interval
) -> Iterator[PairVerdict]:
    """How each regime compares with each later one on some actions, under the law of a day."""
    rivals = [Commitments(commitments.space, rival, commitments.gates, commitments.where)
              for rival in RIVALS]  # fmt: skip
    for a, b in combinations(regimes, 2):
        yield _compared([commitments, *rivals], a, b, actions, day)


def _compared(
    orders: Sequence[Commitments], a: Regime, b: Regime, actions: Sequence[str], day: Interval
) -> PairVerdict:
    """The verdict under the first of some orders; the others are its rivals."""
    commitments, *rivals = orders
    space, d = commitments.space, commitments.space.diagrams
    weaker, stricter = _differences(commitments, a, b, actions)
    verdict = verdict_of(weaker != d.false, stricter != d.false)
    below, above = (find_witness(space, (a, b), node, day, actions) for node in (weaker, stricter))
    return PairVerdict(
        a.name,
        b.name,
        verdict,
        below,
        above,
        _verdict_hangs(rivals, a, b, actions, verdict),
        tuple(_contrasts(commitments, (a, b), actions, below, less=True)),
        tuple(_contrasts(commitments, (a, b), actions, above, less=False)),
    )


def _contrasts(
    commitments: Commitments,
    pair: tuple[Regime, Regime],
    actions: Sequence[str],
    witness: Witness | None,
    *,
    less: bool,
) -> Iterator[Contrast]:
    """On which actions the first of a pair is less strict (or stricter) in a witness."""
    if witness is None:
        return
    for action, forbidding in spoken(commitments, pair, actions):
        limits = commitments.limits(pair, action)
        values = [
            commitments.space.diagrams.evaluate(
                commitments.node(r, action, forbidding=forbidding, limits=limits),
                witness.situation,
            )
            for r in pair
        ]
        if values[0] != values[1] and (values[0] < values[1]) == less:
            said = [commitments.words(value, limits, forbidding=forbidding) for value in values]
            yield Contrast(action, *said)


def verdict_of(weaker: bool, stricter: bool) -> Verdict:  # noqa: FBT001 - two findings
    """The verdict on a first regime that is somewhere less strict, somewhere stricter."""
    if weaker and stricter:
        return "incomparable"
    if weaker:
        return "less strict"
    return "at least as strict" if stricter else "equal"
