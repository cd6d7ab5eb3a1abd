"""A situation as a dated case that can be run, evaluated before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from normrules.analysis.cells import Kind
from normrules.analysis.diagrams import Assignment, Node
from normrules.analysis.regimes import Regime
from normrules.analysis.scale import modality_for
from normrules.analysis.situations import Space
from normrules.core.case import Case
from normrules.core.evaluation import Status
from normrules.core.program import Clause
from normrules.core.time import DAY, NEVER, SECOND, Instant, Interval, iso
from normrules.core.wording import plain
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import DORMANT, position
from normrules.engine.outcome import mean
from normrules.lang.scenarios import ScenarioReader, ScenarioText

#: How many situations are tried before a difference is left without a runnable case.
MOST_TRIES = 40
#: Up to so many kinds of events every order is tried (sixty-four orders of three).
MOST_KINDS = 3
_MINUTE = 60 * SECOND
#: What the dates of a case may make impossible, and is tried another way then.
_DATED = ("happened", "elapsed", "counted", "order", "open", "standing")


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """A case that shows a situation: as data for a file, ready to run, and as a sentence.

    `situation` is what it stands for: the values of the space's variables that matter.
    """

    data: Mapping[str, Any]
    case: Case
    says: str
    situation: Assignment


def find_witness(
    space: Space,
    regimes: Sequence[Regime],
    node: Node,
    day: Interval,
    actions: Collection[str] | None = None,
) -> Witness | None:
    """The smallest case in which a truth holds and every rule does what its diagram says.

    Every rule on some of the `actions` (by default, every rule) is evaluated. Situations that no
    dates can make are passed over; None if none was found.
    """
    d = space.diagrams
    node = d.both(node, space.valid)
    for _ in range(MOST_TRIES):
        assignment = d.cheapest(node, space.costs)
        if assignment is None:
            return None
        witness = dated(
            space, regimes, assignment, _said_by(space, assignment), day=day, actions=actions
        )
        if witness is not None:
            return witness
        node = d.but_not(node, alike(space, assignment))
    return None


#: Whether a rule is alive in a situation.
Said = Callable[[Regime, Clause], bool]


def _said_by(space: Space, assignment: Assignment) -> Said:
    return lambda regime, clause: bool(
        space.diagrams.evaluate(space.trigger(regime, clause), assignment)
    )


def dated(
    space: Space,
    regimes: Sequence[Regime],
    assignment: Assignment,
    said: Said,
    *,
    day: Interval,
    actions: Collection[str] | None = None,
) -> Witness | None:
    """A situation as a dated case in which each rule on the actions does as said, if one is."""
    for ranks in _orders(space, assignment):
        witness = _made(space, regimes, assignment, day, ranks)
        if witness is not None and faithful(regimes, witness.case, said, day, actions):
            return witness
    return None


def alike(space: Space, assignment: Assignment) -> Node:
    """The situations that the same dates would have to make."""
    return space.all(
        space.diagrams.literal(number, [value])
        for number, value in assignment.items()
        if space.variables[number].kind in _DATED
    )


def faithful(
    regimes: Sequence[Regime],
    case: Case,
    said: Said,
    day: Interval,
    actions: Collection[str] | None = None,
) -> bool:
    """Whether each rule on the actions is alive (or waits for a finding) in the case as said."""
    for regime in regimes:
        meaning = mean(regime.program, case, None, Assumptions(day, bound=True))
        vocabulary = regime.program.vocabulary
        for clause in regime.clauses.values():
            if actions is not None and not any(
                modality_for(clause, action, vocabulary) for action in actions
            ):
                continue
            here = position(meaning, clause, None, with_reasons=False)
            if not _as_said(clause, set(here.possible), said=said(regime, clause)):
                return False
    return True


def _as_said(clause: Clause, possible: set[Status], *, said: bool) -> bool:
    """Whether a rule's status is that of a rule alive on the merits, or of one that is not.

    A rule may wait for a finding with which it would be defeated: it is not alive.
    """
    dormant = DORMANT - {"awaiting"}
    if said:
        return not possible & dormant
    defeasible = clause.unless is not None or bool(clause.overridden_by)
    return possible <= dormant or (defeasible and possible <= DORMANT)


# ---------------------------------------------------------------- dates


def _orders(space: Space, assignment: Assignment) -> Iterator[tuple[int, ...]]:
    """In which order the kinds of events that happened may have come; 0 is with the case.

    All after the case if nothing hangs on what came first; else first all alike, then every order
    of up to `MOST_KINDS` kinds.
    """
    count = sum(1 for _ in _happened(space, assignment))
    hangs = [n for n in assignment if space.variables[n].kind == "order"]
    early = any(assignment[n] for n in hangs)
    yield (0 if early else 1,) * count
    if hangs and 0 < count <= MOST_KINDS:
        yield from product(range(count + 1), repeat=count)


def _made(
    space: Space,
    regimes: Sequence[Regime],
    assignment: Assignment,
    day: Interval,
    ranks: Sequence[int],
) -> Witness | None:
    start = (day.hi // DAY) * DAY + DAY // 2
    events = [_opening(space, assignment, start)]
    for (kind, copies), rank in zip(_happened(space, assignment), ranks, strict=True):
        for copy in range(copies):
            time = start if rank == 0 else start + (rank * 100 + len(events) + copy) * _MINUTE
            events.append({"type": kind.event_type, "time": iso(time), **dict(kind.attributes)})
    horizon = _horizon(space, assignment, start, start + 1000 * _MINUTE)
    country = _country(space, regimes, assignment, start)
    if horizon is None or country == "":
        return None
    data: dict[str, Any] = {
        "scenario": "witness",
        "title": "Witness",
        "vocabulary": space.vocabulary.vocabulary,
        "kind": "hypothetical",
        **({"country": country} if country else {}),
        **_state(space, assignment),
        "at": iso(horizon),
        "events": [_plain(event) for event in events],
    }
    reader = ScenarioReader(ScenarioText.model_validate(data), space.vocabulary, "witness")
    cases = reader.cases()
    if len(cases) != 1:
        return None
    return Witness(data, cases[0], _sentence(space, assignment), assignment)


def _plain(event: Mapping[str, Any]) -> dict[str, Any]:
    ordered = dict(event)
    if "by" in ordered:
        ordered = {"type": ordered.pop("type"), "by": ordered.pop("by"), **ordered}
    return ordered


def _opening(space: Space, assignment: Assignment, start: Instant) -> dict[str, Any]:
    name = space.variables[0].samples[assignment.get(0, 0)]
    event: dict[str, Any] = {"type": name, "time": iso(start)}
    for number, variable in enumerate(space.variables):
        if variable.kind == "attribute" and variable.key[1] == name:
            event[variable.key[2]] = variable.samples[assignment.get(number, 0)].sample
    return event


def _state(space: Space, assignment: Assignment) -> dict[str, Any]:
    found = {
        variable.key[1]: variable.samples[assignment.get(number, 0)].sample
        for number, variable in enumerate(space.variables)
        if variable.kind == "state"
    }
    return {"state": found} if found else {}


def _happened(space: Space, assignment: Assignment) -> Iterator[tuple[Kind, int]]:
    """Each kind of event that happened, and how often."""
    often = any(space.variables[n].kind == "counted" and value for n, value in assignment.items())
    most = max((v.key[1][2] for v in space.variables if v.kind == "counted"), default=1)
    for name, some in space.kinds.items():
        for kind in some:
            if assignment.get(space.index["happened", name, kind.patterns], 0):
                yield kind, most if often else 1


def _horizon(space: Space, assignment: Assignment, start: Instant, last: Instant) -> Instant | None:
    """An instant by which just those time limits have run that the situation says."""
    least, most = last, NEVER
    for number, variable in enumerate(space.variables):
        if variable.kind != "elapsed":
            continue
        run = assignment.get(number, 0)
        if run:
            least = max(least, variable.samples[run][1].after(last))
        if run + 1 < len(variable.samples):
            most = min(most, variable.samples[run + 1][0].after(start) - 1)
    return least if least <= most else None


def _country(
    space: Space, regimes: Sequence[Regime], assignment: Assignment, start: Instant
) -> str | None:
    """A state that stands in the registers as the situation says; "" if there is none."""
    wanted = {
        variable.key[1]: bool(assignment.get(number, 0))
        for number, variable in enumerate(space.variables)
        if variable.kind == "standing"
    }
    if not wanted:
        return None
    registers = [(regimes[0].program.registers[name], value) for name, value in wanted.items()]
    states = sorted({state for register, _ in registers for state in register.rows})
    when = Interval(start, start)
    for state in [*states, "ATA"]:
        if all(register.bound(state, when) is value for register, value in registers):
            return state
    return ""


# ---------------------------------------------------------------- words


def _sentence(space: Space, assignment: Assignment) -> str:
    """The situation in words: what matters in it, and no more."""
    opening = space.variables[0].samples[assignment.get(0, 0)]
    details = [
        f"{plain(variable.key[2])} {plain(str(variable.samples[assignment[number]].sample))}"
        for number, variable in enumerate(space.variables)
        if variable.kind == "attribute" and variable.key[1] == opening and number in assignment
    ]
    said = plain(str(opening)) + (f" ({', '.join(details)})" if details else "")
    more = [
        words
        for number, variable in enumerate(space.variables)
        if (value := assignment.get(number, 0))
        or (variable.kind == "state" and number in assignment)
        if (words := _words(space, number, value))
    ]
    return "; ".join([said, *more])


def _words(space: Space, number: int, value: int) -> str:
    variable = space.variables[number]
    match variable.kind:
        case "happened":
            kind = next(k for k in space.kinds[variable.key[1]] if k.patterns == variable.key[2])
            told = ", ".join(f"{plain(n)} {plain(str(v))}" for n, v in kind.attributes)
            return f"then {plain(kind.event_type)}" + (f" ({told})" if told else "")
        case "standing":
            return f"the state is in {variable.key[1]}"
        case "state":
            return f"{plain(variable.key[1])}: {plain(str(variable.samples[value].sample))}"
        case "elapsed":
            return f"{variable.samples[value][1].words()} have passed"
    return ""
