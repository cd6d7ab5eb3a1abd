"""Rulebooks put together out of parts, each of which knows the file and place of its text.

So a problem is shown where it can be mended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from normrules.core.problem import Path, Problem
from normrules.core.rulebook import Option, Rulebook
from normrules.lang.reader import Source

Origin = tuple[Source, Path]
Part = Literal["rules", "definitions", "silences"]
PARTS: tuple[Part, ...] = ("rules", "definitions", "silences")


@dataclass(frozen=True)
class Text:
    """A rulebook, and for the paths of its parts the file and the path where they are written."""

    book: Rulebook
    origins: Mapping[Path, Origin]

    def origin(self, path: Path) -> Origin:
        """Where a part is written: the place of the nearest part around it that is known."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.origins:
                source, place = self.origins[path[:end]]
                return source, (*place, *path[end:])
        raise KeyError(path)

    def placed(self, problem: Problem) -> Problem:
        """The problem with its file, span and excerpt."""
        source, path = self.origin(problem.path)
        return source.placed(replace(problem, path=path))


def whole(book: Rulebook, source: Source) -> Text:
    """The text of a rulebook that stands in one file."""
    return Text(book, {(): (source, ())})


class Assembly:
    """A rulebook being put together out of another one's parts; each keeps its place."""

    def __init__(self, text: Text) -> None:
        self.text, self.book = text, text.book
        self.origins = dict(text.origins)
        self.update: dict[str, Any] = {}
        self.parts: dict[str, list[tuple[Any, Origin]]] = {
            part: [(x, text.origin((part, i))) for i, x in enumerate(getattr(text.book, part))]
            for part in PARTS
        }
        self.readings = dict(text.book.readings)

    def keep(self, wanted: Callable[[Any], bool]) -> None:
        """Keep what is wanted of the rules, definitions and silences, in readings as well."""
        self.change(lambda item: item if wanted(item) else None)

    def change(self, change: Callable[[Any], Any]) -> None:
        """Change each rule, definition and silence, in readings as well; None leaves it out."""
        for part, items in self.parts.items():
            changed = [(change(item), origin) for item, origin in items]
            self.parts[part] = [(item, origin) for item, origin in changed if item is not None]
        left = {item.id for item, _ in self.parts["rules"]}
        for question, reading in self.book.readings.items():
            options = tuple(
                self._option(option, ("readings", question, "options", i), change, left)
                for i, option in enumerate(reading.options)
            )
            if any(map(_patches, options)) or not any(map(_patches, reading.options)):
                self.readings[question] = reading.model_copy(update={"options": options})
            else:
                del self.readings[question]

    def _option(
        self, option: Option, place: Path, change: Callable[[Any], Any], left: set[str]
    ) -> Option:
        kept: dict[str, Any] = {"remove": tuple(name for name in option.remove if name in left)}
        for kind in ("add", "replace"):
            changed = [(i, change(rule)) for i, rule in enumerate(getattr(option, kind))]
            chosen = [(i, rule) for i, rule in changed if rule is not None]
            for new, (old, _) in enumerate(chosen):
                self.origins[*place, kind, new] = self.text.origin((*place, kind, old))
            kept[kind] = tuple(rule for _, rule in chosen)
        return option.model_copy(update=kept)

    def built(self) -> Text:
        """The rulebook with the places of its parts."""
        for part, items in self.parts.items():
            for index, (_, origin) in enumerate(items):
                self.origins[part, index] = origin
            self.update[part] = tuple(item for item, _ in items)
        self.update["readings"] = self.readings
        return Text(self.book.model_copy(update=self.update), self.origins)


def _patches(option: Option) -> bool:
    return bool(option.add or option.replace or option.remove)
