"""The strongest commitment that all regimes share in one case. Section 9 of the language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from normrules.core.evaluation import Position, RegimeAnswer
from normrules.core.vocabulary import Vocabulary

#: From weakest to strongest; prohibitions are an order of their own.
POSITIVE = ("none", "discretion", "may", "should", "must")
NEGATIVE = ("none", "should_not", "must_not")


@dataclass(frozen=True, slots=True)
class Shared:
    """What all counted regimes share on one action.

    `undetermined` names the regimes whose part is not known; `left_out` those that have no
    competence for the action's track.
    """

    action: str
    commitment: str
    undetermined: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommonDenominator:
    """The lowest common denominator of regimes in one case, action by action."""

    regimes: tuple[str, ...]
    not_bound: tuple[str, ...]
    without_rules: tuple[str, ...]
    shared: tuple[Shared, ...]

    def plain(self) -> dict[str, object]:
        """The denominator as data for JSON."""
        return {
            "regimes": list(self.regimes),
            "not_bound": list(self.not_bound),
            "without_rules": list(self.without_rules),
            "shared": [
                {
                    "action": s.action,
                    "commitment": s.commitment,
                    "undetermined": list(s.undetermined),
                    "left_out": list(s.left_out),
                }
                for s in self.shared
            ],
        }


def denominator(answers: Sequence[RegimeAnswer]) -> CommonDenominator:
    """The lowest common denominator over the positions that are surely triggered."""
    without = tuple(a.program.name for a in answers if not a.program.clauses)
    ruled = [a for a in answers if a.program.clauses]
    bound = [a for a in ruled if not _unbound(a)]
    outside = tuple(a.program.name for a in ruled if _unbound(a))
    names = tuple(a.program.name for a in bound)
    shared = tuple(_shared(bound)) if bound else ()
    return CommonDenominator(names, outside, without, shared)


def _unbound(answer: RegimeAnswer) -> bool:
    """Whether the regime surely does not bind the state in any rule the case touches."""
    touched = {p.status for p in answer.positions} - {"not_triggered"}
    return bool(touched) and touched <= {"not_bound", "not_in_force"}


def _shared(answers: Sequence[RegimeAnswer]) -> Iterator[Shared]:
    vocabulary = answers[0].program.vocabulary
    strengths = {a.program.name: _strengths(a, vocabulary) for a in answers}
    actions = {action for sure_possible in strengths.values() for action in sure_possible}
    for action in [name for name in vocabulary.all_actions if name in actions]:
        counted = [a for a in answers if _competent(a, action, vocabulary)]
        left_out = tuple(a.program.name for a in answers if a not in counted)
        if not counted:
            continue
        for ladder in (POSITIVE, NEGATIVE):
            levels = [_levels(strengths[a.program.name].get(action), ladder) for a in counted]
            sure = min(low for low, _ in levels)
            possible = min(high for _, high in levels)
            if possible > 0:
                open_ = [
                    a.program.name
                    for a, (low, high) in zip(counted, levels, strict=True)
                    if low < possible
                ]
                yield Shared(
                    action, ladder[sure], tuple(open_) if sure < possible else (), left_out
                )


def _levels(found: tuple[set[str], set[str]] | None, ladder: tuple[str, ...]) -> tuple[int, int]:
    """The sure and the possible rung of a regime on a ladder."""
    if found is None:
        return 0, 0
    sure, possible = ([ladder.index(m) for m in group if m in ladder] for group in found)
    return max(sure, default=0), max([*sure, *possible], default=0)


def _competent(answer: RegimeAnswer, action: str, vocabulary: Vocabulary) -> bool:
    competence = answer.program.rulebook.competence
    track = vocabulary.all_actions[action].track
    return not competence or track is None or track in competence


def _strengths(
    answer: RegimeAnswer, vocabulary: Vocabulary
) -> Mapping[str, tuple[set[str], set[str]]]:
    """For each action, the modalities surely and possibly in force."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for position in answer.positions:
        for action, modality in _commits(position, vocabulary):
            sure, possible = found.setdefault(action, (set(), set()))
            if position.surely_triggered:
                sure.add(modality)
            elif set(position.possible) - _DORMANT:
                possible.add(modality)
    return found


_DORMANT = {"not_triggered", "awaiting", "defeated", "not_in_force", "not_bound"}


def _commits(position: Position, vocabulary: Vocabulary) -> Iterable[tuple[str, str]]:
    """The actions a position commits to; forbearing from one action may be doing another."""
    clause = position.clause
    if clause.effect is not None:
        return
    for action in clause.actions:
        yield action, clause.modality
        if clause.forbids:
            for name, kind in vocabulary.actions.items():
                if kind.forbears == action:
                    yield name, clause.modality.removesuffix("_not")
