"""Why a position stands as it does, as a tree."""

from __future__ import annotations

from datetime import tzinfo

from rich.text import Text
from rich.tree import Tree

from normrules.core.evaluation import Position, Step
from normrules.core.time import describe
from normrules.core.wording import plain
from normrules.show.text import STYLES

#: Kinds of step whose words say by themselves what they are.
_SELF_EVIDENT = ("rule", "definition", "done", "due", "overridden")


def why_tree(position: Position, remarks: tuple[str, ...] = ()) -> Tree:
    """The explanation of a position; `remarks` come first."""
    head = Text.assemble(
        (f"{position.rulebook}:{position.key}  ", "bold"),
        (plain(position.status), STYLES.get(position.status, "bold")),
    )
    tree = Tree(head)
    for line in remarks:
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
