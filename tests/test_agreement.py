"""Two engines on one meaning: where they agree, and what happens where they do not."""

from __future__ import annotations

import os
from dataclasses import replace

import generators as g
import pytest
from hypothesis import HealthCheck, given, settings
from toy import case_of, program_of
from toy_books import (
    ACT,
    ALWAYS,
    SCENARIOS,
    SOURCE,
    SPOKE,
    book,
    both,
    event,
    needs_durable,
    scenario,
    shipped,
)

from normrules.core.problem import NormrulesError
from normrules.core.time import Interval, day
from normrules.engine import agreement
from normrules.engine.agreement import evaluate_with
from normrules.engine.caselaw import Assumptions
from normrules.engine.durable import chain, fate, firing, moments, session
from normrules.engine.durable.firing import fire
from normrules.engine.evaluation import evaluate_regime
from normrules.lang.streams import load_cases

EXAMPLES = int(os.environ.get("NORMRULES_EXAMPLES", "200"))


# ---------------------------------------------------------------- agreement, form by form

FORMS = {
    "always": (ALWAYS, [], "outstanding"),
    "event": ({"event": "protest"}, [event("protest")], "outstanding"),
    "event that did not happen": ({"event": "protest"}, [], "not_triggered"),
    "where": (
        {"event": "protest", "where": {"kind": "a"}},
        [event("protest", kind="b")],
        "not_triggered",
    ),
    "where of which nothing is known": (
        {"event": "protest", "where": {"kind": "a"}},
        [event("protest")],
        "undetermined",
    ),
    "where partly known": (
        {"event": "seizure", "where": {"role": {"at_least": "some"}}},
        [event("seizure", role=["some", "all"])],
        "outstanding",
    ),
    "a number": (
        {"event": "seizure", "where": {"deaths": {"at_least": 3}}},
        [event("seizure", deaths={"between": [3, 9]})],
        "outstanding",
    ),
    "not": (
        {"event": "seizure", "where": {"outcome": {"not": "failed"}}},
        [event("seizure", outcome="succeeded")],
        "outstanding",
    ),
    "by one of several": (
        {"event": "suspend", "where": {"by": ["council", "office"]}},
        [event("suspend", by=["office", "chair"])],
        "outstanding",
    ),
    "finding": (
        {"finding": "f0", "by": "council"},
        [event("determine", that="f0", outcome="yes", by="council")],
        "outstanding",
    ),
    "finding refused": (
        {"finding": "f0", "by": "council"},
        [event("determine", that="f0", outcome="no", by="council")],
        "not_triggered",
    ),
    "fact": ({"fact": "f0"}, [event("restoration")], "outstanding"),
    "fact under another instrument": (
        {"fact": "f0", "under": "pact"},
        [event("restoration")],
        "not_triggered",
    ),
    "all": (
        {"all": [{"event": "protest"}, {"event": "restoration"}]},
        [event("protest")],
        "not_triggered",
    ),
    "all of it": (
        {"all": [{"event": "protest"}, {"event": "restoration"}]},
        [event("restoration", "2020-01-03"), event("protest")],
        "outstanding",
    ),
    "any": (
        {"any": [{"event": "protest"}, {"event": "restoration"}]},
        [event("restoration")],
        "outstanding",
    ),
    "not before": (
        {"all": [{"event": "protest"}, {"not": {"event": "restoration"}}]},
        [event("protest"), event("restoration", "2020-01-01T06:00Z")],
        "not_triggered",
    ),
    "not after": (
        {"all": [{"event": "protest"}, {"not": {"event": "restoration"}}]},
        [event("protest"), event("restoration", "2020-01-03")],
        "outstanding",
    ),
    "not on the same day": (
        {"all": [{"event": "protest"}, {"not": {"event": "restoration"}}]},
        [event("protest"), event("restoration")],
        "undetermined",
    ),
    "not on the same day, in known order": (
        {"all": [{"event": "protest"}, {"not": {"event": "restoration"}}]},
        [event("restoration"), event("protest", follows="e1")],
        "not_triggered",
    ),
    "after": ({"after": {"event": "protest"}, "plus": "P2D"}, [event("protest")], "outstanding"),
    "after, later than the horizon": (
        {"after": {"event": "protest"}, "plus": "P1M", "to": "next_month"},
        [event("protest")],
        "not_triggered",
    ),
    "count": (
        {"count": {"event": "protest"}, "at_least": 2},
        [event("protest"), event("protest", "2020-01-03")],
        "outstanding",
    ),
    "count of different": (
        {"count": {"event": "protest", "distinct": "kind"}, "at_least": 2},
        [event("protest", kind="a"), event("protest", "2020-01-03", kind="a")],
        "not_triggered",
    ),
    "count of different, one unknown": (
        {"count": {"event": "protest", "distinct": "kind"}, "at_least": 2},
        [event("protest", kind="a"), event("protest", "2020-01-03")],
        "undetermined",
    ),
    "standing": ({"standing": {"member": "members"}}, [], "outstanding"),
    "standing of the state": ({"standing": {"size": {"at_least": "middle"}}}, [], "not_triggered"),
    "standing unknown": ({"standing": {"contributor": True}}, [], "undetermined"),
    "triggered": ({"triggered": "r1"}, [], "outstanding"),
    "done": ({"done": "r1"}, [event("demand", by="chair")], "outstanding"),
    "breached": ({"breached": "r1"}, [], "outstanding"),
    "breached, but done": ({"breached": "r1"}, [event("demand", by="chair")], "not_triggered"),
}


@needs_durable
@pytest.mark.parametrize("name", FORMS)
def test_engines_agree_on_each_form_of_condition(name: str) -> None:
    when, events, expected = FORMS[name]
    other = {"when": ALWAYS, "then": {"must": "demand", "by": "chair", "within": "P2D"}}
    defined = ({"counts_as": "f0", "when": {"event": "restoration"}},)
    happened = scenario(*events, state={"size": "small"})
    assert both(book({"when": when}, other, definitions=defined), happened)["r0"] == expected


@needs_durable
@pytest.mark.parametrize("name", FORMS)
def test_engines_agree_on_each_form_as_exception_end_and_deadline(name: str) -> None:
    condition, events, _ = FORMS[name]
    other = {"when": ALWAYS, "then": {"must": "demand", "by": "chair", "within": "P2D"}}
    defined = ({"counts_as": "f0", "when": {"event": "restoration"}, "unless": {"event": "admit"}},)
    places = (
        {"when": {"event": "seizure"}, "unless": condition},
        {"when": ALWAYS, "until": condition},
        {"when": ALWAYS, "then": ACT | {"before": condition}},
        {"when": ALWAYS, "then": ACT | {"within": "P1D", "counted_from": condition}},
        {"when": ALWAYS, "upon": condition},
    )
    rules = [places[0], other, *places[1:]]
    for opening in ({}, {"time": "2020-01-01"}, {"time": "2020-01"}):
        for complete in ("all", ["protest"]):
            happened = scenario(*events, SPOKE, opening=opening, complete=complete)
            both(book(*rules, definitions=defined), happened | {"state": {"size": "small"}})


DEMANDS = {
    "in time": (ACT | {"within": "P2D"}, [SPOKE], "fulfilled"),
    "too late": (ACT | {"within": "PT6H"}, [SPOKE], "fulfilled_late"),
    "never": (ACT | {"within": "PT6H"}, [], "breached"),
    "not yet": (ACT | {"within": "P1M"}, [], "pending"),
    "vague": (
        ACT | {"within": "soon"},
        [event("speak", "2020-01-02T06:00Z", by="council")],
        "undetermined",
    ),
    "by another body": (ACT | {"within": "PT6H"}, [event("speak", by="chair")], "breached"),
    "by nobody known": (ACT | {"within": "P2D"}, [event("speak")], "undetermined"),
    "jointly, one missing": (
        {"must": "speak", "by": {"jointly": ["council", "chair"]}},
        [SPOKE],
        "outstanding",
    ),
    "jointly": (
        {"must": "speak", "by": {"jointly": ["council", "chair"]}},
        [SPOKE, event("speak", "2020-01-03", by="chair")],
        "fulfilled",
    ),
    "with": (
        ACT | {"with": {"form": {"at_least": "letter"}}},
        [event("speak", by="council", form="press")],
        "outstanding",
    ),
    "anew": (ACT | {"anew": True}, [event("speak", "2019-12-31", by="council")], "outstanding"),
    "done before": (ACT, [event("speak", "2019-12-31", by="council")], "fulfilled"),
    "every": (ACT | {"every": "P2D"}, [SPOKE], "breached"),
    "every period": (
        ACT | {"every": "P3D"},
        [SPOKE, event("speak", "2020-01-06", by="council")],
        "standing",
    ),
    "set by a body": (
        ACT | {"within": {"set_by": "chair", "at_most": "P1M"}},
        [event("set_deadline", "2020-01-01T01:00Z", by="chair", until="2020-01-03")],
        "breached",
    ),
    "set by a body, twice": (
        ACT | {"within": {"set_by": "chair", "at_most": "P1M"}},
        [
            event("set_deadline", "2020-01-01T01:00Z", by="chair", until="2020-01-03"),
            event("set_deadline", "2020-01-01T02:00Z", by="chair", until="2020-01-20"),
        ],
        "pending",
    ),
    "date": (ACT | {"no_later_than": "2020-01-02"}, [SPOKE], "fulfilled"),
    "may": ({"may": "speak", "by": "council"}, [SPOKE], "exercised"),
    "discretion": ({"discretion": ["speak", "suspend"], "by": "council"}, [], "open"),
    "must not": ({"must_not": "speak", "by": "council"}, [SPOKE], "breached"),
    "must not, for a day": (
        {"must_not": "speak", "by": "council", "within": "PT6H"},
        [SPOKE],
        "ended",
    ),
    "must not, and before": (
        {"must_not": "speak", "by": "council"},
        [event("speak", "2019-12-31", by="council")],
        "observed",
    ),
    "continuing": (
        {"must": "talk", "by": "council"},
        [event("stop_talking", by="council")],
        "breached",
    ),
    "effect": ({"effect": "f3"}, [], "in_effect"),
    "each": (
        {"must": "speak", "by": {"each": "members"}},
        [event("speak", by="BBB")],
        "outstanding",
    ),
}


@needs_durable
@pytest.mark.parametrize("name", DEMANDS)
def test_engines_agree_on_each_demand(name: str) -> None:
    demand, events, expected = DEMANDS[name]
    assert both(book({"when": ALWAYS, "then": demand}), scenario(*events))["r0"] == expected


@needs_durable
def test_each_state_has_a_position_of_its_own() -> None:
    demand = {"must": "speak", "by": {"each": "members", "except": "state_concerned"}}
    happened = scenario(
        event("speak", by="BBB"), event("speak", by="AAA"), event("speak", by="CCC")
    )
    found = both(book({"when": ALWAYS, "then": demand}), happened)
    assert found == {"r0": "outstanding", "r0[BBB]": "fulfilled", "r0[CCC]": "fulfilled"}


VOTES = {
    "carried": ({"share": "2/3"}, {"for": 2, "against": 1}, "fulfilled"),
    "failed": ({"share": "2/3"}, {"for": 1, "against": 1}, "outstanding"),
    "vetoed": (
        {"at_least": 1, "veto": "council"},
        {"for": 3, "vetoes": ["council"]},
        "outstanding",
    ),
    "fall-back": (
        {"rule": "consensus", "else": {"share": "1/2"}},
        {"for": 2, "against": 1},
        "fulfilled",
    ),
    "no quorum": (
        {"rule": "majority", "quorum": 4},
        {"for": 2, "against": 1, "present": 3},
        "outstanding",
    ),
    "of the members": ({"rule": "majority", "of": "members"}, {"for": 1}, "outstanding"),
    "without the state": (
        {"rule": "majority", "of": "members", "without": "state_concerned"},
        {"for": 1},
        "outstanding",
    ),
    "undecided": ({"rule": "majority", "of": "present"}, {"for": 1}, "undetermined"),
    "unanimous": ({"rule": "unanimity"}, {"for": 3, "against": 0, "abstain": 0}, "fulfilled"),
    "executive": ({"rule": "executive"}, {"for": 0, "against": 3}, "fulfilled"),
    "presumed": ({"rule": "consensus"}, {}, "fulfilled"),
}


@needs_durable
@pytest.mark.parametrize("name", VOTES)
def test_engines_agree_on_votes(name: str) -> None:
    decision, votes, expected = VOTES[name]
    rules = book({"when": ALWAYS, "decided_by": decision}, members="members")
    assert both(rules, scenario(SPOKE | votes))["r0"] == expected


@needs_durable
def test_engines_agree_on_law_and_defeat() -> None:
    pact, old = SOURCE | {"instrument": "pact"}, SOURCE | {"instrument": "old"}
    rules = book(
        {"when": ALWAYS, "source": pact},
        {"when": {"event": "protest"}, "source": pact},
        {"when": {"event": "restoration"}, "source": pact},
        {"when": {"event": "protest"}, "source": old},
        {"when": {"event": "protest"}},
        {"when": {"event": "protest"}, "overrides": ["r4"]},
        {"when": ALWAYS, "upon": {"finding": "f0", "by": "council"}},
        {"when": ALWAYS, "upon": {"finding": "f0", "by": "chair"}},
    )
    events = (SPOKE, event("protest", "2020-01-03"), event("restoration", "2020-01-06"))
    assert both(rules, scenario(*events)) == {
        "r0": "not_in_force",
        "r1": "fulfilled",
        "r2": "not_in_force",
        "r3": "undetermined",
        "r4": "defeated",
        "r5": "fulfilled",
        "r6": "fulfilled",
        "r7": "awaiting",
    }
    assert both(rules, scenario(*events, country="DDD"))["r1"] == "not_bound"
    left = event("left", "2020-01-04", register="parties")
    assert both(rules, scenario(event("protest", "2020-01-03"), left))["r1"] == "lapsed"
    supposed = Assumptions(day("2020-01-03"), bound=True)
    assert both(rules, scenario(*events, country="DDD"), supposed)["r0"] == "fulfilled"


@needs_durable
def test_imprecise_knowledge_is_inside_the_subset() -> None:
    """The two passes find the two ends of the trigger."""
    rules = book({"when": {"all": [{"event": "protest"}, {"event": "restoration"}]}})
    happened = scenario(event("protest", "2020-01-02"), event("restoration", "2020-01-03T10:00Z"))
    position = fire(program_of(rules), case_of(happened)).positions[0]
    assert position.triggered == Interval(*2 * [day("2020-01-03").lo + 10 * 3_600_000_000])
    happened = scenario(event("protest", "2020-01-02"), event("restoration", "2020-01"))
    position = fire(program_of(rules), case_of(happened | {"at": "2020-02-01"})).positions[0]
    assert position.triggered == Interval(day("2020-01-02").lo, day("2020-01").hi)


# ---------------------------------------------------------------- agreement at random


@needs_durable
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(g.books(), g.scenarios())
def test_engines_agree_on_random_rulebooks_and_cases(rules: dict, happened: dict) -> None:
    program, case = program_of(rules), case_of(happened)
    fired = fire(program, case)
    assert not fired.refused
    found = {p.key: p for p in fired.positions}
    for position in evaluate_regime(program, case, with_reasons=False).positions:
        second = found.pop(position.key)
        assert agreement.agree(position, second), (position.key, position.possible, second.possible)
        for times in ("due", "done", "ended", "breach", "awaits", "defeated_by"):
            assert getattr(position, times) == getattr(second, times), (position.key, times)
    assert not found


ONCE_DIFFERENT = {
    "of incompletely recorded events any number may have come before the nth": (
        {
            "then": {"must_not": "admit", "by": "council"},
            "until": {"count": {"event": "restoration"}, "at_least": 2},
        },
        scenario(complete=["admit"]),
    ),
    "only an act of one of the joint bearers makes their finding": (
        {
            "upon": {"finding": "f0", "by": "council"},
            "then": {"must": "suspend", "by": {"jointly": ["council", "chair"]}},
        },
        scenario(event("suspend", by="office")),
    ),
    "an abstention ends unanimity, whatever the votes against": (
        {"decided_by": {"rule": "unanimity"}},
        scenario(SPOKE | {"for": 3, "abstain": 2}),
    ),
    "a range inside the values asked for is a sure match": (
        {"when": {"event": "seizure", "where": {"deaths": [3, 4]}}},
        scenario(opening={"deaths": {"between": [3, 4]}}),
    ),
}


@needs_durable
def test_the_law_of_a_definition_is_asked_before_what_bars_it() -> None:
    definition = {
        "id": "d0",
        "counts_as": "f0",
        "source": {"instrument": "pact", "at": "art. 1", "basis": "official"},
        "when": ALWAYS,
        "unless": {"event": "protest"},
    }
    rules = book({"when": ALWAYS, "until": {"fact": "f0"}}) | {"definitions": [definition]}
    both(rules, scenario(complete=["determine"]))


@needs_durable
@pytest.mark.parametrize("name", ONCE_DIFFERENT)
def test_what_once_made_the_engines_differ(name: str) -> None:
    rule, happened = ONCE_DIFFERENT[name]
    both(book({"when": ALWAYS, **rule}), happened)


# ---------------------------------------------------------------- which engine answers


@needs_durable
def test_a_planted_difference_stops_with_both_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    program, case = (
        program_of(book({"when": ALWAYS}, {"when": {"event": "protest"}})),
        case_of(scenario(SPOKE)),
    )
    true = fire(program, case)
    wrong = replace(true.positions[0], status="breached", possible=("breached",))
    monkeypatch.setattr(
        agreement, "fire", lambda *_, **__: replace(true, positions=(wrong, *true.positions[1:]))
    )
    with pytest.raises(NormrulesError) as caught:
        evaluate_with(case, [program])
    said = str(caught.value)
    assert "1 of 2 positions of `toy-book`" in said
    assert (
        "`r0`: the meaning says fulfilled (triggered: 2020-01-01); durable-rules says breached"
        in said
    )
    assert "r1" not in said
    assert evaluate_with(case, [program], engine="meaning").engine == "meaning"


PLANTS = {
    "an order lost": (moments, "by_then", lambda *_: False),
    "a clock that stands": (fate, "moved", lambda moment, *_: moment),
    "every vote carries": (chain.Jurisdiction, "carried", lambda *_: True),
    "a law for ever": (chain.Jurisdiction, "in_force", lambda *_: True),
    "a pass mixed up": (
        session.Session,
        "span",
        lambda self, kind: Interval(*2 * [self._records["possible"].since.get(kind, 2**62)]),
    ),
}


@needs_durable
@pytest.mark.parametrize("name", PLANTS)
def test_a_defect_anywhere_shows_as_a_difference(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, attribute, wrong = PLANTS[name]
    rules = book(
        {
            "when": {"all": [{"event": "protest"}, {"event": "protest", "where": {"kind": "a"}}]},
            "then": ACT | {"within": "P1D"},
            "unless": {"event": "protest"},
        },
        {
            "when": {"all": [{"event": "protest"}, ALWAYS]},
            "then": ACT | {"within": "P1D"},
            "decided_by": {"rule": "consensus"},
        },
        {"when": ALWAYS, "source": SOURCE | {"instrument": "pact"}},
        {"when": ALWAYS, "then": {"must": "demand", "by": "chair", "within": "P1M"}},
    )
    program, case = (
        program_of(rules),
        case_of(scenario(event("protest", kind="a"), SPOKE | {"for": 1, "against": 1})),
    )
    evaluate_with(case, [program])
    monkeypatch.setattr(where, attribute, wrong)
    with pytest.raises(NormrulesError, match="two engines differ"):
        evaluate_with(case, [program])


@needs_durable
def test_a_difference_ends_the_command_with_code_2(monkeypatch, capsys) -> None:
    from normrules.cli import app

    monkeypatch.setattr(firing, "open_rows", lambda *_: ("breached",))
    monkeypatch.setattr(
        "sys.argv",
        ["normrules", "evaluate", str(SCENARIOS[0]), "-r", "un-secretariat", "--assume-bound"],
    )
    with pytest.raises(SystemExit) as ended:
        app.main()
    assert ended.value.code == 2
    assert "two engines differ" in capsys.readouterr().err


def test_without_durable_rules_the_meaning_answers_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agreement, "installed", lambda: False)
    program, case = program_of(book({"when": ALWAYS})), case_of(scenario())
    answer = evaluate_with(case, [program])
    assert answer.engine == "meaning"
    assert any("not installed" in note for note in answer.notes)
    assert answer.checked_twice == 0
    with pytest.raises(NormrulesError, match=r"normrules\[durable\].*C compiler"):
        evaluate_with(case, [program], engine="durable")


@needs_durable
def test_durable_rules_alone_gives_its_own_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    program, case = program_of(book({"when": ALWAYS})), case_of(scenario(SPOKE))
    answer = evaluate_with(case, [program], engine="durable")
    assert answer.engine == "durable"
    (position,) = answer.regimes[0].positions
    assert (position.status, [act.id for act in position.acts]) == ("fulfilled", ["e1"])
    monkeypatch.setattr(fate, "_performed", lambda *_: moments.NEVER_COMES)
    assert (
        evaluate_with(case, [program], engine="durable").regimes[0].positions[0].status
        == "outstanding"
    )


@needs_durable
def test_nearly_all_positions_of_the_shipped_rulebooks_are_checked_twice() -> None:
    books = shipped()
    total = checked = 0
    for path in SCENARIOS:
        for case in load_cases(str(path)):
            answer = evaluate_with(case, books, None, Assumptions(bound=True))
            total += sum(len(regime.positions) for regime in answer.regimes)
            checked += answer.checked_twice
    assert total > 0
    assert checked >= 0.9 * total
