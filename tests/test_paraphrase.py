"""Nothing in the project repeats ten words in a row of the articles it stands on."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RUN = 10
TEXTS = {
    ".cff", ".css", ".csv", ".html", ".ini", ".js", ".json", ".jsonl", ".md", ".py", ".sql", ".toml",
    ".txt", ".xml", ".yaml", ".yml",
}  # fmt: skip
BARE = {"LICENSE", "Makefile", "NOTICE", "run"}
#: Not the project's own words: licences, tools' leftovers, what others wrote.
APART = ("LICENSES", "node_modules", "site-packages", "build", "dist", "vendor")
#: The articles' own titles, as they are cited. A citation is no copy.
TITLES = (
    "Lowest Common Denominator Norm Institutionalization: The Anti-coup Norm at the United Nations",
    (
        "Theorizing Decision-Making in International Bureaucracies: UN Peacekeeping Operations"
        " and Responses to Norm Violations"
    ),
    "Mobilizing Smart Coalitions and Negotiating Global Governance Reform",
)

pytestmark = pytest.mark.slow


def seeds():
    """The folder of the articles, beside the data sets."""
    data = os.environ.get("NORMRULES_DATA")
    return Path(data).parent / "seeds" if data else None


def words(text):
    """The words of a text, small and bare of marks, each with its line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.lower().replace("’", "'").replace("‘", "'")
        found += [(word, number) for word in re.findall(r"[^\W_]+(?:'[^\W_]+)?", plain)]
    return found


_TITLES = [[word for word, _ in words(title)] for title in TITLES]


def runs(text):
    """Every run of ten words that no cited title breaks, with the line where it begins."""
    told = words(text)
    plain = [word for word, _ in told]
    cited = _cited(plain)
    for start in range(len(told) - RUN + 1):
        if not cited.intersection(range(start, start + RUN)):
            yield tuple(plain[start : start + RUN]), told[start][1]


def _cited(plain):
    """The places of the words of cited titles."""
    places = set()
    for title in _TITLES:
        for start, word in enumerate(plain):
            if word == title[0] and plain[start : start + len(title)] == title:
                places.update(range(start, start + len(title)))
    return places


def project_texts():
    """The text files of the project."""
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in inside)
        if hidden or any(part in APART for part in inside[:-1]) or not path.is_file():
            continue
        if path.suffix in TEXTS or path.name in BARE:
            yield path


def repeated(text, taken):
    """The runs of a text that are taken from elsewhere, by line."""
    return [f"line {line}: {' '.join(run)}" for run, line in runs(text) if run in taken]


def test_a_cited_title_is_no_repetition():
    taken = {run for run, _ in runs(f"before it stands nothing {TITLES[0]} and after it nothing")}
    assert taken == set()


def test_a_run_of_ten_words_is_found_across_lines_and_marks():
    taken = {run for run, _ in runs("One two, three four five six seven eight nine ten eleven.")}
    assert repeated("# one\n# two three four\n# five six SEVEN eight nine ten", taken)
    assert not repeated("one two three four five six seven eight nine", taken)


@pytest.mark.skipif(
    seeds() is None or not seeds().is_dir(),
    reason="the articles do not stand beside NORMRULES_DATA",
)
def test_no_file_repeats_ten_words_of_an_article():
    articles = sorted(seeds().glob("*.txt"))
    assert articles
    taken = {run for path in articles for run, _ in runs(path.read_text(encoding="utf-8"))}
    found = {
        str(path.relative_to(ROOT)): repeats
        for path in project_texts()
        if (repeats := repeated(path.read_text(encoding="utf-8", errors="ignore"), taken))
    }
    assert found == {}
