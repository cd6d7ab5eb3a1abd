"""A comparison of regimes, and regimes over time, as pages that stand alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from html import escape
from typing import get_args

from normrules.analysis.comparison import ActionTable, Comparison
from normrules.analysis.evolution import Evolution
from normrules.analysis.verdicts import PairVerdict
from normrules.core.time import Interval, describe
from normrules.core.vocabulary import Vocabulary
from normrules.core.wording import plain
from normrules.show.charts.comparing import Kind, comparison_picture
from normrules.show.charts.evolving import evolution_picture
from normrules.show.comparison import percent, shown, states_words
from normrules.show.evolution import reach, shares, turns, used
from normrules.show.webpage import figure, page, table


def comparison_html(found: Comparison, vocabulary: Vocabulary, more: Sequence[str] = ()) -> str:
    """The comparison as a page: verdicts, pictures, situations, what is shared.

    `more` are further pieces of HTML, for its end.
    """
    title = f"Regimes compared: {', '.join(found.regimes)}"
    return page(title, [*_comparison(found, vocabulary), *more])


def _comparison(found: Comparison, vocabulary: Vocabulary) -> Iterator[str]:
    order = " &lt; ".join(escape(plain(c)) for c in found.scale.commanding)
    yield (
        f"<p>Under the law of {escape(describe(found.law))}, every state assumed bound. "
        f"Order of commitments: {order}.</p>"
    )
    bound = [(n, said) for n in found.regimes if (said := states_words(found.states.get(n)))]
    if bound:
        yield table(("regime", "states bound that day"), bound)
    if found.without_rules:
        yield f"<p>Without a rule, left out: {escape(', '.join(found.without_rules))}.</p>"
    yield "<h2>Which is the stricter</h2>"
    heads = ("first", "second", "the first is", "less strict where", "stricter where")
    yield table(heads, (_pair(pair, vocabulary) for pair in found.pairs))
    yield "<p>After each case, on which actions: the first / the second.</p>"
    yield "<h2>Pictures</h2>"
    for kind in get_args(Kind):
        yield figure(partial(comparison_picture, found, vocabulary, kind))
    yield "<h2>Situation by situation</h2>"
    for action in found.actions:
        yield _situations(action, vocabulary)
    yield "<h2>What is shared</h2>"
    rows = (
        (
            _title(t, vocabulary),
            str(k),
            ", ".join(f"{plain(c)} {percent(s)}" for c, s in said.items()),
        )
        for t in found.actions
        for k, said in t.by_count.items()
        if said
    )
    yield table(("action", "by at least so many", "share of situations"), rows)


def _pair(pair: PairVerdict, vocabulary: Vocabulary) -> tuple[str, ...]:
    mark = " (another under another order)" if pair.hangs_on_order else ""
    sides = (
        "\n".join(shown(witness, on, vocabulary))
        for witness, on in ((pair.weaker, pair.weaker_on), (pair.stricter, pair.stricter_on))
    )
    return pair.first, pair.second, f"{pair.verdict}{mark}", *sides


def _title(action: ActionTable, vocabulary: Vocabulary) -> str:
    forbidden = " (forbidden)" if action.ladder == "forbidding" else ""
    return f"{vocabulary.title_of(action.action)}{forbidden}"


def _situations(action: ActionTable, vocabulary: Vocabulary) -> str:
    names = list(action.rows[0].commitments) if action.rows else []
    rows = (
        (
            percent(row.share),
            row.witness.says if row.witness else "-",
            *(plain(row.commitments[name]).replace("none", "-") for name in names),
        )
        for row in action.rows
    )
    return table(("share", "smallest situation", *names), rows, _title(action, vocabulary))


def evolution_html(found: Evolution, vocabulary: Vocabulary) -> str:
    """Regimes over time as a page: the step chart, and every turn."""
    title = f"What binds states, {_date(found.start)} to {_date(found.end)}"
    return page(title, _evolution(found, vocabulary))


def _evolution(found: Evolution, vocabulary: Vocabulary) -> Iterator[str]:
    yield f"<p>Regimes: {escape(', '.join(found.regimes))}.</p>"
    yield figure(partial(evolution_picture, found, vocabulary))
    for action in found.actions:
        classes = used(found, action)
        words = ["nothing" if c == "none" else plain(c) for c in classes]
        rows = (
            (
                _date(moment.day),
                *(str(standing.states.get(c, 0)) for c in classes),
                str(standing.world),
                shares(standing),
                reach(standing),
                "; ".join(moment.changes),
            )
            for moment, standing in turns(found, action)
        )
        heads = ("from", *words, "states", "all share", "shared by at most", "what changed")
        yield table(heads, rows, vocabulary.title_of(action))


def _date(day: int) -> str:
    return describe(Interval(day, day))[:10]
