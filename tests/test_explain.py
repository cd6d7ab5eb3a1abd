"""Explanations: the tree, why not, and the least change, verified by evaluating it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product

import generators as g
import pytest
from hypothesis import HealthCheck, given, settings
from toy import case_of, program_of
from toy_books import ALWAYS, book, event, scenario
from typer.testing import CliRunner

import normrules as nr
from normrules.analysis.answers import explain_position
from normrules.analysis.casedata import Edit, case_data, edited, read_data
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
    return found.why_not, found.change_says


# ---------------------------------------------------------------- why not


def test_the_nearest_event_and_what_it_lacks() -> None:
    why, change = said({"when": A_PROTEST}, scenario(event("protest", kind="b")))
    assert why[0].startswith("this did not surely happen: a protest (kind: a)")
    assert "but kind is b (asked: a)" in why[1]
    assert change == (
        "it would come alive (outstanding) if kind were a in the protest, 2020-01-02 (event e1)"
    )


def test_an_attribute_that_nobody_knows() -> None:
    why, change = said({"when": A_PROTEST}, scenario(event("protest")))
    assert "kind is not known (asked: a)" in why[1]
    assert "kind were a" in change


def test_nothing_of_the_kind_happened() -> None:
    why, change = said({"when": A_PROTEST}, scenario())
    assert why[1] == "no such event is on record"
    assert change.endswith("if this had happened, 2020-01-08: a protest (kind: a)")


def test_a_rule_that_gives_way_lives_without_what_defeats_it() -> None:
    rule = {"when": A_PROTEST, "unless": {"event": "restoration"}}
    happened = scenario(event("restoration", "2020-01-01T06:00Z"), event("protest", kind="a"))
    why, change = said(rule, happened)
    assert why[0].startswith("it gives way: unless a restoration")
    assert "if there had been no restoration" in change


def test_a_finding_that_is_awaited() -> None:
    rule = {"when": ALWAYS, "upon": {"finding": "f0", "by": "office"}}
    why, change = said(rule, scenario())
    assert why == ("it waits until Office finds: fact 0",)
    assert change == (
        "it would be fulfilled if Office had found, 2020-01-08: fact 0 "
        "and Council had done this, 2020-01-08: speak"
    )


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


def reached(position, goal: str) -> bool:
    if goal == "trigger":
        return position.surely_triggered
    return position.status in ("fulfilled", "exercised", "observed", "standing")


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
        assert reached(again, found.change.goal)
        assert not reached(position, found.change.goal)


# ---------------------------------------------------------------- nothing smaller

BODIES = (None, "council", "chair", "office")


def every_single_edit(data: dict) -> Iterator[Edit]:
    """All changes of one thing that the small world knows, found without looking at any rule."""
    for happening in data["events"]:
        for name, values in g.VALUES.get(happening["type"], {}).items():
            yield from (Edit("attribute", happening["id"], name, value) for value in values)
        if happening["type"] in (*g.ACTIONS, "determine"):
            yield from (Edit("attribute", happening["id"], "by", body) for body in BODIES[1:])
        if happening is not data["events"][0]:
            yield Edit("remove", happening["id"], "", "")
    for name, values in g.STATE.items():
        yield from (Edit("state", "", name, value) for value in values)
    for kind in ("protest", "restoration", "determine", *g.ACTIONS):
        names = tuple(g.VALUES.get(kind, {}))
        for combination in product(*(g.VALUES[kind][name] for name in names)):
            for body in BODIES if kind in (*g.ACTIONS, "determine") else (None,):
                added = dict(zip(names, combination, strict=True)) | ({"by": body} if body else {})
                for time in (data["at"], data["events"][0]["time"]):
                    yield Edit("add", "", kind, {"type": kind, "time": time, **added})


def status_after(program, data: dict, key: str):
    changed = read_data(data, program.vocabulary)
    if changed is None:
        return None
    positions = evaluate_regime(program, changed, with_reasons=False).positions
    return next((p for p in positions if p.key == key), None)


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(g.books(most_rules=2), g.scenarios(most_events=2))
def test_where_it_says_two_one_is_not_enough(rules: dict, happened: dict) -> None:
    program, case = program_of(rules), case_of(happened)
    for position in evaluate_regime(program, case).positions:
        change = explain_position(program, case, position, NO_ASSUMPTIONS, case.horizon).change
        if change is None or (len(change.edits) == 1 and not change.last_resort):
            continue
        assert change.exhausted >= 1
        before = case_data(case, program.vocabulary)
        for edit in every_single_edit(before):
            after = status_after(program, edited(before, [edit]), position.key)
            if after is not None:
                assert not reached(after, change.goal), edit


# ---------------------------------------------------------------- cases as data


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
        ("un-secretariat:ad-hoc-coordination", "not in force"),
        ("un-secretariat:secretary-general-speaks", "exercised"),
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


def test_another_state_is_a_last_resort_and_said_to_be() -> None:
    found = nr.explain(NIGER, "oas:1080-request")
    assert found.why_not == ("NER was not in the register oas at the time",)
    assert [edit.kind for edit in found.change.edits] == ["country"]
    assert found.change_says.startswith("no change of the events was found; only as a last resort")


def test_events_are_named_by_what_and_when() -> None:
    said = " ".join(run("explain", NIGER, "african-union:act-30").output.replace("│", "").split())
    named = "suspend participation by Peace and Security Council, 2023-08-14 to 2023-08-22"
    assert f"{named} (event au-suspension)" in said


def test_the_least_change_may_be_the_act_that_implies_what_is_awaited() -> None:
    invented = "examples/09-invented-coup/scenario.yaml"
    found = nr.explain(invented, "un-security-council:force", assume_bound=True)
    assert found.position.status == "awaiting"
    assert len(found.why_not) == 2
    assert (found.change.goal, found.change.status) == ("trigger", "exercised")
    assert [edit.name for edit in found.change.edits] == ["authorise_force"]


@pytest.mark.parametrize(
    ("to", "status", "edits"), [("trigger", "outstanding", 1), ("fulfil", "fulfilled", 2)]
)
def test_what_the_change_should_do_can_be_said(to: str, status: str, edits: int) -> None:
    rule = {"when": ALWAYS, "upon": {"finding": "f0", "by": "office"}}
    program, case = program_of(book(rule)), case_of(scenario())
    (position,) = evaluate_regime(program, case).positions
    found = explain_position(program, case, position, NO_ASSUMPTIONS, case.horizon, goal=to)
    assert (found.change.status, len(found.change.edits)) == (status, edits)


def test_a_gap_in_the_record_is_said() -> None:
    found = nr.explain(NIGER, "ecowas:dues-go-on")
    assert not found.change.edits
    assert "no change of up to 4 edits was found" in found.change_says
    assert "what is open needs: a complete record of fulfil_obligations" in found.change_says


def test_the_answer_is_always_the_same() -> None:
    first, second = (run("explain", NIGER, "oas:iadc-18-visit", "-f", "json") for _ in range(2))
    assert first.output == second.output


def test_the_patch_of_an_earlier_day_is_a_case_of_that_day(tmp_path) -> None:
    patch = tmp_path / "changed.yaml"
    day = ("--at", "2023-08-05")
    came = run("explain", NIGER, "african-union:charter-suspend", *day, "--patch", str(patch))
    assert came.exit_code == 0, came.output
    assert "time: 2023-08-05" in came.output
    before = nr.evaluate(NIGER, ["african-union"], at="2023-08-05")
    changed = nr.evaluate(patch, ["african-union"])
    assert not before.position("african-union:charter-suspend").surely_triggered
    assert changed.position("african-union:charter-suspend").surely_triggered
    assert changed.at == before.at


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
