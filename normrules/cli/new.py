"""`normrules new`: files to begin with, all written or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from normrules.cli.output import say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Write")(new)


def new(
    book: Annotated[
        str | None,
        typer.Argument(help="The name of the rulebook, or the path of its file."),
    ] = None,
    amends: Annotated[
        str | None,
        typer.Option(metavar="BOOK[@DATE]", help="Begin a draft that changes this rulebook."),
    ] = None,
    vocabulary: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE",
            help="Its words. A file that is not there yet is begun as well.",
        ),
    ] = "anti-coup",
    organisation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose bodies act in it.")
    ] = None,
    project: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Begin a whole repository, with hooks and workflow."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over files that are there.")
    ] = False,
) -> None:
    """Begin a rulebook, a draft or a repository: files with hints, which check clean.

    Exits 2 if a file is there already; then nothing is written.
    """
    from normrules.core.problem import NormrulesError
    from normrules.drafting.beginnings import Wish, begin
    from normrules.drafting.projects import begin_project

    if amends is not None and vocabulary != "anti-coup":
        raise NormrulesError("a draft has the vocabulary of the rulebook that it amends")
    wish = Wish(_today(), vocabulary, organisation, amends)
    if project is not None:
        if output is not None:
            raise NormrulesError("`--project` says where: leave out `-o`")
        name = (book or project.resolve().name).removesuffix(".yaml")
        files = begin_project(project, name, wish, _version())
        main = project / "rulebooks" / f"{name}.yaml"
    else:
        main = _target(book, output)
        files = begin(main, wish)
    write_all(files, force=force)
    _report(main, list(files), project)


def _today() -> str:
    return datetime.now().astimezone().date().isoformat()


def _version() -> str:
    from importlib.metadata import version

    return version("normrules")


def _target(book: str | None, output: Path | None) -> Path:
    """The file of the rulebook: where `-o` says, else what `book` says, a path or a name."""
    from normrules.core.problem import NormrulesError

    if book is None and output is None:
        raise NormrulesError("say its name: normrules new NAME, or --project FOLDER for all")
    named = Path(book if book.endswith((".yaml", ".yml")) else f"{book}.yaml") if book else None
    if output is None or named is None:
        return output or named or Path()
    if output.is_dir():
        return output / named.name
    if output.stem != named.stem:
        both = f"`{named.stem}` or `{output.stem}`"
        raise NormrulesError(f"a rulebook has the name of its file: {both}?")
    return output


def write_all(files: Mapping[Path, str], *, force: bool = False) -> None:
    """Write all of some files, or none of them, with the folders that they need.

    Raises NormrulesError if one is there already and `force` is not given, or can't be written.
    """
    from normrules.core.problem import NormrulesError

    there = [path for path in files if os.path.lexists(path)]
    if there and not force:
        named = ", ".join(f"`{path}`" for path in there[:3]) + (" ..." if len(there) > 3 else "")
        verb, them = ("is", "it") if len(there) == 1 else ("are", "them")
        raise NormrulesError(f"{named} {verb} there already; --force writes over {them}")
    undo = _Undo()
    try:
        for path, text in files.items():
            undo.write(path, text)
    except OSError as error:
        undo.all()
        reason = (error.strerror or str(error)).lower()
        raise NormrulesError(f"can't write `{path}`: {reason}") from error
    except BaseException:
        undo.all()
        raise
    undo.forget()


class _Undo:
    """Files and folders as they were before they were written."""

    def __init__(self) -> None:
        self.folders: list[Path] = []
        self.written: list[Path] = []
        self.kept: list[tuple[Path, Path]] = []

    def write(self, path: Path, text: str) -> None:
        for folder in reversed([f for f in path.parents if not f.exists()]):
            folder.mkdir()
            self.folders.append(folder)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        part = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            part.chmod(0o644)
            if path.exists():
                self._keep(path)
            part.replace(path)
            self.written.append(path)
        finally:
            part.unlink(missing_ok=True)

    def _keep(self, path: Path) -> None:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.before.")
        os.close(handle)
        kept = Path(name)
        self.kept.append((path, kept))
        kept.write_bytes(path.read_bytes())

    def all(self) -> None:
        """Put everything back."""
        for path in self.written:
            path.unlink(missing_ok=True)
        for path, kept in self.kept:
            kept.replace(path)
        for folder in reversed(self.folders):
            with suppress(OSError):
                folder.rmdir()

    def forget(self) -> None:
        """Keep what was written."""
        for _, kept in self.kept:
            kept.unlink(missing_ok=True)


def _report(main: Path, files: Sequence[Path], project: Path | None) -> None:
    schemas = [path for path in files if path.parent.name == "schema"]
    for path in files:
        if path not in schemas:
            say(f"written: {path}")
    if schemas:
        names = ", ".join(path.name for path in schemas)
        named = names if len(schemas) < 3 else f"{len(schemas)} schemas"
        say(f"written for editors, in {os.path.relpath(schemas[0].parent)}: {named}")
    say("\nNext:")
    if project is not None:
        say(f"  cd {project}\n  and read README.md")
    else:
        say(f"  write in {main}\n  normrules check {main}\n  normrules test {main}")
