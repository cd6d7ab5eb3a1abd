"""How one value is written in YAML: without quotes where it can be, wrapped where it is long."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from normrules.lang.reader import MAX_DIGITS, kind_unquoted

#: Words that tools of YAML 1.1 take for true or false. `NO` in capitals is Norway and stays.
_BOOLEAN_ELSEWHERE = re.compile(r"[yn]|[Yy]es|[Nn]o|[Oo]n|[Oo]ff")
_MARKS = tuple(",[]{}#&*!|>'\"%@`?:")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
#: A key longer than this is none that a reader of YAML looks for.
MAX_KEY = 1000


def scalar(value: Any, raw: str | None = None, *, flow: bool = False) -> str:
    """A value on one line; `raw` is a number as it was written.

    >>> scalar("NO"), scalar("yes"), scalar("art. 25(1)"), scalar("2023"), scalar(None)
    ('NO', '"yes"', 'art. 25(1)', '"2023"', 'null')
    """
    if isinstance(value, str):
        return value if is_plain(value, flow=flow) else quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return raw if raw is not None else _number(value)


def _number(value: float) -> str:
    """A number as it is read. Raises ValueError for one of more digits than are read."""
    text = repr(value)
    if isinstance(value, int) and len(text) > MAX_DIGITS:
        raise ValueError(f"a number of {len(text)} digits is read nowhere")
    return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(text, text)


def key(text: str, *, flow: bool = False) -> str:
    """A key: every plain text is read as one, whatever it looks like.

    Raises ValueError for a key of more than 1,000 characters.

    >>> key("on"), key("2023-07-26"), key("a: b")
    ('on', '2023-07-26', '"a: b"')
    """
    written = text if _stands_alone(text, flow=flow) else quoted(text)
    if len(written) > MAX_KEY:
        raise ValueError(f"a key of {len(text)} characters is too long for YAML")
    return written


def is_plain(text: str, *, flow: bool = False) -> bool:
    """Whether a text reads back as itself without quotes, here and in other tools."""
    return (
        _stands_alone(text, flow=flow)
        and kind_unquoted(text) == "str"
        and not _BOOLEAN_ELSEWHERE.fullmatch(text)
    )


def _stands_alone(text: str, *, flow: bool) -> bool:
    return not (
        not text
        or text != text.strip()
        or text.startswith(_MARKS)
        or re.match(r"-( |$)|---|\.\.\.", text)
        or text == "="
        or ": " in text
        or " #" in text
        or text.endswith(":")
        or (flow and re.search(r"[,?\[\]{}]", text))
        or not all(map(_shows, text))
    )


def _shows(character: str) -> bool:
    """Whether a character can be seen in a text; also the space and its relatives."""
    return character.isprintable() or unicodedata.category(character) == "Zs"


def quoted(text: str) -> str:
    """A text in double quotes, or in single ones where these need no escapes.

    >>> print(quoted("the Union's: a"), quoted('say "yes": so'))
    "the Union's: a" 'say "yes": so'
    """
    mark, inner = _inner(text)
    return f"{mark}{inner}{mark}"


def _inner(text: str) -> tuple[str, str]:
    """The quotation mark to take, and the text as it stands between two of them."""
    single = ('"' in text or "\\" in text) and "'" not in text and all(map(_shows, text))
    return ("'", text) if single else ('"', "".join(map(_escaped, text)))


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _shows(character):
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def long_text(text: str, first: int, width: int) -> list[str] | None:
    """A text over several lines: the first stands beside its key, the others are not indented.

    `first` is the room on the line of the key, `width` that on the lines below. None if one
    line holds it, or if it can't be broken.
    """
    if "\n" not in text and len(scalar(text)) <= first:
        return None
    block = _block(text, width) if "\n" in text else None
    if block is not None:
        return block
    if _foldable(text):
        return [">-", *wrapped(text, width, width)]
    mark, inner = _inner(text)
    lines = wrapped(inner, first - 1, width - 1)
    lines[0], lines[-1] = mark + lines[0], lines[-1] + mark
    return lines if len(lines) > 1 else None


def _foldable(text: str) -> bool:
    """Whether a text without line breaks reads back as itself from a folded block."""
    return all(map(_shows, text)) and text == text.strip() and " " in text


def _block(text: str, width: int) -> list[str] | None:
    """A text with line breaks as a block; None if only quotes can hold it."""
    lines = text.removesuffix("\n").split("\n")
    if not lines[0] or not lines[-1] or lines[0].startswith(" "):
        return None
    if any(line.endswith(" ") or not all(map(_shows, line)) for line in lines):
        return None
    chomp = "" if text.endswith("\n") else "-"
    indented = any(line.startswith(" ") for line in lines)
    if indented or (len(lines) > 1 and max(map(len, lines)) <= width):
        return [f"|{chomp}", *lines]
    folded = [f">{chomp}"]
    for line in lines:
        folded += [*(wrapped(line, width, width) if line else []), ""]
    return folded[:-1]


def wrapped(text: str, first: int, width: int) -> list[str]:
    """A text broken at single spaces, where a reader joins the lines again.

    >>> wrapped("one two  three", 7, 7)
    ['one', 'two  three']
    """
    lines: list[str] = []
    room = first
    for word in re.split(r"(?<=[^ ]) (?=[^ ])", text):
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            room = width if lines else first
            lines.append(word)
    return lines
