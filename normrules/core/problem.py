"""Problems in the user's text: values, collected, sorted by place, shown together."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]


class Span(NamedTuple):
    """Where in a text: lines and columns, both from 1; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


TOP = Span(1, 1, 1, 2)
#: Nobody mends more than this at once; of a file with more, the rest is left out, and said so.
MOST_PROBLEMS = 500
#: A word longer than this is no slip of a known one.
_LONGEST_WORD = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: what, where, and what was probably meant.

    `path` names the place inside the data; `span` the place in the text, set where the
    text is known. `excerpt` is the line of text.
    """

    code: str
    message: str
    path: Path = ()
    help: str | None = None
    severity: Severity = "error"
    file: str = ""
    span: Span = TOP
    excerpt: str = ""
    on_key: bool = False

    def plain(self) -> dict[str, object]:
        """The problem as data for JSON."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "help": self.help,
            "file": self.file,
            "line": self.span.line,
            "column": self.span.column,
            "path": ".".join(map(str, self.path)),
        }


def add(problems: list[Problem], problem: Problem) -> None:
    """Add a problem to those of a file, unless there are too many already."""
    if len(problems) < MOST_PROBLEMS:
        problems.append(problem)
    elif len(problems) == MOST_PROBLEMS:
        message = f"there are more than {MOST_PROBLEMS} problems: the rest is left out"
        problems.append(Problem("too-many", message, problem.path, span=problem.span))


class NormrulesError(Exception):
    """We cannot go on. The message is for people; `problems` says where, if in a text."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


def nearest(word: str, words: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word most like `word`, if one is near.

    >>> nearest("condem", ["condemn", "refer"])
    'condemn'
    """
    if len(word) > _LONGEST_WORD:
        return None
    close = difflib.get_close_matches(word, sorted(words), 1, cutoff)
    return close[0] if close else None


def did_you_mean(word: str, words: Iterable[str], label: str = "known here") -> str:
    """What was probably meant, or what is known.

    >>> did_you_mean("condem", ["condemn", "refer"])
    'did you mean `condemn`?'
    """
    known = sorted(words)
    close = nearest(word, known)
    if close:
        return f"did you mean `{close}`?"
    shown = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    return f"{label}: {shown}" if known else "none is declared"
