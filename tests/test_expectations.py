"""What a case can expect of a position: its strength, and that there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from normrules.drafting.testing import run_paths

CASES = """\
cases: sica
tests:
  - note: One party supports the overthrow of another's government
    country: HND
    given:
      - {type: power_seizure, time: 2005-03-01, outcome: succeeded}
      - {type: support_overthrow, by: NIC, time: 2005-03-05}
    expect:
"""


def report_of(folder: Path, *expected: str):
    path = folder / "one.cases.yaml"
    path.write_text(CASES + "".join(f"      {line}\n" for line in expected), "utf-8")
    return run_paths([str(path)])


@pytest.mark.parametrize(
    ("expected", "came"),
    [
        ('"no-support[NIC]": {modality: must_not, status: breached}', None),
        ('"no-support[NIC]": {modality: should_not}', "must_not"),
        ('"no-support[GTM]": none', None),
        ('"no-support[NIC]": none', "breached"),
        ('"no-support[GTM]": observed', "none"),
    ],
)
def test_what_is_expected_of_a_position(tmp_path, expected, came):
    report = report_of(tmp_path, expected)
    assert not report.problems
    assert [d.came for result in report.failed for d in result.differences] == (
        [came] if came else []
    )


def test_a_modality_that_no_rule_has_is_refused(tmp_path):
    (problem,) = report_of(tmp_path, "no-support: {modality: shall_not}").problems
    assert "shall_not" in problem.message or "modality" in problem.message
    assert problem.span is not None and problem.span.line == 9
