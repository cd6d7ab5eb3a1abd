"""A rule in words, part by part and as the sentences that an officer signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from normrules.core.condition import AllOf, Always, AnyOf, Condition, Found, Later, RuleState
from normrules.core.program import Clause, FactClause, Program
from normrules.core.rulebook import Citation, english
from normrules.core.wording import (
    VERBS,
    action_words,
    bearer_words,
    condition_words,
    deadline_words,
    decision_words,
    demand_words,
    fact_words,
    limits_words,
    lowered,
    plain,
    tests_words,
)


@dataclass(frozen=True)
class RuleWords:
    """What a lawyer checks of one rule, each part in words; empty where the rule has none.

    `demand` is who must, should or may do what, and how; `gives_way` are the rules that defeat
    this one; `breach` is what its breach calls for.
    """

    id: str
    title: str
    modality: str
    source: str
    basis: str
    when: str
    once: str
    unless: str
    demand: str
    deadline: str
    decided_by: str
    until: str
    overrides: tuple[str, ...]
    gives_way: tuple[str, ...]
    breach: tuple[str, ...]
    weighs: tuple[str, ...]
    readings: tuple[str, ...]
    notes: tuple[str, ...]


def rule_words(program: Program, clause: Clause) -> RuleWords:
    """A rule of a program in words."""
    vocabulary = program.vocabulary
    deadline = clause.deadline
    return RuleWords(
        id=clause.id,
        title=clause.title,
        modality=clause.modality,
        source=source(program, clause.source),
        basis=basis(clause.source),
        when=_condition(program, clause.when),
        once=_condition(program, clause.upon),
        unless=_condition(program, clause.unless),
        demand=_demanded(program, clause),
        deadline=_named(program, deadline_words(deadline, vocabulary)) if deadline else "",
        decided_by=decision_words(clause.decided_by) if clause.decided_by else "",
        until=_condition(program, clause.until),
        overrides=clause.overrides,
        gives_way=clause.overridden_by,
        breach=tuple(_breach(program, clause)),
        weighs=tuple(plain(name) for name in clause.weighs),
        readings=tuple(touched_by(program, clause.id)),
        notes=tuple(note for note in (clause.note, clause.source.note) if note),
    )


def all_rule_words(program: Program) -> list[RuleWords]:
    """Every rule of a program in words; a reparation stands with its rule."""
    return [
        rule_words(program, clause)
        for clause in program.clauses.values()
        if not clause.id.endswith(".otherwise")
    ]


def source(program: Program, citation: Citation) -> str:
    """The instrument's title with the pinpoint."""
    title = english(program.laws[citation.instrument].instrument.title)
    return f"{title}, {citation.at}"


def basis(citation: Citation) -> str:
    """How the encoder knows, in words."""
    said = {
        "official": "official: the operative words were read",
        "secondary": "secondary source",
        "memory": "from memory",
        "derived": "derived",
    }[citation.basis]
    via = f": {citation.via}" if citation.via else ""
    return said + via + (f" from {', '.join(citation.rules)}" if citation.rules else "")


def _condition(program: Program, condition: Condition | None) -> str:
    if condition is None:
        return ""
    return _named(program, condition_words(condition, program.vocabulary))


def _named(program: Program, words: str) -> str:
    """Words in which `under acdeg` names the instrument by its title."""

    def title(match: re.Match[str]) -> str:
        return f"under the {_without_article(english(program.laws[match[1]].instrument.title))}"

    ids = "|".join(sorted(map(re.escape, program.laws), key=len, reverse=True))
    return re.sub(rf"\bunder ({ids})(?![\w-])", title, words) if ids else words


def _without_article(title: str) -> str:
    return title.removeprefix("The ").removeprefix("the ")


def _demanded(program: Program, clause: Clause) -> str:
    vocabulary = program.vocabulary
    if clause.effect is not None:
        return fact_words(clause.effect, vocabulary)
    said = f"{_bearer(program, clause)} {VERBS[clause.modality]} {_action(program, clause)}"
    if clause.for_example:
        examples = (lowered(vocabulary.title_of(action)) for action in clause.for_example)
        said += f", for example: {'; '.join(examples)}"
    if clause.every:
        said += f", every {limits_words(clause.every)}"
    return said + (", anew after the trigger" if clause.anew else "")


def _action(program: Program, clause: Clause) -> str:
    """What is to be done, and how; a finding by what is found."""
    found = {test.attribute: test.said for test in clause.manner}
    if clause.actions == ("determine",) and "that" in found:
        fact = fact_words(found["that"].replace(" ", "_"), program.vocabulary)
        return (
            f"find that it is not so: {fact}" if found.get("outcome") == "no" else f"find: {fact}"
        )
    manner = f" ({tests_words(clause.manner)})" if clause.manner else ""
    return action_words(clause, program.vocabulary) + manner


def _bearer(program: Program, clause: Clause) -> str:
    """Who bears it; of a register, its members by the register's title."""
    bearer = clause.bearer
    if bearer is None or bearer.kind != "each":
        return bearer_words(bearer, program.vocabulary)
    title = re.sub(r" \(.*\)$", "", program.registers[bearer.names[0]].title)
    others = ", other than the state concerned," if bearer.except_concerned else ""
    named = lowered(title) if title.startswith("Members ") else title
    return f"each of the {named}{others}"


def _breach(program: Program, clause: Clause) -> Iterator[str]:
    """The reparation of a rule, and the rules that hang on its breach."""
    reparation = program.clauses.get(f"{clause.id}.otherwise")
    if reparation is not None:
        yield _named(program, demand_words(reparation, program.vocabulary))
    others = [
        other.id
        for other in program.clauses.values()
        if other is not reparation and _hangs_on_breach(other, clause.id)
    ]
    if others:
        yield f"see {_rules(others)}"


def _hangs_on_breach(clause: Clause, rule: str) -> bool:
    conditions = (clause.when, clause.upon)
    return any(RuleState("breached", rule) in set(_parts(c)) for c in conditions if c is not None)


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _parts(part)
        case Later(part=part):
            yield from _parts(part)


def touched_by(program: Program, rule: str) -> Iterator[str]:
    """The readings under which a rule is another one, or none."""
    for question, reading in program.rulebook.readings.items():
        for option in reading.options:
            chosen = program.readings.get(question) == option.id
            name = f"{question}={option.id}"
            if rule in {added.id for added in option.add} and chosen:
                yield f"only under the reading {name}"
            if rule in {replaced.id for replaced in option.replace}:
                yield f"{'as' if chosen else 'replaced'} under the reading {name}"
            if rule in option.remove and not chosen:
                yield f"absent under the reading {name}"


def definition_words(program: Program, definition: FactClause) -> tuple[str, str, str]:
    """Of a definition: what counts, what keeps it out, and as what it counts."""
    return (
        _condition(program, definition.when),
        _condition(program, definition.unless),
        fact_words(definition.fact, program.vocabulary),
    )


def definitions(program: Program) -> list[FactClause]:
    """The definitions of a program, in order."""
    found = [p for parts in program.facts.values() for p in parts if isinstance(p, FactClause)]
    order = {d.id: place for place, d in enumerate(program.rulebook.definitions)}
    return sorted(found, key=lambda definition: order.get(definition.id, 0))


def sentences(program: Program, clause: Clause) -> list[str]:
    """A rule in full sentences, in the order in which it is applied."""
    words = rule_words(program, clause)
    return [
        *_merits(clause, words),
        *_gate(clause, words),
        *_demand(clause, words),
        *_rest(words),
    ]


def _merits(clause: Clause, words: RuleWords) -> Iterator[str]:
    if not isinstance(clause.when, Always):
        yield f"In this case: {words.when}."
    if words.unless:
        yield f"Not if this had come before: {words.unless}."


def _gate(clause: Clause, words: RuleWords) -> Iterator[str]:
    if words.once:
        yield f"Only once this has come: {words.once}."
    own = clause.bearer.bodies if clause.bearer else frozenset()
    found = [part for part in _parts(clause.upon) if isinstance(part, Found)] if clause.upon else []
    if any(part.by & own for part in found):
        implied = "counts as" if clause.implied else "does not stand for"
        yield f"The bearer's own act {implied} a finding that is the bearer's to make."


def _demand(clause: Clause, words: RuleWords) -> Iterator[str]:
    effect = "this takes effect: " if clause.effect is not None else ""
    start = "In every case" if isinstance(clause.when, Always) else "Then"
    due = f", {words.deadline}" if words.deadline else ""
    yield f"{start} {effect}{_inside(words.demand)}{due}."
    if words.decided_by:
        yield f"It is decided by {words.decided_by}."


def _inside(words: str) -> str:
    """Words inside a sentence: an article at their start is small."""
    return words[:1].lower() + words[1:] if words.startswith(("The ", "Those ", "One ")) else words


def _rest(words: RuleWords) -> Iterator[str]:
    if words.until:
        yield f"It ends with this: {words.until}."
    if words.overrides:
        yield f"It goes before {_rules(words.overrides)}."
    if words.gives_way:
        yield f"It gives way to {_rules(words.gives_way)}."
    for breach in words.breach:
        yield f"If it is breached: {breach}."
    if words.weighs:
        yield f"What weighs: {', '.join(words.weighs)}."
    yield f"Source: {words.source} ({words.basis})."


def _rules(names: Sequence[str]) -> str:
    return f"the rule{'s' if len(names) > 1 else ''} {', '.join(names)}"
