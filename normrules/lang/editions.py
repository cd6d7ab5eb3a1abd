"""A rulebook as it stood on a day: what stands in the instruments in force then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from normrules.core.condition_text import ConditionText
from normrules.core.demand import DemandText
from normrules.core.rulebook import Instrument, Rule, Rulebook
from normrules.core.time import Interval
from normrules.lang.instruments import span_of
from normrules.lang.texts import Assembly, Text


def on_day(text: Text, day: Interval, timeless: frozenset[str] = frozenset()) -> Text:
    """The rulebook of one day. What hangs on a rule that did not hold then never comes true.

    The instruments in `timeless` count as in force: those of an edition that a draft amends.
    """
    then = {
        name
        for name, instrument in text.book.instruments.items()
        if name in timeless or span_of(instrument).covers(day) is not False
    }
    assembly = Assembly(text)
    assembly.keep(lambda item: item.source.instrument in then)
    assembly.update["instruments"] = _instruments(text.book, then)
    held = assembly.built()
    while True:
        assembly = Assembly(held)
        assembly.change(_Absence(held.book).left)
        less = assembly.built()
        if less.book == held.book:
            return less
        held = less


def _instruments(book: Rulebook, then: set[str]) -> dict[str, Instrument]:
    """The instruments of the day; what takes the place of one later is not said."""
    return {
        name: text.model_copy(update={"replaced_by": None})
        if text.replaced_by not in then
        else text
        for name, text in book.instruments.items()
        if name in then
    }


class _Absence:
    """What is left of the parts of a rulebook without the rules and facts that it lacks."""

    def __init__(self, book: Rulebook) -> None:
        every = list(_rules(book))
        self.rules = {rule.id for rule in every}
        self.rules |= {f"{rule.id}.otherwise" for rule in every if rule.otherwise is not None}
        self.facts = {definition.counts_as for definition in book.definitions}
        self.facts |= {rule.then.effect for rule in every if rule.then.effect is not None}

    def left(self, item: Any) -> Any:
        """A rule or definition without what never comes true; None if it never can itself."""
        if not hasattr(item, "when"):
            return item
        when = self.condition(item.when)
        if when is None:
            return None
        changed: dict[str, Any] = {"when": when}
        for key in ("unless", "until"):
            if getattr(item, key, None) is not None:
                changed[key] = self.condition(getattr(item, key))
        if isinstance(item, Rule):
            if item.upon is not None:
                changed["upon"] = self.condition(item.upon)
                if changed["upon"] is None:
                    return None
            changed["overrides"] = tuple(name for name in item.overrides if name in self.rules)
            changed["then"] = self._demand(item.then)
        return item.model_copy(update=changed)

    def _demand(self, demand: DemandText) -> DemandText:
        """A demand without a deadline that never comes."""
        changed: dict[str, Any] = {}
        if demand.before is not None:
            changed["before"] = self.condition(demand.before)
        if demand.counted_from is not None:
            changed["counted_from"] = self.condition(demand.counted_from)
            if changed["counted_from"] is None:
                changed["within"] = None
        return demand.model_copy(update=changed)

    def condition(self, text: ConditionText) -> ConditionText | None:
        """A condition without the parts that never come true; None if it never can."""
        match text.form:
            case "fact":
                return text if text.fact in self.facts else None
            case "triggered" | "done" | "breached":
                return text if getattr(text, text.form) in self.rules else None
            case "any":
                return self._parts(text, "any")
            case "all":
                return self._parts(text, "all")
            case "after":
                part = self.condition(text.after) if text.after else None
                return text.model_copy(update={"after": part}) if part else None
        return text

    def _parts(self, text: ConditionText, key: str) -> ConditionText | None:
        """The parts of an `any` that can come true, or of an `all`, where each must."""
        parts: list[ConditionText] = []
        for part in getattr(text, key):
            barred = part.not_ is not None
            left = self.condition(part.not_ if barred else part)
            if left is None and key == "all" and not barred:
                return None
            if left is not None:
                parts.append(part.model_copy(update={"not_": left}) if barred else left)
        return text.model_copy(update={key: tuple(parts)}) if parts else None


def _rules(book: Rulebook) -> Iterator[Rule]:
    """The rules of a book under any of its readings."""
    yield from book.rules
    for reading in book.readings.values():
        for option in reading.options:
            yield from option.add
