"""`normrules actors`: what those who decide would do with a draft."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from normrules.cli.output import colour_on, width, write


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="What actors would do with a draft."
    )
    group.command()(adopt)
    group.callback()(lambda: None)
    app.add_typer(group, name="actors", rich_help_panel="Actors")


def adopt(
    draft: Annotated[str, typer.Argument(help="A draft: a name or a path.")],
    venues: Annotated[Path, typer.Option(metavar="FILE", help="Where it could be adopted.")],
    positions: Annotated[Path, typer.Option(metavar="FILE", help="Who stands where on it.")],
    silent: Annotated[
        Literal["accepts", "opposes", "unknown"] | None,
        typer.Option(
            help="Suppose this of whoever has no recorded stance; default: as in the file."
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--write", metavar="DIR", help="Write what each venue would adopt as drafts."),
    ] = None,
    format: Annotated[
        Literal["text", "json", "markdown", "csv"], typer.Option("--format", "-f", help="How.")
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
) -> None:
    """Find the strongest text that each venue would adopt, and who holds it back."""
    import sys

    from normrules.drafting.adopted_texts import ranked, read_question
    from normrules.lang.writer import dumps
    from normrules.show import adoption as face

    question = read_question(draft, venues, positions, silent)
    found = ranked(question)
    match format:
        case "json":
            said = face.adoption_json(found, question.positions)
        case "markdown":
            said = face.adoption_markdown(found, question.positions)
        case "csv":
            said = face.adoption_csv(found)
        case "text":
            colour = output is None and colour_on(sys.stdout)
            said = face.adoption_text(found, question.positions, width(), colour=colour)
    write(said, output)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for one in found:
            for text in one.drafts:
                write(dumps(dict(text)), folder / f"{text['rulebook']}.yaml")
