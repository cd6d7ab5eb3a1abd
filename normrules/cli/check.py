"""`normrules check`: every problem of files and folders, at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from normrules.cli.output import colour_on, write

if TYPE_CHECKING:
    from normrules.core.problem import Problem


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Write")(check)


def check(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders with all they hold.")],
    format: Annotated[
        Literal["text", "json", "sarif", "github"],
        typer.Option("--format", "-f", help="How to say it; sarif and github are for code hosts."),
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
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a file is saved, until Ctrl-C.")
    ] = False,
) -> None:
    """Check rulebooks, vocabularies, scenarios and registers: every problem at once.

    Exits 1 if there is an error, 2 if a path can't be opened.
    """
    judge = _check_soundness if sound else _check

    def once() -> int:
        return judge(paths, format, output, quiet=quiet)

    if watch:
        from normrules.cli.watch import watch_paths

        watch_paths(paths, once)
        return
    raise typer.Exit(once())


def _check(paths: list[Path], format: str, output: Path | None, *, quiet: bool) -> int:
    """Say what is wrong in files and folders; 1 if there is an error."""
    import json
    import sys

    from normrules.lang.checks import check_paths
    from normrules.show.problems import report

    problems, files = check_paths(paths)
    if format == "json":
        plain = {"kind": "problems", "files": files, "problems": [p.plain() for p in problems]}
        write(json.dumps(plain, indent=2, ensure_ascii=False), output)
    elif format in ("sarif", "github"):
        write(_for_hosts(problems, format), output)
    elif problems or not quiet:
        colour = output is None and colour_on(sys.stdout)
        said = report(problems, colour=colour)
        write(f"{said} in {files} file{'' if files == 1 else 's'}", output)
    return int(any(problem.severity == "error" for problem in problems))


def _for_hosts(problems: Sequence[Problem], format: str) -> str:
    if format == "github":
        from normrules.show.github import problem_commands

        return problem_commands(problems)
    from importlib.metadata import version

    from normrules.show.sarif import sarif

    return sarif(problems, version("normrules"))


def _check_soundness(paths: list[Path], format: str, output: Path | None, *, quiet: bool) -> int:
    """Say what is unsound in rulebooks (paths or names); 1 if it is more than a gap."""
    from normrules.analysis.soundness import REMARKS, soundness
    from normrules.analysis.torn import torn
    from normrules.lang.library import load_program
    from normrules.show.soundness import as_problems, soundness_json, soundness_text

    programs = [(str(path), load_program(str(path))) for path in paths]
    found = [(name, item) for name, program in programs for item in soundness(program)]
    if len(programs) > 1:
        found += [("together", item) for item in torn([program for _, program in programs])]
    if format == "json":
        write(soundness_json(found), output)
    elif format in ("sarif", "github"):
        write(_for_hosts(as_problems(found, programs), format), output)
    elif found or not quiet:
        write(soundness_text(found), output)
    return int(any(item.code not in REMARKS for _, item in found))
