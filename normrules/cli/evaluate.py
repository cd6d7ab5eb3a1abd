"""`normrules evaluate`: cases against rulebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from normrules.cli.output import colour_on, progress, width, write

Format = Literal["text", "json", "jsonl", "markdown", "csv"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Cases")(evaluate)


def evaluate(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            help="Scenario files (YAML), or events (CSV, JSON Lines); - is standard input. "
            "Or coups by name (niger-2023); history is all of them."
        ),
    ],
    rulebook: Annotated[
        list[str] | None,
        typer.Option(
            "--rulebook",
            "-r",
            help="A shipped name, a path, or NAME@DATE for an edition; repeats. "
            "Default: every rulebook that has the state as a member, and the UN's.",
        ),
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
    engine: Annotated[
        Literal["auto", "meaning", "durable"],
        typer.Option(help="auto: the meaning answers, durable-rules checks it where it can."),
    ] = "auto",
    trace: Annotated[
        bool, typer.Option("--trace", help="Show the events coming in and the rules firing.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", "-a", help="List also the rules that did not come alive.")
    ] = False,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to say it.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(metavar="STATUS,...", help="Exit 1 if a position has one of these statuses."),
    ] = None,
) -> None:
    """Evaluate cases: who must, should or may do what by when, what was done, what is overdue."""
    import sys

    from normrules.door import evaluate_all
    from normrules.lang.streams import load_many
    from normrules.show.faces import show

    wanted = _statuses(fail_on)
    chosen = readings_of(reading or [])
    answers = [
        answer
        for case in progress(load_many(list(scenarios)), "Evaluating")
        for answer in evaluate_all(
            case,
            rulebook or None,
            at=at,
            law=law,
            assume_bound=assume_bound,
            engine=engine,
            readings=chosen,
            trace=trace,
        )
    ]
    colour = output is None and colour_on(sys.stdout)
    said = show(answers, format, width(), colour=colour, everything=everything)
    write(said, output)
    found = {p.status for answer in answers for regime in answer.regimes for p in regime.positions}
    raise typer.Exit(1 if wanted & found else 0)


def _statuses(text: str | None) -> set[str]:
    """The statuses named. Raises NormrulesError for an unknown one."""
    from normrules.core.evaluation import STATUSES
    from normrules.core.problem import NormrulesError, did_you_mean

    wanted = {part.strip().replace(" ", "_") for part in (text or "").split(",") if part.strip()}
    for status in sorted(wanted - set(STATUSES)):
        raise NormrulesError(f"there is no status `{status}`: {did_you_mean(status, STATUSES)}")
    return wanted


def readings_of(options: list[str]) -> dict[str, str]:
    """Readings chosen as QUESTION=OPTION. Raises NormrulesError for another form."""
    from normrules.core.problem import NormrulesError

    chosen = {}
    for option in options:
        question, equals, answer = option.partition("=")
        if not equals:
            raise NormrulesError(f"`{option}` is no reading: write QUESTION=OPTION")
        chosen[question] = answer
    return chosen
