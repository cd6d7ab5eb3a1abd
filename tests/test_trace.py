"""The trace: what came in and what fired, told alike by both engines."""

from __future__ import annotations

import pytest
from toy import case_of, program_of
from toy_books import (
    ACT,
    SCENARIOS,
    SPOKE,
    book,
    event,
    needs_durable,
    scenario,
    shipped,
)

from normrules.engine.caselaw import NO_ASSUMPTIONS
from normrules.engine.timelines import Meant, Ran, timeline
from normrules.engine.trace import told, trace
from normrules.lang.streams import load_cases


def stories() -> list[tuple]:
    examples = [
        (program, case)
        for path in SCENARIOS[:3]
        for case in load_cases(str(path))
        for program in shipped()[:4]
    ]
    toy = book(
        {"when": {"fact": "f0"}, "then": ACT | {"within": "PT6H"}},
        {"when": {"breached": "r0"}, "upon": {"finding": "f1", "by": "council"}},
        {
            "when": {"after": {"event": "protest"}, "plus": "P1D"},
            "then": {"may": "demand", "by": "chair"},
        },
        definitions=({"counts_as": "f0", "when": {"event": "protest", "where": {"kind": "a"}}},),
    )
    return [
        *examples,
        (
            program_of(toy),
            case_of(scenario(event("protest", kind="a"), SPOKE | {"time": "2020-01-05"})),
        ),
    ]


@needs_durable
def test_both_engines_tell_the_same_story() -> None:
    for program, case in stories():
        view = timeline(program, case, case.horizon, NO_ASSUMPTIONS)
        assert isinstance(view, Ran)
        meant = Meant(program, case, case.horizon, NO_ASSUMPTIONS)
        assert told(program, case, case.horizon, view) == told(program, case, case.horizon, meant)


@pytest.mark.parametrize("here", [pytest.param(True, marks=needs_durable), False])
def test_the_trace_shows_what_came_in_and_what_fired(
    here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("normrules.engine.timelines.installed", lambda: here)
    program, case = stories()[-1]
    story = [f for f in trace(program, case) if f.certainty == "certain"]
    told_steps = [(f.event, f.fired, f.concluded) for f in story]
    assert told_steps == [
        ("e0", None, None),
        ("e1", None, None),
        ("e1", "d0", "fact 0"),
        ("e1", "r0", "must speak, due 2020-01-03 05:59:59Z"),
        (None, "r0", "breached"),
        (None, "r1", "awaits Council finds: fact 1"),
        (None, "r2", "may demand"),
        ("e2", None, None),
        ("e2", "r0", "done"),
        ("e2", "r1", "must speak"),
        ("e2", "r1", "done"),
    ]
    assert story[3].came == "the fact: fact 0"
    assert story[4].came == story[6].came == "the clock"
    assert story[5].came == "the rule r0"


def test_the_trace_is_in_order_of_time_up_to_the_horizon() -> None:
    for program, case in stories():
        story = trace(program, case)
        assert [f.step for f in story] == list(range(1, len(story) + 1))
        assert [f.time for f in story] == sorted(f.time for f in story)
        assert all(f.time <= case.horizon for f in story)
        plain = story[0].plain()
        assert set(plain) == {"step", "pass", "time", "came", "fired", "concluded", "event"}
