"""The rulebooks on the shelves, one line each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from normrules.core.problem import NormrulesError
from normrules.core.program import Program
from normrules.core.rulebook import english
from normrules.core.time import Instant
from normrules.lang.library import load_program
from normrules.lang.shelf import catalogue, vocabularies
from normrules.show.book import Members, members, since
from normrules.show.markdown import escaped, table
from normrules.show.rules import definitions
from normrules.show.text import render

#: From this many columns on, the title has a column of its own.
_WIDE = 118


@dataclass(frozen=True)
class Entry:
    """One rulebook of the list. `since`: when its first instrument with a rule came into force.

    `amends` is the rulebook that a draft changes. `problem` says why a book can't be used; the
    rest of its line is empty then.
    """

    name: str
    title: str = ""
    kind: str = ""
    rules: int = 0
    definitions: int = 0
    instruments: int = 0
    silences: int = 0
    members: Members | None = None
    since: str | None = None
    version: str = ""
    review: str = ""
    amends: str = ""
    problem: str = ""


def entries(kinds: Iterable[str] = (), at: Instant | None = None) -> list[Entry]:
    """The rulebooks on the shelves, of some kinds or of all, in order of name.

    Members are counted on the day `at`, or on the last complete day of the register before it.
    """
    wanted = set(kinds)
    found = [_entry(name, at) for name in sorted(catalogue())]
    return [entry for entry in found if not wanted or entry.kind in wanted or entry.problem]


def _entry(name: str, at: Instant | None) -> Entry:
    try:
        return _summary(load_program(name), at)
    except NormrulesError as error:
        return Entry(name, problem=f"{error}: see normrules check {catalogue()[name]}")


def _summary(program: Program, at: Instant | None) -> Entry:
    book = program.rulebook
    rules = [clause for clause in program.clauses if not clause.endswith(".otherwise")]
    return Entry(
        name=program.name,
        title=english(book.title),
        kind=book.kind,
        rules=len(rules),
        definitions=len(definitions(program)),
        instruments=len(program.laws),
        silences=len(book.silences),
        members=members(program.registers[book.members], at) if book.members else None,
        since=since(program),
        version=book.version or "",
        review=book.review or "",
        amends=program.base.name if program.base else "",
    )


def tally(found: Sequence[Entry]) -> str:
    """How many there are, those without a rule and drafts apart.

    >>> tally([Entry("a", rules=1), Entry("b")])
    '2 rulebooks: 1 with rules, 1 without a rule on the matter'
    >>> tally([Entry("a", rules=1), Entry("b", rules=2, amends="a")])
    '2 rulebooks: 1 with rules, 0 without a rule on the matter, 1 draft'
    """
    drafts = sum(bool(entry.amends) for entry in found)
    usable = [entry for entry in found if not entry.problem and not entry.amends]
    ruled = sum(entry.rules > 0 for entry in usable)
    parts = [f"{ruled} with rules", f"{len(usable) - ruled} without a rule on the matter"]
    parts += [f"{drafts} draft{'' if drafts == 1 else 's'}"] if drafts else []
    broken = sum(bool(entry.problem) for entry in found)
    parts += [f"{broken} with problems"] if broken else []
    return f"{len(found)} rulebook{'' if len(found) == 1 else 's'}: {', '.join(parts)}"


def catalogue_text(found: Sequence[Entry], width: int = 80, *, colour: bool = False) -> str:
    """The list in the terminal; `width` in columns."""
    ruled = [entry for entry in found if entry.rules and not entry.amends]
    silent = [entry for entry in found if not (entry.rules or entry.problem or entry.amends)]
    drafts = [entry for entry in found if entry.amends]
    parts: list[RenderableType] = [_listed(ruled, width)] if ruled else []
    if silent:
        heading = Text("Without a rule on the matter", style="bold underline")
        parts += ["", heading, "", _listed(silent, width)]
    if drafts:
        parts += ["", Text("Drafts", style="bold underline"), "", _listed(drafts, width)]
    for entry in found:
        if entry.problem:
            parts += ["", Text.assemble((f"{entry.name}: ", "bold red"), entry.problem)]
    days = sorted({entry.members.at for entry in found if entry.members})
    parts += ["", Text(f"{tally(found)}.")]
    if days:
        span = days[0] if len(days) == 1 else f"days from {days[0]} to {days[-1]}"
        parts.append(Text(f"Members are those of {span}, as far as registers go.", style="dim"))
    parts.append(Text(f"Vocabularies: {', '.join(vocabularies())}.", style="dim"))
    return render(Group(*parts), width, colour=colour)


_HEADS = ("Name", "Kind", "Rules", "Defs", "Texts", "Memb.", "Since", "Vers.", "Review")
_RIGHT = ("Rules", "Defs", "Texts", "Memb.")


def _listed(found: Sequence[Entry], width: int) -> RenderableType:
    """The list as a table; where it is narrow, each title stands below its line."""
    wide = width >= _WIDE
    body = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=wide)
    for head in _HEADS:
        body.add_column(head, justify="right" if head in _RIGHT else "left", no_wrap=True)
        if head == "Name" and wide:
            body.add_column("Title", ratio=1)
    for entry in found:
        name, *rest = _cells(entry)
        title = [Text(_titled(entry))] if wide else []
        body.add_row(Text(name, style="bold"), *title, *map(Text, rest))
    if wide:
        return body
    head, *lines = render(body, 500).split("\n")
    parts: list[RenderableType] = [Text(head, style="bold")]
    for line, entry in zip(lines, found, strict=True):
        parts += [Text(line), Padding(Text(_titled(entry), style="dim"), (0, 0, 0, 2))]
    return Group(*parts)


def _titled(entry: Entry) -> str:
    """The title; of a draft, with what it amends."""
    return f"{entry.title} (draft: amends {entry.amends})" if entry.amends else entry.title


def _cells(entry: Entry) -> list[str]:
    """What stands in a line; a text with line breaks is put on one."""
    cells = [
        entry.name,
        entry.kind,
        str(entry.rules) if entry.rules else "none",
        str(entry.definitions),
        str(entry.instruments),
        str(entry.members) if entry.members else "",
        (entry.since or "")[:4],
        entry.version,
        entry.review,
    ]
    return [" ".join(cell.split()) for cell in cells]


def catalogue_markdown(found: Sequence[Entry]) -> str:
    """The list as a page in Markdown that leads to the pages of the books."""
    heads = [
        "Rulebook",
        "Kind",
        "Rules",
        "Definitions",
        "Instruments",
        "Members",
        "Since",
        "Review",
    ]
    rows = [
        [
            f"[{escaped(_titled(entry))}]({entry.name}.md)",
            entry.kind,
            str(entry.rules) if entry.rules else "none",
            str(entry.definitions),
            str(entry.instruments),
            f"{entry.members} ({entry.members.at})" if entry.members else "",
            entry.since or "",
            escaped(entry.review),
        ]
        for entry in found
    ]
    return f"# Rulebooks\n\n{tally(found)}.\n\n{table(heads, rows)}\n"


def catalogue_data(found: Sequence[Entry]) -> dict[str, Any]:
    """The list as data for JSON."""
    listed = [asdict(entry) | {"has_rules": entry.rules > 0} for entry in found]
    return {"kind": "rulebooks", "rulebooks": listed, "vocabularies": list(vocabularies())}
