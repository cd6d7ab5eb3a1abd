"""How far the rules of a regime are legalized: obligation, precision, delegation.

After Abbott, Keohane, Moravcsik, Slaughter and Snidal 2000, The Concept of Legalization. Each rule
is judged low, moderate or high on each dimension by the criteria of docs/legalization.md; a
regime has the level that at least half of its rules reach. The counts are always given with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from normrules.core.condition import AllOf, AnyOf, Condition, Found, Later
from normrules.core.program import Clause, Program
from normrules.core.rulebook import Decision, Force

Level = Literal["low", "moderate", "high"]
LEVELS: tuple[Level, ...] = ("low", "moderate", "high")
#: Organs that do not consist of the members' governments, and those that do.
INDEPENDENT = ("secretariat", "officer", "court")
STATES = ("members",)

_DUTIES = ("must", "must_not", "effect")
_ADVICE = ("should", "should_not")
#: By legal force: what a duty weighs, and what advice does. A permission obliges nobody.
_OBLIGATION: Mapping[Force, tuple[Level, Level]] = {
    "binding": ("high", "moderate"),
    "internal": ("moderate", "low"),
    "political": ("moderate", "low"),
    "none": ("low", "low"),
}


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension: its level, the level of each rule, and the counts it rests on.

    `level` is None where there is no rule.
    """

    name: str
    level: Level | None
    rules: Mapping[str, Level]
    counts: Mapping[str, int]

    def tally(self) -> dict[Level, int]:
        """How many rules are at each level."""
        counted = Counter(self.rules.values())
        return {level: counted[level] for level in LEVELS}

    def plain(self) -> dict[str, Any]:
        """The dimension as data for JSON."""
        return {
            "level": self.level,
            "rules_at": self.tally(),
            "counts": dict(self.counts),
            "rules": dict(self.rules),
        }


@dataclass(frozen=True, slots=True)
class Profile:
    """The legalization of a regime, dimension by dimension; they are not added up."""

    obligation: Dimension
    precision: Dimension
    delegation: Dimension

    def plain(self) -> dict[str, Any]:
        """The profile as data for JSON."""
        return {d.name: d.plain() for d in (self.obligation, self.precision, self.delegation)}


def legalization(program: Program, clauses: Sequence[Clause] | None = None) -> Profile:
    """The profile of a regime, or of some of its rules. A reparation counts with its rule."""
    chosen = program.clauses.values() if clauses is None else clauses
    rules = [clause for clause in chosen if not clause.id.endswith(".otherwise")]
    return Profile(
        _obligation(program, rules), _precision(program, rules), _delegation(program, rules)
    )


def _dimension(name: str, rules: Mapping[str, Level], counts: Iterable[str]) -> Dimension:
    return Dimension(name, _reached(list(rules.values())), rules, dict(Counter(counts)))


def _reached(levels: Sequence[Level]) -> Level | None:
    """The highest level that at least half of the rules reach.

    >>> _reached(["low", "high"]), _reached(["low", "low", "high"]), _reached([])
    ('high', 'low', None)
    """
    if not levels:
        return None
    ranks = sorted((LEVELS.index(level) for level in levels), reverse=True)
    return LEVELS[ranks[(len(ranks) - 1) // 2]]


# -------------------------------------------------------------------- obligation


def _obligation(program: Program, rules: Sequence[Clause]) -> Dimension:
    levels = {clause.id: obligation(program, clause) for clause in rules}
    return _dimension("obligation", levels, (_weight(program, clause) for clause in rules))


def obligation(program: Program, clause: Clause) -> Level:
    """How much a rule obliges: its verb and the legal force of its instrument."""
    duty, advice = _OBLIGATION[_force(program, clause)]
    if clause.modality in _DUTIES:
        return duty
    return advice if clause.modality in _ADVICE else "low"


def _force(program: Program, clause: Clause) -> Force:
    return program.laws[clause.source.instrument].instrument.force


def _weight(program: Program, clause: Clause) -> str:
    force = _force(program, clause)
    said = "without legal force" if force == "none" else force
    kind = "duty" if clause.modality in _DUTIES else "advice"
    return f"{said} {'permission' if clause.permits else kind}"


# -------------------------------------------------------------------- precision


def _precision(program: Program, rules: Sequence[Clause]) -> Dimension:
    faults = {clause.id: list(vagueness(program, clause)) for clause in rules}
    levels = {clause.id: _precise(clause, faults[clause.id]) for clause in rules}
    dated = (_timing(clause) for clause in rules)
    counts = [*(fault for found in faults.values() for fault in found), *(x for x in dated if x)]
    return _dimension("precision", levels, counts)


def precision(program: Program, clause: Clause) -> Level:
    """How precise a rule is: nothing vague is high, one thing moderate, more or a choice low."""
    return _precise(clause, list(vagueness(program, clause)))


def _precise(clause: Clause, faults: Sequence[str]) -> Level:
    if clause.modality == "discretion":
        return "low"
    return LEVELS[2 - min(len(faults), 2)]


def vagueness(program: Program, clause: Clause) -> Iterator[str]:
    """What a rule leaves open: the measure, the condition, the time, or its own reading."""
    if clause.modality == "discretion":
        yield "choice of measure open"
    if _is_open(clause):
        yield "condition needs a finding or a vague time"
    if _timing(clause) in ("deadline vague", "deadline set by a body", "duty without deadline"):
        yield "time open"
    if contested(program, clause):
        yield "reading disputed"


def _timing(clause: Clause) -> str | None:
    """What a rule says of time; None if it has no need to."""
    deadline, every = clause.deadline, clause.every
    if every is not None:
        return "deadline exact" if every[0] == every[1] else "deadline vague"
    if deadline is None:
        needs = clause.modality in ("must", "should") and not clause.continuing
        return "duty without deadline" if needs else None
    if deadline.set_by is not None:
        return "deadline set by a body"
    vague = deadline.within is not None and deadline.within[0] != deadline.within[1]
    return "deadline vague" if vague and deadline.no_later_than is None else "deadline exact"


def _is_open(clause: Clause) -> bool:
    """Whether a body must judge before the rule bites, or a vague time must pass."""
    conditions = [c for c in (clause.when, clause.upon, clause.unless) if c is not None]
    return any(
        isinstance(part, Found) or (isinstance(part, Later) and part.limit[0] != part.limit[1])
        for condition in conditions
        for part in parts(condition)
    )


def parts(condition: Condition) -> Iterator[Condition]:
    """A condition with all that it is made of."""
    yield condition
    match condition:
        case AllOf(parts=inner, barring=barring):
            for part in (*inner, *barring):
                yield from parts(part)
        case AnyOf(parts=inner):
            for part in inner:
                yield from parts(part)
        case Later(part=part):
            yield from parts(part)


def contested(program: Program, clause: Clause) -> bool:
    """Whether a reading adds, replaces or removes the rule."""
    return any(
        clause.id in {*option.remove, *(rule.id for rule in (*option.add, *option.replace))}
        for reading in program.rulebook.readings.values()
        for option in reading.options
    )


# -------------------------------------------------------------------- delegation


def _delegation(program: Program, rules: Sequence[Clause]) -> Dimension:
    borne = [clause for clause in rules if clause.bearer is not None]
    levels = {clause.id: delegation(program, clause) for clause in borne}
    counts = [holder(program, clause) for clause in borne]
    counts += [judge for clause in borne if (judge := finder(clause)) is not None]
    return _dimension("delegation", levels, counts)


def delegation(program: Program, clause: Clause) -> Level:
    """How far a rule is out of the states' own hands: who decides, and who finds.

    One step lower if it waits for a finding of the bearer's own, one higher for another's.
    """
    step = {"finding of its own": -1, "finding of another body": 1}.get(finder(clause) or "", 0)
    return LEVELS[min(max(_HELD[holder(program, clause)] + step, 0), 2)]


_STATES = "states or parties themselves"
_BLOCKED = "organ of members, each can block"
_BY_VOTE = "organ of members, by vote"
_UNSAID = "organ of members, vote not stated"
_INDEPENDENT = "independent organ"
#: In whose hands a rule can be, and the rank of the level that it has so.
_HELD = {_STATES: 0, _BLOCKED: 0, _BY_VOTE: 1, _UNSAID: 1, _INDEPENDENT: 2}


def holder(program: Program, clause: Clause) -> str:
    """In whose hands a rule is: states, an organ of theirs and how it decides, or another."""
    roles = _roles(program, clause)
    if not roles or any(role in STATES for role in roles):
        return _STATES
    if all(role in INDEPENDENT for role in roles):
        return _INDEPENDENT
    if clause.decided_by is None:
        return _UNSAID
    return _BLOCKED if _can_block(clause.decided_by) else _BY_VOTE


def _roles(program: Program, clause: Clause) -> set[str]:
    """The roles of the bodies that bear a rule; none of states, authorities or perpetrators."""
    bodies = program.vocabulary.bodies
    named = clause.bearer.bodies if clause.bearer is not None else frozenset()
    if not named or any(name not in bodies for name in named):
        return set()
    return {bodies[name].role or "organ" for name in named}


def _can_block(decision: Decision) -> bool:
    """Whether one member can hold the decision up for good."""
    if decision.veto is not None:
        return True
    blocks = decision.rule in ("consensus", "unanimity")
    return blocks and (decision.else_ is None or _can_block(decision.else_))


def finder(clause: Clause) -> str | None:
    """Whose finding a rule waits for: the bearer's own, or (if there is any) another body's."""
    found = [part for part in parts(clause.upon) if isinstance(part, Found)] if clause.upon else []
    if not found:
        return None
    own = clause.bearer.bodies if clause.bearer is not None else frozenset()
    return "finding of its own" if all(f.by & own for f in found) else "finding of another body"
