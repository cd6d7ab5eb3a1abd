"""`normrules test`: run the cases of rulebooks."""

from __future__ import annotations

from functools import partial
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
        Literal["text", "json", "github"],
        typer.Option("--format", "-f", help="How to say it; github is for its Actions."),
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing if all pass.")] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="What of the rulebooks no case shows.")
    ] = False,
    mutate: Annotated[
        bool,
        typer.Option("--mutate", help="Change the rulebooks bit by bit: what does no case notice?"),
    ] = False,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Print cases that would show or notice it.")
    ] = False,
    fail_under: Annotated[
        float | None,
        typer.Option(metavar="N", help="Exit 1 if a rulebook reaches less than N per cent."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(metavar="N", help="Only so many changes of each rulebook.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Which changes are drawn.")] = 0,
    watch: Annotated[
        bool, typer.Option("--watch", help="Test again whenever a file is saved, until Ctrl-C.")
    ] = False,
) -> None:
    """Run the cases of rulebooks: what was expected, what came, and why.

    Exits 1 if a case fails or a file has problems, 2 if there is nothing to run.
    """
    if coverage or mutate:
        from normrules.cli.quality import judge
        from normrules.core.problem import NormrulesError

        if format == "github":
            raise NormrulesError("`-f github` is for tests that fail, not for coverage")
        once = partial(
            judge, paths, coverage=coverage, mutate=mutate, suggest=suggest,
            fail_under=fail_under, sample=sample, seed=seed, format=format, output=output,
        )  # fmt: skip
    elif suggest or fail_under is not None or sample is not None:
        from normrules.core.problem import NormrulesError

        raise NormrulesError("this goes with `--coverage` or `--mutate`")
    else:
        once = partial(_test, paths, junit, format, output, quiet=quiet)
    if watch:
        from normrules.cli.watch import watch_paths

        watch_paths(paths, once)
        return
    raise typer.Exit(once())


def _test(
    paths: list[str], junit: Path | None, format: str, output: Path | None, *, quiet: bool
) -> int:
    """Run the cases and say what came; 1 if one fails or a file has problems."""
    import sys

    from normrules.drafting.testing import run_paths
    from normrules.show.tests import junit as junit_xml
    from normrules.show.tests import results_json, results_text

    report = run_paths(paths, lambda tests: progress(tests, "Testing"))
    if junit is not None:
        write(junit_xml(report), junit)
    if format == "json":
        write(results_json(report), output)
    elif format == "github":
        from normrules.show.github import failure_commands

        write(failure_commands(report), output)
    elif not (quiet and report.clean):
        colour = output is None and colour_on(sys.stdout)
        write(results_text(report, width(), colour=colour), output)
    return 0 if report.clean else 1
