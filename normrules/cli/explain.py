"""`normrules explain`: why a position stands as it does, and what would change it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from normrules.cli.output import colour_on, width, write


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Cases")(explain)


def explain(
    scenario: Annotated[
        str, typer.Argument(help="A scenario file, an event stream, or a case of the history.")
    ],
    rule: Annotated[str, typer.Argument(metavar="RULEBOOK:RULE", help="Which rule to explain.")],
    case: Annotated[
        str | None, typer.Option(metavar="ID", help="Which case, if the file holds several.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="Facts until: a date or an instant with offset.")
    ] = None,
    law: Annotated[
        str | None, typer.Option(metavar="DATE", help="What the law of this day would have said.")
    ] = None,
    assume_bound: Annotated[
        bool, typer.Option("--assume-bound", help="Suppose that every regime binds the state.")
    ] = False,
    reading: Annotated[
        list[str] | None,
        typer.Option(metavar="QUESTION=OPTION", help="Choose a reading of a text; repeats."),
    ] = None,
    to: Annotated[
        Literal["trigger", "fulfil"] | None,
        typer.Option(help="What the least change should do. Default: what the status calls for."),
    ] = None,
    patch: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the case with the least change to this file."),
    ] = None,
    format: Annotated[
        Literal["text", "json", "markdown"], typer.Option("--format", "-f", help="How to say it.")
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
) -> None:
    """Explain a position: its conditions with their times, why not, and the least change."""
    import sys

    from normrules.cli.evaluate import readings_of
    from normrules.core.problem import NormrulesError
    from normrules.door import explain as explain_rule
    from normrules.lang.writer import dumps
    from normrules.show import explanation as face

    found = explain_rule(
        scenario,
        rule,
        case=case,
        at=at,
        law=law,
        assume_bound=assume_bound,
        readings=readings_of(reading or []),
        to=to,
    )
    match format:
        case "json":
            said = face.explanation_json(found)
        case "markdown":
            said = face.explanation_markdown(found)
        case _:
            colour = output is None and colour_on(sys.stdout)
            said = face.explanation_text(found, width(), colour=colour)
    write(said, output)
    if patch is not None:
        if found.change is None or not found.change.edits:
            raise NormrulesError("there is no change to write: see the explanation")
        write(dumps(found.change.data).rstrip("\n"), patch)
