"""What a new rulebook or draft consists of: its files and their texts."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from normrules.core.problem import NormrulesError
from normrules.core.program import Program
from normrules.core.vocabulary import Vocabulary
from normrules.drafting.editor_schemas import (
    from_folder,
    nearest_schema,
    schema_folder,
    schema_text,
)
from normrules.drafting.example_words import example_of, words_of, words_of_base
from normrules.drafting.skeletons import cases_text, draft_text, rulebook_text, vocabulary_text
from normrules.lang.documents import Kind
from normrules.lang.library import load_program, load_vocabulary
from normrules.lang.loader import load
from normrules.lang.reader import read, read_text
from normrules.lang.shelf import find_book, find_vocabulary

Files = dict[Path, str]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}")
#: When the coup of the example happened.
_EXAMPLE_DAY = "2024-03-04"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to begin: from nothing with a vocabulary, or a draft that `amends`.

    A vocabulary is a name, or a path; where nothing is at that path, a new one is begun. `day` is
    when a draft would be adopted, unless it amends an edition: then the edition's day.
    """

    day: str
    vocabulary: str = "anti-coup"
    organisation: str | None = None
    amends: str | None = None

    @property
    def own_words(self) -> bool:
        """Whether the vocabulary is a path and not a name."""
        return self.vocabulary.endswith((".yaml", ".yml"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where files go: a folder, and in a project those of schemas and of vocabularies."""

    folder: Path
    schemas: Path | None = None
    vocabularies: Path | None = None
    files: Files = field(default_factory=dict)

    def modeline(self, kind: Kind, words: Vocabulary | None, folder: Path | None = None) -> str:
        """The path of a schema as seen from a folder; one that is nowhere near is added.

        Nothing where another program's file has its place.
        """
        here = folder or self.folder
        if self.schemas is not None:
            return from_folder(here, self.schemas / f"{kind}.json")
        near = nearest_schema(here, kind, words)
        if near is not None:
            return from_folder(here, near)
        target = schema_folder(here) / f"{kind}.json"
        if target.exists():
            return ""
        self.files[target] = schema_text(kind)
        return from_folder(here, target)


def begin(path: Path, wish: Wish, place: Place | None = None) -> Files:
    """The files of a new rulebook or draft at a path, none of them written yet.

    The rulebook, its cases, its vocabulary if that is a path where nothing is, and the schemas
    that editors need if there are none near by. Raises NormrulesError for a name or a vocabulary
    that can't be.
    """
    place = place or Place(path.parent)
    _check_name(path)
    if wish.amends is None:
        _rulebook(path, wish, place)
    else:
        _draft(path, wish, wish.amends, place)
    return {path: place.files[path], **place.files}


def _check_name(path: Path) -> None:
    if path.suffix != ".yaml" or path.name.endswith(".cases.yaml"):
        raise NormrulesError(f"`{path.name}` is no name of such a file: write NAME.yaml")
    if not _NAME.fullmatch(path.stem):
        raise NormrulesError(f"`{path.stem}` is no name: letters, digits, `-`, `_` and `.`")


def _rulebook(path: Path, wish: Wish, place: Place) -> None:
    vocabulary, called = _vocabulary(path, wish, place)
    organisation = wish.organisation
    if organisation is None and vocabulary.bodies_of(path.stem):
        organisation = path.stem
    words = None if wish.own_words else vocabulary
    place.files[path] = rulebook_text(
        path.stem,
        vocabulary,
        called=called,
        organisation=organisation,
        modeline=place.modeline("rulebook", words),
    )
    place.files[path.with_suffix(".cases.yaml")] = cases_text(
        path.stem,
        words_of(vocabulary, organisation),
        "example",
        day=_EXAMPLE_DAY,
        modeline=place.modeline("cases", words),
    )


def _vocabulary(path: Path, wish: Wish, place: Place) -> tuple[Vocabulary, str]:
    """The vocabulary, and how the rulebook calls it; a project has its own copy."""
    if not wish.own_words:
        return load_vocabulary(find_vocabulary(wish.vocabulary, Path())), wish.vocabulary
    source = Path(wish.vocabulary)
    target = source if place.vocabularies is None else place.vocabularies / source.name
    if source.exists():
        vocabulary = load_vocabulary(source.resolve())
        if target != source:
            place.files[target] = read_text(source)
    else:
        _check_name(source)
        modeline = place.modeline("vocabulary", None, target.parent)
        organisation = wish.organisation or path.stem
        place.files[target] = vocabulary_text(source.stem, organisation, modeline=modeline)
        made, problems = load(Vocabulary, read(place.files[target], str(target)))
        assert made is not None, problems
        vocabulary = made
    return vocabulary, from_folder(path.parent, target)


def _draft(path: Path, wish: Wish, amends: str, place: Place) -> None:
    if wish.organisation is not None:
        raise NormrulesError("a draft has the organisation of the rulebook that it amends")
    base = load_program(amends)
    name, at, date = amends.partition("@")
    if name.endswith((".yaml", ".yml")) or os.sep in name:
        name = from_folder(path.parent, find_book(name))
    day = date + "-01" * (2 - date.count("-")) if at else wish.day
    words = named_words(base)
    place.files[path] = draft_text(
        path.stem,
        base,
        amends=f"{name}{at}{date}",
        day=day,
        modeline=place.modeline("draft", words),
    )
    registers = [base.rulebook.members, *(i.parties for i in base.rulebook.instruments.values())]
    place.files[path.with_suffix(".cases.yaml")] = cases_text(
        path.stem,
        words_of_base(base),
        example_of(base),
        day=day,
        bound=any(registers),
        modeline=place.modeline("cases", words),
    )


def named_words(base: Program) -> Vocabulary | None:
    """The vocabulary of a rulebook if it goes by a name; the words of others may yet change."""
    by_path = base.rulebook.vocabulary.endswith((".yaml", ".yml"))
    return None if by_path else base.vocabulary
