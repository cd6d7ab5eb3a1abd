"""normrules: procedures of international organisations as rulebooks that run.

A *rulebook* holds the procedures of one regime: *rules* (when so, and once so found, who must,
should, may or must not do what by when) and *definitions* (what counts as what). A *case* is
everything that happened around one opening event. Evaluating a case gives *positions*: each
rule come alive or not, what became of it, and why. *Events* describe the world, *facts* are
a regime's labels, *findings* are the acts of a body.

    import normrules as nr
    answer = nr.evaluate("scenario.yaml", ["african-union"])
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from normrules.core.problem import NormrulesError, Problem
    from normrules.door import (
        Answer,
        Compared,
        Why,
        check,
        compare,
        denominator,
        evaluate,
        evaluate_all,
        explain,
        find_position,
        load,
    )

__all__ = [
    "Answer",
    "Compared",
    "NormrulesError",
    "Problem",
    "Why",
    "check",
    "compare",
    "denominator",
    "evaluate",
    "evaluate_all",
    "explain",
    "find_position",
    "load",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: the command line starts fast."""
    if name not in __all__:
        raise AttributeError(f"module `normrules` has no `{name}`")
    home = "normrules.core.problem" if name in ("NormrulesError", "Problem") else "normrules.door"
    return getattr(import_module(home), name)
