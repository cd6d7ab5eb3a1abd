"""Regimes over time: who is bound to what when, hand-computed and from scratch on each day."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest
from terminal import run
from toy import REGISTERS, _register, program_of
from toy_books import ALWAYS, SOURCE, book

from normrules.analysis.evolution import UNKNOWN, evolution
from normrules.core.problem import NormrulesError
from normrules.core.program import Program
from normrules.core.time import DAY, day
from normrules.lang.library import load_program

SUCCEEDED = {"event": "seizure", "where": {"outcome": "succeeded"}}
WORLD = _register(
    "states",
    [("AAA", "1900-01-01", ""), ("BBB", "1900-01-01", ""), ("CCC", "2020-01-02", "")],
    ("1900-01-01", "2100-01-01"),
)
START, END = day("2019-12-30").lo, day("2020-01-06").lo


def law(adopted: str, **more) -> dict:
    return {"title": "A law", "form": "treaty", "force": "binding", "adopted": adopted, **more}


def regime(name: str, instruments: dict[str, dict], *rules: dict, members: str = "members"):
    data = book(*rules, rulebook=name, members=members)
    return program_of({**data, "instruments": instruments})


def source(instrument: str) -> dict:
    return {**SOURCE, "instrument": instrument}


MUST = {"must": "suspend", "by": "council"}
MAY = {"may": "suspend", "by": "council"}
OLD_AND_NEW = regime(
    "old-and-new",
    {"old": law("2010-01-01", ended="2020-01-05"), "new": law("2020-01-04")},
    {"when": ALWAYS, "then": MAY, "source": source("old")},
    {"when": SUCCEEDED, "then": MUST, "source": source("new")},
)


def course(*programs: Program, **more) -> dict[str, dict[str, int]]:
    found = evolution(programs, START, END, ["suspend"], states=WORLD, **more)
    return {text(m.day): dict(m.standings[0].states) for m in found.moments}


def text(instant: int) -> str:
    from normrules.core.time import Interval, describe

    return describe(Interval(instant, instant))[:10]


def test_states_join_leave_and_come_to_be_and_the_law_changes() -> None:
    # AAA is a member throughout, BBB until 3 January, CCC from 2 January (and a state from then).
    assert course(OLD_AND_NEW) == {
        "2019-12-30": {"may": 2},
        "2020-01-02": {"may": 3},
        "2020-01-03": {"may": 2, "none": 1},
        "2020-01-04": {"must": 2, "none": 1},
        "2020-01-05": {"must": 2, "none": 1},
    }


def test_only_in_situations_that_are_asked_for() -> None:
    failed = course(OLD_AND_NEW, where={"outcome": "failed"})
    assert failed["2020-01-04"] == {"may": 2, "none": 1}
    assert failed["2020-01-05"] == {"none": 3}


def test_a_membership_that_is_not_known_leaves_the_state_open() -> None:
    # The parties are known to be complete until 4 January.
    parties = regime(
        "p", {"law": law("2000-01-01")}, {"when": ALWAYS, "then": MUST}, members="parties"
    )
    found = course(parties)
    assert found["2019-12-30"] == {"must": 1, "none": 1}
    assert found["2020-01-04"] == {"must": 1, UNKNOWN: 2}


def test_a_law_of_which_the_day_is_not_known_leaves_its_states_open() -> None:
    vague = regime("v", {"law": law("2020-01")}, {"when": ALWAYS, "then": MUST})
    found = course(vague)
    assert found["2019-12-30"] == {"none": 2}
    assert found["2020-01-01"] == {UNKNOWN: 2}


def test_parties_to_a_treaty_of_an_organisation_are_its_members() -> None:
    # Who is party is not known after 4 January; but nobody who is no member is.
    treaty = regime(
        "t", {"law": law("2000-01-01", parties="parties")}, {"when": ALWAYS, "then": MUST}
    )
    assert course(treaty)["2020-01-04"] == {"must": 1, UNKNOWN: 1, "none": 1}


def test_what_is_shared_is_the_denominator_of_the_day() -> None:
    other = regime("other", {"law": law("2000-01-01")}, {"when": SUCCEEDED, "then": MUST})
    found = evolution([OLD_AND_NEW, other], START, END, ["suspend"], states=WORLD)
    shared = {text(m.day): m.standings[0].shared for m in found.moments}
    half = Fraction(1, 2)
    assert shared["2019-12-30"] == {1: {"must": half, "may": half}, 2: {"may": half}}
    assert shared["2020-01-05"] == {1: {"must": half}, 2: {"must": half}}


def test_each_day_is_as_if_computed_from_scratch_and_no_change_is_missed() -> None:
    programs = [load_program(name) for name in ("oas", "african-union", "commonwealth")]
    first, last = day("1999-06-01").lo, day("2001-10-31").lo
    action = ["suspend_participation"]
    whole = evolution(programs, first, last, action)
    moments = {moment.day: moment.standings for moment in whole.moments}
    now = whole.moments[0].standings
    for today in range(first, last + 1, 9 * DAY):
        past = [standings for at, standings in moments.items() if at <= today]
        now = past[-1]
        assert evolution(programs, today, today, action).moments[0].standings == now


def test_the_states_of_a_moment_are_all_of_the_world() -> None:
    found = evolution([load_program("oas")], day("1990").lo, day("2025").lo, ["condemn"])
    assert found.moments[0].standings[0].world == 161
    assert found.moments[-1].standings[0].world == 195


@pytest.mark.parametrize(
    ("start", "end", "actions", "complaint"),
    [
        (END, START, ["suspend"], "is before the first"),
        (START, END, ["suspnd"], "did you mean `suspend`"),
    ],
)
def test_what_cannot_be_followed(start, end, actions, complaint) -> None:
    with pytest.raises(NormrulesError, match=complaint):
        evolution([OLD_AND_NEW], start, end, actions, states=WORLD)


def test_a_regime_without_members_binds_nobody() -> None:
    with pytest.raises(NormrulesError, match="binds states"):
        evolution([program_of(book({"when": ALWAYS}))], START, END, ["speak"], states=WORLD)


# ---------------------------------------------------------------- the command


def test_the_cascade_of_the_shipped_regimes() -> None:
    said = run("evolution", "--from", "2000-07-11", "--to", "2001-12-31")
    assert said.code == 0, said.err
    assert "2000-07-12          -     86 45%" in said.out
    assert "Lome Declaration" in " ".join(said.out.split())
    data = json.loads(run("evolution", "--to", "1991", "-f", "json").out)
    assert sum(data["moments"][0]["standings"][0]["states"].values()) == 161
    rows = list(csv.DictReader(io.StringIO(run("evolution", "--to", "1991", "-f", "csv").out)))
    assert {row["action"] for row in rows} == {"suspend_participation"}
    assert "| 1990-01-01 |" in run("evolution", "--to", "1991", "-f", "markdown").out


def test_the_command_says_what_is_wrong() -> None:
    assert "is before the first" in run("evolution", "--from", "2003", "--to", "1999").err
    assert "is not a date" in run("evolution", "--from", "20000").err
    assert "there is no rulebook `oass`" in run("evolution", "oass").err


def test_registers_of_the_toy_world_are_as_the_examples_say() -> None:
    assert set(REGISTERS) == {"members", "parties"}
