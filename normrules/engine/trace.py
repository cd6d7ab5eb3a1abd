"""A program and a case to the story of its evaluation: what came in, which rule fired, and why.

The firings are those of durable-rules where it is installed and carries every rule of the book;
otherwise they are read off the intervals of the meaning. Both tell the same story.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from normrules.core.case import Case
from normrules.core.condition import (
    AllOf,
    Always,
    AnyOf,
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
)
from normrules.core.evaluation import PASSES, Firing
from normrules.core.event import Event, matches
from normrules.core.program import Clause, Program
from normrules.core.time import NEVER, Instant, Interval, describe
from normrules.core.wording import VERBS, action_words, condition_words, lowered
from normrules.engine.caselaw import NO_ASSUMPTIONS, Assumptions
from normrules.engine.dependence import Item, definitions, in_order, item_of, leaves
from normrules.engine.timelines import Timeline, timeline

_CLOCK, _UNSEEN, _STATE = "the clock", "an act that nobody recorded", "what the state is"


def trace(
    program: Program,
    case: Case,
    horizon: Instant | None = None,
    assumptions: Assumptions = NO_ASSUMPTIONS,
) -> tuple[Firing, ...]:
    """The events of a case coming in and the rules firing, in order of time, up to the horizon."""
    until = case.horizon if horizon is None else horizon
    return told(program, case, until, timeline(program, case, until, assumptions))


def told(program: Program, case: Case, horizon: Instant, times: Timeline) -> tuple[Firing, ...]:
    """The story by one timeline."""
    rows: list[_Row] = []
    for number in range(len(PASSES)):
        story = _Story(program, case, number, times)
        rows += (row for row in (*story.events(), *story.firings()) if row.time <= horizon)
    return tuple(
        Firing(step, PASSES[row.end], row.time, row.came, row.fired, row.concluded, row.event)
        for step, row in enumerate(sorted(rows), 1)
    )


class _Row(NamedTuple):
    """A step in its place: time, pass, number of the event at its root, order of dependency."""

    time: Instant
    end: int
    root: int
    rank: int
    came: str
    fired: str | None = None
    concluded: str | None = None
    event: str | None = None


class _Cause(NamedTuple):
    """What came in last, and the number of the event at the root of it."""

    came: str
    root: int


class _Story:
    """One pass over a case: `end` is 0 for what is possible, 1 for what is certain."""

    def __init__(self, program: Program, case: Case, end: int, times: Timeline) -> None:
        self.program, self.case, self.end, self.times = program, case, end, times
        self.titles = program.vocabulary.title_of
        self.definitions = {part.id: part for part in definitions(program)}
        self.opening = case.events.index(case.opening)
        self.roots: dict[Item, int] = {}

    def events(self) -> Iterator[_Row]:
        """The events coming in."""
        for number, event in enumerate(self.case.events):
            time, came = event.time[self.end], self._event_words(event)
            yield _Row(time, self.end, number, -1, came, event=event.id)

    def firings(self) -> Iterator[_Row]:
        """What fired, each after what it stands on."""
        for rank, item in enumerate(in_order(self.program)):
            time = self._time(item)
            came, root = cause = self._cause(item, time)
            self.roots[item] = root
            if cause.came == _UNSEEN and item.kind in ("done", "breached"):
                continue  # a gap in the record, of which the statuses speak
            event = self.case.events[root].id if 0 <= root < len(self.case.events) else None
            said = (came, item.id, self._conclusion(item), event)
            yield _Row(time, self.end, root, rank, *said)
            if item.kind == "triggered":
                yield from self._awaiting(self.program.clauses[item.id], rank)

    def _awaiting(self, clause: Clause, rank: int) -> Iterator[_Row]:
        """A rule whose own conditions are met, and whose findings are still to be made."""
        met = self.times.merits(clause.id)[self.end]
        if clause.upon is None or met >= self.times.trigger(clause.id)[self.end]:
            return
        came, root = self._of(clause.when, met) or self._opened()
        event = self.case.events[root].id if 0 <= root < len(self.case.events) else None
        awaited = condition_words(clause.upon, self.program.vocabulary)
        yield _Row(met, self.end, root, rank, came, clause.id, f"awaits {awaited}", event)

    def _time(self, item: Item) -> Instant:
        match item.kind:
            case "definition":
                return self.times.definition(self.definitions[item.id])[self.end]
            case "triggered":
                return self.times.trigger(item.id)[self.end]
        return self.times.became(item.id)[item.kind == "breached"][self.end]

    # ------------------------------------------------------------ words

    def _event_words(self, event: Event) -> str:
        by = ", ".join(self.titles(name) for name in sorted(event.by))
        return f"{event.id}: {lowered(self.titles(event.type))}" + (f" by {by}" if by else "")

    def _conclusion(self, item: Item) -> str:
        if item.kind == "definition":
            return lowered(self.titles(self.definitions[item.id].fact))
        clause = self.program.clauses[item.id]
        if item.kind == "triggered":
            words = lowered(action_words(clause, self.program.vocabulary))
            return f"{VERBS[clause.modality]} {words}{self._due(clause)}"
        return item.kind

    def _due(self, clause: Clause) -> str:
        due = self.times.due(clause.id)[self.end]
        timed = clause.deadline is not None and due < NEVER
        return f", due {describe(Interval(due, due), self.case.zone)}" if timed else ""

    # ------------------------------------------------------------ causes

    def _cause(self, item: Item, time: Instant) -> _Cause:
        if item.kind == "definition":
            return self._of(self.definitions[item.id].when, time) or self._opened()
        clause = self.program.clauses[item.id]
        if item.kind == "triggered":
            found = self._last([clause.when, *leaves(clause.upon)], time)
            implied = self._event(clause.act, time) if clause.upon is not None else None
            return found or implied or self._opened()
        if item.kind == "breached" and not (clause.forbids or clause.continuing):
            return self._clock()
        acts = clause.breaks if item.kind == "breached" and clause.continuing else clause.act
        return (acts and self._acted(acts, item.id, time)) or _Cause(_UNSEEN, self.opening)

    def _acted(self, acts: EventPattern, rule: str, time: Instant) -> _Cause | None:
        """The act; one before the trigger counts once the rule comes alive."""
        before = (e for e in self.case.events if e.time[self.end] < time and self._fits(e, acts))
        if found := self._event(acts, time):
            return found
        root = self.roots[Item("triggered", rule)]
        return _Cause(f"the rule {rule}", root) if next(before, None) else None

    def _of(self, condition: Condition, time: Instant) -> _Cause | None:
        """What made a condition true at a time; None if it did not come true then."""
        if self.times.condition(condition)[self.end] != time:
            return None
        match condition:
            case AllOf(parts=parts):
                return self._last(parts, time)
            case AnyOf(parts=parts):
                causes = (self._of(part, time) for part in parts)
                return min((c for c in causes if c), key=lambda cause: cause.root, default=None)
            case Occurs(pattern=pattern) | Found(pattern=pattern) | Counted(pattern=pattern):
                return self._event(pattern, time) or _Cause(_UNSEEN, self.opening)
            case FactHolds():
                return self._fact(condition, time)
            case RuleState(state=state, rule=rule):
                return _Cause(f"the rule {rule}", self.roots.get(Item(state, rule), self.opening))
            case Later():
                return self._clock()
            case Standing() | StateIs():
                return _Cause(_STATE, self.opening)
            case Always():
                return self._opened()

    def _last(self, parts: Iterable[Condition], time: Instant) -> _Cause | None:
        causes = (self._of(part, time) for part in parts)
        return max((c for c in causes if c), key=lambda cause: cause.root, default=None)

    def _event(self, pattern: EventPattern, time: Instant) -> _Cause | None:
        """The event of a pattern that came in at a time."""
        for number, event in enumerate(self.case.events):
            if event.time[self.end] == time and self._fits(event, pattern):
                return _Cause(self._event_words(event), number)
        return None

    def _fits(self, event: Event, pattern: EventPattern) -> bool:
        answer = matches(event, pattern)
        return answer is True or (answer is None and self.end == 0)

    def _fact(self, holds: FactHolds, time: Instant) -> _Cause:
        roots = [
            self.roots[item]
            for part in self.program.facts.get(holds.fact, ())
            if holds.under in (None, part.source.instrument)
            and self._time(item := item_of(part)) == time
        ]
        return _Cause(f"the fact: {lowered(self.titles(holds.fact))}", min(roots, default=0))

    def _opened(self) -> _Cause:
        return _Cause(self._event_words(self.case.opening), self.opening)

    def _clock(self) -> _Cause:
        return _Cause(_CLOCK, len(self.case.events))
