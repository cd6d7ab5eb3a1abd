"""`normrules fmt`: one layout for all rulebooks, vocabularies, scenarios and cases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from normrules.cli.output import colour_on, write

if TYPE_CHECKING:
    from normrules.lang.formatting import Formatted


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Write")(fmt)


def fmt(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Files, or folders with all they hold; - is standard input."),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a file would change.")
    ] = False,
    format: Annotated[
        Literal["text", "json"], typer.Option("--format", "-f", help="How to say it.")
    ] = "text",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Name no files.")] = False,
) -> None:
    """Lay out rulebooks, vocabularies, scenarios and cases files: keys in order, comments kept.

    The data stays the same. A file that can't be read is left as it is, and the exit code is 2.
    """
    from normrules.lang.formatting import format_files

    if Path("-") in paths:
        raise typer.Exit(_stream(paths, check=check))
    files = list(format_files(paths))
    if not check:
        for file in files:
            if file.changed and file.after is not None:
                write(file.after, file.file)
    _report(files, format, check=check, quiet=quiet)
    refused = any(file.after is None for file in files)
    changed = any(file.changed for file in files)
    raise typer.Exit(2 if refused else int(check and changed))


def _stream(paths: Sequence[Path], *, check: bool) -> int:
    """Format standard input to standard output; with `check` only say whether it changes."""
    import sys

    from normrules.core.problem import NormrulesError
    from normrules.lang.reader import decoded
    from normrules.lang.writer import format_text

    if len(paths) > 1:
        raise NormrulesError("`-` stands alone: standard input is formatted to standard output")
    before = decoded(sys.stdin.buffer.read(), "<standard input>")
    after = format_text(before, "<standard input>")
    if not check:
        typer.echo(after, nl=False)
    return int(check and after != before)


def _report(files: Sequence[Formatted], format: str, *, check: bool, quiet: bool) -> None:
    import json
    import sys

    from normrules.show.problems import report

    problems = [problem for file in files for problem in file.problems]
    if format == "json":
        typer.echo(json.dumps(_data(files), indent=2, ensure_ascii=False))
        return
    if problems:
        typer.echo(report(problems, colour=colour_on(sys.stderr)), err=True)
    for file in files:
        if file.changed and not quiet:
            typer.echo(f"{'would change' if check else 'formatted'}: {file.file}")
    if not quiet:
        typer.echo(_tally(files, check=check))


def _data(files: Sequence[Formatted]) -> dict[str, object]:
    def status(file: Formatted) -> str:
        if file.after is None:
            return "refused"
        return "changed" if file.changed else "unchanged"

    return {
        "kind": "formatting",
        "files": [{"file": str(file.file), "status": status(file)} for file in files],
        "problems": [problem.plain() for file in files for problem in file.problems],
    }


def _tally(files: Sequence[Formatted], *, check: bool) -> str:
    changed = sum(file.changed for file in files)
    refused = sum(file.after is None for file in files)
    said = [
        f"{changed} of {len(files)} file{'' if len(files) == 1 else 's'} "
        + ("would change" if check else "formatted")
    ]
    return ", ".join([*said, *([f"{refused} refused"] if refused else [])])
