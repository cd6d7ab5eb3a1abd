"""The instruments of rulebooks as entries of a bibliography."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from normrules.core.program import Program
from normrules.core.rulebook import Force, Form, english
from normrules.show.book import instruments

Format = Literal["text", "bibtex", "csl-json"]
#: What the forms are in the terms of CSL 1.0.2; all others are documents.
_CSL_TYPES = {"treaty": "treaty", "charter": "treaty", "statute": "legislation"}
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}


@dataclass(frozen=True)
class Entry:
    """One instrument: whose it is, its dates as written, and where rules cite it."""

    key: str
    title: str
    author: str
    form: Form
    force: Force
    adopted: str
    in_force: str | None
    ended: str
    url: str | None
    cited: tuple[str, ...]


def entries(programs: Iterable[Program]) -> list[Entry]:
    """The instruments of some rulebooks, each once, in order of book and file."""
    found: dict[str, Entry] = {}
    for program in programs:
        for law in instruments(program):
            text = law.instrument
            key = f"{program.rulebook.rulebook}-{law.id}"
            found[key] = Entry(
                key,
                english(text.title),
                author(program),
                text.form,
                text.force,
                text.adopted,
                text.in_force,
                text.ended,
                text.url,
                tuple(dict.fromkeys(_pinpoints(program, law.id))),
            )
    return list(found.values())


def author(program: Program) -> str:
    """The organisation that an instrument is of, by name.

    A book of the whole organisation has its name in the title, before ` - `; a book of one of
    its organs names the organisation by a word.
    """
    book = program.rulebook
    if book.organisation is None or book.organisation == book.rulebook:
        return english(book.title).split(" - ")[0]
    words = book.organisation.replace("_", "-").split("-")
    return " ".join(words).title() if len(words) > 1 else book.organisation.upper()


def _pinpoints(program: Program, instrument: str) -> Iterable[str]:
    parts = [part for facts in program.facts.values() for part in facts]
    for part in (*program.clauses.values(), *parts):
        if part.source.instrument == instrument:
            yield part.source.at


def cite(programs: Iterable[Program], format: Format) -> str:
    """The instruments of some rulebooks as text, BibTeX or CSL-JSON."""
    found = entries(programs)
    if format == "bibtex":
        return "\n\n".join(map(bibtex, found))
    if format == "csl-json":
        return json.dumps([csl(entry) for entry in found], indent=2, ensure_ascii=False)
    return "\n\n".join(map(reference, found))


def reference(entry: Entry) -> str:
    """An entry as people write it."""
    parts = [f"{entry.author}: {entry.title} ({entry.form})", *_dates(entry)]
    said = ", ".join(parts) + "."
    cited = f" Cited: {'; '.join(entry.cited)}." if entry.cited else ""
    return said + (f" {entry.url}" if entry.url else "") + cited


def _dates(entry: Entry) -> list[str]:
    said = [f"adopted {entry.adopted}"]
    if entry.in_force and entry.in_force != entry.adopted:
        said.append(f"in force {entry.in_force}")
    if entry.ended == "unknown":
        said.append("end unknown")
    elif entry.ended != "never":
        said.append(f"ended {entry.ended}")
    return said


def _note(entry: Entry) -> str:
    kind = f"{entry.form}, {'no legal force' if entry.force == 'none' else entry.force}"
    cited = [f"cited: {'; '.join(entry.cited)}"] if entry.cited else []
    return "; ".join([kind, *_dates(entry)[1:], *cited])


def bibtex(entry: Entry) -> str:
    """An entry in BibTeX; the title is kept from being put in lower case."""
    fields = {
        "author": f"{{{latex(entry.author)}}}",
        "title": f"{{{latex(entry.title)}}}",
        "year": entry.adopted[:4],
        "date": entry.adopted,
        "note": latex(_note(entry)),
        **({"url": _url(entry.url)} if entry.url else {}),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{entry.key},\n{body}}}"


def latex(text: str) -> str:
    r"""Plain text as LaTeX.

    >>> print(latex("R&D_{50%}"))
    R\&D\_\{50\%\}
    """
    return "".join(_LATEX.get(character, character) for character in " ".join(text.split()))


def _url(text: str) -> str:
    """An address for a field that is set as it is: what would break the braces is encoded."""
    marks = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}
    return re.sub(r"[{}\\\s]", lambda match: marks.get(match[0], "%20"), text)


def csl(entry: Entry) -> dict[str, Any]:
    """An entry in CSL-JSON."""
    return {
        "id": entry.key,
        "type": _CSL_TYPES.get(entry.form, "document"),
        "title": entry.title,
        "author": [{"literal": entry.author}],
        "issued": {"date-parts": [[int(part) for part in entry.adopted.split("-")]]},
        "genre": entry.form,
        "note": _note(entry),
        **({"URL": entry.url} if entry.url else {}),
    }
