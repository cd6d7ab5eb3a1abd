"""A case: everything that happened around one opening event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from normrules.core.condition import Value
from normrules.core.event import Event, Known
from normrules.core.time import Instant
from normrules.core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One case, ready to be judged.

    `complete` holds the types of event of which everything up to `horizon` is listed (None:
    all of them), `complete_by` the bodies all of whose events of a type are. `events` are in
    order of time, then of the file. `horizon` is an instant; days are those of `zone`.
    """

    id: str
    title: str
    country: str | None
    historical: bool
    opening: Event
    events: tuple[Event, ...]
    horizon: Instant
    complete: frozenset[str] | None = None
    complete_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    state: Mapping[str, Known] = field(default_factory=dict)
    expect: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    zone: tzinfo = UTC
    file: str = ""

    def records_acts_of(self, event_type: str, bodies: frozenset[Value]) -> bool:
        """Whether every event of this type by these bodies is listed, whoever else acted."""
        return bool(bodies) and bodies <= self.complete_by.get(event_type, frozenset())

    def records_all(self, event_type: str, vocabulary: Vocabulary) -> bool:
        """Whether every event of this type up to the horizon is listed.

        Opening events always are. `complete: all` of a historical case leaves out the actions
        that only insiders can see.
        """
        if vocabulary.opens(event_type):
            return True
        if self.complete is not None:
            return event_type in self.complete
        action = vocabulary.all_actions.get(event_type)
        return not (self.historical and action is not None and action.observable == "internal")
