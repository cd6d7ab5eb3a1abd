"""A rulebook as a page in Markdown, for the documentation and for review."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normrules.core.program import FactClause, Program
from normrules.core.rulebook import english
from normrules.show.book import (
    about,
    dates,
    excerpt,
    find_clause,
    instruments,
    silences,
    terms,
    title_of,
)
from normrules.show.book_text import readings, rule_rows
from normrules.show.markdown import bullets, code, escaped, link, table
from normrules.show.rules import (
    RuleWords,
    all_rule_words,
    basis,
    definition_words,
    definitions,
    rule_words,
    sentences,
    source,
)


def book_markdown(program: Program) -> str:
    """A rulebook as one page: instruments, terms, definitions, rules, readings, silences, notes."""
    return "\n\n".join(_page(program)) + "\n"


def _page(program: Program) -> Iterator[str]:
    yield f"# {escaped(title_of(program))}"
    yield bullets(about(program))
    yield "## Instruments"
    yield _instruments(program)
    if program.rulebook.terms:
        yield "## Terms"
        rows = [[code(n), escaped(m), escaped(note)] for n, m, note in terms(program)]
        yield table(["Term", "Means", "Note"], rows)
    if definitions(program):
        yield "## Definitions"
        yield _definitions(program)
    yield from _rules(program)
    yield from _ends(program)


def _instruments(program: Program) -> str:
    rows = []
    for law in instruments(program):
        text = law.instrument
        title = link(english(text.title), text.url or "")
        force = "no legal force" if text.force == "none" else text.force
        parties = code(law.register) if law.register else ""
        cells = [code(law.id), title, f"{text.form}, {force}", escaped(dates(law)), parties]
        rows.append([*cells, escaped(text.note or "")])
    return table(["Name", "Title", "Form and force", "Dates", "Binds", "Note"], rows)


def _definitions(program: Program) -> str:
    rows = []
    for definition in definitions(program):
        when, unless, fact = definition_words(program, definition)
        barred = f", unless {unless}" if unless else ""
        where = f"{source(program, definition.source)} ({basis(definition.source)})"
        name = f"{code(definition.id)} {escaped(definition.title)}"
        rows.append([name, escaped(when + barred), escaped(fact), escaped(where)])
    return table(["Definition", "When", "Then", "Source"], rows)


def _rules(program: Program) -> Iterator[str]:
    rules = all_rule_words(program)
    yield "## Rules"
    if not rules:
        yield "This regime has no rule on the matter."
        return
    yield table(
        ["Rule", "When", "Who, what, by when", "Source", "Basis"],
        ([*_overview(rule)] for rule in rules),
    )
    for rule in rules:
        yield f"### {rule.id}"
        yield f"**{escaped(rule.title)}**"
        yield bullets(rule_rows(rule))


def _overview(rule: RuleWords) -> Iterator[str]:
    anchor = re.sub(r"[^\w-]", "", rule.id.lower())
    yield f"[{escaped(rule.id)}](#{anchor})"
    yield escaped(rule.when + (f"; once {rule.once}" if rule.once else ""))
    yield escaped(rule.demand + (f", {rule.deadline}" if rule.deadline else ""))
    yield escaped(rule.source)
    yield escaped(rule.basis)


def _ends(program: Program) -> Iterator[str]:
    if program.rulebook.readings:
        yield "## Readings"
        for question, text, rows in readings(program):
            yield f"### {question}"
            yield escaped(text)
            yield bullets(rows)
    silent = [[escaped(cell) for cell in row] for row in silences(program)]
    if silent:
        yield "## Silences"
        yield "Texts that were read and hold no rule on these actions."
        yield table(["No rule on", "Read in", "Note"], silent)
    if program.rulebook.notes:
        yield "## Notes"
        yield "\n".join(f"- {escaped(note)}" for note in program.rulebook.notes)


def clause_markdown(program: Program, name: str) -> str:
    """One rule or definition as Markdown. Raises NormrulesError with near names."""
    found = find_clause(program, name)
    parts = [f"# {escaped(program.name)}: {escaped(found.id)}", f"**{escaped(found.title)}**"]
    if isinstance(found, FactClause):
        when, unless, fact = definition_words(program, found)
        where = f"{source(program, found.source)} ({basis(found.source)})"
        parts.append(
            bullets([("When", when), ("Unless", unless), ("Then", fact), ("Source", where)])
        )
    else:
        words = rule_words(program, found)
        parts += [escaped(" ".join(sentences(program, found)))]
        parts += [
            bullets([("Readings", "; ".join(words.readings)), ("Note", " ".join(words.notes))])
        ]
    parts.append(f"```yaml\n{excerpt(program, name)}\n```")
    return "\n\n".join(part for part in parts if part) + "\n"
