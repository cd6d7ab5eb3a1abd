"""Decision diagrams over finitely many variables of finitely many values.

A node is a number. Terminals hold whole numbers; two diagrams are the same function exactly
if they are the same node. Sizes stay small because equal parts are one node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

Node = int
Assignment = dict[int, int]


class TooLarge(Exception):  # noqa: N818 - a reason, not an error
    """Diagrams outgrew the number of nodes that was granted."""


class Diagrams:
    """Diagrams over variables 0, 1, ... with `sizes` values each, of at most so many nodes.

    Every operation raises TooLarge beyond them.
    """

    def __init__(self, sizes: Sequence[int], most: int | None = None) -> None:
        self.sizes, self.most = tuple(sizes), most
        self._levels: list[int] = []
        self._kids: list[tuple[Node, ...]] = []
        self._made: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._memo: dict[tuple[str, Node, Node], Node] = {}
        self.false, self.true = self.terminal(0), self.terminal(1)

    def terminal(self, value: int) -> Node:
        """The constant function of a value."""
        return self._make(len(self.sizes), (value,))

    def value(self, node: Node) -> int:
        """The value of a terminal."""
        assert self.is_terminal(node)
        return self._kids[node][0]

    def is_terminal(self, node: Node) -> bool:
        """Whether the function is constant."""
        return self._levels[node] == len(self.sizes)

    def choice(self, variable: int, kids: Sequence[Node]) -> Node:
        """The function that is `kids[i]` where the variable has its i-th value.

        The kids may only hang on later variables.
        """
        if all(kid == kids[0] for kid in kids):
            return kids[0]
        return self._make(variable, tuple(kids))

    def literal(self, variable: int, values: Sequence[int]) -> Node:
        """Whether the variable has one of these values."""
        chosen = set(values)
        size = self.sizes[variable]
        return self.choice(
            variable, [self.true if i in chosen else self.false for i in range(size)]
        )

    def _make(self, level: int, kids: tuple[Node, ...]) -> Node:
        node = self._made.get((level, kids))
        if node is None:
            if self.most is not None and len(self._levels) >= self.most:
                raise TooLarge
            node = self._made[level, kids] = len(self._levels)
            self._levels.append(level)
            self._kids.append(kids)
        return node

    def apply(self, name: str, op: Callable[[int, int], int], a: Node, b: Node) -> Node:
        """The function op(a, b) at every assignment; `name` tells operations apart."""
        key = (name, a, b)
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._applied(name, op, a, b)
        return found

    def _applied(self, name: str, op: Callable[[int, int], int], a: Node, b: Node) -> Node:
        if self.is_terminal(a) and self.is_terminal(b):
            return self.terminal(op(self.value(a), self.value(b)))
        level = min(self._levels[a], self._levels[b])
        pairs = zip(self._at(a, level), self._at(b, level), strict=True)
        return self.choice(level, [self.apply(name, op, x, y) for x, y in pairs])

    def _at(self, node: Node, level: int) -> tuple[Node, ...]:
        return self._kids[node] if self._levels[node] == level else (node,) * self.sizes[level]

    def both(self, a: Node, b: Node) -> Node:
        """Whether two truths hold."""
        return self.least(a, b)

    def either(self, a: Node, b: Node) -> Node:
        """Whether one of two truths holds."""
        return self.greatest(a, b)

    def but_not(self, a: Node, b: Node) -> Node:
        """Whether the first holds and the second does not."""
        return self.apply("but_not", lambda x, y: int(bool(x) and not y), a, b)

    def least(self, a: Node, b: Node) -> Node:
        """The lesser of two functions, everywhere."""
        return a if a == b else self.apply("least", min, *sorted((a, b)))

    def greatest(self, a: Node, b: Node) -> Node:
        """The greater of two functions, everywhere."""
        return a if a == b else self.apply("greatest", max, *sorted((a, b)))

    def times(self, a: Node, value: int) -> Node:
        """The value where a truth holds, else 0."""
        return self.apply("times", lambda x, y: x * y, a, self.terminal(value))

    def below(self, a: Node, b: Node) -> Node:
        """Whether one function is less than another."""
        return self.apply("below", lambda x, y: int(x < y), a, b)

    def at_least(self, a: Node, value: int) -> Node:
        """Whether a function reaches a value."""
        return self.apply("at_least", lambda x, y: int(x >= y), a, self.terminal(value))

    def pair(self, a: Node, b: Node, size: int) -> Node:
        """One number for two values: a * size + b."""
        return self.apply(f"pair{size}", lambda x, y: x * size + y, a, b)

    # ------------------------------------------------------------ what a diagram tells

    def evaluate(self, node: Node, assignment: Mapping[int, int]) -> int:
        """The value at an assignment; variables left out have their first value."""
        while not self.is_terminal(node):
            node = self._kids[node][assignment.get(self._levels[node], 0)]
        return self.value(node)

    def values(self, node: Node) -> set[int]:
        """Every value that the function takes."""
        return {self.value(n) for n in self._below(node) if self.is_terminal(n)}

    def variables(self, node: Node) -> set[int]:
        """The variables that the function hangs on."""
        return {self._levels[n] for n in self._below(node) if not self.is_terminal(n)}

    def size(self, node: Node) -> int:
        """How many nodes the diagram has."""
        return len(self._below(node))

    def _below(self, node: Node) -> set[Node]:
        seen, ahead = {node}, [node]
        while ahead:
            top = ahead.pop()
            if not self.is_terminal(top):
                fresh = set(self._kids[top]) - seen
                seen |= fresh
                ahead += fresh
        return seen

    def share(self, node: Node) -> Fraction:
        """The share of all assignments at which a truth holds."""
        memo: dict[Node, int] = {}
        whole = self._below_each

        def count(n: Node, level: int) -> int:
            """At how many assignments of the variables from a level on it holds."""
            own = self._levels[n]
            if n not in memo:
                kids = () if self.is_terminal(n) else self._kids[n]
                memo[n] = sum(count(kid, own + 1) for kid in kids) if kids else int(
                    bool(self.value(n))
                )  # fmt: skip
            return memo[n] * (whole[level] // whole[own])

        return Fraction(count(node, 0), whole[0])

    @cached_property
    def _below_each(self) -> tuple[int, ...]:
        """How many assignments the variables from each level on have."""
        sizes = [1]
        for size in reversed(self.sizes):
            sizes.append(sizes[-1] * size)
        return tuple(reversed(sizes))

    def cheapest(self, node: Node, costs: Sequence[Sequence[int]]) -> Assignment | None:
        """An assignment of least cost at which a truth holds; ties by order of values.

        `costs[variable][value]`; the first value costs nothing. None if it holds nowhere.
        """
        memo: dict[Node, tuple[float, int]] = {}

        def walk(n: Node) -> float:
            if self.is_terminal(n):
                return 0 if self.value(n) else float("inf")
            if n not in memo:
                options = [walk(k) + costs[self._levels[n]][i] for i, k in enumerate(self._kids[n])]
                best = min(options)
                memo[n] = (best, options.index(best))
            return memo[n][0]

        if walk(node) == float("inf"):
            return None
        found: Assignment = {}
        while not self.is_terminal(node):
            found[self._levels[node]] = memo[node][1]
            node = self._kids[node][memo[node][1]]
        return found

    def restrict(self, node: Node, variable: int, value: int) -> Node:
        """The function with one variable settled."""
        memo: dict[Node, Node] = {}

        def walk(n: Node) -> Node:
            if self._levels[n] > variable:
                return n
            if n not in memo:
                kids = self._kids[n]
                same = self._levels[n] == variable
                memo[n] = kids[value] if same else self._rebuilt(n, [walk(kid) for kid in kids])
            return memo[n]

        return walk(node)

    def _rebuilt(self, node: Node, kids: Sequence[Node]) -> Node:
        return self.choice(self._levels[node], kids)

    def boxes(self, node: Node) -> Iterator[dict[int, tuple[int, ...]]]:
        """Disjoint boxes (variable: values) that together are where a truth holds."""
        if self.is_terminal(node):
            if self.value(node):
                yield {}
            return
        level, kids = self._levels[node], self._kids[node]
        for kid in dict.fromkeys(kids):
            values = tuple(i for i, other in enumerate(kids) if other == kid)
            for box in self.boxes(kid):
                yield {level: values, **box}
