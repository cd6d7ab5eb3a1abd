"""Which files are read: noted while somebody wants to know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_WANTED: ContextVar[set[Path] | None] = ContextVar("files_read", default=None)


def note(path: Path) -> None:
    """Note that a file is read, or would be if it were there."""
    wanted = _WANTED.get()
    if wanted is not None:
        wanted.add(path)


@contextmanager
def noting() -> Iterator[set[Path]]:
    """The files that are read meanwhile.

    >>> with noting() as files:
    ...     note(Path("a.yaml"))
    >>> [path.name for path in files]
    ['a.yaml']
    """
    files: set[Path] = set()
    before = _WANTED.set(files)
    try:
        yield files
    finally:
        _WANTED.reset(before)
