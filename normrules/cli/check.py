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
    sound: Annotated[
        bool,
        typer.Option(
            "--sound", help="Rulebooks only: dead, idle, double, conflicting rules; gaps."
        ),
    ] = False,
) -> None:
    """Check rulebooks, vocabularies, scenarios and registers: every problem at once.

    Exits 1 if there is an error, 2 if a path can't be opened.
    """
    import json
    import sys

    if sound:
        raise typer.Exit(_check_soundness(paths, format, output, quiet=quiet))
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


def _check_soundness(paths: list[Path], format: str, output: Path | None, *, quiet: bool) -> int:
    """Say what is unsound in rulebooks (paths or names); 1 if it is more than a gap."""
    import json

    from normrules.analysis.soundness import REMARKS, soundness
    from normrules.analysis.torn import torn
    from normrules.lang.library import load_program

    programs = [load_program(str(path)) for path in paths]
    found = [
        (str(path), item)
        for path, program in zip(paths, programs, strict=True)
        for item in soundness(program)
    ]
    found += [("together", item) for item in torn(programs)] if len(programs) > 1 else []
    if format == "json":
        rows = [
            {
                "rulebook": name,
                "code": item.code,
                "rules": list(item.rules),
                "says": item.says,
                "witness": dict(item.witness.data) if item.witness else None,
            }
            for name, item in found
        ]
        write(json.dumps({"kind": "soundness", "findings": rows}, indent=2), output)
    elif found or not quiet:
        lines = [
            f"{name}: {item.says} ({item.code})"
            + (f"\n      = {item.witness.says}" if item.witness else "")
            for name, item in found
        ]
        write("\n".join(lines) or "sound", output)
    return int(any(item.code not in REMARKS for _, item in found))
