"""The terms of what regimes share: manner, time limit, decision rule, the weakest of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import program_of
from toy_books import book

from normrules.analysis.common_terms import at_least_as_demanding
from normrules.analysis.denominator import common_rulebook
from normrules.core.event import Votes
from normrules.core.rulebook import Decision
from normrules.engine.votes import carries

SHARES = st.sampled_from(["1/2", "2/3", "4/5"])
KINDS = st.one_of(
    st.fixed_dictionaries({"rule": st.sampled_from(["consensus", "unanimity", "majority"])}),
    st.just({"rule": "executive"}),
    st.fixed_dictionaries({"share": SHARES}),
    st.fixed_dictionaries({"at_least": st.integers(1, 9)}),
)
DECISIONS = st.builds(
    lambda kind, rest: Decision.model_validate(kind | rest),
    KINDS,
    st.fixed_dictionaries(
        {"of": st.sampled_from(["members", "voting", "present"])},
        optional={
            "veto": st.just("permanent_five"),
            "quorum": st.sampled_from([3, 8, "1/2"]),
            "without": st.just("state_concerned"),
        },
    ),
)


@st.composite
def votes(draw: st.DrawFn) -> tuple[Votes, int]:
    """Votes with somebody in favour, all of them recorded, in a body of so many members."""
    for_, against, away = draw(st.integers(1, 9)), draw(st.integers(0, 9)), draw(st.integers(0, 9))
    present = for_ + against + away
    vetoes = ("RUS",) if draw(st.booleans()) else ()
    cast = Votes(in_favour=for_, against=against, abstaining=away, present=present, vetoes=vetoes)
    return cast, present + 1 + draw(st.integers(0, 9))


@given(DECISIONS, DECISIONS, votes())
def test_what_carries_under_the_more_demanding_rule_carries_under_the_other(a, b, cast):
    if at_least_as_demanding(a, b) and carries(a, *cast):
        assert carries(b, *cast)


@given(DECISIONS)
def test_a_rule_is_as_demanding_as_itself(decision):
    assert at_least_as_demanding(decision, decision)


# ---------------------------------------------------------------- the manner of an act

SEIZED = {"event": "seizure"}


def shared(*demands: dict) -> tuple[dict | None, tuple[str, ...]]:
    """The rule that regimes with one rule each share, and what is left out."""
    programs = [
        program_of(book({"when": SEIZED, **demand}, rulebook=f"book-{n}"))
        for n, demand in enumerate(demands)
    ]
    found = common_rulebook(programs)
    return next(iter(found.data["rules"]), None), found.unsaid


def must(**manner) -> dict:
    return {"then": {"must": "speak", "by": "council", "with": manner}}


def may(**manner) -> dict:
    return {"then": {"may": "speak", "by": "council", "with": manner}}


@pytest.mark.parametrize(
    ("demands", "manner"),
    [
        ([must(form={"at_least": "resolution"}), must(form={"at_least": "letter"})],
         {"form": {"at_least": "letter"}}),
        ([must(form={"at_least": "letter"}), must()], None),
        ([must(form="press"), must(form="resolution")], {"form": ["press", "resolution"]}),
        ([may(form={"at_most": "letter"}), may(form={"at_least": "letter"})], {"form": "letter"}),
        ([may(form={"at_most": "letter"}), may()], {"form": {"at_most": "letter"}}),
    ],
)  # fmt: skip
def test_a_duty_shares_what_satisfies_any_and_a_permission_what_all_cover(demands, manner):
    for order in (demands, demands[::-1]):
        rule, _ = shared(*order)
        assert rule["then"].get("with") == manner


def test_permissions_of_nothing_in_common_share_the_act_and_say_so():
    rule, unsaid = shared(may(form="press"), may(form="resolution"))
    assert rule["then"] == {"may": "speak", "by": "own_organ"}
    assert rule["note"].endswith("; each with another form")
    assert unsaid == ()


# ---------------------------------------------------------------- how it is decided


def test_the_most_demanding_decision_rule_is_taken_where_all_have_one():
    half, most = {"rule": "majority", "of": "voting"}, {"share": "2/3", "of": "members"}
    rule, _ = shared(must() | {"decided_by": half}, must() | {"decided_by": most})
    assert rule["decided_by"] == most


def test_decision_rules_that_do_not_compare_are_listed():
    nine, most = {"at_least": 9, "of": "members"}, {"share": "2/3", "of": "members"}
    rule, _ = shared(must() | {"decided_by": nine}, must() | {"decided_by": most})
    assert "decided_by" not in rule
    assert "book-0:r0 is decided by" in rule["note"]
    assert "book-1:r0 is decided by" in rule["note"]
