"""A vocabulary: its ladders, and every word with what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from normrules.core.problem import NormrulesError, did_you_mean
from normrules.core.vocabulary import ROLES, Action, Attribute, Body, EventType, Vocabulary
from normrules.core.wording import plain
from normrules.show.markdown import code, escaped, table
from normrules.show.text import render

Section = tuple[str, list[tuple[str, str]]]


def sections(vocabulary: Vocabulary) -> Iterator[Section]:
    """The words by kind, actions by ladder from its weakest rung, bodies by organisation."""
    ladders = [(name, " < ".join(map(plain, rungs))) for name, rungs in vocabulary.tracks.items()]
    yield "Ladders, weakest rung first", ladders
    yield "Events", [(name, _event(event)) for name, event in vocabulary.events.items()]
    for track in (*vocabulary.tracks, None):
        actions = _on_track(vocabulary, track)
        if actions:
            heading = f"Actions: {track}" if track else "Actions on no ladder"
            yield heading, [(name, _action(action)) for name, action in actions]
    for organisation, bodies in _by_organisation(vocabulary).items():
        yield f"Bodies: {organisation}", [(name, _body(body)) for name, body in bodies]
    yield "Bearers in every vocabulary", list(ROLES.items())
    yield "Facts", [(n, _noted(fact.title, fact.note)) for n, fact in vocabulary.facts.items()]
    yield "The state concerned", [(n, domain_words(a)) for n, a in vocabulary.case.items()]
    if vocabulary.notes:
        yield "Notes", [("", note) for note in vocabulary.notes]


def _event(event: EventType) -> str:
    opening = " Opens a case." if event.opens_case else ""
    return _noted(f"{event.title}.{opening}{_attributes(event.attributes)}", event.note)


def _on_track(vocabulary: Vocabulary, track: str | None) -> list[tuple[str, Action]]:
    rungs = vocabulary.tracks.get(track or "", ())
    found = [(n, a) for n, a in vocabulary.all_actions.items() if a.track == track]
    return sorted(found, key=lambda item: rungs.index(item[1].level) if item[1].level else -1)


def _action(action: Action) -> str:
    said = [
        f"{plain(action.level).capitalize()}: {action.title}."
        if action.level
        else f"{action.title}."
    ]
    if action.forbears:
        said.append(f"A ban on {action.forbears} compares as this.")
    if action.continuing:
        broken = f" until {action.broken_by}" if action.broken_by else ""
        said.append(f"Goes on{broken}.")
    if action.observable == "internal":
        said.append("Not seen from outside.")
    return _noted(" ".join(said) + _attributes(action.attributes), action.note)


def _by_organisation(vocabulary: Vocabulary) -> dict[str, list[tuple[str, Body]]]:
    found: dict[str, list[tuple[str, Body]]] = {}
    for name, body in vocabulary.bodies.items():
        found.setdefault(body.of or "of none", []).append((name, body))
    return found


def _body(body: Body) -> str:
    role = f" ({body.role})" if body.role else ""
    group = f": any of {', '.join(body.any_of)}" if body.any_of else ""
    return _noted(f"{body.title}{role}{group}", body.note)


def _attributes(attributes: Mapping[str, Attribute]) -> str:
    said = [f"{name} ({domain_words(domain)})" for name, domain in attributes.items()]
    return f" Attributes: {'; '.join(said)}." if said else ""


def domain_words(attribute: Attribute) -> str:
    """What an attribute can be, in words.

    >>> domain_words(Attribute(ordered=("none", "some")))
    'none < some'
    """
    title = f"{attribute.title}: " if attribute.title else ""
    if attribute.boolean:
        return f"{title}yes or no"
    if attribute.ordered:
        return title + " < ".join(map(plain, attribute.ordered))
    if attribute.one_of:
        return title + ", ".join(map(plain, attribute.one_of))
    return title + ("a time" if attribute.time else _numbers(attribute))


def _numbers(attribute: Attribute) -> str:
    bounds = attribute.integer
    least = f" from {bounds.at_least}" if bounds and bounds.at_least is not None else ""
    most = f" to {bounds.at_most}" if bounds and bounds.at_most is not None else ""
    return f"a whole number{least}{most}"


def _noted(text: str, note: str | None) -> str:
    return f"{text} {note}" if note else text


def vocabulary_text(vocabulary: Vocabulary, width: int = 80, *, colour: bool = False) -> str:
    """All words of a vocabulary; `width` in columns."""
    head = Text.assemble((vocabulary.title, "bold"), f"  ({vocabulary.vocabulary})")
    parts: list[RenderableType] = [head]
    longest = max((len(n) for _, rows in sections(vocabulary) for n, _ in rows), default=0)
    for heading, rows in sections(vocabulary):
        body = Table(box=None, show_header=False, padding=(0, 1, 0, 0), show_edge=False)
        body.add_column(style="cyan", min_width=longest, no_wrap=True)
        body.add_column()
        for name, words in rows:
            body.add_row(name, Text(words))
        parts += ["", Text(heading, style="bold underline"), "", body]
    return render(Group(*parts), width, colour=colour)


def vocabulary_markdown(vocabulary: Vocabulary) -> str:
    """A vocabulary as one page in Markdown."""
    parts = [f"# {escaped(vocabulary.title)}", f"Vocabulary {code(vocabulary.vocabulary)}."]
    for heading, rows in sections(vocabulary):
        parts.append(f"## {escaped(heading)}")
        parts.append(table(["Word", "Meaning"], _cells(rows)))
    return "\n\n".join(parts) + "\n"


def _cells(rows: list[tuple[str, str]]) -> Iterator[list[str]]:
    for name, words in rows:
        yield [code(name) if name else "", escaped(words)]


def vocabulary_data(vocabulary: Vocabulary) -> dict[str, Any]:
    """A vocabulary as data, with what is built in."""
    written = vocabulary.model_dump(mode="json", by_alias=True, exclude_none=True)
    built_in = {"actions": ["determine", "set_deadline"], "bearers": dict(ROLES)}
    return {"kind": "vocabulary", **written, "built_in": built_in}


def word_text(vocabulary: Vocabulary, word: str) -> str:
    """What one word means. Raises NormrulesError with near words."""
    found = [
        f"{name}  ({heading.lower()})\n{words}"
        for heading, rows in sections(vocabulary)
        for name, words in rows
        if name == word
    ]
    if not found:
        known = [name for _, rows in sections(vocabulary) for name, _ in rows if name]
        near = did_you_mean(word, known, "there are")
        raise NormrulesError(f"`{vocabulary.vocabulary}` has no word `{word}`: {near}")
    return "\n\n".join(found)
