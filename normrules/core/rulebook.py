"""One file of rules, as it is written."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from normrules.core.condition_text import ConditionText
from normrules.core.demand import DemandText, ReparationText
from normrules.core.time import TimeLimit
from normrules.core.written import DayText, Identifier, Share, Title, Word, Written

Basis = Literal["official", "secondary", "memory", "derived"]
Form = Literal[
    "treaty", "charter", "decision", "declaration", "resolution", "policy", "statute", "practice"
]
Force = Literal["binding", "internal", "political", "none"]
BookKind = Literal["membership", "universal", "donor", "technical"]
BOOK_KINDS: tuple[BookKind, ...] = get_args(BookKind)


class Citation(Written):
    """Where a rule stands: instrument, pinpoint, and how the encoder knows."""

    instrument: str
    at: Word
    basis: Basis
    via: str | None = None
    note: str | None = None
    rules: tuple[str, ...] = Field(default=(), description="of a derived rule: where it came from")


class Instrument(Written):
    """A text that rules come from; each edition is an instrument of its own.

    `in_force` defaults to `adopted`; `ended` is the first day on which it no longer held.
    With `ended: unknown`, `known_until` is the last day for which a source shows it in force.
    """

    title: Title
    form: Form
    force: Force
    adopted: DayText
    in_force: DayText | None = None
    provisional: DayText | None = None
    ended: Literal["never", "unknown"] | DayText = "never"
    known_until: DayText | None = None
    replaced_by: str | None = None
    parties: str | None = None
    url: str | None = None
    note: str | None = None


class Term(Written):
    """A word of the texts for a time limit: exact, or an interval where it is vague."""

    between: tuple[TimeLimit, TimeLimit] | None = None
    exactly: TimeLimit | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Term:
        if (self.between is None) == (self.exactly is None):
            raise PydanticCustomError("term", "a term has exactly one of between, exactly")
        return self


class Definition(Written):
    """A constitutive rule: what counts as a fact under an instrument."""

    id: Identifier
    title: str | None = None
    counts_as: str
    source: Citation
    when: ConditionText
    unless: ConditionText | None = None
    note: str | None = None


class Decision(Written):
    """How a body decides: a rule, a share, or a number of votes."""

    rule: Literal["consensus", "unanimity", "majority", "executive"] | None = None
    share: Share | None = None
    at_least: Annotated[int, Field(ge=1)] | None = None
    of: Literal["members", "voting", "present"] = "voting"
    without: Literal["state_concerned"] | None = None
    veto: str | None = None
    quorum: Share | int | None = None
    else_: Decision | None = Field(default=None, alias="else")

    @model_validator(mode="after")
    def _one_kind(self) -> Decision:
        if sum(x is not None for x in (self.rule, self.share, self.at_least)) != 1:
            raise PydanticCustomError(
                "decision", "a decision rule has exactly one of rule, share, at_least"
            )
        return self


class Rule(Written):
    """A regulative rule: when so, and once so found, who must, should or may do what by when."""

    id: Identifier
    title: str
    source: Citation
    when: ConditionText
    upon: ConditionText | None = None
    implied: bool = True
    unless: ConditionText | None = None
    then: DemandText
    decided_by: Decision | None = None
    until: ConditionText | None = None
    overrides: tuple[str, ...] = ()
    otherwise: ReparationText | None = None
    weighs: tuple[str, ...] = ()
    note: str | None = None


class Patch(Written):
    """Rules added, replaced (by id) and removed."""

    add: tuple[Rule, ...] = ()
    replace: tuple[Rule, ...] = ()
    remove: tuple[str, ...] = ()


class Option(Patch):
    """One way to read a text."""

    id: Identifier
    says: str
    default: bool = False
    note: str | None = None


class Reading(Written):
    """A question on which scholars or practice read the text differently."""

    question: str
    options: Annotated[tuple[Option, ...], Field(min_length=2)]
    note: str | None = None


class Silence(Written):
    """An instrument read and found to hold no rule on these actions."""

    on: tuple[str, ...]
    source: Citation
    note: str | None = None


class Rulebook(Written):
    """The procedures of one regime, as written in one file."""

    rulebook: Identifier
    title: Title
    version: Word | None = None
    licence: str | None = None
    authors: tuple[str, ...] = ()
    review: str | None = None
    organisation: str | None = None
    kind: BookKind = "membership"
    vocabulary: str
    members: str | None = None
    competence: tuple[str, ...] = ()
    instruments: dict[str, Instrument] = Field(default_factory=dict)
    terms: dict[str, Term] = Field(default_factory=dict)
    definitions: tuple[Definition, ...] = ()
    rules: tuple[Rule, ...] = ()
    readings: dict[str, Reading] = Field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    notes: tuple[str, ...] = ()


def english(title: Title) -> str:
    """The English title, or the first there is.

    >>> english({"fr": "Charte", "en": "Charter"})
    'Charter'
    """
    if isinstance(title, str):
        return title
    return title.get("en") or next(iter(title.values()))
