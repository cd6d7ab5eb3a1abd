"""What each venue would adopt, in every face."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from normrules.analysis.legalization import Profile
from normrules.drafting.adopted_texts import Ranked
from normrules.drafting.adoption import Change, Placed
from normrules.lang.adoption import PositionsText
from normrules.show.text import render

_SILENT = {
    "accepts": "whoever has no recorded stance is supposed to accept",
    "opposes": "whoever has no recorded stance is supposed to oppose",
    "unknown": "nothing is supposed of who has no recorded stance",
}


def adoption_text(
    found: Sequence[Ranked], positions: PositionsText, width: int = 80, *, colour: bool = False
) -> str:
    """Venue by venue, the most legalized first: what is adopted, weakened, lost, and by whom."""
    return render(Group(*_parts(found, positions)), width, colour=colour)


def _parts(found: Sequence[Ranked], positions: PositionsText) -> Iterator[RenderableType]:
    yield Text.assemble((positions.title, "bold"))
    yield Text(f"Supposed: {_SILENT[positions.silent]}.")
    for place, ranked in enumerate(found, 1):
        yield ""
        yield Text.assemble((f"{place}. {ranked.title}", "bold"), f"  {ranked.adopted.venue}")
        yield Text(f"   Legalization of what it would adopt: {profile_words(ranked.profile)}")
        texts = ranked.adopted.texts
        for number, text in enumerate(texts, 1):
            if len(texts) > 1:
                yield Text(f"   Text {number} of {len(texts)}, none of them the strongest:")
            yield _text(text, positions)
        yield from _unsure(ranked)
        for change in ranked.adopted.changes:
            yield Text(f"   {change_words(change, positions)}", "dim")


def profile_words(profile: Profile | None) -> str:
    """The three dimensions in a line; of no rule, nothing."""
    if profile is None:
        return "nothing, since nothing is adopted"
    dimensions = (profile.obligation, profile.precision, profile.delegation)
    return ", ".join(f"{d.name} {d.level or '-'}" for d in dimensions)


def _text(text: Sequence[Placed], positions: PositionsText) -> Table:
    rows = Table(box=None, padding=(0, 1, 0, 3), show_edge=False, expand=True, show_header=False)
    rows.add_column(width=12)
    rows.add_column(ratio=3)
    rows.add_column(ratio=2)
    whole = {(placed.fate, placed.held_by, placed.alone) for placed in text}
    if len(whole) == 1 and text[0].fate == "lost" and len(text) > 1:
        rows.add_row("lost", f"all {len(text)} provisions", held_words(text[0], positions))
        return rows
    for placed in text:
        instead = f", in place of {placed.provision}" if placed.fate == "weakened" else ""
        rows.add_row(placed.fate, f"{placed.title}{instead}", held_words(placed, positions))
    return rows


def held_words(placed: Placed, positions: PositionsText) -> str:
    """Who holds a provision back, and who could alone."""
    if placed.fate == "adopted":
        return ""
    names = [
        positions.actors[a].title + (" (can stop it alone)" if a in placed.alone else "")
        for a in placed.held_by
    ]
    return f"held back by {', '.join(names)}" if names else "not within its competence"


def _unsure(ranked: Ranked) -> Iterator[Text]:
    if not ranked.adopted.sure:
        hopeful = ranked.adopted.hopeful[0] if ranked.adopted.hopeful else ()
        more = [
            placed.provision
            for placed, sure in zip(hopeful, ranked.adopted.texts[0], strict=True)
            if placed.version < sure.version
        ]
        said = ", ".join(more) or "another text"
        yield Text(f"   Perhaps more, if what is not known favours it: {said}", "italic")


def change_words(change: Change, positions: PositionsText) -> str:
    """What would let a provision through."""
    if change.flips is None:
        return f"{change.provision}: no change of position would let it through"
    by_actor: dict[str, list[str]] = {}
    for actor, provision in change.flips:
        by_actor.setdefault(actor, []).append(provision)
    told = [
        f"{positions.actors[actor].title} accepted {' and '.join(some)}"
        for actor, some in by_actor.items()
    ]
    return f"{change.provision} would pass if {', and '.join(told)}"


# ---------------------------------------------------------------- other faces


def adoption_data(found: Sequence[Ranked], positions: PositionsText) -> dict[str, Any]:
    """The answer as plain data."""
    return {
        "kind": "adoption",
        "positions": positions.name,
        "silent": positions.silent,
        "venues": [_venue_data(place, ranked) for place, ranked in enumerate(found, 1)],
    }


def _venue_data(place: int, ranked: Ranked) -> dict[str, Any]:
    adopted = ranked.adopted
    return {
        "venue": adopted.venue,
        "rank": place,
        "force": ranked.force,
        "legalization": None if ranked.profile is None else ranked.profile.plain(),
        "sure": adopted.sure,
        "texts": [[_placed_data(p) for p in text] for text in adopted.texts],
        "texts_if_the_unknown_favours": [[_placed_data(p) for p in t] for t in adopted.hopeful],
        "least_changes": [
            {
                "provision": change.provision,
                "flips": None
                if change.flips is None
                else [{"actor": a, "accepts": p} for a, p in change.flips],
            }
            for change in adopted.changes
        ],
    }


def _placed_data(placed: Placed) -> dict[str, Any]:
    return {
        "provision": placed.provision,
        "fate": placed.fate,
        "stands": placed.title if placed.fate != "lost" else None,
        "held_by": list(placed.held_by),
        "alone": list(placed.alone),
    }


def adoption_json(found: Sequence[Ranked], positions: PositionsText) -> str:
    """The answer as JSON."""
    return json.dumps(adoption_data(found, positions), indent=2, ensure_ascii=False)


def adoption_csv(found: Sequence[Ranked]) -> str:
    """A row for each venue, text and provision."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["venue", "text", "provision", "fate", "stands", "held_by"])
    for ranked in found:
        for number, text in enumerate(ranked.adopted.texts, 1):
            for p in text:
                stands = p.title if p.fate != "lost" else ""
                told = (p.provision, p.fate, stands, " ".join(p.held_by))
                writer.writerow([ranked.adopted.venue, number, *told])
    return out.getvalue()


def adoption_markdown(found: Sequence[Ranked], positions: PositionsText) -> str:
    """The answer as a page."""
    return "\n".join(_markdown(found, positions))


def _markdown(found: Sequence[Ranked], positions: PositionsText) -> Iterator[str]:
    yield f"# {positions.title}\n\nSupposed: {_SILENT[positions.silent]}.\n"
    for place, ranked in enumerate(found, 1):
        yield f"## {place}. {ranked.title}\n"
        yield f"Legalization of what it would adopt: {profile_words(ranked.profile)}.\n"
        for text in ranked.adopted.texts:
            yield "| provision | | what stands | |\n|---|---|---|---|"
            for p in text:
                stands = p.title if p.fate != "lost" else "-"
                yield f"| {p.provision} | {p.fate} | {stands} | {held_words(p, positions)} |"
            yield ""
        yield from (f"- {change_words(c, positions)}" for c in ranked.adopted.changes)
        yield ""
