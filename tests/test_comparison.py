"""Regimes compared: verdicts, witnesses, the common denominator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import generators as g
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy import SHELF, case_of, program_of
from toy_books import ALWAYS, book
from typer.testing import CliRunner

from normrules.analysis.comparison import compare
from normrules.analysis.denominator import common_rulebook
from normrules.analysis.diagrams import Diagrams
from normrules.analysis.scale import ORDER, Commitments, Scale, modality_for, prepared
from normrules.cli.app import app
from normrules.core.problem import NormrulesError
from normrules.core.program import Program
from normrules.core.rulebook import Rulebook
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import DORMANT, evaluate_regime
from normrules.lang.compiler import compile_rulebook
from normrules.lang.library import load_program

few = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
LAW = Assumptions(None, bound=True)


def named(data: dict, name: str) -> Program:
    data["rulebook"] = name
    return program_of(data)


def one(name: str, rule: dict) -> Program:
    return named(book({"when": ALWAYS} | rule), name)


def strongest(program: Program, case, action: str, *, forbidding: bool = False) -> str:
    """The strongest commitment to an action that evaluating a case shows."""
    scale, reached = Scale(), 0
    ladder = scale.forbidding if forbidding else scale.commanding
    for position in evaluate_regime(program, case, None, LAW, with_reasons=False).positions:
        modality = modality_for(position.clause, action, program.vocabulary)
        alive = not set(position.possible) & (DORMANT - {"awaiting"})
        if modality is None or not alive or modality.endswith("_not") != forbidding:
            continue
        waits = position.clause.upon is not None and modality not in ("may", "discretion")
        reached = max(reached, ladder.index(f"{modality}_upon" if waits else modality))
    return ladder[reached]


# ---------------------------------------------------------------- decision diagrams


@few
@given(st.lists(st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=1, max_size=4))
def test_a_diagram_is_what_it_is_made_of(boxes: list[list[int]]) -> None:
    sizes = (2, 3, 3, 2)
    d = Diagrams(sizes)
    node = d.false
    for box in boxes:
        corner = d.true
        for variable, value in enumerate(box):
            corner = d.both(corner, d.literal(variable, [value % sizes[variable]]))
        node = d.either(node, corner)
    points = [
        {0: a, 1: b, 2: c, 3: e}
        for a in range(2)
        for b in range(3)
        for c in range(3)
        for e in range(2)
    ]
    wanted = {tuple(v % s for v, s in zip(box, sizes, strict=True)) for box in boxes}
    holds = {tuple(p.values()) for p in points if d.evaluate(node, p)}
    assert holds == wanted
    assert d.share(node) * len(points) == len(wanted)
    covered = [
        tuple(p.values())
        for p in points
        for one_box in d.boxes(node)
        if all(p[variable] in values for variable, values in one_box.items())
    ]
    assert sorted(covered) == sorted(wanted)
    cheapest = d.cheapest(node, [tuple(range(s)) for s in sizes])
    assert cheapest is not None
    assert sum(cheapest.values()) == min(map(sum, wanted))


# ---------------------------------------------------------------- verdicts


def test_equal_less_strict_stricter_incomparable() -> None:
    must = one("a", {"then": {"must": "suspend", "by": "council"}})
    may = one("b", {"then": {"may": "suspend", "by": "council"}})
    other = one("c", {"then": {"must": "speak", "by": "council"}})

    def verdict(*programs: Program) -> str:
        return compare(programs).pairs[0].verdict

    assert verdict(must, one("d", {"then": {"must": "suspend", "by": "chair"}})) == "equal"
    assert verdict(must, may) == "at least as strict"
    assert verdict(may, must) == "less strict"
    assert verdict(must, other) == "incomparable"


def test_a_longer_time_limit_is_less_strict() -> None:
    day = one("a", {"then": {"must": "suspend", "by": "council", "within": "PT24H"}})
    two = one("b", {"then": {"must": "suspend", "by": "council", "within": "PT48H"}})
    none = one("c", {"then": {"must": "suspend", "by": "council"}})
    assert compare([two, day]).pairs[0].verdict == "less strict"
    assert compare([none, two]).pairs[0].verdict == "less strict"


def test_forbidding_to_admit_compares_as_suspending() -> None:
    a = one("a", {"then": {"must_not": "admit", "by": "council"}})
    b = one("b", {"then": {"must": "suspend", "by": "council"}})
    table = compare([a, b], actions=["suspend"]).actions[0]
    assert dict(table.rows[0].commitments) == {"a": "must", "b": "must"}


def test_a_rule_that_waits_for_a_finding_is_weaker_unless_the_gates_are_open() -> None:
    waits = one("a", {"upon": {"finding": "f0"}, "then": {"must": "suspend", "by": "office"}})
    must = one("b", {"then": {"must": "suspend", "by": "office"}})
    assert compare([waits, must]).pairs[0].verdict == "less strict"
    assert compare([waits, must], gates="open").pairs[0].verdict == "equal"


def test_a_verdict_says_on_which_action_and_by_how_much() -> None:
    slow = one("a", {"then": {"must": "suspend", "by": "council", "within": "PT48H"}})
    fast = one("b", {"then": {"must": "suspend", "by": "council", "within": "PT24H"}})
    (pair,) = compare([slow, fast]).pairs
    (contrast,) = pair.weaker_on
    assert (contrast.action, contrast.first, contrast.second) == (
        "suspend",
        "must within 48 hours",
        "must within 24 hours",
    )
    assert pair.stricter_on == ()


def test_a_verdict_that_hangs_on_the_order_of_may_and_discretion_is_marked() -> None:
    may = one("a", {"then": {"may": "suspend", "by": "council"}})
    free = one("b", {"then": {"discretion": ["suspend"], "by": "council"}})
    must = one("c", {"then": {"must": "suspend", "by": "council"}})
    assert compare([free, may]).pairs[0].hangs_on_order
    assert not compare([free, must]).pairs[0].hangs_on_order


def test_what_cannot_be_compared() -> None:
    with pytest.raises(NormrulesError, match="at least two"):
        compare([one("a", {})])
    with pytest.raises(NormrulesError, match=r"different vocabularies .*: a lacks .*; oas lacks "):
        compare([one("a", {}), load_program("oas")])
    with pytest.raises(NormrulesError, match="did you mean `suspend`"):
        compare([one("a", {}), one("b", {})], actions=["suspnd"])


def undefeated(data: dict) -> dict:
    """A book of one law, whose rules that wait for a finding are not defeated meanwhile."""
    for rule in [*data["rules"], *data["definitions"]]:
        rule["source"]["instrument"] = "law"
        if "upon" in rule:
            rule.pop("unless", None)
    for rule in data["rules"]:
        waiting = [r["id"] for r in data["rules"] if "upon" in r]
        rule["overrides"] = [r for r in rule.get("overrides", []) if r not in waiting]
    return data


@few
@given(g.books(most_rules=3), g.books(most_rules=3))
def test_a_witness_shows_what_it_says(first: dict, second: dict) -> None:
    programs = [named(undefeated(first), "a"), named(undefeated(second), "b")]
    found = compare(programs)
    for table in found.actions:
        forbidding = table.ladder == "forbidding"
        for row in table.rows:
            if row.witness is None:
                continue
            case = case_of(dict(row.witness.data))
            shown = {
                p.name: strongest(p, case, table.action, forbidding=forbidding) for p in programs
            }
            assert shown == dict(row.commitments), (table.action, row.witness.data)


# ---------------------------------------------------------------- the common denominator


def simple(data: Any) -> Any:
    """A book without what the denominator leaves unsaid, or says on the merits only."""
    match data:
        case {"done": _} | {"breached": _}:
            return {"event": "protest"}
        case {"instrument": _, "at": _}:
            return {**data, "instrument": "law"}
        case dict():
            left_out = ("upon", "overrides", "otherwise", "under")
            return {k: simple(v) for k, v in data.items() if k not in left_out}
        case list():
            return [simple(item) for item in data]
    return "P2D" if data == "soon" else data


def common(programs: list[Program]) -> Program:
    made = common_rulebook(programs)
    assert not made.unsaid
    book_ = Rulebook.model_validate(made.data)
    program, problems = compile_rulebook(book_, SHELF)
    assert program is not None, problems
    return program


@few
@given(g.books(most_rules=3), g.books(most_rules=3), g.scenarios(exact=True))
def test_the_denominator_is_the_least_of_all(first: dict, second: dict, happened: dict) -> None:
    programs = [named(simple(first), "a"), named(simple(second), "b")]
    shared, case = common(programs), case_of(happened)
    for action in shared.vocabulary.all_actions:
        for forbidding in (False, True):
            ladder = Scale().forbidding if forbidding else ORDER
            each = [strongest(p, case, action, forbidding=forbidding) for p in programs]
            wanted = min(each, key=ladder.index)
            assert strongest(shared, case, action, forbidding=forbidding) == wanted, action


@few
@given(g.books(most_rules=2), g.books(most_rules=2), g.books(most_rules=2))
def test_order_and_repetition_change_nothing(a: dict, b: dict, c: dict) -> None:
    x, y, z = named(simple(a), "a"), named(simple(b), "b"), named(simple(c), "c")
    first = json.dumps(common_rulebook([x, y, z]).data, default=str)
    assert first == json.dumps(common_rulebook([z, y, x]).data, default=str)
    assert first == json.dumps(common_rulebook([x, x, y, z]).data, default=str)


@few
@given(g.books(most_rules=3), g.books(most_rules=3), g.books(most_rules=3))
def test_a_further_regime_never_raises_what_is_shared(a: dict, b: dict, c: dict) -> None:
    programs = [named(a, "a"), named(b, "b"), named(c, "c")]
    space, regimes, _ = prepared(programs, None)
    commitments = Commitments(space, Scale(), "strength")
    d = space.diagrams
    for action in space.vocabulary.all_actions:
        nodes = [commitments.node(regime, action) for regime in regimes]
        two, three = d.least(nodes[0], nodes[1]), d.least(d.least(nodes[0], nodes[1]), nodes[2])
        assert d.below(two, three) == d.false


# ---------------------------------------------------------------- the command line

SHIPPED = ["african-union", "oas", "un-secretariat", "un-security-council"]


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def test_a_regime_equals_itself_and_a_weaker_copy_is_less_strict(tmp_path) -> None:
    assert run("diff", "african-union", "african-union", "--exit-code").exit_code == 0
    text = Path(load_program("un-secretariat").file).read_text(encoding="utf-8")
    copy = text.replace("PT24H", "PT48H", 1)
    (tmp_path / "un-secretariat.yaml").write_text(copy, encoding="utf-8")
    came = run("diff", str(tmp_path / "un-secretariat.yaml"), "un-secretariat", "--exit-code")
    assert came.exit_code == 1
    assert "less strict" in came.output


def test_witnesses_are_files_that_show_the_difference(tmp_path) -> None:
    came = run("diff", "african-union", "un-security-council", "--witness", str(tmp_path))
    assert came.exit_code == 0
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [
        "african-union-un-security-council-less-strict.yaml",
        "african-union-un-security-council-stricter.yaml",
    ]
    for name in files:
        shown = run("evaluate", str(tmp_path / name), "-r", "african-union", "--assume-bound")
        assert shown.exit_code == 0


def test_the_denominator_is_one_file_in_any_order_and_checks(tmp_path) -> None:
    names = (["african-union", "oas", "ecowas"], ["ecowas", "oas", "african-union", "oas"])
    texts = []
    for number, books_ in enumerate(names):
        path = tmp_path / f"{number}" / "common-denominator.yaml"
        path.parent.mkdir()
        assert run("denominator", *books_, "-o", str(path)).exit_code == 0
        assert run("check", str(path)).exit_code == 0, run("check", str(path)).output
        assert run("fmt", "--check", str(path)).exit_code == 0
        texts.append(path.read_text(encoding="utf-8"))
    assert texts[0] == texts[1]


@pytest.mark.parametrize("format", ["json", "markdown", "csv"])
def test_faces(format: str) -> None:
    came = run("diff", "african-union", "oas", "--action", "suspend_participation", "-f", format)
    assert came.exit_code == 0
    if format == "json":
        assert json.loads(came.output)["pairs"][0]["verdict"] == "incomparable"
    assert "must_upon" in came.output or "must upon" in came.output


def test_bad_words_are_one_message() -> None:
    for words in (
        ["diff", "african-union"],
        ["diff", "african-union", "oas", "--action", "condem"],
        ["diff", "african-union", "oas", "--where", "outcome"],
        ["diff", "african-union", "oas", "--where", "outcom=succeeded"],
        ["denominator", "african-union", "oas", "--at-least", "3"],
    ):
        came = run(*words)
        assert isinstance(came.exception, NormrulesError), words
