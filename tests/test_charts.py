"""Pictures: well-formed, with words and data for those who don't see them, the same each time."""

from __future__ import annotations

import sys
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser
from itertools import combinations, product
from xml.etree import ElementTree as ET

import pytest
from generators import books
from hypothesis import HealthCheck, given, settings
from terminal import run
from toy import program_of

from normrules.analysis.comparison import Comparison, compare
from normrules.analysis.distance import distances, grouped
from normrules.analysis.evolution import evolution
from normrules.core.problem import NormrulesError
from normrules.core.time import day
from normrules.lang.library import load_program
from normrules.show.charts.comparing import comparison_picture
from normrules.show.charts.drawing import COLOURS, contrast, ink, png, svg, word
from normrules.show.charts.evolving import evolution_picture

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("matrix", "ladder", "map")


@cache
def compared(*names: str) -> Comparison:
    return compare([load_program(n) for n in names], actions=["suspend_participation", "condemn"])


FOUR = ("african-union", "oas", "ecowas", "un-security-council")


def picture(kind, *names):
    return comparison_picture(compared(*names), load_program("oas").vocabulary, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_well_formed_and_says_what_it_shows(kind) -> None:
    drawn = svg(picture(kind, *FOUR))
    root = ET.fromstring(drawn)
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text
    assert root.find(f"{SVG}desc").text
    assert drawn == svg(picture(kind, *FOUR))
    assert "http" not in drawn.replace("http://www.w3.org", "")
    assert png(picture(kind, *FOUR)).startswith(b"\x89PNG")


def test_the_matrix_writes_each_commitment_in_its_cell() -> None:
    drawn = ET.fromstring(svg(picture("matrix", *FOUR)))
    words = [element.text for element in drawn.iter(f"{SVG}text")]
    cells = [cell for *_, cell in picture("matrix", *FOUR).rows]
    for commitment in set(cells) - {"nothing"}:
        legend = 1
        assert words.count(commitment) == cells.count(commitment) + legend
    assert set(FOUR) <= set(words)


def test_words_can_be_read_on_their_colours() -> None:
    for commitment in COLOURS:
        assert contrast(ink(commitment), COLOURS[commitment]) >= 4.5, commitment


def test_the_evolution_as_a_picture() -> None:
    found = evolution([load_program("oas")], day("1990").lo, day("2005").lo, ["condemn"])
    drawn = evolution_picture(found, load_program("oas").vocabulary)
    root = ET.fromstring(svg(drawn))
    assert "1990" in root.find(f"{SVG}desc").text
    assert {row[2] for row in drawn.rows} == {word(c) for m in found.moments
                                              for s in m.standings for c in s.states}  # fmt: skip


def test_nothing_to_draw() -> None:
    found = compare([load_program("sica"), load_program("saarc")], actions=["convene_meeting"])
    with pytest.raises(NormrulesError, match="nothing to draw"):
        comparison_picture(found, load_program("sica").vocabulary, "matrix")


# ---------------------------------------------------------------- distances


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(books(most_rules=2), books(most_rules=2), books(most_rules=2))
def test_distances_are_a_metric_and_trees_hold_every_regime(one, two, three) -> None:
    named = zip("abc", (one, two, three), strict=True)
    found = compare(
        [program_of({**book, "rulebook": name}) for name, book in named], with_silent=True
    )
    apart = distances(found)
    either = {**apart, **{(b, a): x for (a, b), x in apart.items()}}
    either |= {(a, a): Fraction(0) for a in found.regimes}
    for a, b, c in product(found.regimes, repeat=3):
        assert 0 <= either[a, b] <= 1
        assert either[a, c] <= either[a, b] + either[b, c]
    tree = grouped(found.regimes, apart)
    assert sorted(tree.names) == sorted(found.regimes)
    for pair in found.pairs:
        if pair.verdict == "equal":
            assert either[pair.first, pair.second] == 0


def test_the_nearest_are_joined_first() -> None:
    apart = dict(zip(combinations("abc", 2), map(Fraction, (3, 1, 4)), strict=True))
    tree = grouped("abc", apart)
    assert [part.names for part in tree.parts] == [("a", "c"), ("b",)]
    assert tree.height == Fraction(7, 2)


# ---------------------------------------------------------------- pages and commands


class Page(HTMLParser):
    """Checks that tags close, and gathers what a page would run or fetch."""

    VOID = frozenset({"meta", "br", "link", "img", "path", "rect", "line"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize(
    "command",
    [
        ("diff", "african-union", "oas", "--events", "niger-2023"),
        ("diff", "african-union", "oas", "--features"),
        ("diff", "un-secretariat@2009-10-31", "dpa-2009-submission", "--redline"),
        ("diff", "un-secretariat@2009-10-31", "dpa-2009-submission", "--events", "niger-2023"),
        ("evolution", "oas", "--to", "1995"),
    ],
)
def test_a_page_stands_alone(command) -> None:
    said = run(*command, "-f", "html")
    assert said.code == 0, said.err
    page = Page(said.out)
    assert not page.open
    assert "script" not in page.tags
    assert not page.links
    assert {"h1", "title"} <= page.tags


def test_pictures_go_to_files(tmp_path) -> None:
    target = tmp_path / "map.png"
    assert run("diff", "oas", "ecowas", "-f", "png", "--chart", "map", "-o", target).code == 0
    assert target.read_bytes().startswith(b"\x89PNG")


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    said = run("diff", "oas", "ecowas", "-f", "svg")
    assert said.code == 2
    assert (
        said.err == "normrules: pictures need the extra `charts`: pip install 'normrules[charts]'\n"
    )
    page = run("diff", "oas", "ecowas", "-f", "html")
    assert page.code == 0
    assert "No picture here" in page.out
