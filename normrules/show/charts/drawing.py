"""What all charts share: colours, words, and how a chart becomes a picture."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from types import ModuleType
from typing import Any

from normrules.core.problem import NormrulesError
from normrules.core.wording import plain

#: From light to dark, told apart by the colour-blind and in grey print.
COLOURS = {
    "none": "#f1efe9",
    "discretion": "#d3e8c4",
    "may": "#8fd0bd",
    "should_upon": "#47b3c6",
    "should": "#2f97cc",
    "must_upon": "#2759a5",
    "must": "#0b2a6f",
    "should_not_upon": "#fddc8c",
    "should_not": "#f79c4b",
    "must_not_upon": "#cc3a23",
    "must_not": "#7c0a22",
    "not known": "#9b9b9b",
}
_DARK, _LIGHT = "#1b1b1b", "#ffffff"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its title, what it shows in words, and its data as rows for a table."""

    chart: Any
    title: str
    says: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def altair() -> ModuleType:
    """The charting library. Raises NormrulesError if it is not installed."""
    try:
        import altair as found
        import vl_convert  # noqa: F401 - what draws the charts
    except ImportError as error:
        message = "pictures need the extra `charts`: pip install 'normrules[charts]'"
        raise NormrulesError(message) from error
    return found


def word(commitment: str) -> str:
    """A commitment in a word or two.

    >>> word("must_upon"), word("none")
    ('must upon', 'nothing')
    """
    return "nothing" if commitment == "none" else plain(commitment)


def ink(commitment: str) -> str:
    """The colour of text on a commitment's colour: the one of higher contrast."""
    return max((_DARK, _LIGHT), key=lambda text: contrast(text, COLOURS[commitment]))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21, as the Web Content Accessibility Guidelines.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def colour_scale(commitments: Sequence[str]) -> Any:
    """The colours of these commitments, by their words."""
    return altair().Scale(
        domain=[word(c) for c in commitments], range=[COLOURS[c] for c in commitments]
    )


def heading(title: str) -> Any:
    """A chart's title, above its left edge."""
    return altair().TitleParams(title, anchor="start", fontSize=14, offset=12)


def _finished(picture: Picture) -> dict[str, Any]:
    chart = picture.chart.configure(
        font="DejaVu Sans, Verdana, sans-serif", background="white"
    ).configure_view(stroke=None)
    finished: dict[str, Any] = json.loads(chart.to_json())
    return finished


def svg(picture: Picture) -> str:
    """The picture as SVG, with its title and what it shows for those who don't see it."""
    altair()
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(_finished(picture))
    said = f"<title>{escape(picture.title)}</title><desc>{escape(picture.says)}</desc>"
    labelled = drawn.replace("<svg ", '<svg role="img" ', 1)
    return re.sub(r"(<svg [^>]*>)", lambda m: m[1] + said, labelled, count=1) + "\n"


def png(picture: Picture) -> bytes:
    """The picture as PNG, at twice the size of the screen."""
    altair()
    import vl_convert

    drawn: bytes = vl_convert.vegalite_to_png(_finished(picture), scale=2)
    return drawn
