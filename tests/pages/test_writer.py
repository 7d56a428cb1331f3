"""Whole reports: harmless and repeatable."""

import csv
import io
import json
import re

import pytest
from markdown_it import MarkdownIt

import uncertainty as un
from uncertainty.explorer import page_script
from uncertainty.pages import write_report
from uncertainty.pages.blocks import Details, Paragraph, Section
from uncertainty.pages.sections import without_page
from uncertainty.settings import Settings

NASTY = "<script>alert(1)</script> | `x` **b** \\\" ' $y$ & 🖋 שלום {{ 7*7 }}"  # as TOML writes it

DRIVER_FIGURES = ("drivers", "curves", "tornado", "spider")
INPUT_FIGURES = ("input-distance", "input-intensity", "input-trips")
TREES = ("dependencies-as_published", "dependencies-carpool")


def texts(files):
    """Return every file but the PDF document, whose texts are compressed."""
    found = [path for path in files.folder.rglob("*") if path.is_file() and path.suffix != ".pdf"]
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def test_a_report_has_a_page_two_twins_figures_and_data(small_report):
    files = small_report
    found = texts(files)
    names = ("index.html", "numbers.html", "report.md", "report.pdf")
    assert files.readable == tuple(files.folder / name for name in names)
    assert all(path.is_file() for path in files.readable)
    data = {name for name in found if name.endswith(".csv")}
    assert data == {f"{path.stem}.csv" for path in files.figures}
    assert set(found) - data == {
        "index.html",
        "numbers.html",
        "embed.html",
        "report.md",
        "card.svg",
        "results.json",
        "results.tex",
        "CITATION.cff",
        "intervals.svg",
        "distributions.svg",
        *(f"{kind}-{name}.svg" for name in ("as_published", "carpool") for kind in DRIVER_FIGURES),
        "specification-curve.svg",
        *(f"{name}.svg" for name in (*INPUT_FIGURES, *TREES)),
    }
    assert all(f"(figures/{path.name})" in found["report.md"] for path in files.figures)
    assert len(found["index.html"]) < 1_000_000


def test_the_data_of_an_input_s_picture_have_its_point(small_report):
    lines = texts(small_report)["input-distance.csv"].splitlines()
    assert lines[1].split(",")[1:3] == ["point", "10.0"]
    assert not any("published" in line for line in lines)


@pytest.mark.slow
def test_two_runs_are_byte_identical_whatever_the_threads(make_report, small, small_report):
    """The report that tests share was made by two threads."""
    one, other = small_report, make_report(small, threads=1)
    assert texts(one) == texts(other)
    assert one.document.read_bytes() == other.document.read_bytes()


@pytest.mark.slow
def test_formats_that_are_not_asked_for_are_not_written(make_report, small):
    files = make_report(small, formats=("markdown",))
    assert files.readable == (files.markdown,)
    assert (files.page, files.document) == (None, None)
    assert {path.name for path in files.folder.iterdir()} == {
        *("report.md", "results.json", "figures", "results.tex", "CITATION.cff")
    }
    text = files.markdown.read_text(encoding="utf-8")
    assert "embed.html" not in text
    assert "index.html" not in text
    assert "## Cite and reuse" in text


def test_the_line_for_other_pages_leads_to_the_whole_report(small_report):
    """The picture's own link is to the page beside it, so that a copy of it alone would lead nowhere."""
    text = small_report.markdown.read_text(encoding="utf-8")
    assert (
        "`embed.html` is written beside this page: put the report's folder beside yours, under the name"
        in text
    )
    assert '<iframe src="report/embed.html"' in text


def test_what_speaks_of_the_page_is_left_out_where_there_is_none():
    kept, left = Details("a", (Paragraph("b"),)), Details("c", (Paragraph("d"),), of_page=True)
    sections = (Section("x", "X", (kept, left)), Section("y", "Y", (kept,), layer="try"))
    assert without_page(sections) == (Section("x", "X", (kept,)),)


@pytest.mark.parametrize(
    ("formats", "fault"),
    [(("htm",), 'unknown format "htm"; did you mean "html"'), ((), "at least one format is needed")],
)
def test_a_format_that_does_not_exist_is_refused(formats, fault, make_report, small, tmp_path):
    with pytest.raises(un.SettingError, match=fault):
        make_report(small, formats=formats)
    assert not (tmp_path / "report").exists()


def test_the_data_hold_every_analysis_with_settings_hash_and_version(small_report, small):
    data = json.loads(small_report.results.read_text(encoding="utf-8"))
    assert data["command"] == "report"
    assert data["version"] == un.__version__
    assert data["study"]["sha256"] == small.sha256
    assert data["settings"]["seed"] == 3
    assert set(data["results"]) == {
        "check",
        "run",
        "readings",
        "cases",
        "challenge",
        "sensitivity",
        "drivers",
    }
    assert data["results"]["check"]["figures"]["yearly"]["status"]
    assert set(data["results"]["run"]["outputs"]) == set(small.outputs)
    assert data["results"]["readings"]["yearly"]["leading"] == ["as_published", "carpool"]
    assert set(data["results"]["sensitivity"]) == {"as_published", "carpool"}
    assert data["versions"]["numpy"]


@pytest.mark.slow
def test_a_study_full_of_markup_is_rendered_harmlessly(make_report, write_study):
    quoted = f'"{NASTY}"'
    described = f"label = {quoted}\nnote = {quoted}\nsource = {quoted}"
    texts_of_the_study = (
        "Commuting",
        "Yearly emissions",
        "Two in the car",
        "two people share the car",
        "nobody",
    )
    replaced = dict.fromkeys((f'"{text}"' for text in texts_of_the_study), quoted)
    replaced |= {
        '"Who else is in the car?"': f'"{NASTY * 150}"',
        'kind = "variability"': f'kind = "variability"\n{described}',
    }
    study = un.load_study(write_study(replace=replaced))
    found = texts(make_report(study))
    for name, text in found.items():
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
            assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in cells), name
        if name.endswith((".html", ".svg")):
            # the explorer's data hold every text with its signs of markup escaped, and nothing else runs
            rest, data = re.subn(r'<script type="application/json"[^>]*>[^<]*</script>', "", text)
            own = f"<script>{page_script()}</script>"
            assert (data, rest.count(own)) == ((1, 1) if name == "index.html" else (0, 0))
            assert "<script" not in rest.replace(own, "")
            assert "onerror" not in rest
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(found["report.md"])
    raw = [token.content for token in tokens if token.type == "html_block"]
    assert all(re.match(r"</?details>", block) and "<script" not in block for block in raw)
    inline = [child for token in tokens for child in token.children or []]
    assert not any(child.type == "html_inline" for child in inline)
    images = [child for child in inline if child.type == "image"]
    assert [image.attrs["src"] for image in images] == [
        f"figures/{name}.svg"
        for name in (
            "card",
            "drivers-carpool",
            "specification-curve",
            "intervals",
            "distributions",
            *(f"{kind}-as_published" for kind in DRIVER_FIGURES),
            *(f"{kind}-carpool" for kind in DRIVER_FIGURES[1:]),
            *INPUT_FIGURES,
            *TREES,
        )
    ]


def test_nothing_is_written_when_an_analysis_fails(tmp_path, small):
    with pytest.raises(un.StudyError):
        write_report(small, tmp_path / "r", settings=Settings(overrides={"nothing": 1}))
    assert not (tmp_path / "r").exists()
