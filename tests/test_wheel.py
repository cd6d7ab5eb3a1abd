"""The wheel holds the rulebooks, and works where nothing else is: installed bare, run from elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


def done(
    *args: object, cwd: Path | str = "/", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A command that must succeed."""
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "NORMRULES_PATH")}
    ran = subprocess.run(
        [str(arg) for arg in args], check=False, capture_output=True, text=True, cwd=cwd, timeout=600,
        env=clean | (env or {}),
    )  # fmt: skip
    assert ran.returncode == 0, f"{args}\n{ran.stdout[-2000:]}\n{ran.stderr[-2000:]}"
    return ran


def tracked(folder: str) -> set[str]:
    """The files of a folder that belong to the project: in git, or new and not ignored."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", folder]
    ran = subprocess.run(listed, check=False, capture_output=True, text=True, cwd=ROOT)
    if ran.returncode != 0:
        pytest.skip("this is no git checkout")
    return {name for name in ran.stdout.split("\0") if name and (ROOT / name).is_file()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the checkout with a file in it that does not belong there."""
    folder = tmp_path_factory.mktemp("built")
    copy = folder / "source"
    left_out = shutil.ignore_patterns(
        ".git", ".venv*", ".hypothesis", ".*_cache", "__pycache__", "dist", "build"
    )
    shutil.copytree(ROOT, copy, ignore=left_out)
    (copy / "rulebooks" / ".env").write_text("IGNORED=1\n")
    done(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, copy)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel and what it needs, and no extras."""
    folder = tmp_path_factory.mktemp("bare") / "env"
    venv.create(folder, with_pip=True)
    done(
        programs(folder) / "python",
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        wheel,
    )
    return programs(folder)


def programs(folder: Path) -> Path:
    return folder / ("Scripts" if os.name == "nt" else "bin")


def test_the_wheel_holds_code_rulebooks_and_scenarios_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = {n for n in packed.namelist() if ".dist-info/" not in n}
    examples = {name for name in tracked("examples") if not name.endswith("README.md")}
    wanted = tracked("normrules") | {f"normrules/{name}" for name in tracked("rulebooks")}
    assert names == wanted | {f"normrules/{name}" for name in examples}


def test_the_wheel_carries_its_licences(wheel):
    with zipfile.ZipFile(wheel) as packed:
        licences = {Path(name).name for name in packed.namelist() if "/licenses/" in name}
    assert {"LICENSE", "NOTICE"} <= licences


def test_a_bare_install_lists_the_rulebooks(bare):
    listed = json.loads(done(bare / "normrules", "list", "-f", "json").stdout)
    named = {
        path.stem
        for path in (ROOT / "rulebooks" / "anti-coup").glob("*.yaml")
        if not path.name.endswith(".cases.yaml")
    }
    assert named <= {book["name"] for book in listed["rulebooks"]}


def test_a_bare_install_runs_the_shipped_cases(bare):
    assert "0 failed" in done(bare / "normrules", "test", "oas", "un-secretariat").stdout


def test_a_bare_install_evaluates_as_the_checkout_does(bare):
    scenario = ROOT / "examples" / "01-niger-2023" / "scenario.yaml"
    args = [
        "evaluate",
        scenario,
        "-r",
        "african-union",
        "-r",
        "un-secretariat",
        "--engine",
        "meaning",
        "-f",
        "json",
    ]
    there = done(bare / "normrules", *args).stdout
    here = done(sys.executable, "-m", "normrules", *args, cwd=ROOT).stdout
    assert json.loads(there) == json.loads(here)
    assert '"fulfilled"' in there


def test_a_bare_install_evaluates_a_coup_of_the_history_by_default(bare):
    assert "meaning" in done(bare / "normrules", "evaluate", "niger-2023").stdout


def test_a_bare_install_checks(bare, tmp_path):
    assert (
        "no problems" in done(bare / "normrules", "check", ROOT / "rulebooks" / "anti-coup").stdout
    )
    (tmp_path / "x.yaml").write_text("rulebook: x\n")
    ran = subprocess.run(
        [bare / "normrules", "check", "x.yaml"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert ran.returncode == 1
    assert "the key `title` is missing" in ran.stdout


def test_a_bare_install_begins_a_project_that_is_clean(bare, tmp_path):
    done(bare / "normrules", "new", "--project", tmp_path / "rules", "island-union")
    folder = tmp_path / "rules"
    assert "no problems in 2 files" in done(bare / "normrules", "check", ".", cwd=folder).stdout
    assert "1 passed, 0 failed" in done(bare / "normrules", "test", ".", cwd=folder).stdout
    done(bare / "normrules", "fmt", "--check", ".", cwd=folder)


def test_a_bare_install_says_its_version_and_starts_as_a_module(bare):
    assert done(bare / "normrules", "--version").stdout.startswith("normrules ")
    assert "Cases:" in done(bare / "python", "-m", "normrules", "--help").stdout


def test_with_the_second_engine(bare, wheel):
    if shutil.which("cc") is None and shutil.which("gcc") is None:
        pytest.skip("there is no C compiler here")
    flags = {
        "CPPFLAGS": "-DPyEval_CallObject=PyObject_CallObject"
    }  # a name that Python 3.13 dropped
    done(
        bare / "python",
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        f"{wheel}[durable]",
        env=flags,
    )
    args = ["evaluate", "niger-2023", "-r", "african-union"]
    assert "positions checked twice" in done(bare / "normrules", *args).stdout
    assert "durable" in done(bare / "normrules", *args, "--engine", "durable").stdout
