"""Notes below a table are no data, also where a comma makes a number of a year in them."""

import pytest
from variants import one_in

import uncertainty as un
from uncertainty.distributions.language import parse_distribution
from uncertainty.errors import InvalidValue, StudyError
from uncertainty.fitting.columns import read_values

ROWS = ["A,10", "B,12", "C,9", "D,11"]


def written(tmp_path, rows, name="d.csv"):
    path = tmp_path / name
    path.write_text("geo,value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


NOTES = """Source: Eurostat, 2023 | Note: revised, 2024 | Data as of, 2023 | © OECD, 2022 | Stand, 2021
Copyright World Bank,2023 | Quelle: Destatis,2020 | Revised by the office, 2023 | Fuente: INE, 3
Last updated, 2024 | Accessed in May, 2022 | Revised,3 | Provisional,1 | Updated by Eurostat,7
Source: Eurostat,3 | Note: revised,5"""


@pytest.mark.parametrize("blank", one_in(3, [[], [""], [",", ""]]), ids=["below", "apart", "far"])
@pytest.mark.parametrize("note", [each.strip() for each in NOTES.replace("\n", "|").split("|")])
def test_a_note_below_a_table_is_refused_in_each_command(note, blank, tmp_path):
    path = written(tmp_path, [*ROWS, *blank, note])
    text, number = (each.strip() for each in note.rsplit(",", 1))
    said = f'"{text}" may be a note below the table, and {number} a part of it'
    with pytest.raises(StudyError) as caught:
        read_values(path, "value")
    (fault,) = caught.value.faults
    assert (fault.key, said in fault.message) == (f"line {6 + len(blank)}", True)
    with pytest.raises(InvalidValue, match="may be a note below the table"):
        parse_distribution('empirical("d.csv", "value")', folder=tmp_path)
    # what is advised is accepted
    assert read_values(written(tmp_path, [*ROWS[:2], note, *ROWS[2:]]), "value").values.size == 5
    assert read_values(written(tmp_path, ROWS), "value").values.tolist() == [10, 12, 9, 11]


def test_several_notes_are_told_at_the_first(tmp_path):
    path = written(tmp_path, [*ROWS, "", "Source Eurostat, 2023", "Last updated, 2024"])
    with pytest.raises(StudyError, match=r'line 7: value: "Source Eurostat"'):
        read_values(path, "value")


@pytest.mark.parametrize(
    "rows",
    [
        ["A, 10", "B, 12", "", "C, 2010"],
        ["North,10", "South,12", "", "East,9", "West,2011"],
        ["2019,10", "2020,12", "", "2021,2001"],
        ["Source: a,2010", "Source: b,2012", "Source: c,9", "Source: d,2011"],
        ["note,10", "b,12", "c,9", "data,11"],
        ["North,2010", "South,2012", "East,2009", "Database,2011"],
        ["Source: a,1", "Source: b,2"],
        ["x: y,2010"],
        ["A,10", "", "B,12", "", "Source C,11"],
    ],
)
def test_rows_that_are_like_notes_in_one_way_or_like_the_others_are_data(rows, tmp_path):
    found = read_values(written(tmp_path, rows), "value").values
    assert found.tolist() == [float(row.split(",")[1]) for row in rows if row]


@pytest.mark.parametrize(
    "rows", [["North,10", "South,12", "East,9", "Revised,3"], [*ROWS, "Data centres,12"]]
)
def test_a_row_with_one_sign_of_a_note_is_told(rows, tmp_path):
    path = written(tmp_path, rows)
    name = rows[-1].split(",")[0]
    said = f'value: the row "{name}" may be a note below the table; it is read as one of the data.'
    assert said in read_values(path, "value").notes
    column = parse_distribution('empirical("d.csv", "value")', folder=tmp_path).column
    assert said in column.notes
    assert not read_values(written(tmp_path, [*rows[:2], rows[-1], *rows[2:-1]]), "value").notes


def test_a_line_that_ends_before_the_last_column_has_one_more_sign(tmp_path):
    path = tmp_path / "d.csv"
    rows = "geo,value,flag\nNorth,10,a\nSouth,12,b\nEast,9,a\n"
    for last, is_data in (
        ("Revised,3,a", True),
        ("Revised,3", False),
        ("West,3", True),
        ("Source WHO,3", False),
    ):
        path.write_text(f"{rows}{last}\n", encoding="utf-8")
        if is_data:
            assert read_values(path, "value").values.tolist() == [10, 12, 9, 3]
            continue
        with pytest.raises(StudyError, match="may be a note below the table, and 3 a part of it"):
            read_values(path, "value")


@pytest.mark.parametrize("name", ["d.tsv", "d.TAB"])
def test_tabs_part_cells_where_the_name_of_a_file_says_so(name, tmp_path):
    path = tmp_path / name
    path.write_text("name, kind\tvalue\na, b\t1.5\nc, d\t2.5\ne, f\t3\n", encoding="utf-8")
    assert read_values(path, "value").values.tolist() == [1.5, 2.5, 3]
    found = parse_distribution(f'empirical("{name}", "value")', folder=tmp_path)
    assert found.values == (1.5, 2.5, 3)
    path.write_text("value\n1.5\n2.5\n", encoding="utf-8")
    assert read_values(path).values.tolist() == [1.5, 2.5]
    path.write_text("name\tvalue\na\t1,5\nb\t2.5\n", encoding="utf-8")
    with pytest.raises(un.StudyError, match='"1,5" has a decimal comma'):
        read_values(path, "value")
