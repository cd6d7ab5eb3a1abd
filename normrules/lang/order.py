"""The canonical order of keys: that of the model's fields; of an event, who did what when first."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from normrules.lang.documents import MODELS, kind_of
from normrules.lang.loader import step
from normrules.lang.tree import Entry, Node, entries_of

#: Keys of an event that stand before its attributes, and those that stand after them.
EVENT_FIRST = ("id", "type", "by", "time", "case", "country", "follows", "under")
EVENT_LAST = ("for", "against", "abstain", "present", "vetoes", "source", "note")


def arrange(root: Node) -> None:
    """Put the keys of a file's tree in their order, each with its comments.

    Keys unknown to the model stand last, as they stood. A file with anchors keeps the order in
    which it was written: an alias must come after its anchor.
    """
    kind = kind_of({entry.key: None for entry in root.entries})
    if kind is None or any(entry.node.anchor for entry in entries_of(root)):
        return
    _arrange(root, [MODELS[kind]])


def _arrange(node: Node, shapes: Sequence[Any]) -> None:
    if node.kind == "mapping":
        known = _keys(shapes)
        if not known and {"type", "time"} <= {entry.key for entry in node.entries}:
            node.entries.sort(key=_place_in_event)
        else:
            places = {name: place for place, name in enumerate(known)}
            node.entries.sort(key=lambda entry: places.get(entry.key or "", len(places)))
    for index, entry in enumerate(node.entries):
        part = index if entry.key is None else entry.key
        _arrange(entry.node, [inner for shape in shapes for inner in step(shape, part)])


def _keys(shapes: Sequence[Any]) -> list[str]:
    """The keys of the models at a place, in the order of their fields; inherited ones last."""
    models = [s for s in shapes if isinstance(s, type) and issubclass(s, BaseModel)]
    return [
        model.model_fields[name].alias or name
        for model in models
        for layer in model.__mro__
        for name in inspect.get_annotations(layer)
        if name in model.model_fields
    ]


def _place_in_event(entry: Entry) -> int:
    if entry.key in EVENT_FIRST:
        return EVENT_FIRST.index(entry.key)
    if entry.key in EVENT_LAST:
        return len(EVENT_FIRST) + 1 + EVENT_LAST.index(entry.key)
    return len(EVENT_FIRST)
