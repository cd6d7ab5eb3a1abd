"""Venues and positions as written: where a draft could be adopted, and who stands where on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from normrules.core.problem import NormrulesError, Path, Problem, did_you_mean
from normrules.core.rulebook import Force, Rule
from normrules.core.written import Identifier, Written
from normrules.lang.loader import load
from normrules.lang.reader import Source, read_file

Addressee = Literal["states", "staff"]
Word = Literal["supports", "accepts", "opposes"]
Silent = Literal["accepts", "opposes", "unknown"]
Rules = Literal[
    "unanimity", "consensus", "consensus_minus_one", "majority", "two_thirds", "executive"
]
#: What is written for all provisions.
ALL = "all"


class Decides(Written):
    """How a venue decides: a rule or a number of votes, and who can stop it alone."""

    rule: (
        Literal[
            "unanimity", "consensus", "consensus_minus_one", "majority", "two_thirds", "executive"
        ]
        | None
    ) = None
    at_least: Annotated[int, Field(ge=1)] | None = None
    of: Literal["voting", "members"] = "voting"
    veto: tuple[Identifier, ...] = ()
    by: Identifier | None = None
    heeds: bool = False

    @model_validator(mode="after")
    def _one_kind(self) -> Decides:
        if (self.rule is None) == (self.at_least is None):
            raise PydanticCustomError(
                "decision", "a venue decides by exactly one of rule, at_least"
            )
        if (self.rule == "executive") != (self.by is not None):
            raise PydanticCustomError("decision", "`by` names who decides by `rule: executive`")
        if self.heeds and self.rule != "executive":
            raise PydanticCustomError("decision", "`heeds` goes with `rule: executive`")
        return self


class Venue(Written):
    """A body that could adopt the draft; `size` is how many votes it has."""

    title: str
    decides: Decides
    size: Annotated[int, Field(ge=1)] | None = None
    binds: tuple[Addressee, ...]
    force: Force
    source: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _members(self) -> Venue:
        if self.decides.of == "members" and self.size is None:
            raise PydanticCustomError("decision", "`of: members` needs `size`, how many there are")
        return self


class VenuesText(Written):
    """A file of venues."""

    name: str = Field(alias="venues")
    title: str
    bodies: dict[Identifier, Venue] = Field(min_length=1)
    notes: tuple[str, ...] = ()


class Actor(Written):
    """Who takes positions; with how many votes, or from how many to how many, in which venues."""

    title: str
    votes: Annotated[int, Field(ge=1)] | tuple[int, int] = 1
    sits_in: tuple[Identifier, ...] = Field(min_length=1)
    source: str | None = None
    note: str | None = None


class Weaker(Written):
    """A fall-back: what would stand instead of a provision."""

    id: Identifier
    title: str
    wording: tuple[Rule, ...] = Field(min_length=1)


class Provision(Written):
    """A part of the draft that is adopted or not: rules of it, or a wording of its own.

    `weaker` are its fall-backs, the strongest first; `requires` names provisions without which
    it makes no sense.
    """

    title: str
    rules: tuple[Identifier, ...] = ()
    wording: tuple[Rule, ...] = ()
    asks: Addressee = "staff"
    requires: tuple[Identifier, ...] = ()
    weaker: tuple[Weaker, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _some_text(self) -> Provision:
        if bool(self.rules) == bool(self.wording):
            raise PydanticCustomError("provision", "a provision has either `rules` or `wording`")
        return self


class Stance(Written):
    """What an actor thinks of provisions, and down to which fall-back it would go.

    `if` names provisions that must be in the text for the actor to accept this one.
    """

    actor: Identifier
    on: Literal["all"] | tuple[Identifier, ...]
    stance: Word
    accepts: Identifier | None = None
    in_: tuple[Identifier, ...] | None = Field(default=None, alias="in")
    if_: tuple[Identifier, ...] = Field(default=(), alias="if")
    source: str
    note: str | None = None


class PositionsText(Written):
    """A file of positions on the provisions of a draft.

    `silent` is what is supposed of an actor without a recorded stance, and of members of a
    venue that are not named.
    """

    name: str = Field(alias="positions")
    title: str
    silent: Silent = "unknown"
    actors: dict[Identifier, Actor] = Field(min_length=1)
    provisions: dict[Identifier, Provision] = Field(min_length=1)
    stances: tuple[Stance, ...] = Field(min_length=1)
    notes: tuple[str, ...] = ()


def read_venues(path: FilePath) -> VenuesText:
    """The venues of a file. Raises NormrulesError with all its problems."""
    found, problems = load(VenuesText, read_file(path))
    if found is None or problems:
        raise NormrulesError(f"`{path}` holds no venues that can be used", problems)
    return found


def read_positions(path: FilePath) -> PositionsText:
    """The positions of a file. Raises NormrulesError with all that is wrong in the file itself."""
    found, problems = positions_problems(read_file(path))
    if found is None or problems:
        raise NormrulesError(f"`{path}` holds no positions that can be used", problems)
    return found


def positions_problems(source: Source) -> tuple[PositionsText | None, list[Problem]]:
    """The positions of a file, with everything that is wrong in the file itself."""
    found, problems = load(PositionsText, source)
    problems += [source.placed(p) for p in _within(found)] if found is not None else []
    return found, problems


def check_together(
    positions: PositionsText,
    venues: VenuesText,
    rules: Sequence[str],
    source: Source,
    where: Source,
) -> list[Problem]:
    """What does not fit between positions, venues and the rules of a draft, each in its file."""
    return [
        *(source.placed(problem) for problem in _together(positions, venues, rules)),
        *(where.placed(problem) for problem in _deciders(positions, venues)),
    ]


def _within(text: PositionsText) -> Iterator[Problem]:
    """Unknown actors and provisions; fall-backs that are none or go in a circle; said twice."""
    known = set(text.provisions)
    for name, provision in text.provisions.items():
        for i, other in enumerate(provision.requires):
            yield from _known(other, known, "provision", ("provisions", name, "requires", i))
        ids = [weaker.id for weaker in provision.weaker]
        for i, one in enumerate(ids):
            if one in ids[:i] or one == name:
                message = f"the fall-back `{one}` leads back to itself"
                yield Problem("circle", message, ("provisions", name, "weaker", i, "id"))
    for name in _circle({n: p.requires for n, p in text.provisions.items()}):
        message = f"`{name}` requires itself in the end"
        yield Problem("circle", message, ("provisions", name, "requires"))
    seen: set[tuple[str, str, str]] = set()
    for i, stance in enumerate(text.stances):
        place: Path = ("stances", i)
        yield from _known(stance.actor, set(text.actors), "actor", (*place, "actor"))
        named = list(known) if stance.on == ALL else list(stance.on)
        for j, one in enumerate(stance.on if stance.on != ALL else ()):
            yield from _known(one, known, "provision", (*place, "on", j))
        for one in stance.if_:
            yield from _known(one, known, "provision", (*place, "if"))
        yield from _fall_back(stance, text.provisions, place)
        for one in named:
            for venue in stance.in_ or ("",):
                key = (stance.actor, one, venue)
                if key in seen and stance.on != ALL:
                    message = f"`{stance.actor}` has two stances on `{one}`"
                    yield Problem("repeated-stance", message, (*place, "actor"))
                seen.add(key)


def _fall_back(
    stance: Stance, provisions: Mapping[str, Provision], place: Path
) -> Iterator[Problem]:
    if stance.accepts is None:
        return
    if stance.stance != "opposes":
        message = "only who opposes a provision has a fall-back: `accepts`"
        yield Problem("stance", message, (*place, "accepts"))
    if stance.on == ALL:
        message = "a fall-back is one of a provision: name it under `on`, in place of `all`"
        yield Problem("stance", message, (*place, "accepts"))
    for one in stance.on if stance.on != ALL else ():
        ids = [w.id for w in provisions[one].weaker] if one in provisions else []
        if one in provisions:
            yield from _known(stance.accepts, set(ids), "fall-back", (*place, "accepts"))


def _circle(requires: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The provisions that require themselves by way of others."""
    for start in requires:
        ahead, seen = list(requires[start]), set[str]()
        while ahead:
            name = ahead.pop()
            if name == start:
                yield start
                break
            if name not in seen:
                seen.add(name)
                ahead += requires.get(name, ())


def _together(
    positions: PositionsText, venues: VenuesText, rules: Sequence[str]
) -> Iterator[Problem]:
    for name, provision in positions.provisions.items():
        for i, rule in enumerate(provision.rules):
            yield from _known(rule, set(rules), "rule", ("provisions", name, "rules", i))
    held = {rule for provision in positions.provisions.values() for rule in provision.rules}
    for rule in rules:
        if rule not in held:
            message = f"the rule `{rule}` of the draft is in no provision"
            helped = "put it under `rules` of one: what is in none is in no text"
            yield Problem("provision", message, ("provisions",), helped, on_key=True)
    for name, actor in positions.actors.items():
        for i, venue in enumerate(actor.sits_in):
            yield from _known(venue, set(venues.bodies), "venue", ("actors", name, "sits_in", i))
    for i, stance in enumerate(positions.stances):
        for j, venue in enumerate(stance.in_ or ()):
            yield from _known(venue, set(venues.bodies), "venue", ("stances", i, "in", j))


def _deciders(positions: PositionsText, venues: VenuesText) -> Iterator[Problem]:
    """Those who decide or can stop a venue, and whether anybody is known to sit in it."""
    for name, venue in venues.bodies.items():
        named: list[tuple[str, Path]]
        named = [(actor, ("veto", i)) for i, actor in enumerate(venue.decides.veto)]
        if venue.decides.by is not None:
            named.append((venue.decides.by, ("by",)))
        for who, step in named:
            place: Path = ("bodies", name, "decides", *step)
            yield from _known(who, set(positions.actors), "actor", place)
            actor = positions.actors.get(who)
            if actor is not None and name not in actor.sits_in:
                yield Problem("decision", f"`{who}` does not sit in `{name}`", place)
        sits = any(name in actor.sits_in for actor in positions.actors.values())
        if not sits and venue.size is None:
            message = f"nobody is known to sit in `{name}`"
            helped = "name an actor that `sits_in` it, or give its `size`"
            yield Problem("decision", message, ("bodies", name), helped, on_key=True)


def _known(name: str, known: set[str], kind: str, path: Path) -> Iterator[Problem]:
    if name not in known:
        helped = did_you_mean(name, known, "there are")
        yield Problem(f"unknown-{kind}", f"unknown {kind} `{name}`", path, helped)
