"""Laws of the meaning, on random rulebooks and cases over the whole language."""

from __future__ import annotations

import os

import generators as g
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from toy import case_of, program_of

from normrules.core.case import Case
from normrules.core.program import Program
from normrules.core.time import Instant, read_time
from normrules.engine.evaluation import evaluate_regime
from normrules.engine.outcome import mean

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
    types = {kind for kind in program.vocabulary.attributes if kind in g.WHERE or kind == "determine"}
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


@random
@given(st.data())
def test_the_exact_status_is_among_those_reported_possible(data: st.DataObject) -> None:
    book, scenario = data.draw(g.books()), data.draw(g.scenarios())
    program, case = program_of(book), case_of(scenario)
    vague = positions(program, case)
    windows = {event.id: event.time for event in case.events}
    settled = g.complete(data.draw, scenario, windows, unseen_stretches(case, program))
    exact = positions(program, case_of(settled))
    for key, position in vague.items():
        came = exact[key]
        assert set(came.possible) <= set(position.possible), (key, came.possible, position.possible)
        for field in FIELDS[:1]:
            inner, outer = getattr(came, field), getattr(position, field)
            assert outer.lo <= inner.lo, (key, field, inner, outer)
            assert inner.hi <= outer.hi, (key, field, inner, outer)


@random
@given(g.books(), g.scenarios(), st.randoms())
def test_order_of_rules_and_events_changes_nothing(book, scenario, random_) -> None:
    program, case = program_of(book), case_of(scenario)
    first = {k: (p.status, p.possible, p.triggered, p.due, p.done) for k, p in positions(program, case).items()}
    random_.shuffle(book["rules"])
    random_.shuffle(book["definitions"])
    random_.shuffle(scenario["events"])
    program, case = program_of(book), case_of(scenario)
    second = {k: (p.status, p.possible, p.triggered, p.due, p.done) for k, p in positions(program, case).items()}
    assert first == second
