"""YAML text to a tree that keeps what plain data loses: comments, blank lines, styles, anchors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from normrules.core.problem import NormrulesError, Problem
from normrules.lang.reader import Source, events


@dataclass(eq=False)
class Comment:
    """A comment with its hash; `blank` says that an empty line stands before it."""

    text: str
    column: int = 0
    blank: bool = False


@dataclass(eq=False)
class Node:
    """A value as written. Of a scalar `value` is its data and `raw` its text in the file.

    `flow` says that it is written in brackets (None: as it fits best). `tail` are comments
    after the last entry. `start` and `end` are offsets into the text.
    """

    kind: Literal["scalar", "mapping", "sequence", "alias"]
    value: Any = None
    raw: str | None = None
    flow: bool | None = None
    anchor: str | None = None
    entries: list[Entry] = field(default_factory=list)
    tail: list[Comment] = field(default_factory=list)
    start: int = 0
    end: int = 0
    owner: Entry | None = field(default=None, repr=False)


@dataclass(eq=False)
class Entry:
    """A key with its value, or an item of a list (`key` is None).

    `before` are the comments above it, `after` those at the end of its line; `blank` says that
    an empty line stands right before it.
    """

    key: str | None
    node: Node
    start: int = 0
    column: int = 0
    blank: bool = False
    before: list[Comment] = field(default_factory=list)
    after: list[Comment] = field(default_factory=list)
    inside: Node | None = field(default=None, repr=False)


def from_data(data: Any) -> Node:
    """The tree of plain data. Raises TypeError for what has no place in a file.

    >>> [entry.key for entry in from_data({"rulebook": "x", "rules": []}).entries]
    ['rulebook', 'rules']
    """
    if isinstance(data, Mapping):
        return Node("mapping", entries=[Entry(_key(k), from_data(v)) for k, v in data.items()])
    if isinstance(data, list | tuple):
        return Node("sequence", entries=[Entry(None, from_data(item)) for item in data])
    if data is None or isinstance(data, str | bool | int | float):
        return Node("scalar", data)
    raise TypeError(f"a {type(data).__name__} can't stand in a file: {data!r}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key is text, not {key!r}")
    return key


def from_source(source: Source) -> Node:
    """The tree of a text that was read without problems. Comments are not in it yet.

    Raises NormrulesError for an anchor on a key.
    """
    builder = _Builder(source)
    return builder.node(next(builder.events), source.data)


def entries_of(node: Node) -> Iterator[Entry]:
    """Every entry of a tree, in the order of the text."""
    for entry in node.entries:
        yield entry
        yield from entries_of(entry.node)


class _Builder:
    """Builds nodes from the parser's events and the data that was read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.events = (
            event
            for event in events(source.text)
            if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent)
        )

    def node(self, event: Any, data: Any) -> Node:
        match event:
            case yaml.AliasEvent():
                node = Node("alias", event.anchor)
            case yaml.ScalarEvent():
                node = self._scalar(event, data)
            case yaml.MappingStartEvent():
                node = self._mapping(event, data)
            case _:
                node = self._sequence(event, data)
        node.start = event.start_mark.index
        node.end = node.end or event.end_mark.index
        return node

    def _scalar(self, event: Any, data: Any) -> Node:
        raw = event.value if event.tag is None and not event.style else None
        return Node("scalar", data, raw, anchor=event.anchor)

    def _mapping(self, event: Any, data: Mapping[str, Any]) -> Node:
        node = Node("mapping", flow=bool(event.flow_style), anchor=event.anchor)
        key: Any = next(self.events)
        while not isinstance(key, yaml.MappingEndEvent):
            text = self._key(key)
            self._add(node, text, next(self.events), data[text], key)
            key = next(self.events)
        node.end = _end(key)
        return node

    def _sequence(self, event: Any, data: list[Any]) -> Node:
        node = Node("sequence", flow=bool(event.flow_style), anchor=event.anchor)
        item: Any = next(self.events)
        while not isinstance(item, yaml.SequenceEndEvent):
            self._add(node, None, item, data[len(node.entries)], item)
            item = next(self.events)
        node.end = _end(item)
        return node

    def _add(self, node: Node, key: str | None, value: Any, data: Any, at: Any) -> None:
        entry = Entry(key, self.node(value, data), inside=node)
        entry.start, entry.column = at.start_mark.index, at.start_mark.column
        entry.node.owner = entry
        node.entries.append(entry)

    def _key(self, event: Any) -> str:
        if isinstance(event, yaml.ScalarEvent) and event.anchor is None:
            return str(event.value)
        message = "a key with an anchor or an alias can't be formatted"
        problem = Problem("anchor", message, help="write the key out")
        raise NormrulesError(
            f"`{self.source.file}` can't be formatted", [self.source.placed(problem)]
        )


def _end(event: Any) -> int:
    return int(event.end_mark.index)
