"""Laws of the meaning, on random rulebooks and cases over the whole language."""

from __future__ import annotations

import os

import generators as g
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from toy import case_of, program_of

from normrules.core.case import Case
from normrules.core.program import Program
from normrules.core.time import Instant, Interval
from normrules.engine.evaluation import evaluate_regime

EXAMPLES = int(os.environ.get("NORMRULES_EXAMPLES", "300"))
random = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FIELDS = ("triggered", "due", "done", "ended", "breach")


def positions(program: Program, case: Case, horizon: Instant | None = None) -> dict:
    answer = evaluate_regime(program, case, horizon, with_reasons=False)
    return {position.key: position for position in answer.positions}


def unseen_stretches(case: Case, program: Program) -> dict[str, tuple[int, int]]:
    """Of each type with an incomplete record, when more of them may have happened."""
    types = {
        kind for kind in program.vocabulary.attributes if kind in g.WHERE or kind == "determine"
    }
    start = case.opening.time.lo
    return {
        kind: (min(start, case.horizon), case.horizon)
        for kind in sorted(types)
        if not case.records_all(kind, program.vocabulary) and start <= case.horizon
    }


@random
@given(g.books(), g.scenarios(exact=True))
def test_exact_and_complete_inputs_are_never_undetermined(book: dict, scenario: dict) -> None:
    scenario["country"] = "AAA"  # whose standing the registers know on every day
    for rule in [*book["rules"], *book["definitions"]]:
        rule["source"]["instrument"] = "law"  # whose end is known
        assume("parties" not in repr(rule))
    book["terms"] = {"soon": {"exactly": "P1D"}}
    for position in positions(program_of(book), case_of(scenario)).values():
        assert position.status != "undetermined", (position.key, position.possible)
        assert len(position.possible) == 1


def settled(data: st.DataObject, program: Program, scenario: dict) -> dict:
    """A scenario in which every unknown of another is settled at random."""
    case = case_of(scenario)
    windows = {event.id: event.time for event in case.events}
    return g.complete(
        data.draw, scenario, windows, unseen_stretches(case, program), case.complete_by
    )


#: Where a law surely did not apply, that stands alone: whether the rule was touched, and
#: (where the state was surely not bound) whether it was in force, is not asked any more.
ALONE = {("not_in_force",): {"not_triggered"}, ("not_bound",): {"not_triggered", "not_in_force"}}


@random
@given(st.data())
def test_the_exact_status_is_among_those_reported_possible(data: st.DataObject) -> None:
    program, scenario = program_of(data.draw(g.books())), data.draw(g.scenarios())
    exact = positions(program, case_of(settled(data, program, scenario)))
    for key, position in positions(program, case_of(scenario)).items():
        possible = {*position.possible, *ALONE.get(position.possible, ())}
        assert set(exact[key].possible) <= possible, (key, exact[key].possible, possible)


def so_far(when: Interval, horizon: Instant) -> Interval:
    """What an interval says of the time up to the horizon: no status rests on the rest."""
    return Interval(min(when.lo, horizon + 1), min(when.hi, horizon + 1))


@random
@given(st.data())
def test_learning_a_fact_never_widens_an_interval(data: st.DataObject) -> None:
    program, scenario = program_of(data.draw(g.books())), data.draw(g.scenarios())
    whole = settled(data, program, scenario)
    learnt = scenario | data.draw(g.partly(scenario, whole))
    case = case_of(scenario)
    before, after = positions(program, case), positions(program, case_of(learnt))
    for key, position in after.items():
        outer, inner = (so_far(p.triggered, case.horizon) for p in (before[key], position))
        assert outer.lo <= inner.lo, (key, outer, inner)
        assert inner.hi <= outer.hi, (key, outer, inner)


def story(found: dict) -> dict:
    """What must not change when nothing of the matter does."""
    return {
        key: (p.status, p.possible, *(getattr(p, field) for field in FIELDS))
        for key, p in found.items()
    }


@random
@given(g.books(), g.scenarios(), st.randoms(use_true_random=False))
def test_order_of_rules_and_events_changes_nothing(book: dict, scenario: dict, random_) -> None:
    first = story(positions(program_of(book), case_of(scenario)))
    for part in (book["rules"], book["definitions"], scenario["events"]):
        random_.shuffle(part)
    assert first == story(positions(program_of(book), case_of(scenario)))


@random
@given(g.books(), g.scenarios())
def test_names_change_nothing(book: dict, scenario: dict) -> None:
    first = story(positions(program_of(book), case_of(scenario)))
    names = {f"r{i}": f"a-{9 - i}" for i in range(9)} | {"f0": "f2", "f2": "f0", "law": "zz"}
    renamed = g.renamed(book, names)
    second = story(positions(program_of(renamed), case_of(g.renamed(scenario, names))))
    assert {g.renamed(k, names): v for k, v in first.items()} == second


@random
@given(g.books(), g.scenarios(), g.books(most_rules=2))
def test_unrelated_rules_and_events_change_nothing(book: dict, scenario: dict, other) -> None:
    first = story(positions(program_of(book), case_of(scenario)))
    names = {f"r{i}": f"q{i}" for i in range(9)}
    more = [g.renamed(rule, names) for rule in other["rules"]]
    for rule in more:
        assume("fact" not in repr(rule))
        assume("effect" not in rule["then"])
    book["rules"] = [*more, *book["rules"]]
    unrelated = {"type": "case_closed", "id": "end", "case": "toy", "time": "2030-01-01T00:00Z"}
    scenario["events"] = [*scenario["events"], unrelated]
    second = story(positions(program_of(book), case_of(scenario)))
    assert first == {key: second[key] for key in first}


#: What a later look may change, with the same records up to the earlier one.
OPEN_ENDED = {
    "not_triggered", "awaiting", "pending", "outstanding", "standing", "observed", "open",
    "in_effect", "undetermined",
}  # fmt: skip


@random
@given(g.books(), g.scenarios(exact=True), st.integers(0, 40))
def test_a_later_horizon_changes_only_what_is_open(book: dict, scenario: dict, hours: int) -> None:
    program, case = program_of(book), case_of(scenario)
    later = case.horizon + hours * 3_600_000_000
    second = positions(program, case, later)
    for key, position in positions(program, case).items():
        if position.status in OPEN_ENDED:
            continue
        after = second[key].status
        if (position.status, after) != ("breached", "fulfilled_late"):
            assert position.status == after, (key, position.status, after)
