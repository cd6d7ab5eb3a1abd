"""`normrules denominator`: what regimes share, as a rulebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from normrules.cli.comparing import Actions, Gates, Law, Order, law_day, scale_of
from normrules.cli.output import write


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Compare")(denominator)


def denominator(
    rulebooks: Annotated[list[str], typer.Argument(help="Two or more rulebooks.")],
    at_least: Annotated[
        int | None, typer.Option("--at-least", metavar="K", help="Shared by at least K of them.")
    ] = None,
    action: Actions = None,
    law: Law = None,
    gates: Gates = "strength",
    order: Order = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
) -> None:
    """Write what regimes share as a rulebook that checks, runs and tests like any other."""
    from normrules.analysis.denominator import common_rulebook
    from normrules.lang.library import load_program
    from normrules.lang.writer import dumps

    programs = [load_program(name) for name in rulebooks]
    found = common_rulebook(
        programs,
        at_least=at_least,
        law=law_day(law),
        actions=action or (),
        gates=gates,
        scale=scale_of(order),
    )
    write(dumps(found.data, comments=found.comments).rstrip("\n"), output)
    for unsaid in found.unsaid:
        typer.echo(f"left out: {unsaid}", err=True)
