"""Problems as workflow commands of GitHub Actions, which show them beside the line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from normrules.core.problem import Problem
from normrules.core.wording import plain
from normrules.drafting.testing import Report, TestResult
from normrules.show.places import from_here
from normrules.show.problems import tally


def problem_commands(problems: Iterable[Problem]) -> str:
    """A command for each problem, in order of place, then how many there are."""
    ordered = sorted(problems, key=lambda p: (p.file, p.span, p.message))
    return "\n".join([*map(_problem, ordered), tally(ordered)])


def failure_commands(report: Report) -> str:
    """A command for each test that failed and each problem, then the count."""
    said = [*map(_problem, report.problems), *map(_failure, report.failed)]
    passed = len(report.results) - len(report.failed)
    return "\n".join([*said, f"{passed} passed, {len(report.failed)} failed"])


def _problem(problem: Problem) -> str:
    message = f"{problem.message}\n{problem.help}" if problem.help else problem.message
    line, column = problem.span.line, problem.span.column
    return command(
        problem.severity, message, file=problem.file, line=line, col=column, title=problem.code
    )


def _failure(result: TestResult) -> str:
    test = result.test
    message = "\n".join([test.note, *_differences(result)])
    return command("error", message, file=test.file, line=test.line, title="test failed")


def _differences(result: TestResult) -> Iterator[str]:
    for difference in result.differences:
        about = f"{difference.rule} {difference.what}".strip()
        yield f"{about}: expected {plain(difference.expected)}, came {plain(difference.came)}"


def command(kind: str, message: str, *, file: str = "", **properties: str | int) -> str:
    r"""One workflow command. What would end it or its parts is escaped as GitHub reads it.

    >>> command("error", "100 %\nof it", file="a,b.yaml", line=3)
    '::error file=a%2Cb.yaml,line=3::100 %25%0Aof it'
    """
    said: dict[str, str | int] = {"file": from_here(file)} if file else {}
    listed = ",".join(
        f"{key}={_property(str(value))}" for key, value in (said | properties).items()
    )
    return f"::{kind}{' ' if listed else ''}{listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
