from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

import uncertainty as un
from uncertainty.distributions import Empirical, data_files, parse_distribution
from uncertainty.errors import InvalidValue
from uncertainty.tables import csv_reading

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study's folder with a data file in a subfolder, and a secret beside it."""
    home = tmp_path / "study"
    (home / "data").mkdir(parents=True)
    (home / "data" / "survey.csv").write_text("country, hours\nDE,1.5\n\nFR,-2e0\nIT,1.5\n", encoding="utf-8")
    (tmp_path / "secret.csv").write_text("hours\n1\n", encoding="utf-8")
    return home


def refusal(text: str, folder: Path) -> str:
    with pytest.raises(InvalidValue) as caught:
        parse_distribution(text, folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_column_is_read_as_data(folder: Path) -> None:
    text = 'empirical("data/survey.csv", "hours")'
    found = parse_distribution(text, folder)
    assert isinstance(found, Empirical)
    assert found.values == (1.5, -2.0, 1.5)
    assert str(found) == text
    assert parse_distribution(str(found), folder) == found


def test_a_byte_order_mark_quotes_and_windows_line_ends_are_understood(folder: Path) -> None:
    (folder / "excel.csv").write_bytes(b'\xef\xbb\xbf"hours","note"\r\n"1","a, b"\r\n2,"c\r\nd"\r\n')
    found = parse_distribution("empirical('excel.csv', 'hours')", folder)
    assert found.atoms == (1.0, 2.0)


def test_the_files_behind_a_distribution_are_listed_once_each(folder: Path) -> None:
    data = 'empirical("data/survey.csv", "hours")'
    nested = f"mixture(clip(truncate({data}, low=0), high=9), normal(0, 1), empirical(1, 2))"
    for text in (data, nested, f"mixture({nested}, {data})"):
        assert data_files(parse_distribution(text, folder)) == ((folder / "data" / "survey.csv").resolve(),)
    assert data_files(parse_distribution("normal(0, 1)")) == ()


@pytest.mark.parametrize("file", ["../secret.csv", "data/../../secret.csv", "data/../../study/../secret.csv"])
def test_a_path_may_not_lead_out_of_the_folder(folder: Path, file: str) -> None:
    assert refusal(f'empirical("{file}", "hours")', folder).endswith("lies outside the study's folder")


def test_a_path_that_ends_as_a_folder_s_is_no_file(folder: Path) -> None:
    said = refusal('empirical("data/survey.csv/", "hours")', folder)
    assert said == 'empirical: "data/survey.csv/" is the name of a folder; expected a file'


def test_a_path_may_not_be_absolute(folder: Path) -> None:
    inside = folder / "data" / "survey.csv"
    assert "must be a path relative to the study's folder" in refusal(
        f'empirical("{inside}", "hours")', folder
    )


def test_a_link_may_not_lead_out_of_the_folder(folder: Path) -> None:
    (folder / "link.csv").symlink_to(folder.parent / "secret.csv")
    (folder / "parent").symlink_to(folder.parent)
    assert "lies outside" in refusal('empirical("link.csv", "hours")', folder)
    assert "lies outside" in refusal('empirical("parent/secret.csv", "hours")', folder)


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    (folder / "link.csv").symlink_to(folder / "data" / "survey.csv")
    assert parse_distribution('empirical("link.csv", "hours")', folder).mean == pytest.approx(1 / 3)


def test_only_regular_files_are_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    assert "is not a regular file" in refusal('empirical("pipe.csv", "hours")', folder)
    assert "is not a regular file" in refusal('empirical("data", "hours")', folder)
    assert "cannot find" in refusal('empirical("loop.csv", "hours")', folder)
    assert "cannot find" in refusal('empirical("absent.csv", "hours")', folder)


def test_a_folder_is_needed() -> None:
    with pytest.raises(InvalidValue, match="only be named in a study file"):
        parse_distribution('empirical("a.csv", "b")')


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hourz\n1\n", 'has no column "hours"; did you mean "hourz"?'),
        (b"hours,hours\n1,2\n", 'has several columns named "hours"'),
        (b"", 'has no column "hours"'),
        (b"hours\n", 'has no data in column "hours"'),
        (b"a,hours\n1,2\n3\n", "line 3: hours: expected a number, found ''"),
        (b"hours\n1\nnan\n", "line 3: hours: expected a number, found 'nan'"),
        (b"hours\ninf\n", "line 2: hours: expected a number, found 'inf'"),
        (b'hours\n"two\nlines"\n', r"line 2: hours: expected a number, found 'two\nlines'"),
        (b'hours\n"1\n', 'a quotation mark " before here opens a cell and none closes it'),
        (b"hours\n\xff\n", "is not UTF-8 text"),
    ],
)
def test_an_unsound_file_is_refused_with_its_line(folder: Path, content: bytes, message: str) -> None:
    (folder / "bad.csv").write_bytes(content)
    assert message in refusal('empirical("bad.csv", "hours")', folder)


def test_a_file_that_is_too_large_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        csv_reading.open_csv, "__kwdefaults__", {"separator": None, "largest": 10, "longest": 10}
    )
    assert "expected at most" in refusal('empirical("data/survey.csv", "hours")', folder)


def test_a_number_that_says_that_a_value_is_missing_is_no_datum(folder: Path) -> None:
    (folder / "d.csv").write_text("x\n12\n22\n15\n-999\n", encoding="utf-8")
    assert refusal('empirical("d.csv", "x")', folder) == (
        'empirical: "d.csv", line 5: x: -999 may say that a value is missing, as all others lie from 12 to '
        "22; leave out its row, or write -9.99e2 if it is one of the data"
    )
    (folder / "d.csv").write_text("x\n12\n22\n15\n-9.99e2\n", encoding="utf-8")
    assert parse_distribution('empirical("d.csv", "x")', folder).support == (-999, 22)


def test_check_says_what_of_data_may_be_read_otherwise(tmp_path: Path) -> None:
    rows = ("hours;count", "1.501;3", "2.502;4", "3.503;1")
    (tmp_path / "d.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "e.csv").write_text("t\n-5\n12\n35\n-99\n", encoding="utf-8")
    (tmp_path / "s.toml").write_text(
        'format = 1\n[study]\ntitle = "T"\nheadline = "h"\n[inputs.h]\nunit = "1"\npoint = 1\n'
        'distribution = \'empirical("d.csv", "hours")\'\n[outputs.h]\nunit = "1"\n[readings.r]\n'
        'label = "R"\ninputs = { h = \'empirical("e.csv", "t")\' }\n',
        encoding="utf-8",
    )
    read, grouped, counted, code = un.load_study(tmp_path / "s.toml").noticed
    # the study's h is a pure number
    assert read == 'd.csv: "hours" is read as a pure number.'
    assert grouped.startswith("d.csv: Each point of hours has three digits behind it: 1.501 is read as a")
    assert counted.startswith('d.csv: Each row counts once, whatever "count" says; discrete(')
    assert code == (
        "e.csv: t: -99 is read as one of the data; leave out its row if it says that a value is missing."
    )
