"""How long a rulebook of 4,000 lines takes to load: `python benchmarks/load.py [LINES] [RUNS]`.

Each step is timed by itself, in medians, and beside them PyYAML's C loader alone, which knows no
places, repeats keys silently and checks nothing. The loaded book is checked first.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from normrules.core.rulebook import Rulebook
from normrules.lang.compiler import compile_rulebook
from normrules.lang.library import shelf_of
from normrules.lang.loader import load
from normrules.lang.reader import read

HEAD = """\
rulebook: large
title: A large rulebook
organisation: african-union
vocabulary: anti-coup
members: african-union
instruments:
  charter:
    title: A charter
    form: treaty
    force: binding
    adopted: 2000-01-01
rules:
"""
RULE = """\
  - id: rule-{n}
    title: Condemn, number {n}
    source: {{instrument: charter, at: art. {n}, basis: official}}
    when:
      any:
        - event: power_seizure
          where:
            outcome: succeeded
            perpetrator: [military, armed_dissidents]
            fatalities: {{at_least: {n}}}
        - {{event: handover_refused}}
    upon: {{finding: unconstitutional_change, by: au_psc}}
    then:
      must: condemn
      by: au_psc
      within: P{n}D
    until: {{finding: order_restored, by: au_psc}}
"""
FOLDER = Path(__file__).parents[1] / "rulebooks" / "anti-coup"


def book(lines: int) -> tuple[str, int]:
    """The text of a rulebook of about so many lines, and its number of rules."""
    rules = (lines - HEAD.count("\n")) // RULE.count("\n")
    return HEAD + "".join(RULE.format(n=n) for n in range(1, rules + 1)), rules


def loaded(text: str) -> tuple[dict[str, object], int]:
    """The compiled clauses and the number of problems."""
    written, problems = load(Rulebook, read(text))
    assert written is not None, [problem.message for problem in problems[:3]]
    program, complaints = compile_rulebook(written, shelf_of(written, FOLDER))
    assert program is not None, [problem.message for problem in complaints[:3]]
    return dict(program.clauses), len(problems) + len(complaints)


def median(work: Callable[[], object], runs: int) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(runs):
        before = time.perf_counter()
        work()
        taken.append(time.perf_counter() - before)
    return 1000 * statistics.median(taken)


def main(lines: int = 4000, runs: int = 7) -> None:
    text, rules = book(lines)
    clauses, problems = loaded(text)
    assert (len(clauses), problems) == (rules, 0), (len(clauses), rules, problems)
    last = clauses[f"rule-{rules}"]
    assert last.source.at == f"art. {rules}"
    assert str(last.deadline.within[1]) == f"P{rules}D"
    source = read(text)
    written, _ = load(Rulebook, source)
    shelf = shelf_of(written, FOLDER)
    alone = median(lambda: yaml.load(text, yaml.CSafeLoader), runs)
    steps = {
        "read (YAML with places)": median(lambda: read(text), runs),
        "load (shape)": median(lambda: load(Rulebook, source), runs),
        "compile (meaning)": median(lambda: compile_rulebook(written, shelf), runs),
    }
    steps["all of it"] = median(lambda: loaded(text), runs)
    print(f"{text.count(chr(10))} lines, {rules} rules, median of {runs}")
    print(f"{'yaml.CSafeLoader alone':26}{alone:8.1f} ms   1.0")
    for name, taken in steps.items():
        print(f"{name:26}{taken:8.1f} ms{taken / alone:6.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
