"""Conditions and patterns as they are written: exactly one form each, with its companions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from normrules.core.time import Rounding
from normrules.core.written import Scalar, Written


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
