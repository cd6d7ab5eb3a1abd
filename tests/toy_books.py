"""Small rulebooks and cases in the world of `toy`, written by what is special to them."""

from __future__ import annotations

from pathlib import Path

import generators as g
import pytest
from toy import case_of, program_of

from normrules.core.program import Program
from normrules.engine.agreement import evaluate_with
from normrules.engine.caselaw import NO_ASSUMPTIONS, Assumptions
from normrules.engine.durable.firing import installed
from normrules.lang.library import load_program
from normrules.lang.shelf import catalogue

needs_durable = pytest.mark.skipif(not installed(), reason="durable-rules is not installed")
SCENARIOS = sorted((Path(__file__).parents[1] / "examples").glob("*/scenario.yaml"))

SOURCE = {"instrument": "law", "at": "art. 1", "basis": "official"}
START = "2020-01-01T00:00Z"
ALWAYS = {"always": True}
ACT = {"must": "speak", "by": "council"}


def book(*rules: dict, definitions: tuple[dict, ...] = (), **more) -> dict:
    """A rulebook as data; rules and definitions need only say what is special to them."""
    return {
        "rulebook": "toy-book",
        "title": "A book",
        "organisation": "org",
        "vocabulary": "toy",
        "instruments": g.INSTRUMENTS,
        "terms": {"soon": {"between": ["PT0H", "P2D"]}},
        "definitions": [{"source": SOURCE, "id": f"d{n}", **d} for n, d in enumerate(definitions)],
        "rules": [
            {"id": f"r{n}", "title": f"Rule {n}", "source": SOURCE, "then": ACT, **rule}
            for n, rule in enumerate(rules)
        ],
        **more,
    }


def scenario(*events: dict, opening: dict | None = None, **more) -> dict:
    """A complete case that opens at the start of 2020 and is judged a week later."""
    first = {"id": "e0", "type": "seizure", "time": START, "case": "toy"} | (opening or {})
    others = [{"id": f"e{n}", "case": "toy", **event} for n, event in enumerate(events, 1)]
    return {
        "scenario": "toy",
        "kind": "hypothetical",
        "country": "AAA",
        "at": "2020-01-08",
        "events": [first, *others],
        **more,
    }


def event(type: str, time: str = "2020-01-02", **more) -> dict:
    return {"type": type, "time": time, **more}


SPOKE = event("speak", by="council")


def both(rules: dict, happened: dict, assumptions: Assumptions = NO_ASSUMPTIONS) -> dict:
    """The statuses on which two engines agree; a refusal or a difference fails."""
    answer = evaluate_with(case_of(happened), [program_of(rules)], None, assumptions, "auto")
    (regime,) = answer.regimes
    assert answer.engine == "meaning+durable"
    assert regime.checked_twice == len(regime.positions), regime.unchecked
    return {position.key: position.status for position in regime.positions}


def shipped() -> list[Program]:
    """The shipped rulebooks."""
    return [load_program(name) for name in sorted(catalogue())]
