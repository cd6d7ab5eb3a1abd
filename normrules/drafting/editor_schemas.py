"""Where the schema of a new file is, so that an editor finds it by the file's first line."""

from __future__ import annotations

import json
import os
from pathlib import Path

from normrules.core.vocabulary import Vocabulary
from normrules.lang.documents import KINDS, Kind
from normrules.lang.schema import json_schema


def from_folder(folder: Path, file: Path) -> str:
    """A file's path as seen from a folder, with forward slashes."""
    return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()


def schema_text(kind: Kind, words: Vocabulary | None = None) -> str:
    """The JSON Schema of a kind of file as text, with the words of a vocabulary if given."""
    return json.dumps(json_schema(kind, words), indent=2, ensure_ascii=False) + "\n"


def nearest_schema(folder: Path, kind: Kind, words: Vocabulary | None) -> Path | None:
    """Our schema of a kind in a folder `schema` here or further up, as far as the repository.

    One that lists the words of another vocabulary than `words` does not fit.
    """
    folder = folder.resolve()
    for above in (folder, *folder.parents):
        found = above / "schema" / f"{kind}.json"
        if found.is_file() and _fits(found, kind, words):
            return found
        if (above / ".git").exists():
            return None
    return None


def schema_folder(folder: Path) -> Path:
    """The folder for schemas that are missing: where others of ours are, else `schema` here."""
    above = folder.resolve()
    for one in (above, *above.parents):
        if any(_fits(one / "schema" / f"{kind}.json", kind, None) for kind in KINDS):
            return one / "schema"
        if (one / ".git").exists():
            break
    return folder / "schema"


def _fits(file: Path, kind: Kind, words: Vocabulary | None) -> bool:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    plain = json_schema(kind)
    if not isinstance(data, dict) or data.get("title") != plain["title"]:
        return False
    comments = [None] if words is None else [None, json_schema(kind, words).get("$comment")]
    return data.get("$comment") in comments
