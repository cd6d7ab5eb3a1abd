"""A draft and the rulebook that it amends, put together as one rulebook.

Every part of the result knows the file and the place where it is written, so that a problem is
shown where it can be mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from normrules.core.draft import Draft
from normrules.core.problem import Path, Problem, did_you_mean
from normrules.core.rulebook import Definition, Option, Rule, Rulebook, Silence
from normrules.core.time import Interval
from normrules.lang.compiler import span_of
from normrules.lang.reader import Source

Origin = tuple[Source, Path]
Sourced = Rule | Definition | Silence
Part = Literal["rules", "definitions", "silences"]
PARTS: tuple[Part, ...] = ("rules", "definitions", "silences")


@dataclass(frozen=True)
class Text:
    """A rulebook, and for the paths of its parts the file and the path where they are written."""

    book: Rulebook
    origins: Mapping[Path, Origin]

    def origin(self, path: Path) -> Origin:
        """Where a part is written: the place of the nearest part around it that is known."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.origins:
                source, place = self.origins[path[:end]]
                return source, (*place, *path[end:])
        raise KeyError(path)

    def placed(self, problem: Problem) -> Problem:
        """The problem with its file, span and excerpt."""
        source, path = self.origin(problem.path)
        return source.placed(replace(problem, path=path))


def whole(book: Rulebook, source: Source) -> Text:
    """The text of a rulebook that stands in one file."""
    return Text(book, {(): (source, ())})


def is_draft(data: Any) -> bool:
    """Whether a file's data are those of a draft.

    >>> is_draft({"rulebook": "x", "amends": "y"}), is_draft({"rulebook": "x"})
    (True, False)
    """
    return isinstance(data, Mapping) and "rulebook" in data and "amends" in data


# -------------------------------------------------------------------- a day's law


def on_day(text: Text, day: Interval) -> Text:
    """The rulebook of one day: what stands in the instruments that were in force then."""
    book = text.book
    then = {
        name: instrument
        for name, instrument in book.instruments.items()
        if span_of(instrument).covers(day) is not False
    }
    held = {
        name: instrument.model_copy(update={"replaced_by": None})
        if instrument.replaced_by not in then
        else instrument
        for name, instrument in then.items()
    }
    builder = _Builder(text)
    builder.keep(lambda item: item.source.instrument in then)
    builder.update["instruments"] = held
    builder.spare_absent()
    return builder.built()


# -------------------------------------------------------------------- a draft


def amend(base: Text, draft: Draft, source: Source) -> tuple[Text, list[Problem]]:
    """The amended rulebook, with everything that is wrong with the changes."""
    problems = [source.placed(problem) for problem in _changes(base.book, draft)]
    if problems:
        return base, problems
    builder = _Builder(base)
    gone = {*draft.remove, *(rule.id for rule in draft.replace)}
    builder.keep(lambda item: isinstance(item, Silence) or item.id not in gone)
    for index, rule in enumerate(draft.replace):
        builder.put_back(rule, (source, ("replace", index)))
    for part, key in (("rules", "add"), ("definitions", "definitions"), ("silences", "silences")):
        for index, item in enumerate(getattr(draft, key)):
            builder.parts[part].append((item, (source, (key, index))))
    builder.own(draft, source)
    return builder.built(), []


class _Builder:
    """Builds a rulebook out of another one's parts, keeping where each is written."""

    def __init__(self, text: Text) -> None:
        self.text, self.book = text, text.book
        self.origins = dict(text.origins)
        self.update: dict[str, Any] = {}
        self.parts: dict[str, list[tuple[Any, Origin]]] = {
            part: [(x, text.origin((part, i))) for i, x in enumerate(getattr(text.book, part))]
            for part in PARTS
        }
        self.readings = dict(text.book.readings)
        self.order = [rule.id for rule in text.book.rules]

    def keep(self, wanted: Callable[[Any], bool]) -> None:
        """Keep what is wanted of the rules, definitions and silences, in readings as well."""
        for part, items in self.parts.items():
            self.parts[part] = [(item, origin) for item, origin in items if wanted(item)]
        left = {item.id for item, _ in self.parts["rules"]}
        for question, reading in self.book.readings.items():
            options = [
                self._option(option, ("readings", question, "options", i), wanted, left)
                for i, option in enumerate(reading.options)
            ]
            if any(option.add or option.replace or option.remove for option in options):
                self.readings[question] = reading.model_copy(update={"options": tuple(options)})
            else:
                del self.readings[question]

    def _option(
        self, option: Option, place: Path, wanted: Callable[[Any], bool], left: set[str]
    ) -> Option:
        kept: dict[str, Any] = {"remove": tuple(name for name in option.remove if name in left)}
        for kind in ("add", "replace"):
            rules = list(enumerate(getattr(option, kind)))
            chosen = [(i, rule) for i, rule in rules if wanted(rule)]
            for new, (old, _) in enumerate(chosen):
                self.origins[*place, kind, new] = self.text.origin((*place, kind, old))
            kept[kind] = tuple(rule for _, rule in chosen)
        return option.model_copy(update=kept)

    def spare_absent(self) -> None:
        """Let rules go before those only that are still there."""
        there = {item.id for item, _ in self.parts["rules"]}
        there |= {rule.id for r in self.readings.values() for o in r.options for rule in o.add}
        self.parts["rules"] = [(_sparing(rule, there), at) for rule, at in self.parts["rules"]]
        for question, reading in self.readings.items():
            options = tuple(
                option.model_copy(
                    update={
                        "add": tuple(_sparing(rule, there) for rule in option.add),
                        "replace": tuple(_sparing(rule, there) for rule in option.replace),
                    }
                )
                for option in reading.options
            )
            self.readings[question] = reading.model_copy(update={"options": options})

    def put_back(self, rule: Rule, origin: Origin) -> None:
        """Put a rule where the one of its id stood; a rule of a reading stands last."""
        place = self.order.index(rule.id) if rule.id in self.order else len(self.order)
        before = set(self.order[:place])
        rules = self.parts["rules"]
        index = sum(other.id in before for other, _ in rules)
        rules.insert(index, (rule, origin))

    def own(self, draft: Draft, source: Source) -> None:
        """Take over what a draft says of itself, its instruments, terms and readings."""
        for name in ("rulebook", "title", "version", "licence", "authors", "review", "notes"):
            self.update[name] = getattr(draft, name)
        self.update["organisation"] = self.book.organisation or self.book.rulebook
        for key in ("instruments", "terms", "readings"):
            for name in getattr(draft, key):
                self.origins[key, name] = (source, (key, name))
        self.update["instruments"] = {**self.book.instruments, **draft.instruments}
        self.update["terms"] = {**self.book.terms, **draft.terms}
        self.readings |= draft.readings

    def built(self) -> Text:
        """The rulebook with the places of its parts."""
        for part, items in self.parts.items():
            for index, (_, origin) in enumerate(items):
                self.origins[part, index] = origin
            self.update[part] = tuple(item for item, _ in items)
        self.update["readings"] = self.readings
        return Text(self.book.model_copy(update=self.update), self.origins)


def _sparing(rule: Rule, there: set[str]) -> Rule:
    kept = tuple(name for name in rule.overrides if name in there)
    return rule if kept == rule.overrides else rule.model_copy(update={"overrides": kept})


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
