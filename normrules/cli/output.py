"""Where answers go: the terminal, or a file that is written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TextIO

import typer


def colour_on(stream: TextIO) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def write(text: str, output: Path | None) -> None:
    """Write an answer to standard output or to a file, whole or not at all.

    Raises NormrulesError if the file can't be written.
    """
    if output is None:
        typer.echo(text)
        return
    from normrules.core.problem import NormrulesError

    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text if text.endswith("\n") else f"{text}\n")
        Path(name).chmod(0o644)
        Path(name).replace(output)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NormrulesError(f"can't write `{output}`: {reason}") from error


def width() -> int:
    """How many columns the terminal has; 80 where that is not known."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) >= 40:
        return int(columns)
    return os.get_terminal_size().columns if sys.stdout.isatty() else 80
