"""`normrules schema`: JSON Schemas for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from normrules.cli.output import write

Kind = Literal[
    "rulebook",
    "draft",
    "vocabulary",
    "scenario",
    "cases",
    "register",
    "history",
    "completeness",
    "venues",
    "positions",
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Library")(schema)


def schema(
    kind: Annotated[
        Kind | None, typer.Argument(help="Of which kind of file; without it, all (to a folder).")
    ] = None,
    vocabulary: Annotated[
        str | None,
        typer.Option(help="A vocabulary whose words are listed, so that editors complete them."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE|FOLDER", help="Write there."),
    ] = None,
) -> None:
    """JSON Schemas of all kinds of files, for editors.

    An editor with the YAML language server finds one by the first line of a file:
    # yaml-language-server: $schema=PATH
    """
    import json

    from normrules.core.problem import NormrulesError
    from normrules.lang.documents import KINDS
    from normrules.lang.library import load_vocabulary
    from normrules.lang.schema import json_schema
    from normrules.lang.shelf import find_vocabulary

    words = load_vocabulary(find_vocabulary(vocabulary, Path())) if vocabulary else None
    if kind is None and output is None:
        raise NormrulesError(f"say which kind ({', '.join(KINDS)}), or give a folder for all: -o")
    for each in [kind] if kind else KINDS:
        text = json.dumps(json_schema(each, words), indent=2, ensure_ascii=False)
        write(text, _target(each, output, alone=kind is not None))


def _target(kind: str, output: Path | None, *, alone: bool) -> Path | None:
    """Where a schema goes: a file, or a file of its name in a folder, which is made if needed."""
    if output is None or (alone and not output.is_dir()):
        return output
    output.mkdir(parents=True, exist_ok=True)
    return output / f"{kind}.json"
