"""The lowest common denominator of regimes as a rulebook that runs. Section 9 of the language.

For every action and every commitment, a rule whose condition says: each regime is committed
at least so strongly. Where that hangs only on how the case was opened, the condition is said
by the attributes of that event; else by the regimes' own conditions, one inside the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from normrules.analysis.boxes import all_of, any_of, box_data, opening_boxes
from normrules.analysis.common_terms import (
    Contributing,
    Deciding,
    Manner,
    common_manner,
    deciding,
    longest_limit,
    shared_finding,
    weakest_force,
)
from normrules.analysis.diagrams import Node
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
from normrules.analysis.situations import Space
from normrules.analysis.unresolved import Unspeakable, trigger_data
from normrules.core.problem import NormrulesError
from normrules.core.program import Clause, Program
from normrules.core.rulebook import english
from normrules.core.time import Interval, describe

#: The regimes counted for an action, each with its rules that commit strongly enough.
Groups = Sequence[tuple[Regime, Sequence[Clause]]]


@dataclass(frozen=True, slots=True)
class Denominator:
    """The common denominator as data for a file, and what it could not say."""

    data: Mapping[str, Any]
    comments: tuple[str, ...]
    unsaid: tuple[str, ...]


def common_rulebook(
    programs: Sequence[Program],
    *,
    at_least: int | None = None,
    law: Interval | None = None,
    actions: Sequence[str] = (),
    scale: Scale | None = None,
    gates: Gates = "strength",
) -> Denominator:
    """What all regimes (or at least `at_least` of them) share, as a rulebook.

    Raises NormrulesError for fewer than two regimes, or for more asked than there are.
    """
    ordered = sorted({p.name: p for p in programs}.values(), key=lambda p: p.name)
    space, regimes, day = prepared(ordered, law)
    ruled = [regime for regime in regimes if regime.clauses]
    if len(ruled) < 2:
        raise too_few("a common denominator", [r.name for r in regimes if not r.clauses])
    if at_least is not None and not 1 <= at_least <= len(ruled):
        raise NormrulesError(f"at least {at_least} of {len(ruled)} regimes is none of the choices")
    check_actions(actions, space.vocabulary)
    maker = _Maker(Commitments(space, scale or Scale(), gates), ruled, at_least)
    wanted = [a for a in space.vocabulary.all_actions if not actions or a in actions]
    rules = [rule for action in wanted for rule in maker.rules(action)]
    return Denominator(
        _book(ruled, at_least, day, rules, maker.forces),
        tuple(_heading(ruled, regimes, at_least, day)),
        tuple(maker.unsaid),
    )


def _heading(
    ruled: Sequence[Regime], regimes: Sequence[Regime], at_least: int | None, day: Interval
) -> Iterator[str]:
    shared = "all" if at_least is None else f"at least {at_least}"
    yield f"What {shared} of these regimes share, under the law of {describe(day)}:"
    for regime in ruled:
        yield f"  {regime.name}: {english(regime.program.rulebook.title)}"
    silent = [regime.name for regime in regimes if not regime.clauses]
    if silent:
        yield f"Left out, without a rule: {', '.join(silent)}"


def _book(
    ruled: Sequence[Regime],
    at_least: int | None,
    day: Interval,
    rules: list[dict[str, Any]],
    forces: Iterable[str],
) -> dict[str, Any]:
    names = [regime.name for regime in ruled]
    share = "" if at_least is None else f"{at_least} of "
    return {
        "rulebook": "common-denominator",
        "title": f"Lowest common denominator of {share}{', '.join(names)}",
        "organisation": "common-denominator",
        "kind": "technical",
        "vocabulary": ruled[0].program.rulebook.vocabulary,
        "instruments": {
            f"common-{force}": {
                "title": f"What the regimes share ({force})",
                "form": "practice",
                "force": force,
                "adopted": describe(day)[:10],
            }
            for force in sorted(set(forces))
        },
        "rules": rules,
    }


class _Maker:
    """Makes the rules of the denominator, action by action."""

    def __init__(
        self, commitments: Commitments, regimes: Sequence[Regime], at_least: int | None
    ) -> None:
        self.commitments, self.regimes, self.at_least = commitments, regimes, at_least
        self.space: Space = commitments.space
        self.forces: list[str] = []
        self.unsaid: list[str] = []

    def rules(self, action: str) -> Iterator[dict[str, Any]]:
        """The rules on one action, strongest first."""
        counted = [r for r in self.regimes if competent(r.program, action)]
        needed = len(counted) if self.at_least is None else self.at_least
        if len(counted) < max(needed, 2):  # what one regime alone may do is shared by none
            return
        for forbidding in (False, True):
            scale = self.commitments.scale
            ladder = scale.forbidding if forbidding else scale.commanding
            yield from self._ladder(action, counted, needed, ladder, forbidding=forbidding)

    def _ladder(
        self,
        action: str,
        counted: Sequence[Regime],
        needed: int,
        ladder: Sequence[str],
        *,
        forbidding: bool,
    ) -> Iterator[dict[str, Any]]:
        d, stronger = self.space.diagrams, self.space.diagrams.false
        for rung in range(len(ladder) - 1, 0, -1):
            groups = [self._committed(r, action, rung, forbidding=forbidding) for r in counted]
            nodes = [self._reached(r, group) for r, group in zip(counted, groups, strict=True)]
            some = list(combinations(range(len(counted)), needed))
            node = self.space.any(self.space.all(nodes[i] for i in chosen) for chosen in some)
            node = d.both(node, self.space.valid)
            if d.but_not(node, stronger) == d.false:
                continue
            stronger = d.either(stronger, node)
            found = list(zip(counted, groups, strict=True))
            yield from self._rule(action, ladder[rung], node, found, some)

    def _committed(
        self, regime: Regime, action: str, rung: int, *, forbidding: bool
    ) -> list[Clause]:
        found = self.commitments.committing(regime, action, forbidding=forbidding)
        return [clause for clause, reached in found if reached >= rung]

    def _reached(self, regime: Regime, clauses: Iterable[Clause]) -> Node:
        closed = self.commitments.gates == "closed"
        return self.space.any(self.space.trigger(regime, c, closed=closed) for c in clauses)

    def _rule(
        self,
        action: str,
        commitment: str,
        node: Node,
        groups: Groups,
        some: Sequence[Sequence[int]],
    ) -> Iterator[dict[str, Any]]:
        contributing = [(regime, clause) for regime, group in groups for clause in group]
        try:
            when = self._when(node, groups, some)
        except Unspeakable as reason:
            self.unsaid.append(f"{commitment} {action}: {reason}")
            return
        modality = commitment.removesuffix("_upon")
        manner = common_manner(contributing, self.space.vocabulary)
        decided = deciding(contributing)
        force = weakest_force(contributing)
        self.forces.append(force)
        rule: dict[str, Any] = {
            "id": f"{action.replace('_', '-')}-{commitment.replace('_', '-')}",
            "title": f"{_said(commitment)}: {self.space.vocabulary.title_of(action)}",
            "source": {
                "instrument": f"common-{force}",
                "at": "derived",
                "basis": "derived",
                "rules": [f"{regime.name}:{clause.id}" for regime, clause in contributing],
            },
            "when": when,
            "note": _note(contributing, manner, decided),
        }
        if commitment.endswith("_upon"):
            rule["upon"] = {
                "finding": shared_finding(contributing, self.space.vocabulary.facts),
                "by": "own_organ",
            }
        rule["then"] = {modality: [action] if modality == "discretion" else action}
        limit = longest_limit(contributing)
        rule["then"] |= {"by": "own_organ", **({"with": manner.said} if manner.said else {})}
        rule["then"] |= {"within": str(limit)} if limit else {}
        if decided.strictest is not None:
            rule["decided_by"] = decided.strictest.model_dump(
                mode="json", by_alias=True, exclude_defaults=True
            )
        yield rule

    def _when(
        self,
        node: Node,
        groups: Groups,
        some: Sequence[Sequence[int]],
    ) -> dict[str, Any]:
        kinds = {self.space.variables[n].kind for n in self.space.diagrams.variables(node)}
        if kinds <= {"opening", "attribute", "state", "standing"}:
            with suppress(Unspeakable):  # numbers have no list of values: say it the long way
                boxes = opening_boxes(self.space, node)
                return any_of([box_data(self.space, box) for box in boxes])
        closed = self.commitments.gates == "closed"
        each = [
            [trigger_data(regime, clause, closed=closed) for clause in group]
            for regime, group in groups
        ]
        return any_of(
            [
                all_of([any_of(each[i]) for i in chosen])
                for chosen in some
                if all(each[i] for i in chosen)
            ]
        )


# ---------------------------------------------------------------- what is shared beside


def _said(commitment: str) -> str:
    return commitment.replace("_", " ").capitalize()


def _note(contributing: Contributing, manner: Manner, decided: Deciding) -> str:
    """What each regime contributed, what of it is not shared, and how it decides."""
    by_regime: dict[str, list[str]] = {}
    for regime, clause in contributing:
        said = f"{clause.id} ({clause.modality.replace('_', ' ')}"
        said += f", {clause.deadline.said}" if clause.deadline and clause.deadline.said else ""
        by_regime.setdefault(regime.name, []).append(f"{said})")
    notes = [f"{name}: {', '.join(rules)}" for name, rules in by_regime.items()]
    notes += [f"each with another {name.replace('_', ' ')}" for name in manner.apart]
    if decided.strictest is None:
        notes += [f"{rule} is decided by {words}" for rule, words in decided.said.items()]
    return "; ".join(notes)
