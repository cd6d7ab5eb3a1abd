"""How strictly regimes commit to an action, situation by situation. Section 9 of the language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial, reduce
from typing import Literal

from normrules.analysis import formulas
from normrules.analysis.diagrams import Diagrams, Node, TooLarge
from normrules.analysis.proofs import proved_pairs
from normrules.analysis.regimes import Regime
from normrules.analysis.scale import (
    Commitments,
    Gates,
    Scale,
    check_actions,
    competent,
    prepared,
    too_few,
)
from normrules.analysis.shares import equals, kth, share_of, shares_of
from normrules.analysis.situations import Space
from normrules.analysis.states import StatesBound, states_bound
from normrules.analysis.verdicts import PairVerdict, compared_pairs
from normrules.analysis.witness import Witness, find_witness
from normrules.core.problem import NormrulesError, did_you_mean
from normrules.core.program import Program
from normrules.core.time import Interval
from normrules.core.vocabulary import Vocabulary

#: Beyond so many nodes the situations are not counted (some seconds).
MOST_NODES = 600_000
#: From so many rules on, verdicts are asked of the solver first.
SOLVE_FROM = 600


@dataclass(frozen=True, slots=True)
class Row:
    """Situations in which each regime commits alike: how large a share, and the smallest."""

    commitments: Mapping[str, str]
    share: Fraction
    witness: Witness | None


@dataclass(frozen=True, slots=True)
class ActionTable:
    """One action, with the situations that the regimes tell apart for it.

    `left_out` are the regimes without competence for the action's track; `common` is what all
    counted regimes share, `by_count[k]` what at least k of them share, as share by commitment.
    """

    action: str
    ladder: Literal["commanding", "forbidding"]
    rows: tuple[Row, ...]
    left_out: tuple[str, ...]
    by_count: Mapping[int, Mapping[str, Fraction]]
    gaps: Mapping[str, Fraction]
    lost: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Regimes compared under the law of a day, action by action and pair by pair.

    `states` says how many of the world's states each binds that day; None of a donor. Not
    `counted` are more situations than can be: then a solver gave the verdicts.
    """

    regimes: tuple[str, ...]
    without_rules: tuple[str, ...]
    law: Interval
    scale: Scale
    gates: Gates
    actions: tuple[ActionTable, ...]
    pairs: tuple[PairVerdict, ...]
    states: Mapping[str, StatesBound | None] = field(default_factory=dict)
    counted: bool = True


def compare(
    programs: Sequence[Program],
    *,
    law: Interval | None = None,
    actions: Sequence[str] = (),
    scale: Scale | None = None,
    gates: Gates = "strength",
    where: Mapping[str, str] | None = None,
    with_silent: bool = False,
) -> Comparison:
    """Compare regimes in every situation that their rules tell apart.

    Raises NormrulesError for fewer than two regimes, different vocabularies, unknown actions.
    """
    question = Question(tuple(actions), scale or Scale(), gates, where or {}, with_silent)
    if sum(len(p.clauses) for p in programs) > SOLVE_FROM and formulas.installed():
        first = _proved(programs, law, question)
        with suppress(TooLarge):
            return _counted(programs, law, question, pairs=first.pairs)
        return first
    try:
        return _counted(programs, law, question)
    except TooLarge:
        return _proved(programs, law, question)


@dataclass(frozen=True, slots=True)
class Question:
    """What a comparison is asked to look at."""

    actions: tuple[str, ...]
    scale: Scale
    gates: Gates
    where: Mapping[str, str]
    with_silent: bool

    def ruled(self, regimes: Sequence[Regime]) -> tuple[list[Regime], tuple[str, ...]]:
        """The regimes that are counted, and the names of those that have no rule."""
        ruled = [r for r in regimes if r.clauses or self.with_silent]
        silent = tuple(r.name for r in regimes if not r.clauses and not self.with_silent)
        if len(ruled) < 2:
            raise too_few("a comparison", silent)
        return ruled, silent

    def commitments(self, space: Space) -> Commitments:
        """To what the regimes of a space commit, in the situations asked for."""
        return Commitments(space, self.scale, self.gates, restricted(space, self.where))


def _counted(
    programs: Sequence[Program],
    law: Interval | None,
    question: Question,
    pairs: Sequence[PairVerdict] | None = None,
) -> Comparison:
    """Everything counted, by decision diagrams. Raises TooLarge."""
    space, regimes, day = prepared(programs, law, partial(Diagrams, most=MOST_NODES))
    ruled, silent = question.ruled(regimes)
    commitments = question.commitments(space)
    wanted = _wanted(space.vocabulary, question.actions, ruled, commitments)
    tables = tuple(
        table
        for action in wanted
        for forbidding in (False, True)
        if (table := _table(commitments, ruled, action, day, forbidding=forbidding)) is not None
    )
    verdicts = pairs if pairs is not None else compared_pairs(commitments, ruled, wanted, day)
    return _compared(ruled, silent, day, question, tables=tables, pairs=verdicts)


def _proved(programs: Sequence[Program], law: Interval | None, question: Question) -> Comparison:
    """The verdicts alone, by a solver. Raises NormrulesError if it is not installed."""
    space, regimes, day = prepared(programs, law, formulas.Formulas)
    ruled, silent = question.ruled(regimes)
    commitments = question.commitments(space)
    wanted = _wanted(space.vocabulary, question.actions, ruled, commitments)
    verdicts = proved_pairs(commitments, ruled, wanted, day)
    return _compared(ruled, silent, day, question, tables=(), pairs=verdicts, counted=False)


def _compared(
    ruled: Sequence[Regime],
    silent: tuple[str, ...],
    day: Interval,
    question: Question,
    *,
    tables: tuple[ActionTable, ...],
    pairs: Iterable[PairVerdict],
    counted: bool = True,
) -> Comparison:
    names = tuple(regime.name for regime in ruled)
    states = {regime.name: states_bound(regime.program, day) for regime in ruled}
    return Comparison(
        names, silent, day, question.scale, question.gates, tables, tuple(pairs), states, counted
    )


def restricted(space: Space, where: Mapping[str, str]) -> Node | None:
    """The situations in which the opening event has these values; None for all.

    An attribute that no rule asks for restricts nothing. Raises NormrulesError for unknown words.
    """
    node: Node | None = None
    for name, value in where.items():
        domains = [kinds[name] for kinds in space.vocabulary.attributes.values() if name in kinds]
        if not domains:
            known = {n for kinds in space.vocabulary.attributes.values() for n in kinds}
            raise NormrulesError(f"there is no attribute `{name}`: {did_you_mean(name, known)}")
        if not any(value in map(str, domain.values or (value,)) for domain in domains):
            known = {str(v) for domain in domains for v in domain.values or ()}
            raise NormrulesError(f"`{name}` is never `{value}`: {did_you_mean(value, known)}")
        for number, variable in enumerate(space.variables):
            if variable.kind == "attribute" and variable.key[2] == name:
                held = [
                    i
                    for i, cell in enumerate(variable.samples)
                    if value
                    in (str(v).lower() if isinstance(v, bool) else str(v) for v in cell.values)
                ]
                opening = space.variables[0].samples.index(variable.key[1])
                here = space.diagrams.both(
                    space.diagrams.literal(0, [opening]), space.diagrams.literal(number, held)
                )
                node = here if node is None else space.diagrams.either(node, here)
    return node


def _wanted(
    vocabulary: Vocabulary,
    actions: Sequence[str],
    regimes: Sequence[Regime],
    commitments: Commitments,
) -> list[str]:
    check_actions(actions, vocabulary)
    if actions:
        return [name for name in vocabulary.all_actions if name in set(actions)]
    return [
        name
        for name in vocabulary.all_actions
        if any(
            True
            for regime in regimes
            for forbidding in (False, True)
            for _ in commitments.committing(regime, name, forbidding=forbidding)
        )
    ]


# ---------------------------------------------------------------- one action


def _table(
    commitments: Commitments,
    regimes: Sequence[Regime],
    action: str,
    day: Interval,
    *,
    forbidding: bool,
) -> ActionTable | None:
    counted = [r for r in regimes if competent(r.program, action)]
    left_out = tuple(r.name for r in regimes if r not in counted)
    nodes = [commitments.node(r, action, forbidding=forbidding) for r in counted]
    d = commitments.space.diagrams
    if not nodes or all(d.values(node) == {0} for node in nodes):
        return None
    ladder = commitments.scale.forbidding if forbidding else commitments.scale.commanding
    common = reduce(d.least, nodes)
    top = reduce(d.greatest, nodes)
    return ActionTable(
        action,
        "forbidding" if forbidding else "commanding",
        tuple(_rows(commitments, counted, nodes, ladder, action=action, day=day)),
        left_out,
        {k: shares_of(commitments.space, kth(commitments.space, nodes, k), ladder)
         for k in range(1, len(nodes) + 1)},
        {r.name: share_of(commitments.space, d.below(n, top))
         for r, n in zip(counted, nodes, strict=True)},
        {r.name: share_of(commitments.space, d.below(common, n))
         for r, n in zip(counted, nodes, strict=True)},
    )  # fmt: skip


def _rows(
    commitments: Commitments,
    regimes: Sequence[Regime],
    nodes: Sequence[Node],
    ladder: Sequence[str],
    *,
    action: str,
    day: Interval,
) -> Iterator[Row]:
    """The situations by what each regime commits to, the strongest first."""
    space, d = commitments.space, commitments.space.diagrams
    size = len(ladder)
    joined = reduce(lambda a, b: d.pair(a, b, size), nodes)
    found = []
    for value in d.values(joined):
        rungs = _digits(value, size, len(nodes))
        here = d.both(commitments.asked, equals(space, joined, value))
        if d.values(here) == {0} or not any(rungs):
            continue
        said = {r.name: ladder[rung] for r, rung in zip(regimes, rungs, strict=True)}
        found.append((rungs, said, here))
    for _, said, here in sorted(found, key=lambda row: (-sum(row[0]), row[0])):
        yield Row(said, share_of(space, here), find_witness(space, regimes, here, day, [action]))


def _digits(value: int, size: int, count: int) -> tuple[int, ...]:
    digits = []
    for _ in range(count):
        value, digit = divmod(value, size)
        digits.append(digit)
    return tuple(reversed(digits))
