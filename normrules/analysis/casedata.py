"""A case as the data of a scenario file, and edits of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import product
from typing import Any, Literal

from normrules.core.case import Case
from normrules.core.condition import Between
from normrules.core.event import Known
from normrules.core.time import iso
from normrules.core.vocabulary import Vocabulary
from normrules.lang.scenarios import ScenarioReader, ScenarioText


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a case: an attribute of an event or of the state, an event, the country.

    `place` is the event's id (of an attribute or a removal), else empty. An attribute or country
    that is None is not known; `complete` is what the record holds completely.
    """

    kind: Literal["attribute", "state", "add", "remove", "country", "at", "complete"]
    place: str
    name: str
    value: Any

    def key(self) -> tuple[str, str, str, str]:
        """What tells edits apart."""
        return (self.kind, self.place, self.name, repr(self.value))


Data = dict[str, Any]
Edits = tuple[Edit, ...]
#: How many ways to reach one thing are kept.
MOST_WAYS = 120


def case_data(case: Case, vocabulary: Vocabulary) -> Data:
    """The case as a scenario file would say it."""
    known = {event.id for event in case.events}
    data: Data = {
        "scenario": case.id,
        "title": case.title,
        "vocabulary": vocabulary.vocabulary,
        "kind": "historical" if case.historical else "hypothetical",
        "complete": _complete(case),
    }
    if case.country:
        data["country"] = case.country
    if case.zone is not UTC:
        data["zone"] = str(case.zone)
    if case.state:
        data["state"] = {name: _written(value) for name, value in case.state.items()}
    data["at"] = iso(case.horizon)
    data["events"] = [
        _event(event.id, event.raw, known)
        | ({"case": case.id} if "case" in event.raw and event is not case.opening else {})
        for event in case.events
    ]
    return data


def _complete(case: Case) -> Any:
    if case.complete is None:
        return "all"
    by = [{"type": t, "by": sorted(b)} for t, b in sorted(case.complete_by.items())]
    return [*sorted(case.complete), *by]


def _written(known: Known) -> Any:
    if isinstance(known, Between):
        ends = {"at_least": known.lo, "at_most": known.hi}
        return {key: end for key, end in ends.items() if end is not None}
    values = sorted(known, key=str)
    return values[0] if len(values) == 1 else values


def _event(name: str, raw: Mapping[str, Any], known: Iterable[str]) -> Data:
    event = {"id": name, **{k: v for k, v in raw.items() if k not in ("id", "case")}}
    return _following(event, known)


def _following(event: Data, known: Iterable[str]) -> Data:
    """An event that follows only events that there are."""
    follows = event.get("follows")
    if follows is not None:
        kept = [str(f) for f in (follows if isinstance(follows, list) else [follows])]
        event["follows"] = [f for f in kept if f in known]
        if not event["follows"]:
            del event["follows"]
    return event


def edited(data: Mapping[str, Any], edits: Iterable[Edit]) -> Data:
    """The data with some edits made."""
    changed = {**data, "events": [dict(event) for event in data["events"]]}
    for edit in edits:
        match edit.kind:
            case "attribute":
                event = next(e for e in changed["events"] if e["id"] == edit.place)
                event[edit.name] = edit.value
                if edit.value is None:
                    del event[edit.name]
            case "state":
                changed["state"] = {**changed.get("state", {}), edit.name: edit.value}
            case "add":
                number = sum(str(e["id"]).startswith("added") for e in changed["events"]) + 1
                changed["events"].append({"id": f"added-{number}", **edit.value})
            case "remove":
                left = [e for e in changed["events"] if e["id"] != edit.place]
                names = [e["id"] for e in left]
                changed["events"] = [_following(e, names) for e in left]
            case "country" | "at" | "complete":
                changed[edit.kind] = edit.value
                if edit.value is None:
                    del changed[edit.kind]
    return changed


def read_data(data: Mapping[str, Any], vocabulary: Vocabulary) -> Case | None:
    """The case of such data; None if it is none."""
    reader = ScenarioReader(ScenarioText.model_validate(data), vocabulary, "changed")
    cases = reader.cases()
    return cases[0] if len(cases) == 1 and not reader.words.problems else None


# ---------------------------------------------------------------- several edits together


def fewest(ways: Iterable[Edits]) -> list[Edits]:
    """The ways with the fewest edits, each once."""
    seen: dict[tuple[Any, ...], Edits] = {}
    for way in ways:
        seen.setdefault(tuple(edit.key() for edit in way), way)
    return sorted(seen.values(), key=len)[:MOST_WAYS]


def joined(parts: Iterable[Sequence[Edits]]) -> list[Edits]:
    """One way of each part together, fewest edits first; ways that contradict are left out."""
    whole: list[Edits] = [()]
    for part in parts:
        merged = (merge(a, b) for a, b in product(whole, part))
        whole = fewest(way for way in merged if way is not None)
    return whole


def merge(a: Edits, b: Edits) -> Edits | None:
    """Two sets of edits as one; None if they give one place two values, or change what is gone."""
    places = {(e.kind, e.place, e.name): e for e in a if e.kind != "add"}
    kept = list(a)
    for edit in b:
        other = places.get((edit.kind, edit.place, edit.name)) if edit.kind != "add" else None
        if other is not None and other.value != edit.value:
            return None
        if other is None and not (edit.kind == "add" and edit in a):
            kept.append(edit)
    gone = {edit.place for edit in kept if edit.kind == "remove"}
    if any(edit.kind == "attribute" and edit.place in gone for edit in kept):
        return None
    return tuple(kept)
