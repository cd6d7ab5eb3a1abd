"""Values that no rule tells apart: the cells into which tests cut a domain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from normrules.core.condition import Between, EventPattern, OneOf, Test, Value
from normrules.core.vocabulary import ROLES, Attribute, Vocabulary


@dataclass(frozen=True, slots=True)
class Cell:
    """Values that all tests answer alike; the first stands for them."""

    values: tuple[Value, ...]

    @property
    def sample(self) -> Value:
        """The value that stands for all."""
        return self.values[0]


def accepts(test: Test, value: Value) -> bool:
    """Whether a test accepts a known value."""
    if isinstance(test.accepts, OneOf):
        return (value in test.accepts.values) != test.accepts.negated
    lo, hi = test.accepts.lo, test.accepts.hi
    return (lo is None or int(value) >= lo) and (hi is None or int(value) <= hi)


def cells(values: Iterable[Value], tests: Sequence[Test]) -> tuple[Cell, ...]:
    """The cells of a domain, in order of their first values."""
    groups: dict[tuple[bool, ...], list[Value]] = {}
    for value in values:
        groups.setdefault(tuple(accepts(test, value) for test in tests), []).append(value)
    return tuple(Cell(tuple(group)) for group in groups.values())


def domain_values(domain: Attribute | None, tests: Sequence[Test]) -> tuple[Value, ...]:
    """The values of a domain; of numbers, those on both sides of every threshold."""
    if domain is not None and domain.values is not None:
        return domain.values
    bounds = domain.integer if domain is not None else None
    low = bounds.at_least if bounds is not None and bounds.at_least is not None else None
    high = bounds.at_most if bounds is not None and bounds.at_most is not None else None
    edges: set[int] = {low if low is not None else 0}
    for test in tests:
        edges |= _edges(test)
    inside = (e for e in edges if (low is None or e >= low) and (high is None or e <= high))
    return tuple(sorted(inside))


def _edges(test: Test) -> set[int]:
    if isinstance(test.accepts, Between):
        ends = [end for end in (test.accepts.lo, test.accepts.hi) if end is not None]
    else:
        ends = [int(value) for value in test.accepts.values]
    return {end + step for end in ends for step in (-1, 0, 1)}


def bodies_named(vocabulary: Vocabulary, tests: Sequence[Test]) -> tuple[Value, ...]:
    """The bodies that tests of `by` tell apart, and one that none of them names."""
    named = {str(v) for t in tests if isinstance(t.accepts, OneOf) for v in t.accepts.values}
    single = [n for n, body in vocabulary.bodies.items() if body.any_of is None]
    kept = [n for n in (*single, *ROLES, *sorted(named)) if n in named]
    other = next((n for n in single if n not in named), None)
    return tuple(dict.fromkeys([*kept, *([other] if other else [])]))


@dataclass(frozen=True, slots=True)
class Kind:
    """Events of one type that match the same patterns: which, and one such event."""

    event_type: str
    patterns: frozenset[int]
    attributes: tuple[tuple[str, Any], ...]


def kinds(
    event_type: str, patterns: Sequence[EventPattern], vocabulary: Vocabulary
) -> tuple[Kind, ...]:
    """The kinds of event of a type that patterns tell apart, without the kind that none matches."""
    by_name: dict[str, list[Test]] = {}
    for pattern in patterns:
        for test in pattern.tests:
            by_name.setdefault(test.attribute, []).append(test)
    domains = vocabulary.attributes.get(event_type, {})
    choices = []
    for name, tests in by_name.items():
        if name == "by":
            values = bodies_named(vocabulary, tests)
        else:
            values = domain_values(domains.get(name), tests)
        choices.append([(name, cell.sample) for cell in cells(values, tests)])
    found: dict[frozenset[int], Kind] = {}
    for combination in product(*choices):
        known = dict(combination)
        matched = frozenset(
            number
            for number, pattern in enumerate(patterns)
            if all(accepts(test, known[test.attribute]) for test in pattern.tests)
        )
        if matched:
            found.setdefault(matched, Kind(event_type, matched, combination))
    return tuple(found.values())
