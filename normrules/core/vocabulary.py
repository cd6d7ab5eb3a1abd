"""What can be said: events, actions, bodies, facts, and the ladders they stand on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from normrules.core.written import Word, Written

#: Built-in bearers: no organisation's bodies.
ROLES: Mapping[str, str] = {
    "state_concerned": "The state in which it happened",
    "perpetrators": "Those who seized power",
    "de_facto_authorities": "Those who hold power after the seizure",
    "own_organ": "Each regime's own organ",
}


class Bounds(Written):
    """The least and greatest whole number of a domain."""

    at_least: int | None = None
    at_most: int | None = None


class Attribute(Written):
    """The domain of an attribute: exactly one of the five kinds."""

    one_of: tuple[Word, ...] | None = None
    ordered: tuple[Word, ...] | None = None
    integer: Bounds | None = None
    boolean: Literal[True] | None = None
    time: Literal[True] | None = None
    title: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Attribute:
        kinds = [k for k in ("one_of", "ordered", "integer", "boolean", "time") if getattr(self, k)]
        if self.integer is not None and "integer" not in kinds:
            kinds.append("integer")
        if len(kinds) != 1:
            raise PydanticCustomError(
                "domain",
                "an attribute has exactly one of one_of, ordered, integer, boolean, time",
            )
        return self

    @property
    def values(self) -> tuple[Any, ...] | None:
        """The values of a closed domain, in order; None for numbers and times."""
        if self.boolean:
            return (True, False)
        return self.one_of or self.ordered

    @property
    def numeric(self) -> bool:
        """Whether the domain is whole numbers or instants."""
        return self.integer is not None or self.time is not None


class EventType(Written):
    """A kind of event in the world."""

    title: str
    opens_case: bool = False
    attributes: dict[str, Attribute] = Field(default_factory=dict)
    note: str | None = None


class Action(Written):
    """Something that bodies do; doing it is an event of this type."""

    title: str
    track: str | None = None
    level: str | None = None
    attributes: dict[str, Attribute] = Field(default_factory=dict)
    forbears: str | None = None
    observable: Literal["public", "internal"] = "public"
    continuing: bool = False
    broken_by: str | None = None
    note: str | None = None


class Body(Written):
    """A body of an organisation, or a group of bodies (`any_of`)."""

    title: str
    of: str | None = None
    role: str | None = None
    any_of: tuple[str, ...] | None = None
    note: str | None = None


class FactType(Written):
    """A legal label that regimes define from events."""

    title: str
    note: str | None = None


class Vocabulary(Written):
    """The words of one domain: nothing undeclared may be used."""

    vocabulary: str
    title: str
    tracks: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    events: dict[str, EventType] = Field(default_factory=dict)
    actions: dict[str, Action] = Field(default_factory=dict)
    bodies: dict[str, Body] = Field(default_factory=dict)
    facts: dict[str, FactType] = Field(default_factory=dict)
    case: dict[str, Attribute] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @cached_property
    def attributes(self) -> Mapping[str, Mapping[str, Attribute]]:
        """Of every type of event, built in or declared, its attributes."""
        declared: dict[str, Mapping[str, Attribute]] = {
            "determine": {
                "that": Attribute(one_of=tuple(self.facts) or ("nothing",)),
                "outcome": Attribute(one_of=("yes", "no")),
            },
            "set_deadline": {"until": Attribute(time=True)},
            "case_closed": {},
            "ratified": {},
            "left": {},
        }
        for name, event in self.events.items():
            declared[name] = event.attributes
        for name, action in self.all_actions.items():
            declared.setdefault(name, action.attributes)
        return declared

    @cached_property
    def all_actions(self) -> Mapping[str, Action]:
        """The declared actions and the two that are built in."""
        built_in = {
            "determine": Action(title="Find formally that something is, or is not, so"),
            "set_deadline": Action(title="Set a time limit"),
        }
        return built_in | self.actions

    def opens(self, event_type: str) -> bool:
        """Whether an event of this type opens a case."""
        event = self.events.get(event_type)
        return event is not None and event.opens_case

    def members(self, body: str) -> frozenset[str]:
        """The bodies of a group, or the body itself."""
        entry = self.bodies.get(body)
        if entry is None or entry.any_of is None:
            return frozenset({body})
        return frozenset({body}).union(*(self.members(part) for part in entry.any_of))

    def bodies_of(self, organisation: str) -> frozenset[str]:
        """All bodies and groups of an organisation."""
        return frozenset(name for name, body in self.bodies.items() if body.of == organisation)

    def on_tracks(self, tracks: tuple[str, ...]) -> tuple[str, ...]:
        """The actions on the ladders of these tracks, weakest first within each."""
        return tuple(
            name
            for track in tracks
            for level in self.tracks.get(track, ())
            for name, action in self.actions.items()
            if (action.track, action.level) == (track, level)
        )

    def title_of(self, word: str) -> str:
        """The title of an event type, action, body, fact or role; else the word itself."""
        for entries in self._titled():
            if word in entries:
                return str(entries[word].title)
        return ROLES.get(word, word.replace("_", " "))

    def _titled(self) -> Iterator[Mapping[str, Any]]:
        yield from (self.events, self.all_actions, self.bodies, self.facts)
