"""`normrules evolution`: at each date of change, what binds how many states, and what is shared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from normrules.cli.comparing import Gates, Order, law_day, pairs, scale_of
from normrules.cli.output import colour_on, width, write

if TYPE_CHECKING:
    from normrules.analysis.evolution import Evolution
    from normrules.core.time import Instant
    from normrules.core.vocabulary import Vocabulary

#: What the cascade is of if no action is named.
USUAL = "suspend_participation"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Compare")(evolution)


def evolution(
    rulebooks: Annotated[
        list[str] | None,
        typer.Argument(help="Regimes; default: all shipped ones that have members."),
    ] = None,
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.")] = "1990",
    end: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day.")] = "2025",
    action: Annotated[
        list[str] | None, typer.Option("--action", help=f"Repeats; default: {USUAL}.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="ATTRIBUTE=VALUE", help="Only situations opened so; repeats."),
    ] = None,
    forbidding: Annotated[
        bool, typer.Option("--forbidding", help="What is forbidden instead of commanded.")
    ] = False,
    gates: Gates = "strength",
    order: Order = None,
    format: Annotated[
        Literal["text", "json", "markdown", "csv", "html", "svg", "png"],
        typer.Option("--format", "-f", help="How."),
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
) -> None:
    """Follow regimes over time: what binds how many states, and what all of them share."""
    from normrules.analysis.evolution import evolution as follow
    from normrules.lang.library import all_programs, load_program

    programs = (
        [load_program(name) for name in rulebooks]
        if rulebooks
        else [p for p in all_programs() if p.rulebook.kind == "membership" and p.clauses]
    )
    found = follow(
        programs,
        _day(start, first=True),
        _day(end, first=False),
        action or [USUAL],
        forbidding=forbidding,
        scale=scale_of(order),
        gates=gates,
        where=pairs(where or []),
    )
    write(_said(found, programs[0].vocabulary, format, output), output)


def _said(found: Evolution, words: Vocabulary, format: str, output: Path | None) -> str | bytes:
    import sys

    from normrules.show import evolution as face

    match format:
        case "json":
            return face.evolution_json(found)
        case "csv":
            return face.evolution_csv(found)
        case "markdown":
            return face.evolution_markdown(found, words)
        case "html":
            from normrules.show.comparison_html import evolution_html

            return evolution_html(found, words)
        case "svg" | "png":
            from normrules.show.charts.drawing import png, svg
            from normrules.show.charts.evolving import evolution_picture

            picture = evolution_picture(found, words)
            return svg(picture) if format == "svg" else png(picture)
    colour = output is None and colour_on(sys.stdout)
    return face.evolution_text(found, words, width(), colour=colour)


def _day(text: str, *, first: bool) -> Instant:
    """The first instant of a day, or of the first or last day of a month or year."""
    from normrules.core.time import DAY

    found = law_day(text)
    assert found is not None
    return found.lo if first else found.hi + 1 - DAY
