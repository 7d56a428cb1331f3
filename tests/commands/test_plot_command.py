"""`uncertainty plot` writes one figure of the report, and says which there are."""

import json
import re

import pytest

from uncertainty.pages.figures import KINDS
from uncertainty.pages.figures.style import PAPER

QUICK = ("--samples", "1024")
HEADS = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}


def test_without_a_kind_every_kind_is_listed(command):
    found = command("plot")
    assert (found.code, found.err) == (0, "")
    assert [line.split()[0] for line in found.out.splitlines() if not line.startswith(" ")][1:] == [*KINDS]


@pytest.mark.slow
@pytest.mark.parametrize("form", HEADS)
def test_the_file_s_ending_says_how_it_is_written_and_twice_the_same(form, command, write_study, tmp_path):
    for name in ("one", "other"):
        found = command("plot", "intervals", write_study(), *QUICK, "--to", f"made/{name}.{form}")
        assert (found.code, found.err) == (0, "")
        said = f"Wrote made/{name}.{form}, with its data in {name}.csv.\n\nThe published 600 kg"
        assert found.out.startswith(said)
    one, other = ((tmp_path / "made" / f"{name}.{form}").read_bytes() for name in ("one", "other"))
    assert one.startswith(HEADS[form])
    assert one == other


@pytest.mark.slow
def test_a_figure_alone_is_the_report_s(command, write_study, tmp_path):
    command("report", write_study(), *QUICK)
    command("plot", "distributions", write_study(), *QUICK)
    own = (tmp_path / "study-distributions.svg").read_bytes()
    assert own == (tmp_path / "reports" / "study" / "figures" / "distributions.svg").read_bytes()


@pytest.mark.slow
def test_a_figure_of_one_reading_may_be_of_any(command, write_study, tmp_path):
    found = command("plot", "drivers", write_study(), *QUICK, "--reading", "carpool", "--json")
    document = json.loads(found.out)
    assert document["results"]["file"] == "study-drivers.svg"
    assert document["results"]["finding"].startswith("Under “Two in the car”, “")
    assert (tmp_path / "study-drivers.svg").is_file()


def test_another_output_can_be_led_with(command, write_study, tmp_path):
    found = command("plot", "distributions", write_study(), *QUICK, "--only", "per_trip")
    assert found.out.splitlines()[2].startswith("The published 1.5 is ")
    assert "kg/trip" in re.sub(r"<[^>]+>", "", (tmp_path / "study-distributions.svg").read_text("utf-8"))


ONE_VALUE = """
format = 1
[study]
title = "Parts of a whole"
headline = "whole"
[inputs.a]
unit = "1"
point = 5
distribution = "{a}"
[inputs.b]
unit = "1"
point = 3
distribution = "{b}"
[outputs.whole]
unit = "1"
value = "{value}"
"""


@pytest.mark.parametrize(
    ("value", "a", "b", "shown"),
    [
        ("a/(a + b) + b/(a + b)", "2 to 9", "1 to 8", "1.00"),
        ("log(exp(a) * exp(b)) - a - b + 7", "uniform(4, 6)", "uniform(2, 4)", "7.00"),
        ("1e200 * (a/b) * (b/a)", "2 to 9", "1 to 8", "1.00e200"),
        ("1e139 * a", "normal(10, 1)", "1 to 8", "1.00e140"),
    ],
)
def test_values_that_rounding_sets_apart_or_of_any_size_are_drawn(value, a, b, shown, command, write_study):
    study = write_study(ONE_VALUE.format(value=value, a=a, b=b))
    found = command("plot", "distributions", study, *QUICK)
    assert (found.code, found.err) == (0, "")
    assert any(f"{said} {shown}" in found.out for said in ("is always", "lies above"))


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("intervls",), 'KIND: unknown figure "intervls"; did you mean "intervals"?'),
        (
            ("intervals", "--to", "x.jpg"),
            '--to: expected a file that ends in .svg, .png or .pdf, found "x.jpg"',
        ),
        (("drivers", "--reading", "carpol"), '--reading: unknown reading "carpol"; did you mean "carpool"?'),
        (
            ("intervals", "--reading", "carpool"),
            '--reading: the figure "intervals" shows every published figure',
        ),
        (("intervals", "--only", "yearli"), '--only: unknown output "yearli"; did you mean "yearly"?'),
    ],
)
def test_what_cannot_be_drawn_is_one_line(words, fault, command, write_study, tmp_path):
    study = write_study()
    found = command("plot", words[0], study, *QUICK, *words[1:])
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f"error: {fault}")
    assert found.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == [study.name]


def test_the_data_of_a_figure_stand_beside_it_and_replace_nobody_s_file(command, write_study, tmp_path):
    data = tmp_path / "a.csv"
    for _ in range(2):
        found = command("plot", "intervals", write_study(), *QUICK, "--to", "a.svg", "--width", "85mm")
        assert found.code == 0
    head, *rows = data.read_text("utf-8").splitlines()
    assert head == "figure,output,published,reading,low,median,high"
    assert len(rows) == 2
    assert (tmp_path / "a.svg").read_text("utf-8").startswith('<svg width="240.945pt" height=')
    assert f"background:{PAPER}" in (tmp_path / "a.svg").read_text("utf-8")
    data.write_text("hours,cost\n1,2\n")
    found = command("plot", "intervals", write_study(), *QUICK, "--to", "a.svg")
    assert (found.code, data.read_text()) == (2, "hours,cost\n1,2\n")
    assert found.err == "error: --to: a.csv is there and no data of a figure; choose another name\n"


@pytest.mark.slow
def test_a_card_is_laid_out_for_its_column_and_intervals_show_one_output(command, write_study, tmp_path):
    for name, more in (("wide", ()), ("column", ("--width", "60mm", "--text", "5.9pt"))):
        assert command("plot", "card", write_study(), *QUICK, "--to", f"{name}.svg", *more).code == 0
    wide, column = ((tmp_path / f"{name}.svg").read_text("utf-8") for name in ("wide", "column"))
    assert 'viewBox="0 0 1200 675"' in wide
    assert 'viewBox="0 0 170.079 ' in column
    sizes = [float(size) for size in re.findall(r"(?:font-size:|font: (?:bold )?)\s*([\d.]+)px", column)]
    assert min(sizes) == pytest.approx(5.9, abs=0.01)
    assert "…" not in column
    assert (tmp_path / "column.csv").read_bytes().startswith(b"figure,reading,")
    found = command("plot", "intervals", write_study(), *QUICK, "--only", "yearly", "--to", "one.svg")
    assert found.code == 0
    assert {row.split(",")[1] for row in (tmp_path / "one.csv").read_text().splitlines()[1:]} == {
        "Yearly emissions"
    }


def test_a_width_or_a_font_that_is_none_is_refused_before_any_work(command, write_study):
    for option, value, said in (
        ("--width", "85", "expected a length in mm, cm, in, pt, px, such as 85mm"),
        ("--text", "7pt", "expected together with --width, since letters have a size on paper alone"),
        ("--dpi", 1, "expected 20 to 2,400, found 1"),
        ("--font", "none.ttf", "none.ttf: no such file"),
    ):
        found = command("plot", "intervals", write_study(), option, value)
        assert (found.code, found.out) == (2, "")
        assert found.err.startswith(f"error: {option}: {said}")
