"""What a draft changes: positions in past cases, and what regimes share with it among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from normrules.analysis.past import LawOf
from normrules.analysis.regimes import Regime, newest_law
from normrules.analysis.scale import Commitments, Gates, Scale, competent, prepared
from normrules.analysis.shares import kth, shares_of
from normrules.core.case import Case
from normrules.core.evaluation import Position
from normrules.core.program import Program
from normrules.core.time import Interval, describe
from normrules.core.vocabulary import Vocabulary
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import DORMANT, evaluate_regime

Change = Literal["appears", "vanishes", "changes"]
#: What is compared of a position that is alive under both, and what is told of a new one.
_FIELDS = ("status", "modality", "due", "level")
_TOLD = ("status", "modality", "due")


@dataclass(frozen=True, slots=True)
class PositionChange:
    """A rule whose position is another under the draft, from what to what, in which cases."""

    rule: str
    change: Change
    before: str
    after: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """What at least `count` of the regimes share on an action, with the base and with the draft."""

    action: str
    ladder: Literal["commanding", "forbidding"]
    count: int
    before: Mapping[str, Fraction]
    after: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Impact:
    """What a draft changes against its base; `among` are the regimes that it stands beside."""

    base: str
    draft: str
    cases: tuple[str, ...]
    changes: tuple[PositionChange, ...]
    among: tuple[str, ...]
    movements: tuple[Movement, ...]

    @property
    def none(self) -> bool:
        """Whether the draft changes nothing."""
        return not self.changes and not self.movements


def related(base: Program, draft: Program) -> bool:
    """Whether one text is a draft over the other, or both are editions of one regime."""
    lineages = ({p.rulebook.rulebook, *_bases(p)} for p in (base, draft))
    return bool(set.intersection(*lineages))


def _bases(program: Program) -> Iterator[str]:
    while program.base is not None:
        program = program.base
        yield program.rulebook.rulebook


def impact(
    base: Program,
    draft: Program,
    cases: Sequence[Case],
    among: Sequence[Program] = (),
    *,
    law: LawOf = None,
    actions: Sequence[str] = (),
    scale: Scale | None = None,
    gates: Gates = "strength",
    bound: bool = False,
    watch: Callable[[Sequence[Case]], Iterable[Case]] = iter,
) -> Impact:
    """What a draft changes in cases, and in what it shares with other regimes.

    Its base and its own editions are left out of `among`. Raises NormrulesError for other
    vocabularies.
    """
    day = newest_law([base, draft]) if law is None else None if law == "case" else law
    assumptions = Assumptions(day, bound=not bound)
    changes: dict[tuple[str, Change, str, str], list[str]] = {}
    for case in watch(cases):
        for change in _changes(base, draft, case, assumptions, actions):
            changes.setdefault(change, []).append(case.id)
    others = [p for p in among if p.clauses and not related(p, draft) and not related(p, base)]
    return Impact(
        base.name,
        draft.name,
        tuple(case.id for case in cases),
        tuple(PositionChange(*change, tuple(names)) for change, names in changes.items()),
        tuple(p.name for p in others),
        tuple(_movements(base, draft, others, day, actions, scale=scale or Scale(), gates=gates)),
    )


# ---------------------------------------------------------------- positions


def _changes(
    base: Program, draft: Program, case: Case, assumptions: Assumptions, actions: Sequence[str]
) -> Iterator[tuple[str, Change, str, str]]:
    before, after = (_alive(p, case, assumptions, actions) for p in (base, draft))
    vocabulary = base.vocabulary
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            yield key, "appears", "", _said(new, vocabulary, _TOLD)
        elif new is None and old is not None:
            yield key, "vanishes", _said(old, vocabulary, _TOLD), ""
        elif old is not None and new is not None:
            told = [f for f in _FIELDS if _part(old, f, vocabulary) != _part(new, f, vocabulary)]
            sides = _said(old, vocabulary, told), _said(new, vocabulary, told)
            if not told and old.due != new.due:
                sides = f"due {describe(old.due)}", f"due {describe(new.due)}"
            if sides != ("", ""):
                yield key, "changes", *sides


def _alive(
    program: Program, case: Case, assumptions: Assumptions, actions: Sequence[str]
) -> dict[str, Position]:
    """The positions that are alive in a case, may be, or wait for their finding."""
    answer = evaluate_regime(program, case, None, assumptions, with_reasons=False)
    asleep = DORMANT - {"awaiting"}
    return {
        position.key: position
        for position in answer.positions
        if set(position.possible) - asleep
        and (not actions or set(position.clause.actions) & set(actions))
    }


def _said(position: Position, vocabulary: Vocabulary, fields: Sequence[str]) -> str:
    return ", ".join(part for f in fields if (part := _part(position, f, vocabulary)))


def _part(position: Position, name: str, vocabulary: Vocabulary) -> str:
    clause = position.clause
    match name:
        case "status":
            return position.status
        case "modality":
            return clause.modality.replace("_", " ")
        case "due":
            return clause.deadline.said if clause.deadline is not None else ""
    levels = {vocabulary.all_actions[action].level for action in clause.actions}
    return " or ".join(sorted(level for level in levels if level))


# ---------------------------------------------------------------- what is shared


def _movements(
    base: Program,
    draft: Program,
    others: Sequence[Program],
    day: Interval | None,
    actions: Sequence[str],
    *,
    scale: Scale,
    gates: Gates,
) -> Iterator[Movement]:
    if not others or not base.clauses or not draft.clauses:
        return
    named = replace(draft, name=f"{draft.name} (draft)") if draft.name == base.name else draft
    space, regimes, _ = prepared([base, named, *others], day)
    commitments = Commitments(space, scale, gates)
    for action in [a for a in space.vocabulary.all_actions if not actions or a in actions]:
        for forbidding in (False, True):
            yield from _moved(commitments, regimes, action, forbidding=forbidding)


def _moved(
    commitments: Commitments, regimes: Sequence[Regime], action: str, *, forbidding: bool
) -> Iterator[Movement]:
    base, draft, *others = regimes
    if not competent(base.program, action):
        return
    space, scale = commitments.space, commitments.scale
    ladder = scale.forbidding if forbidding else scale.commanding
    old, new = (commitments.node(r, action, forbidding=forbidding) for r in (base, draft))
    if old == new:
        return
    rest = [
        commitments.node(r, action, forbidding=forbidding)
        for r in others
        if competent(r.program, action)
    ]
    for count in range(1, len(rest) + 2):
        before, after = (
            shares_of(space, kth(space, [own, *rest], count), ladder) for own in (old, new)
        )
        if before != after:
            name: Literal["commanding", "forbidding"] = "forbidding" if forbidding else "commanding"
            yield Movement(action, name, count, before, after)
