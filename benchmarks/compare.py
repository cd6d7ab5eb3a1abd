"""How long comparisons take: `python benchmarks/compare.py [RULES]`.

1. All shipped regimes pairwise, with the smallest evaluated case for each difference.
2. Two generated rulebooks of so many rules (1,000): the verdicts against a model of the same
   rules written by hand for z3, answers checked first; and the shares, if they can be counted.

Times are medians of three runs of one process; ratios are what counts.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import z3

from normrules.analysis.comparison import MOST_NODES, compare
from normrules.analysis.diagrams import Diagrams, TooLarge
from normrules.analysis.formulas import Formulas
from normrules.analysis.proofs import proved_verdict
from normrules.analysis.scale import Commitments, Scale, prepared
from normrules.analysis.verdicts import compared_pairs
from normrules.core.program import Program
from normrules.core.rulebook import Rulebook
from normrules.lang.compiler import compile_rulebook
from normrules.lang.library import all_programs, load_program, shelf_of

OPENING = "power_seizure"
STRENGTH = {"discretion": 1, "may": 2, "should": 4, "must": 6}


def median(work: Callable[[], Any], runs: int = 3) -> tuple[float, Any]:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        answer = work()
        times.append(time.perf_counter() - started)
    return statistics.median(times), answer


def shipped() -> None:
    programs = [program for program in all_programs() if program.clauses]

    def pairwise() -> list[Any]:
        space, regimes, day = prepared(programs, None)
        return list(
            compared_pairs(
                Commitments(space, Scale(), "strength"),
                regimes,
                list(space.vocabulary.all_actions),
                day,
            )
        )

    taken, pairs = median(pairwise)
    differences = [w for pair in pairs for w in (pair.weaker, pair.stricter) if w]
    print(f"{len(programs)} regimes, {len(pairs)} pairs, every action: {taken:.2f} s, with "
          f"{len(differences)} evaluated cases; target 3 s")  # fmt: skip
    whole, _ = median(lambda: compare(programs), 1)
    print(f"the whole comparison, with every row of situations: {whole:.2f} s")


# ---------------------------------------------------------------- generated rulebooks


Rule = tuple[str, str, dict[str, list[str]], dict[str, list[str]]]


def generated(
    number: int, seed: int, values: dict[str, list[str]], actions: list[str]
) -> list[Rule]:
    """Rules on one opening event: action, modality, what must be so, what must not."""
    luck = random.Random(seed)

    def test() -> dict[str, list[str]]:
        chosen = luck.sample(sorted(values), 3)
        return {name: luck.sample(values[name], max(1, len(values[name]) // 2)) for name in chosen}

    return [
        (luck.choice(actions), luck.choice(list(STRENGTH)), test(), test()) for _ in range(number)
    ]


def as_program(name: str, rules: list[Rule]) -> Program:
    source = {"instrument": "law", "at": "art. 1", "basis": "official"}

    def rule(place: int, it: Rule) -> dict[str, Any]:
        action, modality, when, unless = it
        demand = [action] if modality == "discretion" else action
        return {
            "id": f"r{place}", "title": f"Rule {place}", "source": source,
            "when": {"event": OPENING, "where": when},
            "unless": {"event": OPENING, "where": unless},
            "then": {modality: demand, "by": "oas_permanent_council"},
        }  # fmt: skip

    book = Rulebook.model_validate({
        "rulebook": name, "title": name, "organisation": "oas", "vocabulary": "anti-coup",
        "instruments": {"law": {"title": "A law", "form": "treaty", "force": "binding",
                                "adopted": "2000-01-01"}},
        "rules": [rule(place, it) for place, it in enumerate(rules)],
    })  # fmt: skip
    program, problems = compile_rulebook(book, shelf_of(book, Path.cwd()))
    assert program is not None, problems
    return program


def by_hand(books: list[list[Rule]], values: dict[str, list[str]], actions: list[str]) -> str:
    """The same question, as somebody would write it for z3."""
    number = {name: {value: i for i, value in enumerate(known)} for name, known in values.items()}
    attribute = {name: z3.Int(name) for name in values}
    solver = z3.Solver()
    for name, known in values.items():
        solver.add(attribute[name] >= 0, attribute[name] < len(known))

    def holds(test: dict[str, list[str]]) -> Any:
        return z3.And(*(
            z3.Or(*(attribute[name] == number[name][value] for value in wanted))
            for name, wanted in test.items()
        ))  # fmt: skip

    reached = []
    for rules in books:
        by_action: dict[str, dict[int, list[Any]]] = {}
        for action, modality, when, unless in rules:
            alive = z3.And(holds(when), z3.Not(holds(unless)))
            by_action.setdefault(action, {}).setdefault(STRENGTH[modality], []).append(alive)
        reached.append(by_action)

    def below(low: dict[str, Any], high: dict[str, Any]) -> Any:
        return z3.Or(*(
            z3.And(z3.Or(*alive), z3.Not(z3.Or(*(
                other for least, others in low.get(action, {}).items() if least >= rung
                for other in others
            ))))
            for action in actions
            for rung, alive in high.get(action, {}).items()
        ))  # fmt: skip

    found = []
    for low, high in ((reached[0], reached[1]), (reached[1], reached[0])):
        solver.push()
        solver.add(below(low, high))
        found.append(solver.check() == z3.sat)
        solver.pop()
    weaker, stricter = found
    if weaker and stricter:
        return "incomparable"
    return "less strict" if weaker else "at least as strict" if stricter else "equal"


def large(number: int) -> None:
    vocabulary = load_program("oas").vocabulary
    kinds = vocabulary.attributes[OPENING]
    values = {name: list(map(str, kind.values)) for name, kind in kinds.items()
              if kind.values and not kind.boolean and len(kind.values) > 1}  # fmt: skip
    actions = sorted(vocabulary.actions)[:10]
    first = generated(number, 1, values, actions)
    second = generated(number, 2, values, actions)
    programs = [as_program("first", first), as_program("second", second)]

    def verdict() -> str:
        space, regimes, _ = prepared(programs, None, Formulas)
        return proved_verdict(
            Commitments(space, Scale(), "strength"), (regimes[0], regimes[1]), actions
        )

    ours, found = median(verdict)
    theirs, wanted = median(lambda: by_hand([first, second], values, actions))
    assert found == wanted, (found, wanted)
    print(f"two rulebooks of {number} rules, {len(values)} attributes: {found}, both agree")
    print(
        f"  verdict {ours:.2f} s, by hand for z3 {theirs:.2f} s: "
        f"{ours / theirs:.2f} times; target 2"
    )
    started = time.perf_counter()
    try:
        space, regimes, _ = prepared(programs, None, lambda sizes: Diagrams(sizes, MOST_NODES))
        counted = Commitments(space, Scale(), "strength")
        for regime in regimes:
            for action in actions:
                space.diagrams.share(counted.node(regime, action))
        print(f"  shares counted in {time.perf_counter() - started:.2f} s; target 5")
    except TooLarge:
        print(
            f"  too many situations: not counted, said after {time.perf_counter() - started:.2f} s"
        )


if __name__ == "__main__":
    shipped()
    large(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
