"""The documentation builds into pages that need no network."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from run_pages import HERE, pages

pytestmark = pytest.mark.slow

FETCHED = re.compile(
    r"<(?:script|img|iframe|source)[^>]+src=\"(?P<src>[^\"]+)"
    r"|<link[^>]+href=\"(?P<href>[^\"]+)"
)
FETCHED_BY_STYLE = re.compile(r"(?:url\(|@import )\s*[\"']?https?:")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Build as `make docs` does."""
    folder = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--fresh-env", "--fail-on-warning", "--keep-going", "-b", "html"]
    command = [sys.executable, "-m", "sphinx", *options, "-d", folder / "trees", HERE, folder / "html"]
    done = subprocess.run(list(map(str, command)), capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "html"


def test_every_page_is_built(site):
    assert all((site / path.relative_to(HERE)).with_suffix(".html").is_file() for path in pages())


def test_no_page_fetches_anything(site):
    for page in site.rglob("*.html"):
        found = [match["src"] or match["href"] for match in FETCHED.finditer(page.read_text("utf-8"))]
        assert [address for address in found if re.match("(https?:)?//", address)] == [], page
    for style in site.rglob("*.css"):
        assert not FETCHED_BY_STYLE.search(style.read_text("utf-8")), style


def test_distributions_are_drawn_in_their_page(site):
    page = (site / "distributions.html").read_text("utf-8")
    drawn = re.findall(r'<svg role="img" aria-label="Density of ([^"]+)"', page)
    assert len(set(drawn)) == len(drawn) > 20


def test_formulas_are_mathml(site):
    page = (site / "theory.html").read_text("utf-8")
    assert page.count("<math") > 20
    assert "MathJax" not in page


def test_every_command_has_its_help(site):
    from uncertainty.commands import command_line

    page = (site / "reference" / "commands.html").read_text("utf-8")
    for name in command_line().commands:
        assert f'id="command-{name}"' in page
