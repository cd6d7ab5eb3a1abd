"""`normrules list`, `show`, `cite`: what stands on the shelves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from normrules.cli.output import colour_on, width, write

if TYPE_CHECKING:
    from normrules.core.program import Program
    from normrules.core.vocabulary import Vocabulary

Face = Literal["text", "markdown", "json"]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(name="list", rich_help_panel="Library")(list_)
    app.command(rich_help_panel="Library")(show)
    app.command(rich_help_panel="Library")(cite)


def list_(
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Only these: membership, universal, donor, technical; repeats."),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="DATE", help="Count members on this day; default: today.")
    ] = None,
    format: Annotated[Face, typer.Option("--format", "-f", help="How to say it.")] = "text",
    output: Output = None,
) -> None:
    """List the rulebooks: what they hold, whom they bind, since when.

    Members: on that day, or on the last day before it for which the register is complete.
    """
    import sys

    from normrules.show.book import as_json
    from normrules.show.catalogue import (
        catalogue_data,
        catalogue_markdown,
        catalogue_text,
        entries,
    )

    found = entries(_kinds(kind or ()), _day(at))
    if format == "json":
        said = as_json(catalogue_data(found))
    elif format == "markdown":
        said = catalogue_markdown(found)
    else:
        colour = output is None and colour_on(sys.stdout)
        said = catalogue_text(found, width(), colour=colour)
    write(said.rstrip("\n"), output)


def _kinds(wanted: Sequence[str]) -> Sequence[str]:
    """The kinds asked for. Raises NormrulesError for one that is none."""
    from normrules.core.problem import NormrulesError, did_you_mean
    from normrules.core.rulebook import BOOK_KINDS

    for kind in wanted:
        if kind not in BOOK_KINDS:
            near = did_you_mean(kind, BOOK_KINDS, "there are")
            raise NormrulesError(f"there is no kind of rulebook `{kind}`: {near}")
    return wanted


def _day(text: str | None) -> int:
    """The last instant of a day. Raises NormrulesError for what is none."""
    from datetime import UTC, datetime

    from normrules.core.problem import NormrulesError
    from normrules.core.time import at, day

    if text is None:
        return at(datetime.now(UTC))
    try:
        return day(text).hi
    except ValueError as error:
        raise NormrulesError(str(error)) from error


def show(
    what: Annotated[
        str,
        typer.Argument(
            metavar="BOOK[:RULE]",
            help="A rulebook by name, path or NAME@DATE; one rule of it; or a vocabulary.",
        ),
    ],
    format: Annotated[Face, typer.Option("--format", "-f", help="How to say it.")] = "text",
    output: Output = None,
) -> None:
    """Show a rulebook in words, to be checked against its texts, or one rule in full sentences."""
    import sys

    from normrules.show.shelf import find, split

    name, rule = split(what)
    found = find(name)
    colour = output is None and colour_on(sys.stdout)
    write(_face(found, rule, format, colour=colour).rstrip("\n"), output)


def _face(found: Program | Vocabulary, rule: str | None, format: Face, *, colour: bool) -> str:
    from normrules.core.program import Program
    from normrules.show import book, book_markdown, book_text, vocabulary

    columns = width()
    if not isinstance(found, Program):
        if rule is not None:
            return vocabulary.word_text(found, rule)
        if format == "json":
            return book.as_json(vocabulary.vocabulary_data(found))
        if format == "markdown":
            return vocabulary.vocabulary_markdown(found)
        return vocabulary.vocabulary_text(found, columns, colour=colour)
    if format == "json":
        return book.as_json(book.clause_data(found, rule) if rule else book.book_data(found))
    if format == "markdown":
        page = book_markdown.clause_markdown
        return page(found, rule) if rule else book_markdown.book_markdown(found)
    if rule:
        return book_text.clause_text(found, rule, columns, colour=colour)
    return book_text.book_text(found, columns, colour=colour)


def cite(
    books: Annotated[list[str], typer.Argument(help="Rulebooks by name, path or NAME@DATE.")],
    format: Annotated[
        Literal["text", "bibtex", "csl-json"],
        typer.Option("--format", "-f", help="For people, LaTeX, or reference managers."),
    ] = "text",
    output: Output = None,
) -> None:
    """Cite the instruments of rulebooks, each with its dates and where rules stand in it."""
    from normrules.lang.library import load_program
    from normrules.show.citations import cite as cited

    write(cited([load_program(book) for book in books], format), output)
