"""What a draft changes in past cases, and in what regimes share."""

from __future__ import annotations

import json
from fractions import Fraction

from terminal import run
from toy import case_of, program_of
from toy_books import book, scenario

from normrules.analysis.impact import Movement, impact, related
from normrules.lang.library import load_program

SEIZED = {"event": "seizure"}
SUCCEEDED = {"event": "seizure", "where": {"outcome": "succeeded"}}
SUSPEND = {"must": "suspend", "by": "council", "within": "P2D"}
CASES = [
    case_of(scenario(opening={"case": "won", "outcome": "succeeded"})),
    case_of(scenario(opening={"case": "lost", "outcome": "failed"})),
]


def one(name: str, *rules: dict):
    return program_of(book(*rules, rulebook=name))


BASE = one("base", {"when": SUCCEEDED, "then": SUSPEND})
OTHER = one("other", {"when": SEIZED, "then": {"may": "suspend", "by": "council"}})


def test_a_wider_trigger_appears_where_it_bites() -> None:
    found = impact(BASE, one("draft", {"when": SEIZED, "then": SUSPEND}), CASES)
    (change,) = found.changes
    assert (change.change, change.rule, change.cases) == ("appears", "r0", ("lost",))
    assert change.after == "breached, must, within 2 days"


def test_a_rule_that_goes_vanishes() -> None:
    found = impact(BASE, one("draft"), CASES)
    (change,) = found.changes
    assert (change.change, change.cases, change.after) == ("vanishes", ("won",), "")


def test_another_strength_and_time_limit_change_the_position() -> None:
    slower = {"should": "suspend", "by": "council", "within": "P30D"}
    (change,) = impact(BASE, one("draft", {"when": SUCCEEDED, "then": slower}), CASES).changes
    assert change.change == "changes"
    assert change.before == "breached, must, within 2 days"
    assert change.after == "pending, should, within 30 days"


def test_what_is_shared_moves_with_the_draft() -> None:
    found = impact(BASE, one("draft", {"when": SEIZED, "then": SUSPEND}), CASES, [OTHER])
    assert found.among == ("other",)
    assert found.movements == (
        Movement("suspend", "commanding", 1,
                 {"must": Fraction(1, 2), "may": Fraction(1, 2)}, {"must": Fraction(1)}),
        Movement("suspend", "commanding", 2, {"may": Fraction(1, 2)}, {"may": Fraction(1)}),
    )  # fmt: skip


def test_a_draft_that_changes_nothing_has_no_impact() -> None:
    found = impact(BASE, one("draft", {"when": SUCCEEDED, "then": SUSPEND}), CASES, [OTHER])
    assert found.none


def test_drafts_and_editions_are_related_and_regimes_are_not() -> None:
    submission = load_program("dpa-2009-submission")
    before, now = load_program("un-secretariat@2009-10-31"), load_program("un-secretariat")
    assert related(before, submission)
    assert related(before, now)
    assert not related(now, load_program("oas"))


def test_the_command_says_the_impact_of_the_submission_of_2009() -> None:
    asked = ("diff", "un-secretariat@2009-10-31", "dpa-2009-submission", "--events", "history")
    said = run(*asked)
    assert said.code == 0, said.err
    assert "Impact: dpa-2009-submission against un-secretariat@2009-10-31 changes" in said.out
    data = json.loads(run(*asked, "-f", "json").out)["impact"]
    rules = {change["rule"] for change in data["changes"]}
    assert "convene-working-group" in rules
    assert len(data["cases"]) == 117
    assert data["among"]
    assert run(*asked, "--among", "oas").out.count("with oas.") == 1


def test_the_command_on_a_text_and_itself() -> None:
    said = run("diff", "un-secretariat", "un-secretariat", "--events", "niger-2023")
    assert "changes nothing in 1 case, and nothing in what" in " ".join(said.out.split())
