"""Problems as compilers show them: place, what is wrong, the line, what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from normrules.core.problem import Problem


def lines(problem: Problem, *, colour: bool = False) -> Iterator[str]:
    """The lines of one problem; colours as ANSI escapes only if asked."""
    red, bold, blue, end = ("\x1b[31m", "\x1b[1m", "\x1b[36m", "\x1b[0m") if colour else ("",) * 4
    place = f"{problem.file}:{problem.span.line}:{problem.span.column}: " if problem.file else ""
    severity = f"{red}{problem.severity}{end}"
    yield f"{bold}{place}{end}{severity}: {_short(problem.message)} ({problem.code})"
    if problem.excerpt.strip():
        text, start, width = _window(problem)
        margin = f"{problem.span.line:>5} | "
        yield f"{margin}{text}"
        yield f"{' ' * (len(margin) - 2)}| {' ' * start}{red}{'^' * width}{end}"
    if problem.help:
        yield f"      {blue}= {_short(problem.help)}{end}"


def _short(text: str) -> str:
    """A message without the middle of a very long word that it quotes."""
    return text if len(text) <= 600 else f"{text[:300]} ... {text[-200:]}"


def _window(problem: Problem) -> tuple[str, int, int]:
    """The part of a long line around the place, without control characters."""
    span, excerpt = problem.span, problem.excerpt
    text = "".join(c if c.isprintable() else " " for c in excerpt)
    start = min(span.column - 1, max(len(text) - 1, 0))
    end = span.end_column - 1 if span.end_line == span.line else len(text.rstrip())
    cut = max(0, start - 30) if len(text) > 90 else 0
    text, start, end = text[cut : cut + 90], start - cut, min(end - cut, 90)
    return text, start, max(1, end - start)


def report(problems: Iterable[Problem], *, colour: bool = False) -> str:
    """All problems, in order of place, and how many there are."""
    ordered = sorted(problems, key=lambda p: (p.file, p.span, p.message))
    said = [line for problem in ordered for line in lines(problem, colour=colour)]
    return "\n".join([*said, tally(ordered)])


def tally(problems: Iterable[Problem]) -> str:
    """How many errors and warnings.

    >>> tally([])
    'no problems'
    """
    counts = [problem.severity for problem in problems]
    said = [
        f"{n} {word}{'s' if n > 1 else ''}"
        for word in ("error", "warning")
        if (n := counts.count(word))
    ]
    return ", ".join(said) or "no problems"
