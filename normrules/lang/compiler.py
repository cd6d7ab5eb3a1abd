"""A rulebook as written to a program, or to everything that is wrong with it."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from normrules.core.condition import (
    AllOf,
    Condition,
    EventPattern,
    RuleState,
)
from normrules.core.demand import DemandText, ReparationText
from normrules.core.problem import Path, Problem
from normrules.core.program import Clause, FactClause, Program
from normrules.core.register import Register
from normrules.core.rulebook import Decision, Rule, Rulebook
from normrules.core.vocabulary import Vocabulary
from normrules.lang.conditions import Resolver
from normrules.lang.demands import DemandReader, acts_of, breaks
from normrules.lang.dependencies import dependencies
from normrules.lang.instruments import check_instrument, laws_of

PlacedRule = tuple[Rule, Path]


@dataclass(frozen=True)
class Shelf:
    """What a rulebook is compiled with: its vocabulary and the registers it may name."""

    vocabulary: Vocabulary
    registers: Mapping[str, Register]


def compile_rulebook(
    book: Rulebook,
    shelf: Shelf,
    *,
    rules: Sequence[PlacedRule] | None = None,
    name: str | None = None,
    version: str = "",
    readings: Mapping[str, str] | None = None,
    file: str = "",
) -> tuple[Program | None, list[Problem]]:
    """Compile a rulebook; the program is None if there is an error."""
    placed = list(rules) if rules is not None else placed_rules(book)
    compiler = _Compiler(book, shelf, placed)
    clauses = compiler.clauses()
    facts = compiler.facts(clauses)
    compiler.check_rest()
    compiler.check_cycles(clauses, facts)
    problems = compiler.words.problems
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return Program(
        rulebook=book,
        name=name or book.rulebook,
        version=version,
        vocabulary=shelf.vocabulary,
        clauses=MappingProxyType(clauses),
        facts=MappingProxyType(facts),
        laws=MappingProxyType(dict(laws_of(book))),
        registers=shelf.registers,
        own_bodies=compiler.words.own_bodies,
        readings=MappingProxyType(dict(readings or {})),
        file=file,
    ), problems


def placed_rules(book: Rulebook) -> list[PlacedRule]:
    """The rules of a book with their places in the file."""
    return [(rule, ("rules", index)) for index, rule in enumerate(book.rules)]


class _Compiler:
    def __init__(self, book: Rulebook, shelf: Shelf, placed: Sequence[PlacedRule]) -> None:
        self.book, self.shelf, self.placed = book, shelf, placed
        organisation = book.organisation or book.rulebook
        self.words = Resolver(
            shelf.vocabulary,
            own_bodies=shelf.vocabulary.bodies_of(organisation),
            rules=dict(_modalities(rule for rule, _ in placed)),
            facts=frozenset(_defined_facts(book, (rule for rule, _ in placed))),
            instruments=frozenset(book.instruments),
            registers=frozenset(shelf.registers),
            terms=book.terms,
        )

    # ------------------------------------------------------------ rules

    def clauses(self) -> dict[str, Clause]:
        self._check_ids()
        overridden: dict[str, list[str]] = {}
        for rule, path in self.placed:
            for index, other in enumerate(rule.overrides):
                if self.words.known("rule", other, self.words.rules, (*path, "overrides", index)):
                    overridden.setdefault(other, []).append(rule.id)
        built: dict[str, Clause] = {}
        for rule, path in self.placed:
            built[rule.id] = self._clause(rule, path, tuple(overridden.get(rule.id, ())))
            if rule.otherwise is not None:
                reparation = self._reparation(rule, rule.otherwise, (*path, "otherwise"))
                built[reparation.id] = reparation
        return built

    def _clause(self, rule: Rule, path: Path, overridden_by: tuple[str, ...]) -> Clause:
        self._check_source(rule.source.instrument, (*path, "source", "instrument"))
        words = self.words
        return self._build(
            rule,
            rule.then,
            (*path, "then"),
            id=rule.id,
            when=words.condition(rule.when, (*path, "when")),
            unless=words.optional(rule.unless, (*path, "unless")),
            upon=words.optional(rule.upon, (*path, "upon")),
            until=words.optional(rule.until, (*path, "until")),
            overridden_by=overridden_by,
            place=path,
        )

    def _reparation(self, rule: Rule, text: ReparationText, path: Path) -> Clause:
        """The demand that a breach opens: a clause of its own, `<rule>.otherwise`."""
        if rule.then.modality in ("may", "discretion", "effect"):
            message = "only a duty or a prohibition can be breached"
            self.words.complain("reparation", message, path, on_key=True)
        breached: Condition = RuleState("breached", rule.id)
        if text.when is not None:
            breached = AllOf((breached, self.words.condition(text.when, (*path, "when"))))
        return self._build(
            rule.model_copy(update={"title": f"If not: {rule.title}", "weighs": ()}),
            text,
            path,
            id=f"{rule.id}.otherwise",
            when=breached,
            unless=self.words.optional(text.unless, (*path, "unless")),
            upon=None,
            until=None,
            overridden_by=(),
            place=path,
        )

    def _build(
        self,
        rule: Rule,
        demand: DemandText,
        path: Path,
        *,
        id: str,
        when: Condition,
        unless: Condition | None,
        upon: Condition | None,
        until: Condition | None,
        overridden_by: tuple[str, ...],
        place: Path,
    ) -> Clause:
        reader = DemandReader(self.words, demand, path)
        reader.check()
        actions, bearer = reader.actions(), reader.bearer()
        manner, named = reader.manner(actions), acts_of(bearer)
        acting = named if bearer and bearer.kind == "any" else ()
        kinds = [self.shelf.vocabulary.all_actions.get(action) for action in actions]
        self._check_weighs(rule.weighs, place)
        if rule.decided_by is not None:
            self._check_decision(rule.decided_by, (*place, "decided_by"))
        return Clause(
            id=id,
            title=rule.title,
            source=rule.source,
            modality=demand.modality,
            actions=actions,
            when=when,
            upon=upon,
            implied=rule.implied,
            unless=unless,
            until=until,
            overridden_by=overridden_by,
            bearer=bearer,
            act=EventPattern(actions, (*acting, *manner), rule.source.instrument),
            deadline=reader.deadline(),
            every=self.words.limit(demand.every, (*path, "every")) if demand.every else None,
            anew=demand.anew,
            continuing=demand.modality in ("must", "should")
            and any(kind is not None and kind.continuing for kind in kinds),
            breaks=breaks(actions, named, self.shelf.vocabulary),
            decided_by=rule.decided_by,
            effect=demand.effect,
            manner=manner,
            tracks=demand.in_ or (),
            for_example=demand.for_example or (),
            weighs=rule.weighs,
            overrides=rule.overrides,
            note=rule.note,
        )

    # ------------------------------------------------------------ facts

    def facts(self, clauses: Mapping[str, Clause]) -> dict[str, tuple[FactClause | Clause, ...]]:
        built: dict[str, list[FactClause | Clause]] = {}
        for index, definition in enumerate(self.book.definitions):
            path: Path = ("definitions", index)
            self._check_source(definition.source.instrument, (*path, "source", "instrument"))
            known = self.shelf.vocabulary.facts
            self.words.known("fact", definition.counts_as, known, (*path, "counts_as"))
            clause = FactClause(
                id=definition.id,
                title=definition.title or definition.id,
                fact=definition.counts_as,
                source=definition.source,
                when=self.words.condition(definition.when, (*path, "when")),
                unless=self.words.optional(definition.unless, (*path, "unless")),
            )
            built.setdefault(definition.counts_as, []).append(clause)
        for clause_ in clauses.values():
            if clause_.effect is not None:
                built.setdefault(clause_.effect, []).append(clause_)
        return {fact: tuple(parts) for fact, parts in built.items()}

    # ------------------------------------------------------------ checks

    def _check_ids(self) -> None:
        seen: dict[str, Path] = {}
        ids = [(rule.id, path) for rule, path in self.placed]
        ids = [(f"{r.id}.otherwise", p) for r, p in self.placed if r.otherwise is not None] + ids
        ids += [(d.id, ("definitions", i)) for i, d in enumerate(self.book.definitions)]
        for name, path in ids:
            if name in seen:
                self.words.complain("repeated-id", f"`{name}` names two things", (*path, "id"))
            seen[name] = path

    def _check_source(self, instrument: str, path: Path) -> None:
        self.words.known("instrument", instrument, self.words.instruments, path)

    def _check_decision(self, decision: Decision, path: Path) -> None:
        if decision.veto is not None:
            self.words.body(decision.veto, (*path, "veto"))
        if decision.else_ is not None:
            self._check_decision(decision.else_, (*path, "else"))

    def _check_weighs(self, weighs: tuple[str, ...], path: Path) -> None:
        vocabulary = self.shelf.vocabulary
        known = {name for event in vocabulary.events.values() for name in event.attributes}
        for index, name in enumerate(weighs):
            here = (*path, "weighs", index)
            self.words.known("attribute", name, known | set(vocabulary.case), here)

    def check_rest(self) -> None:
        """Check what no clause needs: competence, silences, instruments, registers."""
        vocabulary, words = self.shelf.vocabulary, self.words
        for index, track in enumerate(self.book.competence):
            words.known("track", track, vocabulary.tracks, ("competence", index))
        for index, silence in enumerate(self.book.silences):
            path: Path = ("silences", index)
            self._check_source(silence.source.instrument, (*path, "source", "instrument"))
            for place, action in enumerate(silence.on):
                words.known("action", action, vocabulary.actions, (*path, "on", place))
        if self.book.members is not None:
            words.known("register", self.book.members, words.registers, ("members",))
        for name, instrument in self.book.instruments.items():
            check_instrument(instrument, words, ("instruments", name))

    def check_cycles(
        self,
        clauses: Mapping[str, Clause],
        facts: Mapping[str, tuple[FactClause | Clause, ...]],
    ) -> None:
        """A rule or fact may not depend on itself."""
        try:
            graphlib.TopologicalSorter(dependencies(clauses, facts)).prepare()
        except graphlib.CycleError as error:
            chain = " needs ".join(f"`{node[1]}`" for node in reversed(error.args[1]))
            named = {node[1].removesuffix(".otherwise") for node in error.args[1]}
            defined = enumerate(self.book.definitions)
            places = [p for rule, p in self.placed if rule.id in named]
            places += [("definitions", i) for i, text in defined if text.counts_as in named]
            path = next(iter(places), ())
            help = "a meaning that hangs on itself has none: break the circle"
            self.words.complain("cycle", f"a circle: {chain}", path, help)


def _modalities(rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        yield rule.id, rule.then.modality
        if rule.otherwise is not None:
            yield f"{rule.id}.otherwise", rule.otherwise.modality


def _defined_facts(book: Rulebook, rules: Iterable[Rule]) -> Iterator[str]:
    yield from (definition.counts_as for definition in book.definitions)
    yield from (rule.then.effect for rule in rules if rule.then.effect is not None)
