"""Files of rulebooks and of drafts, read but not yet compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from normrules.core.draft import Draft
from normrules.core.problem import NormrulesError, Problem
from normrules.core.rulebook import Rulebook
from normrules.core.time import Interval, day
from normrules.lang.drafts import amend, blamed, is_draft
from normrules.lang.editions import on_day
from normrules.lang.loader import load
from normrules.lang.patches import check_patches
from normrules.lang.reader import Source, read_file
from normrules.lang.shelf import find_book, is_file
from normrules.lang.texts import Text, whole


@dataclass(frozen=True)
class Read:
    """A file as read: what is in it, or (of a draft) what the amended rulebook would be.

    `folder` is where its vocabulary and registers are looked for, `base` names what a draft
    amends, and `timeless` the instruments of an edition in it.
    """

    source: Source
    text: Text | None
    problems: list[Problem]
    folder: Path
    draft: Draft | None = None
    base: str = ""
    timeless: frozenset[str] = frozenset()

    def placed(self, problem: Problem) -> Problem:
        """A problem of the compiler at its place."""
        assert self.text is not None
        if self.draft is not None:
            return blamed(problem, self.text, self.draft, self.source)
        return self.text.placed(problem)


def read_book(path: Path, above: tuple[Path, ...] = ()) -> Read:
    """Read the file of a rulebook or draft; `above` are the drafts that lead to it.

    Raises NormrulesError if it can't be read at all.
    """
    source = read_file(path)
    if is_draft(source.data):
        return _read_draft(path, source, above)
    book, problems = load(Rulebook, source)
    return Read(source, whole(book, source) if book else None, problems, path.parent)


def _read_draft(path: Path, source: Source, above: tuple[Path, ...]) -> Read:
    draft, problems = load(Draft, source)
    unread = Read(source, None, problems, path.parent)
    if draft is None:
        return unread
    chain = (*above, path.resolve())
    try:
        found, when = _amended(draft.amends, path.parent)
        _refuse_circle(found, chain)
        base = read_book(found, chain)
    except (NormrulesError, ValueError) as error:
        problems.append(source.placed(Problem("amends", str(error), ("amends",))))
        return unread
    if base.text is None:
        return replace(unread, problems=[*problems, *base.problems])
    there = _located(base.text, base.folder)
    text, complaints = amend(on_day(there, when, base.timeless) if when else there, draft, source)
    complaints += [text.placed(problem) for problem in check_patches(text.book)]
    timeless = frozenset(base.text.book.instruments) if when else base.timeless
    return Read(
        source,
        None if complaints else text,
        [*problems, *complaints],
        base.folder,
        draft,
        str(found) + "".join(draft.amends.partition("@")[1:]),
        timeless,
    )


def _located(text: Text, folder: Path) -> Text:
    """A rulebook whose vocabulary is found from any folder."""
    name = text.book.vocabulary
    if not name.endswith((".yaml", ".yml")):
        return text
    found = {"vocabulary": str((folder / name).resolve())}
    return replace(text, book=text.book.model_copy(update=found))


def _amended(named: str, folder: Path) -> tuple[Path, Interval | None]:
    """What a draft names: the file of a rulebook, by path or name, and the day of an edition.

    Raises NormrulesError with near names, ValueError for what is no day.
    """
    name, at, date = named.partition("@")
    when = day(date) if at else None
    if name.endswith((".yaml", ".yml")) or "/" in name:
        if not is_file(folder / name):
            raise NormrulesError(f"there is no file `{name}`, as seen from this one")
        return (folder / name).resolve(), when
    beside = folder / f"{name}.yaml"
    return (beside if is_file(beside) else find_book(name)).resolve(), when


def _refuse_circle(found: Path, chain: Sequence[Path]) -> None:
    if found in chain:
        circle = [*chain[chain.index(found) :], found]
        named = " amends ".join(f"`{path.stem}`" for path in circle)
        raise NormrulesError(f"a circle of drafts: {named}")
