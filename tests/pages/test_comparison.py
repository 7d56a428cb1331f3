"""Two runs side by side: what came out, and what went in differently."""

import json
import math
import re

import pytest

import uncertainty as un
from uncertainty import answers, results
from uncertainty.distributions import parse_distribution
from uncertainty.over_cases import speaking_of
from uncertainty.pages.comparison import write_comparison
from uncertainty.pages.comparison.changes import essence
from uncertainty.pages.comparison.outcomes import agree, ratio_text
from uncertainty.pages.content import gather
from uncertainty.pages.writer import results_document
from uncertainty.results.reading import InputPart, OutputPart
from uncertainty.settings import Settings


@pytest.fixture
def document(tmp_path):
    """Return a function that writes the document of a run and returns its path."""

    def made(study, name, **options):
        path = tmp_path / name
        run = un.propagate(study, **{"samples": 1024, **options})
        path.write_text(results.dump(answers.run_document(run)), encoding="utf-8")
        return path

    return made


def read(files):
    return files.markdown.read_text(encoding="utf-8"), json.loads(files.results.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_what_does_not_vary_has_no_interval(document, small, tmp_path):
    fixed = dict.fromkeys(small.inputs, "2")
    paths = [document(small, name, overrides=fixed) for name in ("a.json", "b.json")]
    text, _ = read(write_comparison(*paths, tmp_path / "out"))
    assert not re.search(r"\| ([\d,.]+) to \1 \|", text)
    assert "| – |" in text


def test_a_factor_between_medians_has_the_digits_that_their_errors_support(document, small, tmp_path):
    paths = [document(small, f"{seed}.json", seed=seed) for seed in (1, 2)]
    text, _ = read(write_comparison(*paths, tmp_path / "out"))
    found = [json.loads(path.read_text("utf-8"))["results"]["outputs"]["yearly"] for path in paths]
    medians, errors = ([each[key] for each in found] for key in ("median", "median_error"))
    assert medians[0] != medians[1]
    assert abs(medians[0] - medians[1]) < 2 * math.hypot(*errors)
    assert "no farther apart than their errors." in text
    assert ", a factor" not in text
    ratio = re.search(r"^\| Yearly emissions .* ([\d.]+) \|$", text, re.MULTILINE)[1]
    error = math.hypot(*(each / middle for each, middle in zip(errors, medians, strict=True)))
    assert 10 ** -len(ratio.partition(".")[2]) >= error
    assert float(ratio) == pytest.approx(
        medians[1] / medians[0], abs=0.51 * 10 ** -len(ratio.partition(".")[2])
    )


@pytest.mark.parametrize(
    ("errors", "written", "is_alike"),
    [
        ((0.05, 0.05), "1.01", True),
        ((1e-4, 1e-4), "1.008", False),
        ((0.0, 0.0), "1.008", False),
        ((None, 0.1), "1.0", False),
    ],
)
def test_a_factor_near_one_is_told_from_it_only_where_errors_allow(errors, written, is_alike):
    one, other = (
        OutputPart(
            unit="1", point=None, published=None, median=median, interval=(1.0, 2.0), median_error=error
        )
        for median, error in zip((10.0, 10.08), errors, strict=True)
    )
    assert ratio_text(one, other) == written
    assert agree(one, other) is is_alike


@pytest.mark.parametrize(
    ("medians", "errors"),
    [
        ((0.000139, 2.0), (0.000245, 0.0003)),
        ((2.0, 0.000139), (0.0003, 0.000245)),
        ((-3e-9, -1e-9), (1e-9, 1e-9)),
    ],
)
def test_there_is_no_factor_where_an_error_does_not_tell_a_median_from_0(medians, errors):
    one, other = (
        OutputPart(
            unit="1", point=None, published=None, median=median, interval=(-1.0, 3.0), median_error=error
        )
        for median, error in zip(medians, errors, strict=True)
    )
    assert ratio_text(one, other) == ""


@pytest.mark.slow
def test_the_formula_of_an_output_is_told_to_differ(document, tmp_path):
    paths = []
    for name, value in (("a", "d"), ("b", "2 * d")):
        study = tmp_path / f"{name}.toml"
        study.write_text(
            'format = 1\n[study]\ntitle = "T"\nheadline = "y"\n[inputs.d]\nunit = "1"\npoint = 2\n'
            f'distribution = "1 to 3"\n[outputs.y]\nunit = "1"\nvalue = "{value}"\n',
            encoding="utf-8",
        )
        paths.append(document(un.load_study(study), f"{name}.json"))
    text, _ = read(write_comparison(*paths, tmp_path / "out"))
    assert "`uncertainty diff` compares the files themselves" in text


def test_what_differs_is_shown_and_what_does_not_is_not(document, small, tmp_path):
    one = document(small, "a.json")
    other = document(small, "b.json", reading="carpool", overrides={"distance": "12 to 20"}, seed=2)
    text, data = read(write_comparison(one, other, tmp_path / "out"))
    assert re.search(r"“Yearly emissions” is [\d,]+ in A and [\d,]+ in B, a factor 0\.\d+\.", text)
    assert "Different are 4 settings, 2 inputs and 1 equation." in text
    assert "| **sharing**" not in text
    assert "| seed | `1` | `2` |" in text
    assert "| choice sharing | `alone` | `shared` |" in text
    assert "| set distance | `–` | `12 to 20` |" in text
    assert "| occupancy share | `1` | `0.5` |" in text
    assert set(data["results"]["inputs"]) == {"distance", "trips"}
    medians = data["results"]["outputs"]["yearly"]["median"]
    runs = [
        json.loads(path.read_text("utf-8"))["results"]["outputs"]["yearly"]["median"] for path in (one, other)
    ]
    assert medians == runs


def test_two_equal_runs_have_nothing_that_differs(document, small, tmp_path):
    text, data = read(
        write_comparison(document(small, "a.json"), document(small, "b.json"), tmp_path / "out")
    )
    assert re.search(r"“Yearly emissions” is [\d,]+ in both\.", text)
    assert "Nothing: settings, inputs and equations are the same." in text
    assert data["results"]["inputs"] == {}


OBSERVED = """
format = 1
[study]
title = "T"
headline = "y"
[inputs.a]
unit = "1"
point = 1
distribution = "normal(1, 1)"
kind = "variability"
[inputs.b]
unit = "1"
point = 2
distribution = "normal(2, 0.5)"
[outputs.y]
unit = "1"
value = "a * b"
[observations.meter]
quantity = "b"
value = 2
sd = 2
[choices.way]
question = "Which way?"
options = { this = { label = "this" }, that = { label = "that", inputs = { b = "normal(3, 0.5)" } } }
"""


@pytest.mark.slow
def test_observations_choices_and_what_outputs_speak_of_are_told_to_differ(document, tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(OBSERVED, encoding="utf-8")
    study = un.load_study(path)
    plain = document(study, "plain.json")
    observed = document(study, "observed.json", observe=("meter",), samples=4096)
    average = document(speaking_of(study, "average"), "average.json", samples=16384)
    that = document(study, "that.json", choices={"way": "that"})
    text, data = read(write_comparison(plain, observed, tmp_path / "out"))
    assert "| observed | `–` | `meter` |" in text
    assert "Under the reading as published, with meter observed, the median is" in text
    assert [each["settings"]["observations"] for each in data["results"]["compared"]] == [[], ["meter"]]
    text, _ = read(write_comparison(plain, average, tmp_path / "out"))
    assert "| y is over | `case` | `average` |" in text
    assert "| outer draws | `–` | `256` |" in text
    text, _ = read(write_comparison(plain, that, tmp_path / "out"))
    assert "Under the reading as published, with way = that, the median is" in text


def test_what_no_document_tells_of_is_not_said_to_be_the_same(document, tmp_path):
    factor = [1.0]
    study = un.Study.from_function(lambda x: {"y": factor[0] * x}, {"x": "normal(5, 1)"}, outputs=["y"])
    paths = []
    for factor[0] in (1.0, 2.0):
        paths.append(document(study, f"{factor[0]}.json"))
    text, _ = read(write_comparison(*paths, tmp_path / "out"))
    assert "Nothing that the documents tell of" in text
    assert "what comes out is not" in text


@pytest.mark.slow
def test_reports_compare_reading_by_reading(small, document, tmp_path):
    paths = []
    for name, given in (("a.json", {}), ("b.json", {"distance": 12})):
        content = gather(small, settings=Settings(samples=1024, overrides=given), sensitivity_samples=256)
        paths.append(tmp_path / name)
        paths[-1].write_text(results.dump(results_document(content)), encoding="utf-8")
    text, _ = read(write_comparison(*paths, tmp_path / "out"))
    assert "*The headline under every reading that both documents have*" in text
    assert "| carpool |" in text
    assert write_comparison(paths[0], document(small, "run.json"), tmp_path / "mixed").page.is_file()


def test_every_format_is_written_and_twice_the_same(document, small, tmp_path):
    one, other = document(small, "a.json"), document(small, "b.json", overrides={"distance": 12})
    first, again = (write_comparison(one, other, tmp_path / name) for name in ("x", "y"))
    assert [path.name for path in first.readable] == ["index.html", "report.md", "report.pdf"]
    for path, twin in zip(first.readable, again.readable, strict=True):
        assert path.read_bytes() == twin.read_bytes()


def test_numbers_of_another_unit_have_it_with_them(document, small, tmp_path):
    one, other = document(small, "a.json"), tmp_path / "b.json"
    unit = small.outputs["yearly"].unit.text
    other.write_text(damaged(one, results__outputs__yearly__unit="t"), encoding="utf-8")
    text, data = read(write_comparison(one, other, tmp_path / "out", formats=["markdown"]))
    assert re.search(rf"“Yearly emissions” is [\d,]+ {unit} in A and [\d,]+ t in B\.", text)
    assert f"| Yearly emissions | {unit} | t |" in text, "it went in differently"
    cells = rf"[\d,]+ {unit} \| [\d,]+ to [\d,]+ {unit} \| [\d,]+ t \| [\d,]+ to [\d,]+ t \| –"
    assert re.search(rf"\| Yearly emissions \| {cells} \|", text)
    assert data["results"]["outputs"]["yearly"]["unit"] == [unit, "t"]
    cut = json.loads(other.read_text(encoding="utf-8"))
    for each in cut["results"]["inputs"].values():
        each.update(unit="t", point=None)
    other.write_text(json.dumps(cut), encoding="utf-8")
    text, _ = read(write_comparison(one, other, tmp_path / "out", formats=["markdown"]))
    assert re.search(
        r"\| – \| `[^`]+` \| `[^`]+` \| [\d.,]+ to [\d.,]+ (?!t)\S+ \| [\d.,]+ to [\d.,]+ t \|", text
    )


def damaged(good, **changes):
    found = json.loads(good.read_text(encoding="utf-8"))
    for key, value in changes.items():
        *path, last = key.split("__")
        inner = found
        for part in path:
            inner = inner[part]
        inner[last] = value
    return json.dumps(found)


def test_what_is_no_such_document_is_one_line_and_writes_nothing(document, small, tmp_path):
    good, bad = document(small, "a.json"), tmp_path / "bad.json"
    for text in (
        "",
        "[1, 2]",
        '{"format": 1}',
        "[" * 100_000,
        damaged(good, format=2),
        damaged(good, command="sensitivity"),
        damaged(good, results__inputs=None),
        damaged(good, results__outputs__yearly__median="<b>"),
        damaged(good, results__outputs__yearly__interval=[1]),
        damaged(good, results__outputs__yearly__interval_error=[-1, 1]),
        damaged(good, results__outputs__yearly__median_error=-1e-9),
        damaged(good, results__outputs__yearly__sd=-1),
        damaged(good, settings__level=95),
    ):
        bad.write_text(text, encoding="utf-8")
        with pytest.raises(un.UncertaintyError, match=r"bad\.json") as caught:
            write_comparison(good, bad, tmp_path / "out")
        assert len(caught.value.faults) == 1
    bad.write_text(damaged(good, results__outputs={}), encoding="utf-8")
    with pytest.raises(un.UncertaintyError, match="no output in common"):
        write_comparison(good, bad, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_texts_of_a_document_are_shown_as_texts(document, small, tmp_path):
    nasty = "<script>alert(1)</script> | **b** [x](y)"
    good, bad = document(small, "a.json"), tmp_path / "b.json"
    bad.write_text(
        damaged(
            good,
            study__title=nasty,
            settings__reading=nasty,
            results__outputs__yearly__label=nasty,
            results__inputs__distance__label=nasty,
            results__inputs__distance__distribution=nasty,
        ),
        encoding="utf-8",
    )
    files = write_comparison(bad, good, tmp_path / "out")
    assert "<script" not in files.page.read_text(encoding="utf-8")
    assert "<script" not in files.markdown.read_text(encoding="utf-8").replace("`<script", "")


def test_a_distribution_that_is_written_otherwise_is_no_difference():
    written, called = (
        InputPart(label="a", unit="1", point=1.0, distribution=text, median=4.0, interval_90=(2.0, 8.0))
        for text in ("2 to 8", parse_distribution("2 to 8").call)
    )
    assert essence(written) == essence(called)
    assert essence(written) != essence(called.model_copy(update={"distribution": "2 to 9"}))
