"""Canonical YAML: a text formatted with its comments kept, or plain data written out.

The tree comes from our own reader, so what is written is what is read. A library that keeps
comments (ruamel.yaml) hangs them on the token before, so they stay behind when keys move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from normrules.core.problem import NormrulesError, Problem
from normrules.lang.comments import all_comments, attach
from normrules.lang.documents import KINDS, kind_of
from normrules.lang.order import arrange
from normrules.lang.reader import plain, read
from normrules.lang.scalars import key, long_text, scalar
from normrules.lang.tree import Comment, Entry, Node, entries_of, from_data, from_source

WIDTH = 120
#: A comment at the end of a line keeps its column up to here, so that aligned ones stay so.
_ALIGNED = 100
#: Lists whose items are set apart by an empty line when data is written.
_APART = ("rules", "definitions", "add", "replace", "tests")


def dumps(data: Mapping[str, Any] | BaseModel, *, comments: Sequence[str] = ()) -> str:
    """Plain data, or a model as it would be written, as canonical YAML.

    `comments` stand at the top. Raises TypeError for what has no place in a file.

    >>> print(dumps({"title": "Niger", "scenario": "niger", "events": [{"type": "x"}]}), end="")
    scenario: niger
    title: Niger
    <BLANKLINE>
    events:
      - {type: x}
    """
    if isinstance(data, BaseModel):
        data = data.model_dump(mode="json", by_alias=True, exclude_unset=True)
    root = from_data(data)
    arrange(root)
    _space(root)
    lines = [line for comment in comments for line in comment.splitlines() or [""]]
    return _text([Comment(f"# {line}".rstrip()) for line in lines], root)


def format_text(text: str, file: str = "<text>") -> str:
    """A text in canonical form: the same data, every comment kept.

    Raises NormrulesError for a text that is not right YAML, or is none of our files.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = read(text, file)
    data = plain(source)
    if kind_of(data) is None:
        message = "this file is no rulebook, vocabulary, scenario, cases file or register"
        problem = Problem("unknown-file", message, help=f"a key tells: {', '.join(KINDS)}")
        raise NormrulesError(f"`{file}` can't be formatted", [source.placed(problem)])
    root = from_source(source)
    header = attach(text, root)
    first = root.entries[0]
    set_apart, first.blank = bool(header) and first.blank, False
    arrange(root)
    root.entries[0].blank = set_apart
    _lift(root, 0)
    try:
        done = _text(header, root)
    except ValueError as error:
        raise NormrulesError(f"`{file}` can't be formatted: {error}") from error
    if not _lossless(text, data, done):
        raise NormrulesError(f"`{file}` can't be formatted without loss: it stays as it is")
    return done


def _lossless(before: str, data: Any, after: str) -> bool:
    """Whether a formatted text has the same data and the same comments."""
    again = read(after)
    return (
        not again.problems
        and same(data, again.data)
        and sorted(all_comments(before)) == sorted(all_comments(after))
    )


def same(one: Any, other: Any) -> bool:
    """Whether two pieces of data are equal, types included; the order of keys is free.

    >>> same({"a": 1, "b": 2}, {"b": 2, "a": 1}), same(1, True)
    (True, False)
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) or one != one  # noqa: PLR0124 - not a number equals itself here


def _space(root: Node) -> None:
    """Set the sections of a file that is written from data apart, and their rules."""
    for entry in root.entries[1:]:
        entry.blank = not _fits_flow(entry, 0) and entry.node.kind != "scalar"
    for entry in entries_of(root):
        if entry.key in _APART:
            for item in entry.node.entries[1:]:
                item.blank = item.node.kind != "scalar"


def _lift(node: Node, indent: int) -> None:
    """Move the comments that have no line of their own any more above their entry.

    Those are: above the first key of an item (it stands beside the dash), at the end of a dash's
    line, inside an empty pair of brackets, and all but the last of several at one line's end.
    """
    for entry in node.entries:
        inner = entry.node
        _lift(inner, indent + 2)
        if not inner.entries:
            lifted, inner.tail = [*entry.after[:-1], *inner.tail], []
            entry.after = entry.after[-1:]
        elif entry.key is None and inner.anchor is None and not _fits_flow(entry, indent):
            lifted = [*entry.after, *inner.entries[0].before]
            entry.after, inner.entries[0].before = [], []
        else:
            lifted, entry.after = entry.after[:-1], entry.after[-1:]
        if lifted:
            _above(entry, lifted)


def _above(entry: Entry, comments: Sequence[Comment]) -> None:
    """Add comments right above an entry; the empty line above it now stands above them."""
    first = comments[0]
    lifted = [Comment(first.text, first.column, entry.blank), *comments[1:]]
    entry.before, entry.blank = [*entry.before, *lifted], False


# -------------------------------------------------------------------- lines


@dataclass
class _Written:
    """A value: what stands beside its key, the lines below, and on which its comment stands."""

    first: str
    rest: list[str]
    comment_on: Literal["first", "last"] = "last"


def _text(header: Sequence[Comment], root: Node) -> str:
    if not root.entries:
        return "{}\n"
    lines = [*_comments(header, 0), *_block(root, 0, top=bool(header))]
    return "\n".join(lines).lstrip("\n") + "\n"


def _comments(comments: Sequence[Comment], indent: int) -> list[str]:
    lines = []
    for comment in comments:
        lines += [""] if comment.blank else []
        lines.append(" " * indent + comment.text)
    return lines


def _block(node: Node, indent: int, *, top: bool = False) -> list[str]:
    """The lines of a mapping or list, an entry below the other."""
    lines: list[str] = []
    for entry in node.entries:
        lines += _entry(entry, indent)
    if not top and lines[0] == "":
        del lines[0]
    return lines + _comments(node.tail, indent)


def _entry(entry: Entry, indent: int) -> list[str]:
    head = "-" if entry.key is None else f"{key(entry.key)}:"
    written = _value(entry, head, indent)
    lines = [" " * indent + f"{head} {written.first}".rstrip(" "), *written.rest]
    for comment in entry.after:
        place = 0 if written.comment_on == "first" else -1
        lines[place] = _with_comment(lines[place], comment)
    above = _comments(entry.before, indent)
    return [*above, *([""] if entry.blank else []), *lines]


def _with_comment(line: str, comment: Comment) -> str:
    least = len(line) + 2
    column = comment.column if least <= comment.column <= _ALIGNED else least
    return line.ljust(column) + comment.text


def _value(entry: Entry, head: str, indent: int) -> _Written:
    node = entry.node
    mark = f"&{node.anchor}" if node.anchor else ""
    if node.kind == "scalar":
        return _scalar(node, mark, indent + len(head) + 1, indent)
    if _fits_flow(entry, indent):
        return _Written(_flow(node), [])
    if entry.key is not None or mark:
        return _Written(mark, _block(node, indent + 2), "first")
    lines = _block(node, indent + 2)
    return _Written(lines[0][indent + 2 :], lines[1:], "first")


def _scalar(node: Node, mark: str, column: int, indent: int) -> _Written:
    start = f"{mark} " if mark else ""
    if isinstance(node.value, str):
        room = WIDTH - column - len(start)
        lines = long_text(node.value, room, WIDTH - indent - 2)
        if lines is not None:
            below = [" " * (indent + 2) + line if line else "" for line in lines[1:]]
            is_block = lines[0] in (">", ">-", "|", "|-")
            return _Written(start + lines[0], below, "first" if is_block else "last")
    return _Written(start + scalar(node.value, node.raw), [])


# -------------------------------------------------------------------- in brackets


def _fits_flow(entry: Entry, indent: int) -> bool:
    """Whether a value stands in brackets: as it was written, or as fits best; if it fits."""
    node = entry.node
    if not node.entries:
        return True
    if node.flow is False or _commented(node) or (node.flow is None and not _suits_flow(node)):
        return False
    head = 1 if entry.key is None else len(key(entry.key)) + 1
    return indent + head + 1 + len(_flow(node)) <= WIDTH


def _commented(node: Node) -> bool:
    return bool(node.tail) or any(
        entry.before or entry.after or _commented(entry.node) for entry in node.entries
    )


def _suits_flow(node: Node) -> bool:
    """Whether data reads well in brackets: a list of short words, or a few keys with such."""
    if node.kind == "sequence":
        return all(_is_short(entry.node, 40) for entry in node.entries)
    return len(node.entries) <= 4 and all(
        _is_short(entry.node, 60) or (entry.node.kind == "sequence" and _suits_flow(entry.node))
        for entry in node.entries
    )


def _is_short(node: Node, most: int) -> bool:
    text = str(node.value)
    return node.kind == "scalar" and len(text) <= most and "\n" not in text


def _flow(node: Node) -> str:
    mark = f"&{node.anchor} " if node.anchor else ""
    if node.kind == "alias":
        return f"*{node.value}"
    if node.kind == "scalar":
        return mark + scalar(node.value, node.raw, flow=True)
    if node.kind == "sequence":
        return mark + "[" + ", ".join(_flow(entry.node) for entry in node.entries) + "]"
    pairs = (f"{key(e.key or '', flow=True)}: {_flow(e.node)}" for e in node.entries)
    return mark + "{" + ", ".join(pairs) + "}"
