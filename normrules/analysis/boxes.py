"""Where a truth holds, as conditions on how the case was opened and how the state stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from normrules.analysis.diagrams import Node
from normrules.analysis.situations import Space
from normrules.analysis.unresolved import Unspeakable


def opening_boxes(space: Space, node: Node) -> Iterator[tuple[str, dict[int, tuple[int, ...]]]]:
    """Where a truth holds, one opening event at a time, in boxes of attribute values."""
    d = space.diagrams
    for number, name in enumerate(space.variables[0].samples):
        here = _forget_others(space, d.both(node, d.literal(0, [number])), name)
        for box in d.boxes(here):
            yield name, {k: v for k, v in box.items() if k}


def _forget_others(space: Space, node: Node, name: str) -> Node:
    """The truth without the attributes of the events that did not open the case."""
    return reduce(
        lambda found, number: space.diagrams.restrict(found, number, 0),
        (
            number
            for number, variable in enumerate(space.variables)
            if variable.kind == "attribute" and variable.key[1] != name
        ),
        node,
    )


def box_data(space: Space, box: tuple[str, Mapping[int, tuple[int, ...]]]) -> dict[str, Any]:
    """One box of situations as a condition."""
    name, values = box
    where: dict[str, Any] = {}
    standing: dict[str, Any] = {}
    for number, chosen in values.items():
        variable = space.variables[number]
        if len(chosen) == len(variable.samples):
            continue
        if variable.kind == "standing":
            if 0 in chosen:
                raise Unspeakable("it hangs on the state not being in a register")
            standing["member"] = variable.key[1]
            continue
        held = [value for i in chosen for value in variable.samples[i].values]
        target = where if variable.kind == "attribute" else standing
        target[variable.key[-1]] = _pattern(space, variable.key, held)
    event: dict[str, Any] = {"event": name, **({"where": where} if where else {})}
    return all_of([event, *([{"standing": standing}] if standing else [])])


def _pattern(space: Space, key: tuple[Any, ...], held: Sequence[Any]) -> Any:
    domain = (
        space.vocabulary.attributes[key[1]][key[2]]
        if key[0] == "attribute"
        else space.vocabulary.case[key[1]]
    )
    if domain.values is None:
        raise Unspeakable("it hangs on a number")
    ordered = [value for value in domain.values if value in held]
    if domain.ordered and len(ordered) > 1 and ordered[-1] == domain.ordered[-1]:
        first = domain.ordered.index(str(ordered[0]))
        if list(domain.ordered[first:]) == ordered:
            return {"at_least": ordered[0]}
    return ordered[0] if len(ordered) == 1 else ordered


def any_of(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One of some conditions."""
    unique = [part for i, part in enumerate(parts) if part not in parts[:i]]
    return unique[0] if len(unique) == 1 else {"any": unique}


def all_of(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """All of some conditions."""
    unique = [part for i, part in enumerate(parts) if part not in parts[:i]]
    return unique[0] if len(unique) == 1 else {"all": unique}
