"""Cases that would show what no case of a rulebook shows yet, run before they are suggested."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from normrules.core.evaluation import Position
from normrules.core.program import Clause, FactClause, Program
from normrules.core.time import Interval, describe, iso, read_time
from normrules.drafting.coverage import Coverage, base_of, shown_by
from normrules.drafting.goals import Goal
from normrules.drafting.mutation import Mutant, mutated, passes
from normrules.drafting.variants import Variant, pairs, variants
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import DORMANT, clause_positions
from normrules.engine.outcome import mean
from normrules.lang.casebook import BookTest
from normrules.lang.expectations import Expected, TimeField

#: How many cases near the ones that there are get tried for one goal.
MOST_TRIED = 1500
#: How many of the cases there are get varied for one goal.
MOST_SEEDS = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A test as data for a cases file, and what it would show; without data none was found."""

    says: str
    data: Mapping[str, Any] | None


def suggestions(
    coverage: Coverage,
    tests: Sequence[BookTest],
    watch: Callable[[Sequence[Goal]], Iterable[Goal]] = iter,
) -> Iterator[Suggestion]:
    """A case for each goal that is missing, near a case there is; each runs as it says.

    What is expected is what the rulebook says now: the drafter confirms it, or mends the rule.
    """
    program = base_of(tests)
    own = [test for test in tests if test.program.file == program.file and test.case is not None]
    done: set[Goal] = set()
    for goal in watch(coverage.missing):
        if goal in done:
            continue
        says = f"{goal.owner}: {goal.says}"
        found = next(
            (v for v in _near(own, program, goal.owner) if goal in shown_by(program, v.test)), None
        )
        if found is None:
            yield Suggestion(says, None)
            continue
        done |= set(shown_by(program, found.test)) & set(coverage.missing)
        yield Suggestion(says, _written(found, program, says, [goal.owner]))


def killers(
    survivors: Sequence[Mutant],
    tests: Sequence[BookTest],
    watch: Callable[[Sequence[Mutant]], Iterable[Mutant]] = iter,
) -> Iterator[Suggestion]:
    """A case for each change that no case notices, near a case there is; each notices it."""
    program = base_of(tests)
    own = [test for test in tests if test.program.file == program.file and test.case is not None]
    found: list[Killer] = []
    for mutant in watch(survivors):
        changed = mutated(program, mutant)
        if changed is None or changed is program or any(_notices(k, changed) for k in found):
            continue
        killer = _killer(mutant, changed, own, program)
        says = f"notices {mutant.says}"
        if killer is None:
            yield Suggestion(says, None)
            continue
        found.append(killer)
        variant, expected = killer
        told = [e.rule for e in expected if _notices((variant, [e]), changed)]
        yield Suggestion(says, _written(variant, program, says, told))


#: A case, and what is expected of it.
Killer = tuple[Variant, Sequence[Expected]]


def _notices(killer: Killer, changed: Program) -> bool:
    variant, expected = killer
    return not passes(variant.test, changed, expected)


def _killer(
    mutant: Mutant, changed: Program, own: Sequence[BookTest], program: Program
) -> Killer | None:
    """A case that comes out otherwise under the change."""
    owners = [mutant.name] if mutant.part in ("rules", "definitions") else _using(program, mutant)
    for owner in owners:
        rules = [owner] if owner in program.clauses else list(program.clauses)
        seeds = (Variant(t, _as_data(t, program)) for t in _seeds(own, owner))
        for variant in chain(seeds, _near(own, program, owner)):
            expected = _expected(variant.test, program, rules)
            if _notices((variant, expected), changed):
                return variant, expected
    return None


def _using(program: Program, mutant: Mutant) -> list[str]:
    """The rules of an instrument, or those with a time limit in a term."""
    if mutant.part == "instruments":
        return [c.id for c in program.clauses.values() if c.source.instrument == mutant.name]
    return [c.id for c in program.clauses.values() if c.deadline is not None]


# ---------------------------------------------------------------- near cases


def _near(own: Sequence[BookTest], program: Program, owner: str) -> Iterator[Variant]:
    """Cases near those that speak of a rule or definition, one step away, then two."""
    found = _owner(program, owner)
    seeds = _seeds(own, owner)
    one = (v for test in seeds for v in variants(test, program, found))
    two = (v for test in seeds[:2] for v in pairs(test, program, found))
    return islice(chain(one, two), MOST_TRIED)


def _seeds(own: Sequence[BookTest], owner: str) -> list[BookTest]:
    """The cases in which a rule is expected to be alive first; of those, the shortest first."""

    def rank(test: BookTest) -> tuple[int, int]:
        said = [e.status for e in test.expected if e.rule.partition("[")[0] == owner]
        alive = [status for status in said if status not in DORMANT]
        return 0 if alive else 1 if said else 2, len(test.case.events) if test.case else 99

    return sorted(own, key=rank)[:MOST_SEEDS]


def _owner(program: Program, name: str) -> Clause | FactClause:
    if name in program.clauses:
        return program.clauses[name]
    return next(p for parts in program.facts.values() for p in parts if p.id == name)


# ---------------------------------------------------------------- as written


def _as_data(test: BookTest, program: Program) -> Mapping[str, Any]:
    from normrules.analysis.casedata import case_data  # noqa: PLC0415

    assert test.case is not None
    data = case_data(test.case, program.vocabulary)
    return data | ({"at": iso(test.horizon)} if test.horizon is not None else {})


def _expected(test: BookTest, program: Program, rules: Iterable[str]) -> list[Expected]:
    """What the rulebook says of some rules in a case: status, modality and time limit."""
    assert test.case is not None
    horizon = test.case.horizon if test.horizon is None else test.horizon
    meaning = mean(program, test.case, horizon, Assumptions(test.law, test.assume_bound))
    return [
        Expected(p.key, p.status, modality=p.clause.modality, times=_due(p))
        for rule in rules
        for p in clause_positions(meaning, program.clauses[rule], with_reasons=False)
        if p.key == rule
    ]


def _due(position: Position) -> Mapping[TimeField, Interval]:
    """By when, if that can be said as one time or day."""
    try:
        said = read_time(describe(position.due))
    except ValueError:
        return {}
    return {"due": position.due} if said == position.due else {}


def _written(
    variant: Variant, program: Program, says: str, owners: Sequence[str]
) -> Mapping[str, Any]:
    """A test of a cases file: what is given, and what comes of the rules it is about."""
    data, test = variant.data, variant.test
    rules = [owner for owner in owners if owner in program.clauses]
    if not rules:
        rules = _told_of(test, program, owners)
    complete = {} if data["complete"] == "all" else {"complete": data["complete"]}
    given = [_event(event, data["events"]) for event in data["events"]]
    kept = {key: data[key] for key in ("country", "zone", "state") if key in data}
    return {
        "note": says[:1].upper() + says[1:],
        **kept,
        **complete,
        **({"kind": "historical"} if data["kind"] == "historical" else {}),
        "at": _short(data["at"], data.get("zone")),
        **({"assume_bound": True} if test.assume_bound else {}),
        "given": given,
        "expect": {e.rule: _expectation(e) for e in _expected(test, program, rules)},
    }


def _event(event: Mapping[str, Any], every: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An event as a drafter would write it: without a source, and a name only where it is used."""
    named = event["id"] in [name for other in every for name in _names(other.get("follows"))]
    dropped = {"source"} if named else {"source", "id"}
    return {key: value for key, value in event.items() if key not in dropped}


def _names(follows: Any) -> list[str]:
    return follows if isinstance(follows, list) else [follows]


def _short(at: str, zone: str | None) -> str:
    """The end of a day as the day."""
    return at[:10] if zone is None and at.endswith("T23:59:59.999999Z") else at


def _told_of(test: BookTest, program: Program, owners: Sequence[str]) -> list[str]:
    """The rules to tell of a definition: those of its instrument that the case expects."""
    named = [e.rule.partition("[")[0] for e in test.expected]
    return [r for r in named if r in program.clauses] or list(program.clauses)[:1] or list(owners)


def _expectation(expected: Expected) -> dict[str, Any]:
    told: dict[str, Any] = {"status": expected.status, "modality": expected.modality}
    return told | {name: describe(when) for name, when in expected.times.items()}
