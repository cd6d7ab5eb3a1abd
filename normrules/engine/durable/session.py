"""One case in durable-rules: facts are told one at a time, rules fire, conclusions come back in.

Two passes run side by side as two sessions of one ruleset: what is possible and what is
certain. A session is append-only and is dropped as a whole.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args

from normrules.core.time import EVER, NEVER, Instant, Interval
from normrules.engine.durable.network import OutsideSubset
from normrules.engine.durable.rulesets import START, Compiled, Definition, fnv

Pass = Literal["possible", "certain"]
PASSES: tuple[Pass, ...] = get_args(Pass)
#: The engine keeps some 9 KB for each fact.
MAX_FACTS = 20_000


def installed() -> bool:
    """Whether durable-rules can be used here."""
    try:
        import durable.engine  # noqa: F401, PLC0415 - an extra that may be missing or broken
    except ImportError:
        return False
    return True


@dataclass(slots=True)
class _Told:
    """A fact that the engine holds: its pass, its time, and the event it is, if it is one."""

    pass_: Pass
    kind: str
    time: Instant
    event: int | None = None


@dataclass
class _Record:
    """What one pass found: when each kind came true first, and the events of each pattern."""

    since: dict[str, Instant] = field(default_factory=dict)
    seen: dict[int, dict[int, Instant]] = field(default_factory=dict)


class Session:
    """Forward chaining over one case. Raises OutsideSubset if the engine fails in any way."""

    def __init__(self, program: Compiled) -> None:
        self.program = program
        self._records: dict[Pass, _Record] = {name: _Record() for name in PASSES}
        self._told: dict[str, _Told] = {}
        self._hashes: set[int] = set()
        self._agenda: deque[tuple[str, list[str]]] = deque()
        self._waiting: deque[tuple[Pass, str, Instant]] = deque()
        self._failure: BaseException | None = None
        self._rulesets: list[Any] = []
        self._begun: list[tuple[Any, Pass]] = []

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self) -> None:
        from durable import engine  # noqa: PLC0415 - an extra that may be missing

        self._engine = engine
        for ruleset in self.program.rulesets:
            self._rulesets.append(self._engine.Ruleset("case", None, self._with_actions(ruleset)))
        for name in PASSES:
            for place, ruleset in enumerate(self._rulesets):
                self._tell(_Told(name, START, EVER), places=[place])
                if START not in self._records[name].since:
                    raise OutsideSubset("durable-rules did not start")
                del self._records[name].since[START]
                self._begun.append((ruleset, name))

    def _with_actions(self, ruleset: Any) -> dict[str, Definition]:
        """The rules with their actions; the engine takes the definitions apart, so copies."""
        return {name: {**body, "run": self._recording(name)} for name, body in ruleset.items()}

    def _recording(self, rule: str) -> Any:
        def run(closure: Any) -> None:
            # Nothing is told from in here: the engine would lose the rest of the agenda.
            try:
                self._agenda.append((rule, [fact["id"] for fact in closure._m.values()]))  # noqa: SLF001
            except BaseException as error:  # noqa: BLE001 - the engine would swallow it
                self._failure = error

        return run

    # ------------------------------------------------------------ telling

    def tell_event(
        self, pass_: Pass, kind: str, marks: Iterable[str], time: Instant, event: int
    ) -> None:
        """Tell that an event came in (or may have), with what it shows."""
        self._tell(_Told(pass_, kind, time, event), marks)
        self._chain()

    def tell(self, pass_: Pass, kind: str, time: Instant) -> None:
        """Tell what was reckoned outside: the clock, defeat, the law."""
        self._conclude(pass_, kind, time)
        self._chain()

    def _chain(self) -> None:
        """Tell the conclusions drawn, one at a time, until no rule fires any more."""
        while self._waiting:
            pass_, kind, time = self._waiting.popleft()
            if time == self._records[pass_].since[kind]:  # else an earlier time came since
                self._tell(_Told(pass_, kind, time))

    def _conclude(self, pass_: Pass, kind: str, time: Instant) -> None:
        """Note that a kind came true; what came true earlier before is no news."""
        since = self._records[pass_].since
        if time < since.get(kind, NEVER):
            since[kind] = time
            self._waiting.append((pass_, kind, time))

    def _tell(
        self, told: _Told, marks: Iterable[str] = (), places: Iterable[int] | None = None
    ) -> None:
        """Tell a fact to the rulesets that look at its kind, or to those at the places given."""
        if places is None:
            places = [n for n, uses in enumerate(self.program.uses) if told.kind in uses]
        shown = {"kind": told.kind, "_": 0, "sid": told.pass_, **dict.fromkeys(marks, 1)}
        for place in places:
            self._assert(self._rulesets[place], {**shown, "id": self._new_id(told)})
        self._fire()

    def _new_id(self, told: _Told) -> str:
        """An id for a fact; the engine knows facts by a 32-bit hash only."""
        number = len(self._told) + 1
        if number > MAX_FACTS:
            raise OutsideSubset(f"the case makes more than {MAX_FACTS} facts")
        name = f"f{number}"
        while fnv(name) in self._hashes:
            name += "_"
        self._hashes.add(fnv(name))
        self._told[name] = told
        return name

    def _assert(self, ruleset: Any, fact: dict[str, Any]) -> None:
        ends: list[object] = []
        try:
            offset = ruleset.assert_fact(fact)
            ruleset.do_actions(offset, lambda error, _: ends.append(error))
        except self._engine.MessageNotHandledException:
            return  # no rule looks at it
        except Exception as error:  # any other error leaves the session in doubt
            raise OutsideSubset(f"durable-rules failed: {error}") from error
        failure = self._failure or next(filter(None, ends), None)
        if failure is not None:
            raise OutsideSubset(f"durable-rules failed: {failure}")
        if not ends:  # it gives up an action that took ten seconds, and says nothing
            raise OutsideSubset("durable-rules did not finish an action")

    def _fire(self) -> None:
        """Take in what fired: a rule comes true with the last of the facts that it joined."""
        while self._agenda:
            name, ids = self._agenda.popleft()
            rule = self.program.rules.get(name)
            facts = [self._told[each] for each in ids]
            time = max(fact.time for fact in facts)
            record = self._records[facts[0].pass_]
            if rule is None:
                record.since[name] = time
                continue
            if rule.pattern is not None and facts[0].event is not None:
                record.seen.setdefault(rule.pattern, {})[facts[0].event] = time
            self._conclude(facts[0].pass_, rule.concludes, time)

    # ------------------------------------------------------------ what was found

    def span(self, kind: str) -> Interval:
        """When a kind came true: from the pass on what is possible, and on what is certain."""
        lo, hi = (self._records[name].since.get(kind, NEVER) for name in PASSES)
        return Interval(lo, hi)

    def seen(self, pattern: int) -> dict[int, Interval]:
        """The events of a pattern, with their times in the two passes."""
        possible, certain = (self._records[name].seen.get(pattern, {}) for name in PASSES)
        return {event: Interval(possible[event], certain.get(event, NEVER)) for event in possible}

    # ------------------------------------------------------------ the end

    def close(self) -> None:
        """Drop the session. Its memory is freed only in this order."""
        for ruleset, name in self._begun:
            ruleset.delete_state(name)
        for ruleset in self._rulesets:
            # The engine has no public way to drop a ruleset.
            self._engine.durable_rules_engine.delete_ruleset(ruleset._handle)  # noqa: SLF001
        self._begun, self._rulesets = [], []
