"""`normrules check`: every problem of files and folders, at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from normrules.cli.output import colour_on, write


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Write")(check)


def check(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders with all they hold.")],
    format: Annotated[
        Literal["text", "json"], typer.Option("--format", "-f", help="How to say it.")
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing if clean.")] = False,
) -> None:
    """Check rulebooks, vocabularies, scenarios and registers: every problem at once.

    Exits 1 if there is an error, 2 if a path can't be opened.
    """
    import json
    import sys

    from normrules.lang.checks import check_paths
    from normrules.show.problems import report

    problems, files = check_paths(paths)
    failed = any(problem.severity == "error" for problem in problems)
    if format == "json":
        plain = {"kind": "problems", "files": files, "problems": [p.plain() for p in problems]}
        write(json.dumps(plain, indent=2, ensure_ascii=False), output)
    elif problems or not quiet:
        colour = output is None and colour_on(sys.stdout)
        said = report(problems, colour=colour)
        write(f"{said} in {files} file{'' if files == 1 else 's'}", output)
    raise typer.Exit(1 if failed else 0)
