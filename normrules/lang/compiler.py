"""A rulebook as written to a program, or to everything that is wrong with it."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from normrules.core.condition import (
    AllOf,
    AnyOf,
    Bearer,
    Condition,
    Deadline,
    EventPattern,
    FactHolds,
    Later,
    OneOf,
    RuleState,
    Test,
)
from normrules.core.demand import BearerText, DemandText, Each, Jointly, ReparationText, SetBy
from normrules.core.problem import Path, Problem
from normrules.core.program import Clause, FactClause, Law, Program
from normrules.core.register import UNBOUNDED_END, Register, Span
from normrules.core.rulebook import Decision, Instrument, Rule, Rulebook, english
from normrules.core.time import DAY, NEVER, Interval, TimeLimit, day, edge
from normrules.core.vocabulary import Attribute, Vocabulary
from normrules.lang.conditions import Resolver
from normrules.lang.words import said

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
        laws=MappingProxyType(compiler.laws()),
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
        self._check_demand(demand, path)
        actions = self._actions(demand, path)
        bearer = self._bearer(demand.by, (*path, "by"))
        manner = self._manner(demand, actions, (*path, "with"))
        named = _by(bearer) if bearer and bearer.kind != "each" else ()
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
            deadline=self._deadline(demand, path),
            every=self.words.limit(demand.every, (*path, "every")) if demand.every else None,
            anew=demand.anew,
            continuing=demand.modality in ("must", "should")
            and any(kind is not None and kind.continuing for kind in kinds),
            breaks=self._breaks(actions, named),
            decided_by=rule.decided_by,
            effect=demand.effect,
            manner=manner,
            tracks=demand.in_ or (),
            for_example=demand.for_example or (),
            weighs=rule.weighs,
            overrides=rule.overrides,
            note=rule.note,
        )

    def _actions(self, demand: DemandText, path: Path) -> tuple[str, ...]:
        vocabulary, modality = self.shelf.vocabulary, demand.modality
        for index, track in enumerate(demand.in_ or ()):
            self.words.known("track", track, vocabulary.tracks, (*path, "in", index))
        for index, example in enumerate(demand.for_example or ()):
            self.words.known("action", example, vocabulary.actions, (*path, "for_example", index))
        if modality == "effect":
            self.words.known("fact", demand.effect or "", vocabulary.facts, (*path, "effect"))
            return ()
        if demand.discretion == "any":
            return vocabulary.on_tracks(demand.in_ or ())
        named = getattr(demand, modality)
        menu = named if isinstance(named, tuple) else (named,)
        for index, action in enumerate(menu):
            here = (*path, modality, index) if isinstance(named, tuple) else (*path, modality)
            self.words.known("action", action, vocabulary.all_actions, here)
        return tuple(menu)

    def _bearer(self, text: BearerText | None, path: Path) -> Bearer | None:
        if text is None:
            return None
        if isinstance(text, Jointly):
            here = (*path, "jointly")
            return Bearer("jointly", text.jointly, self.words.bodies(text.jointly, here))
        if isinstance(text, Each):
            self.words.known("register", text.each, self.words.registers, (*path, "each"))
            return Bearer("each", (text.each,), frozenset(), text.except_ is not None)
        names = (text,) if isinstance(text, str) else text
        return Bearer("any", names, self.words.bodies(text, path))

    def _manner(self, demand: DemandText, actions: Sequence[str], path: Path) -> tuple[Test, ...]:
        if not demand.with_:
            return ()
        domains = self._shared_attributes(actions)
        if not domains:
            message = "`with` names attributes of the action, and there are none that fit"
            helped = "of several actions, only attributes that all have can be named"
            self.words.complain("with", message, path, helped, on_key=True)
            return ()
        for name, written in demand.with_.items():
            domain = domains.get(name)
            if domain is not None and domain.ordered and isinstance(written, (str, int)):
                message = f"`{name}` is ordered, and this asks for exactly `{written}`"
                helped = f"is {{at_least: {written}}} meant?"
                self.words.warn("exact-level", message, (*path, name), helped)
        return self.words.tests(demand.with_, domains, path)

    def _shared_attributes(self, actions: Sequence[str]) -> dict[str, Attribute]:
        """The attributes that every one of some actions has, with the same values."""
        declared = [self.shelf.vocabulary.attributes.get(action, {}) for action in actions]
        first = declared[0] if declared else {}
        return {
            name: attribute
            for name, attribute in first.items()
            if all(other.get(name) == attribute for other in declared)
        }

    def _breaks(self, actions: Sequence[str], acting: tuple[Test, ...]) -> EventPattern | None:
        vocabulary = self.shelf.vocabulary
        kinds = [vocabulary.all_actions.get(action) for action in actions]
        broken = tuple(kind.broken_by for kind in kinds if kind is not None and kind.broken_by)
        if not broken:
            return None
        done_by_bearer = all(name in vocabulary.all_actions for name in broken)
        return EventPattern(broken, acting if done_by_bearer else ())

    def _deadline(self, demand: DemandText, path: Path) -> Deadline | None:
        words, within = self.words, demand.within
        limit = set_by = None
        if isinstance(within, SetBy):
            limit = words.limit(within.at_most, (*path, "within", "at_most"))
            set_by = words.body(within.set_by, (*path, "within", "set_by"))
        elif within is not None:
            limit = words.limit(within, (*path, "within"))
        if limit is None and demand.counted_from is not None:
            message = "`counted_from` says where `within` starts: add `within`"
            words.complain("deadline", message, (*path, "counted_from"), on_key=True)
        if limit is None and demand.no_later_than is None and demand.before is None:
            return None
        return Deadline(
            within=limit,
            set_by=set_by,
            counted_from=words.optional(demand.counted_from, (*path, "counted_from")),
            no_later_than=day(demand.no_later_than) if demand.no_later_than else None,
            before=words.optional(demand.before, (*path, "before")),
            said=_limit_said(within, limit, self.shelf.vocabulary),
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

    def laws(self) -> dict[str, Law]:
        return {name: self._law(name, text) for name, text in self.book.instruments.items()}

    def _law(self, name: str, text: Instrument) -> Law:
        register = text.parties or self.book.members
        return Law(name, text, span_of(text), text.ended == "unknown", register)

    # ------------------------------------------------------------ checks

    def _check_ids(self) -> None:
        seen: dict[str, Path] = {}
        ids = [(rule.id, path) for rule, path in self.placed]
        ids += [(d.id, ("definitions", i)) for i, d in enumerate(self.book.definitions)]
        for name, path in ids:
            if name in seen:
                self.words.complain("repeated-id", f"`{name}` names two things", (*path, "id"))
            seen[name] = path

    def _check_source(self, instrument: str, path: Path) -> None:
        self.words.known("instrument", instrument, self.words.instruments, path)

    def _check_demand(self, demand: DemandText, path: Path) -> None:
        timed = [
            key
            for key in ("within", "counted_from", "no_later_than", "before", "every")
            if getattr(demand, key) is not None
        ]
        modality = demand.modality
        if timed and modality in ("may", "discretion", "effect"):
            message = f"`{timed[0]}` is a deadline, and a permission has none"
            helped = "use `until` to say when it ends"
            if modality == "effect":
                message, helped = "an effect is immediate", "remove it"
            code = "deadline-on-permission"
            self.words.complain(code, message, (*path, timed[0]), helped, on_key=True)
        if modality == "effect" and demand.by is not None:
            message = "an effect has no bearer: nobody has to bring it about"
            self.words.complain("bearer", message, (*path, "by"), on_key=True)
        if demand.in_ is not None and demand.discretion != "any":
            message = "`in` goes with `discretion: any`"
            self.words.complain("discretion", message, (*path, "in"), on_key=True)
        if demand.every is not None and self.words.limit(demand.every, (*path, "every"))[0].is_zero:
            self.words.complain("time-limit", "`every` needs some time", (*path, "every"))

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
            self._check_instrument(instrument, ("instruments", name))

    def _check_instrument(self, text: Instrument, path: Path) -> None:
        if text.parties is not None:
            self.words.known("register", text.parties, self.words.registers, (*path, "parties"))
        if text.replaced_by is not None:
            known = self.words.instruments
            self.words.known("instrument", text.replaced_by, known, (*path, "replaced_by"))
        if text.known_until is not None and text.ended != "unknown":
            message = "`known_until` goes with `ended: unknown`"
            self.words.complain("instrument", message, (*path, "known_until"), on_key=True)
        dated = text.ended not in ("never", "unknown")
        if dated and edge(text.ended).hi <= edge(text.in_force or text.adopted).lo:
            message = f"it ended {text.ended} before it was in force"
            self.words.complain("instrument", message, (*path, "ended"))

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
            path = next((p for rule, p in self.placed if rule.id in named), ())
            help = "a meaning that hangs on itself has none: break the circle"
            self.words.complain("cycle", f"a circle: {chain}", path, help)


def span_of(text: Instrument) -> Span:
    """When an instrument is in force, provisional application included."""
    start = edge(text.in_force or text.adopted)
    if text.provisional is not None:
        start = min(start, edge(text.provisional))
    end = UNBOUNDED_END
    if text.ended == "unknown":
        known = edge(text.known_until).lo + DAY if text.known_until else start.lo
        end = Interval(known, NEVER)
    elif text.ended != "never":
        end = edge(text.ended)
    return Span(start, end)


Node = tuple[str, str]


def dependencies(
    clauses: Mapping[str, Clause], facts: Mapping[str, tuple[FactClause | Clause, ...]]
) -> dict[Node, set[Node]]:
    """What each trigger, outcome and fact hangs on."""
    graph: dict[Node, set[Node]] = {}
    for clause in clauses.values():
        trigger: Node = ("trigger", clause.id)
        graph[trigger] = {("trigger", other) for other in clause.overridden_by}
        graph[trigger].update(references(clause.when, clause.upon, clause.unless))
        deadline = clause.deadline or Deadline()
        outcome: Node = ("outcome", clause.id)
        graph[outcome] = {
            trigger,
            *references(clause.until, deadline.counted_from, deadline.before),
        }
    for fact, parts in facts.items():
        graph[("fact", fact)] = {node for part in parts for node in _fact_needs(part)}
    return graph


def _fact_needs(part: FactClause | Clause) -> Iterator[Node]:
    if isinstance(part, Clause):
        yield ("trigger", part.id)
    else:
        yield from references(part.when, part.unless)


def references(*conditions: Condition | None) -> Iterator[Node]:
    """The triggers, outcomes and facts that conditions name."""
    for condition in conditions:
        match condition:
            case FactHolds(fact=fact):
                yield ("fact", fact)
            case RuleState(state="triggered", rule=rule):
                yield ("trigger", rule)
            case RuleState(rule=rule):
                yield ("outcome", rule)
            case AllOf(parts=parts, barring=barring):
                yield from references(*parts, *barring)
            case AnyOf(parts=parts):
                yield from references(*parts)
            case Later(part=part):
                yield from references(part)


def _modalities(rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        yield rule.id, rule.then.modality
        if rule.otherwise is not None:
            yield f"{rule.id}.otherwise", rule.otherwise.modality


def _defined_facts(book: Rulebook, rules: Iterable[Rule]) -> Iterator[str]:
    yield from (definition.counts_as for definition in book.definitions)
    yield from (rule.then.effect for rule in rules if rule.then.effect is not None)


def _by(bearer: Bearer) -> tuple[Test, ...]:
    return (Test("by", OneOf(bearer.bodies), said(bearer.names)),)


def _limit_said(
    within: str | SetBy | None, limit: tuple[TimeLimit, TimeLimit] | None, vocabulary: Vocabulary
) -> str:
    if limit is None:
        return ""
    words = limit[1].words()
    if isinstance(within, SetBy):
        return f"by the day set by {vocabulary.title_of(within.set_by)}, at most {words}"
    if limit[0] != limit[1]:
        term = str(within).replace("_", " ").replace("-", " ")
        return f"{term} ({limit[0].words()} to {words})"
    return f"within {words}"


def book_title(program: Program) -> str:
    """The English title of a program's rulebook."""
    return english(program.rulebook.title)
