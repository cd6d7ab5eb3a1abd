"""What the cases of a rulebook should show: every part of every rule making a difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from normrules.core.condition import (
    AllOf,
    AnyOf,
    Between,
    Condition,
    EventPattern,
    FactHolds,
    Found,
    Later,
    Occurs,
    OneOf,
    RuleState,
    Standing,
    StateIs,
    Test,
)
from normrules.core.condition import Counted as CountedEvents
from normrules.core.program import Clause, FactClause, Program
from normrules.core.vocabulary import Vocabulary
from normrules.core.wording import plain
from normrules.lang.expectations import statuses_of

Kind = Literal[
    "rule",
    "condition",
    "exception",
    "definition",
    "finding",
    "outcome",
    "deadline",
    "threshold",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing that a case should show of a rule or definition.

    `what` is a status, a rule that overrides, or which side; `atom` the number of a part of a
    condition in `part` (`when`, `unless` and so on).
    """

    kind: Kind
    owner: str
    what: str
    part: str = ""
    atom: int = -1
    says: str = ""


#: The part of a rule that says how an act is to be done.
MANNER = "with"
#: Outcomes that say nothing of what becomes of a rule once it is alive.
_BEFORE = frozenset(
    {"not_triggered", "awaiting", "defeated", "not_in_force", "not_bound", "undetermined"}
)


def goals(program: Program) -> list[Goal]:
    """Everything that the cases of a rulebook should show."""
    found: dict[Goal, None] = {}
    for clause in program.clauses.values():
        found.update(dict.fromkeys(rule_goals(clause, program.vocabulary)))
    for parts in program.facts.values():
        for part in parts:
            if isinstance(part, FactClause):
                found.update(dict.fromkeys(definition_goals(part, program.vocabulary)))
    return list(found)


def conditions(owner: Clause | FactClause) -> Mapping[str, Condition]:
    """The conditions of a rule or definition, by the key at which they stand."""
    named = {"when": owner.when, "unless": owner.unless}
    if isinstance(owner, Clause):
        deadline = owner.deadline
        named |= {"upon": owner.upon, "until": owner.until}
        named |= (
            {"counted_from": deadline.counted_from, "before": deadline.before} if deadline else {}
        )
    return {part: condition for part, condition in named.items() if condition is not None}


def atoms(condition: Condition) -> list[Condition]:
    """The parts of a condition that are no combinations, in order of the text."""
    return list(_atoms(condition))


def _atoms(condition: Condition) -> Iterator[Condition]:
    match condition:
        case AllOf(parts=parts, barring=barring):
            for part in (*parts, *barring):
                yield from _atoms(part)
        case AnyOf(parts=parts):
            for part in parts:
                yield from _atoms(part)
        case Occurs() | Found() | FactHolds() | Later() | CountedEvents() | RuleState():
            yield condition
        case Standing() | StateIs():
            yield condition


def patterns(condition: Condition) -> Iterator[EventPattern]:
    """The patterns of events that a condition asks for."""
    for atom in _atoms(condition):
        match atom:
            case Occurs(pattern=pattern) | Found(pattern=pattern) | CountedEvents(pattern=pattern):
                yield pattern
            case Later(part=part):
                yield from patterns(part)


def rule_goals(clause: Clause, vocabulary: Vocabulary) -> Iterator[Goal]:
    """What cases should show of a rule."""
    yield Goal("rule", clause.id, "alive", says="comes alive")
    yield from _condition_goals(clause.id, conditions(clause), vocabulary)
    for test in clause.manner:
        yield from _threshold_goals(clause.id, MANNER, clause.act, test)
    if clause.unless is not None:
        yield Goal("exception", clause.id, "unless", says="is kept out by its `unless`")
    for rule in clause.overridden_by:
        yield Goal("exception", clause.id, rule, says=f"is overridden by `{rule}`")
    if clause.upon is not None:
        yield Goal("finding", clause.id, "awaited", says="waits for its finding")
        yield Goal("finding", clause.id, "made", says="comes alive once the finding is made")
    for status in statuses_of(clause):
        if status not in _BEFORE and _can_be(clause, status):
            yield Goal("outcome", clause.id, status, says=f"is {plain(status)}")
    if clause.deadline is not None and not clause.permits and not clause.forbids:
        yield Goal("deadline", clause.id, "kept", says="is done by its deadline")
        yield Goal("deadline", clause.id, "missed", says="is not done by its deadline")


def _can_be(clause: Clause, status: str) -> bool:
    """Whether cases should show this status: an end only where the text sets one."""
    return status not in ("lapsed", "expired", "ended") or clause.until is not None


def _condition_goals(
    owner: str, named: Mapping[str, Condition], vocabulary: Vocabulary
) -> Iterator[Goal]:
    for part, condition in named.items():
        for number, atom in enumerate(atoms(condition)):
            words = atom_words(atom)
            for what in ("true", "false"):
                says = f"`{part}`: {words} decides by being {what}"
                yield Goal("condition", owner, what, part, number, says)
            if _can_be_unknown(atom, vocabulary):
                says = f"`{part}`: {words} decides by not being known"
                yield Goal("unknown", owner, "unknown", part, number, says)
        for pattern in patterns(condition):
            for test in pattern.tests:
                yield from _threshold_goals(owner, part, pattern, test)


def _can_be_unknown(atom: Condition, vocabulary: Vocabulary) -> bool:
    """Whether a case can leave it open: by which type of event it was opened is always known."""
    match atom:
        case Occurs(pattern=pattern):
            return bool(pattern.tests) or not all(map(vocabulary.opens, pattern.types))
    return True


def _threshold_goals(owner: str, part: str, pattern: EventPattern, test: Test) -> Iterator[Goal]:
    if isinstance(test.accepts, Between) or _is_threshold(test):
        name = f"{pattern.types[0]}.{test.attribute}"
        for what in ("inside", "outside"):
            says = f"`{part}`: {plain(name)} {test.said} is tried just {what}"
            yield Goal("threshold", owner, f"{what} {name} {test.said}", part, says=says)


def _is_threshold(test: Test) -> bool:
    """Whether a test asks for at least or at most a rung of a ladder."""
    return isinstance(test.accepts, OneOf) and ("at least" in test.said or "at most" in test.said)


def definition_goals(definition: FactClause, vocabulary: Vocabulary) -> Iterator[Goal]:
    """What cases should show of a definition."""
    for what in ("true", "false"):
        yield Goal("definition", definition.id, what, says=f"is {what}")
    yield from _condition_goals(definition.id, conditions(definition), vocabulary)
    if definition.unless is not None:
        yield Goal("exception", definition.id, "unless", says="is kept out by its `unless`")


def atom_words(atom: Condition) -> str:
    """A part of a condition in a few words."""
    match atom:
        case Occurs(pattern=pattern) | CountedEvents(pattern=pattern):
            tests = ", ".join(f"{plain(t.attribute)} {t.said}" for t in pattern.tests)
            return f"{plain(pattern.types[0])}{f' ({tests})' if tests else ''}"
        case Found(pattern=pattern):
            return f"the finding by {plain(', '.join(t.said for t in pattern.tests[:1]))}"
        case FactHolds(fact=fact):
            return f"the fact {plain(fact)}"
        case Later(part=part):
            inner = atoms(part)
            return f"time after {atom_words(inner[0]) if inner else 'the start'}"
        case RuleState(state=state, rule=rule):
            return f"`{rule}` {state}"
        case Standing(register=register):
            return f"membership in {register}"
        case StateIs(test=test):
            return f"the state's {plain(test.attribute)} {test.said}"
    return "it"


def by_kind(found: Sequence[Goal]) -> Mapping[Kind, list[Goal]]:
    """Goals by their kind."""
    sorted_: dict[Kind, list[Goal]] = {}
    for goal in found:
        sorted_.setdefault(goal.kind, []).append(goal)
    return sorted_
