"""Conditions as resolved against a vocabulary: a closed union, hashable, ready to run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from normrules.core.time import Interval, Rounding, TimeLimit

Value = bool | int | str


@dataclass(frozen=True, slots=True)
class OneOf:
    """Accepts these values, or with `negated` all others."""

    values: frozenset[Value]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """Accepts whole numbers (or instants) from `lo` to `hi`, both included; None is open."""

    lo: int | None
    hi: int | None


@dataclass(frozen=True, slots=True)
class Test:
    """What one attribute of an event must be. `said` is the pattern as written."""

    attribute: str
    accepts: OneOf | Between
    said: str


@dataclass(frozen=True, slots=True)
class EventPattern:
    """Events of a type (or of several: `types`) whose attributes pass every test."""

    types: tuple[str, ...]
    tests: tuple[Test, ...] = ()
    instrument: str | None = None


@dataclass(frozen=True, slots=True)
class Always:
    """True from the start of the case."""


@dataclass(frozen=True, slots=True)
class Occurs:
    """True when the first matching event happens."""

    pattern: EventPattern


@dataclass(frozen=True, slots=True)
class Found:
    """True when one of the bodies first finds the fact to be so."""

    fact: str
    by: frozenset[str]
    pattern: EventPattern
    said: str


@dataclass(frozen=True, slots=True)
class FactHolds:
    """True when the first definition of the fact (under the instrument, if one is named) is."""

    fact: str
    under: str | None


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when the last part is, unless one of `barring` held at or before that time."""

    parts: tuple[Condition, ...]
    barring: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when the first part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """True a time limit after the part. A vague limit has two ends."""

    part: Condition
    limit: tuple[TimeLimit, TimeLimit]
    rounding: Rounding | None


@dataclass(frozen=True, slots=True)
class Counted:
    """True at the nth matching event (with the nth distinct value of an attribute)."""

    pattern: EventPattern
    distinct: str | None
    n: int


@dataclass(frozen=True, slots=True)
class RuleState:
    """True when another rule is triggered, done or breached."""

    state: Literal["triggered", "done", "breached"]
    rule: str


@dataclass(frozen=True, slots=True)
class Standing:
    """True from before every event, if the state is in the register on the day."""

    register: str
    relation: Literal["party", "member"]


@dataclass(frozen=True, slots=True)
class StateIs:
    """True from before every event, if the state's attribute passes the test."""

    test: Test


Condition = (
    Always
    | Occurs
    | Found
    | FactHolds
    | AllOf
    | AnyOf
    | Later
    | Counted
    | RuleState
    | Standing
    | StateIs
)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who bears a position: any of the bodies, all jointly, or each state of a register."""

    kind: Literal["any", "jointly", "each"]
    names: tuple[str, ...]
    bodies: frozenset[str]
    except_concerned: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when: the earliest of those given counts."""

    within: tuple[TimeLimit, TimeLimit] | None = None
    set_by: frozenset[str] | None = None
    counted_from: Condition | None = None
    no_later_than: Interval | None = None
    before: Condition | None = None
    said: str = ""
