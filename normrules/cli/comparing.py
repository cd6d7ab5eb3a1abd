"""The options that the commands which compare share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
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


def law_day(text: str | None) -> Interval | None:
    """The day whose law is asked; None if none is. Raises NormrulesError for no date."""
    from normrules.core.problem import NormrulesError
    from normrules.core.time import day

    try:
        return day(text) if text else None
    except ValueError as error:
        raise NormrulesError(str(error)) from error
