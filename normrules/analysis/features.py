"""What regimes provide, feature by feature and side by side, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from normrules.analysis.legalization import Dimension, Profile, legalization
from normrules.analysis.provisions import CELLS
from normrules.analysis.scale import check_actions
from normrules.core.program import Clause, Program
from normrules.core.rulebook import Citation, english
from normrules.core.wording import short_source

#: The features in the order in which they are shown.
FEATURES: Mapping[str, str] = {
    "triggers": "Triggers",
    "perpetrator": "Who seizes power",
    "outcome": "Outcome",
    "ousted": "Who is ousted",
    "standing": "Which states only",
    "follow_ups": "Acts that call for more",
    "exceptions": "Exceptions",
    "bodies": "Bodies",
    "decision_rule": "Decision rule",
    "deadlines": "Deadlines and their start",
    "automatic": "Automatic (must, at once)",
    "by_decision": "By decision (must, once found)",
    "recommended": "Recommended (should)",
    "discretionary": "Open (may, discretion)",
    "forbidden": "Forbidden (must not)",
    "scope": "Scope of suspension",
    "duration": "Duration of measures",
    "ends": "What ends it",
    "breach": "What follows a breach",
    "force": "Strongest legal force",
    "obligation": "Obligation",
    "precision": "Precision",
    "delegation": "Delegation",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of a cell, with the rules or definitions that say so and where they stand."""

    text: str
    rules: tuple[str, ...] = ()
    sources: tuple[Citation, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The statement as data for JSON."""
        return {
            "text": self.text,
            "rules": list(self.rules),
            "sources": [short_source(source) for source in self.sources],
        }


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one regime (or of some actions of it), by the keys of FEATURES.

    An empty cell says that the regime has no such rule.
    """

    name: str
    title: str
    rules: int
    cells: Mapping[str, tuple[Entry, ...]]
    profile: Profile

    def plain(self) -> dict[str, Any]:
        """The features as data for JSON."""
        return {
            "rulebook": self.name,
            "title": self.title,
            "rules": self.rules,
            "features": {key: [entry.plain() for entry in self.cells[key]] for key in FEATURES},
            "legalization": self.profile.plain(),
        }


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The features of several regimes; `actions` are those compared, none means all."""

    actions: tuple[str, ...]
    regimes: tuple[Features, ...]

    def plain(self) -> dict[str, Any]:
        """The table as data for JSON."""
        return {
            "kind": "features",
            "actions": list(self.actions),
            "regimes": [regime.plain() for regime in self.regimes],
        }


def side_by_side(programs: Iterable[Program], actions: Iterable[str] | None = None) -> SideBySide:
    """The features of several regimes, of all rules or of those on some actions.

    Raises NormrulesError with near names for an unknown action.
    """
    chosen = tuple(actions or ())
    return SideBySide(chosen, tuple(features(program, chosen) for program in programs))


def features(program: Program, actions: Iterable[str] | None = None) -> Features:
    """The features of one regime, of all rules or of those on some actions.

    Raises NormrulesError with near names for an unknown action.
    """
    rules = _chosen(program, tuple(actions or ()))
    profile = legalization(program, rules)
    cells = {key: _merged(made(program, rules)) for key, made in CELLS.items()}
    for dimension in (profile.obligation, profile.precision, profile.delegation):
        cells[dimension.name] = tuple(_dimension(dimension))
    return Features(program.name, english(program.rulebook.title), len(rules), cells, profile)


def _chosen(program: Program, actions: Sequence[str]) -> list[Clause]:
    """The rules on some actions; forbidding what an action forbears from is doing it."""
    vocabulary = program.vocabulary
    check_actions(actions, vocabulary)
    rules = [c for c in program.clauses.values() if not c.id.endswith(".otherwise")]
    if not actions:
        return rules
    forborne = {vocabulary.all_actions[action].forbears for action in actions}
    return [
        clause
        for clause in rules
        if set(actions) & set(clause.actions) or (clause.forbids and forborne & set(clause.actions))
    ]


def _merged(found: Iterable[tuple[str, str, Citation]]) -> tuple[Entry, ...]:
    """Statements with the same words as one, with all rules and sources."""
    texts: dict[str, tuple[dict[str, None], dict[str, Citation]]] = {}
    for text, rule, source in found:
        rules, sources = texts.setdefault(text, ({}, {}))
        rules[rule] = None
        sources[short_source(source)] = source
    return tuple(
        Entry(text, tuple(rules), tuple(sources.values()))
        for text, (rules, sources) in texts.items()
    )


def _dimension(dimension: Dimension) -> Iterator[Entry]:
    if dimension.level is not None:
        tally = ", ".join(f"{n} {level}" for level, n in dimension.tally().items())
        yield Entry(f"{dimension.level} (of {len(dimension.rules)} rules: {tally})")
        counts = sorted(dimension.counts.items(), key=lambda item: (-item[1], item[0]))
        yield Entry("; ".join(f"{name}: {n}" for name, n in counts))
