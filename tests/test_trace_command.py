"""`normrules evaluate --trace`: the events firing the rules, in every face."""

from __future__ import annotations

import json

import pytest
from terminal import run
from toy_books import needs_durable

import normrules as nr

NIGER = "examples/01-niger-2023/scenario.yaml"
INVENTED = "examples/09-invented-coup/scenario.yaml"


def traced(*words: str) -> list[dict]:
    came = run("evaluate", *words, "--trace", "-f", "json")
    assert came.code == 0, came.err
    (regime,) = json.loads(came.out)["regimes"]
    return regime["trace"]


def table(*words: str) -> list[str]:
    came = run("evaluate", *words, "--trace")
    assert came.code == 0, came.err
    lines = came.out.splitlines()
    return lines[lines.index("How the events fired the rules") + 1 :]


def test_a_deadline_stands_beside_the_duty() -> None:
    steps = traced(INVENTED, "-r", "un-secretariat", "--assume-bound")
    said = {step["concluded"] for step in steps if step["fired"] == "convene-working-group"}
    assert said == {
        "must convene an inter-departmental working group, due 2013-03-05 04:30Z",
        "done",
    }


def test_a_rule_that_waits_says_for_what() -> None:
    steps = traced(INVENTED, "-r", "un-security-council", "--assume-bound")
    waiting = [step for step in steps if (step["fired"], step["pass"]) == ("force", "certain")]
    assert [step["concluded"].split(" finds")[0] for step in waiting] == ["awaits Security Council"]
    assert waiting[0]["event"] == "coup"


def test_every_event_comes_in_before_what_it_fires() -> None:
    for book in ("african-union", "ecowas", "un-secretariat"):
        steps = traced(NIGER, "-r", book)
        came = {step["event"]: step["step"] for step in reversed(steps) if step["fired"] is None}
        fired = [step for step in steps if step["fired"] and step["event"]]
        assert fired
        assert all(came[step["event"]] < step["step"] for step in fired)


def test_what_fired_for_certain_is_what_the_positions_say() -> None:
    for book in ("african-union", "ecowas", "un-secretariat"):
        positions = nr.evaluate(NIGER, [book], engine="meaning").regimes[0].positions
        alive = {p.clause.id for p in positions if p.surely_triggered}
        steps = traced(NIGER, "-r", book)
        fired = {s["fired"] for s in steps if s["pass"] == "certain"}
        assert alive
        assert alive <= fired


def test_the_table_fits_eighty_columns_and_indents_what_fired() -> None:
    lines = table(NIGER, "-r", "ecowas")
    assert max(map(len, lines)) <= 80
    assert " ".join(lines[0].split()) == "# Time Pass What came in, and what it fired"
    assert any(" certain    suspend: may suspend" in line for line in lines)
    assert any(" certain  coup: a seizure" in line for line in lines)


def test_the_face_in_markdown_and_its_absence() -> None:
    words = ("evaluate", NIGER, "-r", "ecowas", "-f", "markdown")
    assert "| suspend | done |" in run(*words, "--trace").out
    assert "| suspend | done |" not in run(*words).out
    plain = json.loads(run("evaluate", NIGER, "-r", "ecowas", "-f", "json").out)
    assert "trace" not in plain["regimes"][0]


def test_from_python() -> None:
    (answer,) = nr.evaluate_all(NIGER, ["ecowas"], trace=True)
    steps = answer.regimes[0].firings
    assert [step.plain() for step in steps] == traced(NIGER, "-r", "ecowas")


@needs_durable
@pytest.mark.parametrize(
    ("engine", "said"), [("durable", "Engine: durable\n"), ("auto", "positions checked twice\n")]
)
def test_only_two_engines_check_twice(engine: str, said: str) -> None:
    came = run("evaluate", NIGER, "-r", "un-security-council", "--engine", engine, "--trace")
    assert came.code == 0, came.err
    assert said in came.out
    assert "0 of" not in came.out
