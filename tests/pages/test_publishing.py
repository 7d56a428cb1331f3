"""From Python to everything that the command line writes, for studies that are functions too."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import uncertainty as un
from uncertainty.tables import save_table
from uncertainty.tables.printed import latex_text, markdown_text
from uncertainty.tables.table import Table


@pytest.fixture(scope="module")
def study():
    return un.Study.from_function(
        lambda width, height: {"area": width * height},
        {"width": "2 to 3", "height": "normal(4, 0.1)"},
        units={"width": "m", "height": "m", "area": "m**2"},
        title="A field",
    )


def test_every_result_is_a_document_of_the_schema(study):
    made = {
        "run": un.propagate(study, samples=256),
        "check": un.reproduce(study),
        "sensitivity": un.sobol(study, samples=256),
        "challenge": un.challenge(study, threshold=9, samples=256, budget=2000),
    }
    more = (un.shapley(study, samples=64), un.morris(study, trajectories=8), un.linear_budget(study))
    documents = {name: un.document(found) for name, found in made.items()}
    for name, found in documents.items():
        assert json.loads(json.dumps(found, allow_nan=False))["command"] == name
    assert documents["run"]["results"]["outputs"]["area"]["median"] == made["run"].headline.median
    assert documents["challenge"]["settings"]["budget"] == 2000
    assert "left_out" in documents["challenge"]["results"]["outputs"]["area"]["budget"]
    assert all(un.document(each)["command"] == "sensitivity" for each in more)
    readings = un.document(un.compare_readings(study, samples=64))
    assert readings["command"] == "run"
    with pytest.raises(un.SettingError, match=r"document: expected the result of propagate, .* type str"):
        un.document("run")


def test_a_figure_shows_itself_and_is_written(study, tmp_path):
    drawn = un.plot(study, "intervals", to=tmp_path / "intervals.svg", samples=256)
    assert drawn.svg.lstrip().startswith("<?xml") or "<svg" in drawn.svg[:400]
    assert (tmp_path / "intervals.svg").read_text(encoding="utf-8") == drawn.svg == drawn._repr_svg_()
    assert drawn.finding
    for wrong, said in (
        ({"kind": "interval"}, 'unknown figure "interval"; did you mean "intervals"?'),
        ({"kind": "intervals", "to": "x.bmp"}, "ends in .svg, .png or .pdf"),
        ({"kind": "intervals", "input": "width"}, 'input: the figure "intervals" shows'),
    ):
        with pytest.raises(un.SettingError, match=re.escape(said)):
            un.plot(study, samples=64, **wrong)


@pytest.mark.slow
def test_a_report_of_a_function_is_written_within_its_budget(tmp_path):
    rows = []

    def model(width, height):
        rows.append(len(width))
        return {"area": width * height}

    study = un.Study.from_function(model, {"width": "2 to 3", "height": "normal(4, 0.1)"}, outputs=["area"])
    files = un.report(study, to=tmp_path / "field", formats=["html", "markdown"], budget=20_000)
    assert sum(rows) <= 20_000
    assert files.page.is_file()
    assert files.markdown.is_file()
    assert json.loads(files.results.read_text(encoding="utf-8"))["command"] == "report"


@pytest.mark.slow
def test_draws_are_what_arviz_takes(study):
    pytest.importorskip("xarray")
    run = un.propagate(study, samples=256)
    found = run.to_inference_data()
    draws = (
        found["prior_predictive"]["area"] if hasattr(found, "children") else found.prior_predictive["area"]
    )
    np.testing.assert_array_equal(np.ravel(draws), run.headline.values)


HOSTILE = "a & b_c | \\input{/etc/passwd} <script>alert(1)</script> $x^2$ %~# `c` [l](javascript:1) https://x.y\n\\end{tabular}"


def test_texts_of_tables_stay_texts():
    latex, markdown = latex_text(HOSTILE), markdown_text(HOSTILE)
    assert "\n" not in latex + markdown
    bare = re.sub(r"\\text\w+\{\}|\\[&%$#_{}]|\{[\[*]\}", "", latex)
    assert not set("\\&%$#_{}^~<>|[*") & set(bare)
    assert "<" not in markdown
    assert "://" not in markdown
    assert not re.search(r"(?<!\\)[|`\[\]*_$]", markdown)


def test_tables_are_printed_and_not_read_again(command, study, tmp_path):
    rows = [{"input": HOSTILE, "S1": 0.25, "none": np.nan}, {"input": "", "S1": -1.5e-9, "none": np.nan}]
    table = Table.of_rows("outputs", rows, about={"study": "x --> y"})
    for ending, row in ((".tex", r"$-1.5 \times 10^{-9}$ \\"), (".md", "| −1.5e−09 |")):
        path = tmp_path / f"results{ending}"
        save_table(table, path)
        text = path.read_text(encoding="utf-8")
        assert row in text
        assert "none" not in text
        assert len(text.splitlines()) == (9 if ending == ".tex" else 6)
        with pytest.raises(un.SettingError, match="to be printed"):
            un.read_table(path)
        found = command("run", "gauge-block", "--samples", 64, "--quiet", "--table", path)
        assert (found.code, found.err) == (0, ""), "a table of results is replaced"
        assert "median" in path.read_text(encoding="utf-8")
        path.write_text("my own work")
        found = command("run", "gauge-block", "--samples", 64, "--quiet", "--table", path)
        assert found.code == 2
        assert "is no table of results" in found.err
        assert path.read_text() == "my own work"
    with pytest.raises(un.SettingError, match="draws are none; save them"):
        un.propagate(study, samples=64).save(tmp_path / "draws.tex")


EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.mark.parametrize("name", ["web_service", "dashboard", "notebook"])
def test_an_example_is_ten_lines_of_python_that_run(name):
    path = EXAMPLES / f"{name}.py"
    text = path.read_text(encoding="utf-8")
    statements = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
    assert len(statements) <= 14
    compile(text, str(path), "exec")
    needed = {"web_service": "fastapi", "dashboard": "streamlit", "notebook": "marimo"}[name]
    pytest.importorskip(needed)
    run = {
        "fastapi": "from fastapi.testclient import TestClient as C; import web_service as w;"
        "r = C(w.app).get('/area', params={'width': '2 to 3'}); assert r.status_code == 200, r.text",
        "streamlit": "from streamlit.testing.v1 import AppTest as A;"
        "a = A.from_file('dashboard.py', default_timeout=60).run(); assert not a.exception",
        "marimo": "import notebook as n; n.app.run()",
    }[needed]
    subprocess.run([sys.executable, "-c", run], cwd=EXAMPLES, check=True, timeout=120)
