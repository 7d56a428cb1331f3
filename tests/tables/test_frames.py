"""Draws in the libraries that people use."""

import numpy as np
import pytest

import uncertainty as un
from uncertainty.tables import Table, read_table, save_table
from uncertainty.tables.frames import to_xarray


@pytest.fixture(scope="module")
def run():
    return un.propagate(un.load_study("gauge-block"), samples=512)


def test_a_data_frame_has_a_row_for_each_draw_and_knows_its_units(run):
    frame = run.to_pandas()
    name = run.study.headline
    assert len(frame) == run.settings.samples
    np.testing.assert_array_equal(frame[f"outputs.{name}"].to_numpy(), run.outputs[name].values)
    assert frame.attrs["units"][f"outputs.{name}"] == run.study.outputs[name].unit.text
    assert frame.attrs["about"]["sha256"] == run.study.sha256
    frame.iloc[0, 0] = 5  # it belongs to the user


def test_labelled_arrays_have_the_groups_and_dimensions_of_arviz(run):
    tree = run.to_xarray()
    assert set(tree.children) == {"prior", "prior_predictive"}
    assert set(tree["prior"].data_vars) == set(run.scenario.varying)
    headline = tree["prior_predictive"][run.study.headline]
    assert headline.dims == ("chain", "draw")
    assert headline.shape == (16, 32)
    np.testing.assert_array_equal(headline.to_numpy().ravel(), run.outputs[run.study.headline].values)
    assert headline.attrs["units"] == run.study.outputs[run.study.headline].unit.text


@pytest.mark.parametrize("kind", ["draws", "results"])
def test_a_netcdf_file_opens_in_xarray_as_it_is_in_memory(run, tmp_path, kind):
    import xarray as xr

    table = run.draws if kind == "draws" else run.table
    save_table(table, tmp_path / "saved.nc")
    with xr.open_datatree(tmp_path / "saved.nc", engine="h5netcdf") as found:
        xr.testing.assert_identical(found.load(), to_xarray(table))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["draws", "results"])
def test_what_xarray_saves_is_read_as_what_was_saved_here(run, tmp_path, kind):
    table = Table.whole(run.draws if kind == "draws" else run.table)
    to_xarray(table).to_netcdf(tmp_path / "saved.nc", engine="h5netcdf")
    found = read_table(tmp_path / "saved.nc")
    assert (found.name, dict(found.about), dict(found.units)) == (
        table.name,
        dict(table.about),
        dict(table.units),
    )
    for column, values in table.columns.items():
        np.testing.assert_array_equal(found.columns[column], values)


def test_a_table_of_results_is_labelled_by_row(run):
    dataset = run.table.to_xarray().to_dataset()
    assert dataset["median"].dims == ("row",)
    assert dataset["output"].to_numpy().tolist() == list(run.outputs)


def test_what_a_notebook_shows_is_escaped():
    def model(a):
        return {"y": a}

    study = un.Study.from_function(model, {"a": "1 to 2"}, title="<script>alert(1)</script>")
    shown = un.propagate(study, samples=64)._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.slow
def test_every_result_shows_itself_in_notebooks(small):
    for found, word in (
        (un.reproduce(small), "reproduced"),
        (un.compare_readings(small, samples=256), "Two in the car"),
        (un.sobol(small, output="yearly", samples=256), "distance"),
        (un.linear_budget(small, output="yearly", samples=256), "Uncertainty budget"),
        (un.fit_data([1.0, 2, 3, 5, 9, 4]), "lognormal"),
        (un.challenge(small, output="yearly", samples=1024), "Yearly emissions"),
    ):
        shown = found._repr_html_()
        assert word in shown
        assert shown.count("<table") == shown.count("</table>") >= 1


def test_the_figures_of_a_check_are_a_table(small):
    table = un.reproduce(small).table
    assert set(table.columns["reading"]) == {"as_published", "carpool"}
    assert set(table.columns["status"]) <= {"reproduced", "rounding", "differs", "unpublished"}
