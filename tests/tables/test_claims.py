"""What a table claims to hold is compared with its size before memory is asked for."""

import numpy as np
import pytest

import uncertainty as un
from uncertainty import files
from uncertainty.tables import Table, read_table, save_table


def test_parquet_of_one_repeated_number_is_not_unpacked(tmp_path, monkeypatch):
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "bomb.parquet"
    many = pa.table({"a": pa.array(np.zeros(2_000_000))}, metadata={b"uncertainty": b"{}"})
    parquet.write_table(many, path)
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(files, "LARGEST_SHEET", 2**20)
    monkeypatch.setattr(parquet, "read_table", None)
    with pytest.raises(un.SettingError, match=r"is too small to hold 2,000,000 numbers$"):
        read_table(path)


def test_netcdf_of_numbers_that_were_never_written_is_not_unpacked(tmp_path):
    import h5py

    path = tmp_path / "bomb.nc"
    save_table(Table("t", {"a": np.arange(3.0)}), path)
    with h5py.File(path, "a") as file:
        name = file["row"].attrs["NAME"]
        del file["a"], file["row"]
        for each in ("row", "a"):
            file.create_dataset(each, shape=(2**40,), dtype="f8", chunks=(1024,))
        file["row"].make_scale(name)
        file["row"].attrs["_Netcdf4Dimid"] = np.int32(0)
        file["a"].dims[0].attach_scale(file["row"])
    with pytest.raises(un.SettingError) as caught:
        read_table(path)
    assert str(caught.value) == f"{path}: is too small to hold {2**40:,} numbers"


@pytest.mark.parametrize("ending", [".parquet", ".nc", ".xlsx", ".csv", ".json"])
def test_a_long_table_of_our_own_is_read_back_whatever_bounds_hold_for_others(tmp_path, monkeypatch, ending):
    from uncertainty.tables import workbook_reading

    for module, name in (
        (files, "LARGEST_SHEET"),
        (workbook_reading, "LARGEST_SHEET"),
        (workbook_reading, "MOST_CELLS"),
    ):
        monkeypatch.setattr(module, name, 1000)
    table = Table("t", {"a": np.random.default_rng(1).random(2000)})
    save_table(table, tmp_path / f"t{ending}")
    np.testing.assert_array_equal(read_table(tmp_path / f"t{ending}").columns["a"], table.columns["a"])


@pytest.mark.parametrize("ending", [".parquet", ".nc", ".xlsx", ".json"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_table_is_one_line(tmp_path, ending, kept):
    path = tmp_path / f"t{ending}"
    save_table(Table("t", {"a": np.random.default_rng(1).random(500), "b": ("x",) * 500}), path)
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(un.SettingError) as caught:
        read_table(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("trial", ["import time; time.sleep(9)", "import os; os.abort()"])
def test_netcdf_that_nobody_has_sealed_is_tried_in_another_process(tmp_path, monkeypatch, trial):
    from uncertainty.tables import netcdf_file

    path = tmp_path / "t.nc"
    save_table(Table("t", {"a": np.arange(3.0)}), path)
    path.write_bytes(path.read_bytes()[: -len(netcdf_file.SEAL % bytes(64))])
    assert list(read_table(path).columns["a"]) == [0, 1, 2]
    monkeypatch.setattr(netcdf_file, "TRIAL", trial)
    monkeypatch.setattr(netcdf_file, "LONGEST_TRIAL", 0.2 if "sleep" in trial else 9)
    with pytest.raises(un.SettingError) as caught:
        read_table(path)
    assert str(caught.value) == f"{path}: is damaged: HDF5 cannot read it to its end"
