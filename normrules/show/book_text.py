"""A rulebook in the terminal: a table where there is room, else a card for each rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from normrules.core.program import FactClause, Program
from normrules.core.rulebook import Option, english
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
from normrules.show.text import render

#: From this many columns on, rules stand in a table.
_WIDE = 110
Row = tuple[str, str]


def book_text(program: Program, width: int = 80, *, colour: bool = False) -> str:
    """All that stands in a rulebook, in words; `width` in columns."""
    parts: list[RenderableType] = [Text(title_of(program), style="bold"), _rows(about(program))]
    for heading, body in _sections(program, width):
        parts += ["", Text(heading, style="bold underline"), "", *body]
    return render(Group(*parts), width, colour=colour)


def _sections(program: Program, width: int) -> Iterator[tuple[str, list[RenderableType]]]:
    yield "Instruments", [_instruments(program)]
    if program.rulebook.terms:
        said = [(n, f"{m}. {note}".strip()) for n, m, note in terms(program)]
        yield "Terms", [_rows(said)]
    if definitions(program):
        yield "Definitions", [*_apart(_definition(program, d) for d in definitions(program))]
    rules = all_rule_words(program)
    if not rules:
        yield "Rules", [Text("This regime has no rule on the matter.", style="italic")]
    elif width >= _WIDE:
        yield f"Rules ({len(rules)})", [_table(rules)]
    else:
        yield f"Rules ({len(rules)})", [*_apart(_card(rule) for rule in rules)]
    yield from _ends(program)


def _ends(program: Program) -> Iterator[tuple[str, list[RenderableType]]]:
    if program.rulebook.readings:
        yield "Readings", [*_apart(_headed(*reading) for reading in readings(program))]
    silent = [
        [("No rule on", on), ("Read in", where), ("Note", note)]
        for on, where, note in silences(program)
    ]
    if silent:
        yield "Silences", [*_apart(_rows(row) for row in silent)]
    if program.rulebook.notes:
        notes = [Padding(Text(note), (0, 0, 0, 2)) for note in program.rulebook.notes]
        yield "Notes", [*_apart(notes)]


def _apart(items: Iterable[RenderableType]) -> Iterator[RenderableType]:
    """Items with an empty line between two."""
    for index, item in enumerate(items):
        if index:
            yield ""
        yield item


def _rows(rows: Sequence[Row]) -> Table:
    """Labels with what they say, those that say nothing left out."""
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column(style="dim", no_wrap=True, min_width=14)
    table.add_column(overflow="fold")
    for label, text in rows:
        if text:
            table.add_row(f"  {label}", Text(text))
    return table


def _headed(name: str, title: str, rows: Sequence[Row]) -> RenderableType:
    head = Text.assemble((name, "bold cyan"), "  ", (title, "bold"))
    return Group(head, _rows(rows))


def _instruments(program: Program) -> RenderableType:
    entries = []
    for law in instruments(program):
        text = law.instrument
        binds = law.register if law.register and law.register != program.rulebook.members else ""
        rows = [
            ("Form", f"{text.form}, {_force(text.force)}"),
            ("Dates", dates(law)),
            ("Parties", f"register {binds}" if binds else ""),
            ("Text", text.url or ""),
            ("Note", text.note or ""),
        ]
        entries.append(_headed(law.id, english(text.title), rows))
    return Group(*_apart(entries))


def _force(force: str) -> str:
    return "without legal force" if force == "none" else force


def _definition(program: Program, definition: FactClause) -> RenderableType:
    when, unless, fact = definition_words(program, definition)
    rows = [
        ("When", when),
        ("Unless", unless),
        ("Then", fact),
        ("Source", source(program, definition.source)),
        ("Basis", basis(definition.source)),
        ("Note", definition.source.note or ""),
    ]
    return _headed(definition.id, definition.title, rows)


def rule_rows(rule: RuleWords) -> list[Row]:
    """The parts of a rule with their labels, in the order in which it is applied."""
    return [
        ("When", rule.when),
        ("Unless", rule.unless),
        ("Once", rule.once),
        ("Then", rule.demand),
        ("Deadline", rule.deadline),
        ("Decided by", rule.decided_by),
        ("Until", rule.until),
        ("Goes before", ", ".join(rule.overrides)),
        ("Gives way to", ", ".join(rule.gives_way)),
        ("If breached", "; ".join(rule.breach)),
        ("Weighs", ", ".join(rule.weighs)),
        ("Source", rule.source),
        ("Basis", rule.basis),
        ("Readings", "; ".join(rule.readings)),
        ("Note", " ".join(rule.notes)),
    ]


def _card(rule: RuleWords) -> RenderableType:
    return _headed(rule.id, rule.title, rule_rows(rule))


def _table(rules: Sequence[RuleWords]) -> Table:
    table = Table(box=None, padding=(0, 2, 1, 0), show_edge=False, expand=True)
    table.add_column("Rule, source", width=max(26, *(len(rule.id) for rule in rules)))
    for title, ratio in (
        ("When, and once found", 6),
        ("Who, what, by when", 6),
        ("Until, exceptions, breach", 5),
    ):
        table.add_column(title, ratio=ratio, overflow="fold")
    for rule in rules:
        table.add_row(*map(_cell, _cells(rule)))
    return table


def _cells(rule: RuleWords) -> list[list[Row]]:
    """The parts of a rule by column; the first part of each needs no label."""
    rows = dict(rule_rows(rule))
    demand = rule.demand + (f", {rule.deadline}" if rule.deadline else "")
    return [
        [("", rule.id), ("", rule.title), ("Source", rule.source), ("Basis", rule.basis)],
        [("", rule.when), ("Unless", rule.unless), ("Once", rule.once), ("Note", rows["Note"])],
        [("", demand), ("Decided by", rule.decided_by), ("Weighs", rows["Weighs"])],
        [
            (label, rows[label])
            for label in ("Until", "Goes before", "Gives way to", "If breached", "Readings")
        ],
    ]


def _cell(rows: Sequence[Row]) -> Text:
    text = Text()
    for index, (label, said) in enumerate((label, said) for label, said in rows if said):
        text.append("\n" if index else "")
        text.append(f"{label}: " if label else "", style="dim")
        text.append(said, style="bold cyan" if index == 0 and not label and " " not in said else "")
    return text


def readings(program: Program) -> Iterator[tuple[str, str, list[Row]]]:
    """Each question with its options: who reads it so, and what that changes."""
    for name, reading in program.rulebook.readings.items():
        rows = []
        for option in reading.options:
            chosen = " (taken here)" if program.readings.get(name) == option.id else ""
            changes = "; ".join(_changes(option))
            changed = f" [{changes}]" if changes else ""
            rows.append((f"{option.id}{chosen}", f"{option.says}{changed}"))
        yield name, reading.question, [*rows, ("Note", reading.note or "")]


def _changes(option: Option) -> Iterator[str]:
    for verb, rules in (
        ("adds", [rule.id for rule in option.add]),
        ("replaces", [rule.id for rule in option.replace]),
        ("removes", list(option.remove)),
    ):
        if rules:
            yield f"{verb} {', '.join(rules)}"


def clause_text(program: Program, name: str, width: int = 80, *, colour: bool = False) -> str:
    """One rule or definition: its sentences, its parts, its text. Raises NormrulesError."""
    found = find_clause(program, name)
    if isinstance(found, FactClause):
        said: RenderableType = _definition(program, found)
    else:
        words = rule_words(program, found)
        rest = ("Source", "Basis", "Readings", "Note")
        rows = [(label, text) for label, text in rule_rows(words) if label in rest]
        said = Group(
            Text.assemble((f"{program.name}:{found.id}", "bold cyan"), "  ", (words.title, "bold")),
            "",
            *(Text(sentence) for sentence in sentences(program, found)[:-1]),
            "",
            _rows(rows),
        )
    head = Text("As written", style="bold")
    return render(Group(said, "", head), width, colour=colour) + f"\n\n{excerpt(program, name)}"
