import json
import subprocess
from dataclasses import replace
from shutil import which

import numpy as np
import pytest
from explorer_tools import missing, tool
from variants import variants

import uncertainty as un
from uncertainty.compiled import evaluate_at_points
from uncertainty.distributions import parse_distribution
from uncertainty.explorer import export_program, page_script, program_json
from uncertainty.explorer.program import script_source, shown_outputs
from uncertainty.explorer.quantiles import quantile_data
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

NASTY = "</script><script>alert(1)</script> <!-- & ' \u2028 שלום 🖋"


def pieces_at(data, u):
    """Evaluate polynomials as the browser does."""
    edges = np.array(data["edges"])
    u = np.clip(u, edges[0], edges[-1])
    own = np.clip(np.searchsorted(edges, u, side="right") - 1, 0, edges.size - 2)
    at = (2 * u - edges[own] - edges[own + 1]) / (edges[own + 1] - edges[own])
    return np.array([np.polyval(data["polynomials"][k][::-1], x) for k, x in zip(own, at, strict=True)])


@pytest.mark.parametrize("correlated", variants([False, True], lambda correlated: correlated))
@pytest.mark.parametrize(
    "text",
    [
        "student_t(50000623, 25, 18)",
        "student_t(0, 4, 2.5)",
        "student_t(473612353604000, 3000, 5)",
        "student_t(9192631770, 0.3, 5)",
        "gamma(4e10, 23)",
        "beta(0.5, 3)",
        "beta(4, 2.7)",
        "gamma(0.7, 3)",
        "weibull(1.5, 2)",
        "gumbel(3, 2)",
        "logistic(3, 2)",
        "pareto(2, 3)",
        "exponential(5)",
        "ctrap(-1, 1, 0.1)",
        "pert(1, 2, 9)",
        "trapezoid(0, 1, 2, 5)",
        "metalog(p10=1, p50=2, p90=5)",
        "pedigree(5, reliability=2)",
        "mixture(lognormal(3, 2), uniform(1, 9), weights=(0.7, 0.3))",
        "mixture(1, uniform(2, 9), 4)",
        "clip(beta(2, 3), low=0.3)",
    ],
)
def test_polynomials_reproduce_the_exact_quantiles(text, correlated):
    distribution = parse_distribution(text)
    data = quantile_data(distribution, correlated=correlated)
    if data["family"] != "pieces":
        pytest.skip("has a closed form")
    u = (np.random.default_rng(5).permutation(2000) + 0.5) / 2000
    tails = 10.0 ** -np.arange(5, 8) if correlated else np.array([5e-5])
    u = np.concatenate([u, tails, 1 - tails])
    exact = distribution.quantile(u)
    spread = np.ptp(distribution.quantile(np.array([0.05, 0.95])))
    error = np.abs(pieces_at(data, u) - exact)
    assert (error <= 1e-7 * np.abs(exact)).all()
    apart = np.abs(exact - distribution.quantile(np.array([0.5])))
    stored = 8 * np.spacing(np.abs(exact))
    assert (error <= 1e-7 * np.maximum(spread, apart * (apart > 9 * spread)) + stored).all()
    assert len(data["polynomials"]) < 1000


def test_a_program_is_json_without_any_sign_of_markup(small_text, write_study):
    study = un.load_study(write_study(small_text.replace("Yearly emissions", NASTY.replace('"', "'"))))
    text = program_json(export_program(study))
    assert not set(text) & set("<>&\u2028\u2029")
    # a label is shown on one line, so the line that begins in it is a blank
    assert json.loads(text)["outputs"]["yearly"]["label"] == NASTY.replace('"', "'").replace("\u2028 ", "")


def test_what_ends_a_line_in_a_script_is_escaped_in_json():
    text = program_json({"text": NASTY})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {"text": NASTY}


def test_nodes_come_after_what_they_use_and_are_there_once(flagship):
    nodes = export_program(flagship)["nodes"]
    assert len({json.dumps(node) for node in nodes}) == len(nodes)
    for position, (operation, *operands) in enumerate(nodes):
        if operation not in ("number", "name", "draws"):
            assert all(operand < position for operand in operands)


def test_a_python_function_has_no_program():
    study = un.Study.from_function(lambda x: {"y": x}, inputs={"x": "1 to 2"})
    assert export_program(study) is None


def test_a_report_s_own_settings_are_part_of_its_program(small):
    settings = Settings(choices={"sharing": "shared"}, overrides={"distance": 500 / 10})
    found = export_program(small, settings)["settings"]
    assert found["choices"] == {"sharing": "shared"}
    assert found["inputs"]["distance"]["quantile"] == {"family": "fixed", "value": 50.0}


def test_what_readings_set_and_members_stand_in_a_program_in_words():
    """A page says them in its sentences, where a table of a study file or a member's place says nothing."""
    found = export_program(un.load_study("electric-car"))
    set_by = found["readings"]["on_coal"]["inputs"]
    assert set_by["charged_in"]["text"] == "mostly coal"
    assert set_by["place_carbon[coal]"]["text"] == "0.8 to 1.1 kg/kWh"
    assert set_by["place_carbon[coal]"]["point"] == 1
    assert found["inputs"]["charged_in"]["members"][2] == ("coal", "mostly coal")
    assert "members" not in found["inputs"]["place_carbon[coal]"]


@pytest.mark.parametrize(
    ("study", "output", "only"),
    [
        ("streaming", "half_hour", "--only half_hour --over case"),
        ("gauge-block", "deviation", "--only deviation"),
        ("inventory", "by_source[energy]", "--only 'by_source[energy]'"),
    ],
)
def test_a_command_asks_for_the_single_cases_that_a_page_shows(study, output, only):
    assert export_program(un.load_study(study))["outputs"][output]["only"] == only


def test_the_script_is_small_and_loads_nothing():
    script = page_script().replace("http://www.w3.org/2000/svg", "")
    assert len(script) < 82_000
    assert "</script" not in script
    assert not any(word in script for word in ("fetch(", "import(", "innerHTML", "eval(", "http:", "https:"))


AS_A_COMPILER_READS = """
const { transpile } = require(process.argv[1]);
const read = (text) => transpile(text, { removeComments: true, target: "es2022" });
let given = "";
process.stdin.on("data", (part) => { given += part; });
process.stdin.on("end", () => console.log(JSON.stringify(JSON.parse(given).map(read))));
"""


@pytest.mark.slow
def test_what_the_page_leaves_out_of_the_script_is_comments_and_space_alone():
    compiler = tool("typescript/lib/typescript.js")
    if which("node") is None:
        missing("node is not installed")
    sources = json.dumps([f'(() => {{\n"use strict";\n{script_source()}\n}})();', page_script()])
    reader = ["node", "-e", AS_A_COMPILER_READS, str(compiler)]
    found = subprocess.run(reader, input=sources, capture_output=True, text=True, check=True)
    written, shipped = json.loads(found.stdout)
    assert len(shipped) > 50_000
    assert shipped == written


def test_what_python_says_too_stands_in_no_script(small):
    import re

    from uncertainty.explorer.program import page_script
    from uncertainty.wording import SENTENCES

    sentences = export_program(small)["sentences"]
    assert {name: sentences[name] for name in SENTENCES} == dict(SENTENCES)
    script = page_script()
    for name, text in sentences.items():
        longest = max(re.split(r"\{\w+\}", text), key=len).strip()
        assert len(longest.split()) < 2 or longest not in script, name
        assert f"sentences.{name}" in script


MANY = """
format = 1

[study]
title = "Many cells"
headline = "emission[c3,2001]"

[indices.country]
members = [{countries}]

[indices.year]
label = "Year"
from = 2001
to = 2015
unit = "year"

[inputs.use]
unit = "1"
index = ["country", "year"]
point = 2
distribution = "uniform(1, 3)"

[outputs.emission]
label = "Emission"
value = "use * 2"
unit = "1"

[outputs.by_year]
value = "sum(use, country)"
unit = "1"

[outputs.whole]
value = "sum(use)"
unit = "1"
"""


def test_of_more_than_two_hundred_drawn_cells_the_page_shows_totals_by_index(write_study):
    """15 countries and 15 years: the headline, 15 totals by country, 15 by year, and one over one index."""
    countries = ", ".join(f'"c{number}"' for number in range(15))
    study = un.load_study(write_study(MANY.format(countries=countries)))
    found = shown_outputs(study)
    assert list(found)[:3] == ["emission[c3,2001]", "whole", "sum(emission)[c0]"]
    assert len(found) == 1 + 1 + 15 + 15 + 1
    assert found["sum(emission)[2015]"].title == "Emission (total, 2015)"
    assert "sum(by_year)" in found
    points = evaluate_at_points(scenario(replace(study, outputs=found, tables={})), list(found))
    assert points["sum(emission)[c0]"] == points["sum(emission)[2015]"] == 60
    assert points["sum(by_year)"] == points["whole"] == 450
    assert [*export_program(study)["outputs"]] == [*found]


def test_of_fewer_drawn_cells_it_shows_every_output(write_study):
    study = un.load_study(write_study(MANY.format(countries='"c3", "c4"')))
    assert shown_outputs(study) is study.outputs
