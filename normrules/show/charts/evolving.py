"""The picture of regimes over time: on which rung how large a share of the world's states stood."""

from __future__ import annotations

from normrules.analysis.evolution import UNKNOWN, Evolution, Standing
from normrules.core.time import Instant, Interval, describe, iso
from normrules.core.vocabulary import Vocabulary
from normrules.show.charts.drawing import Picture, altair, colour_scale, heading, word


def evolution_picture(found: Evolution, vocabulary: Vocabulary) -> Picture:
    """A step chart: the share of the world's states on each rung, from day to day.

    Raises NormrulesError without the extra `charts`.
    """
    used = {c for m in found.moments for s in m.standings for c in s.states}
    order = [c for c in [*reversed(found.ladder), UNKNOWN] if c in used]
    order = [*(c for c in order if c != "none"), *(["none"] if "none" in used else [])]
    data = [
        {
            "action": vocabulary.title_of(standing.action),
            "day": iso(day),
            "commitment": word(c),
            "share": standing.states.get(c, 0) / (standing.world or 1),
            "rung": order.index(c),
        }
        for day, standings in _steps(found)
        for standing in standings
        for c in order
    ]
    alt = altair()
    area = (
        alt.Chart(alt.Data(values=data))
        .mark_area(interpolate="step-after", stroke="white", strokeWidth=0.5, clip=True)
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", grid=False,
                    labelOverlap=True)),
            y=alt.Y("share:Q", stack="zero", title="share of the world's states",
                    scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5)),
            color=alt.Color("commitment:N", scale=colour_scale(order),
                            legend=alt.Legend(title="Bound to", orient="right")),
            order=alt.Order("rung:Q"),
        )
        .properties(width=640, height=260)
    )  # fmt: skip
    header = alt.Header(title=None, labelAnchor="start", labelFontWeight="bold", labelLimit=0)
    title = f"What binds the world's states, {_year(found.start)} to {_year(found.end)}"
    chart = area.facet(facet=alt.Facet("action:N", header=header, sort=None), columns=1).properties(
        title=heading(title)
    )
    rows = tuple(
        (describe(Interval(m.day, m.day))[:10], s.action, word(c), str(s.states[c]), str(s.world))
        for m in found.moments
        for s in m.standings
        for c in s.states
    )
    columns = ("from", "action", "commitment", "states", "of")
    return Picture(chart, title, f"{title}. {_ends(found)}", columns, rows)


def _steps(found: Evolution) -> list[tuple[Instant, tuple[Standing, ...]]]:
    """Each moment, and the last day with what held until then."""
    steps = [(moment.day, moment.standings) for moment in found.moments]
    day, standings = steps[-1]
    return steps if day == found.end else [*steps, (found.end, standings)]


def _year(day: Instant) -> str:
    return describe(Interval(day, day))[:4]


def _ends(found: Evolution) -> str:
    """How it was on the first day and on the last."""
    said = []
    for moment in (found.moments[0], found.moments[-1]):
        for standing in moment.standings:
            told = ", ".join(f"{number} {word(c)}" for c, number in standing.states.items())
            said.append(
                f"{_year(moment.day)}, {standing.action}: {told} of {standing.world} states"
            )
    return "; ".join(said)
