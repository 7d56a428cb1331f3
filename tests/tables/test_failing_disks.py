"""Whatever fails while a table is written, the old file stays, nothing else does, and one line says why."""

import resource
import sys
from contextlib import contextmanager

import numpy as np
import pytest

import uncertainty as un
from uncertainty.disk import PatientFile
from uncertainty.tables import Table, read_table, save_table
from uncertainty.tables.formats import FORMATS

ENDINGS = list(FORMATS)

TABLE = Table(
    "results",
    {"label": tuple(f"case {n}" for n in range(2000)), "x": np.random.default_rng(1).normal(size=2000)},
    {"x": "kg"},
    {"seed": 1},
)
OLD = Table("old", {"x": np.arange(3.0)})


@contextmanager
def largest_file(size):
    """Let no file of this process grow beyond some bytes, as a disk that is full does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Python cuts bytecode at the limit without a word, and every later import of the module fails
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        sys.dont_write_bytecode = kept


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("size", [0, 1, 500, 3_000, 12_000])
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_disk_that_is_full_at_any_moment_leaves_the_old_file(tmp_path, ending, size, capfd):
    path = tmp_path / f"a{ending}"
    save_table(OLD, path)
    before = files(tmp_path)
    with largest_file(size), pytest.raises(un.UncertaintyError) as caught:
        save_table(TABLE, path)
    assert str(caught.value) == f"{path}: cannot be written: File too large"
    assert files(tmp_path) == before
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_library_that_fails_is_one_line(tmp_path, ending, monkeypatch):
    """Whatever a library raises: none says what it may."""

    def fails(*_, **__):
        raise RuntimeError("out of tune")

    target = {
        ".csv": "csv.writer",
        ".json": "uncertainty.tables.json_file._values",
        ".parquet": "pyarrow.parquet.ParquetWriter.write_table",
        ".nc": "h5netcdf.File.create_variable",
        ".xlsx": "openpyxl.writer.excel.ExcelWriter.save",
    }[ending]
    monkeypatch.setattr(target, fails)
    with pytest.raises(un.UncertaintyError, match=r"cannot be written: out of tune$"):
        save_table(TABLE, tmp_path / f"a{ending}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("error", [ZeroDivisionError, MemoryError, KeyboardInterrupt, un.SettingError])
def test_what_fails_while_draws_are_made_is_no_fault_of_the_file(tmp_path, ending, error):
    class Failing:
        name, about, rows, chain_rows = "draws", {}, 4, 4
        numeric, units = {"inputs.x": True}, {}

        def parts(self):
            yield {"inputs.x": np.arange(2.0)}
            raise error

    with pytest.raises(error):
        save_table(Failing(), tmp_path / f"a{ending}")
    assert not list(tmp_path.iterdir())


def corrupt(path):
    content = path.read_bytes()
    third = len(content) // 3
    path.write_bytes(content[:third] + bytes(third) + content[2 * third :])


@pytest.mark.parametrize("ending", [".nc", ".xlsx"])
@pytest.mark.parametrize("forgets", ["the middle", "the end", "one byte"])
def test_a_disk_that_forgets_what_a_library_wrote_is_found_out(tmp_path, ending, forgets, monkeypatch):
    leave = PatientFile.__exit__

    def forgetful(self, *raised):
        place, length = {"the middle": (2000, 2000), "the end": (-700, 700), "one byte": (3000, 1)}[forgets]
        self._file.seek(place, 0 if place > 0 else 2)
        content = self._file.read(length)
        self._file.seek(place, 0 if place > 0 else 2)
        self._file.write(bytes(byte ^ 255 for byte in content))
        leave(self, *raised)

    monkeypatch.setattr(PatientFile, "__exit__", forgetful)
    with pytest.raises(
        un.UncertaintyError, match="cannot be written: it does not read back as it was written"
    ):
        save_table(TABLE, tmp_path / f"a{ending}")
    assert not list(tmp_path.iterdir())


def test_a_disk_that_forgets_a_part_is_found_out(tmp_path, monkeypatch):
    from pyarrow.parquet import ParquetWriter

    close = ParquetWriter.close

    def forgetful(self):
        wrote = self.is_open
        close(self)
        if wrote:
            (new,) = tmp_path.rglob("*.parquet")
            corrupt(new)

    monkeypatch.setattr(ParquetWriter, "close", forgetful)
    with pytest.raises(un.UncertaintyError, match=r"does not read back|is not a table"):
        save_table(TABLE, tmp_path / "a.parquet")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_in_which_a_byte_has_changed_is_refused_or_says_the_same(tmp_path, ending):
    path = tmp_path / f"a{ending}"
    save_table(TABLE, path)
    content = path.read_bytes()
    refused = 0
    places = np.linspace(0, len(content) - 1, 60).astype(int)
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << int(place % 7)
        path.write_bytes(changed)
        try:
            found = read_table(path)
        except un.SettingError as error:
            refused += str(error).startswith(f"{path}: ")
        else:
            assert found.columns["label"] == TABLE.columns["label"]
            np.testing.assert_array_equal(found.columns["x"], TABLE.columns["x"])
            assert (found.name, dict(found.units), dict(found.about)) == ("results", {"x": "kg"}, {"seed": 1})
    assert refused > places.size / 2


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_that_was_cut_off_is_refused(tmp_path, ending):
    path = tmp_path / f"a{ending}"
    save_table(TABLE, path)
    content = path.read_bytes()
    for share in (0, 0.3, 0.99):
        path.write_bytes(content[: int(share * len(content))])
        with pytest.raises(un.SettingError, match=f"a{ending}"):
            read_table(path)


def test_infinities_go_where_they_can_and_are_missing_elsewhere(tmp_path):
    table = Table("t", {"x": np.array([np.inf, -np.inf, np.nan, 1.0])})
    for ending in ENDINGS:
        save_table(table, tmp_path / f"a{ending}")
        found = read_table(tmp_path / f"a{ending}").columns["x"]
        wanted = [np.nan, np.nan] if ending in (".json", ".xlsx") else [np.inf, -np.inf]
        np.testing.assert_array_equal(found, [*wanted, np.nan, 1.0])


@pytest.mark.parametrize("ending", ENDINGS)
def test_texts_that_are_all_empty_stay_texts(tmp_path, ending):
    table = Table("t", {"words": ("", "", ""), "x": np.array([1.0, np.nan, 3.0])})
    save_table(table, tmp_path / f"a{ending}")
    assert read_table(tmp_path / f"a{ending}").columns["words"] == ("", "", "")


@pytest.mark.parametrize("ending", [".nc", ".xlsx"])
@pytest.mark.parametrize("at", [1, 2, 5])
def test_an_interrupt_inside_a_library_leaves_the_old_file_and_says_nothing(
    tmp_path, ending, at, monkeypatch, capfd
):
    path = tmp_path / f"a{ending}"
    save_table(OLD, path)
    before, put, calls = files(tmp_path), PatientFile._put, []

    def interrupted(self, data):
        calls.append(data)
        if len(calls) == at:
            raise KeyboardInterrupt
        return put(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(PatientFile, "_put", interrupted)
        with pytest.raises(KeyboardInterrupt):
            save_table(TABLE, path)
    assert files(tmp_path) == before
    assert capfd.readouterr() == ("", "")
