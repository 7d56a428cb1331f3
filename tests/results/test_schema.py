"""Everything that a command answers with --json is as the schema of results says, and has no other key."""

import json
from collections.abc import Mapping
from functools import cache

import jsonschema
import pytest
from command_line import run_here

import uncertainty as un
from uncertainty.answers import schema_document
from uncertainty.pages.content import gather
from uncertainty.pages.writer import results_document
from uncertainty.results.schema import Schemas
from uncertainty.sampling.estimate import Estimate
from uncertainty.settings import Settings
from uncertainty.study import bundled

ODD = """
format = 1
[study]
title = "A study with something of everything"
headline = "ratio"
nonfinite = "drop"
compare = ["amount", "difference"]
[inputs.a]
unit = "1"
point = 2
distribution = "normal(2, 0.9)"
kind = "variability"
group = "g"
[inputs.b]
unit = "1"
point = 3
distribution = "lognormal(3, 2)"
[inputs.c]
unit = "1"
point = 3
[inputs.d]
unit = "1"
point = 1
distribution = "uniform(0, 2)"
[[inputs.d.evidence]]
value = 1.1
source = "X 2020"
[[inputs.d.evidence]]
low = 0.5
high = 1.4
[outputs.ratio]
unit = "1"
value = "sqrt(a) * b + d"
published = { mean = 3.3, sd = 2.1, p95 = 9, low = 0.4, level = 0.9 }
claim = "at least"
reference = 1
[outputs.amount]
unit = "1"
value = "b * d"
published = { sd = 2.1 }
scale = "log10"
[outputs.still]
unit = "1"
value = "c * 2"
published = 6
reference = 1
note = "It does not vary."
[outputs.yes]
unit = "1"
value = "where(b > 3, 1, 0)"
published = { probability = 0.5 }
reference = 1
[outputs.difference]
unit = "1"
value = "b - d"
reference = 0
[[correlations]]
inputs = ["b", "d"]
spearman = 0.4
[choices.how]
question = "How?"
[choices.how.options.one]
label = "one"
[choices.how.options.two]
label = "two"
inputs = { d = "uniform(1, 3)" }
[readings.other]
label = "Other"
choices = { how = "two" }
inputs = { b = 2.5 }
expect = { still = 6, ratio = { mean = 5.5 } }
preferred = true
"""


@cache
def schema():
    """Return the schema of all documents, which takes a while to make."""
    return schema_document()


FEW = ("--samples", 256, "--json")

LATER = ("ratio", "yes", "amount")

SLOW = {"challenge dropped", "plot alone", "quantiles"}

COMMANDS = {
    "studies": ("studies", "--json"),
    "plots": ("plot", "--json"),
    "plot alone": ("plot", "intervals", "gauge-block", *FEW, "--to", "intervals.svg"),
    "check": ("check", "ai-vs-human", "--json"),
    "check evidence": ("check", "odd.toml", "--evidence", "--json"),
    "check draws": ("check", "odd.toml", "--json"),
    "run": ("run", "odd.toml", *FEW),
    "run one": ("run", "ten-searches", *FEW, "--reading", "epoch", "--interval", "shortest"),
    "sobol": ("sensitivity", "odd.toml", "--second-order", "--second-opinion", *FEW),
    "sobol choices": ("sensitivity", "odd.toml", *FEW, "--as-input", "how", "--only", "difference"),
    "shapley": ("sensitivity", "gauge-block", "--method", "shapley", *FEW),
    "draws": ("sensitivity", "odd.toml", "--method", "draws", *FEW),
    "morris": ("sensitivity", "gauge-block", "--method", "morris", "--samples", 4, "--json"),
    "budget": ("sensitivity", "odd.toml", "--method", "budget", *FEW),
    "challenge": ("challenge", "odd.toml", *FEW, "--only=still", "--only=difference"),
    "challenge dropped": ("challenge", "odd.toml", *FEW, *(f"--only={name}" for name in LATER)),
    "suggest": ("suggest", "odd.toml", "--json"),
    "diff": ("diff", "gauge-block", "odd.toml", "--json"),
    "fit": ("fit", "data.csv", "x", "--json"),
    "quantiles": ("fit", "--quantiles", "p5=1, p50=3, p95=12", "--json"),
    "moments": ("fit", "--mean", 3, "--sd", 1, "--json"),
    "failure": ("run", "nowhere.toml", "--json"),
}


def assert_valid(document):
    """Hold a document to the schema of its own command, of which the messages say more."""
    own = [each for each in schema()["anyOf"] if each["title"] == document.get("command", "failure")]
    found = [
        list(jsonschema.Draft202012Validator(each | {"$defs": schema()["$defs"]}).iter_errors(document))
        for each in own
    ]
    assert own
    assert [f"{error.json_path}: {error.message}" for error in min(found, key=len)] == []


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return an empty folder with a study and data in it, which is where commands run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.toml").write_text(ODD, encoding="utf-8")
    (tmp_path / "data.csv").write_text(
        "x\n" + "\n".join(map(str, (2.1, 1.4, 0.9, 3.3, 1.1, 1.7, 2.6, "", 5.1)))
    )
    return tmp_path


@pytest.mark.slow
def test_the_schema_itself_is_sound():
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(*[each], id=name, marks=[pytest.mark.slow] if name in SLOW else [])
        for name, each in COMMANDS.items()
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_document_has_the_keys_of_the_schema_and_no_others(capsys, arguments):
    assert_valid(json.loads(run_here(capsys, *arguments).out))


@pytest.mark.slow
@pytest.mark.parametrize("study", bundled.names())
@pytest.mark.parametrize("name", ["check", "run", "sensitivity"])
def test_documents_of_bundled_studies_have_the_keys_of_the_schema_and_no_others(capsys, name, study):
    few = {"sensitivity": 256, "run": 2**16}
    samples = ("--samples", few[name]) if name in few else ()
    document = json.loads(run_here(capsys, name, study, *samples, "--json").out)
    assert document["command"] == name
    assert_valid(document)


def test_entries_of_a_mapping_are_not_written_beside_one_another():
    """ "x_error" would be the error of "x", or another entry."""
    with pytest.raises(TypeError, match="beside one another"):
        Schemas().of(Mapping[str, Estimate])


@pytest.mark.slow
def test_the_document_of_a_report_has_the_keys_of_the_schema_and_no_others(folder):
    study = un.load_study(folder / "odd.toml")
    content = gather(study, settings=Settings(samples=256), sensitivity_samples=256, second_opinion=True)
    assert_valid(json.loads(json.dumps(results_document(content))))


def test_every_command_that_answers_programs_is_tried_here():
    from uncertainty.commands import command_line

    commands = command_line().commands
    answering = {name for name, each in commands.items() if any("--json" in p.opts for p in each.params)}
    assert answering - {"report"} == {arguments[0] for arguments in COMMANDS.values()}
    assert answering | {"compare", "failure"} == {each["title"] for each in schema()["anyOf"]}


def test_every_key_is_described():
    undescribed = [
        f"{name}.{key}"
        for name, record in schema()["$defs"].items()
        for key, held in record["properties"].items()
        if not held.get("description")
    ]
    assert undescribed == []


def test_every_record_refuses_other_keys():
    assert all(record["additionalProperties"] is False for record in schema()["$defs"].values())


def test_the_command_prints_the_schema(capsys):
    assert json.loads(run_here(capsys, "schema", "--results").out) == schema()
