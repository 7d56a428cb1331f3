"""A run that goes on takes from disk what it would draw itself, and nothing else."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import numpy as np
import pytest
from variants import one_in

import uncertainty as un
from uncertainty.files import locked
from uncertainty.sampling import saving
from uncertainty.tables import Table, read_table, save_table
from uncertainty.tables.formats import save_once

SPAN = 2
ROWS = SPAN * 16384 * 2 + 5000


@pytest.fixture(autouse=True)
def parts_of_few_blocks(monkeypatch):
    """Runs have three parts, of as few rows as can be."""
    monkeypatch.setattr("uncertainty.sampling.saving.SPAN_BLOCKS", SPAN)


class Killed(BaseException):
    """Ends a run from outside, as far as it can be told."""


@pytest.fixture
def study(write_study):
    return un.load_study(
        write_study("""
        format = 1
        [study]
        title = "t"
        headline = "y"
        [inputs.x]
        unit = "kg"
        point = 2
        distribution = "normal(2, 0.5)"
        [outputs.y]
        unit = "kg"
        value = "x * 2"
        """)
    )


def save(study, path, **more):
    return un.propagate(study, samples=ROWS, design="random", save=path, threads=1, **more)


@pytest.fixture
def killed(study, tmp_path, monkeypatch):
    """Return the folder with the parts of a run that was killed before they were joined."""
    with monkeypatch.context() as patch:

        def kill(*_):
            raise Killed

        patch.setattr(saving, "Joined", kill)
        with pytest.raises(Killed):
            save(study, tmp_path / "x.parquet")
    assert [path.name for path in sorted(tmp_path.glob("x.*"))] == ["x.parquet.parts"]
    return tmp_path / "x.parquet.parts"


@pytest.fixture
def whole(study, tmp_path):
    """Return the draws of a run that nothing has interrupted."""
    save(study, tmp_path / "whole.parquet")
    return read_table(tmp_path / "whole.parquet")


def test_parts_may_lie_behind_a_link(study, killed, tmp_path):
    killed.rename(tmp_path / "elsewhere")
    killed.symlink_to(tmp_path / "elsewhere")
    save(study, killed.with_name("x.parquet"))
    assert read_table(tmp_path / "x.parquet").checksum
    assert list((tmp_path / "elsewhere").iterdir()) == []


def assert_goes_on(study, killed, whole):
    save(study, killed.with_name("x.parquet"))
    found = read_table(killed.with_name("x.parquet"))
    for name, column in whole.columns.items():
        np.testing.assert_array_equal(found.columns[name], column)
    assert found.checksum == whole.checksum
    assert not killed.exists()


def test_a_run_that_was_killed_goes_on(study, killed, whole, monkeypatch):
    assert len(list(killed.iterdir())) == 3
    monkeypatch.setattr(saving.DrawsFile, "_table", _no_rows(saving.DrawsFile._table))
    assert_goes_on(study, killed, whole)


def _no_rows(table):
    def counted(self, columns, **more):
        assert columns is None, "a part was made again that is there"
        return table(self, columns, **more)

    return counted


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 16
    path.write_bytes(content)


def change_a_row(path):
    table = read_table(path)
    columns = {name: np.array(column) for name, column in table.columns.items()}
    next(iter(columns.values()))[7] += 1e-9
    import pyarrow as pa
    from pyarrow import parquet

    old = parquet.read_metadata(path).metadata
    changed = pa.table(columns).replace_schema_metadata(parquet.read_schema(path).metadata)
    with parquet.ParquetWriter(path, changed.schema) as writer:
        writer.write_table(changed)
        writer.add_key_value_metadata({b"uncertainty.checksum": old[b"uncertainty.checksum"]})


DAMAGE = {
    "one byte": flip,
    "one row": change_a_row,
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "empty": lambda path: path.write_bytes(b""),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "something else": lambda path: path.write_text("hello"),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", one_in(3, DAMAGE))
def test_a_damaged_part_is_made_again(study, killed, whole, damage):
    DAMAGE[damage](sorted(killed.iterdir())[1])
    assert_goes_on(study, killed, whole)


def test_parts_that_have_changed_places_are_made_again(study, killed, whole):
    first, second, _ = sorted(killed.iterdir())
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    assert_goes_on(study, killed, whole)


def test_a_part_of_another_study_is_refused(study, killed, tmp_path, write_study):
    other = un.load_study(write_study((tmp_path / "study.toml").read_text().replace("x * 2", "x * 3")))
    before = {path.name: path.read_bytes() for path in killed.iterdir()}
    with pytest.raises(un.SettingError, match=r"x.parquet.parts holds the draws of another run \(sha256 is "):
        save(other, tmp_path / "x.parquet")
    assert {path.name: path.read_bytes() for path in killed.iterdir()} == before


@pytest.mark.parametrize("library", ["numpy", "scipy"])
@pytest.mark.parametrize("finished", [True, False])
def test_draws_of_other_versions_are_refused_naming_both(
    study, killed, whole, monkeypatch, library, finished
):
    del whole
    mine = __import__(library).__version__
    path = killed.with_name("whole.parquet" if finished else "x.parquet")
    monkeypatch.setattr(f"{library}.__version__", "9.9.9")
    with pytest.raises(un.SettingError, match=rf"\({library} is {mine}, not 9.9.9\)"):
        save(study, path)


def test_draws_of_another_version_of_this_package_are_refused_naming_both(study, killed, monkeypatch):
    monkeypatch.setattr("uncertainty.results.about.__version__", "0.9")
    with pytest.raises(un.SettingError, match=rf"\(version of uncertainty is {un.__version__}, not 0.9\)"):
        save(study, killed.with_name("x.parquet"))


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["nc", "csv", "xlsx", "json"])
def test_other_formats_hold_the_versions_too(command, write_study, monkeypatch, ending):
    words = ("run", write_study(), "--samples", 64, "--save", f"x.{ending}", "--quiet")
    assert command(*words).code == 0
    assert command(*words).code == 0
    mine = np.__version__
    monkeypatch.setattr("numpy.__version__", "9.9.9")
    found = command(*words)
    assert (found.code, found.out) == (2, "")
    assert f"(numpy is {mine}, not 9.9.9)" in found.err


@pytest.mark.parametrize("damage", [name for name in DAMAGE if name != "gone"])
def test_a_finished_file_that_was_changed_is_not_taken_for_whole(study, whole, tmp_path, damage):
    del whole
    path = tmp_path / "whole.parquet"
    DAMAGE[damage](path)
    content = path.read_bytes()
    with pytest.raises(un.SettingError, match=r"whole.parquet (is damaged|exists and is damaged)"):
        save(study, path)
    assert path.read_bytes() == content


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["nc", "csv", "xlsx", "json"])
def test_a_finished_file_of_another_format_that_was_changed_is_not_taken_for_whole(
    command, write_study, tmp_path, ending
):
    words = ("run", write_study(), "--samples", 512, "--save", f"x.{ending}", "--quiet")
    assert command(*words).code == 0
    path = tmp_path / f"x.{ending}"
    content = path.read_bytes()
    for damaged in (content[: len(content) // 2], bytes(len(content)), content[:-300] + bytes(300)):
        path.write_bytes(damaged)
        found = command(*words)
        assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
        assert path.read_bytes() == damaged


def test_metadata_that_were_changed_are_not_taken_for_this_run_s(command, write_study, tmp_path):
    words = ("run", write_study(), "--samples", 64, "--save", "x.csv", "--quiet")
    assert command(*words).code == 0
    beside = tmp_path / "x.csv-metadata.json"
    found = json.loads(beside.read_text())
    column = found["tableSchema"]["columns"][0]
    for change in ("kilometres", None):
        column["schema:unitText"] = change
        beside.write_text(json.dumps(found))
        assert command(*words).code == 2
    beside.write_text(beside.read_text()[:40])
    assert command(*words).code == 2


def test_what_else_lies_among_the_parts_is_no_part_and_stays(study, killed, whole):
    save_table(Table("notes", {"x": np.arange(3.0)}), killed / "notes.csv")
    (killed / "manifest.json").write_text("{damaged")
    (killed / "figures").mkdir()
    (killed / f".{'0a' * 8}").mkdir()  # what a killed run leaves while it writes a part
    save(study, killed.with_name("x.parquet"))
    assert read_table(killed.with_name("x.parquet")).checksum == whole.checksum
    assert sorted(path.name for path in killed.iterdir()) == [
        "figures",
        "manifest.json",
        "notes.csv",
        "notes.csv-metadata.json",
    ]


def test_a_file_that_another_run_has_finished_meanwhile_is_found_or_refused(tmp_path):
    path = tmp_path / "d.parquet"
    save_table(drawn(1), path)
    saving.DrawsFile(path, {"seed": 1, "units": {"y": "kg"}}).save(None, None)
    other = saving.DrawsFile(path, {"seed": 2, "units": {"y": "kg"}})
    for refuse in (other.check, lambda: other.save(None, None)):
        with pytest.raises(un.SettingError) as caught:
            refuse()
        assert str(caught.value).startswith(f"save: {path} holds the draws of another run (seed is 1, not 2)")


@pytest.mark.parametrize("memory", [2**30, 1024])
def test_each_part_that_is_written_is_progress(study, whole, tmp_path, memory):
    told = []
    save(study, tmp_path / "x.parquet", memory=memory, progress=lambda *rows: told.append(rows))
    part = SPAN * 16384
    assert told[-3:] == [(part, ROWS), (2 * part, ROWS), (ROWS, ROWS)]
    assert read_table(tmp_path / "x.parquet").checksum == whole.checksum


def test_a_table_of_draws_asks_for_what_it_is_not_given_and_holds_weights(study):
    given = un.propagate(study, samples=20_000, design="lhs").draws
    asked = replace(given, outputs=None, weights=np.arange(20_000.0))
    one, other = Table.whole(given), Table.whole(asked)
    assert list(other.columns) == [*one.columns, "weight"] == list(asked.numeric)
    for name, column in one.columns.items():
        np.testing.assert_array_equal(other.columns[name], column)
    np.testing.assert_array_equal(other.columns["weight"], np.arange(20_000.0))
    assert {**given.units, "weight": "1"} == asked.units == {
        "inputs.x": "kg", "outputs.y": "kg", "weight": "1",
    }  # fmt: skip
    assert asked.about == given.about
    assert "units" not in given.about
    assert (asked.rows, asked.chain_rows) == (20_000, given.about["replicate_rows"])


def test_a_notebook_shows_the_first_draws(study):
    shown = un.propagate(study, samples=64).draws._repr_html_()
    assert "64 draws" in shown
    assert shown.index("inputs.x") < shown.index("outputs.y")


def drawn(seed):
    """Return a table of draws, as a run with some seed has it."""
    return Table("draws", {"y": np.arange(3.0) + seed}, {"y": "kg"}, {"seed": seed})


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_of_two_runs_that_save_to_one_file_the_second_is_refused(tmp_path, ending):
    path, refused = tmp_path / f"two.{ending}", []

    def second():
        try:
            save_once(drawn(2), path)
        except un.SettingError as error:
            refused.append(str(error))

    waiting = threading.Thread(target=second)
    with locked(tmp_path, wait=True):
        waiting.start()
        waiting.join(0.02)
        assert waiting.is_alive()
        save_table(drawn(1), path)
    waiting.join()
    assert refused == [
        f"{path}: holds the draws of another run (seed is 1, not 2); remove it or choose another name"
    ]
    assert read_table(path).columns["y"].tolist() == [1, 2, 3]


def test_what_a_killed_run_was_writing_to_a_file_is_removed_by_the_next(study, tmp_path):
    def left(name, *, number):
        folder = tmp_path / f".{number:016x}"
        folder.mkdir()
        (folder / name).write_text("half")
        return folder

    mine = [left("x.parquet", number=1), left("x.csv", number=2)]
    other = left("z.parquet", number=3)
    save(study, tmp_path / "x.parquet")
    save_once(drawn(1), tmp_path / "x.csv")
    assert [folder.exists() for folder in (*mine, other)] == [False, False, True]


def test_a_name_that_is_too_long_for_what_is_written_beside_it_is_refused_at_once(command, write_study):
    longest = f"{'a' * 250}.csv"
    for option in ("--save", "--table"):
        found = command("run", write_study(), "--samples", 64, option, longest, "--quiet")
        assert (found.code, found.out) == (2, "")
        assert "metadata.json: cannot be written: File name too long" in found.err


def refusal(call, *given, **named):
    with pytest.raises(un.UncertaintyError) as caught:
        call(*given, **named)
    return str(caught.value)


def test_what_cannot_be_saved_is_refused_before_there_are_draws(tmp_path, monkeypatch):
    def check(name):
        return refusal(saving.DrawsFile(tmp_path / name, {"units": {"y": "kg"}}).check)

    (tmp_path / "f.parquet").mkdir()
    (tmp_path / "g.parquet.parts").write_text("")
    (tmp_path / "h.parquet").write_text("x")
    said = f"save: {tmp_path}"
    assert check("f.parquet") == f"{said}/f.parquet: is a folder; expected the path of a file to write"
    assert check("g.parquet") == f"{said}/g.parquet.parts: is a file; expected a folder"
    assert check("h.parquet") == (
        f"{said}/h.parquet exists and is damaged, or was not written by this program; "
        "remove it or choose another name"
    )
    save_table(Table("draws", {"y": np.zeros(3)}, {"y": "kg"}), tmp_path / "i.csv")
    (tmp_path / "i.csv").rename(tmp_path / "i.parquet")
    assert check("i.parquet").startswith(f"{said}/i.parquet exists and is damaged")
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"y": [1.0]}, metadata={b"uncertainty": b"{}"}), tmp_path / "j.parquet")
    assert check("j.parquet") == (
        f"{said}/j.parquet is damaged or of another version; remove it or choose another name"
    )
    with monkeypatch.context() as patch:
        patch.setitem(__import__("sys").modules, "pyarrow", None)
        assert check("k.parquet").startswith("save: pyarrow is not installed")
    folder = tmp_path / "a" / "b.parquet.parts"
    folder.mkdir(parents=True)
    file = saving.DrawsFile(folder.with_name("b.parquet"), {"units": {"y": "kg"}})
    with locked(folder, wait=False):
        assert refusal(file.save, None, None) == f"save: another run is writing {file.path}"


def test_parts_are_named_by_their_first_block_and_read_as_one(killed):
    names = ["000000000.parquet", "000000002.parquet", "000000004.parquet"]
    assert sorted(path.name for path in killed.iterdir()) == names
    parts = [read_table(killed / name) for name in names]
    assert [list(part.about["part"]) for part in parts] == [[0, 2], [2, 4], [4, 5]]
    assert [part.rows for part in parts] == [SPAN * 16384, SPAN * 16384, 5000]
    head = Table("draws", {"y": np.zeros(0)}, {"y": "kg"}, {"replicate_rows": 8})
    joined = saving.Joined(head, [killed / name for name in names], ROWS)
    assert (joined.name, joined.numeric, joined.units) == ("draws", {"y": True}, {"y": "kg"})
    assert (joined.about, joined.rows, joined.chain_rows) == ({"replicate_rows": 8}, ROWS, 8)
    assert [len(part["inputs.x"]) for part in joined.parts()] == [part.rows for part in parts]


def test_what_draws_depend_on_is_noted_and_nothing_else(study):
    note = un.propagate(study, samples=64, seed=5, design="lhs").draws.note
    assert note["units"] == {"inputs.x": "kg", "outputs.y": "kg"}
    assert (note["samples"], note["outputs"], note["seed"], note["design"]) == (64, ["y"], 5, "lhs")
    assert note["replicate_rows"] * 16 == 64
    assert {"version", "numpy", "scipy", "sha256"} <= set(note)
    assert not {"level", "interval", "nonfinite", "until", "max_samples", "dropped"} & set(note)


def test_a_notebook_shows_no_more_draws_than_can_be_looked_at(study):
    shown = un.propagate(study, samples=2048).draws._repr_html_()
    assert "2,048 draws" in shown
    assert shown.count("<tr") == 21
