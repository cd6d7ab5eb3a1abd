"""A network to rulesets for durable-rules, inside the part of it that was found right.

The matcher is right and memory-clean within narrow limits, and wrong or crashing outside them.
So: facts only; names of patterns from a fixed table; every join ends in an equality that always
holds (`_`); no negation, no `$or`, no inequality; few patterns on each kind of fact. What would
go over a limit goes into a further ruleset, which is told the same facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from normrules.core.program import Program
from normrules.engine.durable.knowledge import Ask, asks
from normrules.engine.durable.network import Network, OutsideSubset, network_of
from normrules.engine.durable.nodes import Either, Joined

#: A rule as durable-rules reads it, without its action.
Definition = dict[str, Any]

#: Above 64 patterns on one kind of fact the engine loses facts; 512 kinds hang it.
MAX_USES, MAX_KINDS, MAX_RULES = 60, 400, 1_000
MAX_RULESETS = 24
#: The fact by which a session begins: a session in which no rule ran can't be dropped safely.
START = "start"


def fnv(text: str) -> int:
    """The 32-bit hash by which the engine tells names, values and messages apart.

    >>> fnv("a")
    3826002220
    """
    value = 2166136261
    for byte in text.encode():
        value ^= byte if byte < 128 else byte | 0xFFFFFF00  # the engine's bytes are signed
        value = value * 16777619 & 0xFFFFFFFF
    return value


def _safe_aliases() -> tuple[str, ...]:
    """Eight names of patterns. In the low slots, a name decides whether a rule fires."""
    by_slot: dict[int, str] = {}
    for number in range(4_000):
        name = f"p{number}"
        if fnv(name) % 16 >= 8:
            by_slot.setdefault(fnv(name) % 16, name)
    return tuple(by_slot[slot] for slot in sorted(by_slot))


ALIASES = _safe_aliases()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule to fire: the kinds of fact it joins, what the first must show, what it concludes."""

    name: str
    joins: tuple[str, ...]
    concludes: str
    shows: tuple[str, ...] = ()
    pattern: int | None = None

    def definition(self) -> Definition:
        """The rule as durable-rules reads it. Raises OutsideSubset for too many patterns."""
        if not 0 < len(self.joins) <= len(ALIASES):
            raise OutsideSubset(f"a rule joins {len(self.joins)} facts, at most {len(ALIASES)}")
        first, *others = zip(ALIASES, self.joins, strict=False)
        always = {"_": {first[0]: "_"}}
        patterns = [{first[0]: _all({"kind": first[1]}, *({mark: 1} for mark in self.shows))}]
        patterns += [{alias: _all({"kind": kind}, always)} for alias, kind in others]
        return {"all": patterns}


def _all(*tests: dict[str, Any]) -> dict[str, Any]:
    return tests[0] if len(tests) == 1 else {"$and": list(tests)}


@dataclass(frozen=True, eq=False)
class Compiled:
    """A network with its rulesets, ready for sessions.

    `marks` names the property that says that an event is as asked; `asked` gives each type of
    event its questions. `uses` are the kinds of fact that some rule joins, by ruleset.
    """

    network: Network
    marks: Mapping[Ask, str]
    asked: Mapping[str, tuple[Ask, ...]]
    rules: Mapping[str, Rule]
    rulesets: tuple[Mapping[str, Definition], ...]
    uses: tuple[frozenset[str], ...]


@lru_cache(maxsize=64)
def compiled(program: Program) -> Compiled:
    """The rulesets of a program. Raises OutsideSubset if there would be too many."""
    network = network_of(program)
    asked = _asked(network)
    every = dict.fromkeys(ask for questions in asked.values() for ask in questions)
    marks = {ask: f"a{number}" for number, ask in enumerate(every)}
    rules = [*_event_rules(network, marks), *_chaining_rules(network)]
    groups = _within_limits(rules)
    rulesets = tuple({rule.name: rule.definition() for rule in group} for group in groups)
    check_names([*marks.values(), *(rule.name for rule in rules), *_kinds(rules)])
    for ruleset in rulesets:
        check_ruleset(ruleset)
    uses = tuple(frozenset(_kinds(group, concluded=False)) for group in groups)
    return Compiled(network, marks, asked, {r.name: r for r in rules}, rulesets, uses)


def _asked(network: Network) -> dict[str, tuple[Ask, ...]]:
    """The questions that are put to each type of event."""
    found: dict[str, dict[Ask, None]] = {}
    for pattern in network.patterns:
        for name in pattern.types:
            found.setdefault(name, {}).update(dict.fromkeys(asks(pattern)))
    return {name: tuple(questions) for name, questions in found.items()}


def event_kind(event_type: str) -> str:
    """The kind of the fact that an event of this type came in."""
    return f"event {event_type}"


def _event_rules(network: Network, marks: Mapping[Ask, str]) -> Iterator[Rule]:
    """For each pattern and each of its types, a rule that sees it."""
    for number, pattern in enumerate(network.patterns):
        for index, name in enumerate(pattern.types):
            kind, shows = event_kind(name), tuple(marks[ask] for ask in asks(pattern))
            yield Rule(f"see {number}.{index}", (kind,), f"s{number}", shows, number)


def _chaining_rules(network: Network) -> Iterator[Rule]:
    for node in network.nodes:
        if isinstance(node, Joined):
            yield from _joining(node.kind, _once(part.kind for part in node.parts))
        elif isinstance(node, Either):
            for index, kind in enumerate(_once(part.kind for part in node.parts)):
                yield Rule(f"any {node.kind}.{index}", (kind,), node.kind)


def _once(kinds: Iterable[str]) -> list[str]:
    """Each kind once: a rule that joined one kind twice would wait for two facts of it."""
    return list(dict.fromkeys(kinds))


def _joining(concludes: str, kinds: Sequence[str]) -> Iterator[Rule]:
    """A rule that joins some kinds; of many, a chain of rules."""
    step = 0
    while len(kinds) > len(ALIASES):
        between = f"{concludes}.{step}"
        yield Rule(f"all {between}", tuple(kinds[: len(ALIASES)]), between)
        kinds, step = [between, *kinds[len(ALIASES) :]], step + 1
    yield Rule(f"all {concludes}", tuple(kinds), concludes)


def _kinds(rules: Iterable[Rule], *, concluded: bool = True) -> list[str]:
    found = [kind for rule in rules for kind in rule.joins]
    return _once([*found, *(rule.concludes for rule in rules)] if concluded else found)


# ---------------------------------------------------------------- limits


def _within_limits(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The rules in as few rulesets as the limits allow, in their order."""
    groups: list[tuple[list[Rule], Counter[str]]] = []
    for rule in rules:
        for group, uses in groups:
            room = len(group) < MAX_RULES - 1 and len(uses.keys() | rule.joins) < MAX_KINDS
            if room and all(uses[kind] < MAX_USES for kind in rule.joins):
                break
        else:
            group, uses = [Rule(START, (START,), START)], Counter({START: 1})
            groups.append((group, uses))
        group.append(rule)
        uses.update(rule.joins)
    if len(groups) > MAX_RULESETS:
        raise OutsideSubset(f"the rulebook would take more than {MAX_RULESETS} rulesets")
    return [group for group, _ in groups]


def check_ruleset(ruleset: Mapping[str, Definition]) -> None:
    """Raise OutsideSubset if a ruleset goes over what the engine carries safely."""
    kinds: Counter[str] = Counter()
    for name, definition in ruleset.items():
        patterns = [body for part in definition["all"] for body in part.values()]
        if not 0 < len(patterns) <= len(ALIASES):
            raise OutsideSubset(f"`{name}` has {len(patterns)} patterns")
        for index, body in enumerate(patterns):
            tests = body.get("$and", [body])
            if index and list(tests[-1]) != ["_"]:
                raise OutsideSubset(f"a join of `{name}` does not end in an equality")
            kinds[tests[0]["kind"]] += 1
    crowded = [kind for kind, number in kinds.items() if number > MAX_USES]
    if crowded or len(kinds) > MAX_KINDS or len(ruleset) > MAX_RULES:
        said = f"more than {MAX_USES} patterns on `{crowded[0]}`" if crowded else "too many rules"
        raise OutsideSubset(f"{said} in one ruleset")


def check_names(names: Iterable[str]) -> None:
    """Raise OutsideSubset if the engine would take two names for one."""
    seen: dict[int, str] = {}
    for name in dict.fromkeys(names):
        other = seen.setdefault(fnv(name), name)
        if other != name:
            raise OutsideSubset(f"the engine can't tell `{name}` from `{other}`")
