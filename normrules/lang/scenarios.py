"""Scenario files and event streams to cases: every event joined to its case, or a problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field

from normrules.core.case import Case
from normrules.core.condition import Between, Value
from normrules.core.condition_text import Comparison
from normrules.core.event import Event, Known, Votes
from normrules.core.problem import NormrulesError, Problem, did_you_mean
from normrules.core.problem import Path as Place
from normrules.core.time import Interval, read_time, read_zone
from normrules.core.vocabulary import Attribute, Vocabulary
from normrules.core.written import Identifier, Title, Word, Written
from normrules.lang.library import load_vocabulary
from normrules.lang.loader import load
from normrules.lang.reader import Source
from normrules.lang.shelf import find_vocabulary
from normrules.lang.words import Words

Expectation = Word | dict[str, Any]


class CompleteOf(Written):
    """A type of event whose acts by some bodies are completely recorded."""

    type: str
    by: str | tuple[str, ...]


class ScenarioText(Written):
    """A scenario as written."""

    scenario: Identifier
    title: Title = ""
    vocabulary: str = "anti-coup"
    kind: Literal["historical", "hypothetical"] = "historical"
    complete: Literal["all"] | tuple[str | CompleteOf, ...] | None = None
    country: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    zone: str | None = None
    state: dict[str, Any] = Field(default_factory=dict)
    at: Word | None = None
    notes: tuple[str, ...] = ()
    events: tuple[dict[str, Any], ...] = Field(min_length=1)
    expect: dict[str, dict[str, Expectation]] = Field(default_factory=dict)


#: Keys that every event may have; the rest are attributes of its type.
COMMON = (
    "id", "type", "time", "case", "country", "by", "under", "for", "against", "abstain", "present",
    "vetoes", "follows", "source", "note",
)  # fmt: skip


def read_scenario(source: Source, folder: Path) -> tuple[list[Case], list[Problem]]:
    """The cases of one scenario file, with everything that is wrong with it."""
    text, problems = load(ScenarioText, source)
    if text is None:
        return [], problems
    vocabulary = load_vocabulary(find_vocabulary(text.vocabulary, folder))
    reader = ScenarioReader(text, vocabulary, source.file)
    cases = reader.cases()
    problems += [source.placed(problem) for problem in reader.words.problems]
    if any(problem.severity == "error" for problem in problems):
        return [], problems
    return cases, problems


class ScenarioReader:
    """Reads the events of one scenario and deals them out to cases."""

    def __init__(self, text: ScenarioText, vocabulary: Vocabulary, file: str) -> None:
        self.text, self.vocabulary, self.file = text, vocabulary, file
        self.words = Words(vocabulary)
        self.zone = self._zone()

    def cases(self) -> list[Case]:
        """The cases, or none and the problems in `words`."""
        events = [self._event(raw, index) for index, raw in enumerate(self.text.events)]
        if self.words.problems:
            return []
        dealt = self._dealt(self._ordered([event for event in events if event is not None]))
        return [self._case(name, members) for name, members in dealt.items()]

    # ------------------------------------------------------------ one event

    def _event(self, raw: Mapping[str, Any], index: int) -> Event | None:
        place: Place = ("events", index)
        kind = raw.get("type")
        if kind is None:
            self.words.complain("event", "an event needs a `type`", place)
            return None
        known = self.vocabulary.attributes
        if not self.words.known("event", str(kind), known, (*place, "type")):
            return None
        kind = str(kind)
        when = self._time(raw, place)
        attributes = {k: v for k, v in raw.items() if k not in COMMON}
        if kind in ("ratified", "left"):
            attributes.pop("register", None)
        return Event(
            id=str(raw.get("id", index + 1)),
            type=kind,
            time=when,
            known=MappingProxyType(self._attributes(attributes, known[kind], place)),
            by=self._by(raw.get("by"), (*place, "by")),
            under=self._names(raw.get("under"), (*place, "under")),
            votes=self._votes(raw, place),
            follows=self._names(raw.get("follows"), (*place, "follows")) or frozenset(),
            source=None if raw.get("source") is None else str(raw["source"]),
            raw=MappingProxyType(dict(raw)),
        )

    def _time(self, raw: Mapping[str, Any], place: Place) -> Interval:
        written = raw.get("time")
        if written is None:
            self.words.complain("event", "an event needs a `time`", place)
            return Interval(0, 0)
        try:
            return read_time(str(written), self.zone)
        except ValueError as error:
            self.words.complain("time", str(error), (*place, "time"))
            return Interval(0, 0)

    def _attributes(
        self, raw: Mapping[str, Any], domains: Mapping[str, Attribute], place: Place
    ) -> dict[str, Known]:
        found: dict[str, Known] = {}
        for name, written in raw.items():
            if name not in domains:
                self.words.complain(
                    "unknown-attribute",
                    f"unknown attribute `{name}`",
                    (*place, name),
                    did_you_mean(name, [*domains, *COMMON]),
                    on_key=True,
                )
                continue
            known = self._known(written, domains[name], (*place, name))
            if known is not None:
                found[name] = known
        return found

    def _known(self, written: Any, domain: Attribute, place: Place) -> Known | None:
        """What is known of an attribute: a value, several candidates, or a range."""
        if written is None:
            return None
        if isinstance(written, dict):
            return self._range(written, domain, place)
        if isinstance(written, list):
            values = [self.words.value(v, domain, (*place, i)) for i, v in enumerate(written)]
            return frozenset(v for v in values if v is not None)
        value: Value | None = self.words.value(written, domain, place)
        return None if value is None else frozenset({value})

    def _range(self, written: Mapping[str, Any], domain: Attribute, place: Place) -> Known | None:
        try:
            comparison = Comparison.model_validate(dict(written))
        except ValueError:
            helped = "write {at_least: ...}, {at_most: ...} or {between: [..., ...]}"
            self.words.complain("value", "this range can't be read", place, helped)
            return None
        test = self.words.test("it", comparison, {"it": domain}, place)
        if test is None:
            return None
        if isinstance(test.accepts, Between):
            return test.accepts
        inside = test.accepts.values
        return frozenset(domain.values or ()) - inside if test.accepts.negated else inside

    def _by(self, written: Any, place: Place) -> frozenset[str]:
        if written is None:
            return frozenset()
        names = tuple(map(str, written)) if isinstance(written, list) else (str(written),)
        for name in names:
            self.words.body(name, place)
        return frozenset(names)

    def _names(self, written: Any, place: Place) -> frozenset[str] | None:
        if written is None:
            return None
        if isinstance(written, dict):
            self.words.complain("value", "this is a name or a list of names", place)
            return None
        return frozenset(map(str, written if isinstance(written, list) else [written]))

    def _votes(self, raw: Mapping[str, Any], place: Place) -> Votes:
        counts = {}
        for key in ("for", "against", "abstain", "present"):
            value = raw.get(key)
            if value is not None and (type(value) is not int or value < 0):
                self.words.complain("votes", f"`{value}` is no number of votes", (*place, key))
                value = None
            counts[key] = value
        vetoes = self._names(raw.get("vetoes"), (*place, "vetoes")) or frozenset()
        return Votes(
            counts["for"],
            counts["against"],
            counts["abstain"],
            counts["present"],
            tuple(sorted(vetoes)),
        )

    # ------------------------------------------------------------ all events

    def _ordered(self, events: Sequence[Event]) -> list[Event]:
        """The events in order of time, with what `follows` says of their times."""
        by_id: dict[str, Event] = {}
        for index, event in enumerate(events):
            if event.id in by_id:
                self.words.complain(
                    "repeated-id", f"two events are `{event.id}`", ("events", index, "id")
                )
            by_id[event.id] = event
        earlier = {event.id: self._all_before(event, by_id) for event in events}
        placed = []
        for index, event in enumerate(events):
            before = [by_id[name] for name in earlier[event.id]]
            after = [other for other in events if event.id in earlier[other.id]]
            lo = max([event.time.lo, *(e.time.lo for e in before)])
            hi = min([event.time.hi, *(e.time.hi for e in after)])
            if lo > hi:
                message = "it follows an event that is later"
                self.words.complain("follows", message, ("events", index, "follows"))
            time = Interval(lo, max(lo, hi))
            placed.append(replace(event, time=time, follows=frozenset(earlier[event.id])))
        return sorted(placed, key=lambda event: (event.time.lo, event.time.hi))

    def _all_before(self, event: Event, by_id: Mapping[str, Event]) -> set[str]:
        """Every event that this one follows, directly or not."""
        seen: set[str] = set()
        ahead = list(event.follows)
        while ahead:
            name = ahead.pop()
            if name not in by_id or name == event.id:
                place: Place = ("events", self._index_of(event), "follows")
                helped = did_you_mean(name, by_id)
                self.words.complain(
                    "follows", f"there is no event `{name}` before it", place, helped
                )
            elif name not in seen:
                seen.add(name)
                ahead += by_id[name].follows
        return seen

    def _index_of(self, event: Event) -> int:
        return next((i for i, raw in enumerate(self.text.events) if raw == dict(event.raw)), 0)

    def _dealt(self, events: Sequence[Event]) -> dict[str, list[Event]]:
        """The events by case: named, or the one open case of their country."""
        openings = [event for event in events if self.vocabulary.opens(event.type)]
        names = self._case_names(openings)
        dealt: dict[str, list[Event]] = {names[event.id]: [] for event in openings}
        closings = [event for event in events if event.type == "case_closed"]
        for event in events:
            for name in self._cases_of(event, openings, closings, names):
                dealt[name].append(event)
        return dealt

    def _case_names(self, openings: Sequence[Event]) -> dict[str, str]:
        """The case that each opening event opens (or joins, if it names it)."""
        names: dict[str, str] = {}
        for index, event in enumerate(openings):
            named = event.raw.get("case")
            default = self.text.scenario if index == 0 else f"{self.text.scenario}-{event.id}"
            names[event.id] = default if named is None else str(named)
        return names

    def _cases_of(
        self,
        event: Event,
        openings: Sequence[Event],
        closings: Sequence[Event],
        names: Mapping[str, str],
    ) -> list[str]:
        if event.id in names:
            return [names[event.id]]
        place: Place = ("events", self._index_of(event))
        named = event.raw.get("case")
        if named is not None:
            return self._named_cases(named, set(names.values()), place)
        country = self._country(event)
        if event.type in ("ratified", "left"):  # of the state, whatever case is open
            return [names[x.id] for x in openings if self._country(x) == country]
        rivals = [
            x for x in (*openings, *closings) if self._country(x) == country and x is not event
        ]
        here = [x for x in openings if self._country(x) == country]
        found = {
            names[x.id]
            for x in here
            if x.time.lo <= event.time.hi
            and not any(x.time.hi < y.time.lo and y.time.hi < event.time.lo for y in rivals)
        }
        if len(found) != 1:
            self._homeless(event, sorted(found), country, place)
        return sorted(found)[:1]

    def _homeless(self, event: Event, found: list[str], country: Any, place: Place) -> None:
        where = f" for {country}" if country else ""
        reason = (
            f"two cases are open{where} then: {', '.join(found)}"
            if found
            else (f"no case is open{where} then")
        )
        helped = "name its `case`" + ("" if found else ", or put the opening event before it")
        self.words.complain("case", f"{event.type} belongs to no case: {reason}", place, helped)

    def _named_cases(self, named: Any, known: set[str], place: Place) -> list[str]:
        wanted = [str(n) for n in named] if isinstance(named, list) else [str(named)]
        for name in wanted:
            if name not in known:
                helped = did_you_mean(name, known)
                self.words.complain("case", f"there is no case `{name}`", (*place, "case"), helped)
        return [name for name in wanted if name in known]

    def _country(self, event: Event) -> Any:
        return event.raw.get("country", self.text.country)

    def _case(self, name: str, events: list[Event]) -> Case:
        opening = next(event for event in events if self.vocabulary.opens(event.type))
        historical = self.text.kind == "historical"
        title = self.text.title
        return Case(
            id=name,
            title=(title if isinstance(title, str) else title.get("en", "")) or name,
            country=opening.raw.get("country", self.text.country),  # type: ignore[arg-type]
            historical=historical,
            opening=opening,
            events=tuple(events),
            horizon=self._horizon(events),
            complete=self._complete(historical=historical),
            complete_by=MappingProxyType(self._complete_by()),
            state=MappingProxyType(self._state()),
            expect=dict(self.text.expect),
            notes=self.text.notes,
            zone=self.zone,
            file=self.file,
        )

    def _horizon(self, events: Sequence[Event]) -> int:
        if self.text.at is None:
            return max(event.time.hi for event in events)
        try:
            return read_time(self.text.at, self.zone).hi
        except ValueError as error:
            self.words.complain("time", str(error), ("at",))
            return 0

    def _complete(self, *, historical: bool) -> frozenset[str] | None:
        complete = self.text.complete
        if complete is None:
            return frozenset() if historical else None
        if complete == "all":
            return None
        for index, entry in enumerate(complete):
            place: Place = ("complete", index)
            if isinstance(entry, str):
                self.words.known("event", entry, self.vocabulary.attributes, place)
            elif self.words.known("event", entry.type, self.vocabulary.attributes, place):
                self.words.bodies(entry.by, (*place, "by"))
        return frozenset(entry for entry in complete if isinstance(entry, str))

    def _complete_by(self) -> dict[str, frozenset[str]]:
        """Of each type, the bodies whose acts of it are completely recorded."""
        found: dict[str, frozenset[str]] = {}
        for entry in self.text.complete or ():
            if isinstance(entry, CompleteOf):
                bodies = Words(self.vocabulary).bodies(entry.by, ())
                found[entry.type] = found.get(entry.type, frozenset()) | bodies
        return found

    def _state(self) -> dict[str, Known]:
        found = {}
        for name, written in self.text.state.items():
            place: Place = ("state", name)
            if self.words.known("attribute", name, self.vocabulary.case, place):
                known = self._known(written, self.vocabulary.case[name], place)
                if known is not None:
                    found[name] = known
        return found

    def _zone(self) -> tzinfo:
        if self.text.zone is None:
            return UTC
        try:
            return read_zone(self.text.zone)
        except ValueError as error:
            self.words.complain("zone", str(error), ("zone",))
            return UTC


def must_be_read(cases: list[Case], problems: list[Problem], file: str) -> list[Case]:
    """The cases, or NormrulesError with the problems."""
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors or not cases:
        raise NormrulesError(f"`{file}` can't be evaluated", problems)
    return cases
