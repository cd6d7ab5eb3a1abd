"""Markdown from plain text: nothing in it is taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def escaped(text: str) -> str:
    r"""Text that reads as itself in Markdown, on one line.

    >>> print(escaped("a|b *c* <d>\ne_f"))
    a\|b \*c\* &lt;d> e\_f
    """
    line = " ".join(text.split())
    line = re.sub(r"([\\`*_|\[\]])", r"\\\1", line).replace("<", "&lt;")
    return re.sub(r"^([#>+-]|\d+\.)(?= )", r"\\\1", line)


def code(text: str) -> str:
    """A name as code, also inside a table."""
    return f"`{text}`"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def bullets(rows: Iterable[tuple[str, str]]) -> str:
    """A list of labels with what they say, plain text both."""
    return "\n".join(f"- **{escaped(label)}**: {escaped(text)}" for label, text in rows if text)


def link(text: str, url: str) -> str:
    """A link to an address, if it is one that a browser should open."""
    if not re.match(r"https?://[^\s<>]+$", url):
        return escaped(text)
    return f"[{escaped(text)}](<{url}>)"
