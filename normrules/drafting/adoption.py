"""Which text of a draft each venue would adopt: the strongest that its decision rule lets through.

One text is stronger than another if it is at least as strong on each provision and stronger on
one; where neither is stronger both are given. Decided exactly, by a solver (extra `proof`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from normrules.analysis.formulas import solver
from normrules.lang.adoption import ALL, Decides, PositionsText, Provision, Stance, Venue

Fate = Literal["adopted", "weakened", "lost"]
#: How many best texts of one venue are told.
MOST_TEXTS = 20


@dataclass(frozen=True, slots=True)
class Placed:
    """What becomes of one provision in a text: which version of it stands, and who holds it back.

    `version` counts fall-backs: 0 is the provision as drafted. `held_by` are those who do not
    accept it as drafted; `alone` those of them who can stop it by themselves.
    """

    provision: str
    fate: Fate
    version: int
    title: str
    held_by: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The fewest changes of position that would let a provision through as drafted.

    Each is an actor and the provision it would have to accept; None if none would do.
    """

    provision: str
    flips: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class Adopted:
    """The best texts of a venue; `sure` where they hang on nothing that is not known.

    `texts` are the best if what is not known is against the draft; `hopeful` if it is for it.
    """

    venue: str
    texts: tuple[tuple[Placed, ...], ...]
    hopeful: tuple[tuple[Placed, ...], ...]
    changes: tuple[Change, ...]

    @property
    def sure(self) -> bool:
        """Whether nothing that is not known matters."""
        return self.texts == self.hopeful


def adopt(venues: Mapping[str, Venue], positions: PositionsText) -> list[Adopted]:
    """What each venue would adopt. Raises NormrulesError without the solver."""
    return [_in_venue(name, venue, positions) for name, venue in venues.items()]


def _in_venue(name: str, venue: Venue, positions: PositionsText) -> Adopted:
    worst, best = (_Search(name, venue, positions, hopeful=hope) for hope in (False, True))
    texts, hopeful = tuple(worst.best()), tuple(best.best())
    lost = [p.provision for p in texts[0] if p.fate != "adopted"] if texts else []
    changes = tuple(Change(provision, worst.least_change(provision)) for provision in lost)
    return Adopted(name, texts, hopeful, changes)


class _Search:
    """The texts that a venue can adopt, as conditions on the version of each provision."""

    def __init__(self, name: str, venue: Venue, positions: PositionsText, *, hopeful: bool) -> None:
        self.z3: Any = solver()
        self.name, self.venue, self.positions, self.hopeful = name, venue, positions, hopeful
        self.actors = {n: a for n, a in positions.actors.items() if name in a.sits_in}
        self.version = {p: self.z3.Int(f"version.{p}") for p in positions.provisions}
        self.flip = {
            (a, p): self.z3.Bool(f"flip.{a}.{p}") for a in self.actors for p in positions.provisions
        }

    # ------------------------------------------------------------ what can be adopted

    def possible(self) -> Iterator[Any]:
        """The conditions of any text that the venue adopts."""
        z3 = self.z3
        for name, provision in self.positions.provisions.items():
            version, none = self.version[name], len(provision.weaker) + 1
            yield z3.And(version >= 0, version <= none)
            in_text = version < none
            if provision.asks not in self.venue.binds:
                yield z3.Not(in_text)
            for other in provision.requires:
                yield z3.Implies(in_text, self.stands(other))
            yield z3.Implies(in_text, self.decided(name))

    def stands(self, provision: str) -> Any:
        """Whether some version of a provision is in the text."""
        none = len(self.positions.provisions[provision].weaker) + 1
        return self.version[provision] < none

    def decided(self, provision: str) -> Any:
        """Whether the venue's rule lets the chosen version through."""
        z3, rule = self.z3, self.venue.decides
        accepts = {a: self.accepts(a, provision) for a in self.actors}
        stopped = [z3.Not(accepts[a]) for a in rule.veto if a in accepts]
        return z3.And(self.counted(accepts, rule), z3.Not(z3.Or(*stopped)))

    def counted(self, accepts: Mapping[str, Any], rule: Decides) -> Any:
        """Whether those who accept are enough."""
        z3 = self.z3
        against = z3.Sum([z3.If(yes, 0, self.votes(a, against=True)) for a, yes in accepts.items()])
        for_ = z3.Sum([z3.If(yes, self.votes(a, against=False), 0) for a, yes in accepts.items()])
        others = self.others(for_ + against)
        if self.silent_accepts:
            for_ = for_ + others
        else:
            against = against + others
        match rule.rule:
            case "unanimity" | "consensus":
                return against == 0
            case "consensus_minus_one":
                return against <= 1
            case "executive":
                heeded = [accepts[a] for a in accepts] if rule.heeds else []
                return z3.And(*(accepts[a] for a in accepts if a == rule.by), *heeded)
        if rule.at_least is not None:
            return for_ >= rule.at_least
        whole = self.venue.size if rule.of == "members" and self.venue.size else for_ + against
        return 2 * for_ > whole if rule.rule == "majority" else 3 * for_ >= 2 * whole

    def votes(self, actor: str, *, against: bool) -> int:
        """How many votes an actor has; where that is a range, the end that is less hopeful."""
        votes = self.actors[actor].votes
        if isinstance(votes, int):
            return votes
        return votes[1] if against != self.hopeful else votes[0]

    def others(self, named: Any) -> Any:
        """How many votes the members have who are not named."""
        if self.venue.size is None:
            return 0
        return self.z3.If(named < self.venue.size, self.venue.size - named, 0)

    @property
    def silent_accepts(self) -> bool:
        """What is supposed of whoever is not recorded."""
        silent = self.positions.silent
        return silent == "accepts" or (silent == "unknown" and self.hopeful)

    def accepts(self, actor: str, provision: str) -> Any:
        """Whether an actor accepts the chosen version of a provision."""
        z3 = self.z3
        stance = self.stance(actor, provision)
        if stance is None:
            own = z3.BoolVal(self.silent_accepts)
        else:
            least = self._least(stance, self.positions.provisions[provision])
            asked = [self.stands(other) for other in stance.if_]
            own = z3.And(self.version[provision] >= least, *asked)
        return z3.Or(self.flip[actor, provision], own)

    def stance(self, actor: str, provision: str) -> Stance | None:
        """The stance that counts here: one on the provision itself before one on all."""
        found = [
            s
            for s in self.positions.stances
            if s.actor == actor
            and (s.on == ALL or provision in s.on)
            and (s.in_ is None or self.name in s.in_)
        ]
        return min(found, key=lambda s: (s.on == ALL, s.in_ is None), default=None)

    @staticmethod
    def _least(stance: Stance, provision: Provision) -> int:
        """The strongest version that is accepted."""
        if stance.stance != "opposes":
            return 0
        ids = [weaker.id for weaker in provision.weaker]
        return ids.index(stance.accepts) + 1 if stance.accepts in ids else len(ids) + 1

    # ------------------------------------------------------------ the best

    def best(self) -> Iterator[tuple[Placed, ...]]:
        """The texts than which none is stronger, the first found first."""
        z3 = self.z3
        asked = z3.Solver()
        asked.add(*self.possible(), *(z3.Not(flip) for flip in self.flip.values()))
        found: list[dict[str, int]] = []
        while len(found) < MOST_TEXTS and asked.check() == z3.sat:
            text = self._strengthened(asked)
            found.append(text)
            asked.add(z3.Or(*(self.version[p] < v for p, v in text.items())))
        for text in sorted(found, key=lambda t: list(t.values())):
            yield tuple(self._placed(p, v) for p, v in text.items())

    def _strengthened(self, asked: Any) -> dict[str, int]:
        """A text made stronger until none is."""
        z3 = self.z3
        asked.push()
        while asked.check() == z3.sat:
            model = asked.model()
            text = {
                p: model.eval(v, model_completion=True).as_long() for p, v in self.version.items()
            }
            asked.add(*(self.version[p] <= v for p, v in text.items()))
            asked.add(z3.Or(*(self.version[p] < v for p, v in text.items())))
        asked.pop()
        return text

    @staticmethod
    def _number(model: Any, version: Any) -> int:
        return int(model.eval(version, model_completion=True).as_long())

    def _placed(self, name: str, version: int) -> Placed:
        provision = self.positions.provisions[name]
        fate: Fate = "adopted" if version == 0 else "lost"
        title = provision.title
        if 0 < version <= len(provision.weaker):
            fate, title = "weakened", provision.weaker[version - 1].title
        against = [a for a in self.actors if not self._accepts_as_drafted(a, name)]
        return Placed(
            name, fate, version, title,
            tuple(against) if fate != "adopted" else (),
            tuple(a for a in against if self._stops(a)) if fate != "adopted" else (),
        )  # fmt: skip

    def _accepts_as_drafted(self, actor: str, provision: str) -> bool:
        stance = self.stance(actor, provision)
        return self.silent_accepts if stance is None else stance.stance != "opposes"

    def _stops(self, actor: str) -> bool:
        rule = self.venue.decides
        alone = rule.rule in ("unanimity", "consensus") or actor in rule.veto
        return alone or (rule.rule == "executive" and (rule.heeds or actor == rule.by))

    # ------------------------------------------------------------ what would have to change

    def least_change(self, provision: str) -> tuple[tuple[str, str], ...] | None:
        """The fewest flips with which a provision stands as drafted; None if none are enough."""
        z3 = self.z3
        asked = z3.Optimize()
        asked.add(*self.possible(), self.version[provision] == 0)
        for flip in self.flip.values():
            asked.add_soft(z3.Not(flip), 1)
        if asked.check() != z3.sat:
            return None
        model = asked.model()
        return tuple(
            key
            for key, flip in self.flip.items()
            if z3.is_true(model.eval(flip, model_completion=True))
        )


def rules_of(text: Sequence[Placed], positions: PositionsText) -> tuple[list[str], list[Any]]:
    """The rules of the draft that a text keeps, and the rules it has of its own."""
    kept: list[str] = []
    own: list[Any] = []
    for placed in text:
        provision = positions.provisions[placed.provision]
        if placed.fate == "adopted":
            kept += provision.rules
            own += provision.wording
        elif placed.fate == "weakened":
            own += provision.weaker[placed.version - 1].wording
    return kept, own
