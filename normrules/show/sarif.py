"""Problems as SARIF 2.1.0 (OASIS), which code hosts and editors read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from normrules.core.problem import Problem, Span
from normrules.show.codes import meaning
from normrules.show.places import uri

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(problems: Iterable[Problem], version: str) -> str:
    """A SARIF log of one run, in order of place; `version` is that of the program."""
    ordered = sorted(problems, key=lambda p: (p.file, p.span, p.message))
    codes = sorted({problem.code for problem in ordered})
    driver = {"name": "normrules", "version": version, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes.index(problem.code)) for problem in ordered],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(code: str) -> dict[str, Any]:
    says, advice = meaning(code)
    return {
        "id": code,
        "shortDescription": {"text": says},
        "fullDescription": {"text": says},
        "help": {"text": f"{says} {advice}"},
    }


def _result(problem: Problem, index: int) -> dict[str, Any]:
    message = f"{problem.message}; {problem.help}" if problem.help else problem.message
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": problem.severity,
        "message": {"text": message},
    }
    if problem.file:
        place = {
            "artifactLocation": {"uri": uri(problem.file)},
            "region": _region(problem.span),
        }
        result["locations"] = [{"physicalLocation": place}]
    return result


def _region(span: Span) -> dict[str, int]:
    """Lines and columns from 1; the end column is the one after the last."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
