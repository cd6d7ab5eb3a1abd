"""Which engine answers, and whether two agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from normrules.core.case import Case
from normrules.core.evaluation import Evaluation
from normrules.core.program import Program
from normrules.core.time import Instant
from normrules.engine.evaluation import evaluate
from normrules.engine.meaning import NO_ASSUMPTIONS, Assumptions

Engine = Literal["auto", "meaning", "durable"]


def evaluate_with(
    case: Case,
    programs: Iterable[Program],
    horizon: Instant | None = None,
    assumptions: Assumptions = NO_ASSUMPTIONS,
    engine: Engine = "auto",
) -> Evaluation:
    """One case against several regimes, by the engine asked for."""
    found = evaluate(case, programs, horizon, assumptions)
    if engine == "meaning":
        return found
    return replace(found)
