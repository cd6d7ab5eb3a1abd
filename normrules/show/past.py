"""Regimes compared over past cases, in every face."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from normrules.analysis.past import Past, PastAction, PastRow, Stance
from normrules.core.time import describe
from normrules.core.vocabulary import Vocabulary
from normrules.core.wording import lowered, plain
from normrules.show.text import render
from normrules.show.webpage import table as html_table

#: How many cases are named on a page; the data names all.
_NAMED = 4


def past_text(past: Past, vocabulary: Vocabulary, width: int = 80, *, colour: bool = False) -> str:
    """Action by action: to what each regime commits in how many cases, and in which."""
    parts: list[RenderableType] = list(_head(past))
    for table in past.actions:
        parts += ["", *_action(table, vocabulary)]
    parts += ["", *_verdicts(past, vocabulary)]
    return render(Group(*parts), width, colour=colour)


def _head(past: Past) -> Iterator[RenderableType]:
    law = "the law of its own days" if past.law is None else f"the law of {describe(past.law)}"
    bound = "only where it binds the state" if past.bound else "every state assumed bound"
    yield Text.assemble(
        ("Case by case: ", "bold"), f"{counted(len(past.cases))}, each under {law}, {bound}."
    )
    yield Text("A commitment that hangs on what is not known is said from ... to.")


def counted(number: int) -> str:
    """A number of cases.

    >>> counted(1), counted(117)
    ('1 case', '117 cases')
    """
    return f"{number} case{'' if number == 1 else 's'}"


def _action(table: PastAction, vocabulary: Vocabulary) -> Iterator[RenderableType]:
    yield Text.assemble((_title(table, vocabulary), "bold"), f"  {table.action}")
    if table.left_out:
        yield Text(f"No competence: {', '.join(table.left_out)}", style="dim")
    rows = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    rows.add_column("Cases", width=5, justify="right")
    rows.add_column("Commitments", ratio=5, overflow="fold")
    rows.add_column("Which", ratio=5, overflow="fold")
    for row in table.rows:
        rows.add_row(str(len(row.cases)), "\n".join(_stances(row)), named(row.cases))
    yield rows


def _title(table: PastAction, vocabulary: Vocabulary) -> str:
    title = lowered(vocabulary.title_of(table.action))
    forbidden = " (forbidden)" if table.ladder == "forbidding" else ""
    return f"{title[:1].upper()}{title[1:]}{forbidden}"


def _stances(row: PastRow) -> Iterator[str]:
    for said in dict.fromkeys(map(stance_words, row.stances.values())):
        names = [n for n, stance in row.stances.items() if stance_words(stance) == said]
        yield f"{said}: {'all' if 1 < len(names) == len(row.stances) else ', '.join(names)}"


def stance_words(stance: Stance) -> str:
    """A stance in words.

    >>> stance_words(Stance("none", "must_upon")), stance_words(Stance("may", "may"))
    ('from nothing to must upon', 'may')
    """
    if not stance.bound:
        return "not bound"
    least, most = (plain(c).replace("none", "nothing") for c in (stance.least, stance.most))
    return least if stance.known else f"from {least} to {most}"


def named(cases: Sequence[str]) -> str:
    """The first few cases by name, and how many more there are."""
    few = ", ".join(cases[:_NAMED])
    return few if len(cases) <= _NAMED else f"{few} and {len(cases) - _NAMED} more"


def _verdicts(past: Past, vocabulary: Vocabulary) -> Iterator[RenderableType]:
    rows = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    rows.add_column("Pair by pair", ratio=3, overflow="fold")
    rows.add_column("In how many cases the first is", ratio=4)
    action = None
    for pair in past.pairs:
        if pair.action != action:
            action = pair.action
            rows.add_row(Text(lowered(vocabulary.title_of(action)), "bold"), "")
        said = [f"{plain(verdict)} {len(cases)}" for verdict, cases in pair.cases.items() if cases]
        rows.add_row(f"  {pair.first} / {pair.second}", ", ".join(said))
    yield rows
    yield ""
    yield _gaps(past, vocabulary)


def _gaps(past: Past, vocabulary: Vocabulary) -> Table:
    rows = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    rows.add_column("Gaps, in cases", ratio=3, overflow="fold")
    rows.add_column("below another", ratio=2, justify="right")
    rows.add_column("above what all share", ratio=2, justify="right")
    for table in past.actions:
        rows.add_row(Text(lowered(vocabulary.title_of(table.action)), "bold"), "", "")
        for name in table.below:
            sizes = (len(table.below[name]), len(table.lost[name]))
            rows.add_row(f"  {name}", *map(str, sizes))
    return rows


# ---------------------------------------------------------------- other faces


def past_data(past: Past) -> dict[str, Any]:
    """The comparison over cases as plain data, with the name of every case."""
    return {
        "kind": "comparison_over_cases",
        "cases": list(past.cases),
        "law": None if past.law is None else describe(past.law),
        "bound": past.bound,
        "actions": [
            {
                "action": table.action,
                "ladder": table.ladder,
                "left_out": list(table.left_out),
                "rows": [
                    {
                        "commitments": {n: _stance_data(s) for n, s in row.stances.items()},
                        "cases": list(row.cases),
                    }
                    for row in table.rows
                ],
                "below_another": _lists(table.below),
                "above_what_all_share": _lists(table.lost),
            }
            for table in past.actions
        ],
        "pairs": [
            {
                "first": pair.first,
                "second": pair.second,
                "action": pair.action,
                "cases": _lists(pair.cases),
            }
            for pair in past.pairs
        ],
    }


def _stance_data(stance: Stance) -> dict[str, Any]:
    return {"least": stance.least, "most": stance.most, "bound": stance.bound}


def _lists(named: Mapping[Any, Sequence[str]]) -> dict[str, list[str]]:
    return {key: list(cases) for key, cases in named.items()}


def past_markdown(past: Past, vocabulary: Vocabulary) -> str:
    """The comparison over cases as a page."""
    return "\n".join(_markdown(past, vocabulary))


def _markdown(past: Past, vocabulary: Vocabulary) -> Iterator[str]:
    yield f"## Case by case: {counted(len(past.cases))}\n"
    for table in past.actions:
        names = list(table.rows[0].stances) if table.rows else []
        yield f"### {_title(table, vocabulary)}\n"
        yield f"| cases | {' | '.join(names)} | which |"
        yield "|---" * (len(names) + 2) + "|"
        for row in table.rows:
            cells = " | ".join(stance_words(row.stances[name]) for name in names)
            yield f"| {len(row.cases)} | {cells} | {', '.join(row.cases)} |"
        yield ""


def past_html(past: Past, vocabulary: Vocabulary) -> Iterator[str]:
    """The comparison over cases as pieces of a page."""
    yield f"<h2>Case by case: {counted(len(past.cases))}</h2>"
    for action in past.actions:
        names = list(action.rows[0].stances) if action.rows else []
        rows = (
            (
                str(len(row.cases)),
                *(stance_words(row.stances[name]) for name in names),
                ", ".join(row.cases),
            )
            for row in action.rows
        )
        yield html_table(("cases", *names, "which"), rows, _title(action, vocabulary))


def past_csv(past: Past) -> str:
    """A row for each action, case and regime."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["action", "ladder", "case", "regime", "least", "most", "bound"])
    for table in past.actions:
        for row in table.rows:
            for case in row.cases:
                for name, stance in row.stances.items():
                    bound = str(stance.bound).lower()
                    told = (case, name, stance.least, stance.most, bound)
                    writer.writerow([table.action, table.ladder, *told])
    return out.getvalue()
