"""Scenario files and event streams to cases: every event joined to its case, or a problem."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field

from normrules.core.case import Case
from normrules.core.event import Event, Known
from normrules.core.problem import NormrulesError, Problem
from normrules.core.problem import Path as Place
from normrules.core.time import read_time, read_zone
from normrules.core.vocabulary import Vocabulary
from normrules.core.written import Identifier, Title, Word, Written
from normrules.lang.dealing import Dealer
from normrules.lang.events import EventReader
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
        self.reader = EventReader(self.words, self.zone)

    def cases(self) -> list[Case]:
        """The cases, or none and the problems in `words`."""
        read = [self.reader.event(raw, index) for index, raw in enumerate(self.text.events)]
        if self.words.problems:
            return []
        dealer = Dealer(self.words, self.text.scenario, self.text.country)
        dealt = dealer.dealt(dealer.ordered([event for event in read if event is not None]))
        return [self._case(name, members) for name, members in dealt.items()]

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
                known = self.reader.known(written, self.vocabulary.case[name], place)
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
