"""How sure a rulebook is: its rules and definitions, counted by how the encoder knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from normrules.core.program import Program
from normrules.core.rulebook import Basis, Rulebook
from normrules.show.markdown import code, table

#: The bases of rules that people wrote; `derived` is what the program emits.
_WRITTEN: tuple[str, ...] = tuple(basis for basis in get_args(Basis) if basis != "derived")


def sureness_markdown(programs: Iterable[Program]) -> str:
    """A table: of each rulebook, its rules and its definitions by basis, and the sums.

    Rules of every reading count, and a rule that two readings give counts twice.
    """
    rows = []
    sums = [0] * (2 * len(_WRITTEN))
    for program in programs:
        counts = list(_counts(program.rulebook))
        sums = [before + count for before, count in zip(sums, counts, strict=True)]
        rows.append([code(program.name), *map(str, counts)])
    heads = [f"{what}: {basis}" for what in ("rules", "definitions") for basis in _WRITTEN]
    return table(["rulebook", *heads], [*rows, ["**all**", *map(str, sums)]])


def _counts(book: Rulebook) -> Iterator[int]:
    for bases in (_rule_bases(book), [item.source.basis for item in book.definitions]):
        counted = Counter(bases)
        yield from (counted[basis] for basis in _WRITTEN)


def _rule_bases(book: Rulebook) -> Sequence[str]:
    options = [option for reading in book.readings.values() for option in reading.options]
    read = [rule for option in options for rule in (*option.add, *option.replace)]
    return [rule.source.basis for rule in (*book.rules, *read)]
