"""Parts of files to begin with: each key with its hint, those not needed as comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from normrules.core.rulebook import Force, Form
from normrules.core.vocabulary import Vocabulary
from normrules.drafting.example_words import Words
from normrules.lang.hints import HINTS

#: Where hints stand beside keys, and how long a line may get.
_COLUMN, _WIDTH = 38, 120
_OTHER_MODALITIES = ("should", "may", "must_not", "should_not", "discretion", "effect")

#: A key, its value, and whether it is needed; else it is a comment.
Row = tuple[str, str, bool]


def listed(words: Iterable[str]) -> str:
    """Words as a list of YAML.

    >>> listed(["speech", "participation"])
    '[speech, participation]'
    """
    return f"[{', '.join(words)}]"


def rows(model: str, indent: str, *rows: Row) -> Iterator[str]:
    """Keys of a model with their hints, beside them or, where there is no room, above."""
    for key, value, live in rows:
        code = f"{indent}{'' if live else '# '}{key}:{' ' if value else ''}{value}"
        hint = HINTS[model][key] if live else HINTS[model][key].partition(" A date:")[0]
        line = f"{code:<{_COLUMN}}  # {hint}"
        yield from [line] if len(line) <= _WIDTH else [f"{indent}# {hint}", code]


def bodies(vocabulary: Vocabulary, organisation: str | None) -> Iterator[str]:
    """The bodies of an organisation, or how to name them."""
    if organisation is None:
        yield "# `own_organ` is any organ of this organisation. To name its organs, declare them"
        yield "# in a vocabulary of your own, or begin with --organisation NAME."
        return
    yield f"# Bodies of {organisation}:"
    for name, body in vocabulary.bodies.items():
        if body.of == organisation:
            yield f"# {name}: {body.title}"


def instrument(name: str, title: str, form: str, force: str, adopted: str) -> Iterator[str]:
    """An instrument, with every key that one can have."""
    yield f"  {name}:"
    yield from rows("Instrument", "    ", ("title", title, True), ("form", form, True))
    yield f"    # Of form: {', '.join(get_args(Form))}."
    yield from rows("Instrument", "    ", ("force", force, True))
    yield f"    # Of force: {', '.join(get_args(Force))}; internal binds organs and staff."
    yield from rows(
        "Instrument",
        "    ",
        ("adopted", adopted, True),
        ("in_force", adopted, False),
        ("provisional", adopted, False),
        ("ended", "never", False),
        ("known_until", "2025-12-31", False),
        ("replaced_by", "another-instrument", False),
        ("parties", "register-name", False),
        ("url", "https://example.org/text", False),
        ("note", "What a reader should know.", False),
    )


def commented_terms(model: str) -> Iterator[str]:
    """A term, as a comment."""
    yield from rows(model, "", ("terms", "", False))
    yield "#   at-once:"
    yield "#     between: [PT0H, P5D]           # or, if the text is clear: exactly: P5D"
    yield "#     note: The text names no days; say where the upper end comes from."
    yield ""


def commented_definitions(model: str, words: Words, instrument: str) -> Iterator[str]:
    """A definition, as a comment; nothing if the vocabulary has no facts."""
    if words.fact is None:
        return
    yield from rows(model, "", ("definitions", "", False))
    yield "#   - id: example-definition"
    yield "#     title: What counts as what"
    yield f"#     counts_as: {words.fact}"
    yield f"#     source: {{instrument: {instrument}, at: art. 2, basis: memory}}"
    yield f"#     when: {{event: {words.event}}}"
    yield ""


def rule(words: Words, id: str, instrument: str) -> Iterator[str]:
    """The example rule, with every key that a rule can have."""
    yield f"  - id: {id}"
    yield from rows("Rule", "    ", ("title", "The organ acts within ten days (an example)", True))
    yield from rows("Rule", "    ", ("source", "", True))
    yield from rows(
        "Citation",
        "      ",
        ("instrument", instrument, True),
        ("at", "art. 1", True),
        ("basis", "memory", True),
    )
    yield "      # Of basis: official (operative words read), secondary, memory."
    yield from rows("Citation", "      ", ("via", "Author and year", False))
    yield from rows("Rule", "    ", ("when", "", True))
    yield f"      event: {words.event}"
    if words.where:
        yield f"      where: {{{words.where}}}"
    finding = words.fact or "some_fact"
    yield from rows(
        "Rule",
        "    ",
        ("upon", f"{{finding: {finding}, by: {words.body}}}", False),
        ("implied", "true", False),
        ("unless", f"{{event: {words.event}}}", False),
        ("then", "", True),
    )
    yield from _demand(words)
    yield from rows(
        "Rule",
        "    ",
        ("decided_by", "{rule: consensus}", False),
        ("until", f"{{event: {words.event}}}", False),
        ("overrides", "[another-rule]", False),
        ("otherwise", f"{{may: {words.action}, by: {words.body}}}", False),
        ("weighs", "[an_attribute]", False),
        ("note", "What a reader should know.", False),
    )


def _demand(words: Words) -> Iterator[str]:
    yield f"      # One modality. Instead of must: {', '.join(_OTHER_MODALITIES)}."
    condition = f"{{event: {words.event}}}"
    yield from rows(
        "DemandText",
        "      ",
        ("must", words.action, True),
        ("in", "[a_track]", False),
        ("for_example", f"[{words.action}]", False),
        ("by", words.body, True),
        ("with", "{an_attribute: a_value}", False),
        ("within", "10 days", True),
        ("counted_from", condition, False),
        ("no_later_than", "2030-12-31", False),
        ("before", condition, False),
        ("every", "6 months", False),
        ("anew", "true", False),
    )


def commented_end(model: str, words: Words, instrument: str) -> Iterator[str]:
    """Readings, silences and notes, as comments."""
    yield from rows(model, "", ("readings", "", False))
    yield "#   a-question:"
    yield "#     question: On which words do readers part?"
    yield "#     options:"
    yield "#       - {id: one, says: Who reads it so., default: true}"
    yield "#       - {id: other, says: Who reads it otherwise., replace: []}"
    yield from rows(model, "", ("silences", "", False))
    yield f"#   - on: [{words.action}]"
    yield f"#     source: {{instrument: {instrument}, at: the whole text, basis: memory}}"
    yield from rows(model, "", ("notes", "[What is left out, and why.]", False))
