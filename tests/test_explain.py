"""Explanations: the tree, why not, and the least change, verified by evaluating it."""

from __future__ import annotations

import json

import generators as g
import pytest
from hypothesis import HealthCheck, given, settings
from toy import VOCABULARY, case_of, program_of
from toy_books import ALWAYS, book, event, scenario
from typer.testing import CliRunner

import normrules as nr
from normrules.analysis.answers import change_words, explain_position
from normrules.analysis.casedata import case_data, read_data
from normrules.analysis.least_change import FULFILLED
from normrules.cli.app import app
from normrules.core.problem import NormrulesError
from normrules.engine.caselaw import NO_ASSUMPTIONS
from normrules.engine.evaluation import evaluate_regime

NIGER = "examples/01-niger-2023/scenario.yaml"
A_PROTEST = {"event": "protest", "where": {"kind": "a"}}


def explained(rule: dict, happened: dict, key: str = "r0"):
    program, case = program_of(book(rule)), case_of(happened)
    answer = evaluate_regime(program, case)
    position = next(p for p in answer.positions if p.key == key)
    return explain_position(program, case, position, NO_ASSUMPTIONS, case.horizon)


def said(rule: dict, happened: dict) -> tuple[tuple[str, ...], str]:
    found = explained(rule, happened)
    words = change_words(found.change, VOCABULARY) if found.change else ""
    return found.why_not, words


# ---------------------------------------------------------------- why not


def test_the_nearest_event_and_what_it_lacks() -> None:
    why, change = said({"when": A_PROTEST}, scenario(event("protest", kind="b")))
    assert why[0].startswith("this did not surely happen: a protest (kind: a)")
    assert "but kind is b (asked: a)" in why[1]
    assert change.startswith("it would come alive (outstanding) if kind of event")
    assert change.endswith("were a")


def test_an_attribute_that_nobody_knows() -> None:
    why, change = said({"when": A_PROTEST}, scenario(event("protest")))
    assert "kind is not known (asked: a)" in why[1]
    assert "were a" in change


def test_nothing_of_the_kind_happened() -> None:
    why, change = said({"when": A_PROTEST}, scenario())
    assert why[1] == "no such event is on record"
    assert "somebody had done this by" in change


def test_a_rule_that_gives_way_lives_without_what_defeats_it() -> None:
    rule = {"when": A_PROTEST, "unless": {"event": "restoration"}}
    happened = scenario(event("restoration", "2020-01-01T06:00Z"), event("protest", kind="a"))
    why, change = said(rule, happened)
    assert why[0].startswith("it gives way: unless a restoration")
    assert "had not happened" in change


def test_a_finding_that_is_awaited() -> None:
    rule = {"when": ALWAYS, "upon": {"finding": "f0", "by": "office"}}
    why, change = said(rule, scenario())
    assert why == ("it waits until Office finds: fact 0",)
    assert "Office had done this by" in change
    assert "that f0" in change


def test_two_changes_where_one_is_not_enough() -> None:
    rule = {"when": {"all": [A_PROTEST, {"standing": {"contributor": True}}]}}
    happened = scenario(event("protest", kind="b")) | {"state": {"contributor": False}}
    assert len(explained(rule, happened).change.edits) == 2


def test_an_open_duty_is_fulfilled_by_an_act() -> None:
    rule = {"when": ALWAYS, "then": {"must": "suspend", "by": {"jointly": ["council", "chair"]}}}
    found = explained(rule, scenario())
    assert found.why_not == ()
    assert [edit.value["by"] for edit in found.change.edits] == ["council", "chair"]
    assert found.change.status == "fulfilled"


def test_what_is_fulfilled_needs_no_change() -> None:
    rule = {"when": ALWAYS, "then": {"must": "suspend", "by": "council"}}
    assert explained(rule, scenario(event("suspend", by="council"))).change is None


# ---------------------------------------------------------------- laws


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(g.books(most_rules=2), g.scenarios(most_events=4))
def test_every_least_change_leads_where_it_says(rules: dict, happened: dict) -> None:
    program, case = program_of(rules), case_of(happened)
    for position in evaluate_regime(program, case).positions:
        found = explain_position(program, case, position, NO_ASSUMPTIONS, case.horizon)
        if found.change is None or not found.change.edits:
            continue
        changed = read_data(found.change.data, program.vocabulary)
        again = {p.key: p for p in evaluate_regime(program, changed).positions}[position.key]
        assert again.status == found.change.status
        if found.change.goal == "wake":
            assert again.surely_triggered
            assert not position.surely_triggered
        else:
            assert again.status in FULFILLED


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(g.books(most_rules=2), g.scenarios())
def test_a_case_written_out_reads_back_the_same(rules: dict, happened: dict) -> None:
    program, case = program_of(rules), case_of(happened)
    again = read_data(case_data(case, program.vocabulary), program.vocabulary)
    first, second = (
        [
            (p.key, p.possible, p.triggered, p.due, p.done)
            for p in evaluate_regime(program, c).positions
        ]
        for c in (case, again)
    )
    assert first == second


# ---------------------------------------------------------------- the shipped books


def run(*words: str):
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("african-union:act-30", "fulfilled"),
        ("african-union:charter-24", "not triggered"),
        ("ecowas:open-mechanism", "exercised"),
        ("oas:1080-request", "not bound"),
    ],
)
def test_niger(rule: str, status: str) -> None:
    came = run("explain", NIGER, rule)
    assert came.exit_code == 0, came.output
    assert came.output.splitlines()[0].split(rule)[1].strip() == status


def test_the_patch_is_a_case_that_shows_the_change(tmp_path) -> None:
    patch = tmp_path / "changed.yaml"
    came = run("explain", NIGER, "african-union:charter-24", "--patch", str(patch), "-f", "json")
    change = json.loads(came.output)["least_change"]
    assert change["edits"] == [
        {"kind": "attribute", "event": "coup", "name": "outcome", "value": "failed"}
    ]
    answer = nr.evaluate(patch, ["african-union"])
    assert answer.position("african-union:charter-24").surely_triggered
    assert run("check", str(patch)).exit_code == 0


@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_faces(format: str) -> None:
    came = run("explain", NIGER, "un-secretariat:convene-working-group", "-f", format)
    assert came.exit_code == 0
    assert "working group" in came.output


def test_from_python() -> None:
    found = nr.explain(NIGER, "african-union:charter-24")
    assert found.data()["kind"] == "explanation"
    assert found._repr_html_().startswith("<pre>")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((NIGER, "charter-24"), "names no rule"),
        ((NIGER, "african-union:charter-42"), "did you mean `african-union:charter-24`"),
        ((NIGER, "african-onion:charter-24"), "did you mean `african-union`"),
        ((NIGER, "african-union:charter-24", "--case", "mali"), "there is no case `mali`"),
        (("nowhere.yaml", "african-union:charter-24"), "nowhere.yaml"),
    ],
)
def test_bad_words(words: tuple[str, ...], message: str) -> None:
    came = run("explain", *words)
    assert isinstance(came.exception, NormrulesError)
    assert message in str(came.exception)


@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_trace(format: str) -> None:
    came = run("evaluate", NIGER, "-r", "ecowas", "--trace", "-f", format)
    assert came.exit_code == 0
    if format == "json":
        steps = json.loads(came.output)["regimes"][0]["trace"]
        assert any(step["fired"] == "suspend" and step["pass"] == "certain" for step in steps)
    else:
        assert "suspend: done" in came.output or "suspend | done" in came.output
