"""The order of commitments, and each regime's strongest one as a function of the situation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Literal

from normrules.analysis.diagrams import Diagrams, Node
from normrules.analysis.regimes import Regime, newest_law, regime_on
from normrules.analysis.situations import Space
from normrules.core.problem import NormrulesError, did_you_mean
from normrules.core.program import Clause, Program
from normrules.core.time import Interval, TimeLimit
from normrules.core.vocabulary import Vocabulary

Gates = Literal["open", "closed", "strength"]
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


@dataclass(frozen=True, eq=False)
class Commitments:
    """Each regime's strongest commitment to each action, as a function of the situation."""

    space: Space
    scale: Scale
    gates: Gates
    where: Node | None = None
    _nodes: dict[object, Node] = field(default_factory=dict, init=False, repr=False)
    _clauses: dict[str, Mapping[tuple[str, bool], list[tuple[Clause, int]]]] = field(
        default_factory=dict, init=False, repr=False
    )

    def node(
        self,
        regime: Regime,
        action: str,
        *,
        forbidding: bool = False,
        limits: Sequence[TimeLimit] = (),
    ) -> Node:
        """The rung of a regime's strongest commitment, at every situation.

        With `limits` (longest first), rungs are told apart by time limits too: the value is
        rung * (number of limits + 1) + the place of the limit, 0 without one.
        """
        key = (regime.name, action, forbidding, tuple(limits))
        if key not in self._nodes:
            self._nodes[key] = self._node(regime, action, limits, forbidding=forbidding)
        return self._nodes[key]

    def _node(
        self, regime: Regime, action: str, limits: Sequence[TimeLimit], *, forbidding: bool
    ) -> Node:
        d = self.space.diagrams
        closed, size = self.gates == "closed", len(limits) + 1
        parts = [
            d.times(self.space.trigger(regime, clause, closed=closed), value)
            for clause, value in self.values(regime, action, limits, forbidding=forbidding)
        ]
        top = max(len(self.scale.commanding), len(self.scale.forbidding)) * size
        return d.both(reduce(d.greatest, parts, d.false), d.times(self.asked, top))

    def values(
        self, regime: Regime, action: str, limits: Sequence[TimeLimit], *, forbidding: bool
    ) -> list[tuple[Clause, int]]:
        """The rules that commit to an action, each with the value of `node` that it gives."""
        committing = self.committing(regime, action, forbidding=forbidding)
        size = len(limits) + 1
        return [(clause, rung * size + _place(clause, limits)) for clause, rung in committing]

    def words(self, value: int, limits: Sequence[TimeLimit], *, forbidding: bool) -> str:
        """What a value of `node` says: the commitment, and its time limit if it has one."""
        rung, place = divmod(value, len(limits) + 1)
        ladder = self.scale.forbidding if forbidding else self.scale.commanding
        return f"{ladder[rung]} within {limits[place - 1].words()}" if place else ladder[rung]

    def limits(self, regimes: Iterable[Regime], action: str) -> list[TimeLimit]:
        """The time limits that run from the triggers of rules on an action, longest first."""
        found = {
            limit
            for regime in regimes
            for forbidding in (False, True)
            for clause, _ in self.committing(regime, action, forbidding=forbidding)
            if (limit := plain_limit(clause)) is not None
        }
        return sorted(found, key=lambda limit: limit.after(0), reverse=True)

    @property
    def asked(self) -> Node:
        """The situations that are compared."""
        valid = self.space.valid
        return valid if self.where is None else self.space.diagrams.both(valid, self.where)

    def committing(
        self, regime: Regime, action: str, *, forbidding: bool = False
    ) -> Sequence[tuple[Clause, int]]:
        """The rules that commit to an action (or forbid its opposite), with their rungs."""
        return self._committing(regime).get((action, forbidding), ())

    def _committing(self, regime: Regime) -> Mapping[tuple[str, bool], list[tuple[Clause, int]]]:
        """The same for every action."""
        if regime.name not in self._clauses:
            found: dict[tuple[str, bool], list[tuple[Clause, int]]] = {}
            for clause in regime.clauses.values():
                for action in self.space.vocabulary.all_actions:
                    modality = modality_for(clause, action, self.space.vocabulary)
                    if modality is not None:
                        key = action, modality.endswith("_not")
                        rung = self.scale.rung(self._gated(modality, clause))
                        found.setdefault(key, []).append((clause, rung))
            self._clauses[regime.name] = found
        return self._clauses[regime.name]

    def _gated(self, modality: str, clause: Clause) -> str:
        waits = clause.upon is not None and self.gates == "strength"
        return f"{modality}_upon" if waits and modality not in ("may", "discretion") else modality


def plain_limit(clause: Clause) -> TimeLimit | None:
    """The time limit that runs from a duty's own trigger; of a vague one the longer end."""
    deadline = clause.deadline
    if deadline is None or deadline.within is None or deadline.counted_from is not None:
        return None
    return None if deadline.set_by is not None or clause.forbids else deadline.within[1]


def _place(clause: Clause, limits: Sequence[TimeLimit]) -> int:
    limit = plain_limit(clause)
    return limits.index(limit) + 1 if limit is not None and limit in limits else 0


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
    programs: Sequence[Program],
    law: Interval | None,
    algebra: Callable[[Sequence[int]], Any] = Diagrams,
) -> tuple[Space, tuple[Regime, ...], Interval]:
    """The regimes that are compared, each once, and their situations.

    Raises NormrulesError for different vocabularies.
    """
    once = list({program.name: program for program in programs}.values())
    same_vocabulary(once)
    day = law or newest_law(once)
    regimes = tuple(regime_on(program, day) for program in once)
    return Space(regimes, algebra), regimes, day


def check_actions(actions: Iterable[str], vocabulary: Vocabulary) -> None:
    """Refuse actions that a vocabulary does not know. Raises NormrulesError with near ones."""
    for action in actions:
        if action not in vocabulary.all_actions:
            near = did_you_mean(action, vocabulary.all_actions, "there are")
            raise NormrulesError(f"there is no action `{action}`: {near}")


def too_few(what: str, silent: Sequence[str]) -> NormrulesError:
    """The complaint that fewer than two regimes with rules are left to compare."""
    without = f"; without a rule: {', '.join(silent)}" if silent else ""
    return NormrulesError(f"{what} needs at least two regimes with rules{without}")


def same_vocabulary(programs: Sequence[Program]) -> None:
    """Check that regimes share a vocabulary. Raises NormrulesError with the words they lack."""
    first = programs[0]
    for other in programs[1:]:
        if other.vocabulary == first.vocabulary:
            continue
        one, two = _words(first.vocabulary), _words(other.vocabulary)
        said = [
            f"{name} lacks {', '.join(sorted(missing)[:8])}{' and more' * (len(missing) > 8)}"
            for name, missing in ((first.name, two - one), (other.name, one - two))
            if missing
        ]
        raise NormrulesError(
            f"`{first.name}` and `{other.name}` use different vocabularies "
            f"({first.vocabulary.vocabulary}, {other.vocabulary.vocabulary}): "
            + ("; ".join(said) or "their words are the same and differ in meaning")
        )


def _words(vocabulary: Vocabulary) -> set[str]:
    """The types of events, the actions, the bodies and the facts of a vocabulary."""
    acts = {*vocabulary.all_actions, *vocabulary.attributes}
    return acts | {*vocabulary.bodies, *vocabulary.facts}
