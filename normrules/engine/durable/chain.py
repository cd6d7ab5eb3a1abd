"""A case through a network: events told in order of time, and what each node came to."""

from __future__ import annotations

from dataclasses import dataclass

from normrules.core.case import Case
from normrules.core.condition import EventPattern, Standing
from normrules.core.event import Event
from normrules.core.program import Clause
from normrules.core.time import EVER, NEVER, Instant, Interval
from normrules.engine.durable.demands import own_act
from normrules.engine.durable.jurisdiction import Jurisdiction
from normrules.engine.durable.knowledge import UNKNOWN, Fit, state_fits
from normrules.engine.durable.moments import (
    ALWAYS_WAS,
    NEVER_COMES,
    Moment,
    barred,
    fired,
    first,
    last,
    moved,
    nth,
    since,
)
from normrules.engine.durable.nodes import (
    Barred,
    Defined,
    Delayed,
    Either,
    Given,
    Implied,
    Joined,
    Node,
    Nothing,
    Opening,
    Seen,
    Since,
    Tally,
    Trigger,
)
from normrules.engine.durable.rulesets import Compiled
from normrules.engine.durable.session import Session
from normrules.engine.durable.stream import stream


@dataclass(frozen=True, slots=True, eq=False)
class Alive:
    """How a rule came alive, or not.

    `in_force` and `bound` answer for the later of merits and findings, and for the merits
    alone: the second is asked while a finding is awaited.
    """

    merits: Moment
    upon: Moment
    both: Moment
    defeaters: tuple[tuple[str, Moment], ...]
    in_force: tuple[bool | None, bool | None]
    bound: tuple[bool | None, bool | None]
    comes: Moment


@dataclass(frozen=True, slots=True, eq=False)
class Act:
    """An event that performs a demand, or may; `event` is None for one that nobody recorded."""

    moment: Moment
    event: Event | None


class Chain:
    """What became of each node in a case. Facts are told to the session as they come true."""

    def __init__(
        self, program: Compiled, case: Case, horizon: Instant, law: Jurisdiction, session: Session
    ) -> None:
        self.program, self.case, self.horizon = program, case, horizon
        self.law, self.session = law, session
        self.moments: dict[int, Moment] = {}
        self.alive: dict[str, Alive] = {}
        self.numbers = {pattern: n for n, pattern in enumerate(program.network.patterns)}
        self.opening = self._event_moment(case.opening, case.opening.time)
        self.beginning = min(self.opening.lo, horizon)

    # ------------------------------------------------------------ events

    def tell_events(self) -> None:
        """Tell the events of the case, one at a time."""
        vocabulary = self.law.program.vocabulary
        told = stream(self.program, self.case, vocabulary, self.horizon, self.beginning)
        for time, number, pass_, kind, marks in told:
            self.session.tell_event(pass_, kind, marks, time, number)

    def seen(self, pattern: EventPattern) -> list[Moment]:
        """Each event that matches or may match, as durable-rules saw it."""
        found = self.session.seen(self.numbers[pattern])
        return [self._seen(number, found[number]) for number in sorted(found)]

    def _seen(self, number: int, span: Interval) -> Moment:
        if number < len(self.case.events):
            return Moment(*span, "event", event=self.case.events[number])
        return Moment(*span, "unseen")

    def _event_moment(self, event: Event, span: Interval) -> Moment:
        straddles = span.lo <= self.horizon < span.hi
        return Moment(span.lo, NEVER if straddles else span.hi, "event", event=event)

    def acts(self, clause: Clause, pattern: EventPattern) -> list[Act]:
        """The acts of a pattern that their votes carried, or may have."""
        found = []
        for moment in self.seen(pattern):
            carried = moment.event is None or self.law.carried(clause, moment.event, moment.span)
            if carried is not False:
                whole = moment if carried else moment.doubtful()
                found.append(Act(whole, moment.event))
        return found

    # ------------------------------------------------------------ nodes

    def moment(self, node: Node | None, default: Moment = NEVER_COMES) -> Moment:
        """When a node comes true; of none, the default."""
        return default if node is None else self.moments[id(node)]

    def note(self, node: Node, moment: Moment) -> None:
        """Note what a node came to, and tell it to the rules that join it."""
        self.moments[id(node)] = moment
        if isinstance(node, Joined | Either) or (isinstance(node, Seen) and node.since is None):
            return  # durable-rules said so itself
        if moment.perhaps:
            self.session.tell("possible", node.kind, moment.lo)
        if moment.surely:
            self.session.tell("certain", node.kind, moment.hi)

    def reckon(self, node: Node) -> Moment:
        """What a node came to, all it stands on being known."""
        match node:
            case Opening():
                return self.opening
            case Nothing():
                return NEVER_COMES
            case Given():
                return self._given(node)
            case Seen(pattern=pattern, since=None):
                return fired("first", self.seen(pattern), self.session.span(node.kind))
            case Seen(pattern=pattern, since=trigger):
                start = self.moment(trigger)
                return first(since(moment, start) for moment in self.seen(pattern))
            case Tally():
                return self._tally(node)
            case Joined(parts=parts):
                whole = [self.moment(part) for part in parts]
                return fired("last", whole, self.session.span(node.kind))
            case Either(parts=parts):
                options = [self.moment(part) for part in parts]
                return fired("first", options, self.session.span(node.kind))
            case Barred(part=part, bar=bar):
                return barred(self.moment(part), self.moment(bar))
            case Delayed(part=part, limit=limit, rounding=rounding):
                return moved(self.moment(part), limit, rounding)
            case Defined(definition=definition, when=when, part=part):
                asked_on = last([self.moment(when), self.opening])
                law = self.law.law_of(definition.source.instrument)
                return lawful(self.moment(part), self.law.in_force(law, asked_on))
            case Implied(finding=finding, clause=clause):
                acts = (act.moment for act in self.acts(clause, own_act(clause)))
                return first([self.moment(finding), *acts])
            case Since(part=part, since=trigger):
                return since(self.moment(part), self.moment(trigger))
            case Trigger():
                self.alive[node.clause.id] = self._trigger(node)
                return self.alive[node.clause.id].comes
        raise AssertionError(node)  # fates and what became of rules are reckoned elsewhere

    def _given(self, node: Given) -> Moment:
        """What holds of the state: from before every event, or never, or unknown."""
        if isinstance(node.condition, Standing):
            register = self.law.register(node.condition.register)
            belongs = register.bound(self.case.country, self.case.opening.time)
            answer = UNKNOWN if belongs is None else Fit(belongs, belongs)
        else:
            answer = state_fits(self.case.state, node.condition.test)
        if answer.surely:
            return ALWAYS_WAS
        return Moment(EVER, NEVER) if answer.perhaps else NEVER_COMES

    def _tally(self, node: Tally) -> Moment:
        counted = node.counted
        moments = self.seen(counted.pattern)
        if node.since is not None:
            start = self.moment(node.since)
            groups = [(moment, since(moment, start)) for moment in moments]
        else:
            groups = [(moment, moment) for moment in moments]
        if counted.distinct is None:
            return nth(counted.n, [moment for _, moment in groups])
        values: dict[object, list[Moment]] = {}
        loose = []
        for source, moment in groups:
            value = None if source.event is None else only_value(source.event, counted.distinct)
            if value is None:  # it may be a new value; alone it is one
                loose.append(moment if counted.n == 1 else moment.doubtful())
            else:
                values.setdefault(value, []).append(moment)
        return nth(counted.n, [*loose, *(first(same) for same in values.values())])

    def _trigger(self, node: Trigger) -> Alive:
        clause = node.clause
        merits, both = self.moment(node.merits), self.moment(node.both)
        upon = self.moment(node.upon, ALWAYS_WAS)
        defeaters = tuple((name, self.moment(defeater)) for name, defeater in node.defeaters)
        comes = barred(both, first(moment for _, moment in defeaters))
        law = self.law.law_of(clause.source.instrument)
        in_force = (self.law.in_force(law, both), self.law.in_force(law, merits))
        bound = (self.law.bound(law, both), self.law.bound(law, merits))
        comes = lawful(lawful(comes, in_force[0]), bound[0])
        return Alive(merits, upon, both, defeaters, in_force, bound, comes)


def lawful(moment: Moment, answer: bool | None) -> Moment:  # noqa: FBT001 - an answer
    """A moment where the law applied; only possible where that is unknown."""
    if answer is None:
        return Moment(moment.lo, NEVER, "last", (moment, Moment(EVER, NEVER)))
    return moment if answer else NEVER_COMES


def only_value(event: Event, attribute: str) -> object:
    """The value of an attribute if it is known exactly; of `by`, the bodies together."""
    if attribute == "by":
        return event.by or None
    known = event.known.get(attribute)
    return next(iter(known)) if isinstance(known, frozenset) and len(known) == 1 else None
