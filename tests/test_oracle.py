"""Every situation of small rulebooks, one by one: the oracle of everything that is counted."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product

from generators import books
from hypothesis import HealthCheck, assume, event, given, settings
from toy import program_of

from normrules.analysis.comparison import compare
from normrules.analysis.denominator import common_rulebook
from normrules.analysis.regimes import regime_on
from normrules.analysis.scale import Commitments, Scale, competent, modality_for, prepared
from normrules.analysis.witness import dated
from normrules.engine.caselaw import Assumptions
from normrules.engine.evaluation import DORMANT, evaluate_regime

#: The most situations that are gone through one by one, and that are dated and evaluated.
MOST, MOST_DATED = 1500, 150
SCALE = Scale()


def situations(space):
    """Every assignment that can be, said in full."""
    sizes = [range(len(variable.samples)) for variable in space.variables]
    for values in product(*sizes):
        assignment = dict(enumerate(values))
        if space.diagrams.evaluate(space.valid, assignment):
            yield assignment


def size(space) -> int:
    total = 1
    for variable in space.variables:
        total *= len(variable.samples)
    return total


def rung_in(case, regime, action, day, *, forbidding: bool) -> int:
    """The strongest commitment by evaluating the case, on the merits."""
    answer = evaluate_regime(regime.program, case, None, Assumptions(day, bound=True))
    reached = [0]
    for position in answer.positions:
        modality = modality_for(position.clause, action, regime.program.vocabulary)
        live = position.clause.id in regime.clauses and position.key == position.clause.id
        if modality is None or modality.endswith("_not") != forbidding or not live:
            continue
        if set(position.possible) & (DORMANT - {"awaiting"}):
            continue
        waits = position.clause.upon is not None and modality not in ("may", "discretion")
        reached.append(SCALE.rung(f"{modality}_upon" if waits else modality))
    return max(reached)


@settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
@given(books(most_rules=2), books(most_rules=2))
def test_each_situation_dated_and_evaluated_gives_the_commitment_of_its_diagram(one, two) -> None:
    programs = [program_of({**data, "rulebook": name}) for data, name in ((one, "a"), (two, "b"))]
    space, regimes, day = prepared(programs, None)
    assume(size(space) <= MOST_DATED)
    commitments = Commitments(space, SCALE, "strength")
    checked = 0
    for assignment in situations(space):

        def said(regime, clause, assignment=assignment):
            return bool(space.diagrams.evaluate(space.trigger(regime, clause), assignment))

        witness = dated(space, regimes, assignment, said, day=day)
        if witness is None:
            continue  # no dates make this situation
        checked += 1
        for regime in regimes:
            for action in space.vocabulary.all_actions:
                for forbidding in (False, True):
                    node = commitments.node(regime, action, forbidding=forbidding)
                    by_diagram = space.diagrams.evaluate(node, assignment)
                    came = rung_in(witness.case, regime, action, day, forbidding=forbidding)
                    assert came == by_diagram or _may_be_defeated(regime, action)
    event(f"some situations evaluated: {checked > 0}")


def _may_be_defeated(regime, action) -> bool:
    """A rule that waits for its finding may wait where that finding would defeat it."""
    return any(
        clause.unless is not None or clause.overridden_by
        for clause in regime.clauses.values()
        if modality_for(clause, action, regime.program.vocabulary)
    )


@settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
@given(books(most_rules=2), books(most_rules=2))
def test_the_denominator_run_in_each_situation_gives_the_lesser_commitment(one, two) -> None:
    programs = [program_of({**data, "rulebook": name}) for data, name in ((one, "a"), (two, "b"))]
    space, regimes, day = prepared(programs, None)
    assume(size(space) <= MOST_DATED and all(regime.clauses for regime in regimes))
    found = common_rulebook(programs)
    assume(not found.unsaid)
    shared = regime_on(program_of(dict(found.data)), day)
    for assignment in situations(space):

        def said(regime, clause, assignment=assignment):
            return bool(space.diagrams.evaluate(space.trigger(regime, clause), assignment))

        witness = dated(space, regimes, assignment, said, day=day)
        if witness is None:
            continue
        for action in space.vocabulary.all_actions:
            if not all(competent(regime.program, action) for regime in regimes):
                continue
            if any(_may_be_defeated(regime, action) for regime in regimes):
                continue
            for forbidding in (False, True):
                rungs = [
                    rung_in(witness.case, regime, action, day, forbidding=forbidding)
                    for regime in (*regimes, shared)
                ]
                assert rungs[2] == min(rungs[:2]), (action, rungs)


@settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
@given(books(most_rules=2), books(most_rules=2))
def test_shares_verdicts_gaps_and_what_k_share_by_counting_every_situation(one, two) -> None:
    programs = [program_of({**data, "rulebook": name}) for data, name in ((one, "a"), (two, "b"))]
    space, regimes, _ = prepared(programs, None)
    assume(size(space) <= MOST)
    commitments = Commitments(space, SCALE, "strength")
    every = list(situations(space))
    found = compare(programs, with_silent=True)
    for table in found.actions:
        forbidding = table.ladder == "forbidding"
        ladder = SCALE.forbidding if forbidding else SCALE.commanding
        counted = [r for r in regimes if competent(r.program, table.action)]
        rungs = [
            [
                space.diagrams.evaluate(
                    commitments.node(regime, table.action, forbidding=forbidding), assignment
                )
                for regime in counted
            ]
            for assignment in every
        ]
        whole = len(every)
        rows = Counter(map(tuple, rungs))
        assert {tuple(map(ladder.index, row.commitments.values())): row.share
                for row in table.rows} == {
            row: Fraction(number, whole) for row, number in rows.items() if any(row)
        }  # fmt: skip
        for k in range(1, len(counted) + 1):
            kth = Counter(sorted(row, reverse=True)[k - 1] for row in rungs)
            assert table.by_count[k] == {
                ladder[rung]: Fraction(kth[rung], whole) for rung in kth if rung
            }
        for place, regime in enumerate(counted):
            below = sum(row[place] < max(row) for row in rungs)
            lost = sum(min(row) < row[place] for row in rungs)
            assert table.gaps[regime.name] == Fraction(below, whole)
            assert table.lost[regime.name] == Fraction(lost, whole)
