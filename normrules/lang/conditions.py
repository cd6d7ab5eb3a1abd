"""Conditions as written to conditions as resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from normrules.core.condition import (
    AllOf,
    Always,
    AnyOf,
    Condition,
    Counted,
    EventPattern,
    FactHolds,
    Found,
    Later,
    Occurs,
    OneOf,
    RuleState,
    Standing,
    StateIs,
    Test,
)
from normrules.core.condition_text import ConditionText, PatternText, Where
from normrules.core.problem import Path, did_you_mean
from normrules.core.rulebook import Term
from normrules.core.time import TimeLimit
from normrules.core.vocabulary import Vocabulary
from normrules.lang.words import Words, said

#: What a condition becomes that could not be resolved; the problem is already noted.
_BROKEN = Always()


@dataclass
class Resolver(Words):
    """Resolves the conditions of one rulebook; notes every problem on the way."""

    own_bodies: frozenset[str] = frozenset()
    rules: Mapping[str, str] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    registers: frozenset[str] = frozenset()
    terms: Mapping[str, Term] = field(default_factory=dict)
    _known: dict[Condition, Condition] = field(default_factory=dict)

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Resolver:
        """A resolver that knows only a vocabulary."""
        return cls(vocabulary)

    def condition(self, text: ConditionText, path: Path) -> Condition:
        """Resolve a condition; a `not` may not stand alone.

        Equal conditions are one object, so that the meaning knows them as the same.
        """
        found = self._resolved(text, path)
        return self._known.setdefault(found, found)

    def _resolved(self, text: ConditionText, path: Path) -> Condition:
        match text.form:
            case "always":
                return Always()
            case "event":
                return self._occurs(text, path)
            case "finding":
                return self.found(text.finding or "", text.by, path)
            case "fact":
                return self._fact(text, path)
            case "all":
                return self._all(text.all or (), (*path, "all"))
            case "any":
                return self._any(text.any or (), (*path, "any"))
            case "not":
                self._lone_not(path)
                return _BROKEN
            case "after":
                return self._later(text, path)
            case "count":
                return self._counted(text, path)
            case "standing":
                return self._standing(text.standing or {}, (*path, "standing"))
        return self._rule_state(text, path)

    def optional(self, text: ConditionText | None, path: Path) -> Condition | None:
        """Resolve a condition that may be absent."""
        return None if text is None else self.condition(text, path)

    def pattern(
        self, event_type: str, where: Where, path: Path, *, open_bearer: bool = True
    ) -> EventPattern:
        """Resolve a pattern on events of one type."""
        domains = self.vocabulary.attributes
        if not self.known("event", event_type, domains, path):
            return EventPattern((event_type,))
        anyone = where.get("by") == "anyone"
        tests = self.tests(
            {k: v for k, v in where.items() if not (k == "by" and anyone)},
            domains[event_type],
            path,
        )
        act = event_type in self.vocabulary.all_actions
        if act and not open_bearer and "by" not in where and self.own_bodies:
            tests = (*tests, Test("by", OneOf(self.own_bodies), "a body of its own"))
        return EventPattern((event_type,), tests)

    def tests(self, where: Where, domains: Mapping[str, object], path: Path) -> tuple[Test, ...]:
        """Resolve the patterns of a `where` or `with`."""
        found = [
            self.test(name, written, domains, (*path, name))  # type: ignore[arg-type]
            for name, written in where.items()
        ]
        return tuple(test for test in found if test is not None)

    def found(self, fact: str, by: str | tuple[str, ...] | None, path: Path) -> Condition:
        """A finding by a body, or by any of the regime's own."""
        self.known("fact", fact, self.vocabulary.facts, (*path, "finding"))
        bodies = self.bodies(by, (*path, "by")) if by is not None else self.own_bodies
        tests = [Test("that", OneOf(frozenset({fact})), fact)]
        tests.append(Test("outcome", OneOf(frozenset({"yes"})), "yes"))
        if bodies:
            tests.append(Test("by", OneOf(bodies), said(by) if by else "a body of its own"))
        pattern = EventPattern(("determine",), tuple(tests))
        return Found(fact, bodies, pattern, said(by) if by else "a body of its own")

    def limit(self, text: str, path: Path) -> tuple[TimeLimit, TimeLimit]:
        """A time limit or a term, as its two ends."""
        term = self.terms.get(text)
        if term is not None:
            if term.exactly is not None:
                return term.exactly, term.exactly
            assert term.between is not None
            return term.between
        try:
            limit = TimeLimit.parse(text)
        except ValueError as error:
            near = did_you_mean(text, self.terms) if self.terms else None
            self.complain("time-limit", str(error), path, near)
            limit = TimeLimit()
        return limit, limit

    def _occurs(self, text: ConditionText, path: Path) -> Condition:
        where = dict(text.where or {})
        return Occurs(self._where(text.event or "", where, path, "event"))

    def _where(self, event: str, where: Where, path: Path, key: str) -> EventPattern:
        if event not in self.vocabulary.attributes:
            self.known("event", event, self.vocabulary.attributes, (*path, key))
            return EventPattern((event,))
        return self.pattern(event, where, (*path, "where"), open_bearer=False)

    def _fact(self, text: ConditionText, path: Path) -> Condition:
        name = text.fact or ""
        if self.known("fact", name, self.vocabulary.facts, (*path, "fact")):
            self._known_here("fact", name, self.facts, (*path, "fact"))
        if text.under is not None:
            self.known("instrument", text.under, self.instruments, (*path, "under"))
        return FactHolds(name, text.under)

    def _known_here(self, kind: str, name: str, here: frozenset[str], path: Path) -> None:
        if name not in here:
            message = f"no definition of this rulebook says what counts as `{name}`"
            self.complain(f"undefined-{kind}", message, path, did_you_mean(name, here, "defined"))

    def _all(self, parts: tuple[ConditionText, ...], path: Path) -> Condition:
        positive: list[Condition] = []
        barring: list[Condition] = []
        for index, part in enumerate(parts):
            if part.form == "not" and part.not_ is not None:
                barring.append(self.condition(part.not_, (*path, index, "not")))
            else:
                positive.append(self.condition(part, (*path, index)))
        if not positive:
            self._lone_not(path)
            return _BROKEN
        return AllOf(tuple(positive), tuple(barring))

    def _any(self, parts: tuple[ConditionText, ...], path: Path) -> Condition:
        return AnyOf(tuple(self.condition(part, (*path, i)) for i, part in enumerate(parts)))

    def _lone_not(self, path: Path) -> None:
        self.complain(
            "lone-not",
            "`not` needs a positive condition beside it",
            path,
            "write `all: [<what must happen>, {not: ...}]`",
        )

    def _later(self, text: ConditionText, path: Path) -> Condition:
        assert text.after is not None
        part = self.condition(text.after, (*path, "after"))
        return Later(part, self.limit(text.plus or "", (*path, "plus")), text.to)

    def _counted(self, text: ConditionText, path: Path) -> Condition:
        assert text.count is not None
        here = (*path, "count")
        pattern = self._where(text.count.event, dict(text.count.where), here, "event")
        distinct = text.count.distinct
        domains = self.vocabulary.attributes.get(text.count.event, {})
        if distinct is not None:
            self.known("attribute", distinct, [*domains, "by"], (*here, "distinct"))
        return Counted(pattern, distinct, text.at_least or 1)

    def _standing(self, where: Where, path: Path) -> Condition:
        parts = [self._stands(name, written, path) for name, written in where.items()]
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _stands(self, name: str, written: PatternText, path: Path) -> Condition:
        if name in ("party", "member"):
            self.known("register", str(written), self.registers, (*path, name))
            return Standing(str(written), "party" if name == "party" else "member")
        test = self.test(name, written, self.vocabulary.case, (*path, name))
        return StateIs(test) if test else _BROKEN

    def _rule_state(self, text: ConditionText, path: Path) -> Condition:
        form = text.form
        rule = text.triggered or text.done or text.breached or ""
        if self.known("rule", rule, self.rules, (*path, form)):
            modality = self.rules[rule]
            if form == "done" and modality in ("may", "discretion", "effect"):
                self.complain(
                    "done-of-permission",
                    f"`{rule}` is no duty: a choice is not `done`",
                    (*path, form),
                    "name the act itself: `event: ...`",
                )
        if form == "triggered":
            return RuleState("triggered", rule)
        return RuleState("done" if form == "done" else "breached", rule)
