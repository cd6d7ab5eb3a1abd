"""Words for an example, chosen from a vocabulary: what happens, and who then does what."""

from __future__ import annotations

from dataclasses import dataclass, replace

from normrules.core.problem import NormrulesError, did_you_mean
from normrules.core.program import Program
from normrules.core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a vocabulary that an example uses: what happens, who then does what."""

    event: str
    where: str
    action: str
    body: str
    fact: str | None


def words_of(vocabulary: Vocabulary, organisation: str | None) -> Words:
    """Words for an example, from a vocabulary; without an organisation, of an organ of its own.

    Raises NormrulesError for a vocabulary without opening event or action, and for an
    organisation that it does not know.
    """
    events = [name for name in vocabulary.events if vocabulary.opens(name)]
    if not events or not vocabulary.actions:
        lacks = "action" if events else "event that opens a case"
        raise NormrulesError(f"the vocabulary `{vocabulary.vocabulary}` has no {lacks}")
    return Words(
        event=events[0],
        where=_where(vocabulary, events[0]),
        action=_action(vocabulary),
        body=_body(vocabulary, organisation),
        fact=next(iter(vocabulary.facts), None),
    )


def _where(vocabulary: Vocabulary, event: str) -> str:
    """The last value of the first attribute that has few: of an outcome, that it succeeded."""
    for name, attribute in vocabulary.attributes[event].items():
        if attribute.one_of:
            return f"{name}: {attribute.one_of[-1]}"
    return ""


def _action(vocabulary: Vocabulary) -> str:
    """The first action on the top rung of the first ladder, else the first of all."""
    for track, rungs in vocabulary.tracks.items():
        for name, action in vocabulary.actions.items():
            if (action.track, action.level) == (track, rungs[-1]) and not action.continuing:
                return name
    return next(iter(vocabulary.actions))


def _body(vocabulary: Vocabulary, organisation: str | None) -> str:
    if organisation is None:
        return "own_organ"
    known = {body.of for body in vocabulary.bodies.values() if body.of}
    if organisation not in known:
        near = did_you_mean(organisation, known, "it knows")
        raise NormrulesError(
            f"`{vocabulary.vocabulary}` knows no body of the organisation `{organisation}`: {near}"
        )
    own = {name: body for name, body in vocabulary.bodies.items() if body.of == organisation}
    executive = [name for name, body in own.items() if body.role == "executive"]
    return (executive or list(own))[0]


def words_of_base(base: Program) -> Words:
    """Words for an example beside the rules of a rulebook; who bears its first rule bears it."""
    organisation = base.rulebook.organisation or base.rulebook.rulebook
    known = organisation if base.vocabulary.bodies_of(organisation) else None
    words = words_of(base.vocabulary, known)
    bearers = [
        clause.bearer.names[0]
        for clause in base.clauses.values()
        if clause.bearer is not None and clause.bearer.names[0] in base.vocabulary.bodies
    ]
    return replace(words, body=bearers[0]) if bearers else words


def example_of(base: Program) -> str:
    """An id for an example that the rulebook does not have."""
    taken = {*base.clauses, *(definition.id for definition in base.rulebook.definitions)}
    names = ("example", *(f"example-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
