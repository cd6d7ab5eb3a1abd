"""The outcome of rulebook tests: in the terminal, as JSON, as JUnit XML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from rich.console import Group, RenderableType
from rich.text import Text

from normrules.core.problem import Problem
from normrules.core.wording import plain
from normrules.drafting.testing import Difference, Report, TestResult
from normrules.show.explanation import why_tree
from normrules.show.problems import report as problems_text
from normrules.show.text import render

#: What is no character of XML 1.0.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def results_text(report: Report, width: int = 80, *, colour: bool = False) -> str:
    """What failed and why, then the count."""
    parts: list[RenderableType] = []
    for result in report.failed:
        parts += [*_failure(result), ""]
    text = render(Group(*parts), width, colour=colour) + "\n\n" if parts else ""
    if report.problems:
        text += problems_text(report.problems, colour=colour) + "\n\n"
    passed = len(report.results) - len(report.failed)
    return f"{text}{passed} passed, {len(report.failed)} failed"


def _failure(result: TestResult) -> Iterator[RenderableType]:
    test = result.test
    place = Text(f"{test.file}:{test.line}: ", style="dim")
    yield Text.assemble(place, (test.note, "bold"))
    for difference in result.differences:
        yield Text.assemble(
            f"  {_about(difference)}: expected ",
            (plain(difference.expected), "green"),
            ", came ",
            (plain(difference.came), "red"),
        )
        position = difference.position
        if position is not None and position.why is not None:
            yield why_tree(position)


def _about(difference: Difference) -> str:
    return f"{difference.rule} {difference.what}".strip()


def results_json(report: Report) -> str:
    """The report as JSON."""
    plain_report = {
        "kind": "tests",
        "passed": len(report.results) - len(report.failed),
        "failed": len(report.failed),
        "tests": [_plain(result) for result in report.results],
        "problems": [problem.plain() for problem in report.problems],
    }
    return json.dumps(plain_report, indent=2, ensure_ascii=False)


def _plain(result: TestResult) -> dict[str, object]:
    return {
        "note": result.test.note,
        "rulebook": result.test.program.name,
        "file": result.test.file,
        "line": result.test.line,
        "passed": result.passed,
        "differences": [
            {"rule": d.rule, "what": d.what, "expected": d.expected, "came": d.came}
            for d in result.differences
        ],
    }


def junit(report: Report) -> str:
    """The report as JUnit XML: a suite for each file, an error for each problem."""
    root = ET.Element("testsuites", name="normrules")
    files = dict.fromkeys([r.test.file for r in report.results] + [p.file for p in report.problems])
    for file in files:
        results = [r for r in report.results if r.test.file == file]
        problems = [p for p in report.problems if p.file == file]
        suite = ET.SubElement(root, "testsuite", name=_clean(file))
        _count(suite, results, problems)
        for result in results:
            _case(suite, result)
        for problem in problems:
            case = ET.SubElement(suite, "testcase", name=f"line {problem.span.line}")
            case.set("classname", _clean(file))
            ET.SubElement(case, "error", message=_clean(problem.message), type=problem.code)
    _count(root, report.results, report.problems)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _count(element: ET.Element, results: Sequence[TestResult], problems: Sequence[Problem]) -> None:
    element.set("tests", str(len(results) + len(problems)))
    element.set("failures", str(sum(not result.passed for result in results)))
    element.set("errors", str(len(problems)))


def _case(suite: ET.Element, result: TestResult) -> None:
    """A test; its differences are one failure, since readers take one for each test."""
    name = _clean(result.test.note)
    case = ET.SubElement(suite, "testcase", name=name, classname=_clean(result.test.program.name))
    said = [f"{_about(d)}: expected {d.expected}, came {d.came}" for d in result.differences]
    if said:
        more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
        failure = ET.SubElement(case, "failure", message=_clean(said[0] + more))
        failure.set("type", result.differences[0].what)
        place = f"{result.test.file}:{result.test.line}"
        failure.text = _clean("\n".join([place, *said]))


def _clean(text: str) -> str:
    """Text without the characters that XML 1.0 can't hold."""
    return _NOT_XML.sub("", text)
