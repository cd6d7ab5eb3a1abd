"""The terms on which regimes share a commitment: force, manner, time limit, decision rule.

Each is the weakest that every one of them grants. Section 9 of the language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from normrules.analysis.regimes import Regime
from normrules.analysis.scale import plain_limit
from normrules.analysis.unresolved import found_facts
from normrules.core.condition import Between, OneOf, Test, Value
from normrules.core.program import Clause
from normrules.core.rulebook import Decision
from normrules.core.time import TimeLimit
from normrules.core.vocabulary import Attribute, Vocabulary
from normrules.core.wording import decision_words

#: From weakest to strongest: what a text binds to.
FORCES = ("none", "political", "internal", "binding")
#: The rules of each regime that commit strongly enough.
Contributing = Sequence[tuple[Regime, Clause]]
Accepts = OneOf | Between


def weakest_force(contributing: Contributing) -> str:
    """The weakest of the regimes' strongest legal forces."""
    strongest: dict[str, int] = {}
    for regime, clause in contributing:
        force = regime.program.laws[clause.source.instrument].instrument.force
        strongest[regime.name] = max(strongest.get(regime.name, 0), FORCES.index(force))
    return FORCES[min(strongest.values())]


def shared_finding(contributing: Contributing, facts: Iterable[str]) -> str:
    """The finding for which all of them wait, else the first fact there is."""
    awaited = [
        set(found_facts(clause.upon)) for _, clause in contributing if clause.upon is not None
    ]
    shared = set.intersection(*awaited) if awaited else set()
    known = list(facts)
    return next((fact for fact in known if fact in shared), known[0])


def longest_limit(contributing: Contributing) -> TimeLimit | None:
    """The longest time limit, if every rule sets one from its trigger; of a permission, none."""
    limits = [plain_limit(clause) for _, clause in contributing]
    if any(clause.permits for _, clause in contributing):
        return None
    set_ones = [limit for limit in limits if limit is not None]
    return max(set_ones, key=lambda limit: limit.after(0)) if len(set_ones) == len(limits) else None


# ---------------------------------------------------------------- how it is to be done


@dataclass(frozen=True, slots=True)
class Manner:
    """What `with` says of a shared commitment; `apart` are attributes on which nothing is."""

    said: Mapping[str, Any]
    apart: tuple[str, ...]


def common_manner(contributing: Contributing, vocabulary: Vocabulary) -> Manner:
    """The narrowest manner: scope, form, organ and so on.

    A duty shares what satisfies any of the rules; a permission or a prohibition, only what all
    of them cover.
    """
    clauses = [clause for _, clause in contributing]
    widens = not any(clause.permits or clause.forbids for clause in clauses)
    each = [{test.attribute: test for test in clause.manner} for clause in clauses]
    said, apart = {}, []
    for name in sorted(set.intersection(*map(set, each)) if widens else set().union(*each)):
        tests = [manner[name] for manner in each if name in manner]
        domain = _domain(vocabulary, clauses[0].actions, name)
        accepted = [_plain(test, domain) for test in tests]
        accepts = _either(accepted) if widens else _both(accepted)
        if accepts is None:
            apart.append(name)
        else:
            said[name] = _said(accepts, domain)
    return Manner(said, tuple(apart))


def _domain(vocabulary: Vocabulary, actions: Iterable[str], name: str) -> Attribute:
    return next(
        kinds[name]
        for action in (*actions, *vocabulary.attributes)
        if name in (kinds := vocabulary.attributes.get(action, {}))
    )


def _plain(test: Test, domain: Attribute) -> Accepts:
    """What a test accepts, without `not` where the domain is closed."""
    accepts = test.accepts
    if isinstance(accepts, OneOf) and accepts.negated and domain.values is not None:
        return OneOf(frozenset(domain.values) - accepts.values)
    return accepts


def _either(accepted: Sequence[Accepts]) -> Accepts | None:
    """What one of them accepts, or a little more: a range has no holes."""
    if len(set(accepted)) == 1:
        return accepted[0]
    if all(isinstance(one, Between) for one in accepted):
        lows, highs = _bounds(accepted)
        return Between(
            None if None in lows else min(x for x in lows if x is not None),
            None if None in highs else max(x for x in highs if x is not None),
        )
    listed = _listed(accepted)
    return None if listed is None else OneOf(frozenset().union(*listed))


def _both(accepted: Sequence[Accepts]) -> Accepts | None:
    """What all of them accept; None if that is nothing."""
    if len(set(accepted)) == 1:
        return accepted[0]
    if all(isinstance(one, Between) for one in accepted):
        lows, highs = _bounds(accepted)
        lo = max((x for x in lows if x is not None), default=None)
        hi = min((x for x in highs if x is not None), default=None)
        return None if lo is not None and hi is not None and lo > hi else Between(lo, hi)
    listed = _listed(accepted)
    shared = frozenset.intersection(*listed) if listed else frozenset()
    return OneOf(shared) if shared else None


def _bounds(accepted: Sequence[Accepts]) -> tuple[list[int | None], list[int | None]]:
    ranges = [one for one in accepted if isinstance(one, Between)]
    return [one.lo for one in ranges], [one.hi for one in ranges]


def _listed(accepted: Sequence[Accepts]) -> list[frozenset[Value]] | None:
    """The values of each; None if one is a range or leaves some out of an open domain."""
    lists = [one.values for one in accepted if isinstance(one, OneOf) and not one.negated]
    return lists if len(lists) == len(accepted) else None


def _said(accepts: Accepts, domain: Attribute) -> Any:
    """The pattern as a file says it: a top of a ladder as `at_least`."""
    if isinstance(accepts, Between):
        bounds = {"at_least": accepts.lo, "at_most": accepts.hi}
        return {key: value for key, value in bounds.items() if value is not None}
    ladder: Sequence[Value] = domain.ordered or domain.values or sorted(accepts.values, key=str)
    values = [value for value in ladder if value in accepts.values]
    if accepts.negated:
        return {"not": sorted(accepts.values, key=str)}
    if domain.ordered and values == list(ladder[-len(values) :]):
        return {"at_least": values[0]}
    if domain.ordered and values == list(ladder[: len(values)]):
        return {"at_most": values[-1]}
    return values[0] if len(values) == 1 else values


# ---------------------------------------------------------------- how it is decided


@dataclass(frozen=True, slots=True)
class Deciding:
    """The decision rules of the contributing rules: the most demanding, or all where none is."""

    strictest: Decision | None
    said: Mapping[str, str]


def deciding(contributing: Contributing) -> Deciding:
    """How regimes decide on what they share; one is picked only if it is surely hardest."""
    decisions = [clause.decided_by for _, clause in contributing]
    said = {
        f"{regime.name}:{clause.id}": decision_words(clause.decided_by)
        for regime, clause in contributing
        if clause.decided_by is not None
    }
    known = [decision for decision in decisions if decision is not None]
    if len(known) < len(decisions):
        return Deciding(None, said)
    hardest = [a for a in known if all(at_least_as_demanding(a, b) for b in known)]
    return Deciding(hardest[0] if hardest else None, said)


def at_least_as_demanding(a: Decision, b: Decision) -> bool:
    """Whether every vote that carries under the first surely carries under the second.

    >>> half, most = Decision(rule="majority"), Decision(share="2/3", of="members")
    >>> at_least_as_demanding(most, half), at_least_as_demanding(half, most)
    (True, False)
    """
    if a == b or b == Decision(rule="executive"):
        return True
    if a.else_ is not None or a.without != b.without:
        return False
    if b.quorum not in (None, a.quorum) or b.veto not in (None, a.veto):
        return False
    return _carries_too(a, b)


def _carries_too(a: Decision, b: Decision) -> bool:
    """The votes alone. Who abstains does not vote, and nobody present is no more than a member."""
    reach = {"voting": 0, "present": 1, "members": 2}
    match a, b:
        case Decision(at_least=int(votes)), Decision(at_least=int(needed)):
            return votes >= needed
        case Decision(rule="unanimity" | "consensus"), Decision(rule="consensus"):
            return True
        case Decision(rule="unanimity"), Decision(rule="majority") | Decision(share=Fraction()):
            return reach[b.of] <= reach["present"]
        case Decision(rule="consensus"), Decision(rule="majority") | Decision(share=Fraction()):
            return b.of == "voting"
    if reach[a.of] < reach[b.of]:
        return False
    half = Fraction(1, 2)
    match a, b:
        case Decision(rule="majority"), Decision(share=Fraction() as share):
            return share <= half
        case Decision(share=Fraction() as share), Decision(rule="majority"):
            return share > half
        case Decision(share=Fraction() as first), Decision(share=Fraction() as second):
            return first >= second
    return a.rule == b.rule == "majority"
