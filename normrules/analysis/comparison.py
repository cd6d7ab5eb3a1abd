"""How strictly regimes commit to an action, situation by situation. Section 9 of the language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Literal

from normrules.analysis.diagrams import Node
from normrules.analysis.situations import Regime, Space, newest_law, regime_on
from normrules.analysis.witness import Witness, find_witness
from normrules.core.problem import NormrulesError, did_you_mean
from normrules.core.program import Clause, Program
from normrules.core.time import Interval
from normrules.core.vocabulary import Vocabulary

Gates = Literal["open", "closed", "strength"]
Verdict = Literal["equal", "at least as strict", "less strict", "incomparable"]
#: From weakest to strongest: what is commanded or allowed, and apart, what is forbidden.
ORDER = ("none", "discretion", "may", "should_upon", "should", "must_upon", "must")
FORBIDDING = ("none", "should_not_upon", "should_not", "must_not_upon", "must_not")


@dataclass(frozen=True, slots=True)
class Scale:
    """The order of commitments, weakest first; it is data that a user can change."""

    commanding: tuple[str, ...] = ORDER
    forbidding: tuple[str, ...] = FORBIDDING

    def rung(self, commitment: str) -> int:
        """The place of a commitment on its ladder."""
        ladder = self.forbidding if commitment in self.forbidding[1:] else self.commanding
        return ladder.index(commitment)


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
class PairVerdict:
    """How one regime compares with another, with a witness for each way they differ."""

    first: str
    second: str
    verdict: Verdict
    weaker: Witness | None
    stricter: Witness | None
    hangs_on_order: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Regimes compared under the law of a day, action by action and pair by pair."""

    regimes: tuple[str, ...]
    without_rules: tuple[str, ...]
    law: Interval
    scale: Scale
    gates: Gates
    actions: tuple[ActionTable, ...]
    pairs: tuple[PairVerdict, ...]
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, eq=False)
class Commitments:
    """Each regime's strongest commitment to each action, as a function of the situation."""

    space: Space
    scale: Scale
    gates: Gates
    where: Mapping[str, Node]

    def node(self, regime: Regime, action: str, *, forbidding: bool = False) -> Node:
        """The rung of a regime's strongest commitment, at every situation."""
        d = self.space.diagrams
        parts = [
            d.times(self._alive(regime, clause, action), rung)
            for clause, rung in self.committing(regime, action, forbidding=forbidding)
        ]
        return d.both(reduce(d.greatest, parts, d.false), self._scaled_space())

    def _scaled_space(self) -> Node:
        top = max(len(self.scale.commanding), len(self.scale.forbidding))
        return self.space.diagrams.times(self.space.valid, top)

    def _alive(self, regime: Regime, clause: Clause, action: str) -> Node:
        d = self.space.diagrams
        node = self.space.trigger(regime, clause, closed=self.gates == "closed")
        return d.both(node, self.where.get("", d.true)) if action else node

    def committing(
        self, regime: Regime, action: str, *, forbidding: bool = False
    ) -> Iterator[tuple[Clause, int]]:
        """The rules that commit to an action (or forbid its opposite), with their rungs."""
        vocabulary = self.space.vocabulary
        for clause in regime.clauses.values():
            modality = modality_for(clause, action, vocabulary)
            if modality is not None and modality.endswith("_not") == forbidding:
                yield clause, self.scale.rung(self._gated(modality, clause))

    def _gated(self, modality: str, clause: Clause) -> str:
        waits = clause.upon is not None and self.gates == "strength"
        return f"{modality}_upon" if waits and modality not in ("may", "discretion") else modality


def modality_for(clause: Clause, action: str, vocabulary: Vocabulary) -> str | None:
    """How a rule commits to an action; to forbid what an action forbears is to demand it."""
    if clause.effect is not None:
        return None
    if action in clause.actions:
        return clause.modality
    forborne = vocabulary.actions[action].forbears if action in vocabulary.actions else None
    if clause.forbids and forborne in clause.actions:
        return clause.modality.removesuffix("_not")
    return None


def competent(program: Program, action: str) -> bool:
    """Whether an institution could act on the action's track at all."""
    competence = program.rulebook.competence
    track = program.vocabulary.all_actions[action].track
    return not competence or track is None or track in competence


def prepared(
    programs: Sequence[Program], law: Interval | None
) -> tuple[Space, tuple[Regime, ...], Interval]:
    """The regimes that are compared, each once, and their situations.

    Raises NormrulesError for different vocabularies.
    """
    once = list({program.name: program for program in programs}.values())
    _same_vocabulary(once)
    day = law or newest_law(once)
    regimes = tuple(regime_on(program, day) for program in once)
    return Space(regimes), regimes, day


def _same_vocabulary(programs: Sequence[Program]) -> None:
    first = programs[0]
    for other in programs[1:]:
        if other.vocabulary != first.vocabulary:
            words = set(first.vocabulary.all_actions) ^ set(other.vocabulary.all_actions)
            missing = ", ".join(sorted(words)[:8]) or "their words differ in meaning"
            raise NormrulesError(
                f"`{first.name}` and `{other.name}` use different vocabularies "
                f"({first.vocabulary.vocabulary}, {other.vocabulary.vocabulary}): {missing}"
            )


def compare(
    programs: Sequence[Program],
    *,
    law: Interval | None = None,
    actions: Sequence[str] = (),
    scale: Scale | None = None,
    gates: Gates = "strength",
    with_silent: bool = False,
) -> Comparison:
    """Compare regimes in every situation that their rules tell apart.

    Raises NormrulesError for fewer than two regimes, different vocabularies, unknown actions.
    """
    space, regimes, day = prepared(programs, law)
    ruled = [r for r in regimes if r.clauses or with_silent]
    silent = tuple(r.name for r in regimes if not r.clauses and not with_silent)
    if len(ruled) < 2:
        raise NormrulesError("a comparison needs at least two regimes with rules")
    commitments = Commitments(space, scale or Scale(), gates, {})
    wanted = _wanted(space.vocabulary, actions, ruled, commitments)
    tables = tuple(
        table
        for action in wanted
        for forbidding in (False, True)
        if (table := _table(commitments, ruled, action, day, forbidding=forbidding)) is not None
    )
    pairs = tuple(
        _pair(commitments, a, b, wanted, day)
        for i, a in enumerate(ruled)
        for b in ruled[i + 1 :]
    )
    names = tuple(r.name for r in ruled)
    return Comparison(names, silent, day, commitments.scale, gates, tables, pairs)


def _wanted(
    vocabulary: Vocabulary,
    actions: Sequence[str],
    regimes: Sequence[Regime],
    commitments: Commitments,
) -> list[str]:
    for action in actions:
        if action not in vocabulary.all_actions:
            near = did_you_mean(action, vocabulary.all_actions, "there are")
            raise NormrulesError(f"there is no action `{action}`: {near}")
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
        tuple(_rows(commitments, counted, nodes, ladder, day)),
        left_out,
        {k: _shares(commitments.space, _kth(commitments.space, nodes, k), ladder)
         for k in range(1, len(nodes) + 1)},
        {r.name: _share(commitments.space, d.below(n, top))
         for r, n in zip(counted, nodes, strict=True)},
        {r.name: _share(commitments.space, d.below(common, n))
         for r, n in zip(counted, nodes, strict=True)},
    )  # fmt: skip


def _rows(
    commitments: Commitments,
    regimes: Sequence[Regime],
    nodes: Sequence[Node],
    ladder: Sequence[str],
    day: Interval,
) -> Iterator[Row]:
    """The situations by what each regime commits to, the strongest first."""
    space, d = commitments.space, commitments.space.diagrams
    size = len(ladder)
    joined = reduce(lambda a, b: d.pair(a, b, size), nodes)
    found = []
    for value in d.values(joined):
        rungs = _digits(value, size, len(nodes))
        here = d.both(space.valid, _equals(d.apply, joined, value, d.terminal(value)))
        if d.values(here) == {0} or not any(rungs):
            continue
        said = {r.name: ladder[rung] for r, rung in zip(regimes, rungs, strict=True)}
        found.append((rungs, said, here))
    for rungs, said, here in sorted(found, key=lambda row: (-sum(row[0]), row[0])):
        del rungs
        yield Row(said, _share(space, here), find_witness(space, regimes, here, day))


def _equals(
    apply: Callable[[str, Callable[[int, int], int], Node, Node], Node],
    node: Node,
    value: int,
    constant: Node,
) -> Node:
    del value
    return apply("equals", lambda x, y: int(x == y), node, constant)


def _digits(value: int, size: int, count: int) -> tuple[int, ...]:
    digits = []
    for _ in range(count):
        value, digit = divmod(value, size)
        digits.append(digit)
    return tuple(reversed(digits))


def _kth(space: Space, nodes: Sequence[Node], k: int) -> Node:
    """The kth largest of some functions, everywhere: sorted by a network of exchanges."""
    d, ordered = space.diagrams, list(nodes)
    for end in range(len(ordered) - 1, 0, -1):
        for i in range(end):
            a, b = ordered[i], ordered[i + 1]
            ordered[i], ordered[i + 1] = d.greatest(a, b), d.least(a, b)
    return ordered[k - 1]


def _shares(space: Space, node: Node, ladder: Sequence[str]) -> dict[str, Fraction]:
    """The share of situations for each commitment but none."""
    d = space.diagrams
    return {
        ladder[value]: _share(space, d.apply("equals", lambda x, y: int(x == y), node,
                                             d.terminal(value)))
        for value in sorted(d.values(node) - {0}, reverse=True)
    }  # fmt: skip


def _share(space: Space, node: Node) -> Fraction:
    """The share of the situations that can be."""
    d = space.diagrams
    return d.share(d.both(d.at_least(node, 1), space.valid)) / d.share(space.valid)


# ---------------------------------------------------------------- two regimes


def _pair(
    commitments: Commitments, a: Regime, b: Regime, actions: Sequence[str], day: Interval
) -> PairVerdict:
    space, d = commitments.space, commitments.space.diagrams
    weaker = stricter = d.false
    for action in actions:
        if not (competent(a.program, action) and competent(b.program, action)):
            continue
        for forbidding in (False, True):
            first = commitments.node(a, action, forbidding=forbidding)
            second = commitments.node(b, action, forbidding=forbidding)
            weaker = d.either(weaker, d.below(first, second))
            stricter = d.either(stricter, d.below(second, first))
    verdict = _verdict(weaker != d.false, stricter != d.false)
    return PairVerdict(
        a.name,
        b.name,
        verdict,
        find_witness(space, (a, b), weaker, day),
        find_witness(space, (a, b), stricter, day),
        hangs_on_order=False,
    )


def _verdict(weaker: bool, stricter: bool) -> Verdict:  # noqa: FBT001 - two findings
    if weaker and stricter:
        return "incomparable"
    if weaker:
        return "less strict"
    return "at least as strict" if stricter else "equal"
