"""What cases show of a rulebook, what they don't, and the cases that are suggested for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from terminal import run

from normrules.core.problem import NormrulesError
from normrules.drafting.coverage import Coverage, cover_paths
from normrules.drafting.suggestions import suggestions
from normrules.drafting.testing import read_tests, run_paths

BOOK = """\
rulebook: pact
title: A pact
organisation: oas
vocabulary: anti-coup
instruments:
  pact: {title: A pact, form: treaty, force: binding, adopted: 2000-01-01}
definitions:
  - id: broken
    counts_as: democratic_interruption
    source: {instrument: pact, at: art. 1, basis: official}
    when: {event: power_seizure, where: {outcome: succeeded}}
rules:
  - id: suspend
    title: The Council suspends
    source: {instrument: pact, at: art. 2, basis: official}
    when: {fact: democratic_interruption}
    upon: {finding: democratic_interruption, by: oas_permanent_council}
    unless: {event: restoration}
    then:
      must: suspend_participation
      by: oas_permanent_council
      with: {scope: {at_least: all_bodies}}
      within: P10D
    until: {event: restoration}
"""
COUP = "{type: power_seizure, time: 2010-01-01, outcome: %s}"
FOUND = (
    "{type: determine, by: oas_permanent_council, time: 2010-01-02,"
    " that: democratic_interruption, outcome: 'yes'}"
)


def act(day: str, scope: str = "all_bodies") -> str:
    kind = "type: suspend_participation, by: oas_permanent_council"
    return f"{{{kind}, time: {day}, scope: {scope}}}"


def case(note: str, *events: str, at: str = "2010-01-04", expect: str) -> str:
    given = "".join(f"      - {event}\n" for event in events)
    return (
        f"  - note: {note}\n    at: {at}\n    given:\n{given}"
        f"    expect: {{suspend: {expect}}}\n"
    )  # fmt: skip


ALIVE = case("Alive", COUP % "succeeded", FOUND, expect="pending")
FAILED = case("A failed one", COUP % "failed", expect="not_triggered")
DONE = case("Done in time", COUP % "succeeded", FOUND, act("2010-01-05"), at="2010-02-01",
            expect="fulfilled")  # fmt: skip


def covered(folder: Path, *cases: str) -> Coverage:
    (folder / "pact.yaml").write_text(BOOK, "utf-8")
    path = folder / "pact.cases.yaml"
    path.write_text("cases: pact\ntests:\n" + "".join(cases), "utf-8")
    assert run_paths([str(path)]).clean
    (found,) = cover_paths([str(path)])
    return found


def missing(found: Coverage) -> set[tuple[str, str]]:
    return {(goal.kind, goal.what) for goal in found.missing}


def test_what_one_case_shows_and_what_not(tmp_path) -> None:
    found = covered(tmp_path, ALIVE)
    assert found.share("rule") == (1, 1)
    assert ("finding", "made") not in missing(found)
    assert {
        ("finding", "awaited"),
        ("exception", "unless"),
        ("definition", "false"),
        ("outcome", "fulfilled"),
        ("outcome", "breached"),
        ("outcome", "fulfilled_late"),
        ("outcome", "lapsed"),
        ("deadline", "kept"),
        ("deadline", "missed"),
        ("threshold", "inside suspend_participation.scope at least all bodies"),
    } <= missing(found)


def test_each_case_adds_what_it_is_about(tmp_path) -> None:
    before, after = covered(tmp_path, ALIVE), covered(tmp_path, ALIVE, FAILED)
    assert missing(before) - missing(after) == {("definition", "false"), ("condition", "false")}
    done = covered(tmp_path, ALIVE, FAILED, DONE)
    gained = {what for _, what in missing(after) - missing(done)}
    assert {"fulfilled", "kept"} <= gained


def test_what_decides_by_not_being_known_is_a_goal_where_it_can_be(tmp_path) -> None:
    unclear = case("Unclear", "{type: power_seizure, time: 2010-01-01}", expect="undetermined")
    found = covered(tmp_path, ALIVE, unclear)
    assert found.share("unknown")[0] > covered(tmp_path, ALIVE).share("unknown")[0]
    says = {goal.says for goal in found.goals if goal.kind == "unknown"}
    assert "`when`: power seizure (outcome succeeded) decides by not being known" in says
    assert "`unless`: restoration decides by not being known" in says


def test_cases_taken_away_never_show_more_and_twice_the_same_no_more(tmp_path) -> None:
    whole = covered(tmp_path, ALIVE, FAILED, DONE)
    for left in ([FAILED, DONE], [ALIVE, DONE], [ALIVE]):
        assert set(covered(tmp_path, *left).shown) <= set(whole.shown)
    twice = covered(tmp_path, ALIVE, FAILED, DONE, ALIVE.replace("Alive", "Alive again"))
    assert set(twice.shown) == set(whole.shown)


def test_half_the_cases_of_a_shipped_book_show_less(tmp_path) -> None:
    source = Path(__file__).parents[1] / "rulebooks" / "anti-coup" / "ecowas.cases.yaml"
    data = yaml.safe_load(source.read_text("utf-8"))
    data["tests"] = [test for test in data["tests"] if "scenario" not in test][::2]
    half = tmp_path / "half.cases.yaml"
    half.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    (less,), (whole,) = cover_paths([str(half)]), cover_paths([str(source)])
    assert less.percent() < whole.percent()


def test_suggested_cases_show_what_they_are_suggested_for(tmp_path) -> None:
    found = covered(tmp_path, ALIVE, FAILED)
    path = tmp_path / "pact.cases.yaml"
    some = list(suggestions(found, read_tests([str(path)])))
    assert sum(s.data is not None for s in some) > len(some) / 2
    for suggestion in some:
        if suggestion.data is None:
            continue
        data = yaml.safe_load(path.read_text("utf-8"))
        data["tests"].append(json.loads(json.dumps(suggestion.data, default=str)))
        more = tmp_path / "more.cases.yaml"
        more.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
        assert run_paths([str(more)]).clean, suggestion.says
        (after,) = cover_paths([str(more)])
        told = {f"{goal.owner}: {goal.says}" for goal in after.missing}
        assert suggestion.says not in told


# ---------------------------------------------------------------- the command


def test_the_command(tmp_path) -> None:
    covered(tmp_path, ALIVE, FAILED)
    path = tmp_path / "pact.cases.yaml"
    said = run("test", path, "--coverage")
    assert said.code == 0, said.err
    assert "rules          1 of 1" in said.out
    assert "- suspend: is breached" in said.out
    assert run("test", path, "--coverage", "--fail-under", "90").code == 1
    assert run("test", path, "--coverage", "--fail-under", "10").code == 0
    data = json.loads(run("test", path, "--coverage", "-f", "json").out)
    assert data["coverage"][0]["kinds"]["rule"] == {"shown": 1, "of": 1}


def test_suggestions_are_a_cases_file_that_passes(tmp_path) -> None:
    covered(tmp_path, ALIVE, FAILED)
    said = run("test", tmp_path / "pact.cases.yaml", "--coverage", "--suggest")
    assert said.code == 0, said.err
    more = tmp_path / "more.cases.yaml"
    more.write_text(said.out, "utf-8")
    assert run("test", more).code == 0, run("test", more).out
    assert run("fmt", "--check", more).code == 0


def test_options_that_go_with_nothing() -> None:
    said = run("test", "sica", "--suggest")
    assert said.code == 2
    assert "goes with `--coverage` or `--mutate`" in said.err


def test_cases_that_cannot_be_read_have_no_coverage(tmp_path) -> None:
    path = tmp_path / "x.cases.yaml"
    path.write_text(
        "cases: sica\ntests: [{note: x, given: [], expect: {nix: awaiting}}]\n", "utf-8"
    )
    with pytest.raises(NormrulesError, match="can't be run"):
        cover_paths([str(path)])
