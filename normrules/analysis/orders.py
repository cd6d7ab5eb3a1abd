"""Orders of commitments as files: a ladder is data that a user can edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from normrules.analysis.scale import FORBIDDING, ORDER, Scale
from normrules.core.problem import NormrulesError, Problem, did_you_mean
from normrules.core.written import Word, Written
from normrules.lang.loader import load
from normrules.lang.reader import read_file


class OrderText(Written):
    """An order of commitments as written, weakest first; a ladder that is left out stays."""

    order: str = Field(description="its name")
    commanding: tuple[Word, ...] = ORDER
    forbidding: tuple[Word, ...] = FORBIDDING


def read_order(path: Path) -> Scale:
    """The order of commitments of a file. Raises NormrulesError with all that is wrong with it."""
    source = read_file(path)
    text, problems = load(OrderText, source)
    if text is not None:
        wrong = [*_wrong("commanding", text.commanding, ORDER)]
        wrong += _wrong("forbidding", text.forbidding, FORBIDDING)
        problems += [source.placed(problem) for problem in wrong]
    if text is None or problems:
        raise NormrulesError(f"`{path}` is no order of commitments", problems)
    return Scale(text.commanding, text.forbidding)


def _wrong(ladder: str, written: tuple[str, ...], known: tuple[str, ...]) -> Iterator[Problem]:
    """A ladder holds each known commitment once, and begins with none."""
    for place, word in enumerate(written):
        if word not in known:
            helped = did_you_mean(word, known)
            yield Problem("order", f"`{word}` is no commitment", (ladder, place), helped)
        elif word in written[:place]:
            yield Problem("order", f"`{word}` stands twice", (ladder, place))
    missing = [word for word in known if word not in written]
    if missing:
        message = f"every commitment has a place: {', '.join(missing)} is missing"
        yield Problem("order", message, (ladder,))
    elif written[0] != known[0]:
        yield Problem("order", f"the weakest is `{known[0]}`: write it first", (ladder, 0))
