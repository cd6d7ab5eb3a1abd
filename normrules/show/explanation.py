"""Why a position stands as it does: a tree, why not, and the least change as a patch."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from datetime import tzinfo

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from normrules.analysis.answers import Explanation, change_words
from normrules.analysis.casedata import case_data
from normrules.core.evaluation import Position, Step
from normrules.core.time import describe, iso
from normrules.core.wording import plain
from normrules.lang.writer import dumps
from normrules.show.text import STYLES, remarks, render

#: Kinds of step whose words say by themselves what they are.
_SELF_EVIDENT = ("rule", "definition", "done", "due", "overridden")


def explanation_text(found: Explanation, width: int = 80, *, colour: bool = False) -> str:
    """The explanation for the terminal; the patch is never wrapped, so that it can be applied."""
    said = tuple(remarks(found.position, found.program))
    parts: list[RenderableType] = [why_tree(found.position, said), *_beside(found)]
    lines = [_coloured(line) if colour else line for line in patch(found)]
    return "\n".join([render(Group(*parts), width, colour=colour), *lines])


def _beside(found: Explanation) -> Iterator[RenderableType]:
    if found.why_not:
        yield Text("\nWhy not", style="bold")
        for line in found.why_not:
            yield Padding(line, (0, 0, 0, 2))
    if found.change is not None:
        yield Text("\nThe least change", style="bold")
        yield Padding(change_words(found.change, found.program.vocabulary), (0, 0, 0, 2))


def _coloured(line: str) -> str:
    code = {"+": "32", "-": "31"}.get(line[:1], "2")
    return f"\x1b[{code}m{line}\x1b[0m"


def patch(found: Explanation) -> list[str]:
    """The least change as a patch of the scenario; empty if there is none."""
    change = found.change
    if change is None or not change.edits:
        return []
    vocabulary = found.program.vocabulary
    before = {**case_data(found.case, vocabulary), "at": change.data["at"]}
    if any(edit.kind == "at" for edit in change.edits):
        before["at"] = iso(found.case.horizon)
    old, new = dumps(before).splitlines(), dumps(change.data).splitlines()
    return [line.rstrip("\n") for line in difflib.unified_diff(old, new, "case", "changed", n=1)]


def explanation_json(found: Explanation) -> str:
    """The explanation as JSON."""
    return json.dumps(found.plain(), indent=2, ensure_ascii=False, default=str)


def explanation_markdown(found: Explanation) -> str:
    """The explanation as a page."""
    return "\n".join(_markdown(found))


def _markdown(found: Explanation) -> Iterator[str]:
    position = found.position
    yield f"# {position.rulebook}:{position.key} - {plain(position.status)}\n"
    if position.why is not None:
        yield from _items(position.why, 0, position.zone)
    if found.why_not:
        yield "\n## Why not\n"
        yield from (f"- {line}" for line in found.why_not)
    if found.change is not None:
        yield "\n## The least change\n"
        yield change_words(found.change, found.program.vocabulary)
        lines = patch(found)
        if lines:
            yield "\n```diff\n" + "\n".join(lines) + "\n```"


def _items(step: Step, depth: int, zone: tzinfo) -> Iterator[str]:
    label = "" if step.kind in _SELF_EVIDENT else f"{step.kind} "
    events = f", event {', '.join(step.events)}" if step.events else ""
    note = f" ({step.note})" if step.note else ""
    yield f"{'  ' * depth}- {label}{step.says} [{describe(step.when, zone)}{events}]{note}"
    for part in step.parts:
        yield from _items(part, depth + 1, zone)


# ---------------------------------------------------------------- the tree


def why_tree(position: Position, said: Sequence[str] = ()) -> Tree:
    """The explanation of a position as a tree; what was said of it stands first."""
    head = Text.assemble(
        (f"{position.rulebook}:{position.key}  ", "bold"),
        (plain(position.status), STYLES.get(position.status, "bold")),
    )
    tree = Tree(head)
    for line in said:
        tree.add(Text(line, style="italic"))
    if position.why is not None:
        _grow(tree, position.why, position.zone)
    return tree


def _grow(tree: Tree, step: Step, zone: tzinfo) -> None:
    label = "" if step.kind in _SELF_EVIDENT else f"{step.kind} "
    when = f"  [{describe(step.when, zone)}]"
    text = Text.assemble((label, "bold"), step.says, (when, "cyan"))
    if step.events:
        text.append(f"  event {', '.join(step.events)}", style="dim")
    if step.note:
        text.append(f"\n{step.note}", style="italic dim")
    branch = tree.add(text)
    for part in step.parts:
        _grow(branch, part, zone)
