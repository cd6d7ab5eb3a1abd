"""Regimes side by side: verdicts, what they share, and where they part, in every face."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from normrules.analysis.comparison import ActionTable, Comparison
from normrules.analysis.states import StatesBound
from normrules.analysis.verdicts import Contrast, PairVerdict
from normrules.analysis.witness import Witness
from normrules.core.time import describe
from normrules.core.vocabulary import Vocabulary
from normrules.core.wording import lowered, plain
from normrules.show.text import render

NOT_COUNTED = (
    "These are too many situations to count: the verdicts are a solver's, and no share is known."
)


def comparison_text(
    found: Comparison, vocabulary: Vocabulary, width: int = 80, *, colour: bool = False
) -> str:
    """The verdicts, the matrix of situations by action, and the common denominator."""
    parts: list[RenderableType] = [*_head(found), "", _pairs(found.pairs, vocabulary)]
    for table in found.actions:
        parts += ["", *_action(table, vocabulary)]
    parts += ["", *(_shared(found, vocabulary) if found.counted else [Text(NOT_COUNTED)])]
    return render(Group(*parts), width, colour=colour)


def _head(found: Comparison) -> Iterator[RenderableType]:
    yield Text.assemble(("Compared: ", "bold"), ", ".join(found.regimes))
    yield Text(
        f"Under the law of {describe(found.law)}, every state assumed bound; findings that a "
        f"rule waits for: {_GATES[found.gates]}."
    )
    yield Text("Order of commitments: " + " < ".join(map(plain, found.scale.commanding)))
    bound = [
        f"{name} {said}" for name in found.regimes if (said := states_words(found.states.get(name)))
    ]
    if bound:
        yield Text(f"States bound that day: {', '.join(bound)}.")
    if found.without_rules:
        yield Text(f"Without a rule, left out: {', '.join(found.without_rules)}")


def states_words(states: StatesBound | None) -> str:
    """How many states, and what share of the world's."""
    if states is None:
        return ""
    numbers, shares = (states.least, states.most), [percent(s) for s in states.share]
    few = str(numbers[0]) if numbers[0] == numbers[1] else f"{numbers[0]} to {numbers[1]}"
    return f"{few} ({' to '.join(dict.fromkeys(shares))})"


_GATES = {
    "strength": "shown as a weaker commitment (upon)",
    "open": "taken as made",
    "closed": "counted only where made",
}


def _pairs(pairs: Sequence[PairVerdict], vocabulary: Vocabulary) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    for title, ratio in (("Verdict", 3), ("Less strict where", 4), ("Stricter where", 4)):
        table.add_column(title, ratio=ratio, overflow="fold")
    for pair in pairs:
        mark = " (another under another order)" if pair.hangs_on_order else ""
        verdict = Text.assemble(pair.first, " is ", (pair.verdict, "bold"), f" {_than(pair)}{mark}")
        table.add_row(
            verdict,
            "\n".join(shown(pair.weaker, pair.weaker_on, vocabulary)),
            "\n".join(shown(pair.stricter, pair.stricter_on, vocabulary)),
        )
    table.caption = "After each case, on which actions: the first / the second." if pairs else None
    table.caption_justify = "left"
    return table


def _than(pair: PairVerdict) -> str:
    link = {
        "equal": "to",
        "incomparable": "with",
        "at least as strict": "as",
        "less strict": "than",
    }
    return f"{link[pair.verdict]} {pair.second}"


#: On how many actions a difference is told; the rest is counted.
_TOLD = 3


def shown(witness: Witness | None, on: Sequence[Contrast], vocabulary: Vocabulary) -> Iterator[str]:
    """The smallest case of a difference, and what the first and the second commit to in it."""
    yield _says(witness)
    for contrast in on[:_TOLD]:
        title = lowered(vocabulary.title_of(contrast.action))
        sides = (plain(c).replace("none", "nothing") for c in (contrast.first, contrast.second))
        yield f"- {title}: {' / '.join(sides)}"
    if len(on) > _TOLD:
        yield f"- and {len(on) - _TOLD} more"


def _says(witness: Witness | None) -> str:
    return witness.says if witness else "-"


def _action(table: ActionTable, vocabulary: Vocabulary) -> Iterator[RenderableType]:
    forbidden = " (forbidden)" if table.ladder == "forbidding" else ""
    title = lowered(vocabulary.title_of(table.action))
    yield Text.assemble((f"{title[:1].upper()}{title[1:]}{forbidden}", "bold"), f"  {table.action}")
    if table.left_out:
        yield Text(f"No competence: {', '.join(table.left_out)}", style="dim")
    rows = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    rows.add_column("Share", width=7)
    rows.add_column("Smallest situation", ratio=5)
    rows.add_column("Commitments", ratio=5, overflow="fold")
    for row in table.rows:
        said = "\n".join(_committed(row.commitments))
        rows.add_row(percent(row.share), _says(row.witness), said)
    yield rows
    for what, shares in (("below another", table.gaps), ("above what all share", table.lost)):
        told = [f"{name} {percent(share)}" for name, share in shares.items() if share]
        if told:
            yield Text(f"Gap, {what}: {', '.join(told)}", style="dim")


def _committed(commitments: Mapping[str, str]) -> Iterator[str]:
    """What each is committed to, the strongest first; those who say the same together."""
    if len(commitments) > 1 and len(set(commitments.values())) == 1:
        yield f"all: {plain(next(iter(commitments.values())))}"
        return
    for commitment in dict.fromkeys(commitments.values()):
        names = [name for name, said in commitments.items() if said == commitment]
        if commitment != "none":
            yield f"{plain(commitment)}: {', '.join(names)}"


def _shared(found: Comparison, vocabulary: Vocabulary) -> Iterator[RenderableType]:
    yield Text("Shared, by how many regimes (share of situations)", style="bold")
    shared = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True, show_header=False)
    shared.add_column(ratio=2)
    shared.add_column(ratio=5)
    for table in found.actions:
        shared.add_row(_title(table, vocabulary), Text("\n".join(_by_count(table)), "cyan"))
    yield shared
    yield ""
    common = [
        (percent(share), plain(commitment), _title(table, vocabulary))
        for table in found.actions
        for commitment, share in table.by_count[max(table.by_count)].items()
        if len(table.by_count) > 1
    ]
    nothing = "" if common else "nothing; no commitment is shared by all in any situation."
    yield Text.assemble(("Lowest common denominator: ", "bold"), nothing)
    rows = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True, show_header=False)
    rows.add_column(width=7)
    rows.add_column(max_width=12)
    rows.add_column(ratio=1)
    for row in common:
        rows.add_row(*row)
    yield rows


def _title(table: ActionTable, vocabulary: Vocabulary) -> str:
    forbidden = " (forbidden)" if table.ladder == "forbidding" else ""
    return f"{lowered(vocabulary.title_of(table.action))}{forbidden}"


def _by_count(table: ActionTable) -> Iterator[str]:
    """What at least so many of the counted regimes share; once for numbers that share alike."""
    groups: list[tuple[list[int], Mapping[str, Fraction]]] = []
    for k, shares in table.by_count.items():
        if groups and groups[-1][1] == shares:
            groups[-1][0].append(k)
        elif shares:
            groups.append(([k], shares))
    for counts, shares in groups:
        last = counts[-1]
        number = "all" if last == max(table.by_count) else f"at least {last}"
        yield f"{number}: {shares_words(shares)}"


def shares_words(shares: Mapping[str, Fraction]) -> str:
    """Commitments, each with its share of situations.

    >>> shares_words({"must_upon": Fraction(1, 5), "may": Fraction(1, 4)})
    'must upon 20 %, may 25 %'
    """
    return ", ".join(f"{plain(c)} {percent(share)}" for c, share in shares.items())


def percent(share: Fraction) -> str:
    """A share of situations in per cent; a small one is never said to be nothing.

    >>> percent(Fraction(1, 3)), percent(Fraction(1, 10**6)), percent(Fraction(1))
    ('33.3 %', '<0.1 %', '100 %')
    """
    if 0 < share < Fraction(1, 1000):
        return "<0.1 %"
    return f"{float(share * 100):.1f}".removesuffix(".0") + " %"


# ---------------------------------------------------------------- other faces


def comparison_data(found: Comparison) -> dict[str, Any]:
    """The comparison as plain data; shares as exact fractions and as numbers."""
    return {
        "kind": "comparison",
        "regimes": list(found.regimes),
        "without_rules": list(found.without_rules),
        "law": describe(found.law),
        "gates": found.gates,
        "counted": found.counted,
        "order": list(found.scale.commanding),
        "states_bound": {
            name: None if s is None else {"least": s.least, "most": s.most, "of": s.of}
            for name, s in found.states.items()
        },
        "pairs": [
            {
                "first": p.first,
                "second": p.second,
                "verdict": p.verdict,
                "less_strict_where": _witness_data(p.weaker),
                "stricter_where": _witness_data(p.stricter),
                "less_strict_on": [asdict(contrast) for contrast in p.weaker_on],
                "stricter_on": [asdict(contrast) for contrast in p.stricter_on],
                "hangs_on_order": p.hangs_on_order,
            }
            for p in found.pairs
        ],
        "actions": [_action_data(table) for table in found.actions],
    }


def _action_data(table: ActionTable) -> dict[str, Any]:
    return {
        "action": table.action,
        "ladder": table.ladder,
        "left_out": list(table.left_out),
        "situations": [
            {
                "commitments": dict(row.commitments),
                "share": _number(row.share),
                "witness": _witness_data(row.witness),
            }
            for row in table.rows
        ],
        "shared_by_at_least": {
            str(k): {c: _number(s) for c, s in shares.items()}
            for k, shares in table.by_count.items()
        },
        "gap_below_the_others": {name: _number(s) for name, s in table.gaps.items()},
        "lost_in_the_denominator": {name: _number(s) for name, s in table.lost.items()},
    }


def _number(share: Fraction) -> dict[str, Any]:
    return {"exact": str(share), "value": round(float(share), 6)}


def _witness_data(witness: Witness | None) -> dict[str, Any] | None:
    return None if witness is None else {"says": witness.says, "scenario": dict(witness.data)}


def comparison_json(found: Comparison) -> str:
    """The comparison as JSON."""
    return json.dumps(comparison_data(found), indent=2, ensure_ascii=False)


def comparison_markdown(found: Comparison, vocabulary: Vocabulary) -> str:
    """The comparison as a page."""
    return "\n".join(_markdown(found, vocabulary))


def _markdown(found: Comparison, vocabulary: Vocabulary) -> Iterator[str]:
    yield f"# {' / '.join(found.regimes)}\n"
    order = " < ".join(map(plain, found.scale.commanding))
    yield f"Law of {describe(found.law)}. Order: {order}.\n"
    yield "| regimes | verdict | less strict where | stricter where |\n|---|---|---|---|"
    for p in found.pairs:
        mark = " (another under another order)" if p.hangs_on_order else ""
        pair, verdict = f"{p.first} - {p.second}", f"{p.verdict}{mark}"
        below = "<br>".join(shown(p.weaker, p.weaker_on, vocabulary))
        above = "<br>".join(shown(p.stricter, p.stricter_on, vocabulary))
        yield f"| {pair} | {verdict} | {below} | {above} |"
    for table in found.actions:
        forbidden = " (forbidden)" if table.ladder == "forbidding" else ""
        yield f"\n## {vocabulary.title_of(table.action)}{forbidden}\n"
        names = list(table.rows[0].commitments) if table.rows else []
        yield f"| share | smallest situation | {' | '.join(names)} |"
        yield "|---" * (len(names) + 2) + "|"
        for row in table.rows:
            cells = " | ".join(plain(row.commitments[name]) for name in names)
            yield f"| {percent(row.share)} | {_says(row.witness)} | {cells} |"


def comparison_csv(found: Comparison) -> str:
    """A row for each action, situation and regime."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["action", "ladder", "situation", "share", "regime", "commitment"])
    for table in found.actions:
        for row in table.rows:
            for name, commitment in row.commitments.items():
                says, share = _says(row.witness), f"{float(row.share):.6f}"
                writer.writerow([table.action, table.ladder, says, share, name, commitment])
    return out.getvalue()


def witness_files(found: Comparison) -> Iterator[tuple[str, Witness]]:
    """Each witness of a verdict, with the name of its file."""
    for p in found.pairs:
        names = f"{p.first}-{p.second}".replace("@", "-on-")
        for way, witness in (("less-strict", p.weaker), ("stricter", p.stricter)):
            if witness is not None:
                yield f"{names}-{way}.yaml", witness
