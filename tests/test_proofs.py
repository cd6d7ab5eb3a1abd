"""Verdicts by the solver: the same as by counting, with witnesses that show them."""

from __future__ import annotations

import sys

import pytest
from generators import books
from hypothesis import HealthCheck, given, settings
from toy import program_of
from toy_books import book, shipped

from normrules.analysis import comparison
from normrules.analysis.comparison import compare
from normrules.analysis.diagrams import Diagrams, TooLarge
from normrules.analysis.formulas import Formulas
from normrules.analysis.proofs import proved_pairs
from normrules.analysis.scale import Commitments, Scale, prepared
from normrules.core.problem import NormrulesError
from normrules.lang.library import load_program


def proved(programs, actions, gates="strength"):
    space, regimes, day = prepared(programs, None, Formulas)
    return list(proved_pairs(Commitments(space, Scale(), gates), regimes, actions, day))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(books(), books())
def test_the_solver_gives_the_verdict_that_counting_gives(one, two) -> None:
    programs = [program_of({**data, "rulebook": name}) for data, name in ((one, "a"), (two, "b"))]
    actions = tuple(programs[0].vocabulary.all_actions)
    counted = compare(programs, actions=actions, with_silent=True).pairs
    for by_count, by_solver in zip(counted, proved(programs, actions), strict=True):
        assert by_solver.verdict == by_count.verdict
        assert by_solver.hangs_on_order == by_count.hangs_on_order
        assert by_solver.weaker is None or by_solver.weaker_on
        assert by_solver.stricter is None or by_solver.stricter_on


def test_the_shipped_regimes_by_solver_and_by_count() -> None:
    programs = [p for p in shipped() if p.clauses][:8]
    actions = ["suspend_participation", "condemn"]
    for by_count, by_solver in zip(
        compare(programs, actions=actions).pairs, proved(programs, actions), strict=True
    ):
        assert by_solver.verdict == by_count.verdict, (by_count.first, by_count.second)
        assert [c.action for c in by_solver.weaker_on] or by_solver.weaker is None


def test_a_witness_of_the_solver_is_small() -> None:
    programs = [load_program(name) for name in ("african-union", "un-security-council")]
    (pair,) = proved(programs, ["condemn"])
    assert len(pair.weaker.situation) <= 1
    assert [(c.first, c.second) for c in pair.weaker_on] == [("none", "discretion")]


def test_diagrams_stop_at_their_size() -> None:
    d = Diagrams([2] * 30, most=20)
    node = d.false
    with pytest.raises(TooLarge):
        for number in range(0, 30, 2):
            node = d.either(node, d.both(d.literal(number, [1]), d.literal(number + 1, [1])))


def test_too_many_situations_are_decided_and_not_counted(monkeypatch) -> None:
    monkeypatch.setattr(comparison, "MOST_NODES", 50)
    found = compare([load_program("oas"), load_program("african-union")], actions=["condemn"])
    assert not found.counted
    assert found.actions == ()
    assert [pair.verdict for pair in found.pairs] == ["incomparable"]


def test_large_rulebooks_are_decided_first_and_counted_if_they_can_be(monkeypatch) -> None:
    monkeypatch.setattr(comparison, "SOLVE_FROM", 1)
    found = compare([load_program("oas"), load_program("african-union")], actions=["condemn"])
    assert found.counted
    assert found.actions
    assert [pair.verdict for pair in found.pairs] == ["incomparable"]


def test_without_the_solver_one_sentence_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(comparison, "MOST_NODES", 50)
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(NormrulesError, match=r"pip install 'normrules\[proof\]'"):
        compare([load_program("oas"), load_program("african-union")], actions=["condemn"])


def test_an_order_that_only_some_dates_make_is_found() -> None:
    # The bar counts only if it came no later: one bar early, the other late, needs an order.
    first, second = (
        {"when": {"event": "demand"}, "unless": {"event": "gather"},
         "then": {"must": "speak", "by": "council"}},
        {"when": {"event": "talk"}, "unless": {"event": "gather"},
         "then": {"must": "suspend", "by": "council"}},
    )  # fmt: skip
    programs = [
        program_of(book(first, second, rulebook="both")),
        program_of(book({"when": {"event": "restoration"}, "then": {"must": "admit", "by": "chair"}},
                        rulebook="none")),
    ]  # fmt: skip
    found = compare(programs)
    assert all(row.witness is not None for table in found.actions for row in table.rows)
