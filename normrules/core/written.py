"""What all that stands in files is made of: names, titles, days, shares, and the frozen model."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from normrules.core.time import day

#: A number that people write without quotes where a text is meant (a year, a country's number).
Word = Annotated[
    str,
    BeforeValidator(lambda v: str(v) if type(v) in (int, bool) else v),
    WithJsonSchema({"type": ["string", "integer", "boolean"]}),
]
Title = str | dict[Annotated[str, Field(pattern=r"^[a-z]{2}$")], str]


class Written(BaseModel):
    """What stands in a file: frozen, and nothing undeclared."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


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
