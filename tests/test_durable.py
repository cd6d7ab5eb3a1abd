"""The known defects of durable-rules, none of which the compiled form may meet."""

from __future__ import annotations

import json
import os
from collections import deque
from pathlib import Path

import pytest
from toy import case_of, program_of
from toy_books import (
    ALWAYS,
    SPOKE,
    START,
    book,
    both,
    event,
    needs_durable,
    scenario,
    shipped,
)

from normrules.core.problem import NormrulesError
from normrules.core.time import day
from normrules.engine.agreement import evaluate_with
from normrules.engine.durable import chain, firing, rulesets, session
from normrules.engine.durable.firing import fire
from normrules.engine.durable.network import MAX_ASKS, OutsideSubset
from normrules.engine.durable.rulesets import (
    ALIASES,
    MAX_KINDS,
    MAX_USES,
    Rule,
    check_names,
    check_ruleset,
    compiled,
    fnv,
)

# ---------------------------------------------------------------- the engine's known defects


@needs_durable
def test_an_event_is_not_consumed_by_the_first_rule_that_fires() -> None:
    rules = book(
        *({"when": {"event": "protest"}} for _ in range(3)), {"when": {"event": "restoration"}}
    )
    found = both(
        rules, scenario(event("protest"), event("restoration"), event("protest", "2020-01-03"))
    )
    assert set(found.values()) == {"outstanding"}


@needs_durable
def test_one_event_may_stand_in_two_places_of_a_join() -> None:
    """The engine joins only different facts."""
    twice = [
        {"event": "protest", "where": {"kind": "a"}},
        {"event": "protest"},
        {"event": "protest"},
    ]
    fact = [{"fact": "f0"}, {"fact": "f0"}]
    rules = book(
        {"when": {"all": twice}},
        {"when": {"all": fact}},
        definitions=({"counts_as": "f0", "when": {"event": "protest"}},),
    )
    assert set(both(rules, scenario(event("protest", kind="a"))).values()) == {"outstanding"}


@needs_durable
@pytest.mark.parametrize("first", ["protest", "restoration"])
def test_a_bar_counts_in_whatever_order_it_comes(first: str) -> None:
    """The engine does not take back what a later blocker bars; we give it no negation at all."""
    times = {"protest": "2020-01-03", "restoration": "2020-01-03"} | {first: "2020-01-02"}
    events = [event(kind, time) for kind, time in times.items()]
    barred = {"all": [{"event": "protest"}, {"not": {"event": "restoration"}}]}
    expected = "outstanding" if first == "protest" else "not_triggered"
    for order in (events, events[::-1]):
        assert both(book({"when": barred}), scenario(*order))["r0"] == expected


@needs_durable
def test_one_of_two_bars_is_enough() -> None:
    barred = {
        "all": [
            {"event": "protest"},
            {"not": {"event": "restoration"}},
            {"not": {"event": "admit", "where": {"by": "anyone"}}},
        ]
    }
    happened = scenario(event("restoration", START), event("admit", "2020-01-05"), event("protest"))
    assert both(book({"when": barred}), happened)["r0"] == "not_triggered"


@needs_durable
def test_an_alternative_fires_once_at_the_first_of_its_parts() -> None:
    """The engine's `any` fires too often, and its `$or` drops parts; each part is a rule."""
    either = {"any": [{"event": "protest"}, {"event": "restoration"}, ALWAYS]}
    rules, happened = (
        book({"when": {"any": either["any"][:2]}}, {"when": either}),
        scenario(event("protest", "2020-01-04"), event("restoration", "2020-01-02")),
    )
    both(rules, happened)
    triggers = [p.triggered for p in fire(program_of(rules), case_of(happened)).positions]
    assert [t.lo for t in triggers] == [day("2020-01-02").lo, day("2020-01-01").lo]


@needs_durable
@pytest.mark.parametrize(
    ("known", "asked", "expected"),
    [
        (2**63, {"at_least": 2**63 + 1}, "not_triggered"),  # the engine takes both for 2^63 - 1
        (2**63 + 1, 2**63, "not_triggered"),
        (10**16, {"at_most": 10**16}, "outstanding"),  # a number printed as 1e+16 ends a batch
        (1, {"between": [1, 1]}, "outstanding"),
        (0, {"at_least": 0}, "outstanding"),
    ],
)
def test_numbers_are_compared_exactly(known: int, asked: object, expected: str) -> None:
    when = {"event": "seizure", "where": {"deaths": asked}}
    assert both(book({"when": when}), scenario(opening={"deaths": known}))["r0"] == expected


@needs_durable
def test_no_value_of_an_event_reaches_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine takes `1` for 1, True for 1 and 1.0 for something else: it is told marks."""
    told_facts = _record_facts(monkeypatch)
    where = {"deaths": 1, "elected": True, "role": "some", "outcome": {"not": "failed"}}
    opening = {"deaths": 1, "elected": True, "role": "some", "outcome": "succeeded"}
    both(book({"when": {"event": "seizure", "where": where}}), scenario(opening=opening))
    for fact in told_facts:
        assert {
            type(value) for name, value in fact.items() if name not in ("kind", "id", "sid")
        } == {int}
        assert {value for value in fact.values() if isinstance(value, int)} <= {0, 1}
        assert (
            fact["kind"] == "event seizure"
            or fact["kind"] in {"start", "opening"}
            or len(fact) == 4
        )


def _record_facts(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    from durable import engine

    facts: list[dict] = []
    original = engine.Ruleset.assert_fact
    monkeypatch.setattr(
        engine.Ruleset,
        "assert_fact",
        lambda self, fact: (facts.append(fact), original(self, fact))[1],
    )
    return facts


@needs_durable
def test_facts_are_told_one_at_a_time_in_order_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    told_facts = _record_facts(monkeypatch)
    names = ("assert_facts", "assert_event", "assert_events", "retract_fact", "start_timer")
    from durable import engine

    for name in names:
        monkeypatch.setattr(engine.Ruleset, name, None)
    rules = book({"when": {"any": [{"event": "protest"}, {"event": "restoration"}]}})
    both(rules, scenario(event("protest", "2020-01-05"), event("restoration", "2020-01-02")))
    for sid in ("possible", "certain"):
        kinds = [f["kind"] for f in told_facts if f["sid"] == sid and "event" in f["kind"]]
        assert kinds == ["event restoration", "event protest"]


@needs_durable
def test_events_with_names_of_one_hash_are_told_apart() -> None:
    """The engine knows messages by a 32-bit hash: these two names have the same."""
    names = ["case-478212", "case-1221200"]
    assert fnv(names[0]) == fnv(names[1])
    events = [
        event("protest", time, id=name)
        for name, time in zip(names, ("2020-01-02", "2020-01-03"), strict=True)
    ]
    counted = {"count": {"event": "protest"}, "at_least": 2}
    assert both(book({"when": counted}), scenario(*events))["r0"] == "outstanding"
    with pytest.raises(OutsideSubset, match="tell"):
        check_names(names)


def test_facts_have_ids_of_different_hashes() -> None:
    program = compiled(program_of(book({"when": ALWAYS})))
    telling = session.Session(program)
    fact = session._Told("possible", "opening", 0)
    ids = [telling._new_id(fact) for _ in range(session.MAX_FACTS)]
    assert len({fnv(name) for name in ids}) == len(ids)
    with pytest.raises(OutsideSubset, match="facts"):
        telling._new_id(fact)


def test_a_name_already_taken_by_hash_gets_another() -> None:
    telling = session.Session(compiled(program_of(book({"when": ALWAYS}))))
    telling._hashes.add(fnv("f1"))
    assert telling._new_id(session._Told("certain", "opening", 0)) == "f1_"


def test_the_two_passes_differ_in_the_engines_eyes() -> None:
    assert len({fnv(name) for name in session.PASSES}) == 2
    check_names(session.PASSES)


@needs_durable
@pytest.mark.parametrize("number", [70, 300])
def test_many_rules_on_one_kind_of_event(number: int) -> None:
    """From 65 patterns on one kind the engine loses events, from 256 rules it runs over."""
    limits = [
        {"event": "seizure", "where": {"deaths": {"at_least": n % 140}}} for n in range(number)
    ]
    rules = book(
        *({"when": {"all": [limit, {"fact": "f0"}]}} for limit in limits),
        definitions=({"counts_as": "f0", "when": ALWAYS},),
    )
    assert set(both(rules, scenario(opening={"deaths": 1_000})).values()) == {"outstanding"}
    program = compiled(program_of(rules))
    assert len(program.rulesets) > 1
    for ruleset in program.rulesets:
        check_ruleset(ruleset)


@needs_durable
def test_many_different_kinds_of_fact() -> None:
    """From 512 kinds at the top level the engine hangs."""
    rules = book(
        *(
            {
                "when": {"all": [{"event": "protest"}, ALWAYS]},
                "upon": {"any": [{"finding": "f0"}, ALWAYS]},
            }
            for _ in range(200)
        )
    )
    found = both(rules, scenario(event("protest")))
    assert set(found.values()) == {"outstanding"}
    program = compiled(program_of(rules))
    kinds = [
        {next(iter(rule["all"][0].values())).get("kind") for rule in rs.values()}
        for rs in program.rulesets
    ]
    assert all(len(each) <= MAX_KINDS for each in kinds)


@needs_durable
@pytest.mark.parametrize("number", [8, 9, 20, 40])
def test_a_join_of_many_parts(number: int) -> None:
    """More than 16 patterns in a rule silently never fire; a long join is a chain of rules."""
    parts = [{"event": "protest", "where": {"kind": "a"}}] + [
        {"event": "seizure", "where": {"deaths": {"at_least": n}}} for n in range(number - 1)
    ]
    happened = scenario(event("protest", "2020-01-04", kind="a"), opening={"deaths": 1_000})
    assert both(book({"when": {"all": parts}}), happened)["r0"] == "outstanding"
    assert (
        both(book({"when": {"all": parts}}), scenario(opening={"deaths": 1_000}))["r0"]
        == "not_triggered"
    )


@needs_durable
def test_a_refused_rule_and_what_stands_on_it_is_not_counted_as_checked() -> None:
    wide = {"event": "seizure", "where": {"deaths": {"at_least": 3}}}
    many = [{"event": "seizure", "where": {"deaths": {"at_least": n}}} for n in range(200)]
    rules = book(
        {"when": {"any": many}}, {"when": {"triggered": "r0"}}, {"when": {"event": "protest"}}
    )
    answer = evaluate_with(case_of(scenario(opening={"deaths": 9})), [program_of(rules)])
    (regime,) = answer.regimes
    assert regime.checked_twice == 1
    assert set(regime.unchecked) == {"r0", "r1"}
    assert "more than 150 ways" in regime.unchecked["r0"]
    assert "`r0`" in regime.unchecked["r1"]
    assert len(regime.positions) == 3
    with pytest.raises(NormrulesError, match="150 ways"):
        evaluate_with(case_of(scenario()), [program_of(rules)], engine="durable")
    assert both(book({"when": wide}), scenario(opening={"deaths": 9}))["r0"] == "outstanding"


def test_a_pattern_with_too_many_tests_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from normrules.engine.durable import network

    monkeypatch.setattr(network, "MAX_ASKS", 2)
    rules = book(
        {
            "when": {
                "event": "seizure",
                "where": {"outcome": "failed", "elected": True, "deaths": 0},
            }
        },
        {"when": {"event": "protest"}},
    )
    found = network.network_of(program_of(rules))
    assert set(found.refused) == {"r0"}
    assert "3 tests" in found.refused["r0"]
    assert MAX_ASKS <= 29  # the engine's own limit


# ---------------------------------------------------------------- the compiled form


def _definitions(program) -> list[dict]:
    return [rule for ruleset in compiled(program).rulesets for rule in ruleset.values()]


def test_shipped_rulebooks_compile_inside_the_subset() -> None:
    rules = [rule for program in shipped() for rule in _definitions(program)]
    text = json.dumps(rules)
    assert len(rules) > 100
    for forbidden in (
        "$not",
        "$or",
        "$any",
        "$all",
        "$nex",
        "$ex",
        "$lt",
        "$gt",
        "$neq",
        "$div",
        "count",
        "cap",
        "pri",
        "span",
        '"$and": []',
    ):
        assert f'"{forbidden}' not in text
    for rule in rules:
        assert set(rule) == {"all"}
        assert [alias for part in rule["all"] for alias in part] == list(
            ALIASES[: len(rule["all"])]
        )
        for part in rule["all"][1:]:
            assert next(iter(part.values()))["$and"][-1] == {"_": {ALIASES[0]: "_"}}


def test_aliases_are_safe_and_apart() -> None:
    assert len({fnv(alias) % 16 for alias in ALIASES}) == len(ALIASES) == 8
    assert min(fnv(alias) % 16 for alias in ALIASES) >= 8


def test_limits_are_checked() -> None:
    def joining(kinds: list[str]) -> dict:
        return Rule("r", tuple(kinds), "c").definition()

    check_ruleset({f"r{n}": joining(["a", f"b{n}"]) for n in range(MAX_USES)})
    with pytest.raises(OutsideSubset, match="patterns on `a`"):
        check_ruleset({f"r{n}": joining(["a", f"b{n}"]) for n in range(65)})
    with pytest.raises(OutsideSubset, match="too many rules"):
        check_ruleset({f"r{n}": joining([f"a{n}"]) for n in range(MAX_KINDS + 1)})
    with pytest.raises(OutsideSubset, match="joins 9 facts"):
        joining([f"k{n}" for n in range(9)])
    with pytest.raises(OutsideSubset, match="joins 0 facts"):
        joining([])
    unequal = {
        "all": [
            {"p1": {"kind": "a"}},
            {"p2": {"$and": [{"_": {"p1": "_"}}, {"$gt": {"t": {"p1": "t"}}}]}},
        ]
    }
    with pytest.raises(OutsideSubset, match="does not end in an equality"):
        check_ruleset({"r": unequal})


def test_more_rulesets_than_are_safe_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rulesets, "MAX_RULESETS", 1)
    rules = book(
        *({"when": {"all": [{"event": "protest"}, {"fact": "f0"}]}} for _ in range(70)),
        definitions=({"counts_as": "f0", "when": ALWAYS},),
    )
    fired = fire(program_of(rules), case_of(scenario()))
    assert not fired.positions
    assert len(fired.refused) == 70


# ---------------------------------------------------------------- sessions


@needs_durable
@pytest.mark.parametrize("broken", ["assert_fact", "do_actions"])
def test_an_error_of_the_engine_poisons_the_session(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from durable import engine

    calls = []
    original = getattr(engine.Ruleset, broken)

    def failing(self, *arguments):
        calls.append(arguments)
        if len(calls) > 3:
            raise RuntimeError("error 303")
        return original(self, *arguments)

    monkeypatch.setattr(engine.Ruleset, broken, failing)
    answer = evaluate_with(case_of(scenario(SPOKE)), [program_of(book({"when": ALWAYS}))])
    (regime,) = answer.regimes
    assert regime.checked_twice == 0
    assert "error 303" in regime.unchecked["r0"]
    assert regime.positions[0].status == "fulfilled"


@needs_durable
def test_an_error_inside_a_rules_action_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(deque):
        def append(self, item: object) -> None:
            raise MemoryError("no room")

    begin = session.Session._begin
    monkeypatch.setattr(
        session.Session, "_begin", lambda self: (begin(self), setattr(self, "_agenda", Full()))
    )
    fired = fire(program_of(book({"when": ALWAYS})), case_of(scenario()))
    assert "no room" in fired.refused["r0"]


@needs_durable
def test_an_action_that_the_engine_gave_up_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An action that takes ten seconds never completes, and the engine says nothing."""
    from durable import engine

    monkeypatch.setattr(engine.Closure, "_has_completed", lambda _: True)
    fired = fire(program_of(book({"when": ALWAYS})), case_of(scenario()))
    assert "did not finish" in fired.refused["r0"]


@needs_durable
def test_sessions_are_dropped_also_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from durable import engine

    dropped: list[tuple[str, object]] = []
    native = engine.durable_rules_engine
    for name in ("create_ruleset", "delete_state", "delete_ruleset"):
        original = getattr(native, name)

        def noting(*arguments, name=name, original=original):
            answer = original(*arguments)
            dropped.append((name, answer if name == "create_ruleset" else arguments[0]))
            return answer

        monkeypatch.setattr(native, name, noting)
    program, case = (
        program_of(book({"when": {"event": "protest"}})),
        case_of(scenario(event("protest"))),
    )
    fire(program, case)
    monkeypatch.setattr(chain.Chain, "reckon", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fire(program, case)
    handles = [handle for name, handle in dropped if name == "create_ruleset"]
    assert len(handles) == 2
    for handle in handles:
        assert [name for name, other in dropped if other == handle].count("delete_state") == 2
        assert [name for name, other in dropped if other == handle][-1] == "delete_ruleset"


@needs_durable
def test_memory_does_not_grow() -> None:
    resident = Path("/proc/self/statm")
    if not resident.exists():
        pytest.skip("no memory figures on this system")
    program, case = (
        program_of(book(*({"when": {"event": "protest"}} for _ in range(30)))),
        case_of(scenario(event("protest"))),
    )

    def megabytes() -> float:
        return int(resident.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    for _ in range(30):
        fire(program, case)
    before = megabytes()
    for _ in range(100):
        fire(program, case)
    assert megabytes() - before < 30  # a ruleset that is not dropped keeps about 4 MB


@needs_durable
def test_the_compiled_form_is_kept_for_the_next_case() -> None:
    program = program_of(book({"when": ALWAYS}))
    assert compiled(program) is compiled(program)


def test_the_second_engine_stands_on_the_core_alone() -> None:
    """What two engines share, they can't check."""
    folder = Path(firing.__file__).parent
    for path in folder.glob("*.py"):
        for line in path.read_text().splitlines():
            if line.startswith(("from normrules", "import normrules")):
                assert line.startswith(("from normrules.core", "from normrules.engine.durable")), (
                    path.name,
                    line,
                )
        assert "import matches" not in path.read_text()
