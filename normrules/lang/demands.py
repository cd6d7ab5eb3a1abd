"""Demands as written to what an act must be, by whom and by when."""

from __future__ import annotations

from collections.abc import Sequence

from normrules.core.condition import Bearer, Deadline, EventPattern, OneOf, Test
from normrules.core.demand import DemandText, Each, Jointly, SetBy
from normrules.core.problem import Path
from normrules.core.time import TimeLimit, day
from normrules.core.vocabulary import Attribute, Vocabulary
from normrules.lang.conditions import Resolver
from normrules.lang.words import said


class DemandReader:
    """Resolves one demand; what is wrong with it goes to `words`."""

    def __init__(self, words: Resolver, demand: DemandText, path: Path) -> None:
        self.words, self.demand, self.path = words, demand, path
        self.vocabulary = words.vocabulary

    def check(self) -> None:
        """Note what does not go together."""
        demand, complain = self.demand, self.words.complain
        self._check_deadlines()
        if demand.modality == "effect" and demand.by is not None:
            message = "an effect has no bearer: nobody has to bring it about"
            complain("bearer", message, (*self.path, "by"), on_key=True)
        if demand.in_ is not None and demand.discretion != "any":
            message = "`in` goes with `discretion: any`"
            complain("discretion", message, (*self.path, "in"), on_key=True)
        every = (*self.path, "every")
        if demand.every is not None and self.words.limit(demand.every, every)[0].is_zero:
            complain("time-limit", "`every` needs some time", every)

    def _check_deadlines(self) -> None:
        keys = ("within", "counted_from", "no_later_than", "before", "every")
        timed = [key for key in keys if getattr(self.demand, key) is not None]
        modality = self.demand.modality
        if timed and modality in ("may", "discretion", "effect"):
            message = f"`{timed[0]}` is a deadline, and a permission has none"
            helped = "use `until` to say when it ends"
            if modality == "effect":
                message, helped = "an effect is immediate", "remove it"
            code, place = "deadline-on-permission", (*self.path, timed[0])
            self.words.complain(code, message, place, helped, on_key=True)

    def actions(self) -> tuple[str, ...]:
        """The actions that are demanded; of an open discretion, all on its tracks."""
        demand, known, path = self.demand, self.words.known, self.path
        for index, track in enumerate(demand.in_ or ()):
            known("track", track, self.vocabulary.tracks, (*path, "in", index))
        for index, example in enumerate(demand.for_example or ()):
            known("action", example, self.vocabulary.actions, (*path, "for_example", index))
        if demand.modality == "effect":
            known("fact", demand.effect or "", self.vocabulary.facts, (*path, "effect"))
            return ()
        if demand.discretion == "any":
            return self.vocabulary.on_tracks(demand.in_ or ())
        return self._menu(getattr(demand, demand.modality), (*path, demand.modality))

    def _menu(self, named: str | tuple[str, ...], path: Path) -> tuple[str, ...]:
        if isinstance(named, str):
            self.words.known("action", named, self.vocabulary.all_actions, path)
            return (named,)
        for index, action in enumerate(named):
            self.words.known("action", action, self.vocabulary.all_actions, (*path, index))
        return named

    def bearer(self) -> Bearer | None:
        """Who bears the position; None of a legal effect."""
        text, path = self.demand.by, (*self.path, "by")
        if text is None:
            return None
        if isinstance(text, Jointly):
            here = (*path, "jointly")
            return Bearer("jointly", text.jointly, self.words.bodies(text.jointly, here))
        if isinstance(text, Each):
            self.words.known("register", text.each, self.words.registers, (*path, "each"))
            return Bearer("each", (text.each,), frozenset(), text.except_ is not None)
        names = (text,) if isinstance(text, str) else text
        return Bearer("any", names, self.words.bodies(text, path))

    def manner(self, actions: Sequence[str]) -> tuple[Test, ...]:
        """How it must be done: tests of the attributes that its actions share."""
        written, path = self.demand.with_, (*self.path, "with")
        if not written:
            return ()
        domains = self._shared_attributes(actions)
        if not domains:
            message = "`with` names attributes of the action, and there are none that fit"
            helped = "of several actions, only attributes that all have can be named"
            self.words.complain("with", message, path, helped, on_key=True)
            return ()
        for name, value in written.items():
            domain = domains.get(name)
            if domain is not None and domain.ordered and isinstance(value, (str, int)):
                message = f"`{name}` is ordered, and this asks for exactly `{value}`"
                helped = f"is {{at_least: {value}}} meant?"
                self.words.warn("exact-level", message, (*path, name), helped)
        return self.words.tests(written, domains, path)

    def _shared_attributes(self, actions: Sequence[str]) -> dict[str, Attribute]:
        """The attributes that every one of some actions has, with the same values."""
        declared = [self.vocabulary.attributes.get(action, {}) for action in actions]
        first = declared[0] if declared else {}
        return {
            name: attribute
            for name, attribute in first.items()
            if all(other.get(name) == attribute for other in declared)
        }

    def deadline(self) -> Deadline | None:
        """By when it must be done."""
        words, demand, path = self.words, self.demand, self.path
        limit, set_by = self._limit()
        if limit is None and demand.counted_from is not None:
            message = "`counted_from` says where `within` starts: add `within`"
            words.complain("deadline", message, (*path, "counted_from"), on_key=True)
        if limit is None and demand.no_later_than is None and demand.before is None:
            return None
        return Deadline(
            within=limit,
            set_by=set_by,
            counted_from=words.optional(demand.counted_from, (*path, "counted_from")),
            no_later_than=day(demand.no_later_than) if demand.no_later_than else None,
            before=words.optional(demand.before, (*path, "before")),
            said=_limit_said(demand.within, limit, self.vocabulary),
        )

    def _limit(self) -> tuple[tuple[TimeLimit, TimeLimit] | None, frozenset[str] | None]:
        """The time limit, and who may set it."""
        within, here = self.demand.within, (*self.path, "within")
        if within is None:
            return None, None
        if isinstance(within, SetBy):
            limit = self.words.limit(within.at_most, (*here, "at_most"))
            return limit, self.words.body(within.set_by, (*here, "set_by"))
        return self.words.limit(within, here), None


def breaks(
    actions: Sequence[str], acting: tuple[Test, ...], vocabulary: Vocabulary
) -> EventPattern | None:
    """What breaks continuing actions off; an act of the bearer if it is an action."""
    kinds = [vocabulary.all_actions.get(action) for action in actions]
    broken = tuple(kind.broken_by for kind in kinds if kind is not None and kind.broken_by)
    if not broken:
        return None
    done_by_bearer = all(name in vocabulary.all_actions for name in broken)
    return EventPattern(broken, acting if done_by_bearer else ())


def acts_of(bearer: Bearer | None) -> tuple[Test, ...]:
    """The test that an act is the bearer's, or one of theirs; none for each state of a register."""
    if bearer is None or bearer.kind == "each":
        return ()
    return (Test("by", OneOf(bearer.bodies), said(bearer.names)),)


def _limit_said(
    within: str | SetBy | None, limit: tuple[TimeLimit, TimeLimit] | None, vocabulary: Vocabulary
) -> str:
    if limit is None:
        return ""
    words = limit[1].words()
    if isinstance(within, SetBy):
        return f"by the day set by {vocabulary.title_of(within.set_by)}, at most {words}"
    if limit[0] != limit[1]:
        term = str(within).replace("_", " ").replace("-", " ")
        return f"{term} ({limit[0].words()} to {words})"
    return f"within {words}"
