"""Functions of the situation counted: what at least so many share, and how large a share."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from normrules.analysis.diagrams import Node
from normrules.analysis.situations import Space


def equals(space: Space, node: Node, value: int) -> Node:
    """Where a function has a value."""
    d = space.diagrams
    return d.apply("equals", lambda x, y: int(x == y), node, d.terminal(value))


def kth(space: Space, nodes: Sequence[Node], k: int) -> Node:
    """The kth largest of some functions, everywhere: sorted by a network of exchanges."""
    d, ordered = space.diagrams, list(nodes)
    for end in range(len(ordered) - 1, 0, -1):
        for i in range(end):
            a, b = ordered[i], ordered[i + 1]
            ordered[i], ordered[i + 1] = d.greatest(a, b), d.least(a, b)
    return ordered[k - 1]


def shares_of(space: Space, node: Node, ladder: Sequence[str]) -> dict[str, Fraction]:
    """The share of situations for each commitment but none."""
    d = space.diagrams
    return {
        ladder[value]: share_of(space, equals(space, node, value))
        for value in sorted(d.values(node) - {0}, reverse=True)
    }


def share_of(space: Space, node: Node) -> Fraction:
    """The share of the situations that can be."""
    d = space.diagrams
    return d.share(d.both(d.at_least(node, 1), space.valid)) / d.share(space.valid)
