"""A program and a case to positions: what each rule came to, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from normrules.core.case import Case
from normrules.core.condition import AllOf, AnyOf, Condition, Found
from normrules.core.evaluation import Evaluation, Position, RegimeAnswer, Status
from normrules.core.event import Event, matches, passes
from normrules.core.program import Clause, Program
from normrules.core.time import Instant
from normrules.core.wording import condition_words, plain
from normrules.engine.carriers.interval import When
from normrules.engine.caselaw import NO_ASSUMPTIONS, Assumptions
from normrules.engine.explanation import explain, missing
from normrules.engine.meaning import Meaning, Trigger
from normrules.engine.outcome import Outcome, mean, outcome_of, statuses

#: Statuses of a rule that did not come alive.
DORMANT = frozenset({"not_triggered", "awaiting", "defeated", "not_in_force", "not_bound"})


def evaluate_regime(
    program: Program,
    case: Case,
    horizon: Instant | None = None,
    assumptions: Assumptions = NO_ASSUMPTIONS,
    *,
    with_reasons: bool = True,
) -> RegimeAnswer:
    """All positions of one rulebook in one case, in the order of the rulebook."""
    meaning = mean(program, case, horizon, assumptions)
    return RegimeAnswer(program, tuple(positions(meaning, with_reasons=with_reasons)))


def positions(meaning: Meaning, *, with_reasons: bool = True) -> Iterator[Position]:
    """The positions of a meaning, one for each rule and bearer."""
    for clause in meaning.program.clauses.values():
        yield from clause_positions(meaning, clause, with_reasons=with_reasons)


def clause_positions(
    meaning: Meaning, clause: Clause, *, with_reasons: bool = True
) -> Iterator[Position]:
    """The positions of one rule, one for each bearer."""
    for name, bodies in _bearers(meaning, clause):
        yield position(meaning, clause, name, bodies, with_reasons=with_reasons)


def position(
    meaning: Meaning,
    clause: Clause,
    bearer: str | None,
    bodies: frozenset[str] | None = None,
    *,
    with_reasons: bool = True,
) -> Position:
    """What a rule came to for one bearer."""
    trigger = meaning.trigger(clause.id)
    outcome = outcome_of(meaning, clause, bodies)
    possible = statuses(clause, trigger, outcome, meaning.horizon)
    status: Status = possible[0] if len(possible) == 1 else "undetermined"
    counted = _counted_acts(outcome, meaning.horizon) if not DORMANT & {status} else ()
    return Position(
        clause=clause,
        rulebook=meaning.program.name,
        bearer=bearer,
        status=status,
        possible=possible,
        triggered=trigger.comes.interval,
        due=outcome.due.interval,
        done=outcome.done.interval,
        ended=outcome.ends.interval,
        breach=outcome.breach.interval,
        needs=tuple(_needs(possible, trigger, outcome, meaning.horizon)),
        awaits=tuple(_awaits(meaning, clause, clause.upon)) if "awaiting" in possible else (),
        defeated_by=tuple(_defeated_by(meaning, clause, trigger)) if "defeated" in possible else (),
        acts=counted,
        attempts=tuple(meaning.attempts(clause)),
        refusals=tuple(_refusals(meaning, clause)),
        notes=tuple(_notes(meaning, clause, outcome, counted)),
        why=explain(meaning, clause, outcome) if with_reasons else None,
        zone=meaning.case.zone,
    )


def _bearers(
    meaning: Meaning, clause: Clause
) -> Iterator[tuple[str | None, frozenset[str] | None]]:
    """The bearers of a clause: one, or the parties together and each state that acted."""
    bearer = clause.bearer
    if bearer is None:
        yield None, None
        return
    joined = " and " if bearer.kind == "jointly" else " or "
    yield joined.join(bearer.names), None
    if bearer.kind == "each":
        for state in _acting_states(meaning, clause):
            yield state, frozenset({state})


def _acting_states(meaning: Meaning, clause: Clause) -> list[str]:
    """The states of the register that an event of the demanded action names."""
    assert clause.bearer is not None
    register = meaning.law.register(clause.bearer.names[0])
    states = set()
    kinds = (*clause.act.types, *(clause.breaks.types if clause.breaks else ()))
    for event in meaning.case.events:
        if event.type in kinds:
            states |= {
                s
                for s in event.by
                if register.bound(s, event.time) is not False and s in register.rows
            }
    if clause.bearer.except_concerned:
        states.discard(meaning.case.country or "")
    return sorted(states)


def _counted_acts(outcome: Outcome, horizon: Instant) -> tuple[Event, ...]:
    found: dict[str, Event] = {}
    for act in outcome.acts:
        if act.event is not None and act.when.lo <= horizon and act.when.lo <= outcome.ends.hi:
            found.setdefault(act.event.id, act.event)
    return tuple(found.values())


def _needs(
    possible: Sequence[Status], trigger: Trigger, outcome: Outcome, horizon: Instant
) -> Iterator[str]:
    """What would settle an undetermined position."""
    if len(possible) == 1:
        return
    asked: list[Iterable[str]] = []
    alive = [status for status in possible if status not in DORMANT]
    settled = None if len(alive) < len(possible) else trigger.comes
    if settled is None:
        values = (trigger.comes, trigger.merits, trigger.upon, *_defeating(trigger))
        asked += [missing(value, horizon) for value in values]
    if len(alive) > 1:
        times = (outcome.done, outcome.ends, outcome.due, outcome.breach)
        asked += [missing(value, horizon, trigger.comes) for value in times]
    yield from dict.fromkeys(need for needs in asked for need in needs)


def _defeating(trigger: Trigger) -> Iterator[When]:
    return (when for _, when in trigger.defeaters)


def _awaits(meaning: Meaning, clause: Clause, condition: Condition | None) -> Iterator[str]:
    """The findings that are still to be made, and by whom."""
    if condition is None or meaning.upon(clause, condition).hi <= meaning.horizon:
        return
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from _awaits(meaning, clause, part)
    else:
        yield condition_words(condition, meaning.program.vocabulary)


def _defeated_by(meaning: Meaning, clause: Clause, trigger: Trigger) -> Iterator[str]:
    for name, when in trigger.defeaters:
        if when.lo <= trigger.both.hi and when.lo <= meaning.horizon:
            if name == "unless" and clause.unless is not None:
                yield f"unless {condition_words(clause.unless, meaning.program.vocabulary)}"
            else:
                yield name


def _refusals(meaning: Meaning, clause: Clause) -> Iterator[Event]:
    """Findings of `no` by the bodies whose finding the rule waits for."""
    for found in _findings(clause.upon):
        for event in meaning.case.events:
            if event.type == "determine" and event.time.lo <= meaning.horizon:
                tests = {test.attribute: test for test in found.pattern.tests}
                about = passes(event, tests["that"]) is True
                by = "by" not in tests or passes(event, tests["by"]) is True
                no = event.known.get("outcome") == frozenset({"no"})
                if about and by and no and matches(event, found.pattern) is False:
                    yield event


def _findings(condition: Condition | None) -> Iterator[Found]:
    match condition:
        case Found():
            yield condition
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _findings(part)


def _notes(
    meaning: Meaning, clause: Clause, outcome: Outcome, counted: Sequence[Event]
) -> Iterator[str]:
    if clause.weighs:
        said = (_weighed(meaning.case, name) for name in clause.weighs)
        yield f"weighs: {', '.join(said)}"
    if counted and any(act.presumed for act in outcome.acts):
        yield "no votes recorded: presumed valid"
    if clause.continuing and clause.breaks is None:
        yield "best efforts: a breach can't be observed"


def _weighed(case: Case, name: str) -> str:
    """A consideration with the case's value: of the opening event, or of the state."""
    known = case.opening.known.get(name, case.state.get(name))
    if not isinstance(known, frozenset):
        return f"{plain(name)} (not known)"
    said = sorted({True: "yes", False: "no"}[v] if isinstance(v, bool) else str(v) for v in known)
    return f"{plain(name)} ({plain(' or '.join(said))})"


def several_bases(regimes: Sequence[RegimeAnswer]) -> list[RegimeAnswer]:
    """Note on each position whose act also performs another rule of its book."""
    noted = []
    for regime in regimes:
        users: dict[str, int] = {}
        for place in regime.positions:
            for act in {event.id for event in place.acts}:
                users[act] = users.get(act, 0) + 1
        noted.append(_with_bases(regime, users))
    return noted


def _with_bases(regime: RegimeAnswer, users: dict[str, int]) -> RegimeAnswer:
    changed = tuple(
        replace(place, notes=(*place.notes, "one act, several bases"))
        if any(users[event.id] > 1 for event in place.acts) and not place.clause.permits
        else place
        for place in regime.positions
    )
    return replace(regime, positions=changed)


def evaluate(
    case: Case,
    programs: Iterable[Program],
    horizon: Instant | None = None,
    assumptions: Assumptions = NO_ASSUMPTIONS,
    *,
    with_reasons: bool = True,
) -> Evaluation:
    """One case against several regimes, by the meaning engine."""
    at = case.horizon if horizon is None else horizon
    regimes = several_bases(
        [
            evaluate_regime(program, case, at, assumptions, with_reasons=with_reasons)
            for program in programs
        ]
    )
    return Evaluation(case, at, "meaning", tuple(_assumed(assumptions)), tuple(regimes))


def _assumed(assumptions: Assumptions) -> Iterator[str]:
    if assumptions.law is not None:
        yield f"the law of {assumptions.law}"
    if assumptions.bound:
        yield "every regime binds the state, and instruments whose end is unknown are in force"
