"""A rulebook ready to run: clauses, definitions and the order in which they depend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from normrules.core.condition import Bearer, Condition, Deadline, EventPattern, Test
from normrules.core.demand import Modality
from normrules.core.register import Register, Span
from normrules.core.rulebook import Citation, Decision, Instrument, Rulebook
from normrules.core.time import TimeLimit
from normrules.core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A rule, resolved. Conditions are resolved; `by` and patterns name only known bodies.

    `act` matches the acts that perform it (or, of a prohibition, break it); `breaks` matches
    what breaks a continuing duty. `overridden_by` are the rules that defeat it.
    """

    id: str
    title: str
    source: Citation
    modality: Modality
    actions: tuple[str, ...]
    when: Condition
    upon: Condition | None
    implied: bool
    unless: Condition | None
    until: Condition | None
    overridden_by: tuple[str, ...]
    bearer: Bearer | None
    act: EventPattern
    deadline: Deadline | None
    every: tuple[TimeLimit, TimeLimit] | None
    anew: bool
    continuing: bool
    breaks: EventPattern | None
    decided_by: Decision | None
    effect: str | None
    manner: tuple[Test, ...] = ()
    tracks: tuple[str, ...] = ()
    for_example: tuple[str, ...] = ()
    weighs: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    note: str | None = None

    @property
    def forbids(self) -> bool:
        """Whether it is a prohibition."""
        return self.modality in ("must_not", "should_not")

    @property
    def permits(self) -> bool:
        """Whether it leaves a choice."""
        return self.modality in ("may", "discretion")


@dataclass(frozen=True, slots=True, eq=False)
class FactClause:
    """A definition, resolved: what makes a fact so, under which instrument."""

    id: str
    title: str
    fact: str
    source: Citation
    when: Condition
    unless: Condition | None


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """An instrument with the time it was in force and the register of those it binds."""

    id: str
    instrument: Instrument
    force: Span
    end_unknown: bool
    register: str | None


@dataclass(frozen=True, eq=False)
class Program:
    """One rulebook (one edition, one reading of it), compiled.

    `version` is the SHA-256 of the file's text. `facts` gives each fact its definitions and
    the rules that have it as an effect. Of a draft, `base` is the rulebook that it amends, and
    `version` changes with that of its base.
    """

    rulebook: Rulebook
    name: str
    version: str
    vocabulary: Vocabulary
    clauses: Mapping[str, Clause]
    facts: Mapping[str, tuple[FactClause | Clause, ...]]
    laws: Mapping[str, Law]
    registers: Mapping[str, Register]
    own_bodies: frozenset[str]
    readings: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    base: Program | None = None
