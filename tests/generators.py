"""Random rulebooks and cases over the whole language, in the small world of `toy`.

`books()` and `scenarios()` give plain data, as it would stand in a file; `toy.program_of` and
`toy.case_of` compile them. `complete(draw, data)` settles every unknown of a scenario.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

START = datetime(2020, 1, 1, tzinfo=UTC)
BODIES = ("council", "chair", "office")
WHERE: dict[str, dict[str, list[Any]]] = {
    "seizure": {
        "outcome": ["failed", "succeeded", {"not": "failed"}],
        "role": ["some", {"at_least": "some"}, {"at_most": "some"}, ["none", "all"]],
        "deaths": [{"at_least": 3}, {"at_most": 2}, {"between": [1, 5]}, 0],
        "elected": [True, False],
    },
    "protest": {"kind": ["a", "b", {"not": "a"}]},
    "restoration": {},
    "speak": {"form": ["press", {"at_least": "letter"}], "by": [*BODIES, "leaders", "anyone"]},
    "demand": {"by": [*BODIES, "leaders"]},
    "suspend": {
        "scope": ["part", {"at_least": "whole"}],
        "by": [*BODIES, ["council", "office"], {"not": "chair"}],
    },
    "admit": {},
    "talk": {},
    "stop_talking": {},
    "gather": {},
    "set_deadline": {},
}
VALUES: dict[str, dict[str, list[Any]]] = {
    "seizure": {
        "outcome": ["failed", "succeeded"],
        "role": ["none", "some", "all"],
        "deaths": [0, 1, 2, 3, 5, 8],
        "elected": [True, False],
    },
    "protest": {"kind": ["a", "b"]},
    "speak": {"form": ["press", "letter", "resolution"]},
    "suspend": {"scope": ["part", "whole"]},
    "determine": {"that": ["f0", "f1", "f2", "f3"], "outcome": ["yes", "no"]},
}
ACTIONS = ("speak", "demand", "suspend", "admit", "talk", "stop_talking", "gather")
STATE = {"contributor": [True, False], "size": ["small", "middle", "large"]}
LIMITS = ("PT0H", "PT6H", "PT24H", "P2D", "P1M", "soon")
INSTRUMENTS = {
    "law": {"title": "A law", "form": "treaty", "force": "binding", "adopted": "2000-01-01"},
    "pact": {
        "title": "A pact",
        "form": "treaty",
        "force": "binding",
        "adopted": "2001-01-01",
        "in_force": "2020-01-02",
        "ended": "2020-01-05",
        "parties": "parties",
    },
    "old": {
        "title": "An old paper",
        "form": "policy",
        "force": "internal",
        "adopted": "1999-01-01",
        "ended": "unknown",
        "known_until": "2020-01-02",
    },
}


# ---------------------------------------------------------------- rulebooks


@st.composite
def _event_condition(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(tuple(WHERE)))
    return {"event": kind} | _wrapped("where", draw(_where(kind)))


def _wrapped(key: str, value: Any) -> dict[str, Any]:
    return {key: value} if value else {}


@st.composite
def _where(draw: st.DrawFn, kind: str, *, by: bool = True) -> dict[str, Any]:
    names = [name for name in WHERE[kind] if by or name != "by"]
    chosen = draw(st.sets(st.sampled_from(names), max_size=2)) if names else set()
    return {name: draw(st.sampled_from(WHERE[kind][name])) for name in sorted(chosen)}


@st.composite
def conditions(
    draw: st.DrawFn, facts: tuple[str, ...] = (), rules: tuple[tuple[str, str], ...] = (), depth=2
) -> dict[str, Any]:
    """A condition that refers only to these facts, and to these rules (id, modality)."""
    kinds = ["event"] * 5 + ["always", "finding", "count", "standing"]
    kinds += ["fact"] * 3 if facts else []
    kinds += ["triggered", "breached"] if rules else []
    kinds += ["done"] if any(m in ("must", "should", "must_not") for _, m in rules) else []
    kinds += ["all", "all-not", "any", "after"] if depth else []
    kind = draw(st.sampled_from(kinds))
    inner = conditions(facts, rules, depth - 1)
    match kind:
        case "event":
            return draw(_event_condition())
        case "always":
            return {"always": True}
        case "finding":
            said = {"finding": draw(st.sampled_from(("f0", "f1", "f3")))}
            return said | _wrapped("by", draw(st.sampled_from((None, *BODIES, "leaders"))))
        case "count":
            counted = draw(_event_condition())
            names = [*VALUES.get(counted["event"], {}), "by"]
            counted |= _wrapped("distinct", draw(st.sampled_from((None, *names))))
            return {"count": counted, "at_least": draw(st.integers(1, 3))}
        case "standing":
            where = (
                {"party": "parties"},
                {"member": "members"},
                {"contributor": True},
                {"size": {"at_least": "middle"}},
            )
            return {"standing": draw(st.sampled_from(where))}
        case "fact":
            said = {"fact": draw(st.sampled_from(facts))}
            return said | _wrapped("under", draw(st.sampled_from((None, None, "law", "pact"))))
        case "triggered" | "breached":
            return {kind: draw(st.sampled_from(rules))[0]}
        case "done":
            duties = [name for name, m in rules if m in ("must", "should", "must_not")]
            return {"done": draw(st.sampled_from(duties))}
        case "all":
            return {"all": draw(st.lists(inner, min_size=1, max_size=3))}
        case "all-not":
            parts = draw(st.lists(inner, min_size=1, max_size=2))
            return {"all": [*parts, {"not": draw(inner)}]}
        case "any":
            return {"any": draw(st.lists(inner, min_size=1, max_size=3))}
    rounding = draw(st.sampled_from((None, None, "month_start", "next_month")))
    return {"after": draw(inner), "plus": draw(st.sampled_from(LIMITS))} | _wrapped("to", rounding)


@st.composite
def _demand(draw: st.DrawFn, inner: st.SearchStrategy) -> dict[str, Any]:
    modality = draw(
        st.sampled_from(
            ("must", "must", "must", "should", "may", "must_not", "discretion", "effect")
        )
    )
    if modality == "effect":
        return {"effect": "f3"}
    if modality == "discretion":
        menu = draw(st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3, unique=True))
        return {"discretion": menu, "by": draw(st.sampled_from(BODIES))}
    action = draw(st.sampled_from(ACTIONS))
    demand: dict[str, Any] = {modality: action, "by": draw(_bearers())}
    demand |= _wrapped("with", draw(_where(action, by=False)))
    if modality in ("must", "should", "must_not"):
        demand |= draw(_deadlines(inner))
    if modality in ("must", "should") and action != "talk" and draw(st.booleans()):
        if draw(st.booleans()):
            demand["anew"] = True
        elif not {"within", "no_later_than", "before"} & set(demand):
            demand["every"] = draw(st.sampled_from(("PT24H", "P2D", "P1M")))
    return demand


def _bearers() -> st.SearchStrategy[Any]:
    return st.sampled_from(
        (*BODIES, "leaders", ["council", "office"], {"jointly": ["council", "chair"]})
    )


@st.composite
def _deadlines(draw: st.DrawFn, inner: st.SearchStrategy) -> dict[str, Any]:
    match draw(st.sampled_from(("none", "within", "within", "from", "set", "date", "before"))):
        case "within":
            return {"within": draw(st.sampled_from(LIMITS))}
        case "from":
            return {"within": draw(st.sampled_from(LIMITS)), "counted_from": draw(inner)}
        case "set":
            limit = draw(st.sampled_from(("P2D", "P1M")))
            return {"within": {"set_by": draw(st.sampled_from(BODIES)), "at_most": limit}}
        case "date":
            return {"no_later_than": draw(st.sampled_from(("2020-01-02", "2020-01-04")))}
        case "before":
            return {"before": draw(inner)}
    return {}


DECISIONS = (
    {"rule": "consensus"},
    {"rule": "executive"},
    {"share": "2/3", "of": "voting"},
    {"at_least": 2, "of": "members", "veto": "council"},
    {"rule": "majority", "of": "members"},
    {"rule": "consensus", "else": {"share": "2/3", "of": "voting"}},
)


@st.composite
def books(draw: st.DrawFn, *, most_rules: int = 4) -> dict[str, Any]:
    """A rulebook as data."""
    names = ("f0", "f1", "f2")
    definitions = []
    for number in range(draw(st.integers(0, 4))):
        fact = names[number % 3]
        known = names[: number % 3]
        definition = {
            "id": f"d{number}",
            "counts_as": fact,
            "source": _source(draw),
            "when": draw(conditions(known)),
        }
        definitions.append(
            definition | _wrapped("unless", draw(_sometimes(conditions(known, depth=1))))
        )
    facts = tuple(sorted({d["counts_as"] for d in definitions}))
    rules: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, most_rules))):
        earlier = tuple((rule["id"], _modality(rule)) for rule in rules)
        rules.append(draw(_rule(f"r{number}", facts, earlier)))
    return {
        "rulebook": "toy-book",
        "title": "A book",
        "organisation": "org",
        "vocabulary": "toy",
        "members": draw(st.sampled_from((None, "members"))),
        "instruments": INSTRUMENTS,
        "terms": {"soon": {"between": ["PT0H", "P2D"]}},
        "definitions": definitions,
        "rules": rules,
    }


def _modality(rule: dict[str, Any]) -> str:
    modalities = ("must", "should", "may", "must_not", "discretion", "effect")
    return next(m for m in modalities if m in rule["then"])


def _source(draw: st.DrawFn) -> dict[str, str]:
    instrument = draw(st.sampled_from(("law", "law", "law", "pact", "old")))
    return {"instrument": instrument, "at": "art. 1", "basis": "official"}


def _sometimes(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.one_of(st.none(), st.none(), strategy)


@st.composite
def _rule(
    draw: st.DrawFn, name: str, facts: tuple[str, ...], earlier: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    inner = conditions(facts, earlier)
    small = conditions(facts, earlier, depth=1)
    rule = {
        "id": name,
        "title": f"Rule {name}",
        "source": _source(draw),
        "when": draw(inner),
        "then": draw(_demand(small)),
    }
    rule |= _wrapped("upon", draw(_sometimes(_upon())))
    rule |= _wrapped("unless", draw(_sometimes(small)))
    rule |= _wrapped("until", draw(_sometimes(small)))
    if draw(st.booleans()):
        rule["implied"] = draw(st.booleans())
    if rule["then"].keys() & {"must", "should", "may", "discretion"} and draw(st.booleans()):
        rule["decided_by"] = draw(st.sampled_from(DECISIONS))
    if earlier and draw(st.integers(0, 3)) == 0:
        rule["overridden"] = True  # turned into `overrides` of a later rule by the caller
    if rule["then"].keys() & {"must", "should", "must_not"} and draw(st.integers(0, 3)) == 0:
        rule["otherwise"] = {"may": draw(st.sampled_from(ACTIONS)), "by": "council"}
    return _with_overrides(draw, rule, earlier)


def _with_overrides(draw: st.DrawFn, rule: dict, earlier: tuple) -> dict[str, Any]:
    """A rule may override no rule that it stands on; so it overrides none it mentions."""
    if not rule.pop("overridden", False):
        return rule
    said = repr(rule)
    free = [name for name, _ in earlier if f"'{name}'" not in said]
    mentions = any(f"'{name}'" in said for name, _ in earlier)
    if free and not mentions and "'fact'" not in said:
        rule["overrides"] = [draw(st.sampled_from(free))]
    return rule


@st.composite
def _upon(draw: st.DrawFn) -> dict[str, Any]:
    found = st.builds(
        lambda fact, by: {"finding": fact} | _wrapped("by", by),
        st.sampled_from(("f0", "f1")),
        st.sampled_from((None, "council", "chair", "leaders")),
    )
    shape = draw(st.sampled_from(("one", "one", "all", "any")))
    if shape == "one":
        return draw(found)
    return {shape: draw(st.lists(found, min_size=1, max_size=2))}


# ---------------------------------------------------------------- scenarios


def _hours(number: int) -> str:
    return (START + timedelta(hours=6 * number)).isoformat().replace("+00:00", "Z")


TIMES_EXACT = st.integers(0, 24).map(_hours)
TIMES = st.one_of(
    TIMES_EXACT,
    st.integers(1, 7).map(lambda d: f"2020-01-{d:02}"),
    st.sampled_from(("2020-01", "2020")),
)


@st.composite
def _event(draw: st.DrawFn, kind: str, *, exact: bool) -> dict[str, Any]:
    event: dict[str, Any] = {"type": kind, "time": draw(TIMES_EXACT if exact else TIMES)}
    for name, values in VALUES.get(kind, {}).items():
        how = "known" if exact else draw(st.sampled_from(("known", "known", "unknown", "some")))
        if how == "known":
            event[name] = draw(st.sampled_from(values))
        elif how == "some" and len(values) > 2:
            event[name] = draw(
                st.lists(st.sampled_from(values), min_size=2, max_size=2, unique=True)
            )
    if kind == "set_deadline" and (exact or draw(st.booleans())):
        event["until"] = draw(TIMES_EXACT)
    if kind in (*ACTIONS, "determine", "set_deadline") and (exact or draw(st.integers(0, 4)) > 0):
        event["by"] = draw(st.sampled_from(BODIES))
    if kind in ACTIONS and draw(st.integers(0, 3)) == 0:
        event["under"] = [draw(st.sampled_from(("law", "pact")))]
    if kind in ACTIONS and draw(st.integers(0, 2)) == 0:
        event |= {"for": draw(st.integers(0, 3)), "against": draw(st.integers(0, 2))}
        if draw(st.integers(0, 3)) == 0:
            event["vetoes"] = ["council"]
    return event


@st.composite
def scenarios(draw: st.DrawFn, *, exact: bool = False, most_events: int = 7) -> dict[str, Any]:
    """A scenario as data; `exact` ones are complete and known to the instant."""
    opening = draw(_event("seizure", exact=exact))
    kinds = [*(k for k in WHERE if k != "seizure"), "determine", "determine", "seizure"]
    events = [opening]
    for number in range(draw(st.integers(0, most_events))):
        event = draw(_event(draw(st.sampled_from(kinds)), exact=exact))
        event["id"] = f"e{number + 2}"
        event["case"] = "toy"
        events.append(event)
    opening |= {"id": "e1", "case": "toy"}
    _some_follow(draw, events)
    data: dict[str, Any] = {
        "scenario": "toy",
        "kind": "hypothetical" if exact else draw(st.sampled_from(("hypothetical", "historical"))),
        "country": draw(st.sampled_from(("AAA", "AAA", "BBB", "CCC", "DDD"))),
        "state": _state(draw, exact=exact),
        "events": events,
        "at": draw(
            st.one_of(
                st.integers(0, 40).map(_hours),
                st.sampled_from(("2020-01-04", "2020-01-08", "2020-03-01")),
            )
        ),
    }
    if not exact:
        types = st.sampled_from((*ACTIONS, "protest", "restoration", "determine", "set_deadline"))
        acts = st.builds(lambda t, b: {"type": t, "by": b}, st.sampled_from(ACTIONS), _bodies())
        some = st.builds(
            lambda whole, parts: [*sorted(whole), *parts],
            st.sets(types, max_size=8),
            st.lists(acts, max_size=3),
        )
        complete = st.one_of(st.just("all"), some)
        data |= _wrapped("complete", draw(st.one_of(st.none(), complete)))
    return data


def _bodies() -> st.SearchStrategy[Any]:
    return st.sampled_from((*BODIES, "leaders", ["council", "office"]))


def _state(draw: st.DrawFn, *, exact: bool) -> dict[str, Any]:
    names = tuple(STATE) if exact else draw(st.sets(st.sampled_from(tuple(STATE))))
    return {name: draw(st.sampled_from(STATE[name])) for name in sorted(names)}


def _some_follow(draw: st.DrawFn, events: list[dict[str, Any]]) -> None:
    """Two events of one written time may be in known order."""
    for later, earlier in zip(events[1:], events, strict=False):
        if later["time"] == earlier["time"] and draw(st.booleans()):
            later["follows"] = earlier["id"]


# ---------------------------------------------------------------- completions


def complete(
    draw: st.DrawFn,
    data: dict[str, Any],
    windows: dict[str, tuple[int, int]],
    unseen: dict[str, tuple[int, int]],
    recorded: dict[str, frozenset[str]],
) -> dict[str, Any]:
    """A scenario in which every unknown is settled, at random.

    `windows` gives each event's earliest and latest instant; `unseen` gives each incompletely
    recorded type the stretch in which more of them may have happened, `recorded` the bodies
    whose acts of a type are all listed.
    """
    from normrules.core.time import iso

    events, times = [], {}
    for event in _in_order(data["events"]):
        lo, hi = windows[event["id"]]
        lo = max([lo, *(times[e] for e in _followed(event))])
        times[event["id"]] = draw(st.integers(lo, hi) | st.sampled_from((lo, hi)))
        events.append(_settled(draw, event) | {"time": iso(times[event["id"]])})
    for kind, (lo, hi) in unseen.items():
        for number in range(draw(st.integers(0, 2))):
            event = draw(_event(kind, exact=True))
            if kind in ACTIONS and event["by"] in recorded.get(kind, ()):
                continue
            time = iso(draw(st.integers(lo, hi) | st.sampled_from((lo, hi))))
            events.append(event | {"time": time, "id": f"{kind}-{number}", "case": "toy"})
    state = {n: data["state"].get(n, None) for n in STATE}
    state = {n: draw(st.sampled_from(STATE[n])) if v is None else v for n, v in state.items()}
    rest = {k: v for k, v in data.items() if k not in ("complete", "kind")}
    return rest | {"kind": "hypothetical", "events": events, "state": state}


def _followed(event: dict[str, Any]) -> list[str]:
    return [event["follows"]] if "follows" in event else []


def _in_order(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return events  # an event follows only one that stands before it


def _settled(draw: st.DrawFn, event: dict[str, Any]) -> dict[str, Any]:
    settled = dict(event)
    for name, values in VALUES.get(event["type"], {}).items():
        known = event.get(name)
        if known is None:
            settled[name] = draw(st.sampled_from(values))
        elif isinstance(known, list):
            settled[name] = draw(st.sampled_from(known))
    kind = event["type"]
    if kind in (*ACTIONS, "determine", "set_deadline") and "by" not in event:
        settled["by"] = draw(st.sampled_from(BODIES))
    if kind == "set_deadline" and "until" not in event:
        settled["until"] = draw(TIMES_EXACT)
    return settled


@st.composite
def partly(draw: st.DrawFn, scenario: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """Some of what a completion says, learnt: exact times, attributes, the state's standing."""
    known = {event["id"]: event for event in whole["events"]}
    events = []
    for event in scenario["events"]:
        told = known[event["id"]].items()
        events.append(event | {k: v for k, v in told if k != "time" and draw(st.booleans())})
    if draw(st.booleans()):  # times only together, lest an order be lost between them
        for event in events:
            event["time"] = known[event["id"]]["time"]
    state = {
        **scenario["state"],
        **{k: v for k, v in whole["state"].items() if draw(st.booleans())},
    }
    return {"events": events, "state": state}


def renamed(data: Any, names: dict[str, str]) -> Any:
    """Data with every whole word replaced that stands in `names`."""
    match data:
        case dict():
            return {renamed(k, names): renamed(v, names) for k, v in data.items()}
        case list():
            return [renamed(item, names) for item in data]
        case str():
            head, dot, tail = data.partition(".")
            return names.get(head, head) + dot + tail
    return data
