"""Resolved conditions back to what a file says, with a regime's labels spelled out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from normrules.analysis.regimes import Regime
from normrules.core.condition import (
    AllOf,
    Always,
    AnyOf,
    Between,
    Condition,
    Counted,
    EventPattern,
    FactHolds,
    Found,
    Later,
    Occurs,
    RuleState,
    Standing,
    StateIs,
    Test,
)
from normrules.core.program import Clause, FactClause
from normrules.core.time import TimeLimit

Data = dict[str, Any]
#: What never happens: a case is closed once.
_NEVER: Data = {"count": {"event": "case_closed"}, "at_least": 2}


class Unspeakable(Exception):  # noqa: N818 - a reason, not an error
    """A condition has no form in a rulebook of its own; the message says why."""


def trigger_data(regime: Regime, clause: Clause, *, closed: bool = False) -> Data:
    """When a rule is alive, as a condition of any rulebook. Raises Unspeakable."""
    parts = [condition_data(regime, clause.when)]
    if closed and clause.upon is not None:
        parts.append(condition_data(regime, clause.upon))
    bars = [condition_data(regime, clause.unless)] if clause.unless is not None else []
    bars += [
        trigger_data(regime, regime.clauses[rule], closed=True)
        for rule in clause.overridden_by
        if rule in regime.clauses
    ]
    return _whole(parts, bars)


def _whole(parts: list[Data], bars: list[Data]) -> Data:
    if len(parts) == 1 and not bars:
        return parts[0]
    return {"all": [*parts, *({"not": bar} for bar in bars)]}


def condition_data(regime: Regime, condition: Condition) -> Data:
    """A condition with facts and rules spelled out. Raises Unspeakable."""
    match condition:
        case Always():
            return {"always": True}
        case Occurs(pattern=pattern) | Found(pattern=pattern):
            return _pattern_data(pattern)
        case FactHolds(fact=fact, under=under):
            parts = [
                _definition_data(regime, part)
                for part in regime.facts.get(fact, ())
                if under is None or part.source.instrument == under
            ]
            return parts[0] if len(parts) == 1 else {"any": parts} if parts else _NEVER
        case AllOf(parts=parts_, barring=barring):
            kept = [condition_data(regime, part) for part in parts_]
            return _whole(kept, [condition_data(regime, bar) for bar in barring])
        case AnyOf(parts=parts_):
            return {"any": [condition_data(regime, part) for part in parts_]}
        case Later(part=part, limit=limit, rounding=rounding):
            said: Data = {"after": condition_data(regime, part), "plus": _limit(limit)}
            return said | ({"to": rounding} if rounding else {})
        case Counted(pattern=pattern, distinct=distinct, n=n):
            counted = _pattern_data(pattern) | ({"distinct": distinct} if distinct else {})
            return {"count": counted, "at_least": n}
        case RuleState(state="triggered", rule=rule):
            if rule not in regime.clauses:
                return _NEVER
            return trigger_data(regime, regime.clauses[rule], closed=True)
        case RuleState(state=state, rule=rule):
            raise Unspeakable(f"it hangs on whether `{regime.name}:{rule}` is {state}")
        case Standing(register=register, relation=relation):
            return {"standing": {relation: register}}
        case StateIs(test=test):
            return {"standing": {test.attribute: _test_data(test)}}


def _definition_data(regime: Regime, part: FactClause | Clause) -> Data:
    if isinstance(part, Clause):
        return trigger_data(regime, part, closed=True)
    bars = [condition_data(regime, part.unless)] if part.unless is not None else []
    return _whole([condition_data(regime, part.when)], bars)


def _limit(limit: tuple[TimeLimit, TimeLimit]) -> str:
    if limit[0] != limit[1]:
        raise Unspeakable("it hangs on a vague time limit")
    return str(limit[0])


def _pattern_data(pattern: EventPattern) -> Data:
    where = {test.attribute: _test_data(test) for test in pattern.tests}
    if len({test.attribute for test in pattern.tests}) < len(pattern.tests):
        raise Unspeakable("it asks twice for one attribute")
    options: list[Data] = [
        {"event": name, **({"where": where} if where else {})} for name in pattern.types
    ]
    return options[0] if len(options) == 1 else {"any": options}


def _test_data(test: Test) -> Any:
    accepts = test.accepts
    if isinstance(accepts, Between):
        lo, hi = accepts.lo, accepts.hi
        if lo is not None and hi is not None:
            return {"between": [lo, hi]}
        return {"at_least": lo} if hi is None else {"at_most": hi}
    values = sorted(accepts.values, key=str)
    said: Any = values[0] if len(values) == 1 else values
    return {"not": said} if accepts.negated else said


def found_facts(condition: Condition | None) -> Iterator[str]:
    """The facts that a condition waits to be found."""
    match condition:
        case Found(fact=fact):
            yield fact
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from found_facts(part)


def said(regime: Regime, condition: Condition) -> str:
    """A condition as text, the same wherever the same is asked; of its own book where it can't be.

    Two regimes that ask the same are told apart by nothing.
    """
    try:
        return json.dumps(condition_data(regime, condition), sort_keys=True, default=str)
    except Unspeakable:
        return f"{regime.name}: {condition!r}"
