"""The words that a text may use, and what is said when it uses another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from normrules.core.condition import Between, OneOf, Test, Value
from normrules.core.condition_text import Comparison, PatternText
from normrules.core.problem import MOST_PROBLEMS, Path, Problem, add, did_you_mean
from normrules.core.time import read_time
from normrules.core.vocabulary import ROLES, Attribute, Vocabulary


@dataclass
class Words:
    """A vocabulary, and the problems met in using it."""

    vocabulary: Vocabulary
    problems: list[Problem] = field(default_factory=list)

    def complain(
        self, code: str, message: str, path: Path, help: str | None = None, *, on_key: bool = False
    ) -> None:
        """Note an error at a place."""
        add(self.problems, Problem(code, message, path, help, on_key=on_key))

    def warn(self, code: str, message: str, path: Path, help: str | None = None) -> None:
        """Note a warning at a place."""
        add(self.problems, Problem(code, message, path, help, "warning"))

    def known(self, kind: str, word: str, known: Iterable[str], path: Path) -> bool:
        """Whether a word is known; if not, that is a problem."""
        if word in known:
            return True
        helped = did_you_mean(word, known) if len(self.problems) < MOST_PROBLEMS else None
        code, on_key = f"unknown-{kind.replace(' ', '-')}", path[-1:] == (word,)
        self.complain(code, f"unknown {kind} `{word}`", path, helped, on_key=on_key)
        return False

    def body(self, name: str, path: Path) -> frozenset[str]:
        """The bodies meant by a name: one body, a group, a role, or a state's code."""
        if name in ROLES or is_state(name):
            return frozenset({name})
        if self.known("body", name, [*self.vocabulary.bodies, *ROLES], path):
            return self.vocabulary.members(name)
        return frozenset()

    def bodies(self, names: str | tuple[str, ...], path: Path) -> frozenset[str]:
        """The bodies meant by one name or several."""
        if isinstance(names, str):
            return self.body(names, path)
        return frozenset().union(*(self.body(n, (*path, i)) for i, n in enumerate(names)))

    def test(
        self, name: str, written: PatternText, domains: Mapping[str, Attribute], path: Path
    ) -> Test | None:
        """Resolve what one attribute must be."""
        if name == "by":
            return self._body_test(written, path)
        if not self.known("attribute", name, [*domains, "by"], path):
            return None
        accepts = self._accepts(written, domains[name], path)
        return Test(name, accepts, said(written)) if accepts is not None else None

    def _body_test(self, written: PatternText, path: Path) -> Test | None:
        negated = isinstance(written, Comparison) and written.not_ is not None
        names = written.not_ if isinstance(written, Comparison) else written
        if isinstance(names, str):
            names = (names,)
        if not isinstance(names, tuple) or not all(isinstance(n, str) for n in names):
            self.complain("pattern", "`by` takes a body, a list of bodies, or {not: ...}", path)
            return None
        found = self.bodies(tuple(str(n) for n in names), path)
        return Test("by", OneOf(frozenset(found), negated), said(written))

    def _accepts(
        self, written: PatternText, domain: Attribute, path: Path
    ) -> OneOf | Between | None:
        if isinstance(written, Comparison):
            return self._comparison(written, domain, path)
        values = written if isinstance(written, tuple) else (written,)
        found = [self.value(v, domain, path) for v in values]
        return None if None in found else OneOf(frozenset(v for v in found if v is not None))

    def _comparison(
        self, written: Comparison, domain: Attribute, path: Path
    ) -> OneOf | Between | None:
        if written.not_ is not None:
            positive = self._accepts(written.not_, domain, path)
            return OneOf(positive.values, negated=True) if isinstance(positive, OneOf) else None
        lo, hi = written.between or (written.at_least, written.at_most)
        if domain.numeric:
            return self._range(lo, hi, domain, path)
        if not domain.ordered:
            self.complain("pattern", "only ordered attributes and numbers compare", path)
            return None
        return self._rungs(lo, hi, domain.ordered, path)

    def _range(
        self, lo: Value | None, hi: Value | None, domain: Attribute, path: Path
    ) -> Between | None:
        ends = [None if v is None else self.value(v, domain, path) for v in (lo, hi)]
        if any(end is None and v is not None for end, v in zip(ends, (lo, hi), strict=True)):
            return None
        least, most = (None if end is None else int(end) for end in ends)
        return Between(least, most)

    def _rungs(
        self, lo: Value | None, hi: Value | None, ladder: tuple[str, ...], path: Path
    ) -> OneOf | None:
        for end in (lo, hi):
            if end is not None and not self.known("value", str(end), ladder, path):
                return None
        first = 0 if lo is None else ladder.index(str(lo))
        last = len(ladder) if hi is None else ladder.index(str(hi)) + 1
        if first >= last:
            self.complain("pattern", f"nothing lies between `{lo}` and `{hi}`", path)
        return OneOf(frozenset(ladder[first:last]))

    def value(self, written: object, domain: Attribute, path: Path) -> Value | None:
        """One value of a domain, resolved; None (and a problem) if it lies outside."""
        if domain.boolean:
            return self._boolean(written, path)
        if domain.time:
            return self._instant(written, path)
        if domain.integer is not None:
            return self._integer(written, domain, path)
        values = domain.values or ()
        word = str(written).lower() if isinstance(written, bool) else str(written)
        if isinstance(written, bool) and word not in values:
            word = {"true": "yes", "false": "no"}[word]
        return word if self.known("value", word, values, path) else None

    def _boolean(self, written: object, path: Path) -> bool | None:
        if isinstance(written, bool):
            return written
        self.complain("value", f"this is true or false, not `{written}`", path)
        return None

    def _integer(self, written: object, domain: Attribute, path: Path) -> int | None:
        bounds = domain.integer
        assert bounds is not None
        if isinstance(written, bool) or not isinstance(written, int):
            self.complain("value", f"this is a whole number, not `{written}`", path)
            return None
        low = bounds.at_least is not None and written < bounds.at_least
        if low or (bounds.at_most is not None and written > bounds.at_most):
            self.complain("value", f"`{written}` is outside the attribute's domain", path)
            return None
        return written

    def _instant(self, written: object, path: Path) -> int | None:
        try:
            return read_time(str(written)).hi
        except ValueError as error:
            self.complain("time", str(error), path)
            return None


def is_state(name: str) -> bool:
    """Whether a bearer is a state, by its ISO 3166 alpha-3 code.

    >>> is_state("GHA"), is_state("au_psc")
    (True, False)
    """
    return len(name) == 3 and name.isascii() and name.isupper() and name.isalpha()


def said(pattern: PatternText) -> str:
    """A pattern in words.

    >>> said(("military", "rebels")), said(Comparison(at_least="all_bodies"))
    ('military or rebels', 'at least all bodies')
    """
    if isinstance(pattern, tuple):
        return " or ".join(_plain(v) for v in pattern)
    if not isinstance(pattern, Comparison):
        return _plain(pattern)
    if pattern.not_ is not None:
        return f"not {said(pattern.not_)}"
    if pattern.between is not None:
        return f"{_plain(pattern.between[0])} to {_plain(pattern.between[1])}"
    if pattern.at_least is not None:
        return f"at least {_plain(pattern.at_least)}"
    return f"at most {_plain(pattern.at_most)}"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("_", " ")
