"""What a problem points at."""

from __future__ import annotations

from normrules.core.problem import Problem


def shown(problem: Problem) -> str:
    """The text that is marked under a problem's line."""
    span = problem.span
    end = span.end_column - 1 if span.end_line == span.line else None
    return problem.excerpt[span.column - 1 : end]
