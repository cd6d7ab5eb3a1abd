"""One file of rules, as it is written."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from normrules.core.time import Rounding, TimeLimit, day
from normrules.core.vocabulary import Title, Word, Written

Modality = Literal["must", "should", "may", "must_not", "should_not", "discretion", "effect"]
MODALITIES: tuple[Modality, ...] = get_args(Modality)
Basis = Literal["official", "secondary", "memory", "derived"]
Form = Literal[
    "treaty", "charter", "decision", "declaration", "resolution", "policy", "statute", "practice"
]
Force = Literal["binding", "internal", "political", "none"]
BookKind = Literal["membership", "universal", "donor", "technical"]
BOOK_KINDS: tuple[BookKind, ...] = get_args(BookKind)


def _check_day(text: str) -> str:
    day(text)
    return text


def _share(text: Any) -> Fraction:
    if isinstance(text, str) and re.fullmatch(r"\d{1,4}/\d{1,4}", text):
        top, bottom = map(int, text.split("/"))
        if 0 < top <= bottom:
            return Fraction(top, bottom)
    raise ValueError(f"`{text}` is no share: write 2/3")


Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=120)]
DayText = Annotated[
    Word,
    AfterValidator(_check_day),
    WithJsonSchema({"type": ["string", "integer"], "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}),
]
Share = Annotated[
    Fraction,
    BeforeValidator(_share),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,4}/\d{1,4}$"}),
]
Scalar = bool | int | str


class Comparison(Written):
    """A pattern that compares: exactly one of its keys."""

    not_: Scalar | tuple[Scalar, ...] | None = Field(default=None, alias="not")
    at_least: Scalar | None = None
    at_most: Scalar | None = None
    between: tuple[Scalar, Scalar] | None = None

    @model_validator(mode="after")
    def _one_key(self) -> Comparison:
        if len(self.model_fields_set) != 1:
            raise PydanticCustomError(
                "pattern", "a pattern has exactly one of not, at_least, at_most, between"
            )
        return self


PatternText = Scalar | tuple[Scalar, ...] | Comparison
Where = dict[str, PatternText]


class CountText(Written):
    """What is counted."""

    event: str
    where: Where = Field(default_factory=dict)
    distinct: str | None = None


#: The companions that each form of condition takes.
COMPANIONS: dict[str, tuple[str, ...]] = {
    "always": (),
    "event": ("where",),
    "finding": ("by",),
    "fact": ("under",),
    "all": (),
    "any": (),
    "not": (),
    "after": ("plus", "to"),
    "count": ("at_least",),
    "triggered": (),
    "done": (),
    "breached": (),
    "standing": (),
}
_REQUIRED = {"after": "plus", "count": "at_least"}


class ConditionText(Written):
    """A condition as written: exactly one form, with its companions."""

    always: Literal[True] | None = None
    event: str | None = None
    where: Where | None = None
    finding: str | None = None
    by: str | tuple[str, ...] | None = None
    fact: str | None = None
    under: str | None = None
    all: Annotated[tuple[ConditionText, ...], Field(min_length=1)] | None = None
    any: Annotated[tuple[ConditionText, ...], Field(min_length=1)] | None = None
    not_: ConditionText | None = Field(default=None, alias="not")
    after: ConditionText | None = None
    plus: str | None = None
    to: Rounding | None = None
    count: CountText | None = None
    at_least: Annotated[int, Field(ge=1, le=10_000)] | None = None
    triggered: str | None = None
    done: str | None = None
    breached: str | None = None
    standing: Annotated[Where, Field(min_length=1)] | None = None

    @property
    def form(self) -> str:
        """Which of the forms it is."""
        return next(name for name in COMPANIONS if name in self._given())

    def _given(self) -> set[str]:
        return {"not" if name == "not_" else name for name in self.model_fields_set}

    @model_validator(mode="after")
    def _one_form(self) -> ConditionText:
        given = self._given()
        forms = [name for name in COMPANIONS if name in given]
        if len(forms) != 1:
            said = " and ".join(forms) if forms else "none"
            raise PydanticCustomError(
                "condition-form",
                "a condition has exactly one form; this has {said}",
                {"said": said, "help": "forms: " + ", ".join(COMPANIONS)},
            )
        self._check_companions(forms[0], given)
        return self

    def _check_companions(self, form: str, given: set[str]) -> None:
        allowed = COMPANIONS[form]
        stray = sorted(given - {form, *allowed})
        if stray:
            helped = f"beside `{form}`: {', '.join(allowed)}" if allowed else "nothing goes with it"
            raise PydanticCustomError(
                "condition-form",
                "`{stray}` does not go with `{form}`",
                {"stray": stray[0], "form": form, "at": (stray[0],), "help": helped},
            )
        needed = _REQUIRED.get(form)
        if needed and needed not in given:
            raise PydanticCustomError(
                "condition-form",
                "`{form}` needs `{needed}`",
                {"form": form, "needed": needed, "at": (form,)},
            )


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


class SetBy(Written):
    """A time limit that a body sets, never beyond `at_most`."""

    set_by: str
    at_most: str


class Jointly(Written):
    """Bearers who owe an act together."""

    jointly: Annotated[tuple[str, ...], Field(min_length=2)]


class Each(Written):
    """Every state of a register bears the position."""

    each: str
    except_: Literal["state_concerned"] | None = Field(default=None, alias="except")


BearerText = str | tuple[str, ...] | Jointly | Each


class DemandText(Written):
    """What a rule demands, permits, forbids or brings about, of whom, how, by when."""

    must: str | None = None
    should: str | None = None
    may: str | None = None
    must_not: str | None = None
    should_not: str | None = None
    discretion: Literal["any"] | Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    effect: str | None = None
    in_: tuple[str, ...] | None = Field(default=None, alias="in")
    for_example: tuple[str, ...] | None = None
    by: BearerText | None = None
    with_: Where = Field(default_factory=dict, alias="with")
    within: str | SetBy | None = None
    counted_from: ConditionText | None = None
    no_later_than: DayText | None = None
    before: ConditionText | None = None
    every: str | None = None
    anew: bool = False

    @property
    def modality(self) -> Modality:
        """The one modality that is written."""
        return next(m for m in MODALITIES if getattr(self, m) is not None)

    @model_validator(mode="after")
    def _one_modality(self) -> DemandText:
        given = [m for m in MODALITIES if getattr(self, m) is not None]
        if len(given) != 1:
            raise PydanticCustomError(
                "modality",
                "a demand has exactly one modality; this has {said}",
                {"said": " and ".join(given) or "none", "help": "one of " + ", ".join(MODALITIES)},
            )
        if given[0] != "effect" and self.by is None:
            raise PydanticCustomError("bearer", "a demand says who bears it: add `by`")
        if self.discretion == "any" and not self.in_:
            raise PydanticCustomError(
                "discretion", "`discretion: any` says on which tracks: add `in: [...]`"
            )
        return self


class ReparationText(DemandText):
    """What a breach calls for."""

    when: ConditionText | None = None
    unless: ConditionText | None = None


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
