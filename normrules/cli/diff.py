"""`normrules diff`: regimes compared, situation by situation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from normrules.cli.comparing import Actions, Asked, Gates, Order, law_day, pairs, scale_of
from normrules.cli.output import colour_on, width, write
from normrules.cli.past import PastAnswers, past_answers

if TYPE_CHECKING:
    from normrules.analysis.comparison import Comparison
    from normrules.core.program import Program
    from normrules.core.vocabulary import Vocabulary


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Compare")(diff)


def diff(
    rulebooks: Annotated[
        list[str], typer.Argument(help="Two or more rulebooks: names, paths, drafts, NAME@DATE.")
    ],
    action: Actions = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="ATTRIBUTE=VALUE", help="Only situations opened so; repeats."),
    ] = None,
    law: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="The law of this day; default: the newest of those compared. With --events "
            "also `case`: each case under the law of its own days.",
        ),
    ] = None,
    gates: Gates = "strength",
    order: Order = None,
    events: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Also case by case: a scenario, a table of events, a coup by name, `history`; "
            "repeats. Of a draft: its impact.",
        ),
    ] = None,
    bound: Annotated[
        bool, typer.Option("--bound", help="In cases: only regimes that bind the state.")
    ] = False,
    among: Annotated[
        list[str] | None,
        typer.Option(help="Of a draft: the regimes it stands beside; default: all shipped."),
    ] = None,
    with_silent: Annotated[
        bool, typer.Option("--with-silent", help="Count regimes without a rule, too.")
    ] = False,
    format: Annotated[
        Literal["text", "json", "markdown", "csv", "html", "svg", "png"],
        typer.Option("--format", "-f", help="How; svg and png are pictures."),
    ] = "text",
    chart: Annotated[
        Literal["matrix", "ladder", "map"],
        typer.Option(help="Which picture: who commits to what, how often, how far apart."),
    ] = "matrix",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    witness: Annotated[
        Path | None,
        typer.Option("--witness", metavar="DIR", help="Write the cases that show differences."),
    ] = None,
    features: Annotated[
        bool, typer.Option("--features", help="The regimes side by side, feature by feature.")
    ] = False,
    redline: Annotated[
        bool, typer.Option("--redline", help="Rule by rule, what the second changes in the first.")
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 if any two regimes differ.")
    ] = False,
) -> None:
    """Compare regimes in every situation that their rules tell apart.

    Each difference comes with the smallest case that shows it, evaluated before it is shown.
    """
    from normrules.analysis.comparison import compare
    from normrules.lang.library import load_program

    programs = [load_program(name) for name in rulebooks]
    if features or redline:
        said = _features(programs, action, format, output) if features else ""
        said += _redline(programs, format, output) if redline else ""
        write(said, output)
        raise typer.Exit
    asked = Asked(
        law=None if law == "case" else law_day(law),
        actions=tuple(action or ()),
        scale=scale_of(order),
        gates=gates,
    )
    programs = _distinct(programs)
    found = compare(
        programs,
        **asked.plain(),
        where=pairs(where or []),
        with_silent=with_silent,
    )
    past = past_answers(programs, events or [], asked, among, by_case=law == "case", bound=bound)
    words = programs[0].vocabulary
    if format in ("svg", "png"):
        write(_picture(found, words, format, chart), output)
    else:
        more = [_features(programs, action, "fragment", output)] if format == "html" else []
        write(_comparison(found, words, format, output, past, more=more), output)
    if witness is not None:
        _write_witnesses(found, witness)
    differ = any(pair.verdict != "equal" for pair in found.pairs)
    raise typer.Exit(1 if exit_code and differ else 0)


def _picture(
    found: Comparison, words: Vocabulary, format: str, chart: Literal["matrix", "ladder", "map"]
) -> str | bytes:
    from normrules.show.charts.comparing import comparison_picture
    from normrules.show.charts.drawing import png, svg

    picture = comparison_picture(found, words, chart)
    return svg(picture) if format == "svg" else png(picture)


def _comparison(
    found: Comparison,
    words: Vocabulary,
    format: str,
    output: Path | None,
    past: PastAnswers,
    *,
    more: Sequence[str] = (),
) -> str:
    import json
    import sys

    from normrules.show import comparison as face

    match format:
        case "json":
            whole = face.comparison_data(found) | past.data()
            return json.dumps(whole, indent=2, ensure_ascii=False)
        case "markdown":
            return "\n\n".join([face.comparison_markdown(found, words), *past.markdown(words)])
        case "csv":
            return past.csv() or face.comparison_csv(found)
        case "html":
            from normrules.show.comparison_html import comparison_html

            return comparison_html(found, words, [*past.html(words), *more])
    colour = output is None and colour_on(sys.stdout)
    said = face.comparison_text(found, words, width(), colour=colour)
    return "\n\n".join([said, *past.text(words, width(), colour=colour)])


def _features(
    programs: list[Program], actions: list[str] | None, format: str, output: Path | None
) -> str:
    import sys

    from normrules.analysis.features import side_by_side
    from normrules.core.problem import NormrulesError
    from normrules.show import features as face
    from normrules.show.webpage import page

    table = side_by_side(programs, actions)
    match format:
        case "json":
            return face.features_json(table)
        case "markdown":
            return face.features_markdown(table)
        case "csv":
            return face.features_csv(table)
        case "fragment":
            return f"<h2>Feature by feature</h2>\n{face.features_html(table)}"
        case "html":
            return page("Regimes side by side", [face.features_html(table)])
        case "svg" | "png":
            raise NormrulesError("features have no picture: use text, json, markdown, csv or html")
    colour = output is None and colour_on(sys.stdout)
    return face.features_text(table, width(), colour=colour)


def _redline(programs: list[Program], format: str, output: Path | None) -> str:
    import sys

    from normrules.analysis.redline import redline
    from normrules.core.problem import NormrulesError
    from normrules.show import redline as face
    from normrules.show.webpage import page

    if len(programs) > 2:
        raise NormrulesError("a redline is of one text, or of one against another")
    line = redline(programs[-1], programs[0] if len(programs) == 2 else None)
    match format:
        case "json":
            return face.redline_json(line)
        case "markdown":
            return face.redline_markdown(line)
        case "html":
            return page(face.heading(line), [face.redline_html(line)])
        case "csv" | "svg" | "png":
            raise NormrulesError("a redline is a text: use text, markdown, html or json")
    colour = output is None and colour_on(sys.stdout)
    return face.redline_text(line, width(), colour=colour)


def _distinct(programs: list[Program]) -> list[Program]:
    """One regime given twice is compared with itself, under a name of its own."""
    from dataclasses import replace

    seen: dict[str, int] = {}
    named = []
    for program in programs:
        seen[program.name] = seen.get(program.name, 0) + 1
        number = seen[program.name]
        again = replace(program, name=f"{program.name} ({number})") if number > 1 else program
        named.append(again)
    return named


def _write_witnesses(found: Comparison, folder: Path) -> None:
    from normrules.lang.writer import dumps
    from normrules.show.comparison import witness_files

    folder.mkdir(parents=True, exist_ok=True)
    for name, witness in witness_files(found):
        data = {**witness.data, "scenario": name.removesuffix(".yaml"), "title": witness.says}
        write(dumps(data), folder / name)
