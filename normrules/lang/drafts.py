"""A draft and the rulebook that it amends, put together as one rulebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from normrules.core.draft import Draft
from normrules.core.problem import Path, Problem, did_you_mean
from normrules.core.rulebook import Rule, Rulebook, Silence
from normrules.lang.reader import Source
from normrules.lang.texts import Assembly, Origin, Text


def is_draft(data: Any) -> bool:
    """Whether a file's data are those of a draft.

    >>> is_draft({"rulebook": "x", "amends": "y"}), is_draft({"rulebook": "x"})
    (True, False)
    """
    return isinstance(data, Mapping) and "rulebook" in data and "amends" in data


def amend(base: Text, draft: Draft, source: Source) -> tuple[Text, list[Problem]]:
    """The amended rulebook, with everything that is wrong with the changes."""
    problems = [source.placed(problem) for problem in _changes(base.book, draft)]
    if problems:
        return base, problems
    assembly = Assembly(base)
    gone = {*draft.remove, *(rule.id for rule in draft.replace)}
    assembly.keep(lambda item: isinstance(item, Silence) or item.id not in gone)
    for index, rule in enumerate(draft.replace):
        _put_back(assembly, rule, (source, ("replace", index)))
    for part, key in (("rules", "add"), ("definitions", "definitions"), ("silences", "silences")):
        for index, item in enumerate(getattr(draft, key)):
            assembly.parts[part].append((item, (source, (key, index))))
    _take_over(assembly, draft, source)
    return assembly.built(), []


def _put_back(assembly: Assembly, rule: Rule, origin: Origin) -> None:
    """Put a rule where the one of its id stood; one that a reading adds stands last."""
    order = [other.id for other in assembly.book.rules]
    before = set(order[: order.index(rule.id)] if rule.id in order else order)
    rules = assembly.parts["rules"]
    rules.insert(sum(other.id in before for other, _ in rules), (rule, origin))


def _take_over(assembly: Assembly, draft: Draft, source: Source) -> None:
    """Take over what a draft says of itself, its instruments, terms and readings."""
    book = assembly.book
    for name in ("rulebook", "title", "version", "licence", "authors", "review", "notes"):
        assembly.update[name] = getattr(draft, name)
    assembly.update["organisation"] = book.organisation or book.rulebook
    for key in ("instruments", "terms", "readings"):
        for name in getattr(draft, key):
            assembly.origins[key, name] = (source, (key, name))
    assembly.update["instruments"] = {**book.instruments, **draft.instruments}
    assembly.update["terms"] = {**book.terms, **draft.terms}
    assembly.readings |= draft.readings


# -------------------------------------------------------------------- what is wrong with it


def _changes(book: Rulebook, draft: Draft) -> Iterator[Problem]:
    """Changes of what is not there, additions of what is, and ids that are given twice."""
    rules = {rule.id for rule in _rules(book)}
    known = rules | {definition.id for definition in book.definitions}
    for index, rule in enumerate(draft.replace):
        if rule.id not in rules:
            yield _unknown(rule.id, rules, ("replace", index, "id"))
    for index, name in enumerate(draft.remove):
        if name not in known:
            yield _unknown(name, known, ("remove", index))
    yield from _repeated(draft, known)
    for key in ("instruments", "readings"):
        for name in getattr(draft, key):
            if name in getattr(book, key):
                what = f"the amended rulebook has {key} of its own, and `{name}` is one of them"
                helped = "give this one another name"
                yield Problem("repeated-id", what, (key, name), helped, on_key=True)


def _rules(book: Rulebook) -> Iterator[Rule]:
    """The rules of a book under any of its readings."""
    yield from book.rules
    for reading in book.readings.values():
        for option in reading.options:
            yield from option.add


def _unknown(name: str, known: Iterable[str], path: Path) -> Problem:
    message = f"the amended rulebook has no rule `{name}`"
    return Problem("unknown-rule", message, path, did_you_mean(name, known, "it has"))


def _repeated(draft: Draft, known: set[str]) -> Iterator[Problem]:
    added: list[tuple[str, Path]] = [
        (item.id, (key, index, "id"))
        for key in ("add", "definitions")
        for index, item in enumerate(getattr(draft, key))
    ]
    changed: list[tuple[str, Path]] = [
        *((rule.id, ("replace", index, "id")) for index, rule in enumerate(draft.replace)),
        *((name, ("remove", index)) for index, name in enumerate(draft.remove)),
    ]
    left = known - set(draft.remove)
    for name, path in added:
        if name in left:
            message = f"the amended rulebook has `{name}` already"
            helped = "put a changed rule under `replace`; remove a definition to give it anew"
            yield Problem("repeated-id", message, path, helped)
    for group in (added, changed):
        seen: set[str] = set()
        for name, path in group:
            if name in seen:
                yield Problem("repeated-id", f"`{name}` is given twice", path)
            seen.add(name)


def blamed(problem: Problem, text: Text, draft: Draft, source: Source) -> Problem:
    """A problem of the amended rulebook at its place: a missing rule where it was removed."""
    where, path = text.origin(problem.path)
    if where is source:
        return text.placed(problem)
    word = _at(where.data, path)
    for index, name in enumerate(draft.remove):
        if word == name or word in _facts(name, where):
            other = _name_of(text.book, problem.path)
            message = f"`{name}` is removed, and `{other}` of the amended rulebook refers to it"
            helped = f"replace or remove `{other}` as well"
            return source.placed(Problem("removed-rule", message, ("remove", index), helped))
    return text.placed(problem)


def _facts(definition: str, source: Source) -> set[str]:
    """The fact that a definition of the amended file made so."""
    written = source.data.get("definitions", [])
    return {item["counts_as"] for item in written if item.get("id") == definition}


def _at(data: Any, path: Path) -> Any:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _name_of(book: Rulebook, path: Path) -> str:
    """The id of the rule or definition, or the name of the reading, that a path leads into."""
    match path:
        case ("rules" | "definitions" as part, int(index), *_):
            return str(getattr(book, part)[index].id)
        case ("readings", str(question), "options", int(index), *_):
            return f"{question}={book.readings[question].options[index].id}"
    return str(path[0]) if path else book.rulebook
