"""The command line: its commands, its options, its exit codes.

Exit codes: 0 clean; 1 the answer is no; 2 could not answer.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from normrules.cli import (
    actors,
    check,
    denominator,
    diff,
    evaluate,
    evolution,
    explain,
    fmt,
    library,
    new,
    schema,
    test,
)


class Commands(TyperGroup):
    """The commands, which stand under their headings in the help."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, heading by heading, each with its first sentence."""
        headings: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                heading = getattr(command, "rich_help_panel", None) or "Commands"
                headings.setdefault(str(heading), []).append(
                    (name, command.get_short_help_str(200))
                )
        for heading, rows in headings.items():
            with formatter.section(heading):
                formatter.write_dl(rows)


app = typer.Typer(
    name="normrules",
    cls=Commands,
    rich_markup_mode=None,  # plain help: boxes take three times as long to draw
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Procedures of international organisations as rulebooks that run: "
    "who must, should, may or must not do what, by when, and why.",
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"normrules {version('normrules')}")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Options of the program itself."""


_CASES, _WRITE = (evaluate, explain), (new, check, fmt, test)
_COMPARE, _LIBRARY = (diff, denominator, evolution), (library, schema)
for _module in (*_CASES, *_WRITE, *_COMPARE, actors, *_LIBRARY):
    _module.register(app)


def main() -> None:
    """Run the command line; every error is a message, never a traceback."""
    try:
        app(prog_name="normrules")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  (the last resort: a message, no traceback)
        sys.exit(_complain(error))


def _complain(error: Exception) -> int:
    from normrules.cli.output import colour_on, say
    from normrules.core.problem import NormrulesError
    from normrules.show.problems import report

    if os.environ.get("NORMRULES_DEBUG"):
        raise error
    if isinstance(error, OSError) and error.strerror:
        say(f"normrules: can't use `{error.filename}`: {error.strerror.lower()}", err=True)
        return 2
    if not isinstance(error, NormrulesError):
        kind = type(error).__name__
        say(f"normrules failed: {kind}: {error}", err=True)
        typer.echo("This is a defect. NORMRULES_DEBUG=1 shows where.", err=True)
        return 2
    if error.problems:
        say(report(error.problems, colour=colour_on(sys.stderr)), err=True)
    say(f"normrules: {error}", err=True)
    return 2
