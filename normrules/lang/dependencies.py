"""What each trigger, outcome and fact of a rulebook hangs on; a circle has no meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from normrules.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    Deadline,
    FactHolds,
    Later,
    RuleState,
)
from normrules.core.program import Clause, FactClause

Node = tuple[str, str]


def dependencies(
    clauses: Mapping[str, Clause], facts: Mapping[str, tuple[FactClause | Clause, ...]]
) -> dict[Node, set[Node]]:
    """What each trigger, outcome and fact hangs on."""
    graph: dict[Node, set[Node]] = {}
    for clause in clauses.values():
        trigger: Node = ("trigger", clause.id)
        graph[trigger] = {("trigger", other) for other in clause.overridden_by}
        graph[trigger].update(references(clause.when, clause.upon, clause.unless))
        deadline = clause.deadline or Deadline()
        outcome: Node = ("outcome", clause.id)
        graph[outcome] = {
            trigger,
            *references(clause.until, deadline.counted_from, deadline.before),
        }
    for fact, parts in facts.items():
        graph[("fact", fact)] = {node for part in parts for node in _fact_needs(part)}
    return graph


def _fact_needs(part: FactClause | Clause) -> Iterator[Node]:
    if isinstance(part, Clause):
        yield ("trigger", part.id)
    else:
        yield from references(part.when, part.unless)


def references(*conditions: Condition | None) -> Iterator[Node]:
    """The triggers, outcomes and facts that conditions name."""
    for condition in conditions:
        match condition:
            case FactHolds(fact=fact):
                yield ("fact", fact)
            case RuleState(state="triggered", rule=rule):
                yield ("trigger", rule)
            case RuleState(rule=rule):
                yield ("outcome", rule)
            case AllOf(parts=parts, barring=barring):
                yield from references(*parts, *barring)
            case AnyOf(parts=parts):
                yield from references(*parts)
            case Later(part=part):
                yield from references(part)
