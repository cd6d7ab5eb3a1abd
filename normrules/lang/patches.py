"""The readings of a rulebook: its rules under some of them, and patches that do not fit."""

from __future__ import annotations

from normrules.core.problem import Problem, did_you_mean
from normrules.core.rulebook import Option, Rulebook
from normrules.lang.compiler import PlacedRule, placed_rules


def patched(book: Rulebook, options: list[Option]) -> list[PlacedRule]:
    """The rules of a book under some readings, each with its place in the file."""
    rules = {rule.id: (rule, path) for rule, path in placed_rules(book)}
    repeated = placed_rules(book) if len(rules) != len(book.rules) else []
    for question, reading in book.readings.items():
        for index, option in enumerate(reading.options):
            if option in options:
                place = ("readings", question, "options", index)
                for kind in ("add", "replace"):
                    for number, rule in enumerate(getattr(option, kind)):
                        rules[rule.id] = (rule, (*place, kind, number))
                for removed in option.remove:
                    rules.pop(removed, None)
    return repeated or list(rules.values())


def check_patches(book: Rulebook) -> list[Problem]:
    """Readings that replace or remove what is not there, add what is, or have two defaults."""
    ids = {rule.id for rule in book.rules}
    found = []
    for question, reading in book.readings.items():
        place: tuple[str | int, ...] = ("readings", question)
        if sum(option.default for option in reading.options) > 1:
            found.append(Problem("reading", f"`{question}` has two defaults", place))
        for index, option in enumerate(reading.options):
            here = (*place, "options", index)
            targets = [("replace", i, rule.id) for i, rule in enumerate(option.replace)]
            targets += [("remove", i, name) for i, name in enumerate(option.remove)]
            found += [
                Problem(
                    "unknown-rule",
                    f"unknown rule `{name}`",
                    (*here, key, i),
                    did_you_mean(name, ids),
                )
                for key, i, name in targets
                if name not in ids
            ]
            found += [
                Problem("repeated-id", f"there is a rule `{rule.id}` already", (*here, "add", i))
                for i, rule in enumerate(option.add)
                if rule.id in ids
            ]
    return found
