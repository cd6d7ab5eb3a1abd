"""What a rule demands, as it is written: one modality, of whom, how, by when."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from normrules.core.condition_text import ConditionText, Where
from normrules.core.written import DayText, Written

Modality = Literal["must", "should", "may", "must_not", "should_not", "discretion", "effect"]
MODALITIES: tuple[Modality, ...] = get_args(Modality)


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
