"""`normrules test`: run the cases of rulebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from normrules.cli.output import colour_on, progress, width, write


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Write")(test)


def test(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Cases files, scenarios that expect something, folders, or names of rulebooks."
        ),
    ],
    junit: Annotated[
        Path | None, typer.Option("--junit", help="Write a JUnit XML report to this file.")
    ] = None,
    format: Annotated[
        Literal["text", "json"], typer.Option("--format", "-f", help="How to say it.")
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing if all pass.")] = False,
) -> None:
    """Run the cases of rulebooks: what was expected, what came, and why.

    Exits 1 if a case fails or a file has problems, 2 if there is nothing to run.
    """
    import sys

    from normrules.drafting.testing import run_paths
    from normrules.show.tests import junit as junit_xml
    from normrules.show.tests import results_json, results_text

    report = run_paths(paths, lambda tests: progress(tests, "Testing"))
    if junit is not None:
        write(junit_xml(report), junit)
    if format == "json":
        write(results_json(report), output)
    elif not (quiet and report.clean):
        colour = output is None and colour_on(sys.stdout)
        write(results_text(report, width(), colour=colour), output)
    raise typer.Exit(0 if report.clean else 1)
