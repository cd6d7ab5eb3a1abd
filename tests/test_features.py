"""Features side by side and the legalization profile, against cells checked by hand."""

from __future__ import annotations

import csv
import io
import json

import pytest
from toy import program_of
from toy_books import ALWAYS, book

from normrules.analysis.features import FEATURES, features, side_by_side
from normrules.analysis.legalization import (
    LEVELS,
    delegation,
    finder,
    holder,
    legalization,
    obligation,
    precision,
    vagueness,
)
from normrules.core.problem import NormrulesError
from normrules.lang.library import load_program
from normrules.show.features import (
    COLUMNS,
    features_csv,
    features_html,
    features_json,
    features_markdown,
    features_text,
)

UN, COUNCIL, OAS, AU = "un-secretariat", "un-security-council", "oas", "african-union"


def cell(name, key, actions=None):
    """The statements of a cell: each text with the pinpoints of its sources."""
    entries = features(load_program(name), actions).cells[key]
    return {entry.text: [f"{s.instrument} {s.at}" for s in entry.sources] for entry in entries}


def toy(*rules, **more):
    return program_of(book(*rules, **more))


def clause(*rules, id="r0", **more):
    program = toy(*rules, **more)
    return program, program.clauses[id]


# -------------------------------------------------------------------- by hand: the United Nations


def test_the_secretariat_has_one_deadline_and_it_runs_from_the_change():
    (text,) = cell(UN, "deadlines")
    assert text.startswith(
        "convene an inter-departmental working group: within 24 hours, from when"
    )
    assert text.endswith("it counts as an unconstitutional change of government")
    assert cell(UN, "deadlines")[text] == ["pc-2009-24 working group, text at fns 66-69"]


def test_the_secretariat_owes_a_meeting_and_three_tasks_and_no_sanction():
    automatic = cell(UN, "automatic")
    assert len(automatic) == 4
    assert all(places[0].startswith("pc-2009-24") for places in automatic.values())
    assert cell(UN, "by_decision") == {}
    assert cell(UN, "recommended") == {}
    assert cell(UN, "scope") == {}
    assert cell(UN, "automatic", ["suspend_aid", "exclude_troops"]) == {}


def test_the_council_has_powers_and_one_prohibition():
    assert list(cell(COUNCIL, "triggers")) == ["in every case"]
    assert cell(COUNCIL, "automatic") == cell(COUNCIL, "by_decision") == {}
    assert cell(COUNCIL, "forbidden") == {
        "Regional organisations, through whichever organ acts must not use or deploy force": [
            "un-charter art. 53(1)"
        ]
    }
    assert cell(COUNCIL, "ends") == {
        "use or deploy force: Security Council: authorise force": ["un-charter art. 53(1)"]
    }
    assert set(cell(COUNCIL, "decision_rule")) == {
        "Security Council: consensus",
        "Security Council: at least 9 of the members; veto: permanent five",
    }
    assert list(cell(COUNCIL, "force")) == ["binding: Charter of the United Nations"]


# -------------------------------------------------------------------- by hand: OAS and AU


def test_the_oas_suspends_by_decision_under_the_charter_of_2001_and_may_under_its_own():
    assert cell(OAS, "scope") == {
        "may: at least all bodies": ["charter art. 9, opening words, (a) and (b)"],
        "must: at least all bodies": ["iadc art. 21, para. 1"],
    }
    (must,) = cell(OAS, "by_decision", ["suspend_participation"])
    assert must.startswith("General Assembly in special session must suspend a state")
    assert "once General Assembly in special session finds: it counts as an interruption" in must
    assert cell(OAS, "automatic", ["suspend_participation"]) == {}
    assert set(cell(OAS, "decision_rule", ["suspend_participation"])) == {
        "General Assembly in special session: 2/3 of the members"
    }


def test_whom_the_oas_covers_hangs_on_the_text():
    perpetrators = cell(OAS, "perpetrator")
    assert "iadc art. 19" not in perpetrators["any"]
    (others,) = [text for text in perpetrators if text != "any"]
    assert "incumbent" not in others
    assert perpetrators[others] == ["iadc art. 19"]
    assert "res-1080 para. 1, second limb" in cell(OAS, "ousted")["elected"]
    assert cell(OAS, "outcome")["failed"] == ["iadc arts 17 and 18"]


def test_ten_days_of_resolution_1080_run_from_the_interruption():
    ten = [text for text in cell(OAS, "deadlines") if "within 10 days" in text]
    assert len(ten) == 2
    assert all("from when it counts as an interruption of the democratic order" in t for t in ten)


def test_whom_the_african_union_covers_differs_between_lome_and_the_charter():
    perpetrators = cell(AU, "perpetrator")
    assert perpetrators["military, police or guard"] == ["lome definition (i)"]
    assert perpetrators["military, police or guard, civilians"] == ["acdeg art. 23(1)"]
    assert "lome definition (i)" in cell(AU, "ousted")["elected"]
    assert cell(AU, "outcome")["failed"] == ["acdeg art. 24"]


def test_six_months_are_a_ceiling_at_lome():
    (restore,) = [t for t in cell(AU, "deadlines", ["restore_order"]) if "6 months" in t]
    assert "at most 6 months" in restore


def test_which_states_only():
    assert list(cell(UN, "standing")) == ["troop contributor of the state: yes"]
    rule = {"when": {"all": [{"event": "seizure"}, {"standing": {"party": "parties"}}]}}
    (entry,) = features(toy(rule)).cells["standing"]
    assert (entry.text, entry.rules) == ("the state is a party (parties)", ("r0",))


# -------------------------------------------------------------------- cells in general


def test_same_words_stand_once_with_all_their_sources():
    program = toy(
        {"when": ALWAYS},
        {"when": ALWAYS, "source": {"instrument": "pact", "at": "art. 2", "basis": "memory"}},
    )
    (entry,) = features(program).cells["automatic"]
    assert entry.rules == ("r0", "r1")
    assert [source.at for source in entry.sources] == ["art. 1", "art. 2"]


def test_exceptions_of_rules_of_definitions_and_of_stronger_rules():
    seized = {"counts_as": "f1", "when": {"event": "seizure"}, "unless": {"event": "protest"}}
    program = toy(
        {"when": {"fact": "f1"}, "unless": {"event": "restoration"}},
        {
            "when": {"all": [{"event": "seizure"}, {"not": {"event": "protest"}}]},
            "overrides": ["r0"],
        },
        definitions=(seized,),
    )
    said = {entry.text: entry.rules for entry in features(program).cells["exceptions"]}
    assert said == {
        "a restoration": ("r0",),
        "gives way to the rule r1": ("r0",),
        "a protest": ("d0", "r1"),
    }


def test_what_follows_a_breach():
    program = toy(
        {"when": ALWAYS, "then": {"must": "speak", "by": "council", "within": "P1D"},
         "otherwise": {"may": "demand", "by": "chair"}},
        {"when": {"breached": "r0"}, "then": {"should": "gather", "by": "office"}},
    )  # fmt: skip
    assert [entry.text for entry in features(program).cells["breach"]] == [
        "rule 0: Chair may demand",
        "rule 0: Office should gather",
    ]


def test_duration_and_what_ends_it():
    after = {"after": {"event": "seizure"}, "plus": "P6M"}
    act = {"must": "suspend", "by": "council"}
    program = toy(
        {"when": ALWAYS, "then": act, "until": {"any": [after, {"event": "restoration"}]}},
        {"when": ALWAYS, "then": act, "until": {"event": "restoration"}},
        {"when": ALWAYS, "then": act},
        {"when": ALWAYS, "then": {"must_not": "admit", "by": "council"}},
    )
    assert [(e.text, e.rules) for e in features(program).cells["duration"]] == [
        ("suspend: 6 months after a seizure", ("r0",)),
        ("suspend: no term; until it is ended", ("r1",)),
        ("suspend: no term and no end named", ("r2",)),
    ]
    assert [(e.text, e.rules) for e in features(program).cells["scope"]] == [
        ("must: not said", ("r0", "r1", "r2"))
    ]
    assert len(features(program).cells["ends"]) == 2


def test_forbidding_to_admit_counts_as_a_rule_on_suspension():
    program = toy(
        {"when": ALWAYS, "then": {"must_not": "admit", "by": "council"}}, {"when": ALWAYS}
    )
    assert features(program, ["suspend"]).rules == 1
    assert features(program, ["demand"]).rules == 0


def test_an_unknown_action_is_told_with_near_names():
    with pytest.raises(NormrulesError, match="did you mean `condemn`"):
        side_by_side([load_program(UN)], ["condem"])


@pytest.mark.parametrize(
    "name", ["un-secretariat", "oas", "commonwealth", "world-bank", "sco", "ecowas"]
)
def test_every_cell_has_a_source_and_every_feature_a_cell(name):
    told = features(load_program(name))
    assert set(told.cells) == set(FEATURES)
    for key, entries in told.cells.items():
        for entry in entries:
            assert entry.text
            assert key in ("obligation", "precision", "delegation") or (
                entry.sources and entry.rules
            )


# -------------------------------------------------------------------- legalization


@pytest.mark.parametrize(
    ("force", "modality", "level"),
    [
        ("binding", "must", "high"),
        ("binding", "should", "moderate"),
        ("binding", "may", "low"),
        ("internal", "must", "moderate"),
        ("internal", "should", "low"),
        ("political", "must_not", "moderate"),
        ("political", "should_not", "low"),
        ("none", "must", "low"),
    ],
)
def test_obligation_is_verb_and_force(force, modality, level):
    law = {"title": "L", "form": "policy", "force": force, "adopted": "2000-01-01"}
    rule = {"when": ALWAYS, "then": {modality: "speak", "by": "council"}}
    assert obligation(*clause(rule, instruments={"law": law}, terms={})) == level


DUTY = {"must": "speak", "by": "council", "within": "P1D"}


@pytest.mark.parametrize(
    ("rule", "level", "faults"),
    [
        ({"then": DUTY}, "high", []),
        ({"then": DUTY | {"within": "soon"}}, "moderate", ["time open"]),
        ({"then": {"must": "speak", "by": "council"}}, "moderate", ["time open"]),
        ({"then": {"must": "talk", "by": "council"}}, "high", []),
        ({"then": {"may": "speak", "by": "council"}}, "high", []),
        (
            {"then": DUTY | {"within": "soon"}, "upon": {"finding": "f0", "by": "chair"}},
            "low",
            ["condition needs a finding or a vague time", "time open"],
        ),
        (
            {"then": {"discretion": ["speak", "demand"], "by": "council"}},
            "low",
            ["choice of measure open"],
        ),
    ],
)
def test_precision_counts_what_is_left_open(rule, level, faults):
    program, made = clause({"when": ALWAYS} | rule)
    assert precision(program, made) == level
    assert list(vagueness(program, made)) == faults


def test_a_disputed_rule_is_less_precise():
    other = {"id": "r0", "title": "R", "when": ALWAYS, "then": DUTY,
             "source": {"instrument": "law", "at": "art. 1", "basis": "official"}}  # fmt: skip
    options = [{"id": "a", "says": "A"}, {"id": "b", "says": "B", "replace": [other]}]
    readings = {"q": {"question": "Q?", "options": options}}
    assert precision(*clause({"when": ALWAYS, "then": DUTY}, readings=readings)) == "moderate"


@pytest.mark.parametrize(
    ("name", "rule", "held", "level"),
    [
        (COUNCIL, "resolution", "organ of members, each can block", "low"),
        (UN, "convene-working-group", "independent organ", "high"),
        (OAS, "iadc-17-help", "states or parties themselves", "low"),
        (OAS, "iadc-20-request", "states or parties themselves", "low"),
        (OAS, "1080-meet", "organ of members, vote not stated", "moderate"),
        (OAS, "charter-9-lift", "organ of members, by vote", "moderate"),
        (OAS, "iadc-21-suspend", "organ of members, by vote", "low"),
    ],
)
def test_delegation_is_who_decides_and_who_finds(name, rule, held, level):
    program = load_program(name)
    made = program.clauses[rule]
    assert holder(program, made) == held
    assert delegation(program, made) == level


def test_the_finding_of_another_body_delegates_more():
    program = load_program(OAS)
    assert finder(program.clauses["iadc-21-suspend"]) == "finding of its own"
    assert finder(program.clauses["1080-meet"]) is None
    _, made = clause({"when": ALWAYS, "upon": {"finding": "f0", "by": "chair"}})
    assert finder(made) == "finding of another body"


def test_a_regime_has_the_level_that_half_of_its_rules_reach():
    high = {"when": ALWAYS}
    low = {"when": ALWAYS, "then": {"may": "speak", "by": "council"}}
    assert legalization(toy(high, low)).obligation.level == "high"
    profile = legalization(toy(high, low, low))
    assert profile.obligation.level == "low"
    assert profile.obligation.tally() == {"low": 2, "moderate": 0, "high": 1}
    assert profile.obligation.counts == {"binding duty": 1, "binding permission": 2}
    assert legalization(toy()).obligation.level is None


def test_the_secretariat_is_weakly_obliged_and_independent():
    """Tansey 2018: procedural rules for staff, no instrument that binds; counted by hand."""
    profile = legalization(load_program(UN))
    assert profile.obligation.level == "low"
    assert profile.obligation.counts["internal duty"] == 4
    assert profile.delegation.level == "high"
    assert profile.precision.counts["deadline exact"] == 1


def test_the_african_union_obliges_more_than_the_united_nations():
    levels = [LEVELS.index(legalization(load_program(n)).obligation.level) for n in (AU, UN)]
    assert levels[0] > levels[1]


# -------------------------------------------------------------------- faces


@pytest.fixture(scope="module")
def table():
    return side_by_side([load_program(UN), load_program(COUNCIL)])


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_terminal_holds_its_width_and_all_words(table, width):
    text = features_text(table, width)
    assert all(len(line) <= width for line in text.split("\n"))
    for word in ("Deadlines", "24", "permanent", "un-security-council", "none"):
        assert word in text
    assert "\x1b" not in text
    assert "\x1b" in features_text(table, width, colour=True)


def test_what_does_not_fit_beside_stands_below(table):
    beside, below = features_text(table, 120), features_text(table, 60)
    assert beside.count("un-security-council") < below.count("  un-security-council")


def test_json_csv_markdown_and_html_say_the_same(table):
    data = json.loads(features_json(table))
    assert data["kind"] == "features"
    (deadline,) = data["regimes"][0]["features"]["deadlines"]
    assert deadline["sources"] == ["pc-2009-24 working group, text at fns 66-69 (secondary)"]
    assert data["regimes"][0]["legalization"]["delegation"]["rules_at"]["high"] == 13
    rows = list(csv.DictReader(io.StringIO(features_csv(table))))
    assert tuple(rows[0]) == COLUMNS
    assert deadline["text"] in [row["text"] for row in rows if row["feature"] == "deadlines"]
    assert deadline["text"] in features_html(table)
    assert "within 24 hours" in features_markdown(table)


def test_html_and_markdown_take_nothing_for_markup():
    rule = {"when": ALWAYS, "source": {"instrument": "law", "at": "<b>|", "basis": "official"}}
    made = side_by_side([toy(rule)])
    assert "<b>" not in features_html(made)
    assert "<b>" not in features_markdown(made)
    assert "\\|" in features_markdown(made)
