"""What `show` can show, by name: rulebooks, their editions, vocabularies; and the pages of all."""

from __future__ import annotations

import os
import re
from pathlib import Path

from normrules.core.problem import NormrulesError, did_you_mean
from normrules.core.program import Program
from normrules.core.vocabulary import Vocabulary
from normrules.lang.documents import kind_of
from normrules.lang.library import load_program, load_vocabulary
from normrules.lang.reader import read_file
from normrules.lang.shelf import catalogue, vocabularies
from normrules.show.book_markdown import book_markdown
from normrules.show.catalogue import catalogue_markdown, entries
from normrules.show.vocabulary import vocabulary_markdown


def split(what: str) -> tuple[str, str | None]:
    """A rulebook and a rule from BOOK:RULE; a path may hold colons of its own.

    >>> split("un-secretariat@2009-10-31:convene")
    ('un-secretariat@2009-10-31', 'convene')
    """
    name, colon, rule = what.rpartition(":")
    if colon and name and re.fullmatch(r"[\w.-]+", rule) and not Path(what).exists():
        return name, rule
    return what, None


def find(name: str) -> Program | Vocabulary:
    """A rulebook or vocabulary. Raises NormrulesError with near names of both."""
    bare = name.partition("@")[0]
    books, words = catalogue(), vocabularies()
    is_path = bare.endswith((".yaml", ".yml")) or os.sep in bare
    if is_path and _is_vocabulary(Path(bare)):
        return load_vocabulary(Path(bare).resolve())
    if bare in books or is_path:
        return load_program(name)
    if name in words:
        return load_vocabulary(words[name])
    near = did_you_mean(bare, [*books, *words], "there are")
    raise NormrulesError(f"there is no rulebook or vocabulary `{bare}`: {near}")


def _is_vocabulary(path: Path) -> bool:
    return kind_of(read_file(path).data) == "vocabulary"


def pages() -> dict[str, str]:
    """The pages of the documentation about the shelves, by file name.

    One for each rulebook and vocabulary, and `index.md`. They hold no day of today, so equal
    shelves give equal pages.
    """
    made = {f"{name}.md": book_markdown(load_program(name)) for name in sorted(catalogue())}
    for name, path in vocabularies().items():
        made[f"vocabulary-{name}.md"] = vocabulary_markdown(load_vocabulary(path))
    made["index.md"] = catalogue_markdown(entries())
    return made
