"""The answer: positions, what became of them, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any, Literal, get_args

from normrules.core.case import Case
from normrules.core.event import Event
from normrules.core.program import Clause, Program
from normrules.core.time import Instant, Interval, iso

Status = Literal[
    "not_triggered",
    "awaiting",
    "defeated",
    "not_in_force",
    "not_bound",
    "fulfilled",
    "lapsed",
    "pending",
    "outstanding",
    "breached",
    "fulfilled_late",
    "ended",
    "standing",
    "observed",
    "exercised",
    "expired",
    "open",
    "in_effect",
    "undetermined",
]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation: what, when, by which event, and what it stands on."""

    says: str
    when: Interval
    kind: str
    events: tuple[str, ...] = ()
    note: str | None = None
    parts: tuple[Step, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The step as data for JSON."""
        return {
            "says": self.says,
            "when": times(self.when),
            "kind": self.kind,
            "events": list(self.events),
            "note": self.note,
            "parts": [part.plain() for part in self.parts],
        }


@dataclass(frozen=True, slots=True, eq=False)
class Position:
    """A rule come alive in a case (or not), for one bearer."""

    clause: Clause
    rulebook: str
    bearer: str | None
    status: Status
    possible: tuple[Status, ...]
    triggered: Interval
    due: Interval
    done: Interval
    ended: Interval
    breach: Interval
    needs: tuple[str, ...] = ()
    awaits: tuple[str, ...] = ()
    defeated_by: tuple[str, ...] = ()
    acts: tuple[Event, ...] = ()
    attempts: tuple[Event, ...] = ()
    refusals: tuple[Event, ...] = ()
    notes: tuple[str, ...] = ()
    differs_under: tuple[str, ...] = ()
    why: Step | None = None
    zone: tzinfo = UTC

    @property
    def key(self) -> str:
        """The rule, and the bearer where the rule gives one position to each."""
        bearer = self.clause.bearer
        each = bearer is not None and bearer.kind == "each" and self.bearer != bearer.names[0]
        return f"{self.clause.id}[{self.bearer}]" if each else self.clause.id

    @property
    def surely_triggered(self) -> bool:
        """Whether the position is surely alive, or was."""
        return not {
            "not_triggered",
            "awaiting",
            "defeated",
            "not_in_force",
            "not_bound",
        } & set(self.possible)

    def plain(self) -> dict[str, Any]:
        """The position as data for JSON: times in ISO 8601 UTC, never is null."""
        clause = self.clause
        return {
            "rule": self.key,
            "title": clause.title,
            "modality": clause.modality,
            "action": clause.actions[0] if len(clause.actions) == 1 else list(clause.actions),
            "bearer": self.bearer,
            "status": self.status,
            "possible": list(self.possible),
            "triggered": times(self.triggered),
            "due": times(self.due),
            "done": times(self.done),
            "ended": times(self.ended),
            "breach": times(self.breach),
            "needs": list(self.needs),
            "awaits": list(self.awaits),
            "defeated_by": list(self.defeated_by) or None,
            "acts": [event.id for event in self.acts],
            "attempts": [event.id for event in self.attempts],
            "refusals": [event.id for event in self.refusals],
            "notes": list(self.notes),
            "differs_under": list(self.differs_under),
            "source": {k: v for k, v in clause.source.model_dump().items() if v},
            "why": self.why.plain() if self.why else {},
        }


#: What may be so, and what surely is.
Certainty = Literal["possible", "certain"]
PASSES: tuple[Certainty, Certainty] = ("possible", "certain")


@dataclass(frozen=True, slots=True)
class Firing:
    """One step: what came in and, unless it only came in, what fired and what it concluded.

    `certainty` is the pass: what may be so, or what surely is; `time` is when it is so at the
    earliest, or at the latest. `fired` is a rule or definition; `event` the event at the root.
    """

    step: int
    certainty: Certainty
    time: Instant
    came: str
    fired: str | None = None
    concluded: str | None = None
    event: str | None = None

    def plain(self) -> dict[str, Any]:
        """The step as data for JSON."""
        return {
            "step": self.step,
            "pass": self.certainty,
            "time": iso(self.time),
            "came": self.came,
            "fired": self.fired,
            "concluded": self.concluded,
            "event": self.event,
        }


@dataclass(frozen=True, slots=True, eq=False)
class RegimeAnswer:
    """All positions of one rulebook in one case."""

    program: Program
    positions: tuple[Position, ...]
    checked_twice: int = 0
    unchecked: Mapping[str, str] = field(default_factory=dict)
    firings: tuple[Firing, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The regime as data for JSON."""
        return {
            "rulebook": self.program.name,
            "version": f"sha256:{self.program.version}",
            "readings": dict(self.program.readings),
            "checked_twice": self.checked_twice,
            "unchecked": dict(self.unchecked),
            "positions": [position.plain() for position in self.positions],
            **({"trace": [firing.plain() for firing in self.firings]} if self.firings else {}),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """One case against several regimes."""

    case: Case
    at: Instant
    engine: str
    assumed: tuple[str, ...]
    regimes: tuple[RegimeAnswer, ...]
    notes: tuple[str, ...] = ()

    @property
    def checked_twice(self) -> int:
        """How many positions two engines agreed on."""
        return sum(regime.checked_twice for regime in self.regimes)

    def plain(self) -> dict[str, Any]:
        """The whole answer as data for JSON."""
        return {
            "kind": "evaluation",
            "case": self.case.id,
            "title": self.case.title,
            "country": self.case.country,
            "at": iso(self.at),
            "engine": self.engine,
            "checked_twice": self.checked_twice,
            "assumed": list(self.assumed),
            "notes": list(self.notes),
            "regimes": [regime.plain() for regime in self.regimes],
            "problems": [],
        }


def times(when: Interval) -> list[str | None]:
    """The two ends of an interval in ISO 8601 UTC; None is never.

    >>> times(Interval(0, 0))
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z']
    """
    return [iso(when.lo), iso(when.hi)]
