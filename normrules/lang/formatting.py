"""Files in canonical form, or refused with what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from normrules.core.problem import NormrulesError, Problem
from normrules.lang.documents import kind_of, yaml_files
from normrules.lang.reader import read, read_text
from normrules.lang.writer import format_text


@dataclass(frozen=True)
class Formatted:
    """A file that was formatted, or refused: then `after` is None and `problems` say why."""

    file: Path
    before: str
    after: str | None
    problems: tuple[Problem, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the canonical form is another than what stands in the file."""
        return self.after is not None and self.after != self.before


def format_files(paths: Iterable[Path]) -> Iterator[Formatted]:
    """The YAML files of files and folders in canonical form; nothing is written.

    In a folder, files of other programs are passed over. Raises NormrulesError for a path that
    does not exist or can't be read.
    """
    for file, named in yaml_files(paths):
        before = read_text(file)
        source = read(before)
        if named or source.problems or kind_of(source.data) is not None:
            yield _formatted(file, before)


def _formatted(file: Path, before: str) -> Formatted:
    try:
        return Formatted(file, before, format_text(before, str(file)))
    except NormrulesError as error:
        problems = error.problems or (Problem("lossy", str(error), file=str(file)),)
        return Formatted(file, before, None, problems)
