"""What the cases of a rulebook show of its goals, and what they don't."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from normrules.core.condition import AllOf, AnyOf, Between, Condition, EventPattern, OneOf, Test
from normrules.core.evaluation import Position
from normrules.core.event import Event
from normrules.core.program import Clause, FactClause, Program
from normrules.core.vocabulary import Vocabulary
from normrules.drafting.goals import (
    MANNER,
    Goal,
    Kind,
    atoms,
    by_kind,
    conditions,
    definition_goals,
    goals,
    patterns,
    rule_goals,
)
from normrules.drafting.testing import read_tests
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import DORMANT, clause_positions
from normrules.engine.meaning import Meaning
from normrules.engine.outcome import mean
from normrules.lang.casebook import BookTest

#: Whether something is so, or (None) it is not known.
Truth = bool | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The goals of one rulebook, and the note of the first case that shows each."""

    book: str
    file: str
    cases: int
    goals: tuple[Goal, ...]
    shown: Mapping[Goal, str]

    @property
    def missing(self) -> list[Goal]:
        """The goals that no case shows."""
        return [goal for goal in self.goals if goal not in self.shown]

    def share(self, *kinds: Kind) -> tuple[int, int]:
        """How many goals of some kinds (by default of all) are shown, of how many."""
        wanted = [goal for goal in self.goals if not kinds or goal.kind in kinds]
        return sum(goal in self.shown for goal in wanted), len(wanted)

    def percent(self, *kinds: Kind) -> float:
        """The same in per cent; 100 where there is nothing to show."""
        shown, whole = self.share(*kinds)
        return 100 * shown / whole if whole else 100.0

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of goals that the rulebook has."""
        return list(by_kind(self.goals))


def cover_paths(
    paths: Sequence[str],
    watch: Callable[[Sequence[BookTest]], Iterable[BookTest]] = iter,
) -> list[Coverage]:
    """The coverage of the rulebooks that some cases files test, seen by `watch` case by case.

    Raises NormrulesError if the cases have problems.
    """
    tests = read_tests(paths)
    shown: dict[str, dict[Goal, str]] = {test.program.file: {} for test in tests}
    for test in watch(tests):
        for goal in shown_by(test.program, test):
            shown[test.program.file].setdefault(goal, test.note)
    return [coverage(file, [t for t in tests if t.program.file == file], shown[file])
            for file in shown]  # fmt: skip


def coverage(file: str, tests: Sequence[BookTest], shown: Mapping[Goal, str]) -> Coverage:
    """The coverage of the rulebook of a file by its tests."""
    base = base_of(tests)
    wanted = goals(base)
    if base.base is not None:  # a draft answers for what it changes
        old = set(goals(base.base))
        wanted = [goal for goal in wanted if goal not in old]
    kept = {goal: note for goal, note in shown.items() if goal in set(wanted)}
    return Coverage(base.rulebook.rulebook, file, len(tests), tuple(wanted), kept)


def base_of(tests: Sequence[BookTest]) -> Program:
    """The rulebook itself among the programs of its tests: no edition, no other reading."""
    programs = [test.program for test in tests]
    return min(programs, key=lambda p: ("@" in p.name, len(p.readings), p.name))


def shown_by(program: Program, test: BookTest) -> Iterator[Goal]:
    """The goals that a case shows."""
    if test.case is None:
        return
    horizon = test.case.horizon if test.horizon is None else test.horizon
    meaning = mean(program, test.case, horizon, Assumptions(test.law, test.assume_bound))
    for clause in program.clauses.values():
        yield from _of_rule(meaning, clause)
    for parts in program.facts.values():
        for part in parts:
            if isinstance(part, FactClause):
                yield from _of_definition(meaning, part)


# ---------------------------------------------------------------- rules and definitions


def _of_rule(meaning: Meaning, clause: Clause) -> Iterator[Goal]:
    every = _own(meaning, clause)
    positions = list(clause_positions(meaning, clause, with_reasons=False))
    for position in positions:
        for goal in every:
            if goal.kind in ("rule", "finding", "outcome", "deadline") and _stands(goal, position):
                yield goal
    yield from _exceptions(meaning, clause, positions)
    yield from _of_conditions(meaning, clause)


def _own(meaning: Meaning, owner: Clause | FactClause) -> list[Goal]:
    vocabulary = meaning.program.vocabulary
    if isinstance(owner, Clause):
        return list(rule_goals(owner, vocabulary))
    return list(definition_goals(owner, vocabulary))


def _stands(goal: Goal, position: Position) -> bool:
    match goal.kind, goal.what:
        case "outcome", status:
            return position.status == status
        case "finding", "awaited":
            return position.status == "awaiting"
        case "deadline", "kept":
            return position.status == "fulfilled"
        case "deadline", "missed":
            return position.status in ("breached", "fulfilled_late")
    return not DORMANT & set(position.possible)


def _exceptions(meaning: Meaning, clause: Clause, positions: Sequence[Position]) -> Iterator[Goal]:
    defeated = any(position.status == "defeated" for position in positions)
    for goal in _own(meaning, clause):
        if goal.kind == "exception" and defeated:
            barred = meaning.value(clause.unless) if clause.unless is not None else None
            if goal.what == "unless":
                if barred is not None and barred.interval.hi <= meaning.horizon:
                    yield goal
            elif meaning.trigger(goal.what).comes.interval.hi <= meaning.horizon:
                yield goal


def _of_definition(meaning: Meaning, definition: FactClause) -> Iterator[Goal]:
    held = _truth(meaning, definition.when)
    barred = _truth(meaning, definition.unless) if definition.unless is not None else False
    for goal in _own(meaning, definition):
        holds = _and(held, _not(barred))
        if goal.kind == "definition" and holds is (goal.what == "true"):
            yield goal
        if goal.kind == "exception" and held is True and barred is True:
            yield goal
    yield from _of_conditions(meaning, definition)


# ---------------------------------------------------------------- conditions


def _of_conditions(meaning: Meaning, owner: Clause | FactClause) -> Iterator[Goal]:
    named = conditions(owner)
    decisive = {part: list(_decisive(meaning, named[part])) for part in named}
    for goal in _own(meaning, owner):
        if goal.kind in ("condition", "unknown"):
            wanted = {"true": True, "false": False}.get(goal.what)
            if (goal.atom, wanted) in decisive[goal.part]:
                yield goal
        elif goal.kind == "threshold" and _tried(meaning, asked_of(owner, goal.part), goal):
            yield goal


def asked_of(owner: Clause | FactClause, part: str) -> list[EventPattern]:
    """The patterns of events that a part of a rule or definition asks for."""
    if part == MANNER:
        assert isinstance(owner, Clause)
        return [owner.act]
    return list(patterns(conditions(owner)[part]))


def _decisive(meaning: Meaning, condition: Condition) -> Iterator[tuple[int, Truth]]:
    """The atoms that decide a condition: with another value it would have another."""
    found = atoms(condition)
    values = {id(atom): _truth(meaning, atom) for atom in found}
    for number, atom in enumerate(found):
        with_it, without = (
            _combined(condition, {**values, id(atom): value}) for value in (True, False)
        )
        if with_it is not without:
            yield number, values[id(atom)]


def _truth(meaning: Meaning, condition: Condition) -> Truth:
    """Whether a condition holds at the horizon."""
    when = meaning.value(condition).interval
    if when.hi <= meaning.horizon:
        return True
    return False if when.lo > meaning.horizon else None


def _combined(condition: Condition, values: Mapping[int, Truth]) -> Truth:
    """A condition out of the values of its atoms."""
    if id(condition) in values:
        return values[id(condition)]
    match condition:
        case AllOf(parts=parts, barring=barring):
            whole: Truth = True
            for part in parts:
                whole = _and(whole, _combined(part, values))
            for bar in barring:
                whole = _and(whole, _not(_combined(bar, values)))
            return whole
        case AnyOf(parts=parts):
            whole = False
            for part in parts:
                whole = _not(_and(_not(whole), _not(_combined(part, values))))
            return whole
    return True


def _and(a: Truth, b: Truth) -> Truth:
    if a is False or b is False:
        return False
    return None if None in (a, b) else True


def _not(a: Truth) -> Truth:
    return None if a is None else not a


# ---------------------------------------------------------------- thresholds


def _tried(meaning: Meaning, asked: Sequence[EventPattern], goal: Goal) -> bool:
    """Whether some event of the case has a value just inside or just outside."""
    side = goal.what.partition(" ")[0]
    return any(
        _at_edge(event, test, side, meaning.program.vocabulary)
        for pattern in asked
        for test in pattern.tests
        if goal.what == f"{side} {pattern.types[0]}.{test.attribute} {test.said}"
        for event in meaning.case.events
        if _speaks_of(event, pattern)
    )


def _speaks_of(event: Event, pattern: EventPattern) -> bool:
    return event.type in pattern.types


def _at_edge(event: Event, test: Test, side: str, vocabulary: Vocabulary) -> bool:
    known = event.known.get(test.attribute)
    if not isinstance(known, frozenset) or len(known) != 1:
        return False
    (value,) = known
    return value in edge_values(event.type, test, side, vocabulary)


def edge_values(event_type: str, test: Test, side: str, vocabulary: Vocabulary) -> list[object]:
    """The values just inside or just outside of a threshold."""
    match test.accepts:
        case Between(lo=lo, hi=hi):
            step = 0 if side == "inside" else 1
            return [*([] if lo is None else [lo - step]), *([] if hi is None else [hi + step])]
        case OneOf(values=accepted):
            kind = vocabulary.attributes.get(event_type, {}).get(test.attribute)
            ladder = list(kind.ordered or ()) if kind is not None else []
            inside = [v for v in ladder if v in accepted]
            outside = [v for v in ladder if v not in accepted]
            lower, upper = "at least" in test.said, "at most" in test.said
            if side == "inside":
                return [*(inside[:1] if lower else []), *(inside[-1:] if upper else [])]
            below = [v for v in outside if inside and ladder.index(v) < ladder.index(inside[0])]
            above = [v for v in outside if inside and ladder.index(v) > ladder.index(inside[-1])]
            return [*(below[-1:] if lower else []), *(above[:1] if upper else [])]
    return []
