"""Where answers go: the terminal, or a file that is written whole or not at all."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO, TypeVar

import typer

Item = TypeVar("Item")

#: Control characters, but for line ends, tabs and the beginnings of colours.
_COMMANDS = re.compile("(?!\x1b\\[[0-9;]*m)[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def colour_on(stream: TextIO) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def write(text: str | bytes, output: Path | None) -> None:
    """Write an answer to standard output or to a file, whole or not at all.

    Bytes are a picture: it goes to a file or a pipe, never to a terminal.

    A file that is there keeps its mode, and a link still leads to it; a device or a pipe is
    written to as it is. Raises NormrulesError if the file can't be written.
    """
    from normrules.core.problem import NormrulesError

    if output is None and isinstance(text, str):
        say(text)
        return
    if isinstance(text, str):
        text = (text if text.endswith("\n") else f"{text}\n").encode()
    if output is None:
        if sys.stdout.isatty():
            raise NormrulesError("a picture is no text: write it to a file with -o, or to a pipe")
        sys.stdout.buffer.write(text)
        return
    target = output.resolve()
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            with target.open("wb") as stream:
                stream.write(text)
            return
        mode = target.stat().st_mode & 0o777 if target.is_file() else 0o644
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text)
            Path(name).chmod(mode)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NormrulesError(f"can't write `{output}`: {reason}") from error


def say(text: str, *, err: bool = False) -> None:
    """Print to the terminal. Control characters of what was read don't command it: they fall away.

    Only line ends, tabs and colours pass.
    """
    typer.echo(_COMMANDS.sub("", text), err=err)


def width() -> int:
    """How many columns the terminal has; 80 where that is not known."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) >= 40:
        return int(columns)
    return os.get_terminal_size().columns if sys.stdout.isatty() else 80


def progress(items: Sequence[Item], label: str) -> Iterator[Item]:
    """The items one by one, with a progress bar on a terminal once it takes over a second."""
    if len(items) < 2 or not sys.stderr.isatty():
        yield from items
        return
    from time import monotonic

    from rich.console import Console
    from rich.progress import Progress

    started = monotonic()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=len(items), visible=False)
        for item in items:
            bar.update(task, visible=monotonic() - started > 1)
            yield item
            bar.advance(task)
