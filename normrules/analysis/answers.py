"""The whole answer to "why": the position, why not, and the least change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from normrules.analysis.casedata import Edit
from normrules.analysis.least_change import LeastChange, least_change
from normrules.analysis.why_not import why_not
from normrules.core.case import Case
from normrules.core.evaluation import Position
from normrules.core.program import Program
from normrules.core.time import Instant
from normrules.core.vocabulary import Vocabulary
from normrules.core.wording import lowered, plain
from normrules.engine.caselaw import Assumptions


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a position stands as it does, why it is not otherwise, and what would change it."""

    program: Program
    case: Case
    position: Position
    why_not: tuple[str, ...]
    change: LeastChange | None

    def plain(self) -> dict[str, Any]:
        """The explanation as data for JSON."""
        change = self.change
        return {
            "kind": "explanation",
            "case": self.case.id,
            "rulebook": self.program.name,
            "position": self.position.plain(),
            "why_not": list(self.why_not),
            "least_change": None
            if change is None
            else {
                "goal": change.goal,
                "found": bool(change.edits),
                "says": change_words(change, self.program.vocabulary),
                "status": change.status,
                "edits": [
                    {"kind": e.kind, "event": e.place, "name": e.name, "value": e.value}
                    for e in change.edits
                ],
                "scenario": change.data if change.edits else None,
            },
        }


def explain_position(
    program: Program, case: Case, position: Position, assumptions: Assumptions, at: Instant
) -> Explanation:
    """Explain one position of an evaluation at a horizon."""
    return Explanation(
        program,
        case,
        position,
        why_not(program, case, position, assumptions, at),
        least_change(program, case, position, assumptions, at),
    )


def change_words(change: LeastChange, vocabulary: Vocabulary) -> str:
    """The least change as a sentence."""
    wish = {"wake": "come alive", "fulfil": "be fulfilled"}[change.goal]
    if change.status == "exercised":
        wish = "be exercised"
    if not change.edits:
        return f"no change of the case was found by which it would {wish}"
    said = " and ".join(edit_words(edit, vocabulary) for edit in change.edits)
    status = f" ({plain(change.status or '')})" if change.goal == "wake" else ""
    return f"it would {wish}{status} if {said}"


def edit_words(edit: Edit, vocabulary: Vocabulary) -> str:
    """One edit as a clause of a sentence."""
    value = plain(str(edit.value)) if not isinstance(edit.value, dict) else ""
    match edit.kind:
        case "attribute":
            return f"{plain(edit.name)} of event {edit.place} were {value}"
        case "state":
            return f"{plain(edit.name)} of the state were {value}"
        case "remove":
            return f"event {edit.place} had not happened"
        case "country":
            return f"it had happened in {edit.value}"
        case "at":
            return f"time went on to {edit.value}"
    who = vocabulary.title_of(str(edit.value["by"])) if "by" in edit.value else "somebody"
    details = {k: v for k, v in edit.value.items() if k not in ("type", "time", "by")}
    more = ", ".join(f"{plain(k)} {plain(str(v))}" for k, v in details.items())
    title = lowered(vocabulary.title_of(edit.name))
    return f"{who} had done this by {edit.value['time']}: {title}" + (f" ({more})" if more else "")
