"""Regimes compared over cases: the commitments in each, the counts, the gaps."""

from __future__ import annotations

import csv
import io
import json

import pytest
from generators import books
from hypothesis import given, settings
from hypothesis import strategies as st
from terminal import run
from toy import case_of, program_of
from toy_books import book, scenario

from normrules.analysis.past import IN_CASE, Past, Stance, compare_past
from normrules.core.problem import NormrulesError
from normrules.lang.history import history_cases
from normrules.lang.library import load_program

SUCCEEDED = {"event": "seizure", "where": {"outcome": "succeeded"}}
SUSPEND = {"must": "suspend", "by": "council"}


def one(name: str, *rules: dict):
    return program_of(book(*rules, rulebook=name))


def case(name: str, **opening):
    return case_of(scenario(opening={"case": name, **opening}))


CASES = [case("won", outcome="succeeded"), case("lost", outcome="failed"), case("unclear")]
STRICT = one("strict", {"when": {"event": "seizure"}, "then": SUSPEND})
SOME = one("some", {"when": SUCCEEDED, "then": SUSPEND})


def verdicts(past: Past) -> dict[str, tuple[str, ...]]:
    (pair,) = past.pairs
    return {verdict: cases for verdict, cases in pair.cases.items() if cases}


def test_each_case_falls_where_its_facts_put_it() -> None:
    past = compare_past([STRICT, SOME], CASES)
    assert verdicts(past) == {"equal": ("won",), "stricter": ("lost",), "cannot tell": ("unclear",)}
    (table,) = past.actions
    assert table.below == {"strict": (), "some": ("lost",)}
    assert table.lost == {"strict": ("lost",), "some": ()}
    by_case = {name: row.stances["some"] for row in table.rows for name in row.cases}
    assert by_case == {
        "won": Stance("must", "must"),
        "lost": Stance("none", "none"),
        "unclear": Stance("none", "must"),
    }


@pytest.mark.parametrize(
    ("gates", "rung"), [("strength", "must_upon"), ("open", "must"), ("closed", "none")]
)
def test_a_rule_that_waits_is_as_strong_as_the_gates_say(gates, rung) -> None:
    waiting = {"when": SUCCEEDED, "upon": {"finding": "f0", "by": "chair"}, "then": SUSPEND}
    past = compare_past([STRICT, one("waits", waiting)], CASES[:1], gates=gates)
    (table,) = past.actions
    (row,) = table.rows
    assert row.stances["waits"].least == row.stances["waits"].most == rung


def test_only_regimes_that_bind_commit_where_that_is_asked() -> None:
    niger = history_cases(["niger-2023"])
    regimes = [load_program(name) for name in ("ecowas", "oas")]
    past = compare_past(regimes, niger, actions=["suspend_participation"], bound=True)
    assert verdicts(past) == {"not bound": ("niger-2023",)}


def test_the_law_of_each_case() -> None:
    cases = history_cases(["haiti-1991", "honduras-2009"])
    regimes = [load_program(name) for name in ("oas", "african-union")]
    past = compare_past(regimes, cases, law="case", actions=["suspend_participation"])
    (table,) = past.actions
    by_case = {name: row.stances["oas"] for row in table.rows for name in row.cases}
    assert past.law is None
    assert by_case["haiti-1991"].most == "none"  # the Washington Protocol came in 1997
    assert by_case["honduras-2009"].least == "must_upon"


# ---------------------------------------------------------------- laws


def programs(name: str):
    return books().map(lambda data: program_of({**data, "rulebook": name}))


@settings(deadline=None)
@given(programs("a"), programs("b"))
def test_the_cases_of_a_pair_are_all_cases_and_turn_with_the_pair(a, b) -> None:
    back = {"stricter": "less strict", "less strict": "stricter"}
    one_way, other = compare_past([a, b], CASES), compare_past([b, a], CASES)
    for pair, turned in zip(one_way.pairs, other.pairs, strict=True):
        assert sorted(name for cases in pair.cases.values() for name in cases) == sorted(
            c.id for c in CASES
        )
        for verdict in IN_CASE:
            assert set(pair.cases[verdict]) == set(turned.cases[back.get(verdict, verdict)])


@settings(deadline=None)
@given(programs("a"), st.sampled_from(["strength", "open", "closed"]))
def test_a_book_never_differs_from_itself(data, gates) -> None:
    from dataclasses import replace

    past = compare_past([data, replace(data, name="again")], CASES, gates=gates)
    for pair in past.pairs:
        assert not pair.cases["stricter"]
        assert not pair.cases["less strict"]


# ---------------------------------------------------------------- the command


def test_the_command_in_every_format() -> None:
    asked = ("diff", "oas", "ecowas", "--action", "suspend_participation", "--events", "history")
    said = run(*asked)
    assert said.code == 0, said.err
    assert "Case by case: 117 cases" in said.out
    data = json.loads(run(*asked, "-f", "json").out)["over_cases"]
    assert len(data["cases"]) == 117
    assert sum(len(cases) for cases in data["pairs"][0]["cases"].values()) == 117
    rows = list(csv.DictReader(io.StringIO(run(*asked, "-f", "csv").out)))
    assert len(rows) == 2 * 117
    assert "## Case by case: 117 cases" in run(*asked, "-f", "markdown").out


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--events", "niger-2024"], "did you mean `niger-2023`"),
        (["--events", "no.yaml"], "can't read `no.yaml`"),
        (["--law", "case"], "add --events"),
        (["--bound"], "add --events"),
    ],
)
def test_what_cannot_be_compared_over_cases(options, complaint) -> None:
    said = run("diff", "oas", "ecowas", *options)
    assert said.code == 2
    assert complaint in said.err


def test_an_empty_table_of_events(tmp_path) -> None:
    path = tmp_path / "none.csv"
    path.write_text("id,type,time\n", "utf-8")
    said = run("diff", "oas", "ecowas", "--events", path)
    assert said.code == 2
    assert "there is no event in this file" in said.err


def test_no_case_is_no_comparison() -> None:
    with pytest.raises(NormrulesError, match="no case"):
        compare_past([STRICT, SOME], [])
