"""A redline in words: what is inserted and deleted, sentence by sentence.

Deletions stand as [-so-] and insertions as {+so+}, in colour or without; in Markdown as ~~so~~ and
**so**, in HTML as `del` and `ins`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from typing import Any, Literal

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from normrules.analysis.redline import Change, Redline, Subject
from normrules.core.program import Clause, FactClause, Program
from normrules.core.rulebook import Instrument, Term, english
from normrules.core.wording import limits_words
from normrules.show.markdown import escaped
from normrules.show.rules import basis, definition_words, rule_words, sentences, source
from normrules.show.text import render

Mark = Literal["kept", "deleted", "inserted"]
_HEADS: tuple[tuple[Subject, str], ...] = (
    ("instrument", "Instruments"),
    ("term", "Terms"),
    ("definition", "Definitions"),
    ("rule", "Rules"),
)
_STYLES: dict[Mark, str] = {"kept": "", "deleted": "red strike", "inserted": "green underline"}
#: Below this share of equal words two sentences are not one reworded, but two.
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that were kept, deleted or inserted."""

    mark: Mark
    text: str


Line = tuple[Run, ...]


def lines(change: Change, line: Redline) -> list[Line]:
    """A change sentence by sentence, each as runs of words kept, deleted and inserted."""
    old = _said(line.old, change.old) if change.old is not None else []
    new = _said(line.new, change.new) if change.new is not None else []
    return list(_compared(old, new))


def _said(program: Program, what: Clause | FactClause | Term | Instrument) -> list[str]:
    """A rule, definition, term or instrument in sentences."""
    if isinstance(what, Clause):
        notes = [f"Note: {note}" for note in rule_words(program, what).notes]
        return [f"{what.title}.", *sentences(program, what), *notes]
    if isinstance(what, FactClause):
        return list(_definition(program, what))
    return list(_instrument(what)) if isinstance(what, Instrument) else list(_term(what))


def _definition(program: Program, definition: FactClause) -> Iterator[str]:
    when, unless, fact = definition_words(program, definition)
    yield f"{definition.title}."
    yield f"In this case: {when}."
    if unless:
        yield f"Not if this had come before: {unless}."
    yield f"Then {fact}."
    yield f"Source: {source(program, definition.source)} ({basis(definition.source)})."


def _instrument(text: Instrument) -> Iterator[str]:
    yield f"{english(text.title)}."
    yield f"Form: {text.form}; legal force: {text.force}; adopted {text.adopted}."
    if text.in_force is not None:
        yield f"In force {text.in_force}."
    if text.ended != "never":
        yield f"Ended: {text.ended}."
    if text.note:
        yield f"Note: {text.note}"


def _term(term: Term) -> Iterator[str]:
    if term.between is not None:
        yield f"It means {limits_words(term.between)}."
    elif term.exactly is not None:
        yield f"It means {term.exactly.words()}."
    if term.note:
        yield f"Note: {term.note}"


# -------------------------------------------------------------------- words


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """The sentences of two texts: equal ones kept, those that correspond word by word."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from ((Run("kept", text),) for text in old[a:b])
        else:
            yield from _paired(list(old[a:b]), list(new[c:d]))


def _paired(old: list[str], new: list[str]) -> Iterator[Line]:
    """Each old sentence with the first new one that is alike; the rest deleted or inserted."""
    for text in old:
        place = next((i for i, other in enumerate(new) if _alike(text, other)), None)
        if place is None:
            yield (Run("deleted", text),)
            continue
        yield from ((Run("inserted", other),) for other in new[:place])
        yield tuple(_words(text, new[place]))
        del new[: place + 1]
    yield from ((Run("inserted", other),) for other in new)


def _alike(old: str, new: str) -> bool:
    """Whether one sentence is the other one reworded: same opening, or mostly the same words."""
    first = [text.partition(": ")[0] for text in (old, new)]
    opened = first[0] == first[1] and ": " in old and first[0] != "Note"
    return opened or _likeness(old, new) >= _ALIKE


def _likeness(old: str, new: str) -> float:
    """The share of words that two texts have in common and in order."""
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()


def _words(old: str, new: str) -> Iterator[Run]:
    """Two sentences word by word; if little is common, one whole in the place of the other."""
    opening, colon, rest = old.partition(": ")
    if colon and new.startswith(opening + colon) and _likeness(old, new) < _ALIKE:
        yield Run("kept", opening + colon)
        yield Run("deleted", rest)
        yield Run("inserted", new.removeprefix(opening + colon))
        return
    before, after = (re.findall(r"[^\W_]+(?:[-'_.][^\W_]+)*|\s+|.", text) for text in (old, new))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in _closed(matcher.get_opcodes(), before):
        if kind == "equal":
            yield Run("kept", "".join(before[a:b]))
            continue
        if a < b:
            yield Run("deleted", "".join(before[a:b]))
        if c < d:
            yield Run("inserted", "".join(after[c:d]))


Opcode = tuple[str, int, int, int, int]


def _closed(opcodes: Sequence[Opcode], words: Sequence[str]) -> list[Opcode]:
    """Changes with only a blank or a mark between them drawn together, so that they read well."""
    joined: list[Opcode] = []
    for index, (kind, start, b, begin, d) in enumerate(opcodes):
        inside = 0 < index < len(opcodes) - 1
        small = not any(char.isalnum() for char in "".join(words[start:b]))
        changed = "replace" if kind != "equal" or (inside and small) else "equal"
        a, c = start, begin
        if joined and joined[-1][0] == changed == "replace":
            _, a, _, c, _ = joined.pop()
        joined.append((changed, a, b, c, d))
    return joined


# -------------------------------------------------------------------- faces


def heading(line: Redline) -> str:
    """What is compared with what."""
    if line.new.base is line.old:
        return f"What {line.new.name} changes in {line.old.name}"
    return f"How {line.new.name} differs from {line.old.name}"


def summary(line: Redline) -> str:
    """How many rules are added, removed, changed and kept."""
    counts = {kind: len(line.of("rule", kind)) for kind in ("added", "removed", "changed")}
    said = ", ".join(f"{n} {kind}" for kind, n in counts.items())
    return f"Rules: {said}, {line.kept} as they were."


def redline_text(line: Redline, width: int = 80, *, colour: bool = False) -> str:
    """The redline in the terminal: [-deleted-] and {+inserted+}; `width` in columns."""
    parts: list[RenderableType] = [Text(heading(line), style="bold"), Text(summary(line))]
    for subject, head in _HEADS:
        changes = line.of(subject)
        if changes:
            parts += ["", Text(head, style="bold underline")]
        for change in changes:
            parts += ["", Text.assemble((change.name, "bold cyan"), f"  {_what(change)}")]
            parts += [Padding(_text(run), (0, 0, 0, 2)) for run in lines(change, line)]
    return render(Group(*parts), width, colour=colour)


def _what(change: Change) -> str:
    parts = f": {', '.join(name.replace('_', ' ') for name in change.parts)}"
    return change.kind + (parts if change.kind == "changed" else "")


def _text(runs: Line) -> Text:
    marks = {"kept": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    return Text.assemble(*((marks[r.mark].format(r.text), _STYLES[r.mark]) for r in _tight(runs)))


def _tight(runs: Line) -> Iterator[Run]:
    """Runs with the blanks at their ends set apart, so that marks close on words."""
    for run in runs:
        inner = run.text.strip()
        if run.mark == "kept" or not inner:
            yield run if run.mark == "kept" else Run("kept", run.text)
            continue
        start = run.text.index(inner)
        yield from (Run("kept", run.text[:start]),) if start else ()
        yield Run(run.mark, inner)
        end = run.text[start + len(inner) :]
        yield from (Run("kept", end),) if end else ()


def redline_markdown(line: Redline) -> str:
    """The redline in Markdown: ~~deleted~~ and **inserted**."""
    marks: dict[Mark, str] = {"kept": "{}", "deleted": "~~{}~~", "inserted": "**{}**"}

    def said(runs: Line) -> str:
        return "".join(marks[run.mark].format(_inline(run.text)) for run in _tight(runs))

    parts = [f"# {escaped(heading(line))}", summary(line)]
    for subject, head in _HEADS:
        changes = line.of(subject)
        parts += [f"## {head}"] if changes else []
        for change in changes:
            parts.append(f"### {change.name} ({escaped(_what(change))})")
            parts.append("\n".join(f"- {said(runs)}" for runs in lines(change, line)))
    return "\n\n".join(parts) + "\n"


def _inline(text: str) -> str:
    """Text escaped for Markdown, the blanks at its ends kept."""
    inner = escaped(text)
    before = " " if text[:1].isspace() else ""
    after = " " if inner and text[-1:].isspace() else ""
    return f"{before}{inner}{after}"


def redline_html(line: Redline) -> str:
    """The redline as an HTML fragment with `del` and `ins`."""
    tags: dict[Mark, str] = {"kept": "{}", "deleted": "<del>{}</del>", "inserted": "<ins>{}</ins>"}

    def said(runs: Line) -> str:
        return "".join(tags[run.mark].format(escape(run.text)) for run in _tight(runs))

    parts = [f"<h2>{escape(heading(line))}</h2>", f"<p>{escape(summary(line))}</p>"]
    for subject, head in _HEADS:
        changes = line.of(subject)
        parts += [f"<h3>{head}</h3>"] if changes else []
        for change in changes:
            items = "".join(f"<li>{said(runs)}</li>" for runs in lines(change, line))
            parts.append(f"<h4>{escape(change.name)} <small>{escape(_what(change))}</small></h4>")
            parts.append(f"<ul>{items}</ul>")
    return "<div class='normrules redline'>\n" + "\n".join(parts) + "\n</div>"


def redline_json(line: Redline) -> str:
    """The redline as JSON: each change with its sentences before and after, and their runs."""
    return json.dumps(redline_data(line), indent=2, ensure_ascii=False)


def redline_data(line: Redline) -> dict[str, Any]:
    """The redline as data."""
    return {
        "kind": "redline",
        "old": line.old.name,
        "new": line.new.name,
        "kept": line.kept,
        "changes": [_change_data(change, line) for change in line.changes],
    }


def _change_data(change: Change, line: Redline) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "subject": change.subject,
        "name": change.name,
        "parts": list(change.parts),
        "old": [] if change.old is None else _said(line.old, change.old),
        "new": [] if change.new is None else _said(line.new, change.new),
        "runs": [[[run.mark, run.text] for run in runs] for runs in lines(change, line)],
    }
