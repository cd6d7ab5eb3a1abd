"""A case to the facts that are told, in order of time: twice, as possible and as certain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from normrules.core.case import Case
from normrules.core.condition import OneOf
from normrules.core.event import Event
from normrules.core.time import Instant
from normrules.core.vocabulary import Vocabulary
from normrules.engine.durable.knowledge import UNKNOWN, Ask, Fit, fit
from normrules.engine.durable.rulesets import Compiled, event_kind
from normrules.engine.durable.session import Pass


class Telling(NamedTuple):
    """One event told in one pass: when, its number in the case, its kind, and what it shows.

    Acts that nobody recorded have numbers past the last event's.
    """

    time: Instant
    number: int
    pass_: Pass
    kind: str
    marks: tuple[str, ...]


def stream(
    program: Compiled, case: Case, vocabulary: Vocabulary, horizon: Instant, beginning: Instant
) -> list[Telling]:
    """The events up to the horizon in order of time, as certain only when they surely were.

    Of a type that is not completely recorded, more may have happened from the beginning on.
    """
    told = [
        telling
        for number, event in enumerate(case.events)
        if event.type in program.asked and event.time.lo <= horizon
        for telling in _told(program, number, event, horizon)
    ]
    incomplete = (name for name in program.asked if not case.records_all(name, vocabulary))
    for number, name in enumerate(incomplete, len(case.events)):
        recorded = case.complete_by.get(name, frozenset())
        anything = ((ask, _of_unrecorded(ask, recorded)) for ask in program.asked[name])
        told.append(_possible(program, beginning, number, name, anything))
    return sorted(told)


def _told(program: Compiled, number: int, event: Event, horizon: Instant) -> Iterator[Telling]:
    fits = [(ask, fit(event, ask)) for ask in program.asked[event.type]]
    yield _possible(program, event.time.lo, number, event.type, fits)
    if event.time.hi <= horizon:
        sure = tuple(program.marks[ask] for ask, answer in fits if answer.surely)
        yield Telling(event.time.hi, number, "certain", event_kind(event.type), sure)


def _of_unrecorded(ask: Ask, recorded: frozenset[str]) -> Fit:
    """How an act that nobody recorded answers: it is by none whose acts are all recorded."""
    if ask.attribute != "by" or not isinstance(ask.accepts, OneOf) or ask.accepts.negated:
        return UNKNOWN
    return Fit(surely=False, perhaps=not ask.accepts.values <= recorded)


def _possible(
    program: Compiled, time: Instant, number: int, name: str, fits: Iterable[tuple[Ask, Fit]]
) -> Telling:
    marks = tuple(program.marks[ask] for ask, answer in fits if answer.perhaps)
    return Telling(time, number, "possible", event_kind(name), marks)
