"""One event as written to an event: its time, its actors, its votes, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import Any

from normrules.core.condition import Between, Value
from normrules.core.condition_text import Comparison
from normrules.core.event import Event, Known, Votes
from normrules.core.problem import Path as Place
from normrules.core.problem import did_you_mean
from normrules.core.time import Interval, read_time
from normrules.core.vocabulary import Attribute
from normrules.lang.words import Words, is_state

#: Keys that every event may have; the rest are attributes of its type.
COMMON = (
    "id", "type", "time", "case", "country", "by", "under", "for", "against", "abstain", "present",
    "vetoes", "follows", "source", "note",
)  # fmt: skip


class EventReader:
    """Reads events one by one, in a time zone; what is wrong with them goes to `words`."""

    def __init__(self, words: Words, zone: tzinfo) -> None:
        self.words, self.zone = words, zone

    def event(self, raw: Mapping[str, Any], index: int) -> Event | None:
        """The event written at a place; None (and problems in `words`) if it can't be read."""
        place: Place = ("events", index)
        kind = raw.get("type")
        if kind is None:
            self.words.complain("event", "an event needs a `type`", place)
            return None
        known = self.words.vocabulary.attributes
        if not self.words.known("event", str(kind), known, (*place, "type")):
            return None
        kind = str(kind)
        self._check_home(raw, place)
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

    def _check_home(self, raw: Mapping[str, Any], place: Place) -> None:
        """The state concerned, and the case or cases."""
        country = raw.get("country")
        if country is not None and not is_state(str(country)):
            message = f"`{country}` is no ISO 3166 alpha-3 code of a state, such as NER"
            self.words.complain("country", message, (*place, "country"))
        if isinstance(raw.get("case"), dict):
            self.words.complain("case", "this is a name or a list of names", (*place, "case"))

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
                helped = did_you_mean(name, [*domains, *COMMON])
                self.words.complain(
                    "unknown-attribute",
                    f"unknown attribute `{name}`",
                    (*place, name),
                    helped,
                    on_key=True,
                )
                continue
            known = self.known(written, domains[name], (*place, name))
            if known is not None:
                found[name] = known
        return found

    def known(self, written: Any, domain: Attribute, place: Place) -> Known | None:
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
