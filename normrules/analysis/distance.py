"""How far regimes stand apart, and how they group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from normrules.analysis.comparison import Comparison


def distances(found: Comparison) -> Mapping[tuple[str, str], Fraction]:
    """For each two regimes the share of situations in which they differ, in the mean of actions.

    A regime without competence for an action commits to nothing there. It is a metric: 0 of a
    regime and its equal, at most 1, symmetric, and no way round is shorter.
    """
    size = len(found.actions) or 1
    apart = dict.fromkeys(combinations(found.regimes, 2), Fraction(0))
    for table in found.actions:
        for row in table.rows:
            for a, b in apart:
                if row.commitments.get(a, "none") != row.commitments.get(b, "none"):
                    apart[a, b] += row.share / size
    return apart


@dataclass(frozen=True, slots=True)
class Branch:
    """A regime, or two groups of regimes joined at the mean distance between their members."""

    names: tuple[str, ...]
    height: Fraction = Fraction(0)
    parts: tuple[Branch, ...] = ()


def grouped(names: Sequence[str], apart: Mapping[tuple[str, str], Fraction]) -> Branch:
    """Regimes grouped by average linkage: the two nearest groups are joined first.

    Of equal distances the first named counts, so that equal input gives equal trees.
    """
    either = {**apart, **{(b, a): value for (a, b), value in apart.items()}}
    groups = [Branch((name,)) for name in names]
    while len(groups) > 1:
        height, i, j = min(
            (_between(groups[i], groups[j], either), i, j)
            for i, j in combinations(range(len(groups)), 2)
        )
        joined = Branch(groups[i].names + groups[j].names, height, (groups[i], groups[j]))
        groups = [*groups[:i], joined, *(g for k, g in enumerate(groups) if k > i and k != j)]
    return groups[0]


def _between(a: Branch, b: Branch, apart: Mapping[tuple[str, str], Fraction]) -> Fraction:
    total = sum((apart[x, y] for x in a.names for y in b.names), Fraction(0))
    return total / (len(a.names) * len(b.names))
