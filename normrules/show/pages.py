"""Write the pages about the shelves: `python -m normrules.show.pages docs/rulebooks`."""

from __future__ import annotations

import sys
from pathlib import Path

from normrules.core.problem import NormrulesError
from normrules.show.shelf import pages


def write_pages(folder: Path) -> list[Path]:
    """Write one page for each rulebook and vocabulary, and an index; remove pages of others.

    Gives the files that changed. Raises NormrulesError if a rulebook has problems, OSError if
    the folder can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    changed = [path for path in folder.glob("*.md") if path.name not in made]
    for stale in changed:
        stale.unlink()
    for name, text in made.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def main(arguments: list[str]) -> int:
    """Write the pages to the folder named. Gives 0, or 2 if that could not be done."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m normrules.show.pages FOLDER\n")
        return 2
    try:
        changed = write_pages(Path(arguments[0]))
    except (NormrulesError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    sys.stdout.write(f"{len(changed)} pages written\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
