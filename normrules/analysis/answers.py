"""The whole answer to "why": the position, why not, and the least change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Any

from normrules.analysis.casedata import Edit
from normrules.analysis.least_change import MOST_EDITS, Goal, LeastChange, least_change
from normrules.analysis.why_not import why_not
from normrules.core.case import Case
from normrules.core.evaluation import Position
from normrules.core.program import Program
from normrules.core.time import Instant, describe, read_time
from normrules.core.vocabulary import Vocabulary
from normrules.core.wording import event_words, fact_words, lowered, plain
from normrules.engine.caselaw import Assumptions


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a position stands as it does, why it is not otherwise, and what would change it."""

    program: Program
    case: Case
    position: Position
    why_not: tuple[str, ...]
    change: LeastChange | None

    @property
    def change_says(self) -> str:
        """The least change as a sentence; empty where there is nothing to wish for."""
        if self.change is None:
            return ""
        said = change_words(self.change, self.case, self.program.vocabulary)
        needs = "; ".join(self.position.needs)
        return said if self.change.edits or not needs else f"{said}; what is open needs: {needs}"

    def plain(self) -> dict[str, Any]:
        """The explanation as data for JSON."""
        return {
            "kind": "explanation",
            "case": self.case.id,
            "rulebook": self.program.name,
            "position": self.position.plain(),
            "why_not": list(self.why_not),
            "least_change": self._change(),
        }

    def _change(self) -> dict[str, Any] | None:
        change = self.change
        if change is None:
            return None
        return {
            "goal": change.goal,
            "found": bool(change.edits),
            "says": self.change_says,
            "status": change.status,
            "edits": [
                {"kind": e.kind, "event": e.place, "name": e.name, "value": e.value}
                for e in change.edits
            ],
            "tried": change.tried,
            "all_tried_up_to": change.exhausted,
            "last_resort": change.last_resort,
            "scenario": change.data if change.edits else None,
        }


def explain_position(
    program: Program,
    case: Case,
    position: Position,
    assumptions: Assumptions,
    at: Instant,
    *,
    goal: Goal | None = None,
) -> Explanation:
    """Explain one position of an evaluation at a horizon; `goal` is what to search for."""
    return Explanation(
        program,
        replace(case, horizon=at),
        position,
        why_not(program, case, position, assumptions, at),
        least_change(program, case, position, assumptions, at, goal=goal),
    )


# ---------------------------------------------------------------- words


def change_words(change: LeastChange, case: Case, vocabulary: Vocabulary) -> str:
    """The least change as a sentence; of one that was not found, what was tried."""
    if not change.edits:
        return (
            f"no change of up to {MOST_EDITS} edits was found by which it would {_wish(change)} "
            f"({_exhausted(change)})"
        )
    said = " and ".join(edit_words(edit, case, vocabulary) for edit in change.edits)
    status = f" ({plain(change.status or '')})" if change.goal == "trigger" else ""
    sentence = f"it would {_wish(change)}{status} if {said}"
    if change.last_resort:
        return f"no change of the events was found; only as a last resort, {sentence}"
    return sentence if change.proven else f"{sentence} ({_exhausted(change)})"


def _wish(change: LeastChange) -> str:
    if change.goal == "trigger":
        return "come alive"
    verb = {"standing": "last", None: "be fulfilled"}.get(change.status)
    return verb or f"be {plain(change.status or '')}"


def _exhausted(change: LeastChange) -> str:
    """How far the search was complete."""
    whole, part = change.exhausted, min(change.exhausted + 1, MOST_EDITS)
    tried = f"{change.tried} tried" + (", all that bear on the rule" if whole == part else "")
    if whole == part:
        return tried
    return f"{tried}, all of {whole} and some of more" if whole else f"{tried}, some of each size"


def edit_words(edit: Edit, case: Case, vocabulary: Vocabulary) -> str:
    """One edit as a clause of a sentence."""
    match edit.kind:
        case "attribute" | "remove":
            return _event_edit(edit, case, vocabulary)
        case "state":
            return f"{plain(edit.name)} of the state were {_value(edit.value)}"
        case "country":
            return f"it had happened in {edit.value}"
        case "at":
            return f"time went on to {_when(edit.value, case.zone)}"
    return _addition(edit, case, vocabulary)


def _event_edit(edit: Edit, case: Case, vocabulary: Vocabulary) -> str:
    event = next(event for event in case.events if event.id == edit.place)
    named = event_words(event, vocabulary, case.zone)
    if edit.kind == "remove":
        return f"there had been no {named}"
    if edit.name == "by":
        return f"it had been {vocabulary.title_of(str(edit.value))} that did this: {named}"
    return f"{plain(edit.name)} were {_value(edit.value)} in the {named}"


def _addition(edit: Edit, case: Case, vocabulary: Vocabulary) -> str:
    value = edit.value
    time = _when(value["time"], case.zone)
    who = vocabulary.title_of(str(value["by"])) if "by" in value else None
    if edit.name == "determine" and value.get("outcome") == "yes":
        finds = fact_words(str(value["that"]), vocabulary)
        return f"{who or 'a body'} had found, {time}: {finds}"
    if edit.name == "ratified":
        return f"{value['country']} had joined the register {value['register']}, {time}"
    details = {k: v for k, v in value.items() if k not in ("type", "time", "by")}
    more = "; ".join(f"{plain(k)}: {_value(v)}" for k, v in details.items())
    title = lowered(vocabulary.title_of(edit.name)) + (f" ({more})" if more else "")
    if edit.name not in vocabulary.all_actions:
        return f"this had happened, {time}: {title}"
    return f"{who or 'somebody'} had done this, {time}: {title}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(str(value))


def _when(written: Any, zone: tzinfo = UTC) -> str:
    return describe(read_time(str(written), zone), zone)
