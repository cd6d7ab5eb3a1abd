"""Running a command again whenever a file that it reads is saved.

Looking at the times of files twice a second: that is all that a few hundred small files need,
works on every system and over networks, and wants no library.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import typer

from normrules.cli.output import say

#: Seconds between two looks.
PAUSE = 0.5
#: To a terminal: forget what is shown and begin at its top.
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"
_READ = (".yaml", ".yml", ".csv", ".jsonl")

Stamp = tuple[int, int, int] | None


def watch_paths(
    paths: Sequence[str | Path],
    once: Callable[[], object],
    wait: Callable[[], None] = lambda: time.sleep(PAUSE),
) -> None:
    """Run now, and again on every save of what was read or stands in the folders named.

    Returns on Ctrl-C. Raises NormrulesError if there is no file to watch.
    """
    from normrules.core.problem import NormrulesError
    from normrules.lang.files_read import noting

    read: set[Path] = set()

    def files() -> set[Path]:
        return read | set(_inside(paths))

    def run() -> None:
        forget()
        with noting() as noted:
            _shown(once)
        read.clear()
        read.update(noted)
        if not files():
            raise NormrulesError("there is no file to watch")
        number = len(files())
        say(f"\nWatching {number} file{'' if number == 1 else 's'}. Ctrl-C ends.", err=True)

    watch(run, saves(files, wait))


def watch(run: Callable[[], None], changes: Iterable[Sequence[Path]]) -> None:
    """Run, and again after each change, until the changes end or somebody presses Ctrl-C."""
    try:
        run()
        for changed in changes:
            _announce(changed)
            run()
    except KeyboardInterrupt:
        say("", err=True)


def saves(
    files: Callable[[], Iterable[Path]], wait: Callable[[], None]
) -> Iterator[Sequence[Path]]:
    """The files that were saved, made or removed, each time that some were.

    Many editors write another file and then put it in place: so it waits until all is quiet.
    """
    before = _stamps(files())
    while True:
        wait()
        now = _stamps(files())
        if now == before:
            continue
        while True:
            wait()
            later, now = now, _stamps(files())
            if later == now:
                break
        changed = [path for path in before.keys() | now if before.get(path) != now.get(path)]
        if changed:
            yield sorted(changed)
        # What the run has read for the first time is no change; what was saved meanwhile is one.
        before = {path: now.get(path, stamp) for path, stamp in _stamps(files()).items()}


def forget() -> None:
    """Empty every cache of the package: what was read may have changed."""
    for name, module in list(sys.modules.items()):
        if name.startswith("normrules."):
            for value in list(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if callable(clear):
                    clear()


def _shown(once: Callable[[], object]) -> None:
    """Run; what stops it is said, and the watch goes on."""
    from normrules.cli.output import colour_on
    from normrules.core.problem import NormrulesError
    from normrules.show.problems import report

    try:
        once()
    except NormrulesError as error:
        if error.problems:
            say(report(error.problems, colour=colour_on(sys.stderr)), err=True)
        say(f"normrules: {error}", err=True)


def _inside(paths: Sequence[str | Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            for file in path.rglob("*"):
                hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
                if file.suffix in _READ and not hidden:
                    yield file


def _stamps(files: Iterable[Path]) -> Mapping[Path, Stamp]:
    return {path: _stamp(path) for path in files}


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _announce(changed: Sequence[Path]) -> None:
    if sys.stdout.isatty():
        typer.echo(_CLEAR, nl=False)
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    now = datetime.now().astimezone()
    say(f"{now:%H:%M:%S}  {changed[0]}{more} changed\n", err=True)
