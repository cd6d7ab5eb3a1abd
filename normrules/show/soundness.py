"""What is unsound in rulebooks: as lines, as data, and as problems at their place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from normrules.analysis.soundness import REMARKS, Unsound
from normrules.core.problem import Problem, Severity
from normrules.core.program import Program
from normrules.show.book import written_at

#: What is unsound, each beside the name of its rulebook, or `together`.
Named = Sequence[tuple[str, Unsound]]


def soundness_text(found: Named) -> str:
    """A line for each, and the case that shows it."""
    lines = [
        f"{name}: {item.says} ({item.code})"
        + (f"\n      = {item.witness.says}" if item.witness else "")
        for name, item in found
    ]
    return "\n".join(lines) or "sound"


def soundness_json(found: Named) -> str:
    """All of it as JSON."""
    rows = [
        {
            "rulebook": name,
            "code": item.code,
            "rules": list(item.rules),
            "says": item.says,
            "witness": dict(item.witness.data) if item.witness else None,
        }
        for name, item in found
    ]
    return json.dumps({"kind": "soundness", "findings": rows}, indent=2)


def as_problems(found: Named, programs: Iterable[tuple[str, Program]]) -> list[Problem]:
    """Each at the first of its rules in the text; what may be meant so is a warning."""
    named = dict(programs)
    bare = {program.name: program for program in named.values()}
    return [_placed(item, named.get(name), bare) for name, item in found]


def _placed(item: Unsound, program: Program | None, bare: Mapping[str, Program]) -> Problem:
    rule = item.rules[0] if item.rules else ""
    if program is None:  # of two rulebooks together: `book:rule`
        name, _, rule = rule.rpartition(":")
        program = bare[name]
    helped = f"for example: {item.witness.says}" if item.witness else None
    severity: Severity = "warning" if item.code in REMARKS else "error"
    if not rule:
        return Problem(item.code, item.says, (), helped, severity, program.file)
    source, place = written_at(program, rule)
    found = Problem(item.code, item.says, (*place, "id"), helped, severity)
    return source.placed(found)
