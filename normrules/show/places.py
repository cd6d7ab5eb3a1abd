"""Where in files: as a path from here, and as a URI."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote


def from_here(file: str) -> str:
    """A file's path from the current folder, with forward slashes; else its whole path.

    >>> from_here("rulebooks/x.yaml")
    'rulebooks/x.yaml'
    """
    path = Path(file)
    here = Path.cwd()
    absolute = path if path.is_absolute() else here / path
    for one, folder in ((absolute, here), (absolute.resolve(), here.resolve())):
        if ".." not in one.parts and one.is_relative_to(folder):
            return one.relative_to(folder).as_posix()
    return path.as_posix() if not path.is_absolute() else absolute.as_posix()


def uri(file: str) -> str:
    """A file as a URI: relative to the current folder if it lies in it, else absolute.

    >>> uri("rulebooks/coup d'état.yaml")
    'rulebooks/coup%20d%27%C3%A9tat.yaml'
    """
    inside = from_here(file)
    if Path(inside).is_absolute() or ".." in Path(inside).parts:
        return Path(file).resolve().as_uri()
    return quote(inside, safe="/-_.~")
