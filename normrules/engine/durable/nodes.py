"""What a program is made of for forward chaining: nodes, each true from some moment on.

Seen, Joined and Either are fired by durable-rules. The others hang on the clock, on order or
on the law; they are reckoned outside and come back in as facts.
"""

from __future__ import annotations

from dataclasses import dataclass

from normrules.core.condition import Counted, EventPattern, Standing, StateIs
from normrules.core.program import Clause, FactClause
from normrules.core.time import Rounding, TimeLimit


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """The case opens. `kind`, here and below, is the kind of the fact that says it is so."""

    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Nothing:
    """What never comes: a rule that this edition does not have."""

    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The standing, or an attribute, of the state concerned."""

    kind: str
    condition: Standing | StateIs


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The first event of a pattern; with `since`, at or after that rule's trigger."""

    kind: str
    pattern: EventPattern
    since: Trigger | None


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """The nth event of a pattern; with `since`, at or after that rule's trigger."""

    kind: str
    counted: Counted
    since: Trigger | None


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """All parts, so the last of them."""

    kind: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """Any part, so the first of them."""

    kind: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Barred:
    """A part, but not if the bar held at or before it."""

    kind: str
    part: Node
    bar: Node


@dataclass(frozen=True, slots=True, eq=False)
class Delayed:
    """A time limit after a part."""

    kind: str
    part: Node
    limit: tuple[TimeLimit, TimeLimit]
    rounding: Rounding | None


@dataclass(frozen=True, slots=True, eq=False)
class Defined:
    """A definition makes a fact so, while its instrument is in force.

    `when` is its condition, `part` the same but for what bars it.
    """

    kind: str
    definition: FactClause
    when: Node
    part: Node
    since: Trigger | None


@dataclass(frozen=True, slots=True, eq=False)
class Implied:
    """A finding of the bearer's own, made, at the latest, by the bearer's own act."""

    kind: str
    finding: Node
    clause: Clause


@dataclass(frozen=True, slots=True, eq=False)
class Since:
    """A part, if it comes at or after a rule's trigger."""

    kind: str
    part: Node
    since: Trigger


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """A rule comes alive: merits and findings (both together in `both`), defeat, law."""

    kind: str
    clause: Clause
    merits: Node
    upon: Node | None
    both: Node
    defeaters: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Fate:
    """What becomes of a rule that came alive: its end, deadline, performance and breach."""

    kind: str
    trigger: Trigger
    until: Node | None
    counted_from: Node | None
    before: Node | None

    @property
    def clause(self) -> Clause:
        """The rule."""
        return self.trigger.clause


@dataclass(frozen=True, slots=True, eq=False)
class Became:
    """A rule was done, or breached."""

    kind: str
    fate: Fate
    breached: bool


Node = (
    Opening
    | Nothing
    | Given
    | Seen
    | Tally
    | Joined
    | Either
    | Barred
    | Delayed
    | Defined
    | Implied
    | Since
    | Trigger
    | Fate
    | Became
)
