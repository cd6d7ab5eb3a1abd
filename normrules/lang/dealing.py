"""Events dealt out to cases: in order of time, each to the case it names or the one then open."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, chain

from normrules.core.event import Event
from normrules.core.problem import Path as Place
from normrules.core.problem import did_you_mean
from normrules.core.time import EVER, Interval
from normrules.lang.words import Words

#: No record of a case comes near this many "not before" between two events.
MAX_FOLLOWS = 1_000_000
#: Of the cases that are open at once, this many are named.
_NAMED = 6


class Dealer:
    """Deals the events of one scenario to its cases; what is wrong with them goes to `words`."""

    def __init__(self, words: Words, scenario: str, country: str | None) -> None:
        self.words, self.scenario, self.country = words, scenario, country
        self.places: dict[str, int] = {}

    def ordered(self, events: Sequence[Event]) -> list[Event]:
        """The events in order of time, with what `follows` says of their times."""
        by_id: dict[str, Event] = {}
        for index, event in enumerate(events):
            if event.id in by_id:
                place: Place = ("events", index, "id")
                self.words.complain("repeated-id", f"two events are `{event.id}`", place)
            by_id[event.id] = event
            self.places[event.id] = index
        earlier = self._earlier(events, by_id)
        later: dict[str, list[Event]] = {}
        for event in events:
            for name in earlier[event.id]:
                later.setdefault(name, []).append(event)
        placed = [
            self._between(event, [by_id[name] for name in earlier[event.id]], later)
            for event in events
        ]
        return sorted(placed, key=lambda event: (event.time.lo, event.time.hi))

    def _earlier(
        self, events: Sequence[Event], by_id: Mapping[str, Event]
    ) -> dict[str, frozenset[str]]:
        """For each event, every event that it follows, directly or not."""
        found: dict[str, frozenset[str]] = {}
        left = MAX_FOLLOWS
        for event in events:
            found[event.id] = self._all_before(event, by_id) if left > 0 else frozenset()
            left -= len(found[event.id])
        if left <= 0:
            message = f"more than {MAX_FOLLOWS} pairs of events follow one another"
            self.words.complain("follows", message, ("events",))
        return found

    def _all_before(self, event: Event, by_id: Mapping[str, Event]) -> frozenset[str]:
        seen: set[str] = set()
        ahead = sorted(event.follows)
        while ahead:
            name = ahead.pop()
            if name not in by_id or name == event.id:
                place: Place = ("events", self.places[event.id], "follows")
                helped = did_you_mean(name, [other for other in by_id if other != event.id])
                message = f"there is no event `{name}` before it"
                self.words.complain("follows", message, place, helped)
            elif name not in seen:
                seen.add(name)
                ahead += by_id[name].follows
        return frozenset(seen)

    def _between(
        self, event: Event, before: Sequence[Event], later: Mapping[str, Sequence[Event]]
    ) -> Event:
        """The event, its time narrowed by those before and after it."""
        lo = max([event.time.lo, *(e.time.lo for e in before)])
        hi = min([event.time.hi, *(e.time.hi for e in later.get(event.id, ()))])
        if lo > event.time.hi:
            place: Place = ("events", self.places[event.id], "follows")
            self.words.complain("follows", "it follows an event that is later", place)
        follows = frozenset(other.id for other in before)
        return replace(event, time=Interval(lo, max(lo, hi)), follows=follows)

    # ------------------------------------------------------------ cases

    def dealt(self, events: Sequence[Event]) -> dict[str, list[Event]]:
        """The events by case: named, or the one open case of their country."""
        openings = [event for event in events if self.words.vocabulary.opens(event.type)]
        if not openings:
            known = [name for name, e in self.words.vocabulary.events.items() if e.opens_case]
            helped = f"one of {', '.join(known)}" if known else "its vocabulary has none"
            self.words.complain("case", "no event opens a case", ("events",), helped)
            return {}
        names = self._case_names(openings)
        dealt: dict[str, list[Event]] = {names[event.id]: [] for event in openings}
        dockets = self._dockets(openings, [e for e in events if e.type == "case_closed"])
        for event in events:
            for name in self._cases_of(event, dockets, names, dealt):
                dealt[name].append(event)
        return dealt

    def _case_names(self, openings: Sequence[Event]) -> dict[str, str]:
        """The case that each opening event opens (or joins, if it names it)."""
        names: dict[str, str] = {}
        for index, event in enumerate(openings):
            named = event.raw.get("case")
            default = self.scenario if index == 0 else f"{self.scenario}-{event.id}"
            names[event.id] = default if named is None else str(named)
            if isinstance(named, list | dict):
                place: Place = ("events", self.places[event.id], "case")
                self.words.complain("case", "an opening event opens one case: name it", place)
        return names

    def _dockets(
        self, openings: Sequence[Event], closings: Sequence[Event]
    ) -> dict[str | None, _Docket]:
        by_country: dict[str | None, tuple[list[Event], list[Event]]] = {}
        for kind, events in enumerate((openings, closings)):
            for event in events:
                by_country.setdefault(self._country(event), ([], []))[kind].append(event)
        return {country: _Docket(*both) for country, both in by_country.items()}

    def _cases_of(
        self,
        event: Event,
        dockets: Mapping[str | None, _Docket],
        names: Mapping[str, str],
        known: Mapping[str, object],
    ) -> list[str]:
        if event.id in names:
            return [names[event.id]]
        place: Place = ("events", self.places[event.id])
        named = event.raw.get("case")
        if named is not None:
            return self._named_cases(named, known, place)
        country = self._country(event)
        docket = dockets.get(country, _Docket([], []))
        if event.type in ("ratified", "left"):  # of the state, whatever case is open
            return list(dict.fromkeys(names[opening.id] for opening in docket.openings))
        found = sorted({names[opening.id] for opening in docket.open_at(event.time)})
        if len(found) != 1:
            self._homeless(event, found, country, place)
        return found[:1]

    def _homeless(
        self, event: Event, found: Sequence[str], country: str | None, place: Place
    ) -> None:
        where = f" for {country}" if country else ""
        reason, helped = f"no case is open{where} then", "name its `case`"
        if found:
            number = "two" if len(found) == 2 else "several"
            reason = f"{number} cases are open{where} then: {', '.join(found)}"
        else:
            helped += ", or put the opening event before it"
        self.words.complain("case", f"{event.type} belongs to no case: {reason}", place, helped)

    def _named_cases(self, named: object, known: Iterable[str], place: Place) -> list[str]:
        wanted = [str(n) for n in named] if isinstance(named, list) else [str(named)]
        for name in wanted:
            if name not in known:
                helped = did_you_mean(name, known)
                self.words.complain("case", f"there is no case `{name}`", (*place, "case"), helped)
        return [name for name in dict.fromkeys(wanted) if name in known]

    def _country(self, event: Event) -> str | None:
        country = event.raw.get("country", self.country)
        return None if country is None else str(country)


class _Docket:
    """The openings and closings of one country, in order of time."""

    def __init__(self, openings: Sequence[Event], closings: Sequence[Event]) -> None:
        self.openings = openings
        self.starts = [event.time.lo for event in openings]
        self.reach = list(accumulate((event.time.hi for event in openings), max))
        turns = sorted((event.time.hi, event.time.lo) for event in chain(openings, closings))
        self.turned = [hi for hi, _ in turns]
        self.latest = list(accumulate((lo for _, lo in turns), max))

    def open_at(self, when: Interval) -> list[Event]:
        """The openings whose case may be open then: begun, and no later turn surely passed.

        Of many, only some: enough to say that there is not one.
        """
        passed = bisect_left(self.turned, when.lo)
        latest = self.latest[passed - 1] if passed else EVER
        found: list[Event] = []
        for index in range(bisect_right(self.starts, when.hi) - 1, -1, -1):
            if self.reach[index] < latest or len(found) == _NAMED:
                break
            if self.openings[index].time.hi >= latest:
                found.append(self.openings[index])
        return found
