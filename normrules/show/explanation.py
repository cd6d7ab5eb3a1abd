"""Why a position stands as it does: a tree, why not, and the least change as a patch."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from normrules.analysis.answers import Explanation
from normrules.analysis.casedata import case_data
from normrules.analysis.least_change import LeastChange
from normrules.core.evaluation import Position, Step
from normrules.core.time import Interval, describe
from normrules.core.wording import event_words, plain
from normrules.lang.writer import dumps
from normrules.show.text import STYLES, remarks, render

#: How an event is named beside a step that says when.
Naming = Callable[[str, Interval], str]
#: The colours of a patch.
_PATCH = {"+": "green", "-": "red"}
#: Kinds of step whose words say by themselves what they are.
_SELF_EVIDENT = ("rule", "definition", "done", "due", "overridden")


def bare_name(identity: str, _: Interval) -> str:
    """An event by its id alone, where the case is not at hand."""
    return f"event {identity}"


def explanation_text(found: Explanation, width: int = 80, *, colour: bool = False) -> str:
    """The explanation for the terminal; the lines of the patch are never broken."""
    said = tuple(remarks(found.position, found.program))
    tree = why_tree(found.position, said, naming(found))
    text = render(Group(tree, *_beside(found)), width, colour=colour)
    lines = patch(found)
    if not lines:
        return text
    whole = max(width, *map(len, lines))
    shown = Group(*(Text(line, style=_PATCH.get(line[:1], "dim")) for line in lines))
    return f"{text}\n\n{render(shown, whole, colour=colour)}"


def naming(found: Explanation) -> Naming:
    """How the events of a case are named: by what they are, and when where that is not said."""
    events = {event.id: event for event in found.case.events}
    vocabulary, zone = found.program.vocabulary, found.position.zone

    def name(identity: str, when: Interval) -> str:
        event = events[identity]
        return event_words(event, vocabulary, zone, timed=event.time != when)

    return name


def _beside(found: Explanation) -> Iterator[RenderableType]:
    if found.why_not:
        yield Text("\nWhy not", style="bold")
        yield from (_indented(line) for line in found.why_not)
    if found.change is not None:
        yield Text(f"\n{_heading(found.change)}", style="bold")
        yield _indented(found.change_says)


def _indented(line: str) -> Padding:
    return Padding(Text(line), (0, 0, 0, 2))


def _heading(change: LeastChange) -> str:
    return "The least change" if change.proven or not change.edits else "A change"


def patch(found: Explanation) -> list[str]:
    """The least change as a patch of the scenario; empty if there is none."""
    change = found.change
    if change is None or not change.edits:
        return []
    old = dumps(case_data(found.case, found.program.vocabulary)).splitlines()
    new = dumps(change.data).splitlines()
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
        yield from _items(position.why, 0, position.zone, naming(found))
    if found.why_not:
        yield "\n## Why not\n"
        yield from (f"- {line}" for line in found.why_not)
    if found.change is not None:
        yield f"\n## {_heading(found.change)}\n"
        yield found.change_says
        lines = patch(found)
        if lines:
            yield "\n```diff\n" + "\n".join(lines) + "\n```"


def _items(step: Step, depth: int, zone: tzinfo, name: Naming) -> Iterator[str]:
    events = "".join(f", {said}" for said in _names(step, name))
    note = f" ({step.note})" if step.note else ""
    says = f"{_label(step)}{step.says} [{describe(step.when, zone)}{events}]{note}"
    yield f"{'  ' * depth}- {says}"
    for part in step.parts:
        yield from _items(part, depth + 1, zone, name)


def _label(step: Step) -> str:
    return "" if step.kind in _SELF_EVIDENT else f"{step.kind} "


def _names(step: Step, name: Naming) -> list[str]:
    return [name(identity, step.when) for identity in step.events]


# ---------------------------------------------------------------- the tree


def why_tree(position: Position, said: Sequence[str] = (), name: Naming = bare_name) -> Tree:
    """The explanation of a position as a tree; what was said of it stands first."""
    head = Text.assemble(
        (f"{position.rulebook}:{position.key}  ", "bold"),
        (plain(position.status), STYLES.get(position.status, "bold")),
    )
    tree = Tree(head)
    for line in said:
        tree.add(Text(line, style="italic"))
    if position.why is not None:
        _grow(tree, position.why, position.zone, name)
    return tree


def _grow(tree: Tree, step: Step, zone: tzinfo, name: Naming) -> None:
    when = f"  [{describe(step.when, zone)}]"
    text = Text.assemble((_label(step), "bold"), step.says, (when, "cyan"))
    for named in _names(step, name):
        text.append(f"  {named}", style="dim")
    if step.note:
        text.append(f"\n{step.note}", style="italic dim")
    branch = tree.add(text)
    for part in step.parts:
        _grow(branch, part, zone, name)
