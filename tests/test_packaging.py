"""What is installed is what was tested, and what is left out of an installation is asked for by name."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from lowest import constraints

import uncertainty

ROOT = Path(__file__).parent.parent
EXTRAS = importlib.metadata.metadata("uncertainty").get_all("Provides-Extra", [])

FEATURES = {
    # what needs the extra, and what it imports: run without that, it must name the extra
    "cluster": ("dask", ["run", "gauge-block", "--samples", "64", "--engine", "dask"]),
    "parquet": ("pyarrow", ["run", "gauge-block", "--samples", "64", "--save", "draws.parquet"]),
    "excel": ("openpyxl", ["run", "gauge-block", "--samples", "64", "--table", "results.xlsx"]),
    "netcdf": ("h5netcdf", ["run", "gauge-block", "--samples", "64", "--save", "draws.nc"]),
}


@pytest.mark.skipif("UNCERTAINTY_INSTALLED" not in os.environ, reason="not run against an installation")
def test_the_installed_package_is_tested():
    assert Path(uncertainty.__file__).is_relative_to(sysconfig.get_path("purelib"))


def test_every_extra_has_a_feature_that_names_it():
    # `fast` only saves time, and `all` is the others together
    assert set(EXTRAS) == {*FEATURES, "fast", "all"}


def test_every_library_is_held_at_its_lower_bound():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = set(project["dependencies"])
    needed |= {each for extra in project["optional-dependencies"].values() for each in extra}
    held = {each.replace("==", ">=") for each in constraints(project)}
    assert held == {each for each in needed if not each.startswith("uncertainty[")}


@pytest.mark.slow
@pytest.mark.parametrize("extra", FEATURES)
def test_a_feature_whose_extra_is_not_installed_says_which_it_is(extra, tmp_path):
    module, words = FEATURES[extra]
    script = f"import sys; sys.modules[{module!r}] = None\n"
    script += f"from uncertainty.commands import main; main({words!r})"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.count("\n") == 1
    assert f'the extra "{extra}" brings it, and so does: pip install ' in found.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    built = sorted((ROOT / "dist").glob("*.whl"))
    if "UNCERTAINTY_INSTALLED" in os.environ and built:
        return built[-1]
    to = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", to, ROOT)
    return next(to.glob("*.whl"))


def run(*words: object, **options: object) -> str:
    found = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, **options
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


@pytest.mark.slow
def test_a_bare_installation_answers_every_question(wheel, tmp_path):
    venv.create(tmp_path / "bare", with_pip=True)
    python = tmp_path / "bare" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
    command = python.with_name("uncertainty")
    folder = tmp_path / "empty"
    folder.mkdir()
    for words in (
        "studies",
        "check --strict",
        "run gauge-block --samples 1024 --json",
        "sensitivity gauge-block --samples 1024",
        "challenge gauge-block --samples 1024",
        "new mine.toml",
        "check mine.toml",
        "report gauge-block --samples 1024 --to report",
    ):
        assert run(command, *words.split(), cwd=folder)
    assert (folder / "report" / "index.html").exists()
    installed = run(python, "-m", "pip", "list", "--format", "freeze")
    assert not [name for name in ("pyarrow", "distributed", "openpyxl", "xarray") if f"{name}==" in installed]


@pytest.mark.slow
@pytest.mark.parametrize("extra", EXTRAS)
def test_each_extra_can_be_installed_alone(extra, wheel):
    options = ["--dry-run", "--quiet", "--ignore-installed", "--disable-pip-version-check"]
    run(sys.executable, "-m", "pip", "install", *options, f"{wheel}[{extra}]")


@pytest.mark.slow
def test_the_wheel_holds_what_a_user_needs_and_nothing_of_a_working_copy(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    needed = {"py.typed", "bundled/ai-vs-human.toml", "commands/starter.toml"}
    needed.add("pages/render/templates/page.html")
    assert {f"uncertainty/{name}" for name in needed} <= {*names}
    metadata = f"uncertainty-{uncertainty.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"uncertainty", metadata}
    assert not [name for name in names if name.endswith((".pyc", ".orig"))]
