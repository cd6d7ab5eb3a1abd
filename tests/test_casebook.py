"""Cases files that say nothing, or something that can't count, are refused at their place."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import run

from normrules.drafting.testing import run_paths

EVENTS = "[{type: power_seizure, time: 2005-03-01, outcome: succeeded}]"
TEST = """\
cases: sica
tests:
  - note: A seizure of power
    country: HND
    given: {given}
    expect:
      no-support: observed
"""


def report_of(folder: Path, text: str):
    path = folder / "one.cases.yaml"
    path.write_text(text, "utf-8")
    return run_paths([str(path)])


def test_a_right_file_passes(tmp_path):
    report = report_of(tmp_path, TEST.replace("{given}", EVENTS))
    assert report.clean
    assert len(report.results) == 1


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "this file is empty"),
        ("# nothing but a comment\n", 1, "this file is empty"),
        ("cases: sica\n", 1, "the key `tests` is missing"),
        ("cases: sica\ntests: []\n", 2, "this needs at least one entry"),
        ("cases: sica\ntests:\n", 2, "this must be a list"),
        (TEST.replace("{given}", "[]"), 5, "this needs at least one entry"),
    ],
)
def test_an_empty_cases_file_is_no_pass(tmp_path, text, line, said):
    report = report_of(tmp_path, text)
    (problem,) = report.problems
    assert (problem.span.line, problem.message) == (line, said)
    assert not report.clean
    assert run("test", tmp_path).code == 1
    assert run("check", tmp_path).code == 1


@pytest.mark.parametrize(
    ("expected", "code", "helped"),
    [
        ("no-suport: observed", "unknown-rule", "did you mean `no-support`?"),
        ("no-support: observd", "unknown-status", "did you mean `observed`?"),
        ("no-support: {status: observd}", "unknown-status", "did you mean `observed`?"),
        ("no-support: {possible: [observd]}", "unknown-status", "did you mean `observed`?"),
        ("no-support: fulfilled", "impossible-status", "of this one: breached, ended, observed"),
        ("no-support: {}", "expect", "give its status, or more of it"),
        ("no-support: {level: exclusoin}", "unknown-level", "did you mean `exclusion`?"),
        ("no-support: {statuss: observed}", "unknown-key", "did you mean `status`?"),
    ],
)
def test_an_expectation_that_no_rule_can_meet_is_refused(tmp_path, expected, code, helped):
    text = TEST.replace("{given}", EVENTS).replace("no-support: observed", expected)
    (problem,) = report_of(tmp_path, text).problems
    assert (problem.code, problem.span.line) == (code, 7)
    assert helped in (problem.help or "")


@pytest.mark.parametrize(
    "key", ["complete: all", "kind: historical", "country: HND", "zone: UTC", "state: {}"]
)
def test_what_a_scenario_says_itself_is_refused_beside_it(tmp_path, key):
    text = f"cases: sica\ntests:\n  - note: x\n    scenario: honduras-2009\n    {key}\n"
    (problem,) = report_of(tmp_path, text + "    expect: {no-support: observed}\n").problems
    assert (problem.code, problem.span.line) == ("scenario", 5)
    assert (
        problem.message
        == f"`{key.split(':')[0]}` does not go with `scenario`, which says it itself"
    )
    assert "under `given`" in (problem.help or "")


def test_what_may_stand_beside_a_scenario(tmp_path):
    text = "cases: sica\ntests:\n  - note: x\n    scenario: honduras-2009\n    at: 2009-07-05\n"
    assert not report_of(
        tmp_path, text + "    expect: {no-support: {modality: must_not}}\n"
    ).problems


def test_a_problem_and_positions_are_not_expected_together(tmp_path):
    text = TEST.replace("{given}", EVENTS) + "    problem: unknown-event\n"
    (problem,) = report_of(tmp_path, text).problems
    assert problem.message == "a test expects either a `problem` or positions"


@pytest.mark.parametrize(
    ("expected", "said", "line"),
    [
        ("{sica: {}}", "this expects nothing of `sica`: name its rules", 4),
        ("{sica: {no-support: {}}}", "this expects nothing of `no-support`", 4),
        ("{sica: {no-support: {stat: observed}}}", "unknown key `stat`", 4),
        (
            "{sicca: {no-support: observed}}",
            "there is no rulebook `sicca`: did you mean `sica`?",
            4,
        ),
    ],
)
def test_what_a_scenario_expects_is_held_to_the_same(tmp_path, expected, said, line):
    path = tmp_path / "scenario.yaml"
    path.write_text(f"scenario: s\ncountry: HND\nevents: {EVENTS}\nexpect: {expected}\n", "utf-8")
    (problem,) = run_paths([str(path)]).problems
    assert (problem.message, problem.span.line) == (said, line)
