"""Regimes over time as text, JSON, CSV and Markdown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from normrules.analysis.evolution import UNKNOWN, Evolution, Moment, Standing
from normrules.core.time import Instant, Interval, describe
from normrules.core.vocabulary import Vocabulary
from normrules.core.wording import lowered, plain
from normrules.show.comparison import percent, shares_words
from normrules.show.text import render

#: How many changes of a day are told on a page; the data holds all.
_TOLD = 2


def evolution_text(
    found: Evolution, vocabulary: Vocabulary, width: int = 80, *, colour: bool = False
) -> str:
    """A table for each action: how many states stand where, whenever that changes."""
    return render(Group(*_parts(found, vocabulary)), width, colour=colour)


def _parts(found: Evolution, vocabulary: Vocabulary) -> Iterator[RenderableType]:
    yield Text.assemble(("Regimes: ", "bold"), ", ".join(found.regimes))
    if found.left_out:
        yield Text(f"Left out, since they bind no state: {', '.join(found.left_out)}")
    yield Text(
        f"From {_date(found.start)} to {_date(found.end)}: what the strongest commitment is that "
        "binds how many of the world's states. A state of which it is not known counts apart."
    )
    for action in found.actions:
        title = lowered(vocabulary.title_of(action))
        yield ""
        yield Text.assemble((f"{title[:1].upper()}{title[1:]}", "bold"), f"  {action}")
        yield from _states(found, action)
        yield ""
        yield _shared(found, action)


def _states(found: Evolution, action: str) -> Iterator[Text]:
    """A line of numbers for each turn, and below it what changed."""
    classes = used(found, action)
    heads = "".join(f"{_word(commitment):>11}" for commitment in classes)
    yield Text(f"{'From':10}{heads}", "bold")
    for moment, standing in turns(found, action):
        counts = "".join(f"{_count(standing, commitment):>11}" for commitment in classes)
        yield Text(f"{_date(moment.day)}{counts}")
        if moment.changes:
            yield Text(f"  {_changes(moment)}", "dim")


def used(found: Evolution, action: str) -> list[str]:
    """The commitments on which some state stands at some time, the strongest first."""
    some = {c for m in found.moments for s in m.standings if s.action == action for c in s.states}
    return [c for c in [*reversed(found.ladder), UNKNOWN] if c in some]


def turns(found: Evolution, action: str) -> Iterator[tuple[Moment, Standing]]:
    """The moments at which the number of states on some rung changes, and the first."""
    last: Mapping[str, int] | None = None
    for moment in found.moments:
        standing = next(s for s in moment.standings if s.action == action)
        if standing.states != last:
            yield moment, standing
        last = standing.states


def _count(standing: Standing, commitment: str) -> str:
    number = standing.states.get(commitment, 0)
    share = round(100 * number / standing.world) if standing.world else 0
    return f"{number} {share}%" if number else "-"


def _changes(moment: Moment) -> str:
    few = "; ".join(moment.changes[:_TOLD])
    return few if len(moment.changes) <= _TOLD else f"{few}; {len(moment.changes) - _TOLD} more"


def _shared(found: Evolution, action: str) -> Table:
    """The denominator of all counted regimes, and how many share each commitment at most."""
    rows = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    rows.add_column("From", width=10)
    rows.add_column("Regimes", width=7, justify="right")
    rows.add_column("All share", ratio=1)
    rows.add_column("Shared by at most", ratio=2)
    last = None
    for moment in found.moments:
        standing = next(s for s in moment.standings if s.action == action)
        row = (str(len(standing.regimes)), shares(standing), reach(standing))
        if row != last:
            rows.add_row(_date(moment.day), *row)
        last = row
    return rows


def shares(standing: Standing) -> str:
    """The common denominator of all counted regimes."""
    common = standing.shared.get(len(standing.regimes), {})
    return shares_words(common) or "nothing"


def reach(standing: Standing) -> str:
    """Of each commitment the greatest number of regimes that share at least that much."""
    most: dict[str, tuple[int, Fraction]] = {}
    for k, said in standing.shared.items():
        for commitment, share in said.items():
            most[commitment] = (k, share)
    return ", ".join(f"{plain(c)} {k} ({percent(share)})" for c, (k, share) in most.items()) or "-"


def _word(commitment: str) -> str:
    return "nothing" if commitment == "none" else plain(commitment)


def _date(day: Instant) -> str:
    return describe(Interval(day, day))[:10]


# ---------------------------------------------------------------- other faces


def evolution_data(found: Evolution) -> dict[str, Any]:
    """The whole course as plain data, with every date of change."""
    return {
        "kind": "evolution",
        "regimes": list(found.regimes),
        "left_out": list(found.left_out),
        "actions": list(found.actions),
        "from": _date(found.start),
        "to": _date(found.end),
        "moments": [
            {
                "from": _date(moment.day),
                "changes": list(moment.changes),
                "standings": [
                    {
                        "action": standing.action,
                        "states": dict(standing.states),
                        "of": standing.world,
                        "regimes": list(standing.regimes),
                        "shared_by_at_least": {
                            str(k): {c: str(share) for c, share in said.items()}
                            for k, said in standing.shared.items()
                        },
                    }
                    for standing in moment.standings
                ],
            }
            for moment in found.moments
        ],
    }


def evolution_json(found: Evolution) -> str:
    """The course as JSON."""
    return json.dumps(evolution_data(found), indent=2, ensure_ascii=False)


def evolution_csv(found: Evolution) -> str:
    """A row for each date of change, action and commitment."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["from", "action", "commitment", "states", "of", "changes"])
    for moment in found.moments:
        for standing in moment.standings:
            for commitment in used(found, standing.action):
                number = standing.states.get(commitment, 0)
                told = (standing.action, commitment, number, standing.world)
                writer.writerow([_date(moment.day), *told, "; ".join(moment.changes)])
    return out.getvalue()


def evolution_markdown(found: Evolution, vocabulary: Vocabulary) -> str:
    """The course as a page."""
    return "\n".join(_markdown(found, vocabulary))


def _markdown(found: Evolution, vocabulary: Vocabulary) -> Iterator[str]:
    yield f"# {_date(found.start)} to {_date(found.end)}\n"
    yield f"Regimes: {', '.join(found.regimes)}.\n"
    for action in found.actions:
        classes = used(found, action)
        yield f"## {vocabulary.title_of(action)}\n"
        yield f"| from | {' | '.join(map(_word, classes))} | all share | what changed |"
        yield "|---" * (len(classes) + 3) + "|"
        for moment, standing in turns(found, action):
            counts = " | ".join(_count(standing, c) for c in classes)
            told = f"{shares(standing)} | {'; '.join(moment.changes)}"
            yield f"| {_date(moment.day)} | {counts} | {told} |"
        yield ""
