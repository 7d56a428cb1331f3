"""The index leads to each report, and shows no headline alone."""

import html as markup
import json
import re
import shutil

import pytest

import uncertainty as un
from uncertainty.pages.blocks import joined, plain
from uncertainty.pages.figures.intervals import Interval
from uncertainty.pages.figures.thumbnails import draw_thumbnail
from uncertainty.pages.index import Entry, claimed, distance_of, index_files, write_index


@pytest.fixture
def folder(tmp_path, small_report, small):
    shutil.copytree(small_report.page.parent, tmp_path / "reports" / small.name)
    return tmp_path / "reports"


def changed(folder, small, **values):
    path = folder / small.name / "results.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    for row in found["results"]["readings"]["yearly"]["outputs"].values():
        row.update(values)
    path.write_text(json.dumps(found), encoding="utf-8")


def test_every_study_is_there_with_its_verdict_picture_and_files(folder, small):
    page, twin = write_index(folder, [small])
    found = json.loads((folder / small.name / "results.json").read_text(encoding="utf-8"))
    verdict = found["results"]["readings"]["yearly"]["judgement"]["verdict"]
    assert f">{small.name.replace('-', ' ')}</a></li>" in page.read_text(encoding="utf-8")
    for path in (page, twin):
        text = markup.unescape(path.read_text(encoding="utf-8")).replace("\u00a0", " ")
        assert "Commuting" in text
        assert verdict in text
        assert f"{small.name}/report.md" in text
    assert f"{small.name}/report.pdf" in page.read_text(encoding="utf-8")
    assert f"{small.name}/index.html" not in twin.read_text(encoding="utf-8")
    assert f"](figures/{small.name}.svg)" in twin.read_text(encoding="utf-8")
    drawn = (folder / "figures" / f"{small.name}.svg").read_text(encoding="utf-8")
    assert "As published" in drawn
    assert "Two in the car" in drawn


def test_a_driver_is_named_with_the_reading_that_it_drives(folder, small):
    path = folder / small.name / "results.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    found["results"]["readings"]["yearly"]["convention_decides"] = False
    path.write_text(json.dumps(found), encoding="utf-8")
    told = index_files(folder, [small])["README.md"]
    indices = found["results"]["sensitivity"]["as_published"]["results"]["outputs"]["yearly"]["indices"]
    alone = {name: each["S1"] for name, each in indices.items()}
    assert max(alone, key=alone.__getitem__) == "distance"
    explained = re.search(r"Under “As published”\s“distance” explains\s(\d+)\s%\sof the spread alone\.", told)
    assert explained is not None
    assert int(explained[1]) == round(100 * alone["distance"])


def test_the_numbers_are_those_of_the_report(folder, small):
    changed(folder, small, median=7e7, interval=[6e7, 8e7])
    assert "60,000,000 to 80,000,000" in index_files(folder, [small])["README.md"]
    # with the digits that the errors of its ends support, as in the report
    changed(folder, small, median=3.3, interval=[0.294, 39.4], interval_error=[0.01, 1.6])
    assert "0.29 to 40" in index_files(folder, [small])["README.md"]


def test_the_published_figures_bar_is_whole_but_where_a_name_stands():
    name = "The publication's conventions, today's evidence"
    rows = [Interval("short", 1, 2, 9, 0), Interval("short", 1, 2, 9, 1), Interval(name, 1, 2, 9, 2)]
    options = {"reference": None, "unit": "1", "logarithmic": False}
    drawn = draw_thumbnail(rows, published=6, **options)
    assert [text.get_text() for text in drawn.axes[0].texts][2] == name
    bars = [line.get_ydata().tolist() for line in drawn.axes[0].lines if line.get_linewidth() == 2.4]
    assert bars == [[0, 66], [76, 96]]


@pytest.mark.parametrize(
    ("figure", "scale", "distance"),
    [(10, "linear", 0), (15, "linear", 1), (2.5, "linear", 1.5), (40, "log10", 3.42), (None, "linear", None)],
)
def test_distance_is_counted_in_half_widths_on_the_outputs_scale(figure, scale, distance):
    """From 10 to 15 there is 5 or log10 1.5, and down to 5 as much or more."""
    found = distance_of(figure, [Interval("a", 5, 10, 15, 0)], scale)
    assert found == (None if distance is None else pytest.approx(distance, abs=0.005))


def test_the_middle_interval_counts_and_one_without_width_does_not():
    near, far = Interval("near", 5, 10, 15, 0), Interval("far", 99, 100, 101, 1)
    assert distance_of(15, [near], "linear") == pytest.approx(1)
    assert distance_of(15, [near, far], "linear") == pytest.approx((1 + 85) / 2)
    assert distance_of(15, [near, Interval("point", 7, 7, 7, 2)], "linear") == pytest.approx(1)
    assert distance_of(15, [Interval("point", 7, 7, 7, 2)], "linear") is None


def test_an_interval_without_an_end_has_an_arrow_the_study_s_words_and_reaches_any_figure(
    folder, small, write_study
):
    """On a scale of factors an upper end of round ten million is beyond all that is marked."""
    endless = Interval("endless", 5, 10, 1e7, 0, is_endless=True)
    assert distance_of(15, [endless], "log10") == 0
    assert distance_of(2.5, [endless], "log10") == pytest.approx(2)
    drawn = draw_thumbnail([endless], published=6, reference=None, unit="1", logarithmic=True)
    assert [line.get_marker() for line in drawn.axes[0].lines].count(">") == 1
    words = '[outputs.yearly]\nwords = { beyond = "more than is ever driven" }'
    study = un.load_study(write_study(replace={"[outputs.yearly]": words}))
    changed(folder, study, median=500, interval=[60, 1e7], interval_error=[1, 0])
    assert "60 to more than is ever driven" in index_files(folder, [study])["README.md"]


def test_the_claim_farthest_from_its_intervals_comes_first(folder, small, write_study):
    other = un.load_study(write_study().rename(folder.parent / "other.toml"))
    shutil.copytree(folder / small.name, folder / other.name)
    changed(folder, other, median=7e7, interval=[6.9e7, 7.1e7])
    twin = index_files(folder, [small, other])["README.md"]
    assert twin.index("other/report.md") < twin.index(f"{small.name}/report.md")


def test_a_title_of_markup_stays_a_text(folder, small, write_study):
    title = "<script>x</script> [a](b)"
    study = un.load_study(write_study(replace={'"Commuting"': f"'{title}'"}))
    files = index_files(folder, [study])
    for text in (files["index.html"], files["README.md"]):
        assert "<script" not in text
        assert "[a](b)" not in text.replace("\\[a\\](b)", "") or "<html" in text


def test_who_printed_the_figure_is_named_and_not_whose_work_it_is_about():
    """The sentence on five cars is a magazine's; the paper divides nothing."""
    entry = Entry(un.load_study("five-cars"), {}, (), None)
    said = plain(joined(*claimed(entry)))
    assert "MIT Technology Review 2019" in said
    assert "Strubell" not in said
