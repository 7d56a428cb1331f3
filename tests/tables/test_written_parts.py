"""What the writers of tables put into their files beside the numbers, and what a table is made of."""

import hashlib
import json
import struct

import numpy as np
import pytest

import uncertainty as un
from uncertainty.bounds import LARGEST_SHEET, MOST_UNPACKED
from uncertainty.disk import PatientFile
from uncertainty.files import most_numbers
from uncertainty.tables import Table, netcdf_file, parquet_file, read_table, save_table
from uncertainty.tables.formats import format_to_write, refuse_another, save_once
from uncertainty.tables.table import Checksum, Passing, checksum, stacked


def told(call, *given, **named):
    with pytest.raises(un.UncertaintyError) as caught:
        call(*given, **named)
    return str(caught.value)


def by_hand(head, rows, *contents):
    """Return a checksum as it is defined: of the head, the number of rows, and each column's own hash."""
    found = hashlib.sha256(f"{json.dumps(head)}\n{rows}\n".encode())
    for content in contents:
        found.update(hashlib.sha256(content).digest())
    return found.hexdigest()


def test_a_checksum_is_that_of_the_head_and_of_each_column():
    about = {"z": 1, "a": {"y": [1.5, None], "b": "ü"}}
    words, numbers = ("", "ü", "x\udcff"), np.array([0.5, np.nan, -np.inf])
    table = Table("t", {"x": numbers, "a": words}, {"x": "kg", "a": "1"}, about)
    head = ["t", ["x", "a"], [["a", "1"], ["x", "kg"]], {"a": {"b": "ü", "y": [1.5, None]}, "z": 1}]
    nan = np.float64(np.nan).tobytes()
    text = b"0:2:\xc3\xbc4:x\xed\xb3\xbf"
    whole = by_hand(head, 3, struct.pack("<d", 0.5) + nan + struct.pack("<d", -np.inf), text)
    assert checksum(table, table.parts()) == whole
    gaps = by_hand(head, 3, struct.pack("<d", 0.5) + nan + nan, text)
    assert checksum(table, table.parts(), infinite=False) == gaps
    for infinite, wanted in ((True, whole), (False, gaps)):
        passing = Passing(table, infinite)
        assert [part is table.columns for part in passing.parts()] == [True]
        assert passing.checksum == wanted
    in_parts = [{"x": numbers[:1], "a": words[:1]}, {"x": numbers[1:], "a": words[1:]}]
    assert checksum(table, in_parts) == whole
    taken = Checksum(table)
    taken.add({})
    assert taken.rows == 0
    # keys that are numbers are words in a file, and are sorted as such
    one, other = (Table("t", {}, {}, {"by": by}) for by in ({10: 1, 9: 2}, {"9": 2, "10": 1}))
    assert (
        checksum(one, one.parts())
        == checksum(other, other.parts())
        == by_hand(["t", [], [], {"by": {"10": 1, "9": 2}}], 0)
    )


def test_a_table_of_rows_has_the_columns_of_the_fullest_row_and_gaps():
    rows = [{"a": 1, "c": "x"}, {"a": None, "b": 2.5, "c": None}, {"c": 7}]
    table = Table.of_rows("t", rows, units={"a": "kg"}, about={"replicate_rows": 0})
    assert list(table.columns) == ["a", "b", "c"]
    np.testing.assert_array_equal(table.columns["a"], [1, np.nan, np.nan])
    np.testing.assert_array_equal(table.columns["b"], [np.nan, 2.5, np.nan])
    assert table.columns["c"] == ("x", "", "7")
    assert (table.numeric, table.rows, table.chain_rows) == ({"a": True, "b": True, "c": False}, 3, 3)
    assert not table.columns["a"].flags.writeable
    assert (Table("t", {}).rows, Table("t", {}).chain_rows) == (0, 0)
    assert Table("t", {"a": np.zeros(4)}, about={"replicate_rows": 2}).chain_rows == 2
    both = stacked("both", "case", {"one": table, "two": table})
    assert both.columns["case"] == ("one",) * 3 + ("two",) * 3
    assert both.columns["c"] == table.columns["c"] * 2
    assert (both.name, both.units, both.about) == ("both", {"a": "kg"}, {"replicate_rows": 0})


@pytest.mark.parametrize(
    "fields", [{"name": 1}, {"columns": {1: ("x",)}}, {"units": {"a": 1}}, {"checksum": 1}]
)
def test_what_a_table_is_called_is_words(fields):
    with pytest.raises(ValueError, match=r"^expected names, units and a checksum in words$"):
        Table(**{"name": "t", "columns": {}, **fields})


class InParts:
    """A table that comes in parts of three, three and four rows."""

    name, rows, chain_rows, about = "draws", 10, 5, {"replicate_rows": 5, "of": "ü"}
    numeric, units = {"inputs.x": True, "outputs.y": True}, {"inputs.x": "µg"}

    def __init__(self):
        self.taken = 0

    def parts(self):
        for start, stop in ((0, 3), (3, 6), (6, 10)):
            self.taken += 1
            yield {"inputs.x": np.arange(float(start), stop), "outputs.y": -np.arange(float(start), stop)}


def test_a_table_in_parts_can_be_had_whole():
    found = Table.whole(InParts())
    np.testing.assert_array_equal(found.columns["inputs.x"], np.arange(10.0))
    np.testing.assert_array_equal(found.columns["outputs.y"], -np.arange(10.0))
    assert (found.name, found.units, found.about) == ("draws", InParts.units, InParts.about)
    assert Table.whole(found) is found
    passing = Passing(InParts())
    assert (passing.name, passing.numeric, passing.units) == ("draws", InParts.numeric, InParts.units)
    assert (passing.about, passing.rows, passing.chain_rows) == (InParts.about, 10, 5)


def test_netcdf_says_what_its_variables_are_of(tmp_path):
    import h5netcdf

    save_table(InParts(), tmp_path / "d.nc")
    library = {"inference_library": "uncertainty", "inference_library_version": un.__version__}
    with h5netcdf.File(tmp_path / "d.nc") as file:
        note = json.loads(file.attrs["uncertainty"])
        assert note == {"name": "draws", "columns": ["inputs.x", "outputs.y"], "about": InParts.about}
        assert {key: file.attrs[key] for key in library} == library
        assert list(file.groups) == ["prior", "prior_predictive"]
        for group, name, sign in (("prior", "x", 1), ("prior_predictive", "y", -1)):
            home = file.groups[group]
            assert {key: home.attrs[key] for key in library} == library
            assert home.variables["chain"][...].tolist() == [0, 1]
            assert home.variables["draw"][...].tolist() == [0, 1, 2, 3, 4]
            assert home.variables["draw"].dtype == np.int64
            variable = home.variables[name]
            assert variable.dimensions == ("chain", "draw")
            np.testing.assert_array_equal(variable[...], sign * np.arange(10.0).reshape(2, 5))
        assert file["prior/x"].attrs["units"] == "µg"
        assert "units" not in file["prior_predictive/y"].attrs
    save_table(Table("t", {"a": ("ä", ""), "b": np.arange(2.0)}), tmp_path / "t.nc")
    with h5netcdf.File(tmp_path / "t.nc") as file:
        assert [file[name].dimensions for name in "ab"] == [("row",)] * 2
        assert [each.decode() for each in file["a"][...]] == ["ä", ""]


@pytest.mark.parametrize(
    ("column", "group", "name"),
    [
        ("inputs.x", "prior", "x"),
        ("outputs.a.b", "prior_predictive", "a.b"),
        ("inputs.", "", "inputs."),
        ("inputs", "", "inputs"),
        ("other.x", "", "other.x"),
    ],
)
def test_a_column_of_draws_has_its_place_in_netcdf(column, group, name):
    assert netcdf_file.place(column) == (group, name)


def test_a_seal_is_the_hash_of_all_that_is_before_it(tmp_path):
    path = tmp_path / "d"
    for content in (b"", b"ab", b"x" * (2**20 + 5)):
        seal = netcdf_file.SEAL % hashlib.sha256(content).hexdigest().encode()
        path.write_bytes(content + seal)
        assert netcdf_file._is_sealed(path) is True
        path.write_bytes(content)
        assert netcdf_file._is_sealed(path) is False
        path.write_bytes(b"y" + content + seal)
        assert told(netcdf_file._is_sealed, path) == (
            f"{path}: is damaged: it does not hold what was written to it"
        )


def test_netcdf_asks_for_no_more_draws_once_the_disk_has_failed(tmp_path, monkeypatch):
    table = InParts()
    write = PatientFile.write

    def failing(self, data):
        if table.taken:
            self.failure = self.failure or OSError(28, "No space left on device")
        return write(self, data)

    fill = netcdf_file._fill

    def filled(*given):
        fill(*given)
        given[0]._h5ds.file.flush()

    monkeypatch.setattr(PatientFile, "write", failing)
    monkeypatch.setattr(netcdf_file, "_fill", filled)
    assert told(save_table, table, tmp_path / "d.nc").endswith("cannot be written: No space left on device")
    assert table.taken == 1


def test_parquet_is_neither_packed_nor_without_checksums(tmp_path):
    from pyarrow import parquet

    path, values = tmp_path / "d.parquet", np.arange(1000.0) + 0.125
    save_table(Table("t", {"a": values, "b": ("ä",) * 1000}, {"a": "kg"}, {"of": 1}), path)
    column = parquet.ParquetFile(path).metadata.row_group(0).column(0)
    assert (column.compression, "PLAIN" in column.encodings) == ("UNCOMPRESSED", True)
    assert not [each for each in column.encodings if "DICTIONARY" in each]
    found = parquet.read_metadata(path).metadata
    assert found[b"uncertainty"] == b'{"of": 1, "units": {"a": "kg"}}'
    assert found[b"uncertainty.name"] == b"t"
    assert len(found[b"uncertainty.checksum"]) == 64
    content = path.read_bytes()
    place = content.index(values[500].tobytes())
    path.write_bytes(content[:place] + b"\1" + content[place + 1 :])
    with (
        parquet.ParquetFile(path, page_checksum_verification=True) as file,
        pytest.raises(OSError, match=r"(?i)crc checksum"),
    ):
        file.read()
    assert told(read_table, path) == f"{path}: is not a table that this program has written"


def test_parquet_without_a_name_or_a_checksum_is_of_draws(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "d.parquet"
    columns = {"a": pa.array(["x", "y"], pa.large_string()), "b": pa.array([1.0, 2.0])}
    parquet.write_table(pa.table(columns, metadata={b"uncertainty": b'{"of": 1}'}), path)
    found = parquet_file.read(path)
    assert (found.name, found.checksum, found.units, found.about) == ("draws", "", {}, {"of": 1})
    assert found.columns["a"] == ("x", "y")
    assert found.columns["b"].tolist() == [1, 2]
    parquet.write_table(pa.table(columns), path)
    assert told(read_table, path) == f"{path}: is not a table that this program has written"


def test_what_cannot_be_read_or_written_is_told_with_its_path(tmp_path, monkeypatch):
    nowhere, folder = tmp_path / "nowhere.csv", tmp_path / "folder.csv"
    folder.mkdir()
    assert told(read_table, nowhere) == f"{nowhere}: no such file"
    assert told(read_table, folder) == f"{folder}: is not a regular file"
    table = Table("t", {"a": np.zeros(1)}, {}, {"of": {}})
    every = ".parquet, .nc, .csv, .xlsx, .json"
    assert told(save_table, table, "d.foo") == f"d.foo: expected a name that ends in {every}, .tex, .md"
    assert told(format_to_write, "d.foo", [".x"]) == f"d.foo: expected a name that ends in {every}, .x"
    other = Table("t", {}, {}, {"of": {"a": None, "b": {}}})
    assert "(of is a nothing, b nothing, not nothing)" in told(refuse_another, nowhere, other, table)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("uncertainty.tables.formats.locked", full)
    path = tmp_path / "d.csv"
    assert told(save_once, table, path) == f"{path}: cannot be written: No space left on device"


def test_how_many_numbers_a_file_may_hold_grows_with_it(tmp_path):
    path = tmp_path / "d"
    size = LARGEST_SHEET // MOST_UNPACKED
    for length, numbers in ((0, size), (8, size), (size, size), (size + 1000, size + 1000)):
        with path.open("wb") as file:
            file.truncate(length)
        assert most_numbers(path) == numbers * MOST_UNPACKED // 8
        assert isinstance(most_numbers(path), int)
