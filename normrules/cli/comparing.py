"""The options that the commands which compare share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from normrules.analysis.scale import Scale
    from normrules.core.time import Interval

Law = Annotated[
    str | None,
    typer.Option(
        metavar="DATE", help="The law of this day; default: the newest of those compared."
    ),
]
Actions = Annotated[list[str] | None, typer.Option("--action", help="Only this action; repeats.")]
Gates = Annotated[
    Literal["strength", "open", "closed"],
    typer.Option(
        help="A finding that a rule waits for: a weaker commitment, made, or only if made."
    ),
]

Order = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="The order of commitments; the default is printed with the answer."
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a comparison is asked to look at, in every command that compares."""

    law: Interval | None
    actions: tuple[str, ...]
    scale: Scale | None
    gates: Literal["strength", "open", "closed"]

    def plain(self) -> dict[str, Any]:
        """The same as keywords."""
        return {name: getattr(self, name) for name in ("law", "actions", "scale", "gates")}


def scale_of(order: Path | None) -> Scale | None:
    """The order that a file holds; None if none is named. Raises NormrulesError."""
    from normrules.analysis.orders import read_order

    return None if order is None else read_order(order)


def law_day(text: str | None) -> Interval | None:
    """The day whose law is asked; None if none is. Raises NormrulesError for no date."""
    from normrules.core.problem import NormrulesError
    from normrules.core.time import day

    try:
        return day(text) if text else None
    except ValueError as error:
        raise NormrulesError(str(error)) from error


def pairs(options: Sequence[str]) -> dict[str, str]:
    """Options `NAME=VALUE` by name. Raises NormrulesError for one that is none."""
    from normrules.core.problem import NormrulesError

    found = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not equals:
            raise NormrulesError(f"`{option}` restricts nothing: write ATTRIBUTE=VALUE")
        found[name] = value
    return found
