"""YAML 1.2 text to plain data in which every key and value knows its line and column.

PyYAML's parser with a resolver of our own: `NO` is Norway, `010` is ten, dates stay text,
a repeated key is a problem. Input is untrusted: size, depth and alias expansion are limited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import BaseResolver

from normrules.core.problem import TOP, NormrulesError, Path, Problem, Span, add
from normrules.lang.files_read import note

try:
    from yaml.cyaml import CParser as _Parser  # type: ignore[attr-defined]
except ImportError:  # pure Python PyYAML: the same marks, slower
    from yaml.composer import Composer
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class _Parser(Reader, Scanner, Parser, Composer):  # type: ignore[no-redef]
        def __init__(self, text: str) -> None:
            Reader.__init__(self, text)
            Scanner.__init__(self)
            Parser.__init__(self)
            Composer.__init__(self)


#: No rulebook comes near these; a file beyond them is refused, not tried.
MAX_BYTES = 8_000_000
MAX_NODES = 400_000
MAX_DEPTH = 60
MAX_DIGITS = 18
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


_CORE = "tag:yaml.org,2002:"
_TAGS = frozenset({"null", "bool", "int", "float", "str", "seq", "map", ""})


class _CoreSchema(BaseResolver):
    """YAML 1.2 core schema."""


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
):
    _CoreSchema.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _first
    )


class _Loader(_Parser, _CoreSchema):
    def __init__(self, text: str) -> None:
        _Parser.__init__(self, text)
        _CoreSchema.__init__(self)


@dataclass
class Source:
    """A text that was read: its data, and the place of every key and value by path."""

    file: str
    text: str
    data: Any = None
    keys: dict[Path, Span] = field(default_factory=dict)
    values: dict[Path, Span] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, broken where YAML breaks them."""
        return _BREAK.split(self.text)

    def place(self, path: Path, *, on_key: bool = False) -> Span:
        """The span of the value (or key) at a path, else of its nearest parent."""
        for end in range(len(path), -1, -1):
            spans = self.keys if on_key and path[:end] in self.keys else self.values
            if path[:end] in spans:
                return spans[path[:end]]
        return TOP

    def part(self, path: Path, data: Any) -> Source:
        """A part of the text as a source of its own, each of whose places lies in this text."""
        found = Source(self.file, self.text, data)
        here = len(path)
        for spans, kept in ((self.keys, found.keys), (self.values, found.values)):
            kept.update({at[here:]: span for at, span in spans.items() if at[:here] == path})
        return found

    def placed(self, problem: Problem) -> Problem:
        """The problem with its file, span and excerpt."""
        span = problem.span
        if span == TOP and problem.path:
            span = self.place(problem.path, on_key=problem.on_key)
        excerpt = self.lines[span.line - 1] if span.line <= len(self.lines) else ""
        return Problem(
            problem.code,
            problem.message,
            problem.path,
            problem.help,
            problem.severity,
            self.file,
            span,
            excerpt,
        )


def read_file(path: FilePath) -> Source:
    """Read a file. Raises NormrulesError if it can't be read at all."""
    return read(read_text(path), str(path))


def read_text(path: FilePath) -> str:
    """The text of a file in UTF-8. Raises NormrulesError: absent, a folder, too large, not text."""
    note(path)
    try:
        if path.is_dir():
            raise NormrulesError(f"`{path}` is a folder, not a file")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise NormrulesError(f"can't read `{path}`: {reason}") from error
    return decoded(raw, str(path))


def decoded(raw: bytes, file: str) -> str:
    """Bytes as UTF-8 text. Raises NormrulesError: too large, or not UTF-8."""
    if len(raw) > MAX_BYTES:
        raise NormrulesError(f"`{file}` is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NormrulesError(
            f"`{file}` is not UTF-8 text: byte {error.start} is 0x{raw[error.start]:02x}"
        ) from error


def read(text: str, file: str = "<text>") -> Source:
    """Read YAML text. What is wrong with it is in the source's `problems`."""
    source = Source(file, text)
    if len(text) > MAX_BYTES:
        source.problems.append(Problem("too-large", f"more than {MAX_BYTES} characters"))
        return source
    try:
        node = _compose(text)
        if node is not None:
            source.data = _Builder(source).build(node, (), 0)
    except yaml.MarkedYAMLError as error:
        source.problems.append(_syntax_problem(text, error))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = getattr(error, "reason", None) or str(error) or "can't be parsed"
        source.problems.append(Problem("yaml", f"this is no YAML: {reason}"))
    source.problems = [source.placed(problem) for problem in source.problems]
    return source


def _compose(text: str) -> Node | None:
    _refuse_depth(text)
    loader = _Loader(text)
    try:
        node: Node | None = loader.get_single_node()
        return node
    finally:
        if hasattr(loader, "dispose"):
            loader.dispose()


def _refuse_depth(text: str) -> None:
    """Refuse flow nesting and indentation that no writer means, before the parser recurses."""
    depth = 0
    for mark in re.finditer(r"[\[\]{}]", text):
        depth += 1 if mark[0] in "[{" else -1
        depth = max(depth, 0)
        if depth > MAX_DEPTH * 4:
            raise ValueError(f"brackets nest more than {MAX_DEPTH * 4} deep")
    if re.search(rf"(?:[-?:][ ]){{{MAX_DEPTH * 4}}}", text):
        raise ValueError(f"lists nest more than {MAX_DEPTH * 4} deep")


class _Builder:
    """Turns nodes into data, noting every place, within the limits."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.nodes = 0

    def build(self, node: Node, path: Path, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise ValueError(f"more than {MAX_NODES} values once its aliases are expanded")
        if depth > MAX_DEPTH:
            raise ValueError(f"nested more than {MAX_DEPTH} deep")
        self.source.values[path] = _span(node)
        if not node.tag.startswith(_CORE) or node.tag.removeprefix(_CORE) not in _TAGS:
            self._problem("tag", f"the tag `{node.tag}` is not understood here", _span(node))
        if isinstance(node, SequenceNode):
            return [self.build(c, (*path, i), depth + 1) for i, c in enumerate(node.value)]
        if isinstance(node, MappingNode):
            return self._mapping(node, path, depth)
        return self._scalar(node)

    def _mapping(self, node: MappingNode, path: Path, depth: int) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._problem("key", "a key must be plain text", _span(key))
            elif key.value in built:
                first = self.source.keys[(*path, key.value)].line
                self._problem(
                    "repeated-key",
                    f"`{key.value}` is given twice",
                    _span(key),
                    f"first given on line {first}; YAML would silently keep one of them",
                )
            else:
                self.source.keys[(*path, key.value)] = _span(key)
                built[key.value] = self.build(value, (*path, key.value), depth + 1)
        return built

    def _scalar(self, node: Node) -> Any:
        kind, text = node.tag.rpartition(":")[2], str(node.value)
        match kind:
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return self._integer(text, node)
            case "float":
                return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        if wrong := half(text):
            self._problem("text", wrong, _span(node))
        return text

    def _integer(self, text: str, node: Node) -> int:
        if len(text) > MAX_DIGITS:
            self._problem("number", f"a number of {len(text)} digits", _span(node))
            return 0
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        return int(text[2:] if base != 10 else text, base)

    def _problem(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        add(self.source.problems, Problem(code, message, span=span, help=help))


def events(text: str) -> Iterator[Any]:
    """The parser's events of a text that `read` found right: styles and anchors are in them."""
    loader = _Loader(text)
    while loader.check_event():
        yield loader.get_event()


def tokens(text: str) -> Iterator[Any]:
    """The scanner's tokens of a text that `read` found right: comments stand between them."""
    loader = _Loader(text)
    while loader.check_token():
        yield loader.get_token()


def kind_unquoted(text: str) -> str:
    """What a text reads as if it stands without quotes: str, int, float, bool or null.

    >>> kind_unquoted("NO"), kind_unquoted("010"), kind_unquoted("2023-07-26")
    ('str', 'int', 'str')
    """
    tag: str = _CoreSchema().resolve(ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return tag.rpartition(":")[2]


def half(text: str) -> str:
    r"""What is said of a text with half a character (a lone surrogate); else nothing.

    >>> half("Niger"), half("\ud83d")
    ('', 'half a character is no text: U+D83D')
    """
    found = _SURROGATE.search(text)
    return f"half a character is no text: U+{ord(found[0]):04X}" if found else ""


def _span(node: Node) -> Span:
    a, b = node.start_mark, node.end_mark
    return Span(a.line + 1, a.column + 1, b.line + 1, b.column + 1)


def _syntax_problem(text: str, error: yaml.MarkedYAMLError) -> Problem:
    lines = _BREAK.split(text.rstrip())
    place = _place(error, lines)
    said = " ".join(part for part in (error.problem, error.context) if part)
    line = lines[place.line - 1]
    return Problem("yaml", said or "this is no YAML", span=place, help=_hint(line, error))


def _place(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> Span:
    """Where it is wrong: of a key without its colon, the key; after the end, the end."""
    mark = error.problem_mark or error.context_mark
    if error.context_mark and "simple key" in (error.context or ""):
        mark = error.context_mark
    if mark is None:
        return TOP
    line, column = mark.line + 1, mark.column + 1
    if line > len(lines):
        line, column = len(lines), len(lines[-1]) + 1
    return Span(line, column, line, column + 1)


def _hint(line: str, error: yaml.MarkedYAMLError) -> str | None:
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces: YAML forbids tabs"
    if "mapping values are not allowed" in (error.problem or ""):
        return "put text that holds `: ` in quotes"
    if "more documents" in (error.context or "") or "another document" in (error.problem or ""):
        return "one file holds one document: remove the `---`"
    return None


def plain(source: Source) -> Mapping[str, Any]:
    """The data of a source that must be a mapping. Raises NormrulesError with its problems."""
    if source.problems:
        raise NormrulesError(f"`{source.file}` can't be read", source.problems)
    if not isinstance(source.data, dict):
        what = "is empty" if source.data is None else "is not a mapping of keys to values"
        raise NormrulesError(
            f"`{source.file}` {what}", [source.placed(Problem("shape", f"this file {what}"))]
        )
    return source.data
