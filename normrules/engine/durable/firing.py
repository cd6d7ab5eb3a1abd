"""A program and a case to positions, by forward chaining in durable-rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from normrules.core.case import Case
from normrules.core.condition import AllOf, AnyOf, Condition
from normrules.core.evaluation import Position, Status
from normrules.core.event import Event
from normrules.core.program import Clause, Program
from normrules.core.time import Instant, Interval
from normrules.core.wording import condition_words
from normrules.engine.durable.chain import Alive, Chain
from normrules.engine.durable.fate import Course, course, finished
from normrules.engine.durable.jurisdiction import Jurisdiction
from normrules.engine.durable.moments import Moment, perhaps_by_then
from normrules.engine.durable.network import OutsideSubset
from normrules.engine.durable.nodes import Became, Fate, Node
from normrules.engine.durable.rulesets import Compiled, compiled
from normrules.engine.durable.session import Session, installed
from normrules.engine.durable.statuses import open_rows

__all__ = ["Fired", "fire", "installed", "run"]

#: Statuses of a rule that did not come alive.
_DORMANT = {"not_triggered", "awaiting", "defeated", "not_in_force", "not_bound"}


@dataclass(frozen=True, eq=False)
class Fired:
    """The positions that durable-rules came to, and the rules that it refused, with the reason."""

    positions: tuple[Position, ...]
    refused: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run: what each node and each rule came to."""

    program: Compiled
    chain: Chain
    courses: Mapping[str, Course] = field(default_factory=dict)


def fire(
    program: Program,
    case: Case,
    horizon: Instant | None = None,
    law_day: Interval | None = None,
    *,
    assume_bound: bool = False,
) -> Fired:
    """The positions of a program in a case; what lies outside the subset is refused."""
    try:
        ran = run(program, case, horizon, law_day, assume_bound=assume_bound)
        positions = tuple(_positions(program, ran))
    except OutsideSubset as reason:
        return Fired((), dict.fromkeys(program.clauses, str(reason)))
    return Fired(positions, ran.program.network.refused)


def run(
    program: Program,
    case: Case,
    horizon: Instant | None = None,
    law_day: Interval | None = None,
    *,
    assume_bound: bool = False,
) -> Run:
    """Tell a case to the rules of a program. Raises OutsideSubset where that can't be done."""
    ready = compiled(program)
    until = case.horizon if horizon is None else horizon
    law = Jurisdiction(program, case, until, law_day, assume_bound=assume_bound)
    with Session(ready) as session:
        chain, courses = Chain(ready, case, until, law, session), {}
        chain.tell_events()
        for node in ready.network.nodes:
            if isinstance(node, Fate):
                courses[node.clause.id] = course(chain, node)
            else:
                chain.note(node, _reckoned(chain, courses, node))
        return Run(ready, chain, courses)


def _reckoned(chain: Chain, courses: Mapping[str, Course], node: Node) -> Moment:
    if isinstance(node, Became):
        whole = courses[node.fate.clause.id]
        return whole.breach if node.breached else finished(whole)
    return chain.reckon(node)


# ---------------------------------------------------------------- positions


def _positions(program: Program, ran: Run) -> Iterator[Position]:
    """The positions inside the subset, in the order of the rulebook."""
    for rule, clause in program.clauses.items():
        fate = ran.program.network.fates.get(rule)
        if fate is None:
            continue
        yield _position(program, ran, clause, _bearer(clause), ran.courses[rule])
        for state in ran.chain.law.acting_states(clause):
            yield _position(program, ran, clause, state, course(ran.chain, fate, state))


def _bearer(clause: Clause) -> str | None:
    if clause.bearer is None:
        return None
    return (" and " if clause.bearer.kind == "jointly" else " or ").join(clause.bearer.names)


def _position(
    program: Program, ran: Run, clause: Clause, bearer: str | None, whole: Course
) -> Position:
    chain, alive = ran.chain, ran.chain.alive[clause.id]
    possible = open_rows(clause, alive, whole, chain.horizon)
    status: Status = possible[0] if len(possible) == 1 else "undetermined"
    return Position(
        clause=clause,
        rulebook=program.name,
        bearer=bearer,
        status=status,
        possible=possible,
        triggered=alive.comes.span,
        due=whole.due.span,
        done=whole.done.span,
        ended=whole.ends.span,
        breach=whole.breach.span,
        awaits=tuple(_awaits(ran, clause.id, clause.upon)) if "awaiting" in possible else (),
        defeated_by=tuple(_defeaters(program, ran, alive, clause))
        if "defeated" in possible
        else (),
        acts=() if status in _DORMANT else tuple(_acts(chain, whole)),
    )


def _awaits(ran: Run, rule: str, condition: Condition | None) -> Iterator[str]:
    """The findings still to be made."""
    if condition is None:
        return
    node = ran.program.network.awaited[rule, id(condition)]
    if ran.chain.moment(node).hi <= ran.chain.horizon:
        return
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from _awaits(ran, rule, part)
    else:
        yield condition_words(condition, ran.chain.law.program.vocabulary)


def _defeaters(program: Program, ran: Run, alive: Alive, clause: Clause) -> Iterator[str]:
    for name, moment in alive.defeaters:
        if perhaps_by_then(moment, alive.both) and moment.lo <= ran.chain.horizon:
            unless = name == "unless" and clause.unless is not None
            words = condition_words(clause.unless, program.vocabulary) if unless else ""  # type: ignore[arg-type]
            yield f"unless {words}" if unless else name


def _acts(chain: Chain, whole: Course) -> Iterator[Event]:
    """The acts on record that count, or may, up to the horizon and the end."""
    last = min(chain.horizon, whole.ends.hi)
    found = [act.event for act in whole.acts if act.event and act.moment.lo <= last]
    yield from dict.fromkeys(found)
