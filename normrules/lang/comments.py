"""The comments and empty lines of a text, given to the entries of its tree."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from normrules.lang.reader import tokens
from normrules.lang.tree import Comment, Entry, Node, entries_of

#: What is white space to YAML; other spaces are text.
_BLANK = " \t\n"


@dataclass(frozen=True, slots=True)
class _Found:
    """A comment where it stands: `at` is its offset, `end_of_line` the token that it follows."""

    comment: Comment
    at: int
    gap: int
    end_of_line: int | None


def attach(text: str, root: Node) -> list[Comment]:
    """Give every comment of a text to an entry of its tree; those above all are returned.

    A comment on its own line belongs to what follows it, unless it is indented deeper: then it
    closes the block that it is indented with. One at the end of a line belongs to that line.
    """
    spans = list(_token_spans(text))
    places = _Places(root, spans)
    header: list[Comment] = []
    for found in _comments(text, spans):
        if found.end_of_line is not None:
            owner = places.on_line(found.end_of_line)
            (owner.after if owner else header).append(found.comment)
        else:
            above = places.above(found)
            (header if above is None else above).append(found.comment)
    for entry in places.entries:
        entry.blank = _own_line(text, entry.start) and _blank_above(text, entry.start)
    return header


def all_comments(text: str) -> list[str]:
    r"""The text of every comment, in order.

    >>> all_comments("a: '#1'  # one\n# two\nb: 2")
    ['# one', '# two']
    """
    return [found.comment.text for found in _comments(text, list(_token_spans(text)))]


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    token: yaml.Token


def _token_spans(text: str) -> Iterator[_Token]:
    """The tokens that take room, without the empty lines that end a block of text."""
    for token in tokens(text):
        start, end = token.start_mark.index, token.end_mark.index
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            end = start + len(text[start:end].rstrip(_BLANK))
            end = max(end, start + len(text[start:].split("\n", 1)[0]))
        if end > start:
            yield _Token(start, end, token)


def _comments(text: str, spans: Sequence[_Token]) -> Iterator[_Found]:
    """What stands between the tokens, and in the first lines of blocks of text."""
    ends = [0, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), len(text)]
    for gap, (start, end) in enumerate(zip(ends, starts, strict=True)):
        for match in re.finditer(r"#[^\n]*", text[start:end]):
            at = start + match.start()
            own = _own_line(text, at)
            column = at - _line_start(text, at)
            blank = own and _blank_above(text, at)
            yield _Found(
                Comment(match[0].rstrip(_BLANK), column, blank), at, gap, None if own else gap - 1
            )
        if gap < len(spans):
            yield from _in_block_head(text, spans[gap], gap)


def _in_block_head(text: str, span: _Token, gap: int) -> Iterator[_Found]:
    """The comment beside the mark of a block of text: `note: >-  # why`."""
    if isinstance(span.token, yaml.ScalarToken) and span.token.style in ("|", ">"):
        head = text[span.start : span.end].split("\n", 1)[0]
        match = re.search(r"\s(#.*)$", head)
        if match:
            at = span.start + match.start(1)
            column = at - _line_start(text, at)
            yield _Found(Comment(match[1].rstrip(_BLANK), column), at, gap, gap)


class _Places:
    """Where a comment belongs."""

    def __init__(self, root: Node, spans: Sequence[_Token]) -> None:
        self.entries = list(entries_of(root))
        self.spans = spans
        self._move_to_dashes()
        self.starts = [entry.start for entry in self.entries]
        self.flows = [e for e in self.entries if e.node.flow and e.node.end > e.node.start]
        self.by_end = {entry.node.end: entry for entry in reversed(self.flows)}
        self.root = root
        self.last: tuple[int, int] = (-1, 0)

    def _move_to_dashes(self) -> None:
        """An item of a block list begins at its dash: as many dashes as such items."""
        dashes = [span for span in self.spans if isinstance(span.token, yaml.BlockEntryToken)]
        items = [e for e in self.entries if e.key is None and e.inside and not e.inside.flow]
        for entry, dash in zip(items, dashes, strict=True):
            entry.start, entry.column = dash.start, dash.token.start_mark.column

    def on_line(self, token: int) -> Entry | None:
        """The entry whose line ends with this token."""
        if token < 0:
            return None
        span = self.spans[token]
        if isinstance(span.token, yaml.FlowEntryToken):
            return self.on_line(token - 1)
        if isinstance(span.token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
            return self.by_end.get(span.end)
        index = bisect.bisect_right(self.starts, span.start) - 1
        return self.entries[index] if index >= 0 else None

    def above(self, found: _Found) -> list[Comment] | None:
        """The list that a comment on its own line joins; None for the top of the file."""
        flow = self._flow_around(found.at)
        if flow is not None:
            inner = next((e for e in flow.entries if e.start > found.at), None)
            return inner.before if inner else flow.tail
        index = bisect.bisect_right(self.starts, found.at)
        if index == 0:
            return None
        previous = self.entries[index - 1]
        following = self.entries[index] if index < len(self.entries) else None
        if previous.node.start > found.at and not (following and following.inside is previous.node):
            return previous.before
        return self._between(previous, following, found)

    def _flow_around(self, at: int) -> Node | None:
        around = [e.node for e in self.flows if e.node.start < at < e.node.end]
        if around:
            return around[-1]
        return self.root if self.root.flow and self.root.start < at < self.root.end else None

    def _between(self, previous: Entry, following: Entry | None, found: _Found) -> list[Comment]:
        """Above the next entry, or at the end of a block that closes before it."""
        column = found.comment.column
        closed = list(_closed(previous, following))
        least = self.last[1] if self.last[0] == found.gap else 0
        for depth, node in enumerate(closed):
            fits = node.entries[0].column <= column
            if following is None:
                fits = fits or depth + 1 == len(closed)
            elif column <= following.column:
                fits = False
            if depth >= least and fits:
                self.last = (found.gap, depth)
                return node.tail
        assert following is not None
        self.last = (found.gap, len(closed))
        return following.before


def _closed(previous: Entry, following: Entry | None) -> Iterator[Node]:
    """The blocks that end between two entries, innermost first."""
    still_open = set()
    entry = following
    while entry is not None and entry.inside is not None:
        still_open.add(entry.inside)
        entry = entry.inside.owner
    entry = previous
    while entry is not None and entry.inside is not None:
        if not entry.inside.flow and entry.inside not in still_open:
            yield entry.inside
        entry = entry.inside.owner


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _own_line(text: str, at: int) -> bool:
    return not text[_line_start(text, at) : at].strip(_BLANK)


def _blank_above(text: str, at: int) -> bool:
    start = _line_start(text, at)
    return start > 1 and not text[_line_start(text, start - 1) : start - 1].strip(_BLANK)
