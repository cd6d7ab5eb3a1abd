"""Regimes compared case by case: what each commits to in real or supposed cases.

On the merits, as over situations: a rule that waits for its finding is a weaker commitment
(or as `gates` says). What is not known of a case leaves a commitment open between two rungs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

from normrules.analysis.regimes import newest_law
from normrules.analysis.scale import (
    Gates,
    Scale,
    check_actions,
    competent,
    modality_for,
    same_vocabulary,
)
from normrules.core.case import Case
from normrules.core.evaluation import Position, RegimeAnswer, Status
from normrules.core.problem import NormrulesError
from normrules.core.program import Program
from normrules.core.time import Interval
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import DORMANT, evaluate_regime

#: How the first of two regimes compares with the second in one case.
InCase = Literal["stricter", "less strict", "equal", "cannot tell", "not bound"]
IN_CASE: tuple[InCase, ...] = get_args(InCase)
LawOf = Interval | Literal["case"] | None


@dataclass(frozen=True, slots=True)
class Stance:
    """The rungs between which a regime's commitment lies in a case; the same where known.

    `bound` is false where the regime surely does not bind the state.
    """

    least: str
    most: str
    bound: bool = True

    @property
    def known(self) -> bool:
        """Whether the commitment is known."""
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class PastRow:
    """The cases in which all regimes stand alike."""

    stances: Mapping[str, Stance]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastAction:
    """One action over the cases; `below` and `lost` count the cases of each regime's gaps.

    Of a regime: in which cases another surely commits to more, and in which it surely commits
    to more than all share.
    """

    action: str
    ladder: Literal["commanding", "forbidding"]
    left_out: tuple[str, ...]
    rows: tuple[PastRow, ...]
    below: Mapping[str, tuple[str, ...]]
    lost: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PastPair:
    """Two regimes over the cases: in which the first is what, on one action."""

    first: str
    second: str
    action: str
    cases: Mapping[InCase, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Past:
    """Regimes compared over cases, under the law of a day or (None) of each case's own."""

    cases: tuple[str, ...]
    law: Interval | None
    bound: bool
    actions: tuple[PastAction, ...]
    pairs: tuple[PastPair, ...]


def compare_past(
    programs: Sequence[Program],
    cases: Sequence[Case],
    *,
    law: LawOf = None,
    actions: Sequence[str] = (),
    scale: Scale | None = None,
    gates: Gates = "strength",
    bound: bool = False,
    watch: Callable[[Sequence[Case]], Iterable[Case]] = iter,
) -> Past:
    """Compare regimes over cases, seen by `watch` one by one.

    `law` is the newest law by default, or "case": the law of the days of each case. With
    `bound`, only regimes that bind a case's state commit to anything in it. Raises
    NormrulesError for fewer than two regimes, no case, other vocabularies, unknown actions.
    """
    once = list({program.name: program for program in programs}.values())
    same_vocabulary(once)
    _comparable(once, cases, actions)
    day = newest_law(once) if law is None else None if law == "case" else law
    judge = _Judge(scale or Scale(), gates, Assumptions(day, bound=not bound))
    found = {case.id: [judge.stances(program, case) for program in once] for case in watch(cases)}
    spoken = {key for each in found.values() for stances in each for key in stances}
    ladders = [
        (action, forbidding)
        for action in once[0].vocabulary.all_actions
        for forbidding in (False, True)
        if (action, forbidding) in spoken and (not actions or action in actions)
    ]
    tables = [_action(once, found, key, judge.scale) for key in ladders]
    pairs = [pair for table in tables for pair in _pairs(table, judge.scale)]
    return Past(tuple(found), day, bound, tuple(tables), tuple(pairs))


def _comparable(programs: Sequence[Program], cases: Sequence[Case], actions: Sequence[str]) -> None:
    if len(programs) < 2:
        raise NormrulesError("a comparison needs at least two regimes")
    if not cases:
        raise NormrulesError("there is no case to compare over")
    check_actions(actions, programs[0].vocabulary)


Key = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class _Judge:
    """Reads stances off positions."""

    scale: Scale
    gates: Gates
    assumptions: Assumptions

    def stances(self, program: Program, case: Case) -> Mapping[Key, Stance]:
        """To what a regime commits in a case, by action; what is not named is nothing."""
        answer = evaluate_regime(program, case, None, self.assumptions, with_reasons=False)
        rungs: dict[Key, list[tuple[int, int]]] = {}
        for position in answer.positions:
            for key, span in self._rungs(position, answer):
                rungs.setdefault(key, []).append(span)
        bound = self._bound(program, case)
        return {key: self._stance(key, spans, bound=bound) for key, spans in rungs.items()}

    def _bound(self, program: Program, case: Case) -> bool:
        """Whether the regime is not surely without force for the state."""
        name = program.rulebook.members
        if self.assumptions.bound or name is None:
            return True
        return program.registers[name].bound(case.country, case.opening.time) is not False

    def _rungs(
        self, position: Position, answer: RegimeAnswer
    ) -> Iterator[tuple[Key, tuple[int, int]]]:
        vocabulary = answer.program.vocabulary
        for action in vocabulary.all_actions:
            modality = modality_for(position.clause, action, vocabulary)
            if modality is None:
                continue
            waits = position.clause.upon is not None
            rungs = [self._rung(modality, status, waits=waits) for status in position.possible]
            yield (action, modality.endswith("_not")), (min(rungs), max(rungs))

    def _rung(self, modality: str, status: Status, *, waits: bool) -> int:
        """On the merits a rule that waits is as strong before its finding as after it."""
        if status in DORMANT and (status != "awaiting" or self.gates == "closed"):
            return 0
        weaker = waits and self.gates == "strength" and modality not in ("may", "discretion")
        return self.scale.rung(f"{modality}_upon" if weaker else modality)

    def _stance(self, key: Key, spans: list[tuple[int, int]], *, bound: bool) -> Stance:
        ladder = ladder_of(self.scale, forbidding=key[1])
        least, most = max(lo for lo, _ in spans), max(hi for _, hi in spans)
        return Stance(ladder[least], ladder[most]) if bound else Stance("none", "none", bound=False)


def ladder_of(scale: Scale, *, forbidding: bool) -> tuple[str, ...]:
    """The ladder of commands or of prohibitions."""
    return scale.forbidding if forbidding else scale.commanding


def _stance_on(key: Key, stances: Mapping[Key, Stance]) -> Stance:
    """A regime's stance; on what it does not speak of it commits to nothing, where it binds."""
    bound = all(stance.bound for stance in stances.values())
    return stances.get(key, Stance("none", "none", bound))


def _action(
    programs: Sequence[Program],
    found: Mapping[str, Sequence[Mapping[Key, Stance]]],
    key: Key,
    scale: Scale,
) -> PastAction:
    action, forbidding = key
    counted = [i for i, program in enumerate(programs) if competent(program, action)]
    rows: dict[tuple[tuple[str, Stance], ...], list[str]] = {}
    for case, stances in found.items():
        row = tuple((programs[i].name, _stance_on(key, stances[i])) for i in counted)
        rows.setdefault(row, []).append(case)
    table = tuple(
        PastRow(dict(row), tuple(cases))
        for row, cases in sorted(rows.items(), key=lambda item: -len(item[1]))
    )
    return PastAction(
        action,
        "forbidding" if forbidding else "commanding",
        tuple(p.name for i, p in enumerate(programs) if i not in counted),
        table,
        _cases_where(table, scale, lambda own, others: any(own[1] < o[0] for o in others)),
        _cases_where(table, scale, lambda own, others: any(own[0] > o[1] for o in others)),
    )


Span = tuple[int, int]


def _cases_where(
    rows: Sequence[PastRow], scale: Scale, holds: Callable[[Span, Sequence[Span]], bool]
) -> dict[str, tuple[str, ...]]:
    """Per regime, the cases in which its rungs stand so to those of the other bound regimes."""
    found: dict[str, list[str]] = {name: [] for row in rows for name in row.stances}
    for row in rows:
        spans = {
            name: (scale.rung(stance.least), scale.rung(stance.most))
            for name, stance in row.stances.items()
            if stance.bound
        }
        for name, own in spans.items():
            if holds(own, [span for other, span in spans.items() if other != name]):
                found[name] += row.cases
    return {name: tuple(cases) for name, cases in found.items()}


def _pairs(table: PastAction, scale: Scale) -> Iterator[PastPair]:
    names = list(table.rows[0].stances) if table.rows else []
    for first, second in combinations(names, 2):
        cases: dict[InCase, list[str]] = {verdict: [] for verdict in IN_CASE}
        for row in table.rows:
            cases[_in_case(row.stances[first], row.stances[second], scale)] += row.cases
        kept = {verdict: tuple(named) for verdict, named in cases.items()}
        yield PastPair(first, second, table.action, kept)


def _in_case(a: Stance, b: Stance, scale: Scale) -> InCase:
    if not (a.bound and b.bound):
        return "not bound"
    if scale.rung(a.least) > scale.rung(b.most):
        return "stricter"
    if scale.rung(a.most) < scale.rung(b.least):
        return "less strict"
    return "equal" if a.known and b.known else "cannot tell"
