"""YAML as people write it: any layout, any quotes, comments anywhere, keys in any order."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from normrules.lang.scalars import is_plain, quoted

WORDS = st.text(st.sampled_from("ab NO#:-'\"\\[]{},&*!|>%@`?=~1.é\u00a0\u2028\n\t😀"), max_size=12)
PLAIN = st.sampled_from(
    ["NO", "yes", "no", "on", "null", "~", "true", "010", "1.10", "1e3", "12:30", "2023-07-26", "2/3",
     "art. 25(1)", "a: b", "a #b", "- a", "-a", "? a", "<<", "=", "", " ", "a\n", "a\nb", "\na", "a\n\n",
     " a\n", "a \nb", "a\n b\n", "https://example.org/a?b=c#d", "'tis", "a'b\"c", "---", "...", "x" * 130,
     "a long text " * 15, "a long text: with a colon " * 8 + "end\n", "two\n\nparagraphs " * 12]
)  # fmt: skip
TEXTS = PLAIN | WORDS | st.text(max_size=20)
SCALARS = TEXTS | st.integers(-(10**16), 10**16) | st.booleans() | st.none() | st.floats()
KEYS = st.sampled_from(
    ["id", "title", "note", "type", "time", "on", "a b", "1", "a: b", "#", "source"]
) | st.text(max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
#: Files of a kind that the writer knows, with what does not belong there as well.
FILES = st.builds(
    lambda kind, rest: {kind: "x"} | ({"facts": {}} if kind == "vocabulary" else {}) | rest,
    st.sampled_from(["rulebook", "scenario", "cases", "vocabulary"]),
    st.dictionaries(
        st.sampled_from(["title", "rules", "events", "notes", "instruments", "tests"]) | KEYS, VALUES, max_size=4
    ),
)  # fmt: skip


@st.composite
def careless(draw: Any, data: dict[str, Any]) -> str:
    """A text that reads as `data`, laid out at random, with comments at random."""
    return _Hand(draw).file(data)


def double(text: str) -> str:
    """A text in double quotes, escaped otherwise than the writer does where that can be."""
    return json.dumps(text) if text.isascii() else quoted(text)


class _Hand:
    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.comments = 0

    def maybe(self, chance: int = 4) -> bool:
        return bool(self.draw(st.integers(1, chance)) == chance)

    def file(self, data: dict[str, Any]) -> str:
        top = "---\n" if self.maybe() else ""
        return top + "".join(self.block(data, 0)) + "".join(self.between(0))

    def comment(self) -> str:
        self.comments += 1
        return f"# c{self.comments}" + self.draw(st.sampled_from(["", ": x", " 'y", " # z", " [a"]))

    def between(self, indent: int) -> list[str]:
        """Empty lines and comments of any depth."""
        lines = []
        while self.maybe(3):
            blank = self.maybe(2)
            at = self.draw(st.sampled_from([0, indent, indent + 2, 1]))
            lines.append("\n" if blank else " " * at + self.comment() + "\n")
        return lines

    def line_end(self) -> str:
        return (
            f"  {self.comment()}\n" if self.maybe(5) else self.draw(st.sampled_from(["\n", "  \n"]))
        )

    def block(self, data: Any, indent: int) -> list[str]:
        lines: list[str] = []
        pairs = data.items() if isinstance(data, dict) else [(None, item) for item in data]
        for key, value in (
            self.draw(st.permutations(list(pairs))) if isinstance(data, dict) else pairs
        ):
            lines += self.between(indent)
            head = " " * indent + ("-" if key is None else f"{self.key(key)}:")
            lines += self.value(head, value, indent, item=key is None)
        return lines

    def value(self, head: str, value: Any, indent: int, *, item: bool) -> list[str]:
        if isinstance(value, dict | list) and value and self.maybe(2):
            inner = indent + self.draw(st.integers(1, 4))
            if isinstance(value, list) and not item and self.maybe(2):
                inner = indent
            return [head + self.line_end(), *self.between(inner), *self.block(value, inner)]
        if isinstance(value, str) and self.is_block(value) and self.maybe(2):
            chomp = "" if value.endswith("\n") else "-"
            mark = f" {self.draw(st.sampled_from('|'))}{chomp}{self.line_end().rstrip()}\n"
            body = value.removesuffix("\n").split("\n")
            return [
                head + mark,
                *(f"{' ' * (indent + 3)}{line}\n" if line else "\n" for line in body),
            ]
        return [f"{head} {self.flow(value, indent + 1)}{self.line_end()}"]

    def is_block(self, text: str) -> bool:
        body = text.removesuffix("\n")
        lines = body.split("\n")
        clean = all(c.isprintable() or c == "\n" for c in text) and not body.endswith("\n")
        return clean and lines[0] != "" and not lines[0].startswith(" ") and bool(body.strip())

    def flow(self, value: Any, indent: int) -> str:
        if isinstance(value, dict):
            return self.bracketed(
                "{",
                [f"{self.key(k)}: {self.flow(v, indent)}" for k, v in value.items()],
                "}",
                indent,
            )
        if isinstance(value, list):
            return self.bracketed("[", [self.flow(v, indent) for v in value], "]", indent)
        return self.scalar(value)

    def bracketed(self, left: str, parts: list[str], right: str, indent: int) -> str:
        if not self.maybe(3):
            return left + ", ".join(parts) + right
        pad = "\n" + " " * indent
        return (
            left
            + "".join(f"{self.wide(pad)}{part},{self.wide(pad)}" for part in parts)
            + self.wide(pad)
            + right
        )

    def wide(self, pad: str) -> str:
        if self.maybe(3):
            return f"  {self.comment()}{pad}"
        return pad if self.maybe(2) else " "

    def scalar(self, value: Any) -> str:
        if isinstance(value, str):
            if is_plain(value, flow=True) and self.maybe(2):
                return value
            single = value.isprintable() and self.maybe(2)
            return "'" + value.replace("'", "''") + "'" if single else double(value)
        if isinstance(value, float):
            return {"inf": ".inf", "-inf": "-.inf", "nan": ".NaN"}.get(repr(value), repr(value))
        return (
            {None: "~", True: "True", False: "false"}.get(value, str(value))
            if type(value) is not int
            else str(value)
        )

    def key(self, key: str) -> str:
        return key if key.isalpha() and self.maybe(2) else double(key)
